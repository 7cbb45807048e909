"""Surveys and calls, also drafts of them, each with the form it runs with.

A form's file may change while its survey is open; who is answering goes on with the form they
began. What a state may become is decided in the dialogs, not here, but for one thing: only the mix
closes a survey, and what it has closed stays so.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, delete, func, select, update

from dialogs.life import State
from storage.quick import Quick
from storage.tables import applications, insert_new, pool, responses, surveys, tallies

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, ScalarSelect, Table
    from sqlalchemy.ext.asyncio import AsyncConnection

    from dialogs import life
    from storage.database import Store

CLOSED: Final = str(State.CLOSED)
"""The state into which the mix brings it when nothing more is taken."""

OVER: Final = (CLOSED, str(State.ARCHIVED))
"""The states in which nothing more is taken."""

MEMBERS: Final = "members"
"""The audience that is the panel's members."""


@dataclass(frozen=True, slots=True)
class Running:
    """A survey or call, whatever has become of it since. `revision` counts how often it was
    kept."""

    name: str
    source: str  # the form's YAML
    kind: str  # "survey" | "application"
    audience: str  # "everyone" | "members"
    state: str  # a `dialogs.life.State`
    opens: date
    closes: date | None  # its last day, which lasts until 24.00; None: until somebody closes it
    closed_on: date | None
    revision: int = 0
    met: bool = False  # its link was opened once, through the bot itself


_columns: Final = tuple(column.name for column in surveys.columns)
_SELECT: Final = Quick(
    select(*(surveys.c[name] for name in _columns)).order_by(surveys.c.opens, surveys.c.name)
)
_ERASE: Final = delete(surveys).where(
    surveys.c.name == bindparam("of"), surveys.c.state == str(State.DRAFT)
)


def _number(table: Table, survey: ColumnElement[str]) -> ScalarSelect[int]:
    return (
        select(func.count()).select_from(table).where(survey == bindparam("of")).scalar_subquery()
    )


_RECEIVED: Final = select(
    _number(responses, responses.c.survey)
    + _number(pool, pool.c.survey)
    + _number(applications, applications.c.call)
    + select(func.coalesce(func.sum(tallies.c.count), 0))
    .where(tallies.c.survey == bindparam("of"), tallies.c.question == "")
    .scalar_subquery(),
    _number(pool, pool.c.survey),
)


_DISSOLVED: Final = select(tallies.c.survey).where(tallies.c.question == "")


async def listed(store: Store) -> list[Running]:
    """Every survey and call, by the day it opens and then by name. Asked at every tap, so it goes
    the short way, where days are text."""
    return [_running(dict(zip(_columns, row, strict=True))) for row in await store.ask(_SELECT)]


def _running(row: dict[str, Any]) -> Running:
    for day in ("opens", "closes", "closed_on"):
        row[day] = date.fromisoformat(row[day]) if row[day] is not None else None
    return Running(**{**row, "met": bool(row["met"])})


def row_of(running: life.Running) -> Running:
    """A survey as it is kept."""
    return Running(
        name=running.name,
        source=running.source,
        kind=str(running.form.kind),
        audience=str(running.form.audience),
        state=str(running.state),
        opens=running.opens,
        closes=running.closes,
        closed_on=running.closed_on,
        revision=running.revision,
        met=running.met,
    )


async def keep(store: Store, running: Running) -> bool:
    """As `change`, in a transaction of its own."""
    async with store.writing() as connection:
        return await change(connection, running)


async def change(connection: AsyncConnection, running: Running) -> bool:
    """Keep `running`, over what was kept under its name; False, and nothing, where that was changed
    since it was read, where the name of a new one is taken, or where it would come to be over, or
    cease to be, which is not for whoever asks."""
    row = {**asdict(running), "revision": running.revision + 1}
    if not running.revision:
        return (await connection.execute(insert_new(surveys), row)).rowcount == 1
    is_over = running.state in OVER
    same = (surveys.c.name == running.name) & (surveys.c.revision == running.revision)
    changed = update(surveys).where(same, surveys.c.state.in_(OVER) == is_over).values(row)
    return (await connection.execute(changed)).rowcount == 1


async def erase(connection: AsyncConnection, name: str) -> bool:
    """Erase a draft; whether there was one."""
    return (await connection.execute(_ERASE, {"of": name})).rowcount == 1


async def received(store: Store, name: str) -> tuple[int, int]:
    """How many responses the survey `name` has, or applications if it is a call; and how many of
    them still wait in the mix."""
    async with store.reading() as connection:
        received, mixing = (await connection.execute(_RECEIVED, {"of": name})).one()
    return received, mixing


async def dissolved(store: Store) -> set[str]:
    """The surveys that fewer answered than a mix takes: only counts of them are kept, of members'
    surveys only how many answered."""
    async with store.reading() as connection:
        return set((await connection.execute(_DISSOLVED)).scalars())
