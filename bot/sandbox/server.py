"""A Bot API server on loopback: Telegram for the demo and the tests.

`/bot<token>/<method>` answers as Telegram does, and `/file/bot<token>/<file_path>` gives a file;
the other addresses are the page with its phones.
It listens on 127.0.0.1 only and takes no request addressed to another host, so that no page of
another site can reach it through a name of its own (DNS rebinding).
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import socket
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.sandbox import page_endpoints, refusals
from bot.sandbox.faults import Cut, Delay, Faults, Flood, Refused, Trouble
from bot.sandbox.log import Log
from bot.sandbox.methods import METHODS, allow
from bot.sandbox.parameters import Parameters, read
from bot.sandbox.phone import RESIDENT, Group, Note, Phone
from bot.sandbox.refusals import Refusal
from bot.sandbox.stream import Stream
from bot.sandbox.telegram import Telegram
from bot.sandbox.throng import Throng
from bot.sandbox.updates import MOST_AT_ONCE, Bell

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping

    from bot.sandbox.faults import Fault

HOST = "127.0.0.1"
LARGEST_BODY = 50 * 1024 * 1024
POLL = "getupdates"
LONGEST_POLL = 50
CALLS_KEPT = 10_000
GRACE = 2
"""Seconds an open page has to go when the sandbox stops."""
PATIENCE = 60
"""Seconds `settled` waits before it says what holds it up: only a broken bot takes so long."""

_METHODS = {name.lower(): (name, method) for name, method in METHODS.items()}


@dataclass(frozen=True, slots=True)
class Call:
    """What the bot called, and the refusal it met ('' if none)."""

    method: str
    params: dict[str, object]
    refusal: str


def _now() -> datetime:
    return datetime.now(UTC)


class Sandbox:
    """Telegram for one bot and any number of phones, in this process.

    `url` is the base address once started. `calls` are the bot's newest calls, oldest first,
    without getUpdates; `log` is what became of those that make, edit or delete messages. `throng`
    is people by the thousand, to be written to. `crowd`, where it is set, lets that many residents
    answer when the page asks for it; it raises ValueError while others are still answering.
    """

    def __init__(
        self,
        *,
        token: str,
        username: str = "raati_demo_bot",
        name: str = "Raati",
        clock: Callable[[], datetime] = _now,
        proxied: Mapping[str, str] | None = None,
    ) -> None:
        self.url = ""
        self.calls: list[Call] = []
        self.log = Log()
        self.faults = Faults()
        self.telegram = Telegram(token, username, name, clock, proxied or {})
        self.throng = Throng(self.telegram)
        self.stream = Stream(self.telegram, self.throng)
        self.crowd: Callable[[int], None] | None = None
        self._token = token.encode()
        self._in_hand = 0
        self._quiet = Bell()
        self._delayed: set[asyncio.Task[Any]] = set()
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> None:
        """Listens on 127.0.0.1; 0 takes a free port. Raises OSError if the port is taken."""
        app = web.Application(middlewares=[_own_host_only], client_max_size=LARGEST_BODY)
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        app.router.add_get(r"/file/bot{token}/{path:.+}", self._download)
        page_endpoints.add(app, self)
        self.telegram.updates.closed = False
        self.telegram.webhook.resume()
        # A poll ends with its connection: a killed bot leaves no ghost that takes updates.
        self._runner = web.AppRunner(
            app, access_log=None, handler_cancellation=True, shutdown_timeout=GRACE
        )
        await self._runner.setup()
        listening = socket.create_server((HOST, port))
        await web.SockSite(self._runner, listening).start()
        self.url = f"http://{HOST}:{listening.getsockname()[1]}"

    async def stop(self) -> None:
        """Ends waiting polls and open pages, then stops listening."""
        if self._runner is None:
            return
        self.telegram.updates.close()
        await self.telegram.webhook.pause()
        self.stream.close()
        for delayed in self._delayed:
            delayed.cancel()
        await self._runner.cleanup()
        self._runner = None

    def phone(
        self,
        name: str,
        language_code: str | None,
        *,
        username: str | None = None,
        role: str = RESIDENT,
        on_page: bool = True,
    ) -> Phone:
        """A new phone. The person has not written yet, so the bot may not write first. People of
        one `role` stand together on the page, which has words for "coordinator" and "member"."""
        chat = self.telegram.new_private_chat(name, language_code, username)
        phone = Phone(self.telegram, chat, role)
        if on_page:
            self.stream.add(phone)
        return phone

    def note(self, phone: Phone, text: str, link: str) -> None:
        """Lays a note with a link on a phone: what came to the person by another way, as a letter
        or an e-mail. It is gone when the link has been used."""
        phone.note = Note(text, link)

    def group(self, title: str) -> Group:
        """A new group with the bot in it."""
        return Group(self.telegram, self.telegram.new_group(title))

    @property
    def notices(self) -> dict[str, Any]:
        """The newest of each name that the page was told."""
        return self.stream.notices

    def notice(self, name: str, data: Any) -> None:
        """Tells the page something of the world around the phones, as JSON."""
        self.stream.notice(name, data)

    async def settled(self) -> None:
        """Returns when every update made so far is confirmed and no call is in hand. Raises
        TimeoutError, naming the updates, if the bot does not get there."""
        newest = self.telegram.updates.newest
        try:
            async with asyncio.timeout(PATIENCE):
                while waiting := self.telegram.updates.unconfirmed(newest):
                    await self.telegram.updates.changed.heard()
                while self._in_hand:
                    await self._quiet.heard()
        except TimeoutError:
            raise TimeoutError(
                f"after {PATIENCE} s the bot has not confirmed {waiting}, "
                f"{self._in_hand} calls are in hand"
            ) from None

    async def _download(self, request: web.Request) -> web.Response:
        """A file, once getFile has told its path."""
        if not self._known(request):
            return _refused(Refusal(refusals.UNAUTHORIZED))
        kept = self.telegram.downloads.get(request.match_info["path"])
        if kept is None:
            return _refused(Refusal(refusals.NOT_FOUND))
        # As Telegram: whatever it is, it is nothing to be opened on this page's address.
        return web.Response(body=kept.file.content, content_type="application/octet-stream")

    def _known(self, request: web.Request) -> bool:
        return hmac.compare_digest(request.match_info["token"].encode(), self._token)

    async def _call(self, request: web.Request) -> web.Response:
        if not self._known(request):
            return _refused(Refusal(refusals.UNAUTHORIZED))
        called = request.match_info["method"]
        try:
            with self._counted(called):
                parameters = await _read(request)
                match fault := self.faults.next(called):
                    case None:
                        return _done(await self._carry_out(called, parameters))
                    case Delay():
                        return _done(await self._late(fault, called, parameters))
                    case Cut(before=False):
                        await self._carry_out(called, parameters, fault)
                        return _cut(request)
                    case Cut():
                        self._fail(called, parameters, fault, "the connection was cut")
                        return _cut(request)
                    case Trouble(status):
                        self._fail(called, parameters, fault, f"HTTP {status}")
                        return _page(status)
                    case Flood(seconds):
                        refusal = refusals.flood(seconds)
                    case Refused(description):
                        refusal = Refusal(description)
                self._fail(called, parameters, fault, refusal.description)
                raise refusal
        except Refusal as refused:
            return _refused(refused)

    @contextlib.contextmanager
    def _counted(self, called: str) -> Iterator[None]:
        """Counts a call as in hand; a poll is not, it lasts as long as nothing happens."""
        counts = called.lower() != POLL
        self._in_hand += counts
        try:
            yield
        finally:
            self._in_hand -= counts
            self._quiet.ring()

    async def _late(self, fault: Delay, called: str, parameters: Parameters) -> Any:
        """Carries out a call when that time has passed; Telegram does so also when nobody waits
        for the answer any more."""

        async def late() -> Any:
            with self._counted(called):
                await asyncio.sleep(fault.seconds)
                return await self._carry_out(called, parameters, fault)

        task = asyncio.create_task(late())
        self._delayed.add(task)
        task.add_done_callback(self._delayed.discard)
        return await asyncio.shield(task)

    async def _carry_out(
        self, called: str, parameters: Parameters, fault: Fault | None = None
    ) -> Any:
        if called.lower() == POLL:
            return await self._get_updates(parameters)
        name, method = _METHODS.get(called.lower(), (called, _unknown))
        met = "" if fault is None else fault.name
        try:
            result = method(self.telegram, parameters)
        except Refusal as refusal:
            self._note(name, parameters, refusal.description)
            self.log.changed(name, parameters, met, refusal.description)
            raise
        self._note(name, parameters, "")
        self.log.made(name, parameters, result, met)
        self.log.changed(name, parameters, met)
        return result

    def _fail(self, called: str, parameters: Parameters, fault: Fault, met: str) -> None:
        """A fault leaves a call without effect; `met` is what the page says of it."""
        self._note(called, parameters, met)
        name, _ = _METHODS.get(called.lower(), (called, _unknown))
        self.log.failed(name, parameters, fault.name)

    async def _get_updates(self, parameters: Parameters) -> Any:
        if self.telegram.webhook.url:
            raise Refusal(refusals.WEBHOOK_ACTIVE)
        allow(self.telegram, parameters)
        limit = parameters.integer("limit", MOST_AT_ONCE)
        return await self.telegram.updates.take(
            parameters.integer("offset"),
            limit if 1 <= limit <= MOST_AT_ONCE else MOST_AT_ONCE,
            min(parameters.integer("timeout"), LONGEST_POLL),
        )

    def _note(self, method: str, parameters: Parameters, refusal: str) -> None:
        if method.lower() == POLL:
            return
        call = Call(method, parameters.plain(), refusal)
        self.calls.append(call)
        del self.calls[:-CALLS_KEPT]
        self.stream.called(call.method, call.params, call.refusal)


def _unknown(_: Telegram, __: Parameters) -> Any:
    raise Refusal(refusals.METHOD_NOT_FOUND)


def _done(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def _refused(refusal: Refusal) -> web.Response:
    answer = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.retry_after:
        answer["parameters"] = {"retry_after": refusal.retry_after}
    return web.json_response(answer, status=refusal.code)


def _page(status: int) -> web.Response:
    """What a proxy in front of Telegram says when it is in trouble."""
    text = f"<html><body><h1>{status}</h1><hr>nginx</body></html>"
    return web.Response(status=status, text=text, content_type="text/html")


def _cut(request: web.Request) -> web.Response:
    """No answer: this one finds its connection gone."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _read(request: web.Request) -> Parameters:
    try:
        return await read(request)
    except web.HTTPRequestEntityTooLarge:
        raise Refusal(refusals.TOO_LARGE) from None


@web.middleware
async def _own_host_only(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    if request.host.partition(":")[0] not in {HOST, "localhost"}:
        raise web.HTTPForbidden(text="This server answers to 127.0.0.1 only.")
    return await handler(request)
