"""What the page with its phones is made of: its files, one stream, and a small JSON interface.

`GET /events` tells all phones at once, as server-sent events (see `stream`). A request that changes
something must be JSON: a form of another site cannot send that.
"""

from __future__ import annotations

import asyncio
import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.sandbox import faults, notation
from bot.sandbox.clock import Clock
from bot.sandbox.files import shown_as
from bot.sandbox.stream import phone_json

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.sandbox.phone import Phone
    from bot.sandbox.server import Sandbox
    from bot.sandbox.texts import Json

PAGE = Path(__file__).parent / "page"
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
FILES = {file.name: file for file in PAGE.iterdir() if file.suffix in {".css", ".js"}}
GUARDED = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
ALIVE_EVERY = 15
"""Seconds between comments that keep an idle stream open."""
ZONE = ZoneInfo("Europe/Helsinki")
"""Where the page's dates are meant."""
CROWDS = (30, 300)
LONGEST_NAME = 64


def add(app: web.Application, sandbox: Sandbox) -> None:
    """Adds the page's addresses to the server."""
    endpoints = _Endpoints(sandbox)
    app.router.add_get("/", endpoints.page)
    app.router.add_get(r"/{file:[a-z]+\.(?:css|js)}", endpoints.page)
    app.router.add_get("/favicon.ico", endpoints.no_icon)
    app.router.add_get("/files/{file_id}", endpoints.file)
    app.router.add_get("/events", endpoints.events)
    app.router.add_get("/throng", endpoints.throng)
    app.router.add_get("/phones", endpoints.list_phones)
    app.router.add_post("/phones", endpoints.open_phone)
    for name, act in ACTS.items():
        app.router.add_post(rf"/phones/{{id:\d{{1,20}}}}/{name}", endpoints.acting(act))
    app.router.add_post("/clock", endpoints.move_clock)
    app.router.add_post("/crowd", endpoints.gather)
    app.router.add_post("/faults", endpoints.fault)


def _written(body: Json) -> tuple[str, list[Json]]:
    """A text and its formatting: `text` as it stands, or what was `written` in the field, whose
    signs for bold, italics and links are read as a Telegram client reads them."""
    return notation.read(str(body["written"])) if "written" in body else (str(body["text"]), [])


def _type(phone: Phone, body: Json) -> None:
    phone.type(*_written(body))


def _edit(phone: Phone, body: Json) -> None:
    phone.edit(int(body["message_id"]), *_written(body))


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


def _document(phone: Phone, body: Json) -> None:
    """A file chosen on the page, with what was written below it."""
    caption = notation.read(str(body.get("written", "")))
    phone.send_document(str(body["name"]), _content(body), str(body["mime"]), *caption)


def _photo(phone: Phone, body: Json) -> None:
    """A picture chosen on the page, with what was written below it."""
    phone.send_photo(_content(body), *notation.read(str(body.get("written", ""))))


def _content(body: Json) -> bytes:
    return base64.b64decode(str(body["content"]), validate=True)


def _close_note(phone: Phone, _: Json) -> None:
    phone.note = None


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
    "document": _document,
    "photo": _photo,
    "note": _close_note,
    "block": _block,
    "start": _start,
}


