"""Terms: when a membership begins and ends, and what time brings without anybody asking.

Doing again what time has brought changes nothing: what is overdue is overdue once.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Final

from dialogs.announcement import Announcement, Audience, Circle, Priority
from dialogs.languages import LANGUAGES
from dialogs.outcome import Change
from dialogs.panel.buttons import Page, panel, short
from dialogs.panel.hours import after_quiet, quiet_hours
from dialogs.panel.records import Reason, Standing
from dialogs.screens import Button, Card, Line, On, Say, Told

if TYPE_CHECKING:
    from datetime import date, datetime

    from dialogs.office import Office
    from dialogs.panel.records import Invitation, Meeting, Member, Panel

LINKS_KEPT: Final = timedelta(days=30)
"""So long a link that has run out can still be read of."""

THANKED_WITHIN: Final = timedelta(days=14)
"""Thanks for a term are of no use after this."""


def term(office: Office, today: date, everybody: Panel) -> tuple[date, date]:
    """The first and the last day of whoever joins today: the term that runs, or a new one where
    nobody is seated."""
    running = [one.last_day for one in everybody.seated if one.last_day >= today]
    if running:
        return today, max(running)
    return today, _years_later(today, office.term_years) - timedelta(days=1)


def overdue(everybody: Panel, office: Office, now: datetime) -> Change | None:
    """What time has brought by `now` (Helsinki wall clock); None where nothing."""
    today = now.date()
    keep = timedelta(days=office.member_days)
    over = [one for one in everybody.members if _end(one) < today]
    erased = tuple(one for one in over if _end(one) + keep <= today)
    ending = [one for one in over if one.standing is not Standing.ENDED and one not in erased]
    ended = tuple(
        replace(one, standing=Standing.ENDED, reason=Reason.TERM, ended_on=one.last_day)
        for one in ending
    )
    links = tuple(one for one in everybody.invitations if _old_link(one, now))
    meetings = tuple(one for one in everybody.meetings if _old_meeting(one, now, keep))
    if not (ended or erased or links or meetings):
        return None
    return Change(
        keep=ended,
        erase=(*erased, *links, *meetings),
        plan=tuple(_thanks(office, one, now) for one in ending),
    )


def _end(person: Member) -> date:
    """The last day, as it was or as it will be."""
    return person.ended_on or person.last_day


def _old_link(one: Invitation, now: datetime) -> bool:
    return one.expires.astimezone(UTC) + LINKS_KEPT <= now.astimezone(UTC)


def _old_meeting(one: Meeting, now: datetime, keep: timedelta) -> bool:
    return one.end.date() + keep <= now.date()


def _thanks(office: Office, person: Member, now: datetime) -> Announcement:
    """At the end of the term: thanks, and when everything is erased."""
    due = after_quiet(now, quiet_hours(office))
    erased = On(person.last_day + timedelta(days=office.member_days))
    said = Say("term.over_reserve") if person.standing is Standing.RESERVE else Say("term.over")
    return Announcement(
        occasion=f"term:{short(person.key)}:{person.last_day}",
        audience=Audience(Circle.PERSON, person.key.hex()),
        cards={
            language: Card(
                language,
                (
                    (Line(said, strong=True),),
                    (Line(Say("term.thanks")),),
                    (Line(Say("ended.kept", {"day": erased})), Line(Told(office.ask))),
                ),
                ((Button(Say("ended.mine"), panel(language, Page.MEMBERSHIP)),),),
            )
            for language in LANGUAGES
        },
        due=due,
        expires=due + THANKED_WITHIN,
        priority=Priority.REMINDER,
    )


def _years_later(day: date, years: int) -> date:
    """The same day so many years later; from 29 February, 1 March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, month=3, day=1)
