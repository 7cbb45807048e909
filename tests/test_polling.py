"""Long polling against a real HTTP server on loopback that plays a script of answers."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from aiogram import Bot
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot import intake
from bot.client import Client
from bot.intake import Intake
from bot.polling import Polling
from bot.trouble import TokenRefused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

    from aiogram.types import Update

    from bot.intake import Take, TakeAll

TOKEN = "123456:an-invented_token"
ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")
AINO, EERO = 7000000001, 7000000002
WORDS = "my own words"


class Failing(Exception):  # noqa: N818
    """A handler's failure whose text holds what must not be logged."""


def message(number: int, chat: int, text: str = WORDS) -> dict[str, Any]:
    return {
        "update_id": number,
        "message": {
            "message_id": number,
            "date": 1760000000,
            "chat": {"id": chat, "type": "private", "first_name": "Aino"},
            "from": {"id": chat, "is_bot": False, "first_name": "Aino"},
            "text": text,
        },
    }


def tap(number: int, chat: int, *, card: bool = True) -> dict[str, Any]:
    query: dict[str, Any] = {
        "id": str(number),
        "from": {"id": chat, "is_bot": False, "first_name": "Aino"},
        "chat_instance": "1",
        "data": "m:3",
    }
    if card:
        query["message"] = {"message_id": 1, "date": 0, "chat": {"id": chat, "type": "private"}}
    return {"update_id": number, "callback_query": query}


def error(code: int, description: str = "said", **parameters: int) -> web.Response:
    return web.json_response(
        {"ok": False, "error_code": code, "description": description, "parameters": parameters},
        status=code,
    )


@dataclass
class Telegram:
    """Answers `getUpdates` by its script; when that is at its end, tells the bot to stop while it
    holds an idle long poll."""

    stop: asyncio.Event = field(default_factory=asyncio.Event)
    script: list[list[Any] | web.Response] = field(default_factory=list)
    farewell: list[Any] | web.Response = field(default_factory=list)
    polls: list[dict[str, Any]] = field(default_factory=list)
    done_at_poll: list[int] = field(default_factory=list)
    done: list[int] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    webhook: bool = False
    url: str = ""

    async def webhook_deleted(self, _: web.Request) -> web.Response:
        self.webhook = False
        return web.json_response({"ok": True, "result": True})

    async def called(self, request: web.Request) -> web.Response:
        if self.webhook:
            return error(409, "Conflict: can't use getUpdates method while webhook is active")
        self.polls.append(await request.json())
        self.done_at_poll.append(len(self.done))
        if self.polls[-1]["limit"] == 1:
            return self._says(self.farewell)
        if self.script:
            return self._says(self.script.pop(0))
        self.stop.set()
        await self.over.wait()
        return self._says([])

    def _says(self, answer: list[Any] | web.Response) -> web.Response:
        if isinstance(answer, web.Response):
            return answer
        return web.json_response({"ok": True, "result": answer})

    @property
    def offsets(self) -> list[int | None]:
        return [poll.get("offset") for poll in self.polls]


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    scripted = Telegram()
    app = web.Application()
    app.router.add_post(f"/bot{TOKEN}/getUpdates", scripted.called)
    app.router.add_post(f"/bot{TOKEN}/deleteWebhook", scripted.webhook_deleted)
    async with TestServer(app, host="127.0.0.1") as server:
        scripted.url = str(server.make_url("")).rstrip("/")
        yield scripted
        scripted.over.set()


