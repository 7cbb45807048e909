"""The days of a survey or a call: as they are typed, or offered to be tapped."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from dialogs.panel import dates
from dialogs.screens import On, Say

if TYPE_CHECKING:
    from collections.abc import Iterable

WEEKS: Final = (2, 4)
"""So long a survey is open, as it is offered."""


def offered(first: date) -> list[date]:
    """Last days of one that opens on `first`."""
    return [first + timedelta(weeks=weeks) for weeks in WEEKS]


def tapped(more: str, offers: Iterable[date]) -> date | None:
    """The day of a button; None where it is not among those offered now."""
    return next((one for one in offers if one.isoformat() == more), None)


def read(typed: str, today: date) -> date | Say:
    """The day that was typed, from today on; or what is wrong with it."""
    day = dates.day(typed, today)
    if isinstance(day, Say) and day.phrase == "expected.weekday":
        return Say("expected.weekday_of_day", {"day": day.values["day"]})
    return day


def last(typed: str, today: date, first: date) -> date | Say:
    """The last day that was typed; or what is wrong with it, as that it comes before the first."""
    day = read(typed, today)
    if isinstance(day, date) and day < first:
        return Say("expected.last_after_first", {"last": On(day), "first": On(first)})
    return day
