"""A county for a test: the real bot, the sandbox as Telegram, a database and a clock of its own.

The clock stands still between what people do, and moves a little with each thing they do. The bot
asks Telegram for updates, or, with `webhook`, is called by it.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from bot import app
from bot import surveys as lives
from bot.sandbox import Phone, Sandbox
from bot.settings import Settings
from dialogs.life import State
from dialogs.panel import links
from dialogs.panel.records import Coordinator, Invitation, Member, Purpose, Role, Standing
from storage import records, surveys

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine

HELSINKI: Final = ZoneInfo("Europe/Helsinki")
BEGINS: Final = datetime(2027, 1, 27, 12, 0, tzinfo=HELSINKI)
"""A Wednesday, in the season of the invented office's dates."""

FORMS: Final = Path(__file__).with_name("forms")
"""The office's own forms, beside the library's."""

TOKEN: Final = "1000000001:a-token-for-tests"

RATE: Final = 1000
"""Messages a second: where the pace is not what is tested, nobody waits for it."""

FOLLOWS: Final = 3600.0
"""Seconds: a card that keeps up with a broadcast does so when all has settled."""

ORIGIN: Final = "https://raati.example"
"""Where Telegram calls the bot; the sandbox knows where that is really served."""
PATH: Final = "/telegram"
SECRET: Final = "an-invented_secret"


class Clock:
    """Gives aware UTC datetimes; moves only when told."""

    def __init__(self, begins: datetime = BEGINS) -> None:
        self.now = begins.astimezone(UTC)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **units: float) -> None:
        self.now += timedelta(**units)

    def becomes(self, wall: str) -> None:
        """`wall` is Helsinki time, as 2027-02-08 23:59."""
        self.now = datetime.fromisoformat(wall).replace(tzinfo=HELSINKI).astimezone(UTC)


