"""Long polling: updates come in, each chat's in order, and are acknowledged when they are done.

`getUpdates` with an offset confirms every update below it (Bot API, "Getting updates"), so the
next one is asked only when the whole batch is done: what was not committed comes again. Within a
batch each chat has a queue of its own: one at a time in a chat, chats in parallel, and a chat
that floods has its surplus answered once instead of one by one.

Nothing a single update brings can stop the rest. One that cannot be read is set aside; one that
the handler fails at twice is set aside and its person told. The log then says the kind of update
and the class of the error: an update's content, ids and an error's own text never reach it.

Trouble between us and Telegram is waited out, ever longer, with one line when it begins and one
when it is over. Only a refused token ends the run.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar

from aiogram.exceptions import (
    TelegramAPIError,
    TelegramConflictError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import GetUpdates
from aiogram.types import Update

if TYPE_CHECKING:
    from aiogram import Bot

    from bot.client import Client

LONG_POLL: Final = 50
"""Seconds Telegram holds an idle `getUpdates`; it allows no more."""
MARGIN: Final = 10
"""Seconds an answer may take beyond that before the connection counts as lost."""
FAREWELL: Final = 5
"""Seconds the last acknowledgement may take: stopping does not wait for a network that is gone."""
MOST_WAITING: Final = 20
"""Updates of one chat handled in one batch; the rest are surplus."""
SECOND_TRY: Final = 0.5
"""Seconds before an update the handler failed at is tried again."""
LONGEST_WAIT: Final = 30
"""Seconds between two tries while Telegram does not answer: 1, 2, 4 … up to this."""

AWAY: Final = "Telegram does not answer (%s). Trying again until it does."
FLOOD: Final = "Telegram asks for a pause (%s). Waiting as long as it says."
CONFLICT: Final = (
    "Another bot is running with the same token, or a webhook is set for it (%s). "
    "Stop the other one; this one keeps trying."
)

Take = Callable[[Update], Awaitable[None]]
Result = TypeVar("Result")

log = logging.getLogger("raati.intake")


class TokenRefused(Exception):  # noqa: N818 - what happened, in the words of the log
    """Telegram does not know the token. Its text is one sentence for the person who can mend it."""


class Intake:
    """The bot's ear. `handle` is called for each update, and again once if it raises; then
    `failed`, so that the person can be told. `surplus` is called once for a chat that had more
    than `MOST_WAITING` updates waiting, with the latest of those that were not handled.

    `allowed` names the kinds of update asked for (Bot API, "Update"). `sleep` takes seconds.
    """

    def __init__(
        self,
        bot: Bot,
        client: Client,
        *,
        handle: Take,
        surplus: Take,
        failed: Take,
        allowed: Sequence[str],
        sleep: Callable[[float], Coroutine[Any, Any, None]] = asyncio.sleep,
    ) -> None:
        self._bot = bot
        self._client = client
        self._handle = handle
        self._surplus = surplus
        self._failed = failed
        self._allowed = tuple(allowed)
        self._sleep = sleep
        self._offset: int | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Takes updates until `stop` is set; then finishes what is in hand, acknowledges it and
        returns. Raises `TokenRefused`."""
        while not stop.is_set():
            await self._take(await self._next_batch(stop))
        await self._acknowledge()

    async def _next_batch(self, stop: asyncio.Event) -> list[Any]:
        """The next updates, as they came; none when there were none, or when told to stop."""
        said: set[str] = set()
        wait = 1
        while not stop.is_set():
            # After trouble the first answer is asked for at once: only it tells that all is well.
            hold = 0 if said else LONG_POLL
            try:
                batch = await _unless(stop, self._poll(timeout=hold, patience=hold + MARGIN))
            except (TelegramUnauthorizedError, TelegramNotFound):
                raise TokenRefused(
                    "Telegram does not know this bot: check RAATI_TOKEN "
                    "(and RAATI_API_URL, if it is set)."
                ) from None
            except TelegramAPIError as error:
                pause: float = wait
                match error:
                    case TelegramRetryAfter():
                        trouble, pause = FLOOD, error.retry_after
                    case TelegramConflictError():
                        trouble = CONFLICT
                    case _:
                        trouble = AWAY
                if trouble not in said:
                    said.add(trouble)
                    log.warning(trouble, type(error).__name__)
                await _unless(stop, self._sleep(pause))
                wait = min(wait * 2, LONGEST_WAIT)
            else:
                if said and batch is not None:
                    log.info("Telegram answers again.")
                return batch or []
        return []

    async def _poll(self, *, timeout: int, patience: int, limit: int = 100) -> list[Any]:  # noqa: ASYNC109 - Telegram's word
        """One `getUpdates`. `patience` is how long, in seconds, its answer is waited for."""
        method = GetUpdates(
            offset=self._offset,
            limit=limit,
            timeout=timeout,
            allowed_updates=list(self._allowed),
        )
        batch = await self._client.raw(self._bot, method, patience)
        # A batch without one id could not be acknowledged, and would come for ever.
        if not isinstance(batch, list) or (batch and all(_id(entry) is None for entry in batch)):
            raise TelegramNetworkError(method=method, message="not a list of updates")
        return batch

    async def _take(self, batch: list[Any]) -> None:
        """Handles a whole batch; when this returns, it may be acknowledged."""
        queues: defaultdict[int | None, list[tuple[str, Update]]] = defaultdict(list)
        seen: set[int] = set()
        for entry in batch:
            number = _id(entry)
            if number in seen:
                continue
            if number is not None:
                seen.add(number)
            if read := self._read(entry):
                queues[_chat(*read)].append(read)
        async with asyncio.TaskGroup() as chats:
            for queue in queues.values():
                chats.create_task(self._one_after_another(queue))
        if seen:
            # Not the highest ever: after a quiet week Telegram begins from a number of its choice.
            self._offset = max(seen) + 1

    def _read(self, entry: Any) -> tuple[str, Update] | None:
        """The update's kind and itself, or None if it is set aside."""
        content = entry if isinstance(entry, dict) else {}
        kind = next((kind for kind in self._allowed if content.get(kind)), "")
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

    async def _one_after_another(self, queue: list[tuple[str, Update]]) -> None:
        for kind, update in queue[:MOST_WAITING]:
            await self._one(kind, update)
        if surplus := queue[MOST_WAITING:]:
            log.info("A chat had %d more updates waiting than are taken at once.", len(surplus))
            await self._last_word(self._surplus, *surplus[-1])

    async def _one(self, kind: str, update: Update) -> None:
        if await _attempt(self._handle, update) is None:
            return
        # Most failures pass, a busy database's for one.
        await self._sleep(SECOND_TRY)
        if error := await _attempt(self._handle, update):
            # No stack trace: it would carry what the person wrote.
            log.error("An update (%s) failed twice and is set aside (%s).", kind, _class(error))
            await self._last_word(self._failed, kind, update)

    async def _last_word(self, say: Take, kind: str, update: Update) -> None:
        if error := await _attempt(say, update):
            log.warning("An update (%s) could not be answered (%s).", kind, _class(error))

    async def _acknowledge(self) -> None:
        """Confirms what is done. An update that comes back with it stays unconfirmed, and comes
        again when the bot next starts."""
        if self._offset is None:
            return
        try:
            await self._poll(timeout=0, patience=FAREWELL, limit=1)
        except TelegramAPIError as error:
            log.warning(
                "The last updates could not be acknowledged and may come again (%s).", _class(error)
            )


async def _attempt(take: Take, update: Update) -> BaseException | None:
    """What `take` raised, or None. One update's failure never stops the rest."""
    try:
        await take(update)
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


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, Result]) -> Result | None:
    """What `work` gives, or None if `stop` was set first; `work` is then cancelled."""
    working = asyncio.create_task(work)
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((working, stopping), return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        working.cancel()
        stopping.cancel()
        await asyncio.gather(working, stopping, return_exceptions=True)


def _id(entry: Any) -> int | None:
    number = entry.get("update_id") if isinstance(entry, dict) else None
    return number if isinstance(number, int) else None


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
