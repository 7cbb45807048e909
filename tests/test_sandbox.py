"""The sandbox behaves as Telegram: what a bot may do, what it is refused and in which words, what
it is told, how that is delivered, and what fails on demand."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.sandbox import Button, Phone, Sandbox, Toast
from bot.sandbox.faults import Cut, Delay, Flood, Refused, Trouble
from bot.sandbox.refusals import (
    NOT_MODIFIED,
    QUERY_TOO_OLD,
    TWO_POLL,
    WEBHOOK_ACTIVE,
    WEBHOOK_SET,
)
from tests.bare import MORNING, TOKEN, Bot, Clock, Json

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping


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
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def bot(sandbox: Sandbox, http: aiohttp.ClientSession) -> Bot:
    return Bot(sandbox.url, http)


@pytest.fixture
def phone(sandbox: Sandbox) -> Phone:
    """Aino's phone; she has written to the bot once."""
    phone = sandbox.phone("Aino", "fi")
    phone.type("Hei")
    return phone


# What a bot may send


async def test_a_message_is_trimmed_and_shown_with_its_entities_where_they_now_stand(
    bot: Bot, phone: Phone
) -> None:
    await bot.call(
        "sendMessage",
        chat_id=phone.chat_id,
        text="  😀 Tärkeää  \n",
        entities=[{"type": "bold", "offset": 5, "length": 7}],
    )
    shown = phone.messages[-1]
    assert (shown.sender, shown.text) == ("bot", "😀 Tärkeää")
    assert shown.entities == ({"type": "bold", "offset": 3, "length": 7},)
    assert shown.date == MORNING


async def test_telegram_finds_links_and_commands_in_the_text_itself(bot: Bot, phone: Phone) -> None:
    text = "Lue https://www.example.org/a. Lopeta: /stop tai kirjoita raati@example.org"
    await bot.call("sendMessage", chat_id=phone.chat_id, text=text)
    found = [
        (entity["type"], text[entity["offset"] :][: entity["length"]])
        for entity in phone.messages[-1].entities
    ]
    assert found == [
        ("url", "https://www.example.org/a"),
        ("bot_command", "/stop"),
        ("email", "raati@example.org"),
    ]


LONG = "a" * 4096
TWO_UNITS = "😀" * 2048
REFUSED_TEXTS: list[tuple[Json, str]] = [
    ({"text": ""}, "Bad Request: message text is empty"),
    ({"text": " \n\t "}, "Bad Request: message text is empty"),
    ({"text": "\u200b\u2060"}, "Bad Request: message text is empty"),
    ({"text": LONG + "a"}, "Bad Request: message is too long"),
    ({"text": TWO_UNITS + "a"}, "Bad Request: message is too long"),
    ({"text": "\ud800"}, "Bad Request: strings must be encoded in UTF-8"),
    ({"text": "Hei", "parse_mode": "XML"}, "Bad Request: unsupported parse_mode"),
    (
        {"text": "Hei", "parse_mode": "HTML"},
        "Not Implemented: the sandbox does not know parse_mode: send entities",
    ),
    (
        {"text": "Hei", "message_thread_id": 3},
        "Not Implemented: the sandbox does not know message_thread_id",
    ),
    ({"text": "Hei", "chat_id": ""}, "Bad Request: chat_id is empty"),
    ({"text": "Hei", "chat_id": 12}, "Bad Request: chat not found"),
    ({"text": "Hei", "chat_id": "@aino"}, "Bad Request: chat not found"),
]


@pytest.mark.parametrize(("parameters", "refusal"), REFUSED_TEXTS)
async def test_a_text_telegram_does_not_take_is_refused_in_its_words(
    bot: Bot, phone: Phone, parameters: Json, refusal: str
) -> None:
    sent = await bot.call("sendMessage", **{"chat_id": phone.chat_id, **parameters})
    assert sent == refusal
    assert len(phone.messages) == 1


@pytest.mark.parametrize("text", [LONG, TWO_UNITS, f"  {LONG}  "])
async def test_4096_units_after_trimming_are_taken(bot: Bot, phone: Phone, text: str) -> None:
    await bot.call("sendMessage", chat_id=phone.chat_id, text=text)
    assert phone.messages[-1].text == text.strip()


REFUSED_ENTITIES: list[tuple[Json, str]] = [
    ({"type": "bold", "offset": 9, "length": 1}, "entity begins after the end of the text at UTF-16 offset 9"),  # noqa: E501
    ({"type": "bold", "offset": 0, "length": 9}, "entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 9"),  # noqa: E501
    ({"type": "bold", "offset": -1, "length": 1}, "receive an entity with incorrect offset -1"),
    ({"type": "bold", "offset": 0, "length": -1}, "receive an entity with incorrect length -1"),
    ({"type": "bold", "offset": 1, "length": 1}, "entity begins in a middle of a UTF-16 symbol at byte offset 0"),  # noqa: E501
    ({"type": "bold", "offset": 0, "length": 1}, "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol at byte offset 0"),  # noqa: E501
    ({"type": "bold", "offset": "a", "length": 1}, 'can\'t parse MessageEntity: Field "offset" must be of type Number'),  # noqa: E501
    ({"type": "loud", "offset": 0, "length": 1}, "can't parse MessageEntity: Unsupported type specified"),  # noqa: E501
    ({"type": "bold", "offset": 0}, 'can\'t parse MessageEntity: Can\'t find field "length"'),
    ({"type": "text_link", "offset": 0, "length": 2, "url": "sivu"}, "entity URL 'sivu' is invalid: Wrong HTTP URL"),  # noqa: E501
]  # fmt: skip


@pytest.mark.parametrize(("entity", "refusal"), REFUSED_ENTITIES)
async def test_an_entity_out_of_bounds_is_refused(
    bot: Bot, phone: Phone, entity: Json, refusal: str
) -> None:
    sent = await bot.call("sendMessage", chat_id=phone.chat_id, text="😀 Hei", entities=[entity])
    assert sent == f"Bad Request: {refusal}"


