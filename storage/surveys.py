"""Surveys and calls that were opened, with the form as it was when opened.

A form's file may change while its survey is open; who is answering goes on with the form they
began. What a state may become is decided in the dialogs, not here.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, func, select

from storage.quick import Quick
from storage.tables import applications, pool, responses, surveys, tallies, upsert

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, ScalarSelect, Table

    from storage.database import Store

CLOSED: Final = "closed"
"""The state in which nothing more is taken."""

MEMBERS: Final = "members"
"""The audience that is the panel's members."""


@dataclass(frozen=True, slots=True)
class Running:
    """A survey or call that was opened, whatever has become of it since."""

    name: str
    source: str  # the form's YAML
    kind: str  # "survey" | "application"
    audience: str  # "everyone" | "members"
    state: str  # "scheduled" | "open" | "closing" | "closed"
    opens: date
    closes: date | None  # its last day, which lasts until 24.00; None: until somebody closes it
    closed_on: date | None


_columns: Final = tuple(column.name for column in surveys.columns)
_SELECT: Final = Quick(
    select(*(surveys.c[name] for name in _columns)).order_by(surveys.c.opens, surveys.c.name)
)
_UPSERT: Final = upsert(surveys, "name", *_columns[1:])


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
    return Running(**row)


async def keep(store: Store, running: Running) -> None:
    """Keep `running`, over what was kept under its name."""
    async with store.writing() as connection:
        await connection.execute(_UPSERT, asdict(running))


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
