"""How fast the outbox is, and what it costs: `make bench`. Figures, not promises: machines differ.

counted    so many subscribers are counted by language; beside it somebody saves an answer again and
           again, and the longest wait of theirs is told
planned    a broadcast to them is written out, a delivery each; beside it the same
reported   what became of it is read, and read again once all have got it and it was corrected
sent       as many messages as the machine brings through, the pace let go
paced      a quiet minute at Telegram's pace, counted by the receiving side
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import re
import secrets
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import Final

from bot.pace import RATE, Pace
from dialogs.announcement import Audience, Circle
from storage import drafts, reach
from storage.sealed import identity, seal, tag
from storage.tables import deliveries, subscribers
from tests.county import BEGINS
from tests.outbox_office import Office, office

SUBSCRIBERS: Final = Audience(Circle.SUBSCRIBERS)
ROOM: Final = 512
CHUNK: Final = 10_000


async def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--people", type=int, default=100_000, help="of the broadcast")
    parser.add_argument("--messages", type=int, default=3000, help="with the pace let go")
    parser.add_argument("--seconds", type=int, default=60, help="at Telegram's pace")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="raati-bench-") as folder:
        await planned(Path(folder), options.people)
    with tempfile.TemporaryDirectory(prefix="raati-bench-") as folder:
        await sent(Path(folder), options.messages)
    with tempfile.TemporaryDirectory(prefix="raati-bench-") as folder:
        await paced(Path(folder), options.seconds)


async def planned(folder: Path, people: int) -> None:
    async with office(folder) as here:
        await subscribed(here, people)
        await here.start()
        await here.rests()
        here.pace.pause(1)
        here.soon.goes.clear()  # the second does not pass
        await counted(here, people)
        waits: list[float] = []
        answering = asyncio.create_task(answered(here, waits))
        _forget_peak()
        before, begins = _peak(), time.perf_counter()
        await here.announces(here.announcement("tiedote", audience=SUBSCRIBERS))
        here.outbox.wake()
        while await here.states("tiedote") != {"waiting": people}:  # noqa: ASYNC110
            await asyncio.sleep(0.2)  # whoever reads holds up whoever writes
        took = time.perf_counter() - begins
        answering.cancel()
        _say("planned", "people", f"{people:,}")
        _say("", "seconds", f"{took:.1f}")
        _say("", "megabytes more", f"{_peak() - before:.0f}")
        _say("", "answers saved meanwhile", f"{len(waits):,}")
        _say("", "the longest of them, ms", f"{1000 * max(waits, default=0):.0f}")
        await reported(here)


async def counted(here: Office, people: int) -> None:
    waits: list[float] = []
    answering = asyncio.create_task(answered(here, waits))
    begins = time.perf_counter()
    found = await reach.counted(here.store, ())
    took = time.perf_counter() - begins
    answering.cancel()
    _say("counted", "people", f"{found[SUBSCRIBERS].total:,}")
    _say("", "seconds", f"{took:.1f}")
    _say("", "answers saved meanwhile", f"{len(waits):,}")
    _say("", "the longest of them, ms", f"{1000 * max(waits, default=0):.0f}")
    assert found[SUBSCRIBERS].total == people


async def reported(here: Office) -> None:
    begins = time.perf_counter()
    await here.report("tiedote")
    waiting = time.perf_counter() - begins
    async with here.store.writing() as connection:
        got = {"state": "sent", "message": 1, "edition": 1, "first": 1}
        await connection.execute(deliveries.update().values(got))
    await here.corrects(here.announcement("tiedote", "oikein", audience=SUBSCRIBERS))
    begins = time.perf_counter()
    await here.report("tiedote")
    _say("reported", "ms while all wait", f"{1000 * waiting:.0f}")
    _say("", "ms when it is corrected", f"{1000 * (time.perf_counter() - begins):.0f}")


async def sent(folder: Path, messages: int) -> None:
    async with office(folder) as here:
        await here.members(messages)
        await here.announces(here.announcement("muistutus"))
        begins, cpu = time.perf_counter(), time.process_time()
        await here.rests()
        took, used = time.perf_counter() - begins, time.process_time() - cpu
        _say("sent", "messages a second", f"{messages / took:.0f}")
        _say("", "CPU ms each, both sides", f"{1000 * used / messages:.2f}")


async def paced(folder: Path, seconds: int) -> None:
    async with office(folder) as here:
        here.pace = Pace()
        here.outbox = here.another()
        await here.members(RATE * seconds)
        await here.announces(here.announcement("muistutus"))
        await here.rests()
        moments = [entry.moment for entry in here.sandbox.log.arrived]
        span = moments[-1] - moments[0]
        fullest = min(last - first for first, last in zip(moments, moments[RATE:], strict=False))
        _say("paced", "messages", f"{len(moments):,}")
        _say("", "a second, (n-1)/span", f"{(len(moments) - 1) / span:.2f}")
        _say("", "31 of them, at least, s", f"{fullest:.3f}")
        _say("", "longest gap, s", f"{max(b - a for a, b in pairwise(moments)):.2f}")


async def subscribed(here: Office, people: int) -> None:
    """So many subscribers, who have no phone."""
    keys = identity(here.store.keys.identity)
    for first in range(0, people, CHUNK):
        rows = []
        for chat in range(first + 1, min(first + CHUNK, people) + 1):
            of = tag(keys.tags, "subscriber", chat)
            box = seal(keys.boxes, chat.to_bytes(8, "big") + b"fi", room=16, tag=of)
            rows.append({"key": secrets.token_bytes(16), "tag": of, "box": box, "gone": False})
        async with here.store.writing() as connection:
            await connection.execute(subscribers.insert(), rows)


async def answered(here: Office, waits: list[float]) -> None:
    """Somebody answers, a hundred times a second."""
    day = BEGINS.date()
    await drafts.begin(here.store, 1, "equality", b"", room=ROOM, expires=day, ordinal=1)
    with contextlib.suppress(asyncio.CancelledError):
        while True:
            begins = time.perf_counter()
            await drafts.save(here.store, 1, "equality", b"x", room=ROOM, expires=day, ordinal=1)
            waits.append(time.perf_counter() - begins)
            await asyncio.sleep(0.01)


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def _peak() -> float:
    """The most memory this process had since, in megabytes."""
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def _say(part: str, name: str, figure: str) -> None:
    sys.stdout.write(f"{part:<9}{name:<26}{figure:>10}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
