"""The bot's own links as coordinators see them: the list, where each one leads, the link itself to
copy and as a QR code, what it stands in, and how it is erased.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dialogs.broadcasts import pointers
from dialogs.broadcasts.names import named
from dialogs.broadcasts.records import Life, Target
from dialogs.cards import brief
from dialogs.languages import LANGUAGES
from dialogs.outcome import Change, Outcome
from dialogs.panel import pages
from dialogs.panel.buttons import Page, panel
from dialogs.panel.cards import on_card
from dialogs.panel.records import Panel
from dialogs.panel.trail import ADDRESS, LED, What, deed
from dialogs.running.results import standing
from dialogs.screens import Button, Card, Dated, Joined, Line, Linked, Own, Say, Told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.broadcasts.records import Broadcast, Pointer
    from dialogs.life import Running
    from dialogs.outcome import Here
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.cards import Press
    from dialogs.screens import Paragraph, Words

PAGE: Final = 6
"""So many links stand on one card."""

SHOWN: Final = 5
"""So many of the broadcasts that a link stands in are named."""

QR, ERASE, SURELY = "qr", "erase", "surely"

_LIVES: Final[Mapping[Life, Say]] = {
    Life.DRAFT: Say("pointer.in_draft"),
    Life.ASKED: Say("pointer.in_asked"),
    Life.CONFIRMED: Say("pointer.in_confirmed"),
    Life.PAUSED: Say("pointer.in_paused"),
    Life.CANCELLED: Say("pointer.in_cancelled"),
    Life.RETRACTED: Say("pointer.in_retracted"),
}
"""How it is with a broadcast that a link stands in."""


def meant(here: Here, press: PanelPress) -> Pointer | None:
    return next((one for one in (here.panel or Panel()).pointers if press.means(one.key)), None)


def called(here: Here, pointer: Pointer) -> Words:
    """What it leads to, by its title."""
    if pointer.target is not Target.SURVEY:
        return Told(pointer.title)
    return _title(here, pointer.to)


def _title(here: Here, name: str) -> Words:
    survey = _survey(here, name)
    return Own(name) if survey is None else Told(survey.form.title)


def _survey(here: Here, name: str) -> Running | None:
    return next((one for one in (here.panel or Panel()).surveys if one.name == name), None)


def where(here: Here, pointer: Pointer) -> Paragraph:
    """Where it leads now, in full."""
    title = Line(Joined((LED[pointer.target], called(here, pointer)), by=": "), strong=True)
    if pointer.target is not Target.SURVEY:
        return (title, Line(Own(pointer.to)))
    survey = _survey(here, pointer.to)
    return (title, Line(Say("pointer.survey_gone") if survey is None else standing(survey)))


def used_in(here: Here, pointer: Pointer) -> tuple[Broadcast, ...]:
    """The broadcasts that have it on their button, or somewhere in their words."""
    return tuple(
        one
        for one in (here.panel or Panel()).broadcasts
        if one.pointer == pointer.key or _stands_in(one, pointer)
    )


def _stands_in(broadcast: Broadcast, pointer: Pointer) -> bool:
    payload = pointers.payload(pointer)
    return any(
        payload in written
        for wording in broadcast.wordings.values()
        for written in (wording.text, *(mark.url for mark in wording.marks))
    )


def card(here: Here, language: str, pointer: Pointer, notice: Paragraph = ()) -> Card:
    """One link, with all that can be done to it."""
    said = [
        notice,
        where(here, pointer),
        (Line(Say("pointer.copy")), *_address(here, pointer)),
        uses(here, language, pointer),
    ]
    rows = [
        (Button(Say("pointer.change"), panel(language, Page.POINT, pointer.key)),),
        (Button(Say("pointer.erase"), panel(language, Page.POINTER, pointer.key, ERASE)),),
        pages.back(language, Page.POINTERS),
    ]
    if here.bot_link:
        shows = Button(Say("pointer.qr"), panel(language, Page.POINTER, pointer.key, QR))
        rows.insert(0, (shows,))
    return Card(language, tuple(filter(None, said)), tuple(rows))


def gone(here: Here, press: PanelPress) -> Outcome:
    """Of a link that is not there any more, those that are."""
    return on_card(_list(here, press, (Line(Say("pointer.gone"), strong=True),)))


def uses(here: Here, language: str, pointer: Pointer) -> Paragraph:
    """What it stands in, the newest first."""
    found = used_in(here, pointer)
    if not found:
        return (Line(Say("pointer.unused")),)
    others = len(found) - SHOWN
    more = (Line(Say("pointer.used_more", count=others)),) if others > 0 else ()
    return (
        Line(Say("pointer.used")),
        *(Line(_named(here, language, one)) for one in found[:SHOWN]),
        *more,
    )


def _named(here: Here, language: str, broadcast: Broadcast) -> Words:
    """A broadcast in a line: its first words, the day, and how it is with it."""
    due = broadcast.due
    how = _LIVES[broadcast.life]
    if broadcast.life is Life.CONFIRMED and due is not None and due <= here.now:
        how = Say("pointer.in_sent")
    return Say(
        "pointer.used_line",
        {
            "words": named(here.panel or Panel(), broadcast, language),
            "day": Dated(broadcast.made_on if due is None else due.date()),
            "how": how,
        },
    )


def _address(here: Here, pointer: Pointer) -> Paragraph:
    if not here.bot_link:
        return (Line(Say("pointer.no_address")),)
    address = pointers.link(here.bot_link, pointer)
    return (Line(Linked(Own(address), address)),)


def _pointers(here: Here, press: PanelPress, message: int) -> Outcome:
    return on_card(_list(here, press))


def _list(here: Here, press: PanelPress, notice: Paragraph = ()) -> Card:
    """The newest first."""
    language = press.language
    known = (here.panel or Panel()).pointers
    ordered = sorted(known, key=lambda one: (one.made_on or here.today, one.key), reverse=True)
    at = pages.first(press, len(ordered), PAGE)
    numbered = list(enumerate(ordered, start=1))[at : at + PAGE]
    said: list[Paragraph] = [
        notice,
        (Line(Say("pointer.title"), strong=True), Line(Say("pointer.explained"))),
        *(_said(here, number, one) for number, one in numbered),
    ]
    if not ordered:
        said.append((Line(Say("pointer.none")),))
    return Card(
        language,
        tuple(filter(None, said)),
        (
            (Button(Say("pointer.new"), panel(language, Page.POINT)),),
            *(
                (Button(called(here, one), panel(language, Page.POINTER, one.key), number=number),)
                for number, one in numbered
            ),
            *pages.turns(language, Page.POINTERS, at, PAGE, len(ordered)),
            pages.close(language),
        ),
    )


def _said(here: Here, number: int, pointer: Pointer) -> Paragraph:
    title = Joined((LED[pointer.target], called(here, pointer)), by=": ")
    led = () if pointer.target is Target.SURVEY else (Line(brief(Own(pointer.to), ADDRESS)),)
    return (Line(Joined((Own(f"{number}."), title), by=" ")), *led, *_address(here, pointer))


def _pointer(here: Here, press: PanelPress, message: int) -> Outcome:
    pointer = meant(here, press)
    if pointer is None:
        return gone(here, press)
    language = press.language
    if press.more == QR and here.bot_link:
        return Outcome((_qr(here, language, pointer),))
    if press.more == ERASE:
        return on_card(_ask(here, language, pointer))
    if press.more == SURELY:
        erased = Change(erase=(pointer,), trail=(deed(here, What.LINK_ERASED, about(pointer)),))
        rows = (pages.back(language, Page.POINTERS), pages.close(language))
        return on_card(Card(language, ((Line(Say("pointer.erased")),),), rows), erased)
    return on_card(card(here, language, pointer))


def _qr(here: Here, language: str, pointer: Pointer) -> Card:
    """Below, so that it can be forwarded or saved by itself."""
    title = Line(called(here, pointer), strong=True)
    address = pointers.link(here.bot_link, pointer)
    return Card(language, ((title, *_address(here, pointer)),), qr=address)


def _ask(here: Here, language: str, pointer: Pointer) -> Card:
    surely = panel(language, Page.POINTER, pointer.key, SURELY)
    return Card(
        language,
        (
            (Line(Say("pointer.ask"), strong=True),),
            where(here, pointer),
            (Line(Say("pointer.means")),),
            uses(here, language, pointer),
        ),
        (
            (Button(Say("pointer.surely"), surely),),
            (Button(Say("button.back"), panel(language, Page.POINTER, pointer.key)),),
        ),
    )


def about(*led: Pointer) -> str:
    """Where it led, as the trail keeps it: before and after a change."""
    return " ".join(f"{one.target}:{one.to}" for one in led)


def in_every_language(title: Mapping[str, str], own: str) -> dict[str, str]:
    """A title that is not written in a language is said there as in the coordinator's own."""
    return {one: title.get(one) or title[own] for one in LANGUAGES}


PAGES: Final[Mapping[Page, Press]] = {Page.POINTERS: _pointers, Page.POINTER: _pointer}
