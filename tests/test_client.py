"""The client against a real HTTP server on loopback: what it sends, what it reads, how it fails."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.enums import ParseMode
from aiogram.exceptions import (
    ClientDecodeError,
    DetailedAiogramError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import GetUpdates, SendMessage
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MessageEntity,
)
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.client import Client

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

TOKEN = "123456:an-invented_token"
CHAT = 7000000001
WORDS = "my own words"
SENT = {"message_id": 5, "date": 1760000000, "chat": {"id": CHAT, "type": "private"}}


@dataclass
class Telegram:
    """A server that answers every call with `answer` and remembers what was asked."""

    status: int = 200
    answer: Any = field(default_factory=lambda: {"ok": True, "result": True})
    body: bytes | None = None
    paths: list[str] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)
    connections: set[Any] = field(default_factory=set)
    url: str = ""

    async def called(self, request: web.Request) -> web.Response:
        self.connections.add(request.transport)
        self.paths.append(request.path)
        self.types.append(request.content_type)
        if request.content_type == "application/json":
            self.bodies.append(await request.json())
        else:
            form = await request.post()
            self.bodies.append(
                {
                    name: value.file.read() if isinstance(value, web.FileField) else value
                    for name, value in form.items()
                }
            )
        if self.body is not None:
            return web.Response(status=self.status, body=self.body)
        return web.json_response(self.answer, status=self.status)

    def refuses(self, status: int, description: str, **parameters: int) -> None:
        self.status = status
        self.answer = {"ok": False, "error_code": status, "description": description}
        if parameters:
            self.answer["parameters"] = parameters


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    scripted = Telegram()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", scripted.called)
    async with TestServer(app, host="127.0.0.1") as server:
        scripted.url = str(server.make_url("")).rstrip("/")
        yield scripted


@pytest.fixture
async def client(telegram: Telegram) -> AsyncIterator[Client]:
    opened = Client(telegram.url)
    yield opened
    await opened.close()


@pytest.fixture
def bot(client: Client) -> Bot:
    return Bot(TOKEN, session=client)


async def failure(bot: Bot) -> TelegramAPIError:
    with pytest.raises(TelegramAPIError) as failed:
        await bot.send_message(CHAT, WORDS)
    return failed.value


def shown(error: BaseException) -> str:
    """All that a log with a stack trace would say."""
    return repr(error) + "".join(traceback.format_exception(error))


async def test_a_call_is_one_json_body_to_the_bots_own_address(telegram: Telegram, bot: Bot):
    telegram.answer = {"ok": True, "result": SENT}
    keyboard = InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text="Jyväskylä", callback_data="m:3")]]
    )
    await bot.send_message(
        CHAT,
        "Hyvää päivää",
        reply_markup=keyboard,
        entities=[MessageEntity(type="bold", offset=0, length=5)],
        disable_notification=False,
    )
    assert telegram.paths == [f"/bot{TOKEN}/sendMessage"]
    assert telegram.types == ["application/json"]
    assert telegram.bodies == [
        {
            "chat_id": CHAT,
            "text": "Hyvää päivää",
            "entities": [{"type": "bold", "offset": 0, "length": 5}],
            "reply_markup": {"inline_keyboard": [[{"text": "Jyväskylä", "callback_data": "m:3"}]]},
            "disable_notification": False,
        }
    ]


async def test_the_bots_defaults_are_filled_in_where_a_call_leaves_them_open(
    telegram: Telegram, client: Client
):
    telegram.answer = {"ok": True, "result": SENT}
    bot = Bot(
        TOKEN,
        session=client,
        default=DefaultBotProperties(parse_mode=ParseMode.HTML, link_preview_is_disabled=True),
    )
    await bot.send_message(CHAT, "moi")
    await bot.send_message(CHAT, "moi", parse_mode=None)
    assert [body.get("parse_mode") for body in telegram.bodies] == ["HTML", None]
    assert telegram.bodies[0]["link_preview_options"] == {"is_disabled": True}


async def test_a_moment_is_sent_as_unix_time(telegram: Telegram, bot: Bot):
    moment = datetime(2026, 3, 19, 15, 0, tzinfo=UTC)
    await bot.ban_chat_member(CHAT, 1, until_date=moment)
    assert int(telegram.bodies[0]["until_date"]) == 1773932400


async def test_a_file_is_sent_as_a_form_with_the_other_fields_beside_it(
    telegram: Telegram, bot: Bot
):
    telegram.answer = {"ok": True, "result": SENT}
    file = BufferedInputFile(b"BEGIN:VCALENDAR", filename="kokous.ics")
    button = InlineKeyboardButton(text="Ohje", callback_data="h")
    await bot.send_document(
        CHAT, file, caption="Kokous", reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]])
    )
    (body,) = telegram.bodies
    assert telegram.types == ["multipart/form-data"]
    assert body["chat_id"] == str(CHAT)
    assert body["caption"] == "Kokous"
    assert body["reply_markup"] == '{"inline_keyboard": [[{"text": "Ohje", "callback_data": "h"}]]}'
    assert body[body["document"].removeprefix("attach://")] == b"BEGIN:VCALENDAR"


async def test_of_a_sent_message_its_identity_is_read(telegram: Telegram, bot: Bot):
    telegram.answer = {"ok": True, "result": SENT | {"text": "moi"}}
    message = await bot.send_message(CHAT, "moi")
    assert (message.message_id, message.chat.id) == (5, CHAT)
    assert message.bot is bot


async def test_a_sent_message_whose_echo_is_strange_is_still_sent(telegram: Telegram, bot: Bot):
    telegram.answer = {"ok": True, "result": SENT | {"text": [], "entities": "new"}}
    assert (await bot.send_message(CHAT, "moi")).message_id == 5
    assert getattr(await bot.edit_message_text("moi", chat_id=CHAT, message_id=5), "chat", None)


async def test_other_results_are_read_as_aiograms_types(telegram: Telegram, bot: Bot):
    assert await bot.delete_messages(CHAT, [1, 2]) is True
    telegram.answer = {"ok": True, "result": [{"command": "stop", "description": "Lopeta"}]}
    (command,) = await bot.get_my_commands()
    assert isinstance(command, BotCommand)
    assert (command.command, command.description) == ("stop", "Lopeta")
    telegram.answer = {"ok": True, "result": {"id": 1, "is_bot": True, "first_name": "Raati"}}
    assert (await bot.me()).first_name == "Raati"


async def test_updates_come_raw_so_that_one_cannot_spoil_the_rest(
    telegram: Telegram, client: Client, bot: Bot
):
    updates = [{"update_id": 1, "message": "not a message"}, {"update_id": 2, "novelty": {}}]
    telegram.answer = {"ok": True, "result": updates}
    assert await client.raw(bot, GetUpdates(offset=1, timeout=0), timeout=10) == updates
    assert telegram.bodies == [{"offset": 1, "timeout": 0}]


async def test_calls_share_a_kept_alive_connection(telegram: Telegram, bot: Bot):
    for _ in range(5):
        await bot.delete_webhook()
    assert len(telegram.connections) == 1


async def test_a_call_after_closing_opens_the_pool_anew(
    telegram: Telegram, client: Client, bot: Bot
):
    await bot.delete_webhook()
    await client.close()
    await bot.delete_webhook()
    assert len(telegram.connections) == 2


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, TelegramBadRequest),
        (401, TelegramUnauthorizedError),
        (403, TelegramForbiddenError),
        (404, TelegramNotFound),
        (409, TelegramConflictError),
        (413, TelegramEntityTooLarge),
        (418, TelegramAPIError),
        (500, TelegramServerError),
        (502, TelegramServerError),
    ],
)
async def test_a_refusal_is_aiograms_error(
    telegram: Telegram, bot: Bot, status: int, expected: type[TelegramAPIError]
):
    telegram.refuses(status, "Bad Request: message is not modified: same content")
    error = await failure(bot)
    assert type(error) is expected
    assert error.message == "Bad Request: message is not modified: same content"


async def test_too_many_requests_says_how_long_to_keep_quiet(telegram: Telegram, bot: Bot):
    telegram.refuses(429, "Too Many Requests: retry after 7", retry_after=7)
    error = await failure(bot)
    assert isinstance(error, TelegramRetryAfter)
    assert error.retry_after == 7
    assert str(CHAT) not in shown(error)


async def test_too_many_requests_without_a_time_means_a_second(telegram: Telegram, bot: Bot):
    telegram.refuses(429, "Too Many Requests")
    error = await failure(bot)
    assert isinstance(error, TelegramRetryAfter)
    assert error.retry_after == 1


async def test_a_group_that_moved_says_where_to_without_saying_it_aloud(
    telegram: Telegram, bot: Bot
):
    telegram.refuses(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-1001234567)
    error = await failure(bot)
    assert isinstance(error, TelegramMigrateToChat)
    assert error.migrate_to_chat_id == -1001234567
    assert "1234567" not in shown(error)


async def test_the_servers_own_code_goes_before_http(telegram: Telegram, bot: Bot):
    telegram.refuses(403, "Forbidden: bot was blocked by the user")
    telegram.status = 200
    assert isinstance(await failure(bot), TelegramForbiddenError)


@pytest.mark.parametrize(
    "description",
    [
        f'Bad Request: can\'t parse entities: unsupported start tag "{WORDS}" at byte offset 5',
        f'Bad Request: can\'t parse entities: tag "{WORDS} "and more" {WORDS}" is not closed',
        f"Bad Request: inline keyboard button URL '{WORDS}' is invalid",
        f"Bad Request: chat {CHAT} not found",
        f"Not Found: /bot{TOKEN}/sendMessage",
    ],
)
async def test_an_error_holds_neither_token_nor_id_nor_what_a_person_wrote(
    telegram: Telegram, bot: Bot, description: str
):
    telegram.refuses(400, description)
    said = shown(await failure(bot))
    assert "Bad Request" in said or "Not Found" in said
    for secret in (WORDS, str(CHAT), TOKEN, TOKEN.split(":")[1]):
        assert secret not in said


async def test_a_refusal_with_odd_pieces_is_a_plain_error(telegram: Telegram, bot: Bot):
    telegram.status = 400
    telegram.answer = {"ok": False, "error_code": "x", "description": None, "parameters": "x"}
    error = await failure(bot)
    assert isinstance(error, TelegramBadRequest)
    assert error.message == "error 400"


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (502, b"<html>Bad Gateway</html>", TelegramServerError),
        (200, b"<html>Sign in to this network</html>", TelegramNetworkError),
        (404, b"Not here", TelegramNetworkError),
        (200, b"\xff\xfe", TelegramNetworkError),
        (200, b"[]", TelegramNetworkError),
        (200, b'{"ok": "yes"}', TelegramNetworkError),
        (200, b"[" * 100_000, TelegramNetworkError),
        (307, b"", TelegramNetworkError),
    ],
)
async def test_an_answer_that_is_not_the_bot_apis_is_trouble_on_the_way(
    telegram: Telegram, bot: Bot, status: int, body: bytes, expected: type[TelegramAPIError]
):
    telegram.status, telegram.body = status, body
    error = await failure(bot)
    assert type(error) is expected
    assert f"HTTP {status}" in str(error)


async def test_a_result_that_cannot_be_read_is_not_shown(telegram: Telegram, bot: Bot):
    telegram.answer = {"ok": True, "result": [{"command": WORDS}]}
    with pytest.raises(ClientDecodeError) as failed:
        await bot.get_my_commands()
    assert WORDS not in shown(failed.value)
    assert "getMyCommands" in str(failed.value)


async def test_a_server_that_is_not_there_is_a_network_error_without_the_token():
    async with TestServer(web.Application(), host="127.0.0.1") as gone:
        address = str(gone.make_url("")).rstrip("/")
    client = Client(address)
    error = await failure(Bot(TOKEN, session=client))
    await client.close()
    assert isinstance(error, TelegramNetworkError)
    assert TOKEN not in shown(error)


async def test_an_address_nobody_can_call_is_a_network_error_without_the_token():
    client = Client("http://[no")
    error = await failure(Bot(TOKEN, session=client))
    await client.close()
    assert isinstance(error, TelegramNetworkError)
    assert TOKEN not in shown(error)


async def test_a_call_that_takes_too_long_is_a_network_error(bot: Bot):
    with pytest.raises(TelegramNetworkError, match="no answer in time"):
        await bot(SendMessage(chat_id=CHAT, text=WORDS), request_timeout=1e-9)


async def test_a_file_is_fetched_in_pieces(telegram: Telegram, client: Client):
    telegram.body = b"kokous"
    url = f"{telegram.url}/file/bot{TOKEN}/a"
    pieces = [piece async for piece in client.stream_content(url, chunk_size=3)]
    assert b"".join(pieces) == b"kokous"


async def test_a_file_that_is_not_there_is_an_error_without_the_address(
    telegram: Telegram, client: Client
):
    telegram.status = 404
    with pytest.raises(DetailedAiogramError) as failed:
        await anext(client.stream_content(f"{telegram.url}/file/bot{TOKEN}/a"))
    assert TOKEN not in shown(failed.value)
