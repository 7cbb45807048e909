"""What is remembered: drafts, responses, applications, subscribers, surveys, and the keys."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from storage import applications, drafts, mix, responses, sealed, subscribers, surveys
from storage.database import Store
from storage.keys import Keys
from storage.surveys import Running
from storage.tables import applications as applications_table
from storage.tables import drafts as drafts_table
from storage.tables import metadata
from storage.tables import responses as responses_table
from storage.tables import subscribers as subscribers_table
from tests.pool import waiting

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlalchemy import Select

AINO, EERO = 5_551_234_567, 662_201  # chats
DAY = date(2026, 1, 28)
MONDAY = date(2026, 1, 26)
ROOM = 512
MARK = 16


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys.load(tmp_path / "keys")


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path}/data/raati.db"


@pytest.fixture
async def store(url: str, keys: Keys) -> AsyncIterator[Store]:
    store = await Store.open(url, keys)
    yield store
    await store.close()


async def begun(store: Store, chat: int = AINO, form: str = "equality", body: bytes = b"1") -> None:
    await drafts.begin(store, chat, form, body, room=ROOM, expires=DAY, ordinal=1)


async def sent(
    store: Store, chat: int, closed: Any = None, opened: Any = None, form: str = "equality"
) -> bool:
    return await responses.finish(
        store, chat, form, closed=closed or {}, opened=opened or {}, room=ROOM
    )


async def rows(store: Store, query: Select[tuple[int]] | Select[tuple[bytes]]) -> list[object]:
    async with store.reading() as connection:
        return list((await connection.execute(query)).scalars())


def equality(state: str = "open") -> Running:
    return Running("equality", "settings: {}", "survey", "everyone", state, DAY, None, None)


# Drafts


async def test_a_draft_is_found_by_its_chat_and_form_only(store: Store) -> None:
    await begun(store, AINO, "equality", "hyvää".encode())
    await begun(store, AINO, "application", b"")
    both = {"equality": "hyvää".encode(), "application": b""}
    assert await drafts.load(store, AINO, ["equality", "application", "safety"]) == both
    assert await drafts.load(store, AINO, ["equality"]) == {"equality": "hyvää".encode()}
    assert await drafts.load(store, AINO, []) == {}
    assert await drafts.load(store, EERO, both) == {}


async def test_a_saved_draft_takes_the_place_of_the_one_before(store: Store) -> None:
    await begun(store, body=b"one answer and a long one")
    await begun(store, body=b"two")
    assert await drafts.load(store, AINO, ["equality"]) == {"equality": b"two"}
    assert await rows(store, select(func.count()).select_from(drafts_table)) == [1]


async def test_who_only_looks_is_not_in_the_database(store: Store) -> None:
    await drafts.load(store, AINO, ["equality", "application"])
    await applications.load(store, AINO, "application")
    await subscribers.find(store, AINO)
    for table in metadata.sorted_tables:
        assert await rows(store, select(func.count()).select_from(table)) == [0]


async def test_drafts_of_one_form_are_one_size(store: Store) -> None:
    await begun(store, AINO, body=b"")
    await begun(store, EERO, body=b"x" * (ROOM - MARK))
    lengths = await rows(store, select(func.length(drafts_table.c.body)))
    assert len(lengths) == 2
    assert len(set(lengths)) == 1


async def test_a_draft_longer_than_its_room_is_refused_without_its_words(store: Store) -> None:
    with pytest.raises(ValueError, match=r"^a body of 529 bytes does not fit into 512$"):
        await begun(store, body=b"s" * 513)
    assert await drafts.load(store, AINO, ["equality"]) == {}


async def test_a_draft_moved_to_another_chat_does_not_open(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    await begun(store, AINO, body=b"Aino's words")
    async with store.writing() as connection:
        moved = drafts.draft_tag(store, EERO, "equality")
        await connection.execute(drafts_table.update().values(tag=moved))
    assert await drafts.load(store, EERO, ["equality"]) == {}
    assert "does not open" in caplog.text


async def test_a_draft_whose_key_is_lost_is_none_and_the_log_says_so_without_saying_whose(
    store: Store, url: str, keys: Keys, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await begun(store)
    (tmp_path / "keys" / "passing" / "equality" / f"draft-{DAY}.key").write_bytes(bytes(32))
    changed = await Store.open(url, Keys.load(tmp_path / "keys"))
    caplog.clear()
    assert await drafts.load(changed, AINO, ["equality"]) == {}
    assert [record.getMessage() for record in caplog.records] == [
        "a draft does not open: its key is lost; it counts as none"
    ]
    await begun(changed, body=b"anew")
    assert await drafts.load(changed, AINO, ["equality"]) == {"equality": b"anew"}
    await changed.close()


async def test_a_draft_is_erased_once(store: Store) -> None:
    await begun(store)
    await begun(store, form="application")
    assert await drafts.erase(store, AINO, "equality")
    assert not await drafts.erase(store, AINO, "equality")
    assert list(await drafts.load(store, AINO, ["equality", "application"])) == ["application"]


async def test_a_draft_lives_through_its_last_day_and_no_longer(store: Store) -> None:
    await begun(store)
    assert await drafts.purge(store, DAY) == 0
    assert await drafts.purge(store, date(2026, 1, 29)) == 1
    assert await drafts.load(store, AINO, ["equality"]) == {}


@given(st.binary(max_size=64), st.binary(min_size=16, max_size=16))
def test_what_is_sealed_opens_unchanged_and_its_size_tells_nothing(body: bytes, tag: bytes) -> None:
    box = sealed.seal(bytes(32), body, room=64, tag=tag)
    assert sealed.unseal(bytes(32), box, tag=tag) == body
    assert len(box) == len(sealed.seal(bytes(32), b"", room=64, tag=tag))


@given(st.binary(max_size=80))
def test_a_box_that_is_none_does_not_open(box: bytes) -> None:
    with pytest.raises(sealed.Unopened):
        sealed.unseal(bytes(32), box, tag=bytes(16))


# Responses


async def test_finishing_takes_the_draft_and_brings_the_response_into_the_mix(
    store: Store, tmp_path: Path
) -> None:
    await begun(store)
    closed = {"services": ["social", "health"], "age": 3, "cant": None, "ok": True}
    opened = {"means": "Että saa avun.", "better": "Kuunnelkaa."}
    assert await sent(store, AINO, closed, opened)
    assert await drafts.load(store, AINO, ["equality"]) == {}
    [response] = waiting(tmp_path)
    assert response.answers == closed
    assert {one.question: one.text for one in response.opened} == opened
    assert len({response.key, *(one.key for one in response.opened)}) == 3
    assert waiting(tmp_path, "safety") == []
    assert await responses.count(store, "equality") == 0
    assert await responses.load(store, "equality") == []
    assert await responses.open_answers(store, "equality") == []


async def test_sending_twice_sends_once_also_at_the_same_moment(
    store: Store, tmp_path: Path
) -> None:
    await begun(store)
    taps = await asyncio.gather(*(sent(store, AINO, {"n": n}, {"means": "x"}) for n in range(10)))
    assert sorted(taps) == [False] * 9 + [True]
    [response] = waiting(tmp_path)
    assert len(response.opened) == 1


async def test_without_a_draft_nothing_is_sent(store: Store, tmp_path: Path) -> None:
    await begun(store, EERO)
    await begun(store, AINO, "safety")
    assert not await sent(store, AINO, {"n": 1})
    assert waiting(tmp_path) == []
    assert list(await drafts.load(store, AINO, ["safety"])) == ["safety"]


@pytest.mark.parametrize("state", ["open", "closing"])
async def test_a_begun_response_is_taken_until_the_survey_is_closed(
    store: Store, state: str
) -> None:
    await surveys.keep(store, equality(state))
    await begun(store)
    assert await sent(store, AINO)


async def test_a_closed_survey_takes_nothing_and_touches_nothing(
    store: Store, tmp_path: Path
) -> None:
    await surveys.keep(store, equality("closed"))
    await begun(store)
    assert not await sent(store, AINO, {}, {"means": "late"})
    assert waiting(tmp_path) == []
    assert await drafts.load(store, AINO, ["equality"]) == {"equality": b"1"}


async def test_a_response_longer_than_its_room_leaves_the_draft(
    store: Store, tmp_path: Path
) -> None:
    await begun(store)
    with pytest.raises(ValueError, match=r"^a body of \d+ bytes does not fit into 512$"):
        await sent(store, AINO, {}, {"means": "s" * 300})
    assert waiting(tmp_path) == []
    assert await drafts.load(store, AINO, ["equality"]) == {"equality": b"1"}


async def test_the_order_of_answering_is_not_in_the_sealed_text() -> None:
    one = responses.Response(bytes(16), {"b": "ä", "a": 1}, ())
    other = responses.Response(bytes(16), {"a": 1, "b": "ä"}, ())
    assert one.packed() == other.packed()
    assert responses.Response.unpacked(one.packed()) == one


# Applications


async def test_an_application_is_kept_shown_replaced_and_erased(store: Store) -> None:
    await begun(store, form="application")
    await applications.keep(store, AINO, "application", b"first", week=MONDAY)
    assert await drafts.load(store, AINO, ["application"]) == {}
    assert await applications.load(store, AINO, "application") == b"first"
    key = await rows(store, select(applications_table.c.key))
    await applications.keep(store, AINO, "application", b"second", week=date(2026, 2, 2))
    assert await applications.load(store, AINO, "application") == b"second"
    assert await rows(store, select(applications_table.c.key)) == key
    assert await rows(store, select(applications_table.c.week)) == [date(2026, 2, 2)]
    assert await applications.count(store, "application") == 1
    assert await applications.load(store, EERO, "application") is None
    assert await applications.load(store, AINO, "autumn") is None
    assert await applications.erase(store, AINO, "application")
    assert not await applications.erase(store, AINO, "application")
    assert await applications.load(store, AINO, "application") is None
    assert await applications.count(store, "application") == 0


async def test_an_application_shows_a_week_and_never_a_day(store: Store) -> None:
    with pytest.raises(ValueError, match="Monday"):
        await applications.keep(store, AINO, "application", b"", week=DAY)
    assert await applications.count(store, "application") == 0


async def test_the_length_of_an_application_tells_little(store: Store) -> None:
    await applications.keep(store, AINO, "application", b"", week=MONDAY)
    await applications.keep(store, EERO, "application", b"x" * 1000, week=MONDAY)
    lengths = await rows(store, select(func.length(applications_table.c.body)))
    assert len(set(lengths)) == 1


async def test_an_application_under_another_lasting_key_is_none(
    store: Store, url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await applications.keep(store, AINO, "application", b"words", week=MONDAY)
    await subscribers.add(store, AINO, "sv")
    async with store.writing() as connection:
        await connection.execute(applications_table.update().values(body=bytes(1064)))
        await connection.execute(subscribers_table.update().values(box=bytes(60)))
    assert await applications.load(store, AINO, "application") is None
    assert await subscribers.find(store, AINO) is None
    assert caplog.text.count("does not open") == 2
    other = await Store.open(url, Keys(tmp_path / "keys", bytes(32)))
    assert await applications.load(other, AINO, "application") is None
    assert await subscribers.find(other, AINO) is None
    await other.close()


# Subscribers


async def test_a_subscriber_is_added_once_found_and_forgotten(store: Store) -> None:
    assert await subscribers.find(store, AINO) is None
    await subscribers.add(store, AINO, "fi")
    await subscribers.add(store, AINO, "sv")
    await subscribers.add(store, EERO, "en")
    assert await subscribers.find(store, AINO) == "sv"
    assert await subscribers.count(store) == 2
    assert len(set(await rows(store, select(func.length(subscribers_table.c.box))))) == 1
    assert await subscribers.remove(store, AINO)
    assert not await subscribers.remove(store, AINO)
    assert await subscribers.find(store, AINO) is None
    assert await subscribers.count(store) == 1


async def test_one_person_looks_different_wherever_they_stand(store: Store) -> None:
    await begun(store, form="application")
    await begun(store, form="equality")
    tags = await rows(store, select(drafts_table.c.tag))
    await applications.keep(store, AINO, "application", b"", week=MONDAY)
    await applications.keep(store, AINO, "autumn", b"", week=MONDAY)
    await subscribers.add(store, AINO, "fi")
    for table in (applications_table, subscribers_table):
        tags += await rows(store, select(table.c.tag))
        tags += await rows(store, select(table.c.key))
    assert len(tags) == len(set(tags)) == 8


# Surveys


async def test_a_survey_is_kept_replaced_and_listed_by_the_day_it_opens(store: Store) -> None:
    later = Running(
        "safety", "…", "survey", "members", "scheduled", date(2026, 8, 1), date(2026, 9, 30), None
    )
    assert await surveys.keep(store, later)
    assert await surveys.keep(store, equality("open"))
    opened, later = replace(equality("open"), revision=1), replace(later, revision=1)
    assert await surveys.listed(store) == [opened, later]
    closing = replace(opened, source="", state="closing", closed_on=date(2026, 2, 9), met=True)
    assert await surveys.keep(store, closing)
    assert await surveys.listed(store) == [replace(closing, revision=2), later]


async def test_a_survey_that_was_changed_since_it_was_read_is_not_kept_over_it(
    store: Store,
) -> None:
    assert await surveys.keep(store, equality("open"))
    assert not await surveys.keep(store, equality("scheduled"))  # a new one of that name
    read = replace(equality("open"), revision=1)
    assert await surveys.keep(store, replace(read, closes=DAY))
    assert not await surveys.keep(store, replace(read, state="closing"))
    assert await surveys.listed(store) == [replace(read, closes=DAY, revision=2)]


async def test_nobody_but_the_mix_closes_a_survey_or_opens_a_closed_one(store: Store) -> None:
    assert await surveys.keep(store, equality("closing"))
    read = replace(equality("closing"), revision=1)
    for over in surveys.OVER:
        assert not await surveys.keep(store, replace(read, state=over))
    assert await mix.close(store, read, k=3)
    closed = replace(read, state="closed", revision=2)
    assert await surveys.listed(store) == [closed]
    assert not await surveys.keep(store, replace(closed, state="open"))
    assert await surveys.keep(store, replace(closed, state="archived"))
    assert await surveys.keep(store, replace(closed, state="closed", revision=3))


async def test_what_the_mix_has_closed_meanwhile_is_not_extended(store: Store) -> None:
    assert await surveys.keep(store, equality("closing"))
    read = replace(equality("closing"), revision=1)
    assert await mix.close(store, read, k=3)
    assert not await surveys.keep(store, replace(read, state="open", closes=DAY))


async def test_a_survey_counts_its_responses_and_a_call_its_applications(store: Store) -> None:
    await begun(store)
    await sent(store, AINO, {}, {"means": "x", "how": "y"})
    await applications.keep(store, AINO, "application", b"", week=MONDAY)
    await applications.keep(store, EERO, "application", b"", week=MONDAY)
    received = {n: await surveys.received(store, n) for n in ("equality", "application", "safety")}
    assert received == {"equality": (1, 1), "application": (2, 0), "safety": (0, 0)}


# The database


async def test_every_connection_is_prepared(store: Store) -> None:
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "secure_delete": 1,
        "foreign_keys": 1,
        "busy_timeout": 10000,
        "temp_store": 2,
    }
    async with store.reading() as one, store.reading() as two, store.writing() as three:
        for connection in (one, two, three):
            for pragma, value in wanted.items():
                result = await connection.exec_driver_sql(f"PRAGMA {pragma}")
                assert result.scalar_one() == value, pragma


async def test_what_was_saved_is_there_after_the_process_is_killed(
    url: str, keys: Keys, tmp_path: Path
) -> None:
    folder = tmp_path / "keys"
    script = f"""
