"""The demo: a county that is alive, a board that follows it, a clock that moves, a crowd that
answers; and an end without complaints in the middle of any of it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import signal
import socket
import sqlite3
from collections import Counter
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from bot import demo
from bot.demo import crowd as crowds
from bot.demo.crowd import Crowd
from bot.demo.residents import AGES, AREAS, LANGUAGES, MOODS, SKIPPED, Resident, invented
from bot.forms import source
from bot.kept import kept
from bot.render import Renderer
from bot.surveys import listed
from dialogs.forms.draft import Draft
from dialogs.forms.model import Type
from dialogs.forms.walk import current, take
from dialogs.screens import units
from storage import surveys
from storage.database import canonical
from tests.chat import library, office, whole
from tests.county import HELSINKI, TOKEN, free_port
from tests.pool import waiting
from tests.test_app import GENEROUS, raati

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from dialogs.forms.model import Row
    from tests.county import County

Json = dict[str, Any]

SURVEY = "Yhdenvertaisuus palveluissa"
DATABASE = "var/demo/data/raati.db"


class Page:
    """The demo's page without the browser: what it was told by now, and what can be done on it."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self.http = http
        self.snapshot: Json = {}
        self.notices: Json = {}
        self.counts: list[tuple[int, int]] = []  # the crowd's, each as it was told
        self.messages: dict[int, dict[int, Json]] = {}
        self._told = asyncio.Event()

    async def listen(self) -> None:
        async with self.http.get("/events") as stream:
            event = ""
            async for raw in stream.content:
                line = raw.decode().rstrip("\n")
                if line.startswith("event: "):
                    event = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    self._take(event, json.loads(line.removeprefix("data: ")))
                    self._told.set()

    def _take(self, event: str, data: Json) -> None:
        match event:
            case "snapshot":
                self.snapshot, self.notices = data, dict(data["notices"])
                for phone in data["phones"]:
                    self.messages[phone["id"]] = {one["id"]: one for one in phone["messages"]}
            case "phone":
                self.messages[data["id"]] = {}
            case "message":
                self.messages[data["phone"]][data["message"]["id"]] = data["message"]
            case "deleted":
                for number in data["ids"]:
                    self.messages[data["phone"]].pop(number, None)
            case "notice":
                self.notices[data["name"]] = data["data"]
                if data["name"] == "crowd":
                    self.counts.append((data["data"]["done"], data["data"]["of"]))

    async def until(self, so: Callable[[], object]) -> None:
        async with asyncio.timeout(GENEROUS):
            while not so():
                self._told.clear()
                await self._told.wait()

    async def post(self, path: str, **body: Any) -> int:
        async with self.http.post(path, json=body) as response:
            await response.read()
            return response.status

    # phones

    async def phone(self, name: str, language: str) -> int:
        """A new phone on which the bot has greeted."""
        new = {"name": name, "language_code": language}
        async with self.http.post("/phones", json=new) as response:
            number = int((await response.json())["id"])
        await self.until(lambda: number in self.messages)
        await self.do(number, "start")
        return number

    def card(self, phone: int) -> Json:
        """The newest message with buttons; empty where there is none."""
        shown = sorted(self.messages[phone].items(), reverse=True)
        return next((message for _, message in shown if message["rows"]), {})

    def labels(self, phone: int) -> list[str]:
        return [button["label"] for row in self.card(phone)["rows"] for button in row]

    async def do(self, phone: int, act: str, **body: Any) -> None:
        """Until the bot has answered with another card."""
        seen = self.card(phone)
        assert await self.post(f"/phones/{phone}/{act}", **body) == 200
        await self.until(lambda: self.card(phone) not in ({}, seen))

    async def tap(self, phone: int, label: str) -> None:
        card = self.card(phone)
        fits = [b for row in card["rows"] for b in row if b["label"].startswith(label)]
        assert fits, (label, self.labels(phone))
        await self.do(phone, "tap", message_id=card["id"], data=fits[0]["data"])

    # the board

    def row(self, title: str) -> Json:
        board: list[Json] = self.notices.get("board", [])
        return next((row for row in board if row["title"]["fi"] == title), {})


