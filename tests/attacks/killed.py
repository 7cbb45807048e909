"""The same survey while the bot is killed: by SIGKILL between two steps, and at any moment.

Kills come most while something is sent: then the mix may be at work, keys are made and destroyed.
The last night the bot is down when the survey ends, is killed while it closes it at its start, and
has to end what was begun.
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from tests.attacks.lived import environment, opened
from tests.attacks.population import SURVEY
from tests.attacks.truth import Copy, Stolen, Truth
from tests.mortal import PATIENCE, mortal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.attacks.population import Population
    from tests.attacks.visits import Visit
    from tests.mortal import Mortal, Starter

WHILE_SENDING: Final = 0.5
OTHERWISE: Final = 0.03
"""How likely a kill is for each deed."""
STEPS: Final = 60
"""A fuse burns at most so long; a release and its wipe take about as many."""
AT_THE_END: Final = 5
"""Kills while the survey is being closed."""


@dataclass(frozen=True)
class Survived:
    """What remains, and how often it was killed."""

    truth: Truth
    stolen: Stolen  # B, after the end, and what was logged
    kills: int

    @property
    def final(self) -> Copy:
        return self.stolen.copies[0]


async def survived(folder: Path, starter: Starter, people: Population, kills: int) -> Survived:
    """The survey lived through with so many kills."""
    async with mortal(folder, starter, webhook=False) as here:
        days = await opened(here, people)
        await here.start()
        killer = _Killer(here, random.Random(f"kills {people.seed}"), kills - AT_THE_END)
        await days.go_by(killer.does)
        killer.left = AT_THE_END
        await here.end()
        days.until(days.closed + timedelta(minutes=5))
        while killer.left:
            here.board.fuse = killer.chance.randint(1, STEPS)
            await killer.ends()
        here.board.fuse = 0
        await here.start()
        await _closed(here)
        await here.end()
        taken = Copy(here.clock(), folder / "data")
        stolen = Stolen(
            "B",
            (taken,),
            environment(here),
            here.logged(),
            None,
            people.known,
            {},
            people.k,
        )
        return Survived(days.truth(), stolen, killer.done)


class _Killer:
    """Lets the bot deal with deeds, and kills it; `left` are the kills to come."""

    def __init__(self, here: Mortal, chance: random.Random, kills: int) -> None:
        self._here = here
        self.chance = chance
        self.left = kills
        self.done = 0

    async def does(self, visit: Visit, deeds: Iterator[timedelta]) -> timedelta | None:
        here = self._here
        if (wait := next(deeds, None)) is None:
            return None
        likely = WHILE_SENDING if visit.sending else OTHERWISE
        if self.left and self.chance.random() < likely:
            if self.chance.random() < 0.5:
                here.board.fuse = self.chance.randint(1, STEPS)  # it may burn into later deeds
            else:
                await asyncio.sleep(self.chance.uniform(0, 0.04))
                await self._kills()
        while not (await here.settled() and here.alive):
            if self.left:
                self._counts()
            here.board.fuse = 0
            await here.start()
        return wait

    async def ends(self) -> None:
        """A life that is killed somewhere in its start, or soon after."""
        await self._here.start()
        if self._here.alive:
            await asyncio.sleep(self.chance.uniform(0, 0.1))
            await self._here.end()
        self._counts()

    async def _kills(self) -> None:
        await self._here.end()
        self._counts()
        await self._here.start()

    def _counts(self) -> None:
        self.left -= 1
        self.done += 1


async def _closed(here: Mortal) -> None:
    """Until the survey is closed and nothing waits in the mix. Raises TimeoutError."""
    async with asyncio.timeout(PATIENCE):
        # Another process is waited for, which rings no bell; and who reads holds up its wipe.
        while True:
            await asyncio.sleep(0.5)
            [survey] = [one for one in await here.listed() if one.name == SURVEY]
            keys = here.folder / "keys" / "passing" / "running" / SURVEY
            if survey.state == "closed" and not survey.mixing and not keys.exists():
                return
