"""What a member finds about meetings, and says to them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from dialogs.announcement import Circle
from dialogs.events import Tapped
from dialogs.panel import notices
from dialogs.panel.attending import ANSWERS, whose
from dialogs.panel.buttons import Page, panel, read
from dialogs.panel.records import Attendance, Coming, Held, Panel, Standing
from dialogs.screens import Place, Say
from tests.chat import NOW
from tests.in_panel import (
    LINK,
    announced,
    change,
    changes,
    does,
    here,
    kept,
    key,
    meeting,
    member,
    press,
    text,
    wall,
)

if TYPE_CHECKING:
    from dialogs.outcome import Here
    from dialogs.screens import Card

SHOWN = "202703181500"
"""The start that the buttons of `meeting()` were shown with, in UTC."""

IN_TEAMS: dict[str, Any] = {
    "meeting_id": "123 456 789",
    "passcode": "aB3dEf",
    "phone": "014 000 0002",
}


def at(now: str, *meetings: Any, attendance: Any = None, **also: Any) -> Here:
    """Maija's chat at that moment."""
    mine = member(**also)
    known = Panel((mine,), meetings=meetings, attendance=attendance or {})
    return here(mine, now=wall(now), panel=known)


def answer_buttons(card: Card, page: Page) -> list[str]:
    """What the card's button with that answer carries."""
    found = [(one.data, read(one.data)) for row in card.rows for one in row if one.data]
    return [data for data, press in found if press is not None and press.page is page]


# When


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2027-03-15 12:00", "3 päivän kuluttua, torstaina 18.3. klo 17.00–19.00 (Suomen aikaa)"),
        ("2027-03-17 23:59", "Huomenna, torstaina 18.3. klo 17.00–19.00 (Suomen aikaa)"),
        ("2027-03-18 00:01", "Tänään, torstaina 18.3. klo 17.00–19.00 (Suomen aikaa)"),
        ("2027-03-18 17:00", "Nyt, torstaina 18.3. klo 17.00–19.00 (Suomen aikaa)"),
        ("2027-03-18 18:59", "Nyt, torstaina 18.3. klo 17.00–19.00 (Suomen aikaa)"),
    ],
)
def test_a_meeting_says_how_near_it_is(now: str, said: str) -> None:
    shown = text(press(at(now, meeting()), Page.MEMBER), wall(now).date())
    assert said in shown


def test_days_are_counted_by_the_wall_across_a_clock_change() -> None:
    shown = text(press(at("2027-03-27 23:30", meeting(start="2027-03-29 00:30")), Page.MEMBER))
    assert "2 päivän kuluttua" in shown


def test_the_join_button_is_there_on_the_day_and_not_before() -> None:
    for page, about in ((Page.MEMBER, b""), (Page.MEETING, key(100)), (Page.HOW_TO_JOIN, key(100))):
        before = press(at("2027-03-17 23:59", meeting()), page, about)
        that_day = press(at("2027-03-18 00:01", meeting()), page, about)
        assert "[Liity kokoontumiseen]" not in text(before)
        assert "[Liity kokoontumiseen]" in text(that_day)
        links = [one.link for row in that_day.cards[0].rows for one in row if one.link]
        assert links == [LINK]


# All of them, and one


def test_the_list_has_what_is_ahead_and_what_was() -> None:
    first = meeting(100, "2027-03-18 17:00")
    gone = meeting(101, "2027-04-22 17:00", held=Held.CANCELLED)
    last = meeting(102, "2027-08-19 17:00")
    shown = text(
        press(
            at(
                "2027-03-20 12:00", first, gone, last, attendance={(key(102), key(1)): Coming.MAYBE}
            ),
            Page.MEETINGS,
        )
    )
    assert "Kokoontuminen on peruttu." in shown
    assert "Vastauksesi: ehkä" in shown
    assert shown.index("22.4.") < shown.index("19.8.") < shown.index("Menneet kokoontumiset")
    assert "torstaina 18.3., Yhdenvertaisuus palveluissa" in shown
    assert "[torstaina 22.4.]" in shown
    assert "[torstaina 19.8.]" in shown
    assert "[torstaina 18.3.]" not in shown


def test_of_those_that_were_a_year_is_listed_and_no_cancelled_one() -> None:
    been = [meeting(100 + month, f"2026-{month:02}-10 17:00") for month in range(1, 7)]
    cancelled = meeting(120, "2026-12-10 17:00", held=Held.CANCELLED)
    shown = text(press(at("2027-01-01 12:00", *been, cancelled), Page.MEETINGS))
    assert [f"10.{month}." in shown for month in range(1, 7)] == [False] * 2 + [True] * 4
    assert "10.12." not in shown