def _data(data: str) -> Json:
    return {"inline_keyboard": [[{"text": "Jatka", "callback_data": data}]]}


def _rows(*lengths: int) -> Json:
    button = {"text": "Jatka", "callback_data": "1"}
    return {"inline_keyboard": [[button] * length for length in lengths]}


BUTTON = "can't parse inline keyboard button: "
REFUSED_KEYBOARDS: list[tuple[Any, str]] = [
    (_data("ä" * 33), "BUTTON_DATA_INVALID"),
    (_data(""), f"{BUTTON}Text buttons are unallowed in the inline keyboard"),
    ({"inline_keyboard": [[{"callback_data": "1"}]]}, f'{BUTTON}Can\'t find field "text"'),
    ({"inline_keyboard": [["Jatka"]]}, f"{BUTTON}InlineKeyboardButton must be an Object"),
    ({"inline_keyboard": [[{"text": " ", "callback_data": "1"}]]}, "inline keyboard button text must be non-empty"),  # noqa: E501
    ({"inline_keyboard": [[{"text": "Lue", "url": "sivu"}]]}, "inline keyboard button URL 'sivu' is invalid: Wrong HTTP URL"),  # noqa: E501
    ({"inline_keyboard": [[{"text": "Lue", "url": "ftp://example.org"}]]}, "inline keyboard button URL 'ftp://example.org' is invalid: Unsupported URL protocol"),  # noqa: E501
    ({"inline_keyboard": ["Jatka"]}, 'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'),  # noqa: E501
    (_rows(9), "reply markup is too long"),
    (_rows(*[8] * 12, 5), "reply markup is too long"),
    ("{broken", "can't parse reply keyboard markup JSON object"),
    ([], "object expected as reply markup"),
]  # fmt: skip


@pytest.mark.parametrize(("markup", "refusal"), REFUSED_KEYBOARDS)
async def test_a_keyboard_telegram_does_not_take_is_refused(
    bot: Bot, phone: Phone, markup: Any, refusal: str
) -> None:
    sent = await bot.call("sendMessage", chat_id=phone.chat_id, text="Valitse", reply_markup=markup)
    assert sent == f"Bad Request: {refusal}"


@pytest.mark.parametrize(
    "url",
    ["example.org", "https://www.example.org/?next=http://sivu", "tg://resolve?domain=raati"],
)
async def test_an_address_telegram_takes_is_taken(bot: Bot, phone: Phone, url: str) -> None:
    markup = {"inline_keyboard": [[{"text": "Lue", "url": url}]]}
    await bot.call("sendMessage", chat_id=phone.chat_id, text="Lue", reply_markup=markup)
    assert phone.messages[-1].rows[0][0].url == url


@pytest.mark.parametrize("markup", [_data("ä" * 32), _rows(*[8] * 12, 4)])
async def test_64_bytes_and_100_buttons_are_taken(bot: Bot, phone: Phone, markup: Json) -> None:
    await bot.call("sendMessage", chat_id=phone.chat_id, text="Valitse", reply_markup=markup)
    assert phone.messages[-1].rows


async def test_a_bot_cannot_begin_a_chat_with_one_who_never_wrote(
    sandbox: Sandbox, bot: Bot
) -> None:
    silent = sandbox.phone("Elin", "sv")
    sent = await bot.call("sendMessage", chat_id=silent.chat_id, text="Hej")
    assert sent == "Forbidden: bot can't initiate conversation with a user"


async def test_one_who_blocked_the_bot_gets_nothing_until_unblocking(
    bot: Bot, phone: Phone
) -> None:
    phone.block()
    sent = await bot.call("sendMessage", chat_id=phone.chat_id, text="Hei")
    assert sent == "Forbidden: bot was blocked by the user"
    with pytest.raises(ValueError, match="unblock"):
        phone.type("Hei")
    phone.open_link("")
    await bot.call("sendMessage", chat_id=phone.chat_id, text="Hei taas")
    assert [message.text for message in phone.messages] == ["Hei", "/start", "Hei taas"]


async def test_one_counter_numbers_the_messages_of_all_chats(
    sandbox: Sandbox, bot: Bot, phone: Phone
) -> None:
    other = sandbox.phone("Emma", "en")
    numbers = [other.type("Hi"), await bot.card(phone.chat_id, "Jatka"), other.type("Hello")]
    assert numbers == [2, 3, 4]
    assert phone.chat_id != other.chat_id > 2**32


async def test_a_removed_or_forced_keyboard_leaves_no_trace_and_suits_no_edit(
    bot: Bot, phone: Phone
) -> None:
    chat, forced = {"chat_id": phone.chat_id, "text": "Hei"}, {"force_reply": True}
    sent = await bot.call("sendMessage", **chat, reply_markup=forced)
    assert "reply_markup" not in sent
    edit = {**chat, "message_id": sent["message_id"], "reply_markup": forced}
    assert await bot.call("editMessageText", **edit) == "Bad Request: inline keyboard expected"


BEYOND = [
    {"reply_markup": {"keyboard": [["Kyllä"]]}},
    {"reply_markup": {"inline_keyboard": [[{"text": "Maksa", "pay": True}]]}},
    {"reply_markup": {"inline_keyboard": [[{"text": "Ei", "disabled": True}]]}},
    {"entities": [{"type": "text_mention", "offset": 0, "length": 1, "user": {"id": 1}}]},
    {"reply_parameters": {"message_id": 1}},
]


@pytest.mark.parametrize("parameters", BEYOND)
async def test_what_the_sandbox_does_not_do_it_never_passes_over(
    bot: Bot, phone: Phone, parameters: Json
) -> None:
    sent = await bot.call("sendMessage", chat_id=phone.chat_id, text="Hei", **parameters)
    assert sent.startswith("Not Implemented: the sandbox does not know ")


