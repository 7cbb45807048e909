"""Needles: every chat, name and watermark, sought in every byte, in every usual form.

A chat is sought as text, as integers, as SQLite writes it, in base64 and in hexadecimal, and
hashed: bare, and under every secret the attacker holds. A name and a contact must be nowhere, nor a
word that was drafted and not sent; a word that was sent stands once, where it may be read, and
nowhere else. Whoever holds the keys (K) may find who takes part, so there the hashes are sought in
what is mixed in, and the watermarks in the keys themselves.

All needles are looked for in one pass: by four bytes from the middle of each, which tell them apart
better than the first ones.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections import Counter, defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

from storage.database import canonical
from tests.attacks.answers import opened
from tests.needles import numbers, texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from tests.attacks.truth import Copy, Person, Stolen, Truth

MIXED_IN: Final = ("responses", "open_answers", "tallies")
"""The tables in which nobody must be found, whatever keys one holds."""

BY_CHANCE: Final = 6
"""Needles of fewer bytes may stand in ciphertext by chance: one alone does not count."""

_CORE: Final = 4

Needles: TypeAlias = "Mapping[bytes, str]"
"""What each needle would tell."""


def needles(stolen: Stolen, truth: Truth) -> tuple[str, ...]:
    """What was found that must not be there, a line each."""
    found: list[str] = []
    for copy in stolen.copies:
        found += _in_copy(stolen, truth, copy)
    if stolen.log:
        words = [word for who in truth.people for word in _words(who)]
        told = {**_people(stolen, truth), **_said(words), **_hashed(stolen.known, ())}
        found += _lines("the log", counted(stolen.log.encode(), told), told)
    return tuple(found)


def _in_copy(stolen: Stolen, truth: Truth, copy: Copy) -> Iterator[str]:
    held = contents(copy.folder)
    if not held:
        raise ValueError(f"there is nothing to search in {copy.folder}")
    sent = [who for who in truth.people if who.sent is not None and who.sent <= copy.taken]
    unsent = [who for who in truth.people if who not in sent]
    forbidden = {
        **_people(stolen, truth),
        **_said([word for who in unsent for word in _words(who)]),
        **_said([canonical(who.closed) for who in unsent]),
    }
    yield from _lines("the files", counted(held, forbidden), forbidden)
    if stolen.keys is None:
        hashed = _hashed(stolen.known, _secrets(stolen))
        yield from _lines("the files", counted(held, hashed), hashed)
    else:
        yield from _with_keys(stolen, truth, copy)
    yield from _copied(copy, held, sent)


def _with_keys(stolen: Stolen, truth: Truth, copy: Copy) -> Iterator[str]:
    assert stolen.keys is not None
    hashed = _hashed(stolen.known, _secrets(stolen))
    yield from _lines("what is mixed in", counted(_mixed_in(copy), hashed), hashed)
    everything = {
        **_people(stolen, truth),
        **_said([word for who in truth.people for word in _words(who)]),
    }
    yield from _lines("the keys", counted(contents(stolen.keys), everything), everything)


def _copied(copy: Copy, held: bytes, sent: list[Person]) -> Iterator[str]:
    """What was sent and stands more than once: a place it was in before, and when. While there is
    a log, the log and the file may hold the same page."""
    if any(file.name.endswith("-wal") and file.stat().st_size for file in copy.folder.iterdir()):
        return
    said = {word.encode(): f"{word} of {who.number}" for who in sent for word in _words(who)}
    said |= {canonical(who.closed).encode(): f"closed answers of {who.number}" for who in sent}
    for needle, times in counted(held, said).items():
        if times > 1:
            yield f"the files: {said[needle]} stands {times} times"


def _people(stolen: Stolen, truth: Truth) -> Needles:
    """Chats, names and contacts of everybody."""
    return {**_known(stolen.known), **_said([who.contact for who in truth.people])}


@lru_cache(maxsize=4)
def _known(known: tuple[tuple[int, str], ...]) -> Needles:
    chats = {needle: f"chat {chat}" for chat, _ in known for needle in numbers(chat)}
    return {**chats, **_said([word for _, name in known for word in name.split()])}


def _said(words: Iterable[str]) -> dict[bytes, str]:
    return {needle: word for word in words for needle in texts(word)}


def _words(who: Person) -> list[str]:
    """The words only this person has said."""
    return [word.strip(".") for said in who.opened.values() for word in said.split()]


def _secrets(stolen: Stolen) -> tuple[bytes, ...]:
    """Every secret at hand: settings, the token and its parts, key files."""
    held = [value.encode() for value in stolen.settings.values()]
    held += [part.encode() for part in stolen.settings.get("RAATI_TOKEN", "").split(":") if part]
    if stolen.keys is not None:
        held += [file.read_bytes() for file in sorted(stolen.keys.rglob("*")) if file.is_file()]
    return tuple(dict.fromkeys(held))


@lru_cache(maxsize=4)
def _hashed(known: tuple[tuple[int, str], ...], secrets: tuple[bytes, ...]) -> Needles:
    """Each chat's digests, as far as a file that shortens them would still hold them."""
    found: dict[bytes, str] = {}
    for chat, _ in known:
        for message in (
            str(chat).encode(),
            chat.to_bytes(8, "little"),
            chat.to_bytes(8, "big"),
        ):
            for digest in _digests(message, secrets):
                for needle in (
                    digest[:8],
                    digest.hex()[:16].encode(),
                    digest.hex()[:16].upper().encode(),
                    base64.b64encode(digest)[:10],
                    base64.urlsafe_b64encode(digest)[:10],
                ):
                    found[needle] = f"chat {chat}, hashed"
    return found


