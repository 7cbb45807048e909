"""What the bot will say unprompted, and its way from the plan to one delivery for each person.

An announcement is planned inside the transaction of what it tells about, once for each occasion.
When it is due its audience is written out in batches, each a transaction, so that nobody who
answers waits long. It opens with its last batch; a batch written again, after a crash, changes
nothing. Taking it back and its end are one word here: the outbox brings them to the deliveries.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import case, delete, exists, func, literal, null, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or

from dialogs.announcement import (
    ANNOUNCEMENT,
    Audience,
    Circle,
    Priority,
    Report,
    Stage,
    State,
    Step,
)
from storage.sealed import Identity, Unopened, identity, seal, unseal
from storage.tables import (
    announcements,
    attendance,
    coordinators,
    deliveries,
    insert_new,
    members,
    subscribers,
)
from storage.walking import walked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Table
    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.database import Store

STEP: Final = 1024
"""Bytes: a sealed text is a whole number of these long."""

BATCH: Final = 2000
"""Deliveries in one transaction: some hundredths of a second in which nobody else writes."""

TABLES: Final[dict[Circle, tuple[Table, ...]]] = {
    Circle.MEMBERS: (members,),
    Circle.UNANSWERED: (members,),
    Circle.COORDINATORS: (coordinators,),
    Circle.SUBSCRIBERS: (subscribers,),
    Circle.PERSON: (members, coordinators, subscribers),
}
"""Where the persons of a circle are kept."""

_SEATED: Final = members.c.standing == "member"
_ON_THE_WAY: Final = (str(State.WAITING), str(State.SENDING), str(State.UNCERTAIN))
_TO_SEND: Final = (str(State.WAITING), str(State.UNCERTAIN))
_MISSED: Final = (str(State.LEFT), str(State.FAILED), str(State.EXPIRED))

_a, _d = announcements.c, deliveries.c
_OUTDATED: Final = exists().where(
    _d.announcement == _a.key, _d.state == str(State.SENT), _d.edition < _a.edition
)
_PENDING: Final = exists().where(_d.announcement == _a.key, _d.state.in_(_TO_SEND))


@dataclass(frozen=True, slots=True)
class Planned:
    """An announcement, its letters packed; see `dialogs.announcement.Announcement`."""

    occasion: str
    audience: Audience
    priority: Priority
    due: datetime  # aware
    expires: datetime  # aware
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Current:
    """An announcement that there is something to do for. `pending`: somebody waits for it;
    `outdated`: somebody has a text that was corrected since."""

    key: bytes
    circle: Circle
    of: bytes | None
    priority: Priority
    expires: datetime  # aware
    stage: Stage
    edition: int
    pending: bool
    outdated: bool


async def plan(connection: AsyncConnection, keys: Identity, planned: Sequence[Planned]) -> None:
    """Plan them, in the caller's transaction; an occasion that is known already stays as it is."""
    for one in planned:
        key = secrets.token_bytes(16)
        row = {
            "key": key,
            "occasion": one.occasion,
            "circle": str(one.audience.circle),
            "of": bytes.fromhex(one.audience.of) or None,
            "priority": int(one.priority),
            "due": utc(one.due),
            "expires": utc(one.expires),
            "state": str(Stage.PLANNED),
            "edition": 1,
            "box": _sealed(keys, key, one.body),
        }
        await connection.execute(insert_new(announcements), row)


async def withdraw(connection: AsyncConnection, prefix: str) -> None:
    """Take back what is not yet sent of the occasions that begin with `prefix`."""
    taken_back = walked(announcements, ANNOUNCEMENT, Step.TAKEN_BACK)
    await connection.execute(taken_back.where(_begins(prefix)))


async def correct(connection: AsyncConnection, keys: Identity, planned: Sequence[Planned]) -> None:
    """Give announcements another text, for those who have the one before as well. An occasion that
    is not known, or a text that is the same, changes nothing."""
    for one in planned:
        found = await connection.execute(select(_a.key, _a.box).where(_a.occasion == one.occasion))
        for key, box in found.all():
            if _unsealed(keys, key, box) == one.body:
                continue
            at = _a.key == key
            new = {"box": _sealed(keys, key, one.body), "edition": _a.edition + 1}
            await connection.execute(update(announcements).where(at).values(new))
            corrected = walked(announcements, ANNOUNCEMENT, Step.CORRECTED)
            await connection.execute(corrected.where(at))


async def current(store: Store, now: datetime) -> list[Current]:
    """What there may be something to do for, in the order it is sent."""
    found = select(
        *(_a.key, _a.circle, _a.of, _a.priority, _a.expires, _a.state, _a.edition),
        _PENDING.label("pending"),
        _OUTDATED.label("outdated"),
    ).where(
        _a.state.in_([str(Stage.OPEN), str(Stage.WITHDRAWN)])
        | ((_a.state == str(Stage.PLANNED)) & (_a.due <= utc(now)))
    )
    async with store.reading() as connection:
        rows = (await connection.execute(found.order_by(_a.priority, _a.due, _a.key))).all()
    return [
        Current(
            row.key,
            Circle(row.circle),
            row.of,
            Priority(row.priority),
            row.expires.replace(tzinfo=UTC),
            Stage(row.state),
            row.edition,
            row.pending,
            row.outdated,
        )
        for row in rows
    ]


