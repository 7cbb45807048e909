"""What is true, and what is stolen: the two sides of every attack.

The truth is made with the population and never touches the bot. An attack is given a `Stolen` and
nothing else; only the measures see both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who came to the survey. All times are aware UTC; None: it never was."""

    number: int
    chat: int
    name: str
    contact: str
    came: datetime  # the first tap that begins the survey
    sent: datetime | None  # when the response was sent
    applied: datetime | None
    subscribed: datetime | None
    closed: Mapping[str, Any]  # closed answers as `responses.answers` will hold them
    opened: Mapping[str, str]  # open answers by question; every text is this person's alone
    cell: tuple[
        str, ...
    ]  # area and age band as the survey holds them; the application has them too


@dataclass(frozen=True, slots=True)
class Truth:
    """Everybody who came to one survey, and its k."""

    people: tuple[Person, ...]
    survey: str
    k: int


@dataclass(frozen=True, slots=True)
class Copy:
    """The whole data dir (database, -wal, -shm) as bytes at a moment."""

    taken: datetime  # aware UTC
    folder: Path


@dataclass(frozen=True, slots=True)
class Stolen:
    """What one attacker holds."""

    model: str  # "A", "B", "C", "D", "E", "K"
    copies: tuple[Copy, ...]  # one for A, B, D, K; hourly ones for C, in order
    settings: Mapping[str, str]  # B, C, K: the environment with the token; else empty
    log: str  # D: everything logged at DEBUG; else ""
    keys: Path | None  # K: a copy of the key folder; else None
    known: tuple[tuple[int, str], ...]
    """Chat id and name of everybody in town whom the attacker knows: all who came, and as many who
    never did, shuffled."""
    seen: Mapping[int, datetime]
    """C: by person number, the hour in which somebody saw that person answer on the phone; it is
    the strongest knowledge from outside. Else empty. The hour is the one in which it was sent, its
    beginning, aware UTC."""
    k: int
