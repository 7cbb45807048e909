"""The bot's own links: `https://t.me/BOT?start=g-…`, which lead where a coordinator points them,
also after they have gone out.

Anybody may open one; it tells nothing but where it leads.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from dialogs.broadcasts.records import Pointer

TOKEN: Final = 9
"""Bytes of a pointer's key that stand in its link: twelve characters, too many to guess through."""

_PAYLOAD: Final = re.compile(r"g-([A-Za-z0-9_-]{12})")


def payload(pointer: Pointer) -> str:
    """What stands behind ?start= in its link."""
    return f"g-{base64.urlsafe_b64encode(pointer.key[:TOKEN]).decode()}"


def link(bot: str, pointer: Pointer) -> str:
    """`bot` is the bot's own address, as https://t.me/NAME."""
    return f"{bot}?start={payload(pointer)}"


def opened(argument: str) -> bytes | None:
    """The beginning of the pointer's key in the argument of /start; None where there is none."""
    found = _PAYLOAD.fullmatch(argument)
    return base64.urlsafe_b64decode(found[1]) if found else None
