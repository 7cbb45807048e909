"""`raati invite coordinator` and `raati coordinators`: who looks after the panel.

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
from dialogs.panel.records import Deed, Invitation, Purpose
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
    invited = words.below(
        commands.add_parser(
            "invite",
            help="make somebody a coordinator",
            description="Makes a link that makes whoever opens it first a coordinator.",
        )
    ).add_parser(
        "coordinator",
        help="print a link that makes a coordinator",
        description="Prints a link that works once, for 24 hours: whoever opens it first is a "
        "coordinator, who sees the panel's members and calls its meetings. Give it to that one "
        "person, in a way you trust. The other coordinators are told when it is opened. Needs "
        "RAATI_TOKEN, and asks Telegram for the bot's name.",
    )
    invited.set_defaults(do=_invite)

    family = words.below(
        commands.add_parser(
            "coordinators",
            help="list and remove coordinators",
            description="Who looks after the panel: coordinators come by `raati invite "
            "coordinator`, and are listed and removed here, also while the bot runs.",
        )
    )
    listing = family.add_parser(
        "list",
        help="list the coordinators",
        description="Lists every coordinator: an id, the name as Telegram showed it when they "
        "came, the language they are told things in, and whether they have blocked the bot.",
    )
    listing.set_defaults(do=_list)
    removed = family.add_parser(
        "remove",
        help="remove a coordinator, also the last one",
        description="Removes a coordinator at once, also the last one: the pages of the panel do "
        "not open for them any more. The others are told.",
    )
    removed.add_argument("who", metavar="NAME|ID", help="as `raati coordinators list` shows them")
    removed.set_defaults(do=_remove)


def _invite(_: argparse.Namespace) -> int:
    settings = read()
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
                purpose=Purpose.COORDINATOR,
                expires=now + GOOD_FOR,
                made_on=now.date(),
                made_by="",
            )
            invited = Deed(now, "", What.COORDINATOR_INVITED)
            await records.change(here.store, records.Changed(keep=(invitation,), trail=(invited,)))
            return links.link(address, token), invitation.expires

    link, expires = asyncio.run(errand())
    print(link)
    print(
        f"It works once, until {expires:%Y-%m-%d %H:%M} {settings.timezone} time: whoever opens it "
        "first is a coordinator."
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
        gone = ", has blocked the bot" if one.gone else ""
        print(f"{_id(one)} {one.name}, {one.language}{gone}")
    return 0


def _remove(options: argparse.Namespace) -> int:
    settings = read()

    async def errand() -> tuple[Coordinator, int]:
        async with kept.kept(settings) as here:
            everybody = await _all(here, settings)
            one = _meant(options.who, everybody)
            remaining = [other for other in everybody if other is not one]
            now = kept.utc().astimezone(settings.zone())
            removed = Deed(now, "", What.COORDINATOR_REMOVED, one.name)
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
    print(f"{one.name} is not a coordinator any more.")
    if not remaining:
        print("There is none left. `raati invite coordinator` makes a link for one.")
    return 0


def _meant(who: str, everybody: tuple[Coordinator, ...]) -> Coordinator:
    """Raises RefusedError where nobody is, or more than one."""
    found = [one for one in everybody if who.casefold() in (_id(one), one.name.casefold())]
    if not found:
        raise RefusedError(
            f"No coordinator is called {who}: `raati coordinators list` shows them all."
        )
    if len(found) > 1:
        ids = " and ".join(_id(one) for one in found)
        raise RefusedError(f"More than one coordinator is called {who}: name one as {ids}.")
    return found[0]


async def _all(here: Kept, settings: Settings) -> tuple[Coordinator, ...]:
    return (await records.panel(here.store, settings.zone())).coordinators


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