def test_an_empty_list_says_that_an_invitation_comes() -> None:
    assert "Saat kutsun tänne." in text(press(at("2027-03-20 12:00"), Page.MEETINGS))


def test_a_meeting_has_all_that_one_needs_to_get_in() -> None:
    outcome = press(at("2027-03-01 12:00", meeting(**IN_TEAMS)), Page.MEETING, key(100))
    shown = text(outcome)
    for said in ("Yhdenvertaisuus", "123 456 789", "aB3dEf", "014 000 0002", "Et ole vielä"):
        assert said in shown
    assert "[Liittyminen ei onnistu]" not in shown
    assert outcome.cards[0].place is Place.EDIT


def test_a_cancelled_meeting_lets_nobody_in_and_says_why() -> None:
    off = meeting(held=Held.CANCELLED, reason={"fi": "Vetäjä on sairaana."})
    shown = text(press(at("2027-03-18 16:30", off), Page.MEETING, key(100)))
    assert "Kokoontuminen on peruttu." in shown
    assert "Vetäjä on sairaana." in shown
    assert "Tulen" not in shown
    assert "Teamsissa" not in shown
    for page in (Page.HOW_TO_JOIN, Page.CANNOT_GET_IN):
        outcome = press(at("2027-03-18 16:30", off), page, key(100))
        assert text(outcome) == shown
        assert not changes(outcome)


def test_a_cancelled_meeting_may_have_no_reason() -> None:
    off = meeting(held=Held.CANCELLED)
    assert text(press(at("2027-03-01 12:00", off), Page.MEETING, key(100))).count("\n\n") == 1


def test_a_meeting_that_was_still_has_its_material() -> None:
    been = meeting(material_link="https://hyvinvointialue.example/aineisto")
    shown = text(press(at("2027-03-19 12:00", been), Page.MEETING, key(100)))
    assert "on jo pidetty" in shown
    assert "[Aineisto]" in shown
    assert "Tulen" not in shown
    for page in (Page.HOW_TO_JOIN, Page.CANNOT_GET_IN):
        assert text(press(at("2027-03-19 12:00", been), page, key(100))) == shown


@pytest.mark.parametrize(
    "page", [Page.MEETING, Page.ANSWER_IN, Page.HOW_TO_JOIN, Page.CANNOT_GET_IN]
)
def test_of_a_meeting_that_is_gone_the_list_is_shown(page: Page) -> None:
    outcome = press(at("2027-03-01 12:00", meeting()), page, key(7))
    assert "Tätä kokoontumista ei enää ole." in text(outcome)
    assert not changes(outcome)


def test_a_theme_that_lacks_a_language_is_shown_in_another() -> None:
    only = replace(meeting(), theme={"fi": "Arjen turvallisuus"})
    shown = text(press(at("2027-03-01 12:00", only, language="sv"), Page.MEMBER))
    assert "Arjen turvallisuus" in shown


# In, out, maybe


@pytest.mark.parametrize(
    ("page", "coming", "noted"),
    [
        (Page.ANSWER_IN, Coming.IN, "että tulet"),
        (Page.ANSWER_OUT, Coming.OUT, "että et tule"),
        (Page.ANSWER_MAYBE, Coming.MAYBE, "että ehkä tulet"),
    ],
)
def test_an_answer_is_kept_and_said_back(page: Page, coming: Coming, noted: str) -> None:
    outcome = press(at("2027-03-01 12:00", meeting(**IN_TEAMS)), page, key(100), SHOWN)
    assert change(outcome).keep == (Attendance(key(100), key(1), coming, 0),)
    assert not announced(outcome)
    assert noted in text(outcome)
    assert "123 456 789" in text(outcome), "the card still has all that stood on the invitation"
    chosen = [one for row in outcome.cards[0].rows for one in row if one.chosen]
    assert [one.data for one in chosen] == [panel("fi", page, key(100), SHOWN)]


def test_the_same_answer_again_changes_nothing() -> None:
    known = {(key(100), key(1)): Coming.IN}
    maija = at("2027-03-01 12:00", meeting(), attendance=known)
    outcome = press(maija, Page.ANSWER_IN, key(100), SHOWN)
    assert not changes(outcome)
    assert "että tulet" in text(outcome)
    other = press(maija, Page.ANSWER_OUT, key(100), SHOWN)
    assert kept(other, Attendance).coming is Coming.OUT


