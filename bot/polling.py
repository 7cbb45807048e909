"""Long polling: updates come in batches, and are acknowledged when they are done.

`getUpdates` with an offset confirms every update below it (Bot API, "Getting updates"), so the
next one is asked only when the whole batch is done: what was not committed comes again.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Final

from aiogram.exceptions import TelegramAPIError, TelegramConflictError, TelegramNetworkError
from aiogram.methods import DeleteWebhook, GetUpdates

from bot.trouble import outlast

if TYPE_CHECKING:
    from aiogram import Bot

    from bot.client import Client
    from bot.intake import Intake, Sleep

LONG_POLL: Final = 50
"""Seconds Telegram holds an idle `getUpdates`; it allows no more."""
MARGIN: Final = 10
"""Seconds an answer may take beyond that before the connection counts as lost."""
FAREWELL: Final = 5
"""Seconds the last acknowledgement may take: stopping does not wait for a network that is gone."""

log = logging.getLogger("raati.polling")


class Polling:
    """Asks Telegram for updates and hands them to the `intake`. `sleep` takes seconds."""

    def __init__(
        self, bot: Bot, client: Client, intake: Intake, *, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._bot = bot
        self._client = client
        self._intake = intake
        self._sleep = sleep
        self._offset: int | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Takes updates until `stop` is set; then finishes what is in hand, acknowledges it and
        returns. Raises `TokenRefused`."""
        while not stop.is_set():
            batch = await outlast(stop, self._next_batch, self._sleep)
            await self._take(batch or [])
        await self._acknowledge()

    async def _next_batch(self, after_trouble: bool) -> list[Any]:
        # After trouble the first answer is asked for at once: only it tells that all is well.
        hold = 0 if after_trouble else LONG_POLL
        try:
            return await self._poll(timeout=hold, patience=hold + MARGIN)
        except TelegramConflictError as conflict:
            if "webhook" not in conflict.message:
                raise
        # A bot that listened otherwise was killed, and could not take its webhook away.
        await self._bot(DeleteWebhook(), request_timeout=MARGIN)
        return []

    async def _poll(self, *, timeout: int, patience: int, limit: int = 100) -> list[Any]:  # noqa: ASYNC109 - Telegram's word
        """One `getUpdates`. `patience` is how long, in seconds, its answer is waited for."""
        method = GetUpdates(
            offset=self._offset,
            limit=limit,
            timeout=timeout,
            allowed_updates=list(self._intake.allowed),
        )
        batch = await self._client.raw(self._bot, method, patience)
        # A batch without one id could not be acknowledged, and would come for ever.
        if not isinstance(batch, list) or (batch and all(_id(entry) is None for entry in batch)):
            raise TelegramNetworkError(method=method, message="not a list of updates")
        return batch

    async def _take(self, batch: list[Any]) -> None:
        """Handles a whole batch; when this returns, it may be acknowledged."""
        in_hand = [task for entry in batch if (task := self._intake.take(entry)) is not None]
        await asyncio.gather(*in_hand)
        if numbers := [number for entry in batch if (number := _id(entry)) is not None]:
            # Not the highest ever: after a quiet week Telegram begins from a number of its choice.
            self._offset = max(numbers) + 1

    async def _acknowledge(self) -> None:
        """Confirms what is done. An update that comes back with it stays unconfirmed, and comes
        again when the bot next starts."""
        if self._offset is None:
            return
        try:
            await self._poll(timeout=0, patience=FAREWELL, limit=1)
        except TelegramAPIError as error:
            log.warning(
                "The last updates could not be acknowledged and may come again (%s).",
                type(error).__name__,
            )


def _id(entry: Any) -> int | None:
    number = entry.get("update_id") if isinstance(entry, dict) else None
    return number if isinstance(number, int) else None
