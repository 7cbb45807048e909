"""How a chat and what it said look in the database: a tag and a box.

A tag finds a chat's row and means nothing without its key: 16 bytes of keyed BLAKE2b over purpose
and chat, so that one person's rows under two purposes share nothing. A box is XChaCha20-Poly1305
under a random nonce, with the row's tag as associated data: moved to another row it does not open.
Before sealing, a body is padded, so that its length tells nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from nacl.exceptions import CryptoError
from nacl.secret import Aead

TAG: Final = 16  # bytes
_LENGTH: Final = 4  # bytes, at the head of a padded body


class Unopened(Exception):  # noqa: N818 - a fact about a box, not a fault of the program
    """A box did not open: made with another key, moved to another row, or damaged."""


def tag(key: bytes, purpose: str, chat: int) -> bytes:
    """The `TAG` bytes that stand for `chat` where it is known for `purpose`."""
    message = purpose.encode() + b"\0" + chat.to_bytes(8, "big", signed=True)
    return blake2b(message, digest_size=TAG, key=key).digest()


def seal(key: bytes, body: bytes, *, room: int, tag: bytes) -> bytes:
    """`body` padded to `room` bytes and sealed to the row of `tag`.

    Raises ValueError, naming sizes only, if the body is longer than its room.
    """
    if len(body) > room:
        raise ValueError(f"a body of {len(body)} bytes does not fit into {room}")
    padded = len(body).to_bytes(_LENGTH, "big") + body.ljust(room, b"\0")
    return bytes(Aead(key).encrypt(padded, tag))


def unseal(key: bytes, box: bytes, *, tag: bytes) -> bytes:
    """The body that `seal` was given. Raises Unopened."""
    try:
        padded = Aead(key).decrypt(box, tag)
    except (CryptoError, ValueError) as error:
        raise Unopened from error
    length = int.from_bytes(padded[:_LENGTH], "big")
    return padded[_LENGTH : _LENGTH + length]


@dataclass(frozen=True, slots=True)
class Identity:
    """The two keys that everything identified is found and sealed by."""

    tags: bytes = field(repr=False)
    boxes: bytes = field(repr=False)


@lru_cache(maxsize=1)
def identity(secret: bytes) -> Identity:
    """Separate keys for tags and for boxes, derived from the one lasting secret."""
    return Identity(
        tags=blake2b(b"tags", key=secret, digest_size=32).digest(),
        boxes=blake2b(b"boxes", key=secret, digest_size=32).digest(),
    )
