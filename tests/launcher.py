"""Lives of the bot that end anywhere: by SIGKILL between two steps, or at any moment.

The launcher is a process that has loaded everything once and forks a life for each order: the
real `bot.app.run`, in front of the sandbox of the test's process, which is Telegram and goes on.
In a life every boundary is a step: around each decision, each statement and commit, each call of
the Bot API and each acknowledgement. Steps are marked from outside; nothing in the product knows.

The test and the lives share a page of memory, the `Board`: the time, and a fuse that counts steps
down and kills the life at the last. No life outlives its launcher, no launcher its test.

Orders come as JSON, a line each; a line goes back when a life listens to Telegram and when it has
ended.
"""

from __future__ import annotations

import asyncio
import functools
import gc
import json
import logging
import mmap
import os
import select
import signal
import struct
import tempfile
import threading
import traceback
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import aiosqlite
from aiohttp import web
from sqlalchemy import Engine, event

from bot import app, chats, client, forms, speech
from bot.settings import Settings
from bot.webhook import Webhook
from dialogs import conversation

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from dialogs.office import Office

LOADED: Final = "loaded"
LISTENS: Final = "listens"
ENDED: Final = "ended"

BESIDE: Final = {"mixing", "outbox", "glimpses", "following"}
"""The names of the tasks that go on beside the conversations."""

