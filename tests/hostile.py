"""Everything anybody could send, and worse: the real bot, in a world that judges as Telegram does.

A play is a list of steps. Four persons do what phones can do, and among it updates arrive that no
phone makes: fields missing, of another type, numbers too large, texts no client lets through. They
go to the real intake; each call of the bot goes, in this process, to the sandbox's own methods, so
that every text, entity and keyboard is accepted or refused as Telegram would.

After each batch the world looks at the log, the calls and the drafts; after each play at every row
that is kept. Each text that somebody sends carries a mark of its own, so that wherever it turns up
again one knows whose it is and what it should read.

`storm` plays a long time, from one batch number to another: the same number, the same plays.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import random
import re
import sqlite3
import tempfile
import time
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from aiogram import Bot
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from bot import surveys as lives
from bot.adapter import ALLOWED
from bot.chats import Chats
from bot.client import Client
from bot.following import Following
from bot.glimpses import Glimpses
from bot.housekeeping import House
from bot.intake import MOST_WAITING, Intake
from bot.kept import Kept, kept
from bot.memory import Memory
from bot.outbox import Outbox
from bot.pace import Pace
from bot.render import Renderer
from bot.sandbox import refusals
from bot.sandbox.methods import METHODS
from bot.sandbox.parameters import Parameters
from bot.sandbox.phone import Group, Phone
from bot.sandbox.refusals import Refusal
from bot.sandbox.telegram import Telegram
from bot.sandbox.texts import split
from bot.settings import Settings
from bot.sight import Sight
from bot.speech import Speaker
from dialogs.buttons import Deed, Page
from dialogs.forms import draft as drafting
from dialogs.forms.model import Role, Type
from dialogs.forms.walk import ends, meets_constraint, path
from dialogs.languages import LANGUAGES as SPOKEN
from dialogs.screens import Say
from storage import applications, drafts, subscribers
from storage.lease import Lease
from storage.tables import metadata
from tests.chat import fits, names, takes, whole
from tests.county import BEGINS, FORMS, HELSINKI, RATE, TOKEN, Clock
from tests.needles import found
from tests.pool import waiting
from tests.reader import LANGUAGES, Reader, Tap, Write

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping
    from datetime import datetime

    from dialogs.forms.model import Form, Row

OPEN: Final = (*names(), "every_kind")
PHONES: Final = ("fi", "sv-FI", "en", "zh-hans")
ODD_CODES: Final = (None, "", "fi_FI", "EN", "sv-x-" + "a" * 300, "\u202efi", "🇫🇮", "{fi}", "..")

# Texts

HOSTILE: Final = (
    "<b>lihava</b> <i>&amp;</i> <script>alert(1)</script> <a href='tg://user?id=1'>x</a>",
    "*lihava* _kursiivi_ `koodi` [linkki](https://esimerkki.fi) ||piilo|| ~yli~ \\*",
    "```python\nprint(1)\n```",
    "{name} {0} {title} {limit!r:>{length}} {",
    "🧓🏽" * 100,
    "%s %(name)s %d %",
    "${services} $x ${x} #{x} {{x}} <%= x %>",
    "answer.skipped",
    "notice.review",
    "mark.chosen",
    "/stop",
    "/start equality",
    "@raati_bot https://t.me/raati_bot?start=equality tg://resolve?domain=x #tunniste",
    "\u202eoikealta vasemmalle\u202c \u2067\u05e9\u05dc\u05d5\u05dd\u2069",
    "\u0645\u0631\u062d\u0628\u0627",
    "\u200b\u200c\u200d\ufeff\u2060\u00ad",
    "näky\u200bmätön\ufeff väli\u00adviiva",
    "Z\u0351\u0343\u0302a\u0363\u0308l\u0301\u0329g\u0338o\u0327",
    "\u0301\u0308alku",
    "👩\u200d👩\u200d👧\u200d👦 🧓🏽 🏳\ufe0f\u200d🌈 🇫🇮 ☝🏿 \U0001fae8",
    "\x00\x01\x07\x1b[31m\x7f\x85",
    "rivi\u2028toinen\u2029kolmas\r\nneljäs\x0bviides",
    " \t\n\u00a0\u3000 ",
    "\ud83d",
    "ehjä ja \udc00 puolikas",
    "\U000e0041\U000e007f \ufffe \U0010ffff",
    "…",
    "'; DROP TABLE drafts; --",
    "../../etc/passwd",
    "a" * 4096,
    "🧓🏽" * 1024,
    "ä" * 3999,
    "<" * 1200,
    "\n" * 500 + "loppu",
    "sana " * 5000,
    "(" * 300 + ")" * 300,
    "1, " * 800,
    "1.1.2027",
    "-0",
    "1e999",
    "९९९",
    "²",
    "Ⅷ",
    "٣",
)  # fmt: skip
"""What has broken programs: markup, templates, names of phrases, odd Unicode, sizes."""

ANSWERS: Final = (
    "1", "2", "2.", "1 3", "11", "kyllä", "ja", "yes", "Jyväskylä", "joutsa", "3,5", "19.3.",
    "040 123 4567", "a@esimerkki.fi", "En tiedä", "Ei", "Tyttö ja äiti",
)  # fmt: skip

MARK: Final = re.compile(r"[ZNX]q\d{6}x")
"""Z: typed by a person. N: a name. X: what a person sent and nobody may keep or show."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text somebody types; `marked`: where its mark stands, "" for none."""

    text: str
    marked: str = ""


def bare(text: str) -> str:
    """What of a text must come back: without what cannot be seen, without spaces."""
    kept = "".join(
        mark
        for mark in text
        if mark.isspace()
        or not (unicodedata.category(mark) in ("Cc", "Cf", "Cs") or ord(mark) & 0xFFFE == 0xFFFE
                or 0xFDD0 <= ord(mark) <= 0xFDEF)
    )  # fmt: skip
    return "".join(unicodedata.normalize("NFC", kept).split())


# Strategies

characters = st.characters(codec=None, categories=None)
texts = st.one_of(
    st.sampled_from(HOSTILE),
    st.sampled_from(ANSWERS),
    st.text(characters, max_size=12),
    st.builds(str.__add__, st.sampled_from(HOSTILE[:26]), st.sampled_from(HOSTILE[:26])),
)
words = st.builds(Words, texts, st.sampled_from(["", "before", "before", "after"]))
tame = st.builds(Words, st.sampled_from(HOSTILE[:20]), st.sampled_from(["before", "after"]))

who = st.integers(0, len(PHONES) - 1)
places = st.integers(0, 9_999)
forms = st.sampled_from([*OPEN, "nothing", "e"])

