"""The long form of the kills and of hostile input: `make soak`.

One round after another, until the minutes are over; the next call goes on where this one ended. A
round has a name, and `--only NAME` repeats it:

    between polling fi prompt 7    one person; killed after 7 steps of each thing they do
    again webhook sv 12            killed at each thing they do, and in the next life after 12 steps
    together polling 31            three at once, killed at random moments; 31 is the seed
    first webhook 5                killed after 5 steps of its very first start
    hostile 4                      some 2,300 hostile updates (tests/hostile.py); 4 is the seed
    outbox 3                       500 people are reminded, with faults, while the outbox is killed
                                   20 times (tests/outbox_lives.py); 3 is the seed
    broadcast 2                    three broadcasts to 1,000 people, with faults, paused, corrected
                                   and retracted, while the outbox is killed 20 times
                                   (tests/broadcast_lives.py); 2 is the seed

What was wrong is repeated first. At the end a table tells what has come together since the
beginning.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests import broadcast_lives
from tests.hostile import storm
from tests.kills import (
    HABITS,
    Journey,
    Story,
    Walk,
    first_start,
    living,
    nothing_is_wrong,
    together,
    walked,
)
from tests.mortal import Starter, mortal, starter
from tests.outbox_lives import Toll, reminded
from tests.reader import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACE: Final = Path(__file__).parent.parent / "var" / "soak" / "place.json"

MOST_STEPS: Final = 37
"""More than the bot takes for anything; a prime, so that every stride meets every step."""
MOST_STEPS_OF_A_START: Final = 101
"""More than a start takes, with what waited."""
STRIDE: Final = 13
"""From one round's step to the next one's: early and late ones come soon."""
HOSTILE: Final = 100_000
"""Updates."""
OUTBOX: Final = 10
"""Rounds of the outbox: 200 kills, 5,000 people."""
BROADCASTS: Final = 5
"""Rounds of broadcasts: 100 kills, 5,000 people."""
WAYS: Final = {"polling": False, "webhook": True}


def rounds() -> Iterator[str]:
    """The names of all rounds; the last kinds never end."""
    batches = itertools.count(1)
    for number in range(MOST_STEPS):
        if number < OUTBOX:
            yield f"outbox {number + 1}"
        if number < BROADCASTS:
            yield f"broadcast {number + 1}"
        steps = 1 + number * STRIDE % MOST_STEPS
        for habit, way, language in itertools.product(HABITS, WAYS, LANGUAGES):
            yield f"between {way} {language} {habit} {steps}"
        for way in WAYS:
            for turn in range(3):
                start = 1 + (3 * number + turn) * STRIDE % MOST_STEPS_OF_A_START
                yield f"first {way} {start}"
                yield f"again {way} {[*LANGUAGES][turn]} {start}"
            yield f"together {way} {number + 1}"
        yield f"hostile {next(batches)}"
        yield f"hostile {next(batches)}"
    for seed in itertools.count(MOST_STEPS + 1):
        for way in WAYS:
            yield f"together {way} {seed}"
        yield f"hostile {next(batches)}"


@dataclass
class Soaked:
    """All that came together, and the place in the rounds."""

    begun: int = 0  # rounds
    wrong: list[str] = field(default_factory=list)  # names of rounds
    story: Story = field(default_factory=Story)
    hostile: Counter[str] = field(default_factory=Counter)
    toll: Toll = field(default_factory=Toll)
    broadcasts: broadcast_lives.Toll = field(default_factory=broadcast_lives.Toll)
    seconds: float = 0

    @classmethod
    def read(cls) -> Soaked:
        if not PLACE.exists():
            return cls()
        kept = json.loads(PLACE.read_text(encoding="utf-8"))
        story = Story(**kept["story"] | {"kills": Counter(kept["story"]["kills"])})
        toll = Toll(**kept.get("toll", {}))
        broadcasts = broadcast_lives.Toll(**kept.get("broadcasts", {}))
        hostile = Counter(kept["hostile"])
        return cls(
            **kept | {"story": story, "hostile": hostile, "toll": toll, "broadcasts": broadcasts}
        )

    def left(self) -> Iterator[str]:
        """What was wrong, then the rounds that were not begun."""
        yield from list(self.wrong)
        for name in itertools.islice(rounds(), self.begun, None):
            self.begun += 1
            yield name

    def write(self) -> None:
        PLACE.parent.mkdir(parents=True, exist_ok=True)
        fresh = PLACE.with_suffix(".new")
        kept = vars(self) | {
            "story": vars(self.story),
            "toll": vars(self.toll),
            "broadcasts": vars(self.broadcasts),
        }
        fresh.write_text(json.dumps(kept), encoding="utf-8")
        fresh.replace(PLACE)

    def told(self) -> str:
        story, rows = self.story, []
        rows += [(f"killed {name}", number) for name, number in story.kills.most_common()]
        rows += [
            ("kills", story.kills.total()),
            ("restarts", story.restarts),
            ("persons who answered and applied", story.persons),
            ("answers, each as it was given", story.answers),
            ("told that their answers had arrived, not thanked", story.told_already),
            ("asked again, and told why", story.asked_again),
            ("messages shown again", story.shown_again),
            *((f"hostile input: {name}", number) for name, number in self.hostile.items()),
            *((f"outbox: {name}", number) for name, number in self.toll.told()),
            *((f"broadcasts: {name}", number) for name, number in self.broadcasts.rows()),
            ("rounds", self.begun),
            ("minutes", round(self.seconds / 60)),
            ("wrong", len(self.wrong)),
        ]
        width = max(len(name) for name, _ in rows)
        return "\n".join(f"{name:<{width}}  {number:>9,}" for name, number in rows)


class Soak:
    """Plays rounds, with one launcher for all."""

    def __init__(self, starter: Starter, soaked: Soaked) -> None:
        self._starter = starter
        self._soaked = soaked
        self._walks: dict[bool, dict[str, Walk]] = {}

    def play(self, name: str) -> None:
        """Raises what was wrong."""
        kind, *more = name.split()
        if kind == "hostile":
            self._hostile(int(more[0]))
            return
        if kind == "outbox":
            with tempfile.TemporaryDirectory(prefix="raati-soak-") as folder:
                self._soaked.toll.add(asyncio.run(reminded(Path(folder), int(more[0]))))
            return
        if kind == "broadcast":
            with tempfile.TemporaryDirectory(prefix="raati-soak-") as folder:
                toll = asyncio.run(broadcast_lives.broadcasted(Path(folder), int(more[0])))
            self._soaked.broadcasts.add(toll)
            return
        story = Story()
        with tempfile.TemporaryDirectory(prefix="raati-soak-") as folder:
            asyncio.run(self._killed(Path(folder), story, kind, WAYS[more[0]], more[1:]))
        self._soaked.story.add(story)

    def _hostile(self, number: int) -> None:
        if self._soaked.hostile["updates"] < HOSTILE:
            counts = storm(number, 1)
            for name in ("plays", "updates", "set_aside", "responses", "applications"):
                self._soaked.hostile[name] += getattr(counts, name)

    async def _killed(
        self, folder: Path, story: Story, kind: str, webhook: bool, more: list[str]
    ) -> None:
        number = int(more[-1])
        if kind == "first":
            async with mortal(folder, self._starter, webhook=webhook) as county:
                if step := await first_start(county, number):
                    story.kills[step] += 1
                    story.restarts += 1
            return
        walks = await self._walked(webhook)
        async with living(folder, self._starter, webhook=webhook) as county:
            if kind == "together":
                people = await together(county, walks, random.Random(number), story)
            else:
                way = walks[more[0]]
                journey = Journey(county, more[0], way, story=story)
                if kind == "between":
                    journey.habit = more[1]
                    journey.fuse = lambda at: number if number <= len(way[at].steps) + 1 else 0
                else:
                    journey.fuse = lambda at: 1 + (number + at * STRIDE) % len(way[at].steps)
                    journey.again = lambda _: number
                await journey.goes()
                people = [journey.someone]
            story.answers += await nothing_is_wrong(county, people)

    async def _walked(self, webhook: bool) -> dict[str, Walk]:
        if webhook not in self._walks:
            with tempfile.TemporaryDirectory(prefix="raati-soak-") as folder:
                async with living(Path(folder), self._starter, webhook=webhook) as county:
                    self._walks[webhook] = await walked(county)
        return self._walks[webhook]


def main() -> int:
    """0 when nothing was wrong, 1 when something was."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--minutes", type=float, default=20, help="at most (default: 20)")
    parser.add_argument("--only", metavar="NAME", help="one round; the place is kept")
    parser.add_argument("--fresh", action="store_true", help="from the beginning")
    options = parser.parse_args()
    soaked = Soaked() if options.fresh or options.only else Soaked.read()
    names = [options.only] if options.only else soaked.left()
    ends = time.monotonic() + 60 * options.minutes
    with starter() as launcher, contextlib.suppress(KeyboardInterrupt):
        soak = Soak(launcher, soaked)
        for name in names:
            _played(soak, soaked, name)
            if not options.only:
                soaked.write()
            if time.monotonic() > ends:
                break
    _say(soaked.told())
    for name in soaked.wrong:
        _say(f'wrong; to repeat it: .venv/bin/python -m tests.soak --only "{name}"')
    return 1 if soaked.wrong else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _played(soak: Soak, soaked: Soaked, name: str) -> None:
    begun = time.monotonic()
    try:
        soak.play(name)
    except Exception:  # noqa: BLE001 - whatever it is, it is told, and the rest goes on
        _say(f"{name}: wrong")
        traceback.print_exc()
        soaked.wrong += [name] if name not in soaked.wrong else []
    else:
        soaked.wrong = [other for other in soaked.wrong if other != name]
    soaked.seconds += time.monotonic() - begun


if __name__ == "__main__":
    sys.exit(main())
