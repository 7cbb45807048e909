"""Correcting what is kept of a person: the name, the contact, the language.

What is typed does not stay in the chat: it is deleted as soon as it was read.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dialogs.events import Typed
from dialogs.forms.inputs import Refusal
from dialogs.languages import LANGUAGES
from dialogs.outcome import Change, Lay, Outcome
from dialogs.panel import pages, persons, sheet
from dialogs.panel.buttons import Page, panel
from dialogs.panel.cards import Steps, asked, on_card
from dialogs.panel.records import Member, Panel, Task
from dialogs.panel.trail import What, deed
from dialogs.screens import Button, Card, Line, Own, Say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.events import Edited, Sent
    from dialogs.outcome import Here
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.cards import Press
    from dialogs.screens import Paragraph

KIND: Final = "correcting"

NAME, CONTACT = "name", "contact"

QUESTIONS: Final = {NAME: Say("correcting.name"), CONTACT: Say("correcting.contact")}


def _correct(here: Here, press: PanelPress, message: int) -> Outcome:
    """What is to be corrected; a language is chosen at once."""
    person = sheet.found(here, press)
    language = press.language
    if person is None:
        return sheet.missing(language)
    if press.more in LANGUAGES:
        spoken = replace(person, language=press.more)
        return sheet.on_sheet(here, language, spoken, _corrected(here, spoken))
    if press.more in QUESTIONS:
        task = Task(KIND, press.more, language, {"person": person.key.hex()})
        return asked(_card(here, task), task, message)
    rows = [
        (Button(said, panel(language, Page.CORRECT, person.key, more)),)
        for more, said in (
            (NAME, Say("correcting.the_name")),
            (CONTACT, Say("correcting.the_contact")),
            *sheet.SPOKEN.items(),
        )
    ]
    card = Card(
        language,
        ((Line(Own(person.name), strong=True),), (Line(Say("correcting.what")),)),
        (*rows, pages.back(language, Page.PERSON, person.key)),
        private=True,
    )
    return on_card(card)


def _told(here: Here, task: Task, event: Typed | Edited | Sent) -> Outcome:
    given: str | Refusal = Refusal(Say("expected.nothing"))
    if isinstance(event, Typed):
        given = persons.name(event.text) if task.step == NAME else persons.contact(event.text)
    if isinstance(given, Refusal):
        outcome = asked(_card(here, task, (Line(given.expected),)), task)
    else:
        outcome = _kept(here, task, given)
    return replace(outcome, remove=(event.message,))


def _kept(here: Here, task: Task, given: str) -> Outcome:
    language = task.language
    close = () if task.card is None else (task.card,)
    person = (here.panel or Panel()).member(bytes.fromhex(task.given["person"]))
    if person is None:
        (card,) = sheet.missing(language).cards
        return Outcome((card,), (Lay(None),), close=close)
    named = replace(person, name=given)
    corrected = named if task.step == NAME else replace(person, contact=given)
    card = Card(
        language,
        ((Line(Say("correcting.done")),),),
        (
            (Button(Say("adding.show"), panel(language, Page.PERSON, person.key)),),
            pages.close(language),
        ),
    )
    return Outcome((card,), (_corrected(here, corrected), Lay(None)), close=close)


def _corrected(here: Here, person: Member) -> Change:
    return Change(keep=(person,), trail=(deed(here, What.MEMBER_CORRECTED, person.key),))


def _tapped(here: Here, task: Task, press: PanelPress, message: int) -> Outcome:
    """Nothing is tapped in it: only a button of another task can say so."""
    return asked(_card(here, task), task, message)


def _card(here: Here, task: Task, notice: Paragraph = ()) -> Card:
    question: tuple[Paragraph, ...] = ((Line(QUESTIONS[task.step], strong=True),),)
    drop = (Button(Say("adding.drop"), panel(task.language, Page.DROP)),)
    return Card(task.language, (notice, *question) if notice else question, (drop,))


PAGES: Final[Mapping[Page, Press]] = {Page.CORRECT: _correct}
TASKS: Final[Mapping[str, Steps]] = {KIND: Steps(_told, _tapped, _card)}
