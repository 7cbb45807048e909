"""The coordinators among themselves: who they are, who reads besides them, and how one is removed.

Whoever is removed simply finds nothing any more; the coordinators are told. The last coordinator
stays, however many readers there are: only the operator can remove them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from dialogs.announcement import Announcement, Audience, Circle, Priority
from dialogs.languages import LANGUAGES
from dialogs.outcome import Change
from dialogs.panel import pages
from dialogs.panel.buttons import Page, panel, short
from dialogs.panel.cards import home, on_card
from dialogs.panel.records import Panel, Role
from dialogs.panel.trail import What, deed
from dialogs.screens import Button, Card, Joined, Line, Own, Say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from dialogs.outcome import Here, Outcome
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.cards import Press
    from dialogs.panel.records import Coordinator
    from dialogs.screens import Paragraph, Words

TOLD_WITHIN: Final = timedelta(days=14)


def _colleagues(here: Here, press: PanelPress, message: int) -> Outcome:
    return on_card(_list(here, press.language))


def _list(here: Here, language: str) -> Card:
    everything = here.panel or Panel()
    everybody, readers = everything.coordinators, everything.readers
    alone = len(everybody) < 2
    rows = [
        (
            Button(
                Say("colleague.remove", {"name": Own(one.name)}),
                panel(language, Page.REMOVE, one.key),
            ),
        )
        for one in (*(() if alone else everybody), *readers)
    ]
    reading: Paragraph = ()
    if readers:
        reading = (
            Line(Say("colleague.readers"), strong=True),
            *(Line(_named(here, one)) for one in readers),
        )
    more = Say("colleague.alone") if alone else Say("colleague.how_to_add")
    return Card(
        language,
        (
            (Line(Say("colleague.title"), strong=True),),
            tuple(Line(_named(here, one)) for one in everybody),
            *((reading,) if reading else ()),
            (Line(more),),
        ),
        (*rows, pages.close(language)),
        private=True,
    )


def _named(here: Here, one: Coordinator) -> Words:
    parts: list[Words] = [Own(one.name)]
    if here.coordinator is not None and one.key == here.coordinator.key:
        parts.append(Say("colleague.you"))
    if one.gone:
        parts.append(Say("register.not_reached"))
    return Joined(tuple(parts))


def _found(here: Here, press: PanelPress) -> tuple[Coordinator | None, tuple[Coordinator, ...]]:
    """Who is to be removed, and the coordinators who remain; nobody is, where none would."""
    everything = here.panel or Panel()
    remaining = tuple(one for one in everything.coordinators if not press.means(one.key))
    everybody = (*everything.coordinators, *everything.readers)
    found = next((one for one in everybody if press.means(one.key)), None)
    return (found if remaining else None), remaining


def _remove(here: Here, press: PanelPress, message: int) -> Outcome:
    language = press.language
    found, _ = _found(here, press)
    if found is None:
        return on_card(_list(here, language))
    surely = panel(language, Page.REMOVE_SURELY, found.key)
    name = {"name": Own(found.name)}
    if found.role is Role.READER:
        ask, means = Say("colleague.ask_reader", name), Say("colleague.reader_means")
    else:
        ask, means = Say("colleague.ask", name), Say("colleague.means")
    return on_card(
        Card(
            language,
            ((Line(ask, strong=True),), (Line(means),)),
            (
                (Button(Say("colleague.surely"), surely),),
                pages.back(language, Page.COLLEAGUES),
            ),
            private=True,
        )
    )


def _remove_surely(here: Here, press: PanelPress, message: int) -> Outcome:
    language = press.language
    found, remaining = _found(here, press)
    mine = here.coordinator
    if found is None or mine is None:
        return on_card(_list(here, language))
    # Held, so that two who remove each other at one moment do not both succeed.
    held = mine if mine in remaining else remaining[0]
    reads = found.role is Role.READER
    done = What.READER_REMOVED if reads else What.COORDINATOR_REMOVED
    change = Change(
        keep=(held,),
        erase=(found,),
        plan=tuple(told(found, one, here.now) for one in remaining if one.key != mine.key),
        trail=(deed(here, done, found.name),),
    )
    if found.key == mine.key:
        gone = Card(language, ((Line(Say("colleague.gone")),),), (home(language),))
        return on_card(gone, change)
    said = Line(Say("colleague.reader_removed") if reads else Say("colleague.removed"))
    rows = (pages.back(language, Page.COLLEAGUES), pages.close(language))
    return on_card(Card(language, ((said,),), rows), change)


def told(removed: Coordinator, one: Coordinator, now: datetime) -> Announcement:
    """To one of those who remain. A phone on a table shows it: no names."""
    reads = removed.role is Role.READER
    said = Say("colleague.reader_told") if reads else Say("colleague.told")
    return Announcement(
        occasion=f"removed:{short(removed.key)}:{short(one.key)}",
        audience=Audience(Circle.PERSON, one.key.hex()),
        cards={
            language: Card(
                language,
                ((Line(said),),),
                ((Button(Say("colleague.open"), panel(language, Page.COLLEAGUES)),),),
            )
            for language in LANGUAGES
        },
        due=now,
        expires=now + TOLD_WITHIN,
        priority=Priority.CHANGE,
    )


PAGES: Final[Mapping[Page, Press]] = {
    Page.COLLEAGUES: _colleagues,
    Page.REMOVE: _remove,
    Page.REMOVE_SURELY: _remove_surely,
}