@dataclass
class Bench:
    """The bot's side: what the intake hands over, and how long it waits."""

    telegram: Telegram
    client: Client
    handled: list[tuple[int, int]] = field(default_factory=list)  # chat, update
    surplus: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)

    async def handle(self, update: Update) -> None:
        holder = update.message or update.callback_query
        person = holder.from_user if holder else None
        self.handled.append((person.id if person else 0, update.update_id))
        self.telegram.done.append(update.update_id)

    async def take_surplus(self, updates: Sequence[Update]) -> None:
        self.surplus += [update.update_id for update in updates]

    async def take_failed(self, update: Update) -> None:
        self.failed.append(update.update_id)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def numbers(self, chat: int) -> list[int]:
        return [number for of, number in self.handled if of == chat]

    async def run(
        self,
        handle: Take | None = None,
        *,
        surplus: TakeAll | None = None,
        failed: Take | None = None,
        sleep: Callable[[float], Awaitable[None]] | None = None,
    ) -> None:
        bot = Bot(TOKEN, session=self.client)
        taking = Intake(
            bot,
            handle=handle or self.handle,
            surplus=surplus or self.take_surplus,
            failed=failed or self.take_failed,
            allowed=ALLOWED,
            sleep=sleep or self.sleep,
        )
        polling = Polling(bot, self.client, taking, sleep=sleep or self.sleep)
        await polling.run(self.telegram.stop)


