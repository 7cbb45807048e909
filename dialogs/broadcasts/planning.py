"""What a broadcast comes to: the cards that go out, and the announcements that bear them.

Its occasions bear its key and its version, so that confirming twice sends once. A correction gives
the first announcement other words, wherever they were received; whoever had the old ones is told in
an announcement of its own.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from dialogs import buttons
from dialogs.announcement import Announcement, Audience, Circle, Priority
from dialogs.broadcasts import pointers
from dialogs.broadcasts.records import Occasion, Target, Turn, turn
from dialogs.languages import LANGUAGES
from dialogs.panel.buttons import short
from dialogs.panel.hours import after_quiet, quiet_hours
from dialogs.panel.records import Panel
from dialogs.screens import Button, Card, Dated, Line, On, Say, Told, Written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.broadcasts.records import Broadcast, Pointer
    from dialogs.life import Running
    from dialogs.outcome import Here
    from dialogs.screens import Paragraph

EVERY: Final = "broadcast:"
"""The beginning of every broadcast's occasions."""

USEFUL: Final = timedelta(days=14)
"""So long after it is due, who was away still gets it."""

UNDO: Final = timedelta(minutes=1)
"""So long it can be taken back where no second coordinator has looked at it."""

_LABELS: Final[Mapping[Target, Say]] = {
    Target.SURVEY: Say("broadcast.button_survey"),
    Target.PAGE: Say("broadcast.button_page"),
    Target.STATEMENT: Say("broadcast.button_statement"),
}


def prefix(broadcast: Broadcast) -> str:
    """The beginning of all that ever goes out of it."""
    return f"{EVERY}{short(broadcast.key)}:"


def occasion(broadcast: Broadcast, what: str = "text") -> str:
    """Of the message itself; `notice-1` is the first correction's news."""
    return f"{prefix(broadcast)}{broadcast.version}:{what}"


def audience(broadcast: Broadcast) -> Audience:
    """Raises ValueError while it has none."""
    if broadcast.circle is None:
        raise ValueError("a broadcast without an audience")
    return Audience(broadcast.circle, broadcast.of)


def cards(here: Here, broadcast: Broadcast) -> dict[str, Card]:
    """The message in each language it is written in, as it is received."""
    written = LANGUAGES if broadcast.ready is not None else tuple(broadcast.wordings)
    return {language: _card(here, broadcast, language) for language in written}


def confirmed(
    here: Here, broadcast: Broadcast, by: str, *, alone: bool
) -> tuple[Broadcast, Announcement]:
    """The broadcast as it is kept once it is confirmed, and what goes out. `alone`: nobody else has
    looked at it, and so it can be undone for a minute. Raises ValueError where its life does not
    allow it, or it has no audience."""
    life = turn(broadcast.life, Turn.CONFIRMED)
    if life is None:
        raise ValueError(f"a broadcast that is {broadcast.life} is not confirmed")
    due = due_at(here, broadcast, alone=alone)
    kept = replace(
        broadcast, life=life, due=due, confirmed_by=by, asked_at=None, version=broadcast.version + 1
    )
    return kept, announcement(here, kept)


def due_at(here: Here, broadcast: Broadcast, *, alone: bool) -> datetime:
    """When it would go out if it were confirmed now: aware, Helsinki time. Not in quiet hours,
    unless it is urgent."""
    soonest = here.now + UNDO if alone else here.now
    at = soonest if broadcast.at is None else max(soonest, broadcast.at.astimezone(here.now.tzinfo))
    return at if broadcast.urgent else after_quiet(at, quiet_hours(here.office))


def announcement(here: Here, broadcast: Broadcast) -> Announcement:
    """What goes out, or is put in the place of what went out. Raises ValueError before it is
    confirmed."""
    if broadcast.due is None:
        raise ValueError("a broadcast that nobody has confirmed")
    due = broadcast.due.astimezone(UTC)
    return Announcement(
        occasion(broadcast),
        audience(broadcast),
        cards(here, broadcast),
        due,
        due + USEFUL,
        Priority.CHANGE if broadcast.urgent else Priority.BROADCAST,
        only=True,
    )


def leads_to(here: Here, pointer: bytes | None) -> Pointer | None:
    """The bot's own link of that key."""
    return next((one for one in (here.panel or Panel()).pointers if one.key == pointer), None)


def _card(here: Here, broadcast: Broadcast, language: str) -> Card:
    mark = tuple(
        (Line(Say("broadcast.corrected", {"day": Dated(one.on)})),)
        for one in broadcast.corrections[::-1]
        if language in one.languages
    )[:1]
    rows = _rows(here, broadcast, language)
    if broadcast.ready is not None:
        return Card(language, (*mark, *_ready(here, broadcast)), rows)
    wording = broadcast.wordings[language]
    text = ((Line(Written(wording.text, wording.marks)),),) if wording.text else ()
    return Card(language, (*mark, *text), rows, file=wording.file, picture=wording.picture)


def _ready(here: Here, broadcast: Broadcast) -> tuple[Paragraph, ...]:
    ready = broadcast.ready
    survey = None if ready is None else _survey(here, ready.survey)
    if ready is None or survey is None:
        raise ValueError("ready words of a survey that is not there")
    title = {"title": Told(survey.form.title)}
    if ready.day is None:
        said = Say("broadcast.survey_open", title)
    elif ready.occasion is Occasion.OPENED:
        said = Say("broadcast.survey_open_until", {**title, "day": On(ready.day)})
    else:
        said = Say("broadcast.survey_closes", {**title, "day": On(ready.day)})
    return ((Line(said),),)


def _survey(here: Here, name: str) -> Running | None:
    return next((one for one in (here.panel or Panel()).surveys if one.name == name), None)


def _rows(here: Here, broadcast: Broadcast, language: str) -> tuple[tuple[Button, ...], ...]:
    rows = way_out(broadcast, language)
    if (pointer := leads_to(here, broadcast.pointer)) is None:
        return rows
    label = Told(pointer.title) if pointer.title else _LABELS[pointer.target]
    return ((Button(label, link=pointers.link(here.bot_link, pointer)),), *rows)


def way_out(broadcast: Broadcast, language: str) -> tuple[tuple[Button, ...], ...]:
    """The button of subscribers by which no more comes, one tap away under everything."""
    if broadcast.circle is not Circle.SUBSCRIBERS:
        return ()
    return (
        (Button(Say("broadcast.unsubscribe"), buttons.menu(language, buttons.Page.UNSUBSCRIBE)),),
    )