async def text(store: Store, key: bytes) -> tuple[int, bytes] | None:
    """The edition an announcement has now, and its body; None where it is gone, or does not
    open."""
    async with store.reading() as connection:
        found = await connection.execute(select(_a.edition, _a.box).where(_a.key == key))
        row = found.one_or_none()
    if row is None:
        return None
    body = _unsealed(identity(store.keys.identity), key, row.box)
    return None if body is None else (row.edition, body)


async def write_out(store: Store, one: Current, after: bytes | None) -> bytes | None:
    """Write the next batch of the audience, from the key `after` on; the key to go on from, or
    None: with this one the announcement is open."""
    upto: bytes | None = None
    async with store.writing() as connection:
        stage = await connection.execute(select(_a.state).where(_a.key == one.key))
        if stage.scalar_one_or_none() != str(Stage.PLANNED):
            return None  # taken back meanwhile
        for table in TABLES[one.circle]:
            those = audience(table, one)
            if after is not None:
                those &= table.c.key > after
            if one.circle is not Circle.PERSON:
                last = select(table.c.key).where(those).order_by(table.c.key)
                found = await connection.execute(last.offset(BATCH - 1).limit(1))
                upto = found.scalar_one_or_none()
                if upto is not None:
                    those &= table.c.key <= upto
            await connection.execute(_written(table, one, those))
        if upto is None:
            opened = walked(announcements, ANNOUNCEMENT, Step.OPENED)
            await connection.execute(opened.where(_a.key == one.key))
    return upto


async def end(connection: AsyncConnection, key: bytes) -> bool:
    """Whether nothing of the announcement is on its way any more; then it has ended."""
    over = walked(announcements, ANNOUNCEMENT, Step.OVER).where(
        _a.key == key,
        ~_OUTDATED,
        ~exists().where(_d.announcement == _a.key, _d.state.in_(_ON_THE_WAY)),
    )
    return (await connection.execute(over)).rowcount == 1


async def forget(store: Store, before: datetime) -> None:
    """Erase what was of no more use before the moment `before`, and to whom it went."""
    old = select(_a.key).where(_a.expires < utc(before), _a.state == str(Stage.ENDED))
    async with store.writing() as connection:
        await connection.execute(delete(deliveries).where(_d.announcement.in_(old)))
        await connection.execute(delete(announcements).where(_a.key.in_(old)))


async def reports(store: Store, prefix: str) -> dict[str, Report]:
    """How far the announcements have come whose occasions begin with `prefix`. Members without
    Telegram are not in it: nothing is sent to them."""
    doubled = (_d.state == str(State.SENT)) & _d.doubted
    counted = (
        select(_a.occasion, _d.state, func.count(), func.sum(case((doubled, 1), else_=0)))
        .join_from(announcements, deliveries, _a.key == _d.announcement)
        .where(_begins(prefix))
        .group_by(_a.occasion, _d.state)
    )
    missed = (
        select(_a.occasion, _d.person)
        .join_from(announcements, deliveries, _a.key == _d.announcement)
        .where(_begins(prefix), _d.state.in_(_MISSED))
    )
    known = select(_a.occasion).where(_begins(prefix))
    async with store.reading() as connection:
        found = {name: Report({}) for name in (await connection.execute(known)).scalars()}
        counts: dict[str, dict[State, int]] = {name: {} for name in found}
        twice: dict[str, int] = dict.fromkeys(found, 0)
        for occasion, state, number, doubtful in await connection.execute(counted):
            counts[occasion][State(state)] = number
            twice[occasion] += doubtful
        persons: dict[str, list[bytes]] = {name: [] for name in found}
        for occasion, person in await connection.execute(missed):
            persons[occasion].append(person)
    return {name: Report(counts[name], twice[name], tuple(persons[name])) for name in found}


def utc(moment: datetime) -> datetime:
    """As the tables have it."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def _begins(prefix: str) -> ColumnElement[bool]:
    # LIKE would take "_" for any letter, and A for a.
    return func.substr(_a.occasion, 1, len(prefix)) == prefix


def of_circle(table: Table, one: Current) -> ColumnElement[bool]:
    """Which of the table's persons are of the announcement's circle at this moment, whether or not
    they have answered."""
    if one.circle is Circle.PERSON:
        those = table.c.key == one.of
    elif table is members:
        those = _SEATED
    else:
        those = table.c.key.is_not(None)
    if table is members:
        those &= members.c.tag.is_not(None)  # without Telegram there is nowhere to send it
    return those


def audience(table: Table, one: Current) -> ColumnElement[bool]:
    """Which of the table's persons are to get it, at this moment."""
    those = of_circle(table, one)
    if one.circle is Circle.UNANSWERED:
        answered = exists().where(
            attendance.c.meeting == one.of, attendance.c.member == members.c.key
        )
        those &= ~answered
    return those


def _written(table: Table, one: Current, those: ColumnElement[bool]) -> Any:
    state = case((table.c.gone, str(State.LEFT)), else_=str(State.WAITING))
    rows = select(literal(one.key), table.c.key, state, null(), literal(0), literal(False)).where(
        those
    )
    into = [column.name for column in deliveries.c]
    return insert_or(deliveries).from_select(into, rows).on_conflict_do_nothing()


def _sealed(keys: Identity, key: bytes, body: bytes) -> bytes:
    return seal(keys.boxes, body, room=-(-len(body) // STEP) * STEP, tag=key)


def _unsealed(keys: Identity, key: bytes, box: bytes) -> bytes | None:
    try:
        return unseal(keys.boxes, box, tag=key)
    except Unopened:
        return None