async def test_a_button_keeps_its_style(bot: Bot, phone: Phone) -> None:
    def styled(style: str) -> Json:
        button = {"text": "Lähetä", "callback_data": "1", "style": style}
        return {
            "chat_id": phone.chat_id,
            "text": "a",
            "reply_markup": {"inline_keyboard": [[button]]},
        }

    sent = await bot.call("sendMessage", **styled("success"))
    assert sent["reply_markup"]["inline_keyboard"][0][0]["style"] == "success"
    refused = await bot.call("sendMessage", **styled("loud"))
    assert refused == f"Bad Request: {BUTTON}Invalid button style specified"


async def test_a_document_needs_content_or_one_sent_before(bot: Bot, phone: Phone) -> None:
    async def send(**parameters: Any) -> Any:
        return await bot.call("sendDocument", chat_id=phone.chat_id, **parameters)

    assert await send() == "Bad Request: there is no document in the request"
    wrong = "Bad Request: wrong file identifier/HTTP URL specified"
    assert await send(document="BQAC") == wrong
    assert await send(caption="a" * 1025) == "Bad Request: message caption is too long"
    fetched = await send(document="https://www.example.org/a.pdf")
    assert fetched.startswith("Not Implemented")
    assert len(phone.messages) == 1


# Editing and deleting


async def test_an_edited_card_shows_its_new_self_and_loses_a_keyboard_not_sent_again(
    bot: Bot, phone: Phone
) -> None:
    card = await bot.card(phone.chat_id, "Jatka")
    await bot.call("editMessageText", chat_id=phone.chat_id, message_id=card, text="Kiitos")
    shown = phone.messages[-1]
    assert (shown.id, shown.text, shown.rows, shown.edited) == (card, "Kiitos", (), True)


async def test_an_edit_that_changes_nothing_is_refused(bot: Bot, phone: Phone) -> None:
    card = await bot.card(phone.chat_id, "Jatka", text="Valitse")
    same = {"chat_id": phone.chat_id, "message_id": card, "reply_markup": _data("0")}
    assert await bot.call("editMessageText", **same, text=" Valitse ") == NOT_MODIFIED
    assert await bot.call("editMessageReplyMarkup", **same) == NOT_MODIFIED


async def test_only_the_bots_own_texts_can_be_edited(bot: Bot, phone: Phone) -> None:
    async def edit(number: int) -> Any:
        return await bot.call(
            "editMessageText", chat_id=phone.chat_id, message_id=number, text="Muu"
        )

    file = aiohttp.FormData({"chat_id": str(phone.chat_id)})
    file.add_field("document", b"BEGIN", filename="kutsu.ics")
    await bot.http.post(f"{bot.url}/bot{TOKEN}/sendDocument", data=file)
    assert await edit(phone.messages[0].id) == "Bad Request: message can't be edited"
    assert (
        await edit(phone.messages[-1].id) == "Bad Request: there is no text in the message to edit"
    )
    assert await edit(99) == "Bad Request: message to edit not found"


async def test_a_bot_deletes_both_sides_messages_for_48_hours(
    bot: Bot, phone: Phone, clock: Clock
) -> None:
    old = await bot.card(phone.chat_id, "Jatka")
    clock.now += timedelta(hours=48, seconds=1)
    new = phone.type("Hei taas")
    chat = {"chat_id": phone.chat_id}
    too_old = "Bad Request: message can't be deleted for everyone"
    assert await bot.call("deleteMessage", **chat, message_id=old) == too_old
    assert await bot.call("deleteMessages", **chat, message_ids=[old, new]) == too_old
    assert new in [message.id for message in phone.messages]
    assert await bot.call("deleteMessages", **chat, message_ids=[new, 99]) is True
    assert new not in [message.id for message in phone.messages]
    gone = "Bad Request: message to delete not found"
    assert await bot.call("deleteMessage", **chat, message_id=new) == gone
    many = "Bad Request: too many message identifiers specified"
    assert await bot.call("deleteMessages", **chat, message_ids=list(range(101))) == many
    none = "Bad Request: message identifiers are not specified"
    assert await bot.call("deleteMessages", **chat, message_ids=[]) == none


# Taps


async def test_a_tap_is_answered_once_and_within_its_time(
    bot: Bot, phone: Phone, clock: Clock
) -> None:
    await bot.card(phone.chat_id, "Kyllä", "Ei")
    phone.tap("Kyllä")
    phone.tap("Ei")
    first, second = [
        update["callback_query"]["id"] for update in (await bot.call("getUpdates"))[1:]
    ]
    assert phone.unanswered == 2
    answered = await bot.call("answerCallbackQuery", callback_query_id=first, text="Selvä")
    assert (answered, phone.toasts, phone.unanswered) == (True, [Toast("Selvä", False)], 1)
    again = await bot.call("answerCallbackQuery", callback_query_id=first)
    clock.now += timedelta(seconds=151)
    late = await bot.call("answerCallbackQuery", callback_query_id=second)
    unknown = await bot.call("answerCallbackQuery", callback_query_id="1")
    assert {again, late, unknown} == {QUERY_TOO_OLD}
    long = await bot.call("answerCallbackQuery", callback_query_id=first, text="a" * 201)
    assert long == "Bad Request: MESSAGE_TOO_LONG"


async def test_a_tap_carries_the_whole_message_or_only_its_number_when_it_is_gone(
    bot: Bot, phone: Phone
) -> None:
    card = await bot.card(phone.chat_id, "Jatka")
    phone.tap("Jatka")
    await bot.call("deleteMessage", chat_id=phone.chat_id, message_id=card)
    phone.tap_data("0", card)
    there, gone = [u["callback_query"] for u in (await bot.call("getUpdates"))[1:]]
    assert (there["data"], there["message"]["text"]) == ("0", "Valitse")
    assert there["chat_instance"] == gone["chat_instance"]
    assert gone["message"]["date"] == 0
    assert "text" not in gone["message"]


