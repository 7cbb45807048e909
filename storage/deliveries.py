"""What becomes of an announcement for each person: claimed, sent, and what was heard of it.

Each row walks the table `dialogs.announcement.DELIVERY`, and only whoever holds the lease of the
outbox moves it. A delivery is claimed and that is committed before anything is sent; what is in
hand when a process dies is uncertain for the next one, which sends it again.

A row points to a person by a random key. Where they are to be written to is read from their sealed
box when the delivery is claimed; who is not there any more gets nothing.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, select, update

from dialogs.announcement import DELIVERY, Stage, State, Turn
from dialogs.panel.records import Coordinator, Member
from storage import announcements, records, subscribers
from storage.announcements import BATCH, TABLES, audience, of_circle
from storage.sealed import Identity, identity
from storage.tables import announcements as announced
from storage.tables import coordinators, deliveries
from storage.tables import subscribers as subscribed
from storage.walking import walked

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from sqlalchemy import ColumnElement, Row, Table
    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.announcements import Current
    from storage.database import Store
    from storage.lease import Lease

LOOKED_AT: Final = 200
"""Most persons of an announcement in one claim: boxes that do not open hold nobody up for long."""

log = logging.getLogger(__name__)

Key = tuple[bytes, bytes]
"""An announcement and a person."""

_d = deliveries.c
_TO_SEND: Final = (str(State.WAITING), str(State.UNCERTAIN))
_ONE: Final = (_d.announcement == bindparam("of")) & (_d.person == bindparam("whose"))


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery in the sender's hands. With `message` it is one that was sent, to be edited."""

    announcement: bytes
    person: bytes
    chat: int = field(repr=False)
    language: str
    edition: int  # of the text as it was then
    message: int | None = None

    @property
    def key(self) -> Key:
        return self.announcement, self.person


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one. `edition` is the text that was sent, or tried; an edit that has come to
    its end, whatever it was, is `edited`."""

    claimed: Claimed
    happened: Turn
    edition: int = 0
    message: int | None = None


async def lose_sight(store: Store, lease: Lease) -> int:
    """Whoever had the lease before is gone: what they had in hand is uncertain. How many."""
    lease.asked()
    async with store.writing() as connection:
        lost = walked(deliveries, DELIVERY, Turn.LOST_SIGHT).values(doubted=True)
        return (await connection.execute(lost)).rowcount


async def put_back(store: Store, lease: Lease, but: Collection[Key]) -> None:
    """What was claimed and is not among `but`, which whoever has the lease remembers, was never
    begun. Raises NotHeld."""
    lease.asked()
    async with store.writing() as connection:
        found = await connection.execute(
            select(_d.announcement, _d.person).where(_d.state == str(State.SENDING))
        )
        for of, whose in found.all():
            if (of, whose) not in but:
                put_off = walked(deliveries, DELIVERY, Turn.PUT_OFF).where(_ONE)
                await connection.execute(put_off, {"of": of, "whose": whose})


async def go_on(
    store: Store,
    lease: Lease,
    done: Sequence[Done],
    these: Sequence[Current],
    *,
    most: int,
    but: Collection[Key],
) -> tuple[list[Claimed], bool]:
    """Record what became of `done`, and claim at most `most` of `these`, in their order, leaving
    out `but`: one transaction. What is claimed, and whether there may be more though it is fewer
    than `most`. Raises NotHeld."""
    lease.asked()
    keys = identity(store.keys.identity)
    claimed: list[Claimed] = []
    async with store.writing() as connection:
        for one in done:
            await _record(connection, one)
        for announcement in these:
            for wanted, claim in (
                (announcement.outdated, _to_edit),
                (announcement.pending, _to_send),
            ):
                if wanted and len(claimed) < most:
                    left = most - len(claimed)
                    some, more = await claim(connection, keys, announcement, left, but)
                    claimed += some
                    if more:
                        return claimed, True
    return claimed, False


async def sweep(store: Store, lease: Lease, one: Current) -> bool:
    """Bring the end of an announcement to the next batch of its deliveries; whether there may be
    more to do. Raises NotHeld."""
    lease.asked()
    happened = Turn.TAKEN_BACK if one.stage is Stage.WITHDRAWN else Turn.TOO_LATE
    from_here = [str(before) for before, turn in DELIVERY if turn is happened]
    async with store.writing() as connection:
        some = (
            select(_d.person)
            .where(_d.announcement == one.key, _d.state.in_(from_here))
            .limit(BATCH)
        )
        found = (await connection.execute(some)).scalars().all()
        await _moved(connection, one.key, found, happened)
        if len(found) == BATCH:
            return True
        await announcements.end(connection, one.key)
    return False


async def left(store: Store, chat: int) -> None:
    """The chat's person has blocked the bot: they get nothing more until they come back."""
    await records.set_gone(store, chat, gone=True)
    await subscribers.set_gone(store, chat, gone=True)


async def came_back(store: Store, chat: int) -> None:
    """The chat's person has unblocked the bot: what is still of use waits for them again, and what
    was corrected meanwhile is corrected."""
    await records.set_gone(store, chat, gone=False)
    await subscribers.set_gone(store, chat, gone=False)
    member, coordinator = await records.find(store, chat)
    persons = [one.key for one in (member, coordinator) if one is not None]
    persons += await subscribers.key(store, chat)
    async with store.writing() as connection:
        open_ = select(announced.c.key).where(announced.c.state == str(Stage.OPEN))
        theirs = _d.announcement.in_(open_) & _d.person.in_(persons)
        back = walked(deliveries, DELIVERY, Turn.CAME_BACK)
        await connection.execute(back.where(theirs))
        corrected = open_.where(announced.c.edition > 1)
        await connection.execute(
            update(deliveries)
            .where(theirs, _d.announcement.in_(corrected), _d.state == str(State.SENT))
            .values(edition=0)
        )