data = st.one_of(
    st.sampled_from([*HOSTILE, "", "a" * 64, "a" * 65, "ä" * 40, "a:", "m:", "a:::::", "m:fi:"]),
    st.text(characters, max_size=70),
    st.builds(
        "a:{}:{}:{}:{}{}".format,
        forms,
        st.sampled_from([*SPOKEN, "de", "FI"]),
        st.integers(0, 10**10),
        st.sampled_from([*(deed.value for deed in Deed), "?"]),
        st.one_of(st.sampled_from(["", *SPOKEN, "-1", "٣"]), st.integers(0, 1_200)),
    ),
    st.builds(
        "m:{}:{}:{}".format, st.sampled_from([*SPOKEN, "de"]), st.sampled_from([*Page, "x"]), forms
    ),
    st.builds("m:{}:{}".format, st.sampled_from(SPOKEN), st.sampled_from(Page)),
)
payloads = st.one_of(
    st.sampled_from(["", *OPEN, "x" * 64, "x" * 65, "-", "__", "EQUALITY", "m:fi:home", "0"]),
    st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True),
    texts,
)
commands = st.sampled_from(
    ["start", "stop", "help", "privacy", "language", "panel", "START", "start@raati_bot",
     "start@other_bot", "", "s" * 33, "ä", "stop/stop"]
)  # fmt: skip


def _nested(depth: int) -> Any:
    value: Any = {}
    for _ in range(depth):
        value = {"message": value, "chat": [value]} if depth < 8 else {"reply_to_message": value}
    return value


junk = st.one_of(
    st.sampled_from(
        [None, True, False, 0, -1, 1, 2**31, 2**40, 2**52, 2**53, 2**63 - 1, 2**63, -(2**63), 2**64,
         -(2**40), 10**30, 10**400, 0.5, 1.0, -0.0, 1e308, float("nan"), float("inf"), "", "0",
         "12", " 7 ", "true", "null", "private", "channel", "1970-01-01T00:00:00", "0001-01-01",
         "9999-12-31T23:59:59", [], {}, [[]], [None], [{}], {"id": 1}, {"id": 7_000_000_001},
         {"": ""}, "\ud800", "\x00", "ä" * 70_000, 253402300800, -62135596801, -1e12, 32503680000]
    ),
    st.sampled_from(HOSTILE),
    st.builds(_nested, st.sampled_from([3, 60, 900])),
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)
        ),
        max_leaves=6,
    ),
)  # fmt: skip

_FILE: Final = {"file_id": "A", "file_unique_id": "a"}
_USER: Final = {"id": 5, "is_bot": False, "first_name": "<b>Toinen</b>"}
_GROUP: Final = {"id": -100, "type": "supergroup", "title": "{title}"}

EXTRAS: Final[dict[str, Any]] = {
    "message_thread_id": 4,
    "sender_chat": _GROUP,
    "sender_boost_count": 3,
    "via_bot": {"id": 6, "is_bot": True, "first_name": "B", "username": "b_bot"},
    "edit_date": 1,
    "author_signature": "<i>a</i>",
    "has_protected_content": True,
    "is_automatic_forward": True,
    "is_from_offline": True,
    "media_group_id": "1",
    "forward_origin": {"type": "user", "date": 1, "sender_user": _USER},
    "reply_to_message": {
        "message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}, "text": "QUOTED",
    },
    "external_reply": {"origin": {"type": "hidden_user", "date": 1, "sender_user_name": "QUOTED"}},
    "quote": {"text": "QUOTED", "position": 0},
    "entities": [
        {"type": "bold", "offset": 0, "length": 9_999},
        {"type": "bot_command", "offset": 0, "length": 6},
        {"type": "text_mention", "offset": -1, "length": 2, "user": _USER},
    ],
    "link_preview_options": {"is_disabled": True, "url": "https://esimerkki.fi"},
    "effect_id": "5",
    "caption": "QUOTED",
    "photo": [{**_FILE, "width": 1, "height": 1}],
    "voice": {**_FILE, "duration": 1},
    "video_note": {**_FILE, "duration": 1, "length": 1},
    "audio": {**_FILE, "duration": 1, "title": "QUOTED"},
    "animation": {**_FILE, "duration": 1, "width": 1, "height": 1},
    "document": {**_FILE, "file_name": "QUOTED.exe"},
    "story": {"id": 1, "chat": _GROUP},
    "dice": {"emoji": "🎲", "value": 6},
    "poll": {
        "id": "1", "question": "QUOTED", "options": [], "total_voter_count": 0, "is_closed": False,
        "is_anonymous": True, "type": "regular", "allows_multiple_answers": False,
        "allows_revoting": False, "members_only": False,
    },
    "contact": {"phone_number": "+358401234567", "first_name": "QUOTED", "vcard": "QUOTED"},
    "location": {"latitude": 91.0, "longitude": -181.0},
    "venue": {
        "location": {"latitude": 62.2, "longitude": 25.7}, "title": "QUOTED", "address": "QUOTED",
    },
    "new_chat_members": [_USER],
    "left_chat_member": _USER,
    "new_chat_title": "QUOTED",
    "pinned_message": {"message_id": 1, "date": 0, "chat": {"id": 5, "type": "private"}},
    "migrate_to_chat_id": -1_000_000_000_001,
    "message_auto_delete_timer_changed": {"message_auto_delete_time": 86_400},
    "users_shared": {"request_id": 1, "users": [{"user_id": 5}]},
    "web_app_data": {"data": "QUOTED", "button_text": "QUOTED"},
    "write_access_allowed": {},
    "business_connection_id": "1",
    "reply_markup": {"inline_keyboard": [[{"text": "QUOTED", "callback_data": "m:fi:home"}]]},
}  # fmt: skip
"""Other fields a message may have, as the Bot API describes them."""

extras = st.dictionaries(
    st.sampled_from(sorted(EXTRAS)), st.one_of(st.none(), st.none(), junk), max_size=3
)
"""None: the field as the Bot API describes it; else the junk in its place."""

whole_numbers = st.one_of(
    st.sampled_from([0, 1, 5, -1, -100, 2**31 - 1, 2**31, 2**40, 2**52, 2**53, 2**63, 10**30]),
    st.integers(1, 200),
    st.integers(7_000_000_001, 7_000_000_004),
    st.integers(),
)
aimed = st.one_of(
    st.tuples(st.just("message_id"), whole_numbers),
    st.tuples(st.just("id"), whole_numbers),
    st.tuples(
        st.just("date"),
        st.one_of(whole_numbers, st.sampled_from(["0001-01-01T00:00:00", "2027-01-27T12:00:00"])),
    ),
    st.tuples(st.just("text"), texts),
    st.tuples(st.just("data"), data),
    st.tuples(st.just("language_code"), st.sampled_from(ODD_CODES)),
    st.tuples(st.just("type"), st.sampled_from(["private", "group", "channel", "PRIVATE", ""])),
    st.tuples(st.just("is_bot"), st.booleans()),
    st.tuples(st.just("first_name"), texts),
)
"""A value of the right type for a field that is read."""

