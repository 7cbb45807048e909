"""The sandbox's own log of messages, and the faults and storms that its entries tell of."""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from bot.sandbox import Entry
from bot.sandbox.faults import Cut, Delay, Fault, Flood, Refused, Trouble
from bot.sandbox.pictures import png
from bot.sandbox.refusals import BLOCKED, DELETE_NOT_FOUND, NOT_MODIFIED
from tests.bare import Bot, facing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.sandbox import Phone, Sandbox

STORM: dict[Fault, float] = {
    Flood(1): 0.2,
    Trouble(503): 0.2,
    Cut(before=True): 0.1,
    Cut(before=False): 0.2,
}


@pytest.fixture
async def both() -> AsyncIterator[tuple[Sandbox, Bot]]:
    async with facing() as both:
        yield both


@pytest.fixture
def sandbox(both: tuple[Sandbox, Bot]) -> Sandbox:
    return both[0]


@pytest.fixture
def bot(both: tuple[Sandbox, Bot]) -> Bot:
    return both[1]


@pytest.fixture
def phone(sandbox: Sandbox) -> Phone:
    phone = sandbox.phone("Aino", "fi")
    phone.type("Hei")
    return phone


async def sent(bot: Bot, phone: Phone, text: str = "Hei") -> str:
    """Sends a text; the number of the message, or what went wrong."""
    try:
        answer = await bot.call("sendMessage", chat_id=phone.chat_id, text=text)
    except aiohttp.ClientResponseError:
        return "trouble"
    except aiohttp.ClientConnectionError:
        return "cut"
    return str(answer["message_id"]) if isinstance(answer, dict) else str(answer)


def told(entries: Any) -> list[tuple[str, str]]:
    return [(entry.text, entry.fault) for entry in entries]


async def test_the_log_tells_every_message_that_was_made_and_when(
    sandbox: Sandbox, bot: Bot, phone: Phone
) -> None:
    before = time.monotonic()
    quiet = {"disable_notification": True}
    first = await bot.call("sendMessage", chat_id=phone.chat_id, text=" Muistutus ", **quiet)
    await bot.call(
        "editMessageText", chat_id=phone.chat_id, message_id=first["message_id"], text="Korjaus"
    )
    second = await bot.upload(
        "sendDocument", "document", "kutsu.ics", b"BEGIN", chat_id=phone.chat_id, caption="Kutsu"
    )
    third = await bot.upload(
        "sendPhoto", "photo", "qr.png", png(9, 9), chat_id=phone.chat_id, caption="Koodi"
    )
    made = list(sandbox.log)
    assert before <= made[0].moment <= made[1].moment <= time.monotonic()
    assert made == sandbox.log.arrived == [
        Entry(made[0].moment, "sendMessage", phone.chat_id, first["message_id"], "Muistutus", True),
        Entry(made[1].moment, "sendDocument", phone.chat_id, second["message_id"], "Kutsu", False),
        Entry(made[2].moment, "sendPhoto", phone.chat_id, third["message_id"], "Koodi", False),
    ]  # fmt: skip


async def test_edits_and_deletions_stand_apart_and_one_that_came_twice_is_seen(
    sandbox: Sandbox, bot: Bot, phone: Phone
) -> None:
    first, second = [await bot.card(phone.chat_id, "Jatka") for _ in range(2)]
    file = await bot.upload("sendPhoto", "photo", "a", png(9, 9), chat_id=phone.chat_id)
    third, chat = file["message_id"], {"chat_id": phone.chat_id}
    edit = {**chat, "message_id": first, "text": "Korjaus"}
    sandbox.faults.meet("editMessageText", Cut(before=False), Flood(1))
    for _ in range(3):
        with contextlib.suppress(aiohttp.ClientConnectionError):
            await bot.call("editMessageText", **edit)
    await bot.call("editMessageReplyMarkup", **chat, message_id=second)
    await bot.call("editMessageCaption", **chat, message_id=third, caption="Koodi")
    media = {"type": "photo", "media": file["photo"][0]["file_id"], "caption": "Uusi"}
    await bot.call("editMessageMedia", **chat, message_id=third, media=media)
    for _ in range(2):
        await bot.call("deleteMessage", **chat, message_id=first)
    await bot.call("deleteMessages", **chat, message_ids=[second, third])
    changes = sandbox.log.changes
    assert {entry.chat_id for entry in changes} == {phone.chat_id}
    seen = [(e.method, e.message_id, e.text, e.fault, e.refusal) for e in changes]
    assert seen == [
        ("editMessageText", first, "Korjaus", "cut after", ""),
        ("editMessageText", first, "Korjaus", "", NOT_MODIFIED),
        ("editMessageReplyMarkup", second, "", "", ""),
        ("editMessageCaption", third, "Koodi", "", ""),
        ("editMessageMedia", third, "Uusi", "", ""),
        ("deleteMessage", first, "", "", ""),
        ("deleteMessage", first, "", "", DELETE_NOT_FOUND),
        ("deleteMessages", second, "", "", ""),
        ("deleteMessages", third, "", "", ""),
    ]
    assert [entry.method for entry in sandbox.log] == ["sendMessage", "sendMessage", "sendPhoto"]
    moments = [entry.moment for entry in changes]
    assert moments == sorted(moments)


