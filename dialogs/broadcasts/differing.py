"""What is another after a correction: a link, a day, a time, a place, or the wording alone.

Whoever read the wrong words has acted on them where they name something, so those are told; a
wording is not. A name or a number that changed may be a place: better told once too often.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from dialogs.broadcasts import written_days, written_links

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from dialogs.broadcasts.records import Wording


class Kind(StrEnum):
    LINK = "link"
    DAY = "day"
    TIME = "time"
    PLACE = "place"  # or a name, or a number
    FILE = "file"  # or the picture
    WORDING = "wording"


TOLD: Final = frozenset(Kind) - {Kind.WORDING}
"""Told in a new message unless the coordinator says otherwise."""

LONGEST: Final = 100
"""Letters: what is longer is not repeated in a message of its own."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What stood there and what stands there now, as it is spelled; '' where nothing did, and of
    what is too long to be repeated both."""

    kind: Kind
    wrong: str = ""
    right: str = ""


@dataclass(frozen=True, slots=True)
class _Part:
    """A word, an address, a day, a time. Two that mean the same have the same `means`."""

    kind: Kind
    start: int
    end: int
    said: str
    means: Hashable


_WORD: Final = re.compile(r"[\w+][\w@+'’./:-]*\w|\w")
_FIRST: Final = re.compile(r"(?:^|\n|[.!?…]\s)[\W_]*$")
"""What stands before the first word of a sentence or a line."""

_SENTENCE: Final = re.compile(r"[.!?…:]\s*$|(?:\S+\s+){5}")
"""A line with a full stop, or of more than five words, is no address."""


def differences(old: Wording, new: Wording, language: str) -> tuple[Difference, ...]:
    """What changed in one language; nothing where the two are one."""
    if old == new:
        return ()
    found = [*_links_behind(old, new), *_in_words(old.text, new.text, language)]
    if (old.file, old.picture) != (new.file, new.picture):
        found.append(Difference(Kind.FILE))
    told = tuple(dict.fromkeys(one for one in found if one.kind in TOLD))
    return told or (Difference(Kind.WORDING),)


def _links_behind(old: Wording, new: Wording) -> Iterator[Difference]:
    """Addresses that stand behind words."""
    before, after = (_behind(one) for one in (old, new))
    gone = [one for one in before if one not in after]
    come = [one for one in after if one not in before]
    for wrong, right in zip_longest(gone, come, fillvalue=""):
        yield Difference(Kind.LINK, wrong, right)


def _behind(wording: Wording) -> tuple[str, ...]:
    in_text = {wording.text[start:end] for start, end in written_links.spans(wording.text)}
    return tuple(one for one in written_links.links(wording) if one not in in_text)


def _in_words(old: str, new: str, language: str) -> Iterator[Difference]:
    before, after = _parts(old, language), _parts(new, language)
    stays = {one.means for one in before} & {one.means for one in after}
    matched = SequenceMatcher(
        None, [one.means for one in before], [one.means for one in after], autojunk=False
    )
    for how, a, b, c, d in matched.get_opcodes():
        if how == "equal":
            continue
        gone, come = _changed(before[a:b], stays), _changed(after[c:d], stays)
        for kind in (Kind.LINK, Kind.DAY, Kind.TIME):
            yield from _paired(kind, gone, come)
        names = [one for one in (*gone, *come) if one.kind is Kind.PLACE]
        if names:
            wrong, right = _phrase(old, before, gone), _phrase(new, after, come)
            fits = max(len(wrong), len(right)) <= LONGEST
            yield Difference(Kind.PLACE, wrong, right) if fits else Difference(Kind.PLACE)


def _changed(parts: Sequence[_Part], stays: set[Hashable]) -> list[_Part]:
    """Without what only stands elsewhere now; a number is never sure to be the same one."""
    return [
        one
        for one in parts
        if one.means not in stays
        or one.kind is Kind.WORDING
        or (one.kind is Kind.PLACE and one.said[-1].isdigit())
    ]


def _paired(kind: Kind, gone: Sequence[_Part], come: Sequence[_Part]) -> Iterator[Difference]:
    """Each with what took its place; the same day said more or less exactly is no difference."""
    before, after = ([one for one in parts if one.kind is kind] for parts in (gone, come))
    for wrong, right in zip_longest(before, after):
        if wrong is None or right is None or not _agree(wrong.means, right.means):
            yield Difference(kind, wrong.said if wrong else "", right.said if right else "")


def _agree(one: Hashable, other: Hashable) -> bool:
    """Whether two days can be one: one of them leaves out the year, or the weekday."""
    match one, other:
        case (day, month, *more), (other_day, other_month, *others) if (day, month) == (
            other_day,
            other_month,
        ):
            pairs = zip(more, others, strict=True)
            return all(a == b or None in (a, b) for a, b in pairs)
    return False


def _parts(text: str, language: str) -> list[_Part]:
    """All that is said, in its order."""
    parts = [
        _Part(Kind.LINK, start, end, text[start:end], text[start:end])
        for start, end in written_links.spans(text)
    ]
    for day in written_days.found(text, language):
        means = (day.day, day.month, day.year, day.weekday, day.since)
        parts.append(_Part(Kind.DAY, day.start, day.end, day.said, means))
    for weekday in written_days.weekdays(text, language):
        means_weekday = f"weekday {weekday.weekday}"
        parts.append(_Part(Kind.DAY, weekday.start, weekday.end, weekday.said, means_weekday))
    for clock in written_days.clocks(text, language):
        means_clock = frozenset(clock.moments)
        parts.append(_Part(Kind.TIME, clock.start, clock.end, clock.said, means_clock))
    bare = text
    for one in parts:
        bare = bare[: one.start] + " " * (one.end - one.start) + bare[one.end :]
    for word in _WORD.finditer(bare):
        kind = Kind.PLACE if _may_be_place(bare, word) else Kind.WORDING
        parts.append(_Part(kind, *word.span(), word[0], word[0].casefold()))
    return sorted(parts, key=lambda one: one.start)


def _may_be_place(text: str, word: re.Match[str]) -> bool:
    """A name or a number; the capital of a sentence's first word says nothing, but the first word
    of a short line without a full stop is perhaps a street's name."""
    said = word[0]
    if "@" in said or any(letter.isdigit() for letter in said):
        return True
    before, _, _ = text[: word.start()].rpartition("\n")
    line = text[len(before) :].lstrip("\n").partition("\n")[0]
    first = _FIRST.search(text[: word.start()]) is not None
    return said[0].isupper() and (not first or _SENTENCE.search(line) is None)


def _phrase(text: str, parts: Sequence[_Part], changed: Sequence[_Part]) -> str:
    """The words that changed, from the first name to the last where there are names; a number
    with the word before it."""
    words = [one for one in changed if one.kind in (Kind.PLACE, Kind.WORDING)]
    names = [one for one in words if one.kind is Kind.PLACE] or words
    if not names:
        return ""
    start = names[0].start
    if names[0].said[0].isdigit():
        before = [one for one in parts if one.end <= start and "\n" not in text[one.end : start]]
        start = before[-1].start if before else start
    return text[start : names[-1].end]
