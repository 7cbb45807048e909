"""What can happen in a chat, as the dialogs see it: no Telegram, only what a person did.

Message ids are kept because three promises need them: a typed answer delivered twice counts once,
an edited message changes its own answer, and a conversation can be removed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from dialogs.screens import Mark


@dataclass(frozen=True, slots=True)
class Tapped:
    """A button was tapped. `data` is what the button carried (at most 64 bytes), `message` the id
    of the card it stands on."""

    data: str
    message: int


@dataclass(frozen=True, slots=True)
class Typed:
    """A text message. `sent` is Telegram's own clock, UTC, to the second. `marks` are its bold,
    italics and links, which only a broadcast keeps."""

    text: str
    message: int
    sent: datetime
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Edited:
    """A text message typed earlier was changed to `text`."""

    text: str
    message: int
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Commanded:
    """`/name argument`. A deep link is `/start` with its payload as the argument."""

    name: str
    argument: str
    message: int


class Matter(StrEnum):
    """What came instead of text."""

    VOICE = "voice"
    PICTURE = "picture"
    STICKER = "sticker"
    FORWARD = "forward"
    FILE = "file"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Sent:
    """Something that is not text. `file` is Telegram's file_id of a document, and `name` what the
    document is called; `picture` that of a picture; `text` and `marks` what stands below either.
    Nothing at all of it is kept in an answer."""

    matter: Matter
    message: int
    file: str = ""
    name: str = ""
    picture: str = ""
    text: str = ""
    marks: tuple[Mark, ...] = ()


Event = Tapped | Typed | Edited | Commanded | Sent
