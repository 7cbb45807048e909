"""The person's end: a phone with one private chat with the bot, and a group a person writes in.

Whatever is done here happens at once and wakes the bot that polls. `messages` are what the screen
shows now: edits have taken effect, deleted messages are gone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from bot.sandbox.files import File
from bot.sandbox.messages import Link
from bot.sandbox.papers import pdf
from bot.sandbox.pictures import measured, png
from bot.sandbox.refusals import Refusal
from bot.sandbox.texts import LONGEST_CAPTION, LONGEST_TEXT, Json, fields, split

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.sandbox.messages import Button, Message, Toast
    from bot.sandbox.telegram import Chat, Telegram

PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
RESIDENT = "resident"
DOCUMENT = "asiakirja.pdf"
"""What a phone sends that is told to send a document."""
ALBUM = (20, 89, 77), (196, 160, 60)
"""The colours of the two pictures of an album."""


def _file(kind: str) -> Json:
    return {"file_id": f"AwACAgQAAxkBAAM-{kind}", "file_unique_id": f"AgADsandbox-{kind}"}


_SENT: dict[str, Json] = {
    "voice": {
        "voice": {**_file("voice"), "duration": 4, "mime_type": "audio/ogg", "file_size": 9_000}
    },
    "sticker": {
        "sticker": {
            **_file("sticker"),
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
            "emoji": "🙂",
            "file_size": 14_000,
        }
    },
    "video": {
        "video": {**_file("video"), "width": 640, "height": 360, "duration": 3, "file_size": 90_000}
    },
    "location": {"location": {"latitude": 62.2426, "longitude": 25.7473}},
    "contact": {"contact": {"phone_number": "+358000000", "first_name": "Esimerkki"}},
    "forward": {"text": "Kokous siirtyy torstaille."},
}


def _typed(text: str, marks: Sequence[Json] = ()) -> Json:
    """A text as it leaves a phone. Raises ValueError for what no phone sends."""
    return _marked(text, marks, LONGEST_TEXT, "text")


def _marked(text: str, marks: Sequence[Json], limit: int, name: str) -> Json:
    try:
        return fields(text, list(marks), limit, name=name)
    except Refusal as refusal:
        raise ValueError(f"a phone does not send this: {refusal.description}") from None


def _caption(text: str, marks: Sequence[Json]) -> Json:
    return _marked(text, marks, LONGEST_CAPTION, "caption")


@dataclass(frozen=True, slots=True)
class Note:
    """Something that reached the person by another way than Telegram, with a link to open."""

    text: str
    link: str


class Phone:
    """A person's private chat with the bot. `role` says who the person is."""

    def __init__(self, telegram: Telegram, chat: Chat, role: str) -> None:
        self._telegram = telegram
        self._note: Note | None = None
        self.chat = chat
        self.role = role

    @property
    def chat_id(self) -> int:
        return self.chat.id

    @property
    def name(self) -> str:
        name: str = self.chat.person["first_name"]
        return name

    @property
    def language_code(self) -> str | None:
        code: str | None = self.chat.person.get("language_code")
        return code

    @property
    def blocked(self) -> bool:
        return self.chat.blocked

    @property
    def messages(self) -> list[Message]:
        """As the phone shows them now, oldest first."""
        return self._telegram.shown(self.chat)

    @property
    def note(self) -> Note | None:
        """What lies on the phone, above the chat, until its link has been used."""
        return self._note

    @note.setter
    def note(self, note: Note | None) -> None:
        self._note = note
        told = None if note is None else {"text": note.text, "link": note.link}
        self.chat.tell("note", {"note": told})

    @property
    def toasts(self) -> list[Toast]:
        """What taps were answered with, oldest first."""
        return self.chat.toasts

    @property
    def unanswered(self) -> int:
        """How many taps the bot has not answered: their buttons still show that they wait."""
        return sum(
            query.chat is self.chat and not query.answered
            for query in self._telegram.queries.values()
        )

    def type(self, text: str, marks: Sequence[Json] = ()) -> int:
        """Sends a text, in several messages if it is over 4096 UTF-16 units; returns the first
        one's id. `marks` are its formatting, entities as the Bot API writes them. Raises
        ValueError for a text that shows nothing: a phone does not send it."""
        sent = [self._write(_typed(piece, within)) for piece, within in split(text, marks)]
        return sent[0]

    def edit(self, message_id: int, text: str, marks: Sequence[Json] = ()) -> None:
        """Edits a text the person sent, or the caption of a file. Raises KeyError if it is not on
        the phone, ValueError if it is not the person's own, or the new one is over Telegram's
        limit, or an empty text."""
        self._free()
        old = self.chat.messages[message_id]
        file: Json = {kind: old[kind] for kind in ("document", "photo") if kind in old}
        if old["from"]["is_bot"] or not (file or "text" in old):
            raise ValueError("only one's own text can be edited")
        content = {**file, **_caption(text, marks)} if file else _typed(text, marks)
        message = self._telegram.change(self.chat, message_id, content)
        self._telegram.told("edited_message", message)

    def tap(self, label: str, *, message_id: int | None = None) -> None:
        """Taps the button with this label, else the one whose label begins with it or holds it,
        on the newest message that has one. KeyError, naming what there is, if none does or
        several would."""
        shown = [
            message
            for message in reversed(self.messages)
            if message.rows and message_id in {None, message.id}
        ]
        for message in shown:
            buttons = [button for row in message.rows for button in row]
            for fits in (str.__eq__, str.startswith, str.__contains__):
                fitting = [button for button in buttons if fits(button.label, label)]
                if len(fitting) == 1:
                    return self.press(fitting[0], message.id)
                if fitting:
                    raise KeyError(f"several buttons fit {label!r}: {[b.label for b in fitting]}")
        there = [[button.label for row in m.rows for button in row] for m in shown[:3]]
        raise KeyError(f"no one button {label!r}; the newest messages have {there}")

    def press(self, button: Button, message_id: int) -> None:
        """Presses a button of a message: sends its data, or opens its link."""
        if button.data is not None:
            self.tap_data(button.data, message_id)
        else:
            self.open(button.url or "")

    def follow(self, label: str) -> str:
        """Follows the link that is called so, or else begins so or holds it, a button or in a
        text, in the newest message that has one; returns its address. KeyError if none has."""
        links = [link for message in reversed(self.messages) for link in _links(message)]
        for fits in (str.__eq__, str.startswith, str.__contains__):
            for link in links:
                if fits(link.label, label):
                    self.open(link.url)
                    return link.url
        raise KeyError(f"no link {label!r}; there are {[link.label for link in links][:10]}")

    def open(self, url: str) -> None:
        """Opens an address. The bot is told of it only if it leads to the bot's own chat."""
        payload = self._payload(url)
        if payload is not None:
            self.open_link(payload)
        elif self.note is not None and self.note.link == url:
            self.note = None

    def _payload(self, url: str) -> str | None:
        """What a link to the bot's own chat starts it with, '' for nothing; None for any other."""
        link = urlsplit(url)
        if link.hostname != "t.me" or link.path != f"/{self._telegram.bot['username']}":
            return None
        return parse_qs(link.query).get("start", [""])[0]

    def tap_data(self, data: str, message_id: int) -> None:
        """Sends what a button carries, also of a button or message that is gone since."""
        self._free()
        self._telegram.tapped(self.chat, data, message_id)

    def send(self, kind: str) -> int:
        """Sends something that is not typed: voice, photo, sticker, forward, document, video,
        location, contact or album (two photos; returns the first one's id)."""
        if kind == "document":
            return self.send_document(DOCUMENT, pdf("Asiakirja"), "application/pdf")
        if kind == "album":
            group = str(13_000_000_000_000_000 + self._telegram.now())
            first, _ = (
                self._photo(png(320, 240, colour), {"media_group_id": group}) for colour in ALBUM
            )
            return first
        if kind == "photo":
            return self.send_photo(png(240, 320))
        content = _SENT[kind]
        if kind == "forward":
            sent = self._telegram.now() - 3600
            origin = {"type": "hidden_user", "sender_user_name": "Esimerkki", "date": sent}
            content = {"forward_origin": origin, **content}
        return self._write(content)

    def send_document(
        self, name: str, content: bytes, mime: str, caption: str = "", marks: Sequence[Json] = ()
    ) -> int:
        """Sends a file from the phone; returns the message's id. `marks` format its caption.
        Raises ValueError for an empty one, or one without a name: no phone sends that."""
        if not name or not content:
            raise ValueError("a file has a name and something in it")
        below = _caption(caption, marks)
        self._free()
        document = self._telegram.keep_document(File(name, mime, content))
        return self._write({"document": document, **below})

    def send_photo(self, content: bytes, caption: str = "", marks: Sequence[Json] = ()) -> int:
        """Sends a picture from the phone; returns the message's id. `marks` format its caption.
        Raises ValueError for what is no PNG, JPEG or WebP."""
        return self._photo(content, _caption(caption, marks))

    def _photo(self, content: bytes, beside: Json) -> int:
        picture = measured(content)
        if picture is None:
            raise ValueError("a phone sends a PNG, JPEG or WebP as a picture")
        self._free()
        return self._write({"photo": self._telegram.keep_photo(picture), **beside})

    def open_link(self, payload: str) -> int:
        """Opens t.me/BOT?start=payload and presses Start. Raises ValueError for a payload
        Telegram would not pass on; an empty one is a plain Start."""
        if payload and not PAYLOAD.fullmatch(payload):
            raise ValueError("a start payload is 1 to 64 of A-Z, a-z, 0-9, _ and -")
        if self.chat.blocked:
            self.unblock()
        if self.note is not None and self._payload(self.note.link) == payload:
            self.note = None
        return self.type(f"/start {payload}".strip())

    def block(self) -> None:
        if not self.chat.blocked:
            self._telegram.block(self.chat, blocked=True)

    def unblock(self) -> None:
        if self.chat.blocked:
            self._telegram.block(self.chat, blocked=False)

    def _write(self, content: Json) -> int:
        self._free()
        self.chat.begun = True
        message = self._telegram.post(self.chat, self.chat.person, content)
        self._telegram.told("message", message)
        number: int = message["message_id"]
        return number

    def _free(self) -> None:
        if self.chat.blocked:
            raise ValueError("this phone has blocked the bot: unblock it first")


def _links(message: Message) -> list[Link]:
    """A message's link buttons and the links in its text."""
    buttons = [button for row in message.rows for button in row]
    return [Link(button.label, button.url) for button in buttons if button.url] + [*message.links]


class Group:
    """A group the bot was added to. Bots hear only commands in groups, unless told otherwise
    (privacy mode)."""

    def __init__(self, telegram: Telegram, chat: Chat) -> None:
        self._telegram = telegram
        self.chat = chat

    @property
    def chat_id(self) -> int:
        return self.chat.id

    @property
    def messages(self) -> list[Message]:
        """What the group shows now, oldest first."""
        return self._telegram.shown(self.chat)

    def type(self, member: Phone, text: str) -> int:
        """A member writes; the bot is told if it is a command, for all bots or for this one."""
        content = _typed(text)
        message = self._telegram.post(self.chat, member.chat.person, content)
        command, _, named = content["text"].split()[0].partition("@")
        if command.startswith("/") and named in {"", self._telegram.bot["username"]}:
            self._telegram.told("message", message)
        number: int = message["message_id"]
        return number
