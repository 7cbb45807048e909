"""Telegram's updates become what happened in a chat.

Only private chats are conversations. What a group sends is recognised, so that it can be told where
to go; everything else Telegram may send is nothing to us.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from dialogs.events import Commanded, Edited, Matter, Sent, Tapped, Typed
from dialogs.languages import served
from dialogs.screens import Mark, Style

if TYPE_CHECKING:
    from aiogram.types import Message, MessageEntity, Update

    from dialogs.events import Event

ALLOWED: Final = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of update asked for (Bot API, "Update")."""

_COMMAND: Final = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@\w+)?(?:\s+(.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Happened:
    """An event, in which private chat, on a phone set to which of our languages. `callback` is the
    id of the tap, which must be answered; `album` the id of the album a picture came in."""

    chat: int
    phone: str
    event: Event
    callback: str | None = None
    album: str | None = None
    name: str = field(default="", repr=False)  # the person's first name in Telegram


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Somebody spoke to the bot in a group."""

    chat: int
    phone: str


@dataclass(frozen=True, slots=True)
class Membership:
    """Somebody has blocked the bot in their private chat, or taken it up again."""

    chat: int
    gone: bool


def read(update: Update) -> Happened | Elsewhere | Membership | None:
    """What an update says; None for what is nothing to us."""
    if (moved := update.my_chat_member) is not None:
        if moved.chat.type != "private":
            return None
        return Membership(moved.chat.id, gone=moved.new_chat_member.status == "kicked")
    if update.callback_query is not None:
        tap = update.callback_query
        if tap.message is None or tap.message.chat.type != "private" or tap.data is None:
            return None
        event = Tapped(tap.data, tap.message.message_id)
        phone = served(tap.from_user.language_code)
        name = tap.from_user.first_name
        return Happened(tap.message.chat.id, phone, event, callback=tap.id, name=name)
    message = update.message or update.edited_message
    if message is None or message.from_user is None or message.from_user.is_bot:
        return None
    phone = served(message.from_user.language_code)
    if message.chat.type != "private":
        spoken_to = update.message is not None and (message.text or "").startswith("/")
        return Elsewhere(message.chat.id, phone) if spoken_to else None
    event_ = _edited(message) if update.message is None else _written(message)
    name = message.from_user.first_name
    return Happened(message.chat.id, phone, event_, album=message.media_group_id, name=name)


def _written(message: Message) -> Event:
    if message.forward_origin is not None:
        return Sent(_matter(message), message.message_id)
    if message.text is None:
        document, picture = message.document, message.photo
        return Sent(
            _matter(message),
            message.message_id,
            file=document.file_id if document else "",
            name=(document.file_name or "") if document else "",
            picture=picture[-1].file_id if picture else "",
            text=message.caption or "",
            marks=_marks(message.caption_entities),
        )
    if command := _COMMAND.fullmatch(message.text):
        argument = (command[2] or "").strip()
        return Commanded(command[1].lower(), argument, message.message_id)
    return Typed(message.text, message.message_id, message.date, _marks(message.entities))


def _edited(message: Message) -> Event:
    if message.text is None:
        return Edited(message.caption or "", message.message_id, _marks(message.caption_entities))
    return Edited(message.text, message.message_id, _marks(message.entities))


def _marks(entities: list[MessageEntity] | None) -> tuple[Mark, ...]:
    """What a person marked in their text; what Telegram marks by itself is none of it."""
    return tuple(
        Mark(Style(one.type), one.offset, one.length, one.url or "")
        for one in entities or ()
        if one.type in tuple(Style)
    )


def _matter(message: Message) -> Matter:
    if message.forward_origin is not None:
        return Matter.FORWARD
    if message.voice or message.video_note or message.audio:
        return Matter.VOICE
    if message.photo or message.video or message.animation:
        return Matter.PICTURE
    if message.sticker:
        return Matter.STICKER
    return Matter.FILE if message.document else Matter.OTHER
