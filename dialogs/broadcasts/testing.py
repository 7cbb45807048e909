"""The test that comes before everything else: whoever writes a broadcast gets it themselves, in
each language, opens every link, and says that it opened what it should.

What was tested is remembered as a digest of all that is received. Whatever is changed afterwards
makes it another message, and the test is asked for again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dialogs.broadcasts import checking, desk, draft, leading, planning, pointers
from dialogs.broadcasts.draft import is_mine, kept_in, meant
from dialogs.cards import brief
from dialogs.outcome import Change, Outcome
from dialogs.panel import pages
from dialogs.panel.buttons import Page, panel
from dialogs.panel.cards import on_card
from dialogs.screens import Button, Card, Line, Own, Say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.broadcasts.records import Broadcast
    from dialogs.outcome import Here
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.cards import Press
    from dialogs.panel.pages import Row

SHOWN: Final = 40
"""UTF-16 units of an address that stand on its button."""


def _test(here: Here, press: PanelPress, message: int) -> Outcome:
    broadcast = meant(here, press)
    if broadcast is None:
        return desk.gone(here, press)
    if not is_mine(here, broadcast):
        return desk.as_it_is(here, press, broadcast, message)
    if draft.unready(here, broadcast):
        return _on_desk(here, press, broadcast, Say("compose.test_too_early"), message)
    if not press.more:
        return _sent(here, press.language, broadcast)
    if press.more != draft.fingerprint(here, broadcast):
        return _on_desk(here, press, broadcast, Say("compose.test_outdated"), message)
    kept = replace(broadcast, tested=press.more)
    shown = _on_desk(kept_in(here, kept), press, kept, Say("compose.tested"), message)
    return replace(shown, effects=(Change(keep=(kept,)), *shown.effects))


def _on_desk(
    here: Here, press: PanelPress, broadcast: Broadcast, said: Say, message: int
) -> Outcome:
    shown = desk.card(here, press.language, broadcast, (Line(said),))
    return on_card(shown, *draft.rests(here, broadcast, message))


def _sent(here: Here, language: str, broadcast: Broadcast) -> Outcome:
    """The very messages, and below them what is asked of each."""
    messages = tuple(planning.cards(here, broadcast).values())
    return Outcome((*messages, _asks(here, language, broadcast)), draft.rests(here, broadcast))


def _asks(here: Here, language: str, broadcast: Broadcast) -> Card:
    opens = _links(here, broadcast)
    data = panel(language, Page.TEST, broadcast.key, draft.fingerprint(here, broadcast))
    if not opens:
        asks, yes = Say("compose.test_looks"), Say("compose.looks_right")
    elif checking.links_differ(broadcast):
        asks, yes = Say("compose.test_links"), Say("compose.links_meant")
    else:
        asks, yes = Say("compose.test_links"), Say("compose.links_right")
    return Card(
        language,
        (
            (Line(Say("compose.test_is_this"), strong=True),),
            (Line(asks),),
            *checking.lines(checking.remarks(here, broadcast)),
        ),
        (
            *opens,
            (Button(yes, data),),
            pages.back(language, Page.BROADCAST, broadcast.key),
        ),
    )


def _links(here: Here, broadcast: Broadcast) -> tuple[Row, ...]:
    """Every address that it opens, once, to be tapped."""
    rows: list[Row] = [
        (Button(brief(Own(one.removeprefix("https://")), SHOWN), link=one),)
        for one in checking.links(broadcast)
    ]
    if (pointer := planning.leads_to(here, broadcast.pointer)) is not None:
        opens = pointers.link(here.bot_link, pointer)
        rows.append((Button(leading.called(here, pointer), link=opens),))
    return tuple(rows)


PAGES: Final[Mapping[Page, Press]] = {Page.TEST: _test}
