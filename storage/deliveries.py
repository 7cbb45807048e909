"""What becomes of an announcement for each person: claimed, sent, and what was heard of it.

Each row walks the table `dialogs.announcement.DELIVERY`, and only whoever holds the lease of the
outbox moves it. A delivery is claimed and that is committed before anything is sent; what is in
hand when a process dies is uncertain for the next one, which sends it again. With the claim
stands which edition of the text it was for, so that who may have had an edition is known.

A row points to a person by a random key. Where they are to be written to is read from their sealed
box when the delivery is claimed; who is not there any more gets nothing.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, case, func, select, update

from dialogs.announcement import ANNOUNCEMENT, DELIVERY, Mended, Stage, State, Step, Turn
from dialogs.panel.records import Coordinator, Member
from storage import announcements, applications, records, subscribers
from storage.announcements import BATCH, TABLES, audience
from storage.sealed import Identity, identity
from storage.tables import announcements as announced
from storage.tables import applications as applied
from storage.tables import coordinators, deliveries
from storage.tables import subscribers as subscribed
from storage.walking import walked

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import ColumnElement, Row, Table
    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.announcements import Current
    from storage.database import Store
    from storage.lease import Lease

LOOKED_AT: Final = 500
"""Most persons of an announcement in one claim: boxes that do not open hold nobody up for long."""

MORE: Final = 4
"""So many times as many are looked at next, where there was nothing to do for most of some."""

log = logging.getLogger(__name__)

Key = tuple[bytes, bytes]
"""An announcement and a person."""

_d = deliveries.c
_TO_SEND: Final = (str(State.WAITING), str(State.UNCERTAIN))
_ONE: Final = (_d.announcement == bindparam("of")) & (_d.person == bindparam("whose"))
_MAY_HAVE: Final = {
    "doubted": True,
    # A row that was claimed before editions were written down has none.
    "first": case((_d.first > 0, _d.first), else_=func.max(_d.edition, 1)),
}
"""What may have arrived, with the text it was claimed for."""
_HAPPENED: Final = {
    happened: walked(deliveries, DELIVERY, happened).where(_ONE, _d.state == str(State.SENDING))
    for happened in Turn
}
_HAPPENED[Turn.LOST_SIGHT] = _HAPPENED[Turn.LOST_SIGHT].values(_MAY_HAVE)
_HAPPENED[Turn.ARRIVED] = _HAPPENED[Turn.ARRIVED].values(
    message=bindparam("number"),
    edition=bindparam("had"),
    first=case((_d.first > 0, _d.first), else_=bindparam("had")),
)
_PUT: Final = (
    update(deliveries)
    .where(_ONE, _d.state == str(State.SENT))
    .values(edition=bindparam("had"), mended=bindparam("became"))
)


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
    """What became of one. `edition` is the text that was sent, or tried; of an edit that has come
    to its end `mended` says what became of it."""

    claimed: Claimed
    happened: Turn
    edition: int = 0
    message: int | None = None
    mended: Mended = Mended.NOT_YET


async def lose_sight(store: Store, lease: Lease) -> int:
    """Whoever had the lease before is gone: what they had in hand is uncertain. How many."""
    lease.asked()
    async with store.writing() as connection:
        lost = walked(deliveries, DELIVERY, Turn.LOST_SIGHT).values(_MAY_HAVE)
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
                at = {"of": of, "whose": whose}
                await connection.execute(_HAPPENED[Turn.PUT_OFF], at)


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
        for announcement in await announcements.as_they_are(connection, these):
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
        await _moved(connection, one, found, happened)
        if len(found) == BATCH:
            return True
        await announcements.end(connection, one.key)
    return False


async def left(store: Store, chat: int) -> None:
    """The chat's person has blocked the bot: they get nothing more until they come back."""
    await records.set_gone(store, chat, gone=True)
    await subscribers.set_gone(store, chat, gone=True)
    await applications.set_gone(store, chat, gone=True)


async def came_back(store: Store, chat: int) -> None:
    """The chat's person has unblocked the bot: what is still of use waits for them again, and what
    was corrected meanwhile is corrected."""
    await records.set_gone(store, chat, gone=False)
    await subscribers.set_gone(store, chat, gone=False)
    await applications.set_gone(store, chat, gone=False)
    persons = [one.key for one in await records.find(store, chat) if one is not None]
    persons += await subscribers.key(store, chat) + await applications.persons(store, chat)
    theirs = _d.person.in_(persons)
    not_mended = theirs & (_d.state == str(State.SENT)) & (_d.mended == str(Mended.FAILED))
    async with store.writing() as connection:
        open_ = select(announced.c.key).where(announced.c.state == str(Stage.OPEN))
        back = walked(deliveries, DELIVERY, Turn.CAME_BACK)
        await connection.execute(back.where(theirs, _d.announcement.in_(open_)))
        again = announced.c.key.in_(select(_d.announcement).where(not_mended))
        await connection.execute(walked(announced, ANNOUNCEMENT, Step.CORRECTED).where(again))
        await connection.execute(update(deliveries).where(not_mended).values(edition=0))


