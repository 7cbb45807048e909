"""What a Teams invitation says, however it was pasted, and what is odd about an address.

Invitations differ from year to year and from one mail program to the next: labels in the language
of whoever sent them, addresses in angle brackets, broken into lines, wrapped by a mail filter. So
they are read by their labels and addresses, not by their layout. What is not found is asked for.

An address is not opened here. It is looked at, and what should make a coordinator look twice is
named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, parse_qs, quote, urlsplit

from phonenumbers import (
    NumberParseException,
    PhoneNumberFormat,
    format_number,
    is_possible_number,
    parse,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

HOSTS: Final = ("teams.microsoft.com", "teams.live.com", "teams.cloud.microsoft")
"""Where the meetings of Finnish organisations and of private people open. The clouds of the United
States' government are left out: an address there is asked about."""

_WRAPPERS: Final = (
    ".safelinks.protection.outlook.com",
    "statics.teams.cdn.office.net",  # the same filter, in what is copied from Teams itself
)
_WRAPPED_AT_MOST: Final = 5

_SCHEME: Final = re.compile(r"https?://", re.IGNORECASE)
_ADDRESS: Final = re.compile(
    r"<\s*(?P<bracketed>https?://[^<>]{3,4000})>"
    r"|(?<![\w@./:=%-])(?P<bare>(?:https?://|teams\.(?:microsoft|live|cloud)\.)[^\s<>\"]{3,4000})",
    re.IGNORECASE,
)
_HOST: Final = re.compile(r"[^.]+(?:\.[^.]+)+")
_WRITTEN: Final = "%/:?#[]@!$&'()*+,;=~"
"""What stands in an address as it is (RFC 3986), besides letters and digits."""

_AFTER: Final = ".,;:!?)]}'’”»*_|"
_SPACE: Final = re.compile(r"\s+")

_MEETING: Final = re.compile(r"/l/meetup-join/|/meet/[0-9]")
_HELP: Final = re.compile(r"//aka\.ms/|//dialin\.|/meetingOptions", re.IGNORECASE)

