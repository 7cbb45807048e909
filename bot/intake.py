"""What both ways of listening share: each chat's updates in their order, each of them once.

A chat has a queue: one update at a time in a chat, chats side by side, so that a busy chat never
delays another. A chat that floods has its surplus answered once instead of one by one. An update
that comes again while it is still remembered is not handled again; what comes again after a
restart, the drafts themselves recognise.

Nothing a single update brings can stop the rest. One that cannot be read is set aside; one that
the handler fails at twice is set aside and its person told. The log then says the kind of update
and the class of the error: an update's content, ids and an error's own text never reach it.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from aiogram.types import Update

if TYPE_CHECKING:
    from aiogram import Bot

MOST_WAITING: Final = 20
"""Updates of one chat that may wait to be handled; the rest are surplus."""
SECOND_TRY: Final = 0.5
"""Seconds before an update the handler failed at is tried again."""
REMEMBERED: Final = 1000
"""Numbers of updates remembered as handled, in memory only."""

Take = Callable[[Update], Awaitable[None]]
TakeAll = Callable[[Sequence[Update]], Awaitable[None]]
Sleep = Callable[[float], Coroutine[Any, Any, None]]

log = logging.getLogger("raati.intake")


@dataclass(slots=True, eq=False)
class _Queue:
    """One chat's. A lock lets those who wait in as they came."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    present: int = 0  # all who wait or are in hand
    waiting: int = 0  # of them, those that will be handled
    surplus: list[tuple[str, Update]] = field(default_factory=list)


class Intake:
    """The bot's ear. `handle` is called for each update, and again once if it raises; then
    `failed`, so that the person can be told. `surplus` is called once for a chat that had more
    than `MOST_WAITING` updates waiting, with those that are not handled.

    `allowed` names the kinds of update asked for (Bot API, "Update"). `sleep` takes seconds.
    """

    def __init__(
        self,
        bot: Bot,
        *,
        handle: Take,
        surplus: TakeAll,
        failed: Take,
        allowed: Sequence[str],
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.allowed = tuple(allowed)
        self._bot = bot
        self._handle = handle
        self._surplus = surplus
        self._failed = failed
        self._sleep = sleep
        self._queues: dict[int | None, _Queue] = {}
        self._done: OrderedDict[int, None] = OrderedDict()

    def take(self, entry: Any) -> asyncio.Task[None] | None:
        """An update, as it came, takes its place in its chat's queue, at once. When the task is
        done it may be acknowledged; None: at once, for there is nothing to do."""
        if (read := self._read(entry)) is None:
            return None
        chat = _chat(*read)
        queue = self._queues.setdefault(chat, _Queue())
        queue.present += 1
        surplus = queue.waiting >= MOST_WAITING
        if surplus:
            queue.surplus.append(read)
        else:
            queue.waiting += 1
        return asyncio.create_task(self._in_turn(chat, *read, surplus=surplus))

    def _read(self, entry: Any) -> tuple[str, Update] | None:
        """The update's kind and itself, or None if it is set aside."""
        content = entry if isinstance(entry, dict) else {}
        kind = next((kind for kind in self.allowed if content.get(kind)), "")
        if not kind:
            log.info("An update of a kind that was not asked for is left aside (%s).", _kind(entry))
            return None
        try:
            update = Update.model_validate(entry, context={"bot": self._bot})
        except Exception as error:  # noqa: BLE001 - whatever an update holds, the rest go on
            log.warning(
                "An update (%s) could not be read and is set aside (%s).", kind, _class(error)
            )
            return None
        return kind, update

    async def _in_turn(self, chat: int | None, kind: str, update: Update, *, surplus: bool) -> None:
        queue = self._queues[chat]
        try:
            async with queue.turn:
                if surplus:
                    await self._answer_surplus(queue)
                elif update.update_id not in self._done:
                    await self._one(kind, update)
                    self._remember(update.update_id)
        finally:
            queue.waiting -= not surplus
            queue.present -= 1
            if not queue.present:
                del self._queues[chat]

    async def _answer_surplus(self, queue: _Queue) -> None:
        """The first of the surplus to have its turn answers for all that have come."""
        surplus, queue.surplus = queue.surplus, []
        if surplus:
            log.info("A chat had %d more updates waiting than are taken at once.", len(surplus))
            await _last_word(surplus[-1][0], self._surplus([update for _, update in surplus]))

    async def _one(self, kind: str, update: Update) -> None:
        if await _attempt(self._handle(update)) is None:
            return
        # Most failures pass, a busy database's for one.
        await self._sleep(SECOND_TRY)
        if error := await _attempt(self._handle(update)):
            # No stack trace: it would carry what the person wrote.
            log.error("An update (%s) failed twice and is set aside (%s).", kind, _class(error))
            await _last_word(kind, self._failed(update))

    def _remember(self, number: int) -> None:
        self._done[number] = None
        if len(self._done) > REMEMBERED:
            self._done.popitem(last=False)


async def _last_word(kind: str, said: Awaitable[None]) -> None:
    if error := await _attempt(said):
        log.warning("An update (%s) could not be answered (%s).", kind, _class(error))


async def _attempt(work: Awaitable[None]) -> BaseException | None:
    """What `work` raised, or None. One update's failure never stops the rest."""
    try:
        await work
    except asyncio.CancelledError as error:
        # Our own end goes through. A cancelled task that the handler waited for is a failure like
        # others: passed on, it would end the chat's queue and lose what waits in it.
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        return error
    except Exception as error:  # noqa: BLE001 - as the docstring says
        return error
    return None


def _kind(entry: Any) -> str:
    """The name of an update's kind, for the log, as far as it can be one."""
    names = [name for name in entry if name != "update_id"] if isinstance(entry, dict) else []
    return names[0] if names and names[0].isidentifier() and len(names[0]) <= 40 else "unreadable"


def _chat(kind: str, update: Update) -> int | None:
    """The chat an update belongs to; what has none shares a queue."""
    event = getattr(update, kind)
    for holder in (event, getattr(event, "message", None)):
        if (chat := getattr(holder, "chat", None)) is not None:
            return int(chat.id)
    # A private chat has its person's id.
    person = getattr(event, "from_user", None)
    return None if person is None else int(person.id)


def _class(error: BaseException) -> str:
    return type(error).__name__
