"""Adding somebody to the register who has no Telegram, as they have told by phone or in person.

What is typed of a person does not stay in the chat: it is deleted as soon as it was read.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dialogs.events import Typed
from dialogs.forms.inputs import Refusal
from dialogs.languages import LANGUAGES
from dialogs.outcome import Change, Lay, Outcome
from dialogs.panel import pages, persons, seats, terms
from dialogs.panel.buttons import Page, panel
from dialogs.panel.cards import Steps, asked, on_card
from dialogs.panel.records import Member, Panel, Standing, Task
from dialogs.panel.sheet import SPOKEN
from dialogs.panel.trail import What, deed
from dialogs.screens import Button, Card, Line, Say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dialogs.events import Edited, Sent
    from dialogs.outcome import Here
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.cards import Press
    from dialogs.screens import Paragraph

KIND: Final = "adding"

NAME, CONTACT, LANGUAGE, STANDING = "name", "contact", "language", "standing"

READ: Final[Mapping[str, Callable[[str], str | Refusal]]] = {
    NAME: persons.name,
    CONTACT: persons.contact,
}
"""The steps that are typed, and how they are read."""

NEXT: Final = {NAME: CONTACT, CONTACT: LANGUAGE, LANGUAGE: STANDING}

QUESTIONS: Final = {
    NAME: Say("adding.name"),
    CONTACT: Say("adding.contact"),
    LANGUAGE: Say("adding.language"),
    STANDING: Say("adding.standing"),
}


def _begin(here: Here, press: PanelPress, message: int) -> Outcome:
    task = Task(KIND, NAME, press.language)
    return asked(_card(here, task), task, message)


def _told(here: Here, task: Task, event: Typed | Edited | Sent) -> Outcome:
    notice: Paragraph = (Line(Say("expected.nothing")),)
    if isinstance(event, Typed) and task.step in READ:
        given = READ[task.step](event.text)
        if isinstance(given, Refusal):
            notice = (Line(given.expected),)
        else:
            notice = ()
            task = _after(task, given)
    outcome = asked(_card(here, task, notice), task)
    return replace(outcome, remove=(event.message,))


def _tapped(here: Here, task: Task, press: PanelPress, message: int) -> Outcome:
    match task.step, press.more:
        case "language", to if to in LANGUAGES:
            task = _after(task, to)
        case "standing", Standing.RESERVE:
            return _added(here, task, Standing.RESERVE, What.RESERVE_ADDED)
        case "standing", Standing.MEMBER if _vacant(here):
            return _added(here, task, Standing.MEMBER, What.MEMBER_ADDED)
    return asked(_card(here, task), task, message)


def _after(task: Task, given: str) -> Task:
    """The task at its next step, with what was told at this one."""
    return replace(task, step=NEXT[task.step], given={**task.given, task.step: given})


def _added(here: Here, task: Task, standing: Standing, what: What) -> Outcome:
    everybody = here.panel or Panel()
    first, last = terms.term(here.office, here.today, everybody)
    person = Member(
        key=here.fresh[:16],
        name=task.given[NAME],
        contact=task.given[CONTACT],
        language=task.given[LANGUAGE],
        standing=standing,
        first_day=first,
        last_day=last,
    )
    said, told = Say("adding.member_added"), Say("adding.called")
    if standing is Standing.RESERVE:
        said, told = Say("adding.reserve_added"), Say("adding.called_reserve")
    language = task.language
    card = Card(
        language,
        ((Line(said, strong=True),), (Line(told),)),
        (
            (Button(Say("adding.show"), panel(language, Page.PERSON, person.key)),),
            (Button(Say("adding.another"), panel(language, Page.ADD)),),
            pages.close(language),
        ),
    )
    return on_card(
        card,
        Change(
            keep=(person, *seats.held(everybody)),
            trail=(deed(here, what, person.key),),
        ),
        Lay(None),
    )


def _vacant(here: Here) -> int:
    return seats.vacant(here.office, here.panel or Panel())


def _card(here: Here, task: Task, notice: Paragraph = ()) -> Card:
    """The question of the task's step. It repeats nothing of what was told."""
    language = task.language
    question: list[Paragraph] = [(Line(QUESTIONS[task.step], strong=True),)]
    if notice:
        question.insert(0, notice)
    if task.step == STANDING and not _vacant(here):
        question.append((Line(Say("adding.full", {"seats": here.office.seats})),))
    drop = (Button(Say("adding.drop"), panel(language, Page.DROP)),)
    return Card(language, tuple(question), (*_choices(here, task), drop))


def _choices(here: Here, task: Task) -> list[pages.Row]:
    language = task.language
    if task.step == LANGUAGE:
        return [_choice(language, LANGUAGE, SPOKEN[to], to) for to in LANGUAGES]
    if task.step != STANDING:
        return []
    reserve = _choice(language, STANDING, Say("adding.as_reserve"), Standing.RESERVE)
    if not _vacant(here):
        return [reserve]
    return [_choice(language, STANDING, Say("adding.as_member"), Standing.MEMBER), reserve]


def _choice(language: str, step: str, label: Say, choice: str) -> pages.Row:
    return (Button(label, panel(language, Page.TASK, step, choice)),)


PAGES: Final[Mapping[Page, Press]] = {Page.ADD: _begin}
TASKS: Final[Mapping[str, Steps]] = {KIND: Steps(_told, _tapped, _card)}
