"""Invitations: links that work once, made to be forwarded, listed, and taken back.

A link is shown once, in the message that is forwarded; what is kept does not open anything.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from dialogs.cards import NAMES
from dialogs.languages import LANGUAGES
from dialogs.outcome import Change, Outcome
from dialogs.panel import links, pages, sheet
from dialogs.panel.buttons import Page, panel
from dialogs.panel.cards import on_card
from dialogs.panel.records import Invitation, Panel, Purpose, Standing, Use
from dialogs.panel.trail import What, deed
from dialogs.screens import Button, Card, Joined, Line, Linked, On, Own, Place, Say, Told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.outcome import Here
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.cards import Press
    from dialogs.panel.records import Member
    from dialogs.screens import Paragraph, Words

DAYS: Final = 14
"""A link works until the end of the day so many days after today."""

PAGE: Final = 8
"""So many invitations stand on one card."""

TITLES: Final[Mapping[Purpose, Say]] = {
    Purpose.COORDINATOR: Say("invitation.title_coordinator"),
    Purpose.READER: Say("invitation.title_reader"),
    Purpose.MEMBER: Say("invitation.title_member"),
    Purpose.RESERVE: Say("invitation.title_reserve"),
    Purpose.MOVE: Say("invitation.title_move"),
}

TEXTS: Final[Mapping[Purpose, Say]] = {
    Purpose.MEMBER: Say("invitation.text_member"),
    Purpose.RESERVE: Say("invitation.text_reserve"),
    Purpose.MOVE: Say("invitation.text_move"),
}
"""What stands above the link, for whoever it is forwarded to."""


def _invite(here: Here, press: PanelPress, message: int) -> Outcome:
    """Asks in which language the invitation is; with one, makes the link. `about` is what it is
    for, or a person whose membership it moves."""
    language = press.language
    purpose = next((one for one in TEXTS if one == press.about), Purpose.MOVE)
    person = sheet.found(here, press)
    if purpose is Purpose.MOVE and person is None:
        return sheet.missing(language)
    if person is not None and person.standing is Standing.ENDED:
        return sheet.on_sheet(here, language, person)
    if press.more not in LANGUAGES:
        return on_card(_in_which_language(language, press.about, purpose, person))
    if not here.bot_link:
        again = (Button(Say("invitation.again"), panel(language, Page.INVITE, press.about)),)
        said = ((Line(Say("invitation.no_link")),),)
        return on_card(Card(language, said, (again, pages.close(language))))
    return _made(here, language, press.more, purpose, person)


def _in_which_language(language: str, about: str, purpose: Purpose, person: Member | None) -> Card:
    """For a person, whom it is for stands above, so that nobody's membership moves by mistake."""
    rows = [
        (
            Button(
                Told(dict.fromkeys(LANGUAGES, NAMES[to])), panel(language, Page.INVITE, about, to)
            ),
        )
        for to in LANGUAGES
    ]
    title: Paragraph = (Line(TITLES[purpose], strong=True),)
    if person is not None:
        title = (Line(Own(person.name), strong=True), Line(Say("invitation.move_explained")))
    return Card(
        language,
        (title, (Line(Say("invitation.language")),)),
        (*rows, pages.close(language)),
        private=person is not None,
    )


def _made(here: Here, language: str, to: str, purpose: Purpose, person: Member | None) -> Outcome:
    token = links.token(here.fresh)
    last = here.today + timedelta(days=DAYS)
    invitation = Invitation(
        key=links.digest(token),
        purpose=purpose,
        expires=datetime.combine(last + timedelta(days=1), time.min, here.now.tzinfo),
        made_on=here.today,
        made_by=here.coordinator.name if here.coordinator else "",
        member=None if person is None else person.key,
    )
    line = (
        deed(here, What.INVITATION_MADE, str(purpose))
        if person is None
        else deed(here, What.MOVE_INVITED, person.key)
    )
    below = Card(
        language,
        ((Line(Say("invitation.below"), strong=True),), (Line(Say("invitation.once")),)),
        (
            (Button(Say("invitation.open"), panel(language, Page.INVITATIONS)),),
            pages.close(language),
        ),
        Place.EDIT,
    )
    address = links.link(here.bot_link, token)
    forwarded = Card(
        to,
        (
            (Line(TEXTS[purpose]),),
            (Line(Linked(Own(address), address)),),
            (Line(Say("invitation.works_until", {"day": On(last)})), Line(Told(here.office.ask))),
        ),
    )
    return Outcome((below, forwarded), (Change(keep=(invitation,), trail=(line,)),))


