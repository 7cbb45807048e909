"""Whoever steals the files finds nobody in them: every byte is searched, in every usual encoding.

Forty people begin, answer, subscribe, apply and stop. Then the database, its WAL and its shared
memory are read as bytes, in the middle and after closing, and searched for every chat id and for
every word that was given under a promise. The same search is turned on tables made naively on
purpose, where it must find what is there: a search that cannot fail shows nothing.
"""

from __future__ import annotations

import base64
import json
import logging
import random
import sqlite3
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import inspect, select

from storage import applications, drafts, mix, responses, subscribers, surveys
from storage.database import Store
from storage.keys import Keys
from storage.surveys import Running
from storage.tables import metadata
from storage.tables import open_answers as open_answers_table
from storage.tables import responses as responses_table
from tests.needles import found

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

DAY = date(2026, 1, 28)
MONDAY = date(2026, 1, 26)
PEOPLE = 40
ROOM = 1024
EQUALITY = Running("equality", "…", "survey", "everyone", "open", DAY, None, None)

# Telegram's ids of today have ten digits; older ones fit into four bytes.
CHATS = [*(6_100_200_300 + 7_654_321 * n for n in range(PEOPLE - 2)), 662_201_337, 1_234_567_890]
NAMES = [f"Väinämö Kalevanpoika-{n:03}" for n in range(PEOPLE)]
CONTACTS = [f"vaina.{n:03}@example.invalid" for n in range(PEOPLE)]
DRAFTED = [f"Luonnos, jota ei lähetetty {n:03}" for n in range(PEOPLE)]


def read(folder: Path) -> set[str]:
    """What of these people can be read from the files in `folder`."""
    return found(folder, chats=CHATS, words=(*NAMES, *CONTACTS, *DRAFTED))


# The people


async def keeps(
    how: Callable[..., Awaitable[None]], store: Store, chat: int, form: str, body: str
) -> None:
    ordinal = int(form == "equality")
    await how(store, chat, form, body.encode(), room=ROOM, expires=DAY, ordinal=ordinal)


async def live(store: Store) -> None:
    """Forty people, each in their own way; a tenth of them stops, half of them sends."""
    await surveys.keep(store, EQUALITY)
    for number, chat in enumerate(CHATS):
        for step in range(2):
            body = json.dumps({"step": step, "words": DRAFTED[number], "message": chat})
            await drafts.load(store, chat, ["equality", "application"])
            await keeps(drafts.save if step else drafts.begin, store, chat, "equality", body)
        if number % 10 == 3:
            await drafts.erase(store, chat, "equality")
        elif number % 2:
            sent = {"step": number % 5, "services": ["social", "health"]}
            opened = {"means": f"Kerron {number}.", "better": f"Toivon {number}."}
            assert await responses.finish(
                store, chat, "equality", closed=sent, opened=opened, room=ROOM
            )
        about = json.dumps(
            {"name": NAMES[number], "contact": CONTACTS[number], "chat": chat}, ensure_ascii=False
        )
        await keeps(drafts.begin, store, chat, "application", about)
        if number % 3:
            await applications.keep(store, chat, "application", about.encode(), week=MONDAY)
            await subscribers.add(store, chat, ("fi", "sv", "en")[number % 3])
        if number % 7 == 1:
            await applications.erase(store, chat, "application")
            await subscribers.remove(store, chat)


async def stolen(folder: Path) -> tuple[set[str], set[str]]:
    """What a thief reads in the middle, with everything open, and what after closing."""
    data = folder / "data"
    store = await Store.open(f"sqlite+aiosqlite:///{data}/raati.db", Keys.load(folder / "keys"))
    await live(store)
    assert {file.suffix for file in data.iterdir()} == {".db", ".db-wal", ".db-shm"}
    middle = read(data)
    assert await surveys.received(store, "equality") == (16, 16)
    [open_] = await surveys.listed(store)
    assert await mix.close(store, open_, k=10)
    assert await responses.count(store, "equality") == 16
    await store.close()
    assert [file.name for file in data.iterdir()] == ["raati.db"]
    return middle, read(data)


async def test_a_thief_of_the_files_reads_no_chat_no_name_and_no_unsent_word(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    middle, after = await stolen(tmp_path / "first")
    if middle | after:
        # Four bytes can stand in ciphertext by chance; a leak is there under other keys too.
        again = await stolen(tmp_path / "second")
        assert middle & again[0] == set()
        assert after & again[1] == set()
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "log").write_text(caplog.text)
    assert caplog.text
    assert read(tmp_path / "logs") == set()


# The search can fail


@pytest.mark.parametrize(
    ("column", "write"),
    [
        ("INTEGER PRIMARY KEY", lambda chat: chat),
        ("INTEGER", lambda chat: chat),
        ("TEXT", str),
        ("REAL", lambda chat: chat + 0.0),
        ("BLOB", lambda chat: chat.to_bytes(8, "little")),
        ("BLOB", lambda chat: chat.to_bytes(4 if chat < 1 << 32 else 6, "little")),
        ("BLOB", lambda chat: b"id\0" + chat.to_bytes(8, "big")),
        ("BLOB", lambda chat: f"chat {chat}".encode("utf-16-le")),
        ("TEXT", lambda chat: base64.b64encode(f"id={chat};".encode()).decode()),
        ("TEXT", lambda chat: base64.b64encode(f"chat{chat};".encode()).decode()),
        ("TEXT", lambda chat: base64.urlsafe_b64encode(chat.to_bytes(8, "big")).decode()),
        ("TEXT", lambda chat: f"{chat:016X}"),
        ("TEXT", lambda chat: json.dumps({"from": {"id": chat}})),
    ],
)
def test_the_search_finds_every_chat_in_a_naive_table(
    tmp_path: Path, column: str, write: object
) -> None:
    naive(tmp_path, column, [write(chat) for chat in CHATS])
    assert {str(chat) for chat in CHATS} <= read(tmp_path)


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16le", "UTF-16be"])
def test_the_search_finds_every_word_in_a_naive_table(tmp_path: Path, encoding: str) -> None:
    words = [*NAMES, *CONTACTS, *DRAFTED]
    naive(tmp_path, "TEXT", [json.dumps({"w": w}, ensure_ascii=False) for w in words], encoding)
    assert read(tmp_path) == set(words)


