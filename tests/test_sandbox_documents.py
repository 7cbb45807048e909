"""Documents: sent and edited with captions and buttons, by content or by the id of a file that was
sent before, and what a phone shows of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.sandbox.papers import pdf
from bot.sandbox.refusals import BLOCKED, NOT_MODIFIED
from tests.bare import Bot, Json, facing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.sandbox import Phone, Sandbox

INVITATION = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
BOLD = {"type": "bold", "offset": 0, "length": 5}


@pytest.fixture
async def both() -> AsyncIterator[tuple[Sandbox, Bot]]:
    async with facing() as both:
        yield both


@pytest.fixture
def bot(both: tuple[Sandbox, Bot]) -> Bot:
    return both[1]


@pytest.fixture
def phone(both: tuple[Sandbox, Bot]) -> Phone:
    phone = both[0].phone("Aino", "fi")
    phone.type("Hei")
    return phone


def buttons(*labels: str) -> Json:
    return {"inline_keyboard": [[{"text": label, "callback_data": label}] for label in labels]}


async def invited(bot: Bot, phone: Phone, **also: Any) -> Any:
    """The bot's document, as it is told of it."""
    return await bot.upload(
        "sendDocument", "document", "kutsu.ics", INVITATION, chat_id=phone.chat_id, **also
    )


async def test_a_document_is_shown_with_its_caption_name_content_and_buttons(
    bot: Bot, phone: Phone
) -> None:
    sent = await invited(
        bot,
        phone,
        caption=" Kutsu raatiin ",
        caption_entities=[BOLD],
        reply_markup=buttons("Tulen"),
    )
    assert sent["document"]["mime_type"] == "text/calendar"
    assert sent["caption_entities"] == [{"type": "bold", "offset": 0, "length": 4}]
    shown = phone.messages[-1]
    assert (shown.kind, shown.text, shown.rows[0][0].label) == (
        "document",
        "Kutsu raatiin",
        "Tulen",
    )
    assert shown.document is not None
    assert (shown.document.name, shown.document.mime) == ("kutsu.ics", "text/calendar")
    assert shown.document.content == INVITATION


async def test_a_caption_is_edited_and_the_document_stays(bot: Bot, phone: Phone) -> None:
    sent = await invited(bot, phone, caption="Kutsu", reply_markup=buttons("Tulen"))
    where = {"chat_id": phone.chat_id, "message_id": sent["message_id"]}
    same = {**where, "caption": "Kutsu", "reply_markup": buttons("Tulen")}
    assert await bot.call("editMessageCaption", **same) == NOT_MODIFIED
    edited = await bot.call(
        "editMessageCaption", **where, caption="Siirtyi", caption_entities=[BOLD]
    )
    assert (edited["caption"], edited["document"]) == ("Siirtyi", sent["document"])
    shown = phone.messages[-1]
    assert (shown.text, shown.entities, shown.rows, shown.edited) == ("Siirtyi", (BOLD,), (), True)
    assert "caption" not in await bot.call("editMessageCaption", **where)
    long = await bot.call("editMessageCaption", **where, caption="a" * 1025)
    assert long == "Bad Request: message caption is too long"


async def test_buttons_change_and_the_caption_stays(bot: Bot, phone: Phone) -> None:
    sent = await invited(bot, phone, caption="Kutsu", caption_entities=[BOLD])
    await bot.call(
        "editMessageReplyMarkup",
        chat_id=phone.chat_id,
        message_id=sent["message_id"],
        reply_markup=buttons("Tulen"),
    )
    shown = phone.messages[-1]
    assert (shown.text, shown.entities, shown.rows[0][0].label) == ("Kutsu", (BOLD,), "Tulen")
    assert shown.document is not None


@pytest.mark.parametrize(("method", "change"), [
    ("editMessageCaption", {"caption": "Kutsu"}),
    ("editMessageText", {"text": "Kutsu"}),
])  # fmt: skip
async def test_a_text_has_no_caption_and_a_document_no_text(
    bot: Bot, phone: Phone, method: str, change: Json
) -> None:
    text = await bot.call("sendMessage", chat_id=phone.chat_id, text="Hei")
    document = await invited(bot, phone)
    wrong, what = (text, "caption") if method == "editMessageCaption" else (document, "text")
    refused = await bot.call(
        method, chat_id=phone.chat_id, message_id=wrong["message_id"], **change
    )
    assert refused == f"Bad Request: there is no {what} in the message to edit"


