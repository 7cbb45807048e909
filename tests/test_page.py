"""The page's end of the sandbox: one stream of all phones, what a person does on them, the clock,
the crowd, and what no other site reaches."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from bot.sandbox import Phone, Sandbox
from bot.sandbox.clock import Clock
from bot.sandbox.page_endpoints import PAGE
from bot.sandbox.pictures import png

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

TOKEN = "7777777777:AAH-an_invented_token_of_the_right_form"
MORNING = datetime(2026, 2, 2, 8, 0, tzinfo=UTC)
HELSINKI = ZoneInfo("Europe/Helsinki")
GENEROUS = 60
"""Seconds for what takes a moment: only a broken program makes the test wait so long."""
Json = dict[str, Any]


@dataclass
class Site:
    """The sandbox as a browser and a bot reach it."""

    url: str
    http: aiohttp.ClientSession

    async def call(self, method: str, **parameters: Any) -> Any:
        """A call of the bot; its result, or the refusal's words."""
        async with self.http.post(f"{self.url}/bot{TOKEN}/{method}", json=parameters) as response:
            answer = await response.json()
        return answer["result"] if answer["ok"] else answer["description"]

    async def document(self, chat: int, name: str, content: bytes = b"BEGIN") -> None:
        form = aiohttp.FormData({"chat_id": str(chat)}, quote_fields=False)
        form.add_field("document", content, filename=name, content_type="text/html")
        async with self.http.post(f"{self.url}/bot{TOKEN}/sendDocument", data=form) as response:
            assert response.status == 200, await response.text()

    async def does(self, path: str, **body: Any) -> tuple[int, Any]:
        """The status and answer of a request of the page; of a refusal its words."""
        async with self.http.post(self.url + path, json=body) as response:
            done = response.status == 200
            return response.status, await response.json() if done else await response.text()

    @contextlib.asynccontextmanager
    async def opened(self) -> AsyncIterator[Page]:
        """An open page that has had its snapshot."""
        async with self.http.get(f"{self.url}/events") as response:
            assert response.status == 200
            page = Page(response)
            event, page.snapshot = await page.next()
            assert event == "snapshot"
            yield page


@dataclass
class Page:
    """Server-sent events, read one by one."""

    response: aiohttp.ClientResponse

    def __post_init__(self) -> None:
        self.snapshot: Json = {}

    async def next(self) -> tuple[str, Json]:
        async with asyncio.timeout(GENEROUS):
            raw = (await self.response.content.readuntil(b"\n\n")).decode()
        event, data = raw.removeprefix("event: ").strip().split("\ndata: ")
        return event, json.loads(data)

    async def until(self, event: str) -> Json:
        """The data of the next event of this name; others are passed over."""
        while True:
            came, data = await self.next()
            if came == event:
                return data


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(token=TOKEN, clock=clock)
    await sandbox.start()
    yield sandbox
    await sandbox.stop()


@pytest.fixture
async def site(sandbox: Sandbox) -> AsyncIterator[Site]:
    async with aiohttp.ClientSession() as http:
        yield Site(sandbox.url, http)


@pytest.fixture
def aino(sandbox: Sandbox) -> Phone:
    """Aino's phone; she has written to the bot once."""
    phone = sandbox.phone("Aino", "fi")
    phone.type("Hei")
    return phone


# The stream


async def test_a_page_begins_with_all_there_is(site: Site, sandbox: Sandbox, aino: Phone) -> None:
    await site.call("setMyDescription", description="Kysely", language_code="fi")
    await site.call("setMyCommands", commands=[{"command": "start", "description": "Aloita"}])
    sandbox.notice("board", [{"received": 1}])
    sandbox.notice("board", [{"received": 2}])
    async with site.opened() as page:
        shown = page.snapshot
    assert datetime.fromisoformat(shown["now"]) >= aino.messages[0].date
    assert (shown["movable"], shown["crowd"]) == (True, False)
    assert shown["notices"] == {"board": [{"received": 2}]}
    assert [call["method"] for call in shown["calls"]] == ["setMyDescription", "setMyCommands"]
    (phone,) = shown["phones"]
    assert [message.pop("text") for message in phone.pop("messages")] == ["Hei"]
    assert phone == {
        "id": aino.chat_id,
        "name": "Aino",
        "role": "resident",
        "language_code": "fi",
        "bot": {"username": "raati_demo_bot", "name": "Raati", "description": "Kysely"},
        "commands": [{"command": "start", "description": "Aloita"}],
        "blocked": False,
        "note": None,
    }


