"""A store as a usual bot has it, made naively on purpose: here every attack must find people.

Rows are numbered as they come and carry the time and the id of the last message. Who has taken part
stands in a table as an HMAC of the chat under the bot's token, which stands in the settings. A
draft is JSON, erased without care. Responses are there at once. Whoever applies or subscribes is in
the same file with chat and name. The log at DEBUG says who did what. Nothing here is silly: all of
it was seen in bots that say "you answer anonymously".
"""

from __future__ import annotations

import contextlib
import hmac
import json
import shutil
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from tests.attacks.truth import Copy, Stolen, Truth

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.attacks.truth import Person

TOKEN: Final = "1000000001:a-token-for-tests"
HOUR: Final = timedelta(hours=1)
_EVENTS: Final = ("came", "sent", "applied", "subscribed")

_TABLES: Final = """
CREATE TABLE participants (
    id INTEGER PRIMARY KEY AUTOINCREMENT, chat_hash TEXT UNIQUE, language TEXT, created_at TEXT);
CREATE TABLE drafts (
    id INTEGER PRIMARY KEY AUTOINCREMENT, participant INTEGER, state TEXT, updated_at TEXT);
CREATE TABLE responses (
    id INTEGER PRIMARY KEY AUTOINCREMENT, survey TEXT, answers TEXT, language TEXT,
    message_id INTEGER, created_at TEXT);
CREATE TABLE open_answers (
    id INTEGER PRIMARY KEY AUTOINCREMENT, response INTEGER, question TEXT, text TEXT);
CREATE TABLE applications (
    id INTEGER PRIMARY KEY AUTOINCREMENT, chat_id INTEGER, name TEXT, contact TEXT, area TEXT,
    age_group TEXT, created_at TEXT);
CREATE TABLE subscribers (
    id INTEGER PRIMARY KEY AUTOINCREMENT, chat_id INTEGER, language TEXT, created_at TEXT);
"""


@dataclass(frozen=True)
class Naive:
    """A survey lived through by such a bot."""

    truth: Truth
    known: tuple[tuple[int, str], ...]
    hourly: tuple[Copy, ...]
    log: str

    def stolen(self, model: str) -> Stolen:
        """What an attacker of that model holds. There is no key folder."""
        return Stolen(
            model=model,
            copies=self.hourly if model == "C" else self.hourly[-1:],
            settings={"RAATI_TOKEN": TOKEN} if model in ("B", "C", "K") else {},
            log=self.log if model == "D" else "",
            keys=None,
            known=self.known,
            seen=self.seen if model == "C" else {},
            k=self.truth.k,
        )

    @property
    def seen(self) -> dict[int, datetime]:
        """By person, the hour in which their response was sent."""
        return {
            who.number: who.sent.replace(minute=0, second=0, microsecond=0)
            for who in self.truth.people
            if who.sent is not None
        }


def naive(folder: Path, truth: Truth, known: tuple[tuple[int, str], ...]) -> Naive:
    """The whole survey, with a copy of the files at every full hour."""
    live = folder / "live"
    live.mkdir(parents=True)
    log: list[str] = []
    copies: list[Copy] = []
    with contextlib.closing(sqlite3.connect(live / "naive.db")) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA secure_delete=OFF")
        database.executescript(_TABLES)
        done = list(happens(truth))
        hour = done[0][0].replace(minute=0, second=0, microsecond=0) + HOUR
        for message, (moment, what, who) in enumerate(done, 100):
            while hour <= moment:
                copies.append(_copied(live, folder / f"{len(copies):03}", hour))
                hour += HOUR
            _do(database, what, who, moment, message, truth.survey)
            database.commit()
            stamp = moment.isoformat(" ", "milliseconds")
            log.append(f"{stamp} DEBUG bot.handlers: chat {who.chat} {what} ({who.name})")
        copies.append(_copied(live, folder / f"{len(copies):03}", hour))
    return Naive(truth, known, tuple(copies), "\n".join(log))


def happens(truth: Truth) -> Iterator[tuple[datetime, str, Person]]:
    """All that people did, in its order."""
    done = (
        (moment, what, who)
        for who in truth.people
        for what in _EVENTS
        if (moment := getattr(who, what)) is not None
    )
    return iter(sorted(done, key=lambda one: (one[0], _EVENTS.index(one[1]), one[2].number)))


def _do(
    database: sqlite3.Connection,
    what: str,
    who: Person,
    moment: datetime,
    message: int,
    survey: str,
) -> None:
    now = moment.isoformat()
    hashed = hmac.new(TOKEN.encode(), str(who.chat).encode(), "sha256").hexdigest()
    language = ("fi", "sv", "en")[who.number % 3]
    if what == "came":
        person = database.execute(
            "INSERT INTO participants (chat_hash, language, created_at) VALUES (?, ?, ?)",
            (hashed, language, now),
        ).lastrowid
        state = json.dumps({"answers": {**who.closed, **who.opened}, "message": message})
        database.execute(
            "INSERT INTO drafts (participant, state, updated_at) VALUES (?, ?, ?)",
            (person, state, now),
        )
    elif what == "sent":
        response = database.execute(
            "INSERT INTO responses (survey, answers, language, message_id, created_at)"
            " VALUES (?, ?, ?, ?, ?)",
            (survey, json.dumps(dict(who.closed)), language, message, now),
        ).lastrowid
        database.executemany(
            "INSERT INTO open_answers (response, question, text) VALUES (?, ?, ?)",
            [(response, question, text) for question, text in who.opened.items()],
        )
        database.execute(
            "DELETE FROM drafts WHERE participant ="
            " (SELECT id FROM participants WHERE chat_hash = ?)",
            (hashed,),
        )
    elif what == "applied":
        database.execute(
            "INSERT INTO applications (chat_id, name, contact, area, age_group, created_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (who.chat, who.name, who.contact, *who.cell[:2], now),
        )
    else:
        database.execute(
            "INSERT INTO subscribers (chat_id, language, created_at) VALUES (?, ?, ?)",
            (who.chat, language, now),
        )


def _copied(live: Path, to: Path, moment: datetime) -> Copy:
    shutil.copytree(live, to)
    return Copy(moment, to)