@pytest.mark.parametrize(
    ("now", "held"), [("2027-03-18 19:00", Held.CALLED), ("2027-03-01 12:00", Held.CANCELLED)]
)
def test_what_is_over_or_cancelled_takes_no_answer(now: str, held: Held) -> None:
    outcome = press(at(now, meeting(held=held)), Page.ANSWER_IN, key(100), SHOWN)
    assert not changes(outcome)
    assert "Vastausta ei enää tarvita." in text(outcome)


def test_one_who_is_late_may_still_say_so() -> None:
    assert changes(press(at("2027-03-18 18:30", meeting()), Page.ANSWER_IN, key(100), SHOWN))


@pytest.mark.parametrize("page", [Page.ANSWER_IN, Page.ANSWER_OUT, Page.ANSWER_MAYBE])
@pytest.mark.parametrize(
    ("moved", "now_at"),
    [
        ("2027-03-25 17:00", "torstaina 25.3. klo 17.00–19.00"),
        ("2027-03-18 18:00", "torstaina 18.3. klo 18.00–20.00"),
    ],
)
def test_a_button_of_another_time_keeps_nothing_and_asks_again(
    page: Page, moved: str, now_at: str
) -> None:
    [button] = answer_buttons(notices.nudge(meeting(), "fi"), page)
    after = at("2027-03-01 12:00", meeting(start=moved))
    outcome = does(after, Tapped(button, 10))
    assert not changes(outcome)
    assert f"Kokoontumisen aika on muuttunut. Se on nyt {now_at}" in text(outcome)
    assert outcome.toast == Say("toast.old_button")
    [anew] = answer_buttons(outcome.cards[0], page)
    assert kept(does(after, Tapped(anew, 10)), Attendance).coming is ANSWERS[page]
    assert text(press(after, page, key(100))) == text(outcome), "one that says no time neither"


def test_a_button_counts_when_only_the_link_has_changed() -> None:
    [button] = answer_buttons(notices.nudge(meeting(), "fi"), Page.ANSWER_IN)
    after = at("2027-03-01 12:00", replace(meeting(version=2), link="https://teams.example/new"))
    assert kept(does(after, Tapped(button, 10)), Attendance).coming is Coming.IN


@pytest.mark.parametrize("standing", [Standing.RESERVE, Standing.ENDED])
@pytest.mark.parametrize("page", [Page.MEETINGS, Page.MEETING, Page.ANSWER_IN, Page.MATERIAL])
def test_meetings_are_for_the_members_of_now(standing: Standing, page: Page) -> None:
    maija = at("2027-03-01 12:00", meeting(**IN_TEAMS), standing=standing)
    outcome = press(maija, page, key(100), SHOWN)
    assert not changes(outcome)
    assert "aB3dEf" not in text(outcome)
    assert text(outcome) == text(
        press(at("2027-03-01 12:00", meeting(), standing=standing), Page.MEMBER)
    )


# Getting in


def test_how_to_join_goes_step_by_step() -> None:
    shown = text(press(at("2027-03-01 12:00", meeting(**IN_TEAMS)), Page.HOW_TO_JOIN, key(100)))
    for said in (
        "1. ",
        "4. ",
        "Tietokoneella",
        "join-a-meeting",
        "soita numeroon 014 000 000",
    ):
        assert said in shown
    assert "Jos liittyminen ei onnistu, soita" in shown


def test_without_id_and_number_the_steps_do_without() -> None:
    shown = text(press(at("2027-03-01 12:00", meeting()), Page.HOW_TO_JOIN, key(100)))
    assert "join-a-meeting" not in shown
    assert "Soittamalla" not in shown


@pytest.mark.parametrize("now", ["2027-03-18 16:00", "2027-03-18 18:59"])
def test_who_cannot_get_in_hears_whom_to_call_and_coordinators_hear_of_it(now: str) -> None:
    outcome = press(at(now, meeting(**IN_TEAMS)), Page.CANNOT_GET_IN, key(100))
    shown = text(outcome)
    assert "soita 014 000 0002" in shown
    assert "123 456 789" in shown
    assert "[Liity kokoontumiseen]" in shown
    [told] = announced(outcome)
    assert told.audience.circle is Circle.COORDINATORS
    assert told.expires == meeting().end
    assert "Maija" not in str(told.cards), "no name in a push"
    assert told.cards["fi"].rows[0][0].data == panel("fi", Page.PERSON, key(1))


def test_coordinators_hear_of_it_once_for_each_member_and_meeting() -> None:
    early = press(at("2027-03-18 16:05", meeting()), Page.CANNOT_GET_IN, key(100))
    late = press(at("2027-03-18 17:20", meeting()), Page.CANNOT_GET_IN, key(100))
    [first], [second] = announced(early), announced(late)
    assert first.occasion == second.occasion


