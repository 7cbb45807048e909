"""What open pages are told: one stream of server-sent events, of all the phones on the page.

A page begins with a `snapshot` of all there is to show and is then told what changes, so that it
keeps nothing of its own and needs no past. Each event is written once and handed to every page. A
page that does not read is cut off when too much waits for it; it comes again, and begins anew.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.sandbox.clock import Clock
from bot.sandbox.files import shown_as

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.messages import Message
    from bot.sandbox.phone import Phone
    from bot.sandbox.telegram import Telegram
    from bot.sandbox.texts import Json
    from bot.sandbox.throng import Throng

CALLS_SHOWN = 200
"""How many of the newest calls a page begins with."""
THRONG_TOLD = 0.5
"""Seconds from something that happens in the throng until pages are told, of all of it at once."""
MOST_WAITING = 1000
"""Events that may wait for one page."""


@dataclass(eq=False)
class Page:
    """An open page, and what waits to be written to it. `cut` breaks its connection."""

    cut: Callable[[], None]
    waiting: asyncio.Queue[bytes | None] = field(
        default_factory=lambda: asyncio.Queue(MOST_WAITING)
    )


class Stream:
    """Tells the open pages. `notices` keeps the newest of each name for pages that open later."""

    def __init__(self, telegram: Telegram, throng: Throng) -> None:
        self.notices: dict[str, Any] = {}
        self.phones: dict[int, Phone] = {}
        self._telegram = telegram
        self._throng = throng
        self._throng_waits = False
        throng.changed = self._throng_changed
        self._pages: set[Page] = set()
        self._calls: deque[Json] = deque(maxlen=CALLS_SHOWN)

    # open pages

    @property
    def open_pages(self) -> int:
        return len(self._pages)

    def open(self, cut: Callable[[], None], *, crowd: bool) -> Page:
        """A page that has just come: the snapshot waits for it, then all that happens."""
        page = Page(cut)
        page.waiting.put_nowait(_event("snapshot", self._snapshot(crowd=crowd)))
        self._pages.add(page)
        return page

    def gone(self, page: Page) -> None:
        self._pages.discard(page)

    def close(self) -> None:
        """Lets every page go: the sandbox stops."""
        for page in list(self._pages):
            self._hand(page, None)

    # what happens

    def add(self, phone: Phone) -> None:
        """From now on the phone is on the page."""
        self.phones[phone.chat_id] = phone
        phone.chat.watcher = partial(self._happened, phone.chat_id)
        self._tell("phone", self._phone(phone))

    def notice(self, name: str, data: Any) -> None:
        self.notices[name] = data
        self._tell("notice", {"name": name, "data": data})

    def clock_moved(self) -> None:
        self._tell("clock", {"now": self._telegram.clock().isoformat()})

    def _throng_changed(self) -> None:
        if self._pages and not self._throng_waits:
            self._throng_waits = True
            asyncio.get_running_loop().call_later(THRONG_TOLD, self._tell_throng)

    def _tell_throng(self) -> None:
        self._throng_waits = False
        if self._pages:
            self._tell("throng", self._throng.shown().json())

    def called(self, method: str, params: Json, refusal: str) -> None:
        """A call of the bot; one to a chat that is not on the page is passed over."""
        if method.startswith(("setMy", "deleteMy")):
            for phone in self.phones.values():
                of = {"phone": phone.chat_id}
                self._tell("profile", {**of, "bot": self._bot_seen_by(phone)})
                commands = self._telegram.commands_for(phone.chat)
                self._tell("commands", {**of, "commands": commands})
        chat = self._chat_of(params)
        if chat is None or chat in self.phones:
            call = {"method": method, "params": params, "refusal": refusal}
            self._calls.append(call)
            self._tell("call", call)

    def _happened(self, chat_id: int, event: str, data: Json) -> None:
        if event == "message":
            data = {"message": message_json(self._telegram.seen(data))}
        self._tell(event, {"phone": chat_id, **data})

    def _chat_of(self, params: Json) -> int | None:
        """The chat a call is about; of an answer to a tap, the chat that was tapped in."""
        query = self._telegram.queries.get(str(params.get("callback_query_id")))
        if query is not None:
            return query.chat.id
        try:
            named = int(str(params.get("chat_id")))
        except ValueError:
            return None
        return named if named in self._telegram.chats else None

    def _tell(self, event: str, data: Json) -> None:
        if not self._pages:
            return
        written = _event(event, data)
        for page in list(self._pages):
            self._hand(page, written)

    def _hand(self, page: Page, written: bytes | None) -> None:
        try:
            page.waiting.put_nowait(written)
        except asyncio.QueueFull:
            self.gone(page)
            page.cut()

    # what there is

    def _snapshot(self, *, crowd: bool) -> Json:
        clock = self._telegram.clock
        return {
            "now": clock().isoformat(),
            "movable": isinstance(clock, Clock),
            "crowd": crowd,
            "phones": [self._phone(phone) for phone in self.phones.values()],
            "notices": self.notices,
            "throng": self._throng.shown().json(),
            "calls": list(self._calls),
        }

    def _phone(self, phone: Phone) -> Json:
        return {
            **phone_json(phone),
            "bot": self._bot_seen_by(phone),
            "commands": self._telegram.commands_for(phone.chat),
            "messages": [message_json(message) for message in phone.messages],
            "blocked": phone.blocked,
            "note": None if phone.note is None else asdict(phone.note),
        }

    def _bot_seen_by(self, phone: Phone) -> Json:
        """What the bot says of itself in the phone's language."""
        telegram, bot = self._telegram, self._telegram.bot
        language = telegram.language_of(phone.chat)
        return {
            "username": bot["username"],
            "name": telegram.profile.text("name", language) or bot["first_name"],
            "description": telegram.profile.text("description", language),
        }


def phone_json(phone: Phone) -> Json:
    """Whose phone it is."""
    return {
        "id": phone.chat_id,
        "name": phone.name,
        "role": phone.role,
        "language_code": phone.language_code,
    }


def message_json(message: Message) -> Json:
    """A message as the page takes it."""
    shown: Json = {
        "id": message.id,
        "from": message.sender,
        "kind": message.kind,
        "text": message.text,
        "entities": list(message.entities),
        "date": message.date.isoformat(),
        "edited": message.edited,
        "silent": message.silent,
        "rows": [
            [
                {"label": button.label}
                | ({"url": button.url} if button.data is None else {"data": button.data})
                for button in row
            ]
            for row in message.rows
        ],
    }
    if (file := message.document) is not None:
        shown["file"] = {
            "name": file.name,
            "url": f"/files/{file.file_id}",
            "as": shown_as(file.name),
        }
    if (photo := message.photo) is not None:
        shown["photo"] = {"url": f"/files/{photo.file_id}"}
    return shown


def _event(event: str, data: Json) -> bytes:
    return f"event: {event}\ndata: {json.dumps(data)}\n\n".encode()
