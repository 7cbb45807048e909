"""Cards that keep up with a broadcast: how many have it, how many wait, how long it takes.

While something of it is on its way, its card is edited every few seconds, by the same decision that
showed it. Which messages these are is kept, so that a restart goes on with them.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from storage import glimpses

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from bot.speech import Speaker
    from dialogs.screens import Card
    from storage.database import Store

EVERY: Final = 2.0
"""Seconds between two edits: Telegram lets a bot write to one chat once a second."""

AT_MOST: Final = timedelta(days=60)
"""So long a card is kept up with: what waits for somebody who has left may wait for two weeks."""

log = logging.getLogger("raati.following")


class Following:
    """`clock` gives aware datetimes; `look` the card of a broadcast (its key in hexadecimal digits)
    in a language as it is now, None where there is none; `every` is in seconds."""

    def __init__(
        self,
        speaker: Speaker,
        store: Store,
        clock: Callable[[], datetime],
        look: Callable[[str, str], Awaitable[Card | None]],
        *,
        every: float = EVERY,
    ) -> None:
        self._speaker = speaker
        self._store = store
        self._clock = clock
        self._look = look
        self._every = every
        self._cards: dict[tuple[int, int], glimpses.Glimpse] = {}  # by chat and message
        # As each looked last: a card stays as it was shown, with what was said on it, until there
        # is something new.
        self._looked: dict[tuple[int, int], Card | None] = {}

    async def shown(self, chat: int, message: int, card: Card) -> None:
        """The message shows this card from now on."""
        at = (chat, message)
        if card.follows:
            until = self._clock() + AT_MOST
            followed = glimpses.Glimpse(chat, message, card.language, until, card.follows)
            await glimpses.keep(self._store, followed)
            self._cards[at] = followed
            self._looked[at] = await self._look(card.follows, card.language)
        elif at in self._cards:
            await self._drop(at)

    async def catch_up(self) -> None:
        """Bring every card up to now. What Telegram does not take now is tried at the next look."""
        looked: dict[tuple[str, str], Card | None] = {}
        for at, one in list(self._cards.items()):
            of = (one.follows, one.language)
            if of not in looked:
                looked[of] = await self._look(*of)
            card = looked[of]
            if self._cards.get(at) is not one:
                continue  # the chat has gone on meanwhile
            if one.until <= self._clock() or card is None:
                await self._drop(at)
            elif card == self._looked.get(at) or await self._speaker.change(*at, card):
                self._looked[at] = card
                if not card.follows:
                    await self._drop(at)

    async def run(self) -> None:
        """Until cancelled."""
        for one in await glimpses.all_kept(self._store):
            if one.follows:
                self._cards.setdefault((one.chat, one.message), one)
        while True:
            await asyncio.sleep(self._every)
            try:
                await self.catch_up()
            except Exception as error:  # noqa: BLE001 - the bot goes on; the next look tries again
                log.error("a broadcast's card stands still (%s)", type(error).__name__)  # noqa: TRY400 - no content

    async def _drop(self, at: tuple[int, int]) -> None:
        self._cards.pop(at, None)
        self._looked.pop(at, None)
        await glimpses.drop(self._store, *at)