class _Endpoints:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._phones = sandbox.stream.phones

    async def page(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info.get("file")
        file = FILES.get(name) if name else PAGE / "page.html"
        if file is None:
            raise web.HTTPNotFound
        content_type = f"{TYPES[file.suffix]}; charset=utf-8"
        return web.FileResponse(file, headers={**GUARDED, "Content-Type": content_type})

    async def no_icon(self, _: web.Request) -> web.Response:
        return web.Response(status=204)

    async def file(self, request: web.Request) -> web.Response:
        """A file that was sent. Pictures and PDF are shown, all others saved: nothing that is
        sent runs on the page."""
        kept = self._sandbox.telegram.files.get(request.match_info["file_id"])
        if kept is None:
            raise web.HTTPNotFound
        file = kept.file
        disposition = "attachment" if shown_as(file.name) == "file" else "inline"
        charset = "; charset=utf-8" if file.mime.startswith("text/") else ""
        return web.Response(
            body=file.content,
            headers={
                **GUARDED,
                "Content-Type": file.mime + charset,
                "Content-Disposition": f"{disposition}; filename*=UTF-8''{quote(file.name)}",
            },
        )

    async def events(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(
            headers={**GUARDED, "Content-Type": "text/event-stream; charset=utf-8"}
        )
        await response.prepare(request)
        connection = request.transport
        if connection is None:
            return response
        stream = self._sandbox.stream
        page = stream.open(connection.abort, crowd=self._sandbox.crowd is not None)
        try:
            while True:
                try:
                    told = await asyncio.wait_for(page.waiting.get(), ALIVE_EVERY)
                except TimeoutError:
                    told = b": alive\n\n"
                if told is None:
                    return response
                await response.write(told)
        except ConnectionResetError:
            return response
        finally:
            stream.gone(page)

    async def throng(self, _: web.Request) -> web.Response:
        return web.json_response(self._sandbox.throng.shown().json())

    async def list_phones(self, _: web.Request) -> web.Response:
        return web.json_response([phone_json(phone) for phone in self._phones.values()])

    async def open_phone(self, request: web.Request) -> web.Response:
        body = await _json(request)
        name = str(body.get("name") or "").strip()
        if not name or len(name) > LONGEST_NAME:
            raise web.HTTPBadRequest(
                text=f"A phone needs a name, of {LONGEST_NAME} letters at most."
            )
        code = body.get("language_code")
        phone = self._sandbox.phone(name, str(code) if code else None)
        return web.json_response(phone_json(phone))

    def acting(
        self, act: Callable[[Phone, Json], None]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
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

    async def move_clock(self, request: web.Request) -> web.Response:
        """Moves the clock on; what it cannot do is a 400. Without a clock that moves, a 404."""
        body = await _json(request)
        clock = self._sandbox.telegram.clock
        if not isinstance(clock, Clock):
            raise web.HTTPNotFound(text="This clock cannot be moved.")
        try:
            clock.move(_moment(body, clock().astimezone(ZONE)))
        except (LookupError, OverflowError, TypeError, ValueError) as flaw:
            raise web.HTTPBadRequest(text=str(flaw)) from None
        self._sandbox.stream.clock_moved()
        return web.json_response({"now": clock().isoformat()})

    async def gather(self, request: web.Request) -> web.Response:
        """Lets a crowd answer; while one does, a 409. Where there is none to call, a 404."""
        body = await _json(request)
        if self._sandbox.crowd is None:
            raise web.HTTPNotFound(text="There is no crowd here.")
        residents = body.get("residents")
        if not isinstance(residents, int) or residents not in CROWDS:
            raise web.HTTPBadRequest(text=f"A crowd is {CROWDS[0]} or {CROWDS[1]} residents.")
        try:
            self._sandbox.crowd(residents)
        except ValueError as flaw:
            raise web.HTTPConflict(text=str(flaw)) from None
        return web.json_response({})

    async def fault(self, request: web.Request) -> web.Response:
        """Lets calls of the bot fail, or updates come that should not (see `faults`)."""
        body = await _json(request)
        try:
            faults.told(self._sandbox.faults, self._sandbox.telegram.updates, body)
        except (LookupError, OverflowError, TypeError, ValueError) as flaw:
            raise web.HTTPBadRequest(text=f"That is no fault: {flaw}") from None
        return web.json_response({})

    def _phone(self, request: web.Request) -> Phone:
        phone = self._phones.get(int(request.match_info["id"]))
        if phone is None:
            raise web.HTTPNotFound(text="There is no such phone.")
        return phone


def _moment(body: Json, now: datetime) -> datetime:
    """When the clock shall be: so many hours on, the same time so many days on, or at a time of
    the wall clock. Raises LookupError, OverflowError, TypeError or ValueError for anything else."""
    if "hours" in body:
        return now.astimezone(UTC) + timedelta(hours=body["hours"])
    if "days" in body:
        return now + timedelta(days=body["days"])  # by the wall clock, also over a change of time
    to = datetime.fromisoformat(body["to"])
    if to.tzinfo is not None:
        raise ValueError("the time is the wall clock's: without an offset")
    return to.replace(tzinfo=ZONE)


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
