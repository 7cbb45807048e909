"""What is kept of a broadcast: its words in each language, whom it is for, and what coordinators
have decided about it.

What becomes of it for each person is not here: that is its announcement's deliveries, which bear
its key and version in their occasion. A broadcast's life is the table below; that it has begun, or
has come to its end, is read from the report.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime  # noqa: TC003 - read when a record is unpacked
from enum import StrEnum
from typing import Final

from dialogs.announcement import Circle  # noqa: TC001 - read when a record is unpacked
from dialogs.screens import Mark  # noqa: TC001 - read when a record is unpacked


class Life(StrEnum):
    """Where a broadcast is, as far as coordinators decide."""

    DRAFT = "draft"
    ASKED = "asked"  # a second coordinator is asked
    CONFIRMED = "confirmed"  # it goes out when it is due, is going out, or has gone out
    PAUSED = "paused"
    CANCELLED = "cancelled"  # who had not got it does not get it
    RETRACTED = "retracted"  # who had got it has it no more


class Turn(StrEnum):
    """What moves a broadcast from one to the next."""

    ASKED_FOR = "asked for"
    CONFIRMED = "confirmed"
    TAKEN_BACK = "taken back"  # before anybody got it: it can be changed again
    PAUSED = "paused"
    WENT_ON = "went on"
    CORRECTED = "corrected"
    CANCELLED = "cancelled"
    RETRACTED = "retracted"


LIFE: Final = {
    (Life.DRAFT, Turn.ASKED_FOR): Life.ASKED,
    (Life.DRAFT, Turn.CONFIRMED): Life.CONFIRMED,  # there is nobody to ask
    (Life.ASKED, Turn.CONFIRMED): Life.CONFIRMED,
    (Life.ASKED, Turn.TAKEN_BACK): Life.DRAFT,
    (Life.CONFIRMED, Turn.TAKEN_BACK): Life.DRAFT,
    (Life.CONFIRMED, Turn.PAUSED): Life.PAUSED,
    (Life.CONFIRMED, Turn.CORRECTED): Life.CONFIRMED,
    (Life.CONFIRMED, Turn.CANCELLED): Life.CANCELLED,
    (Life.CONFIRMED, Turn.RETRACTED): Life.RETRACTED,
    (Life.PAUSED, Turn.WENT_ON): Life.CONFIRMED,
    (Life.PAUSED, Turn.CORRECTED): Life.PAUSED,
    (Life.PAUSED, Turn.CANCELLED): Life.CANCELLED,
    (Life.PAUSED, Turn.RETRACTED): Life.RETRACTED,
    (Life.CANCELLED, Turn.CORRECTED): Life.CANCELLED,
    (Life.CANCELLED, Turn.RETRACTED): Life.RETRACTED,
}
"""Pairs that are not here are refused, and change nothing."""


def turn(life: Life, happened: Turn) -> Life | None:
    """The state after what happened; None where it is refused and changes nothing."""
    return LIFE.get((life, happened))


@dataclass(frozen=True, slots=True)
class Wording:
    """The message in one language, as it was written. `file` and `picture` are Telegram's file_ids
    of what comes along, one of them at most; `name` is what the file is called."""

    text: str
    marks: tuple[Mark, ...] = ()
    file: str = ""
    name: str = ""
    picture: str = ""


class Occasion(StrEnum):
    """What of a survey or a call is told in ready words."""

    OPENED = "opened"
    CLOSES_SOON = "closes"


@dataclass(frozen=True, slots=True)
class Ready:
    """Ready words in every language, about the survey or call of this name; `day` is its last one,
    as it is told."""

    occasion: Occasion
    survey: str
    day: date | None


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction that went out. `languages` are those whose words changed; `notice`: everybody
    who had the old words was told in a new message, not only who may have got it unseen. `was` and
    `was_day` are what stood there before it, of the written or the ready words."""

    on: date
    by: str  # a coordinator's name
    languages: tuple[str, ...]
    notice: bool
    was: dict[str, Wording] = field(default_factory=dict, repr=False)
    was_day: date | None = None


@dataclass(frozen=True, slots=True)
class Broadcast:
    """`circle` and `of` are the audience's (`dialogs.announcement.Audience`); of a broadcast in
    ready words `wordings` is empty. `at` and `due` are aware, Helsinki time."""

    key: bytes
    author: bytes  # the key of the coordinator who works on it, or sent it
    made_on: date
    circle: Circle | None = None
    of: str = ""
    wordings: dict[str, Wording] = field(default_factory=dict, repr=False)
    ready: Ready | None = None
    pointer: bytes | None = None  # the bot's own link on the button below, that can be mended
    urgent: bool = False  # also in quiet hours, without sound
    at: datetime | None = None  # when it is to go out; None: as soon as it is confirmed
    tested: str = ""  # what was tested, as `fingerprint` tells it
    life: Life = Life.DRAFT
    asked_at: datetime | None = None  # when a second coordinator was asked
    due: datetime | None = None  # when it goes out, once it is confirmed
    confirmed_by: str = ""  # a coordinator's name
    corrections: tuple[Correction, ...] = ()
    version: int = 0  # rises with each confirmation: what goes out is told apart by it
    revision: int = 0


class Target(StrEnum):
    """Where one of the bot's own links leads."""

    SURVEY = "survey"  # or a call: `to` is its name
    PAGE = "page"  # `to` is an https address
    STATEMENT = "statement"  # the same, of a statement of the panel


@dataclass(frozen=True, slots=True)
class Pointer:
    """One of the bot's own links: whoever opens it is led to where it points now, so that what has
    gone out already can be mended. `title` is what the page is called, by language."""

    key: bytes  # its first `TOKEN` bytes stand in the link
    target: Target
    to: str
    title: dict[str, str] = field(default_factory=dict)
    made_on: date | None = None
    revision: int = 0