async def test_a_page_follows_all_that_happens_in_a_chat(site: Site, aino: Phone) -> None:
    number, path = aino.chat_id, f"/phones/{aino.chat_id}"
    async with site.opened() as page:
        await site.does(f"{path}/start", payload="equality")
        _, told = await page.next()
        assert (told["phone"], told["message"]["text"]) == (number, "/start equality")

        keyboard = {"inline_keyboard": [[{"text": "Jatka", "callback_data": "0"}]]}
        await site.call("sendMessage", chat_id=number, text="Valitse", reply_markup=keyboard)
        card = (await page.until("message"))["message"]
        assert card == {
            "id": card["id"],
            "from": "bot",
            "kind": "text",
            "text": "Valitse",
            "entities": [],
            "date": card["date"],
            "edited": False,
            "silent": False,
            "rows": [[{"label": "Jatka", "data": "0"}]],
        }
        await site.does(f"{path}/tap", message_id=card["id"], row=0, column=0)
        query = (await site.call("getUpdates"))[-1]["callback_query"]
        await site.call("answerCallbackQuery", callback_query_id=query["id"], text="Selvä")
        assert await page.until("toast") == {"phone": number, "text": "Selvä", "alert": False}
        await site.call("sendChatAction", chat_id=number, action="typing")
        assert await page.until("action") == {"phone": number, "action": "typing"}
        await site.call("deleteMessage", chat_id=number, message_id=card["id"])
        assert await page.until("deleted") == {"phone": number, "ids": [card["id"]]}
        await site.call("setMyCommands", commands=[{"command": "start", "description": "Aloita"}])
        assert (await page.until("commands"))["commands"][0]["command"] == "start"

        await site.does(f"{path}/type", text="Hei")
        typed = (await page.until("message"))["message"]
        await site.does(f"{path}/edit", message_id=typed["id"], text="Moi")
        edited = (await page.until("message"))["message"]
        assert (edited["id"], edited["text"], edited["edited"]) == (typed["id"], "Moi", True)
        await site.does(f"{path}/send", kind="voice")
        assert (await page.until("message"))["message"]["kind"] == "voice"
        for blocked in (True, False):
            await site.does(f"{path}/block", blocked=blocked)
            assert await page.until("blocked") == {"phone": number, "blocked": blocked}


async def test_what_the_bot_says_of_itself_reaches_open_phones_in_their_language(
    site: Site, sandbox: Sandbox, aino: Phone
) -> None:
    sandbox.phone("Elin", "sv")
    async with site.opened() as page:
        await site.call("setMyDescription", description="Enkät", language_code="sv")
        told = [await page.until("profile") for _ in range(2)]
    assert [data["bot"]["description"] for data in told] == ["", "Enkät"]
    assert told[0]["phone"] == aino.chat_id


async def test_a_message_is_told_as_it_was_then(site: Site, aino: Phone) -> None:
    async with site.opened() as page:
        aino.edit(aino.messages[0].id, "Moi")
        aino.edit(aino.messages[0].id, "Terve")
        texts = [(await page.until("message"))["message"]["text"] for _ in range(2)]
    assert texts == ["Moi", "Terve"]


async def test_two_pages_are_told_the_same(site: Site, sandbox: Sandbox, aino: Phone) -> None:
    async with site.opened() as one, site.opened() as other:
        aino.type("Moi")
        sandbox.notice("crowd", {"done": 1, "of": 30})
        for page in (one, other):
            assert (await page.until("message"))["message"]["text"] == "Moi"
            assert await page.until("notice") == {"name": "crowd", "data": {"done": 1, "of": 30}}