def test_the_search_finds_what_was_deleted_without_secure_delete(tmp_path: Path) -> None:
    naive(tmp_path, "TEXT", NAMES, then="DELETE FROM people")
    assert len(read(tmp_path) & set(NAMES)) > PEOPLE // 2


def naive(
    folder: Path, column: str, values: list[object], encoding: str = "UTF-8", then: str = ""
) -> None:
    """A database as one writes it without thinking of thieves."""
    database = sqlite3.connect(folder / "naive.db")
    database.execute(f"PRAGMA encoding='{encoding}'")
    database.execute("PRAGMA secure_delete=OFF")
    database.execute(f"CREATE TABLE people (what {column})")
    database.executemany("INSERT INTO people VALUES (?)", [(value,) for value in values])
    database.commit()
    database.execute(then)
    database.commit()
    database.close()


# No order


def rank_correlation(order: list[int]) -> float:
    """Spearman's, of where each stands against when it came: 1 or -1 is the order of arrival."""
    n = len(order)
    return 1 - 6 * sum((place - came) ** 2 for place, came in enumerate(order)) / (n**3 - n)


async def test_no_row_number_key_or_column_puts_the_responses_in_order(tmp_path: Path) -> None:
    count = 200
    url = f"sqlite+aiosqlite:///{tmp_path}/data/raati.db"
    store = await Store.open(url, Keys.load(tmp_path / "keys"))
    await surveys.keep(store, EQUALITY)
    for came in range(count):
        await keeps(drafts.begin, store, 1_000_000 + came, "equality", "")
        await responses.finish(
            store,
            1_000_000 + came,
            "equality",
            closed={"came": came},
            opened={"one": str(came), "two": str(came)},
            room=ROOM,
        )
        await mix.release(store, "equality", k=10, room=ROOM)
    [open_] = await surveys.listed(store)
    assert await mix.close(store, open_, k=10)
    closed = [int(str(answers["came"])) for answers in await responses.load(store, "equality")]
    opened = await responses.open_answers(store, "equality")
    async with store.reading() as connection:
        kept = (await connection.execute(select(responses_table))).all()
        response_keys = {int(row.answers["came"]): row.key for row in kept}
        kept = (await connection.execute(select(open_answers_table))).all()
        text_keys = {(int(row.text), row.question): row.key for row in kept}
        names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    await store.close()

    # 4.5 deviations of chance: a fair run fails once in 150,000.
    bound = 4.5 / (count - 1) ** 0.5
    by_response = sorted(response_keys, key=lambda came: response_keys[came])
    place = {came: number for number, came in enumerate(by_response)}
    for question in ("one", "two"):
        arrived = [int(said) for asked, said in opened if asked == question]
        assert abs(rank_correlation(arrived)) < bound
        by_text = sorted(range(count), key=lambda came: text_keys[came, question])
        assert abs(rank_correlation([place[came] for came in by_text])) < bound
    assert abs(rank_correlation(closed)) < bound
    first = sum(text_keys[came, "one"] < text_keys[came, "two"] for came in range(count))
    assert abs(first - count / 2) < 4.5 * count**0.5 / 2

    assert abs(rank_correlation(list(range(count)))) > bound  # the measure can fail
    assert abs(rank_correlation(random.Random(1).sample(range(count), count))) < bound

    assert set(names) == {*metadata.tables, "alembic_version"}
    file = sqlite3.connect(tmp_path / "data" / "raati.db")
    for name in metadata.tables:
        with pytest.raises(sqlite3.OperationalError, match="no such column: rowid"):
            file.execute(f"SELECT rowid FROM {name}")  # noqa: S608
    file.close()


def test_an_answers_table_has_no_room_for_a_time_or_a_person() -> None:
    assert set(responses_table.columns.keys()) == {"survey", "key", "answers"}
    assert set(open_answers_table.columns.keys()) == {"survey", "key", "question", "text"}
    for table in metadata.tables.values():
        assert not table.foreign_keys
    for name in ("drafts", "markers", "batches", "pool", "responses", "open_answers", "tallies"):
        kinds = {type(column.type).__name__ for column in metadata.tables[name].columns}
        counts = {"Integer"} if name == "tallies" else set()
        assert kinds - counts <= {"LargeBinary", "String", "Text", "JSON", "Date"}, name


def test_only_what_the_office_says_and_what_is_shown_to_it_has_a_time() -> None:
    """Of anything a person did there is no clock time, in any table."""
    timed = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if type(column.type).__name__ == "DateTime"
    }
    assert timed == {"announcements.due", "announcements.expires", "glimpses.until"}
