"""Whose page is whose, and what goes to a task: one conversation is active in a chat."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dialogs.announcement import State, Turn, turn
from dialogs.events import Commanded, Matter, Sent, Tapped
from dialogs.forms.draft import Draft
from dialogs.life import Running
from dialogs.life import State as Life
from dialogs.outcome import Lay, Save
from dialogs.panel import door, links
from dialogs.panel.buttons import Page, panel, read
from dialogs.panel.records import Task
from tests.chat import library
from tests.in_panel import TOKEN, coordinator, does, here, laid, press, text, types

CALLING = Task("calling", "link", "fi", {"key": "00" * 16}, card=9)
SURVEY = Running(library("equality"), Life.OPEN, here().today)
DRAFT = Draft(form=SURVEY.name, version=SURVEY.form.version, language="fi", revision=1)


def colleague(task: Task | None = CALLING) -> door.Here:
    return here(coordinator=coordinator(), task=task)


def test_a_delivery_that_ended_goes_nowhere_any_more() -> None:
    assert turn(State.WAITING, Turn.CLAIMED) is State.SENDING
    assert turn(State.SENT, Turn.CLAIMED) is None


def test_a_token_is_read_from_a_link_and_from_the_buttons_that_accept_it() -> None:
    assert door.token(Commanded("start", links.payload(TOKEN), 1)) == TOKEN
    assert door.token(Tapped(panel("fi", Page.JOIN, "look", TOKEN), 1)) == TOKEN
    assert door.token(Commanded("start", "equality", 1)) is None
    assert door.token(Commanded("help", "", 1)) is None
    assert door.token(Tapped(panel("fi", Page.PANEL), 1)) is None
    assert door.token(Tapped("m:fi:home", 1)) is None


def test_a_button_of_no_language_or_page_is_none() -> None:
    assert read("p:de:panel") is None
    assert read("p:fi:nosuchpage") is None


def test_start_sets_a_task_aside_and_offers_it_again() -> None:
    outcome = does(colleague(), Commanded("start", "", 5))

    assert laid(outcome).task == replace(CALLING, active=False)
    assert "[Jatka keskeneräistä]" in text(outcome)


def test_what_was_set_aside_is_gone_on_with_where_it_was() -> None:
    aside = colleague(replace(CALLING, active=False))

    outcome = press(aside, Page.GO_ON)

    assert laid(outcome).task == replace(CALLING, card=10)
    assert outcome.toast is None


def test_a_text_goes_to_the_survey_that_is_active_and_not_to_a_task() -> None:
    both = replace(colleague(), running=(SURVEY,), drafts={DRAFT.form: DRAFT})

    outcome = types(both, "Hei")

    assert laid(outcome).task == replace(CALLING, active=False)


def test_a_file_goes_to_the_task_that_is_active() -> None:
    outcome = does(colleague(), Sent(Matter.PICTURE, 20))

    assert "liitä" in text(outcome).casefold()


def test_going_on_with_a_task_sets_the_survey_aside() -> None:
    both = replace(colleague(), running=(SURVEY,), drafts={DRAFT.form: DRAFT})

    outcome = press(both, Page.GO_ON)

    assert Save(replace(DRAFT, active=False)) in outcome.effects


def test_stop_ends_the_task_and_says_that_nothing_was_sent() -> None:
    outcome = does(colleague(), Commanded("stop", "", 5))

    assert laid(outcome).task is None
    assert "Mitään ei lähetetty" in text(outcome)


def test_stop_ends_a_task_that_was_set_aside_where_nothing_else_is_unfinished() -> None:
    aside = colleague(replace(CALLING, active=False))
    assert laid(does(aside, Commanded("stop", "", 5))).task is None

    paused = replace(DRAFT, active=False)
    with_draft = replace(aside, running=(SURVEY,), drafts={DRAFT.form: paused})
    outcome = does(with_draft, Commanded("stop", "", 5))
    assert not [effect for effect in outcome.effects if isinstance(effect, Lay)]


def test_a_task_is_dropped_by_its_button() -> None:
    assert laid(press(colleague(), Page.DROP)).task is None


def test_an_old_button_of_a_task_is_answered_with_the_card_of_now() -> None:
    outcome = press(colleague(), Page.TASK, "theme", "x")

    assert outcome.toast is not None
    assert laid(outcome).task == replace(CALLING, card=10)


@pytest.mark.parametrize("page", [Page.TASK, Page.GO_ON, Page.DROP])
def test_without_a_task_its_buttons_are_nobodys(page: Page) -> None:
    assert door.step(colleague(None), Tapped(panel("fi", page, "theme"), 10)) is None


def test_a_task_of_the_coordinators_is_closed_to_whoever_is_none_any_more() -> None:
    removed = here(task=CALLING)

    assert door.step(removed, Tapped(panel("fi", Page.GO_ON), 10)) is None
    assert door.entrances(removed, "fi") == []
    assert door.pause(removed) == ()


def test_who_has_answered_may_answer_for_somebody_else_in_the_family() -> None:
    answered = here(running=(SURVEY,), taken={SURVEY.name: 1})
    assert "on jo vastattu tästä keskustelusta" in text(does(answered, Commanded("start", "", 5)))
