"""Telegram calls the bot: what it must be sure of, and what anybody else on the net must not get.

The bot is the real one; Telegram is the sandbox, or, where a request must be wrong, the test.
"""

from __future__ import annotations

import asyncio
import io
import json
import logging
import socket
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from bot import app, webhook
from bot.sandbox.faults import Refused
from bot.trouble import TokenRefused
from bot.webhook import SECRET_HEADER, WebhookRefused
from tests.county import ORIGIN, PATH, SECRET, TOKEN
from tests.midway import MEANS, RESPECTED, busy

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.sandbox import Phone
    from tests.county import County


@pytest.fixture
def county(called_county: County) -> County:
    return called_county


@pytest.fixture
async def caller(county: County) -> AsyncIterator[aiohttp.ClientSession]:
    """Somebody who knows where the bot listens."""
    async with aiohttp.ClientSession(f"http://{county.listens}") as session:
        yield session


def typed(phone: Phone, text: str, update: int = 900_000_001) -> dict[str, Any]:
    """An update as Telegram would send it, were the text typed on this phone."""
    message = {
        "message_id": 800_000_001,
        "date": 1_801_900_000,
        "chat": {"id": phone.chat_id, "type": "private", "first_name": "Aino"},
        "from": {"id": phone.chat_id, "is_bot": False, "first_name": "Aino"},
        "text": text,
    }
    return {"update_id": update, "message": message}


async def status(
    caller: aiohttp.ClientSession,
    body: Any,
    *,
    secret: str | bytes | None = SECRET,
    path: str = PATH,
    method: str = "POST",
    **headers: str,
) -> int:
    raw = io.BytesIO(body if isinstance(body, bytes) else json.dumps(body).encode())
    shown = {} if secret is None else {SECRET_HEADER: str(secret)}
    async with caller.request(method, path, data=raw, headers=shown | headers) as answer:
        assert await answer.read() == b"" or answer.status == 200
        return answer.status


# The same guarantees as long polling


async def test_it_is_set_at_the_start_and_taken_away_at_the_stop(county: County) -> None:
    telegram = county.sandbox.telegram
    call = next(call for call in county.sandbox.calls if call.method == "setWebhook")
    assert call.params["url"] == ORIGIN + PATH
    assert call.params["secret_token"] == SECRET
    assert call.params["allowed_updates"] == [
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
    ]
    assert telegram.webhook.url == ORIGIN + PATH
    await county.stop()
    assert telegram.webhook.url == ""


async def test_what_was_written_while_the_bot_was_away_is_answered_when_it_is_back(
    county: County, aino: Phone
) -> None:
    await county.stop()
    aino.type("Samat palvelut kaikille.")
    assert MEANS in aino.messages[-2].text
    await county.start()
    await county.settled()
    assert RESPECTED in aino.messages[-1].text


async def test_200_comes_after_the_commit(
    county: County, aino: Phone, caller: aiohttp.ClientSession
) -> None:
    with busy(county):
        answered = asyncio.create_task(status(caller, typed(aino, "Samat palvelut kaikille.")))
        await asyncio.wait([answered], timeout=0.5)
        assert not answered.done()
        assert RESPECTED not in aino.messages[-1].text
    assert await answered == 200
    assert RESPECTED in aino.messages[-1].text


async def test_an_update_sent_twice_at_once_is_done_once_and_both_are_told_when(
    county: County, aino: Phone, caller: aiohttp.ClientSession
) -> None:
    update = typed(aino, "/help")
    with busy(county):
        twice = [asyncio.create_task(status(caller, update)) for _ in range(2)]
        await asyncio.wait(twice, timeout=0.2)
    assert await asyncio.gather(*twice) == [200, 200]
    assert sum("Näin palvelu toimii" in message.text for message in aino.messages) == 1


async def test_an_update_that_cannot_be_read_is_not_sent_for_ever(
    county: County, aino: Phone, caller: aiohttp.ClientSession
) -> None:
    poison = typed(aino, "Samat palvelut kaikille.")
    poison["message"]["date"] = "yesterday"
    assert await status(caller, poison) == 200
    assert await status(caller, {"update_id": 5, "a_kind_of_tomorrow": {"x": 1}}) == 200
    assert MEANS in aino.messages[-1].text


