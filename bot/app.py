"""The only wiring: what is built, started in order and stopped in reverse."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramUnauthorizedError
from aiogram.methods import (
    SetMyCommands,
    SetMyDescription,
    SetMyShortDescription,
    TelegramMethod,
)
from aiogram.types import BotCommand

from bot import forms as forming
from bot.adapter import ALLOWED
from bot.chats import Chats
from bot.client import Client
from bot.following import EVERY, Following
from bot.glimpses import Glimpses
from bot.housekeeping import House
from bot.intake import Intake
from bot.kept import kept, utc
from bot.memory import Memory
from bot.mixing import Mixing
from bot.outbox import Outbox
from bot.pace import RATE, Pace
from bot.polling import Polling
from bot.render import Renderer
from bot.sight import Sight
from bot.speech import Speaker
from bot.webhook import Webhook
from dialogs.languages import FINNISH, LANGUAGES
from dialogs.screens import Say
from storage.lease import Lease
from storage.running import alone

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from datetime import datetime

    from bot.kept import Kept
    from bot.settings import Settings
    from dialogs.office import Office

HOUSEKEEPING: Final = 60
"""Seconds between two looks at whether an hour has begun."""

AGAIN: Final = 1.0
"""Seconds until what goes on beside the conversations is begun again after an error."""

MIXED: Final = 5.0
"""Seconds that a stop waits for the mix; what is left then is done at the next start."""

COMMANDS: Final = {
    "start": Say("command.start"),
    "help": Say("command.help"),
    "language": Say("command.language"),
    "privacy": Say("command.privacy"),
    "stop": Say("command.stop"),
}

log = logging.getLogger("raati")


async def run(
    settings: Settings,
    stop: asyncio.Event,
    *,
    clock: Callable[[], datetime] = utc,
    office: Office | None = None,
    rate: int = RATE,
) -> None:
    """The bot, until `stop` is set; it sends at most `rate` messages a second. Raises TokenRefused,
    WebhookRefused, and what `built` does."""
    async with built(settings, clock=clock, office=office, rate=rate) as raati:
        await raati.run(stop)


@asynccontextmanager
async def built(
    settings: Settings,
    *,
    clock: Callable[[], datetime],
    office: Office | None = None,
    rate: int = RATE,
    follows: float = EVERY,
) -> AsyncIterator[Raati]:
    """The bot, not yet at work; it is the only one on its keys. It sends at most `rate` messages a
    second, and brings the card of a broadcast up to date every `follows` seconds. Raises
    FormsError, KeysError, RunsError, SettingsError."""
    if settings.token is None:
        raise ValueError("the caller looks for the token")
    client = Client(settings.api_url)
    bot = Bot(settings.token.get_secret_value(), session=client)
    async with alone(settings.key_dir), kept(settings, office) as here, client:
        yield Raati(settings, bot, client, here, clock, rate, follows)


class Raati:
    """Every part of the bot, wired."""

    def __init__(
        self,
        settings: Settings,
        bot: Bot,
        client: Client,
        here: Kept,
        clock: Callable[[], datetime],
        rate: int,
        follows: float,
    ) -> None:
        zone = settings.zone()

        def now() -> datetime:
            return clock().astimezone(zone)

        self._bot = bot
        self._renderer = Renderer(zone)
        self._now = now
        pace = Pace(rate)
        speaker = Speaker(bot, self._renderer, lambda: now().date(), pace)
        self.mixing: Final = Mixing(here.store, here.forms, now)
        self.glimpses: Final = Glimpses(speaker, here.store, clock)
        lease = Lease.beside(settings.database())
        self.outbox: Final = Outbox(bot, here.store, lease, pace, here.office, now)
        memory = Memory(
            here.store,
            here.office,
            self._renderer,
            now=now,
            zone=zone,
            mixed=self.mixing.wake,
            announced=self.outbox.wake,
        )
        sight = Sight(
            here.store,
            here.forms,
            here.office,
            now=now,
            zone=zone,
            chance=secrets.randbelow,
            bot_link=speaker.own_link,
            fetch=speaker.fetch,
            shelf=lambda: forming.shelf(settings),
            trials=memory.trials,
        )
        self.following: Final = Following(speaker, here.store, clock, sight.follow, every=follows)
        self._house = House(
            here.store,
            here.forms,
            here.office,
            memory,
            now=now,
            zone=zone,
            kept=self.mixing.wake,
        )
        self._chats = Chats(
            speaker,
            sight,
            memory,
            self.glimpses,
            self.following,
            self.outbox,
            clock=clock,
            keep_house=self._house.keep,
        )
        intake = Intake(
            bot,
            handle=self._chats.handle,
            surplus=self._chats.surplus,
            failed=self._chats.failed,
            allowed=ALLOWED,
        )
        self._listening = _listening(settings, bot, client, intake)

    async def run(self, stop: asyncio.Event) -> None:
        """At work until `stop` is set."""
        await self._house.keep()
        await _introduce(self._bot, self._renderer, self._now())
        beside = [
            asyncio.create_task(_keep_house(self._house)),
            asyncio.create_task(_always(self.mixing.run, "the mix"), name="mixing"),
            asyncio.create_task(_always(self.glimpses.run, "what was shown"), name="glimpses"),
            asyncio.create_task(_always(self.outbox.run, "the outbox"), name="outbox"),
            asyncio.create_task(_always(self.following.run, "the cards"), name="following"),
        ]
        try:
            await self._listening.run(stop)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.mixing.rest(), MIXED)
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            await self._chats.close()


def _listening(settings: Settings, bot: Bot, client: Client, intake: Intake) -> Polling | Webhook:
    """How the bot hears: Telegram calls it where an address is set, else it asks Telegram."""
    if settings.webhook_url is None or settings.webhook_secret is None:
        return Polling(bot, client, intake)
    return Webhook(
        bot,
        intake,
        url=settings.webhook_url,
        secret=settings.webhook_secret,
        listen=settings.listen,
    )


async def _always(run: Callable[[], Awaitable[None]], what: str) -> None:
    """Run it until cancelled: begun again whenever it ends by an error."""
    while True:
        try:
            await run()
        except Exception as error:  # noqa: BLE001 - the bot goes on
            log.error("%s ended (%s) and begins again", what, type(error).__name__)  # noqa: TRY400 - no content
        await asyncio.sleep(AGAIN)


async def _keep_house(house: House) -> None:
    while True:
        await asyncio.sleep(HOUSEKEEPING)
        try:
            await house.keep()
        except Exception as error:  # noqa: BLE001 - the bot goes on; the next hour tries again
            log.error("housekeeping failed (%s)", type(error).__name__)  # noqa: TRY400 - no content


async def _introduce(bot: Bot, renderer: Renderer, now: datetime) -> None:
    """The bot's commands and descriptions in each language; the Finnish ones for all others."""
    methods: list[TelegramMethod[bool]] = []
    for language in LANGUAGES:

        def words(said: Say, language: str = language) -> str:
            return renderer.words(said, language, now.date())

        commands = [
            BotCommand(command=name, description=words(said)) for name, said in COMMANDS.items()
        ]
        codes = (None, language) if language == FINNISH else (language,)
        for code in codes:
            methods += [
                SetMyCommands(commands=commands, language_code=code),
                SetMyDescription(description=words(Say("bot.description")), language_code=code),
                SetMyShortDescription(
                    short_description=words(Say("bot.short_description")), language_code=code
                ),
            ]
    not_taken: set[str] = set()
    for method in methods:
        try:
            await bot(method, request_timeout=10)
        except TelegramUnauthorizedError:
            return  # the intake meets the same, and ends the run with one sentence
        except AiogramError as error:
            # What the menu shows is not worth not answering people for.
            not_taken.add(type(error).__name__)
    if not_taken:
        log.warning(
            "Telegram did not take the bot's commands or descriptions (%s); the next start tries "
            "again.",
            ", ".join(sorted(not_taken)),
        )