async def test_a_phone_opened_on_one_page_comes_to_the_other(site: Site) -> None:
    async with site.opened() as page:
        status, opened = await site.does("/phones", name=" Elin ", language_code="sv")
        told = await page.until("phone")
    assert status == 200
    assert opened == {
        "id": told["id"],
        "name": "Elin",
        "role": "resident",
        "language_code": "sv",
    }
    assert (told["name"], told["messages"], told["bot"]["name"]) == ("Elin", [], "Raati")
    async with site.http.get(f"{site.url}/phones") as response:
        assert await response.json() == [opened]


async def test_the_crowd_s_phones_are_not_on_the_page(
    site: Site, sandbox: Sandbox, aino: Phone
) -> None:
    resident = sandbox.phone("Asukas", "fi", on_page=False)
    async with site.opened() as page:
        resident.type("Hei")
        resident.tap_data("0", 1)
        query = (await site.call("getUpdates"))[-1]["callback_query"]
        await site.call("answerCallbackQuery", callback_query_id=query["id"])
        await site.call("sendMessage", chat_id=resident.chat_id, text="Asukkaalle")
        await site.call("sendMessage", chat_id=aino.chat_id, text="Ainolle")
        told = [(await page.next()) for _ in range(2)]
        assert [event for event, _ in told] == ["message", "call"]
        assert told[1][1]["params"] == {"chat_id": aino.chat_id, "text": "Ainolle"}
        assert [phone["name"] for phone in page.snapshot["phones"]] == ["Aino"]
    status, _ = await site.does(f"/phones/{resident.chat_id}/type", text="Hei")
    assert status == 404


async def test_a_refused_call_is_told_with_its_refusal(site: Site) -> None:
    async with site.opened() as page:
        await site.call("sendMessage", chat_id=1, text="Hei")
        told = await page.until("call")
    refused = {"method": "sendMessage", "refusal": "Bad Request: chat not found"}
    assert told == {**refused, "params": {"chat_id": 1, "text": "Hei"}}


