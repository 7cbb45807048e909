"""How fast the bot speaks: what Telegram lets a bot send, counted in one place.

Over all chats at most `RATE` messages in any second: one more waits until the first of the last
`RATE` is a second old. To one chat, what is said unprompted comes at most once a second. Replies to
people count like everything else, but go before all that is unprompted, and never wait for their
chat. Edits and answered taps are no messages.

It is Telegram's clock that counts, and a message is on its way for a while: the second of one whose
answer took longer than the quickest is longer by that much, and one that is not answered counts.

When Telegram asks for a pause (429), all that is unprompted waits as long as it says.
"""

from __future__ import annotations

import asyncio
import time as clock
from collections import deque
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from bot.intake import Sleep

RATE: Final = 30
"""Messages a second, to all chats together (Bot API, "My bot is hitting limits")."""

SECOND: Final = 1.005
"""Seconds that one lasts here: clocks differ by a hair. It leaves 29.8 messages a second."""

KNOWN: Final = 300
"""Of so many messages it is remembered how long their answers took."""

ALL_UNANSWERED: Final = 0.1
"""Seconds between two looks where every message that counts is still on its way."""


@dataclass(frozen=True, slots=True, eq=False)
class _Message:
    begun: float
    took: float = 0.0  # until its answer


class Pace:
    """One for the process, because all its messages are one bot's. `time` is monotonic, in
    seconds."""

    def __init__(
        self,
        rate: int = RATE,
        *,
        time: Callable[[], float] = clock.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._rate = rate
        self._time = time
        self._sleep = sleep
        self._on_the_way: set[_Message] = set()
        self._answered: list[_Message] = []  # of the last second
        self._took: deque[float] = deque(maxlen=KNOWN)
        self._chats: dict[int, float] = {}  # when each was last written to
        self._paused = float("-inf")  # until then
        self._replies = 0  # that wait
        self._booked = float("-inf")  # the last moment that was given to a reply
        self._no_replies = asyncio.Event()
        self._no_replies.set()
        self._turn_of_replies = asyncio.Lock()
        self._turn_of_others = asyncio.Lock()

    @asynccontextmanager
    async def reply(self, chat: int) -> AsyncIterator[None]:
        """Entered when a reply may be sent, and left when it is answered."""
        self._replies += 1
        self._no_replies.clear()
        try:
            async with self._turn_of_replies:
                while wait := self._wait_of_all():
                    await self._sleep(wait)
                message = self._begin(chat)
        finally:
            self._replies -= 1
            if not self._replies:
                self._no_replies.set()
        try:
            yield
        finally:
            self._end(chat, message)

    def busy(self) -> float:
        """0; or where so many replies wait that one more would wait for longer than a second, the
        seconds after which to come again: for each who asks a moment of their own."""
        if self._replies < self._rate:
            return 0.0
        now = self._time()
        self._booked = max(self._booked, now + SECOND) + SECOND / self._rate
        return self._booked - now

    @asynccontextmanager
    async def bulk(self, chat: int) -> AsyncIterator[bool]:
        """Entered when something unprompted may be sent, and left when it is answered; with False,
        and it may not, if Telegram asks for a pause meanwhile."""
        message = None
        while message is None and not self.paused:
            if wait := self._wait_of(chat):
                await self._sleep(wait)
            else:
                message = await self._in_turn(chat)
        try:
            yield message is not None
        finally:
            if message is not None:
                self._end(chat, message)

    async def _in_turn(self, chat: int) -> _Message | None:
        """What may be sent now; None where its chat or all must wait again."""
        async with self._turn_of_others:
            while not self.paused and not self._wait_of(chat):
                if self._replies:
                    await self._no_replies.wait()
                elif wait := self._wait_of_all():
                    await self._sleep(wait)
                else:
                    return self._begin(chat)
        return None

    def pause(self, seconds: float) -> None:
        """Nothing unprompted for so long."""
        self._paused = max(self._paused, self._time() + seconds)

    @property
    def paused(self) -> bool:
        return self._time() < self._paused

    async def resumed(self) -> None:
        """Until no pause is asked for any more."""
        while (wait := self._paused - self._time()) > 0:
            await self._sleep(wait)

    def _wait_of_all(self) -> float:
        if len(self._on_the_way) + len(self._answered) < self._rate:
            return 0.0
        now, quickest = self._time(), min(self._took, default=0.0)

        def ends(message: _Message) -> float:
            return message.begun + SECOND + message.took - quickest

        self._answered = [message for message in self._answered if ends(message) > now]
        if len(self._on_the_way) + len(self._answered) < self._rate:
            return 0.0
        return min(map(ends, self._answered), default=now + ALL_UNANSWERED) - now

    def _wait_of(self, chat: int) -> float:
        return max(0.0, self._chats.get(chat, float("-inf")) + SECOND - self._time())

    def _begin(self, chat: int) -> _Message:
        message = _Message(self._time())
        self._on_the_way.add(message)
        self._written_to(chat, message.begun)
        return message

    def _end(self, chat: int, message: _Message) -> None:
        took = self._time() - message.begun
        self._on_the_way.discard(message)
        self._took.append(took)
        self._answered.append(_Message(message.begun, took))
        self._written_to(chat, message.begun + took - min(self._took))

    def _written_to(self, chat: int, moment: float) -> None:
        self._chats[chat] = max(moment, self._chats.pop(chat, moment))
        while self._chats[first := next(iter(self._chats))] + SECOND <= moment and first != chat:
            del self._chats[first]