changes = st.lists(
    st.one_of(
        st.tuples(st.just("aim"), places, aimed),
        st.tuples(st.sampled_from(["drop", "put", "put", "rename", "wrap", "add"]), places, junk),
    ),
    min_size=1,
    max_size=3,
)
persons = st.fixed_dictionaries(
    {},
    optional={
        "id": st.one_of(st.integers(1, 2**52), junk),
        "is_bot": st.one_of(st.booleans(), junk),
        "first_name": st.one_of(texts, junk),
        "last_name": st.one_of(texts, junk),
        "username": st.one_of(texts, junk),
        "language_code": st.one_of(st.sampled_from([*SPOKEN, *ODD_CODES]), junk),
    },
)
rooms = st.fixed_dictionaries(
    {},
    optional={
        "id": st.one_of(st.integers(1, 2**52), st.integers(-(2**52), -1), junk),
        "type": st.one_of(
            st.sampled_from(["private", "private", "group", "supergroup", "channel", "x"]), junk
        ),
        "title": st.one_of(texts, junk),
        "username": st.one_of(texts, junk),
        "first_name": st.one_of(texts, junk),
    },
)
numbers = st.one_of(st.integers(0, 2**31 - 1), st.integers(), junk)
messages = st.fixed_dictionaries(
    {},
    optional={
        "message_id": numbers,
        "from": st.one_of(persons, junk),
        "chat": st.one_of(rooms, rooms, junk),
        "date": numbers,
        "text": st.one_of(texts, junk),
    },
)
queries = st.fixed_dictionaries(
    {},
    optional={
        "id": st.one_of(st.integers(0, 2**64).map(str), junk),
        "from": st.one_of(persons, junk),
        "message": st.one_of(messages, junk),
        "inline_message_id": st.one_of(texts, junk),
        "chat_instance": st.one_of(st.just("1"), junk),
        "data": st.one_of(data, junk),
        "game_short_name": st.one_of(texts, junk),
    },
)
members = st.fixed_dictionaries(
    {},
    optional={
        "chat": st.one_of(rooms, junk),
        "from": st.one_of(persons, junk),
        "date": numbers,
        "old_chat_member": st.one_of(
            st.fixed_dictionaries({"status": texts, "user": persons}), junk
        ),
        "new_chat_member": junk,
    },
)
invented = st.one_of(
    st.fixed_dictionaries(
        {},
        optional={
            "update_id": st.one_of(st.integers(-5, 2**31), junk),
            "message": st.one_of(messages, junk),
            "edited_message": st.one_of(messages, junk),
            "callback_query": st.one_of(queries, junk),
            "my_chat_member": st.one_of(members, junk),
            "channel_post": messages,
            "inline_query": queries,
            "poll": junk,
        },
    ),
    junk,
)
"""Whole updates that no phone made."""

kinds = st.sampled_from(
    ["voice", "photo", "sticker", "forward", "document", "video", "location", "contact", "album"]
)
from_phones = st.one_of(
    st.tuples(st.just("forward"), who, tame),
    st.tuples(st.just("forward"), who, words),
    st.tuples(st.just("tap"), who, places),
    st.tuples(st.just("old"), who, places),
    st.tuples(st.just("theirs"), who, who, places),
    st.tuples(st.just("tampered"), who, places, places),
    st.tuples(st.just("press"), who, st.sampled_from(Deed), places),
    st.tuples(st.just("data"), who, data, places),
    st.tuples(st.just("type"), who, words),
    st.tuples(st.just("burst"), who, st.lists(words, min_size=2, max_size=4), st.just(1)),
    st.tuples(st.just("burst"), who, st.lists(words, min_size=2, max_size=3), st.just(9)),
    st.tuples(st.just("edit"), who, places, words),
    st.tuples(st.just("command"), who, commands, payloads),
    st.tuples(st.just("link"), who, payloads),
    st.tuples(st.just("send"), who, kinds),
    st.tuples(st.just("group"), who, texts),
    st.tuples(st.just("block"), who),
    st.tuples(st.just("raw"), who, words, extras),
    st.tuples(st.just("raw edit"), who, who, places, words),
    st.tuples(st.just("raw tap"), who, data, places),
)
strides = st.tuples(st.just("stride"), who, forms, st.integers(0, 24), places, tame)
others = st.one_of(
    st.tuples(st.just("deliver")),
    st.tuples(st.just("again"), places),
    st.tuples(st.just("wait"), st.sampled_from([1, 3, 20, 200, 4000])),
)
steps = st.sampled_from(
    [
        *[from_phones] * 8,
        *[st.tuples(st.just("changed"), from_phones, changes)] * 8,
        *[st.tuples(st.just("invented"), invented)] * 3,
        *[others] * 2,
        strides,
    ]
).flatmap(lambda chosen: chosen)
plays = st.builds(
    list.__add__,
    st.lists(strides, min_size=1, max_size=3),
    st.lists(steps, min_size=15, max_size=60),
)

one_of_five = st.integers(0, 4).map(lambda number: number == 4)

# The edge of the machine

MAY_BE_REFUSED: Final = {
    refusals.CHAT_NOT_FOUND: "a chat that an update made up",
    refusals.NEVER_WROTE: "a person who taps without having written",
    refusals.BLOCKED: "a person who has blocked the bot meanwhile",
    refusals.QUERY_TOO_OLD: "a tap made up, delivered again or answered late",
    refusals.EDIT_NOT_FOUND: "a tap on a message that was made up or has been deleted",
    refusals.EDIT_FORBIDDEN: "a tap on a message that is not the bot's",
    refusals.NOT_MODIFIED: "a tap that leaves the card as it is",
    refusals.DELETE_NOT_FOUND: "a message made up, or deleted before",
}
"""What Telegram may refuse, and for what. Anything else was the bot's mistake."""

WARNINGS: Final = re.compile(
    r"An update \(\w+\) could not be (read and is set aside|answered) \(\w+\)\."
    r"|A card was not shown in time; the next tap shows it\.",
    re.IGNORECASE,
)
"""All that may be worth a warning."""

ASIDE: Final = re.compile(r"is set aside|is left aside")
SLOW: Final = re.compile("not shown in time")

FAILED: Final = re.compile(r"An update \(\w+\) failed twice and is set aside \(\w+\)\.")
"""Only of an update with numbers that Telegram never gives."""


