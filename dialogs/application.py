"""Applying to the panel: identified, by choice, and never tied to anybody's answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogs import answering, cards
from dialogs.buttons import Page, menu
from dialogs.forms.draft import Draft
from dialogs.forms.walk import path
from dialogs.outcome import Apply, Erase, Here, Outcome, Withdraw
from dialogs.screens import Button, Card, Joined, Line, On, Own, Paragraph, Place, Say, Told

if TYPE_CHECKING:
    from dialogs.answering import Complete, TurnedAway
    from dialogs.forms.model import Answers
    from dialogs.life import Running


def intro(here: Here, call: Running, language: str) -> Card:
    """What membership means, who cannot be chosen, when the chosen hear, and the other way."""
    office = here.office
    evenings = Joined(tuple(On(day) for day in office.meetings))
    term: list[Line] = [
        Line(Say("application.seats", {"seats": office.seats}, count=office.term_years)),
        Line(Say("application.evenings", {"days": evenings, "hours": Told(office.meeting_hours)})),
        Line(Say("application.no_fee")),
    ]
    paragraphs: tuple[Paragraph, ...] = (
        (Line(Told(call.form.title), strong=True), *until(call)),
        (Line(Told(call.form.intro)),),
        tuple(term),
        (Line(Say("application.not_chosen", {"age": office.lowest_age})),),
        (Line(Say("application.hear", {"day": On(office.chosen_by)})),),
        (Line(Say("application.kept", count=office.application_days)),),
        (Line(Told(office.apply_otherwise)),),
    )
    return Card(
        language,
        paragraphs,
        (
            (Button(Say("button.begin_application"), menu(language, Page.BEGIN, call.name)),),
            (Button(Say("button.begin_separate"), menu(language, Page.BEGIN_SEPARATE, call.name)),),
        ),
    )


def complete(here: Here, call: Running, done: Complete) -> Outcome:
    """The application is kept; the receipt repeats the day they will hear."""
    draft = done.draft
    said = Say("receipt.changed") if draft.amending else Say("receipt.title")
    card = Card(
        draft.language,
        (
            (Line(said, strong=True),),
            (Line(Say("receipt.hear", {"day": On(here.office.chosen_by)})),),
            (Line(Say("receipt.mine")), Line(Told(here.office.ask))),
        ),
        (
            (Button(Say("button.mine"), menu(draft.language, Page.MINE, call.name)),),
            (Button(Say("button.home"), menu(draft.language, Page.HOME)),),
        ),
        Place.NEW if draft.separate else Place.EDIT,
    )
    return Outcome((card,), (Apply(call.name, draft.language, draft.answers),))


def turned_away(here: Here, call: Running, away: TurnedAway) -> Outcome:
    """A gate was not passed: said kindly, and the unfinished application is gone."""
    draft = away.draft
    edit = away.message is not None and not draft.separate
    card = Card(
        draft.language,
        (
            (Line(Told(away.row.end_text)),),
            (Line(Say("application.ended")),),
        ),
        (
            (Button(Say("button.begin_again"), menu(draft.language, Page.INTRO, call.name)),),
            (Button(Say("button.home"), menu(draft.language, Page.HOME)),),
        ),
        Place.EDIT if edit else Place.NEW,
    )
    left = () if edit or draft.separate or draft.card is None else (draft.card,)
    return Outcome((card,), (Erase(call.name),), close=left)


def mine(here: Here, call: Running, answers: Answers, language: str) -> Card:
    """What is kept of one's own application, and what can be done with it."""
    met = [row for row in path(call.form, answers, here.today) if row.asks]
    paragraphs: list[Paragraph] = [
        (Line(Say("mine.title"), strong=True), Line(Say("mine.explained")))
    ]
    for row in met:
        answer = cards.shown(row, answers.get(row.name))
        paragraphs.append(
            (
                Line(Told(cards.clipped_text(row.label)), strong=True),
                Line(Own(cards.clipped(answer.text)) if isinstance(answer, Own) else answer),
            )
        )
    rows = [
        (Button(Say("button.withdraw"), menu(language, Page.WITHDRAW, call.name)),),
        (Button(Say("button.someone_else"), menu(language, Page.SOMEONE_ELSE, call.name)),),
        (Button(Say("button.home"), menu(language, Page.HOME)),),
    ]
    if call.takes_begun:
        rows.insert(0, (Button(Say("button.amend"), menu(language, Page.AMEND, call.name)),))
        paragraphs.append((Line(Say("mine.hear", {"day": On(here.office.chosen_by)})),))
    return Card(language, tuple(paragraphs), tuple(rows))


def amend(here: Here, call: Running, answers: Answers, language: str, message: int) -> Outcome:
    """Opens the kept application as a draft at its review; the kept one stands until it is sent."""
    draft = Draft(
        form=call.name,
        version=call.form.version,
        language=language,
        revision=here.chance,
        answers=answers,
        amending=True,
    )
    return answering.shown(here, call.form, draft, message)


def withdraw(call: Running, language: str) -> Card:
    return Card(
        language,
        ((Line(Say("withdraw.ask")),),),
        (
            (Button(Say("button.keep_application"), menu(language, Page.MINE, call.name)),),
            (Button(Say("button.withdraw"), menu(language, Page.WITHDRAW_SURELY, call.name)),),
        ),
    )


def withdrawn(here: Here, call: Running, language: str) -> Outcome:
    """The application and any unfinished change to it are erased."""
    card = Card(
        language,
        ((Line(Say("withdraw.done")),),),
        ((Button(Say("button.home"), menu(language, Page.HOME)),),),
        Place.EDIT,
    )
    unfinished = (Erase(call.name),) if call.name in here.drafts else ()
    return Outcome((card,), (*unfinished, Withdraw(call.name)))


def someone_else(here: Here, call: Running, language: str) -> Card:
    """One application a phone: the second person is shown the other way."""
    return Card(
        language,
        ((Line(Say("someone_else.explained")),), (Line(Told(here.office.apply_otherwise)),)),
        (
            (Button(Say("button.mine"), menu(language, Page.MINE, call.name)),),
            (Button(Say("button.home"), menu(language, Page.HOME)),),
        ),
    )


def until(call: Running) -> tuple[Line, ...]:
    """Until which day the call is open; nothing where no day is set."""
    if call.closes is None:
        return ()
    return (Line(Say("application.open_until", {"day": On(call.closes)})),)
