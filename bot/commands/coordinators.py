"""`raati invite coordinator`, `raati invite reader` and `raati coordinators`: who looks after the
panel, and who only reads.

Beside a running bot or without one: a coordinator is a row that the bot looks for with each thing
somebody does.
"""

from __future__ import annotations

import asyncio
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot import kept
from bot.commands import words
from bot.settings import SettingsError, read
from bot.surveys import RefusedError
from dialogs.panel import colleagues, links
from dialogs.panel.records import Deed, Invitation, Purpose, Role
from dialogs.panel.trail import What
from storage import records

if TYPE_CHECKING:
    import argparse
    from datetime import datetime

    from bot.kept import Kept
    from bot.settings import Settings
    from dialogs.panel.records import Coordinator
    from storage.announcements import Planned

GOOD_FOR: Final = timedelta(hours=24)

PATIENCE: Final = 20
"""Seconds for Telegram to tell the bot's name."""

ID: Final = 8
"""Digits of a coordinator's id."""


def add(commands: words.Commands) -> None:
    invites = words.below(
        commands.add_parser(
            "invite",
            help="make somebody a coordinator, or a reader",
            description="Makes a link that makes whoever opens it first a coordinator, or a reader "
            "of the results.",
        )
    )
    invited = invites.add_parser(
        "coordinator",
        help="print a link that makes a coordinator",
        description="Prints a link that works once, for 24 hours: whoever opens it first is a "
        "coordinator, who looks after the panel, its meetings, the surveys and the broadcasts. "
        "Give it to that one person, in a way you trust. The other coordinators are told when it "
        "is opened. Needs RAATI_TOKEN, and asks Telegram for the bot's name.",
    )
    invited.set_defaults(do=_invite, purpose=Purpose.COORDINATOR)
    reading = invites.add_parser(
        "reader",
        help="print a link that makes a reader of the results",
        description="Prints a link that works once, for 24 hours: whoever opens it first is a "
        "reader, who sees how many have answered each survey, and nothing else. Give it to that "
        "one person, in a way you trust. The coordinators are told when it is opened. Needs "
        "RAATI_TOKEN, and asks Telegram for the bot's name.",
    )
    reading.set_defaults(do=_invite, purpose=Purpose.READER)

    family = words.below(
        commands.add_parser(
            "coordinators",
            help="list and remove coordinators and readers",
            description="Who looks after the panel, and who reads the results: they come by `raati "
            "invite coordinator` and `raati invite reader`, and are listed and removed here, also "
            "while the bot runs.",
        )
    )
    listing = family.add_parser(
        "list",
        help="list the coordinators and readers",
        description="Lists every coordinator, then every reader: an id, the name as Telegram "
        "showed it when they came, the language they are told things in, whether they only read, "
        "and whether they have blocked the bot.",
    )
    listing.set_defaults(do=_list)
    removed = family.add_parser(
        "remove",
        help="remove a coordinator, also the last one, or a reader",
        description="Removes a coordinator at once, also the last one, or a reader: the pages of "
        "the panel do not open for them any more. The coordinators who remain are told.",
    )
    removed.add_argument("who", metavar="NAME|ID", help="as `raati coordinators list` shows them")
    removed.set_defaults(do=_remove)


INVITED: Final = {
    Purpose.COORDINATOR: What.COORDINATOR_INVITED,
    Purpose.READER: What.READER_INVITED,
}


def _invite(options: argparse.Namespace) -> int:
    settings = read()
    purpose: Purpose = options.purpose
    if settings.token is None:
        raise SettingsError("RAATI_TOKEN is not set: put the bot's token there.")

    async def errand() -> tuple[str, datetime]:
        # First, so that nothing is kept of a link that nobody can be shown.
        address = await _address(settings)
        async with kept.kept(settings) as here:
            now = kept.utc().astimezone(settings.zone())
            token = links.token(secrets.token_bytes(links.RANDOM))
            invitation = Invitation(
                key=links.digest(token),
                purpose=purpose,
                expires=now + GOOD_FOR,
                made_on=now.date(),
                made_by="",
            )
            invited = Deed(now, "", INVITED[purpose])
            await records.change(here.store, records.Changed(keep=(invitation,), trail=(invited,)))
            return links.link(address, token), invitation.expires

    link, expires = asyncio.run(errand())
    print(link)
    print(
        f"It works once, until {expires:%Y-%m-%d %H:%M} {settings.timezone} time: whoever opens it "
        f"first is a {purpose}."
    )
    return 0