PATIENCE: Final = 60
"""Seconds the bot waits for the sandbox: a busy machine is no Telegram that does not answer."""

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Board:
    """What a test and the lives of its bot share, in a file of their own."""

    _NUMBERS: Final = struct.Struct("=q")

    def __init__(self, file: Path) -> None:
        size = 2 * self._NUMBERS.size
        handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        os.ftruncate(handle, size)
        self._page = mmap.mmap(handle, size)
        os.close(handle)

    @property
    def now(self) -> datetime:
        """The time, aware UTC."""
        return EPOCH + timedelta(microseconds=self._read(0))

    @now.setter
    def now(self, now: datetime) -> None:
        self._write(0, (now - EPOCH) // timedelta(microseconds=1))

    @property
    def fuse(self) -> int:
        """How many steps are left to live; 0: as many as there are."""
        return self._read(1)

    @fuse.setter
    def fuse(self, steps: int) -> None:
        self._write(1, steps)

    def close(self) -> None:
        self._page.close()

    def _read(self, place: int) -> int:
        number: int = self._NUMBERS.unpack_from(self._page, place * self._NUMBERS.size)[0]
        return number

    def _write(self, place: int, number: int) -> None:
        self._NUMBERS.pack_into(self._page, place * self._NUMBERS.size, number)


class Steps:
    """Marks the steps of this process, which is a life: each is a line in the file, and the last
    is where it was killed. `listens` is called when Telegram is about to know where the bot is."""

    def __init__(self, board: Board, file: Path, listens: Callable[[], None]) -> None:
        self._board = board
        self._file = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._listens = listens

    def step(self, name: str) -> None:
        # What goes on beside the conversation is killed for itself: `test_mix_kills`.
        if (task := asyncio.current_task()) is not None and task.get_name() in BESIDE:
            return
        os.write(self._file, f"{name}\n".encode())
        if name in ("before getUpdates", "after setWebhook"):
            self._listens()
        if (left := self._board.fuse) > 0:
            self._board.fuse = left - 1
            if left == 1:
                os.kill(os.getpid(), signal.SIGKILL)

    def mark(self) -> None:
        """From now on each thing that the bot does one after another is two steps."""
        decide = conversation.step

        def decided(*about: Any) -> Any:
            self.step("before deciding")
            outcome = decide(*about)
            self.step("after deciding")
            return outcome

        conversation.step = decided
        event.listen(Engine, "before_cursor_execute", self._statement("before"))
        event.listen(Engine, "after_cursor_execute", self._statement("after"))
        event.listen(Engine, "commit", lambda _: self.step("before the commit"))
        self._around(aiosqlite.Connection, "execute_fetchall", lambda _, sql, *__: _verb(sql))
        self._around(client.Client, "raw", lambda _, __, method, *___: method.__api_method__)
        self._around(Webhook, "_called", lambda *_: "a delivery")
        self._around(web.Response, "write_eof", lambda *_: "its 200")

    def _statement(self, when: str) -> Callable[..., None]:
        """Statements of a transaction; those outside one go past SQLAlchemy."""

        def executed(_connection: Any, _cursor: Any, sql: str, *_: Any) -> None:
            self.step(f"{when} {_verb(sql)}")

        return executed

    def _around(self, owner: type, name: str, called: Callable[..., str]) -> None:
        """A step before and after each `owner.name`; `called` names the call."""
        work: Callable[..., Awaitable[Any]] = getattr(owner, name)

        async def marked(*arguments: Any, **named: Any) -> Any:
            what = called(*arguments)
            self.step(f"before {what}")
            result = await work(*arguments, **named)
            self.step(f"after {what}")
            return result

        setattr(owner, name, marked)


def _verb(sql: str) -> str:
    return "emptying the log" if "wal_checkpoint" in sql else sql.split(maxsplit=1)[0]


class Launcher:
    """Forks a life for each order, one at a time, until there is nobody to give one."""

    def __init__(self) -> None:
        # Nobody else holds the other end: when the launcher is gone, its life reads the end.
        self._lifeline, self._held = os.pipe()
        self._life = 0  # its process number; 0: none
        self._its_end = -1  # a pipe that only the life holds open

    def run(self) -> None:
        orders = b""
        while True:
            heard, _, _ = select.select([0, self._its_end] if self._life else [0], [], [])
            if self._its_end in heard:
                self._bury()
            if 0 in heard:
                came = os.read(0, 65536)
                if not came:
                    break
                *lines, orders = (orders + came).split(b"\n")
                for line in lines:
                    self._obey(json.loads(line))
        if self._life:
            os.kill(self._life, signal.SIGKILL)
            os.waitpid(self._life, 0)

    def _obey(self, order: dict[str, Any]) -> None:
        if "settings" in order:
            self._begin(order)
        elif self._life:  # it may have ended by now, but until it is buried the number is its own
            os.kill(self._life, signal.SIGKILL)

    def _begin(self, order: dict[str, Any]) -> None:
        its_end, held = os.pipe()
        if life := os.fork():
            os.close(held)
            self._life, self._its_end = life, its_end
            return
        try:
            os.close(self._held)
            threading.Thread(target=_end_with, args=(self._lifeline,), daemon=True).start()
            _live(order)
        except BaseException:  # noqa: BLE001 - it goes to the log, where the test looks for it
            traceback.print_exc()
        finally:
            os._exit(1)

    def _bury(self) -> None:
        _, status = os.waitpid(self._life, 0)
        os.close(self._its_end)
        self._life, self._its_end = 0, -1
        _reply(f"{ENDED} {os.waitstatus_to_exitcode(status)}")


def _end_with(lifeline: int) -> None:
    os.read(lifeline, 1)
    os.kill(os.getpid(), signal.SIGKILL)


def _live(order: dict[str, Any]) -> None:
    """The bot, as `raati run` runs it, in this process; `order` names its settings and files."""
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    replies = os.dup(1)
    for stream in (1, 2):
        os.dup2(log, stream)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    logging.getLogger("raati").setLevel(logging.INFO)
    chats.PATIENCE = speech.PATIENCE = PATIENCE
    # The sandbox speaks plain HTTP, and loading certificates is half of what a start costs.
    client._trust = lambda: True
    board = Board(Path(order["board"]))
    told: list[int] = []

    def listens() -> None:
        if not told:
            told.append(_reply(LISTENS, replies))

    Steps(board, Path(order["steps"]), listens).mark()
    settings = Settings.model_validate(order["settings"])
    asyncio.run(app.run(settings, asyncio.Event(), clock=lambda: board.now, office=_office()))


@functools.cache
def _office() -> Office:
    return forms.office(Settings.model_validate({}))


async def _warm(folder: Path) -> None:
    """What is loaded before a fork costs a life nothing."""
    settings = Settings.model_validate({"data_dir": folder / "data", "key_dir": folder / "keys"})
    async with app.kept(settings, _office()):
        pass


def _reply(line: str, to: int = 1) -> int:
    return os.write(to, f"{line}\n".encode())


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_warm(Path(folder)))
    # The collector leaves alone what is there: it stays shared between the lives.
    gc.collect()
    gc.freeze()
    _reply(LOADED)
    Launcher().run()


if __name__ == "__main__":
    main()