class Wire:
    """In the place of the client's connections: a call is carried out, or refused, at once."""

    def __init__(self) -> None:
        self.telegram: Telegram | None = None
        self.calls: list[tuple[str, dict[str, Any], str]] = []

    @contextlib.asynccontextmanager
    async def post(self, url: str, *, json: Any, **_: Any) -> AsyncIterator[Answer]:
        await asyncio.sleep(0)  # others have their turn, as while a call is under way
        yield Answer(*self._carried_out(url.rpartition("/")[2], _over_the_wire(json)))

    def _carried_out(self, method: str, values: dict[str, Any]) -> tuple[int, Any]:
        assert self.telegram is not None
        try:
            result = METHODS[method](self.telegram, Parameters(values))
        except Refusal as refusal:
            self.calls.append((method, values, refusal.description))
            code, said = refusal.code, refusal.description
            return code, {"ok": False, "error_code": code, "description": said}
        self.calls.append((method, values, ""))
        return 200, {"ok": True, "result": result}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    content: Any

    async def read(self) -> bytes:
        return json.dumps(self.content).encode()


class Edge(Client):
    """The bot's own client, down to where it would reach out."""

    def __init__(self, wire: Wire) -> None:
        super().__init__("https://telegram.invalid")
        self._wire = wire

    def _connected(self) -> Any:
        return self._wire


def _over_the_wire(value: Any) -> Any:
    return json.loads(json.dumps(value))


