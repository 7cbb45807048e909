"""A survey lived through: a population, the real bot, the sandbox as Telegram, a moved clock.

The clock jumps from deed to deed. What attackers would take is copied on the way: the data dir at
every full hour; in a quiet middle moment, with the key folder beside it; in the middle of work; and
after the last person, four in the morning and the bot's end. With `unlucky`, the database fails at
the driver, the handler breaks with everything it knows in its words, phones block the bot and
updates cannot be read, while everything is logged at DEBUG.

The sandbox shares the process; what it says is not the bot's and is left out of the log.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import io
import logging
import random
import shutil
import sqlite3
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

import aiosqlite

from dialogs import conversation
from dialogs.life import DRAFTS_END
from tests.attacks.population import CALL, SURVEY
from tests.attacks.truth import Copy, Stolen, Truth
from tests.attacks.visits import Forms, Visit, phone
from tests.county import HELSINKI, TOKEN, County, county

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from tests.attacks.population import Coming, Population

LIBRARY: Final = Path("dialogs/forms/library")
"""Where the survey's form lies, from the project's folder."""

MISHAPS: Final = 0.04
"""How likely something goes wrong with a deed."""
BUSY: Final = 6
"""Copies taken in the middle of work: so many while something is sent, and as many at other
deeds."""
HOUR: Final = timedelta(hours=1)
NIGHT: Final = timedelta(hours=3)
"""How long the county goes on after the survey has closed."""

_SANDBOX: Final = ("bot.sandbox", "aiohttp.server", "aiohttp.access", "aiohttp.web")

PATIENCE: Final = 60
"""Seconds; a busy machine is no Telegram that does not answer."""


@dataclass(frozen=True)
class Life:
    """What remains of a survey: the truth, kept outside, and everything that can be stolen."""

    truth: Truth
    people: Population
    hourly: tuple[Copy, ...]
    middle: Copy
    busy: tuple[Copy, ...]
    final: Copy
    keys_middle: Path
    keys_after: Path
    settings: dict[str, str]
    log: str
    every: timedelta  # between two of the copies that serve differencing
    received: int  # as `raati survey list` says, at the end

    def stolen(self, model: str, *, middle: bool = False) -> Stolen:
        """What an attacker of that model holds; with `middle`, at the middle moment."""
        one = (self.middle if middle else self.final,)
        keys = self.keys_middle if middle else self.keys_after
        return Stolen(
            model=model,
            copies=self.hourly if model == "C" else one,
            settings=self.settings if model in ("B", "C", "K") else {},
            log=self.log if model == "D" else "",
            keys=keys if model == "K" else None,
            known=self.people.known,
            seen=self.seen if model == "C" else {},
            k=self.truth.k,
        )

    @property
    def seen(self) -> dict[int, datetime]:
        """By person, the hour in which their response was sent; or what is copied as often."""
        return {
            who.number: _floor(who.sent, self.every)
            for who in self.truth.people
            if who.sent is not None
        }


def _floor(moment: datetime, every: timedelta) -> datetime:
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return day + (moment - day) // every * every


@dataclass
class Days:
    """The people of a population, deed by deed. `passes` is told each full hour that comes, or
    each part of it that is as long as `every`."""

    people: Population
    county: County
    forms: Forms
    passes: Callable[[datetime], None] = lambda _: None
    every: timedelta = HOUR
    visits: list[Visit] = field(init=False)

    def __post_init__(self) -> None:
        self.visits = [self._visit(who) for who in self.people.coming]
        self._next = _floor(self.county.clock(), self.every) + self.every

    def _visit(self, who: Coming) -> Visit:
        own = phone(self.county.sandbox, who.chat, who.name, who.language)
        return Visit(who, own, self.forms, self.county.clock)

    async def go_by(self, does: Callable[[Visit, Iterator[timedelta]], Awaitable[Any]]) -> None:
        """Until nobody has anything left to do. `does` does the next of somebody's deeds, and
        gives how long they wait after it, or None."""
        due = [
            (visit.who.came, place, visit, visit.goes()) for place, visit in enumerate(self.visits)
        ]
        heapq.heapify(due)
        while due:
            moment, place, visit, deeds = heapq.heappop(due)
            self.until(moment)
            wait = await does(visit, deeds)
            if wait is None:
                visit.phone.chat.messages.clear()  # what stood there would add up
            else:
                heapq.heappush(due, (self.county.clock() + wait, place, visit, deeds))

    def until(self, moment: datetime) -> None:
        """The clock goes on to that moment, if it is ahead, and stops at each hour on the way."""
        clock = self.county.clock
        while self._next <= moment:
            clock.now = max(clock.now, self._next)
            self.passes(self._next)
            self._next += self.every
        clock.now = max(clock.now, moment)

    @property
    def closed(self) -> datetime:
        """When begun answers end."""
        last = self.people.until.date() + timedelta(days=1)
        return datetime.combine(last, DRAFTS_END, HELSINKI)

    def truth(self) -> Truth:
        people = (
            visit.who.person(
                visit.came or visit.who.came, visit.sent, visit.applied, visit.subscribed
            )
            for visit in self.visits
        )
        return Truth(tuple(people), SURVEY, self.people.k)


async def lived(
    folder: Path, people: Population, *, unlucky: bool = True, every: timedelta = HOUR
) -> Life:
    """The survey from its opening to the bot's end; all that is stolen lies in `folder`. Somebody
    copies, and watches people, as finely as `every`."""
    copies = _Copies(folder)
    log = _Log()
    with _patience():
        async with county(folder / "live") as here:
            with log.of(here):
                truth, received = await _played(here, people, copies, every, unlucky=unlucky)
                await here.stop()
            final = copies.take("final", here.clock())
            keys = copies.keys("keys_after")
    if copies.middle is None:
        raise AssertionError("there was no middle")
    return Life(
        truth=truth,
        people=people,
        hourly=tuple(copies.hourly),
        middle=copies.middle,
        busy=tuple(copies.busy),
        final=final,
        keys_middle=folder / "keys_middle",
        keys_after=keys,
        settings=environment(here),
        log=log.text(),
        every=every,
        received=received,
    )


async def _played(
    here: County, people: Population, copies: _Copies, every: timedelta, *, unlucky: bool
) -> tuple[Truth, int]:
    """What came to be, and how many responses `raati survey list` shows at the end."""
    days = await opened(here, people, every)
    days.passes = copies.again
    acts = _Acts(days, copies, unlucky=unlucky)
    with acts.mishaps():
        await days.go_by(acts.does)
        days.until(days.closed + timedelta(minutes=5))
        await acts.closing()
    days.until(days.closed + NIGHT)
    await _looks_in(here, people)
    received = next(one.received for one in await here.listed() if one.name == SURVEY)
    return days.truth(), received


async def opened(here: County, people: Population, every: timedelta = HOUR) -> Days:
    """The survey, with the population's k, and the call are open until everybody has come."""
    if people.k != 10:
        own = here.folder / "forms"
        own.mkdir()
        form = (LIBRARY / f"{SURVEY}.yaml").read_text(encoding="utf-8")
        (own / f"{SURVEY}.yaml").write_text(form.replace("k: 10\n", f"k: {people.k}\n"), "utf-8")
        here.settings = here.settings.model_copy(update={"forms_dir": own})
    last = people.until.date().isoformat()
    await here.open(SURVEY, last)
    await here.open(CALL, last)
    return Days(people, here, Forms.of(here.settings), every=every)


