"""How fast the bot speaks, on a clock that jumps to the next moment at which something happens."""

from __future__ import annotations

import asyncio
import itertools
import selectors
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from bot.pace import RATE, Pace

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

LATENCY = 0.05
"""Seconds until Telegram has answered."""


class _Jumps(selectors.DefaultSelector):
    """Instead of waiting, time goes on by as much."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        self.now += timeout or 0.0
        return super().select(0)


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._jumps = _Jumps()
        super().__init__(self._jumps)

    def time(self) -> float:
        return self._jumps.now


def lived(story: Coroutine[Any, Any, None]) -> None:
    with asyncio.Runner(loop_factory=_Loop) as runner:
        runner.run(story)


class Sender:
    """Sends by the pace; `sent` is what arrived when, by Telegram's clock. `way` is how long a
    message is on its way."""

    def __init__(self, rate: int = RATE, way: Callable[[], float] = lambda: LATENCY / 2) -> None:
        self.way = way
        self.time = asyncio.get_running_loop().time
        self.pace = Pace(rate, time=self.time)
        self.sent: list[tuple[float, str]] = []

    async def reply(self, chat: int) -> None:
        async with self.pace.reply(chat):
            await self.arrives(f"reply {chat}")

    async def bulk(self, chat: int) -> bool:
        async with self.pace.bulk(chat) as may:
            if may:
                await self.arrives(f"bulk {chat}")
        return may

    async def arrives(self, what: str) -> None:
        await asyncio.sleep(self.way())
        self.sent.append((self.time(), what))
        await asyncio.sleep(LATENCY / 2)

    async def all(self, chats: list[int], in_hand: int = 8) -> None:
        """One after another, so many at a time."""
        left = iter(chats)

        async def hand() -> None:
            for chat in left:
                await self.bulk(chat)

        await asyncio.gather(*(hand() for _ in range(in_hand)))

    @property
    def moments(self) -> list[float]:
        return [moment for moment, _ in self.sent]

    @property
    def order(self) -> list[str]:
        return [what for _, what in self.sent]


def second_old(moments: list[float], rate: int = RATE) -> bool:
    """Whether each message waited until the first of the `rate` before it was a second old."""
    return all(later - first >= 1 for first, later in zip(moments, moments[rate:], strict=False))


def test_the_31st_message_waits_until_the_first_of_the_last_30_is_a_second_old() -> None:
    async def story() -> None:
        sender = Sender()
        await sender.all([*range(31)])
        assert sender.moments[29] < 1
        assert sender.moments[30] >= 1

    lived(story())


def test_a_quiet_minute_is_used_and_no_second_of_it_is_overrun() -> None:
    async def story() -> None:
        sender = Sender()
        await sender.all([*range(60 * RATE)])
        assert second_old(sender.moments)
        minute = [moment for moment in sender.moments if moment < 60]
        assert (len(minute) - 1) / (minute[-1] - minute[0]) >= 29

    lived(story())


def test_one_chat_gets_one_unprompted_message_a_second_and_holds_nobody_else_up() -> None:
    async def story() -> None:
        sender = Sender()
        await sender.all([1, 1, 1, 2, 3])
        first = [moment for moment, what in sender.sent if what == "bulk 1"]
        assert all(later - before >= 1 for before, later in itertools.pairwise(first))
        assert all(moment < 1 for moment, what in sender.sent if what != "bulk 1")

    lived(story())


def test_what_is_unprompted_comes_a_second_after_a_reply_to_the_same_chat() -> None:
    async def story() -> None:
        sender = Sender()
        await sender.reply(1)
        await sender.bulk(1)
        assert sender.moments[1] >= 1

    lived(story())


def test_replies_do_not_wait_for_their_chat() -> None:
    async def story() -> None:
        sender = Sender()
        await asyncio.gather(*(sender.reply(1) for _ in range(5)))
        assert sender.moments[-1] < 1

    lived(story())


def test_replies_count() -> None:
    async def story() -> None:
        sender = Sender(rate=3)
        await sender.reply(1)
        await sender.all([2, 3, 4])
        await sender.reply(1)
        assert second_old(sender.moments, 3)
        assert sender.moments[3] >= 1

    lived(story())


def test_replies_go_first() -> None:
    async def story() -> None:
        sender = Sender(rate=2)
        await asyncio.gather(sender.reply(1), sender.reply(2))
        waiting = asyncio.gather(*(sender.bulk(chat) for chat in (11, 12, 13)))
        await asyncio.sleep(0.5)
        await asyncio.gather(*(sender.reply(chat) for chat in (3, 4, 5)), waiting)
        assert sender.order[2:] == [
            "reply 3", "reply 4", "reply 5", "bulk 11", "bulk 12", "bulk 13",
        ]  # fmt: skip
        assert second_old(sender.moments, 2)

    lived(story())


def test_of_more_replies_than_go_in_a_second_each_comes_again_at_a_moment_of_its_own() -> None:
    async def story() -> None:
        sender = Sender()
        assert sender.pace.busy() == 0
        waiting = [asyncio.create_task(sender.reply(chat)) for chat in range(2 * RATE)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        again = [sender.pace.busy() for _ in range(3 * RATE)]
        assert again[0] > 1
        assert sorted(again) == again
        assert len(set(again)) == 3 * RATE
        assert again[RATE] - again[0] >= 1
        await asyncio.gather(*waiting)
        assert sender.pace.busy() == 0

    lived(story())


def test_a_reply_that_is_given_up_holds_nobody_up() -> None:
    async def story() -> None:
        sender = Sender(rate=1)
        await sender.reply(1)
        given_up = asyncio.create_task(sender.reply(2))
        bulk = asyncio.create_task(sender.bulk(3))
        await asyncio.sleep(0.1)
        given_up.cancel()
        await bulk
        assert sender.order == ["reply 1", "bulk 3"]

    lived(story())


def test_a_pause_holds_all_that_is_unprompted_and_no_reply() -> None:
    async def story() -> None:
        sender = Sender(rate=1)
        await sender.bulk(1)
        waits = asyncio.create_task(sender.bulk(2))
        await asyncio.sleep(0.1)
        sender.pace.pause(10)
        sender.pace.pause(5)  # of two the longer holds
        assert not await waits
        assert not await sender.bulk(3)
        await sender.reply(4)
        assert sender.moments[-1] < 2.5
        await sender.pace.resumed()
        assert 10 <= sender.time() < 11
        assert await sender.bulk(5)

    lived(story())


@pytest.mark.parametrize("rate", [1, 7, 30])
def test_no_second_is_overrun_whoever_asks_when(rate: int) -> None:
    async def story() -> None:
        sender = Sender(rate)

        async def people() -> None:
            for number in range(3 * rate):
                await asyncio.sleep(0.7 / rate)
                await sender.reply(number % 5)

        await asyncio.gather(people(), sender.all([number % 40 for number in range(6 * rate)]))
        assert second_old(sender.moments, rate)
        assert len(sender.sent) == 9 * rate

    lived(story())


def test_by_telegrams_clock_no_second_is_overrun_however_long_messages_are_on_their_way() -> None:
    async def story() -> None:
        chance = Random(3)
        sender = Sender(way=lambda: 0.01 + 0.2 * chance.random() ** 4)
        await sender.all([*range(20 * RATE)])
        assert second_old(sorted(sender.moments))

    lived(story())


def test_what_is_still_on_its_way_counts() -> None:
    async def story() -> None:
        sender = Sender(rate=3)
        sender.way = iter([0.01, 5, 5, 5, 0.01, 0.01]).__next__
        await asyncio.gather(*(sender.reply(chat) for chat in range(6)))
        assert second_old(sorted(sender.moments), 3)
        assert len(sender.sent) == 6

    lived(story())


def test_chats_are_remembered_for_a_second_only() -> None:
    async def story() -> None:
        sender = Sender()
        await sender.all([*range(300)])
        assert len(sender.pace._chats) <= 2 * RATE

    lived(story())
