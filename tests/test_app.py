"""The running process: started, interrupted, refused, in trouble; and nobody's answers are lost."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from typing import TYPE_CHECKING

import pytest

from bot import app, chats
from bot.trouble import TokenRefused
from tests.county import county as running_county
from tests.midway import EASY, MEANS, RESPECTED, busy, card, said

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from bot.sandbox import Phone
    from dialogs.events import Event
    from dialogs.outcome import Here, Outcome
    from tests.county import County

GENEROUS = 60
"""Seconds for what takes a moment: only a broken program makes the test wait so long."""


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
    await county.stop()
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
    assert said(aino, RESPECTED) == 1


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
    skip = next(b for row in card(aino).rows for b in row if b.label == "Ohita")
    for _ in range(30):
        aino.send("sticker")
        aino.press(skip, card(aino).id)
    eino.type("/start")
    await county.settled()
    assert aino.unanswered == 0
    assert said(aino, "Sinulta tuli monta viestiä kerralla") == 1
    assert "Vastaa" in card(eino).rows[0][0].label
    aino.type("Samat palvelut kaikille.")
    await county.settled()
    assert RESPECTED in card(aino).text


# The command


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


async def test_more_people_at_once_than_may_be_answered_in_a_second_are_all_answered(
    tmp_path: Path, patient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.county.RATE", 10)
    async with running_county(tmp_path) as here:
        phones = [here.phone(f"Asukas {number}") for number in range(25)]
        for phone in phones:
            phone.type("/start")
        await here.settled()
        while not all(_answered(phone) for phone in phones):  # noqa: ASYNC110 - what is sent rings no bell
            await asyncio.sleep(0.05)
        assert [sum(m.sender == "bot" for m in phone.messages) for phone in phones] == [1] * 25


def _answered(phone: Phone) -> bool:
    return any(message.sender == "bot" for message in phone.messages)
