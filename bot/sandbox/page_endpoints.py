"""What the page with its phones is made of: three files, and a small JSON interface.

A phone opened on the page lives as long as the sandbox. What happens in its chat is told as
server-sent events: a `snapshot` first, then `message`, `deleted`, `toast`, `commands`, `blocked`. A
request that changes something must be JSON: a form of another site cannot send that.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from aiohttp import web

from bot.sandbox.messages import Message, seen

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.phone import Phone
    from bot.sandbox.telegram import Telegram, Watcher
    from bot.sandbox.texts import Json

PAGE = Path(__file__).parent / "page"
GUARDED = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
ALIVE_EVERY = 15
"""Seconds between comments that keep an idle stream open."""


def add(
    app: web.Application,
    telegram: Telegram,
    phones: dict[int, Phone],
    new_phone: Callable[[str, str | None], Phone],
) -> None:
    """Adds the page's addresses to the server."""
    endpoints = _Endpoints(telegram, phones, new_phone)
    app.router.add_get("/", endpoints.page)
    app.router.add_get(r"/{file:page\.(?:css|js)}", endpoints.page)
    app.router.add_get("/favicon.ico", endpoints.no_icon)
    app.router.add_get("/files/{file_id}", endpoints.file)
    app.router.add_get("/phones", endpoints.list_phones)
    app.router.add_post("/phones", endpoints.open_phone)
    app.router.add_get(r"/phones/{id:\d+}/events", endpoints.events)
    for name, act in ACTS.items():
        app.router.add_post(rf"/phones/{{id:\d+}}/{name}", endpoints.acting(act))


def _type(phone: Phone, body: Json) -> None:
    phone.type(str(body["text"]))


def _edit(phone: Phone, body: Json) -> None:
    phone.edit(int(body["message_id"]), str(body["text"]))


def _tap(phone: Phone, body: Json) -> None:
    """A tap on what the page showed: its data, even when the card has changed meanwhile; a
    button without data by its place."""
    message_id = int(body["message_id"])
    if isinstance(data := body.get("data"), str):
        phone.tap_data(data, message_id)
        return
    message = next(m for m in phone.messages if m.id == message_id)
    phone.press(message.rows[int(body["row"])][int(body["column"])], message.id)


def _send(phone: Phone, body: Json) -> None:
    phone.send(str(body["kind"]))


def _block(phone: Phone, body: Json) -> None:
    if body["blocked"]:
        phone.block()
    else:
        phone.unblock()


def _start(phone: Phone, body: Json) -> None:
    phone.open_link(str(body.get("payload") or ""))


ACTS: dict[str, Callable[[Phone, Json], None]] = {
    "type": _type,
    "edit": _edit,
    "tap": _tap,
    "send": _send,
    "block": _block,
    "start": _start,
}


class _Endpoints:
    def __init__(
        self,
        telegram: Telegram,
        phones: dict[int, Phone],
        new_phone: Callable[[str, str | None], Phone],
    ) -> None:
        self._telegram = telegram
        self._phones = phones
        self._new_phone = new_phone

    async def page(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(PAGE / request.match_info.get("file", "page.html"), headers=GUARDED)

    async def no_icon(self, _: web.Request) -> web.Response:
        return web.Response(status=204)

    async def file(self, request: web.Request) -> web.Response:
        """A document the bot sent, always to be saved: nothing the bot sends runs on the page."""
        upload = self._telegram.files.get(request.match_info["file_id"])
        if upload is None:
            raise web.HTTPNotFound
        return web.Response(
            body=upload.content,
            headers={
                **GUARDED,
                "Content-Type": upload.mime,
                "Content-Disposition": "attachment; filename*=UTF-8''" + quote(upload.name),
            },
        )

    async def list_phones(self, _: web.Request) -> web.Response:
        return web.json_response([_summary(phone) for phone in self._phones.values()])

    async def open_phone(self, request: web.Request) -> web.Response:
        body = await _json(request)
        name = str(body.get("name") or "").strip()
        if not name:
            raise web.HTTPBadRequest(text="A phone needs a name.")
        code = body.get("language_code")
        return web.json_response(_summary(self._new_phone(name, str(code) if code else None)))

    def acting(self, act: Callable[[Phone, Json], None]) -> Callable[[web.Request], Any]:
        """The endpoint of something a person does; what a phone cannot do is a 400."""

        async def endpoint(request: web.Request) -> web.Response:
            body = await _json(request)
            phone = self._phone(request)
            try:
                act(phone, body)
            except (LookupError, StopIteration, TypeError, ValueError) as flaw:
                raise web.HTTPBadRequest(text=str(flaw) or "That is not on the phone.") from None
            return web.json_response({})

        return endpoint

    async def events(self, request: web.Request) -> web.StreamResponse:
        phone = self._phone(request)
        response = web.StreamResponse(
            headers={**GUARDED, "Content-Type": "text/event-stream; charset=utf-8"}
        )
        await response.prepare(request)
        watcher: Watcher = asyncio.Queue()
        phone.chat.watchers.add(watcher)
        try:
            await _tell(response, "snapshot", self._snapshot(phone))
            while True:
                try:
                    happened = await asyncio.wait_for(watcher.get(), ALIVE_EVERY)
                except TimeoutError:
                    await response.write(b": alive\n\n")
                    continue
                if happened is None:
                    return response
                event, data = happened
                if event == "message":
                    data = {"message": as_json(seen(data))}
                await _tell(response, event, data)
        except ConnectionResetError:
            return response
        finally:
            phone.chat.watchers.discard(watcher)

    def _snapshot(self, phone: Phone) -> Json:
        telegram, bot = self._telegram, self._telegram.bot
        language = telegram.language_of(phone.chat)
        return {
            "bot": {
                "username": bot["username"],
                "name": telegram.profile.text("name", language) or bot["first_name"],
                "description": telegram.profile.text("description", language),
            },
            "commands": telegram.commands_for(phone.chat),
            "messages": [as_json(message) for message in phone.messages],
            "blocked": phone.blocked,
        }

    def _phone(self, request: web.Request) -> Phone:
        phone = self._phones.get(int(request.match_info["id"]))
        if phone is None:
            raise web.HTTPNotFound(text="There is no such phone.")
        return phone


def _summary(phone: Phone) -> Json:
    return {"id": phone.chat_id, "name": phone.name, "language_code": phone.language_code}


def as_json(message: Message) -> Json:
    """A message as the page takes it."""
    shown: Json = {
        "id": message.id,
        "from": message.sender,
        "kind": message.kind,
        "text": message.text,
        "entities": list(message.entities),
        "date": message.date.isoformat(),
        "edited": message.edited,
        "rows": [
            [
                {"label": button.label}
                | ({"url": button.url} if button.data is None else {"data": button.data})
                for button in row
            ]
            for row in message.rows
        ],
    }
    if message.file:
        shown["file"] = {"name": message.file}
        if message.sender == "bot":  # a person's file is only told of: it has no content
            shown["file"]["url"] = f"/files/{message.file_id}"
    return shown


async def _tell(response: web.StreamResponse, event: str, data: Json) -> None:
    await response.write(f"event: {event}\ndata: {json.dumps(data)}\n\n".encode())


async def _json(request: web.Request) -> Json:
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="Send JSON.")
    try:
        body = await request.json()
    except ValueError:
        raise web.HTTPBadRequest(text="That is not JSON.") from None
    if not isinstance(body, dict):
        raise web.HTTPBadRequest(text="Send a JSON object.")
    return body
