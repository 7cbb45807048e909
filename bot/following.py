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
        self._said: dict[tuple[int, int], Card] = {}  # as each was shown last

    async def shown(self, chat: int, message: int, card: Card) -> None:
        """The message shows this card from now on."""
        at = (chat, message)
        if card.follows:
            until = self._clock() + AT_MOST
            followed = glimpses.Glimpse(chat, message, card.language, until, card.follows)
            await glimpses.keep(self._store, followed)
            self._cards[at] = followed
            self._said[at] = card
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
            elif _still(self._said.get(at), card):
                if not card.follows:
                    await self._drop(at)
            elif await self._speaker.change(*at, card):
                self._said[at] = card
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
        self._said.pop(at, None)
        await glimpses.drop(self._store, *at)


def _still(said: Card | None, card: Card) -> bool:
    """Whether the card is as it was shown: with what was just said above it, until there is
    something new."""
    if said is None:
        return False
    same = said.paragraphs[-len(card.paragraphs) :] == card.paragraphs
    return same and said.rows == card.rows