class Lines(logging.Handler):
    """Every record that is logged."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


# The world


@dataclass(eq=False)
class Person:
    phone: Phone
    buttons: list[tuple[str, int]] = field(default_factory=list)  # every one ever shown, and where
    sent: list[int] = field(default_factory=list)  # ids of texts typed


@dataclass
class Counts:
    """What a storm has done."""

    plays: int = 0
    updates: int = 0
    set_aside: int = 0  # could not be read, or not of a kind that was asked for
    failed: int = 0  # held numbers that Telegram never gives
    responses: int = 0
    applications: int = 0
    shown: int = 0  # times a person's words were shown back, and read as written
    finished: int = 0  # persons who answered a survey to its end after their play
    seconds: float = 0.0
    refused: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0  # seconds of the slowest batch

    def add(self, other: Counts) -> None:
        self.plays += other.plays
        self.updates += other.updates
        self.set_aside += other.set_aside
        self.failed += other.failed
        self.responses += other.responses
        self.applications += other.applications
        self.shown += other.shown
        self.finished += other.finished
        self.seconds += other.seconds
        self.refused += other.refused
        self.slowest = max(self.slowest, other.slowest)


class World:
    """A county with every form open, and four persons. `begin` makes it new."""

    def __init__(self, here: Kept, data: Path, forms: dict[str, Form]) -> None:
        self._here = here
        self._data = data
        self._forms = forms
        self._renderer = Renderer(HELSINKI)
        self._wire = Wire()
        self._bot = Bot(TOKEN, session=Edge(self._wire))
        self._lines = Lines()
        self._marks = 0
        self._database = sqlite3.connect(data / "raati.db", isolation_level=None)
        self._database.execute("PRAGMA secure_delete=ON")
        self._database.execute("PRAGMA busy_timeout=10000")
        self.counts = Counts()

    def close(self) -> None:
        self._database.close()

    async def play(self, steps: list[Any], *, finishing: bool) -> None:
        """One play from the beginning, looked at all along; `finishing`: afterwards everybody
        answers to the end, and the files are searched. Raises AssertionError."""
        began = time.perf_counter()
        self._begin()
        root = logging.getLogger()
        level = root.level
        root.addHandler(self._lines)
        root.setLevel(logging.DEBUG)
        try:
            for step in steps:
                await self._step(step)
            await self._deliver()
            await self._inspect()
            if finishing:
                for person in self.persons:
                    await self._finishes(person)
                await self._inspect()
                self._search_files()
        finally:
            root.setLevel(level)
            root.removeHandler(self._lines)
            await self._chats.close()
        self.counts.plays += 1
        self.counts.responses += self._rows("pool")
        self.counts.applications += self._rows("applications")
        self.counts.seconds += time.perf_counter() - began

    def _hosted(self, chance: random.Random) -> Chats:
        """The conversations of the bot, with what stands around them."""

        def now() -> datetime:
            return self.clock().astimezone(HELSINKI)

        def nothing() -> None:
            """Nothing comes out of the mix here, nor out of the outbox."""

        store, forms, office = self._here.store, self._here.forms, self._here.office
        pace = Pace(RATE)
        speaker = Speaker(self._bot, self._renderer, lambda: self._today, pace)
        memory = Memory(
            store,
            office,
            self._renderer,
            now=now,
            zone=HELSINKI,
            mixed=nothing,
            announced=nothing,
        )
        sight = Sight(
            store,
            forms,
            office,
            now=now,
            zone=HELSINKI,
            chance=chance.randrange,
            bot_link=speaker.own_link,
            fetch=speaker.fetch,
            shelf=dict,
            trials=memory.trials,
        )
        house = House(store, forms, office, memory, now=now, zone=HELSINKI, kept=nothing)
        return Chats(
            speaker,
            sight,
            memory,
            Glimpses(speaker, store, self.clock),
            Following(speaker, store, self.clock, sight.follow),
            Outbox(self._bot, store, Lease(self._data / "lease"), pace, office, now),
            clock=self.clock,
            keep_house=house.keep,
        )

    def _begin(self) -> None:
        for table in metadata.tables:
            if table != "surveys":
                self._database.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
        self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.clock = Clock(BEGINS)
        self.telegram = Telegram(TOKEN, "raati_bot", "Raati", self.clock, {})
        self._wire.telegram = self.telegram
        self._wire.calls.clear()
        self._lines.records.clear()
        self._offset = 0
        self._waiting: list[Any] = []  # updates not yet delivered
        self._delivered: list[Any] = []
        self._handled: set[int] = set()  # the numbers of the sound ones among them
        self._sound: set[int] = set()  # numbers of those that a phone made, as it made them
        self._owners: dict[str, int] = {}  # whose text a mark is
        self._originals: dict[str, str] = {}
        self._touched: set[int] = set()  # every chat an update was in
        self._said: dict[int, set[str]] = {}  # what was typed in each chat, bare
        self._chats = self._hosted(random.Random(7))
        self._intake = Intake(
            self._bot,
            handle=self._chats.handle,
            surplus=self._chats.surplus,
            failed=self._chats.failed,
            allowed=ALLOWED,
            sleep=_at_once,
        )
        self.persons = [
            Person(
                Phone(
                    self.telegram,
                    self.telegram.new_private_chat(
                        f"{HOSTILE[place]} {self._mark('N')}", code, f"{self._mark('N')}_{place}"
                    ),
                    role="resident",
                )
            )
            for place, code in enumerate(PHONES)
        ]
        for person in self.persons[:-1]:
            person.phone.chat.begun = True
        self._group = Group(self.telegram, self.telegram.new_group("<b>{title}</b>"))

    @property
    def _today(self) -> Any:
        return self.clock().astimezone(HELSINKI).date()

    # What happens

    async def _step(self, step: Any) -> None:
        match step:
            case ("deliver",):
                await self._deliver()
            case ("wait", seconds):
                await self._deliver()
                self.clock.passes(seconds=seconds)
            case ("stride", number, form, length, place, text):
                begin = f"m:{SPOKEN[place % len(SPOKEN)]}:begin:{form}"
                await self._take_from_phones(("data", number, begin, -1))
                for _ in range(length):
                    await self._take_from_phones(("forward", number, text))
            case ("again", place):
                self._waiting += self._delivered[place % (len(self._delivered) or 1) :][:1]
            case ("invented", update):
                self._waiting.append(_over_the_wire(update))
            case ("changed", inner, how):
                await self._waits_for(inner)
                known = len(self._waiting)
                await self._take_from_phones(inner)
                for place, entry in enumerate(self._waiting[known:], known):
                    self._sound.discard(entry["update_id"])
                    self._waiting[place] = changed(_over_the_wire(entry), how)
            case ("raw", *_, more) if any(value is not None for value in more.values()):
                known = len(self._waiting)
                await self._take_from_phones(step)
                self._sound -= {entry["update_id"] for entry in self._waiting[known:]}
            case _:
                await self._take_from_phones(step)

    async def _take_from_phones(self, step: Any) -> None:
        await self._waits_for(step)
        self._phone_does(step)
        await self._collect()

    async def _waits_for(self, step: Any) -> None:
        """Some things one does only when one sees what is there."""
        if step[0] in ("forward", "tap", "press"):
            await self._deliver()

    async def _collect(self) -> None:
        """What the phones made joins what waits."""
        while entries := await self.telegram.updates.take(self._offset, 100, 0):
            self._offset = entries[-1]["update_id"] + 1
            self._sound |= {entry["update_id"] for entry in entries}
            self._waiting += _over_the_wire(entries)

    def _phone_does(self, step: Any) -> None:
        person = self.persons[step[1]]
        phone = person.phone
        if phone.blocked and step[0] != "block":
            phone.unblock()
        self.clock.passes(seconds=2)
        match step:
            case ("block", _) if phone.blocked:
                phone.unblock()
            case ("block", _):
                phone.block()
            case ("forward", _, text):
                self._goes_forward(person, text)
            case ("tap", _, place):
                here = self._shown(person) or [("", 1)]
                newest = [button for button in here if button[1] == here[-1][1]]
                self._taps(person, newest, place)
            case ("old", _, place):
                self._shown(person)
                self._taps(person, person.buttons, place)
            case ("theirs", _, whose, place):
                theirs = self._shown(self.persons[whose])
                own = self._shown(person) or [("", 1)]
                if theirs:
                    phone.tap_data(theirs[place % len(theirs)][0], own[-1][1])
            case ("tampered", _, place, how):
                if here := self._shown(person):
                    carried, at = here[place % len(here)]
                    phone.tap_data(tampered(carried, how), at)
            case ("press", _, deed, place):
                here = self._shown(person)
                fitting = [button for button in here if f":{deed}" in button[0][-6:]]
                self._taps(person, fitting, place)
            case ("data", _, carried, place):
                here = self._shown(person) or [("", 1)]
                phone.tap_data(carried, here[place % len(here)][1])
            case ("type", _, text):
                self._types(person, self._marked(person, text))
            case ("burst", _, several, times):
                for text in several * times:
                    self._types(person, self._marked(person, text))
            case ("edit", _, place, text) if person.sent:
                said = self._marked(person, text)
                with contextlib.suppress(ValueError, KeyError):  # no phone sends it; it was deleted
                    phone.edit(person.sent[place % len(person.sent)], said)
            case ("command", _, name, argument):
                self._types(person, f"/{name} {argument}")
            case ("link", _, payload):
                with contextlib.suppress(ValueError):
                    phone.open_link(payload)
            case ("send", _, kind):
                phone.send(kind)
            case ("group", _, text):
                with contextlib.suppress(ValueError):
                    self._group.type(phone, text if text.startswith("/") else f"/start {text}")
            case ("raw", _, text, more):
                content = {name: self._extra(name, value) for name, value in more.items()}
                self._writes(person, {"text": self._marked(person, text), **content})
            case ("raw edit", _, whose, place, text):
                known = self.persons[whose].sent or [1]
                edited = {
                    "message_id": known[place % len(known)], "from": phone.chat.person,
                    "chat": phone.chat.wire, "date": 1, "edit_date": self.telegram.now(),
                    "text": self._marked(person, text),
                }  # fmt: skip
                self.telegram.updates.put("edited_message", edited)
            case ("raw tap", _, carried, place):
                query = {
                    "id": str(place), "from": phone.chat.person, "chat_instance": "1",
                    "message": {"message_id": place, "chat": phone.chat.wire, "date": 0},
                    "data": carried,
                }  # fmt: skip
                self.telegram.updates.put("callback_query", query)

    def _shown(self, person: Person) -> list[tuple[str, int]]:
        """The buttons on the phone, the newest card's last; each is remembered for ever."""
        here = [
            (button.data or "", message.id)
            for message in person.phone.messages
            for row in message.rows
            for button in row
        ]
        person.buttons += [button for button in here if button not in person.buttons]
        return here

    def _taps(self, person: Person, buttons: list[tuple[str, int]], place: int) -> None:
        if buttons:
            person.phone.tap_data(*buttons[place % len(buttons)])

    def _types(self, person: Person, text: str) -> None:
        """As a phone does, or past it, where no phone would let it through."""
        try:
            person.sent.append(person.phone.type(text))
        except ValueError:
            self._writes(person, {"text": text})
            return
        for piece, _ in split(text):
            self._originals |= dict.fromkeys(MARK.findall(piece), piece)

    def _writes(self, person: Person, content: dict[str, Any]) -> None:
        chat = person.phone.chat
        chat.begun = True
        message = {
            "from": chat.person, "chat": chat.wire, "date": self.telegram.now(),
            "message_id": self.telegram.post(chat, chat.person, {"text": "…"})["message_id"],
            **content,
        }  # fmt: skip
        person.sent.append(message["message_id"])
        self.telegram.updates.put("message", message)

    def _goes_forward(self, person: Person, text: Words) -> None:
        """The next thing on the card, as one does who reads it."""
        if not self._shown(person):
            self._types(person, "/start")
        else:
            self._does(person, self._next(person, self._marked(person, text)))

    def _does(self, person: Person, deed: Tap | Write) -> None:
        match deed:
            case Tap(label):
                card = self._card(person)
                place = [button.label for row in card.rows for button in row].index(label)
                button = [button for row in card.rows for button in row][place]
                person.phone.press(button, card.id)
            case Write(text):
                self._types(person, text)

    def _card(self, person: Person) -> Any:
        return next(message for message in reversed(person.phone.messages) if message.rows)

    def _next(self, person: Person, text: str) -> Tap | Write:
        """What a reader does with the newest card."""
        card = self._card(person)
        labels = [button.label for row in card.rows for button in row]
        language = next(part for part in card.rows[0][0].data.split(":") if part in SPOKEN)
        words = {
            way: self._renderer.words(Say(f"button.{way}"), language, self._today)
            for way in ("continue", "back", "skip", "next", "clear")
        }
        going_on = re.compile(re.escape(words["continue"]) + r"( \(|:|$)")
        if waiting := [label for label in labels if going_on.match(label)]:
            return Tap(waiting[0])
        reader = Reader(LANGUAGES[language], text, "040 123 4567", [text] * 9)
        try:
            deed = reader.next(card.text, labels)
        except StopIteration:  # applied already, or there is nothing of the kind
            deed = None
        if isinstance(deed, Tap) and deed.label not in labels:  # it is marked as chosen
            deed = next((Tap(label) for label in labels if label.endswith(deed.label)), None)
        if deed is None or deed == Tap(words["back"]):
            ways = [words[way] for way in ("skip", "next", "clear") if words[way] in labels]
            deed = Tap((ways or labels)[0])
        return deed

    def _extra(self, name: str, value: Any) -> Any:
        return self._quoted(EXTRAS[name]) if value is None else value

    def _quoted(self, value: Any) -> Any:
        raw = json.dumps(value)
        return json.loads(re.sub("QUOTED", lambda _: self._mark("X"), raw))

    def _mark(self, kind: str) -> str:
        self._marks += 1
        return f"{kind}q{self._marks:06}x"

    def _marked(self, person: Person, text: Words) -> str:
        if not text.marked:
            return text.text
        mark = self._mark("Z")
        said = f"{mark} {text.text}" if text.marked == "before" else f"{text.text} {mark}"
        self._owners[mark] = person.phone.chat_id
        self._originals[mark] = said
        return said

    # The bot's turn

    async def _deliver(self) -> None:
        await self._collect()
        entries, self._waiting = self._waiting, []
        if not entries:
            return
        for entry in entries:
            if (chat := chat_of(entry)) is not None:
                self._touched.add(chat)
                self._said.setdefault(chat, set()).update(typed(entry))
        before = self._drafts()
        spoken = len(self._wire.calls)
        began = time.perf_counter()
        taken = [self._intake.take(entry) for entry in entries]
        ended = await asyncio.gather(
            *(task for task in taken if task is not None), return_exceptions=True
        )
        assert not any(ended), ended
        self.counts.slowest = max(self.counts.slowest, time.perf_counter() - began)
        self.counts.updates += len(entries)
        self._look(entries, before, self._wire.calls[spoken:])
        self._delivered += entries
        self._handled |= {entry["update_id"] for entry in entries if self._is_sound(entry)}
        self._lines.records.clear()

    # What must hold after each batch

    def _look(
        self,
        entries: list[Any],
        before: dict[bytes, bytes],
        calls: list[tuple[str, dict[str, Any], str]],
    ) -> None:
        aside = self._looks_at_the_log(entries)
        for method, values, refusal in calls:
            self._looks_at_a_call(method, values, refusal)
        self._looks_for_answers(entries, calls)
        self._looks_at_the_drafts(entries, before)
        self.counts.set_aside += aside

    def _looks_at_the_log(self, entries: list[Any]) -> int:
        """How many updates were set aside: never one that a phone made."""
        aside = failed = 0
        for record in self._lines.records:
            line = record.getMessage()
            assert not MARK.search(f"{line} {record.args}"), "somebody's words are in the log"
            assert not any(str(person.phone.chat_id) in line for person in self.persons), line
            assert record.exc_info is None, line
            if FAILED.fullmatch(line):
                failed += 1
            elif record.levelno >= logging.WARNING:
                assert record.levelno == logging.WARNING, line
                assert WARNINGS.fullmatch(line), line
            aside += ASIDE.search(line) is not None
        assert failed <= sum(map(beyond, entries)), "a handler failed"
        broken = sum(not self._is_sound(entry) for entry in entries)
        assert aside <= broken, "an update that a phone made was set aside"
        self.counts.failed += failed
        return aside

    def _is_sound(self, entry: Any) -> bool:
        """Whether Telegram could have sent it."""
        number = entry.get("update_id") if isinstance(entry, dict) else None
        return type(number) is int and number in self._sound

    def _looks_at_a_call(self, method: str, values: dict[str, Any], refusal: str) -> None:
        if refusal:
            assert refusal in MAY_BE_REFUSED, (method, refusal)
            self.counts.refused[refusal] += 1
        chat = values.get("chat_id")
        text = values.get("text", "")
        others = json.dumps({name: value for name, value in values.items() if name != "text"})
        assert not MARK.search(others), "a person's words stand on a button"
        assert "parse_mode" not in values
        for found_mark in MARK.finditer(text):
            mark = found_mark[0]
            assert self._owners.get(mark) == chat, "somebody else's words, or a name"
            assert method in ("sendMessage", "editMessageText")
            self._reads_as_written(mark, text, values.get("entities") or [])

    def _reads_as_written(self, mark: str, text: str, entities: list[dict[str, Any]]) -> None:
        """A person's text stands there exactly, and nothing of it is marked."""
        self.counts.shown += 1
        original = self._originals[mark]
        at = text.index(mark)
        if original.startswith(mark):
            shown, meant = bare(text[at:]), bare(original)
            whole = next(
                (n for n, (a, b) in enumerate(zip(shown, meant, strict=False)) if a != b),
                min(len(shown), len(meant)),
            )
            assert whole == len(meant) or shown[whole : whole + 1] == "…", (shown, meant)
            begins, ends_at = at, _place_of(text, at, whole)
        else:
            assert bare(text[: at + len(mark)]).endswith(bare(original)), (text, original)
            begins = at
            while begins and not bare(text[begins : at + len(mark)]).endswith(bare(original)):
                begins -= 1
            ends_at = at + len(mark)
        first, last = _units(text[:begins]), _units(text[:ends_at])
        for entity in entities:
            ends_before = entity["offset"] + entity["length"] <= first
            assert ends_before or entity["offset"] >= last, "a person's words are shown as markup"

    def _looks_for_answers(
        self, entries: list[Any], calls: list[tuple[str, dict[str, Any], str]]
    ) -> None:
        """Whoever did something is answered: each tap, and whoever wrote."""
        slow = any(SLOW.search(record.getMessage()) for record in self._lines.records)
        wrote = Counter(chat_of(entry) for entry in entries)
        spoken = Counter(
            values.get("chat_id") for method, values, _ in calls if method == "sendMessage"
        )
        asked = {values["callback_query_id"] for method, values, _ in calls if
                 method == "answerCallbackQuery"}  # fmt: skip
        for entry in entries:
            if slow or not self._is_sound(entry) or entry["update_id"] in self._handled:
                continue
            chat = chat_of(entry)
            if chat is None:
                continue
            if "callback_query" in entry:
                assert entry["callback_query"]["id"] in asked, "a tap was not answered"
            elif {"message", "edited_message"} & entry.keys() and wrote[chat] <= MOST_WAITING:
                message = entry.get("message") or entry["edited_message"]
                if "media_group_id" not in message and _is_plain(message):
                    assert spoken[chat], "whoever wrote was not answered"

    def _looks_at_the_drafts(self, entries: list[Any], before: dict[bytes, bytes]) -> None:
        """Only chats that did something have other drafts than before."""
        after = self._drafts()
        changed_tags = {tag for tag, _ in before.items() ^ after.items()}
        theirs = self._tags({chat for entry in entries if (chat := chat_of(entry)) is not None})
        assert changed_tags <= theirs.keys(), "a draft changed in a chat where nothing happened"

    def _drafts(self) -> dict[bytes, bytes]:
        return dict(self._database.execute("SELECT tag, body FROM drafts").fetchall())

    def _tags(self, chats: set[int]) -> dict[bytes, tuple[int, str]]:
        return {
            drafts.draft_tag(self._here.store, chat, form): (chat, form)
            for chat in chats
            for form in self._forms
            if -(2**63) <= chat < 2**63
        }

    # What must hold after each play

    async def _inspect(self) -> None:
        tags = self._tags(self._touched)
        kept = self._drafts()
        assert kept.keys() <= tags.keys(), "a draft that nobody here can have"
        for chat in {tags[tag][0] for tag in kept}:
            await self._inspect_drafts(chat)
        await self._inspect_applications()
        self._inspect_responses()
        await self._inspect_subscribers()
        self._inspect_files()

    async def _inspect_drafts(self, chat: int) -> None:
        bodies = await drafts.load(self._here.store, chat, self._forms)
        active = 0
        for name, body in bodies.items():
            form = self._forms[name]
            draft = drafting.unpack(form, body)
            assert draft is not None
            active += draft.active
            fits(form, draft, self._today)
            for row in form.rows:
                answer = draft.answers.get(row.name)
                if row.type is Type.TEXT and isinstance(answer, str) and row.role is None:
                    assert made_of(bare(answer), self._said[chat]), answer
        assert active <= 1

    async def _inspect_applications(self) -> None:
        calls = [name for name, form in self._forms.items() if form.kind == "application"]
        read = 0
        for chat in {chat for chat in self._touched if -(2**63) <= chat < 2**63}:
            for name in calls:
                body = await applications.load(self._here.store, chat, name)
                if body is None:
                    continue
                read += 1
                language, answers = drafting.unpack_answers(self._forms[name], body)
                assert language in SPOKEN
                whole(
                    self._forms[name],
                    drafting.Draft(name, "", language, 0, answers),
                    self._today,
                )
                for row in self._forms[name].rows:
                    answer = answers.get(row.name)
                    if row.type is Type.TEXT and row.role is not Role.CONTACT and answer:
                        assert made_of(bare(str(answer)), self._said[chat])
        assert self._rows("applications") == read, "an application that nobody here can have"

    def _inspect_responses(self) -> None:
        for name, form in self._forms.items():
            for response in waiting(self._data.parent, name):
                self._inspect_response(form, response.answers)
                for one in response.opened:
                    self._inspect_open_answer(form.row(one.question), one.text)

    def _inspect_open_answer(self, row: Row, text: str) -> None:
        assert row.type is Type.TEXT
        assert takes(row, text), text
        assert text == text.strip()
        assert any(made_of(bare(text), said) for said in self._said.values()), text

    def _inspect_response(self, form: Form, closed: Mapping[str, Any]) -> None:
        body = json.dumps({"language": "fi", "answers": closed}).encode()
        answers = drafting.unpack_answers(form, body)[1]
        assert answers.keys() == closed.keys()
        met = [row for row in path(form, answers, self._today) if row.asks]
        asked = {row.name for row in met if row.type is not Type.TEXT}
        assert closed.keys() <= asked, "an answer to a question that was not asked"
        for row in met:
            answer = answers.get(row.name)
            if row.type is Type.TEXT:
                continue
            assert takes(row, answer), (row.name, answer)
            assert answer != ()
            assert meets_constraint(form, row, answer, answers, self._today)
            assert not ends(form, row, answer, answers, self._today)

    async def _inspect_subscribers(self) -> None:
        reachable = [chat for chat in self._touched if -(2**63) <= chat < 2**63]
        languages = [await subscribers.find(self._here.store, chat) for chat in reachable]
        subscribed = [language for language in languages if language is not None]
        assert set(subscribed) <= set(SPOKEN)
        kept = self._rows("subscribers")
        assert kept == len(subscribed), "a subscriber that nobody here can be"

    def _inspect_files(self) -> None:
        """Nothing that was typed can be read: here nothing comes out of the mix."""
        for file in self._data.iterdir():
            raw = file.read_bytes()
            for text in (raw.decode("latin-1"), raw[::2].decode("latin-1")):
                assert not MARK.search(text), "somebody's words are in a file"

    def _search_files(self) -> None:
        """Nobody's chat or name is in the files, in any usual encoding."""
        people = [person.phone.chat for person in self.persons]
        known = [word for chat in people for word in MARK.findall(str(chat.person))]
        assert not found(self._data, chats=[chat.id for chat in people], words=known)

    def _rows(self, table: str) -> int:
        rows: int = self._database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - our own names
        return rows

    # And afterwards

    async def _finishes(self, person: Person) -> None:
        """From wherever they are, by reading the cards, to the thanks."""
        if person.phone.blocked:
            person.phone.unblock()
        self._types(person, "/start")
        await self._deliver()
        text = f"Lopuksi {self._mark('Z')}"
        mark = MARK.findall(text)[0]
        self._owners[mark], self._originals[mark] = person.phone.chat_id, mark
        for _ in range(150):
            card = self._card(person)
            if any(
                said in card.text
                for language in LANGUAGES.values()
                for said in (language.arrived, language.applied)
            ) or self._changed_receipt(card.text):
                self.counts.finished += 1
                return
            self.clock.passes(seconds=5)
            self._does(person, self._next(person, text))
            await self._deliver()
        raise AssertionError(f"nobody gets on from here: {self._card(person)}")

    def _changed_receipt(self, text: str) -> bool:
        return any(
            self._renderer.words(Say("receipt.changed"), language, self._today) in text
            for language in SPOKEN
        )


