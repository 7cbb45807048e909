"""Retracting a broadcast: whoever had it has it no more, and who waits does not get it.

Telegram lets a bot delete what it has sent for 48 hours (Bot API, deleteMessage). Of what is older
a line stays in its place, which says that it was withdrawn.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from dialogs.broadcasts import planning, report, underway
from dialogs.broadcasts.records import Turn, turn
from dialogs.languages import LANGUAGES
from dialogs.outcome import Change
from dialogs.panel import pages
from dialogs.panel.buttons import Page, panel
from dialogs.panel.cards import on_card
from dialogs.panel.records import Panel
from dialogs.panel.trail import What, deed
from dialogs.screens import Button, Card, Line, Say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.announcement import Announcement
    from dialogs.broadcasts.records import Broadcast
    from dialogs.outcome import Here, Outcome
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.cards import Press

DELETABLE: Final = timedelta(hours=48)


def _retract(here: Here, press: PanelPress, message: int) -> Outcome:
    """Asks first; twice does nothing twice."""
    broadcast = underway.meant(here, press)
    if broadcast is None:
        return underway.gone(press.language)
    life = turn(broadcast.life, Turn.RETRACTED)
    if life is None:
        return underway.as_it_is(here, press.language, broadcast)
    if press.more != underway.SURELY:
        return on_card(_asks(here, press.language, broadcast))
    retracted = replace(broadcast, life=life)
    change = Change(
        keep=(retracted,),
        retract=_announcements(here, broadcast),
        trail=(deed(here, What.BROADCAST_RETRACTED, broadcast.key),),
    )
    said = Say("retract.done")
    return on_card(underway.after(here, press.language, retracted, said), change)


def _asks(here: Here, language: str, broadcast: Broadcast) -> Card:
    """To how many it happens, and what they see then."""
    is_old = broadcast.due is not None and broadcast.due + DELETABLE < here.now
    means = Say("retract.replaced") if is_old else Say("retract.deleted")
    numbers = [*underway.numbers(here, broadcast)]
    if pieces := report.have_it(here, broadcast):
        numbers.append(Line(report.minutes(pieces)))
    surely = panel(language, Page.RETRACT, broadcast.key, underway.SURELY)
    return Card(
        language,
        (
            (Line(Say("retract.ask"), strong=True),),
            tuple(numbers),
            (Line(means), Line(Say("retract.nobody_told"))),
        ),
        (
            (Button(Say("retract.surely"), surely),),
            pages.back(language, Page.BROADCAST, broadcast.key),
        ),
    )


def _announcements(here: Here, broadcast: Broadcast) -> tuple[Announcement, ...]:
    """The message, and what was told of its corrections."""
    cards = {
        language: Card(
            language,
            ((Line(Say("broadcast.withdrawn")),),),
            planning.way_out(broadcast, language),
        )
        for language in LANGUAGES
    }
    text = replace(planning.announcement(here, broadcast), cards=cards, retracts=True, only=False)
    notices = (
        planning.occasion(broadcast, f"notice-{number}")
        for number in range(1, len(broadcast.corrections) + 1)
    )
    reports = (here.panel or Panel()).reports
    told = (replace(text, occasion=one) for one in notices if one in reports)
    return (text, *told)


PAGES: Final[Mapping[Page, Press]] = {Page.RETRACT: _retract}
