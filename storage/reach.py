"""How many an announcement would go to now, and in which languages: told before anything is sent;
and which languages those read to whom it went.

Which language somebody reads stands in their sealed box, so that every box is opened: a few at a
time, because whoever answers meanwhile waits for them.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from dialogs.announcement import Audience, Circle, Reach, State
from storage.announcements import TABLES, audience, pointed_to
from storage.deliveries import where_to
from storage.sealed import identity
from storage.tables import announcements, deliveries, members

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement, Row, Select, Table

    from storage.database import Store

AT_ONCE: Final = 500
"""Boxes opened before others have their turn: some milliseconds."""


async def counted(store: Store, calls: Iterable[str]) -> dict[Audience, Reach]:
    """By audience: subscribers, members, the reserve list, and the applicants of each of the
    `calls`. A box that does not open is not counted: nothing could be sent."""
    circles = (Circle.SUBSCRIBERS, Circle.MEMBERS, Circle.RESERVE)
    those = [*map(Audience, circles), *(Audience(Circle.APPLICANTS, call) for call in calls)]
    return {one: await _counted(store, one) for one in those}


async def _counted(store: Store, of: Audience) -> Reach:
    [table] = TABLES[of.circle]
    keys = identity(store.keys.identity)
    those = audience(table, of.circle, pointed_to(of))
    languages: Counter[str] = Counter()
    gone = 0
    after = b""
    while rows := await _some(store, select(table).where(those), table.c.key, after):
        after = rows[-1].key
        for row in rows:
            if row.gone:
                gone += 1
            elif (where := where_to(keys, table, row)) is not None:
                languages[where[1]] += 1
        await asyncio.sleep(0)
    return Reach(dict(languages), gone, await _without(store, table, of))


async def _without(store: Store, table: Table, of: Audience) -> int:
    """How many more would be told if they had Telegram."""
    if table is not members:
        return 0
    those = audience(table, of.circle, reached=False)
    async with store.reading() as connection:
        found = await connection.execute(select(func.count()).select_from(table).where(those))
    return found.scalar_one()


async def by_language(store: Store, occasion: str) -> dict[str, Counter[State]]:
    """How far an announcement has come, as its report tells it, by what people read; of those who
    are still there."""
    keys = identity(store.keys.identity)
    asked = select(announcements.c.key, announcements.c.circle)
    async with store.reading() as connection:
        found = await connection.execute(asked.where(announcements.c.occasion == occasion))
        one = found.one_or_none()
    if one is None:
        return {}
    read: defaultdict[str, Counter[State]] = defaultdict(Counter)
    for table in TABLES[Circle(one.circle)]:
        theirs = deliveries.join(table, table.c.key == deliveries.c.person)
        those = select(*table.c, deliveries.c.state.label("became")).select_from(theirs)
        those = those.where(deliveries.c.announcement == one.key)
        after = b""
        while rows := await _some(store, those, deliveries.c.person, after):
            after = rows[-1].key
            for row in rows:
                if (where := where_to(keys, table, row)) is not None:
                    read[where[1]][State(row.became)] += 1
            await asyncio.sleep(0)
    return dict(read)


async def _some(
    store: Store, those: Select[*tuple[Any, ...]], key: ColumnElement[bytes], after: bytes
) -> Sequence[Row[*tuple[Any, ...]]]:
    """The next of the rows, by their `key`."""
    async with store.reading() as connection:
        found = await connection.execute(those.where(key > after).order_by(key).limit(AT_ONCE))
        return found.all()
