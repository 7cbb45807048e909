"""Pictures: sent and edited with captions and buttons, by content or by the id of one that was sent
before; and files of every kind, downloaded as a bot downloads them."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

import pytest

from bot.sandbox.pictures import measured, png
from bot.sandbox.refusals import BLOCKED, NOT_MODIFIED
from tests.bare import TOKEN, Bot, Json, facing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.sandbox import Phone, Sandbox

CODE = png(120, 90)
BOLD = {"type": "bold", "offset": 0, "length": 5}


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


def buttons(*labels: str) -> Json:
    return {"inline_keyboard": [[{"text": label, "callback_data": label}] for label in labels]}


async def pictured(bot: Bot, phone: Phone, content: bytes = CODE, **also: Any) -> Any:
    """The bot's picture, as it is told of it; or the refusal's words."""
    return await bot.upload("sendPhoto", "photo", "qr", content, chat_id=phone.chat_id, **also)


# What a picture is


def jpeg(width: int, height: int) -> bytes:
    head = b"\xff\xd8\xff\xe0" + struct.pack(">H", 16) + bytes(14)
    head += b"\xff\xc4" + struct.pack(">H", 10) + b"\1" * 8  # tables, which say no size
    return head + b"\xff\xc0" + struct.pack(">HBHH", 17, 8, height, width) + bytes(12)


def webp(form: bytes, body: bytes) -> bytes:
    return b"RIFF" + bytes(4) + b"WEBP" + form + bytes(4) + body


PICTURES = [
    (png(120, 90), "image/png"),
    (jpeg(120, 90), "image/jpeg"),
    (webp(b"VP8 ", bytes(6) + struct.pack("<HH", 120 | 0x4000, 90)), "image/webp"),
    (webp(b"VP8L", b"\x2f" + struct.pack("<I", 119 | 89 << 14)), "image/webp"),
    (webp(b"VP8X", bytes(4) + bytes([119, 0, 0, 89, 0, 0])), "image/webp"),
]
NONE = [
    b"",
    b"BEGIN:VCALENDAR",
    b"GIF89a" + bytes(20),
    png(120, 90)[:20],
    png(0, 90),
    b"\xff\xd8",
    b"\xff\xd8\xff\xd9" + bytes(20),
    jpeg(120, 90)[:24],
    webp(b"VP8 ", b""),
    webp(b"ALPH", bytes(20)),
    b"<svg xmlns='http://www.w3.org/2000/svg'/>",
]


@pytest.mark.parametrize(("content", "mime"), PICTURES)
def test_a_picture_says_itself_what_it_is_and_how_large(content: bytes, mime: str) -> None:
    picture = measured(content)
    assert picture is not None
    assert (picture.mime, picture.width, picture.height) == (mime, 120, 90)
    assert picture.content is content


@pytest.mark.parametrize("content", NONE)
def test_what_is_no_picture_is_none(content: bytes) -> None:
    assert measured(content) is None


# What the bot sends


async def test_a_picture_is_shown_with_its_caption_and_buttons(bot: Bot, phone: Phone) -> None:
    sent = await pictured(
        bot,
        phone,
        caption=" Koodi kyselyyn",
        caption_entities=[{**BOLD, "offset": 1}],
        reply_markup=buttons("Sulje"),
        disable_notification=True,
    )
    assert [(size["width"], size["height"]) for size in sent["photo"]] == [(30, 22), (120, 90)]
    assert len({size["file_id"] for size in sent["photo"]}) == 2
    assert sent["caption_entities"] == [BOLD]
    shown = phone.messages[-1]
    assert (shown.kind, shown.text, shown.entities) == ("photo", "Koodi kyselyyn", (BOLD,))
    assert (shown.rows[0][0].label, shown.silent, shown.document) == ("Sulje", True, None)
    assert shown.photo is not None
    assert (shown.photo.content, shown.photo.mime) == (CODE, "image/png")
    assert (shown.photo.width, shown.photo.height) == (120, 90)
    assert shown.photo.file_id == sent["photo"][-1]["file_id"]


async def test_a_picture_somebody_sent_is_sent_on_by_any_of_its_ids(
    sandbox: Sandbox, bot: Bot, phone: Phone
) -> None:
    phone.send_photo(jpeg(640, 480), "Kuva")
    told = (await bot.call("getUpdates"))[-1]["message"]
    assert told["caption"] == "Kuva"
    other = sandbox.phone("Elin", "sv")
    other.type("Hej")
    for size in told["photo"]:
        again = await bot.call("sendPhoto", chat_id=other.chat_id, photo=size["file_id"])
        assert again["photo"] == told["photo"]
        shown = other.messages[-1]
        assert shown.photo is not None
        assert (shown.photo.content, shown.text) == (jpeg(640, 480), "")


async def test_what_a_phone_sends_without_a_file_of_its_own_are_pictures_too(
    bot: Bot, phone: Phone
) -> None:
    phone.send("photo")
    phone.send("album")
    shown = [message.photo for message in phone.messages[1:]]
    assert all(photo is not None and measured(photo.content) for photo in shown)
    album = [update["message"] for update in (await bot.call("getUpdates"))[-2:]]
    assert album[0]["media_group_id"] == album[1]["media_group_id"]
    assert album[0]["photo"] != album[1]["photo"]


async def test_a_phone_sends_no_picture_that_is_none(phone: Phone) -> None:
    with pytest.raises(ValueError, match="PNG, JPEG or WebP"):
        phone.send_photo(b"BEGIN", "Kuva")
    phone.block()
    with pytest.raises(ValueError, match="unblock"):
        phone.send_photo(CODE)
    assert len(phone.messages) == 1


async def test_a_picture_telegram_does_not_take_is_refused_in_its_words(
    bot: Bot, phone: Phone
) -> None:
    broken = "Bad Request: IMAGE_PROCESS_FAILED"
    assert await pictured(bot, phone, b"BEGIN") == broken
    big = (
        "Bad Request: file of size 10485761 bytes is too big for a photo; the maximum size is "
        "10485760 bytes"
    )
    assert await pictured(bot, phone, CODE + bytes(10 * 1024 * 1024 + 1 - len(CODE))) == big
    flat = "Bad Request: PHOTO_INVALID_DIMENSIONS"
    for width, height in [(21, 1), (1, 21), (6000, 4001)]:
        assert await pictured(bot, phone, jpeg(width, height)) == flat
    for width, height in [(20, 1), (6000, 4000)]:
        assert (await pictured(bot, phone, jpeg(width, height)))["photo"]
    long = await pictured(bot, phone, caption="a" * 1025)
    assert long == "Bad Request: message caption is too long"

    async def send(**parameters: Any) -> Any:
        return await bot.call("sendPhoto", chat_id=phone.chat_id, **parameters)

    assert await send() == "Bad Request: there is no photo in the request"
    wrong = "Bad Request: wrong file identifier/HTTP URL specified"
    assert await send(photo="AgAC") == wrong
    assert (await send(photo="https://www.example.org/a.png")).startswith("Not Implemented")
    assert (await send(photo="AgAC", has_spoiler=True)).startswith("Not Implemented")
    above = await send(photo="AgAC", show_caption_above_media=True)
    assert above == "Not Implemented: the sandbox does not know show_caption_above_media"
    assert await send(photo="AgAC", show_caption_above_media=False) == wrong
    phone.block()
    assert await pictured(bot, phone) == BLOCKED


async def test_a_picture_is_no_document_and_a_document_no_picture(bot: Bot, phone: Phone) -> None:
    chat = {"chat_id": phone.chat_id}
    picture = (await pictured(bot, phone))["photo"][0]["file_id"]
    file = await bot.upload("sendDocument", "document", "qr.png", CODE, **chat)
    document = file["document"]["file_id"]
    refused = "Bad Request: can't use file of type {} as {}"
    sent = await bot.call("sendDocument", **chat, document=picture)
    assert sent == refused.format("Photo", "Document")
    sent = await bot.call("sendPhoto", **chat, photo=document)
    assert sent == refused.format("Document", "Photo")


# What the bot edits


async def test_a_pictures_caption_and_buttons_are_edited_and_it_stays(
    bot: Bot, phone: Phone
) -> None:
    sent = await pictured(bot, phone, caption="Koodi", reply_markup=buttons("Sulje"))
    where = {"chat_id": phone.chat_id, "message_id": sent["message_id"]}
    same = {**where, "caption": "Koodi", "reply_markup": buttons("Sulje")}
    assert await bot.call("editMessageCaption", **same) == NOT_MODIFIED
    edited = await bot.call("editMessageReplyMarkup", **where)
    assert (edited["caption"], edited["photo"]) == ("Koodi", sent["photo"])
    edited = await bot.call(
        "editMessageCaption", **where, caption="Korjattu", caption_entities=[BOLD]
    )
    assert (edited["caption"], edited["photo"]) == ("Korjattu", sent["photo"])
    shown = phone.messages[-1]
    assert (shown.text, shown.entities, shown.edited) == ("Korjattu", (BOLD,), True)
    assert await bot.call("editMessageText", **where, text="Teksti") == (
        "Bad Request: there is no text in the message to edit"
    )


async def test_a_text_a_picture_and_a_document_take_each_others_place(
    bot: Bot, phone: Phone
) -> None:
    text = await bot.call("sendMessage", chat_id=phone.chat_id, text="Pian")
    where: Json = {"chat_id": phone.chat_id, "message_id": text["message_id"]}

    async def becomes(kind: str, **media: Any) -> Any:
        return await bot.upload(
            "editMessageMedia",
            "new",
            "uusi.png",
            CODE,
            **where,
            media={"type": kind, "media": "attach://new", **media},
        )

    photo = await becomes("photo", caption="Koodi", caption_entities=[BOLD])
    assert (photo["caption"], "text" in photo, "document" in photo) == ("Koodi", False, False)
    shown = phone.messages[-1]
    assert (shown.kind, shown.text, shown.entities) == ("photo", "Koodi", (BOLD,))

    document = await becomes("document")
    assert (document["document"]["file_name"], "photo" in document) == ("uusi.png", False)
    assert "caption" not in document
    shown = phone.messages[-1]
    assert (shown.kind, shown.photo) == ("document", None)

    known = {"type": "photo", "media": photo["photo"][0]["file_id"]}
    again = await bot.call("editMessageMedia", **where, media=known)
    assert again["photo"] == photo["photo"]
    assert await bot.call("editMessageMedia", **where, media=known) == NOT_MODIFIED
    assert phone.messages[-1].kind == "photo"
    assert len(phone.messages) == 2


# What the bot downloads


async def downloaded(bot: Bot, path: str, token: str = TOKEN) -> tuple[int, bytes]:
    async with bot.http.get(f"{bot.url}/file/bot{token}/{path}") as response:
        return response.status, await response.read()


async def test_what_people_sent_is_downloaded(bot: Bot, phone: Phone) -> None:
    phone.send_document("kysely ä.yaml", b"title: Kysely", "application/x-yaml")
    phone.send_photo(CODE)
    document, photo = [u["message"] for u in (await bot.call("getUpdates"))[-2:]]
    told = [document["document"], photo["photo"][0], photo["photo"][1]]
    for sent, content, ending in zip(
        told, [b"title: Kysely", CODE, CODE], [".yaml", ".png", ".png"], strict=True
    ):
        file = await bot.call("getFile", file_id=sent["file_id"])
        assert file["file_id"] == sent["file_id"]
        assert file["file_unique_id"] == sent["file_unique_id"]
        assert file["file_size"] == len(content)
        assert file["file_path"].endswith(ending)
        assert await downloaded(bot, file["file_path"]) == (200, content)
    assert (await downloaded(bot, file["file_path"], "1:wrong"))[0] == 401


async def test_nothing_else_is_downloaded(bot: Bot, phone: Phone) -> None:
    phone.send_document("a.txt", b"a", "text/plain")
    for path in ("documents/file_1.txt", "documents", "../server.py", "%2e%2e/server.py"):
        assert (await downloaded(bot, path))[0] == 404  # nobody has asked for it yet
    assert await bot.call("getFile") == "Bad Request: file_id not specified"
    wrong = "Bad Request: wrong file_id or the file is temporarily unavailable"
    assert await bot.call("getFile", file_id="BQAC") == wrong


async def test_a_bot_downloads_20_megabytes_and_no_more(bot: Bot, phone: Phone) -> None:
    most = 20 * 1024 * 1024
    for size in (most, most + 1):
        phone.send_document("a.txt", bytes(size), "text/plain")
    sent = [u["message"]["document"] for u in (await bot.call("getUpdates"))[-2:]]
    file, refused = [await bot.call("getFile", file_id=one["file_id"]) for one in sent]
    assert len((await downloaded(bot, file["file_path"]))[1]) == most
    assert refused == "Bad Request: file is too big"