async def test_a_phone_taps_the_newest_fitting_button(bot: Bot, phone: Phone) -> None:
    old = await bot.card(phone.chat_id, "Kyllä", "Ei")
    new = await bot.card(phone.chat_id, "✓ Kyllä", "Kyllä", "En osaa sanoa", "Ei, kiitos")
    for label, where in [("Kyllä", None), ("Ei", None), ("sanoa", None), ("Ei", old)]:
        phone.tap(label, message_id=where)
    taps = [u["callback_query"] for u in (await bot.call("getUpdates"))[1:]]
    assert [(tap["message"]["message_id"], tap["data"]) for tap in taps] == [
        (new, "1"), (new, "3"), (new, "2"), (old, "1"),
    ]  # fmt: skip
    with pytest.raises(KeyError, match="En osaa sanoa"):
        phone.tap("Peruuta")
    with pytest.raises(KeyError, match="several"):
        phone.tap("E")


async def test_a_bot_hears_of_a_link_only_when_it_starts_the_bot(bot: Bot, phone: Phone) -> None:
    links = {"Sivu": "https://www.example.org", "Kysely": "https://t.me/raati_demo_bot?start=a_1"}
    rows = [[{"text": label, "url": url}] for label, url in links.items()]
    markup = {"inline_keyboard": rows}
    await bot.call("sendMessage", chat_id=phone.chat_id, text="Lue", reply_markup=markup)
    assert phone.messages[-1].rows[0][0] == Button("Sivu", url="https://www.example.org")
    phone.tap("Sivu")
    phone.tap("Kysely")
    updates = await bot.call("getUpdates")
    assert [update["message"]["text"] for update in updates] == ["Hei", "/start a_1"]


# What a person sends


async def test_a_long_text_leaves_the_phone_in_pieces_at_the_ends_of_words(
    bot: Bot, phone: Phone
) -> None:
    first = phone.type("😀 yksi " * 700)
    pieces = [update["message"] for update in (await bot.call("getUpdates"))[1:]]
    assert [piece["message_id"] for piece in pieces] == [first, first + 1]
    assert " ".join(piece["text"] for piece in pieces) == ("😀 yksi " * 700).strip()
    unbroken = phone.type("😀" * 2049)
    assert [message.text for message in phone.messages if message.id >= unbroken] == [
        "😀" * 2048, "😀",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="empty"):
        phone.type(" \u200b")


async def test_an_edited_text_is_told_and_shown_as_edited(bot: Bot, phone: Phone) -> None:
    number = phone.type("Jyväskyla")
    phone.edit(number, "Jyväskylä")
    updates = await bot.call("getUpdates")
    assert updates[1]["message"]["text"] == "Jyväskyla"
    assert updates[2]["edited_message"]["text"] == "Jyväskylä"
    assert (phone.messages[-1].text, phone.messages[-1].edited) == ("Jyväskylä", True)
    card = await bot.card(phone.chat_id, "Jatka")
    with pytest.raises(ValueError, match="own text"):
        phone.edit(card, "Muu")


async def test_in_a_group_the_bot_hears_commands_for_it_only(
    sandbox: Sandbox, bot: Bot, phone: Phone
) -> None:
    group = sandbox.group("Naapurit")
    for text in ["Hei kaikki", "/start@raati_demo_bot", "/start@other_bot", "/help"]:
        group.type(phone, text)
    heard = [update["message"] for update in (await bot.call("getUpdates"))[1:]]
    assert [message["text"] for message in heard] == ["/start@raati_demo_bot", "/help"]
    assert heard[0]["chat"] == {"id": group.chat_id, "title": "Naapurit", "type": "group"}
    await bot.call("sendMessage", chat_id=group.chat_id, text="Kirjoita minulle yksin.")
    assert group.messages[-1].sender == "bot"


# Polling


def _numbers(updates: list[Json]) -> list[int]:
    return [update["update_id"] for update in updates]


async def test_updates_wait_until_a_higher_offset_confirms_them(bot: Bot, phone: Phone) -> None:
    phone.type("Yksi")
    phone.type("Kaksi")
    first, second, third = _numbers(await bot.call("getUpdates"))
    assert _numbers(await bot.call("getUpdates", offset=second, limit=1)) == [second]
    assert _numbers(await bot.call("getUpdates", offset=-1)) == [third]
    assert await bot.call("getUpdates", offset=third + 1) == []
    assert await bot.call("getUpdates", offset=first) == []


async def test_a_bot_that_repeats_its_offset_at_once_gets_one_update_at_a_time(
    bot: Bot, phone: Phone
) -> None:
    phone.type("Yksi")
    whole = _numbers(await bot.call("getUpdates", offset=1))
    assert _numbers(await bot.call("getUpdates", offset=1)) == whole[:1]


async def test_a_call_carries_a_hundred_updates_at_most(bot: Bot, phone: Phone) -> None:
    for number in range(120):
        phone.type(str(number))
    assert len(await bot.call("getUpdates", limit=1000)) == 100


async def _polled(sandbox: Sandbox) -> None:
    """Returns once the bot waits for updates."""
    while not sandbox.telegram.updates.polled:
        await sandbox.telegram.updates.changed.heard()


async def test_a_waiting_poll_wakes_when_a_person_writes(
    sandbox: Sandbox, bot: Bot, phone: Phone
) -> None:
    (hello,) = _numbers(await bot.call("getUpdates"))
    poll = asyncio.create_task(bot.call("getUpdates", offset=hello + 1, timeout=50))
    await _polled(sandbox)
    phone.type("Herätys")
    assert (await poll)[0]["message"]["text"] == "Herätys"


async def test_of_two_pollers_the_older_is_sent_away(
    sandbox: Sandbox, bot: Bot, phone: Phone
) -> None:
    (hello,) = _numbers(await bot.call("getUpdates"))
    older = asyncio.create_task(bot.call("getUpdates", offset=hello + 1, timeout=50))
    await _polled(sandbox)
    newer = asyncio.create_task(bot.call("getUpdates", offset=hello + 1, timeout=50))
    assert await older == TWO_POLL
    phone.type("Hei")
    assert len(await newer) == 1


