"""The demo's panel: invented members, some with a phone on the page and some without Telegram, a
reserve list, and a link that makes whoever opens it a coordinator."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from dialogs.languages import FINNISH, SWEDISH
from dialogs.panel import links, terms
from dialogs.panel.records import Invitation, Member, Panel, Purpose, Standing
from storage import records

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.kept import Kept

WITHOUT: Final = (
    ("Veikko Esimerkki", FINNISH, Standing.MEMBER),
    ("Siv Exempel", SWEDISH, Standing.MEMBER),
    ("Taina Esimerkki", FINNISH, Standing.RESERVE),
    ("Pekka Esimerkki", FINNISH, Standing.RESERVE),
)
"""Members and reserves without Telegram."""

CONTACT: Final = "014 000 0000"

SINCE: Final = timedelta(weeks=30)
"""So long ago the term began."""


async def seat(here: Kept, phones: Iterable[tuple[str, str, int]], now: datetime) -> None:
    """Seat the members with a phone, each with name, language and chat, and those without."""
    first, last = terms.term(here.office, (now - SINCE).date(), Panel())
    with_phone = [
        (f"{name} Esimerkki", language, Standing.MEMBER, chat) for name, language, chat in phones
    ]
    persons = [*with_phone, *((*one, None) for one in WITHOUT)]
    members = [
        Member(
            key=secrets.token_bytes(16),
            name=f"{name} (keksitty)",
            contact=CONTACT,
            language=language,
            standing=standing,
            first_day=first,
            last_day=last,
            chat=chat,
        )
        for name, language, standing, chat in persons
    ]
    await records.change(here.store, records.Changed(keep=tuple(members)))


async def invite(here: Kept, now: datetime) -> str:
    """The token of a link that makes a coordinator."""
    token = links.token(secrets.token_bytes(links.RANDOM))
    invitation = Invitation(
        key=links.digest(token),
        purpose=Purpose.COORDINATOR,
        expires=now + timedelta(weeks=52),
        made_on=now.date(),
        made_by="",
    )
    await records.change(here.store, records.Changed(keep=(invitation,)))
    return token
