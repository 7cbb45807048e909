"""Whoever opens one of the bot's own links meets where it points now, and nothing of them is
remembered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from dialogs.broadcasts import pointers
from dialogs.broadcasts.records import Pointer, Target
from dialogs.events import Commanded
from dialogs.forms.draft import Draft
from dialogs.forms.model import Audience
from dialogs.life import Running, State
from dialogs.outcome import Lay, Save
from dialogs.panel.records import Task
from tests.chat import library
from tests.in_panel import coordinator, does, here, key, member, text

if TYPE_CHECKING:
    from dialogs.outcome import Here, Outcome

SITE = "https://hyvinvointialue.example/sivu?a=1"
TITLE = {"fi": "Raportti", "sv": "Rapport", "en": "Report"}
OPEN = Running(library("equality"), State.OPEN, date(2027, 1, 27), date(2027, 2, 8))
PAGE = Pointer(key(1), Target.PAGE, SITE, TITLE)
STATEMENT = replace(PAGE, target=Target.STATEMENT)
SURVEY = Pointer(key(1), Target.SURVEY, "equality")


def opens(at: Here, pointer: Pointer | None) -> Outcome:
    """The link of `PAGE`, which leads to `pointer` now."""
    return does(replace(at, pointer=pointer), Commanded("start", pointers.payload(PAGE), 5))


def starts(at: Here, argument: str) -> Outcome:
    return does(at, Commanded("start", argument, 5))


def test_the_key_s_beginning_stands_in_the_link_and_nothing_else_is_one() -> None:
    link = pointers.link("https://t.me/raati_bot", PAGE)
    assert link.startswith("https://t.me/raati_bot?start=g-")
    assert pointers.opened(link.partition("=")[2]) == PAGE.key[: pointers.TOKEN]
    for other in ("", "equality", "g-", "g-short", "g-" + "A" * 13, "i-" + "A" * 12):
        assert pointers.opened(other) is None


@pytest.mark.parametrize(
    "at",
    [
        here(running=(OPEN,)),
        here(running=(replace(OPEN, state=State.CLOSED),)),
        here(running=(replace(OPEN, state=State.SCHEDULED),)),
        here(running=()),
        here(running=(OPEN,), drafts={"equality": Draft("equality", "1", "sv", 1, active=False)}),
        here(running=(OPEN,), taken={"equality": 99}),
    ],
    ids=["open", "closed", "scheduled", "discarded", "begun", "answered"],
)
def test_a_survey_s_link_shows_exactly_what_start_and_its_name_show(at: Here) -> None:
    assert opens(at, SURVEY) == starts(at, "equality")


def test_a_survey_for_members_shows_a_stranger_nothing_of_it() -> None:
    form = library("equality")
    asked = replace(OPEN, form=replace(form, audience=Audience.MEMBERS))
    stranger = here(running=(asked,))
    assert opens(stranger, SURVEY) == starts(stranger, "")
    assert "Yhdenvertaisuus" not in text(opens(stranger, SURVEY))
    seated = here(member(), running=(asked,))
    assert "Yhdenvertaisuus" in text(opens(seated, SURVEY))


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("fi", "Raportti\n\nPainike avaa sivun osoitteessa hyvinvointialue.example.\n[Avaa sivu]"),
        ("sv", "Rapport\n\nKnappen öppnar sidan på adressen hyvinvointialue.example.\n"),
        ("en", "Report\n\nThe button opens the page at hyvinvointialue.example.\n[Open the page]"),
    ],
)
def test_a_page_s_link_shows_its_title_and_one_button_that_opens_it(
    language: str, says: str
) -> None:
    outcome = opens(here(phone=language), PAGE)
    assert text(outcome).startswith(says)
    assert outcome.cards[0].rows[0][0].link == SITE


def test_a_statement_is_said_to_be_one() -> None:
    said = text(opens(here(), STATEMENT))
    assert "Tämä on asiakasraadin kannanotto." in said
    assert "[Lue kannanotto]" in said


def test_a_link_that_leads_nowhere_any_more_shows_the_first_card_and_says_so() -> None:
    at = here(running=(OPEN,))
    said = text(opens(at, None))
    assert said == f"Avaamasi linkki ei enää johda mihinkään.\n\n{text(starts(at, ''))}"


@pytest.mark.parametrize("pointer", [None, SURVEY, PAGE, STATEMENT])
def test_nothing_is_remembered_of_who_opens_one(pointer: Pointer | None) -> None:
    for at in (here(running=(OPEN,)), here(member()), here(coordinator=coordinator())):
        assert opens(at, pointer).effects == ()


@pytest.mark.parametrize("pointer", [None, SURVEY, PAGE])
def test_what_was_going_on_in_the_chat_is_set_aside(pointer: Pointer | None) -> None:
    draft = Draft("safety", "1", "fi", 5)
    task = Task("point", "target", "fi", {"pointer": "00" * 16})
    at = here(
        coordinator=coordinator(),
        running=(OPEN, Running(library("safety"), State.OPEN, date(2027, 1, 1))),
        drafts={"safety": draft},
        task=task,
    )
    effects = opens(at, pointer).effects
    assert Save(replace(draft, active=False)) in effects
    assert Lay(replace(task, active=False)) in effects


def test_a_pointer_counts_only_where_its_link_was_opened() -> None:
    at = replace(here(running=(OPEN,)), pointer=PAGE)
    assert starts(at, "equality") == starts(here(running=(OPEN,)), "equality")
