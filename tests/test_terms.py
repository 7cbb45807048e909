"""Terms: who joins joins the one that runs; and time ends, thanks and erases, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.announcement import Circle
from dialogs.panel.records import (
    Attendance,
    Coming,
    Invitation,
    Meeting,
    Member,
    Panel,
    Purpose,
    Reason,
    Standing,
    Use,
)
from dialogs.panel.terms import overdue, term
from tests.chat import office
from tests.desk import HELSINKI, NOW, TODAY, Desk, key, meeting, member

MAIJA = member("Maija Esimerkki")


def ends(name: str, last_day: date, standing: Standing = Standing.MEMBER) -> Member:
    return member(name, standing, last_day=last_day)


def brought(desk: Desk, now: datetime = NOW) -> bool:
    """Whether time has brought anything; the desk is changed by it."""
    change = overdue(desk.panel, office(), now)
    if change is not None:
        desk.change(change)
    return change is not None


# Joining


def test_whoever_joins_joins_the_term_that_runs() -> None:
    seated = (ends("Maija", date(2028, 1, 31)), ends("Pekka", date(2028, 2, 29)))
    assert term(office(), TODAY, Panel(members=seated)) == (TODAY, date(2028, 2, 29))


def test_the_first_begins_a_term_of_the_office_s_years() -> None:
    assert term(office(), TODAY, Panel()) == (TODAY, date(2029, 1, 26))
    reserves = Panel(members=(ends("Ville", date(2030, 1, 1), Standing.RESERVE),))
    assert term(office(), TODAY, reserves) == (TODAY, date(2029, 1, 26))


def test_a_term_that_is_over_is_not_joined() -> None:
    over = Panel(members=(ends("Maija", TODAY - timedelta(days=1)),))
    assert term(office(), TODAY, over)[1] == date(2029, 1, 26)


def test_two_years_from_a_leap_day_end_with_february() -> None:
    assert term(office(), date(2028, 2, 29), Panel()) == (date(2028, 2, 29), date(2030, 2, 28))


# What time brings


def test_on_its_last_day_a_membership_still_runs() -> None:
    desk = Desk(ends("Maija Esimerkki", TODAY))
    assert not brought(desk)


def test_the_day_after_it_ends_and_the_member_is_thanked() -> None:
    desk = Desk(ends("Maija Esimerkki", TODAY))
    assert brought(desk, NOW + timedelta(days=1))
    maija = desk.find("Maija Esimerkki")
    assert (maija.standing, maija.reason, maija.ended_on) == (Standing.ENDED, Reason.TERM, TODAY)
    (thanks,) = desk.planned.values()
    assert (thanks.audience.circle, thanks.audience.of) == (Circle.PERSON, maija.key.hex())
    text = desk.text(thanks.cards["fi"])
    assert "Kautesi asiakasraadissa on päättynyt. Kiitos, että olit mukana." in text
    assert "Tietosi poistetaan maanantaina 26.7. kokonaan." in text


def test_a_reserve_s_place_ends_with_the_term_in_its_own_words() -> None:
    desk = Desk(ends("Ville Varainen", TODAY, Standing.RESERVE))
    brought(desk, NOW + timedelta(days=1))
    assert desk.find("Ville Varainen").standing is Standing.ENDED
    (thanks,) = desk.planned.values()
    assert "varasijasi sen mukana" in desk.text(thanks.cards["fi"])


def test_nobody_is_thanked_at_night() -> None:
    desk = Desk(ends("Maija Esimerkki", TODAY))
    brought(desk, datetime(2027, 1, 28, 0, 0, tzinfo=HELSINKI))
    (thanks,) = desk.planned.values()
    assert thanks.due == datetime(2027, 1, 28, 8, 0, tzinfo=HELSINKI)


def test_a_former_member_is_erased_after_the_office_s_days_with_what_they_answered() -> None:
    gone = member(
        "Eino Entinen", Standing.ENDED, reason=Reason.MOVED, ended_on=TODAY, last_day=TODAY
    )
    desk = Desk(gone, MAIJA)
    days = office().member_days
    assert not brought(desk, NOW + timedelta(days=days - 1))
    assert brought(desk, NOW + timedelta(days=days))
    assert [one.name for one in desk.panel.members] == ["Maija Esimerkki"]
    assert desk.planned == {}, "thanked long ago"


def test_a_bot_that_slept_for_a_year_erases_at_once_and_thanks_nobody() -> None:
    desk = Desk(ends("Maija Esimerkki", TODAY))
    assert brought(desk, NOW + timedelta(days=365))
    assert desk.panel.members == ()
    assert desk.planned == {}


def test_links_are_forgotten_a_month_after_they_ran_out() -> None:
    expires = NOW + timedelta(days=14)
    desk = Desk(
        Invitation(key("a"), Purpose.MEMBER, expires, TODAY, "Kaisa", revision=1),
        Invitation(key("b"), Purpose.MEMBER, expires, TODAY, "Kaisa", Use.USED, revision=1),
    )
    assert not brought(desk, expires + timedelta(days=29))
    assert brought(desk, expires + timedelta(days=30))
    assert desk.panel.invitations == ()


def test_meetings_are_forgotten_the_office_s_days_after_their_end() -> None:
    held = meeting()
    desk = Desk(MAIJA, held, Attendance(held.key, MAIJA.key, Coming.IN, 1))
    days = timedelta(days=office().member_days)
    assert not brought(desk, held.end + days - timedelta(days=1))
    assert brought(desk, held.end + days)
    assert desk.panel.meetings == ()


def test_nothing_is_due_in_an_empty_panel() -> None:
    assert overdue(Panel(), office(), NOW) is None


# Properties

DAYS = st.dates(date(2025, 1, 1), date(2029, 12, 31))
MOMENTS = st.builds(
    datetime.combine,
    st.dates(date(2025, 1, 1), date(2029, 12, 31)),
    st.times(),
    st.just(HELSINKI),
)


@st.composite
def members(draw: st.DrawFn) -> Member:
    standing = draw(st.sampled_from(Standing))
    ended = standing is Standing.ENDED
    return replace(
        member(f"Keksitty {draw(st.integers(0, 10**6))}", standing, last_day=draw(DAYS)),
        reason=draw(st.sampled_from(Reason)) if ended else None,
        ended_on=draw(DAYS) if ended else None,
    )


@st.composite
def meetings(draw: st.DrawFn) -> Meeting:
    start = draw(MOMENTS)
    return meeting(f"Aihe {draw(st.integers(0, 10**6))}", start=start, end=start)


@st.composite
def links(draw: st.DrawFn) -> Invitation:
    number = draw(st.integers(0, 10**6))
    return Invitation(key(f"Linkki {number}"), Purpose.MEMBER, draw(MOMENTS), TODAY, "", revision=1)


def by_key(found: list[object]) -> list[object]:
    return list({one.key: one for one in found}.values())  # type: ignore[attr-defined]


PANELS = st.lists(members() | meetings() | links(), max_size=8).map(by_key)


@settings(deadline=None)
@given(PANELS, MOMENTS)
def test_doing_it_again_changes_nothing(kept: list[object], now: datetime) -> None:
    desk = Desk(*kept, now=now)  # type: ignore[arg-type]
    brought(desk, now)
    assert overdue(desk.panel, office(), now) is None


@settings(deadline=None)
@given(PANELS, MOMENTS)
def test_nobody_is_seated_after_their_last_day_nor_kept_after_the_office_s_days(
    kept: list[object], now: datetime
) -> None:
    desk = Desk(*kept, now=now)  # type: ignore[arg-type]
    brought(desk, now)
    days = timedelta(days=office().member_days)
    for one in desk.panel.members:
        assert one.standing is Standing.ENDED or one.last_day >= now.date()
        assert (one.ended_on or one.last_day) + days > now.date()


@settings(deadline=None)
@given(PANELS, MOMENTS)
def test_time_takes_nothing_that_is_not_due(kept: list[object], now: datetime) -> None:
    desk = Desk(*kept, now=now)  # type: ignore[arg-type]
    before = desk.panel
    brought(desk, now)
    for one in before.members:
        if (one.ended_on or one.last_day) >= now.date():
            assert desk.panel.member(one.key) == one
