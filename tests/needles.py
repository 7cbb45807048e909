"""The search of a thief: every byte of every file, for a chat or a word in every usual encoding.

It is turned on tables made naively on purpose in `test_needles`, where it must find what is there:
a search that cannot fail shows nothing.
"""

from __future__ import annotations

import base64
import json
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


def found(folder: Path, *, chats: Iterable[int] = (), words: Iterable[str] = ()) -> set[str]:
    """What can be read from the bytes of the files in `folder`."""
    files = [file.read_bytes() for file in folder.rglob("*") if file.is_file()]
    if not files:
        raise ValueError(f"there is nothing to search in {folder}")
    needles = {(str(chat), needle) for chat in chats for needle in numbers(chat)}
    needles |= {(said, needle) for said in words for needle in texts(said)}
    return {what for what, needle in needles if any(needle in held for held in files)}


def texts(words: str) -> Iterator[bytes]:
    """`words` as a file may hold them."""
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "latin-1"):
        yield words.encode(encoding, "replace")
    yield json.dumps(words)[1:-1].encode()
    raw = words.encode()
    yield raw.hex().encode()
    yield raw.hex().upper().encode()
    yield from base64s(raw)


def numbers(chat: int) -> Iterator[bytes]:
    """`chat` as a file may hold it."""
    yield from texts(str(chat))
    yield varint(chat)
    yield struct.pack(">d", chat)
    yield struct.pack("<d", chat)
    for order in ("little", "big"):
        for size in (4, 6, 8):  # 6: SQLite's own for an integer column
            if chat < 1 << 8 * size:
                raw = chat.to_bytes(size, order)
                yield raw
                yield raw.hex().encode()
                yield raw.hex().upper().encode()
        yield from base64s(chat.to_bytes(8, order))


def varint(number: int) -> bytes:
    """SQLite's own, as it writes a rowid (file format, section 1.6): for numbers below 2**56."""
    groups = [number & 0x7F]
    while number := number >> 7:
        groups.append(number & 0x7F | 0x80)
    return bytes(reversed(groups))


def base64s(raw: bytes) -> Iterator[bytes]:
    """What of `raw` stands in any base64 text it lies in, at each of three alignments."""
    for before in range(3):
        whole = base64.b64encode(bytes(before) + raw)
        inner = whole[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6]
        yield inner
        yield inner.translate(bytes.maketrans(b"+/", b"-_"))