def environment(here: County) -> dict[str, str]:
    """The settings as they stand in the bot's environment."""
    plain = {"token": TOKEN, "webhook_secret": None, "database_url": None}
    values = here.settings.model_dump() | plain
    return {f"RAATI_{name.upper()}": str(value) for name, value in values.items() if value}


async def _looks_in(here: County, people: Population) -> None:
    """Somebody comes too late."""
    chat, name = people.strangers[-1]
    phone(here.sandbox, chat, name, "fi").type("/start")
    await here.settled()


class _Copies:
    """Copies of what lies in `folder`/live, as bytes at the moment."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._live = folder / "live"
        self.hourly: list[Copy] = []
        self.busy: list[Copy] = []
        self.middle: Copy | None = None
        self._seen: list[tuple[str, int, int]] = []

    def again(self, moment: datetime) -> None:
        """Where nothing was written since the last time, that copy serves again."""
        written = _written(self._live / "data")
        if written == self._seen:
            self.hourly.append(Copy(moment, self.hourly[-1].folder))
        else:
            self.hourly.append(self.take(f"hourly/{len(self.hourly):05}", moment))
        self._seen = written

    def in_work(self, moment: datetime) -> None:
        self.busy.append(self.take(f"busy/{len(self.busy):03}", moment))

    def in_the_middle(self, moment: datetime) -> None:
        self.middle = self.take("middle", moment)
        self.keys("keys_middle")

    def take(self, name: str, moment: datetime) -> Copy:
        to = self._folder / name
        _copied(self._live / "data", to)
        return Copy(moment, to)

    def keys(self, name: str) -> Path:
        to = self._folder / name
        _copied(self._live / "keys", to)
        return to


def _written(folder: Path) -> list[tuple[str, int, int]]:
    """What tells whether a file was written again."""
    files = [(file.name, file.stat()) for file in sorted(folder.iterdir())]
    return [(name, about.st_mtime_ns, about.st_size) for name, about in files]


def _copied(source: Path, to: Path) -> None:
    """What is there; files that vanish meanwhile do not stop it."""
    to.mkdir(parents=True)
    for file in sorted(source.rglob("*")):
        if file.is_dir():
            (to / file.relative_to(source)).mkdir(parents=True, exist_ok=True)
        else:
            with contextlib.suppress(FileNotFoundError):
                shutil.copyfile(file, to / file.relative_to(source))


class _Acts:
    """Does deeds, with copies and mishaps in between."""

    def __init__(self, days: Days, copies: _Copies, *, unlucky: bool) -> None:
        self._days = days
        self._copies = copies
        self._unlucky = unlucky
        chance = self._chance = random.Random(f"acts {days.people.seed}")
        coming = days.people.coming
        answering = sum(who.comes_back for who in coming)
        self._middle = coming[int(len(coming) * chance.uniform(0.4, 0.6))].came
        # Which of the things sent, and which of the deeds, are copied while they are dealt with.
        self._sends = set(chance.sample(range(answering), min(BUSY, answering)))
        self._others = set(chance.sample(range(len(coming) * 10), BUSY))
        self._fails = _Failing()
        self._breaks = 0  # so often the handler breaks

    @contextlib.contextmanager
    def mishaps(self) -> Iterator[None]:
        """The edges at which something can go wrong."""
        step = conversation.step

        def breaks(here: Any, event: Any) -> Any:
            if self._breaks:
                self._breaks -= 1
                raise RuntimeError(f"{here.drafts!r} {here.applications!r} {event!r}")
            return step(here, event)

        with self._fails.at_the_driver(), patch.object(conversation, "step", breaks):
            yield

    async def does(self, visit: Visit, deeds: Iterator[timedelta]) -> timedelta | None:
        days = self._days
        if self._copies.middle is None and days.county.clock() >= self._middle:
            self._copies.in_the_middle(days.county.clock())
        mishap = self._mishap()
        if (wait := next(deeds, None)) is None:
            self._fails.calls = range(0)
            self._breaks = 0
            return None
        if mishap == "blocked":
            visit.phone.block()
        elif mishap == "unreadable":
            about = {"chat": {"id": visit.who.chat}, "from": visit.who.name}
            days.county.sandbox.telegram.updates.put("message", about)
        await self._copies_in_work(visit)
        await days.county.settled()
        self._fails.calls = range(0)
        self._breaks = 0
        visit.phone.unblock()
        return wait

    async def closing(self) -> None:
        """The survey is closed by itself, or with `unlucky` tried to be."""
        if self._unlucky:
            first = self._chance.randint(1, 12)
            self._fails.calls = range(first, first + 2)
        await _looks_in(self._days.county, self._days.people)
        self._fails.calls = range(0)

    def _mishap(self) -> str:
        chance = self._chance
        if not self._unlucky or chance.random() >= MISHAPS:
            return ""
        mishap = chance.choice(("database", "handler", "blocked", "unreadable"))
        if mishap == "database":
            first = chance.randint(1, 8)
            self._fails.calls = range(first, first + chance.choice((1, 1, 2, 20)))
        elif mishap == "handler":
            self._breaks = chance.choice((1, 2))
        return mishap

    async def _copies_in_work(self, visit: Visit) -> None:
        among = self._sends if visit.sending else self._others
        if among and self._chance.random() < 0.3:
            among.pop()
            # The driver's threads go on while the loop stands still and copies.
            await asyncio.sleep(self._chance.uniform(0, 0.012))
            self._copies.in_work(self._days.county.clock())


class _Failing:
    """Which of the coming calls of the database's driver fail, counted from 1."""

    def __init__(self) -> None:
        self.calls = range(0)
        self._done = 0

    @contextlib.contextmanager
    def at_the_driver(self) -> Iterator[None]:
        execute = aiosqlite.Connection._execute

        async def fails(line: aiosqlite.Connection, work: Any, *about: Any, **named: Any) -> Any:
            if not self.calls:
                self._done = 0
            elif work.__name__ in ("execute", "executemany", "commit", "_execute_fetchall"):
                self._done += 1
                if self._done in self.calls:
                    raise sqlite3.OperationalError("database is locked")
            return await execute(line, work, *about, **named)

        with patch.object(aiosqlite.Connection, "_execute", fails):
            yield


class _Log(logging.Handler):
    """Everything the bot logs, at every level, stamped by the county's clock: as written, and as
    it was handed to the log."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self._said = io.StringIO()
        self._county: County | None = None

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith(_SANDBOX) or self._county is None:
            return
        moment = self._county.clock().isoformat()
        said = self.format(record)
        handed = f"{record.msg!r} {record.args!r} {record.exc_info!r}"
        self._said.write(f"{moment} {record.levelname} {record.name} {said} | {handed}\n")

    @contextlib.contextmanager
    def of(self, here: County) -> Iterator[None]:
        self._county = here
        root = logging.getLogger()
        level = root.level
        root.addHandler(self)
        root.setLevel(logging.DEBUG)
        try:
            yield
        finally:
            root.setLevel(level)
            root.removeHandler(self)

    def text(self) -> str:
        return self._said.getvalue()


@contextlib.contextmanager
def _patience() -> Iterator[None]:
    with (
        patch("bot.chats.PATIENCE", PATIENCE),
        patch("bot.speech.PATIENCE", PATIENCE),
        patch("bot.intake.SECOND_TRY", 0),
    ):
        yield