_MEETING_ID: Final = re.compile(
    r"(?:Meeting[ -]ID|Kokouksen tunnus|Kokoustunnus|Kokouksen ID|Mötes-?ID)\s*:\s*"
    r"(?P<id>[0-9](?:[ \u00a0]?[0-9]){8,14})(?![0-9])",
    re.IGNORECASE,
)
_ID_IN_PATH: Final = re.compile(r"/meet/([0-9]{9,15})/?")
_PASSCODE: Final = re.compile(
    r"\b(?:Passcode|Password|Tunnuskoodi|Pääsykoodi|Salasana|Lösenord|Lösenkod|Åtkomstkod)\s*:\s*"
    r"(?P<code>[A-Za-z0-9]{4,24})(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"\+[0-9][0-9() \u00a0-]{5,20}[0-9]")
_DIALLED: Final = re.compile(rf"{_NUMBER.pattern}\s?,{{1,4}}\s?(?P<id>[0-9]{{4,12}})#")
_CONFERENCE_ID: Final = re.compile(
    r"\b(?<!video )(?:(?:Phone )?conference ID|(?:Telefon)?konferens-?ID"
    r"|(?:Puhelin(?:neuvottelun|kokouksen|konferenssin)?|Neuvottelun) (?:tunnus|ID))"
    r"\s*:\s*(?P<id>[0-9](?:[ \u00a0]?[0-9]){3,11})#?",
    re.IGNORECASE,
)

_FAMILIAR: Final = re.compile(r"teams|microsoft|xn--|[^\x00-\x7f]|@|\\", re.IGNORECASE)
"""What makes another address look like one of Teams, or hides where it leads."""


class Doubt(StrEnum):
    """What is asked about before an address goes out."""

    NOT_HTTPS = "not https"
    NOT_TEAMS = "not teams"  # another address than those of Teams
    LOOK_ALIKE = "look-alike"  # another address, made to look like Teams
    NOT_A_MEETING = "not a meeting"  # of Teams, but it opens something else


@dataclass(frozen=True, slots=True)
class Found:
    """What stands in an invitation; '' for what does not. `phone` is the number and, after a comma,
    what is keyed in: "+358 14 0000000, 123 456 789#". Everything but the link is short."""

    link: str = ""
    meeting_id: str = ""
    passcode: str = ""
    phone: str = ""


def found(text: str) -> Found:
    """What a pasted invitation, or a pasted address alone, says. Raises nothing."""
    link = _link(text)
    return Found(link, _meeting_id(text, link), _passcode(text), _phone(text))


def doubts(link: str) -> tuple[Doubt, ...]:
    """What is odd about an address; nothing, where it opens a meeting in Teams."""
    parts = _split(link)
    if parts is None:
        return (Doubt.NOT_HTTPS, Doubt.NOT_TEAMS)
    insecure = () if parts.scheme == "https" else (Doubt.NOT_HTTPS,)
    if parts.netloc.lower().removesuffix(":443") in HOSTS:
        return insecure if _MEETING.match(parts.path) else (*insecure, Doubt.NOT_A_MEETING)
    alike = _FAMILIAR.search(parts.netloc)
    return (*insecure, Doubt.LOOK_ALIKE if alike else Doubt.NOT_TEAMS)


def host(link: str) -> str:
    """Where an address leads, to be shown to whoever is asked about it."""
    parts = _split(link)
    return "" if parts is None else parts.hostname or ""


def _link(text: str) -> str:
    """Of all addresses the first that opens a meeting in Teams; else the first that claims to; else
    the first."""
    there = [one for one in _addresses(text) if not _HELP.search(one)]
    for wanted in (lambda one: not doubts(one), lambda one: _MEETING.search(one)):
        for one in there:
            if wanted(one):
                return one
    return next(iter(there), "")


def _addresses(text: str) -> Iterator[str]:
    """Every address that a phone can open, in the order of the text, out of its wrappings."""
    for match in _ADDRESS.finditer(text):
        if match["bracketed"]:
            address = _SPACE.sub("", match["bracketed"])
        else:
            address = match["bare"].rstrip(_AFTER)
        if not _SCHEME.match(address):
            address = f"https://{address}"
        parts = _split(_unwrapped(address))
        if parts is not None and _HOST.fullmatch(parts.hostname or ""):
            yield _written(parts)


def _unwrapped(address: str) -> str:
    """The address inside what a mail filter made of it."""
    for _ in range(_WRAPPED_AT_MOST):
        parts = _split(address)
        if parts is None or not (parts.hostname or "").endswith(_WRAPPERS):
            break
        inner = parse_qs(parts.query).get("url", [""])[0]
        if not _SCHEME.match(inner):
            break
        address = inner
    return address


def _split(address: str) -> SplitResult | None:
    """The parts of an address that a phone can open; None of anything else."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return parts if parts.scheme in ("http", "https") and parts.hostname else None


def _written(parts: SplitResult) -> str:
    """The address as it is written: a filter's wrapping may have hidden that it was not."""
    return parts._replace(
        path=quote(parts.path, _WRITTEN),
        query=quote(parts.query, _WRITTEN),
        fragment=quote(parts.fragment, _WRITTEN),
    ).geturl()


def _meeting_id(text: str, link: str) -> str:
    if match := _MEETING_ID.search(text):
        return _SPACE.sub(" ", match["id"])
    parts = _split(link)
    in_path = _ID_IN_PATH.fullmatch(parts.path) if parts is not None else None
    return in_path[1] if in_path else ""


def _passcode(text: str) -> str:
    match = _PASSCODE.search(text)
    return match["code"] if match else ""


def _phone(text: str) -> str:
    """The number to call in by. Without something to key in it is not one: a signature has a
    number, too."""
    labelled, dialled = _CONFERENCE_ID.search(text), _DIALLED.search(text)
    keyed = labelled or dialled
    written = _NUMBER.search(dialled[0] if dialled else text)
    number = _number(written[0]) if keyed and written else ""
    return f"{number}, {_SPACE.sub(' ', keyed['id'])}#" if keyed and number else ""


def _number(written: str) -> str:
    try:
        number = parse(written)
    except NumberParseException:
        return ""
    if not is_possible_number(number):
        return ""
    return format_number(number, PhoneNumberFormat.INTERNATIONAL)