def test_long_before_nobody_is_called() -> None:
    outcome = press(at("2027-03-18 15:59", meeting()), Page.CANNOT_GET_IN, key(100))
    assert not changes(outcome)
    assert "Autamme tunnin ennen alkua" in text(outcome)
    assert "soita 014 000 0002" in text(outcome)


def test_the_button_is_there_in_that_hour_only() -> None:
    for now, there in (("2027-03-18 15:59", False), ("2027-03-18 16:00", True)):
        for page in (Page.MEMBER, Page.MEETING, Page.HOW_TO_JOIN):
            shown = text(press(at(now, meeting()), page, key(100)))
            assert ("[Liittyminen ei onnistu]" in shown) is there


# For the calendar


def test_the_calendar_file_comes_once_more_when_asked_for() -> None:
    outcome = press(at("2027-03-01 12:10", meeting()), Page.MEETING, key(100), "calendar")
    again = press(at("2027-03-01 12:50", meeting()), Page.MEETING, key(100), "calendar")
    [sent], [same] = announced(outcome), announced(again)
    assert "omana viestinään" in text(outcome)
    assert (sent.audience.circle, sent.audience.of) == (Circle.PERSON, key(1).hex())
    assert sent.calendar is not None
    assert sent.calendar.uid == key(100).hex()
    assert sent.occasion == same.occasion


@pytest.mark.parametrize(
    ("now", "held"), [("2027-03-18 19:00", Held.CALLED), ("2027-03-01 12:00", Held.CANCELLED)]
)
def test_what_is_not_held_any_more_goes_into_no_calendar(now: str, held: Held) -> None:
    assert not changes(press(at(now, meeting(held=held)), Page.MEETING, key(100), "calendar"))


# Material


def test_a_file_comes_as_a_message_of_its_own() -> None:
    with_file = meeting(
        material_file="FILE", material_name="tausta.pdf", material_link="https://x.example"
    )
    [card] = press(at("2027-03-01 12:00", with_file), Page.MATERIAL, key(100)).cards
    assert (card.file, card.place) == ("FILE", Place.NEW)


def test_the_list_of_material_has_links_and_files() -> None:
    meetings = (
        meeting(100, material_link="https://hyvinvointialue.example/a"),
        meeting(101, "2027-04-22 17:00", material_file="FILE", material_name="tausta.pdf"),
        meeting(102, "2027-08-19 17:00"),
        meeting(103, "2027-11-18 17:00", material_file="OFF", held=Held.CANCELLED),
    )
    known = at("2027-03-01 12:00", *meetings)
    outcome = press(known, Page.MATERIAL)
    shown = text(outcome)
    assert "[Avaa tiedosto: torstaina 22.4.]" in shown
    assert "tausta.pdf" in shown
    assert "Avaa aineisto" in shown
    assert "19.8." not in shown
    assert "18.11." not in shown
    for page in (Page.MEMBER, Page.MEETINGS):
        assert "[Aineisto]" in text(press(known, page))


def test_a_meetings_link_is_shown_alone() -> None:
    meetings = (
        meeting(100, material_link="https://hyvinvointialue.example/a"),
        meeting(101, "2027-04-22 17:00", material_link="https://hyvinvointialue.example/b"),
    )
    shown = text(press(at("2027-03-01 12:00", *meetings), Page.MATERIAL, key(101)))
    assert "22.4." in shown
    assert "18.3." not in shown


def test_where_there_is_no_material_nothing_is_promised() -> None:
    known = at("2027-03-01 12:00", meeting())
    assert "Aineistoa ei ole vielä." in text(press(known, Page.MATERIAL))
    for page, about in ((Page.MEMBER, b""), (Page.MEETINGS, b""), (Page.MEETING, key(100))):
        assert "[Aineisto]" not in text(press(known, page, about))


# Everybody else


def test_a_page_of_members_is_nobody_elses() -> None:
    with pytest.raises(LookupError):
        whose(here())
    for page in (Page.MEETING, Page.ANSWER_IN, Page.CANNOT_GET_IN):
        stranger = does(here(), Tapped(panel("fi", page, key(100)), 10))
        assert stranger == does(here(), Tapped("p:fi:nosuch", 10))


def test_it_speaks_the_members_language_whatever_the_phones() -> None:
    known = at("2027-03-17 12:00", meeting(), language="sv")
    shown = text(press(known, Page.MEETING, key(100), language="fi"), NOW.date())
    assert "I morgon, torsdag 18.3 kl. 17.00–19.00 (finsk tid)" in shown
    assert "[Kommer inte]" in shown