import asyncio, os
from datetime import date
from pathlib import Path
from storage import drafts
from storage.database import Store
from storage.keys import Keys
async def main():
    store = await Store.open({url!r}, Keys.load(Path({str(folder)!r})))
    day = date(2026, 1, 28)
    await drafts.save(store, 77, "equality", b"kept", room=64, expires=day, ordinal=0)
    os._exit(9)
asyncio.run(main())
"""
    root = Path(__file__).parents[1]
    ended = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", script],
        cwd=root,
        check=False,
    )
    assert ended.returncode == 9
    store = await Store.open(url, keys)
    assert await drafts.load(store, 77, ["equality"]) == {"equality": b"kept"}
    await store.close()


async def test_another_process_in_the_middle_of_writing_is_waited_for(
    store: Store, tmp_path: Path
) -> None:
    other = sqlite3.connect(tmp_path / "data/raati.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    saving = asyncio.create_task(begun(store))
    adding = asyncio.create_task(subscribers.add(store, AINO, "fi"))
    assert await drafts.load(store, AINO, ["equality"]) == {}  # a reader does not wait
    other.execute("COMMIT")
    other.close()
    await asyncio.gather(saving, adding)
    assert await drafts.load(store, AINO, ["equality"]) == {"equality": b"1"}
    assert await subscribers.find(store, AINO) == "fi"


async def test_who_writes_has_the_turn_before_reading_what_the_writing_depends_on(
    store: Store, tmp_path: Path
) -> None:
    other = sqlite3.connect(tmp_path / "data/raati.db", isolation_level=None, timeout=0)
    async with store.writing():
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.close()


async def test_a_hundred_at_once_are_all_kept(store: Store, tmp_path: Path) -> None:
    async def answer(chat: int) -> bool:
        for step in range(3):
            await drafts.load(store, chat, ["equality", "application"])
            await begun(store, chat, body=bytes([step]))
        return await sent(store, chat, {"chat": chat % 7}, {"means": "x"})

    assert all(await asyncio.gather(*(answer(chat) for chat in range(1, 101))))
    assert len(waiting(tmp_path)) == 100


async def test_a_cancelled_writer_leaves_the_store_usable(store: Store) -> None:
    for _ in range(5):
        writers = [
            asyncio.create_task(subscribers.add(store, AINO, "fi")),
            asyncio.create_task(begun(store)),
            asyncio.create_task(drafts.purge(store, DAY)),
        ]
        for turn in range(3):
            await asyncio.sleep(0)
            writers[turn].cancel()
        await asyncio.gather(*writers, return_exceptions=True)
    await subscribers.add(store, EERO, "en")
    await begun(store, EERO)
    assert await subscribers.find(store, EERO) == "en"
    assert await drafts.load(store, EERO, ["equality"]) == {"equality": b"1"}


async def test_neither_errors_nor_logs_carry_what_was_said(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    row = {"survey": "equality", "key": b"secret-key-16by!", "answers": {"a": "SECRET-ANSWER"}}
    with pytest.raises(IntegrityError) as caught:  # noqa: PT012 - the second insert is the fault
        async with store.writing() as connection:
            await connection.execute(insert(responses_table), row)
            await connection.execute(insert(responses_table), row)
    logging.getLogger("test").exception("failed", exc_info=caught.value)
    await begun(store)
    await sent(store, AINO, {"a": "SECRET"}, {"b": "SECRET-WORDS"})
    await responses.load(store, "equality")
    await responses.open_answers(store, "equality")
    await applications.keep(store, AINO, "application", b"SECRET", week=MONDAY)
    await applications.load(store, AINO, "application")
    await subscribers.add(store, AINO, "fi")
    told = caplog.text + str(caught.value) + repr(caught.value) + repr(vars(caught.value))
    told += repr(store) + repr(store.keys)
    for secret in ("SECRET", "secret-key", str(AINO)):
        assert secret not in told


@pytest.mark.parametrize(
    "url",
    [
        "sqlite+aiosqlite:///:memory:",
        "sqlite+aiosqlite://",
        "sqlite:///x.db",
        "postgresql+asyncpg://h/d",
    ],
)
async def test_an_address_that_is_no_file_is_refused_in_a_sentence(url: str, keys: Keys) -> None:
    with pytest.raises(ValueError, match=r"^RAATI_DATABASE_URL must be sqlite\+aiosqlite:///FILE"):
        await Store.open(url, keys)


async def test_only_the_bots_user_may_read_the_database(store: Store, tmp_path: Path) -> None:
    await begun(store)
    data = tmp_path / "data"
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    files = sorted(data.iterdir())
    assert [file.name for file in files] == ["raati.db", "raati.db-shm", "raati.db-wal"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


async def test_closing_leaves_the_file_alone_with_everything_in_it(
    url: str, keys: Keys, tmp_path: Path
) -> None:
    store = await Store.open(url, keys)
    await begun(store)
    await store.close()
    assert [file.name for file in (tmp_path / "data").iterdir()] == ["raati.db"]
    again = await Store.open(url, keys)
    assert await drafts.load(again, AINO, ["equality"]) == {"equality": b"1"}
    await again.close()


# Tags


def test_a_tag_tells_purposes_chats_and_keys_apart() -> None:
    key, other = bytes(32), bytes([1] * 32)
    tags = [
        sealed.tag(key, "a", 1),
        sealed.tag(key, "b", 1),
        sealed.tag(key, "a", 2),
        sealed.tag(key, "a", -1),
        sealed.tag(other, "a", 1),
    ]
    assert len(set(tags)) == 5
    assert {len(tag) for tag in tags} == {16}


async def test_several_first_openings_at_once_all_succeed(url: str, keys: Keys) -> None:
    stores = await asyncio.gather(*(Store.open(url, keys) for _ in range(6)))
    for store in stores:
        assert await surveys.listed(store) == []
        await store.close()


async def test_the_log_keeps_nothing_of_what_was_sent_or_erased(store: Store, url: str) -> None:
    def logged() -> int:
        return Path(url.removeprefix("sqlite+aiosqlite:///") + "-wal").stat().st_size

    await begun(store)
    await drafts.save(store, AINO, "equality", b"unsent words", room=ROOM, expires=DAY, ordinal=1)
    assert logged() > 0
    await drafts.erase(store, AINO, "equality")
    assert logged() == 0
    await begun(store, AINO, "equality", b"")
    assert await sent(store, AINO, {"a": "1"}, {"b": "2"})
    assert logged() == 0
    await applications.keep(store, AINO, "application", b"name", week=MONDAY)
    await applications.erase(store, AINO, "application")
    assert logged() == 0
