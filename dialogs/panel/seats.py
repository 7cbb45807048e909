"""Seats: how many are vacant, who gets one, and how one is offered to the reserve list."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from dialogs.announcement import Announcement, Audience, Circle, Priority
from dialogs.languages import LANGUAGES
from dialogs.panel import terms
from dialogs.panel.buttons import Page, panel, short
from dialogs.panel.hours import after_quiet, quiet_hours
from dialogs.panel.records import Member, Panel, Standing
from dialogs.screens import Button, Card, Line, On, Say, Told

if TYPE_CHECKING:
    from datetime import date

    from dialogs.office import Office
    from dialogs.outcome import Here

OFFER_DAYS: Final = 7
"""How many days a reserve has to answer, the day of the offer not counted."""


def vacant(office: Office, panel: Panel) -> int:
    return max(0, office.seats - len(panel.seated))


def seated(office: Office, today: date, panel: Panel, person: Member) -> Member:
    """The person as a member, from today to the end of the term that runs. Whose membership was
    ended within its days goes on with them."""
    first, last = terms.term(office, today, panel)
    if person.standing is Standing.ENDED and person.last_day >= today:
        first, last = person.first_day, person.last_day
    return replace(
        person,
        standing=Standing.MEMBER,
        first_day=first,
        last_day=last,
        reason=None,
        ended_on=None,
        offered_until=None,
    )


def reserves(panel: Panel) -> tuple[Member, ...]:
    """The reserve list, in the order they came."""
    listed = [one for one in panel.members if one.standing is Standing.RESERVE]
    return tuple(sorted(listed, key=lambda one: one.first_day))


def held(panel: Panel) -> tuple[Member, ...]:
    """A record to keep, as it is, with whoever sits down: two who take the last seat at one moment
    both hold it, so that one of them is refused and finds the panel full."""
    return (min(panel.seated, key=lambda one: one.key),) if panel.seated else ()


def offer(here: Here, reserve: Member) -> Announcement:
    """Asks somebody on the reserve list whether they take a seat."""
    last = last_day(here)
    _, term_ends = terms.term(here.office, here.today, here.panel or Panel())
    due = after_quiet(here.now, quiet_hours(here.office))
    return Announcement(
        occasion=f"{offers_to(reserve)}{here.today:%Y%m%d}:{here.fresh[:4].hex()}",
        audience=Audience(Circle.PERSON, reserve.key.hex()),
        cards={
            language: Card(
                language,
                (
                    (Line(Say("seat.offer"), strong=True),),
                    (Line(Say("seat.means", {"day": On(term_ends)})),),
                    (Line(Say("seat.answer_by", {"day": On(last)})),),
                    (Line(Told(here.office.ask)),),
                ),
                (
                    (Button(Say("seat.take"), panel(language, Page.TAKE_SEAT, reserve.key)),),
                    (Button(Say("seat.decline"), panel(language, Page.DECLINE_SEAT, reserve.key)),),
                ),
            )
            for language in LANGUAGES
        },
        due=due,
        expires=datetime.combine(last, time.max, here.now.tzinfo),
        priority=Priority.REMINDER,
    )


def last_day(here: Here) -> date:
    """Until when a seat that is offered today may be taken."""
    return here.today + timedelta(days=OFFER_DAYS)


def open_until(person: Member, today: date) -> date | None:
    """The last day to answer the offer that the person has; None where they have none."""
    last = person.offered_until
    if person.standing is not Standing.RESERVE or last is None or last < today:
        return None
    return last


def offers_to(reserve: Member) -> str:
    """How the occasions of all offers to this person begin: for withdrawing."""
    return f"seat:{short(reserve.key)}:"