def _invitations(here: Here, press: PanelPress, message: int) -> Outcome:
    return on_card(_list(here, press, here.panel or Panel()))


def _list(here: Here, press: PanelPress, everything: Panel) -> Card:
    """Those that still work first, then the others; within both, the newest first."""
    language = press.language
    purposes = list(TITLES)
    ordered = sorted(
        everything.invitations,
        key=lambda one: (
            not _works(here, one),
            here.now - one.expires,
            purposes.index(one.purpose),
            one.key,
        ),
    )
    at = pages.first(press, len(ordered), PAGE)
    numbered = list(enumerate(ordered, start=1))[at : at + PAGE]
    title: Paragraph = (Line(Say("invitation.title"), strong=True),)
    said = [_said(here, number, one) for number, one in numbered]
    take_back = [
        (
            Button(
                Say("invitation.take_back", {"number": number}),
                panel(language, Page.TAKE_BACK, one.key),
            ),
        )
        for number, one in numbered
        if _works(here, one)
    ]
    new = [
        (Button(label, panel(language, Page.INVITE, str(purpose))),)
        for purpose, label in (
            (Purpose.MEMBER, Say("invitation.new_member")),
            (Purpose.RESERVE, Say("invitation.new_reserve")),
        )
    ]
    return Card(
        language,
        (title, *(said or [(Line(Say("invitation.none")),)])),
        (
            *new,
            *take_back,
            *pages.turns(language, Page.INVITATIONS, at, PAGE, len(ordered)),
            pages.close(language),
        ),
        private=True,
    )


def _said(here: Here, number: int, one: Invitation) -> Paragraph:
    by: Words = Own(one.made_by) if one.made_by else Say("trail.terminal")
    return (
        Line(Joined((Own(f"{number}."), TITLES[one.purpose]), by=" ")),
        Line(Say("invitation.made", {"day": On(one.made_on), "who": by})),
        Line(_state(here, one)),
    )


def _state(here: Here, one: Invitation) -> Say:
    if one.use is Use.USED:
        return Say("invitation.used")
    if one.use is Use.WITHDRAWN:
        return Say("invitation.withdrawn")
    last = On((one.expires - timedelta(microseconds=1)).astimezone(here.now.tzinfo).date())
    if _works(here, one):
        return Say("invitation.open_until", {"day": last})
    return Say("invitation.run_out", {"day": last})


def _works(here: Here, one: Invitation) -> bool:
    return one.use is Use.OPEN and one.expires > here.now


def _take_back(here: Here, press: PanelPress, message: int) -> Outcome:
    """A second tap, or one too late, shows how it is."""
    everything = here.panel or Panel()
    one = next((one for one in everything.invitations if press.means(one.key)), None)
    if one is None or not _works(here, one):
        return on_card(_list(here, press, everything))
    withdrawn = replace(one, use=Use.WITHDRAWN)
    others = (withdrawn if it is one else it for it in everything.invitations)
    return on_card(
        _list(here, press, replace(everything, invitations=tuple(others))),
        Change(
            keep=(withdrawn,),
            trail=(deed(here, What.INVITATION_TAKEN_BACK, str(one.purpose)),),
        ),
    )


PAGES: Final[Mapping[Page, Press]] = {
    Page.INVITE: _invite,
    Page.INVITATIONS: _invitations,
    Page.TAKE_BACK: _take_back,
}
