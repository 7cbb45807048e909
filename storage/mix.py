"""The mix: what is sent waits, sealed, until so many others do that nobody can tell whose is whose.

When 2k responses of a survey wait, all but a random k come out together, in shuffled order, and the
k that stay are sealed anew: new boxes, new row keys, a new batch with a new key. So whoever knows
when a person answered, and has a copy of the database from before and after, still has at least 2k
candidates, and never learns which of later releases to look in. There is no release by the clock:
it would let out those who answered alone.

The order is the promise. A new batch's key is durable before the commit; after it the file is wiped
of what it held before; only then does the old key die. A crash in between leaves an old key that
is not needed: wiping again and destroying it is safe at any time, and is done at every start.

When the survey is closed, all that waits comes out. If fewer than k people answered in all, nothing
can hide them: then only counts for each question are kept, and loose open answers. Of the panel's
members, who know each other, not even those counts are kept: only how many answered.

Only what opens counts: a response that waits beside boxes whose key is lost has nobody to hide
among. Where a loss leaves fewer than k to come out at the close, they are not kept.
"""

from __future__ import annotations

import logging
import secrets
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, delete, func, insert, select, update

from storage.database import canonical
from storage.responses import Response, opened_box, wait
from storage.surveys import CLOSED, MEMBERS, OVER
from storage.tables import (
    batches,
    drafts,
    insert_new,
    markers,
    open_answers,
    pool,
    responses,
    surveys,
    tallies,
)

if TYPE_CHECKING:
    from sqlalchemy import Row
    from sqlalchemy.dialects.sqlite import Insert
    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.database import Store
    from storage.keys import Passing
    from storage.surveys import Running

log = logging.getLogger(__name__)

_COUNT: Final = select(func.count()).select_from(pool).where(pool.c.survey == bindparam("of"))
_WAITING: Final = select(pool.c.key, pool.c.box, batches.c.batch).where(
    pool.c.survey == bindparam("of"), batches.c.survey == pool.c.survey
)
_EMPTY: Final = delete(pool).where(pool.c.survey == bindparam("of"))
_DELETE_BOX: Final = _EMPTY.where(pool.c.key == bindparam("row"))
_BOXES: Final = select(pool, batches.c.batch).select_from(
    pool.outerjoin(batches, batches.c.survey == pool.c.survey)
)
_BATCHES: Final = (
    select(surveys.c.name, batches.c.batch)
    .select_from(surveys.outerjoin(batches, batches.c.survey == surveys.c.name))
    .where(surveys.c.state.not_in(OVER))
)
_BATCH: Final = update(batches).where(batches.c.survey == bindparam("of"))
_RESPONSE: Final = insert_new(responses)
_OPEN: Final = insert_new(open_answers)
_TALLY: Final = insert(tallies)
_RESPONSES: Final = (
    select(func.count()).select_from(responses).where(responses.c.survey == bindparam("of"))
)
_DELETE_DRAFTS: Final = delete(drafts).where(drafts.c.form == bindparam("of"))
_DELETE_MARKERS: Final = delete(markers).where(markers.c.survey == bindparam("of"))
_DELETE_BATCH: Final = delete(batches).where(batches.c.survey == bindparam("of"))
_closed: Final = select(surveys.c.name).where(surveys.c.state.in_(OVER))
_SWEEP: Final = (
    delete(drafts).where(drafts.c.form.in_(_closed)),
    delete(markers).where(markers.c.survey.in_(_closed)),
)
_CLOSE: Final = update(surveys).values(state=CLOSED, revision=surveys.c.revision + 1)

_LOST: Final = "%d answers that waited in the mix are lost: their key is gone"

_chance: Final = secrets.SystemRandom()


async def waiting(store: Store, survey: str) -> int:
    """How many responses wait in the mix."""
    async with store.reading() as connection:
        return (await connection.execute(_COUNT, {"of": survey})).scalar_one()


async def release(store: Store, survey: str, *, k: int, room: int) -> int:
    """Let all but a random `k` come out, if 2k wait; how many did. `room` is the form's own.

    Not to be called again before `wipe` and `bury`.
    """
    if await waiting(store, survey) < 2 * k:
        return 0
    async with store.writing() as connection:
        kept = await _opened(store, connection, survey)
        if len(kept) < 2 * k:
            return 0
        batch = store.keys.passing(survey).new_batch()  # durable before anything is sealed with it
        _chance.shuffle(kept)
        await connection.execute(_EMPTY, {"of": survey})
        await connection.execute(_BATCH, {"of": survey, "batch": batch})
        for response in kept[:k]:
            await wait(store, connection, survey, batch, response, room)
        await _come_out(connection, survey, kept[k:])
    return len(kept) - k


async def drop_lost(store: Store) -> None:
    """What no key opens any more goes, so that it is not counted as waiting; and the markers of its
    survey, so that whoever sent it may answer again. Each survey's loss is told in a log line."""
    async with store.writing() as connection:
        for survey, number in (await lost(store, connection)).items():
            await connection.execute(_DELETE_MARKERS, {"of": survey})
            log.error(_LOST, number)


async def lost(store: Store, connection: AsyncConnection) -> dict[str, int]:
    """Take away the boxes that no key opens any more, and batches without a key, in the transaction
    that is open; how many boxes, by survey."""
    gone: Counter[str] = Counter()
    for row in (await connection.execute(_BOXES)).all():
        if row.batch is None or _response(store, row.survey, row) is None:
            await connection.execute(_DELETE_BOX, {"of": row.survey, "row": row.key})
            gone[row.survey] += 1
    for row in (await connection.execute(select(batches))).all():
        if store.keys.passing(row.survey).find_batch(row.batch) is None:
            await connection.execute(_DELETE_BATCH, {"of": row.survey})
    return dict(gone)


