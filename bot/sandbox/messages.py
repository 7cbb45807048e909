"""A message as a phone shows it: what Telegram sent, told in the words of someone looking on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.sandbox.files import Kept
    from bot.sandbox.texts import Json

KINDS = ("voice", "photo", "sticker", "document", "video", "location", "contact", "text")


@dataclass(frozen=True, slots=True)
class Button:
    """A button has `data` (it is sent to the bot) or a `url` (the phone opens it)."""

    label: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A file in a message; `file_id` is what the bot sends it again by."""

    name: str
    mime: str
    content: bytes
    file_id: str


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture in a message, `width` and `height` in pixels; `file_id` is the largest size's."""

    content: bytes
    mime: str
    width: int
    height: int
    file_id: str


@dataclass(frozen=True, slots=True)
class Link:
    """A stretch of a text that leads somewhere; `label` is what stands there."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Message:
    """`sender` is 'bot' or 'person'. `text` is a file's caption too. `entities` are
    Telegram's, in UTF-16 units. `silent`: it came without a sound. `protected`: it cannot be
    forwarded or saved."""

    id: int
    sender: str
    kind: str
    text: str
    entities: tuple[Json, ...]
    rows: tuple[tuple[Button, ...], ...]
    edited: bool
    date: datetime
    silent: bool = False
    protected: bool = False
    document: Document | None = None
    photo: Photo | None = None

    @property
    def links(self) -> tuple[Link, ...]:
        """Where its text leads: addresses as they stand, and words with one behind them."""
        raw = self.text.encode("utf-16-le")

        def covered(entity: Json) -> str:
            start, length = 2 * entity["offset"], 2 * entity["length"]
            return raw[start : start + length].decode("utf-16-le")

        return tuple(
            Link(covered(entity), entity.get("url") or covered(entity))
            for entity in self.entities
            if entity["type"] in {"url", "text_link"}
        )


@dataclass(frozen=True, slots=True)
class Toast:
    """The bot's answer to a tap: a line that passes, or with `alert` a box to close."""

    text: str
    alert: bool


def seen(wire: Json, *, silent: bool, kept: Kept | None) -> Message:
    """A message of the Bot API as the phone shows it. The Bot API does not write whether it was
    `silent`, nor what is in the file it has."""
    kind = next(kind for kind in KINDS if kind in wire)
    markup = wire.get("reply_markup", {"inline_keyboard": []})
    document, photo = None, None
    if kept is not None and "photo" in wire:
        size, file = wire["photo"][-1], kept.file
        photo = Photo(file.content, file.mime, size["width"], size["height"], size["file_id"])
    elif kept is not None:
        file = kept.file
        document = Document(file.name, file.mime, file.content, wire["document"]["file_id"])
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
        silent=silent,
        protected=wire.get("has_protected_content", False),
        document=document,
        photo=photo,
    )
