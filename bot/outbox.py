"""The outbox: the one place where the bot speaks unprompted.

It looks at what is due, once a second and whenever it is woken: audiences are written out, what is
over is swept up, and up to `AT_ONCE` deliveries are in hand. Each is claimed and that is committed
before it is sent; while it is sent nothing is held open; what became of it is recorded after. Of
all processes on one database, whoever holds the lease does this.

What is not known to have arrived, after a crash or a broken connection, is sent again and counted
as doubtful: a reminder twice is a nuisance, one that never came is a broken promise.

A correction goes to where the text before was received, at any hour, for an edit rings nowhere.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import DeleteMessage
from aiogram.types import Message

from bot import letters
from dialogs.announcement import Mended, Priority, Stage, Turn
from dialogs.panel.hours import is_quiet, quiet_hours
from storage import announcements, deliveries
from storage.announcements import in_language
from storage.deliveries import Claimed, Done

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from aiogram import Bot
    from aiogram.methods import TelegramMethod

    from bot.letters import Letter, Letters
    from bot.pace import Pace
    from dialogs.office import Office
    from storage.announcements import Current
    from storage.database import Store
    from storage.deliveries import Key
    from storage.lease import Lease

AT_ONCE: Final = 8
"""Deliveries in hand."""

EVERY: Final = 1.0
"""Seconds between two looks; another process may have planned something, or the clock moved."""

LONGEST_WAIT: Final = 60
"""Seconds between two tries of what Telegram did not take: 1, 2, 4 … up to this."""

PATIENCE: Final = 30
"""Seconds for Telegram to answer."""

GRACE: Final = 4.0
"""Seconds that a stop gives to what is being sent."""

NOT_FOUND: Final = "to delete not found"
"""What Telegram says where a message that is to be deleted is not there any more."""

NOT_REACHED: Final = "ClientConnector"
"""How the client's names for trouble begin in which nothing was sent."""

log = logging.getLogger("raati.outbox")


@dataclass(frozen=True, slots=True)
class _Text:
    """The letters of an announcement, as they are now."""

    edition: int
    letters: Letters


@dataclass(frozen=True, slots=True)
class _Answer:
    """What became of a call, what Telegram said, and why it refused."""

    happened: Turn
    said: object = None
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class _Trouble:
    """What Telegram did not take, a delivery or anything of an announcement: how often, and when
    it is tried again."""

    times: int
    again: float


def growing(times: int) -> float:
    """Seconds to wait after so many tries."""
    return min(2.0 ** (times - 1), LONGEST_WAIT)


