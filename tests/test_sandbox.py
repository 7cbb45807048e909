"""The sandbox behaves as Telegram: what a bot may do, what it is refused and in which words, what
it is told, and what the phone and the page show."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from bot.sandbox import Button, Phone, Sandbox, Toast
from bot.sandbox.refusals import NOT_MODIFIED, QUERY_TOO_OLD, TWO_POLL

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

TOKEN = "7777777777:AAH-an_invented_token_of_the_right_form"
MORNING = datetime(2026, 2, 2, 8, 0, tzinfo=UTC)
Json = dict[str, Any]


@dataclass
class Clock:
    now: datetime = MORNING

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Bot:
    """The bot's end, without any library: `call` gives the result or the refusal's words."""

    url: str
    http: aiohttp.ClientSession

    async def call(self, method: str, **parameters: Any) -> Any:
        url = f"{self.url}/bot{TOKEN}/{method}"
        async with self.http.post(url, json=parameters) as response:
            answer = await response.json()
        assert response.status == (200 if answer["ok"] else answer["error_code"])
        return answer["result"] if answer["ok"] else answer["description"]

    async def card(self, chat: int, *labels: str, text: str = "Valitse") -> int:
        """Sends a message with these buttons one a row; a button carries its label's place."""
        rows = [[{"text": label, "callback_data": f"{n}"}] for n, label in enumerate(labels)]
        markup = {"inline_keyboard": rows}
        sent = await self.call("sendMessage", chat_id=chat, text=text, reply_markup=markup)
        number: int = sent["message_id"]
        return number


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


# The page's end


@dataclass
class Stream:
    """Server-sent events, read one by one."""

    response: aiohttp.ClientResponse

    async def next(self) -> tuple[str, Json]:
        raw = (await self.response.content.readuntil(b"\n\n")).decode()
        event, data = raw.removeprefix("event: ").strip().split("\ndata: ")
        return event, json.loads(data)


async def _post(bot: Bot, path: str, **body: Any) -> Any:
    async with bot.http.post(f"{bot.url}/phones{path}", json=body) as response:
        assert response.status == 200, await response.text()
        return await response.json()


async def test_the_page_opens_a_phone_and_follows_its_chat(
    sandbox: Sandbox, bot: Bot, http: aiohttp.ClientSession
) -> None:
    await bot.call("setMyDescription", description="Kysely", language_code="fi")
    opened = await _post(bot, "", name="Aino", language_code="fi")
    assert opened["name"] == "Aino"
    async with http.get(f"{bot.url}/phones") as response:
        assert await response.json() == [opened]
    number, path = opened["id"], f"/{opened['id']}"

    async with http.get(f"{bot.url}/phones/{number}/events") as response:
        assert response.headers["Content-Security-Policy"].startswith("default-src 'self'")
        events = Stream(response)
        assert await events.next() == (
            "snapshot",
            {
                "bot": {"username": "raati_demo_bot", "name": "Raati", "description": "Kysely"},
                "commands": [],
                "messages": [],
                "blocked": False,
            },
        )
        await _post(bot, f"{path}/start", payload="equality")
        event, data = await events.next()
        assert (event, data["message"]["text"]) == ("message", "/start equality")

        card = await bot.card(number, "Jatka")
        event, data = await events.next()
        assert data["message"] == {
            "id": card,
            "from": "bot",
            "kind": "text",
            "text": "Valitse",
            "entities": [],
            "date": data["message"]["date"],
            "edited": False,
            "rows": [[{"label": "Jatka", "data": "0"}]],
        }
        await _post(bot, f"{path}/tap", message_id=card, row=0, column=0)
        query = (await bot.call("getUpdates"))[-1]["callback_query"]
        await bot.call("answerCallbackQuery", callback_query_id=query["id"], text="Selvä")
        assert await events.next() == ("toast", {"text": "Selvä", "alert": False})
        await bot.call("deleteMessage", chat_id=number, message_id=card)
        assert await events.next() == ("deleted", {"ids": [card]})
        await bot.call("setMyCommands", commands=[{"command": "start", "description": "Aloita"}])
        event, data = await events.next()
        assert (event, data["commands"][0]["command"]) == ("commands", "start")

        await _post(bot, f"{path}/type", text="Hei")
        event, typed = await events.next()
        await _post(bot, f"{path}/edit", message_id=typed["message"]["id"], text="Moi")
        event, data = await events.next()
        assert (data["message"]["text"], data["message"]["edited"]) == ("Moi", True)
        await _post(bot, f"{path}/send", kind="voice")
        event, data = await events.next()
        assert data["message"]["kind"] == "voice"
        await _post(bot, f"{path}/block", blocked=True)
        assert await events.next() == ("blocked", {"blocked": True})
        await _post(bot, f"{path}/block", blocked=False)
        await events.next()

        await sandbox.stop()
        assert await response.content.read() == b""


async def test_a_document_the_bot_sent_can_be_saved_from_the_page(
    bot: Bot, phone: Phone, http: aiohttp.ClientSession
) -> None:
    form = aiohttp.FormData({"chat_id": str(phone.chat_id), "caption": "Kutsu"}, quote_fields=False)
    form.add_field("document", b"BEGIN", filename="kutsu ä.ics", content_type="text/calendar")
    await http.post(f"{bot.url}/bot{TOKEN}/sendDocument", data=form)
    shown = phone.messages[-1]
    assert (shown.kind, shown.text, shown.file) == ("document", "Kutsu", "kutsu ä.ics")
    async with http.get(f"{bot.url}/files/{shown.file_id}") as response:
        assert await response.read() == b"BEGIN"
        assert response.headers["Content-Disposition"].startswith("attachment")


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
        ("/start", {"payload": "ä"}),
    ],
)
async def test_what_a_phone_cannot_do_the_page_cannot(
    bot: Bot, phone: Phone, http: aiohttp.ClientSession, path: str, body: Json
) -> None:
    async with http.post(f"{bot.url}/phones/{phone.chat_id}{path}", json=body) as response:
        assert response.status == 400


async def test_other_sites_reach_nothing(
    bot: Bot, phone: Phone, http: aiohttp.ClientSession
) -> None:
    async with http.get(f"{bot.url}/phones", headers={"Host": "example.org"}) as response:
        assert response.status == 403
    form = {"text": "Hei"}
    async with http.post(f"{bot.url}/phones/{phone.chat_id}/type", data=form) as response:
        assert response.status == 415
    assert bot.url.startswith("http://127.0.0.1:")
    assert len(phone.messages) == 1


async def test_the_page_is_served_with_its_guards(bot: Bot, http: aiohttp.ClientSession) -> None:
    for path in ["/", "/page.css", "/page.js"]:
        async with http.get(bot.url + path) as response:
            assert response.status == 200
            assert response.headers["Content-Security-Policy"].startswith("default-src 'self'")
    async with http.get(f"{bot.url}/server.py") as response:
        assert response.status == 404
