"""The way back from a backup.

What the keys on this machine cannot open any more is of no use and goes: boxes of the mix whose
batch is over, and with them the markers of their survey, which would lock people out whose answers
are lost; and the markers of a survey whose secret is another one, which would lock nobody out and
could tell nobody anything. Applications and subscriptions stay even where the lasting key here
does not open them: it may still be imported.

The whole database is made aside, in a folder of its own, and put in place by one rename: a restore
that fails or is killed has changed nothing. What was there before is kept, but for what waits in
its mix: the keys of that die, so that it is given up only where that was said.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from alembic.util import CommandError
from sqlalchemy import bindparam, case, delete, select, update
from sqlalchemy.exc import SQLAlchemyError

from dialogs.announcement import State
from storage import mix
from storage.backup import OURS, BackupError, Contents, contents_of, durable, nobodys, reason
from storage.database import Store, file_of, making
from storage.keys import sync
from storage.lasting import opens
from storage.sealed import Unopened, unseal
from storage.tables import announcements, deliveries, markers

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.keys import Keys

_SQLITE: Final = b"SQLite format 3\0"
_ID: Final = slice(68, 72)  # of the header, big endian (file format, section 1.3)

_THERE: Final = (
    "SELECT survey, batch, pool.key, box FROM pool JOIN batches USING (survey)"  # of any version
)
_edition: Final = (
    select(announcements.c.edition)
    .where(announcements.c.key == deliveries.c.announcement)
    .scalar_subquery()
)
_MAY_HAVE_COME: Final = (
    update(deliveries)
    .where(deliveries.c.state == str(State.WAITING))
    .values(doubted=True, first=case((deliveries.c.first > 0, deliveries.c.first), else_=_edition))
)
"""What waited when the backup was made may have been sent since, with the text it had then."""
_DELETE_MARKERS: Final = delete(markers).where(markers.c.survey == bindparam("of"))
_DELETE_MARKER: Final = _DELETE_MARKERS.where(markers.c.marker == bindparam("made"))


@dataclass(frozen=True, slots=True)
class Brought:
    """What a restore has brought, and what could not come along."""

    contents: Contents
    lost: dict[str, int]  # by survey: answers in the mix whose key is gone
    forgotten: tuple[str, ...]  # surveys whose markers count no more
    freed: tuple[str, ...]  # surveys whose markers went because answers are lost
    unopened: int  # of what was kept of persons: the lasting key here does not open it


async def bring(file: Path, url: str, keys: Keys, *, replace: bool, lose: bool) -> Brought:
    """Make the backup `file` the database at `url`. What is there already is set aside if
    `replace` says so, and what waits in its mix is given up if `lose` does.

    Nobody else may be at work on the keys meanwhile (`running.alone`). Raises BackupError, and then
    nothing is changed; ValueError for an address that is not a file.
    """
    place = file_of(url)
    _is_ours(file)
    try:
        _make_room(place, replace=replace, moving=False)
        if not lose:
            _nothing_waits(place, keys)
        folder = _folder(place)
        try:
            new = folder / place.name
            await asyncio.to_thread(_private_copy, file, new)
            brought = await _brought(file, new, keys)
            async with making(place.parent):
                _make_room(place, replace=replace, moving=True)
                durable(new)
                new.rename(place)
                sync(place.parent)
        finally:
            shutil.rmtree(folder)
    except OSError as error:
        raise BackupError(f"{file} cannot be brought back: {error.strerror}.") from None
    return brought


def _folder(place: Path) -> Path:
    """An empty folder on the same file system as `place`."""
    folder = place.parent / "restoring"
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.exists():  # left by a restore that was killed
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700)
    return folder


def _is_ours(file: Path) -> None:
    try:
        with file.open("rb") as opened:
            head = opened.read(100)
    except OSError as error:
        raise BackupError(f"{file} cannot be read: {error.strerror}.") from None
    if not head.startswith(_SQLITE) or head[_ID] != OURS.to_bytes(4, "big"):
        raise BackupError(f"{file} is not a file of `raati backup`, or not all of it.")


def _private_copy(file: Path, new: Path) -> None:
    """Raises BackupError where the file is damaged."""
    new.touch(mode=0o600)
    shutil.copyfile(file, new)
    try:
        with closing(sqlite3.connect(new)) as connection:
            whole = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            odd = "SELECT count(*) FROM sqlite_master WHERE type NOT IN ('table', 'index')"
            (others,) = connection.execute(odd).fetchone()
    except sqlite3.DatabaseError:
        whole, others = False, 0
    if not whole or others:
        raise BackupError(f"{file} is damaged: bring another one.")


async def _brought(file: Path, new: Path, keys: Keys) -> Brought:
    """The copy in `new` becomes a database of today, with what the keys here still open."""
    try:
        store = await Store.open(_url(new), keys)
    except CommandError:
        raise BackupError(
            f"{file} was made by a newer version of this program: install that one first."
        ) from None
    except SQLAlchemyError as error:
        raise BackupError(f"{file} cannot be brought back: {reason(error)}.") from None
    try:
        async with store.writing() as connection:
            lost = await mix.lost(store, connection)
            forgotten = await _drop_forgotten(store, connection)
            freed = await _free(connection, lost)
            opened, identified = await opens(connection, keys.identity)
            await connection.execute(_MAY_HAVE_COME)
            # No backup any more: a copy of this file is not one.
            await connection.exec_driver_sql("PRAGMA application_id=0")
            contents = await connection.run_sync(contents_of)
        await store.wipe()
    finally:
        await store.close()
    return Brought(contents, lost, forgotten, freed, identified - opened)


def _url(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file.absolute().as_posix()}"


async def _drop_forgotten(store: Store, connection: AsyncConnection) -> tuple[str, ...]:
    """Markers that were made with another secret go, and in any case nobody's; of which surveys
    people's went."""
    rows = (await connection.execute(select(markers))).all()
    made = {(row.survey, row.marker) for row in rows}
    forgotten = []
    for survey in sorted({row.survey for row in rows}):
        beside = nobodys(store, survey)
        if (survey, beside) in made:
            await connection.execute(_DELETE_MARKER, {"of": survey, "made": beside})
        else:
            await connection.execute(_DELETE_MARKERS, {"of": survey})
            forgotten.append(survey)
    return tuple(forgotten)


