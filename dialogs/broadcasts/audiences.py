"""Whom a broadcast goes to: the circles that can be chosen, and how many there are in each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dialogs.announcement import Audience, Circle, Reach
from dialogs.broadcasts import planning
from dialogs.languages import LANGUAGES
from dialogs.panel.preview import IN
from dialogs.panel.records import Panel
from dialogs.screens import Joined, Line, Number, Own, Say, Told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.broadcasts.records import Broadcast
    from dialogs.outcome import Here
    from dialogs.screens import Paragraph, Words

A_SECOND: Final = 30
"""Messages: Telegram takes no more from a bot (Bot API, FAQ)."""

_CIRCLES: Final[Mapping[Circle, Say]] = {
    Circle.SUBSCRIBERS: Say("compose.subscribers"),
    Circle.MEMBERS: Say("compose.members"),
    Circle.RESERVE: Say("compose.reserve"),
}


def offered(here: Here) -> tuple[Audience, ...]:
    """Everybody it can be sent to; the applicants of each call that was ever opened."""
    panel = here.panel or Panel()
    calls = (Audience(Circle.APPLICANTS, one.name) for one in panel.surveys)
    return (*map(Audience, _CIRCLES), *(one for one in calls if one in panel.reach))


def said(here: Here, audience: Audience) -> Words:
    """What an audience is called."""
    if audience.circle is not Circle.APPLICANTS:
        return _CIRCLES[audience.circle]
    surveys = (here.panel or Panel()).surveys
    titles = [Told(one.form.title) for one in surveys if one.name == audience.of]
    return Say("compose.applicants", {"call": titles[0] if titles else Own(audience.of)})


def reach(here: Here, audience: Audience) -> Reach:
    return (here.panel or Panel()).reach.get(audience, Reach({}))


def reached(here: Here, broadcast: Broadcast) -> Reach:
    """Nobody, while it has no audience."""
    if broadcast.circle is None:
        return Reach({})
    return reach(here, planning.audience(broadcast))


def languages(here: Here, broadcast: Broadcast) -> tuple[str, ...]:
    """Those that somebody of its audience reads."""
    read = reached(here, broadcast).languages
    return tuple(one for one in LANGUAGES if read.get(one))


def numbers(here: Here, broadcast: Broadcast) -> Paragraph:
    """To whom, to how many in each language, and how long that takes."""
    if broadcast.circle is None:
        return (Line(Say("compose.to_nobody_yet")),)
    found = reached(here, broadcast)
    who = said(here, planning.audience(broadcast))
    lines = [Line(Say("compose.goes_to", {"audience": who}))]
    if found.total:
        each = tuple(
            Joined((IN[one], Number(found.languages[one])), by=" ")
            for one in languages(here, broadcast)
        )
        lines.append(
            Line(Joined((Say("compose.people", count=found.total), Joined(each)), by=": "))
        )
        lines.append(Line(duration(found.total)))
    if found.gone:
        lines.append(Line(Say("compose.people_gone", count=found.gone)))
    if found.without:
        lines.append(Line(Say("compose.people_to_call", count=found.without)))
    return tuple(lines)


def duration(people: int) -> Say:
    """How long it takes to send it."""
    if people < 60 * A_SECOND:
        return Say("compose.under_a_minute")
    return Say("compose.minutes", count=-(-people // (60 * A_SECOND)))
