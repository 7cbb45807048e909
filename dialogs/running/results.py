"""What surveys have come to, as readers and coordinators see it: how many have answered, and
nothing finer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dialogs.forms.model import Kind
from dialogs.life import State
from dialogs.panel import pages
from dialogs.panel.buttons import Page
from dialogs.panel.cards import home, on_card
from dialogs.panel.records import Panel, Received
from dialogs.screens import Card, Dated, Joined, Line, Say, Told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.life import Running
    from dialogs.outcome import Here, Outcome
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.cards import Press
    from dialogs.screens import Paragraph

PAGE: Final = 6
"""So many surveys stand on one card."""

STATES: Final[Mapping[State, Say]] = {
    State.DRAFT: Say("results.draft"),
    State.SCHEDULED: Say("results.scheduled"),
    State.OPEN: Say("results.open"),
    State.CLOSING: Say("results.closing"),
    State.CLOSED: Say("results.closed"),
    State.ARCHIVED: Say("results.archived"),
}

_OPENED: Final = (State.OPEN, State.CLOSING, State.CLOSED, State.ARCHIVED)
"""Of what was ever open, in this order."""


def standing(survey: Running) -> Joined:
    """How it is with a survey: its state and its days."""
    last = survey.closed_on or survey.closes
    first = {"first": Dated(survey.opens)}
    if last is None:
        days = Say("results.from", first)
    else:
        days = Say("results.days", {**first, "last": Dated(last)})
    return Joined((STATES[survey.state], days))


def _results(here: Here, press: PanelPress, message: int) -> Outcome:
    """The newest first, what is open before the rest."""
    language = press.language
    panel = here.panel or Panel()
    opened = sorted(
        (one for one in panel.surveys if one.state in _OPENED),
        key=lambda one: (_OPENED.index(one.state), -one.opens.toordinal()),
    )
    at = pages.first(press, len(opened), PAGE)
    said = [_said(panel, one) for one in opened[at : at + PAGE]]
    title = (Line(Say("results.title"), strong=True), Line(Say("results.explained")))
    around = home(language) if here.coordinator is None else pages.close(language)
    return on_card(
        Card(
            language,
            (title, *(said or [(Line(Say("results.none")),)])),
            (*pages.turns(language, Page.RESULTS, at, PAGE, len(opened)), around),
        )
    )


def _said(panel: Panel, survey: Running) -> Paragraph:
    """Its days, how many have answered, and how many of them still wait to be mixed."""
    received = panel.received.get(survey.name, Received(0, 0))
    if survey.form.kind is Kind.APPLICATION:
        counted = Say("results.applications", count=received.released)
    else:
        counted = Say("results.responses", count=received.released)
    waiting = (Line(Say("results.mixing", count=received.mixing)),) if received.mixing else ()
    return (
        Line(Told(survey.form.title), strong=True),
        Line(standing(survey)),
        Line(counted),
        *waiting,
    )


PAGES: Final[Mapping[Page, Press]] = {Page.RESULTS: _results}
