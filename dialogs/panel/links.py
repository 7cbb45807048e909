"""Links that work once: what stands in them, and what is kept of it.

A link is `https://t.me/BOT?start=i-…` with 16 random bytes in base64url. Kept is a digest: who
reads the database cannot open anything with it.
"""

from __future__ import annotations

import base64
import re
from hashlib import blake2b
from typing import Final

RANDOM: Final = 16  # bytes in a link

_PAYLOAD: Final = re.compile(r"i-([A-Za-z0-9_-]{22})")


def token(fresh: bytes) -> str:
    """The part of a link that nobody can guess, made of the first `RANDOM` bytes of `fresh`."""
    return base64.urlsafe_b64encode(fresh[:RANDOM]).rstrip(b"=").decode()


def payload(of: str) -> str:
    """What stands behind `?start=` for a token (Bot API, deep linking: at most 64 characters)."""
    return f"i-{of}"


def link(bot: str, of: str) -> str:
    """`bot` is the bot's own address, as https://t.me/NAME."""
    return f"{bot}?start={payload(of)}"


def opened(argument: str) -> str | None:
    """The token in the argument of /start; None where there is none."""
    found = _PAYLOAD.fullmatch(argument)
    return found[1] if found else None


def digest(of: str) -> bytes:
    """What is kept of a token: 16 bytes, the key of its invitation."""
    return blake2b(of.encode(), digest_size=16).digest()
