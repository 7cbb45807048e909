"""What every command works on: the store of the settings, the office behind it, and its forms.

An official's errand needs no more than this, and so does not wait for Telegram's library to load.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot import forms as forming
from bot.forms import Forms
from bot.settings import SettingsError
from storage.database import Store
from storage.keys import Keys, stand_apart

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.settings import Settings
    from dialogs.office import Office


def utc() -> datetime:
    """The clock of `raati run`; only the demo and the tests have another."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Kept:
    """The store, the office behind it, and its forms."""

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
