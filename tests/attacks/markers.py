"""Inversion of markers: every value that could be a hash of a chat is tried over all known chats.

The attacker reads the source, which is public: how a tag is made, of which words and which number,
is no secret; only keys are. So every secret at hand is tried as a key, with the source's own way of
making tags and with the ways that others use. A slow hash would not help: the people of a town are
the list of candidates. Decoys are chats of nobody: none of them may ever seem to have taken part.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import random
import re
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from storage import sealed
from tests.attacks.claims import ANSWERS, Claims
from tests.attacks.pages import newest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from tests.attacks.pages import Database, Row, Value
    from tests.attacks.truth import Stolen

DECOYS: Final = 100_000
ORDINALS: Final = (1, 2, 3)
_SIZES: Final = (16, 20, 32)
_FORMS: Final = re.compile(r"^[a-z][a-z0-9_]{0,23}$")
_IDENTIFIED: Final = ("applications", "subscribers")


def attack(stolen: Stolen, decoys: int = DECOYS) -> Claims:
    """Who has taken part: whose marker or draft is found. An application or a subscription alone is
    no sign of it."""
    known = Known.of(stolen)
    scores = dict.fromkeys(known.chats, 0.0)
    database = newest(stolen.copies[-1].folder)
    for table in database.tables:
        if table in _IDENTIFIED or table in ANSWERS:
            continue
        for row in database.rows(table):
            chat = known.chat(row)
            if chat is not None:
                scores[chat] = 1.0
    scores |= dict.fromkeys(_decoys(stolen, known, decoys), 1.0)
    return Claims(took_part=scores)


def _decoys(stolen: Stolen, known: Known, count: int) -> Iterator[int]:
    """Decoys that seem to be there: tried in the source's own ways and in those that found any."""
    chance = random.Random(f"decoys {stolen.model} {stolen.known[0]}")
    among = {chance.randrange(5_000_000_000, 8_500_000_000) for _ in range(count)}
    among -= known.chats.keys()
    makers = [make for make in known.makers if make.own or make in known.found]
    for chat in among:
        for make in makers:
            if not known.values.isdisjoint(make.values(chat)):
                yield chat


@dataclass(frozen=True)
class Known:
    """Everybody the attacker knows, and how a row leads to them."""

    chats: Mapping[int, str]
    values: frozenset[bytes]
    """Every value in any table that could be a hash."""
    by_value: Mapping[bytes, int]
    makers: tuple[Maker, ...]
    found: frozenset[Maker]
    _names: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, stolen: Stolen) -> Known:
        """What one attacker knows; worked out once for several attacks on the same files."""
        secrets = tuple(secrets_at_hand(stolen.settings, stolen.keys))
        return _known(stolen.copies[-1].folder, secrets, stolen.known)

    def chat(self, row: Row) -> int | None:
        """The known chat that `row` leads to, in clear or by a hash; None: to nobody."""
        for value in _flat(row.values.values()):
            if isinstance(value, int) and value in self.chats:
                return value
            if isinstance(value, str):
                if value.isdecimal() and int(value) in self.chats:
                    return int(value)
                if value in self._names:
                    return self._names[value]
            for raw in _as_bytes(value):
                if raw in self.by_value:
                    return self.by_value[raw]
                numbers = {int.from_bytes(raw, "big"), int.from_bytes(raw, "little")}
                if len(raw) == 8 and (met := numbers & self.chats.keys()):
                    return met.pop()
        return None

    def said(self, line: str) -> set[int]:
        """The known chats that a line of text names, by id or by name."""
        met = {int(number) for number in re.findall(r"\d{5,19}", line)} & self.chats.keys()
        words = line.split()
        pairs = {f"{one} {two}".strip("',\"()[]") for one, two in pairwise(words)}
        return met | {self._names[name] for name in pairs & self._names.keys()}


@lru_cache(maxsize=8)
def _known(folder: Path, secrets: tuple[bytes, ...], known: tuple[tuple[int, str], ...]) -> Known:
    database = newest(folder)
    values = frozenset(_hashes(database))
    makers = tuple(_makers(secrets, _names(database)))
    by_value: dict[bytes, int] = {}
    found = set()
    for make in makers if values else ():
        for chat, _ in known:
            hit = values.intersection(make.values(chat))
            if hit:
                by_value |= dict.fromkeys(hit, chat)
                found.add(make)
    names = {name: chat for chat, name in known}
    return Known(dict(known), values, by_value, makers, frozenset(found), names)


@dataclass(frozen=True, eq=False)
class Maker:
    """One way to make values of a chat. `own`: the source's."""

    own: bool
    values: Callable[[int], Iterable[bytes]]