async def test_a_call_nobody_can_read_is_in_the_log_too(
    sandbox: Sandbox, bot: Bot, phone: Phone
) -> None:
    broken = {"chat_id": phone.chat_id, "message_id": 1, "media": "{", "message_ids": "{"}
    for method in ("editMessageMedia", "deleteMessages"):
        assert "can't parse" in await bot.call(method, **broken)
    assert [(e.message_id, e.refusal != "") for e in sandbox.log.changes] == [(1, True)] * 2


async def test_what_telegram_itself_refuses_made_no_message_and_met_no_fault(
    sandbox: Sandbox, bot: Bot, phone: Phone
) -> None:
    phone.block()
    assert await sent(bot, phone) == BLOCKED
    assert list(sandbox.log) == []
    assert [call.refusal for call in sandbox.calls] == [BLOCKED]


async def test_a_fault_stands_in_the_log_with_its_effect_or_without(
    sandbox: Sandbox, bot: Bot, phone: Phone
) -> None:
    faults = (
        Flood(1), Trouble(), Refused(BLOCKED), Cut(before=True), Cut(before=False), Delay(0),
    )  # fmt: skip
    sandbox.faults.meet("sendMessage", *faults)
    for fault in (*faults, None):
        await sent(bot, phone, text=repr(fault))
    assert told(sandbox.log) == [
        *((repr(fault), fault.name) for fault in faults),
        ("None", ""),
    ]
    assert told(sandbox.log.arrived) == [
        (repr(Cut(before=False)), "cut after"),
        (repr(Delay(0)), "delay"),
        ("None", ""),
    ]
    arrived = [entry.message_id for entry in sandbox.log.arrived]
    assert arrived == [message.id for message in phone.messages[1:]]
    sandbox.faults.meet("getMe", Flood(1))
    await bot.call("getMe")
    assert len(sandbox.log) == 7


async def test_a_log_forgets_the_oldest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.sandbox.log.KEPT", 2)
    async with facing() as (sandbox, bot):
        phone = sandbox.phone("Aino", "fi")
        phone.type("Hei")
        for text in "abc":
            await sent(bot, phone, text)
        assert told(sandbox.log) == [("b", ""), ("c", "")]


async def test_a_storm_lets_each_call_meet_what_its_chance_says(
    sandbox: Sandbox, bot: Bot, phone: Phone
) -> None:
    sandbox.faults.storm("sendMessage", STORM, Random(7))
    for number in range(200):
        await sent(bot, phone, str(number))
    met = Counter(entry.fault for entry in sandbox.log)
    assert set(met) == {"", "flood", "trouble", "cut before", "cut after"}
    assert 0.15 < met["flood"] / 200 < 0.25
    assert 0.05 < met["cut before"] / 200 < 0.15
    assert 0.2 < met[""] / 200 < 0.4
    assert len(phone.messages) - 1 == len(sandbox.log.arrived) == met[""] + met["cut after"]
    assert "message_id" in await bot.upload(
        "sendDocument", "document", "a.ics", b"BEGIN", chat_id=phone.chat_id
    )


async def test_the_same_seed_is_the_same_storm(sandbox: Sandbox) -> None:
    def storm(seed: int) -> list[Fault | None]:
        sandbox.faults.storm("sendMessage", STORM, Random(seed))
        return [sandbox.faults.next("SENDMESSAGE") for _ in range(50)]

    assert storm(7) == storm(7) != storm(8)


async def test_what_was_told_of_the_next_calls_comes_before_the_storm_until_it_is_calm(
    sandbox: Sandbox,
) -> None:
    faults = sandbox.faults
    faults.storm("sendMessage", {Trouble(): 1.0}, Random(7))
    faults.meet("sendMessage", Flood(3))
    assert [faults.next("sendMessage") for _ in range(3)] == [Flood(3), Trouble(), Trouble()]
    faults.meet("sendMessage", Flood(3))
    faults.calm()
    assert faults.next("sendMessage") is None
    wrongs: tuple[dict[Fault, float], ...] = (
        {Trouble(): 1.1},
        {Trouble(): -0.1},
        {Trouble(): 0.6, Flood(1): 0.6},
    )
    for wrong in wrongs:
        with pytest.raises(ValueError, match="chances"):
            faults.storm("sendMessage", wrong, Random(7))


async def test_another_process_lets_a_storm_rage_and_calms_it(
    sandbox: Sandbox, bot: Bot, phone: Phone
) -> None:
    async def tell(**body: Any) -> int:
        async with bot.http.post(f"{bot.url}/faults", json=body) as response:
            return response.status

    flood = {"fault": "flood", "seconds": 2, "chance": 1}
    assert await tell(method="sendMessage", seed=7, storm=[flood]) == 200
    assert await sent(bot, phone) == "Too Many Requests: retry after 2"
    assert await tell(calm=True) == 200
    assert (await sent(bot, phone)).isdecimal()
    for storm in ([{**flood, "chance": 2}], [{"fault": "flood"}], "rain", [7]):
        assert await tell(method="sendMessage", seed=7, storm=storm) == 400
    assert await tell(method="sendMessage", storm=[flood]) == 400