class Outbox:
    """`now` gives Helsinki wall clock; `wait` how long after so many tries it is tried again."""

    def __init__(
        self,
        bot: Bot,
        store: Store,
        lease: Lease,
        pace: Pace,
        office: Office,
        now: Callable[[], datetime],
        *,
        wait: Callable[[int], float] = growing,
    ) -> None:
        self._bot = bot
        self._store = store
        self._lease = lease
        self._pace = pace
        self._now = now
        self._quiet = quiet_hours(office)
        self._wait = wait
        self._woken = asyncio.Event()
        self._at_rest = asyncio.Event()
        self._hands: dict[Key, asyncio.Task[None]] = {}  # deliveries that were claimed
        self._sending: set[Key] = set()  # of them, those on their way
        self._done: list[Done] = []  # what is not recorded yet
        self._written: dict[bytes, bytes | None] = {}  # audiences: how far
        self._texts: dict[bytes, _Text] = {}
        self._troubles: dict[Key, _Trouble] = {}
        self._stuck: dict[bytes, _Trouble] = {}  # announcements, since one of theirs arrived
        self._later: list[float] = []  # when, as far as it was too early at the last look
        self._failures = 0  # since Telegram last took something

    def wake(self) -> None:
        """There may be something to send."""
        self._at_rest.clear()
        self._woken.set()

    async def rest(self) -> None:
        """Until nothing is due by the clock that may be sent now, and nothing is in hand."""
        self.wake()
        await self._at_rest.wait()

    async def run(self) -> None:
        """Until cancelled; what is being sent then is brought to its end."""
        async with self._lease.taken(self._waits):
            self._at_rest.clear()
            try:
                await self._work()
            finally:
                await self._finish()

    async def left(self, chat: int) -> None:
        """The chat's person has blocked the bot."""
        await deliveries.left(self._store, chat)

    async def came_back(self, chat: int) -> None:
        """The chat's person has unblocked the bot."""
        await deliveries.came_back(self._store, chat)
        self.wake()

    def _waits(self) -> None:
        """Another process has the lease, or it cannot be taken: this one sends nothing."""
        if not (self._at_rest.is_set() or self._lease.fails):
            log.info("Another process sends what is due; this one waits for its turn.")
        self._at_rest.set()

    async def _work(self) -> None:
        await self._take_over()
        settled = True
        while True:
            self._woken.clear()
            try:
                if not settled:
                    await deliveries.put_back(self._store, self._lease, self._known())
                    settled = True
                busy = await self._look()
            except Exception as error:  # noqa: BLE001 - the bot goes on, and looks again
                if settled:
                    log.error("the outbox stands still (%s)", type(error).__name__)  # noqa: TRY400 - no content
                busy, settled = True, False
            if not busy and not self._woken.is_set():
                self._at_rest.set()
            await self._next()

    async def _take_over(self) -> None:
        """What is claimed now was another's, who is gone."""
        while True:
            try:
                lost = await deliveries.lose_sight(self._store, self._lease)
            except Exception as error:  # noqa: BLE001 - as above
                log.error("the outbox cannot begin (%s)", type(error).__name__)  # noqa: TRY400 - no content
                await asyncio.sleep(EVERY)
            else:
                if lost:
                    log.info("Whether %d messages arrived is not known; they are sent again.", lost)
                return

    async def _next(self) -> None:
        """Until it is time to look again."""
        waits: set[asyncio.Task[object]] = {asyncio.create_task(self._woken.wait())}
        if self._pace.paused:
            waits.add(asyncio.create_task(self._pace.resumed()))
        try:
            await asyncio.wait(waits, timeout=self._rests(), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waits:
                task.cancel()
            await asyncio.gather(*waits, return_exceptions=True)

    def _rests(self) -> float:
        """Seconds to the next look, if nothing wakes."""
        now = asyncio.get_running_loop().time()
        return max(0.0, min([EVERY, *(again - now for again in self._later)]))

    async def _look(self) -> bool:
        """Do what is to be done now; whether there is more of it, or something is in hand."""
        now = self._now()
        found = await announcements.current(self._store, now)
        self._forget_all_but({one.key for one in found})
        more = writing = False
        these = []
        for one in found:
            over = one.stage is Stage.WITHDRAWN or one.expires <= now
            if one.stage is Stage.PLANNED:
                if (over or not one.held) and await announcements.is_known(self._store, one):
                    await self._write_out(one)
                    more = writing = True  # what is less urgent lets it go first
            elif over and (one.pending or not one.outdated):
                more |= await deliveries.sweep(self._store, self._lease, one)
            sends = one.stage is Stage.OPEN and not (over or one.held)
            sends = sends and self._speaks(one.priority, now)
            if not writing and (one.outdated or (one.pending and sends)):
                these.append(replace(one, pending=one.pending and sends))
        if more:
            self._woken.set()
        return await self._send(these) or more

    def _speaks(self, priority: Priority, now: datetime) -> bool:
        """Whether something so urgent is said at this hour."""
        return priority is Priority.CHANGE or not is_quiet(now, self._quiet)

    def _forget_all_but(self, keys: set[bytes]) -> None:
        """What is kept here of announcements that are at their end."""
        for kept in (self._texts, self._written, self._stuck):
            for key in [key for key in kept if key not in keys]:
                del kept[key]
        for delivery in [one for one in self._troubles if one[0] not in keys]:
            del self._troubles[delivery]

    async def _write_out(self, one: Current) -> None:
        after = await announcements.write_out(self._store, one, self._written.get(one.key))
        if after is None:
            self._written.pop(one.key, None)
        else:
            self._written[one.key] = after

    async def _send(self, these: Sequence[Current]) -> bool:
        """Record what is done and claim what comes next; whether something is left to do."""
        done, but = list(self._done), self._not_now()
        if not done and not (these and self._places(done) > 0):
            return bool(these or self._hands)
        stuck = [one for one in these if self._is_stuck(one.key)]
        tries = [one for one in stuck if self._tries_again(one.key)]
        turns = [([one for one in these if one not in stuck], AT_ONCE), (tries, 1)]
        if self._failures < AT_ONCE:
            turns.reverse()  # others get through: to try takes no more than one of many places
        again = bool(done)
        for some, most in turns:
            if done or (some and self._places(done) > 0):
                again |= await self._claim(done, some, min(most, self._places(done)), but)
                done = []
        if again or not (self._hands or but or len(tries) < len(stuck)):
            self._woken.set()  # some have moved since they were looked at
        return True

    async def _claim(
        self, done: Sequence[Done], these: Sequence[Current], most: int, but: set[Key]
    ) -> bool:
        """Whether there is more to look at."""
        claimed, more = await deliveries.go_on(
            self._store, self._lease, done, these, most=most, but=but
        )
        del self._done[: len(done)]
        for one in claimed:
            self._hands[one.key] = asyncio.create_task(self._deliver(one))
        return more

    def _is_stuck(self, key: bytes) -> bool:
        """Telegram takes nothing of this announcement, perhaps for what it is: it is tried
        one at a time, after waits of its own, and where others fail too, after them."""
        return key in self._stuck and self._stuck[key].times >= AT_ONCE

    def _tries_again(self, key: bytes) -> bool:
        """Whether an announcement that is stuck is tried now."""
        if any(announcement == key for announcement, _ in self._hands):
            return False
        return self._stuck[key].again <= asyncio.get_running_loop().time()

    def _places(self, recorded: Sequence[Done]) -> int:
        """How many more may be in hand once these are `recorded`: what is done but not recorded
        would be in doubt as well. While Telegram takes nothing, one at a time tries."""
        if self._pace.paused:
            return 0
        in_doubt = len(self._hands) + len(self._done) - len(recorded)
        return (1 if self._failures >= AT_ONCE else AT_ONCE) - in_doubt

    def _not_now(self) -> set[Key]:
        """Deliveries that are in hand, or are tried again later."""
        now = asyncio.get_running_loop().time()
        later = {key: one.again for key, one in self._troubles.items() if one.again > now}
        stuck = [one.again for key, one in self._stuck.items() if self._is_stuck(key)]
        self._later = [*later.values(), *(again for again in stuck if again > now)]
        return {*self._hands, *later}

    def _known(self) -> set[Key]:
        """Deliveries whose claim is not forgotten."""
        return {*self._hands, *(done.claimed.key for done in self._done)}

    async def _deliver(self, one: Claimed) -> None:
        """Send it, or edit it; what became of it waits to be recorded."""
        try:
            done = await self._sent(one)
        except asyncio.CancelledError:
            if one.key in self._sending:
                raise  # it may arrive: the next start does not know
            done = Done(one, Turn.PUT_OFF)
        except Exception as error:  # noqa: BLE001 - whatever it is, the others go on
            log.error("a message was not sent (%s)", type(error).__name__)  # noqa: TRY400 - no content
            self._troubled(one.key, type(error).__name__)
            done = Done(one, Turn.LOST_SIGHT)
        self._sending.discard(one.key)
        del self._hands[one.key]
        self._done.append(done)
        self._woken.set()

    async def _sent(self, one: Claimed) -> Done:
        text = await self._text(one)
        if text is None:
            log.warning("an announcement does not open: it was kept under another lasting key")
            return Done(one, Turn.REFUSED, one.edition)
        letter = in_language(text.letters, one.language)
        if one.message is None and letter.retracts:
            return Done(one, Turn.PUT_OFF)  # taken back since it was claimed
        async with self._pace.bulk(one.chat) as may:
            if not may:
                return Done(one, Turn.PUT_OFF)
            self._sending.add(one.key)
            if one.message is None:
                silent = is_quiet(self._now(), self._quiet)
                answer = await self._call(one, letter.sent(one.chat, silent=silent))
                number = answer.said.message_id if isinstance(answer.said, Message) else None
                done = Done(one, answer.happened, text.edition, number)
            else:
                answer, mended = await self._put(one, letter, one.message)
                done = Done(one, answer.happened, text.edition, mended=mended)
        if answer.happened is Turn.REFUSED:
            log.info("Telegram refused: %s", answer.refusal)
        if answer.happened not in (Turn.PUT_OFF, Turn.LOST_SIGHT):
            self._troubles.pop(one.key, None)
        return done

    async def _put(self, one: Claimed, letter: Letter, message: int) -> tuple[_Answer, Mended]:
        """What became of a letter that is put in the place of another."""
        answer = _Answer(Turn.REFUSED)
        for method in letter.put(one.chat, message):
            answer = await self._call(one, method)
            deletes = isinstance(method, DeleteMessage)
            if answer.happened is Turn.ARRIVED or (deletes and NOT_FOUND in answer.refusal):
                return _Answer(Turn.ARRIVED), Mended.DELETED if deletes else Mended.EDITED
            if answer.happened is not Turn.REFUSED:
                break
        again = answer.happened in (Turn.PUT_OFF, Turn.LOST_SIGHT)
        return answer, Mended.NOT_YET if again else Mended.FAILED

    async def _text(self, one: Claimed) -> _Text | None:
        kept = self._texts.get(one.announcement)
        if kept is None or kept.edition < one.edition:
            found = await announcements.text(self._store, one.announcement)
            if found is None:
                return None
            kept = self._texts[one.announcement] = _Text(found[0], letters.unpacked(found[1]))
        return kept

    async def _call(self, one: Claimed, method: TelegramMethod[Any]) -> _Answer:
        said: object = None
        try:
            said = await self._bot(method, request_timeout=PATIENCE)
        except TelegramRetryAfter as asked:
            if not self._pace.paused:  # several under way at once are asked once
                log.warning("Telegram asks for a pause of %d s.", asked.retry_after)
            self._pace.pause(asked.retry_after)
            return _Answer(Turn.PUT_OFF)
        except TelegramForbiddenError:
            log.debug("Somebody has blocked the bot.")
            await deliveries.left(self._store, one.chat)
            return _Answer(Turn.BLOCKED)
        except (TelegramBadRequest, TelegramEntityTooLarge, TelegramMigrateToChat) as refusal:
            if "not modified" not in refusal.message:
                return _Answer(Turn.REFUSED, refusal=refusal.message)
        except ClientDecodeError:
            # It was taken; sent again for the sake of its number, it would come twice.
            log.warning("Telegram took a message and did not say which it is.")
        except TelegramAPIError as error:
            self._troubled(one.key, type(error).__name__)
            return _Answer(Turn.LOST_SIGHT if _may_have_arrived(error) else Turn.PUT_OFF)
        if self._failures >= AT_ONCE:
            log.info("Telegram takes messages again.")
        self._failures = 0
        self._stuck.pop(one.announcement, None)
        return _Answer(Turn.ARRIVED, said)

    def _troubled(self, key: Key, kind: str) -> None:
        """It is tried again later. So is its announcement, where Telegram takes nothing of it;
        where it takes nothing of others either, everything waits."""
        now = asyncio.get_running_loop().time()
        times = 1 + (self._troubles[key].times if key in self._troubles else 0)
        self._troubles[key] = _Trouble(times, now + self._wait(times))
        was_stuck, announcement = self._is_stuck(key[0]), self._stuck.get(key[0])
        times = 1 + (announcement.times if announcement is not None else 0)
        pause = self._wait(times - AT_ONCE + 1) if times >= AT_ONCE else 0.0
        self._stuck[key[0]] = _Trouble(times, now + pause)
        if was_stuck:
            return
        self._failures += 1
        if self._failures == AT_ONCE:
            log.warning("Telegram does not take messages (%s). They are tried again.", kind)
        if self._failures >= AT_ONCE and not self._pace.paused:
            self._pace.pause(self._wait(self._failures - AT_ONCE + 1))

    async def _finish(self) -> None:
        """What is on its way is brought to its end, what is only claimed goes back."""
        for key, task in self._hands.items():
            if key not in self._sending:
                task.cancel()
        if self._hands:
            await asyncio.wait(self._hands.values(), timeout=GRACE)
        for task in self._hands.values():
            task.cancel()
        try:
            await deliveries.go_on(self._store, self._lease, self._done, (), most=0, but=())
            await deliveries.put_back(self._store, self._lease, self._sending)
        except Exception as error:  # noqa: BLE001 - the next start finds it uncertain
            log.error("what was sent last is not recorded (%s)", type(error).__name__)  # noqa: TRY400 - no content


def _may_have_arrived(error: TelegramAPIError) -> bool:
    """Whether a message that met this trouble may be there all the same."""
    if isinstance(error, TelegramNetworkError):
        return not error.message.startswith(NOT_REACHED)
    return isinstance(error, TelegramServerError)
