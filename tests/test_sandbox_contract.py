"""Two libraries that know nothing of each other drive every method of the sandbox, and parse every
result, refusal and update it makes, polled or delivered: what both take for Telegram is shaped as
Telegram."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import aiogram
import pytest
import telegram
from aiogram import exceptions as aiogram_errors
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramAPIError
from aiogram.types import BufferedInputFile, TelegramObject
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.sandbox import Phone, Sandbox
from bot.sandbox.faults import Cut, Fault, Flood, Refused, Trouble
from bot.sandbox.methods import METHODS
from bot.sandbox.pictures import png
from bot.sandbox.refusals import BLOCKED, TWO_POLL, UNAUTHORIZED

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from types import ModuleType

TOKEN = "7777777777:AAH-an_invented_token_of_the_right_form"
KINDS = (
    "voice", "photo", "sticker", "document", "video", "location", "contact", "forward", "album",
)  # fmt: skip


HOOK = "https://raati.example/telegram"
SECRET = "an-invented_secret"


@pytest.fixture
async def delivered() -> AsyncIterator[tuple[str, list[dict[str, Any]]]]:
    """Where the webhook is really served, and what was delivered there with the secret."""
    updates: list[dict[str, Any]] = []

    async def take(request: web.Request) -> web.Response:
        if request.headers["X-Telegram-Bot-Api-Secret-Token"] == SECRET:
            updates.append(await request.json())
        return web.Response()

    app = web.Application()
    app.router.add_post("/telegram", take)
    async with TestServer(app, host="127.0.0.1") as server:
        yield str(server.make_url("")).rstrip("/"), updates


@pytest.fixture
async def sandbox(delivered: tuple[str, list[dict[str, Any]]]) -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(token=TOKEN, proxied={"https://raati.example": delivered[0]})
    await sandbox.start()
    yield sandbox
    await sandbox.stop()


@pytest.fixture
def phone(sandbox: Sandbox) -> Phone:
    return sandbox.phone("Aino", "fi", username="aino_esimerkki")


@asynccontextmanager
async def aiogram_bot(sandbox: Sandbox) -> AsyncIterator[Any]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(sandbox.url))
    async with aiogram.Bot(TOKEN, session=session) as bot:
        yield bot


@asynccontextmanager
async def ptb_bot(sandbox: Sandbox) -> AsyncIterator[Any]:
    files = f"{sandbox.url}/file/bot"
    async with telegram.Bot(TOKEN, base_url=f"{sandbox.url}/bot", base_file_url=files) as bot:
        yield bot


# Both libraries name methods and fields alike; only these differ.
AIOGRAM = (aiogram_bot, aiogram.types, TelegramAPIError, BufferedInputFile)
PTB = (ptb_bot, telegram, telegram.error.TelegramError, telegram.InputFile)
LIBRARIES = pytest.mark.parametrize(
    ("connect", "types", "error", "input_file"),
    [AIOGRAM, PTB],
    ids=["aiogram", "python-telegram-bot"],
)


@LIBRARIES
async def test_every_method_the_bot_uses_is_understood(
    sandbox: Sandbox, phone: Phone, connect: Any, types: ModuleType, error: Any, input_file: Any
) -> None:
    file, new = (input_file(b"BEGIN", name) for name in ("a.ics", "b.ics"))

    def keyboard(label: str) -> Any:
        button = types.InlineKeyboardButton(text=label, callback_data="1")
        return types.InlineKeyboardMarkup(inline_keyboard=[[button]])

    phone.type("/start")
    chat = phone.chat_id
    async with connect(sandbox) as bot:
        assert (await bot.get_me()).username == "raati_demo_bot"

        bold = types.MessageEntity(type="bold", offset=0, length=3)
        card = await bot.send_message(
            chat, "Hei 😀", entities=[bold], reply_markup=keyboard("Yksi")
        )
        assert (card.text, card.entities[0].type, card.chat.id) == ("Hei 😀", "bold", chat)
        edited = await bot.edit_message_text(
            text="Moi", chat_id=chat, message_id=card.message_id, reply_markup=keyboard("Kaksi")
        )
        assert (edited.text, edited.edit_date is None) == ("Moi", False)
        edited = await bot.edit_message_reply_markup(
            chat_id=chat, message_id=card.message_id, reply_markup=keyboard("Kolme")
        )
        assert edited.reply_markup.inline_keyboard[0][0].text == "Kolme"

        assert await bot.send_chat_action(chat, "typing")
        sent = await bot.send_document(chat, file, caption="Kutsu")
        assert (sent.document.file_name, sent.document.file_size, sent.caption) == (
            "a.ics", 5, "Kutsu",
        )  # fmt: skip
        again = await bot.send_document(chat, sent.document.file_id)
        assert again.document.file_name == "a.ics"
        edited = await bot.edit_message_caption(
            caption="Siirtyi", chat_id=chat, message_id=sent.message_id
        )
        assert (edited.caption, edited.document.file_name) == ("Siirtyi", "a.ics")
        media = types.InputMediaDocument(media=new, caption="Kutsu", caption_entities=[bold])
        edited = await bot.edit_message_media(
            media=media,
            chat_id=chat,
            message_id=sent.message_id,
            reply_markup=keyboard("Tulen"),
        )
        assert (edited.document.file_name, edited.caption_entities[0].type) == ("b.ics", "bold")
        known = types.InputMediaDocument(media=again.document.file_id)
        edited = await bot.edit_message_media(media=known, chat_id=chat, message_id=sent.message_id)
        assert (edited.document.file_name, edited.caption) == ("a.ics", None)

        photo = await bot.send_photo(
            chat, input_file(png(120, 90), "qr.png"), caption="Hei", caption_entities=[bold]
        )
        largest = photo.photo[-1]
        assert (largest.width, largest.height, photo.caption) == (120, 90, "Hei")
        assert (await bot.send_photo(chat, largest.file_id)).photo[-1].file_id == largest.file_id
        edited = await bot.edit_message_caption(
            caption="Moi", chat_id=chat, message_id=photo.message_id
        )
        assert (edited.caption, edited.photo[-1].width) == ("Moi", 120)
        media = types.InputMediaPhoto(
            media=input_file(png(60, 60), "b.png"), caption="Hei", caption_entities=[bold]
        )
        edited = await bot.edit_message_media(
            media=media, chat_id=chat, message_id=photo.message_id
        )
        assert (edited.photo[-1].width, edited.caption) == (60, "Hei")
        known = types.InputMediaDocument(media=sent.document.file_id)
        edited = await bot.edit_message_media(
            media=known, chat_id=chat, message_id=photo.message_id
        )
        assert (edited.document.file_name, list(edited.photo or ())) == ("a.ics", [])
        for file_id, content in [
            (largest.file_id, png(120, 90)),
            (sent.document.file_id, b"BEGIN"),
        ]:
            assert await fetched(bot, file_id) == content
        with pytest.raises(error, match=r"(?i)wrong file_id"):
            await bot.get_file("BQAC")

        phone.tap("Kolme")
        query = (await bot.get_updates(timeout=1))[-1].callback_query
        assert await bot.answer_callback_query(query.id, text="Selvä", show_alert=True)
        assert phone.toasts[0].text == "Selvä"

        assert await bot.delete_message(chat, card.message_id)
        assert await bot.delete_messages(chat, [sent.message_id, again.message_id])

        commands = [types.BotCommand(command="start", description="Aloita")]
        where = {"scope": types.BotCommandScopeAllPrivateChats(), "language_code": "fi"}
        assert await bot.set_my_commands(commands, **where)
        assert [command.command for command in await bot.get_my_commands(**where)] == ["start"]
        assert await bot.delete_my_commands(**where)
        assert not await bot.get_my_commands(**where)

        assert await bot.set_my_name("Raati", language_code="sv")
        assert (await bot.get_my_name(language_code="sv")).name == "Raati"
        assert await bot.set_my_description("Kysely", language_code="fi")
        assert (await bot.get_my_description(language_code="fi")).description == "Kysely"
        assert await bot.set_my_short_description("Lyhyt")
        assert (await bot.get_my_short_description()).short_description == "Lyhyt"

        assert await bot.set_webhook(
            HOOK, secret_token=SECRET, max_connections=7, allowed_updates=["message"]
        )
        info = await bot.get_webhook_info()
        assert (info.url, info.max_connections) == (HOOK, 7)
        assert list(info.allowed_updates) == ["message"]
        with pytest.raises(error, match="webhook is active"):
            await bot.get_updates()
        with pytest.raises(error, match=r"(?i)an https url must be provided"):
            await bot.set_webhook("http://raati.example/telegram")
        assert await bot.delete_webhook(drop_pending_updates=True)
        info = await bot.get_webhook_info()
        assert (info.url, info.pending_update_count) == ("", 0)

        with pytest.raises(error, match="essage to edit not found"):
            await bot.edit_message_text(text="Moi", chat_id=chat, message_id=card.message_id)
    assert {call.method for call in sandbox.calls} == set(METHODS)


@LIBRARIES
@pytest.mark.parametrize("webhook", [False, True], ids=["polled", "delivered"])
async def test_every_update_a_person_makes_is_parsed(
    sandbox: Sandbox,
    phone: Phone,
    delivered: tuple[str, list[dict[str, Any]]],
    connect: Any,
    types: ModuleType,
    error: Any,
    input_file: Any,
    webhook: bool,
) -> None:
    async with connect(sandbox) as bot:
        if webhook:
            # One connection delivers in the order of arrival, as a poll does.
            await bot.set_webhook(HOOK, secret_token=SECRET, max_connections=1, allowed_updates=[])
        typed = phone.type("/start yhdenvertaisuus")
        phone.edit(typed, "Katso https://www.example.org/sivu")
        for kind in KINDS:
            phone.send(kind)
        phone.tap_data("1:a", typed)
        phone.tap_data("1:a", 999_999)
        phone.block()
        phone.unblock()
        sandbox.group("Naapurit").type(phone, "/start@raati_demo_bot")

        if webhook:
            await sandbox.settled()
            updates = [parsed(types, update, bot) for update in delivered[1]]
        else:
            updates = await bot.get_updates(timeout=1, allowed_updates=[])

        updates = sorted(updates, key=lambda update: update.update_id)
        messages = [update.message for update in updates if update.message]
        assert messages[0].entities[0].type == "bot_command"
        assert updates[1].edited_message.entities[0].type == "url"
        carried = [m.voice or m.photo or m.sticker or m.document or m.video or m.location
                   or m.contact or m.forward_origin for m in messages[1:-1]]  # fmt: skip
        assert all(carried)
        album = messages[-3:-1]
        assert album[0].media_group_id == album[1].media_group_id is not None
        assert messages[-1].chat.type == "group"
        there, gone = [update.callback_query for update in updates if update.callback_query]
        assert there.message.text.startswith("Katso")
        assert gone.message.message_id == 999_999
        changes = [update.my_chat_member for update in updates if update.my_chat_member]
        assert [change.new_chat_member.status for change in changes] == ["kicked", "member"]
        assert len(updates) == 3 + len(KINDS) + 1 + 2 + 2
        assert not [field for update in updates for field in strays(update)]


async def fetched(bot: Any, file_id: str) -> bytes:
    """A file as the library downloads it."""
    file = await bot.get_file(file_id)
    if isinstance(file, telegram.File):
        return bytes(await file.download_as_bytearray())
    content = await bot.download_file(file.file_path)
    return bytes(content.read())


def parsed(types: ModuleType, update: dict[str, Any], bot: Any) -> Any:
    """An update that was delivered, as the library reads it."""
    if types is telegram:
        return telegram.Update.de_json(update, bot)
    return aiogram.types.Update.model_validate(update, context={"bot": bot})


FAULTS: list[tuple[Fault, type[Exception], type[Exception]]] = [
    (Flood(7), aiogram_errors.TelegramRetryAfter, telegram.error.RetryAfter),
    (Trouble(502), aiogram_errors.ClientDecodeError, telegram.error.NetworkError),
    (
        Refused("Internal Server Error: restart"),
        aiogram_errors.RestartingTelegram,
        telegram.error.NetworkError,
    ),
    (Refused(TWO_POLL), aiogram_errors.TelegramConflictError, telegram.error.Conflict),
    (
        Refused(UNAUTHORIZED),
        aiogram_errors.TelegramUnauthorizedError,
        telegram.error.InvalidToken,
    ),
    (Refused(BLOCKED), aiogram_errors.TelegramForbiddenError, telegram.error.Forbidden),
    (Cut(before=True), aiogram_errors.TelegramNetworkError, telegram.error.NetworkError),
    (Cut(before=False), aiogram_errors.TelegramNetworkError, telegram.error.NetworkError),
]


@pytest.mark.parametrize(
    ("fault", "in_aiogram", "in_ptb"), FAULTS, ids=[repr(fault) for fault, *_ in FAULTS]
)
@pytest.mark.parametrize("library", ["aiogram", "python-telegram-bot"])
async def test_every_fault_is_the_librarys_own_error(
    sandbox: Sandbox,
    phone: Phone,
    fault: Fault,
    in_aiogram: type[Exception],
    in_ptb: type[Exception],
    library: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # how its next version gives a wait
    phone.type("/start")
    connect, expected = (aiogram_bot, in_aiogram) if library == "aiogram" else (ptb_bot, in_ptb)
    async with connect(sandbox) as bot:
        sandbox.faults.meet("sendMessage", fault)
        with pytest.raises(expected) as raised:
            await bot.send_message(phone.chat_id, "Hei")
        assert type(raised.value) is expected
        if isinstance(fault, Flood):
            after = raised.value.retry_after  # type: ignore[attr-defined]
            seconds = after if isinstance(after, int) else after.total_seconds()
            assert seconds == fault.seconds
        assert len(phone.messages) == 1 + (fault == Cut(before=False))
        assert (await bot.send_message(phone.chat_id, "Hei taas")).text == "Hei taas"


def strays(value: Any) -> Iterator[str]:
    """Fields a library does not know: they are none of Telegram's."""
    if isinstance(value, TelegramObject):
        yield from value.model_extra or ()
        yield from strays(list(vars(value).values()))
    elif isinstance(value, telegram.TelegramObject):
        yield from value.api_kwargs
        slots = {slot for cls in type(value).__mro__ for slot in getattr(cls, "__slots__", ())}
        yield from strays([getattr(value, slot, None) for slot in slots if slot[0] != "_"])
    elif isinstance(value, list | tuple):
        for item in value:
            yield from strays(item)
