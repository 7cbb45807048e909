"""Links: in buttons, in texts and on notes, where they lead, and what the bot hears of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.sandbox import Link, Note, Phone
from tests.bare import Bot, facing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.sandbox import Sandbox

TEAMS = "https://teams.example/l/meetup-join/keksitty"
JOIN = "https://t.me/raati_demo_bot?start=join_Ab-9"


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


async def heard(bot: Bot) -> list[Any]:
    """What the phone has written, as the bot is told."""
    return [update["message"]["text"] for update in await bot.call("getUpdates")]


def _lies(phone: Phone) -> Note | None:
    """What lies on the phone now."""
    return phone.note


def linked(*buttons: tuple[str, str]) -> Any:
    return {"inline_keyboard": [[{"text": label, "url": url}] for label, url in buttons]}


async def test_a_link_is_followed_by_what_stands_on_it_and_the_bot_hears_nothing(
    bot: Bot, phone: Phone
) -> None:
    text = f"😀 Tule mukaan: {TEAMS} tai täältä."
    here = {
        "type": "text_link",
        "offset": text.index("täältä") + 1,
        "length": 6,
        "url": TEAMS + "2",
    }
    await bot.call(
        "sendMessage",
        chat_id=phone.chat_id,
        text=text,
        entities=[here],
        reply_markup=linked(("Liity kokoukseen", TEAMS + "3")),
    )
    assert phone.messages[-1].links == (Link(TEAMS, TEAMS), Link("täältä", TEAMS + "2"))
    assert phone.follow("Liity") == TEAMS + "3"
    assert phone.follow("täältä") == TEAMS + "2"
    assert phone.follow(TEAMS) == TEAMS
    with pytest.raises(KeyError, match="Liity kokoukseen"):
        phone.follow("Peru")
    assert await heard(bot) == ["Hei"]


async def test_a_link_in_a_caption_is_followed_too(bot: Bot, phone: Phone) -> None:
    await bot.upload(
        "sendDocument", "document", "kutsu.ics", b"BEGIN", chat_id=phone.chat_id, caption=TEAMS
    )
    assert phone.follow(TEAMS) == TEAMS


async def test_the_newest_link_of_a_name_is_followed(bot: Bot, phone: Phone) -> None:
    for number in "12":
        markup = linked(("Liity", TEAMS + number))
        await bot.call("sendMessage", chat_id=phone.chat_id, text="Liity", reply_markup=markup)
    assert phone.follow("Liity") == TEAMS + "2"


async def test_a_link_to_the_bot_starts_it_with_what_it_carries(bot: Bot, phone: Phone) -> None:
    here = {"type": "text_link", "offset": 0, "length": 5, "url": JOIN}
    await bot.call(
        "sendMessage",
        chat_id=phone.chat_id,
        text="Tästä tai https://t.me/raati_demo_bot",
        entities=[here],
        reply_markup=linked(("Liity", JOIN), ("Muualle", "https://t.me/other_bot?start=a")),
    )
    for label in ("Liity", "Tästä", "https://t.me/raati_demo_bot", "Muualle"):
        phone.follow(label)
    assert await heard(bot) == ["Hei", "/start join_Ab-9", "/start join_Ab-9", "/start"]


async def test_a_note_lies_on_the_phone_until_its_link_is_used(sandbox: Sandbox, bot: Bot) -> None:
    phone = sandbox.phone("Koordinaattori", "fi")
    sandbox.note(phone, "Linkki, jonka sait:", JOIN)
    assert phone.note == Note("Linkki, jonka sait:", JOIN)
    phone.type("/start")
    phone.open_link("another")
    assert phone.note == Note("Linkki, jonka sait:", JOIN)
    phone.open(JOIN)
    assert _lies(phone) is None
    assert await heard(bot) == ["/start", "/start another", "/start join_Ab-9"]


async def test_a_note_that_leads_elsewhere_goes_when_it_is_opened(
    sandbox: Sandbox, phone: Phone
) -> None:
    sandbox.note(phone, "Kirje", TEAMS)
    phone.open(JOIN)
    assert _lies(phone) == Note("Kirje", TEAMS)
    phone.open(TEAMS)
    assert _lies(phone) is None