async def test_a_page_begins_with_the_newest_calls_only(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.sandbox.stream.CALLS_SHOWN", 2)
    sandbox = Sandbox(token=TOKEN)
    await sandbox.start()
    elsewhere = Site(sandbox.url, site.http)
    for text in "abc":
        await elsewhere.call("sendMessage", chat_id=1, text=text)
    async with elsewhere.opened() as page:
        assert [call["params"]["text"] for call in page.snapshot["calls"]] == ["b", "c"]
    await sandbox.stop()


async def test_a_page_that_went_away_is_told_nothing_more(site: Site, sandbox: Sandbox) -> None:
    async with site.opened():
        assert sandbox.stream.open_pages == 1
    async with asyncio.timeout(GENEROUS):
        while sandbox.stream.open_pages:  # noqa: ASYNC110 - a page going away rings no bell
            await asyncio.sleep(0.01)


async def test_a_page_that_does_not_read_is_cut_off_and_begins_anew(
    site: Site, sandbox: Sandbox, aino: Phone
) -> None:
    async with site.opened() as page:
        async with asyncio.timeout(GENEROUS):
            while sandbox.stream.open_pages:
                for _ in range(100):
                    sandbox.notice("board", "x" * 10_000)
                await asyncio.sleep(0)
        with pytest.raises((aiohttp.ClientError, asyncio.IncompleteReadError)):
            await page.until("message")
    async with site.opened() as page:
        aino.type("Moi")
        assert (await page.until("message"))["message"]["text"] == "Moi"


async def test_an_idle_stream_is_kept_open(
    site: Site, aino: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.sandbox.page_endpoints.ALIVE_EVERY", 0.01)
    async with site.opened() as page:
        async with asyncio.timeout(GENEROUS):
            assert await page.response.content.readuntil(b"\n\n") == b": alive\n\n"


async def test_open_pages_end_with_the_sandbox(site: Site, sandbox: Sandbox) -> None:
    async with site.opened() as page:
        await sandbox.stop()
        assert await page.response.content.read() == b""


# The clock


async def test_the_clock_moves_forward_and_every_page_is_told(
    site: Site, clock: Clock, sandbox: Sandbox
) -> None:
    async with site.opened() as page:
        before = clock()
        assert (await site.does("/clock", hours=1))[0] == 200
        assert timedelta(hours=1) <= clock() - before < timedelta(hours=1, seconds=GENEROUS)
        assert datetime.fromisoformat((await page.until("clock"))["now"]) >= before
        assert (await site.does("/clock", days=1))[0] == 200
        wall = clock().astimezone(HELSINKI) - before.astimezone(HELSINKI)
        assert timedelta(days=1, hours=1) <= wall < timedelta(days=1, hours=1, seconds=GENEROUS)
        to = clock().astimezone(HELSINKI).replace(tzinfo=None) + timedelta(days=20)
        status, told = await site.does("/clock", to=to.isoformat(timespec="seconds"))
        assert status == 200
        there = datetime.fromisoformat(told["now"]).astimezone(HELSINKI).replace(tzinfo=None)
        assert timedelta(0) <= there - to.replace(microsecond=0) < timedelta(seconds=GENEROUS)
    later = sandbox.phone("Aino", "fi")
    later.type("Hei")
    assert later.messages[0].date - before > timedelta(days=20)


@pytest.mark.parametrize(
    "body",
    [
        {"hours": -1},
        {"hours": 0},
        {"days": -1},
        {"days": 800},
        {"days": 10**12},
        {"hours": "1"},
        {"to": "2001-01-01T00:00"},
        {"to": "9999-12-31T23:59"},
        {"to": "2026-12-09T00:30Z"},
        {"to": "tomorrow"},
        {"to": 5},
        {},
    ],
)
async def test_the_clock_goes_nowhere_else(site: Site, clock: Clock, body: Json) -> None:
    before = clock()
    assert (await site.does("/clock", **body))[0] == 400
    assert clock() - before < timedelta(seconds=GENEROUS)


async def test_a_clock_of_another_kind_is_only_shown(site: Site) -> None:
    sandbox = Sandbox(token=TOKEN, clock=lambda: MORNING)
    await sandbox.start()
    elsewhere = Site(sandbox.url, site.http)
    async with elsewhere.opened() as page:
        assert (page.snapshot["now"], page.snapshot["movable"]) == (MORNING.isoformat(), False)
    assert (await elsewhere.does("/clock", hours=1))[0] == 404
    await sandbox.stop()


def test_what_was_moved_stays_moved_and_runs_on(clock: Clock) -> None:
    to = clock() + timedelta(days=3)
    clock.move(to)
    assert to <= clock() < to + timedelta(seconds=GENEROUS)
    with pytest.raises(ValueError, match="forward only"):
        clock.move(to - timedelta(seconds=1))
    with pytest.raises(ValueError, match="two years"):
        clock.move(to + timedelta(days=731))


# The crowd


async def test_a_crowd_is_called_of_30_or_300_and_not_while_one_answers(
    site: Site, sandbox: Sandbox
) -> None:
    assert (await site.does("/crowd", residents=30))[0] == 404
    called: list[int] = []

    def crowd(residents: int) -> None:
        if called:
            raise ValueError("residents are still answering")
        called.append(residents)

    sandbox.crowd = crowd
    async with site.opened() as page:
        assert page.snapshot["crowd"] is True
    for residents in (31, 3000, "30", 30.0, None, True):
        assert (await site.does("/crowd", residents=residents))[0] == 400
    assert (await site.does("/crowd", residents=30))[0] == 200
    assert await site.does("/crowd", residents=300) == (409, "residents are still answering")
    assert called == [30]


# Documents


@pytest.mark.parametrize(
    ("name", "opens", "served"),
    [
        ("raportti.pdf", "page", "application/pdf"),
        ("Kuva.PNG", "picture", "image/png"),
        ("kuva.jpeg", "picture", "image/jpeg"),
    ],
)
async def test_pictures_and_pdf_are_shown(
    site: Site, aino: Phone, name: str, opens: str, served: str
) -> None:
    async with site.opened() as page:
        await site.document(aino.chat_id, name)
        file = (await page.until("message"))["message"]["file"]
    assert (file["name"], file["as"]) == (name, opens)
    async with site.http.get(site.url + file["url"]) as response:
        assert await response.read() == b"BEGIN"
        assert response.headers["Content-Type"] == served
        assert response.headers["Content-Disposition"].startswith("inline")
        assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "name", ["kutsu ä.ics", "sivu.html", "kuva.svg", "kuva.png.html", "pdf", "a.js", "a.xml"]
)
async def test_every_other_document_is_saved(site: Site, aino: Phone, name: str) -> None:
    async with site.opened() as page:
        await site.document(aino.chat_id, name)
        file = (await page.until("message"))["message"]["file"]
    assert (file["name"], file["as"]) == (name, "file")
    async with site.http.get(site.url + file["url"]) as response:
        assert await response.read() == b"BEGIN"
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert response.content_disposition is not None
        assert response.content_disposition.filename == name


async def test_a_file_a_person_sent_is_shown_too(site: Site, aino: Phone) -> None:
    async with site.opened() as page:
        aino.send("document")
        file = (await page.until("message"))["message"]["file"]
    assert (file["name"], file["as"]) == ("asiakirja.pdf", "page")
    async with site.http.get(site.url + file["url"]) as response:
        assert (await response.read()).startswith(b"%PDF")


async def test_a_calendar_file_is_served_as_one(site: Site, aino: Phone) -> None:
    async with site.opened() as page:
        await site.document(aino.chat_id, "kutsu.ics")
        file = (await page.until("message"))["message"]["file"]
    async with site.http.get(site.url + file["url"]) as response:
        assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"


async def test_a_person_sends_a_file_chosen_on_the_page(site: Site, aino: Phone) -> None:
    path, content = f"/phones/{aino.chat_id}/document", base64.b64encode(b"Asialista").decode()
    assert await site.does(path, name="lista.txt", mime="", content=content) == (200, {})
    document = aino.messages[-1].document
    assert document is not None
    assert (document.name, document.mime, document.content) == (
        "lista.txt", "text/plain", b"Asialista",
    )  # fmt: skip
    told = (await site.call("getUpdates"))[-1]["message"]["document"]
    assert (told["file_name"], told["file_size"]) == ("lista.txt", 9)


async def test_a_picture_a_person_sends_is_shown_and_told(site: Site, aino: Phone) -> None:
    path, content = f"/phones/{aino.chat_id}/photo", base64.b64encode(png(30, 20)).decode()
    async with site.opened() as page:
        body = {"name": "kuva", "mime": "image/png", "content": content}
        assert await site.does(path, **body, written="**Katso** tätä") == (200, {})
        shown = (await page.until("message"))["message"]
    assert (shown["kind"], shown["text"], "file" in shown) == ("photo", "Katso tätä", False)
    assert shown["entities"] == [{"type": "bold", "offset": 0, "length": 5}]
    async with site.http.get(site.url + shown["photo"]["url"]) as response:
        assert await response.read() == png(30, 20)
        assert response.headers["Content-Type"] == "image/png"
        assert response.headers["Content-Disposition"].startswith("inline")
    told = (await site.call("getUpdates"))[-1]["message"]
    assert (told["photo"][-1]["width"], told["caption"]) == (30, "Katso tätä")


async def test_what_is_written_in_the_field_is_formatted_and_what_is_tapped_is_not(
    site: Site, aino: Phone
) -> None:
    path, content = f"/phones/{aino.chat_id}", base64.b64encode(b"1").decode()
    await site.does(f"{path}/type", written="On **auki** [täällä](https://a.example/b)")
    await site.does(f"{path}/edit", message_id=aino.messages[-1].id, written="On __kiinni__")
    await site.does(f"{path}/type", text="/a__b__ **c**")
    body = {"name": "a.txt", "mime": "", "content": content}
    await site.does(f"{path}/document", **body, written="__Lista__")
    shown = [
        (message.text, [entity["type"] for entity in message.entities])
        for message in aino.messages[1:]
    ]
    assert shown == [
        ("On kiinni", ["italic"]),
        ("/a__b__ **c**", ["bot_command"]),
        ("Lista", ["italic"]),
    ]


# The throng


async def test_a_page_is_told_of_the_throng_all_at_once(
    site: Site, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.sandbox.stream.THRONG_TOLD", 0.05)
    async with site.opened() as page:
        assert page.snapshot["throng"]["phones"] == 0
        people = sandbox.throng.join((f"Asukas {n}", "fi") for n in range(50))
        told = await page.until("throng")
        assert (told["phones"], told["bare"], told["rows"]) == (50, 50, [])
        for phone in people:
            await site.call("sendMessage", chat_id=phone.chat_id, text="Kysely on auki")
        while told["bare"]:
            told = await page.until("throng")
        assert [(row["text"], row["phones"]) for row in told["rows"]] == [("Kysely on auki", 50)]
    async with site.opened() as page:
        assert page.snapshot["throng"] == told
        assert page.snapshot["calls"] == page.snapshot["phones"] == []
        for phone in people:
            phone.block()
        assert (await page.until("throng"))["blocked"] == 50
        await asyncio.sleep(0.1)
        sandbox.notice("board", [])
        assert (await page.next())[0] == "notice"  # once of all fifty


async def test_a_page_that_has_gone_is_told_nothing_of_the_throng(
    site: Site, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.sandbox.stream.THRONG_TOLD", 0.01)
    async with site.opened():
        sandbox.throng.join([("Aino", "fi")])
    async with asyncio.timeout(GENEROUS):
        while sandbox.stream.open_pages:  # noqa: ASYNC110 - a page going away rings no bell
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)
    async with site.opened() as page:
        sandbox.throng.join([("Elin", "sv")])
        assert (await page.until("throng"))["phones"] == 2


# People, and notes on their phones


async def test_people_have_roles_and_those_who_join_on_the_page_are_residents(
    site: Site, sandbox: Sandbox
) -> None:
    sandbox.phone("Kaarina", "fi", role="coordinator")
    async with site.opened() as page:
        assert [phone["role"] for phone in page.snapshot["phones"]] == ["coordinator"]
    assert (await site.does("/phones", name="Aino"))[1]["role"] == "resident"


async def test_a_note_is_told_of_until_its_link_is_used_or_it_is_closed(
    site: Site, sandbox: Sandbox, aino: Phone
) -> None:
    link = "https://t.me/raati_demo_bot?start=join"
    note, path = {"text": "Linkki", "link": link}, f"/phones/{aino.chat_id}"
    for ends, body in (("start", {"payload": "join"}), ("note", {})):
        async with site.opened() as page:
            sandbox.note(aino, "Linkki", link)
            assert await page.until("note") == {"phone": aino.chat_id, "note": note}
            async with site.opened() as later:
                assert later.snapshot["phones"][0]["note"] == note
            await site.does(f"{path}/{ends}", **body)
            assert await page.until("note") == {"phone": aino.chat_id, "note": None}
    assert [message.text for message in aino.messages] == ["Hei", "/start join"]


async def test_a_page_tells_what_came_without_a_sound(site: Site, aino: Phone) -> None:
    async with site.opened() as page:
        for quiet in (True, False):
            await site.call(
                "sendMessage", chat_id=aino.chat_id, text="Hei", disable_notification=quiet
            )
            assert (await page.until("message"))["message"]["silent"] is quiet


# What nobody can do from here


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/tap", {"message_id": 1, "row": 0, "column": 0}),
        ("/edit", {"message_id": 99, "text": "Moi"}),
        ("/edit", {"message_id": 1, "text": ""}),
        ("/type", {"text": "\ud800"}),
        ("/type", {}),
        ("/type", {"text": " "}),
        ("/send", {"kind": "poll"}),
        ("/document", {"name": "a.pdf", "mime": "application/pdf", "content": ""}),
        ("/document", {"name": "a.pdf", "mime": "application/pdf", "content": "ä"}),
        ("/document", {"name": "", "mime": "application/pdf", "content": "YQ=="}),
        ("/document", {"name": "a.pdf"}),
        ("/photo", {"name": "a", "mime": "image/png", "content": "YQ=="}),
        ("/photo", {"name": "a", "mime": "image/png"}),
        ("/type", {"written": " "}),
        ("/start", {"payload": "ä"}),
    ],
)
async def test_what_a_phone_cannot_do_the_page_cannot(
    site: Site, aino: Phone, path: str, body: Json
) -> None:
    assert (await site.does(f"/phones/{aino.chat_id}{path}", **body))[0] == 400
    assert len(aino.messages) == 1


