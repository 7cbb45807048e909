"""Deliveries: updates posted to the bot's own address, as Telegram's server posts them.

What belongs together comes one by one, in order: a chat's messages and edits, a person's taps, a
chat's memberships. These queues run side by side, as many as the bot allows connections: a tap can
overtake the message before it. An update waits at the head of its queue until it is answered with
200; what fails is posted again at once, then after `RETRY` seconds, then ever twice as long, or
after as long as `Retry-After` says (tdlib/telegram-bot-api, WebhookActor).

The sandbox reaches nothing beyond this machine. `proxied` says where an https origin is really
served, and so stands for the TLS proxy in front of the bot: a bot that does not answer is that
proxy's 502.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from asyncio import sleep
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import aiohttp

from bot.sandbox import refusals
from bot.sandbox.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping
    from datetime import datetime

    from bot.sandbox.parameters import Parameters
    from bot.sandbox.texts import Json
    from bot.sandbox.updates import Updates, Waiting

RETRY = 2
"""Seconds before the third attempt; twice as long before each one after it."""
LONGEST_RETRY = 60
LONGEST_RETRY_AFTER = 3600
LONGEST_ANSWER = 60
"""Seconds the bot may take to answer."""
PORTS = {443, 80, 88, 8443}
CONNECTIONS, MOST_CONNECTIONS = 40, 100
SECRET = re.compile(r"[A-Za-z0-9_-]*")
LONGEST_SECRET = 256
NOT_DONE = ("certificate", "ip_address")

AUTHENTIC: Final = "X-Telegram-Bot-Api-Secret-Token"


@dataclass(frozen=True, slots=True)
class _Address:
    """What the bot asked for: `url` as it gave it, `target` where that is really served."""

    url: str
    target: str
    host: str
    secret: str
    connections: int


class Webhook:
    """The one webhook a bot can have; none at first. `proxied` maps an https origin to the origin
    it is really served at."""

    def __init__(
        self, updates: Updates, clock: Callable[[], datetime], proxied: Mapping[str, str]
    ) -> None:
        self._updates = updates
        self._clock = clock
        self.proxied = dict(proxied)
        self._address: _Address | None = None
        self._delivering: asyncio.Task[None] | None = None
        self._trouble: Json = {}

    @property
    def url(self) -> str:
        """Where updates go; '' while none is set."""
        return self._address.url if self._address is not None else ""

    def set(self, parameters: Parameters) -> None:
        """As `setWebhook` says. Raises `Refusal`, and leaves the one before, if it cannot be."""
        address = self._read(parameters)
        if address != self._address:
            self._change(address)
            self._updates.end_poll(refusals.WEBHOOK_SET)

    def remove(self) -> None:
        """What was not taken waits for `getUpdates`, or for the next webhook."""
        self._change(None)

    def resume(self) -> None:
        """Goes on delivering after a `pause`."""
        if self._address is not None and self._delivering is None:
            self._delivering = asyncio.create_task(self._deliver(self._address))

    async def pause(self) -> None:
        """Ends what is being delivered: the sandbox stops."""
        if (delivering := self._stop()) is not None:
            with contextlib.suppress(asyncio.CancelledError):
                await delivering

    def info(self) -> Json:
        """As `getWebhookInfo` tells it, without the updates."""
        if self._address is None:
            return {"url": "", "has_custom_certificate": False}
        return {
            "url": self._address.url,
            "has_custom_certificate": False,
            "max_connections": self._address.connections,
            **self._trouble,
        }

    def _read(self, parameters: Parameters) -> _Address:
        for name in NOT_DONE:
            if parameters.text(name) or parameters.upload(name):
                raise refusals.beyond_the_sandbox(f"webhooks with {name}")
        url, secret = parameters.text("url"), parameters.text("secret_token")
        if len(secret) > LONGEST_SECRET:
            raise Refusal(refusals.SECRET_TOO_LONG)
        if not SECRET.fullmatch(secret):
            raise Refusal(refusals.SECRET_CHARACTERS)
        try:
            parts = urlsplit(url if "://" in url else f"https://{url}")
            port = parts.port or 443
        except ValueError:
            raise Refusal(refusals.WEBHOOK_URL) from None
        if parts.scheme not in {"https", "http"} or not parts.hostname:
            raise Refusal(refusals.WEBHOOK_URL)
        if parts.scheme != "https":
            raise Refusal(refusals.WEBHOOK_HTTPS)
        if port not in PORTS:
            raise Refusal(refusals.WEBHOOK_PORT)
        served = self.proxied.get(f"https://{parts.netloc.lower()}")
        if served is None:
            raise Refusal(refusals.WEBHOOK_HOST)
        query = f"?{parts.query}" if parts.query else ""
        asked = parameters.integer("max_connections", CONNECTIONS)
        return _Address(
            url=url,
            target=f"{served}{parts.path or '/'}{query}",
            host=parts.netloc,
            secret=secret,
            connections=max(1, min(asked, MOST_CONNECTIONS)),
        )

    def _change(self, address: _Address | None) -> None:
        self._stop()
        self._address = address
        self._trouble = {}
        self.resume()
        self._updates.changed.ring()

    def _stop(self) -> asyncio.Task[None] | None:
        delivering, self._delivering = self._delivering, None
        if delivering is not None:
            delivering.cancel()
        return delivering

    async def _deliver(self, address: _Address) -> None:
        """Deals out what waits, one of each queue at a time."""
        busy: set[Hashable] = set()
        headers = {"Host": address.host}
        if address.secret:
            headers[AUTHENTIC] = address.secret

        async def carry(update: Waiting, queue: Hashable) -> None:
            await self._carry(http, address, update)
            busy.discard(queue)
            self._updates.changed.ring()

        async with (
            aiohttp.ClientSession(
                headers=headers, timeout=aiohttp.ClientTimeout(total=LONGEST_ANSWER)
            ) as http,
            asyncio.TaskGroup() as carriers,
        ):
            while True:
                for update in self._updates.waiting():
                    queue = _queue(update)
                    if queue not in busy and len(busy) < address.connections:
                        busy.add(queue)
                        carriers.create_task(carry(update, queue))
                await self._updates.changed.heard()

    async def _carry(self, http: aiohttp.ClientSession, address: _Address, update: Waiting) -> None:
        """Posts an update until it is taken, or no longer waits."""
        wait: float = 0
        while update in self._updates.waiting():
            trouble, asked = await _post(http, address, update)
            if not trouble:
                self._updates.took(update)
                return
            self._trouble = {
                "last_error_date": int(self._clock().timestamp()),
                "last_error_message": f"Wrong response from the webhook: {trouble}",
            }
            await sleep(asked or wait)
            if not asked:
                wait = min(wait * 2 or RETRY, LONGEST_RETRY)


async def _post(http: aiohttp.ClientSession, address: _Address, update: Waiting) -> tuple[str, int]:
    """What was wrong with the answer, '' if nothing, and how many seconds it asks to wait."""
    try:
        async with http.post(address.target, json=update.wire, allow_redirects=False) as answer:
            if 200 <= answer.status < 300:
                return "", 0
            asked = answer.headers.get("Retry-After", "")
            seconds = min(int(asked), LONGEST_RETRY_AFTER) if asked.isdecimal() else 0
            return f"{answer.status} {answer.reason}", seconds
    except TimeoutError:
        return "504 Gateway Time-out", 0
    except aiohttp.ClientError:
        return "502 Bad Gateway", 0


def _queue(update: Waiting) -> Hashable:
    """What an update must not overtake; what belongs to nobody is a queue of its own."""
    wire = update.wire
    for kind in ("message", "edited_message", "my_chat_member", "callback_query"):
        holder, name = wire.get(kind), "from" if kind == "callback_query" else "chat"
        if isinstance(holder, dict) and isinstance(who := holder.get(name), dict):
            return "message" if kind == "edited_message" else kind, str(who.get("id"))
    return update.number
