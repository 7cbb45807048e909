"""A day and a time, as people write them to one another.

A weekday beside the date is not decoration: where the two disagree, one of them is a slip, and a
meeting is not called on a slip.
"""

from __future__ import annotations

import re
from datetime import date, time
from typing import TYPE_CHECKING, Final

from dialogs.forms import inputs
from dialogs.forms.inputs import Refusal
from dialogs.forms.labels import letters, visible
from dialogs.forms.model import Row, Type
from dialogs.languages import FINNISH
from dialogs.screens import On, Say

if TYPE_CHECKING:
    from collections.abc import Sequence

LATELY: Final = 183
"""A day without a year that was so many days ago at most is a slip, not next year's."""

_WEEKDAYS: Final = (
    ("maanantai", "mandag", "monday"),
    ("tiistai", "tisdag", "tuesday"),
    ("keskiviikko", "onsdag", "wednesday"),
    ("torstai", "torsdag", "thursday"),
    ("perjantai", "fredag", "friday"),
    ("lauantai", "lordag", "saturday"),
    ("sunnuntai", "sondag", "sunday"),
)
_MONTHS: Final = (
    ("tammikuu", "januari", "january"),
    ("helmikuu", "februari", "february"),
    ("maaliskuu", "mars", "march"),
    ("huhtikuu", "april"),
    ("toukokuu", "maj", "may"),
    ("kesakuu", "juni", "june"),
    ("heinakuu", "juli", "july"),
    ("elokuu", "augusti", "august"),
    ("syyskuu", "september"),
    ("lokakuu", "oktober", "october"),
    ("marraskuu", "november"),
    ("joulukuu", "december"),
)
"""Folded, as `letters` does."""

_DATE: Final = Row(Type.DATE, "day", 0)
_BEFORE_DATE: Final = re.compile(r"(?:([^\W\d_]+)[.,]? +(?:den +|the +)?)?([0-9].*)")
_DAY_AND_MONTH: Final = re.compile(
    r"([0-9]{1,2})(?:\.|:e|st|nd|rd|th)? ([^\W\d_]+)\.?,? ?([0-9]{4})?"
)
_CLOCK: Final = r"(?:(?:klo|kl\.?|at) ?)?([01]?[0-9]|2[0-3])(?:[.:]([0-5][0-9]))?"
_HOURS: Final = re.compile(rf"{_CLOCK}(?: ?(?:[-–—−]|to|till) ?{_CLOCK})?")


def day(typed: str, today: date) -> date | Say:
    """The day that is meant, from `today` on; without a year it is the next of that date."""
    text = " ".join(visible(typed).casefold().split())
    found = _BEFORE_DATE.fullmatch(text)
    said = None if found is None else _day(_in_numbers(found[2]), today)
    weekday = None if found is None or found[1] is None else _one_of(_WEEKDAYS, found[1])
    if found is None or said is None or (found[1] is not None and weekday is None):
        return Say("expected.meeting_day")
    if isinstance(said, Say):
        return said
    if weekday is not None and said.weekday() != weekday:
        return Say("expected.weekday", {"day": On(said)})
    return said if said >= today else Say("expected.day_ahead", {"day": On(said)})


def hours(typed: str) -> tuple[time, time | None] | None:
    """A time, or from one to another; None of anything else."""
    found = _HOURS.fullmatch(" ".join(visible(typed).casefold().split()).removesuffix("."))
    if found is None:
        return None
    until = None if found[3] is None else time(int(found[3]), int(found[4] or 0))
    return time(int(found[1]), int(found[2] or 0)), until


def _day(text: str, today: date) -> date | Say | None:
    """Of a date without a year the one that is ahead, unless it was lately; None of anything that
    is no date."""
    years = (today.year, today.year + 1)
    this, following = (inputs.read(_DATE, text, FINNISH, date(year, 1, 1)) for year in years)
    if isinstance(this, date) and (today - this).days <= LATELY:
        return this
    if isinstance(following, date):
        return following
    return None if this == Refusal(Say("expected.day")) else Say("expected.real_meeting_day")


def _in_numbers(text: str) -> str:
    """With the month as a number where it is a word: "19. maaliskuuta 2027"."""
    found = _DAY_AND_MONTH.fullmatch(text)
    month = None if found is None else _one_of(_MONTHS, found[2])
    if found is None or month is None:
        return text
    return f"{found[1]}.{month + 1}.{found[3] or ''}"


def _one_of(names: Sequence[tuple[str, ...]], word: str) -> int | None:
    """Which of the names a word is, shortened ("to", "maalis") or inflected ("torstaina"); None
    where it could be two, or none."""
    said = letters(word)
    meant = [
        place
        for place, called in enumerate(names)
        if any(name.startswith(said) or said.startswith(name) for name in called)
    ]
    return meant[0] if len(meant) == 1 and len(said) > 1 else None
