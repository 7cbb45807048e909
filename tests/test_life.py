"""A survey's life: every turn in every state, midnight and four in the morning, Helsinki time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from dialogs.life import LIFE, Running, State, Turn, advanced, turn
from tests.chat import HELSINKI, library

S, T = State, Turn

AFTER = {
    S.DRAFT: {T.OPENED: S.OPEN, T.PLANNED: S.SCHEDULED},
    S.SCHEDULED: {
        T.FIRST_DAY_CAME: S.OPEN,
        T.PLANNED: S.SCHEDULED,
        T.OPENED: S.OPEN,
        T.CLOSED_BY_HAND: S.DRAFT,
    },
    S.OPEN: {T.OPENED: S.OPEN, T.LAST_DAY_ENDED: S.CLOSING, T.CLOSED_BY_HAND: S.CLOSING},
    S.CLOSING: {T.OPENED: S.OPEN, T.MORNING_CAME: S.CLOSED},
    S.CLOSED: {T.ARCHIVED: S.ARCHIVED},
    S.ARCHIVED: {T.TAKEN_OUT: S.CLOSED},
}


def survey(state: State = S.OPEN, closes: str | None = "2027-02-08", **more: date) -> Running:
    last = date.fromisoformat(closes) if closes else None
    return Running(library("equality"), state, opens=date(2027, 1, 20), closes=last, **more)


def state_at(running: Running, wall: str) -> State:
    """Its state at this Helsinki wall clock time."""
    now = datetime.fromisoformat(wall).replace(tzinfo=HELSINKI)
    return advanced(running, now).state


def moment(utc: str) -> datetime:
    """A moment given in UTC, as the Helsinki wall clock shows it."""
    return datetime.fromisoformat(utc).replace(tzinfo=UTC).astimezone(HELSINKI)


@pytest.mark.parametrize(("state", "happened"), [*product(State, Turn)])
def test_each_turn_in_each_state_leads_where_the_table_says_or_is_refused(
    state: State, happened: Turn
) -> None:
    assert turn(state, happened) == AFTER[state].get(happened)


def test_nothing_is_ever_answered_again_once_it_is_closed() -> None:
    over = (S.CLOSED, S.ARCHIVED)
    assert all(after in over for (state, _), after in LIFE.items() if state in over)


def test_only_time_closes_for_good() -> None:
    assert [pair for pair, after in LIFE.items() if after is S.CLOSED] == [
        (S.CLOSING, T.MORNING_CAME),
        (S.ARCHIVED, T.TAKEN_OUT),
    ]


def test_nothing_becomes_a_draft_that_anybody_can_have_answered() -> None:
    assert [pair for pair, after in LIFE.items() if after is S.DRAFT] == [
        (S.SCHEDULED, T.CLOSED_BY_HAND)
    ]


@pytest.mark.parametrize(
    ("state", "new", "begun", "over"),
    [
        (S.DRAFT, False, False, False),
        (S.SCHEDULED, False, False, False),
        (S.OPEN, True, True, False),
        (S.CLOSING, False, True, False),
        (S.CLOSED, False, False, True),
        (S.ARCHIVED, False, False, True),
    ],
)
def test_who_may_begin_and_who_may_finish(state: State, new: bool, begun: bool, over: bool) -> None:
    running = survey(state)
    assert (running.takes_new, running.takes_begun, running.over) == (new, begun, over)
    assert running.name == "equality"


@pytest.mark.parametrize(
    ("wall", "state"),
    [
        ("2027-01-19 23:59:59", S.SCHEDULED),
        ("2027-01-20 00:00:00", S.OPEN),
        ("2027-02-08 23:59:59.999999", S.OPEN),
        ("2027-02-09 00:00:00", S.CLOSING),
        ("2027-02-09 03:59:59.999999", S.CLOSING),
        ("2027-02-09 04:00:00", S.CLOSED),
        ("2028-01-01 12:00:00", S.CLOSED),
    ],
)
def test_the_last_day_lasts_until_midnight_and_begun_drafts_until_four(
    wall: str, state: State
) -> None:
    assert state_at(survey(S.SCHEDULED), wall) is state


def test_without_a_last_day_it_is_open_until_it_is_closed_by_hand() -> None:
    assert state_at(survey(closes=None), "2031-01-01 00:00") is S.OPEN
    closed = survey(S.CLOSING, closes=None, closed_on=date(2031, 1, 1))
    assert state_at(closed, "2031-01-02 03:59") is S.CLOSING
    assert state_at(closed, "2031-01-02 04:00") is S.CLOSED


@pytest.mark.parametrize("state", [S.DRAFT, S.CLOSED, S.ARCHIVED])
def test_time_changes_nothing_of_a_draft_or_of_what_is_over(state: State) -> None:
    assert state_at(survey(state), "2031-01-01 12:00") is state


def test_closing_with_no_day_to_count_from_waits() -> None:
    assert state_at(survey(S.CLOSING, closes=None), "2031-01-01 12:00") is S.CLOSING


@pytest.mark.parametrize(
    ("closed_on", "ends"),
    [
        ("2027-02-01", "2027-02-02 04:00"),  # at 23.59: four hours are left
        ("2027-02-02", "2027-02-03 04:00"),  # two minutes later, at 0.01: a day more
    ],
)
def test_closed_early_begun_drafts_have_until_four_of_the_next_day(
    closed_on: str, ends: str
) -> None:
    closed = survey(S.CLOSING, closed_on=date.fromisoformat(closed_on))
    end = datetime.fromisoformat(ends)
    assert state_at(closed, str(end - timedelta(seconds=1))) is S.CLOSING
    assert state_at(closed, str(end)) is S.CLOSED


def test_closed_by_hand_and_opened_again_it_lasts_until_its_last_day() -> None:
    closed = survey(S.CLOSING, closed_on=date(2027, 2, 1))
    state = turn(closed.state, T.OPENED)
    assert state is S.OPEN
    again = replace(closed, state=state, closed_on=None)
    assert state_at(again, "2027-02-08 23:59") is S.OPEN
    assert state_at(again, "2027-02-09 00:00") is S.CLOSING


@pytest.mark.parametrize(
    ("closes", "open_last", "closing_first", "closing_last", "closed_first"),
    [
        # The clock goes from 3 to 4 on 28 March: from midnight to four there are three hours.
        (
            "2027-03-27",
            "2027-03-27 21:59:59",
            "2027-03-27 22:00:00",
            "2027-03-28 00:59:59",
            "2027-03-28 01:00:00",
        ),
        # It goes from 4 back to 3 on 31 October: there are five, and 3.30 comes twice.
        (
            "2027-10-30",
            "2027-10-30 20:59:59",
            "2027-10-30 21:00:00",
            "2027-10-31 01:59:59",
            "2027-10-31 02:00:00",
        ),
        # The night after each change is a night like others.
        (
            "2027-03-28",
            "2027-03-28 20:59:59",
            "2027-03-28 21:00:00",
            "2027-03-29 00:59:59",
            "2027-03-29 01:00:00",
        ),
        (
            "2027-10-31",
            "2027-10-31 21:59:59",
            "2027-10-31 22:00:00",
            "2027-11-01 01:59:59",
            "2027-11-01 02:00:00",
        ),
    ],
)
def test_nights_in_which_the_clock_changes(
    closes: str, open_last: str, closing_first: str, closing_last: str, closed_first: str
) -> None:
    running = survey(closes=closes)
    assert advanced(running, moment(open_last)).state is S.OPEN
    assert advanced(running, moment(closing_first)).state is S.CLOSING
    assert advanced(running, moment(closing_last)).state is S.CLOSING
    assert advanced(running, moment(closed_first)).state is S.CLOSED


@pytest.mark.parametrize("day", ["2027-03-27", "2027-10-30"])
def test_time_never_brings_a_state_back(day: str) -> None:
    running = survey(closes=day)
    order = list(State)
    at = moment(f"{day} 18:00:00")
    states = [
        order.index(advanced(running, (at + timedelta(minutes=10 * n)).astimezone(HELSINKI)).state)
        for n in range(100)
    ]
    assert states == sorted(states)
    assert {order[state] for state in states} == {S.OPEN, S.CLOSING, S.CLOSED}
