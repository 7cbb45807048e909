"""The throng: thousands of people whose phones nobody looks at one by one, only at all together.

They have written to the bot, so it may write to them; what their phones show now is counted by what
it says. Nothing is counted while nobody asks: a phone on which something happened is only noted.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from functools import partial
from heapq import nsmallest
from typing import TYPE_CHECKING

from bot.sandbox.phone import RESIDENT, Phone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bot.sandbox.telegram import Telegram
    from bot.sandbox.texts import Json

MOST_ROWS = 8
LONGEST = 200
"""Letters of a text that a row shows."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a message of the bot says, wherever it stands. `links` are all addresses in it, in its
    text and on its buttons; `file` is a document's name, "photo" for a picture, '' for none."""

    text: str
    links: tuple[str, ...]
    file: str


@dataclass(frozen=True, slots=True)
class Row:
    """A message that so many `phones` show, on so many of them as the `newest`, on so many because
    it was `edited`. `text` is its beginning."""

    text: str
    links: tuple[str, ...]
    file: str
    phones: int
    newest: int
    edited: int


@dataclass(frozen=True, slots=True)
class Shown:
    """What the throng's `phones` show now: the messages on most of them, and how many `others`
    there are. So many have `blocked` the bot; so many are `bare`, without a message from it."""

    phones: int
    blocked: int
    bare: int
    rows: tuple[Row, ...]
    others: int

    def json(self) -> Json:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Counted:
    """A phone as it was counted last: what it said, what of it as an edit, and newest."""

    said: tuple[Said, ...] = ()
    edited: tuple[Said, ...] = ()
    newest: Said | None = None
    blocked: bool = False


class Throng:
    """`changed` is called when something has happened on one of its phones."""

    def __init__(self, telegram: Telegram) -> None:
        self.changed: Callable[[], None] = lambda: None
        self._telegram = telegram
        self._phones: dict[int, Phone] = {}
        self._counted: dict[int, _Counted] = {}
        self._happened: dict[int, None] = {}  # a set that keeps its order
        self._on: Counter[Said] = Counter()
        self._edited: Counter[Said] = Counter()
        self._newest: Counter[Said] = Counter()
        self._first: dict[Said, int] = {}
        self._blocked = 0
        self._bare = 0

    def __len__(self) -> int:
        return len(self._phones)

    def __iter__(self) -> Iterator[Phone]:
        return iter(self._phones.values())

    def join(
        self, people: Iterable[tuple[str, str | None]], *, blocked: bool = False
    ) -> list[Phone]:
        """New people, each with a first name and their phone's language, who once wrote to the
        bot; it is not told of that now, nor that they have `blocked` it since."""
        joined = []
        for name, language_code in people:
            chat = self._telegram.new_private_chat(name, language_code, None)
            chat.begun, chat.blocked = True, blocked
            chat.watcher = partial(self._watch, chat.id)
            self._phones[chat.id] = phone = Phone(self._telegram, chat, RESIDENT)
            joined.append(phone)
        self._happened.update(dict.fromkeys(phone.chat_id for phone in joined))
        self.changed()
        return joined

    def shown(self) -> Shown:
        """What the phones show now."""
        for chat_id in self._happened:
            self._count(chat_id)
        self._happened.clear()
        most = nsmallest(MOST_ROWS, self._on, key=self._place)
        rows = tuple(
            Row(
                said.text[:LONGEST],
                said.links,
                said.file,
                self._on[said],
                self._newest[said],
                self._edited[said],
            )
            for said in most
        )
        others = len(self._on) - len(rows)
        return Shown(len(self._phones), self._blocked, self._bare, rows, others)

    def _place(self, said: Said) -> tuple[int, int]:
        """Most phones first; of equals, what came first."""
        return -self._on[said], self._first[said]

    def _watch(self, chat_id: int, event: str, _: Json) -> None:
        if event in {"message", "deleted", "blocked"}:
            self._happened[chat_id] = None
            self.changed()

    def _count(self, chat_id: int) -> None:
        chat = self._phones[chat_id].chat
        own = [wire for wire in chat.messages.values() if wire["from"]["is_bot"]]
        said = [_said(wire) for wire in own]
        now = _Counted(
            tuple(said),
            tuple(one for one, wire in zip(said, own, strict=True) if "edit_date" in wire),
            said[-1] if said else None,
            chat.blocked,
        )
        for one in said:
            self._first.setdefault(one, len(self._first))
        if (before := self._counted.get(chat_id)) is not None:
            self._add(before, -1)
        self._add(now, 1)
        self._counted[chat_id] = now

    def _add(self, phone: _Counted, times: int) -> None:
        _tally(self._on, phone.said, times)
        _tally(self._edited, phone.edited, times)
        if phone.newest is not None:
            _tally(self._newest, (phone.newest,), times)
        self._bare += times * (phone.newest is None)
        self._blocked += times * phone.blocked


def _tally(counts: Counter[Said], said: tuple[Said, ...], times: int) -> None:
    """A phone counts once for what it says twice."""
    for one in set(said):
        counts[one] += times
        if not counts[one]:
            del counts[one]


def _said(wire: Json) -> Said:
    text = wire.get("text") or wire.get("caption") or ""
    raw = text.encode("utf-16-le")
    links = []
    for entity in wire.get("entities") or wire.get("caption_entities") or ():
        if entity["type"] == "text_link":
            links.append(entity["url"])
        elif entity["type"] == "url":
            start, length = 2 * entity["offset"], 2 * entity["length"]
            links.append(raw[start : start + length].decode("utf-16-le"))
    for row in wire.get("reply_markup", {}).get("inline_keyboard", ()):
        links += [button["url"] for button in row if "url" in button]
    file = "photo" if "photo" in wire else wire.get("document", {}).get("file_name", "")
    return Said(text, tuple(dict.fromkeys(links)), file)
