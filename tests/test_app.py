"""The running process: started, interrupted, refused, in trouble; and nobody's answers are lost."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import socket
import sqlite3
import sys
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from bot import app, chats
from bot.intake import TokenRefused
from tests.county import TOKEN

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

    from bot.sandbox import Message, Phone
    from dialogs.events import Event
    from dialogs.outcome import Here, Outcome
    from tests.county import County

GENEROUS = 60
"""Seconds for what takes a moment: only a broken program makes the test wait so long."""

MEANS = "Mitä yhdenvertaisuus"
RESPECTED = "Onko sinut kohdattu"
EASY = "Kuinka helppoa"


def card(phone: Phone) -> Message:
    """The newest message with buttons."""
    return next(message for message in reversed(phone.messages) if message.rows)


def sentences(phone: Phone, text: str) -> int:
    return sum(text in message.text for message in phone.messages if message.sender == "bot")


@pytest.fixture
async def aino(county: County) -> Phone:
    """Somebody at the survey's second question, which is an open one."""
    await county.open("equality", "2027-02-08")
    phone = county.phone("Aino")
    for deed in ("/start", "Vastaa", "Aloita vastaaminen", "1. Vastaan itsestäni"):
        phone.type(deed) if deed == "/start" else phone.tap(deed)
        await county.settled()
    assert MEANS in card(phone).text
    return phone


@pytest.fixture
def decided(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Set when the bot has decided on an event, which it then has in hand."""
    reached = asyncio.Event()
    step: Callable[[Here, Event], Outcome] = chats.conversation.step

    def observed(here: Here, event: Event) -> Outcome:
        reached.set()
        return step(here, event)

    monkeypatch.setattr(chats.conversation, "step", observed)
    return reached


@contextlib.contextmanager
def busy(county: County) -> Iterator[None]:
    """Another process is in the middle of writing."""
    with contextlib.closing(sqlite3.connect(county.folder / "data" / "raati.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.rollback()


# Stopping and starting


async def test_a_message_in_hand_is_finished_and_acknowledged_before_the_bot_stops(
    county: County, aino: Phone, decided: asyncio.Event
) -> None:
    with busy(county):
        aino.type("Samat palvelut kaikille.")
        await decided.wait()
        stopped = asyncio.create_task(county.stop())
        await asyncio.sleep(0)
        assert not stopped.done()
    await stopped
    assert RESPECTED in card(aino).text
    telegram = county.sandbox.telegram
    assert telegram.updates.unconfirmed(telegram.updates.newest) == []


async def test_a_restart_goes_on_from_the_same_card(county: County, aino: Phone) -> None:
    aino.type("Samat palvelut kaikille.")
    await county.settled()
    shown = card(aino)
    await county.restart()
    aino.tap("4", message_id=shown.id)
    await county.settled()
    assert card(aino).id == shown.id
    assert EASY in card(aino).text
    await county.restart()
    aino.type("2")
    await county.settled()
    assert "5/10" in card(aino).text


async def test_what_was_written_while_the_bot_was_away_is_answered_when_it_is_back(
    county: County, aino: Phone
) -> None:
    await county.stop()
    aino.type("Samat palvelut kaikille.")
    await county.start()
    assert RESPECTED in card(aino).text


async def test_commands_and_descriptions_are_set_in_each_language_and_finnish_for_others(
    county: County, aino: Phone
) -> None:
    profile = county.sandbox.telegram.profile
    commands = {code: profile.commands_for(aino.chat_id, code) for code in ("fi", "sv", "en", "et")}
    assert commands["et"] == commands["fi"]
    for code in ("fi", "sv", "en"):
        named = [command["command"] for command in commands[code]]
        assert named == ["start", "help", "language", "privacy", "stop"]
    for place in range(5):
        assert len({commands[code][place]["description"] for code in ("fi", "sv", "en")}) == 3
    for name in ("description", "short_description"):
        said = {code: profile.text(name, code) for code in ("fi", "sv", "en", "et")}
        assert said["et"] == said["fi"]
        assert len(set(said.values())) == 3
        assert not any("bot." in text for text in said.values())


async def test_a_refused_token_ends_the_run(county: County) -> None:
    settings = county.settings.model_copy(
        update={"token": type(county.settings.token)("1000000001:another-token")}
    )
    with pytest.raises(TokenRefused, match="RAATI_TOKEN"):
        await app.run(settings, asyncio.Event(), clock=county.clock)


async def test_a_refused_token_is_one_sentence_and_exit_code_1(county: County) -> None:
    environment = {
        "RAATI_TOKEN": "1000000001:another-token",
        "RAATI_API_URL": county.sandbox.url,
    }
    async with raati("run", folder=county.folder, **environment) as process:
        said, complaint = await asyncio.wait_for(process.communicate(), GENEROUS)
    assert process.returncode == 1
    assert said == b""
    assert complaint.decode() == (
        "Telegram does not know this bot: check RAATI_TOKEN (and RAATI_API_URL, if it is set).\n"
    )


# Trouble


async def test_a_database_that_is_busy_for_a_moment_loses_nothing(
    county: County, aino: Phone, decided: asyncio.Event
) -> None:
    with busy(county):
        aino.type("Samat palvelut kaikille.")
        await decided.wait()
        assert MEANS in card(aino).text, "nothing is said before it is kept"
    await county.settled()
    assert RESPECTED in card(aino).text
    assert sentences(aino, RESPECTED) == 1


async def test_an_answer_whose_reply_could_not_be_sent_is_kept_and_the_next_tap_shows_it(
    county: County, aino: Phone
) -> None:
    old = card(aino)
    aino.type("Samat palvelut kaikille.")
    aino.block()
    await county.settled()
    assert card(aino) == old
    aino.unblock()
    aino.tap("Ohita", message_id=old.id)
    await county.settled()
    assert RESPECTED in card(aino).text, "the question was not skipped: it was answered"
    assert aino.unanswered == 0


async def test_a_card_that_was_deleted_comes_anew(county: County, aino: Phone) -> None:
    old = card(aino)
    skip = next(button for row in old.rows for button in row if button.label == "Ohita")
    county.sandbox.telegram.remove(aino.chat, [old.id])
    assert skip.data is not None
    aino.tap_data(skip.data, old.id)
    await county.settled()
    assert card(aino).id > old.id
    assert RESPECTED in card(aino).text
    aino.tap("5")
    await county.settled()
    assert EASY in card(aino).text


async def test_a_group_is_sent_to_a_private_chat(county: County, aino: Phone) -> None:
    group = county.sandbox.group("Kylän väki")
    before = list(aino.messages)
    group.type(aino, "/start")
    await county.settled()
    said = group.messages[-1]
    assert said.sender == "bot"
    assert "https://t.me/raati_bot" in said.text
    assert not said.rows
    assert aino.messages == before


async def test_a_flood_is_answered_with_one_sentence_and_takes_nobody_else_down(
    county: County, aino: Phone
) -> None:
    eino = county.phone("Eino")
    for _ in range(30):
        aino.send("sticker")
    eino.type("/start")
    await county.settled()
    assert sentences(aino, "Sinulta tuli monta viestiä kerralla") == 1
    assert "Vastaa" in card(eino).rows[0][0].label
    aino.type("Samat palvelut kaikille.")
    await county.settled()
    assert RESPECTED in card(aino).text


# The demo


@contextlib.asynccontextmanager
async def raati(
    *command: str, folder: Path, **environment: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """The command in a process of its own, in a folder of its own; ended if it has not."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", *command),
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