async def test_a_new_document_takes_the_place_of_the_one_before(bot: Bot, phone: Phone) -> None:
    sent = await invited(bot, phone, caption="Kutsu", reply_markup=buttons("Tulen"))
    media = {"type": "document", "media": "attach://new", "caption": "Siirtyi"}
    await bot.upload(
        "editMessageMedia",
        "new",
        "siirto.ics",
        b"BEGIN",
        chat_id=phone.chat_id,
        message_id=sent["message_id"],
        media={**media, "caption_entities": [BOLD]},
    )
    shown = phone.messages[-1]
    assert (shown.id, shown.text, shown.entities) == (sent["message_id"], "Siirtyi", (BOLD,))
    assert (shown.rows, shown.edited) == ((), True)
    assert shown.document is not None
    assert (shown.document.name, shown.document.content) == ("siirto.ics", b"BEGIN")


async def test_a_document_known_by_its_id_takes_the_place_of_a_document_or_a_text(
    bot: Bot, phone: Phone
) -> None:
    sent = await invited(bot, phone, caption="Kutsu")
    media = {"type": "document", "media": sent["document"]["file_id"], "caption": "Kutsu"}
    where = {"chat_id": phone.chat_id, "message_id": sent["message_id"]}
    assert await bot.call("editMessageMedia", **where, media=media) == NOT_MODIFIED
    text = await bot.call("sendMessage", chat_id=phone.chat_id, text="Pian")
    where = {"chat_id": phone.chat_id, "message_id": text["message_id"]}
    edited = await bot.call("editMessageMedia", **where, media=media, reply_markup=buttons("Tulen"))
    assert (edited["caption"], "text" in edited) == ("Kutsu", False)
    shown = phone.messages[-1]
    assert (shown.kind, shown.rows[0][0].label) == ("document", "Tulen")
    assert shown.document is not None
    assert shown.document.content == INVITATION


BROKEN = "Bad Request: can't parse InputMedia: "
REFUSED_MEDIA: list[tuple[Any, str]] = [
    (None, 'Bad Request: parameter "media" is required'),
    ("{", "Bad Request: can't parse input media JSON object"),
    ([], f"{BROKEN}expected an Object"),
    ({"media": "x"}, f"{BROKEN}Can't find field \"type\""),
    ({"type": "sticker"}, f'{BROKEN}type "sticker" is unsupported'),
    ({"type": "document"}, f"{BROKEN}media not found"),
    ({"type": "document", "media": "x"}, "Bad Request: wrong file identifier/HTTP URL specified"),
    ({"type": "video", "media": "x"}, "Not Implemented: the sandbox does not know media of type video"),  # noqa: E501
    ({"type": "photo"}, f"{BROKEN}media not found"),
    ({"type": "document", "media": "x", "parse_mode": "HTML"}, "Not Implemented: the sandbox does not know parse_mode: send entities"),  # noqa: E501
]  # fmt: skip


@pytest.mark.parametrize(("media", "refusal"), REFUSED_MEDIA)
async def test_media_telegram_does_not_take_is_refused_in_its_words(
    bot: Bot, phone: Phone, media: Any, refusal: str
) -> None:
    text = await bot.call("sendMessage", chat_id=phone.chat_id, text="Hei")
    where = {"chat_id": phone.chat_id, "message_id": text["message_id"]}
    assert await bot.call("editMessageMedia", **where, media=media) == refusal
    assert phone.messages[-1].text == "Hei"


async def test_a_phone_sends_a_document_and_the_bot_sends_it_on_by_its_id(
    both: tuple[Sandbox, Bot], bot: Bot, phone: Phone
) -> None:
    paper = pdf("Asialista (keksitty)")
    phone.send_document("asialista.pdf", paper, "application/pdf")
    told = (await bot.call("getUpdates"))[-1]["message"]["document"]
    assert (told["file_name"], told["mime_type"]) == ("asialista.pdf", "application/pdf")
    assert told["file_size"] == len(paper)
    other = both[0].phone("Elin", "sv")
    other.type("Hej")
    await bot.call("sendDocument", chat_id=other.chat_id, document=told["file_id"], caption="Lista")
    shown = other.messages[-1]
    assert shown.document is not None
    assert (shown.document.name, shown.document.content) == ("asialista.pdf", paper)