def _makers(secrets: Iterable[bytes], forms: tuple[str, ...]) -> Iterator[Maker]:
    for secret in secrets:
        for key in _derived(secret):
            yield Maker(own=True, values=_own(key, forms))
        yield Maker(own=False, values=_usual(secret, forms))


def _own(key: bytes, forms: tuple[str, ...]) -> Callable[[int], Iterable[bytes]]:
    """As `storage` makes tags."""
    purposes = ["subscriber"]
    for form in forms:
        purposes += [f"draft {form}", f"application {form}"]
        purposes += [f"response {ordinal} to {form}" for ordinal in ORDINALS]

    def values(chat: int) -> Iterable[bytes]:
        return [sealed.tag(key, purpose, chat) for purpose in purposes]

    return values


def _usual(secret: bytes, forms: tuple[str, ...]) -> Callable[[int], Iterable[bytes]]:
    """As others do: any usual hash of the chat as text or as 8 bytes, alone or with a survey's name
    or an ordinal, with the secret before it, behind it, or as its key."""
    key = secret[:64]
    begun: list[Any] = [hashlib.blake2b(key=key, digest_size=size) for size in _SIZES]
    begun += [hmac.new(secret, digestmod=name) for name in ("sha256", "sha1", "md5")]

    def values(chat: int) -> Iterable[bytes]:
        text = str(chat).encode()
        said = [text, chat.to_bytes(8, "big"), chat.to_bytes(8, "little")]
        said += [text + f":{ordinal}".encode() for ordinal in ORDINALS]
        for form in forms:
            said += [f"{form}:{chat}".encode(), f"{chat}:{form}".encode()]
        for message in said:
            for keyed in begun:
                going = keyed.copy()
                going.update(message)
                yield from _cut(going.digest())
            for whole in {secret + message, message + secret}:
                yield from _cut(hashlib.sha256(whole).digest())
                yield hashlib.md5(whole).digest()  # noqa: S324 - what a careless store would use
                yield hashlib.sha1(whole).digest()  # noqa: S324

    return values


def _cut(digest: bytes) -> Iterator[bytes]:
    yield digest
    for size in (16, 20):
        if len(digest) > size:
            yield digest[:size]


def secrets_at_hand(settings: Mapping[str, str], keys: Path | None) -> list[bytes]:
    """Everything that could be a key: nothing, each setting and the token's halves, each key
    file."""
    found = [b""]
    for value in settings.values():
        raw = value.encode()
        found += [raw, hashlib.sha256(raw).digest(), *raw.split(b":")]
    found += [file.read_bytes() for file in key_files(keys)]
    return list(dict.fromkeys(found))


def key_files(keys: Path | None) -> list[Path]:
    """Every file of the key folder, if it is at hand."""
    if keys is None:
        return []
    return sorted(file for file in keys.rglob("*") if file.is_file())


def _derived(secret: bytes) -> list[bytes]:
    """The keys for tags that the source may make of it."""
    found = [secret[:64]]
    if len(secret) == 32:
        found.append(sealed.identity(secret).tags)
    return found


def _names(database: Database) -> tuple[str, ...]:
    """The names of surveys and calls in the files."""
    found = {"equality", "application"}
    for table in database.tables:
        for row in database.rows(table, whole=False):
            about = (row.values.get(name) for name in ("name", "form", "survey", "call"))
            found |= {name for name in about if isinstance(name, str) and _FORMS.match(name)}
    return tuple(sorted(found)[:8])


def _hashes(database: Database) -> Iterator[bytes]:
    """Every value in any table that is as long as a hash."""
    for table in database.tables:
        for row in database.rows(table, whole=False):
            for value in _flat(row.values.values()):
                yield from (raw for raw in _as_bytes(value) if len(raw) in _SIZES)


def _as_bytes(value: Any) -> Iterator[bytes]:
    """Bytes, also where they are written as hex or base64."""
    if isinstance(value, bytes):
        yield value
    elif isinstance(value, str) and 22 <= len(value) <= 64:
        # Both raise ValueError for anything else.
        with contextlib.suppress(ValueError):
            yield bytes.fromhex(value)
        with contextlib.suppress(ValueError):
            filled = value.translate(_URL_SAFE) + "=" * (-len(value) % 4)
            yield base64.b64decode(filled, validate=True)


_URL_SAFE: Final = str.maketrans("-_", "+/")


def _flat(values: Iterable[Value]) -> Iterator[Any]:
    """Each value, and what lies in those that are JSON."""
    for value in values:
        yield value
        if isinstance(value, str) and value[:1] in ("{", "["):
            with contextlib.suppress(ValueError):
                yield from leaves(json.loads(value))


def leaves(value: Any) -> Iterator[Any]:
    """What lies in lists and objects, however deep."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)
    else:
        yield value