def _digests(message: bytes, secrets: tuple[bytes, ...]) -> Iterator[bytes]:
    for made in (hashlib.sha256, hashlib.sha1, hashlib.md5):
        yield made(message).digest()
    for size in (16, 32, 64):
        yield hashlib.blake2b(message, digest_size=size).digest()
    for secret in secrets:
        yield hmac.digest(secret, message, "sha256")
        yield hashlib.sha256(secret + message).digest()
        yield hashlib.sha256(message + secret).digest()
        for size in (16, 32, 64):
            yield hashlib.blake2b(message, key=secret[:64], digest_size=size).digest()


def contents(folder: Path) -> bytes:
    """Every file's bytes, with a gap between that no needle bridges."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return b"\xff".join(file.read_bytes() for file in files)


def _mixed_in(copy: Copy) -> bytes:
    """Every cell of the tables in which nobody must be found."""
    cells: list[bytes] = []
    with opened(copy) as kept:
        there = {name for (name,) in kept.execute("SELECT name FROM sqlite_master")}
        for name in MIXED_IN:
            if name in there:
                for row in kept.execute(f"SELECT * FROM {name}"):  # noqa: S608 - our own names
                    cells += [
                        cell if isinstance(cell, bytes) else str(cell).encode() for cell in row
                    ]
    return b"\xff".join(cells)


def counted(held: bytes, needles: Needles) -> Counter[bytes]:
    """How often each needle stands in what is `held`; those that do not are left out."""
    by_core: dict[bytes, list[tuple[int, bytes]]] = defaultdict(list)
    for needle in needles:
        at = (len(needle) - _CORE) // 2
        by_core[needle[at : at + _CORE]].append((at, needle))
    there: Counter[bytes] = Counter()
    for place in range(len(held) - _CORE + 1):
        core = held[place : place + _CORE]
        if core in by_core:
            for at, needle in by_core[core]:
                if place >= at and held.startswith(needle, place - at):
                    there[needle] += 1
    return there


def _lines(where: str, there: Counter[bytes], needles: Needles) -> Iterator[str]:
    short = {needle for needle in there if len(needle) < BY_CHANCE}
    if len({needles[needle] for needle in short}) < 2:
        there = Counter({needle: n for needle, n in there.items() if needle not in short})
    for needle, times in there.items():
        yield f"{where}: {needles[needle]} as {needle!r}, {times} times"
