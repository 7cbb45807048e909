"""The clock on the wall across both clock changes, and the hours in which nobody is disturbed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.panel.hours import (
    HOUR,
    Quiet,
    after_quiet,
    before_quiet,
    days_before,
    days_between,
    hours_before,
    is_quiet,
    midnight,
    moments,
    quiet_hours,
)
from tests.chat import HELSINKI, office
from tests.tries import tries

SPRING = date(2026, 3, 29)  # the clock goes from 3 to 4
AUTUMN = date(2026, 10, 25)  # the clock goes from 4 back to 3
NIGHT = Quiet(time(21), time(8))

quiets = st.sampled_from(
    [
        NIGHT,
        Quiet(time(22, 30), time(7, 15)),
        Quiet(time(0), time(8)),  # not over midnight
        Quiet(time(12), time(13)),
        Quiet(time(21), time(20, 30)),  # awake for half an hour
        Quiet(time(9), time(9)),  # never
    ]
)
minutes = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=UTC, second=0, microsecond=0).astimezone(HELSINKI)
)


def at(text: str) -> datetime:
    """A moment of Helsinki, as the wall shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=HELSINKI)


def wall(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")


# A time that is there once, never, or twice


def test_a_day_and_a_time_name_one_moment() -> None:
    assert moments(date(2026, 3, 19), time(17), HELSINKI) == (at("2026-03-19 17:00"),)


@pytest.mark.parametrize("hidden", [time(3), time(3, 30), time(3, 59)])
def test_a_time_that_the_clock_leaps_over_names_none(hidden: time) -> None:
    assert moments(SPRING, hidden, HELSINKI) == ()


@pytest.mark.parametrize("twice", [time(3), time(3, 30), time(3, 59)])
def test_a_time_that_comes_twice_names_two_an_hour_apart(twice: time) -> None:
    first, second = moments(AUTUMN, twice, HELSINKI)
    assert wall(first) == wall(second)
    assert second.astimezone(UTC) - first.astimezone(UTC) == HOUR


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
@pytest.mark.parametrize("near", [time(2, 59), time(4), time(17)])
def test_around_both_changes_every_other_time_names_one(day: date, near: time) -> None:
    assert len(moments(day, near, HELSINKI)) == 1


@tries(200)
@given(minutes)
def test_every_moment_is_named_by_its_day_and_time(moment: datetime) -> None:
    named = moments(moment.date(), moment.time(), HELSINKI)
    assert moment.astimezone(UTC) in [one.astimezone(UTC) for one in named]


# Before a meeting


@pytest.mark.parametrize(
    ("meeting", "day_before", "week_before"),
    [
        ("2026-03-19 17:00", "2026-03-18 17:00", "2026-03-12 17:00"),
        ("2026-03-29 17:00", "2026-03-28 17:00", "2026-03-22 17:00"),  # 23 hours before
        ("2026-10-25 17:00", "2026-10-24 17:00", "2026-10-18 17:00"),  # 25 hours before
    ],
)
def test_days_before_are_the_same_hour_on_the_wall(
    meeting: str, day_before: str, week_before: str
) -> None:
    assert wall(days_before(at(meeting), 1)) == day_before
    assert wall(hours_before(at(meeting), 24)) == day_before
    assert wall(hours_before(at(meeting), 7 * 24)) == week_before


def test_hours_before_are_hours_that_pass() -> None:
    start = at("2026-03-29 08:00")
    assert wall(hours_before(start, 6)) == "2026-03-29 01:00"
    assert wall(hours_before(at("2026-10-25 08:00"), 6)) == "2026-10-25 03:00"
    assert start.astimezone(UTC) - hours_before(start, 6).astimezone(UTC) == 6 * HOUR


def test_the_day_before_a_time_that_is_missing_is_an_hour_later() -> None:
    assert wall(days_before(at("2026-03-30 03:30"), 1)) == "2026-03-29 04:30"


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        days_before(datetime(2026, 3, 19), 1)  # noqa: DTZ001


def test_days_between_are_counted_in_midnights() -> None:
    start = at("2026-03-29 17:00")
    assert days_between(at("2026-03-29 00:00"), start) == 0
    assert days_between(at("2026-03-28 23:59"), start) == 1
    assert days_between(at("2026-03-22 17:00").astimezone(UTC), start) == 7
    # 23.30 in Helsinki is still the day before by UTC's wall.
    assert days_between(at("2026-03-27 00:30").astimezone(UTC), start) == 2


def test_midnight_ends_a_day() -> None:
    assert wall(midnight(at("2026-03-29 17:00"))) == "2026-03-30 00:00"
    assert midnight(at("2026-03-29 00:00")) - at("2026-03-29 00:00") == timedelta(days=1)


# Quiet hours


def test_the_office_says_when_it_is_quiet() -> None:
    assert quiet_hours(office()) == NIGHT


@pytest.mark.parametrize(
    ("hour", "expected"),
    [
        *(("20:59", False), ("21:00", True), ("23:59", True), ("00:00", True), ("07:59", True)),
        *(("08:00", False), ("12:00", False)),
    ],
)
def test_it_is_quiet_from_the_first_minute_until_the_last(hour: str, *, expected: bool) -> None:
    assert is_quiet(at(f"2026-03-19 {hour}"), NIGHT) is expected


def test_quiet_hours_may_lie_within_a_day_or_not_be_at_all() -> None:
    noon = Quiet(time(12), time(13))
    assert [is_quiet(at(f"2026-03-19 {h}:30"), noon) for h in (11, 12, 13)] == [False, True, False]
    assert not is_quiet(at("2026-03-19 09:00"), Quiet(time(9), time(9)))
    for begins, ends, quiet in ((9, 13, True), (13, 9, False), (12, 12, False), (9, 12, False)):
        assert is_quiet(at("2026-03-19 12:00"), Quiet(time(begins), time(ends))) is quiet


@pytest.mark.parametrize(
    ("moment", "before", "after"),
    [
        ("2026-03-19 17:00", "2026-03-19 17:00", "2026-03-19 17:00"),
        ("2026-03-19 20:30", "2026-03-19 20:30", "2026-03-19 20:30"),
        ("2026-03-19 21:00", "2026-03-19 20:00", "2026-03-20 08:00"),
        ("2026-03-19 23:30", "2026-03-19 20:00", "2026-03-20 08:00"),
        ("2026-03-20 00:00", "2026-03-19 20:00", "2026-03-20 08:00"),
        ("2026-03-20 07:59", "2026-03-19 20:00", "2026-03-20 08:00"),
        ("2026-03-29 06:00", "2026-03-28 20:00", "2026-03-29 08:00"),
        ("2026-10-25 06:00", "2026-10-24 20:00", "2026-10-25 08:00"),
    ],
)
def test_what_would_fall_in_the_night_comes_at_20_or_at_8(
    moment: str, before: str, after: str
) -> None:
    assert wall(before_quiet(at(moment), NIGHT)) == before
    assert wall(after_quiet(at(moment), NIGHT)) == after


def test_a_quiet_noon_and_a_quiet_morning_are_gone_around_as_well() -> None:
    noon, morning = Quiet(time(12), time(13)), Quiet(time(0), time(8))
    assert wall(before_quiet(at("2026-03-19 12:30"), noon)) == "2026-03-19 11:00"
    assert wall(after_quiet(at("2026-03-19 12:30"), noon)) == "2026-03-19 13:00"
    assert wall(before_quiet(at("2026-03-19 07:00"), morning)) == "2026-03-18 23:00"
    assert wall(after_quiet(at("2026-03-19 07:00"), morning)) == "2026-03-19 08:00"


def test_an_office_awake_for_half_an_hour_is_disturbed_when_it_wakes() -> None:
    hermit = Quiet(time(21), time(20, 30))
    assert wall(before_quiet(at("2026-03-19 06:00"), hermit)) == "2026-03-18 20:30"
    assert wall(before_quiet(at("2026-03-19 22:00"), hermit)) == "2026-03-19 20:30"


@tries(300)
@given(minutes, quiets)
def test_nothing_put_off_or_brought_forward_is_in_quiet_hours(
    moment: datetime, quiet: Quiet
) -> None:
    before, after = before_quiet(moment, quiet), after_quiet(moment, quiet)
    assert not is_quiet(before, quiet)
    assert not is_quiet(after, quiet)
    assert before.astimezone(UTC) <= moment.astimezone(UTC) <= after.astimezone(UTC)
    if not is_quiet(moment, quiet):
        assert before == after == moment
