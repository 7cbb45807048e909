"""The throng: people by the thousand who are written to, and what their phones show together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.sandbox.pictures import png
from bot.sandbox.refusals import BLOCKED
from tests.bare import Bot, Json, facing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.sandbox import Phone, Sandbox
    from bot.sandbox.throng import Row

WRONG, RIGHT = "https://kysely.example/vaara", "https://kysely.example/oikea"


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
def people(sandbox: Sandbox) -> list[Phone]:
    return sandbox.throng.join([("Aino", "fi"), ("Elin", "sv"), ("Emma", None)])


async def told(bot: Bot, phone: Phone, text: str, **also: Any) -> int:
    sent = await bot.call("sendMessage", chat_id=phone.chat_id, text=text, **also)
    number: int = sent["message_id"]
    return number


def shape(row: Row) -> tuple[str, int, int, int]:
    return row.text, row.phones, row.newest, row.edited


def leads(url: str) -> Json:
    return {"type": "text_link", "offset": 0, "length": 5, "url": url}


async def test_people_of_the_throng_have_started_the_bot_and_lie_on_no_page(
    sandbox: Sandbox, bot: Bot, people: list[Phone]
) -> None:
    assert list(sandbox.throng) == people
    assert [(phone.name, phone.language_code) for phone in sandbox.throng] == [
        ("Aino", "fi"),
        ("Elin", "sv"),
        ("Emma", None),
    ]
    assert await bot.call("getUpdates") == []
    assert sandbox.stream.phones == {}
    await told(bot, people[1], "Hej")
    assert [message.text for message in people[1].messages] == ["Hej"]
    people[1].type("Hej då")
    assert (await bot.call("getUpdates"))[-1]["message"]["from"]["first_name"] == "Elin"


async def test_some_have_blocked_the_bot_and_it_hears_of_it_only_when_it_writes(
    sandbox: Sandbox, bot: Bot, people: list[Phone]
) -> None:
    (gone,) = sandbox.throng.join([("Eino", "fi")], blocked=True)
    assert await bot.call("getUpdates") == []
    assert await bot.call("sendMessage", chat_id=gone.chat_id, text="Hei") == BLOCKED
    people[0].block()
    shown = sandbox.throng.shown()
    assert (shown.phones, shown.blocked, shown.bare) == (4, 2, 4)
    people[0].unblock()
    assert sandbox.throng.shown().blocked == 1


async def test_what_the_phones_show_is_counted_by_what_it_says(
    sandbox: Sandbox, bot: Bot, people: list[Phone]
) -> None:
    assert sandbox.throng.shown().rows == ()
    aino, elin, emma = people
    await told(bot, aino, "Kysely on auki")
    await told(bot, elin, "Enkäten är öppen")
    await told(bot, emma, "Kysely on auki")
    await told(bot, emma, "Muistutus")
    await told(bot, emma, "Muistutus")
    shown = sandbox.throng.shown()
    assert [shape(row) for row in shown.rows] == [
        ("Kysely on auki", 2, 1, 0),
        ("Enkäten är öppen", 1, 1, 0),
        ("Muistutus", 1, 1, 0),
    ]
    assert (shown.bare, shown.others) == (0, 0)
    assert sandbox.throng.shown() == shown


async def test_what_a_person_writes_is_not_counted(
    sandbox: Sandbox, bot: Bot, people: list[Phone]
) -> None:
    people[0].type("Hei")
    assert sandbox.throng.shown().bare == 3
    await told(bot, people[0], "Kysely on auki")
    people[0].type("Kiitos")
    assert [shape(row) for row in sandbox.throng.shown().rows] == [("Kysely on auki", 1, 1, 0)]


async def test_a_correction_is_seen_as_it_goes_along(
    sandbox: Sandbox, bot: Bot, people: list[Phone]
) -> None:
    numbers = [
        await told(bot, phone, "Kysely on auki", entities=[leads(WRONG)]) for phone in people[:2]
    ]
    for phone, number in zip(people, numbers, strict=False):
        await bot.call(
            "editMessageText",
            chat_id=phone.chat_id,
            message_id=number,
            text="Kysely on auki",
            entities=[leads(RIGHT)],
        )
        rows = [(row.links, row.phones, row.edited) for row in sandbox.throng.shown().rows]
        if phone is people[0]:
            assert sorted(rows) == [((RIGHT,), 1, 1), ((WRONG,), 1, 0)]
    await told(bot, people[0], "Linkki oli väärä")
    # Who had not got it yet gets only the right one: it says the same as the corrected ones.
    await told(bot, people[2], "Kysely on auki", entities=[leads(RIGHT)])
    corrected, why = sandbox.throng.shown().rows
    assert (corrected.links, shape(corrected)) == ((RIGHT,), ("Kysely on auki", 3, 2, 2))
    assert shape(why) == ("Linkki oli väärä", 1, 1, 0)


async def test_what_is_deleted_is_counted_no_more(
    sandbox: Sandbox, bot: Bot, people: list[Phone]
) -> None:
    first = await told(bot, people[0], "Kysely on auki")
    second = await told(bot, people[0], "Muistutus")
    await bot.call("deleteMessage", chat_id=people[0].chat_id, message_id=second)
    assert [shape(row) for row in sandbox.throng.shown().rows] == [("Kysely on auki", 1, 1, 0)]
    await bot.call("deleteMessages", chat_id=people[0].chat_id, message_ids=[first])
    shown = sandbox.throng.shown()
    assert (shown.rows, shown.bare) == ((), 3)


async def test_a_row_has_every_link_the_file_and_the_beginning_of_the_text(
    sandbox: Sandbox, bot: Bot, people: list[Phone]
) -> None:
    keys = [[{"text": "Avaa", "url": RIGHT}], [{"text": "Lopeta", "callback_data": "0"}]]
    await told(
        bot,
        people[0],
        f"Lue 😀 {WRONG} " + "a" * 300,
        entities=[{**leads("https://a.example/"), "length": 3}],
        reply_markup={"inline_keyboard": keys},
    )
    (row,) = sandbox.throng.shown().rows
    assert row.links == ("https://a.example/", WRONG, RIGHT)
    assert (len(row.text), row.file) == (200, "")
    where = {"chat_id": people[1].chat_id}
    await bot.upload("sendPhoto", "photo", "a", png(9, 9), caption=RIGHT, **where)
    await bot.upload("sendDocument", "document", "kutsu.ics", b"1", chat_id=people[2].chat_id)
    files = [(row.file, row.text, row.links) for row in sandbox.throng.shown().rows[1:]]
    assert files == [("photo", RIGHT, (RIGHT,)), ("kutsu.ics", "", ())]


async def test_there_are_eight_rows_at_most_those_on_most_phones_first(
    sandbox: Sandbox, bot: Bot
) -> None:
    phones = sandbox.throng.join((f"Asukas {n}", "fi") for n in range(12))
    for number, phone in enumerate(phones):
        await told(bot, phone, f"Viesti {min(number, 9)}")
    shown = sandbox.throng.shown()
    expected = [("Viesti 9", 3), *((f"Viesti {n}", 1) for n in range(7))]
    assert [(row.text, row.phones) for row in shown.rows] == expected
    assert shown.others == 2


async def test_thousands_join_and_each_is_somebody_else(sandbox: Sandbox) -> None:
    sandbox.phone("Aino", "fi")
    phones = sandbox.throng.join((f"Asukas {n}", "fi") for n in range(5000))
    assert len(sandbox.throng) == 5000
    assert len({phone.chat_id for phone in phones}) == 5000
    assert len(sandbox.telegram.chats) == 5001
    assert sandbox.throng.shown().bare == 5000


async def test_the_endpoint_tells_the_same(sandbox: Sandbox, bot: Bot, people: list[Phone]) -> None:
    await told(bot, people[0], "Kysely on auki")
    async with bot.http.get(f"{bot.url}/throng") as response:
        assert await response.json() == {
            "phones": 3,
            "blocked": 0,
            "bare": 2,
            "rows": [
                {
                    "text": "Kysely on auki",
                    "links": [],
                    "file": "",
                    "phones": 1,
                    "newest": 1,
                    "edited": 0,
                }
            ],
            "others": 0,
        }