def _list(_: argparse.Namespace) -> int:
    settings = read()

    async def errand() -> tuple[Coordinator, ...]:
        async with kept.kept(settings) as here:
            return await _all(here, settings)

    found = asyncio.run(errand())
    if not found:
        print("There are no coordinators. `raati invite coordinator` makes a link for one.")
    for one in found:
        reads = ", reader" if one.role is Role.READER else ""
        gone = ", has blocked the bot" if one.gone else ""
        print(f"{_id(one)} {one.name}, {one.language}{reads}{gone}")
    return 0


REMOVED: Final = {
    Role.COORDINATOR: What.COORDINATOR_REMOVED,
    Role.READER: What.READER_REMOVED,
}


def _remove(options: argparse.Namespace) -> int:
    settings = read()

    async def errand() -> tuple[Coordinator, int]:
        async with kept.kept(settings) as here:
            everybody = await _all(here, settings)
            one = _meant(options.who, everybody)
            remaining = [
                other for other in everybody if other is not one and other.role is Role.COORDINATOR
            ]
            now = kept.utc().astimezone(settings.zone())
            removed = Deed(now, "", REMOVED[one.role], one.name)
            await records.change(
                here.store,
                records.Changed(
                    erase=(one,),
                    plan=_told(settings, one, remaining, now),
                    trail=(removed,),
                ),
            )
            return one, len(remaining)

    one, remaining = asyncio.run(errand())
    print(f"{one.name} is not a {one.role} any more.")
    if not remaining and one.role is Role.COORDINATOR:
        print("There is none left. `raati invite coordinator` makes a link for one.")
    return 0


def _meant(who: str, everybody: tuple[Coordinator, ...]) -> Coordinator:
    """Raises RefusedError where nobody is, or more than one."""
    found = [one for one in everybody if who.casefold() in (_id(one), one.name.casefold())]
    if not found:
        raise RefusedError(
            f"No coordinator or reader is called {who}: `raati coordinators list` shows them all."
        )
    if len(found) > 1:
        ids = " and ".join(_id(one) for one in found)
        raise RefusedError(f"More than one is called {who}: name one as {ids}.")
    return found[0]


async def _all(here: Kept, settings: Settings) -> tuple[Coordinator, ...]:
    panel = await records.panel(here.store, settings.zone())
    return (*panel.coordinators, *panel.readers)


def _id(one: Coordinator) -> str:
    return one.key.hex()[:ID]


def _told(
    settings: Settings, removed: Coordinator, remaining: list[Coordinator], now: datetime
) -> list[Planned]:
    """What those who remain hear."""
    if not remaining:
        return []
    # Telegram's library takes seconds to load, which an errand should not cost.
    from bot.letters import planned
    from bot.render import Renderer

    zone = settings.zone()
    renderer = Renderer(zone)
    return [planned(colleagues.told(removed, one, now), renderer, zone) for one in remaining]


async def _address(settings: Settings) -> str:
    """The bot's own address, as Telegram tells it. Raises SettingsError."""
    from aiogram import Bot
    from aiogram.exceptions import AiogramError, TelegramNotFound, TelegramUnauthorizedError

    from bot.client import Client

    token = settings.token.get_secret_value() if settings.token else ""
    async with Client(settings.api_url) as client:
        try:
            me = await Bot(token, session=client).get_me(request_timeout=PATIENCE)
        except (TelegramUnauthorizedError, TelegramNotFound):
            raise SettingsError(
                "Telegram does not know this bot: check RAATI_TOKEN "
                "(and RAATI_API_URL, if it is set)."
            ) from None
        except AiogramError:
            raise SettingsError(
                "Telegram does not tell the bot's name now: try again in a moment."
            ) from None
    return f"https://t.me/{me.username}"
