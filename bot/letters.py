"""An announcement as it will be sent: a letter in each language, ready when it is planned.

A letter is one message: a text, or a file or a picture with the text as its caption. It is rendered
and measured before it is kept, so that what cannot be sent is refused where somebody can still mend
it, and what is kept is sent as it is. An edit puts another letter in the place of one that was
received; which edition of it that was does not matter, so that a file always goes along.

A retraction deletes what was received. What Telegram does not delete any more (Bot API,
deleteMessage: after 48 hours) says that it was withdrawn instead: a text by other words, a file or
a picture by a small file in its place.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aiogram.methods import (
    DeleteMessage,
    EditMessageMedia,
    EditMessageText,
    SendDocument,
    SendMessage,
    SendPhoto,
)
from aiogram.types import BufferedInputFile, Message

from bot.calendar import rendered
from bot.render import LONGEST
from dialogs.screens import Say, units
from storage.announcements import Planned
from storage.database import canonical

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from zoneinfo import ZoneInfo

    from aiogram.methods import TelegramMethod

    from bot.render import Renderer
    from dialogs.announcement import Announcement, Calendar
    from dialogs.screens import Card

LONGEST_CAPTION: Final = 1024
"""UTF-16 units under a file or a picture (Bot API, sendDocument, sendPhoto)."""


@dataclass(frozen=True, slots=True)
class File:
    """What is sent along: its content, or the id of what Telegram has already. A picture is shown,
    and has none but an id."""

    name: str = ""
    content: bytes = b""
    id: str = ""
    picture: bool = False

    def taken(self) -> BufferedInputFile | str:
        return self.id or BufferedInputFile(self.content, self.name)


@dataclass(frozen=True, slots=True)
class Letter:
    """One message, in one language; `entities` and `keyboard` as the Bot API writes them. One that
    `retracts` is never sent, but put in the place of what was received."""

    text: str
    entities: list[dict[str, Any]]
    keyboard: dict[str, Any] | None = None
    file: File | None = None
    retracts: bool = False

    def sent(self, chat: int, *, silent: bool) -> TelegramMethod[Message]:
        """As a new message."""
        to = {
            "chat_id": chat,
            "reply_markup": self.keyboard,
            "disable_notification": silent or None,
        }
        if self.file is None:
            return SendMessage.model_validate({**to, "text": self.text, "entities": self.entities})
        under = {"caption": self.text, "caption_entities": self.entities}
        if self.file.picture:
            return SendPhoto.model_validate({**to, **under, "photo": self.file.taken()})
        return SendDocument.model_validate({**to, **under, "document": self.file.taken()})

    def put(self, chat: int, message: int) -> Sequence[TelegramMethod[Any]]:
        """In the place of what stands on `message`: each of these where Telegram refuses the one
        before."""
        at = {"chat_id": chat, "message_id": message}
        if not self.retracts:
            return (self._with_words(at) if self.file is None else self._with_file(at),)
        return DeleteMessage.model_validate(at), self._with_words(at), self._with_file(at)

    def _with_words(self, at: dict[str, Any]) -> TelegramMethod[Message | bool]:
        words = {"text": self.text, "entities": self.entities, "reply_markup": self.keyboard}
        return EditMessageText.model_validate({**at, **words})

    def _with_file(self, at: dict[str, Any]) -> TelegramMethod[Message | bool]:
        if self.file is None:
            raise ValueError("a letter without a file")
        media = {
            "type": "photo" if self.file.picture else "document",
            "media": self.file.taken(),
            "caption": self.text,
            "caption_entities": self.entities,
        }
        return EditMessageMedia.model_validate(
            {**at, "media": media, "reply_markup": self.keyboard}
        )


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
        announcement.only,
    )


def written(announcement: Announcement, renderer: Renderer, today: date) -> Letters:
    """The announcement's letters. Raises ValueError as `planned` does."""
    return {
        language: _withdrawn(card, renderer, today)
        if announcement.retracts
        else _written(card, announcement.calendar, renderer, today)
        for language, card in announcement.cards.items()
    }


def _written(card: Card, calendar: Calendar | None, renderer: Renderer, today: date) -> Letter:
    shown = renderer.card(card, today)
    files = [File(id=card.file)] if card.file else []
    if card.picture:
        files.append(File(id=card.picture, picture=True))
    if calendar is not None:
        name = renderer.words(Say("calendar.file_name"), card.language, today)
        files.append(File(name, rendered(calendar, card.language, renderer, today)))
    if len(files) > 1:
        raise ValueError("An announcement brings one file at most.")
    return _measured(
        Letter(
            shown.text,
            [entity.model_dump(exclude_none=True) for entity in shown.entities],
            None if shown.keyboard is None else shown.keyboard.model_dump(exclude_none=True),
            files[0] if files else None,
        )
    )


def _withdrawn(card: Card, renderer: Renderer, today: date) -> Letter:
    """What stands where something was withdrawn; nothing of it can be tapped any more."""
    shown = renderer.card(card, today)
    name = renderer.words(Say("letter.withdrawn_file"), card.language, today)
    entities = [entity.model_dump(exclude_none=True) for entity in shown.entities]
    file = File(name, shown.text.encode())
    return _measured(Letter(shown.text, entities, file=file, retracts=True))


def _measured(letter: Letter) -> Letter:
    """The letter, where Telegram takes so long a text. Raises ValueError."""
    length, longest = units(letter.text), LONGEST if letter.file is None else LONGEST_CAPTION
    if letter.file is not None and letter.file.picture and not length:
        return letter  # a picture may say all
    if not 0 < length <= longest:
        raise ValueError(f"A text of {length} characters cannot be sent: it may have {longest}.")
    return letter


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
                    "picture": letter.file.picture,
                },
                "retracts": letter.retracts,
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
            kept["file"] and _file(**kept["file"]),
            kept.get("retracts", False),
        )
        for language, kept in json.loads(body).items()
    }


def _file(name: str, content: str, id: str, *, picture: bool = False) -> File:  # noqa: A002 - as kept
    return File(name, base64.b64decode(content), id, picture)