async def _record(connection: AsyncConnection, done: Done) -> None:
    at: dict[str, Any] = {"of": done.claimed.announcement, "whose": done.claimed.person}
    if done.claimed.message is None:
        if done.happened is Turn.ARRIVED:
            at |= {"number": done.message, "had": done.edition}
        await connection.execute(_HAPPENED[done.happened], at)
    elif done.mended is not Mended.NOT_YET:
        await connection.execute(_PUT, {**at, "had": done.edition, "became": str(done.mended)})


async def _to_send(
    connection: AsyncConnection,
    keys: Identity,
    one: Current,
    most: int,
    but: Collection[Key],
) -> tuple[list[Claimed], bool]:
    """Claim at most `most`; who has left, is not of the audience any more, or has nothing to read,
    is told apart on the way. What is claimed, and whether it stopped early. Who may have it already
    comes last: of a process that dies again and again, not always the same have the nuisance."""
    waits = select(_d.person).where(
        _d.announcement == one.key,
        _d.state.in_(_TO_SEND),
        _d.person.not_in([person for key, person in but if key == one.key]),
    )
    waits = waits.order_by(_d.doubted)
    claimed: list[Claimed] = []
    looked_at, several = 0, most
    while len(claimed) < most:
        if looked_at == LOOKED_AT:
            return claimed, True
        several = min(several, LOOKED_AT - looked_at)
        some = await connection.execute(waits.limit(several))
        if not (persons := some.scalars().all()):
            break
        several *= MORE
        there = await _addresses(connection, keys, one, persons)
        sides: dict[Turn, list[bytes]] = {}
        for person in persons:
            if len(claimed) == most:
                break
            looked_at += 1
            address = there.get(person)
            if address is None or not one.reaches(address.language):
                sides.setdefault(Turn.TAKEN_BACK, []).append(person)
            elif address.gone:
                sides.setdefault(Turn.BLOCKED, []).append(person)
            else:
                sides.setdefault(Turn.CLAIMED, []).append(person)
                claimed.append(address.claimed(one, person))
        for happened, who in sides.items():
            await _moved(connection, one, who, happened)
    return claimed, False


async def _to_edit(
    connection: AsyncConnection,
    keys: Identity,
    one: Current,
    most: int,
    but: Collection[Key],
) -> tuple[list[Claimed], bool]:
    """At most `most` whose text was corrected since. Whose language has the same text as before
    needs no other; who has left or is not there any more keeps the old one. What is claimed, and
    whether it stopped early."""
    outdated = select(_d.person, _d.message, _d.edition, _d.mended).where(
        _d.announcement == one.key,
        _d.state == str(State.SENT),
        _d.doubted.in_([False, True]),  # for the index
        _d.edition < one.edition,
        _d.person.not_in([person for key, person in but if key == one.key]),
    )
    claimed: list[Claimed] = []
    looked_at, several = 0, most
    while len(claimed) < most:
        if looked_at == LOOKED_AT:
            return claimed, True
        several = min(several, LOOKED_AT - looked_at)
        # Nothing is written of those that are claimed: they are left out by name.
        had = [found.person for found in claimed]
        some = outdated.where(_d.person.not_in(had)).limit(several)
        if not (found := {row.person: row for row in await connection.execute(some)}):
            break
        several *= MORE
        there = await _addresses(connection, keys, one, [*found], readers=True)
        sides: dict[str, list[bytes]] = {}
        for person, row in found.items():
            if len(claimed) == most:
                break
            looked_at += 1
            address = there.get(person)
            if address is not None and one.stands(address.language, row.edition):
                # Who missed one before still has the words from before that.
                missed = row.mended == str(Mended.FAILED)
                sides.setdefault(row.mended if missed else "", []).append(person)
            elif address is None or address.gone or row.message is None:
                sides.setdefault(str(Mended.FAILED), []).append(person)
            else:
                claimed.append(address.claimed(one, person, row.message))
        for mended, who in sides.items():
            those = (_d.announcement == one.key) & _d.person.in_(who)
            kept = update(deliveries).where(those).values(edition=one.edition, mended=mended)
            await connection.execute(kept)
    return claimed, False


async def _moved(
    connection: AsyncConnection, one: Current, persons: Collection[bytes], happened: Turn
) -> None:
    moved = walked(deliveries, DELIVERY, happened)
    if happened is Turn.CLAIMED:
        moved = moved.values(edition=one.edition)
    await connection.execute(moved.where(_d.announcement == one.key, _d.person.in_(persons)))


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
    *,
    readers: bool = False,
) -> dict[bytes, _Address]:
    """Where those of the persons are who are still of the audience; or those who are still there at
    all, where they are `readers` of what they have received."""
    there: dict[bytes, _Address] = {}
    for table in TABLES[one.circle]:
        those: ColumnElement[bool] = table.c.key.in_(persons)
        if not readers:
            those &= audience(table, one.circle, one.of)
        for row in (await connection.execute(select(table).where(those))).all():
            where = where_to(keys, table, row)
            if where is not None:
                there[row.key] = _Address(*where, row.gone)
    return there


def where_to(keys: Identity, table: Table, row: Row[Any]) -> tuple[int, str] | None:
    """The chat and the language of a person's row of their table; None where there is no chat, or
    the box does not open."""
    if table is subscribed:
        return subscribers.where_to(keys, row.tag, row.box)
    if table is applied:
        return applications.where_to(keys, row.tag, row.body)
    if table is coordinators:
        return records.where_to(keys, Coordinator, row.key, row.box)
    return records.where_to(keys, Member, row.key, row.box)
