"""A broadcast that a second coordinator is asked about: whoever wrote it waits, for a while."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Final

from dialogs.broadcasts import audiences, checking, draft, names
from dialogs.broadcasts.draft import others
from dialogs.panel import pages
from dialogs.panel.buttons import Page, panel
from dialogs.panel.records import Panel
from dialogs.screens import Button, Card, Line, Say

if TYPE_CHECKING:
    from datetime import datetime

    from dialogs.broadcasts.records import Broadcast
    from dialogs.outcome import Here
    from dialogs.screens import Paragraph

ANSWERED_WITHIN: Final = timedelta(minutes=15)
"""So long whoever asked waits before they may confirm alone."""

BACK: Final = "back"
"""What the button carries that takes a broadcast back before anybody got it."""


def until(here: Here, broadcast: Broadcast) -> datetime:
    """When whoever asked may go on alone: aware, Helsinki time."""
    asked = here.now if broadcast.asked_at is None else broadcast.asked_at
    return (asked.astimezone(UTC) + ANSWERED_WITHIN).astimezone(here.now.tzinfo)


def may_alone(here: Here, broadcast: Broadcast) -> bool:
    """Whether nobody has answered in time, or nobody is left who could."""
    return not others(here) or draft.passed(here, until(here, broadcast))


def card(here: Here, language: str, broadcast: Broadcast, notice: Paragraph = ()) -> Card:
    called = names.named(here.panel or Panel(), broadcast, language)
    told = (
        notice,
        (Line(Say("compose.waiting"), strong=True), Line(called)),
        audiences.numbers(here, broadcast),
        draft.goes(here, broadcast),
        *checking.lines(checking.remarks(here, broadcast)),
        (Line(_how_long(here, broadcast)),),
    )
    return Card(
        language,
        tuple(filter(None, told)),
        (
            *((one,) for one in _ways_on(here, language, broadcast)),
            *draft.to_see(language, broadcast),
            pages.back(language, Page.BROADCASTS),
        ),
    )


def _how_long(here: Here, broadcast: Broadcast) -> Say:
    if broadcast.author != draft.me(here):
        return Say("compose.asks_you")
    if not others(here):
        return Say("compose.nobody_left")
    if may_alone(here, broadcast):
        return Say("compose.unanswered")
    return Say("compose.waits_until", {"moment": draft.said(until(here, broadcast))})


def _ways_on(here: Here, language: str, broadcast: Broadcast) -> tuple[Button, ...]:
    if broadcast.author != draft.me(here):
        return (Button(Say("compose.look"), panel(language, Page.CONFIRM, broadcast.key)),)
    back = Button(Say("compose.take_back"), panel(language, Page.SEND, broadcast.key, BACK))
    if not may_alone(here, broadcast):
        return (back,)
    alone = Button(Say("compose.to_send_alone"), panel(language, Page.SEND, broadcast.key))
    return (alone, back)
