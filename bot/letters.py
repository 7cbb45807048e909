"""An announcement as it will be sent: a letter in each language, ready when it is planned.

A letter is one message: a text, or a file with the text as its caption. It is rendered and measured
before it is kept, so that what cannot be sent is refused where somebody can still mend it, and what
is kept is sent as it is. An edit puts another letter in the place of one that was received.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aiogram.methods import EditMessageMedia, EditMessageText, SendDocument, SendMessage
from aiogram.types import BufferedInputFile, Message

from bot.calendar import rendered
from bot.render import LONGEST
from dialogs.languages import FINNISH
from dialogs.screens import Say, units
from storage.announcements import Planned
from storage.database import canonical

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from zoneinfo import ZoneInfo

    from aiogram.methods import TelegramMethod

    from bot.render import Renderer
    from dialogs.announcement import Announcement, Calendar
    from dialogs.screens import Card

LONGEST_CAPTION: Final = 1024
"""UTF-16 units under a file (Bot API, sendDocument)."""


@dataclass(frozen=True, slots=True)
class File:
    """What is sent along: its content, or the id of what Telegram has already."""

    name: str = ""
    content: bytes = b""
    id: str = ""

    def taken(self) -> BufferedInputFile | str:
        return self.id or BufferedInputFile(self.content, self.name)


@dataclass(frozen=True, slots=True)
class Letter:
    """One message, in one language; `entities` and `keyboard` as the Bot API writes them."""

    text: str
    entities: list[dict[str, Any]]
    keyboard: dict[str, Any] | None = None
    file: File | None = None

    def sent(self, chat: int, *, silent: bool) -> TelegramMethod[Message]:
        """As a new message."""
        if self.file is None:
            return SendMessage.model_validate(
                {
                    "chat_id": chat,
                    "text": self.text,
                    "entities": self.entities,
                    "reply_markup": self.keyboard,
                    "disable_notification": silent or None,
                }
            )
        return SendDocument.model_validate(
            {
                "chat_id": chat,
                "document": self.file.taken(),
                "caption": self.text,
                "caption_entities": self.entities,
                "reply_markup": self.keyboard,
                "disable_notification": silent or None,
            }
        )

    def edited(self, chat: int, message: int) -> TelegramMethod[Message | bool]:
        """In the place of what stands on `message`."""
        at = {"chat_id": chat, "message_id": message, "reply_markup": self.keyboard}
        if self.file is None:
            return EditMessageText.model_validate(
                {**at, "text": self.text, "entities": self.entities}
            )
        media = {
            "type": "document",
            "media": self.file.taken(),
            "caption": self.text,
            "caption_entities": self.entities,
        }
        return EditMessageMedia.model_validate({**at, "media": media})


Letters = dict[str, Letter]
"""By language."""


def planned(announcement: Announcement, renderer: Renderer, zone: ZoneInfo) -> Planned:
    """The announcement as it is kept: said as on the day it is due. Raises ValueError, one
    sentence, for what Telegram would not take."""
    today = announcement.due.astimezone(zone).date()
    return Planned(
        announcement.occasion,
        announcement.audience,
        announcement.priority,
        announcement.due,
        announcement.expires,
        packed(written(announcement, renderer, today)),
    )


def written(announcement: Announcement, renderer: Renderer, today: date) -> Letters:
    """The announcement's letters. Raises ValueError as `planned` does."""
    if not announcement.cards:
        raise ValueError("An announcement needs a text.")
    return {
        language: _written(card, announcement.calendar, renderer, today)
        for language, card in announcement.cards.items()
    }


def _written(card: Card, calendar: Calendar | None, renderer: Renderer, today: date) -> Letter:
    shown = renderer.card(card, today)
    file = None
    if calendar is not None and card.file:
        raise ValueError("An announcement brings one file at most.")
    if calendar is not None:
        name = renderer.words(Say("calendar.file_name"), card.language, today)
        file = File(name, rendered(calendar, card.language, renderer, today))
    elif card.file:
        file = File(id=card.file)
    longest = LONGEST if file is None else LONGEST_CAPTION
    if not 0 < units(shown.text) <= longest:
        raise ValueError(
            f"A text of {units(shown.text)} characters cannot be sent: it may have {longest}."
        )
    return Letter(
        shown.text,
        [entity.model_dump(exclude_none=True) for entity in shown.entities],
        None if shown.keyboard is None else shown.keyboard.model_dump(exclude_none=True),
        file,
    )


def packed(letters: Mapping[str, Letter]) -> bytes:
    """Letters as they are kept: the same ones are the same bytes."""
    return canonical(
        {
            language: {
                "text": letter.text,
                "entities": letter.entities,
                "keyboard": letter.keyboard,
                "file": letter.file
                and {
                    "name": letter.file.name,
                    "content": base64.b64encode(letter.file.content).decode(),
                    "id": letter.file.id,
                },
            }
            for language, letter in letters.items()
        }
    ).encode()


def unpacked(body: bytes) -> Letters:
    """What `packed` was given."""
    return {
        language: Letter(
            kept["text"],
            kept["entities"],
            kept["keyboard"],
            kept["file"]
            and File(
                kept["file"]["name"], base64.b64decode(kept["file"]["content"]), kept["file"]["id"]
            ),
        )
        for language, kept in json.loads(body).items()
    }


def in_language(letters: Letters, language: str) -> Letter:
    """The person's letter; where theirs is not written, the Finnish one, or what there is."""
    return letters.get(language) or letters.get(FINNISH) or next(iter(letters.values()))