async def test_a_flood_is_answered_with_one_sentence_and_delays_nobody(
    county: County, aino: Phone, caller: aiohttp.ClientSession
) -> None:
    eino = county.phone("Eino")
    with busy(county):
        flood = [
            asyncio.create_task(
                status(caller, typed(aino, f"/help {number}", 900_000_001 + number))
            )
            for number in range(60)
        ]
        await asyncio.wait(flood, timeout=0.5)
    assert set(await asyncio.gather(*flood)) == {200}
    told = [m for m in aino.messages if "Sinulta tuli monta viestiä kerralla" in m.text]
    assert len(told) == 1
    eino.type("/start")
    await county.settled()
    assert "Vastaa" in eino.messages[-1].rows[0][0].label


async def test_told_to_stop_it_finishes_what_is_in_hand_and_takes_nothing_new(
    county: County, aino: Phone, caller: aiohttp.ClientSession
) -> None:
    with busy(county):
        in_hand = asyncio.create_task(status(caller, typed(aino, "Samat palvelut kaikille.")))
        await asyncio.wait([in_hand], timeout=0.5)
        stopped = asyncio.create_task(county.stop())
        await asyncio.wait([stopped], timeout=0.2)
        assert not stopped.done()
        assert await status(caller, typed(aino, "Myöhässä", 900_000_002)) == 503
    assert await in_hand == 200
    await stopped
    assert RESPECTED in aino.messages[-1].text


async def test_a_bot_that_polls_takes_over_from_one_that_was_killed(
    county: County, aino: Phone
) -> None:
    await county.stop()
    left = {"url": ORIGIN + PATH, "secret_token": SECRET}  # as SIGKILL would have left it
    async with aiohttp.ClientSession() as session:
        await session.post(f"{county.sandbox.url}/bot{TOKEN}/setWebhook", json=left)
    polls = county.settings.model_copy(update={"webhook_url": None, "webhook_secret": None})
    stop = asyncio.Event()
    running = asyncio.create_task(app.run(polls, stop, clock=county.clock))
    aino.type("Samat palvelut kaikille.")
    await county.sandbox.settled()
    stop.set()
    await running
    assert RESPECTED in aino.messages[-1].text


