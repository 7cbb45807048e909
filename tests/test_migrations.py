"""Migrations, walked: up, down and up again, and to the same tables that the code describes."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, inspect

from storage import drafts
from storage.database import Store, migrations
from storage.keys import Keys
from storage.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DAY = date(2026, 1, 28)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = _engine(tmp_path / "migrated.db")
    yield engine
    engine.dispose()


def _engine(file: Path) -> Engine:
    """As the store does it: a transaction that begins when it says so, tables included."""
    engine = create_engine(f"sqlite:///{file}")
    event.listen(engine, "connect", lambda driver, _: setattr(driver, "isolation_level", None))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


def schema(connection: Connection) -> dict[str, str]:
    """Every table and index as SQLite keeps it, WITHOUT ROWID included; white space aside."""
    found = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {name: " ".join(sql.split()) for name, sql in found if name != "alembic_version"}


def test_migrations_go_up_down_and_up_again_one_by_one(engine: Engine) -> None:
    with engine.begin() as connection:
        script = ScriptDirectory.from_config(migrations(connection))
        for _ in script.walk_revisions():
            command.upgrade(migrations(connection), "+1")
        above = schema(connection)
        for _ in script.walk_revisions():
            command.downgrade(migrations(connection), "-1")
        assert schema(connection) == {}
        command.upgrade(migrations(connection), "head")
        assert schema(connection) == above
    with engine.connect() as connection:
        assert schema(connection) == above


def test_migrations_end_at_the_tables_that_the_code_describes(
    engine: Engine, tmp_path: Path
) -> None:
    with engine.begin() as connection:
        command.upgrade(migrations(connection), "head")
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        migrated = schema(connection)
    described = _engine(tmp_path / "described.db")
    with described.begin() as connection:
        metadata.create_all(connection)
        assert schema(connection) == migrated
    described.dispose()


def test_a_migration_that_fails_leaves_nothing_half_made(engine: Engine) -> None:
    with pytest.raises(RuntimeError), engine.begin() as connection:  # noqa: PT012
        command.upgrade(migrations(connection), "head")
        raise RuntimeError
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == []


def test_no_table_has_a_rowid(engine: Engine) -> None:
    with engine.begin() as connection:
        command.upgrade(migrations(connection), "head")
        for name, sql in schema(connection).items():
            assert sql.startswith("CREATE INDEX") or sql.endswith("WITHOUT ROWID"), name


async def test_the_store_migrates_itself_wherever_it_is_started_from_and_keeps_what_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = Keys.load(tmp_path / "keys")
    url = f"sqlite+aiosqlite:///{tmp_path}/50% data/raati.db"
    monkeypatch.chdir(tmp_path)
    store = await Store.open(url, keys)
    await drafts.begin(store, 1, "equality", b"kept", room=64, expires=DAY, ordinal=1)
    await store.close()
    again = await Store.open(url, keys)
    assert await drafts.load(again, 1, ["equality"]) == {"equality": b"kept"}
    await again.close()


async def test_two_that_start_together_make_the_tables_once(tmp_path: Path) -> None:
    keys = Keys.load(tmp_path / "keys")
    url = f"sqlite+aiosqlite:///{tmp_path}/raati.db"
    stores = await asyncio.gather(*(Store.open(url, keys) for _ in range(4)))
    for number, store in enumerate(stores):
        await drafts.begin(store, number, "equality", b"x", room=64, expires=DAY, ordinal=1)
    assert await drafts.purge(stores[0], DAY + timedelta(days=1)) == 4
    for store in stores:
        await store.close()


def test_what_had_been_sent_before_counts_as_received_and_what_an_older_version_would_misread_goes(
    engine: Engine,
) -> None:
    def rows(asked: str) -> list[tuple[object, ...]]:
        return [tuple(row) for row in connection.exec_driver_sql(asked)]

    with engine.begin() as connection:
        command.upgrade(migrations(connection), "0003")
        for person, state, doubted in ((1, "sent", 0), (2, "waiting", 1), (3, "waiting", 0)):
            connection.exec_driver_sql(
                "INSERT INTO deliveries VALUES (x'aa', ?, ?, NULL, 1, ?)", (person, state, doubted)
            )
        command.upgrade(migrations(connection), "0004")
        assert rows("SELECT person, first FROM deliveries") == [(1, 1), (2, 1), (3, 0)]
        for state in ("draft", "archived", "open"):
            connection.exec_driver_sql(
                "INSERT INTO surveys (name, source, kind, audience, state, opens) "
                "VALUES (?, '', 'survey', 'everyone', ?, '2027-01-27')",
                (state, state),
            )
        for number, role in enumerate(("coordinator", "reader")):
            connection.exec_driver_sql(
                "INSERT INTO coordinators VALUES (?, ?, 0, 1, x'00', ?)", (number, number, role)
            )
        for number, circle in enumerate(("members", "received")):
            connection.exec_driver_sql(
                "INSERT INTO announcements (key, occasion, circle, priority, due, expires, state, "
                "edition, box) VALUES (?, ?, ?, 1, '2027-01-27', '2027-01-28', 'open', 1, x'00')",
                (number, circle, circle),
            )
        command.downgrade(migrations(connection), "0003")
        assert rows("SELECT name, state FROM surveys ORDER BY 1") == [
            ("archived", "closed"),
            ("open", "open"),
        ]
        assert rows("SELECT key FROM coordinators") == [(0,)]
        assert rows("SELECT occasion FROM announcements") == [("members",)]
