"""A message as a phone shows it: what Telegram sent, told in the words of someone looking on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.sandbox.texts import Json

KINDS = ("voice", "photo", "sticker", "document", "video", "location", "contact", "text")


@dataclass(frozen=True, slots=True)
class Button:
    """A button has `data` (it is sent to the bot) or a `url` (the phone opens it)."""

    label: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """`sender` is 'bot' or 'person'. `entities` are Telegram's, in UTF-16 units. `file` names a
    document, `file_id` finds its content."""

    id: int
    sender: str
    kind: str
    text: str
    entities: tuple[Json, ...]
    rows: tuple[tuple[Button, ...], ...]
    edited: bool
    date: datetime
    file: str = ""
    file_id: str = ""


@dataclass(frozen=True, slots=True)
class Toast:
    """The bot's answer to a tap: a line that passes, or with `alert` a box to close."""

    text: str
    alert: bool


def seen(wire: Json) -> Message:
    """A message of the Bot API as the phone shows it."""
    kind = next(kind for kind in KINDS if kind in wire)
    markup = wire.get("reply_markup", {"inline_keyboard": []})
    document = wire.get("document", {})
    return Message(
        id=wire["message_id"],
        sender="bot" if wire["from"]["is_bot"] else "person",
        kind="forward" if "forward_origin" in wire else kind,
        text=wire.get("text") or wire.get("caption") or "",
        entities=tuple(wire.get("entities") or wire.get("caption_entities") or ()),
        rows=tuple(
            tuple(
                Button(button["text"], button.get("callback_data"), button.get("url"))
                for button in row
            )
            for row in markup["inline_keyboard"]
        ),
        edited="edit_date" in wire,
        date=datetime.fromtimestamp(wire["date"], UTC),
        file=document.get("file_name", ""),
        file_id=document.get("file_id", ""),
    )
