"""The bot's end of the sandbox without any library: what goes over the wire, word for word."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import aiohttp

from bot.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

TOKEN: Final = "7777777777:AAH-an_invented_token_of_the_right_form"
MORNING: Final = datetime(2026, 2, 2, 8, 0, tzinfo=UTC)

Json = dict[str, Any]


@dataclass
class Clock:
    """Stands still but for being set."""

    now: datetime = MORNING

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Bot:
    """`call` gives the result or the refusal's words."""

    url: str
    http: aiohttp.ClientSession

    async def call(self, method: str, **parameters: Any) -> Any:
        url = f"{self.url}/bot{TOKEN}/{method}"
        async with self.http.post(url, json=parameters) as response:
            return await _answer(response)

    async def upload(self, method: str, part: str, name: str, content: bytes, **also: Any) -> Any:
        """A call that brings a file in the part of this name."""
        form = aiohttp.FormData(quote_fields=False)
        for parameter, value in also.items():
            form.add_field(parameter, value if isinstance(value, str) else json.dumps(value))
        form.add_field(part, BytesIO(content), filename=name)
        async with self.http.post(f"{self.url}/bot{TOKEN}/{method}", data=form) as response:
            return await _answer(response)

    async def card(self, chat: int, *labels: str, text: str = "Valitse") -> int:
        """Sends a message with these buttons one a row; a button carries its label's place."""
        rows = [[{"text": label, "callback_data": f"{n}"}] for n, label in enumerate(labels)]
        markup = {"inline_keyboard": rows}
        sent = await self.call("sendMessage", chat_id=chat, text=text, reply_markup=markup)
        number: int = sent["message_id"]
        return number


async def _answer(response: aiohttp.ClientResponse) -> Any:
    answer = await response.json()
    assert response.status == (200 if answer["ok"] else answer["error_code"])
    return answer["result"] if answer["ok"] else answer["description"]


@contextlib.asynccontextmanager
async def facing() -> AsyncIterator[tuple[Sandbox, Bot]]:
    """A sandbox whose clock stands still, and a bot in front of it."""
    sandbox = Sandbox(token=TOKEN, clock=Clock())
    await sandbox.start()
    async with aiohttp.ClientSession() as http:
        yield sandbox, Bot(sandbox.url, http)
    await sandbox.stop()
