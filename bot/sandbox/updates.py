"""The queue of updates a bot polls, as Telegram keeps it (Bot API, getUpdates).

An update waits until a call with a higher offset confirms it, or until it is too old: a day, a
callback query 150 seconds by the sandbox's clock. Of two pollers the older is sent away. A call
that repeats the last offset at once gets one update at a time: Telegram slows a bot that asks
again before it has done its work.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.sandbox import refusals
from bot.sandbox.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.texts import Json

KEPT = timedelta(hours=24)
CALLBACKS_KEPT = timedelta(seconds=150)
MOST_AT_ONCE = 100
REPEATED_WITHIN = timedelta(seconds=0.5)
FIRST_ID = 400_000_001


class Bell:
    """Wakes everyone who waits for something to change; each then looks for himself."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()
        self._rung = asyncio.Event()

    async def heard(self) -> None:
        await self._rung.wait()


@dataclass(frozen=True, slots=True)
class _Waiting:
    number: int
    kind: str
    payload: Json
    until: datetime


class Updates:
    """The updates not yet confirmed. `changed` rings when some leave the queue and when a bot
    begins to wait for new ones."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._waiting: list[_Waiting] = []
        self._next = FIRST_ID
        self._allowed: frozenset[str] = frozenset()
        self._poll: asyncio.Future[str] | None = None
        self._last_offset: int | None = None
        self._last_asked = datetime.min.replace(tzinfo=UTC)
        self.changed = Bell()
        self.closed = False

    @property
    def newest(self) -> int:
        """Number of the newest update ever put in."""
        return self._next - 1

    @property
    def polled(self) -> bool:
        """Whether a bot is waiting for new updates now."""
        return self._poll is not None and not self._poll.done()

    def unconfirmed(self, up_to: int) -> list[int]:
        """Numbers of the updates, at most `up_to`, that still wait."""
        self._drop(lambda update: update.until <= self._clock())
        return [update.number for update in self._waiting if update.number <= up_to]

    def allow(self, kinds: frozenset[str]) -> None:
        """Only these kinds are put in from now on; an empty set is Telegram's default: all that
        the sandbox makes."""
        self._allowed = kinds

    @property
    def allowed(self) -> frozenset[str]:
        return self._allowed

    def put(self, kind: str, payload: Json, *, kept: timedelta = KEPT) -> None:
        if self._allowed and kind not in self._allowed:
            return
        self._waiting.append(_Waiting(self._next, kind, payload, self._clock() + kept))
        self._next += 1
        self._end_poll("")

    def forget(self) -> None:
        """Drops everything that waits (`drop_pending_updates`)."""
        self._drop(lambda _: True)

    async def take(self, offset: int, limit: int, seconds: float) -> list[Json]:
        """Confirms what is below `offset` and returns what waits, at most `limit`, waiting up to
        `seconds` for something to come. Raises `Refusal` when another poller takes over or the
        sandbox stops."""
        if self.closed:
            raise Refusal(refusals.RESTART)
        now = self._clock()
        if offset == self._last_offset and now < self._last_asked + REPEATED_WITHIN:
            limit = 1
        self._last_offset, self._last_asked = offset, now
        self._confirm(offset)
        ready = self._ready(limit)
        if not ready and seconds > 0:
            self._end_poll(refusals.TWO_POLL)
            poll = self._poll = asyncio.get_running_loop().create_future()
            self.changed.ring()
            try:
                async with asyncio.timeout(seconds):
                    refusal = await poll
            except TimeoutError:
                refusal = ""
            if refusal:
                raise Refusal(refusal)
            ready = self._ready(limit)
        return ready

    def close(self) -> None:
        """Sends the waiting poller away, and those who come: the sandbox stops."""
        self.closed = True
        self._end_poll(refusals.RESTART)

    def _end_poll(self, refusal: str) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(refusal)

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            latest = self._waiting[offset:]
            self._drop(lambda update: update not in latest)
        else:
            self._drop(lambda update: update.number < offset)

    def _ready(self, limit: int) -> list[Json]:
        self._drop(lambda update: update.until <= self._clock())
        return [
            {"update_id": update.number, update.kind: update.payload}
            for update in self._waiting[:limit]
        ]

    def _drop(self, gone: Callable[[_Waiting], bool]) -> None:
        left = [update for update in self._waiting if not gone(update)]
        if len(left) < len(self._waiting):
            self._waiting = left
            self.changed.ring()
