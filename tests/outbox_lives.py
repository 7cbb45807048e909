"""Bots that remind people, and die anywhere: `python -m tests.outbox_lives`.

The process that is started has loaded everything once; for each order it forks a life, the real bot
on a real database in front of the sandbox of the test's process, or kills one. Orders come
as JSON, a line each; a line goes back when a life has begun and when one has ended. No life
outlives the process that forked it.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import logging
import os
import select
import signal
import sqlite3
import subprocess
import sys
import threading
import traceback
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final

from bot import app, client
from bot.outbox import AT_ONCE
from bot.sandbox.faults import Cut, Flood, Trouble
from bot.settings import Settings
from dialogs.announcement import State
from tests.county import TOKEN
from tests.outbox_office import FAST, PATIENCE, Office, office, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.sandbox.faults import Fault

NOW_AND_THEN: Final = 0.2
"""Seconds between two looks into the database: whoever reads it holds up the outbox."""

OUTDATED: Final = (
    "SELECT count(*) FROM deliveries AS had JOIN announcements AS said ON said.key = announcement "
    "WHERE had.state = 'sent' AND had.edition < said.edition"
)

SOON: Final = 0.005
"""Seconds after which a life tries again what Telegram did not take."""


# in the process that is started


class Launcher:
    """Forks lives, by name, until there is nobody to order one."""

    def __init__(self) -> None:
        # Nobody else holds the other end: when the launcher is gone, its lives read the end.
        self._lifeline, self._held = os.pipe()
        self._lives: dict[str, int] = {}
        self._ends: dict[int, str] = {}  # a pipe that only a life holds open

    def run(self) -> None:
        orders = b""
        while True:
            heard, _, _ = select.select([0, *self._ends], [], [])
            for end in heard:
                if end:
                    self._bury(end)
            if 0 in heard:
                came = os.read(0, 65536)
                if not came:
                    break
                *lines, orders = (orders + came).split(b"\n")
                for line in lines:
                    self._obey(json.loads(line))
        for life in self._lives.values():
            os.kill(life, signal.SIGKILL)
            os.waitpid(life, 0)

    def _obey(self, order: dict[str, Any]) -> None:
        if "begins" in order:
            self._begin(order["begins"], order)
        elif order["dies"] in self._lives:  # until it is buried its number is its own
            os.kill(self._lives[order["dies"]], signal.SIGKILL)

    def _begin(self, name: str, order: dict[str, Any]) -> None:
        its_end, held = os.pipe()
        if life := os.fork():
            os.close(held)
            self._lives[name], self._ends[its_end] = life, name
            _reply(f"begun {name}")
            return
        try:
            os.close(self._held)
            threading.Thread(target=_end_with, args=(self._lifeline,), daemon=True).start()
            asyncio.run(_live(order))
        except BaseException:  # noqa: BLE001 - it goes to the test's output
            traceback.print_exc()
        finally:
            os._exit(1)

    def _bury(self, end: int) -> None:
        name = self._ends.pop(end)
        os.close(end)
        os.waitpid(self._lives.pop(name), 0)
        _reply(f"ended {name}")


def _end_with(lifeline: int) -> None:
    os.read(lifeline, 1)
    os.kill(os.getpid(), signal.SIGKILL)


async def _live(order: dict[str, Any]) -> None:
    """The bot, as `raati run` runs it, but that it sends as fast as it can."""
    logging.disable(logging.WARNING)  # trouble is what is played here
    # The sandbox speaks plain HTTP, and loading certificates is half of what a start costs.
    client._trust = lambda: True  # type: ignore[assignment, return-value]
    now = datetime.fromisoformat(order["now"])
    settings = Settings.model_validate(order["settings"])
    async with app.built(settings, clock=lambda: now, rate=FAST) as raati:
        raati.outbox._wait = lambda _: SOON
        await raati.run(asyncio.Event())


def _reply(line: str) -> None:
    os.write(1, f"{line}\n".encode())


# in the test's process


class Lives:
    """Lives on the database of `here`."""

    def __init__(self, here: Office, folder: Path) -> None:
        self._here = here
        self._folder = folder
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.outbox_lives"],
            cwd=Path(__file__).parent.parent,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._heard: Counter[str] = Counter()

    def begins(self, name: str = "it", keys: str = "keys") -> None:
        self._order(
            begins=name,
            settings={
                "token": TOKEN,
                "api_url": self._here.sandbox.url,
                "data_dir": str(self._folder / "data"),
                "key_dir": str(self._folder / keys),
            },
            now=self._here.wall().isoformat(),
        )

    async def dies(self, name: str = "it") -> int:
        """Kills it, wherever it is; how many messages it had in hand, by the database."""
        ended = self._heard[f"ended {name}"]
        self._order(dies=name)
        await until(lambda: self._heard[f"ended {name}"] > ended)
        return self.in_hand()

    def in_hand(self) -> int:
        return self._count("deliveries", "sending")

    def done(self) -> bool:
        """Whether all that was announced was sent, or cannot be, and says what it should."""
        planned = self._count("announcements", "planned")
        on_the_way = self._count("deliveries", "waiting", "sending", "uncertain")
        return not (planned or on_the_way or self._asked(OUTDATED))

    def _count(self, table: str, *states: str) -> int:
        asked = f"SELECT count(*) FROM {table} WHERE state IN ({','.join('?' * len(states))})"  # noqa: S608 - our own names
        return self._asked(asked, *states)

    def _asked(self, asked: str, *about: str) -> int:
        file = self._folder / "data" / "raati.db"
        with contextlib.closing(sqlite3.connect(file)) as database:
            count: int = database.execute(asked, about).fetchone()[0]
            return count

    async def hears(self) -> None:
        assert self._process.stdout is not None
        reader = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        replies = os.fdopen(os.dup(self._process.stdout.fileno()))
        transport, _ = await loop.connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), replies
        )
        try:
            while line := (await reader.readline()).decode().strip():
                self._heard[line] += 1
        finally:
            transport.close()

    def _order(self, **order: Any) -> None:
        assert self._process.stdin is not None
        os.write(self._process.stdin.fileno(), json.dumps(order).encode() + b"\n")

    def close(self) -> None:
        for end in (self._process.stdin, self._process.stdout):
            assert end is not None
            end.close()
        self._process.wait(PATIENCE)


@contextlib.asynccontextmanager
async def lives(here: Office, folder: Path) -> AsyncIterator[Lives]:
    those = Lives(here, folder)
    hearing = asyncio.create_task(those.hears())
    try:
        yield those
    finally:
        hearing.cancel()
        await asyncio.gather(hearing, return_exceptions=True)
        those.close()


@dataclass
class Toll:
    """What the kills came to, in numbers."""

    people: int = 0
    messages: int = 0  # reminders times people
    kills: int = 0
    in_hand: int = 0  # at the kills, together, by the database
    doubled: int = 0  # that came twice, by Telegram's own log
    cut: int = 0  # that arrived, and whose answer did not
    counted: int = 0  # that the reports say may have come twice

    def add(self, other: Toll) -> None:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)

    def told(self) -> list[tuple[str, int]]:
        return [
            ("kills", self.kills),
            ("people", self.people),
            ("reminders, each of which came", self.messages),
            ("in hand at a kill", self.in_hand),
            ("arrived, with its answer cut off", self.cut),
            ("came twice", self.doubled),
            ("told as doubtful", self.counted),
        ]

    def __str__(self) -> str:
        return (
            f"outbox: {self.kills} kills; each of {self.messages} messages to {self.people} people "
            f"came; {self.in_hand} were in hand at a kill, {self.cut} answers were cut off, "
            f"{self.doubled} came twice, {self.counted} are told as doubtful"
        )


async def killed(
    here: Office, those: Lives, chance: Random, *, people: int, kills: int, reminders: int = 3
) -> Toll:
    """People get reminders while the outbox is killed at random moments. Raises AssertionError
    where one does not come, or more come twice than were in hand."""
    persons = await here.members(people)
    names = [f"reminder:{number}" for number in range(reminders)]
    await here.announces(*map(here.announcement, names))
    toll = Toll(people, people * reminders)
    those.begins()
    for left in range(kills, 0, -1):
        arrived = {(entry.chat_id, entry.text) for entry in here.sandbox.log.arrived}
        to_come = toll.messages - len(arrived)
        target = len(here.sandbox.log) + chance.randrange(max(1, 2 * to_come // (left + 1)))
        await until(partial(_reached, here, target))
        await asyncio.sleep(chance.uniform(0, 0.06))
        in_hand = await those.dies()
        assert in_hand <= AT_ONCE
        toll.in_hand += in_hand
        toll.kills += 1
        those.begins()
    await until(those.done, NOW_AND_THEN)
    await those.dies()
    came = Counter((entry.chat_id, entry.text) for entry in here.sandbox.log.arrived)
    chats = [person.phone.chat_id for person in persons]
    assert set(came) == {(chat, f"{name} (fi)") for chat in chats for name in names}
    toll.doubled = sum(times - 1 for times in came.values())
    toll.cut = sum(entry.fault == "cut after" for entry in here.sandbox.log.arrived)
    for name in names:
        report = await here.report(name)
        assert report.counts == {State.SENT: people}
        toll.counted += report.doubled
    assert toll.doubled <= toll.in_hand + toll.cut
    return toll


async def reminded(folder: Path, seed: int, people: int = 500, kills: int = 20) -> Toll:
    """The long form: the same, in front of a Telegram that has its troubles."""
    chance = Random(seed)
    async with office(folder) as here, lives(here, folder) as those:
        troubles: dict[Fault, float] = {
            Cut(before=False): 0.02,
            Cut(before=True): 0.02,
            Trouble(): 0.02,
            Flood(1): 0.002,
        }
        here.sandbox.faults.storm("sendMessage", troubles, chance)
        return await killed(here, those, chance, people=people, kills=kills)


def _reached(here: Office, calls: int) -> bool:
    return len(here.sandbox.log) >= calls


def main() -> None:
    # The collector leaves alone what is there: it stays shared between the lives.
    gc.collect()
    gc.freeze()
    Launcher().run()


if __name__ == "__main__":
    main()