@contextlib.asynccontextmanager
async def opened(url: str) -> AsyncIterator[Page]:
    """The page of the demo at this address, once it has told what stands on the board."""
    async with aiohttp.ClientSession(url) as http:
        async with asyncio.timeout(GENEROUS):
            while True:
                with contextlib.suppress(aiohttp.ClientConnectorError):
                    await http.get("/favicon.ico")
                    break
                await asyncio.sleep(0.01)
        page = Page(http)
        listening = asyncio.create_task(page.listen())
        try:
            await page.until(lambda: "board" in page.notices)
            yield page
        finally:
            listening.cancel()
            with contextlib.suppress(asyncio.CancelledError, aiohttp.ClientError):
                await listening


@pytest.fixture
async def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Page]:
    """The page of a demo that runs in this process."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bot.chats.PATIENCE", 60)  # see the fixture `county`
    monkeypatch.setattr("bot.speech.PATIENCE", 60)
    monkeypatch.setattr(demo, "LOOK", 0.05)
    # What the page shows does not wait until the bot looks at its clock.
    monkeypatch.setattr("bot.app.HOUSEKEEPING", 3600)
    port, stop = free_port(), asyncio.Event()
    running = asyncio.create_task(demo.run(port, stop))
    try:
        async with opened(f"http://127.0.0.1:{port}") as shown:
            yield shown
    finally:
        stop.set()
        await running


def rows(folder: Path, question: str) -> list[tuple[Any, ...]]:
    with contextlib.closing(sqlite3.connect(folder / DATABASE)) as database:
        return database.execute(question).fetchall()


def received(folder: Path) -> dict[str, int]:
    """How many responses were sent, by survey, whether they have come out of the mix or not."""
    sent = "SELECT survey FROM responses UNION ALL SELECT survey FROM pool"
    return dict(Counter(survey for (survey,) in rows(folder, sent)))


def helsinki() -> date:
    return datetime.now(HELSINKI).date()


# The command


async def test_the_demo_prints_its_address_and_what_to_try_and_opens_on_a_county_that_is_alive(
    tmp_path: Path,
) -> None:
    port = free_port()
    async with raati("demo", "--port", str(port), folder=tmp_path) as process:
        assert process.stdout is not None
        line = await asyncio.wait_for(process.stdout.readline(), GENEROUS)
        assert line.decode() == f"Raati's demo is at http://127.0.0.1:{port}/\n"
        hint = (await asyncio.wait_for(process.stdout.readline(), GENEROUS)).decode()
        assert hint.startswith("Try: ")
        assert len(hint) < 160
        async with opened(f"http://127.0.0.1:{port}") as page:
            async with page.http.get("/") as html:
                files = re.findall(r'(?:href|src)="([a-z]+\.(?:css|js))"', await html.text())
            assert files
            for file in files:
                async with page.http.get(f"/{file}") as response:
                    assert response.status == 200
            assert page.snapshot["movable"]
            assert page.snapshot["crowd"]
            phones = {phone["name"]: phone["language_code"] for phone in page.snapshot["phones"]}
            assert phones == {name: language for name, language, _ in demo.PHONES}
            notes = [phone["name"] for phone in page.snapshot["phones"] if phone["note"]]
            assert notes == ["Kaisa", "Sanna"]
            assert (page.snapshot["throng"]["phones"], page.snapshot["throng"]["bare"]) == (
                5000,
                5000,
            )
            aino = await page.phone("Aino", "fi")
            assert f"Vastaa: {SURVEY}" in page.labels(aino)
            assert "Hae asiakasraatiin" in page.labels(aino)

        assert received(tmp_path) == {"equality": 106, "participation": 80}
        assert rows(tmp_path, "SELECT count(*) FROM applications") == [(8,)]
        assert rows(tmp_path, "SELECT count(*) FROM subscribers") == [(5000,)]
        assert rows(tmp_path, "SELECT count(*) FROM drafts") == [(0,)]
        states = {"participation": "closed", "equality": "open", "application": "open"}
        await eventually(lambda: dict(rows(tmp_path, "SELECT name, state FROM surveys")) == states)
        process.send_signal(signal.SIGINT)
        _, complaints = await asyncio.wait_for(process.communicate(), GENEROUS)
    assert process.returncode == 0
    assert complaints == b""


async def test_a_taken_port_is_one_sentence(county: County, tmp_path: Path) -> None:
    port = county.sandbox.url.rpartition(":")[2]
    async with raati("demo", "--port", port, folder=tmp_path) as process:
        said, complaint = await asyncio.wait_for(process.communicate(), GENEROUS)
    assert (process.returncode, said) == (1, b"")
    assert complaint.decode().startswith(f"The demo cannot use port {port} ")
    assert complaint.count(b"\n") == 1
    assert TOKEN.encode() not in complaint


async def test_stopped_in_the_middle_of_a_crowd_it_ends_without_complaint(tmp_path: Path) -> None:
    port = free_port()
    async with (
        raati("demo", "--port", str(port), folder=tmp_path) as process,
        opened(f"http://127.0.0.1:{port}") as page,
    ):
        assert await page.post("/crowd", residents=300) == 200
        await page.until(lambda: page.counts and page.counts[-1][0] >= 3)
        process.send_signal(signal.SIGINT)
        _, complaints = await asyncio.wait_for(process.communicate(), GENEROUS)
    assert process.returncode == 0
    assert complaints == b""
    assert sum(received(tmp_path).values()) < 400, "it was the middle"


async def test_when_it_ends_nobody_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    before = asyncio.all_tasks()
    port, stop = free_port(), asyncio.Event()
    running = asyncio.create_task(demo.run(port, stop))
    async with opened(f"http://127.0.0.1:{port}") as page:
        assert await page.post("/crowd", residents=30) == 200
        await page.until(lambda: page.counts)
        stop.set()
        await running
    assert asyncio.all_tasks() == before


async def test_the_demo_touches_nothing_that_the_offices_settings_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = tmp_path / "real.db"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RAATI_DATABASE_URL", f"sqlite+aiosqlite:///{real}")
    (tmp_path / ".env").write_text(
        "RAATI_WEBHOOK_URL=https://raati.example/real\nRAATI_WEBHOOK_SECRET=real\n"
    )
    port, stop = free_port(), asyncio.Event()
    running = asyncio.create_task(demo.run(port, stop))
    async with opened(f"http://127.0.0.1:{port}") as page:
        await page.phone("Aino", "fi")
    stop.set()
    await running
    assert received(tmp_path)
    assert not real.exists()


async def test_all_that_listens_listens_on_127_0_0_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listen, where = socket.socket.listen, []

    def noted(self: socket.socket, *backlog: int) -> None:
        listen(self, *backlog)
        where.append(self.getsockname()[0])

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(socket.socket, "listen", noted)
    port, stop = free_port(), asyncio.Event()
    where.clear()
    running = asyncio.create_task(demo.run(port, stop))
    async with opened(f"http://127.0.0.1:{port}") as page:
        await page.phone("Aino", "fi")
    stop.set()
    await running
    assert where
    assert set(where) == {"127.0.0.1"}


# The county


async def test_the_board_tells_each_survey_and_call(page: Page) -> None:
    def day(**time: int) -> str:
        return (helsinki() + timedelta(**time)).isoformat()

    assert page.notices["board"] == [
        {
            "title": {
                "fi": SURVEY,
                "sv": "Likabehandling i tjänsterna",
                "en": "Equality in the services",
            },
            "kind": "survey",
            "state": "open",
            "closes": day(days=5),
            "received": 106,
        },
        {
            "title": {
                "fi": "Hakemus asiakasraatiin",
                "sv": "Ansökan till kundrådet",
                "en": "Application to the customer panel",
            },
            "kind": "application",
            "state": "open",
            "closes": day(days=12),
            "received": 8,
        },
        {
            "title": dict(library("participation").title),
            "kind": "survey",
            "state": "closed",
            "closes": day(weeks=-5),
            "received": 80,
        },
    ]


async def test_a_draft_is_not_on_the_board(county: County) -> None:
    draft = surveys.Running(
        name="safety",
        source=source("safety", county.settings),
        kind="survey",
        audience="everyone",
        state="draft",
        opens=county.wall().date(),
        closes=None,
        closed_on=None,
    )
    async with kept(county.settings) as here:
        assert await surveys.keep(here.store, draft)
        assert [survey.state for survey in await listed(here, county.wall())] == ["draft"]
        assert await demo.board(here, county.wall()) == []


async def test_over_the_last_day_the_survey_closes_a_late_draft_finishes_and_the_next_is_too_late(
    page: Page, tmp_path: Path
) -> None:
    aino, saga = await page.phone("Aino", "fi"), await page.phone("Saga", "sv")
    for phone, (answer, begin) in {
        aino: ("Vastaa", "Aloita vastaaminen"),
        saga: ("Svara", "Börja svara"),
    }.items():
        await page.tap(phone, answer)
        await page.tap(phone, begin)
        await page.tap(phone, "1. ")
    last = date.fromisoformat(page.row(SURVEY)["closes"])
    assert await page.post("/clock", to=f"{last + timedelta(days=1)}T00:30") == 200
    await page.until(lambda: page.row(SURVEY)["state"] == "closing")

    late = await page.phone("Otso", "fi")
    assert not any(label.startswith("Vastaa") for label in page.labels(late))
    assert "Hae asiakasraatiin" in page.labels(late), "the call is open a week longer"

    await page.do(aino, "type", text="Samat palvelut kaikille.")
    while "Lähetä" not in page.labels(aino):
        await page.tap(aino, "Ohita")
    await page.tap(aino, "Lähetä")
    assert "Kiitos, vastauksesi on perillä" in page.card(aino)["text"]
    await page.until(lambda: page.row(SURVEY)["received"] == 107)

    assert rows(tmp_path, "SELECT count(*) FROM drafts") == [(1,)]
    assert await page.post("/clock", to=f"{last + timedelta(days=1)}T04:05") == 200
    await page.until(lambda: page.row(SURVEY)["state"] == "closed")
    await page.tap(saga, "Hoppa över")
    assert "har de raderats" in page.card(saga)["text"]
    await eventually(lambda: rows(tmp_path, "SELECT count(*) FROM drafts") == [(0,)])
    assert page.row(SURVEY)["received"] == 107


# The crowd


async def test_a_crowd_is_counted_while_it_answers_and_the_page_is_answered_meanwhile(
    page: Page,
) -> None:
    assert await page.post("/crowd", residents=30) == 200
    assert await page.post("/crowd", residents=30) == 409
    aino = await page.phone("Aino", "fi")
    assert page.notices["crowd"]["done"] < 30, "she did not wait until they had done"
    await page.tap(aino, "Vastaa")
    await page.until(lambda: page.notices["crowd"] == {"done": 30, "of": 30})
    assert page.counts[:31] == [(done, 30) for done in range(31)]
    await page.until(lambda: page.row(SURVEY)["received"] > 106 + 20)
    assert set(page.messages) == {aino, *(phone["id"] for phone in page.snapshot["phones"])}
    assert await page.post("/crowd", residents=30) == 200


async def test_a_crowd_ends_when_the_survey_closes_under_it(page: Page) -> None:
    assert await page.post("/crowd", residents=30) == 200
    await page.until(lambda: page.notices.get("crowd", {}).get("done", 0) >= 3)
    assert await page.post("/clock", days=7) == 200
    await page.until(lambda: page.notices["crowd"] == {"done": 30, "of": 30})
    await page.until(lambda: page.row(SURVEY)["state"] == "closed")
    assert page.row(SURVEY)["received"] < 106 + 20


@contextlib.asynccontextmanager
async def crowd(county: County, first: int = 1000) -> AsyncIterator[Crowd]:
    """A crowd in front of the county's bot."""
    async with kept(county.settings) as here:
        people = Crowd(county.sandbox, here, Renderer(HELSINKI), county.wall, first=first)
        try:
            yield people
        finally:
            await people.leave()


