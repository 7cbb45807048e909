"""Ending a membership with a reason, and erasing a person whole: each asked twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from dialogs.announcement import Announcement, Audience, Circle, Priority
from dialogs.languages import LANGUAGES
from dialogs.outcome import Change
from dialogs.panel import pages, seats, sheet
from dialogs.panel.buttons import Page, panel, short
from dialogs.panel.cards import on_card
from dialogs.panel.hours import after_quiet, quiet_hours
from dialogs.panel.records import Panel, Reason, Standing
from dialogs.panel.trail import What, deed
from dialogs.screens import Button, Card, Line, On, Own, Say, Told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.outcome import Here, Outcome
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.cards import Press
    from dialogs.panel.records import Member

REASONS: Final = (Reason.MOVED, Reason.STAFF, Reason.DIED, Reason.OTHER)
"""Those a coordinator gives, as the buttons have them."""

TOLD_WITHIN: Final = timedelta(days=14)
"""That a membership has ended is of no use to hear after this."""


def _end(here: Here, press: PanelPress, message: int) -> Outcome:
    """Asks the reason; and, with one, whether it is meant and what follows from it."""
    person = sheet.found(here, press)
    language = press.language
    if person is None:
        return sheet.missing(language)
    if person.standing is Standing.ENDED:
        return sheet.on_sheet(here, language, person)
    back = pages.back(language, Page.PERSON, person.key)
    name = Line(Own(person.name), strong=True)
    if press.more not in REASONS:
        rows = [
            (Button(sheet.WHY[reason], panel(language, Page.END, person.key, reason)),)
            for reason in REASONS
        ]
        return on_card(
            Card(language, ((name, Line(Say("ending.why"))),), (*rows, back), private=True)
        )
    reason = Reason(press.more)
    hears = Say("ending.hears") if _hears(person, reason) else Say("ending.hears_not")
    surely = panel(language, Page.END_SURELY, person.key, reason)
    return on_card(
        Card(
            language,
            ((name, Line(Say("ending.reason", {"why": sheet.WHY[reason]}))), (Line(hears),)),
            ((Button(Say("ending.surely"), surely),), back),
            private=True,
        )
    )


def _end_surely(here: Here, press: PanelPress, message: int) -> Outcome:
    person = sheet.found(here, press)
    language = press.language
    if person is None:
        return sheet.missing(language)
    if person.standing is Standing.ENDED or press.more not in REASONS:
        return sheet.on_sheet(here, language, person)
    reason = Reason(press.more)
    ended = replace(
        person,
        standing=Standing.ENDED,
        reason=reason,
        ended_on=here.today,
        offered_until=None,
    )
    change = Change(
        keep=(ended,),
        withdraw=(seats.offers_to(person),),
        plan=(told(here, person),) if _hears(person, reason) else (),
        trail=(deed(here, What.MEMBER_ENDED, person.key),),
    )
    waiting = len(seats.reserves(here.panel or Panel()))
    if person.standing is Standing.RESERVE or not waiting:
        return sheet.on_sheet(here, language, ended, change, said=Say("ending.done"))
    card = Card(
        language,
        ((Line(Say("ending.done"), strong=True),), (Line(Say("ending.next", count=waiting)),)),
        (
            (Button(Say("register.offer"), panel(language, Page.OFFER)),),
            pages.back(language, Page.REGISTER),
            pages.close(language),
        ),
    )
    return on_card(card, change)


def told(here: Here, person: Member) -> Announcement:
    """A message to whoever's membership or place on the reserve list ends now: nothing of why."""
    due = after_quiet(here.now, quiet_hours(here.office))
    erased = here.today + timedelta(days=here.office.member_days)
    said = Say("ended.reserve") if person.standing is Standing.RESERVE else Say("ended.member")
    return Announcement(
        occasion=f"{endings_of(person)}{person.revision}",
        audience=Audience(Circle.PERSON, person.key.hex()),
        cards={
            language: Card(
                language,
                (
                    (Line(said),),
                    (Line(Say("ended.kept", {"day": On(erased)})),),
                    (Line(Told(here.office.ask)),),
                ),
                ((Button(Say("ended.mine"), panel(language, Page.MEMBERSHIP)),),),
            )
            for language in LANGUAGES
        },
        due=due,
        expires=due + TOLD_WITHIN,
        priority=Priority.REMINDER,
    )


def endings_of(person: Member) -> str:
    """How the occasions begin that tell the person of an end: for withdrawing."""
    return f"ended:{short(person.key)}:"


def _hears(person: Member, reason: Reason) -> bool:
    return sheet.reached(person) and reason is not Reason.DIED


def _erase(here: Here, press: PanelPress, message: int) -> Outcome:
    person = sheet.found(here, press)
    language = press.language
    if person is None:
        return sheet.missing(language)
    return on_card(
        Card(
            language,
            (
                (Line(Own(person.name), strong=True), Line(Say("erasing.ask"))),
                (Line(Say("erasing.for_good")),),
            ),
            (
                (Button(Say("register.erase"), panel(language, Page.ERASE_SURELY, person.key)),),
                pages.back(language, Page.PERSON, person.key),
            ),
            private=True,
        )
    )


def _erase_surely(here: Here, press: PanelPress, message: int) -> Outcome:
    person = sheet.found(here, press)
    language = press.language
    if person is None:
        return sheet.missing(language)
    links = [one for one in (here.panel or Panel()).invitations if one.member == person.key]
    change = Change(
        erase=(person, *links),
        trail=(deed(here, What.MEMBER_ERASED, person.key),),
    )
    card = Card(
        language,
        ((Line(Say("erasing.done")),),),
        (pages.back(language, Page.REGISTER), pages.close(language)),
    )
    return on_card(card, change)


PAGES: Final[Mapping[Page, Press]] = {
    Page.END: _end,
    Page.END_SURELY: _end_surely,
    Page.ERASE: _erase,
    Page.ERASE_SURELY: _erase_surely,
}