async def test_a_phone_sends_no_empty_and_no_nameless_file(phone: Phone) -> None:
    for name, content in [("a.pdf", b""), ("", b"a")]:
        with pytest.raises(ValueError, match="a file has"):
            phone.send_document(name, content, "application/pdf")
    phone.block()
    with pytest.raises(ValueError, match="unblock"):
        phone.send_document("a.pdf", b"a", "application/pdf")
    assert len(phone.messages) == 1


@pytest.mark.parametrize(
    ("name", "mime", "really"),
    [
        ("KUTSU.ICS", "application/octet-stream", "text/calendar"),
        ("muistio", "text/plain; charset=utf-8", "text/plain"),
        ("muistio", "a\r\nSet-Cookie: b", "application/octet-stream"),
    ],
)
async def test_a_file_is_of_the_type_its_name_says_else_of_its_senders(
    phone: Phone, name: str, mime: str, really: str
) -> None:
    phone.send_document(name, b"a", mime)
    document = phone.messages[-1].document
    assert document is not None
    assert document.mime == really


async def test_silence_and_protection_are_kept(bot: Bot, phone: Phone) -> None:
    quiet = {"disable_notification": True, "protect_content": True}
    preview = {"is_disabled": True}
    sent = await bot.call(
        "sendMessage", chat_id=phone.chat_id, text="Hei", link_preview_options=preview, **quiet
    )
    assert sent["link_preview_options"] == preview
    await invited(bot, phone, **quiet)
    await invited(bot, phone)
    shown = phone.messages[1:]
    assert [message.silent for message in shown] == [True, True, False]
    assert [message.protected for message in shown] == [True, True, False]
    where = {"chat_id": phone.chat_id, "message_id": sent["message_id"]}
    await bot.call("editMessageText", **where, text="Moi")
    assert (phone.messages[1].text, phone.messages[1].silent) == ("Moi", True)


async def test_nothing_at_all_is_sent_to_one_who_blocked_the_bot(bot: Bot, phone: Phone) -> None:
    card = await bot.card(phone.chat_id, "Tulen")
    sent = await invited(bot, phone, caption="Kutsu")
    phone.block()
    text, file = card, sent["message_id"]
    media = {"type": "document", "media": sent["document"]["file_id"]}
    calls: list[tuple[str, Json]] = [
        ("sendMessage", {"text": "Hei"}),
        ("sendDocument", {"document": sent["document"]["file_id"]}),
        ("sendChatAction", {"action": "typing"}),
        ("editMessageText", {"message_id": text, "text": "Moi"}),
        ("editMessageReplyMarkup", {"message_id": text}),
        ("editMessageCaption", {"message_id": file, "caption": "Siirtyi"}),
        ("editMessageMedia", {"message_id": file, "media": media}),
    ]
    for method, parameters in calls:
        assert await bot.call(method, chat_id=phone.chat_id, **parameters) == BLOCKED
    assert [message.edited for message in phone.messages] == [False] * 3


async def test_blocking_and_unblocking_are_told_as_the_specification_writes_them(
    bot: Bot, phone: Phone
) -> None:
    phone.block()
    phone.unblock()
    blocked, unblocked = [u["my_chat_member"] for u in (await bot.call("getUpdates"))[1:]]
    me = blocked["new_chat_member"]["user"]
    assert me["is_bot"] is True
    assert blocked["old_chat_member"] == {"user": me, "status": "member"}
    assert blocked["new_chat_member"] == {"user": me, "status": "kicked", "until_date": 0}
    assert unblocked["old_chat_member"] == blocked["new_chat_member"]
    assert unblocked["new_chat_member"] == blocked["old_chat_member"]
    assert blocked["chat"]["id"] == blocked["from"]["id"] == phone.chat_id
    assert blocked["date"] == 1770019200
