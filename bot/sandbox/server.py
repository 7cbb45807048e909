"""A Bot API server on loopback: Telegram for the demo and the tests.

`/bot<token>/<method>` answers as Telegram does; the other addresses are the page with its phones.
It listens on 127.0.0.1 only and takes no request addressed to another host, so that no page of
another site can reach it through a name of its own (DNS rebinding).
"""

from __future__ import annotations

import asyncio
import hmac
import socket
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.sandbox import page_endpoints, refusals
from bot.sandbox.methods import METHODS
from bot.sandbox.parameters import Parameters, read
from bot.sandbox.phone import Group, Phone
from bot.sandbox.refusals import Refusal
from bot.sandbox.telegram import Telegram
from bot.sandbox.updates import MOST_AT_ONCE, Bell

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

HOST = "127.0.0.1"
LARGEST_BODY = 50 * 1024 * 1024
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
    without getUpdates.
    """

    def __init__(
        self,
        *,
        token: str,
        username: str = "raati_demo_bot",
        name: str = "Raati",
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self.url = ""
        self.calls: list[Call] = []
        self.telegram = Telegram(token, username, name, clock)
        self.phones: dict[int, Phone] = {}
        self._token = token.encode()
        self._in_hand = 0
        self._quiet = Bell()
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> None:
        """Listens on 127.0.0.1; 0 takes a free port. Raises OSError if the port is taken."""
        app = web.Application(middlewares=[_own_host_only], client_max_size=LARGEST_BODY)
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        page_endpoints.add(app, self.telegram, self.phones, self.phone)
        self.telegram.updates.closed = False
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
        for chat in self.telegram.chats.values():
            for watcher in chat.watchers:
                watcher.put_nowait(None)
        await self._runner.cleanup()
        self._runner = None

    def phone(self, name: str, language_code: str | None, *, username: str | None = None) -> Phone:
        """A new phone. The person has not written yet, so the bot may not write first."""
        phone = Phone(self.telegram, self.telegram.new_private_chat(name, language_code, username))
        self.phones[phone.chat_id] = phone
        return phone

    def group(self, title: str) -> Group:
        """A new group with the bot in it."""
        return Group(self.telegram, self.telegram.new_group(title))

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

    async def _call(self, request: web.Request) -> web.Response:
        if not hmac.compare_digest(request.match_info["token"].encode(), self._token):
            return _refused(Refusal(refusals.UNAUTHORIZED))
        method = request.match_info["method"]
        try:
            if method.lower() == "getupdates":
                return _done(await self._get_updates(await _read(request)))
            self._in_hand += 1
            try:
                return _done(self._carry_out(method, await _read(request)))
            finally:
                self._in_hand -= 1
                self._quiet.ring()
        except Refusal as refusal:
            return _refused(refusal)

    def _carry_out(self, called: str, parameters: Parameters) -> Any:
        name, method = _METHODS.get(called.lower(), (called, _unknown))
        try:
            result = method(self.telegram, parameters)
        except Refusal as refusal:
            self._note(name, parameters, refusal.description)
            raise
        self._note(name, parameters, "")
        return result

    async def _get_updates(self, parameters: Parameters) -> Any:
        kinds = parameters.structure("allowed_updates", refusals.BROKEN_JSON)
        if isinstance(kinds, list):
            self.telegram.updates.allow(frozenset(map(str, kinds)))
        limit = parameters.integer("limit", MOST_AT_ONCE)
        return await self.telegram.updates.take(
            parameters.integer("offset"),
            limit if 1 <= limit <= MOST_AT_ONCE else MOST_AT_ONCE,
            min(parameters.integer("timeout"), LONGEST_POLL),
        )

    def _note(self, method: str, parameters: Parameters, refusal: str) -> None:
        self.calls.append(Call(method, parameters.plain(), refusal))
        del self.calls[:-CALLS_KEPT]


def _unknown(_: Telegram, __: Parameters) -> Any:
    raise Refusal(refusals.METHOD_NOT_FOUND)


def _done(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def _refused(refusal: Refusal) -> web.Response:
    return web.json_response(
        {"ok": False, "error_code": refusal.code, "description": refusal.description},
        status=refusal.code,
    )


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
