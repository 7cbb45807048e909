"""Applying to the panel: identified, by choice, and never tied to anybody's answers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dialogs import answering, cards
from dialogs.buttons import Deed, Page, menu
from dialogs.forms.draft import Draft
from dialogs.forms.model import Type
from dialogs.forms.walk import path
from dialogs.outcome import Apply, Erase, Here, Outcome, Withdraw
from dialogs.screens import Button, Card, Line, On, Paragraph, Place, Say, Series, Told

if TYPE_CHECKING:
    from dialogs.answering import Complete, TurnedAway
    from dialogs.buttons import Press
    from dialogs.forms.answers import Answers
    from dialogs.life import Running

SHOWN_WHOLE: Final = 1200
"""My application shows texts whole where all of them together are at most so many UTF-16 units,
which leaves room for the rest of the message; longer ones are clipped."""


def intro(here: Here, call: Running, language: str) -> Card:
    """What membership means, who cannot be chosen, when the chosen hear, and the other way."""
    office = here.office
    evenings = Series(tuple(On(day) for day in office.meetings))
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
    edit = not draft.separate and draft.card in (None, done.message)
    said = Say("receipt.changed") if draft.amending else Say("receipt.title")
    card = replace(
        _receipt(here, call, draft.language, said), place=Place.EDIT if edit else Place.NEW
    )
    return Outcome((card,), (Apply(call.name, draft.language, draft.answers),))


def arrived(here: Here, call: Running, press: Press) -> Outcome:
    """An old button of an application that was sent: Send tapped twice sends once, and the receipt
    stands; from further up the receipt comes below."""
    twice = press.deed is Deed.SEND
    card = _receipt(here, call, press.language, Say("receipt.title"))
    return Outcome(
        (replace(card, place=Place.EDIT if twice else Place.NEW),),
        toast=None if twice else Say("toast.old_button"),
    )


def _receipt(here: Here, call: Running, language: str, said: Say) -> Card:
    paragraphs: list[Paragraph] = [(Line(said, strong=True),)]
    if here.today <= here.office.chosen_by:
        paragraphs.append((Line(Say("receipt.hear", {"day": On(here.office.chosen_by)})),))
    paragraphs.append((Line(Say("receipt.mine")), Line(Told(here.office.ask))))
    return Card(language, tuple(paragraphs), (_mine(call, language), _home(language)))


def turned_away(here: Here, call: Running, away: TurnedAway) -> Outcome:
    """A gate was not passed: said kindly, and what was unfinished is gone. An application sent
    before stands; it is the applicant who withdraws it."""
    draft = away.draft
    language = draft.language
    edit = away.message is not None and not draft.separate
    again = (Button(Say("button.begin_again"), menu(language, Page.INTRO, call.name)),)
    said = Say("amending.dropped") if draft.amending else Say("application.ended")
    card = Card(
        language,
        ((Line(Told(away.row.end_text)),), (Line(said),)),
        (_mine(call, language) if draft.amending else again, _home(language)),
        Place.EDIT if edit else Place.NEW,
    )
    left = () if edit or draft.separate or draft.card is None else (draft.card,)
    return Outcome((card,), (Erase(call.name),), close=left)


def mine(here: Here, call: Running, answers: Answers, language: str) -> Card:
    """What is kept of one's own application, and what can be done with it."""
    met = [row for row in path(call.form, answers, here.today) if row.asks]
    whole = sum(row.limit for row in met if row.type is Type.TEXT) <= SHOWN_WHOLE
    paragraphs: list[Paragraph] = [
        (Line(Say("mine.title"), strong=True), Line(Say("mine.explained")))
    ]
    for row in met:
        answer = cards.shown(row, answers.get(row.name))
        own = whole and row.type is Type.TEXT
        paragraphs.append(
            (
                Line(cards.brief(Told(row.label)), strong=True),
                Line(answer if own else cards.brief(answer)),
            )
        )
    rows = [
        (Button(Say("button.withdraw"), menu(language, Page.WITHDRAW, call.name)),),
        _home(language),
    ]
    if call.takes_new:
        else_ = Button(Say("button.someone_else"), menu(language, Page.SOMEONE_ELSE, call.name))
        rows.insert(1, (else_,))
    begun = call.name in here.drafts
    if begun or call.takes_new:
        rows.insert(0, (Button(Say("button.amend"), menu(language, Page.AMEND, call.name)),))
    if begun:
        until_four = () if call.takes_new else (Line(Say("start.until_four")),)
        after = [Line(Say("amending.stands")), *until_four]
    else:
        after = [Line(Say("mine.until_closed") if call.takes_new else Say("mine.closed"))]
    if here.today <= here.office.chosen_by:
        after.append(Line(Say("receipt.hear", {"day": On(here.office.chosen_by)})))
    return Card(language, (*paragraphs, tuple(after)), tuple(rows))


def gone(language: str) -> Card:
    """My application, from an old card: there is none."""
    return Card(language, ((Line(Say("mine.gone")),),), (_home(language),))


def amend(here: Here, call: Running, answers: Answers, language: str, message: int) -> Outcome:
    """Opens the kept application as a draft at its review, or goes on with such a draft; the kept
    one stands until the changed one is sent."""
    begun = here.drafts.get(call.name)
    if begun is not None:
        going_on = replace(begun, language=language)
        return answering.shown(here, call.form, going_on, message)
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
    """The application and any unfinished change to it are erased; a second tap says so again."""
    card = Card(language, ((Line(Say("withdraw.done")),),), (_home(language),), Place.EDIT)
    unfinished = (Erase(call.name),) if call.name in here.drafts else ()
    return Outcome((card,), (*unfinished, Withdraw(call.name)))


def someone_else(here: Here, call: Running, language: str) -> Card:
    """One application a phone: whoever would begin a second one is shown the other way."""
    if call.takes_new:
        said: tuple[Paragraph, ...] = (
            (Line(Say("someone_else.explained")),),
            (Line(Told(here.office.apply_otherwise)),),
        )
    else:
        said = ((Line(Say("someone_else.closed")),),)
    return Card(
        language,
        ((Line(Told(call.form.title), strong=True),), *said),
        (_mine(call, language), _home(language)),
    )


def until(call: Running) -> tuple[Line, ...]:
    """Until which day the call is open; nothing where no day is set."""
    if call.closes is None:
        return ()
    return (Line(Say("application.open_until", {"day": On(call.closes)})),)


def _mine(call: Running, language: str) -> tuple[Button, ...]:
    return (Button(Say("button.mine"), menu(language, Page.MINE, call.name)),)


def _home(language: str) -> tuple[Button, ...]:
    return (Button(Say("button.home"), menu(language, Page.HOME)),)
