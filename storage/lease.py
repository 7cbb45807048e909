"""The lease of the outbox: of all processes on one database, one speaks unprompted.

It is a lock on a file beside the database, held by the process that speaks for as long as it lives.
The kernel lets go of it however the process ends: there is no clock and no time-out, so that nobody
takes over from one who is only slow, and whoever waits follows at once on one who was killed.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Final

from storage.database import file_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

EVERY: Final = 0.5
"""Seconds between two looks at whether it is free."""


log = logging.getLogger(__name__)


class NotHeld(Exception):  # noqa: N818 - what is so
    """Whoever wanted to send does not hold the lease."""


class Lease:
    """`file` is the same for all processes on one database."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._handle: int | None = None
        self.fails = False  # the machine does not allow it

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
        """Whether it is held now; what the machine does not allow may be mended meanwhile."""
        try:
            self._handle = self._locked()
        except OSError as error:
            if not self.fails:
                log.error("the lease of the outbox cannot be taken (%s)", type(error).__name__)  # noqa: TRY400 - no path
            self.fails = True
            return False
        self.fails = False
        return self.held

    def _locked(self) -> int | None:
        """The file, locked; None where another has it."""
        handle = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Who had it may have taken the file away between the two lines above.
            if self._is_there(handle):
                return handle
        except BlockingIOError:
            pass
        except OSError:
            os.close(handle)
            raise
        os.close(handle)
        return None

    def _is_there(self, handle: int) -> bool:
        try:
            return os.path.samestat(os.fstat(handle), self._file.stat())
        except FileNotFoundError:
            return False

    def _let_go(self) -> None:
        if self._handle is not None:
            with suppress(OSError):  # the lock goes with the handle, whether or not the file does
                self._file.unlink()
            os.close(self._handle)
            self._handle = None
