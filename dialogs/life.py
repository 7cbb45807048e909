"""A survey's life, and a call's: draft, scheduled, open, closing, closed, archived.

A survey's draft is seen by coordinators alone. The last day lasts until midnight in Helsinki. While
*closing*, nothing new is begun and begun answers may be finished until four in the morning of the
next day; then they are erased. Closing early works the same from that moment, and can be undone
until then.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from dialogs.forms.model import Form


class State(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"
    ARCHIVED = "archived"  # closed, and out of the coordinators' way


class Turn(StrEnum):
    """What moves a survey from one state to the next."""

    OPENED = "opened by hand"
    FIRST_DAY_CAME = "first day came"
    LAST_DAY_ENDED = "last day ended"
    CLOSED_BY_HAND = "closed by hand"
    MORNING_CAME = "morning came"
    PLANNED = "planned"  # its first day is ahead
    ARCHIVED = "archived"
    TAKEN_OUT = "taken out"  # of the archive


LIFE: Final = {
    (State.DRAFT, Turn.OPENED): State.OPEN,
    (State.DRAFT, Turn.PLANNED): State.SCHEDULED,
    (State.SCHEDULED, Turn.FIRST_DAY_CAME): State.OPEN,
    (State.SCHEDULED, Turn.PLANNED): State.SCHEDULED,  # other days
    (State.SCHEDULED, Turn.OPENED): State.OPEN,  # today already
    (State.SCHEDULED, Turn.CLOSED_BY_HAND): State.DRAFT,  # nobody has met it yet
    (State.OPEN, Turn.OPENED): State.OPEN,  # another last day
    (State.OPEN, Turn.LAST_DAY_ENDED): State.CLOSING,
    (State.OPEN, Turn.CLOSED_BY_HAND): State.CLOSING,
    (State.CLOSING, Turn.OPENED): State.OPEN,
    (State.CLOSING, Turn.MORNING_CAME): State.CLOSED,
    (State.CLOSED, Turn.ARCHIVED): State.ARCHIVED,
    (State.ARCHIVED, Turn.TAKEN_OUT): State.CLOSED,
}

DRAFTS_END: Final = time(4)
"""When begun drafts end, Helsinki time, on the morning after the last day."""


@dataclass(frozen=True, slots=True)
class Running:
    """A survey or a call with the form it runs with, which bears its name: a new round of a form
    has another. `revision` counts how often it was kept."""

    form: Form
    state: State
    opens: date  # of a draft without a first day: when it was made
    closes: date | None = None  # its last day; None: until it is closed by hand
    closed_on: date | None = None  # the day it was closed by hand
    source: str = field(default="", repr=False)  # the form's file, as it was taken
    met: bool = False  # its public link was opened once, through the bot itself
    revision: int = 0

    @property
    def name(self) -> str:
        return self.form.name

    @property
    def over(self) -> bool:
        """Whether nothing is taken any more."""
        return self.state in (State.CLOSED, State.ARCHIVED)

    @property
    def takes_new(self) -> bool:
        return self.state is State.OPEN

    @property
    def takes_begun(self) -> bool:
        return self.state in (State.OPEN, State.CLOSING)


def turn(state: State, happened: Turn) -> State | None:
    """The state after what happened; None where it is refused and changes nothing."""
    return LIFE.get((state, happened))


def advanced(survey: Running, now: datetime) -> Running:
    """The survey as it is at `now` (Helsinki wall clock): every turn that time has brought."""
    while (happened := _due(survey, now)) is not None:
        survey = replace(survey, state=LIFE[survey.state, happened])
    return survey


def _due(survey: Running, now: datetime) -> Turn | None:
    last = survey.closed_on or survey.closes
    if survey.state is State.SCHEDULED and now.date() >= survey.opens:
        return Turn.FIRST_DAY_CAME
    if survey.state is State.OPEN and survey.closes is not None and now.date() > survey.closes:
        return Turn.LAST_DAY_ENDED
    if survey.state is State.CLOSING and last is not None:
        morning = datetime.combine(last + timedelta(days=1), DRAFTS_END, now.tzinfo)
        if now >= morning:
            return Turn.MORNING_CAME
    return None
