"""An office for a test of the outbox: a real store, a real outbox, and the sandbox as Telegram, but
no conversation. Persons are members, officials, subscribers or applicants with a phone of their
own."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from aiogram import Bot

from bot import forms
from bot.client import Client
from bot.letters import planned
from bot.outbox import Outbox
from bot.pace import Pace
from bot.render import Renderer
from bot.sandbox import Sandbox
from bot.settings import Settings
from dialogs.announcement import Announcement, Audience, Circle, Priority
from dialogs.languages import LANGUAGES
from dialogs.panel.records import Coordinator, Member, Role, Standing
from dialogs.screens import Card, Line, Own
from storage import announcements, applications, records, subscribers, surveys
from storage.database import Store
from storage.keys import Keys
from storage.lease import Lease
from tests.county import BEGINS, HELSINKI, TOKEN, Clock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from bot.sandbox import Phone
    from dialogs.announcement import Report

FAST: Final = 100_000
"""Messages a second, where pace is not what is tried."""

PATIENCE: Final = 120
"""Seconds anything may take; only what is broken takes so long."""

RENDERER: Final = Renderer(HELSINKI)

MEMBERS: Final = Audience(Circle.MEMBERS)


class Soon:
    """A monotonic clock on which whoever sleeps has slept at once, or once it `goes`."""

    def __init__(self) -> None:
        self.now = 0.0
        self.goes = asyncio.Event()
        self.goes.set()

    def time(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        await self.goes.wait()
        self.now += seconds
        await asyncio.sleep(0)


@dataclass
class Person:
    """Somebody whom the office knows, by a random key."""

    key: bytes
    phone: Phone

    @property
    def heard(self) -> list[str]:
        """What the bot has said to them, as it stands now."""
        return [message.text for message in self.phone.messages if message.sender == "bot"]


class Office:
    """`soon` is the time of the pace."""

    def __init__(
        self, sandbox: Sandbox, store: Store, lease: Lease, bot: Bot, clock: Clock, rate: int
    ) -> None:
        self.sandbox = sandbox
        self.store = store
        self.lease = lease
        self.bot = bot
        self.clock = clock
        self.soon = Soon()
        self.pace = Pace(rate, time=self.soon.time, sleep=self.soon.sleep)
        self.outbox = self.another()
        self._runs: asyncio.Task[None] | None = None

    def another(self, wait: Callable[[int], float] = lambda _: 0.001) -> Outbox:
        office = forms.office(Settings.model_validate({}))
        return Outbox(self.bot, self.store, self.lease, self.pace, office, self.wall, wait=wait)

    def wall(self) -> datetime:
        return self.clock().astimezone(HELSINKI)

    # persons

    async def member(
        self, language: str = "fi", standing: Standing = Standing.MEMBER, *, phone: bool = True
    ) -> Person:
        [person] = await self.members(1, language, standing, phone=phone)
        return person

    async def members(
        self,
        count: int,
        language: str = "fi",
        standing: Standing = Standing.MEMBER,
        *,
        phone: bool = True,
    ) -> list[Person]:
        persons = [self._person(language) for _ in range(count)]
        days = date(2026, 1, 1), date(2027, 12, 31)
        named = "Maija Esimerkki (keksitty)", "014 000 0000", language, standing
        kept = [
            Member(person.key, *named, *days, chat=person.phone.chat_id if phone else None)
            for person in persons
        ]
        assert await records.change(self.store, records.Changed(keep=kept))
        return persons

    async def coordinator(self, language: str = "fi", role: Role = Role.COORDINATOR) -> Person:
        person = self._person(language)
        kept = Coordinator(person.key, "Aino", language, person.phone.chat_id, role=role)
        assert await records.change(self.store, records.Changed(keep=[kept]))
        return person

    async def subscriber(self, language: str = "fi") -> Person:
        person = self._person(language)
        await subscribers.add(self.store, person.phone.chat_id, language)
        [person.key] = await subscribers.key(self.store, person.phone.chat_id)
        return person

    async def applicant(self, call: str = "application", language: str = "fi") -> Person:
        person = self._person(language)
        opened = date(2027, 1, 25)
        kept = surveys.Running(call, "", "application", "everyone", "open", opened, None, None)
        await surveys.keep(self.store, kept)  # unless it is open already
        body = json.dumps({"language": language, "answers": {}}).encode()
        await applications.keep(self.store, person.phone.chat_id, call, body, week=opened)
        person.key = (await applications.persons(self.store, person.phone.chat_id))[-1]
        return person

    def _person(self, language: str) -> Person:
        phone = self.sandbox.phone("Maija", language, on_page=False)
        phone.chat.begun = True
        return Person(secrets.token_bytes(16), phone)

    # announcements

    def announcement(self, occasion: str, text: str = "", **more: Any) -> Announcement:
        """Due now and of use for a day, in three languages, unless told otherwise."""
        cards = {
            language: Card(language, ((Line(Own(f"{text or occasion} ({language})")),),))
            for language in LANGUAGES
        }
        given = {
            "audience": MEMBERS,
            "cards": cards,
            "due": self.wall(),
            "expires": self.wall() + timedelta(days=1),
            "priority": Priority.REMINDER,
        }
        return Announcement(occasion, **{**given, **more})

    async def announces(self, *these: Announcement) -> None:
        await self.changes(plan=these)

    async def corrects(self, *these: Announcement) -> None:
        await self.changes(correct=these)

    async def retracts(self, occasion: str, text: str = "poistettu", **more: Any) -> None:
        one = self.announcement(occasion, text, retracts=True, **more)
        await self.changes(retract=[one])

    async def withdraws(self, *prefixes: str) -> None:
        await self.changes(withdraw=prefixes)

    async def holds(self, *prefixes: str) -> None:
        await self.changes(hold=prefixes)

    async def goes_on(self, *prefixes: str) -> None:
        await self.changes(go_on=prefixes)

    async def changes(self, **what: Sequence[Announcement | str]) -> None:
        """One change: `plan`, `correct` and so on."""
        told: dict[str, Any] = {
            name: [
                planned(one, RENDERER, HELSINKI) if isinstance(one, Announcement) else one
                for one in these
            ]
            for name, these in what.items()
        }
        assert await records.change(self.store, records.Changed(**told))

    async def report(self, occasion: str) -> Report:
        return (await announcements.reports(self.store, occasion))[occasion]

    async def states(self, occasion: str) -> dict[str, int]:
        return {str(state): n for state, n in (await self.report(occasion)).counts.items()}

    # the outbox

    async def start(self) -> None:
        self._runs = asyncio.create_task(self.outbox.run())

    async def stop(self) -> None:
        if self._runs is not None:
            self._runs.cancel()
            await asyncio.gather(self._runs, return_exceptions=True)
            self._runs = None

    async def rests(self) -> None:
        """Until the outbox has done what is to be done now."""
        if self._runs is None:
            await self.start()
        assert self._runs is not None
        resting = asyncio.create_task(self.outbox.rest())
        async with asyncio.timeout(PATIENCE):
            await asyncio.wait({resting, self._runs}, return_when=asyncio.FIRST_COMPLETED)
        resting.cancel()
        if self._runs.done():
            self._runs.result()


async def until(reached: Callable[[], bool], every: float = 0.001) -> None:
    """Until it is so, looked at `every` so many seconds."""
    async with asyncio.timeout(PATIENCE):
        while not reached():  # noqa: ASYNC110 - nobody rings a bell for a test
            await asyncio.sleep(every)


@contextlib.asynccontextmanager
async def office(folder: Path, rate: int = FAST) -> AsyncIterator[Office]:
    """An office that knows nobody; its outbox begins with the first `rests` or `start`."""
    clock = Clock(BEGINS)
    sandbox = Sandbox(token=TOKEN, clock=clock)
    await sandbox.start()
    url = f"sqlite+aiosqlite:///{folder}/data/raati.db"
    store = await Store.open(url, Keys.load(folder / "keys"))
    client = Client(sandbox.url)
    here = Office(sandbox, store, Lease.beside(url), Bot(TOKEN, session=client), clock, rate)
    try:
        yield here
    finally:
        await here.stop()
        await client.close()
        await store.close()
        await sandbox.stop()
