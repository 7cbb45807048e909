"""Days and times as people write them, and never a guess."""

from __future__ import annotations

from datetime import date, time

import pytest

from dialogs.panel.dates import day, hours
from dialogs.screens import On, Say

TODAY = date(2027, 1, 27)  # a Wednesday
EVENING = date(2027, 3, 18)  # a Thursday


@pytest.mark.parametrize(
    "typed",
    [
        "18.3.",
        "18.3",
        "18.3.2027",
        "18.3.27",
        "18/3",
        "18/3/2027",
        " 18. 3. 2027 ",
        "2027-03-18",
        "torstai 18.3.",
        "Torstaina 18.3.2027",
        "to 18.3.",
        "TO, 18.3.",
        "torsdag 18.3",
        "torsdagen den 18 mars",
        "tors. 18 mars 2027",
        "18:e mars",
        "Thursday 18 March",
        "Thu 18th March 2027",
        "18 maaliskuuta",
        "18. maaliskuuta 2027",
    ],
)
def test_a_day_is_read_as_people_write_it(typed: str) -> None:
    assert day(typed, TODAY) == EVENING


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "torstaina",
        "ensi viikolla",
        "18",
        "18 marr maalis",
        "18 mar",
        "foo 18.3.",
        "t 18.3.",
        "18.3.0207",
        "18.3.\n19.3.",
        "m 18.3.",
    ],
)
def test_what_is_no_day_is_refused_with_an_example(typed: str) -> None:
    assert day(typed, TODAY) == Say("expected.meeting_day")


def test_a_weekday_that_does_not_fit_is_a_slip_and_said_so() -> None:
    assert day("perjantai 18.3.", TODAY) == Say("expected.weekday", {"day": On(EVENING)})


@pytest.mark.parametrize("typed", ["31.2.2027", "0.3.", "30 helmikuuta", "29.2.2027"])
def test_a_day_that_no_calendar_has_is_refused(typed: str) -> None:
    assert day(typed, TODAY) == Say("expected.real_meeting_day")


def test_without_a_year_it_is_the_next_such_day_unless_it_was_lately() -> None:
    assert day("18.3.", date(2027, 11, 1)) == date(2028, 3, 18)
    assert day("29.2.", TODAY) == date(2028, 2, 29), "the next year has one"
    lately = Say("expected.day_ahead", {"day": On(EVENING)})
    assert day("18.3.", date(2027, 3, 19)) == lately
    assert day("18.3.", EVENING) == EVENING, "today is not over"
    past = Say("expected.day_ahead", {"day": On(date(2026, 3, 18))})
    assert day("18.3.2026", TODAY) == past
    assert day("18.3.2024", TODAY) == Say("expected.day_ahead", {"day": On(date(2024, 3, 18))})


@pytest.mark.parametrize(
    "typed",
    [
        "17-19",
        "17–19",
        "17.00–19.00",
        "17:00 - 19:00",
        "klo 17.00–19.00",
        "klo 17 – klo 19.",
        "kl. 17.00–19.00",
        "kl 17 till 19",
        "at 17:00 to 19:00",
    ],
)
def test_hours_are_read_as_people_write_them(typed: str) -> None:
    assert hours(typed) == (time(17), time(19))


@pytest.mark.parametrize(
    ("typed", "read"), [("9", time(9)), ("09.05", time(9, 5)), ("23:59", time(23, 59))]
)
def test_a_time_alone_is_when_it_begins(typed: str, read: time) -> None:
    assert hours(typed) == (read, None)


@pytest.mark.parametrize("typed", ["", "24", "17.60", "illalla", "17-", "17-19-21", "1700"])
def test_what_is_no_time_is_none(typed: str) -> None:
    assert hours(typed) is None