async def _record(connection: AsyncConnection, done: Done) -> None:
    claimed = done.claimed
    at = {"of": claimed.announcement, "whose": claimed.person}
    if claimed.message is not None:
        edited = update(deliveries).where(_ONE, _d.state == str(State.SENT))
        if done.happened not in (Turn.PUT_OFF, Turn.LOST_SIGHT):
            await connection.execute(edited.values(edition=done.edition), at)
        return
    moved = walked(deliveries, DELIVERY, done.happened)
    if done.happened is Turn.ARRIVED:
        moved = moved.values(message=done.message, edition=done.edition)
    elif done.happened is Turn.LOST_SIGHT:
        moved = moved.values(doubted=True)
    await connection.execute(moved.where(_ONE, _d.state == str(State.SENDING)), at)


async def _to_send(
    connection: AsyncConnection,
    keys: Identity,
    one: Current,
    most: int,
    but: Collection[Key],
) -> tuple[list[Claimed], bool]:
    """Claim at most `most`; who has left, or is not of the audience any more, is told apart on the
    way. What is claimed, and whether it stopped early. Who may have it already comes last: of a
    process that dies again and again, not always the same have the nuisance."""
    waits = select(_d.person).where(
        _d.announcement == one.key,
        _d.state.in_(_TO_SEND),
        _d.person.not_in([person for key, person in but if key == one.key]),
    )
    waits = waits.order_by(_d.doubted)
    claimed: list[Claimed] = []
    looked_at = 0
    while len(claimed) < most:
        if looked_at >= LOOKED_AT:
            return claimed, True
        some = await connection.execute(waits.limit(most - len(claimed)))
        if not (persons := some.scalars().all()):
            break
        looked_at += len(persons)
        there = await _addresses(connection, keys, one, persons, audience)
        sides: dict[Turn, list[bytes]] = {}
        for person in persons:
            address = there.get(person)
            if address is None:
                sides.setdefault(Turn.TAKEN_BACK, []).append(person)
            elif address.gone:
                sides.setdefault(Turn.BLOCKED, []).append(person)
            else:
                sides.setdefault(Turn.CLAIMED, []).append(person)
                claimed.append(address.claimed(one, person))
        for happened, who in sides.items():
            await _moved(connection, one.key, who, happened)
    return claimed, False


async def _to_edit(
    connection: AsyncConnection,
    keys: Identity,
    one: Current,
    most: int,
    but: Collection[Key],
) -> tuple[list[Claimed], bool]:
    """At most `most` whose text was corrected since. Who has left or is not there any more keeps
    the old one, and counts as edited. What is claimed, and whether it stopped early."""
    outdated = select(_d.person, _d.message).where(
        _d.announcement == one.key,
        _d.state == str(State.SENT),
        _d.edition < one.edition,
        _d.person.not_in([person for key, person in but if key == one.key]),
    )
    claimed: list[Claimed] = []
    looked_at = 0
    while len(claimed) < most:
        if looked_at >= LOOKED_AT:
            return claimed, True
        # Nothing is written of those that are claimed: they are left out by name.
        had = [found.person for found in claimed]
        some = outdated.where(_d.person.not_in(had)).limit(most - len(claimed))
        messages = {row.person: row.message for row in await connection.execute(some)}
        if not messages:
            break
        looked_at += len(messages)
        there = await _addresses(connection, keys, one, [*messages], of_circle)
        for person, message in messages.items():
            address = there.get(person)
            if address is None or address.gone or message is None:
                at = {"of": one.key, "whose": person}
                kept = update(deliveries).where(_ONE).values(edition=one.edition)
                await connection.execute(kept, at)
            else:
                claimed.append(address.claimed(one, person, message))
    return claimed, False


async def _moved(
    connection: AsyncConnection, key: bytes, persons: Collection[bytes], happened: Turn
) -> None:
    await connection.execute(
        walked(deliveries, DELIVERY, happened).where(_d.announcement == key, _d.person.in_(persons))
    )


@dataclass(frozen=True, slots=True)
class _Address:
    chat: int
    language: str
    gone: bool

    def claimed(self, one: Current, person: bytes, message: int | None = None) -> Claimed:
        return Claimed(one.key, person, self.chat, self.language, one.edition, message)


async def _addresses(
    connection: AsyncConnection,
    keys: Identity,
    one: Current,
    persons: Sequence[bytes],
    of: Callable[[Table, Current], ColumnElement[bool]],
) -> dict[bytes, _Address]:
    """Where those of the persons are who are still `of` those that the announcement is for."""
    there: dict[bytes, _Address] = {}
    for table in TABLES[one.circle]:
        those = table.c.key.in_(persons) & of(table, one)
        for row in (await connection.execute(select(table).where(those))).all():
            where = _where_to(keys, table, row)
            if where is not None:
                there[row.key] = _Address(*where, row.gone)
    return there


def _where_to(keys: Identity, table: Table, row: Row[Any]) -> tuple[int, str] | None:
    if table is subscribed:
        return subscribers.where_to(keys, row.tag, row.box)
    if table is coordinators:
        return records.where_to(keys, Coordinator, row.key, row.box)
    return records.where_to(keys, Member, row.key, row.box)
