"""The register, as coordinators see it: the panel's card, and the list of everybody in it.

The panel's card shows numbers only; whatever names a person is private, and goes away on "Close".
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dialogs.outcome import Change
from dialogs.panel import adding, correcting, ending, offering, pages, seats, sheet
from dialogs.panel.buttons import Page, panel
from dialogs.panel.cards import home, on_card
from dialogs.panel.records import Coming, Held, Panel, Standing
from dialogs.panel.trail import What, seen
from dialogs.screens import Button, Card, Joined, Line, Own, Say, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.outcome import Here, Outcome
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.cards import Press, Steps
    from dialogs.panel.records import Member
    from dialogs.screens import Paragraph, Words

PAGE: Final = 20
"""So many people stand on one card."""

SIDE_BY_SIDE: Final = 2


def card(here: Here, language: str) -> Card:
    """The panel's card: nothing of a person."""
    everybody = here.panel or Panel()
    reserves = sum(one.standing is Standing.RESERVE for one in everybody.members)
    taken = {"taken": len(everybody.seated), "seats": here.office.seats, "reserves": reserves}
    return Card(
        language,
        (
            (Line(Say("register.panel"), strong=True), Line(Say("register.seats", taken))),
            _next_meeting(here, everybody),
        ),
        (
            (Button(Say("register.open"), panel(language, Page.REGISTER)),),
            (Button(Say("register.meetings"), panel(language, Page.DESK)),),
            (Button(Say("running.surveys"), panel(language, Page.SURVEYS)),),
            (Button(Say("register.broadcasts"), panel(language, Page.BROADCASTS)),),
            (Button(Say("results.title"), panel(language, Page.RESULTS)),),
            (Button(Say("pointer.title"), panel(language, Page.POINTERS)),),
            (Button(Say("invitation.open"), panel(language, Page.INVITATIONS)),),
            (Button(Say("colleague.open"), panel(language, Page.COLLEAGUES)),),
            (Button(Say("trail.open"), panel(language, Page.TRAIL)),),
            home(language),
        ),
    )


def _next_meeting(here: Here, everybody: Panel) -> Paragraph:
    ahead = (one for one in everybody.meetings if one.held is Held.CALLED and one.end > here.now)
    meeting = next(ahead, None)
    if meeting is None:
        return (Line(Say("register.no_meeting")),)
    answers = [everybody.coming(meeting, one) for one in everybody.seated]
    counted = {
        "coming": answers.count(Coming.IN),
        "maybe": answers.count(Coming.MAYBE),
        "unanswered": answers.count(None),
    }
    when = Span(meeting.start, meeting.end)
    return (
        Line(Say("register.next_meeting", {"when": when})),
        Line(Say("register.who_comes", counted)),
    )


def _panel(here: Here, press: PanelPress, message: int) -> Outcome:
    """What a coordinator is told unprompted is in the language they look at the panel in."""
    mine = here.coordinator
    shown = card(here, press.language)
    if mine is None or mine.language == press.language:
        return on_card(shown)
    return on_card(shown, Change(keep=(replace(mine, language=press.language),)))


def _list(here: Here, press: PanelPress, message: int) -> Outcome:
    language = press.language
    everybody = _in_order(here.panel or Panel())
    at = pages.first(press, len(everybody), PAGE)
    numbered = list(enumerate(everybody, start=1))[at : at + PAGE]
    names = [
        Button(Own(one.name), panel(language, Page.PERSON, one.key), number=number)
        for number, one in numbered
    ]
    shown = Card(
        language,
        (
            (Line(Say("register.title"), strong=True),),
            *_sections(numbered),
            (Line(Say("register.tap") if numbered else Say("register.empty")),),
        ),
        (
            *(
                tuple(names[start : start + SIDE_BY_SIDE])
                for start in range(0, len(names), SIDE_BY_SIDE)
            ),
            *pages.turns(language, Page.REGISTER, at, PAGE, len(everybody)),
            (Button(Say("register.add"), panel(language, Page.ADD)),),
            pages.close(language),
        ),
        private=True,
    )
    return on_card(shown, Change(trail=seen(here, What.REGISTER_SEEN)))


def _in_order(everybody: Panel) -> list[Member]:
    """Members by name, then reserves in the order they came, then former members by name."""
    standings = list(_TITLES)
    came = {one.key: place for place, one in enumerate(seats.reserves(everybody))}
    return sorted(
        everybody.members,
        key=lambda one: (standings.index(one.standing), came.get(one.key, 0)),
    )


_TITLES: Final[Mapping[Standing, Say]] = {
    Standing.MEMBER: Say("register.members"),
    Standing.RESERVE: Say("register.reserves"),
    Standing.ENDED: Say("register.former"),
}


def _sections(numbered: list[tuple[int, Member]]) -> list[Paragraph]:
    sections: list[Paragraph] = []
    for standing, title in _TITLES.items():
        lines = [Line(_line(number, one)) for number, one in numbered if one.standing is standing]
        if lines:
            sections.append((Line(title, strong=True), *lines))
    return sections


def _line(number: int, person: Member) -> Words:
    """The name; and in words what hinders messages, or why the membership ended."""
    parts: list[Words] = [Own(f"{number}. {person.name}")]
    if person.standing is Standing.ENDED:
        parts += [sheet.WHY[person.reason]] if person.reason else []
    elif (mark := sheet.mark(person)) is not None:
        parts.append(mark)
    return Joined(tuple(parts))


PAGES: Final[Mapping[Page, Press]] = {
    Page.PANEL: _panel,
    Page.CLOSE: _panel,
    Page.REGISTER: _list,
    Page.PERSON: sheet.show,
    **adding.PAGES,
    **correcting.PAGES,
    **ending.PAGES,
    **offering.PAGES,
}

TASKS: Final[Mapping[str, Steps]] = {**adding.TASKS, **correcting.TASKS}
