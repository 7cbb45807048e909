"""The queue of updates for a bot, as Telegram keeps it (Bot API, getUpdates and setWebhook).

An update waits until a call with a higher offset confirms it, or the webhook took it, or until it
is too old: a day, a callback query 150 seconds by the sandbox's clock. Of two pollers the older is
sent away. A call that repeats the last offset at once gets one update at a time: Telegram slows a
bot that asks again before it has done its work.

Telegram's own queue has its faults: an update can come twice, or hold what nobody expects. `again`
and `put_raw` make them.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, replace
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
REMEMBERED = 1000
"""So many updates that have left the queue can still come `again`."""


class Bell:
    """Wakes everyone who waits for something to change; each then looks for himself."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()
        self._rung = asyncio.Event()

    async def heard(self) -> None:
        await self._rung.wait()


@dataclass(eq=False, slots=True)
class Waiting:
    """An update not yet confirmed; `wire` as the Bot API writes it. One that is `repeated` was
    confirmed before and has not come again yet."""

    number: int
    wire: Json
    until: datetime
    repeated: bool = False


class Updates:
    """The updates not yet confirmed. `changed` rings when some come or leave, when a bot begins to
    wait for new ones, and when a webhook is set or removed."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._waiting: list[Waiting] = []
        self._left: deque[Waiting] = deque(maxlen=REMEMBERED)
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
        return [update.number for update in self.waiting() if update.number <= up_to]

    def waiting(self) -> list[Waiting]:
        """What still waits, in the order it is delivered."""
        self._drop(lambda update: update.until <= self._clock())
        return list(self._waiting)

    def allow(self, kinds: frozenset[str]) -> None:
        """Only these kinds are put in from now on; an empty set is Telegram's default: all that
        the sandbox makes."""
        self._allowed = kinds

    @property
    def allowed(self) -> frozenset[str]:
        return self._allowed

    def put(self, kind: str, payload: Json, *, kept: timedelta = KEPT) -> None:
        if not self._allowed or kind in self._allowed:
            self.put_raw({kind: payload}, kept=kept)

    def put_raw(self, update: Json, *, kept: timedelta = KEPT) -> int:
        """Puts in any object as an update, whatever it holds; returns its number, the next one if
        it brings none."""
        number = update.get("update_id", self._next)
        self._next = max(self._next, number + 1)
        wire = {"update_id": number, **update}
        self._waiting.append(Waiting(number, wire, self._clock() + kept))
        self._came()
        return int(number)

    def again(self, number: int) -> None:
        """Delivers an update once more that has left the queue. Raises KeyError if it has not."""
        known = next((update for update in self._left if update.number == number), None)
        if known is None:
            raise KeyError(f"update {number} has not left the queue, or too long ago")
        again = replace(known, until=self._clock() + KEPT, repeated=True)
        self._waiting.append(again)
        self._came()

    def took(self, taken: Waiting) -> None:
        """The webhook took this update."""
        self._drop(lambda update: update is taken)

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
            self.end_poll(refusals.TWO_POLL)
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
        self.end_poll(refusals.RESTART)

    def _came(self) -> None:
        self.end_poll("")
        self.changed.ring()

    def end_poll(self, refusal: str) -> None:
        """Answers the waiting poller: with what there is, or with the refusal."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(refusal)

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            latest = self._waiting[offset:]
            self._drop(lambda update: update not in latest)
        else:
            self._drop(lambda update: update.number < offset and not update.repeated)

    def _ready(self, limit: int) -> list[Json]:
        ready = self.waiting()[:limit]
        for update in ready:
            update.repeated = False
        return [update.wire for update in ready]

    def _drop(self, gone: Callable[[Waiting], bool]) -> None:
        left: list[Waiting] = []
        for update in self._waiting:
            (self._left if gone(update) else left).append(update)
        if len(left) < len(self._waiting):
            self._waiting = left
            self.changed.ring()
