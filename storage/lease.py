"""The lease of the outbox: of all processes on one database, one speaks unprompted.

It is a lock on a file beside the database, held by the process that speaks for as long as it lives.
The kernel lets go of it however the process ends: there is no clock and no time-out, so that nobody
takes over from one who is only slow, and whoever waits follows at once on one who was killed.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from storage.database import file_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

EVERY: Final = 0.5
"""Seconds between two looks at whether it is free."""


class NotHeld(Exception):  # noqa: N818 - what is so
    """Whoever wanted to send does not hold the lease."""


class Lease:
    """`file` is the same for all processes on one database."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._handle: int | None = None

    @classmethod
    def beside(cls, url: str) -> Lease:
        """The lease of the database at `url`."""
        file = file_of(url)
        return cls(file.with_name(f"{file.name}-outbox"))

    @property
    def held(self) -> bool:
        return self._handle is not None

    def asked(self) -> None:
        """Raises NotHeld."""
        if not self.held:
            raise NotHeld

    @asynccontextmanager
    async def taken(
        self, waits: Callable[[], None] = lambda: None, every: float = EVERY
    ) -> AsyncIterator[None]:
        """Held until the block ends; waited for as long as another process has it, each time after
        `waits` is called."""
        while not self._try():
            waits()
            await asyncio.sleep(every)
        try:
            yield
        finally:
            self._let_go()

    def _try(self) -> bool:
        handle = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        # Who had it may have taken the file away between the two lines above.
        if not self._is_there(handle):
            os.close(handle)
            return False
        self._handle = handle
        return True

    def _is_there(self, handle: int) -> bool:
        try:
            return os.path.samestat(os.fstat(handle), self._file.stat())
        except FileNotFoundError:
            return False

    def _let_go(self) -> None:
        if self._handle is not None:
            self._file.unlink(missing_ok=True)
            os.close(self._handle)
            self._handle = None
