"""Who works on the keys: one bot, or one errand that must not meet it.

The running bot holds a lock on a file in the key folder for as long as it lives; the system lets go
of it however the bot ends. A restore and an import of keys hold the same lock while they work. The
file is in the key folder because that stays when the data is lost under a bot that still runs.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from storage.keys import unusable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

_FILE: Final = "running"
_TRIES: Final = 5
_PAUSE: Final = 0.05  # s: who only looks holds the lock for a moment, and is no bot


class RunsError(Exception):
    """Somebody works on these keys already; its text is one sentence."""


@asynccontextmanager
async def alone(directory: Path) -> AsyncIterator[None]:
    """Nobody else is at work on the keys in `directory` until the block ends. Raises RunsError if
    somebody is, KeysError if the folder cannot be used."""
    try:
        handle = _opened(directory)
    except OSError as error:
        raise unusable(directory, error) from None
    try:
        if not await _taken(handle):
            raise RunsError(
                f"A bot, a restore or an import is at work on the keys in {directory}: "
                "stop it first, or wait until it is done."
            )
        yield
    finally:
        os.close(handle)


def _opened(directory: Path) -> int:
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.open(directory / _FILE, os.O_RDWR | os.O_CREAT, 0o600)


async def _taken(handle: int) -> bool:
    for _ in range(_TRIES):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            await asyncio.sleep(_PAUSE)
        else:
            return True
    return False


def somebody(directory: Path) -> bool:
    """Whether somebody is at work on the keys in `directory`. Raises OSError if that cannot be
    looked at."""
    try:
        handle = os.open(directory / _FILE, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        # Shared: two that only look do not take each other for a bot.
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False