async def eventually(so: Callable[[], bool]) -> None:
    """Until it is so: the mix does its work beside what people see."""
    async with asyncio.timeout(GENEROUS):
        while not so():  # noqa: ASYNC110 - another process is waited for
            await asyncio.sleep(0.02)


async def gone(county: County, done: int) -> None:
    """Until so many have done, and nobody of the crowd is left."""
    async with asyncio.timeout(GENEROUS):
        while county.sandbox.notices["crowd"] != {"done": done, "of": done}:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


def stored(county: County) -> dict[str, int]:
    """How many rows there are of each kind."""
    tables = ("pool", "drafts", "subscribers", "applications")
    with contextlib.closing(sqlite3.connect(county.folder / "data" / "raati.db")) as database:
        counts = {name: database.execute(f"SELECT count(*) FROM {name}") for name in tables}  # noqa: S608
        return {name: counted.fetchone()[0] for name, counted in counts.items()}


SIXTEEN = range(1027, 1043)
"""Residents of whom at least one has each habit: goes back, changes an answer, types numbers, has
each question as a message, removes the conversation, subscribes; and one leaves midway."""


async def test_a_crowd_answers_what_each_of_them_means_and_who_leaves_midway_leaves_a_draft(
    county: County,
) -> None:
    await county.open("equality", "2027-02-08")
    async with crowd(county, SIXTEEN.start) as people:
        people.come(len(SIXTEEN))
        await gone(county, len(SIXTEEN))
    assert stored(county) == {"pool": 15, "drafts": 1, "subscribers": 2, "applications": 0}

    form = library("equality")
    texts = {row.name for row in form.rows if row.type is Type.TEXT}
    sent = waiting(county.folder)
    closed = Counter(canonical(response.answers) for response in sent)
    opened_ = Counter((one.question, one.text) for response in sent for one in response.opened)
    left = 0
    for number in SIXTEEN:
        draft = answered(Resident(number), "equality")
        given = {name: answer for name, answer in draft.answers.items() if answer is not None}
        chosen = canonical({name: a for name, a in given.items() if name not in texts})
        if not closed[chosen]:
            left += 1
            continue
        closed[chosen] -= 1
        opened_.subtract((name, given[name]) for name in texts & given.keys())
    assert left == 1
    assert not any(closed.values())
    assert not any(opened_.values())