async def test_updates_are_kept_a_day_and_taps_150_seconds(
    bot: Bot, phone: Phone, clock: Clock
) -> None:
    await bot.card(phone.chat_id, "Jatka")
    phone.tap("Jatka")
    clock.now += timedelta(seconds=151)
    assert [list(update)[1] for update in await bot.call("getUpdates")] == ["message"]
    clock.now += timedelta(hours=24)
    assert await bot.call("getUpdates") == []


async def test_only_the_kinds_asked_for_are_kept(bot: Bot, phone: Phone) -> None:
    await bot.call("getUpdates", allowed_updates=["callback_query"])
    phone.type("Ei tätä")
    phone.tap_data("1", 1)
    updates = await bot.call("getUpdates", offset=1)
    assert [list(update)[1] for update in updates] == ["message", "callback_query"]
    assert (await bot.call("getWebhookInfo"))["allowed_updates"] == ["callback_query"]


async def test_settled_waits_for_the_bot_to_confirm_every_update(
    sandbox: Sandbox, bot: Bot, phone: Phone
) -> None:
    async def echo() -> None:
        offset = 0
        while True:
            for update in await bot.call("getUpdates", offset=offset, timeout=50):
                text = update["message"]["text"]
                await bot.call("sendMessage", chat_id=phone.chat_id, text=text.upper())
                offset = update["update_id"] + 1

    running = asyncio.create_task(echo())
    for word in ["yksi", "kaksi", "kolme"]:
        phone.type(word)
        await sandbox.settled()
        assert phone.messages[-1].text == word.upper()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_settled_says_what_holds_it_up(
    sandbox: Sandbox, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.sandbox.server.PATIENCE", 0)
    with pytest.raises(TimeoutError, match=r"not confirmed \[400000001\]"):
        await sandbox.settled()
    assert phone.messages


async def test_stopping_ends_a_waiting_poll(sandbox: Sandbox, bot: Bot) -> None:
    poll = asyncio.create_task(bot.call("getUpdates", timeout=50))
    await _polled(sandbox)
    await sandbox.stop()
    assert await poll == "Internal Server Error: restart"


# Deliveries


@dataclass
class Hook:
    """The address a bot gave: keeps what is posted there, and answers by its script, then 200.
    While `holding`, it answers nothing."""

    url: str = ""
    posted: list[Json] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    script: list[web.Response] = field(default_factory=list)
    holding: asyncio.Event | None = None
    came: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def answer(self, request: web.Request) -> web.Response:
        async with self.came:
            self.posted.append(await request.json())
            self.headers.append(request.headers)
            self.came.notify_all()
        if self.holding is not None:
            await self.holding.wait()
        return self.script.pop(0) if self.script else web.Response()

    async def has(self, count: int) -> list[int]:
        """The numbers posted, once there are so many."""
        async with asyncio.timeout(30), self.came:
            await self.came.wait_for(lambda: len(self.posted) >= count)
            return _numbers(self.posted)


@pytest.fixture
async def hook(sandbox: Sandbox) -> AsyncIterator[Hook]:
    hook = Hook()
    app = web.Application()
    app.router.add_post("/telegram", hook.answer)
    async with TestServer(app, host="127.0.0.1") as server:
        hook.url = str(server.make_url("")).rstrip("/")
        sandbox.telegram.webhook.proxied["https://raati.example"] = hook.url
        yield hook
        if hook.holding is not None:
            hook.holding.set()
        await sandbox.stop()


HOOK = "https://raati.example/telegram"


async def test_with_a_webhook_every_update_is_posted_with_the_secret(
    sandbox: Sandbox, bot: Bot, phone: Phone, hook: Hook
) -> None:
    assert await bot.call("setWebhook", url=HOOK, secret_token="Aa0_-", max_connections=3)
    phone.type("Hei taas")
    await sandbox.settled()
    assert [update["message"]["text"] for update in hook.posted] == ["Hei", "Hei taas"]
    for headers in hook.headers:
        assert headers["X-Telegram-Bot-Api-Secret-Token"] == "Aa0_-"
        assert headers["Host"] == "raati.example"
        assert headers["Content-Type"] == "application/json"
    assert await bot.call("getWebhookInfo") == {
        "url": HOOK,
        "has_custom_certificate": False,
        "max_connections": 3,
        "pending_update_count": 0,
    }


async def test_without_a_secret_none_is_shown(
    sandbox: Sandbox, bot: Bot, phone: Phone, hook: Hook
) -> None:
    await bot.call("setWebhook", url=HOOK)
    await sandbox.settled()
    assert "X-Telegram-Bot-Api-Secret-Token" not in hook.headers[0]


REFUSED_WEBHOOKS: list[tuple[Json, str]] = [
    ({"url": "http://raati.example/"}, "bad webhook: An HTTPS URL must be provided for webhook"),
    ({"url": "ftp://raati.example/"}, "invalid webhook URL specified"),
    ({"url": "https://"}, "invalid webhook URL specified"),
    ({"url": "https://raati.example:99999/"}, "invalid webhook URL specified"),
    ({"url": "https://raati.example:8081/"}, "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"),  # noqa: E501
    ({"url": "https://elsewhere.example/"}, "bad webhook: Failed to resolve host: Name or service not known"),  # noqa: E501
    ({"url": HOOK, "secret_token": "salainen!"}, "secret token contains unallowed characters"),
    ({"url": HOOK, "secret_token": "a" * 257}, "secret token is too long"),
]  # fmt: skip


@pytest.mark.parametrize(("parameters", "refusal"), REFUSED_WEBHOOKS)
async def test_a_webhook_telegram_could_not_call_is_refused_and_the_one_before_stays(
    bot: Bot, hook: Hook, parameters: Json, refusal: str
) -> None:
    await bot.call("setWebhook", url=HOOK)
    assert await bot.call("setWebhook", **parameters) == f"Bad Request: {refusal}"
    assert (await bot.call("getWebhookInfo"))["url"] == HOOK


async def test_what_webhooks_could_do_besides_is_never_passed_over(bot: Bot, hook: Hook) -> None:
    refused = await bot.call("setWebhook", url=HOOK, ip_address="127.0.0.1")
    assert refused == "Not Implemented: the sandbox does not know webhooks with ip_address"


async def test_while_a_webhook_is_set_nobody_polls(
    sandbox: Sandbox, bot: Bot, phone: Phone, hook: Hook
) -> None:
    (hello,) = _numbers(await bot.call("getUpdates"))
    poll = asyncio.create_task(bot.call("getUpdates", offset=hello + 1, timeout=50))
    await _polled(sandbox)
    await bot.call("setWebhook", url=HOOK)
    assert await poll == WEBHOOK_SET
    assert await bot.call("getUpdates") == WEBHOOK_ACTIVE


async def test_what_is_not_answered_with_200_is_posted_again_until_it_is(
    sandbox: Sandbox, bot: Bot, phone: Phone, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.sandbox.webhook.RETRY", 0.01)
    hook.script = [web.Response(status=code) for code in (500, 401, 302)]
    await bot.call("setWebhook", url=HOOK)
    await sandbox.settled()
    assert len(set(await hook.has(4))) == 1
    info = await bot.call("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 302 Found"
    assert info["last_error_date"] == MORNING.timestamp()


async def test_the_waits_between_attempts_double_and_retry_after_is_honoured(
    sandbox: Sandbox, bot: Bot, phone: Phone, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr("bot.sandbox.webhook.sleep", sleep)
    hook.script = [web.Response(status=500) for _ in range(8)]
    hook.script.insert(3, web.Response(status=503, headers={"Retry-After": "7"}))
    await bot.call("setWebhook", url=HOOK)
    await sandbox.settled()
    assert waits == [0, 2, 4, 7, 8, 16, 32, 60, 60]


async def test_a_bot_that_is_away_is_its_proxys_502_and_gets_its_updates_later(
    sandbox: Sandbox, bot: Bot, phone: Phone, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = asyncio.Event()

    async def sleep(seconds: float) -> None:
        tried.set()
        await asyncio.Event().wait()

    monkeypatch.setattr("bot.sandbox.webhook.sleep", sleep)
    gone = TestServer(web.Application(), host="127.0.0.1")
    await gone.start_server()
    nowhere = str(gone.make_url("")).rstrip("/")
    await gone.close()
    sandbox.telegram.webhook.proxied["https://raati.example"] = nowhere
    await bot.call("setWebhook", url=HOOK)
    async with asyncio.timeout(30):
        await tried.wait()
    info = await bot.call("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 502 Bad Gateway"
    assert info["pending_update_count"] == 1
    await bot.call("deleteWebhook")
    assert len(await bot.call("getUpdates")) == 1


async def test_a_chats_messages_come_one_by_one_and_its_taps_beside_them(
    sandbox: Sandbox, bot: Bot, phone: Phone, hook: Hook
) -> None:
    card = await bot.card(phone.chat_id, "Jatka")
    hook.holding = asyncio.Event()
    await bot.call("setWebhook", url=HOOK)
    typed = phone.type("Yksi")
    phone.edit(typed, "Kaksi")
    phone.tap("Jatka", message_id=card)
    phone.tap("Jatka", message_id=card)
    eino = sandbox.phone("Eino", "fi")
    eino.type("Hei")
    await hook.has(3)
    kinds = [list(update)[1] for update in hook.posted]
    assert sorted(kinds) == ["callback_query", "message", "message"]
    hook.holding.set()
    await sandbox.settled()
    assert [list(update)[1] for update in hook.posted].count("edited_message") == 1
    aino = [update for update in hook.posted if "callback_query" not in update]
    numbers = [u["update_id"] for u in aino if _chat_of(u) == phone.chat_id]
    assert numbers == sorted(numbers)
    assert len(hook.posted) == 6


def _chat_of(update: Json) -> int:
    number: int = next(iter(list(update.values())[1:]))["chat"]["id"]
    return number


async def test_no_more_come_at_once_than_the_bot_asked_for(
    sandbox: Sandbox, bot: Bot, hook: Hook
) -> None:
    hook.holding = asyncio.Event()
    await bot.call("setWebhook", url=HOOK, max_connections=2)
    for name in ("Aino", "Eino", "Elin"):
        sandbox.phone(name, "fi").type("Hei")
    await hook.has(2)
    await asyncio.sleep(0.05)
    assert len(hook.posted) == 2
    hook.holding.set()
    await sandbox.settled()
    assert len(hook.posted) == 3


async def test_one_failing_update_holds_up_its_own_queue_only(
    sandbox: Sandbox, bot: Bot, phone: Phone, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.sandbox.webhook.RETRY", 0.01)
    hook.script = [web.Response(status=500) for _ in range(3)]
    await bot.call("setWebhook", url=HOOK, max_connections=1)
    phone.type("Toinen")
    await sandbox.settled()
    texts = [update["message"]["text"] for update in hook.posted]
    assert texts == ["Hei"] * 4 + ["Toinen"]


async def test_what_was_not_taken_when_the_webhook_goes_comes_with_the_next_poll(
    sandbox: Sandbox, bot: Bot, phone: Phone, hook: Hook
) -> None:
    hook.holding = asyncio.Event()
    await bot.call("setWebhook", url=HOOK)
    await hook.has(1)
    await bot.call("deleteWebhook")
    hook.holding.set()
    assert _numbers(await bot.call("getUpdates")) == _numbers(hook.posted)
    assert (await bot.call("getWebhookInfo"))["url"] == ""


async def test_pending_updates_are_dropped_when_the_bot_says_so(
    sandbox: Sandbox, bot: Bot, phone: Phone, hook: Hook
) -> None:
    await bot.call(
        "setWebhook", url=HOOK, drop_pending_updates=True, allowed_updates=["callback_query"]
    )
    phone.type("Ei tätä")
    phone.tap_data("1", 1)
    await sandbox.settled()
    assert [list(update)[1] for update in hook.posted] == ["callback_query"]


async def test_a_sandbox_that_stops_and_starts_goes_on_delivering(
    sandbox: Sandbox, bot: Bot, phone: Phone, hook: Hook
) -> None:
    await bot.call("setWebhook", url=HOOK)
    await sandbox.settled()
    await sandbox.stop()
    phone.type("Hei taas")
    assert len(hook.posted) == 1
    await sandbox.start()
    await sandbox.settled()
    assert len(hook.posted) == 2


# What fails on demand


async def test_the_next_calls_of_a_method_meet_what_they_were_told_one_each_in_order(
    sandbox: Sandbox, bot: Bot, phone: Phone
) -> None:
    sandbox.faults.meet("sendMessage", Flood(7), Refused("Unauthorized"))
    chat = {"chat_id": phone.chat_id, "text": "Hei"}
    url = f"{bot.url}/bot{TOKEN}/sendMessage"
    async with bot.http.post(url, json=chat) as response:
        assert (response.status, await response.json()) == (
            429,
            {
                "ok": False,
                "error_code": 429,
                "description": "Too Many Requests: retry after 7",
                "parameters": {"retry_after": 7},
            },
        )
    assert await bot.call("getMe")
    assert await bot.call("sendMessage", **chat) == "Unauthorized"
    assert (await bot.call("sendMessage", **chat))["text"] == "Hei"
    assert [message.sender for message in phone.messages] == ["person", "bot"]
    assert [call.refusal for call in sandbox.calls if call.method == "sendMessage"] == [
        "Too Many Requests: retry after 7",
        "Unauthorized",
        "",
    ]


async def test_trouble_is_a_proxys_page_and_nothing_is_done(
    sandbox: Sandbox, bot: Bot, phone: Phone
) -> None:
    sandbox.faults.meet("sendMessage", Trouble(504))
    url = f"{bot.url}/bot{TOKEN}/sendMessage"
    async with bot.http.post(url, json={"chat_id": phone.chat_id, "text": "Hei"}) as response:
        assert (response.status, response.content_type) == (504, "text/html")
    assert len(phone.messages) == 1


@pytest.mark.parametrize(("before", "shown"), [(True, 1), (False, 2)])
async def test_a_connection_is_cut_before_the_call_is_carried_out_or_after(
    sandbox: Sandbox, bot: Bot, phone: Phone, before: bool, shown: int
) -> None:
    sandbox.faults.meet("sendMessage", Cut(before=before))
    with pytest.raises(aiohttp.ClientConnectionError):
        await bot.call("sendMessage", chat_id=phone.chat_id, text="Hei")
    assert len(phone.messages) == shown
    await bot.call("sendMessage", chat_id=phone.chat_id, text="Hei")
    assert len(phone.messages) == shown + 1


async def test_a_delayed_call_is_carried_out_also_when_the_bot_has_hung_up(
    sandbox: Sandbox, bot: Bot, phone: Phone
) -> None:
    sandbox.telegram.updates.forget()
    sandbox.faults.meet("sendMessage", Delay(0.3))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await bot.call("sendMessage", chat_id=phone.chat_id, text="Hei")
    assert len(phone.messages) == 1
    await sandbox.settled()
    assert phone.messages[-1].sender == "bot"


async def test_a_poll_meets_what_it_was_told_too(sandbox: Sandbox, bot: Bot, phone: Phone) -> None:
    sandbox.faults.meet("getUpdates", Refused(TWO_POLL), Cut(before=False))
    assert await bot.call("getUpdates") == TWO_POLL
    with pytest.raises(aiohttp.ClientConnectionError):
        await bot.call("getUpdates")
    assert len(await bot.call("getUpdates")) == 1
    assert sandbox.calls == []


async def test_an_update_can_hold_anything_and_come_again_with_its_number(
    sandbox: Sandbox, bot: Bot, phone: Phone
) -> None:
    updates = sandbox.telegram.updates
    (hello,) = await bot.call("getUpdates")
    poison = {"update_id": hello["update_id"] + 5, "message": "Hei"}
    assert updates.put_raw(poison) == poison["update_id"]
    unknown = updates.put_raw({"crystal_ball": {}})
    assert unknown == poison["update_id"] + 1
    came = await bot.call("getUpdates", offset=hello["update_id"] + 1)
    assert came == [poison, {"update_id": unknown, "crystal_ball": {}}]

    updates.again(hello["update_id"])
    assert updates.unconfirmed(updates.newest) == [poison["update_id"], unknown, 400_000_001]
    assert await bot.call("getUpdates", offset=unknown + 1) == [hello]
    assert await bot.call("getUpdates", offset=unknown + 1, timeout=0) == []
    with pytest.raises(KeyError):
        updates.again(unknown + 1)


async def test_a_webhook_gets_an_update_again_too(
    sandbox: Sandbox, bot: Bot, phone: Phone, hook: Hook
) -> None:
    await bot.call("setWebhook", url=HOOK)
    await sandbox.settled()
    sandbox.telegram.updates.again(hook.posted[0]["update_id"])
    sandbox.telegram.updates.put_raw({"message": ["no chat"]})
    await sandbox.settled()
    assert hook.posted[1:] == [
        hook.posted[0],
        {"update_id": 400_000_002, "message": ["no chat"]},
    ]


async def _told(bot: Bot, **body: Any) -> int:
    async with bot.http.post(f"{bot.url}/faults", json=body) as response:
        return response.status


async def test_another_process_tells_the_same_over_http(
    sandbox: Sandbox, bot: Bot, phone: Phone
) -> None:
    assert await _told(bot, method="getMe", fault="flood", seconds=2, times=2) == 200
    for fault, named in [
        ("trouble", {"status": 500}),
        ("refused", {"description": "Forbidden: bot was blocked by the user"}),
        ("cut", {"before": False}),
        ("delay", {"seconds": 0.5}),
    ]:
        assert await _told(bot, method="getMe", fault=fault, **named) == 200
    met = [sandbox.faults.next("getMe") for _ in range(7)]
    assert met == [
        Flood(2),
        Flood(2),
        Trouble(500),
        Refused("Forbidden: bot was blocked by the user"),
        Cut(before=False),
        Delay(0.5),
        None,
    ]
    assert await _told(bot, update={"message": "Hei"}) == 200
    assert await _told(bot, again=400_000_001) == 400
    (hello, poison) = await bot.call("getUpdates")
    assert poison == {"update_id": hello["update_id"] + 1, "message": "Hei"}
    await bot.call("getUpdates", offset=poison["update_id"] + 1)
    assert await _told(bot, again=hello["update_id"]) == 200
    assert await bot.call("getUpdates", offset=poison["update_id"] + 1) == [hello]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"method": "getMe"},
        {"method": "getMe", "fault": "earthquake"},
        {"method": "getMe", "fault": "flood"},
        {"method": "getMe", "fault": "flood", "seconds": "long"},
        {"method": "getMe", "fault": "flood", "seconds": 1, "times": 0},
        {"method": "getMe", "fault": "refused", "description": "Nothing we know"},
        {"update": "Hei"},
        {"again": 1},
    ],
)
async def test_a_fault_nobody_understands_is_refused(
    sandbox: Sandbox, bot: Bot, body: Json
) -> None:
    assert await _told(bot, **body) == 400
    assert await bot.call("getMe")


# Calls as they come


async def test_a_wrong_token_or_method_is_refused(bot: Bot, http: aiohttp.ClientSession) -> None:
    assert await bot.call("sendPoll") == "Not Found: method not found"
    async with http.get(f"{bot.url}/bot7777777777:wrong/getMe") as response:
        assert (response.status, await response.json()) == (
            401, {"ok": False, "error_code": 401, "description": "Unauthorized"},
        )  # fmt: skip


async def test_parameters_come_in_the_address_in_forms_in_parts_and_as_json(
    sandbox: Sandbox, bot: Bot, phone: Phone, http: aiohttp.ClientSession
) -> None:
    url = f"{bot.url}/bot{TOKEN}/SENDMESSAGE"
    plain = {"chat_id": str(phone.chat_id), "reply_markup": json.dumps(_data("1"))}
    parts = aiohttp.FormData({**plain, "text": "osina"}, default_to_multipart=True)
    async with http.get(url, params={**plain, "text": "osoitteessa"}) as response:
        assert response.status == 200
    for body in ({**plain, "text": "lomakkeella"}, parts):
        async with http.post(url, data=body) as response:
            assert response.status == 200
    async with http.post(url, data="[1", headers={"Content-Type": "application/json"}) as response:
        assert (await response.json())["description"] == "Bad Request: can't parse JSON object"
    shown = [(message.text, message.rows[0][0].data) for message in phone.messages[1:]]
    assert shown == [("osoitteessa", "1"), ("lomakkeella", "1"), ("osina", "1")]
    assert [call.method for call in sandbox.calls] == ["sendMessage"] * 3


async def test_the_log_of_calls_tells_what_was_refused_and_is_bounded(
    sandbox: Sandbox, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.sandbox.server.CALLS_KEPT", 2)
    for text in ["a", "b", "c"]:
        await bot.call("sendMessage", chat_id=1, text=text)
    assert [(call.params["text"], call.refusal) for call in sandbox.calls] == [
        ("b", "Bad Request: chat not found"),
        ("c", "Bad Request: chat not found"),
    ]


# What the bot says of itself


async def test_a_person_sees_the_commands_of_the_narrowest_scope_in_the_own_language(
    sandbox: Sandbox, bot: Bot, phone: Phone
) -> None:
    def commands(description: str) -> list[Json]:
        return [{"command": "start", "description": description}]

    private = {"type": "all_private_chats"}
    await bot.call("setMyCommands", commands=commands("Kaikille"))
    await bot.call("setMyCommands", commands=commands("Yksin"), scope=private)
    await bot.call("setMyCommands", commands=commands("Börja"), scope=private, language_code="sv")
    swedish = sandbox.phone("Elin", "sv")
    assert sandbox.telegram.commands_for(phone.chat) == commands("Yksin")
    assert sandbox.telegram.commands_for(swedish.chat) == commands("Börja")
    assert await bot.call("getMyCommands") == commands("Kaikille")


REFUSED_PROFILES: list[tuple[str, Json, str]] = [
    ("setMyCommands", {"commands": [{"command": "Aloita!", "description": "a"}]}, "BOT_COMMAND_INVALID"),  # noqa: E501
    ("setMyCommands", {"commands": [{"command": "", "description": "a"}]}, "command must be non-empty"),  # noqa: E501
    ("setMyCommands", {"commands": [{"command": "a", "description": ""}]}, "command description must be non-empty"),  # noqa: E501
    ("setMyCommands", {"commands": [], "scope": {"type": "all"}}, "can't parse BotCommandScope: Unsupported type specified"),  # noqa: E501
    ("setMyCommands", {"commands": [{"command": "a", "description": "a"}] * 101}, "BOT_COMMANDS_TOO_MUCH"),  # noqa: E501
    ("setMyDescription", {"description": "a" * 513}, "BOT_DESC_INVALID"),
    ("setMyShortDescription", {"short_description": "a" * 121}, "BOT_SHARETEXT_INVALID"),
    ("setMyDescription", {"description": "a", "language_code": "fin"}, "invalid language code specified"),  # noqa: E501
    ("setMyName", {"name": ""}, "BOT_TITLE_INVALID"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "parameters", "refusal"), REFUSED_PROFILES)
async def test_what_the_bot_says_of_itself_keeps_telegrams_limits(
    bot: Bot, method: str, parameters: Json, refusal: str
) -> None:
    assert await bot.call(method, **parameters) == f"Bad Request: {refusal}"
