"""The mix at work: beside the conversations, so that nobody waits for it, one thing at a time.

Woken when somebody has sent their answers, at every full hour and at the start, it looks at every
survey: lets answers come out where enough wait, closes what has come to its end, wipes the
database and only then destroys the keys of what is over. Every step can be done again: what a crash
left undone is done at the start.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from dialogs.forms.draft import room
from storage import mix, surveys

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.forms import Forms
    from storage.database import Store

AGAIN: Final = 1.0
"""Seconds until a wipe is tried again that somebody reading the database has kept from its end."""

log = logging.getLogger("raati.mixing")


class Mixing:
    """`now` gives Helsinki wall clock."""

    def __init__(self, store: Store, forms: Forms, now: Callable[[], datetime]) -> None:
        self._store = store
        self._forms = forms
        self._now = now
        self._woken = asyncio.Event()
        self._at_rest = asyncio.Event()
        self._told = False  # that it waits

    def wake(self) -> None:
        """There may be something to do."""
        self._at_rest.clear()
        self._woken.set()

    async def rest(self) -> None:
        """Until all that was to be done is done, or could not be."""
        await self._at_rest.wait()

    async def run(self) -> None:
        """Until cancelled, which may happen at any point."""
        wiped = begun = False  # what a crash has left is not known
        while True:
            try:
                if not begun:
                    await mix.drop_lost(self._store)
                    begun = True
                wiped = await self._all(wiped=wiped)
            except Exception as error:  # noqa: BLE001 - the bot goes on; the next hour tries again
                wiped = False
                log.error("the mix stands still (%s)", type(error).__name__)  # noqa: TRY400 - no content
            if not self._woken.is_set():
                self._at_rest.set()
            await self._woken.wait()
            self._woken.clear()

    async def _all(self, *, wiped: bool) -> bool:
        """Whether the file was wiped to the end after the last change."""
        if not wiped and not await self._wiped():
            return False
        for kept in await surveys.listed(self._store):
            while await self._comes_out(kept):
                if not await self._wiped():
                    return False
        return not await mix.unburied(self._store) or await self._wiped()

    async def _comes_out(self, kept: surveys.Running) -> bool:
        """Whether answers came out, or the survey was closed."""
        running = self._forms.running(kept, self._now())
        form = running.form
        if not running.over:
            enough = await mix.waiting(self._store, kept.name) >= 2 * form.k
            if not enough or self._delayed(at_once=await self._store.empty()):
                return False
            return bool(await mix.release(self._store, kept.name, k=form.k, room=room(form)))
        if kept.state in surveys.OVER or self._delayed(at_once=await self._store.empty()):
            return False
        if not await mix.close(self._store, kept, k=form.k):
            return False
        log.info("%s is now %s", kept.name, running.state)
        return True

    async def _wiped(self) -> bool:
        """Wiped to the end, and the keys gone that nothing needs any more."""
        if self._delayed(at_once=await self._store.wipe()):
            return False
        await mix.bury(self._store)
        return True

    def _delayed(self, *, at_once: bool) -> bool:
        """Nothing comes out while somebody reads the database, whose log then keeps what was there
        before: that is told, once, and tried again soon."""
        if at_once:
            self._told = False
            return False
        if not self._told:
            log.warning("somebody reads the database: the mix waits until it can be wiped")
            self._told = True
        asyncio.get_running_loop().call_later(AGAIN, self.wake)
        return True
