"""The only wiring: what is built, started in order and stopped in reverse."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
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

from bot.adapter import ALLOWED
from bot.chats import Chats
from bot.client import Client
from bot.intake import Intake
from bot.kept import kept, utc
from bot.polling import Polling
from bot.render import Renderer
from bot.speech import Speaker
from bot.webhook import Webhook
from dialogs.languages import FINNISH, LANGUAGES
from dialogs.screens import Say

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.settings import Settings
    from dialogs.office import Office

HOUSEKEEPING: Final = 60
"""Seconds between two looks at whether an hour has begun."""

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
) -> None:
    """The bot, until `stop` is set. Raises TokenRefused, WebhookRefused, FormsError, KeysError."""
    if settings.token is None:
        raise ValueError("the caller looks for the token")
    zone = settings.zone()
    renderer = Renderer(zone)
    client = Client(settings.api_url)
    bot = Bot(settings.token.get_secret_value(), session=client)
    async with kept(settings, office) as here, client:
        speaker = Speaker(bot, renderer, lambda: clock().astimezone(zone).date())
        chats = Chats(
            speaker,
            here.store,
            here.forms,
            here.office,
            clock=clock,
            zone=zone,
            chance=secrets.randbelow,
        )
        await chats.keep_house()
        await _introduce(bot, renderer, clock().astimezone(zone))
        intake = Intake(
            bot,
            handle=chats.handle,
            surplus=chats.surplus,
            failed=chats.failed,
            allowed=ALLOWED,
        )
        hourly = asyncio.create_task(_keep_house(chats))
        try:
            await _listening(settings, bot, client, intake).run(stop)
        finally:
            hourly.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await hourly
            await chats.close()


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


async def _keep_house(chats: Chats) -> None:
    while True:
        await asyncio.sleep(HOUSEKEEPING)
        try:
            await chats.keep_house()
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
