"""Lives of the mix that end at each of its steps: `python -m tests.mix_lives FOLDER release|close`.

Six have sent and one is midway. A life lets answers come out, or closes the survey, and is killed
at its first step, the next at its second, and so on until one lives to its end. Steps are each
statement and commit, each write to a disk and each file that goes. After every kill another start
does what was left, and what people sent must be there: once, and nothing besides.

Prints a line for each life: its last step, and what was wrong after it, if anything was. It forks,
and so runs as a process of its own.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import aiosqlite
from sqlalchemy import Engine, event

from storage import drafts, markers, mix, responses, surveys
from storage.database import Store
from storage.keys import Keys
from storage.surveys import Running
from tests.pool import waiting

if TYPE_CHECKING:
    from collections.abc import Callable

DAY: Final = date(2027, 2, 8)
ROOM: Final = 512
K: Final = 3
SENT: Final = range(1, 2 * K + 1)
MIDWAY: Final = 99
MOST: Final = 400
"""Steps; more than there are."""

OPEN: Final = Running("equality", "settings: {}", "survey", "everyone", "open", DAY, DAY, None)
WORDS: Final = "Sanon tämän: "


async def opened(folder: Path) -> Store:
    keys = Keys.load(folder / "keys")
    return await Store.open(f"sqlite+aiosqlite:///{folder}/data/raati.db", keys)


async def prepared(folder: Path) -> None:
    store = await opened(folder)
    await surveys.keep(store, OPEN)
    for chat in (*SENT, MIDWAY):
        await drafts.begin(store, chat, "equality", b"", room=ROOM, expires=DAY, ordinal=1)
    for chat in SENT:
        words = {"means": f"{WORDS}{chat}"}
        await responses.finish(store, chat, "equality", closed={"n": chat}, opened=words, room=ROOM)
    await store.close()


async def released(folder: Path) -> None:
    """What the bot does at its start and where enough wait."""
    store = await opened(folder)
    for _ in range(2):
        assert await store.wipe()
        await mix.bury(store)
        await mix.release(store, "equality", k=K, room=ROOM)
    assert await store.wipe()
    await mix.bury(store)
    await store.close()


async def closed(folder: Path) -> None:
    store = await opened(folder)
    [kept] = await surveys.listed(store)
    if kept.state != "closed":
        await mix.close(store, kept, k=K)
    assert await store.wipe()
    await mix.bury(store)
    await store.close()


async def wrong_after_release(folder: Path) -> list[str]:
    """What is not as it must be, a sentence each."""
    store = await opened(folder)
    out = [answers["n"] for answers in await responses.load(store, "equality")]
    still = waiting(folder)
    words = [text for _, text in await responses.open_answers(store, "equality")]
    words += [one.text for response in still for one in response.opened]
    taken = [await markers.taken(store, chat, {"equality": 3}) for chat in (*SENT, MIDWAY)]
    facts = {
        "not three came out": len(out) == K,
        "not everything is there once": sorted([*out, *(r.answers["n"] for r in still)]) == [*SENT],
        "not all words are there once": sorted(words) == sorted(f"{WORDS}{n}" for n in SENT),
        "the draft is gone": bool(await drafts.load(store, MIDWAY, ["equality"])),
        "a marker is gone": taken == [{"equality": 1}] * len(taken),
        "an old key lives": len(store.keys.passing("equality").batches()) == 1,
    }
    await store.close()
    return [said for said, so in facts.items() if not so]


async def wrong_after_closing(folder: Path) -> list[str]:
    store = await opened(folder)
    out = [answers["n"] for answers in await responses.load(store, "equality")]
    words = [text for _, text in await responses.open_answers(store, "equality")]
    facts = {
        "not everything came out once": sorted(out) == [*SENT],
        "not all words came out once": sorted(words) == sorted(f"{WORDS}{n}" for n in SENT),
        "something waits": waiting(folder) == [],
        "a key lives": store.keys.surveys() == [],
    }
    await store.close()
    return [said for said, so in facts.items() if not so]


STORIES: Final = {
    "release": (released, wrong_after_release),
    "close": (closed, wrong_after_closing),
}


class Fuse:
    """Kills this process at its step number `left`, and writes down which one that was."""

    def __init__(self, left: int, told: Path) -> None:
        self._left = left
        self._told = told

    def lit(self) -> None:
        event.listen(Engine, "before_cursor_execute", lambda *about: self._step(about[2]))
        event.listen(Engine, "commit", lambda _: self._step("commit"))
        for owner, name in (
            (aiosqlite.Connection, "execute_fetchall"),
            (os, "fsync"),
            (os, "fdopen"),
            (Path, "rename"),
            (Path, "unlink"),
            (Path, "rmdir"),
        ):
            setattr(owner, name, self._before(name, getattr(owner, name)))

    def _before(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def stepped(*about: Any, **named: Any) -> Any:
            self._step(about[1] if name == "execute_fetchall" else name)
            return work(*about, **named)

        return stepped

    def _step(self, name: str) -> None:
        self._left -= 1
        if self._left == 0:
            self._told.write_text(" ".join(name.split()[:4]))
            os.kill(os.getpid(), signal.SIGKILL)


def life(work: Callable[[], None]) -> int:
    """What became of `work` in a process of its own: 0, or the signal or code it ended with."""
    if child := os.fork():
        return os.waitpid(child, 0)[1]
    try:
        work()
    except BaseException as error:  # noqa: BLE001 - the parent reads that it failed
        sys.stderr.write(f"{error!r}\n")
        os._exit(1)
    os._exit(0)


def main(folder: Path, story: str) -> None:
    does, finds = STORIES[story]
    whole = folder / "whole"
    life(lambda: asyncio.run(prepared(whole)))
    for number in range(1, MOST):
        there, told = folder / "there", folder / "told"
        shutil.rmtree(there, ignore_errors=True)
        shutil.copytree(whole, there)
        told.write_text("lived to its end")

        def killed(number: int = number, there: Path = there, told: Path = told) -> None:
            Fuse(number, told).lit()
            asyncio.run(does(there))

        def looked(there: Path = there, told: Path = told) -> None:
            asyncio.run(does(there))
            if wrong := asyncio.run(finds(there)):
                told.write_text(f"{told.read_text()}: {', '.join(wrong)}")

        ended = life(killed)
        if life(looked):
            told.write_text(f"{told.read_text()}: it does not go on")
        sys.stdout.write(f"{told.read_text()}\n")
        if not ended:
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
