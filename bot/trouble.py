"""Trouble between us and Telegram is waited out, ever longer, with one line when it begins and one
when it is over. Only a refused token ends the run."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Final, TypeVar

from aiogram.exceptions import (
    TelegramAPIError,
    TelegramConflictError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from bot.intake import Sleep

LONGEST_WAIT: Final = 30
"""Seconds between two tries while Telegram does not answer: 1, 2, 4 … up to this."""

AWAY: Final = "Telegram does not answer (%s). Trying again until it does."
FLOOD: Final = "Telegram asks for a pause (%s). Waiting as long as it says."
CONFLICT: Final = (
    "Another bot is running with the same token (%s). Stop the other one; this one keeps trying."
)

Result = TypeVar("Result")

log = logging.getLogger("raati.trouble")


class TokenRefused(Exception):  # noqa: N818 - what happened, in the words of the log
    """Telegram does not know the token. Its text is one sentence for the person who can mend it."""


async def outlast(
    stop: asyncio.Event,
    ask: Callable[[bool], Coroutine[Any, Any, Result]],
    sleep: Sleep = asyncio.sleep,
) -> Result | None:
    """What Telegram answers to `ask`, however long it takes; None when `stop` was set first.

    `ask` is told whether the try before met trouble. Raises TokenRefused.
    """
    said: set[str] = set()
    wait = 1
    while not stop.is_set():
        try:
            answer = await unless(stop, ask(bool(said)))
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
            await unless(stop, sleep(pause))
            wait = min(wait * 2, LONGEST_WAIT)
        else:
            if said and not stop.is_set():
                log.info("Telegram answers again.")
            return answer
    return None


async def unless(stop: asyncio.Event, work: Coroutine[Any, Any, Result]) -> Result | None:
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