@pytest.fixture
async def bench(telegram: Telegram, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Bench]:
    caplog.set_level(logging.INFO, "raati")
    client = Client(telegram.url)
    yield Bench(telegram, client)
    await client.close()


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What was logged; and never is it what an update brought."""
    for secret in (WORDS, "Aino", str(AINO), str(EERO), TOKEN):
        assert secret not in caplog.text
    assert "Traceback" not in caplog.text
    return [record.getMessage() for record in caplog.records]


async def test_updates_are_asked_for_by_kind_and_held_long(telegram: Telegram, bench: Bench):
    await bench.run()
    assert telegram.polls == [{"limit": 100, "timeout": 50, "allowed_updates": list(ALLOWED)}]


async def test_a_batch_is_done_before_the_next_is_asked_and_so_acknowledged(
    telegram: Telegram, bench: Bench
):
    telegram.script = [[message(10, AINO), message(11, EERO)], [message(12, AINO)]]
    await bench.run()
    assert telegram.offsets == [None, 12, 13, 13]
    assert telegram.done_at_poll == [0, 2, 3, 3]


async def test_told_to_stop_it_leaves_the_idle_poll_and_acknowledges_at_once(
    telegram: Telegram, bench: Bench
):
    telegram.script = [[message(10, AINO)]]
    await bench.run()
    last = telegram.polls[-1]
    assert (last["offset"], last["timeout"], last["limit"]) == (11, 0, 1)


async def test_told_to_stop_it_finishes_the_whole_batch_in_hand(telegram: Telegram, bench: Bench):
    telegram.script = [[message(10, AINO), message(11, AINO), message(12, EERO)]]

    async def handle(update: Update) -> None:
        telegram.stop.set()
        await bench.handle(update)

    await bench.run(handle)
    assert sorted(telegram.done) == [10, 11, 12]
    assert telegram.offsets == [None, 13]
    assert telegram.polls[-1]["limit"] == 1


async def test_an_update_that_comes_with_the_farewell_stays_for_the_next_start(
    telegram: Telegram, bench: Bench
):
    telegram.script = [[message(10, AINO)]]
    telegram.farewell = [message(11, AINO)]
    await bench.run()
    assert telegram.done == [10]
    assert telegram.offsets[-1] == 11


async def test_a_farewell_that_fails_is_said_and_no_more(
    telegram: Telegram, bench: Bench, caplog: pytest.LogCaptureFixture
):
    telegram.script = [[message(10, AINO)]]
    telegram.farewell = error(502)
    await bench.run()
    assert lines(caplog) == [
        "The last updates could not be acknowledged and may come again (TelegramServerError)."
    ]


async def test_each_chat_keeps_its_order_and_chats_do_not_wait_for_each_other(
    telegram: Telegram, bench: Bench
):
    telegram.script = [[message(10, AINO), tap(11, EERO), tap(12, AINO), message(13, EERO)]]
    eero_is_done = asyncio.Event()

    async def handle(update: Update) -> None:
        if update.update_id == 10:
            await eero_is_done.wait()
        await bench.handle(update)
        if update.update_id == 13:
            eero_is_done.set()

    await bench.run(handle)
    assert bench.numbers(AINO) == [10, 12]
    assert bench.numbers(EERO) == [11, 13]


async def test_a_tap_on_a_card_telegram_has_forgotten_keeps_its_place(
    telegram: Telegram, bench: Bench
):
    telegram.script = [[message(10, AINO), tap(11, AINO, card=False), message(12, AINO)]]
    order: list[str] = []

    async def handle(update: Update) -> None:
        order.append(f"begin {update.update_id}")
        await asyncio.sleep(0)
        order.append(f"end {update.update_id}")

    await bench.run(handle)
    assert order == [f"{at} {n}" for n in (10, 11, 12) for at in ("begin", "end")]


async def test_an_update_that_cannot_be_read_is_set_aside_and_the_rest_go_on(
    telegram: Telegram, bench: Bench, caplog: pytest.LogCaptureFixture
):
    broken = message(11, AINO)
    broken["message"]["date"] = WORDS
    telegram.script = [[message(10, AINO), broken, "not an update", message(12, AINO)]]
    await bench.run()
    assert bench.numbers(AINO) == [10, 12]
    assert telegram.offsets[-1] == 13
    assert lines(caplog) == [
        "An update (message) could not be read and is set aside (ValidationError).",
        "An update of a kind that was not asked for is left aside (unreadable).",
    ]


async def test_an_unreadable_update_alone_is_acknowledged_too(telegram: Telegram, bench: Bench):
    telegram.script = [[{"update_id": 10, "message": WORDS}]]
    await bench.run()
    assert telegram.offsets == [None, 11, 11]


@pytest.mark.parametrize(
    ("update", "kind"),
    [
        ({"update_id": 10, "crystal_ball": {"text": WORDS}}, "crystal_ball"),
        ({"update_id": 10, "poll": {"question": WORDS}}, "poll"),
        ({"update_id": 10, WORDS: {}}, "unreadable"),
        ({"update_id": 10, "message": None}, "message"),
        ({"update_id": 10}, "unreadable"),
    ],
)
async def test_a_kind_not_asked_for_is_left_aside_with_one_line(
    telegram: Telegram,
    bench: Bench,
    caplog: pytest.LogCaptureFixture,
    update: dict[str, Any],
    kind: str,
):
    telegram.script = [[update, message(11, AINO)]]
    await bench.run()
    assert telegram.done == [11]
    assert lines(caplog) == [f"An update of a kind that was not asked for is left aside ({kind})."]


async def test_an_update_that_comes_twice_in_a_batch_is_handled_once(
    telegram: Telegram, bench: Bench
):
    telegram.script = [[message(10, AINO), message(10, AINO), message(11, AINO)]]
    await bench.run()
    assert telegram.done == [10, 11]


async def test_an_update_that_comes_again_later_is_not_handled_again(
    telegram: Telegram, bench: Bench
):
    telegram.script = [[message(10, AINO), message(11, EERO)], [message(10, AINO)]]
    await bench.run()
    assert sorted(telegram.done) == [10, 11]
    assert telegram.offsets == [None, 12, 11, 11]


async def test_a_webhook_that_a_killed_bot_left_is_taken_away(
    telegram: Telegram, bench: Bench, caplog: pytest.LogCaptureFixture
):
    telegram.webhook = True
    telegram.script = [[message(10, AINO)]]
    await bench.run()
    assert telegram.done == [10]
    assert bench.slept == []
    assert lines(caplog) == []


async def test_numbers_that_begin_anew_lower_are_followed(telegram: Telegram, bench: Bench):
    telegram.script = [[message(1000, AINO)], [message(10, AINO)]]
    await bench.run()
    assert telegram.offsets == [None, 1001, 11, 11]


async def test_a_flooding_chat_has_its_surplus_answered_once_and_delays_no_other(
    telegram: Telegram, bench: Bench, caplog: pytest.LogCaptureFixture
):
    flood = [message(number, AINO) for number in range(100, 190)]
    telegram.script = [[*flood, message(190, EERO)]]
    await bench.run()
    assert bench.numbers(AINO) == list(range(100, 120))
    assert bench.numbers(EERO) == [190]
    assert bench.surplus == list(range(120, 190))
    assert telegram.offsets[-1] == 191
    assert lines(caplog) == ["A chat had 70 more updates waiting than are taken at once."]


async def test_twenty_waiting_updates_are_all_handled(telegram: Telegram, bench: Bench):
    telegram.script = [[message(number, AINO) for number in range(100, 120)]]
    await bench.run()
    assert len(bench.numbers(AINO)) == 20
    assert bench.surplus == []


async def test_a_handler_that_fails_once_is_tried_again_after_a_short_wait(
    telegram: Telegram, bench: Bench, caplog: pytest.LogCaptureFixture
):
    telegram.script = [[message(10, AINO), message(11, AINO)]]
    tries: list[int] = []

    async def handle(update: Update) -> None:
        tries.append(update.update_id)
        if tries == [10]:
            raise Failing(WORDS)

    await bench.run(handle)
    assert tries == [10, 10, 11]
    assert bench.slept == [intake.SECOND_TRY]
    assert bench.failed == []
    assert lines(caplog) == []


async def test_a_handler_that_fails_twice_is_set_aside_and_the_person_told(
    telegram: Telegram, bench: Bench, caplog: pytest.LogCaptureFixture
):
    telegram.script = [[message(10, AINO), message(11, AINO), message(12, EERO)]]

    async def handle(update: Update) -> None:
        if update.update_id == 10:
            raise Failing(WORDS, AINO)
        await bench.handle(update)

    await bench.run(handle)
    assert bench.failed == [10]
    assert bench.numbers(AINO) == [11]
    assert bench.numbers(EERO) == [12]
    assert telegram.offsets[-1] == 13
    assert lines(caplog) == ["An update (message) failed twice and is set aside (Failing)."]


async def test_a_task_the_handler_waited_for_that_was_cancelled_loses_nothing_after_it(
    telegram: Telegram, bench: Bench, caplog: pytest.LogCaptureFixture
):
    telegram.script = [[message(10, AINO), message(11, AINO)]]

    async def handle(update: Update) -> None:
        if update.update_id == 10:
            cancelled = asyncio.ensure_future(asyncio.sleep(0))
            cancelled.cancel()
            await cancelled
        await bench.handle(update)

    await bench.run(handle)
    assert bench.failed == [10]
    assert bench.numbers(AINO) == [11]
    assert lines(caplog) == ["An update (message) failed twice and is set aside (CancelledError)."]


async def test_a_run_that_is_cancelled_ends_and_acknowledges_nothing(
    telegram: Telegram, bench: Bench
):
    telegram.script = [[message(10, AINO)]]
    in_hand = asyncio.Event()

    async def handle(update: Update) -> None:
        in_hand.set()
        await asyncio.Event().wait()

    running = asyncio.create_task(bench.run(handle))
    await in_hand.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert telegram.offsets == [None]
    assert bench.failed == []


async def test_a_last_word_that_fails_too_stops_nothing(
    telegram: Telegram, bench: Bench, caplog: pytest.LogCaptureFixture
):
    telegram.script = [[message(number, AINO) for number in range(10, 40)]]

    async def fails(update: Update) -> None:
        raise Failing(WORDS)

    async def fails_at_all(updates: Sequence[Update]) -> None:
        raise Failing(WORDS)

    await bench.run(fails, surplus=fails_at_all, failed=fails)
    assert telegram.offsets[-1] == 40
    assert lines(caplog).count("An update (message) could not be answered (Failing).") == 21


async def test_trouble_is_waited_out_ever_longer_with_a_line_at_each_end(
    telegram: Telegram, bench: Bench, caplog: pytest.LogCaptureFixture
):
    telegram.script = [
        *(error(502) for _ in range(4)),
        web.Response(status=502, text="Bad Gateway"),
        web.json_response({"ok": True, "result": "nonsense"}),
        web.json_response({"ok": True, "result": [{"message": WORDS}]}),
        [message(10, AINO)],
    ]
    await bench.run()
    assert bench.slept == [1, 2, 4, 8, 16, 30, 30]
    assert telegram.done == [10]
    assert lines(caplog) == [
        "Telegram does not answer (TelegramServerError). Trying again until it does.",
        "Telegram answers again.",
    ]


async def test_after_trouble_the_first_answer_is_not_held(telegram: Telegram, bench: Bench):
    telegram.script = [error(502), []]
    await bench.run()
    assert [poll["timeout"] for poll in telegram.polls] == [50, 0, 50]


async def test_the_waits_begin_anew_with_the_next_trouble(telegram: Telegram, bench: Bench):
    telegram.script = [error(500), error(500), [], error(500)]
    await bench.run()
    assert bench.slept == [1, 2, 1]


async def test_a_server_that_is_gone_is_waited_for(
    telegram: Telegram, caplog: pytest.LogCaptureFixture
):
    async with TestServer(web.Application(), host="127.0.0.1") as gone:
        address = str(gone.make_url("")).rstrip("/")
    nowhere = Client(address)

    async def sleep(seconds: float) -> None:
        telegram.stop.set()

    await Bench(telegram, nowhere).run(sleep=sleep)
    await nowhere.close()
    assert lines(caplog) == [
        "Telegram does not answer (TelegramNetworkError). Trying again until it does."
    ]


async def test_told_to_stop_while_it_waits_it_stops_at_once(telegram: Telegram, bench: Bench):
    telegram.script = [error(502)]

    async def sleep(seconds: float) -> None:
        telegram.stop.set()
        await asyncio.Event().wait()

    await bench.run(sleep=sleep)
    assert len(telegram.polls) == 1


async def test_too_many_requests_are_answered_by_the_silence_asked_for(
    telegram: Telegram, bench: Bench, caplog: pytest.LogCaptureFixture
):
    telegram.script = [error(429, "Too Many Requests", retry_after=17), [message(10, AINO)]]
    await bench.run()
    assert bench.slept == [17]
    assert telegram.done == [10]
    assert lines(caplog) == [
        "Telegram asks for a pause (TelegramRetryAfter). Waiting as long as it says.",
        "Telegram answers again.",
    ]


async def test_another_bot_with_the_same_token_is_named_once_and_outwaited(
    telegram: Telegram, bench: Bench, caplog: pytest.LogCaptureFixture
):
    conflict = "Conflict: terminated by other getUpdates request"
    telegram.script = [error(409, conflict), error(409, conflict), [message(10, AINO)]]
    await bench.run()
    assert bench.slept == [1, 2]
    assert telegram.done == [10]
    first, second = lines(caplog)
    assert first.startswith("Another bot is running with the same token")
    assert second == "Telegram answers again."


@pytest.mark.parametrize("code", [401, 404])
async def test_a_refused_token_ends_the_run_with_one_sentence(
    telegram: Telegram, bench: Bench, code: int
):
    telegram.script = [error(code, "Unauthorized")]
    with pytest.raises(TokenRefused) as refused:
        await bench.run()
    assert "RAATI_TOKEN" in str(refused.value)
    assert TOKEN not in str(refused.value)


async def test_a_membership_change_is_handed_over_like_the_rest(telegram: Telegram, bench: Bench):
    person = {"id": AINO, "is_bot": False, "first_name": "Aino"}
    itself = {"id": 1, "is_bot": True, "first_name": "Raati"}
    change = {
        "chat": {"id": AINO, "type": "private"},
        "from": person,
        "date": 1760000000,
        "old_chat_member": {"user": itself, "status": "member"},
        "new_chat_member": {"user": itself, "status": "kicked", "until_date": 0},
    }
    telegram.script = [[{"update_id": 10, "my_chat_member": change}]]
    await bench.run()
    assert telegram.done == [10]
