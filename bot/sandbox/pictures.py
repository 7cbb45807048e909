"""Pictures: what kind one is and how large, by its first bytes, and one of a single colour to send.

Telegram looks into a picture that is sent as a photo, whatever it is called (PNG, JPEG, WebP).
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

SIGNATURE = b"\x89PNG\r\n\x1a\n"
FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
"""The JPEG segments that say how large it is."""


@dataclass(frozen=True, slots=True)
class Picture:
    """`width` and `height` are in pixels."""

    content: bytes
    mime: str
    width: int
    height: int


def measured(content: bytes) -> Picture | None:
    """The picture, None for what is none."""
    for mime, size in (("image/png", _png), ("image/jpeg", _jpeg), ("image/webp", _webp)):
        try:
            found = size(content)
        except (IndexError, struct.error):
            continue
        if found is not None and all(found):
            return Picture(content, mime, *found)
    return None


def png(width: int, height: int, colour: tuple[int, int, int] = (20, 89, 77)) -> bytes:
    """A picture of one colour (red, green, blue)."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + bytes(colour) * width) * height)
    return SIGNATURE + _chunk(b"IHDR", head) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _png(content: bytes) -> tuple[int, int] | None:
    if not content.startswith(SIGNATURE):
        return None
    width, height = struct.unpack_from(">II", content, 16)
    return width, height


def _jpeg(content: bytes) -> tuple[int, int] | None:
    """Goes from segment to segment up to the one that says how large it is."""
    if not content.startswith(b"\xff\xd8"):
        return None
    at = 2
    while content[at] == 0xFF:
        if content[at + 1] in FRAMES:
            height, width = struct.unpack_from(">HH", content, at + 5)
            return width, height
        at += 2 + struct.unpack_from(">H", content, at + 2)[0]
    return None


def _webp(content: bytes) -> tuple[int, int] | None:
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP":
        return None
    match content[12:16]:
        case b"VP8 ":
            width, height = struct.unpack_from("<HH", content, 26)
            return width & 0x3FFF, height & 0x3FFF
        case b"VP8L":
            (bits,) = struct.unpack_from("<I", content, 21)
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8X":
            width, height = content[24:27], content[27:30]
            return int.from_bytes(width, "little") + 1, int.from_bytes(height, "little") + 1
    return None
