"""A half-made broadcast goes from one coordinator to another: handed over, or taken over."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dialogs.announcement import Audience, Circle
from dialogs.broadcasts import desk, draft
from dialogs.broadcasts.draft import MINE, is_mine, kept_in, meant, others
from dialogs.broadcasts.records import Life
from dialogs.outcome import Change
from dialogs.panel import pages
from dialogs.panel.buttons import Page, panel, short
from dialogs.panel.cards import on_card
from dialogs.panel.tidings import tidings
from dialogs.panel.trail import What, deed
from dialogs.screens import Button, Card, Line, Own, Say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.announcement import Announcement
    from dialogs.broadcasts.records import Broadcast
    from dialogs.outcome import Here, Outcome
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.cards import Press


def _hand_over(here: Here, press: PanelPress, message: int) -> Outcome:
    broadcast = meant(here, press)
    if broadcast is None:
        return desk.gone(here, press)
    mine = is_mine(here, broadcast)
    if press.more == MINE and not mine and broadcast.life is Life.DRAFT:
        return _taken(here, press, broadcast)
    to = next((one.key for one in others(here) if press.more == short(one.key)), None)
    if mine and to is not None:
        return _handed(here, press, broadcast, to)
    if mine and not press.more and others(here):
        return on_card(_to_whom(here, press.language, broadcast))
    return desk.as_it_is(here, press, broadcast, message)


def _to_whom(here: Here, language: str, broadcast: Broadcast) -> Card:
    return Card(
        language,
        ((Line(Say("compose.to_whom"), strong=True),), (Line(Say("compose.hand_over_means")),)),
        (
            *(
                (
                    Button(
                        Own(one.name),
                        panel(language, Page.HAND_OVER, broadcast.key, short(one.key)),
                    ),
                )
                for one in others(here)
            ),
            pages.back(language, Page.BROADCAST, broadcast.key),
        ),
        private=True,
    )


def _handed(here: Here, press: PanelPress, broadcast: Broadcast, to: bytes) -> Outcome:
    kept = replace(broadcast, author=to)
    change = Change(
        keep=(kept,),
        plan=(_told(here, kept, to, Say("compose.handed_to_you")),),
        trail=(deed(here, What.BROADCAST_HANDED_OVER, kept.key),),
    )
    notice = (Line(Say("compose.handed")),)
    shown = desk.card(kept_in(here, kept), press.language, kept, notice)
    return on_card(shown, change, *draft.ends(here, kept))


def _taken(here: Here, press: PanelPress, broadcast: Broadcast) -> Outcome:
    kept = replace(broadcast, author=draft.me(here))
    change = Change(
        keep=(kept,),
        plan=(_told(here, kept, broadcast.author, Say("compose.taken_from_you")),),
        trail=(deed(here, What.BROADCAST_TAKEN_OVER, kept.key),),
    )
    notice = (Line(Say("compose.taken")),)
    return on_card(desk.card(kept_in(here, kept), press.language, kept, notice), change)


def _told(here: Here, broadcast: Broadcast, whom: bytes, said: Say) -> Announcement:
    return tidings(
        here,
        f"handed:{short(broadcast.key)}:{broadcast.revision}",
        said,
        Say("compose.open"),
        Page.BROADCAST,
        broadcast.key,
        audience=Audience(Circle.PERSON, whom.hex()),
    )


PAGES: Final[Mapping[Page, Press]] = {Page.HAND_OVER: _hand_over}
