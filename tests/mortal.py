"""A county whose bot dies and lives again, in processes that the launcher forks.

The sandbox is in this process and goes on, as Telegram does.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import SecretStr

from bot.sandbox import Sandbox
from bot.sandbox import webhook as deliveries
from tests.county import BEGINS, ORIGIN, TOKEN, Clock, County, free_port
from tests.launcher import ENDED, LISTENS, LOADED, Board

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from datetime import datetime

RETRY: Final = 0.05
"""Seconds between two deliveries to a bot that is away; Telegram's two would only be waited out."""
PATIENCE: Final = 60
"""Seconds anything may take; only what is broken takes so long."""
A_STEP_OR_TWO: Final = 5
"""Seconds in which a bot takes them, however busy the machine."""


RESTS: Final = ("before getUpdates", "after its 200", "after setWebhook")
"""The last steps of a bot that waits for what people do."""


class Starter:
    """The launcher's process, from its loading to its end. One life at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.launcher"],
            cwd=Path(__file__).parent.parent,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def replies(self) -> int:
        assert self._process.stdout is not None
        return self._process.stdout.fileno()

    def order(self, **order: Any) -> None:
        assert self._process.stdin is not None
        os.write(self._process.stdin.fileno(), json.dumps(order).encode() + b"\n")

    def kill(self) -> None:
        self._process.kill()

    def close(self) -> None:
        for end in (self._process.stdin, self._process.stdout):
            assert end is not None
            end.close()
        self._process.wait(PATIENCE)


@contextlib.contextmanager
def starter() -> Iterator[Starter]:
    here = Starter()
    try:
        yield here
    finally:
        here.close()


class SharedClock(Clock):
    """Stands on the board, where every life of the bot reads it."""

    def __init__(self, board: Board) -> None:
        self._board = board
        super().__init__(BEGINS)

    @property
    def now(self) -> datetime:
        return self._board.now

    @now.setter
    def now(self, now: datetime) -> None:
        self._board.now = now


class Mortal(County):
    """A county whose bot lives in processes of its own, one after another."""

    def __init__(
        self, folder: Path, sandbox: Sandbox, board: Board, listens: str | None, starter: Starter
    ) -> None:
        super().__init__(folder, sandbox, SharedClock(board), listens)
        self.board = board
        self._starter = starter
        self._log = folder / "log"
        self._steps = folder / "steps"
        self._listening = asyncio.Event()
        self._ended = asyncio.Event()
        self._ended.set()

    async def hears(self) -> None:
        """Takes what the launcher replies, for as long as it runs."""
        reader = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        replies = os.fdopen(os.dup(self._starter.replies))
        transport, _ = await loop.connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), replies
        )
        try:
            while line := (await reader.readline()).decode().strip():
                if line == LISTENS:
                    self._listening.set()
                elif line.startswith(ENDED):
                    self._ended.set()
                else:
                    assert line == LOADED, line
        finally:
            self._ended.set()  # no life outlives its launcher
            transport.close()

    @property
    def alive(self) -> bool:
        return not self._ended.is_set()

    def begin(self) -> None:
        """Another life begins; it is not waited for."""
        self._listening.clear()
        self._ended.clear()
        self._starter.order(
            settings=_plain(self.settings.model_dump()),
            board=str(self.folder / "board"),
            steps=str(self._steps),
            log=str(self._log),
        )

    async def start(self) -> None:
        """Another life, until it listens, or has ended again."""
        self.begin()
        await self.first(self._listening.wait())

    async def stop(self) -> None:
        await self.end()

    async def end(self) -> None:
        """Ends the life from outside, wherever it is."""
        self.board.fuse = 0
        if self.alive:
            self._starter.order(kill=True)
            await asyncio.wait_for(self._ended.wait(), PATIENCE)

    async def settled(self) -> bool:
        """Whether the bot dealt with all that people did; False if it ended before."""
        return await self.first(self.sandbox.settled())

    async def first(self, reached: Any) -> bool:
        """Whether it is so before the life ends."""
        reaching = asyncio.ensure_future(reached)
        ending = asyncio.ensure_future(self._ended.wait())
        try:
            async with asyncio.timeout(PATIENCE):
                await asyncio.wait((reaching, ending), return_when=asyncio.FIRST_COMPLETED)
            if reaching.done():
                await reaching
                return True
            return False
        finally:
            reaching.cancel()
            ending.cancel()
            await asyncio.gather(reaching, ending, return_exceptions=True)

    async def ends_soon(self) -> bool:
        """Whether the life ends by a fuse that has a step or two to go."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._ended.wait(), A_STEP_OR_TWO)
        return not self.alive

    def steps(self) -> list[str]:
        """Every step of every life so far."""
        return self._steps.read_text().splitlines() if self._steps.exists() else []

    async def rests(self) -> None:
        """Until it takes no more steps. It has one to go when Telegram has its 200."""
        async with asyncio.timeout(A_STEP_OR_TWO):
            # Another process is waited for, which rings no bell.
            while self.alive and self.steps()[-1] not in RESTS:  # noqa: ASYNC110
                await asyncio.sleep(0.002)

    def logged(self) -> str:
        return self._log.read_text() if self._log.exists() else ""

    @contextlib.contextmanager
    def database(self) -> Iterator[sqlite3.Connection]:
        file = self.folder / "data" / "raati.db"
        with contextlib.closing(sqlite3.connect(file)) as connection:
            yield connection


def _plain(settings: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.get_secret_value()
        if isinstance(value, SecretStr)
        else str(value)
        if isinstance(value, Path)
        else value
        for name, value in settings.items()
    }


@contextlib.asynccontextmanager
async def mortal(folder: Path, starter: Starter, *, webhook: bool) -> AsyncIterator[Mortal]:
    """A county in which nothing was ever opened or kept, and whose bot has not begun to live."""
    board = Board(folder / "board")
    listens = f"127.0.0.1:{free_port()}" if webhook else None
    sandbox = Sandbox(
        token=TOKEN,
        username="raati_bot",
        name="Raati",
        clock=SharedClock(board),
        proxied={ORIGIN: f"http://{listens}"} if listens else {},
    )
    waits, deliveries.RETRY = deliveries.RETRY, RETRY
    longest, deliveries.LONGEST_RETRY = deliveries.LONGEST_RETRY, RETRY
    await sandbox.start()
    here = Mortal(folder, sandbox, board, listens, starter)
    hearing = asyncio.create_task(here.hears())
    try:
        yield here
    finally:
        await here.end()
        hearing.cancel()
        await asyncio.gather(hearing, return_exceptions=True)
        await sandbox.stop()
        board.close()
        deliveries.RETRY, deliveries.LONGEST_RETRY = waits, longest
