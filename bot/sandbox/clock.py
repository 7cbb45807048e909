"""The time of a demo: real time, plus what somebody moved it.

It runs on, and goes forward only: what has happened keeps its time.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

FURTHEST = timedelta(days=2 * 366)
"""How far ahead of real time it goes: two years."""


class Clock:
    """Called, it gives an aware UTC datetime."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def move(self, to: datetime) -> None:
        """Makes it `to` now, which is aware. Raises ValueError for what lies behind, or more than
        two years ahead of real time."""
        ahead = to - datetime.now(UTC)
        if ahead < self._ahead:
            raise ValueError("the clock goes forward only")
        if ahead > FURTHEST:
            raise ValueError("the clock goes two years ahead at most")
        self._ahead = ahead