async def _at_once(_: float) -> None:
    """Waiting, when nobody has time."""


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _place_of(text: str, begins: int, count: int) -> int:
    """Where in `text` its first `count` bare characters from `begins` on end."""
    ends_at = begins
    while ends_at < len(text) and len(bare(text[begins:ends_at])) < count:
        ends_at += 1
    return ends_at


def _is_plain(message: dict[str, Any]) -> bool:
    """Whether a private person wrote it."""
    return bool(
        message.get("from", {}).get("is_bot") is False and message["chat"].get("type") == "private"
    )


UNREADABLE: Final = (
    KeyError, TypeError, ValueError, OverflowError, AttributeError, StopIteration,
)  # fmt: skip
"""What looking into an update raises that is none."""


def chat_of(entry: Any) -> int | None:
    """The chat an update is in, as far as it is one."""
    with contextlib.suppress(*UNREADABLE):
        if entry.get("callback_query"):
            return int(entry["callback_query"]["message"]["chat"]["id"])
        kinds = ("message", "edited_message", "my_chat_member")
        return int(next(entry[kind] for kind in kinds if entry.get(kind))["chat"]["id"])
    return None


def beyond(entry: Any) -> bool:
    """Whether an update holds a number where it is read that Telegram never gives: a chat's has at
    most 52 bits (Bot API, Chat), a message's 31 and no sign, and a date is one."""
    with contextlib.suppress(*UNREADABLE):
        if moved := entry.get("my_chat_member"):
            return abs(int(moved["chat"]["id"])) > 2**52
        query = entry.get("callback_query")
        held = query["message"] if query else entry.get("message") or entry["edited_message"]
        chat, message = int(held["chat"]["id"]), int(held["message_id"])
        return abs(chat) > 2**52 or not 0 <= message < 2**31 or isinstance(held["date"], str)
    return False