async def close(store: Store, survey: Running, *, k: int) -> bool:
    """Everything that waits comes out, or is dissolved where fewer than `k` answered; drafts and
    markers go, and the survey is closed. False, and nothing changes, if it is no more as `survey`
    says. Its keys are still to be buried, after `wipe`."""
    unchanged = [
        surveys.c[name].is_not_distinct_from(getattr(survey, name))
        for name in ("name", "state", "closes", "closed_on")
    ]
    of = {"of": survey.name}
    async with store.writing() as connection:
        if not (await connection.execute(_CLOSE.where(*unchanged))).rowcount:
            return False
        kept = await _opened(store, connection, survey.name)
        _chance.shuffle(kept)
        out = (await connection.execute(_RESPONSES, of)).scalar_one()
        if len(kept) >= k:
            await _come_out(connection, survey.name, kept)
        elif kept and not out:
            await _dissolve(connection, survey.name, kept, counted=survey.audience != MEMBERS)
            log.info("%s: fewer than %d answered; only counts are kept", survey.name, k)
        elif kept:
            log.error("%d answers are not kept: too few were left to hide each other", len(kept))
        for statement in (_EMPTY, _DELETE_DRAFTS, _DELETE_MARKERS, _DELETE_BATCH):
            await connection.execute(statement, of)
    return True


async def bury(store: Store) -> None:
    """Destroy every key that nothing needs any more: all those of surveys that are closed, and of
    the others the batches before the current one. Only after a `wipe` that was done to the end:
    what these keys open must be gone first. With them goes what was saved in the very moment of
    closing."""
    # In a transaction, and so alone: a batch that another is about to begin is not old.
    async with store.writing() as connection:
        for statement in _SWEEP:
            await connection.execute(statement)
        for passing, batch in await _dead(store, connection):
            if batch is None:
                passing.destroy()
            else:
                passing.destroy_batch(batch)


async def unburied(store: Store) -> bool:
    """Whether there are keys that `bury` would destroy."""
    async with store.reading() as connection:
        return bool(await _dead(store, connection))


async def _dead(store: Store, connection: AsyncConnection) -> list[tuple[Passing, bytes | None]]:
    """The batches that are over; None in place of one: all keys of that survey."""
    rows = (await connection.execute(_BATCHES)).all()
    current = {row.name: row.batch for row in rows}
    found: list[tuple[Passing, bytes | None]] = []
    for survey in store.keys.surveys():
        passing = store.keys.passing(survey)
        if survey not in current:
            found.append((passing, None))
            continue
        found += [(passing, one) for one in passing.batches() if one != current[survey]]
    return found


async def _opened(store: Store, connection: AsyncConnection, survey: str) -> list[Response]:
    """What waits in the mix; what no key opens any more is told, and lost."""
    rows = (await connection.execute(_WAITING, {"of": survey})).all()
    found = [_response(store, survey, row) for row in rows]
    kept = [response for response in found if response is not None]
    if len(kept) < len(rows):
        log.error(_LOST, len(rows) - len(kept))
    return kept


def _response(store: Store, survey: str, row: Row[*tuple[Any, ...]]) -> Response | None:
    return opened_box(store, survey, row.batch, row.key, row.box)


async def _come_out(connection: AsyncConnection, survey: str, released: list[Response]) -> None:
    """Rows under the keys that were drawn when they were sent; one that is there already stays, so
    that nothing comes out twice."""
    rows: list[dict[str, Any]] = [
        {"survey": survey, "key": response.key, "answers": response.answers}
        for response in released
    ]
    await _insert(connection, _RESPONSE, rows)
    await _come_out_loose(connection, survey, released)


async def _come_out_loose(
    connection: AsyncConnection, survey: str, released: list[Response]
) -> None:
    """Their open answers, each for itself."""
    rows: list[dict[str, Any]] = [
        {"survey": survey, "key": one.key, "question": one.question, "text": one.text}
        for response in released
        for one in response.opened
    ]
    await _insert(connection, _OPEN, rows)


async def _insert(
    connection: AsyncConnection, statement: Insert, rows: list[dict[str, Any]]
) -> None:
    """Written by their random keys: an order of their own for each table."""
    if rows:
        await connection.execute(statement, sorted(rows, key=lambda row: row["key"]))


async def _dissolve(
    connection: AsyncConnection, survey: str, kept: list[Response], *, counted: bool
) -> None:
    """How many there were, counts for each question where these are `counted`, and open answers
    that belong to nobody."""
    counts: Counter[tuple[str, str]] = Counter({("", ""): len(kept)})
    for response in kept if counted else ():
        for question, answer in response.answers.items():
            several = answer if isinstance(answer, list) else [answer]
            counts.update((question, _text(one)) for one in several)
    rows: list[dict[str, Any]] = [
        {"survey": survey, "question": question, "answer": answer, "count": count}
        for (question, answer), count in sorted(counts.items())
    ]
    await connection.execute(_TALLY, rows)
    await _come_out_loose(connection, survey, kept)


def _text(answer: Any) -> str:
    return answer if isinstance(answer, str) else canonical(answer)
