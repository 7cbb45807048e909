"""When a broadcast is to go out, as people write it: a day and a time, or one of them."""

from __future__ import annotations

import re
from datetime import UTC, date, timedelta
from typing import TYPE_CHECKING, Final

from dialogs.broadcasts.draft import passed
from dialogs.forms.labels import letters
from dialogs.panel import dates
from dialogs.panel.hours import moments
from dialogs.screens import At, Say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, time

    from dialogs.outcome import Here

_TIME: Final = re.compile(
    r"(?:(?P<day>.*?)[,.]?(?:^|\s+))??(?P<time>(?:klo|kl\.?|at)?\s?[0-9]{1,2}(?:[.:][0-9]{2})?)",
    re.DOTALL,
)
_EITHER: Final = re.compile(r"[0-9]{1,2}\.(?:0[1-9]|1[0-2])")
"""A time, or a day without its last full stop: "10.12"."""
_DAYS: Final[Mapping[str, int]] = {
    **dict.fromkeys(("tanaan", "idag", "i dag", "today"), 0),
    **dict.fromkeys(("huomenna", "imorgon", "i morgon", "tomorrow"), 1),
    **dict.fromkeys(("ylihuomenna", "i overmorgon"), 2),
}
"""Folded, as `letters` does."""


def read(here: Here, typed: str) -> datetime | Say:
    """The moment that is meant, aware, in Helsinki; or what would do. A time alone is of today."""
    text = " ".join(typed.casefold().replace("kello", "klo").split()).removesuffix(".")
    found = None if _EITHER.fullmatch(text) else _TIME.fullmatch(text)
    hours = None if found is None else dates.hours(found["time"])
    if found is None or hours is None:
        return Say("compose.expected_time")
    said = (found["day"] or "").strip()
    day = _day(here, said) if said else here.today
    if isinstance(day, Say):
        return day
    return at(here, day, hours[0])


def at(here: Here, day: date, clock: time) -> datetime | Say:
    """That time of that day, where it is ahead and the clocks show it."""
    if here.now.tzinfo is None:
        raise ValueError("a moment without a time zone")
    meant = moments(day, clock, here.now.tzinfo)
    if not meant:
        return Say("compose.no_such_time")
    if passed(here, meant[0]):
        return Say("compose.time_is_past", {"moment": At(meant[0].astimezone(UTC))})
    return meant[0]


def _day(here: Here, said: str) -> date | Say:
    if (ahead := _DAYS.get(letters(said))) is not None:
        return here.today + timedelta(days=ahead)
    day = dates.day(said, here.today)
    if isinstance(day, date):
        return day
    if day.phrase == "expected.weekday":  # of a meeting
        return Say("compose.weekday_slip", {"day": day.values["day"]})
    if day.phrase == "expected.day_ahead":
        return Say("compose.day_is_past", {"day": day.values["day"]})
    return Say("compose.expected_time")