def typed(entry: Any) -> Iterator[str]:
    """What somebody typed in an update, bare."""
    for kind in ("message", "edited_message"):
        with contextlib.suppress(*UNREADABLE):
            if isinstance(text := entry[kind]["text"], str):
                yield bare(text)


def made_of(text: str, parts: set[str]) -> bool:
    """Whether a text is some of these, one after another."""
    some = {part for part in parts if part and part in text}
    reached = {0}
    waiting = [0]
    while waiting:
        at = waiting.pop()
        for part in some:
            if text.startswith(part, at) and at + len(part) not in reached:
                reached.add(at + len(part))
                waiting.append(at + len(part))
    return len(text) in reached


def tampered(carried: str, how: int) -> str:
    """A button's data with one part of it changed."""
    parts = carried.split(":")
    place = how % len(parts)
    parts[place] = ("", "0", "999999999", "sv", "equality", "X", "S", "c7", "١")[how % 9]
    return ":".join(parts)


def changed(update: Any, how: list[tuple[str, int, Any]]) -> Any:
    """An update with some of its fields gone, of another kind, or in another place."""
    for deed, number, value in how:
        spots = _spots(update)
        if deed == "aim":
            spots = [(holder, key) for holder, key in spots if key == value[0]]
        if not spots:
            continue
        holder, key = spots[number % len(spots)]
        match deed:
            case "aim":
                holder[key] = _over_the_wire(value[1])
            case "drop":
                del holder[key]
            case "put":
                holder[key] = _over_the_wire(value)
            case "rename" if isinstance(holder, dict):
                holder[f"{key}s"] = holder.pop(key)
            case "wrap":
                holder[key] = [holder[key]] if number % 2 else {"value": holder[key]}
            case "add" if isinstance(holder, dict):
                extra = sorted(EXTRAS)[number % len(EXTRAS)]
                holder[extra] = _over_the_wire(EXTRAS[extra])
    return update


