"""A form's file, sent to the bot: read and checked, and every mistake told in words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from dialogs.events import Edited, Sent
from dialogs.forms import loader
from dialogs.forms.complaints import told
from dialogs.panel.buttons import Page, panel
from dialogs.panel.cards import asked
from dialogs.screens import Button, Card, Line, Place, Say

if TYPE_CHECKING:
    from dialogs.events import Typed
    from dialogs.forms.complaints import Complaint
    from dialogs.forms.model import Form
    from dialogs.outcome import Here, Outcome
    from dialogs.panel.records import Task
    from dialogs.screens import Paragraph

FILE: Final = "file"
"""The step at which a form's file is waited for: `here.brought` has its text."""


@dataclass(frozen=True, slots=True)
class Filed:
    """A form without mistakes, and the text of its file."""

    form: Form
    source: str


def taken(here: Here, event: Typed | Edited | Sent) -> Filed | tuple[Paragraph, ...]:
    """The form in the file that was sent; or what to do instead."""
    if not isinstance(event, Sent) or not event.file:
        said = Say("filing.edited") if isinstance(event, Edited) else Say("filing.send_a_file")
        return ((Line(said),),)
    if here.brought is None:
        return ((Line(Say("filing.unreadable")),),)
    form, complaints = read(here, here.brought)
    if form is None:
        return mistakes(complaints)
    return Filed(form, here.brought)


def read(here: Here, source: str) -> tuple[Form | None, tuple[Complaint, ...]]:
    """The form that a file describes with the office's lists of today, and what is wrong in it."""
    return loader.read(source, here.office.lists())


def mistakes(complaints: tuple[Complaint, ...]) -> tuple[Paragraph, ...]:
    """Each with its line in the file; and that nothing was made of it."""
    return (
        (Line(Say("filing.mistakes"), strong=True), Line(Say("filing.nothing_made"))),
        *told(complaints),
    )


def ask(task: Task, question: Say, said: tuple[Paragraph, ...] = ()) -> Card:
    """Asks for the file; below what was wrong with the one before."""
    return Card(
        task.language,
        (*said, (Line(question, strong=True), Line(Say("filing.how")))),
        ((drop(task),),),
    )


def again(task: Task, question: Say, said: tuple[Paragraph, ...]) -> Outcome:
    """The file did not do; the next is waited for."""
    return asked(ask(task, question, said), task)


def below(task: Task, outcome: Outcome) -> Outcome:
    """The same on a new card, below what was sent; the card before loses its buttons."""
    cards = tuple(replace(card, place=Place.NEW) for card in outcome.cards)
    return replace(outcome, cards=cards, close=() if task.card is None else (task.card,))


def drop(task: Task) -> Button:
    return Button(Say("call.drop"), panel(task.language, Page.DROP))
