"""A person's sheet in the register: what is kept of them, and what can be done about it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from dialogs.languages import ENGLISH, FINNISH, SWEDISH
from dialogs.outcome import Change
from dialogs.panel import pages, seats
from dialogs.panel.buttons import Page, panel
from dialogs.panel.cards import on_card
from dialogs.panel.records import Panel, Reason, Standing
from dialogs.panel.trail import What, seen
from dialogs.screens import Button, Card, Line, On, Own, Say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.outcome import Effect, Here, Outcome
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.records import Member
    from dialogs.screens import Paragraph

WHY: Final[Mapping[Reason, Say]] = {
    Reason.LEFT: Say("reason.left"),
    Reason.MOVED: Say("reason.moved"),
    Reason.STAFF: Say("reason.staff"),
    Reason.DIED: Say("reason.died"),
    Reason.TERM: Say("reason.term"),
    Reason.OTHER: Say("reason.other"),
}

SPOKEN: Final[Mapping[str, Say]] = {
    FINNISH: Say("register.in_finnish"),
    SWEDISH: Say("register.in_swedish"),
    ENGLISH: Say("register.in_english"),
}


def found(here: Here, press: PanelPress) -> Member | None:
    """Whom the button is about, if they are still in the register."""
    everybody = (here.panel or Panel()).members
    return next((one for one in everybody if press.means(one.key)), None)


def missing(language: str) -> Outcome:
    """From an old button: the person has been erased."""
    return on_card(
        Card(
            language,
            ((Line(Say("register.missing")),),),
            (pages.back(language, Page.REGISTER), pages.close(language)),
        )
    )


def show(here: Here, press: PanelPress, message: int) -> Outcome:
    """The page of a person."""
    person = found(here, press)
    if person is None:
        return missing(press.language)
    return on_sheet(
        here, press.language, person, Change(trail=seen(here, What.PERSON_SEEN, person.key))
    )


def on_sheet(
    here: Here, language: str, person: Member, *effects: Effect, said: Say | None = None
) -> Outcome:
    """The person's sheet on the tapped card, under what has just been done."""
    notice: tuple[Paragraph, ...] = () if said is None else ((Line(said),),)
    return on_card(
        Card(
            language,
            (*notice, *_paragraphs(here, person)),
            _rows(here, language, person),
            private=True,
        ),
        *effects,
    )


def reached(person: Member) -> bool:
    """Whether messages reach the person, as far as is known."""
    return person.chat is not None and not person.gone


def mark(person: Member) -> Say | None:
    """Why messages do not reach the person, in a word or two."""
    if person.chat is None:
        return Say("register.without_telegram")
    return Say("register.not_reached") if person.gone else None


def _paragraphs(here: Here, person: Member) -> tuple[Paragraph, ...]:
    return (
        (
            Line(Own(person.name), strong=True),
            Line(_standing(here, person)),
            *_offered(here, person),
        ),
        (
            Line(Say("register.contact", {"contact": Own(person.contact)})),
            Line(SPOKEN[person.language]),
            *(() if person.standing is Standing.ENDED else (Line(_how_reached(person)),)),
        ),
    )


def _offered(here: Here, person: Member) -> Paragraph:
    last = seats.open_until(person, here.today)
    return () if last is None else (Line(Say("register.offered", {"day": On(last)})),)


def _how_reached(person: Member) -> Say:
    if person.chat is None:
        return Say("register.says_without")
    return Say("register.says_not_reached") if person.gone else Say("register.has_telegram")


def _standing(here: Here, person: Member) -> Say:
    first, last = On(person.first_day), On(person.last_day)
    if person.standing is Standing.MEMBER:
        return Say("register.is_member", {"first": first, "last": last})
    if person.standing is Standing.RESERVE:
        return Say("register.is_reserve", {"first": first, "last": last})
    ended = person.ended_on or person.last_day
    erased = ended + timedelta(days=here.office.member_days)
    why = WHY[person.reason or Reason.OTHER]
    return Say("register.is_ended", {"day": On(ended), "why": why, "erased": On(erased)})


def _rows(here: Here, language: str, person: Member) -> tuple[pages.Row, ...]:
    key = person.key
    vacant = seats.vacant(here.office, here.panel or Panel()) > 0
    rows: list[pages.Row] = [(Button(Say("register.correct"), panel(language, Page.CORRECT, key)),)]
    if person.standing is Standing.RESERVE and vacant:
        open_ = seats.open_until(person, here.today) is not None
        seat = Button(Say("offering.agreed"), panel(language, Page.SEAT, key))
        offer = Button(Say("register.offer"), panel(language, Page.OFFER, key))
        rows.insert(0, (seat if open_ else offer,))
    if person.standing is not Standing.ENDED:
        rows.append((Button(Say("register.move"), panel(language, Page.INVITE, key)),))
        rows.append((Button(_end(person), panel(language, Page.END, key)),))
    elif vacant and person.reason is not Reason.DIED:
        rows.append((Button(Say("register.restore"), panel(language, Page.SEAT, key)),))
    rows.append((Button(Say("register.erase"), panel(language, Page.ERASE, key)),))
    return (*rows, (*pages.back(language, Page.REGISTER), *pages.close(language)))


def _end(person: Member) -> Say:
    if person.standing is Standing.RESERVE:
        return Say("register.end_reserve")
    return Say("register.end")