def _spots(value: Any) -> list[tuple[Any, Any]]:
    """Every place in an update where something stands, as (what holds it, its key)."""
    spots = []
    waiting = [value]
    while waiting:
        holder = waiting.pop()
        keys = list(holder) if isinstance(holder, dict) else range(len(holder))
        spots += [(holder, key) for key in keys]
        waiting += [holder[key] for key in keys if isinstance(holder[key], (dict, list))]
    return spots


@contextlib.asynccontextmanager
async def world(folder: Path) -> AsyncIterator[World]:
    """A world that keeps its files in `folder`."""
    data = folder / "data"
    settled = Settings.model_validate(
        {"token": TOKEN, "data_dir": data, "key_dir": folder / "keys", "forms_dir": FORMS}
    )
    async with kept(settled) as here:
        for name in OPEN:
            await lives.open_survey(here, settled, name, BEGINS)
        running = await here.forms.all(here.store, BEGINS)
        made = World(here, data, {one.name: one.form for one in running})
        try:
            yield made
        finally:
            made.close()


# The long form

PLAYS: Final = 25
"""Plays in a batch of a storm."""


def storm(start: int, batches: int, report: Callable[[int, Counts], None] | None = None) -> Counts:
    """Plays the batches `start`, `start + 1`, …; each number is always the same plays. `report` is
    told each batch's number and counts when it is done. Raises AssertionError, with the smallest
    play that shows it, for what must never be."""
    total = Counts()
    for number in range(start, start + batches):
        counts = _batch(number)
        total.add(counts)
        if report is not None:
            report(number, counts)
    return total


def _batch(number: int) -> Counts:
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner() as runner:
        opening = world(Path(folder))
        here = runner.run(opening.__aenter__())

        @seed(number)
        @settings(
            max_examples=PLAYS,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(plays, one_of_five)
        def batch(steps: list[Any], finishing: bool) -> None:
            runner.run(here.play(steps, finishing=finishing))

        try:
            cast("Callable[[], None]", batch)()
        finally:
            runner.run(opening.__aexit__(None, None, None))
        return here.counts
