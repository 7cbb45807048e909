"""The webhook: Telegram calls us, each update a request, and 200 says that it is done.

A request is answered when what it brought is committed and said, so one that was not comes again:
Telegram repeats whatever is not answered with 200 (Bot API, setWebhook). It sends several at once;
the intake puts each chat's in a row.

Whoever knows the address can write to it. Only the secret tells Telegram from others: it is
compared as bytes, in a time that does not tell how much of it was right, before anything else of
the request is looked at. Where a request says that it comes from is not looked at at all.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from aiogram.exceptions import TelegramAPIError, TelegramBadRequest
from aiogram.methods import DeleteWebhook, GetWebhookInfo, SetWebhook
from aiohttp import web

from bot.trouble import outlast, unless

if TYPE_CHECKING:
    from aiogram import Bot
    from pydantic import SecretStr

    from bot.intake import Intake, Sleep

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
LARGEST_BODY: Final = 1024 * 1024
"""Bytes of the largest request taken; an update of Telegram's has a tenth of that."""
SLOWEST_BODY: Final = 10
"""Seconds in which a request must have come whole."""
LOOK: Final = 60
"""Seconds between two looks at whether the webhook is still ours: who takes it away does not say so
to us, and nothing would come any more."""
FAREWELL: Final = 5
"""Seconds that taking the webhook away may take."""

TAKEN_AWAY: Final = (
    "Somebody else has changed the webhook: another bot is running with the same token. "
    "Stop the other one; this one has set its own again."
)

log = logging.getLogger("raati.webhook")


class WebhookRefused(Exception):  # noqa: N818 - what happened
    """Telegram does not take the webhook, or we cannot listen. Its text is one sentence for the
    person who can mend it."""


class Webhook:
    """Listens on `listen` ("host:port") for what Telegram sends to `url`, and hands it to the
    `intake`. `sleep` takes seconds."""

    def __init__(
        self,
        bot: Bot,
        intake: Intake,
        *,
        url: str,
        secret: SecretStr,
        listen: str,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._bot = bot
        self._intake = intake
        self._url = url
        self._path = urlsplit(url).path or "/"
        self._secret = secret.get_secret_value()
        host, _, port = listen.rpartition(":")
        self._host, self._port = host.strip("[]"), int(port)
        self._sleep = sleep
        self._closing = False
        self._in_hand: set[asyncio.Task[None]] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Takes updates until `stop` is set; then finishes what is in hand, takes the webhook away
        and returns. Raises `TokenRefused`, `WebhookRefused`."""
        app = web.Application(client_max_size=LARGEST_BODY)
        app.router.add_route("*", "/{path:.*}", self._called)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            try:
                await web.TCPSite(runner, self._host, self._port).start()
            except OSError as error:
                raise WebhookRefused(
                    f"Nothing can listen on RAATI_LISTEN ({error.strerror}): "
                    "choose another host or port."
                ) from None
            await outlast(stop, self._set, self._sleep)
            while not stop.is_set():
                await unless(stop, self._sleep(LOOK))
                await outlast(stop, self._see_that_it_is_set, self._sleep)
            self._closing = True
            await asyncio.gather(*self._in_hand)
            await self._remove()
        finally:
            await runner.cleanup()

    async def _called(self, request: web.Request) -> web.Response:
        if request.method != "POST" or request.path != self._path:
            return web.Response(status=404)
        # As it came over the wire: a header may hold any bytes.
        shown = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(shown, self._secret.encode()):
            return web.Response(status=401)
        update = await _update(request)
        if update is None:
            return web.Response(status=400)
        if self._closing:
            return web.Response(status=503)  # it comes again to whoever listens next
        if (task := self._intake.take(update)) is not None:
            self._in_hand.add(task)
            task.add_done_callback(self._in_hand.discard)
            await task
        return web.Response()

    async def _set(self, _: bool) -> bool:
        method = SetWebhook(
            url=self._url,
            secret_token=self._secret,
            allowed_updates=list(self._intake.allowed),
        )
        try:
            return await self._bot(method, request_timeout=10)
        except TelegramBadRequest as refusal:
            raise WebhookRefused(
                f"Telegram does not take the webhook: check RAATI_WEBHOOK_URL ({refusal.message})."
            ) from None

    async def _see_that_it_is_set(self, _: bool) -> None:
        told = await self._bot(GetWebhookInfo(), request_timeout=10)
        if told.url != self._url:
            log.warning(TAKEN_AWAY)
            await self._set(True)

    async def _remove(self) -> None:
        """From now on Telegram keeps what comes, until a bot asks for it."""
        try:
            await self._bot(DeleteWebhook(), request_timeout=FAREWELL)
        except TelegramAPIError as error:
            log.warning("The webhook could not be taken away (%s).", type(error).__name__)


async def _update(request: web.Request) -> dict[str, Any] | None:
    """The update in a request; None where there is none: too large, too slow, or broken."""
    try:
        async with asyncio.timeout(SLOWEST_BODY):
            update = json.loads(await request.read())
    except (TimeoutError, ValueError, RecursionError, web.HTTPRequestEntityTooLarge):
        return None
    if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
        return None
    return update