async def test_the_demo_answers_on_its_page_in_a_county_that_lives(tmp_path: Path) -> None:
    port = free_port()
    async with raati("demo", "--port", str(port), folder=tmp_path) as process:
        assert process.stdout is not None
        line = await asyncio.wait_for(process.stdout.readline(), GENEROUS)
        assert line.decode() == f"Raati's demo is at http://127.0.0.1:{port}/\n"
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as browser:
            for file in ("/", "/page.css", "/page.js"):
                async with browser.get(file) as page:
                    assert page.status == 200
            greeting = await first_answer(browser)
        assert "Vastaa: Yhdenvertaisuus palveluissa" in greeting
        assert "Hae asiakasraatiin" in greeting

        with contextlib.closing(sqlite3.connect(tmp_path / "var/demo/data/raati.db")) as kept:
            assert kept.execute("SELECT count(*) FROM responses").fetchone() == (100,)
            states = dict(kept.execute("SELECT name, state FROM surveys"))
        assert states == {"equality": "open", "application": "open"}

        process.send_signal(signal.SIGINT)
        _, complaints = await asyncio.wait_for(process.communicate(), GENEROUS)
    assert process.returncode == 0
    assert complaints == b""


async def first_answer(browser: aiohttp.ClientSession) -> list[str]:
    """The labels under what a new phone of the page is answered to /start."""
    new = {"name": "Aino", "language_code": "fi"}
    async with browser.post("/phones", json=new) as opened:
        number = (await opened.json())["id"]
    async with (
        asyncio.timeout(GENEROUS),
        browser.get(f"/phones/{number}/events") as events,
        browser.post(f"/phones/{number}/start", json={}) as started,
    ):
        assert started.status == 200
        async for line in events.content:
            if not line.startswith(b"data: "):
                continue
            told: dict[str, Any] = json.loads(line.removeprefix(b"data: "))
            message = told.get("message")
            if message and message["from"] == "bot":
                return [button["label"] for row in message["rows"] for button in row]
    raise AssertionError("the page went silent")


async def test_a_taken_port_is_one_sentence(county: County, tmp_path: Path) -> None:
    port = county.sandbox.url.rpartition(":")[2]
    async with raati("demo", "--port", port, folder=tmp_path) as process:
        said, complaint = await asyncio.wait_for(process.communicate(), GENEROUS)
    assert (process.returncode, said) == (1, b"")
    assert complaint.decode().startswith(f"The demo cannot use port {port} ")
    assert complaint.count(b"\n") == 1
    assert TOKEN.encode() not in complaint
