"""What the bot says unprompted: an announcement, and what becomes of each person's delivery of it.

An announcement is said once, to everybody of an audience, in each one's language. Its *occasion*
names it for ever: announcing the same again changes nothing. When it is due it comes to one
delivery for each person of that moment; every delivery walks the table below.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from dialogs.screens import Card, Words


class Priority(IntEnum):
    """What goes first; replies to people go before all of them."""

    CHANGE = 1  # a change, a cancellation, what cannot wait: also in quiet hours, without sound
    REMINDER = 2
    BROADCAST = 3


class Circle(StrEnum):
    """Whom an announcement is for."""

    MEMBERS = "members"
    UNANSWERED = "unanswered"  # members who have not answered the meeting `of`
    COORDINATORS = "coordinators"
    SUBSCRIBERS = "subscribers"
    RESERVE = "reserve"
    APPLICANTS = "applicants"  # of the call `of`
    PERSON = "person"  # the one member, reserve or coordinator of the key `of`
    RECEIVED = "received"  # who has, or may have, what the announcement `of` said before
    DOUBTED = "doubted"  # of them, those of whom it is not certain


@dataclass(frozen=True, slots=True)
class Audience:
    """A circle; `of` is the key of a meeting or a person, in hexadecimal digits, the name of a
    call, or the occasion of an announcement that is corrected by the same change."""

    circle: Circle
    of: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """An entry for people's calendars, sent along as a file (RFC 5545). `sequence` rises with each
    change (RFC 5545, 3.8.7.4); `start` and `end` are aware."""

    uid: str
    sequence: int
    start: datetime
    end: datetime
    summary: Words
    details: tuple[Words, ...]
    link: str
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Announcement:
    """`cards` holds every language. `due` and `expires` are aware; after `expires` it is of no
    more use, and whoever has not got it does not get it."""

    occasion: str  # at most 96 characters
    audience: Audience
    cards: Mapping[str, Card]
    due: datetime
    expires: datetime
    priority: Priority
    calendar: Calendar | None = None
    only: bool = False  # whoever reads a language that is not written gets nothing
    retracts: bool = False  # as a correction: deleted where Telegram allows, else these words

    def __post_init__(self) -> None:
        if not self.cards:
            raise ValueError("An announcement needs a text.")


class State(StrEnum):
    """Where a delivery is."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    LEFT = "left"  # the person has blocked the bot
    FAILED = "failed"  # Telegram does not take it
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    UNCERTAIN = "uncertain"  # it may have arrived: nobody was there to hear the answer


class Turn(StrEnum):
    """What moves a delivery from one state to the next."""

    CLAIMED = "claimed"
    ARRIVED = "arrived"
    BLOCKED = "blocked"
    REFUSED = "refused"
    PUT_OFF = "put off"  # Telegram said that it did not take it now
    LOST_SIGHT = "lost sight"
    TOO_LATE = "too late"
    TAKEN_BACK = "taken back"
    CAME_BACK = "came back"  # the person has unblocked the bot


DELIVERY: Final = {
    (State.WAITING, Turn.CLAIMED): State.SENDING,
    (State.WAITING, Turn.BLOCKED): State.LEFT,
    (State.WAITING, Turn.TOO_LATE): State.EXPIRED,
    (State.WAITING, Turn.TAKEN_BACK): State.WITHDRAWN,
    (State.SENDING, Turn.ARRIVED): State.SENT,
    (State.SENDING, Turn.BLOCKED): State.LEFT,
    (State.SENDING, Turn.REFUSED): State.FAILED,
    (State.SENDING, Turn.PUT_OFF): State.WAITING,
    (State.SENDING, Turn.LOST_SIGHT): State.UNCERTAIN,
    (State.UNCERTAIN, Turn.CLAIMED): State.SENDING,
    (State.UNCERTAIN, Turn.BLOCKED): State.LEFT,
    (State.UNCERTAIN, Turn.TOO_LATE): State.EXPIRED,
    (State.UNCERTAIN, Turn.TAKEN_BACK): State.WITHDRAWN,
    (State.LEFT, Turn.CAME_BACK): State.WAITING,
    (State.LEFT, Turn.TAKEN_BACK): State.WITHDRAWN,
}
"""Pairs that are not here are refused, and change nothing. Who has left stays so when it is too
late: why they did not get it is what a coordinator wants to know."""


def turn(state: State, happened: Turn) -> State | None:
    """The state after what happened; None where it is refused and changes nothing."""
    return DELIVERY.get((state, happened))


class Stage(StrEnum):
    """Where an announcement is."""

    PLANNED = "planned"
    OPEN = "open"  # it has its deliveries
    WITHDRAWN = "withdrawn"  # some of its deliveries may not know yet
    ENDED = "ended"  # nothing of it is on its way


class Step(StrEnum):
    """What moves an announcement from one stage to the next."""

    OPENED = "opened"
    TAKEN_BACK = "taken back"
    OVER = "over"
    CORRECTED = "corrected"  # it has another text, for those who have the one before


ANNOUNCEMENT: Final = {
    (Stage.PLANNED, Step.OPENED): Stage.OPEN,
    (Stage.PLANNED, Step.TAKEN_BACK): Stage.WITHDRAWN,
    (Stage.OPEN, Step.TAKEN_BACK): Stage.WITHDRAWN,
    (Stage.OPEN, Step.OVER): Stage.ENDED,
    (Stage.WITHDRAWN, Step.OVER): Stage.ENDED,
    (Stage.ENDED, Step.CORRECTED): Stage.OPEN,
}


class Mended(StrEnum):
    """What became of the last correction where the one before had been received."""

    NOT_YET = "not yet"
    EDITED = "edited"
    DELETED = "deleted"
    FAILED = "failed"  # it still says what it said: the person has deleted it, or left


@dataclass(frozen=True, slots=True)
class Report:
    """How far an announcement has come. `doubled` is how many may have got it twice; `mended` is
    of those who had it when it was corrected; `languages` are the counts by what people read."""

    counts: Mapping[State, int]
    doubled: int = 0
    missed: tuple[bytes, ...] = ()  # keys of the persons who did not get it and will not
    stage: Stage = Stage.PLANNED
    held: bool = False
    mended: Mapping[Mended, int] = field(default_factory=dict)
    languages: Mapping[str, Mapping[State, int]] = field(default_factory=dict)

    def number(self, *states: State) -> int:
        """How many deliveries are in one of the states."""
        return sum(self.counts.get(state, 0) for state in states)


@dataclass(frozen=True, slots=True)
class Reach:
    """How many an announcement to an audience would go to now: by language; besides them, who has
    left, and members who have no Telegram."""

    languages: Mapping[str, int]
    gone: int = 0
    without: int = 0

    @property
    def total(self) -> int:
        return sum(self.languages.values())
