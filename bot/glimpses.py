"""What an official is shown of a person does not stay on the screen: it is taken away on "Close",
and at the latest after a quarter of an hour.

Which messages show something is kept before they do, so that a crash takes nothing of it away. The
message itself stays, and says that it was closed: an edit works at any age, a deletion only for two
days (Bot API, deleteMessage).
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from dialogs.panel.buttons import Page, panel
from dialogs.screens import Button, Card, Line, Say
from storage import glimpses

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.speech import Speaker
    from storage.database import Store

SHOWN: Final = timedelta(minutes=15)

LOOK: Final = 1.0
"""Seconds between two looks at the clock, which in the demo may be moved."""

log = logging.getLogger("raati.glimpses")


class Glimpses:
    """`clock` gives aware datetimes."""

    def __init__(self, speaker: Speaker, store: Store, clock: Callable[[], datetime]) -> None:
        self._speaker = speaker
        self._store = store
        self._clock = clock
        self._shown: dict[tuple[int, int], glimpses.Glimpse] = {}  # by chat and message

    async def keep(self, chat: int, message: int, language: str) -> None:
        """The message shows something of a person from now on."""
        glimpse = glimpses.Glimpse(chat, message, language, self._clock() + SHOWN)
        await glimpses.keep(self._store, glimpse)
        self._shown[chat, message] = glimpse

    async def drop(self, chat: int, message: int) -> None:
        """The message shows nothing of a person any more."""
        if self._shown.pop((chat, message), None) is not None:
            await glimpses.drop(self._store, chat, message)

    async def close_old(self) -> None:
        """Take away what was shown for long enough. What cannot be taken away now is tried again
        at the next look."""
        for glimpse in [one for one in self._shown.values() if one.until <= self._clock()]:
            if await self._speaker.change(glimpse.chat, glimpse.message, _closed(glimpse)):
                await self.drop(glimpse.chat, glimpse.message)

    async def run(self) -> None:
        """Until cancelled."""
        for glimpse in await glimpses.all_kept(self._store):
            if not glimpse.follows:
                self._shown.setdefault((glimpse.chat, glimpse.message), glimpse)
        while True:
            try:
                await self.close_old()
            except Exception as error:  # noqa: BLE001 - the bot goes on; the next look tries again
                log.error("what was shown stays (%s)", type(error).__name__)  # noqa: TRY400 - no content
            await asyncio.sleep(LOOK)


def _closed(glimpse: glimpses.Glimpse) -> Card:
    language = glimpse.language
    return Card(
        language,
        ((Line(Say("panel.closed")),),),
        ((Button(Say("panel.coordinator"), panel(language, Page.PANEL)),),),
    )
