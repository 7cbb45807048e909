"""Telegram itself, as far as one bot sees it: chats, their messages, and what the bot is told.

One counter numbers the messages of all private chats and groups, as Telegram does for each bot
account. A message is kept as the Bot API writes it. Everything here happens at once, without
waiting: a call is done or refused before another begins.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.sandbox import refusals
from bot.sandbox.files import File, Kept, ending
from bot.sandbox.messages import Message, Toast, seen
from bot.sandbox.profile import Profile
from bot.sandbox.refusals import Refusal
from bot.sandbox.texts import Json
from bot.sandbox.updates import CALLBACKS_KEPT, Updates
from bot.sandbox.webhook import Webhook

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.sandbox.parameters import Parameters
    from bot.sandbox.pictures import Picture

FIRST_PERSON = 7_000_000_001
"""Over 32 bits, as new accounts are: what keeps ids in fewer shows itself."""
FIRST_GROUP = -4_000_000_001
DELETABLE = timedelta(hours=48)
ANSWERABLE = CALLBACKS_KEPT
"""How long a query can be answered; Telegram names no figure, so the one for delivery is used."""

EDITABLE = (
    "text", "entities", "link_preview_options", "document", "photo", "caption", "caption_entities",
    "reply_markup",
)  # fmt: skip

Watcher = Callable[[str, Json], None]


@dataclass(eq=False)
class Chat:
    """`wire` is the chat as the Bot API writes it. `silent` numbers the messages that came without
    a sound. `begun`: the person has written, so the bot may. `watcher` is told what happens, as
    (event, its data)."""

    wire: Json
    person: Json = field(default_factory=dict)
    messages: dict[int, Json] = field(default_factory=dict)
    silent: set[int] = field(default_factory=set)
    toasts: list[Toast] = field(default_factory=list)
    begun: bool = False
    blocked: bool = False
    watcher: Watcher | None = None

    @property
    def id(self) -> int:
        number: int = self.wire["id"]
        return number

    def tell(self, event: str, data: Json) -> None:
        if self.watcher is not None:
            self.watcher(event, data)


@dataclass
class Query:
    """A tap waiting for the bot's answer."""

    chat: Chat
    message_id: int
    asked: datetime
    answered: bool = False


