"""What time brings without anybody asking: surveys turn, drafts end, applications are erased.

Closing is not done here: what waits in the mix comes out then, which `mixing` sees to.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from dialogs.forms.model import Kind
from dialogs.life import State
from storage import applications, drafts, surveys

if TYPE_CHECKING:
    from datetime import datetime

    from bot.forms import Forms
    from dialogs.office import Office
    from storage.database import Store

log = logging.getLogger("raati.housekeeping")


async def tidy(store: Store, forms: Forms, office: Office, now: datetime) -> None:
    """Bring everything up to `now` (Helsinki wall clock). Doing it again changes nothing."""
    for kept in await surveys.listed(store):
        running = forms.running(kept, now)
        if running.state is State.CLOSED:
            last = running.closed_on or running.closes
            keep = timedelta(days=office.application_days)
            if running.form.kind is Kind.APPLICATION and last and now.date() > last + keep:
                await applications.erase_call(store, kept.name)
        elif running.state != kept.state:
            await surveys.keep(store, replace(kept, state=str(running.state)))
            log.info("%s is now %s", kept.name, running.state)
    await drafts.purge(store, now.date())
    for name in store.keys.surveys():
        store.keys.passing(name).destroy_drafts(now.date())
