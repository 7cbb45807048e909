"""The broadcasts, as coordinators see them: what is being written, what waits, what is on its way
and what has gone out; and the page of each.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from dialogs.announcement import Stage, State
from dialogs.broadcasts import draft, names, planning, underway, waiting
from dialogs.broadcasts.draft import SEE, is_mine, meant, passed
from dialogs.broadcasts.records import Life
from dialogs.outcome import Outcome
from dialogs.panel import pages
from dialogs.panel.buttons import Page, panel
from dialogs.panel.cards import on_card
from dialogs.panel.preview import NAMES
from dialogs.panel.records import Panel
from dialogs.screens import Button, Card, Dated, Joined, Line, Say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.broadcasts.records import Broadcast
    from dialogs.outcome import Here
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.cards import Press
    from dialogs.screens import Paragraph

EACH: Final = 8
"""So many broadcasts stand on one card."""


class Place(StrEnum):
    """Where a broadcast stands in the list; in this order."""

    MINE = "mine"
    COLLEAGUES = "colleagues"
    ASKED = "asked"
    SCHEDULED = "scheduled"
    UNDER_WAY = "under way"
    PAUSED = "paused"
    SENT = "sent"
    CANCELLED = "cancelled"
    RETRACTED = "retracted"


_PLACES: Final[Mapping[Place, Say]] = {
    Place.MINE: Say("compose.place_mine"),
    Place.COLLEAGUES: Say("compose.place_colleagues"),
    Place.ASKED: Say("compose.place_asked"),
    Place.SCHEDULED: Say("compose.place_scheduled"),
    Place.UNDER_WAY: Say("compose.place_under_way"),
    Place.PAUSED: Say("compose.place_paused"),
    Place.SENT: Say("compose.place_sent"),
    Place.CANCELLED: Say("compose.place_cancelled"),
    Place.RETRACTED: Say("compose.place_retracted"),
}

_OVER: Final = (Place.SENT, Place.CANCELLED, Place.RETRACTED)
"""What has gone out stands together, whatever became of it."""

_LIVES: Final[Mapping[Life, Place]] = {
    Life.DRAFT: Place.COLLEAGUES,
    Life.ASKED: Place.ASKED,
    Life.PAUSED: Place.PAUSED,
    Life.CANCELLED: Place.CANCELLED,
    Life.RETRACTED: Place.RETRACTED,
}


def place(here: Here, broadcast: Broadcast) -> Place:
    """Where it stands now."""
    if is_mine(here, broadcast):
        return Place.MINE
    if broadcast.life is not Life.CONFIRMED or broadcast.due is None:
        return _LIVES[broadcast.life]
    if not passed(here, broadcast.due):
        return Place.SCHEDULED
    report = (here.panel or Panel()).reports.get(planning.occasion(broadcast))
    waits = report is None or report.stage is Stage.PLANNED
    if waits or (report is not None and report.number(State.WAITING, State.SENDING)):
        return Place.UNDER_WAY
    return Place.SENT


# Pages


def card(here: Here, language: str, broadcast: Broadcast, notice: Paragraph = ()) -> Card:
    """One broadcast as it is now."""
    if broadcast.life is Life.DRAFT:
        return draft.card(here, language, broadcast, notice)
    if broadcast.life is Life.ASKED:
        return waiting.card(here, language, broadcast, notice)
    return underway.card(here, language, broadcast, notice)


def as_it_is(here: Here, press: PanelPress, broadcast: Broadcast, message: int) -> Outcome:
    """From an old button: the broadcast as it is now."""
    shown = card(here, press.language, broadcast)
    laid = draft.rests(here, broadcast, message)
    return replace(on_card(shown, *laid), toast=Say("toast.old_button"))


def gone(here: Here, press: PanelPress) -> Outcome:
    """From an old button: there is no such broadcast."""
    return replace(on_card(_list(here, press)), toast=Say("toast.old_button"))


def _one(here: Here, press: PanelPress, message: int) -> Outcome:
    broadcast = meant(here, press)
    if broadcast is None:
        return gone(here, press)
    for language in draft.seen_in(broadcast):
        if press.more == f"{SEE}{language}":
            return _seen(here, press, broadcast, language)
    shown = card(here, press.language, broadcast)
    return on_card(shown, *draft.rests(here, broadcast, message))


def _seen(here: Here, press: PanelPress, broadcast: Broadcast, language: str) -> Outcome:
    """The very message, and below it the way back and the other languages."""
    ways = tuple(
        Button(NAMES[one], panel(press.language, Page.BROADCAST, broadcast.key, f"{SEE}{one}"))
        for one in draft.seen_in(broadcast)
        if one != language
    )
    below = Card(
        press.language,
        ((Line(Say("compose.as_received")),),),
        (
            *((ways,) if ways else ()),
            pages.back(press.language, Page.BROADCAST, broadcast.key),
        ),
    )
    return Outcome((planning.cards(here, broadcast)[language], below))


# The list


def _broadcasts(here: Here, press: PanelPress, message: int) -> Outcome:
    return on_card(_list(here, press))


def _list(here: Here, press: PanelPress) -> Card:
    language = press.language
    placed = _in_order(here)
    at = pages.first(press, len(placed), EACH)
    shown = placed[at : at + EACH]
    said = Say("compose.list", count=len(placed)) if placed else Say("compose.list_empty")
    return Card(
        language,
        ((Line(Say("compose.title"), strong=True), Line(said)),),
        (
            (Button(Say("compose.new"), panel(language, Page.WRITE)),),
            *((_entry(here, language, *one),) for one in shown),
            *pages.turns(language, Page.BROADCASTS, at, EACH, len(placed)),
            pages.back(language, Page.PANEL),
        ),
    )


def _in_order(here: Here) -> list[tuple[Place, Broadcast]]:
    """By where they stand, then the newest first."""
    ranks = list(Place)

    def rank(placed: tuple[Place, Broadcast]) -> tuple[int, float]:
        where, one = placed
        newest = 0.0 if one.due is None else -one.due.timestamp()
        return ranks.index(Place.SENT if where in _OVER else where), newest

    broadcasts = (here.panel or Panel()).broadcasts
    return sorted(((place(here, one), one) for one in broadcasts), key=rank)


def _entry(here: Here, language: str, where: Place, broadcast: Broadcast) -> Button:
    """What it is called, where it stands, and its day."""
    called = names.named(here.panel or Panel(), broadcast, language)
    day = broadcast.made_on if broadcast.due is None else broadcast.due.date()
    label = Joined((Joined((_PLACES[where], called), by=": "), Dated(day)))
    return Button(label, panel(language, Page.BROADCAST, broadcast.key))


PAGES: Final[Mapping[Page, Press]] = {Page.BROADCASTS: _broadcasts, Page.BROADCAST: _one}