async def test_the_page_lets_the_next_call_fail(site: Site, aino: Phone) -> None:
    fault = {"method": "sendMessage", "fault": "flood", "seconds": 2}
    assert (await site.does("/faults", **fault))[0] == 200
    async with site.opened() as page:
        refused = await site.call("sendMessage", chat_id=aino.chat_id, text="Hei")
        assert refused.startswith("Too Many Requests")
        assert (await page.until("call"))["refusal"] == refused
        assert "message_id" in await site.call("sendMessage", chat_id=aino.chat_id, text="Hei")
    for body in ({}, {"method": "sendMessage", "fault": "rain"}, {"update": 1}, {"again": "x"}):
        assert (await site.does("/faults", **body))[0] == 400


async def test_there_is_no_unknown_phone(site: Site, aino: Phone) -> None:
    for number in (1, aino.chat_id + 1):
        assert (await site.does(f"/phones/{number}/type", text="Hei"))[0] == 404
    for name in ("", "  ", "a" * 65, None):
        assert (await site.does("/phones", name=name, language_code="fi"))[0] == 400


async def test_other_sites_reach_nothing(site: Site, sandbox: Sandbox, aino: Phone) -> None:
    stranger = {"Host": "example.org"}
    for path in ("/", "/events", "/phones", "/page.js"):
        async with site.http.get(site.url + path, headers=stranger) as response:
            assert response.status == 403
    sandbox.crowd = lambda _: pytest.fail("a form called a crowd")
    for path in (f"/phones/{aino.chat_id}/type", "/phones", "/clock", "/crowd", "/faults"):
        async with site.http.post(site.url + path, data={"text": "Hei", "hours": 1}) as response:
            assert response.status == 415
        async with site.http.post(site.url + path, json=[1]) as response:
            assert response.status == 400
        broken = {"Content-Type": "application/json"}
        async with site.http.post(site.url + path, data="{", headers=broken) as response:
            assert response.status == 400
    assert site.url.startswith("http://127.0.0.1:")
    assert len(aino.messages) == 1


