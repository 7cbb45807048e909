"""A vacant seat goes to somebody on the reserve list: offered in Telegram, or agreed otherwise.

Also the way back for somebody whose membership was ended by mistake.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from dialogs.announcement import Announcement, Audience, Circle, Priority
from dialogs.languages import LANGUAGES
from dialogs.outcome import Change
from dialogs.panel import ending, membership, pages, seats, sheet
from dialogs.panel.buttons import Page, panel, short
from dialogs.panel.cards import on_card
from dialogs.panel.hours import after_quiet, quiet_hours
from dialogs.panel.records import Panel, Standing
from dialogs.panel.trail import What, deed
from dialogs.screens import Button, Card, Line, On, Own, Say, Told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.outcome import Here, Outcome
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.cards import Press
    from dialogs.panel.records import Member

TOLD_WITHIN: Final = timedelta(days=14)


def _offer(here: Here, press: PanelPress, message: int) -> Outcome:
    """Whom to offer the seat to; with somebody chosen, the offer itself."""
    language = press.language
    everybody = here.panel or Panel()
    if not press.about:
        return _choose(here, language, everybody)
    person = sheet.found(here, press)
    if person is None:
        return sheet.missing(language)
    if person.standing is not Standing.RESERVE or seats.open_until(person, here.today):
        return sheet.on_sheet(here, language, person)
    if not seats.vacant(here.office, everybody):
        return _full(here, language)
    seat = (Button(Say("offering.agreed"), panel(language, Page.SEAT, person.key)),)
    below = (pages.back(language, Page.PERSON, person.key), pages.close(language))
    name = Line(Own(person.name), strong=True)
    if sheet.reached(person):
        last = seats.last_day(here)
        said = Line(Say("offering.offered", {"day": On(last)}))
        offered = Change(
            keep=(replace(person, offered_until=last),),
            plan=(seats.offer(here, person),),
            trail=(deed(here, What.SEAT_OFFERED, person.key),),
        )
        return on_card(Card(language, ((name, said),), (seat, *below), private=True), offered)
    contact = Line(Say("register.contact", {"contact": Own(person.contact)}))
    paragraphs = ((name, contact), (Line(Say("offering.call")),))
    return on_card(Card(language, paragraphs, (seat, *below), private=True))


def _choose(here: Here, language: str, everybody: Panel) -> Outcome:
    waiting = seats.reserves(everybody)
    if not seats.vacant(here.office, everybody):
        return _full(here, language)
    rows = [
        (Button(Own(one.name), panel(language, Page.OFFER, one.key), number=number),)
        for number, one in enumerate(waiting[:PAGE], start=1)
    ]
    said = Say("offering.whom") if waiting else Say("offering.nobody")
    return on_card(
        Card(
            language,
            ((Line(said),),),
            (*rows, pages.back(language, Page.REGISTER), pages.close(language)),
            private=bool(waiting),
        )
    )


PAGE: Final = 20
"""So many of the reserve list, the first to come, are offered to choose from."""


def _full(here: Here, language: str) -> Outcome:
    return on_card(
        Card(
            language,
            ((Line(Say("adding.full", {"seats": here.office.seats})),),),
            (pages.back(language, Page.REGISTER), pages.close(language)),
        )
    )


def _seat(here: Here, press: PanelPress, message: int) -> Outcome:
    """The person has a seat from now on, and hears so."""
    language = press.language
    everybody = here.panel or Panel()
    person = sheet.found(here, press)
    if person is None:
        return sheet.missing(language)
    if person.standing is Standing.MEMBER:
        return sheet.on_sheet(here, language, person)
    if not seats.vacant(here.office, everybody):
        return _full(here, language)
    seated = seats.seated(here.office, here.today, everybody, person)
    change = Change(
        keep=(seated, *seats.held(everybody)),
        ask_anew=membership.asked_anew(here, everybody, seated),
        withdraw=(seats.offers_to(person), ending.endings_of(person)),
        plan=(_welcome(here, seated), *membership.invited(here, everybody, seated)),
        trail=(deed(here, What.SEAT_GIVEN, person.key),),
    )
    return sheet.on_sheet(here, language, seated, change, said=Say("offering.seated"))


def _welcome(here: Here, seated: Member) -> Announcement:
    due = after_quiet(here.now, quiet_hours(here.office))
    return Announcement(
        occasion=f"seated:{short(seated.key)}:{seated.revision}",
        audience=Audience(Circle.PERSON, seated.key.hex()),
        cards={
            language: Card(
                language,
                (
                    (Line(Say("seat.given"), strong=True),),
                    (Line(Say("seat.until", {"day": On(seated.last_day)})),),
                    (Line(Told(here.office.ask)),),
                ),
                ((Button(Say("seat.my_card"), panel(language, Page.MEMBER)),),),
            )
            for language in LANGUAGES
        },
        due=due,
        expires=due + TOLD_WITHIN,
        priority=Priority.REMINDER,
    )


PAGES: Final[Mapping[Page, Press]] = {Page.OFFER: _offer, Page.SEAT: _seat}
