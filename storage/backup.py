"""A copy to keep elsewhere.

A backup is a database of its own, written anew row by row from one moment of the living one, while
the bot goes on. So nothing that was deleted is in it, no page tells an order, and what must not be
copied never comes near it: no key, nothing half told, and no marker of a draft that is open, or
whoever was answering would be locked out of a survey they never finished. What waits in the mix
goes along as it is, sealed: it opens while its batch key lives, and never after.

For each survey whose markers are in it, it holds one more, that of chat 0, which is nobody's: it
tells `restore` whether the others were made with the secret that is there then.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from alembic import command
from sqlalchemy import MetaData, NullPool, create_engine, event, func, insert, select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from storage.database import migrations
from storage.drafts import markers_of
from storage.keys import sync
from storage.markers import marker
from storage.tables import (
    applications,
    broadcasts,
    drafts,
    glimpses,
    invitations,
    markers,
    meetings,
    members,
    metadata,
    open_answers,
    pointers,
    pool,
    responses,
    subscribers,
    surveys,
    tallies,
    tasks,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sqlalchemy import Connection, Engine, Row, Table

    from storage.database import Store

OURS: Final = 0x52614231  # "RaB1": SQLite's application id, in a backup and nowhere else

_LIVING: Final = MetaData()
"""The tables of the living database, seen from the backup's connection."""
for _table in metadata.sorted_tables:
    _table.to_metadata(_LIVING, schema="living")

# A link that was opened since must not open again.
_NOT_COPIED: Final = (drafts, markers, tasks, glimpses, invitations)
_COPIED: Final = [table for table in metadata.sorted_tables if table not in _NOT_COPIED]

_DISSOLVED: Final = select(func.coalesce(func.sum(tallies.c.count), 0)).where(
    tallies.c.question == ""
)

NOBODY: Final = 0
"""The chat that no person has."""


class BackupError(Exception):
    """A backup cannot be written or brought back; its text is one sentence."""


@dataclass(frozen=True, slots=True)
class Contents:
    """How much there is of everything."""

    surveys: int
    responses: int  # out of the mix, those that were dissolved into counts included
    waiting: int  # sealed, in the mix
    open_answers: int
    applications: int
    subscribers: int
    members: int  # of the panel, with the reserve list and those whose membership ended
    meetings: int
    broadcasts: int  # half made ones too
    pointers: int  # the bot's own links


async def write(store: Store, living: Path, file: Path) -> Contents:
    """Write a backup of the database in `living`, which is `store`'s, as the new file `file`.

    Raises BackupError if the file is there already or cannot be written.
    """
    return await asyncio.to_thread(_write, store, living, file)


def _write(store: Store, living: Path, file: Path) -> Contents:
    try:
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        raise BackupError(f"{file} is there already: name a new file.") from None
    except OSError as error:
        raise BackupError(f"{file} cannot be written: {error.strerror}.") from None
    try:
        contents = _copied(store, living, file)
        durable(file)
    except BaseException as error:
        file.unlink(missing_ok=True)
        if isinstance(error, SQLAlchemyError | OSError):
            raise BackupError(f"{file} cannot be written: {reason(error)}.") from None
        raise
    return contents


def _copied(store: Store, living: Path, file: Path) -> Contents:
    with _engine(file).begin() as connection:
        command.upgrade(migrations(connection), "head")
    # Only now: a migration must not reach the living tables.
    with _engine(file, living).begin() as connection:
        # Here begins the one moment of the living database that all is read at.
        begun = connection.execute(select(_LIVING.tables["living.drafts"])).all()
        for table in _COPIED:
            names = [column.name for column in table.columns]
            rows = select(_LIVING.tables[f"living.{table.name}"])
            connection.execute(insert(table).from_select(names, rows))
        for survey, made in sorted(_markers_kept(store, connection, begun)):
            connection.execute(insert(markers), {"survey": survey, "marker": made})
        # Last: a file that is only half written is no backup.
        connection.exec_driver_sql(f"PRAGMA application_id={OURS}")
        return contents_of(connection)


def _markers_kept(
    store: Store, connection: Connection, begun: Sequence[Row[Any]]
) -> set[tuple[str, bytes]]:
    """By survey: all markers but those of drafts that are open, and the one that is nobody's."""
    inside = markers_of(store, begun)
    open_ones = {(row.form, inside[row.tag]) for row in begun if row.tag in inside}
    rows = connection.execute(select(_LIVING.tables["living.markers"])).all()
    kept = {(row.survey, row.marker) for row in rows} - open_ones
    beside = {(survey, nobodys(store, survey)) for survey, _ in kept}
    return kept | {(survey, made) for survey, made in beside if made is not None}


def nobodys(store: Store, survey: str) -> bytes | None:
    """The marker of chat 0 under the survey's secret; None where there is none."""
    return marker(store, NOBODY, survey, 0) if store.keys.passing(survey).has_secret else None


def _engine(file: Path, living: Path | None = None) -> Engine:
    """Transactions on `file`, with the tables of `living` beside its own, to be read only."""

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(file.absolute().as_uri(), uri=True, isolation_level=None)
        # No file beside it while it is written.
        for pragma in ("journal_mode=MEMORY", "temp_store=MEMORY", "busy_timeout=10000"):
            connection.execute(f"PRAGMA {pragma}")
        if living is not None:
            address = f"{living.absolute().as_uri()}?mode=ro"
            connection.execute("ATTACH DATABASE ? AS living", (address,))
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


def contents_of(connection: Connection) -> Contents:
    """What the database of `connection` holds."""

    def number(table: Table) -> int:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()

    dissolved = connection.execute(_DISSOLVED).scalar_one()

    return Contents(
        surveys=number(surveys),
        responses=number(responses) + dissolved,
        waiting=number(pool),
        open_answers=number(open_answers),
        applications=number(applications),
        subscribers=number(subscribers),
        members=number(members),
        meetings=number(meetings),
        broadcasts=number(broadcasts),
        pointers=number(pointers),
    )


def durable(file: Path) -> None:
    """The file, and that it is there, outlast a power cut. Raises OSError."""
    handle = os.open(file, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    sync(file.parent)


def reason(error: SQLAlchemyError | OSError) -> str:
    """Why it did not work, without what was to be written."""
    if isinstance(error, DBAPIError):
        return str(error.orig)
    return getattr(error, "strerror", None) or type(error).__name__