class County:
    """The bot at work. `folder` holds its data and, apart, its keys. `listens` is the host and
    port it is called on; None where it polls."""

    def __init__(
        self, folder: Path, sandbox: Sandbox, clock: Clock, listens: str | None = None
    ) -> None:
        self.folder = folder
        self.sandbox = sandbox
        self.clock = clock
        self.listens = listens
        called = {"webhook_url": ORIGIN + PATH, "webhook_secret": SECRET, "listen": listens}
        self.settings = Settings.model_validate(
            {
                "token": TOKEN,
                "api_url": sandbox.url,
                "data_dir": folder / "data",
                "key_dir": folder / "keys",
                "forms_dir": FORMS,
                **(called if listens else {}),
            }
        )
        self._stop = asyncio.Event()
        self._running: asyncio.Task[None] | None = None
        self._raati: app.Raati | None = None

    async def start(self) -> None:
        self._stop = asyncio.Event()
        self._running = asyncio.create_task(self._run())
        await self._until(self._asks())

    async def _run(self) -> None:
        async with app.built(self.settings, clock=self.clock, rate=RATE, follows=FOLLOWS) as raati:
            self._raati = raati
            await raati.run(self._stop)

    async def stop(self) -> None:
        """Ends the bot as SIGTERM does."""
        if self._running is not None:
            self._stop.set()
            await self._running
            self._running = self._raati = None

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    async def settled(self) -> None:
        """Until all that people did is dealt with, mixed in, and all that is due is said. Raises
        what ended the bot, if it ended."""
        await self._until(self.sandbox.settled())
        if self._raati is not None:
            await self._until(self._raati.mixing.rest())
            self._raati.outbox.wake()
            await self._until(self._raati.outbox.rest())
            await self._raati.glimpses.close_old()
            await self._raati.following.catch_up()

    async def _asks(self) -> None:
        """Until the bot waits for what people do."""
        telegram = self.sandbox.telegram
        while not (telegram.webhook.url if self.listens else telegram.updates.polled):
            await telegram.updates.changed.heard()

    async def _until(self, reached: Coroutine[Any, Any, None]) -> None:
        """Until it is so, or the bot has ended: then raises what ended it."""
        reaching = asyncio.create_task(reached)
        waited: set[asyncio.Task[None]] = {reaching}
        if self._running is not None:
            waited.add(self._running)
        await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
        if not reaching.done() and self._running is not None:
            reaching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await reaching
            await self._running
        await reaching

    async def open(self, name: str, until: str | None = None) -> None:
        """As `raati survey open NAME --until DATE`, beside the running bot."""
        async with app.kept(self.settings) as here:
            await lives.open_survey(
                here,
                self.settings,
                name,
                self.wall(),
                until=date.fromisoformat(until) if until else None,
            )

    async def schedule(self, name: str, opens: str, until: str) -> None:
        """As the office's calendar will: it opens by itself on the day `opens`."""
        await self.open(name, until)
        async with app.kept(self.settings) as here:
            kept = next(one for one in await surveys.listed(here.store) if one.name == name)
            planned = replace(kept, state=str(State.SCHEDULED), opens=date.fromisoformat(opens))
            await surveys.keep(here.store, planned)

    async def close(self, name: str) -> None:
        """As `raati survey close NAME`, beside the running bot."""
        async with app.kept(self.settings) as here:
            await lives.close_survey(here, name, self.wall())

    async def listed(self) -> list[lives.Listed]:
        async with app.kept(self.settings) as here:
            return await lives.listed(here, self.wall())

    async def seat(self, name: str, language: str, standing: str) -> Phone | None:
        """A phone whose person is a "member", a "reserve", a "coordinator" or a "reader" already
        and has written to the bot; None for a member "without Telegram"."""
        phone = None if standing == "without Telegram" else self.phone(name, language)
        today = self.wall().date()
        chat = None if phone is None else phone.chat_id
        key = secrets.token_bytes(16)
        person: Member | Coordinator
        if standing in tuple(Role) and chat is not None:
            person = Coordinator(key, name, language, chat, role=Role(standing))
        else:
            person = Member(
                key,
                name,
                "014 000 0000",
                language,
                Standing.RESERVE if standing == "reserve" else Standing.MEMBER,
                first_day=today,
                last_day=today + timedelta(days=700),
                chat=chat,
            )
        async with app.kept(self.settings) as here:
            await records.change(here.store, records.Changed(keep=(person,)))
        if phone is not None:
            phone.type("/start")
            await self.settled()
        return phone

    async def invite(self, role: Role = Role.COORDINATOR) -> str:
        """As `raati invite coordinator`, or reader; what stands behind ?start= in its link."""
        token = links.token(secrets.token_bytes(links.RANDOM))
        invitation = Invitation(
            links.digest(token),
            Purpose(role),
            expires=self.clock() + timedelta(hours=24),
            made_on=self.wall().date(),
            made_by="",
        )
        async with app.kept(self.settings) as here:
            await records.change(here.store, records.Changed(keep=(invitation,)))
        return links.payload(token)

    async def remove(self, name: str) -> None:
        """As `raati coordinators remove NAME`."""
        async with app.kept(self.settings) as here:
            found = await records.panel(here.store, HELSINKI)
            officials = (*found.coordinators, *found.readers)
            gone = next(one for one in officials if one.name == name)
            assert await records.change(here.store, records.Changed(erase=(gone,)))

    def wall(self) -> datetime:
        return self.clock().astimezone(HELSINKI)

    def phone(self, name: str, language: str | None = "fi") -> Phone:
        return self.sandbox.phone(name, language)


def free_port() -> int:
    """A port that nobody listens on, nor is given by chance before the caller does: the system
    hands out those from 32768 on by itself (Linux, ip_local_port_range)."""
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


@contextlib.asynccontextmanager
async def county(
    folder: Path, begins: datetime = BEGINS, *, webhook: bool = False
) -> AsyncIterator[County]:
    """A county whose bot runs, with nothing open yet."""
    clock = Clock(begins)
    listens = f"127.0.0.1:{free_port()}" if webhook else None
    sandbox = Sandbox(
        token=TOKEN,
        username="raati_bot",
        name="Raati",
        clock=clock,
        proxied={ORIGIN: f"http://{listens}"} if listens else {},
    )
    await sandbox.start()
    here = County(folder, sandbox, clock, listens)
    try:
        await here.start()
        yield here
        await here.stop()
    finally:
        if here._running is not None:
            here._running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await here._running
        await sandbox.stop()