class Telegram:
    """The state behind the Bot API, for one bot."""

    def __init__(
        self,
        token: str,
        username: str,
        name: str,
        clock: Callable[[], datetime],
        proxied: Mapping[str, str],
    ) -> None:
        number = token.split(":", 1)[0]
        self.bot: Json = {
            "id": int(number) if number.isdigit() else 1_000_000_001,
            "is_bot": True,
            "first_name": name,
            "username": username,
        }
        self.clock = clock
        self.updates = Updates(clock)
        self.webhook = Webhook(self.updates, clock, proxied)
        self.profile = Profile()
        self.chats: dict[int, Chat] = {}
        self.queries: dict[str, Query] = {}
        self.files: dict[str, Kept] = {}  # by each of its ids
        self.downloads: dict[str, Kept] = {}  # by its path, once the bot has asked for it
        self._kept = 0
        self._people = 0
        self._groups = 0
        self._last_message = 0

    def now(self) -> int:
        """Unix time in whole seconds, as every date of the Bot API."""
        return int(self.clock().timestamp())

    # chats

    def new_private_chat(self, name: str, language_code: str | None, username: str | None) -> Chat:
        number = FIRST_PERSON + self._people
        self._people += 1
        names = {"first_name": name, **({"username": username} if username else {})}
        person: Json = {"id": number, "is_bot": False, **names}
        if language_code:
            person["language_code"] = language_code
        return self._keep(Chat({"id": number, **names, "type": "private"}, person))

    def new_group(self, title: str) -> Chat:
        number = FIRST_GROUP - self._groups
        self._groups += 1
        return self._keep(Chat({"id": number, "title": title, "type": "group"}, begun=True))

    def _keep(self, chat: Chat) -> Chat:
        self.chats[chat.id] = chat
        return chat

    def chat(self, parameters: Parameters, *, writing: bool = True) -> Chat:
        """The chat a call names. Raises `Refusal` if there is none or the bot may not write."""
        name = parameters.text("chat_id")
        if not name:
            raise Refusal(refusals.CHAT_ID_EMPTY)
        chat = self.chats.get(parameters.integer("chat_id"))
        if chat is None:
            raise Refusal(refusals.CHAT_NOT_FOUND)
        if writing and not chat.begun:
            raise Refusal(refusals.NEVER_WROTE)
        if writing and chat.blocked:
            raise Refusal(refusals.BLOCKED)
        return chat

    # messages

    def seen(self, wire: Json) -> Message:
        """A message as its phone shows it."""
        file: Json = wire.get("document") or next(reversed(wire.get("photo", [])), {})
        return seen(
            wire,
            silent=wire["message_id"] in self.chats[wire["chat"]["id"]].silent,
            kept=self.files.get(file.get("file_id", "")),
        )

    def shown(self, chat: Chat) -> list[Message]:
        """What the chat shows now, oldest first."""
        return [self.seen(chat.messages[number]) for number in sorted(chat.messages)]

    def post(self, chat: Chat, sender: Json, content: Json, *, silent: bool = False) -> Json:
        """Puts a new message into the chat and returns it."""
        self._last_message += 1
        message: Json = {
            "message_id": self._last_message,
            "from": sender,
            "chat": chat.wire,
            "date": self.now(),
            **content,
        }
        chat.messages[self._last_message] = message
        if silent:
            chat.silent.add(self._last_message)
        chat.tell("message", message)
        return message

    def change(self, chat: Chat, message_id: int, content: Json) -> Json:
        """Edits a message: of what can be edited, what is not in `content` goes."""
        old = chat.messages[message_id]
        message: Json = {
            **{key: value for key, value in old.items() if key not in {*EDITABLE, "edit_date"}},
            "edit_date": self.now(),
            **content,
        }
        chat.messages[message_id] = message
        chat.tell("message", message)
        return message

    def remove(self, chat: Chat, message_ids: list[int]) -> None:
        """Deletes messages for both sides. Raises `Refusal`, and deletes none, if one is older
        than 48 hours; ids that are not there are passed over."""
        there = [number for number in message_ids if number in chat.messages]
        latest = self.now() - DELETABLE.total_seconds()
        if any(chat.messages[number]["date"] < latest for number in there):
            raise Refusal(refusals.DELETE_TOO_OLD)
        for number in there:
            del chat.messages[number]
        if there:
            chat.tell("deleted", {"ids": there})

    def keep_document(self, sent: File) -> Json:
        """Stores a document's content; returns it as the Bot API describes it."""
        self._kept += 1
        file = sent.by_name()
        wire = {
            **_ids("BQAC", self._kept, file.content),
            "file_name": file.name,
            "mime_type": file.mime,
        }
        path = f"documents/file_{self._kept}{ending(file.name)}"
        self.files[wire["file_id"]] = Kept(file, wire, path)
        return wire

    def keep_photo(self, picture: Picture) -> list[Json]:
        """Stores a photo; returns its sizes as the Bot API describes them. The sandbox makes no
        smaller pictures: the same one stands behind both."""
        self._kept += 1
        type_ = picture.mime.partition("/")[2]
        file = File(f"photo.{type_}", picture.mime, picture.content)
        sizes = [
            {
                **_ids(f"AgAC{letter}", self._kept, picture.content),
                "width": max(picture.width // part, 1),
                "height": max(picture.height // part, 1),
            }
            for letter, part in (("s", 4), ("x", 1))
        ]
        kept = Kept(file, sizes, f"photos/file_{self._kept}.{type_}")
        self.files.update((size["file_id"], kept) for size in sizes)
        return sizes

    # what the bot is told

    def told(self, kind: str, message: Json) -> None:
        """An update about a message, as the message is now."""
        self.updates.put(kind, copy.deepcopy(message))

    def tapped(self, chat: Chat, data: str, message_id: int) -> None:
        """A callback query; its message is inaccessible when it is gone."""
        number = str(self.bot["id"] * 1_000_003 + len(self.queries))
        self.queries[number] = Query(chat, message_id, self.clock())
        message = chat.messages.get(
            message_id, {"chat": chat.wire, "message_id": message_id, "date": 0}
        )
        query: Json = {
            "id": number,
            "from": chat.person,
            "message": copy.deepcopy(message),
            "chat_instance": str(chat.id * 2_654_435_761 % 2**63),
            "data": data,
        }
        self.updates.put("callback_query", query, kept=CALLBACKS_KEPT)

    def answer(self, query_id: str, toast: Toast | None) -> None:
        """The bot's answer to a tap. Raises `Refusal` if the query is unknown, too old, or
        answered already."""
        query = self.queries.get(query_id)
        if query is None or query.answered or self.clock() > query.asked + ANSWERABLE:
            raise Refusal(refusals.QUERY_TOO_OLD)
        if toast:
            query.chat.toasts.append(toast)
            query.chat.tell("toast", {"text": toast.text, "alert": toast.alert})
        query.answered = True

    def block(self, chat: Chat, *, blocked: bool) -> None:
        """The person blocks or unblocks the bot, which hears of it as `my_chat_member`."""
        chat.blocked = blocked

        def member(status: str) -> Json:
            until = {"until_date": 0} if status == "kicked" else {}
            return {"user": self.bot, "status": status, **until}

        self.updates.put(
            "my_chat_member",
            {
                "chat": chat.wire,
                "from": chat.person,
                "date": self.now(),
                "old_chat_member": member("member" if blocked else "kicked"),
                "new_chat_member": member("kicked" if blocked else "member"),
            },
        )
        chat.tell("blocked", {"blocked": blocked})

    def commands_for(self, chat: Chat) -> list[Json]:
        return self.profile.commands_for(chat.id, self.language_of(chat))

    def language_of(self, chat: Chat) -> str:
        """The two letters Telegram goes by: "pt-br" is "pt"."""
        code: str = chat.person.get("language_code", "")
        return code[:2]


def _ids(prefix: str, number: int, content: bytes) -> Json:
    return {
        "file_id": f"{prefix}AgQAAxkDAAMSANDBOX{number:06}",
        "file_unique_id": f"AgAD{prefix[4:]}SANDBOX{number:06}",
        "file_size": len(content),
    }
