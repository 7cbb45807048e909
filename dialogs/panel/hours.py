"""The clock on the wall, and the hours in which nobody is disturbed.

People mean the wall: a day before 17.00 is 17.00, whatever the clock does in between. Once a year
an hour is missing there and once it comes twice, so a day and a time name one moment, none, or two.

Two moments of one time zone are compared and subtracted by Python as if neither had an offset;
where that could tell, they go by UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import date, tzinfo

    from dialogs.office import Office

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Quiet:
    """From `begins` until `ends`, by the wall, over midnight or not; never, where both are one."""

    begins: time
    ends: time


def quiet_hours(office: Office) -> Quiet:
    return Quiet(office.quiet_from, office.quiet_until)


def moments(day: date, at: time, zone: tzinfo) -> tuple[datetime, ...]:
    """The moments that people could mean: one; none where the clock leaps over that time; two, in
    their order, where it goes back to it."""
    wall = datetime.combine(day, at)
    readings = (_real(wall.replace(fold=fold), zone) for fold in (0, 1))
    shown = {one.astimezone(UTC): one for one in readings if one.replace(tzinfo=None) == wall}
    return tuple(shown[moment] for moment in sorted(shown))


def days_before(moment: datetime, days: int) -> datetime:
    """The same time by the wall of `moment`, that many days earlier: where it is missing, an hour
    later; where it comes twice, the first."""
    wall = moment.replace(tzinfo=None, fold=0) - timedelta(days=days)
    return _real(wall, _zone(moment))


def hours_before(moment: datetime, hours: int) -> datetime:
    """Whole days go by the wall, anything else by the hours that pass."""
    days, rest = divmod(hours, 24)
    if not rest:
        return days_before(moment, days)
    return (moment.astimezone(UTC) - timedelta(hours=hours)).astimezone(_zone(moment))


def is_quiet(moment: datetime, quiet: Quiet) -> bool:
    """Whether the wall of `moment` shows one of the quiet hours."""
    wall = moment.time()
    if quiet.begins <= quiet.ends:
        return quiet.begins <= wall < quiet.ends
    return wall >= quiet.begins or wall < quiet.ends


def before_quiet(moment: datetime, quiet: Quiet) -> datetime:
    """The moment itself, or an hour before the quiet hours that it falls in. An office that is
    awake for less than an hour is disturbed when it wakes."""
    if not is_quiet(moment, quiet):
        return moment
    days = 1 if moment.time() < quiet.begins else 0
    asleep = datetime.combine(moment.date() - days * DAY, quiet.begins)
    awake = datetime.combine(asleep.date(), quiet.ends)
    if awake > asleep:
        awake -= DAY
    if asleep - awake < HOUR:
        return _real(awake, _zone(moment))
    return hours_before(_real(asleep, _zone(moment)), 1)


def after_quiet(moment: datetime, quiet: Quiet) -> datetime:
    """The moment itself, or the end of the quiet hours that it falls in."""
    if not is_quiet(moment, quiet):
        return moment
    days = 1 if moment.time() >= quiet.ends else 0
    return _real(datetime.combine(moment.date() + days * DAY, quiet.ends), _zone(moment))


def days_between(earlier: datetime, later: datetime) -> int:
    """How many midnights lie between, by the wall of `later`."""
    return (later.date() - earlier.astimezone(_zone(later)).date()).days


def midnight(moment: datetime) -> datetime:
    """The end of its day by the wall."""
    return _real(datetime.combine(moment.date() + DAY, time.min), _zone(moment))


def _real(wall: datetime, zone: tzinfo) -> datetime:
    """What the wall of the zone shows at that reading."""
    return wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)


def _zone(moment: datetime) -> tzinfo:
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment.tzinfo
