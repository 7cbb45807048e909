"""What time brings without anybody asking: surveys turn, drafts and terms end, and what was kept
for long enough is erased.

Closing is not done here: what waits in the mix comes out then, which `mixing` sees to.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from dialogs.forms.model import Kind
from dialogs.panel import terms
from storage import announcements, applications, drafts, records, surveys

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from bot.forms import Forms
    from bot.memory import Memory
    from dialogs.office import Office
    from storage.database import Store

log = logging.getLogger("raati.housekeeping")


class House:
    """Kept at every full hour of the Helsinki clock, before anybody is answered in it. `now` gives
    Helsinki wall clock; `kept` is told when it was done."""

    def __init__(
        self,
        store: Store,
        forms: Forms,
        office: Office,
        memory: Memory,
        *,
        now: Callable[[], datetime],
        zone: ZoneInfo,
        kept: Callable[[], None],
    ) -> None:
        self._store = store
        self._forms = forms
        self._office = office
        self._memory = memory
        self._now = now
        self._zone = zone
        self._kept = kept
        self._hour: datetime | None = None
        self._turn = asyncio.Lock()

    async def keep(self) -> None:
        """Housekeeping, when an hour has begun since the last time."""
        hour = self._now().replace(minute=0, second=0, microsecond=0)
        async with self._turn:
            if self._hour != hour:
                await tidy(self._store, self._forms, self._office, self._now())
                try:
                    await self._tidy_panel(self._now())
                except Exception as error:  # noqa: BLE001 - residents are answered all the same
                    log.error("the panel is not tidied (%s)", type(error).__name__)  # noqa: TRY400 - no content
                self._hour = hour
                self._kept()

    async def _tidy_panel(self, now: datetime) -> None:
        """Terms end, and what was kept for long enough is erased."""
        panel = await records.panel(self._store, self._zone)
        if (change := terms.overdue(panel, self._office, now)) is not None:
            await self._memory.change(change)  # refused where somebody changes it now: next hour
        keep = timedelta(days=self._office.trail_days)
        await records.purge(self._store, now.date())
        await announcements.forget(self._store, now - timedelta(days=self._office.member_days))
        await records.forget_trail(self._store, self._zone, now.date() - keep)


async def tidy(store: Store, forms: Forms, office: Office, now: datetime) -> None:
    """Bring everything up to `now` (Helsinki wall clock). Doing it again changes nothing."""
    for kept in await surveys.listed(store):
        running = forms.running(kept, now)
        if running.over:
            last = running.closed_on or running.closes
            keep = timedelta(days=office.application_days)
            if running.form.kind is Kind.APPLICATION and last and now.date() > last + keep:
                await applications.erase_call(store, kept.name)
        elif running.state != kept.state:
            turned = replace(kept, state=str(running.state))
            if await surveys.keep(store, turned):  # else somebody changes it now: next hour
                log.info("%s is now %s", kept.name, running.state)
    await drafts.purge(store, now.date())
    for name in store.keys.surveys():
        store.keys.passing(name).destroy_drafts(now.date())