async def test_a_webhook_that_was_taken_away_is_set_again_with_one_line(
    county: County, aino: Phone, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    await county.stop()
    monkeypatch.setattr(webhook, "LOOK", 0.05)
    await county.start()
    async with aiohttp.ClientSession() as session:
        await session.post(f"{county.sandbox.url}/bot{TOKEN}/deleteWebhook")
    aino.type("Samat palvelut kaikille.")
    await county.settled()
    assert RESPECTED in aino.messages[-1].text
    warnings = [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING]
    assert warnings == [webhook.TAKEN_AWAY]


async def test_a_token_that_is_refused_meanwhile_ends_the_run(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    await county.stop()
    monkeypatch.setattr(webhook, "LOOK", 0.05)
    county.sandbox.faults.meet("getWebhookInfo", Refused("Unauthorized"))
    async with asyncio.timeout(60):
        with pytest.raises(TokenRefused, match="RAATI_TOKEN"):
            await app.run(county.settings, asyncio.Event(), clock=county.clock)


# What nobody else gets


@pytest.mark.parametrize(
    ("secret", "headers"),
    [
        (None, {}),
        ("", {}),
        (SECRET[:-1], {}),
        (SECRET + "x", {}),
        (SECRET.upper(), {}),
        ("salaisuus-ä-ß-漢", {}),
        (None, {"X-Forwarded-For": "127.0.0.1"}),
        (None, {"X-Forwarded-For": "149.154.167.220", "X-Real-IP": "149.154.167.220"}),
        (None, {"Authorization": SECRET}),
        (None, {"X-Telegram-Bot-Api-Secret": SECRET}),
    ],
)
async def test_a_forged_call_is_401_and_nothing_is_done(
    county: County,
    aino: Phone,
    caller: aiohttp.ClientSession,
    secret: str | None,
    headers: dict[str, str],
) -> None:
    before, calls = aino.messages, len(county.sandbox.calls)
    forged = typed(aino, "Samat palvelut kaikille.")
    assert await status(caller, forged, secret=secret, **headers) == 401
    await county.settled()
    assert aino.messages == before
    assert len(county.sandbox.calls) == calls
    aino.type("Oma vastaukseni.")
    await county.settled()
    assert RESPECTED in aino.messages[-1].text, "the forged answer was not taken for this question"


async def test_a_secret_of_any_bytes_is_a_wrong_one(county: County, aino: Phone) -> None:
    host, _, port = str(county.listens).partition(":")
    for shown in (b"\xff\xfe\x80", "ä".encode("latin-1"), SECRET.encode() + b"\xe4"):
        reader, writer = await asyncio.open_connection(host, int(port))
        body = json.dumps(typed(aino, "Samat palvelut kaikille.")).encode()
        head = f"POST {PATH} HTTP/1.1\r\nHost: raati.example\r\nContent-Length: {len(body)}\r\n"
        writer.write(head.encode() + SECRET_HEADER.encode() + b": " + shown + b"\r\n\r\n" + body)
        line = await asyncio.wait_for(reader.readline(), 60)
        assert line.split()[1] == b"401"
        writer.close()
        await writer.wait_closed()


async def test_the_secret_is_asked_for_before_the_body_is_read(
    county: County, caller: aiohttp.ClientSession
) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    async with asyncio.timeout(60), caller.post(PATH, data=endless()) as answer:
        assert answer.status == 401


BROKEN = [
    b"",
    b"{",
    b"[]",
    b'"update"',
    b"null",
    b"{}",
    b'{"update_id": "1"}',
    b'{"update_id": 1.5}',
    b"\xff\xfe\x00",
    b"[" * 100_000,
    b'{"update_id": 1, "message": {"text": "' + b"x" * webhook.LARGEST_BODY + b'"}}',
]


@pytest.mark.parametrize("body", BROKEN, ids=range(len(BROKEN)))
async def test_a_body_too_large_or_broken_is_400(
    county: County, caller: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture, body: bytes
) -> None:
    calls = len(county.sandbox.calls)
    assert await status(caller, body) == 400
    assert len(county.sandbox.calls) == calls
    assert [r for r in caplog.records if r.levelno >= logging.WARNING] == []


async def test_a_large_body_sent_in_pieces_of_unknown_length_is_400(
    county: County, caller: aiohttp.ClientSession
) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * (webhook.LARGEST_BODY // 16)

    async with caller.post(PATH, data=pieces(), headers={SECRET_HEADER: SECRET}) as answer:
        assert answer.status == 400


async def test_a_body_that_never_ends_is_400(
    county: County, caller: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "SLOWEST_BODY", 0.2)

    async def endless() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    headers = {SECRET_HEADER: SECRET}
    async with asyncio.timeout(60), caller.post(PATH, data=endless(), headers=headers) as answer:
        assert answer.status == 400


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", PATH), ("PUT", PATH), ("POST", "/"), ("POST", PATH + "/"), ("POST", "/phones")],
)
async def test_only_its_own_address_answers(
    county: County, caller: aiohttp.ClientSession, aino: Phone, method: str, path: str
) -> None:
    before = aino.messages
    forged = typed(aino, "Samat palvelut kaikille.")
    assert await status(caller, forged, method=method, path=path) == 404
    assert aino.messages == before


# What an operator can mend


async def test_a_taken_port_is_one_sentence(county: County) -> None:
    await county.stop()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        settings = county.settings.model_copy(update={"listen": listen})
        with pytest.raises(WebhookRefused, match="RAATI_LISTEN"):
            await app.run(settings, asyncio.Event(), clock=county.clock)


async def test_an_address_telegram_does_not_take_is_one_sentence(county: County) -> None:
    await county.stop()
    settings = county.settings.model_copy(
        update={"webhook_url": "https://raati.example:4443/telegram"}
    )
    with pytest.raises(WebhookRefused, match="RAATI_WEBHOOK_URL"):
        await app.run(settings, asyncio.Event(), clock=county.clock)