async def test_the_page_is_its_own_files_with_their_guards(site: Site) -> None:
    files = {f"/{file.name}" for file in PAGE.iterdir() if file.suffix in {".css", ".js"}}
    assert {"/page.css", "/page.js"} <= files
    types = {"": "text/html", "css": "text/css", "js": "text/javascript"}
    for path in {"/", *files}:
        async with site.http.get(site.url + path) as response:
            assert response.status == 200
            assert response.content_type == types[path.rpartition(".")[2].strip("/")]
            policy = response.headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'self'")
            assert "unsafe" not in policy
    for path in ("/page.html", "/server.py", "/other.js", "/../server.py", "/%2e%2e/server.py"):
        async with site.http.get(site.url + path) as response:
            assert response.status == 404


def test_the_page_asks_no_other_address() -> None:
    for file in PAGE.iterdir():
        hosts = re.findall(r"(?:https?:)?//([a-z0-9-]+\.[a-z0-9.-]+)", file.read_text("utf-8"))
        assert set(hosts) <= {"www.w3.org"}, file.name  # the name of SVG, which is no address


def test_the_page_says_everything_in_three_languages() -> None:
    words = (PAGE / "words.js").read_text("utf-8")
    names: dict[str, list[str]] = {}
    for language, texts in re.findall(r"(?ms)^const ([A-Z]{2}) = \{$(.*?)^\};$", words):
        names[language] = re.findall(r"(?m)^  (\w+):", texts)
        assert "!" not in texts
    assert set(names) == {"FI", "SV", "EN"}
    assert names["FI"] == names["SV"] == names["EN"]
    used = "".join(file.read_text("utf-8") for file in PAGE.iterdir())
    for name in re.findall(r'data-(?:say|name)="(\w+)"', used):
        assert name in names["FI"]
