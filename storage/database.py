"""The database: one writes, several read, and nothing is told to a log.

SQLite lets one connection write at a time. So whoever writes takes a turn, in the order they came,
instead of running into each other's locks; and a transaction begins with BEGIN IMMEDIATE, so that
it waits for another process before it reads, never after. Reading begins no transaction: every
question the modules ask is one statement. The two statements of a tapped answer have lines of
their own, held open; see `quick`.

What the driver and SQLAlchemy would say at DEBUG holds parameters and rows, and what an exception
would say holds parameters. Here all of them are silenced: a promise, not a preference.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import logging
import os
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import aiosqlite
from alembic import command
from alembic.config import Config
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from contextlib import AbstractAsyncContextManager

    from sqlalchemy import Connection
    from sqlalchemy.engine import ExceptionContext
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

    from storage.keys import Keys
    from storage.quick import Quick

READERS: Final = 2  # connections, and so threads: more than cores brings nothing

NO_LONGER: Final = 100
"""Milliseconds that emptying the log waits for somebody who reads; whoever answers waits along."""

MIGRATIONS: Final = Path(__file__).parent / "migrations"

_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",  # readers do not wait for the writer
    # FULL, not NORMAL: who was told "kept" was told the truth, also across a power cut.
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",  # of this connection only: each must say it
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=10000",  # ms: another process's transaction, such as `raati survey open`
    "PRAGMA temp_store=MEMORY",  # sorting never spills answers into a file elsewhere
)

log = logging.getLogger(__name__)

for _logger in ("aiosqlite", "sqlalchemy.engine", "sqlalchemy.pool"):
    logging.getLogger(_logger).setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Store:
    """Everything that is remembered, and the keys it is remembered under."""

    keys: Keys = field(repr=False)
    _reader: AsyncEngine = field(repr=False)
    _writer: AsyncEngine = field(repr=False)
    _lines: AsyncExitStack = field(repr=False)
    _asking: aiosqlite.Connection = field(repr=False)
    _saving: aiosqlite.Connection = field(repr=False)
    _emptying: aiosqlite.Connection = field(repr=False)
    _turn: asyncio.Lock = field(repr=False)

    @classmethod
    async def open(cls, url: str, keys: Keys) -> Store:
        """The store at `url` (`sqlite+aiosqlite:///FILE`), made or migrated to today's tables.

        Raises ValueError, one sentence, for an address that is not such a file.
        """
        file = file_of(url)
        _make_private(file)
        async with AsyncExitStack() as opened:
            writer = _engine(url, pool_size=1)
            opened.push_async_callback(writer.dispose)
            event.listen(writer.sync_engine, "begin", _begin_immediate)
            async with making(file.parent), writer.begin() as connection:
                await connection.run_sync(lambda sync: command.upgrade(migrations(sync), "head"))
            reader = _engine(
                url,
                pool_size=READERS + 3,
                isolation_level="AUTOCOMMIT",
                skip_autocommit_rollback=True,
            )
            opened.push_async_callback(reader.dispose)
            asking = await _line(opened, reader)
            saving = await _line(opened, reader)
            emptying = await _line(opened, reader)
            await emptying.execute_fetchall(f"PRAGMA busy_timeout={NO_LONGER}")
            lines = opened.pop_all()
            return cls(keys, reader, writer, lines, asking, saving, emptying, asyncio.Lock())

    def reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A connection to ask one question on: two may see different moments."""
        return self._reader.connect()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction: committed at the end of the block, undone if the block raises. After it
        the log is folded into the file and emptied: a log keeps what was erased, and the order of
        all that came."""
        async with self._turn:
            async with self._writer.begin() as connection:
                yield connection
            if not await self._emptied():
                log.info("somebody else reads the database; its log is emptied next time")

    async def ask(self, question: Quick, **values: Any) -> list[Any]:
        """The rows that answer `question`. Raises sqlite3.Error, without values."""
        return list(await self._asking.execute_fetchall(question.sql, question.bind(values)))

    async def save(self, change: Quick, **values: Any) -> None:
        """Make `change`, as a transaction of its own. Raises sqlite3.Error, without values."""
        async with self._turn:
            await self._saving.execute_fetchall(change.sql, change.bind(values))

    async def empty(self) -> bool:
        """Fold the log into the file and empty it. False if somebody else is reading: then it
        cannot be done now, nor after a next change."""
        async with self._turn:
            # A page is written: whoever began to read with the log empty is noticed only then.
            await self._saving.execute_fetchall("PRAGMA user_version=1")
            return await self._emptied()

    async def wipe(self) -> bool:
        """Make the file anew, so that neither its free space nor the places of its rows say what
        came when, and empty the log. False if somebody else is reading: then old pages may still
        stand in the log, and it is to be done again."""
        async with self._turn:
            # First: each making anew that cannot be folded in would add the whole file to the log.
            if not await self._emptied():
                return False
            await self._saving.execute_fetchall("VACUUM")
            return await self._emptied()

    async def _emptied(self) -> bool:
        [(busy, *_)] = await self._emptying.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
        return not busy

    async def close(self) -> None:
        """Close every connection; the last one folds the WAL into the file and removes it."""
        await self._lines.aclose()


def file_of(url: str) -> Path:
    """The file of the database at `url`. Raises ValueError, one sentence, for any other address."""
    address = make_url(url)
    if address.drivername != "sqlite+aiosqlite" or address.database in (None, "", ":memory:"):
        raise ValueError("RAATI_DATABASE_URL must be sqlite+aiosqlite:///FILE.")
    return Path(str(address.database))


def migrations(connection: Connection) -> Config:
    """Alembic's way to our migrations, wherever this package lies, inside the transaction that
    `connection` is in."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _make_private(file: Path) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.touch(mode=0o600)  # its -wal and -shm take the same mode


@asynccontextmanager
async def making(folder: Path) -> AsyncIterator[None]:
    """Only one process at a time makes or migrates the database in `folder`: two that begin a
    write-ahead log together do not wait for each other, they fail."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        await asyncio.to_thread(fcntl.flock, handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def canonical(value: Any) -> str:
    """One text for one value: the order in which a person answered is not in it."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


async def _line(opened: AsyncExitStack, engine: AsyncEngine) -> aiosqlite.Connection:
    """A connection of the driver's own, prepared like the others, for as long as `opened` is."""
    connection = await opened.enter_async_context(engine.connect())
    line = (await connection.get_raw_connection()).driver_connection
    if not isinstance(line, aiosqlite.Connection):
        raise TypeError("the driver is aiosqlite")
    return line


def _engine(url: str, **options: Any) -> AsyncEngine:
    engine = create_async_engine(
        url, hide_parameters=True, json_serializer=canonical, max_overflow=0, **options
    )
    event.listen(engine.sync_engine, "connect", _prepare)
    event.listen(engine.sync_engine, "handle_error", _forget_parameters)
    return engine


def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver would begin transactions by itself, and late; see _begin_immediate.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _forget_parameters(context: ExceptionContext) -> None:
    if context.sqlalchemy_exception is not None:
        context.sqlalchemy_exception.params = None