async def test_the_next_crowd_is_other_people(county: County) -> None:
    await county.open("equality", "2027-02-08")
    async with crowd(county) as people:
        people.come(4)
        with pytest.raises(ValueError, match="already"):
            people.come(4)
        await gone(county, 4)
        first = list(county.sandbox.telegram.chats)
        people.come(4)
        await gone(county, 4)
    names = [chat.person["first_name"] for chat in county.sandbox.telegram.chats.values()]
    assert len(first) == 4
    assert names == [Resident(number).name for number in range(1000, 1008)]


async def test_a_crowd_leaves_nothing_on_its_phones_and_none_on_the_page(county: County) -> None:
    await county.open("equality", "2027-02-08")
    async with crowd(county) as people:
        people.come(3)
        await gone(county, 3)
    assert not county.sandbox.stream.phones
    for chat in county.sandbox.telegram.chats.values():
        assert not chat.messages
        assert chat.watcher is None


async def test_a_crowd_that_finds_nothing_open_goes_home(county: County) -> None:
    async with crowd(county) as people:
        people.come(3)
        await gone(county, 3)
    assert not any(stored(county).values())


async def test_a_crowd_that_nobody_answers_gives_up(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    await county.open("equality", "2027-02-08")
    await county.stop()
    monkeypatch.setattr(crowds, "PATIENCE", 0.01)
    async with crowd(county) as people:
        people.come(30)
        await gone(county, 30)
    monkeypatch.setattr(crowds, "PATIENCE", 60)
    monkeypatch.setattr(crowds, "LONGEST", 0.05)
    async with crowd(county) as people:
        people.come(30)
        await gone(county, 0)


async def test_a_tap_that_was_lost_is_done_again(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    await county.open("equality", "2027-02-08")
    monkeypatch.setattr(crowds, "PATIENCE", 0.2)
    monkeypatch.setattr(crowds, "TRIES", 1000)
    async with crowd(county) as people:
        await county.stop()
        people.come(1)
        updates = county.sandbox.telegram.updates
        async with asyncio.timeout(GENEROUS):
            while not updates.unconfirmed(updates.newest):
                await updates.changed.heard()
        updates.forget()
        await county.start()
        monkeypatch.setattr(crowds, "PATIENCE", GENEROUS)  # a busy machine is no bot that is away
        await gone(county, 1)
    assert stored(county)["pool"] == 1


# The residents


def answered(resident: Resident, name: str) -> Draft:
    """The resident's answers to a form, all of them."""
    form, today = library(name), date(2027, 1, 27)
    draft = Draft(form=name, version=form.version, language=resident.language, revision=0)
    while (row := current(form, draft, today)) is not None:
        draft, _ = take(form, draft, row, resident.answer(form, row), today)
    return draft


FORMS = ("equality", "participation", "application")


@pytest.mark.parametrize("name", FORMS)
def test_what_residents_answer_is_what_the_form_takes(name: str) -> None:
    for number in range(300):
        whole(library(name), answered(Resident(number), name), date(2027, 1, 27))


@pytest.mark.parametrize("name", FORMS)
def test_every_share_is_of_a_choice_that_the_form_has(name: str) -> None:
    form, file = library(name), dict(invented(name))
    leanings = file.pop("leanings", {})
    assert leanings.keys() <= {*LANGUAGES, *AGES, *AREAS, *MOODS}

    def choices(row: Row) -> set[str]:
        steps = range(row.parameters.start or 1, (row.parameters.end or 0) + 1)
        return {SKIPPED, *(choice.name for choice in row.choices), *map(str, steps)}

    for question, shares in file.items():
        row = form.row(question)
        if row.type is Type.TEXT:
            continue
        assert shares.keys() <= choices(row), question
        assert not (row.required and SKIPPED in shares), question
    for trait, of in leanings.items():
        for question, times in of.items():
            assert times.keys() <= file[question].keys(), (trait, question)


@pytest.mark.parametrize("name", FORMS)
def test_each_open_question_has_words_of_its_own_in_each_language(name: str) -> None:
    form = library(name)
    seen: Counter[str] = Counter()
    for row in form.rows:
        if row.type is not Type.TEXT:
            continue
        for language, least in {"fi": 4, "sv": 2, "en": 2}.items():
            texts = invented(name)[row.name][language]
            assert len(texts) >= least
            assert all(units(text) <= row.limit for text in texts)
            seen.update(texts)
    assert max(seen.values()) == 1


def test_residents_are_many_and_unlike_and_the_same_each_time() -> None:
    drafts = [answered(Resident(number), "equality") for number in range(106)]
    assert [answered(Resident(number), "equality") for number in range(106)] == drafts
    assert {draft.language for draft in drafts} == {"fi", "sv", "en"}
    languages = Counter(Resident(number).language for number in range(1000))
    assert 760 < languages["fi"] < 840
    assert 50 < languages["sv"] < 110
    for row in library("equality").rows:
        given = Counter(str(draft.answers.get(row.name)) for draft in drafts)
        del given["None"]
        most = 5 if row.type is Type.TEXT else 0.9 * given.total()
        assert given.most_common(1)[0][1] <= most, row.name


def test_the_offices_days_lie_ahead_on_any_day() -> None:
    for day in range(366):
        today = date(2027, 1, 1) + timedelta(days=day)
        here = demo.in_season(office(), today)
        assert today + timedelta(weeks=6) < here.chosen_by < here.meetings[0] < here.meetings[1]
        assert {meeting.weekday() for meeting in here.meetings} == {3}