async def _free(connection: AsyncConnection, lost: Iterable[str]) -> tuple[str, ...]:
    """No markers stay of surveys that have `lost` answers: nobody could tell whose they were. Of
    which surveys some went."""
    freed = [
        survey
        for survey in sorted(lost)
        if (await connection.execute(_DELETE_MARKERS, {"of": survey})).rowcount
    ]
    return tuple(freed)


def _nothing_waits(place: Path, keys: Keys) -> None:
    """Raises BackupError if answers wait in the mix of the database at `place` that `keys` still
    open: those keys die when another database has taken its place."""
    if number := _waiting(place, keys):
        wait = "1 answer waits" if number == 1 else f"{number} answers wait"
        raise BackupError(
            f"{wait} in the mix of {place} and would be lost: let the bot run until their surveys "
            "have closed, or give --lose-waiting as well."
        )


def _waiting(place: Path, keys: Keys) -> int:
    """How many boxes in the mix of the database at `place` still open; of a damaged or very old
    one, those that can be read."""
    number = 0
    if place.exists():
        with contextlib.suppress(sqlite3.DatabaseError), closing(sqlite3.connect(place)) as there:
            for survey, batch, row, box in there.execute(_THERE):
                key = keys.passing(survey).find_batch(batch)
                with contextlib.suppress(Unopened):
                    if key is not None:
                        unseal(key, box, tag=row)
                        number += 1
    return number


def _make_room(place: Path, *, replace: bool, moving: bool) -> None:
    """What is at `place` goes to the folder `replaced` beside it, if `moving`. Raises BackupError
    where it may not."""
    there = [path for end in ("", "-wal", "-shm") if (path := _beside(place, end)).exists()]
    if not there:
        return
    aside = place.parent / "replaced"
    if not replace:
        raise BackupError(
            f"{place} is there already: if the backup shall take its place, give --replace; "
            f"what is there now is kept in {aside}."
        )
    if aside.exists():
        raise BackupError(
            f"{aside} holds what an earlier restore replaced: delete it first, or move it away."
        )
    if moving:
        _fold(place)
        aside.mkdir(mode=0o700)
        for path in there:
            if path.exists():
                path.rename(aside / path.name)
        sync(aside)


def _fold(place: Path) -> None:
    """Fold a log that was left into its database, so that one file is moved and not two; a damaged
    one is left as it is."""
    with contextlib.suppress(sqlite3.DatabaseError), closing(sqlite3.connect(place)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _beside(place: Path, end: str) -> Path:
    return place.with_name(place.name + end)
