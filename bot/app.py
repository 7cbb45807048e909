"""The only wiring: what is built, started in order and stopped in reverse."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramUnauthorizedError
from aiogram.methods import (
    DeleteWebhook,
    SetMyCommands,
    SetMyDescription,
    SetMyShortDescription,
    TelegramMethod,
)
from aiogram.types import BotCommand
from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot import forms as forming
from bot.adapter import ALLOWED
from bot.chats import Chats
from bot.client import Client
from bot.forms import Forms
from bot.intake import Intake
from bot.render import Renderer
from bot.settings import SettingsError
from bot.speech import Speaker
from dialogs.languages import FINNISH, LANGUAGES
from dialogs.screens import Say
from storage.database import Store
from storage.keys import Keys, stand_apart

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

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


def utc() -> datetime:
    """The clock of `raati run`; only the demo and the tests have another."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Kept:
    """What every command works on: the store, the office behind it, and its forms."""

    store: Store
    office: Office
    forms: Forms


@asynccontextmanager
async def kept(settings: Settings, office: Office | None = None) -> AsyncIterator[Kept]:
    """The store of these settings, open. Raises FormsError, KeysError, SettingsError."""
    stand_apart(settings.key_dir, settings.data_dir)
    office = office or forming.office(settings)
    keys = Keys.load(settings.key_dir)
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        store = await Store.open(settings.database(), keys)
    except ValueError as error:
        raise SettingsError(str(error)) from None
    except (OSError, SQLAlchemyError, CommandError) as error:
        raise SettingsError(
            f"The database cannot be used: {_reason(error)}. "
            "Look at RAATI_DATA_DIR and RAATI_DATABASE_URL."
        ) from None
    try:
        yield Kept(store, office, Forms(office))
    finally:
        await store.close()


def _reason(error: Exception) -> str:
    """Why a database cannot be used, without its address, which may hold a password."""
    if isinstance(error, DBAPIError):
        return str(error.orig)
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    if isinstance(error, CommandError):
        return "it was made by another version of this program"
    return "its address cannot be read"


async def run(
    settings: Settings,
    stop: asyncio.Event,
    *,
    clock: Callable[[], datetime] = utc,
    office: Office | None = None,
) -> None:
    """The bot, until `stop` is set. Raises TokenRefused, FormsError, KeysError."""
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
            client,
            handle=chats.handle,
            surplus=chats.surplus,
            failed=chats.failed,
            allowed=ALLOWED,
        )
        hourly = asyncio.create_task(_keep_house(chats))
        try:
            await intake.run(stop)
        finally:
            hourly.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await hourly
            await chats.close()


async def _keep_house(chats: Chats) -> None:
    while True:
        await asyncio.sleep(HOUSEKEEPING)
        try:
            await chats.keep_house()
        except Exception as error:  # noqa: BLE001 - the bot goes on; the next hour tries again
            log.error("housekeeping failed (%s)", type(error).__name__)  # noqa: TRY400 - no content


async def _introduce(bot: Bot, renderer: Renderer, now: datetime) -> None:
    """The bot's commands and descriptions in each language; the Finnish ones for all others."""
    methods: list[TelegramMethod[bool]] = [DeleteWebhook()]
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
    for method in methods:
        try:
            await bot(method, request_timeout=10)
        except TelegramUnauthorizedError:
            return  # the intake meets the same, and ends the run with one sentence
        except AiogramError as error:
            # What the menu shows is not worth not answering people for.
            log.warning("%s was not taken (%s)", method.__api_method__, type(error).__name__)
