"""Opening a link that works once: what it makes of whoever opens it, and what it never tells."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from dialogs.announcement import Circle, Priority
from dialogs.events import Edited, Matter, Sent, Typed
from dialogs.forms.draft import Draft
from dialogs.outcome import Here, Lay, Outcome, Save
from dialogs.panel.buttons import Page, panel
from dialogs.panel.records import (
    Coming,
    Coordinator,
    Invitation,
    Member,
    Panel,
    Purpose,
    Reason,
    Role,
    Standing,
    Task,
    Use,
)
from dialogs.panel.trail import What
from tests.chat import NOW, library, office, opened
from tests.in_panel import (
    CHAT,
    TOKEN,
    announced,
    change,
    changes,
    coordinator,
    does,
    here,
    invitation,
    kept,
    key,
    laid,
    meeting,
    member,
    opens,
    press,
    text,
    types,
    words,
)

CLOSED = "Tämä linkki ei enää toimi."
TOLD = {"link": TOKEN, "name": "Maija Esimerkki", "contact": "+358 40 123 4567"}


def full() -> tuple[Member, ...]:
    return tuple(member(number) for number in range(10, 10 + office().seats))


def holding(purpose: Purpose, of: Member | None = None, **also: Any) -> Here:
    """Somebody holds a link of this purpose."""
    changed = {name: also.pop(name) for name in ("use", "expires", "member") if name in also}
    link = invitation(purpose, **changed)
    others = also.pop("others", ())
    known = Panel((*(() if of is None else (of,)), *others), invitations=(link,))
    return here(of, **{"invitation": link, "panel": known, **also})


def goes_on(at: Here, outcome: Outcome) -> Here:
    """The chat after that step, without the panel where nothing needs it."""
    return replace(at, task=laid(outcome).task)


def told(step: str, **given: str) -> Here:
    """In the midst of joining."""
    task = Task("joining", step, given={"link": TOKEN, **given}, card=11)
    return here(None, task=task, panel=None)


# Links that do not open


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize(
    "of",
    [
        {"use": Use.USED},
        {"use": Use.WITHDRAWN},
        {"expires": NOW},
        {"expires": NOW - timedelta(days=400)},
    ],
)
def test_a_link_that_was_used_withdrawn_or_has_run_out_says_what_to_do(
    purpose: Purpose, of: dict[str, Any]
) -> None:
    at = holding(purpose, others=(member(2),), **{"member": key(2), **of})
    unknown = here(None, panel=None)
    assert opens(at) == opens(unknown), "all the same, and the same as what never was"
    assert CLOSED in text(opens(at))
    assert "014 000 0000" in text(opens(at)), "whom to ask"
    assert not changes(opens(at))


@pytest.mark.parametrize("page", [Page.JOIN, Page.MOVE])
def test_a_button_of_such_a_link_says_the_same(page: Page) -> None:
    at = here(None, panel=None)
    assert CLOSED in text(press(at, page, "surely", TOKEN))


def test_a_link_serves_only_what_it_was_made_for() -> None:
    moves = holding(Purpose.MOVE, others=(member(2),), member=key(2))
    assert CLOSED in text(press(moves, Page.JOIN, "begin", TOKEN))
    for purpose in (Purpose.MEMBER, Purpose.COORDINATOR):
        assert CLOSED in text(press(holding(purpose), Page.MOVE, "surely", TOKEN))
    assert CLOSED in text(press(holding(Purpose.COORDINATOR), Page.JOIN, "surely", TOKEN))


def test_what_went_on_in_the_chat_is_set_aside() -> None:
    draft = Draft("safety", "1", "fi", 5)
    task = Task("call", "day", active=True)
    at = holding(
        Purpose.MEMBER, running=(opened(library("safety")),), drafts={"safety": draft}, task=task
    )
    effects = opens(at).effects
    assert Save(replace(draft, active=False)) in effects
    assert Lay(replace(task, active=False)) in effects
    asleep = replace(at, drafts={}, task=replace(task, active=False))
    assert opens(asleep).effects == ()


# A coordinator


def test_whoever_opens_a_coordinators_link_is_one_and_the_others_hear_at_once() -> None:
    kaisa, olli = coordinator(), coordinator(51, "Olli")
    at = holding(Purpose.COORDINATOR, name="Sari")
    at = replace(at, panel=Panel(coordinators=(kaisa, olli)))
    outcome = opens(at)
    newcomer = kept(outcome, Coordinator)
    assert (newcomer.name, newcomer.language, newcomer.chat) == ("Sari", "fi", CHAT)
    assert kept(outcome, Invitation).use is Use.USED
    assert [deed.what for deed in change(outcome).trail] == [What.COORDINATOR_CAME]
    assert "Olet nyt koordinaattori" in text(outcome)
    news = announced(outcome)
    assert {one.audience.of for one in news} == {kaisa.key.hex(), olli.key.hex()}
    assert len({one.occasion for one in news}) == 2
    for one in news:
        assert (one.audience.circle, one.priority) == (Circle.PERSON, Priority.CHANGE)
        assert "Sari on nyt koordinaattori." in words(one.cards["fi"])
        assert one.cards["fi"].rows[0][0].data == panel("fi", Page.REMOVE, newcomer.key)


def test_the_first_coordinator_is_announced_to_nobody() -> None:
    assert announced(opens(holding(Purpose.COORDINATOR))) == ()


def test_whoever_is_one_already_leaves_the_link_unused() -> None:
    at = replace(holding(Purpose.COORDINATOR), coordinator=coordinator(), panel=Panel())
    outcome = opens(at)
    assert not changes(outcome)
    assert "Olet koordinaattori, joten" in text(outcome)
    used = replace(at, invitation=invitation(Purpose.COORDINATOR, use=Use.USED))
    assert text(opens(used)) == text(outcome), "also their own, opened again"


# A reader


def test_whoever_opens_a_reader_s_link_is_one_and_the_coordinators_hear_at_once() -> None:
    kaisa = coordinator()
    at = holding(Purpose.READER, name="Riitta")
    at = replace(at, panel=Panel(coordinators=(kaisa,), readers=(coordinator(51, "Olli"),)))
    outcome = opens(at)
    newcomer = kept(outcome, Coordinator)
    assert (newcomer.name, newcomer.role, newcomer.chat) == ("Riitta", Role.READER, CHAT)
    assert kept(outcome, Invitation).use is Use.USED
    assert [deed.what for deed in change(outcome).trail] == [What.READER_CAME]
    assert "Näet nyt kyselyjen tulokset" in text(outcome)
    assert outcome.cards[0].rows[0][0].data == panel("fi", Page.RESULTS)
    (news,) = announced(outcome)
    assert (news.audience.circle, news.audience.of) == (Circle.PERSON, kaisa.key.hex())
    assert "Riitta on nyt lukija" in words(news.cards["fi"])
    assert "[Poista lukija]" in words(news.cards["fi"])
    assert news.cards["fi"].rows[0][0].data == panel("fi", Page.REMOVE, newcomer.key)


def test_whoever_reads_already_leaves_a_reader_s_link_unused() -> None:
    at = replace(holding(Purpose.READER), reader=replace(coordinator(), role=Role.READER))
    outcome = opens(at)
    assert not changes(outcome)
    assert "Näet tulokset jo" in text(outcome)


def test_a_coordinator_stays_one_whatever_link_they_open() -> None:
    at = replace(holding(Purpose.READER), coordinator=coordinator())
    outcome = opens(at)
    assert not changes(outcome)
    assert "Olet koordinaattori, joten" in text(outcome)


def test_a_reader_who_opens_a_coordinator_s_link_is_a_coordinator_and_the_same_record() -> None:
    riitta = replace(coordinator(60, "Riitta"), role=Role.READER, revision=3)
    at = holding(Purpose.COORDINATOR, name="Riitta", reader=riitta, phone="sv")
    at = replace(at, panel=Panel(coordinators=(coordinator(),), readers=(riitta,)))
    outcome = opens(at)
    assert kept(outcome, Coordinator) == replace(riitta, role=Role.COORDINATOR, language="sv")
    assert [deed.what for deed in change(outcome).trail] == [What.COORDINATOR_CAME]
    (news,) = announced(outcome)
    came = opens(holding(Purpose.READER, others=(), reader=None))
    assert news.occasion not in [one.occasion for one in announced(came)]
    assert "Riitta on nyt koordinaattori." in words(news.cards["fi"])


# What it means


def test_membership_is_explained_before_anything_is_asked_or_kept() -> None:
    outcome = opens(holding(Purpose.MEMBER))
    shown = text(outcome)
    for said in (
        "alkaa keskiviikkona 27.1., ja perjantaina 26.1.2029 se päättyy",
        "enintään 20 jäsentä 2 vuodeksi",
        "neljä kertaa vuodessa",
        "Kokouspalkkiota ei makseta",
        "salattuina nimesi",
        "180 päivän kuluttua",
        "kahdella napautuksella",
        "[Kyllä, liityn mukaan]",
        "[Ei nyt]",
        "[På svenska]",
        "[In English]",
    ):
        assert said in shown
    assert outcome.effects == ()


def test_a_reserve_place_is_explained_too() -> None:
    shown = text(opens(holding(Purpose.RESERVE)))
    assert "Varasija asiakasraadissa" in shown
    assert "alkaa" not in shown


def test_it_is_shown_in_another_language_on_the_same_card() -> None:
    outcome = press(holding(Purpose.MEMBER), Page.JOIN, "look", TOKEN, language="sv")
    assert "Välkommen till kundrådet" in text(outcome)
    assert "[Suomeksi]" in text(outcome)
    assert outcome.effects == ()
    move = holding(Purpose.MOVE, others=(member(2),), member=key(2))
    assert "flyttas" in text(press(move, Page.MOVE, "look", TOKEN, language="sv"))


def test_not_now_keeps_nothing_and_drops_what_was_told() -> None:
    outcome = press(holding(Purpose.MEMBER), Page.JOIN_NOT, "", TOKEN)
    assert "Mitään ei tallennettu" in text(outcome)
    assert outcome.effects == ()
    midway = replace(holding(Purpose.MEMBER), task=Task("joining", "name", given=dict(TOLD)))
    assert laid(press(midway, Page.JOIN_NOT, "", TOKEN)) == Lay(None)


# Telling name and contact


def test_a_name_then_a_contact_then_both_are_shown() -> None:
    at = holding(Purpose.MEMBER)
    begun = press(at, Page.JOIN, "begin", TOKEN)
    assert "Mikä on nimesi?" in text(begun)
    at = goes_on(at, begun)
    named = types(at, "  Maija   Esimerkki ", 20)
    assert "tavoittaa" in text(named)
    assert named.close == (10,), "the card before loses its buttons"
    at = goes_on(at, named)
    reached = types(at, "040 123 4567", 21)
    shown = text(reached)
    assert "Nimi: Maija Esimerkki" in shown
    assert "Yhteystieto: +358 40 123 4567" in shown
    assert "Kieli: suomi" in shown
    assert "[Kyllä, liityn mukaan]" in shown
    task = laid(reached).task
    assert task is not None
    assert task.step == "review"


@pytest.mark.parametrize(
    ("step", "typed", "said"),
    [
        ("name", "040 123 4567", "Kirjoita ensin nimesi."),
        ("name", "   ", "Kirjoita vastaus omin sanoin."),
        ("name", "M" * 101, "101"),
        ("contact", "soittakaa", "Kirjoita puhelinnumero tai sähköpostiosoite."),
        ("contact", "maija@", "Tarkista sähköpostiosoite"),
        ("contact", "12", "numero"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence_and_asked_again(
    step: str, typed: str, said: str
) -> None:
    outcome = types(told(step), typed)
    assert said in text(outcome)
    task = laid(outcome).task
    assert task is not None
    assert (task.step, task.given) == (step, {"link": TOKEN})


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("Maija@Esimerkki.FI.", "Maija@esimerkki.fi"),
        ("0401234567", "+358 40 123 4567"),
        ("+46 8 123 456 78", "+46 8 123 456 78"),
    ],
)
def test_slips_in_a_contact_are_forgiven(typed: str, taken: str) -> None:
    task = laid(types(told("contact", name="Maija"), typed)).task
    assert task is not None
    assert task.given["contact"] == taken


def test_a_message_that_comes_twice_counts_once() -> None:
    first = types(told("name"), "Maija Esimerkki", 20)
    again = types(goes_on(told("name"), first), "Maija Esimerkki", 20)
    task = laid(again).task
    assert task is not None
    assert task.step == "contact"
    assert "contact" not in task.given


def test_an_edited_message_changes_what_was_typed_in_it() -> None:
    at = goes_on(told("name"), types(told("name"), "Maia", 20))
    outcome = does(at, Edited("Maija", 20))
    task = laid(outcome).task
    assert task is not None
    assert (task.step, task.given["name"]) == ("contact", "Maija")
    other = laid(does(at, Edited("040 123 4567", 3))).task
    assert other is not None
    assert "contact" not in other.given, "an older message is no answer"
    reviewed = told("review", **{**TOLD, "name_at": "20"})
    assert "Nimi: Maija Toinen" in text(does(reviewed, Edited("Maija Toinen", 20)))


def test_a_picture_is_no_name() -> None:
    outcome = does(told("name"), Sent(Matter.PICTURE, 20))
    assert "Kirjoita vastaus tekstinä." in text(outcome)


def test_at_the_end_a_typed_word_joins_nobody() -> None:
    outcome = types(told("review", **TOLD), "joo")
    assert not changes(outcome)
    assert "napauta sitten painiketta" in text(outcome)


def test_name_and_contact_can_be_changed_or_left_as_they_were() -> None:
    at = told("review", **TOLD)
    changing = press(at, Page.TASK, "review", "contact")
    assert "Nyt tässä on: +358 40 123 4567" in text(changing)
    midway = goes_on(at, changing)
    left = press(midway, Page.TASK, "contact", "review")
    assert "+358 40 123 4567" in text(left)
    changed = types(midway, "maija@esimerkki.fi", 30)
    assert "maija@esimerkki.fi" in text(changed)
    assert "[Kyllä, liityn mukaan]" in text(changed)
    naming = press(at, Page.TASK, "review", "name")
    renamed = types(goes_on(at, naming), "Maija Toinen", 31)
    assert "Nimi: Maija Toinen" in text(renamed)


def test_from_the_contact_one_goes_back_to_the_name() -> None:
    at = told("contact", name="Maija Esimerkki")
    assert "[Takaisin]" in text(press(at, Page.GO_ON))
    outcome = press(at, Page.TASK, "contact", "name")
    assert "Nyt tässä on: Maija Esimerkki" in text(outcome)
    assert "ennalleen" not in text(outcome)
    assert "tavoittaa" in text(types(goes_on(at, outcome), "Maija Toinen", 33))


@pytest.mark.parametrize("more", ["review", "jotakin", ""])
def test_a_button_that_leads_nowhere_shows_the_card_of_now(more: str) -> None:
    outcome = press(told("name"), Page.TASK, "name", more)
    assert "Mikä on nimesi?" in text(outcome)


# Joining


def agreed(purpose: Purpose, of: Member | None = None, **also: Any) -> Here:
    """All is told; the next tap joins."""
    task = Task("joining", "review", given=dict(TOLD), card=10)
    return holding(purpose, of, task=task, **also)


def test_the_last_tap_keeps_the_member_and_uses_the_link() -> None:
    outcome = press(agreed(Purpose.MEMBER), Page.JOIN, "surely", TOKEN)
    assert kept(outcome, Member) == Member(
        key=bytes(range(100, 116)),
        name="Maija Esimerkki",
        contact="+358 40 123 4567",
        language="fi",
        standing=Standing.MEMBER,
        first_day=date(2027, 1, 27),
        last_day=date(2029, 1, 26),
        chat=CHAT,
    )
    assert kept(outcome, Invitation).use is Use.USED
    assert laid(outcome) == Lay(None)
    assert outcome.effects.index(change(outcome)) < outcome.effects.index(Lay(None))
    assert [deed.what for deed in change(outcome).trail] == [What.MEMBER_JOINED]
    assert "Tervetuloa raatiin." in text(outcome)
    [news] = announced(outcome)
    assert news.audience.circle is Circle.COORDINATORS
    assert "Maija" not in str(news.cards)


def test_it_is_the_term_that_runs() -> None:
    outcome = press(agreed(Purpose.MEMBER, others=(member(2),)), Page.JOIN, "surely", TOKEN)
    members = [one for one in change(outcome).keep if isinstance(one, Member)]
    joined = next(one for one in members if one.key == bytes(range(100, 116)))
    assert joined.last_day == member(2).last_day
    assert member(2) in change(outcome).keep, "held, so that two do not take the last seat"


def test_who_joins_later_is_invited_to_what_is_still_ahead() -> None:
    at = agreed(Purpose.MEMBER)
    meetings = (meeting(99, "2027-01-20 17:00"), meeting(100))
    at = replace(at, panel=Panel(meetings=meetings, invitations=(invitation(Purpose.MEMBER),)))
    outcome = press(at, Page.JOIN, "surely", TOKEN)
    late = [one for one in announced(outcome) if one.audience.circle is Circle.PERSON]
    assert [one.audience.of for one in late] == [bytes(range(100, 116)).hex()]
    assert "Et ole vielä vastannut." in text(outcome)


def test_who_joins_again_is_asked_again() -> None:
    left = member(standing=Standing.ENDED, reason=Reason.LEFT, ended_on=date(2027, 1, 10))
    at = agreed(Purpose.MEMBER, left)
    meetings = (meeting(99, "2027-01-20 17:00"), meeting(100))
    answers = {(one.key, left.key): Coming.IN for one in meetings}
    known = replace(at.panel or Panel(), meetings=meetings, attendance=answers)
    outcome = press(replace(at, panel=known), Page.JOIN, "surely", TOKEN)
    assert change(outcome).ask_anew == ((key(100), key(1)),), "what was, stays as it was"
    assert "Et ole vielä vastannut." in text(outcome)


def test_coordinators_hear_of_a_theme_that_the_newcomer_cannot_read() -> None:
    at = agreed(Purpose.MEMBER)
    task = replace(at.task or Task("", ""), language="sv")
    only = replace(meeting(), theme={"fi": "Arjen turvallisuus"})
    for theirs, told in ((task, 1), (at.task, 0)):
        known = replace(at.panel or Panel(), meetings=(only,))
        outcome = press(
            replace(at, panel=known, task=theirs),
            Page.JOIN,
            "surely",
            TOKEN,
            language="sv" if told else "fi",
        )
        lacking = [one for one in announced(outcome) if one.occasion.startswith("lacking:")]
        assert len(lacking) == told


def test_a_reserve_joins_the_list_whether_seats_are_free_or_not() -> None:
    at = agreed(Purpose.RESERVE, others=full())
    at = replace(at, panel=replace(at.panel or Panel(), meetings=(meeting(),)))
    outcome = press(at, Page.JOIN, "surely", TOKEN)
    assert kept(outcome, Member).standing is Standing.RESERVE
    assert [deed.what for deed in change(outcome).trail] == [What.RESERVE_JOINED]
    assert len(announced(outcome)) == 1, "invited to no meeting"
    assert "Olet nyt varasijalla." in text(outcome)


def test_nobody_joins_before_all_is_told() -> None:
    at = holding(Purpose.MEMBER)
    untold = press(at, Page.JOIN, "surely", TOKEN)
    assert not changes(untold)
    assert "Mikä on nimesi?" in text(untold)
    half = replace(at, task=Task("joining", "contact", given={"link": TOKEN, "name": "Maija"}))
    outcome = press(half, Page.JOIN, "surely", TOKEN)
    assert not changes(outcome)
    assert "tavoittaa" in text(outcome)


def test_what_was_told_with_another_link_or_for_another_task_is_not_taken() -> None:
    for task in (
        Task("joining", "review", given={**TOLD, "link": "another"}),
        Task("call", "review", given={}),
    ):
        outcome = press(replace(holding(Purpose.MEMBER), task=task), Page.JOIN, "surely", TOKEN)
        assert not changes(outcome)
        assert "Mikä on nimesi?" in text(outcome)


def test_tapped_twice_one_joins_once() -> None:
    joined = member()
    at = holding(Purpose.MEMBER, joined, use=Use.USED)
    outcome = press(at, Page.JOIN, "surely", TOKEN)
    assert not changes(outcome)
    assert "Olet raadin jäsen, joten" in text(outcome)


def test_a_link_that_ran_out_meanwhile_keeps_nothing_of_what_was_told() -> None:
    at = agreed(Purpose.MEMBER, expires=NOW)
    outcome = press(at, Page.JOIN, "surely", TOKEN)
    assert CLOSED in text(outcome)
    assert outcome.effects == (Lay(None),)


# Full


@pytest.mark.parametrize("about", ["", "begin", "surely"])
def test_a_full_panel_says_so_kindly_and_tells_the_coordinators(about: str) -> None:
    at = agreed(Purpose.MEMBER, others=full())
    outcome = press(at, Page.JOIN, about, TOKEN) if about else opens(at)
    assert "paikat on juuri nyt täytetty" in text(outcome)
    assert "keskiviikkona 10.2. puoleenyöhön" in text(outcome)
    assert change(outcome).keep == (), "the link stays good"
    [news] = announced(outcome)
    assert news.audience.circle is Circle.COORDINATORS
    [same] = announced(opens(at))
    assert news.occasion == same.occasion, "told once for each link"


# Whoever is in the register already


@pytest.mark.parametrize(
    ("purpose", "standing", "said"),
    [
        (Purpose.MEMBER, Standing.MEMBER, "Olet raadin jäsen, joten"),
        (Purpose.RESERVE, Standing.MEMBER, "Olet raadin jäsen, joten"),
        (Purpose.RESERVE, Standing.RESERVE, "Olet varasijalla, joten"),
    ],
)
def test_whoever_is_in_already_hears_so_and_the_link_stays_unused(
    purpose: Purpose, standing: Standing, said: str
) -> None:
    at = holding(purpose, member(standing=standing))
    for outcome in (opens(at), press(at, Page.JOIN, "begin", TOKEN)):
        assert not changes(outcome)
        assert said in text(outcome)


@pytest.mark.parametrize(
    ("purpose", "standing"),
    [
        (Purpose.MEMBER, Standing.RESERVE),
        (Purpose.MEMBER, Standing.ENDED),
        (Purpose.RESERVE, Standing.ENDED),
    ],
)
def test_whoever_was_in_the_register_stays_the_same_record(
    purpose: Purpose, standing: Standing
) -> None:
    known = member(
        standing=standing,
        reason=Reason.TERM,
        ended_on=date(2027, 1, 5),
        offered_until=date(2027, 2, 3),
        gone=True,
        revision=4,
    )
    begun = press(holding(purpose, known), Page.JOIN, "begin", TOKEN)
    assert "Nimi: Maija Esimerkki 1 (keksitty)" in text(begun), "nothing is asked twice"
    at = goes_on(holding(purpose, known), begun)
    outcome = press(at, Page.JOIN, "surely", TOKEN)
    joined = kept(outcome, Member)
    assert (joined.key, joined.revision) == (known.key, 4)
    assert (joined.reason, joined.ended_on, joined.gone) == (None, None, False)
    assert joined.offered_until is None, "an offer from before is none any more"
    assert joined.standing.value == purpose.value


# A membership that moves


def moving(of: Member | None = None, **also: Any) -> Here:
    return holding(
        Purpose.MOVE,
        of,
        **{"member": key(2), "others": (member(2, gone=True, language="sv"),), **also},
    )


def test_whose_membership_it_is_is_not_said_before_it_is_confirmed() -> None:
    outcome = opens(moving())
    assert "Jäsenyyden siirto" in text(outcome)
    assert "Maija" not in text(outcome)
    assert outcome.effects == ()


def test_the_membership_is_here_from_now_on_in_its_own_language() -> None:
    outcome = press(moving(), Page.MOVE, "surely", TOKEN)
    before = member(2, gone=True, language="sv")
    assert kept(outcome, Member) == replace(before, chat=CHAT, gone=False)
    assert kept(outcome, Invitation).use is Use.USED
    [told] = announced(outcome)
    assert told.audience.circle is Circle.COORDINATORS, "the old account hears nothing"
    assert "toiselle Telegram-tilille" in words(told.cards["fi"])
    assert "Maija" not in str(told.cards)
    assert told.cards["fi"].rows[0][0].data == panel("fi", Page.PERSON, key(2))
    assert [deed.what for deed in change(outcome).trail] == [What.MEMBER_MOVED]
    assert "Ditt medlemskap finns nu" in text(outcome)


@pytest.mark.parametrize("of", [{"member": None}, {"others": ()}])
def test_a_membership_that_is_gone_does_not_move(of: dict[str, Any]) -> None:
    at = moving(**of)
    assert CLOSED in text(opens(at))
    assert not changes(press(at, Page.MOVE, "surely", TOKEN))


def test_where_it_is_already_nothing_moves() -> None:
    mine = member()
    at = moving(mine, member=key(1))
    assert "jo tällä Telegram-tilillä" in text(opens(at))
    assert not changes(press(at, Page.MOVE, "surely", TOKEN))


def test_another_ones_membership_does_not_push_mine_away() -> None:
    outcome = press(moving(member()), Page.MOVE, "surely", TOKEN)
    assert not changes(outcome)
    assert "on jo toinen jäsenyys" in text(outcome)


# The task among everything else


def test_the_task_is_gone_on_with_and_dropped() -> None:
    at = told("contact", name="Maija")
    assert "tavoittaa" in text(press(at, Page.GO_ON))
    assert laid(press(at, Page.DROP)) == Lay(None)
    assert "toast" not in str(press(at, Page.GO_ON).toast)


def test_a_typed_word_goes_nowhere_when_the_task_sleeps() -> None:
    at = told("name")
    asleep = replace(at, task=replace(at.task or Task("", ""), active=False))
    outcome = does(asleep, Typed("Maija", 30, NOW))
    assert not any(isinstance(effect, Lay) for effect in outcome.effects)
