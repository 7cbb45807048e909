"""A member's own card, what is kept of them, and the ways out: leaving, and being forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from dialogs import conversation
from dialogs.announcement import Circle, Priority
from dialogs.buttons import Page as Menu
from dialogs.buttons import menu
from dialogs.events import Commanded, Tapped
from dialogs.forms.draft import Draft
from dialogs.forms.model import Audience
from dialogs.languages import LANGUAGES
from dialogs.life import State
from dialogs.outcome import Here, Lay
from dialogs.panel.buttons import Page, panel
from dialogs.panel.records import (
    Coming,
    Held,
    Member,
    Panel,
    Purpose,
    Reason,
    Standing,
    Task,
)
from dialogs.panel.trail import What
from dialogs.screens import units
from tests.chat import NOW, library, office, opened
from tests.in_panel import (
    TODAY,
    announced,
    change,
    changes,
    does,
    here,
    invitation,
    kept,
    key,
    meeting,
    member,
    press,
    text,
    words,
)

RESERVE = Standing.RESERVE
ENDED = Standing.ENDED


def full() -> tuple[Member, ...]:
    return tuple(member(number) for number in range(10, 10 + office().seats))


# The card


def test_a_members_card_has_the_next_meeting_and_everything_else_a_tap_away() -> None:
    meetings = (
        meeting(99, "2027-01-20 17:00"),
        meeting(100, "2027-02-11 17:00", held=Held.CANCELLED),
        meeting(101, "2027-03-18 17:00"),
        meeting(102, "2027-04-22 17:00"),
    )
    known = Panel((member(),), meetings=meetings)
    shown = text(press(here(member(), panel=known), Page.MEMBER))
    assert "50 päivän kuluttua, torstaina 18.3. klo 17.00–19.00" in shown
    assert "Et ole vielä vastannut." in shown
    assert "11.2." not in shown
    assert "22.4." not in shown
    buttons = [line for line in shown.splitlines() if line.startswith("[")]
    assert buttons == [
        "[Tulen]",
        "[En tule]",
        "[Ehkä]",
        "[Lisää kokoontumisesta]",
        "[Kaikki kokoontumiset]",
        "[Oma jäsenyyteni]",
        "[Lähde raadista]",
        "[Päävalikko]",
        "[På svenska]",
        "[In English]",
    ]
    assert "Viestit tulevat sinulle suomeksi." in shown


def test_the_first_card_leads_there_and_only_members() -> None:
    button = panel("fi", Page.MEMBER)
    for of, there in ((member(), True), (None, False)):
        [card] = does(here(of), Commanded("start", "", 1)).cards
        assert any(one.data == button for row in card.rows for one in row) is there


def test_somebody_on_the_reserve_list_sees_that_they_are() -> None:
    shown = text(press(here(member(standing=RESERVE)), Page.MEMBER))
    assert "varasijalla" in shown
    assert "[Luovu varasijasta]" in shown
    assert "kokoontumi" not in shown


def test_a_former_member_sees_when_all_is_erased() -> None:
    left = member(standing=ENDED, reason=Reason.LEFT, ended_on=date(2027, 1, 10))
    shown = text(press(here(left), Page.MEMBER))
    assert "päättyi sunnuntaina 10.1." in shown
    assert "viimeistään perjantaina 9.7." in shown
    assert "[Poista kaikki tietoni]" in shown
    assert "Lähde" not in shown


def test_where_no_day_of_the_end_is_kept_the_terms_last_day_counts() -> None:
    left = member(standing=ENDED, last_day=date(2027, 1, 10))
    assert "päättyi sunnuntaina 10.1." in text(press(here(left), Page.MEMBER))


# Members' surveys


def asked(of: Member | None, **also: Any) -> Here:
    """A survey for members is open."""
    for_members = replace(library("equality"), audience=Audience.MEMBERS)
    return here(of, running=(opened(for_members), opened(library("safety"))), **also)


BEGUN = {"equality": Draft("equality", "1", "fi", 5, messages=(3,))}


def test_a_survey_for_members_is_offered_on_their_card_and_not_on_the_first() -> None:
    shown = text(press(asked(member()), Page.MEMBER))
    assert "Kysely raadin jäsenille:\nYhdenvertaisuus" in shown
    assert "sunnuntaina 28.2." in shown
    assert "[Vastaa: Yhdenvertaisuus" in shown
    assert "turvallisuus" not in shown, "what everybody is asked stands on the first card"
    first = text(does(asked(member()), Commanded("start", "", 1)))
    assert "Yhdenvertaisuus" not in first


def test_a_member_may_begin_it_from_the_card_or_from_its_link() -> None:
    at = asked(member())
    assert "Yhdenvertaisuus" in text(does(at, Tapped(menu("fi", Menu.INTRO, "equality"), 10)))
    assert "Yhdenvertaisuus" in text(does(at, Commanded("start", "equality", 1)))
    begun = does(at, Tapped(menu("fi", Menu.BEGIN, "equality"), 10))
    assert begun.draft is not None


@pytest.mark.parametrize("of", [None, member(standing=RESERVE), member(standing=ENDED)])
def test_nobody_else_is_asked_it(of: Member | None) -> None:
    at = asked(of)
    for page in (Menu.INTRO, Menu.BEGIN, Menu.CONTINUE, Menu.RESTART):
        outcome = does(at, Tapped(menu("fi", page, "equality"), 10))
        assert outcome.draft is None
        assert "Yhdenvertaisuus" not in text(outcome)
    assert "Yhdenvertaisuus" not in text(does(at, Commanded("start", "equality", 1)))


def test_what_is_begun_goes_on_from_the_card_and_from_the_first() -> None:
    at = asked(member(), drafts=BEGUN)
    assert "[Jatka vastaamista: Yhdenvertaisuus" in text(press(at, Page.MEMBER))
    first = text(does(at, Commanded("start", "", 1)))
    assert "[Jatka (1/" in first
    assert "[Aloita alusta]" in first
    assert does(at, Tapped(menu("fi", Menu.RESTART, "equality"), 10)).draft is not None


def test_in_the_last_night_what_is_begun_is_still_there_until_four() -> None:
    for_members = replace(library("equality"), audience=Audience.MEMBERS)
    closing = opened(for_members, State.CLOSING)
    at = here(member(), running=(closing,), drafts=BEGUN)
    shown = text(press(at, Page.MEMBER))
    assert "[Jatka vastaamista: Yhdenvertaisuus" in shown
    assert "neljään" in shown
    assert "Yhdenvertaisuus" not in text(press(replace(at, drafts={}), Page.MEMBER))


def test_whoever_has_left_since_finishes_what_they_began_and_begins_no_other() -> None:
    at = asked(member(standing=ENDED), drafts=BEGUN)
    first = text(does(at, Commanded("start", "", 1)))
    assert "[Jatka (1/" in first
    assert "[Aloita alusta]" not in first
    assert does(at, Tapped(menu("fi", Menu.CONTINUE, "equality"), 10)).draft is not None
    assert does(at, Tapped(menu("fi", Menu.BEGIN, "equality"), 10)).draft is not None
    assert does(at, Tapped(menu("fi", Menu.RESTART, "equality"), 10)).draft is None


def test_answered_it_says_so() -> None:
    at = asked(member(), taken={"equality": library("equality").responses_per_chat})
    shown = text(press(at, Page.MEMBER))
    assert "Yhdenvertaisuus" in shown
    assert "[Vastaa" not in shown


# What is kept


def test_everything_that_is_kept_is_shown() -> None:
    meetings = (meeting(100), meeting(101, "2027-04-22 17:00"))
    known = Panel((member(),), meetings=meetings, attendance={(key(100), key(1)): Coming.OUT})
    shown = text(press(here(member(), panel=known), Page.MEMBERSHIP))
    for said in (
        "Maija Esimerkki 1 (keksitty)",
        "014 000 0000",
        "Kieli: suomi",
        "tämä keskustelu",
        "alkoi perjantaina 1.1., päättyy sunnuntaina 31.12.2028",
        "torstaina 18.3. – en tule",
        "mitkä viestit ovat tulleet",
    ):
        assert said in shown
    assert "22.4." not in shown


def test_also_to_a_reserve_and_to_a_former_member() -> None:
    reserve = text(press(here(member(standing=RESERVE)), Page.MEMBERSHIP))
    assert "Varasija: merkitty listalle perjantaina 1.1." in reserve
    assert "[Luovu varasijasta]" in reserve
    left = text(press(here(member(standing=ENDED, ended_on=date(2027, 1, 10))), Page.MEMBERSHIP))
    assert "Tietosi poistetaan viimeistään" in left
    assert "Lähde" not in left
    assert "[Poista kaikki tietoni]" in left


def test_the_language_changes_for_everything_that_is_said_from_now_on() -> None:
    outcome = press(here(member()), Page.SPEAK, "sv")
    assert kept(outcome, Member) == replace(member(), language="sv")
    assert "Språk: svenska" in text(outcome)
    assert "[Suomeksi]" in text(outcome)
    for same in ("fi", "xx"):
        again = press(here(member()), Page.SPEAK, same)
        assert not changes(again)
        assert "Kieli: suomi" in text(again)


@pytest.mark.parametrize("standing", [Standing.MEMBER, RESERVE])
def test_the_card_says_in_which_language_messages_come_and_changes_it(standing: Standing) -> None:
    mine = member(standing=standing)
    shown = press(here(mine), Page.MEMBER)
    [swedish] = [one for row in shown.cards[0].rows for one in row if ":speak:sv" in one.data]
    outcome = does(here(mine), Tapped(swedish.data, 10))
    assert kept(outcome, Member) == replace(mine, language="sv")
    assert outcome.cards == press(here(replace(mine, language="sv")), Page.MEMBER).cards
    assert "Meddelandena kommer till dig på svenska." in text(outcome)
    assert not changes(does(here(replace(mine, language="sv")), Tapped(swedish.data, 10)))


def test_coordinators_hear_that_a_theme_lacks_the_language_one_reads_now() -> None:
    finnish = {"fi": "Arjen turvallisuus"}
    meetings = (
        replace(meeting(99, "2027-01-20 17:00"), theme=finnish),
        replace(meeting(100, "2027-02-11 17:00", held=Held.CANCELLED), theme=finnish),
        replace(meeting(101), theme=finnish),
        meeting(102, "2027-04-22 17:00"),
    )
    known = here(member(), panel=Panel((member(),), meetings=meetings))
    [told] = announced(press(known, Page.SPEAK, "sv"))
    assert (told.audience.circle, told.expires) == (Circle.COORDINATORS, meetings[2].end)
    said = words(told.cards["fi"])
    assert "Yhden jäsenen kieli on ruotsi. Kokoontumiselle torstaina 18.3. ei ole" in said
    assert "Maija" not in str(told.cards)
    assert told.cards["fi"].rows[0][0].data == panel("fi", Page.TRANSLATE, key(101))
    reserve = replace(member(), standing=RESERVE)
    waits = here(reserve, panel=Panel((reserve,), meetings=meetings))
    assert announced(press(waits, Page.SPEAK, "sv")) == ()
    asked_in = replace(reserve, language="sv", offered_until=TODAY)
    seats = here(asked_in, panel=Panel((asked_in,), meetings=meetings))
    seated = press(seats, Page.TAKE_SEAT, key(1))
    assert told.occasion in [one.occasion for one in announced(seated)]


# Leaving


def test_leaving_takes_two_taps() -> None:
    at = here(member())
    first = press(at, Page.LEAVE)
    assert not changes(first)
    assert "180 päivän" in text(first)
    second = press(at, Page.LEAVE_SURELY)
    left = kept(second, Member)
    assert (left.standing, left.reason, left.ended_on) == (ENDED, Reason.LEFT, NOW.date())
    assert [deed.what for deed in change(second).trail] == [What.MEMBER_LEFT]
    assert "Et ole enää mukana" in text(second)
    [told] = announced(second)
    assert (told.audience.circle, told.priority) == (Circle.COORDINATORS, Priority.CHANGE)
    assert told.cards["sv"].rows[0][0].data == panel("sv", Page.PERSON, key(1))
    assert "Maija" not in str(told.cards)


def test_a_reserve_leaves_the_same_way_and_an_offer_is_taken_back() -> None:
    at = here(member(standing=RESERVE))
    assert "varasijasta" in text(press(at, Page.LEAVE))
    outcome = press(at, Page.LEAVE_SURELY)
    assert kept(outcome, Member).standing is ENDED
    assert change(outcome).withdraw == (f"seat:{key(1)[:8].hex()}:",)
    [told] = announced(outcome)
    assert "varasijastaan" in words(told.cards["fi"])


@pytest.mark.parametrize("page", [Page.LEAVE, Page.LEAVE_SURELY])
def test_whoever_has_left_leaves_no_second_time(page: Page) -> None:
    outcome = press(here(member(standing=ENDED, ended_on=NOW.date())), page)
    assert not changes(outcome)
    assert "Et ole enää mukana" in text(outcome)


# Being forgotten


def test_being_forgotten_takes_two_taps_and_leaves_nothing() -> None:
    moves = invitation(Purpose.MOVE, member=key(1))
    others = replace(invitation(Purpose.MOVE, member=key(2)), key=key(9))
    known = Panel((member(),), invitations=(moves, others))
    at = here(member(), panel=known)
    first = press(at, Page.FORGET)
    assert not changes(first)
    assert "jäsenyytesi päättyy" in text(first)
    second = press(at, Page.FORGET_SURELY)
    assert change(second).erase == (member(), moves)
    assert change(second).keep == ()
    assert "Tietosi on poistettu." in text(second)
    assert not any(isinstance(effect, Lay) for effect in second.effects)


def test_coordinators_hear_that_a_seat_is_free_and_nothing_of_whose() -> None:
    outcome = press(here(member()), Page.FORGET_SURELY)
    [told] = announced(outcome)
    said = f"{told.occasion} {told.cards}"
    assert "Maija" not in said
    assert key(1)[:8].hex() not in said
    assert told.cards["fi"].rows[0][0].data == panel("fi", Page.REGISTER)


@pytest.mark.parametrize("standing", [RESERVE, ENDED])
def test_where_no_seat_is_freed_nobody_is_told(standing: Standing) -> None:
    at = here(member(standing=standing))
    asked = text(press(at, Page.FORGET))
    assert "Koordinaattori" not in asked
    assert ("varasijastasi" in asked) is (standing is RESERVE)
    outcome = press(at, Page.FORGET_SURELY)
    assert announced(outcome) == ()
    assert change(outcome).erase == (member(standing=standing),)


def test_what_was_told_while_joining_again_goes_too_and_no_other_task() -> None:
    mine = Task("joining", "contact", given={"link": "x", "name": "Maija"})
    other = Task("call", "day")
    left = member(standing=ENDED)
    assert Lay(None) in press(here(left, task=mine), Page.FORGET_SURELY).effects
    assert Lay(None) not in press(here(left, task=other), Page.FORGET_SURELY).effects


def test_tapped_again_the_button_is_like_any_old_one() -> None:
    gone = here(None)
    strange = does(gone, Tapped("p:fi:nosuch", 10))
    assert press(gone, Page.FORGET_SURELY) == strange


# A seat that is offered

FORGED = ("", "20270203", "99999999", "20270127")
"""What a button of an offer might say; nothing but the record says whether there is one."""


def offered(*others: Member, until: date | None = TODAY, **also: Any) -> Here:
    reserve = member(standing=RESERVE, offered_until=until)
    known = Panel((reserve, *others), meetings=also.pop("meetings", ()))
    return here(reserve, panel=known, **also)


def test_an_offered_seat_is_taken() -> None:
    ahead = meeting(101)
    meetings = (
        meeting(99, "2027-01-20 17:00"),
        meeting(100, "2027-02-11 17:00", held=Held.CANCELLED),
        ahead,
    )
    outcome = press(offered(member(2), meetings=meetings), Page.TAKE_SEAT, key(1))
    members = [one for one in change(outcome).keep if isinstance(one, Member)]
    seated = next(one for one in members if one.key == key(1))
    assert (seated.standing, seated.first_day) == (Standing.MEMBER, NOW.date())
    assert seated.offered_until is None
    assert seated.last_day == member(2).last_day
    assert "Tervetuloa raatiin." in text(outcome)
    assert "[Tulen]" in text(outcome)
    late, told = announced(outcome)
    assert late.audience.of == key(1).hex()
    assert key(101)[:8].hex() in late.occasion
    assert told.audience.circle is Circle.COORDINATORS
    assert [deed.what for deed in change(outcome).trail] == [What.SEAT_TAKEN]


def test_an_answer_from_an_earlier_membership_does_not_count_for_the_seat() -> None:
    listed = member(standing=RESERVE, offered_until=TODAY)
    meetings = (meeting(99, "2027-01-20 17:00"), meeting(100), meeting(101, "2027-04-22 17:00"))
    answers = {
        (key(99), key(1)): Coming.IN,
        (key(100), key(1)): Coming.IN,
        (key(101), key(2)): Coming.IN,
    }
    known = Panel((listed, member(2)), meetings=meetings, attendance=answers)
    outcome = press(here(listed, panel=known), Page.TAKE_SEAT, key(1))
    assert change(outcome).ask_anew == ((key(100), key(1)),)
    assert "Et ole vielä vastannut." in text(outcome)


def test_the_last_seat_is_held_so_that_two_do_not_take_it() -> None:
    others = full()[1:]
    outcome = press(offered(*others), Page.TAKE_SEAT, key(1))
    assert any(one in others for one in change(outcome).keep)


def test_a_seat_that_is_filled_by_now_is_told_kindly() -> None:
    outcome = press(offered(*full()), Page.TAKE_SEAT, key(1))
    assert not changes(outcome)
    assert "Paikka ehdittiin jo täyttää." in text(outcome)


@pytest.mark.parametrize("page", [Page.TAKE_SEAT, Page.DECLINE_SEAT])
def test_an_offer_has_a_last_day(page: Page) -> None:
    assert changes(press(offered(until=TODAY), page, key(1)))
    outcome = press(offered(until=TODAY - timedelta(days=1)), page, key(1))
    assert not changes(outcome)
    assert "ei ole enää voimassa" in text(outcome)


@pytest.mark.parametrize("about", [b"", key(1), key(2), "0"])
@pytest.mark.parametrize("day", FORGED)
@pytest.mark.parametrize("page", [Page.TAKE_SEAT, Page.DECLINE_SEAT])
@pytest.mark.parametrize("until", [None, TODAY - timedelta(days=1)])
def test_a_button_that_somebody_made_up_takes_no_seat(
    until: date | None, page: Page, day: str, about: bytes | str
) -> None:
    outcome = press(offered(until=until), page, about, day)
    assert not changes(outcome)
    assert "varasijalla" in text(outcome)


def test_a_declined_seat_is_still_free_and_the_place_on_the_list_stays() -> None:
    at = offered()
    outcome = press(at, Page.DECLINE_SEAT, key(1))
    declined = kept(outcome, Member)
    assert declined == member(standing=RESERVE), "nothing is left to take"
    assert not changes(press(replace(at, member=declined), Page.TAKE_SEAT, key(1)))
    assert "Varasijasi säilyy." in text(outcome)
    assert [deed.what for deed in change(outcome).trail] == [What.SEAT_DECLINED]
    [told] = announced(outcome)
    assert "Maija" not in str(told.cards)


@pytest.mark.parametrize("page", [Page.TAKE_SEAT, Page.DECLINE_SEAT])
def test_coordinators_hear_of_each_answer_also_of_two_on_one_day(page: Page) -> None:
    occasions = {
        one.occasion
        for revision in (2, 4)
        for asked in [member(standing=RESERVE, offered_until=TODAY, revision=revision)]
        for one in announced(press(here(asked), page, key(1)))
    }
    assert len(occasions) == 2


@pytest.mark.parametrize("page", [Page.TAKE_SEAT, Page.DECLINE_SEAT])
@pytest.mark.parametrize("standing", [Standing.MEMBER, ENDED])
def test_only_a_reserve_answers_an_offer(page: Page, standing: Standing) -> None:
    outcome = press(here(member(standing=standing, offered_until=TODAY)), page, key(1))
    assert not changes(outcome)


# Languages


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("standing", Standing)
def test_every_page_stands_in_every_language(language: str, standing: Standing) -> None:
    mine = member(standing=standing, language=language, ended_on=NOW.date())
    at = here(mine, panel=Panel((mine,), meetings=(meeting(),)))
    for page in (Page.MEMBER, Page.MEMBERSHIP, Page.LEAVE, Page.FORGET, Page.MEETINGS):
        assert all(card.language == language for card in press(at, page).cards)


@pytest.mark.parametrize("language", LANGUAGES)
def test_privacy_tells_members_what_is_kept_of_them_and_nobody_else(language: str) -> None:
    asks = Commanded("privacy", "", 5)

    told = text(conversation.step(here(member(), phone=language), asks))
    assert "180" in told.split("\n\n")[6]
    assert units(told) <= 4096

    assert len(text(conversation.step(here(phone=language), asks)).split("\n\n")) == (
        len(told.split("\n\n")) - 1
    )
