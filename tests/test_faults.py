"""What can go wrong between the bot and Telegram: what the resident sees, and what the operator
reads. Each fault is one line in the log, and none of them names anybody or anything said.

The bot is the real one, in both ways of listening; the sandbox fails on demand.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import aiohttp
import pytest

from bot.sandbox.faults import Cut, Delay, Faults, Flood, Refused, Trouble
from bot.trouble import TokenRefused
from tests.county import TOKEN
from tests.county import county as running_county
from tests.midway import EASY, MEANS, RESPECTED, begun, card, said

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from bot.sandbox import Phone
    from tests.county import County

GENEROUS = 60
"""Seconds for what takes a moment: only a broken program makes the test wait so long."""

ANSWER = "Samat palvelut kaikille."
EARLY = "Viestisi tuli ennen kuin tämä kysymys näkyi, joten sitä ei tallennettu."

PAUSE = "Telegram asks for a pause of 1 s in a chat. What is unsaid there is said after it."
AWAY = "Telegram does not answer (TelegramServerError). Trying again until it does."
LATE = "A card was not shown in time; the next tap shows it."


def unsaid(error: str) -> str:
    return f"Telegram did not take an answer ({error}); the next tap shows it."


@pytest.fixture(params=["polling", "webhook"])
async def county(
    request: pytest.FixtureRequest, tmp_path: Path, patient: None, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[County]:
    caplog.set_level(logging.DEBUG, "raati")
    async with running_county(tmp_path, webhook=request.param == "webhook") as here:
        yield here


POLLING = pytest.mark.parametrize("county", ["polling"], indirect=True)
"""For what only a bot that polls can meet."""


def calls(county: County, method: str) -> list[str]:
    """How each call of a method ended, since the faults began: '' is well."""
    return [call.refusal for call in county.sandbox.calls if call.method == method]


async def until(reached: Callable[[], bool]) -> None:
    async with asyncio.timeout(GENEROUS):
        while not reached():  # noqa: ASYNC110 - a phone has nothing to wait for
            await asyncio.sleep(0.01)


def warnings(caplog: pytest.LogCaptureFixture, *phones: Phone) -> list[str]:
    """What an operator reads who is called when something is wrong. No line at all, of any kind,
    holds an id, an answer or the token."""
    for secret in (ANSWER, TOKEN, "Aino", *(str(phone.chat_id) for phone in phones)):
        assert secret not in "\n".join(ours.getMessage() for ours in caplog.records)
    assert "Traceback" not in caplog.text
    loud = (record for record in caplog.records if record.levelno >= logging.WARNING)
    return [record.getMessage() for record in loud]


# 429: Telegram asks to wait


async def test_a_card_whose_edit_must_wait_changes_after_the_wait_once(
    county: County, aino: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    county.sandbox.faults.meet("editMessageText", Flood(1))
    old = card(aino)
    aino.tap("Ohita")
    await county.settled()
    assert card(aino) == old
    assert aino.unanswered == 0, "the tap itself is answered at once"
    await until(lambda: RESPECTED in card(aino).text)
    assert card(aino).id == old.id
    aino.tap("4")
    await county.settled()
    assert EASY in card(aino).text
    assert calls(county, "sendMessage") == [""], "no second card came"
    assert warnings(caplog, aino) == [PAUSE]


async def test_a_new_card_after_typed_text_that_must_wait_comes_after_the_wait_once(
    county: County, aino: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    county.sandbox.faults.meet("sendMessage", Flood(1))
    old = card(aino)
    aino.type(ANSWER)
    await county.settled()
    assert card(aino) == old
    await until(lambda: RESPECTED in card(aino).text and said(aino, RESPECTED) == 1)
    await until(lambda: not aino.messages[-3].rows)
    assert [message.sender for message in aino.messages[-3:]] == ["bot", "person", "bot"]
    aino.tap("4")
    await county.settled()
    assert EASY in card(aino).text
    assert said(aino, RESPECTED) == 0, "one card, edited"
    assert warnings(caplog, aino) == [PAUSE]


async def test_a_tap_whose_answer_must_wait_is_answered_after_the_wait(
    county: County, aino: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    county.sandbox.faults.meet("answerCallbackQuery", Flood(1))
    aino.tap("Ohita")
    await until(lambda: aino.unanswered == 0)
    await until(lambda: RESPECTED in card(aino).text)
    assert said(aino, RESPECTED) == 1
    assert warnings(caplog, aino) == [PAUSE]


async def test_a_tap_of_which_nothing_could_be_said_is_answered_and_shown_after_one_wait(
    county: County, aino: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    for method in ("answerCallbackQuery", "editMessageText"):
        county.sandbox.faults.meet(method, Flood(1))
    old = card(aino)
    aino.tap("Ohita")
    await county.settled()
    assert card(aino) == old
    await until(lambda: aino.unanswered == 0 and RESPECTED in card(aino).text)
    assert card(aino).id == old.id
    assert warnings(caplog, aino) == [PAUSE]


async def test_of_two_messages_the_second_that_must_wait_comes_after_the_wait_alone(
    county: County, aino: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    county.sandbox.faults.meet("sendMessage", Delay(0), Flood(1))
    aino.type("/help")
    await county.settled()
    await until(lambda: MEANS in aino.messages[-1].text)
    assert [message.sender for message in aino.messages[-3:]] == ["person", "bot", "bot"]
    assert warnings(caplog, aino) == [PAUSE]


async def test_somebody_new_who_opened_a_link_gets_both_messages_each_once(
    county: County, caplog: pytest.LogCaptureFixture
) -> None:
    await county.open("equality", "2027-02-08")
    aino = county.phone("Aino")
    county.sandbox.faults.meet("sendMessage", Delay(0), Flood(1))
    aino.open_link("equality")
    await county.settled()
    await until(lambda: len(aino.messages) == 3)
    assert "Aloita vastaaminen" in card(aino).rows[0][0].label
    assert len({message.text for message in aino.messages}) == 3
    assert warnings(caplog, aino) == [PAUSE]


async def test_a_conversation_that_is_to_be_removed_is_removed_after_the_wait(
    county: County, aino: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(8):
        aino.tap("Ohita")
        await county.settled()
    aino.tap("1")
    await county.settled()
    county.sandbox.faults.meet("deleteMessages", Flood(1))
    aino.tap("Lähetä ja poista")
    await county.settled()
    await until(lambda: said(aino, "Kiitos") == 1)
    assert [message.text for message in aino.messages[:-1]] == ["/start"]
    assert warnings(caplog, aino) == [PAUSE]


async def test_told_to_wait_twice_the_bot_waits_twice_and_says_it_once(
    county: County, aino: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    county.sandbox.faults.meet("sendMessage", Flood(1), Flood(1))
    aino.type(ANSWER)
    await county.settled()
    await until(lambda: RESPECTED in card(aino).text)
    assert said(aino, RESPECTED) == 1
    assert warnings(caplog, aino) == [PAUSE, PAUSE]


async def test_told_to_wait_again_and_again_the_bot_leaves_it_to_the_next_tap(
    county: County, aino: Phone, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.chats.TRIES", 1)
    county.sandbox.faults.meet("sendMessage", Flood(1), Flood(1))
    old = card(aino)
    aino.type(ANSWER)
    await until(lambda: len(warnings(caplog, aino)) == 2)
    await asyncio.sleep(1.2)
    assert card(aino) == old
    aino.tap("Ohita", message_id=old.id)
    await county.settled()
    assert RESPECTED in card(aino).text, "not skipped: it was answered"
    assert warnings(caplog, aino) == [PAUSE, PAUSE]


async def test_who_goes_on_during_the_wait_gets_the_newest_card_after_it_and_not_the_old_one(
    county: County, aino: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    county.sandbox.faults.meet("sendMessage", Flood(1))
    old = card(aino)
    aino.type(ANSWER)
    await county.settled()
    assert aino.messages[-1].text == ANSWER
    aino.tap("Ohita", message_id=old.id)
    await county.settled()
    await until(lambda: RESPECTED in card(aino).text)
    await until(lambda: aino.unanswered == 0)
    await asyncio.sleep(1.2)
    assert said(aino, RESPECTED) == 1
    assert card(aino).id == old.id
    assert aino.messages[-1].text == ANSWER, "the new card that had to wait never came"
    aino.tap("4")
    await county.settled()
    assert EASY in card(aino).text
    assert warnings(caplog, aino) == [PAUSE]


async def test_a_long_wait_in_one_chat_holds_up_nobody_and_no_stop(
    county: County, aino: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    eino = await begun(county, "Eino")
    county.sandbox.faults.meet("editMessageText", Flood(3600))
    old = card(aino)
    aino.tap("Ohita")
    await county.settled()
    aino.tap("Ohita")
    aino.type("/help")
    eino.tap("Ohita")
    await county.settled()
    assert RESPECTED in card(eino).text
    assert card(aino) == old
    await county.stop()
    assert card(aino) == old
    await county.start()
    aino.tap("Ohita", message_id=old.id)
    await county.settled()
    assert RESPECTED in card(aino).text, "skipped once, by the first tap"
    assert warnings(caplog, aino, eino) == [PAUSE.replace("1 s", "3600 s")]


@POLLING
async def test_a_poll_that_must_wait_delays_and_loses_nothing(
    county: County, aino: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    county.sandbox.faults.meet("getUpdates", Flood(1))
    aino.type(ANSWER)
    await county.settled()
    assert RESPECTED in card(aino).text
    aino.tap("4")
    await county.settled()
    assert EASY in card(aino).text
    assert warnings(caplog, aino) == [
        "Telegram asks for a pause (TelegramRetryAfter). Waiting as long as it says."
    ]


# 5xx: Telegram is in trouble


async def test_a_card_that_telegram_did_not_take_is_shown_by_the_next_tap(
    county: County, aino: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    county.sandbox.faults.meet("editMessageText", Trouble(502))
    old = card(aino)
    aino.tap("Ohita")
    await county.settled()
    assert card(aino) == old
    aino.tap("Ohita")
    await county.settled()
    assert RESPECTED in card(aino).text, "skipped once"
    assert warnings(caplog, aino) == [unsaid("TelegramServerError")]


async def test_while_telegram_is_in_trouble_a_tap_that_is_not_heard_at_all_is_one_line(
    county: County, aino: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    for method in ("editMessageText", "answerCallbackQuery"):
        county.sandbox.faults.meet(method, Trouble(503))
    aino.tap("Ohita")
    await county.settled()
    assert aino.unanswered == 1
    aino.tap("Ohita")
    await county.settled()
    assert RESPECTED in card(aino).text
    assert warnings(caplog, aino) == [unsaid("TelegramServerError")]


@POLLING
async def test_a_poll_in_trouble_is_one_line_and_loses_nothing(
    county: County, aino: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    county.sandbox.faults.meet("getUpdates", Trouble(502), Trouble(500))
    aino.type(ANSWER)
    await county.settled()
    assert RESPECTED in card(aino).text
    assert warnings(caplog, aino) == [AWAY]


async def test_a_start_into_trouble_is_one_line_and_the_bot_listens_when_it_is_over(
    county: County, aino: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    await county.stop()
    aino.type(ANSWER)
    for method in ("getUpdates", "setWebhook"):
        county.sandbox.faults.meet(method, Trouble(502))
    await county.start()
    await county.settled()
    assert RESPECTED in card(aino).text
    assert warnings(caplog, aino) == [AWAY]


async def test_commands_that_telegram_does_not_take_at_the_start_are_one_line(
    county: County, aino: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    county.sandbox.faults.meet("setMyCommands", *[Trouble(502)] * 4)
    county.sandbox.faults.meet("setMyDescription", *[Trouble(502)] * 4)
    await county.restart()
    aino.type(ANSWER)
    await county.settled()
    assert RESPECTED in card(aino).text
    assert warnings(caplog, aino) == [
        "Telegram did not take the bot's commands or descriptions (TelegramServerError); "
        "the next start tries again."
    ]


# A connection that is cut


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
async def test_an_edit_whose_connection_is_cut_is_repaired_by_the_next_tap(
    county: County, aino: Phone, caplog: pytest.LogCaptureFixture, before: bool
) -> None:
    county.sandbox.faults.meet("editMessageText", Cut(before=before))
    live = card(aino).id
    aino.tap("Ohita")
    await county.settled()
    assert (RESPECTED in card(aino).text) is not before
    aino.tap("Ohita" if before else "4")
    await county.settled()
    assert card(aino).id == live
    assert (RESPECTED if before else EASY) in card(aino).text
    assert warnings(caplog, aino) == [unsaid("TelegramNetworkError")]


async def test_a_new_card_that_never_left_is_shown_by_the_next_tap_on_the_old_one(
    county: County, aino: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    county.sandbox.faults.meet("sendMessage", Cut(before=True))
    old = card(aino)
    aino.type(ANSWER)
    await county.settled()
    assert said(aino, RESPECTED) == 0
    assert card(aino) == old, "the old card keeps its buttons, or there would be none"
    aino.tap("Ohita")
    await county.settled()
    assert card(aino).id == old.id
    assert RESPECTED in card(aino).text, "answered, not skipped"
    assert warnings(caplog, aino) == [unsaid("TelegramNetworkError")]


async def test_a_new_card_whose_answer_was_lost_goes_on_with_the_next_tap(
    county: County, aino: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    county.sandbox.faults.meet("sendMessage", Cut(before=False))
    aino.type(ANSWER)
    await county.settled()
    assert said(aino, RESPECTED) == 1
    aino.tap("4")
    await county.settled()
    assert EASY in card(aino).text
    assert said(aino, RESPECTED) == 0
    aino.tap("Takaisin")
    await county.settled()
    aino.tap("Takaisin")
    await county.settled()
    assert card(aino).text.count(ANSWER) == 1
    assert warnings(caplog, aino) == [unsaid("TelegramNetworkError")]


async def test_what_is_typed_at_a_card_whose_answer_was_lost_is_taken_for_no_question(
    county: County, aino: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    county.sandbox.faults.meet("sendMessage", Cut(before=False))
    aino.type(ANSWER)
    await county.settled()
    county.clock.passes(seconds=20)
    aino.type("4")
    await county.settled()
    assert RESPECTED in card(aino).text, "asked again, not answered unseen"
    assert EARLY in card(aino).text
    aino.tap("Takaisin")
    await county.settled()
    assert card(aino).text.count(ANSWER) == 1
    assert f"{ANSWER}\n4" not in card(aino).text, "nor joined to the answer before"
    assert warnings(caplog, aino) == [unsaid("TelegramNetworkError")]


async def test_a_text_that_the_phone_split_is_joined_also_where_the_card_was_lost(
    county: County, aino: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    county.sandbox.faults.meet("sendMessage", Cut(before=False))
    aino.type(ANSWER)
    aino.type("Ja vielä tämä.")
    await county.settled()
    assert RESPECTED in card(aino).text
    assert "Lisäsimme viestisi edelliseen vastaukseesi." in card(aino).text
    assert warnings(caplog, aino) == [unsaid("TelegramNetworkError")]


@POLLING
async def test_a_poll_whose_answer_was_lost_brings_the_same_again(
    county: County, aino: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    eino = await begun(county, "Eino")
    county.sandbox.faults.meet("getUpdates", Cut(before=False))
    eino.tap("Ohita")
    await county.settled()
    aino.type(ANSWER)
    await county.settled()
    assert said(aino, RESPECTED) == 1
    assert warnings(caplog, aino, eino) == [AWAY.replace("ServerError", "NetworkError")]


# An answer that takes too long


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.chats.PATIENCE", 0.5)
    monkeypatch.setattr("bot.speech.PATIENCE", 0.5)


async def test_a_new_card_that_takes_too_long_comes_late_and_works(
    county: County, aino: Phone, caplog: pytest.LogCaptureFixture, impatient: None
) -> None:
    county.sandbox.faults.meet("sendMessage", Delay(1))
    aino.type(ANSWER)
    await county.settled()
    assert said(aino, RESPECTED) == 1
    aino.tap("4")
    await county.settled()
    assert EASY in card(aino).text
    assert warnings(caplog, aino) == [LATE]


async def test_an_edit_that_comes_after_a_newer_one_leads_back_with_one_tap(
    county: County, aino: Phone, caplog: pytest.LogCaptureFixture, impatient: None
) -> None:
    county.sandbox.faults.meet("editMessageText", Delay(2))
    aino.tap("Ohita")
    await until(lambda: warnings(caplog, aino) == [LATE])
    aino.tap("Ohita")  # the old card is still there
    await until(lambda: RESPECTED in card(aino).text)
    aino.tap("4")
    await until(lambda: EASY in card(aino).text)
    await county.settled()
    assert RESPECTED in card(aino).text, "the late edit covers the newer card"
    aino.tap("5")
    await county.settled()
    assert EASY in card(aino).text
    assert warnings(caplog, aino) == [LATE]


# Updates that should not be


async def test_a_poison_update_is_set_aside_and_everybody_else_is_answered(
    county: County, aino: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    eino = await begun(county, "Eino")
    await county.stop()
    eino.tap("Ohita")
    chat = {"id": aino.chat_id, "type": "private", "first_name": "Aino"}
    broken = {"message_id": 1, "date": ANSWER, "chat": chat, "text": ANSWER}
    county.sandbox.telegram.updates.put_raw({"message": broken})
    aino.type(ANSWER)
    await county.start()
    await county.settled()
    assert RESPECTED in card(aino).text
    assert RESPECTED in card(eino).text
    assert warnings(caplog, aino, eino) == [
        "An update (message) could not be read and is set aside (ValidationError)."
    ]


async def test_an_update_of_an_unknown_kind_wakes_nobody_up(
    county: County, aino: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    county.sandbox.telegram.updates.put_raw({"crystal_ball": {"text": ANSWER}})
    aino.type(ANSWER)
    await county.settled()
    assert RESPECTED in card(aino).text
    assert warnings(caplog, aino) == []
    line = "An update of a kind that was not asked for is left aside (crystal_ball)."
    assert [r.getMessage() for r in caplog.records if r.name == "raati.intake"] == [line]


@pytest.mark.parametrize("restarted", [False, True], ids=["running", "restarted"])
async def test_a_typed_answer_that_comes_again_is_taken_once(
    county: County, aino: Phone, caplog: pytest.LogCaptureFixture, restarted: bool
) -> None:
    aino.type(ANSWER)
    await county.settled()
    await again(county, restarted=restarted)
    assert RESPECTED in card(aino).text
    assert "Lisäsimme" not in card(aino).text
    assert sum(bool(message.rows) for message in aino.messages) == 1, "one card has buttons"
    aino.tap("Takaisin")
    await county.settled()
    assert card(aino).text.count(ANSWER) == 1
    assert warnings(caplog, aino) == []


@pytest.mark.parametrize("restarted", [False, True], ids=["running", "restarted"])
async def test_a_tap_that_comes_again_counts_once(
    county: County, aino: Phone, caplog: pytest.LogCaptureFixture, restarted: bool
) -> None:
    aino.tap("Ohita")
    await county.settled()
    before = len(aino.messages)
    await again(county, restarted=restarted)
    assert RESPECTED in card(aino).text, "skipped once"
    assert len(aino.messages) == before
    assert aino.unanswered == 0
    assert warnings(caplog, aino) == []


@pytest.mark.parametrize("restarted", [False, True], ids=["running", "restarted"])
async def test_a_start_that_comes_again_loses_nothing(
    county: County, aino: Phone, caplog: pytest.LogCaptureFixture, restarted: bool
) -> None:
    aino.type("/start")
    await county.settled()
    await again(county, restarted=restarted)
    assert sum(message.text == aino.messages[-1].text for message in aino.messages) == 1 + restarted
    aino.tap("Jatka")
    await county.settled()
    assert MEANS in card(aino).text
    assert warnings(caplog, aino) == []


async def again(county: County, *, restarted: bool) -> None:
    """The newest update is delivered once more, with the same number."""
    if restarted:
        await county.restart()
    county.sandbox.telegram.updates.again(county.sandbox.telegram.updates.newest)
    await county.settled()


async def test_an_answer_typed_almost_a_day_ago_is_taken(
    county: County, aino: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    await county.stop()
    aino.type(ANSWER)
    county.clock.passes(hours=23, minutes=59)
    await county.start()
    await county.settled()
    assert RESPECTED in card(aino).text
    assert warnings(caplog, aino) == []


async def test_a_tap_telegram_dropped_after_150_seconds_changed_nothing_and_can_be_made_again(
    county: County, aino: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    await county.stop()
    old = card(aino)
    aino.tap("Ohita")
    county.clock.passes(seconds=151)
    await county.start()
    await county.settled()
    assert card(aino) == old
    aino.tap("Ohita")
    await county.settled()
    assert RESPECTED in card(aino).text
    assert warnings(caplog, aino) == []


async def test_a_tap_too_old_to_be_answered_counts_all_the_same(
    county: County, aino: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    await county.stop()
    aino.tap("Ohita")
    taken = county.sandbox.telegram.updates.newest
    county.clock.passes(seconds=151)
    county.sandbox.telegram.updates.unconfirmed(taken)
    county.sandbox.telegram.updates.again(taken)  # a bot that had it in hand all that time
    await county.start()
    await county.settled()
    assert RESPECTED in card(aino).text
    assert warnings(caplog, aino) == []
    told = "Telegram refused: Bad Request: query is too old and response timeout expired or query"
    assert sum(record.getMessage().startswith(told) for record in caplog.records) == 1


# Somebody else's bot, somebody else's token


@POLLING
async def test_another_bot_with_the_same_token_is_one_line_and_ours_goes_on_after_it(
    county: County, aino: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    url = f"{county.sandbox.url}/bot{TOKEN}/getUpdates"
    newest = county.sandbox.telegram.updates.newest
    async with aiohttp.ClientSession() as other:
        poll = other.post(url, json={"offset": newest + 1, "timeout": 50})
        holding = asyncio.ensure_future(poll)
        await until(lambda: len(warnings(caplog, aino)) == 1)
        holding.cancel()
        await asyncio.gather(holding, return_exceptions=True)
    aino.type(ANSWER)
    await county.settled()
    assert RESPECTED in card(aino).text
    assert warnings(caplog, aino) == [
        "Another bot is running with the same token (TelegramConflictError). "
        "Stop the other one; this one keeps trying."
    ]


@POLLING
async def test_a_token_refused_in_the_middle_of_a_run_ends_it_with_one_sentence(
    county: County, aino: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    county.sandbox.faults.meet("getUpdates", Refused("Unauthorized"))
    aino.type(ANSWER)
    with pytest.raises(TokenRefused, match=r"^Telegram does not know this bot: check RAATI_TOKEN"):
        await county.settled()
    assert RESPECTED in card(aino).text, "what was in hand is finished"
    assert warnings(caplog, aino) == []
    await county.start()


async def test_a_token_refused_at_the_start_ends_the_run_with_one_sentence(
    county: County, caplog: pytest.LogCaptureFixture
) -> None:
    for method in ("getUpdates", "setWebhook"):
        county.sandbox.faults.meet(method, Refused("Unauthorized"))
    await county.stop()
    with pytest.raises(TokenRefused, match=r"^Telegram does not know this bot: check RAATI_TOKEN"):
        await county.start()
    assert warnings(caplog) == []
    county.sandbox.faults = Faults()
    await county.start()


async def test_a_token_that_only_an_answer_finds_refused_is_one_line(
    county: County, aino: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    county.sandbox.faults.meet("sendMessage", Refused("Unauthorized"), Refused("Unauthorized"))
    aino.type(ANSWER)
    await county.settled()
    aino.type("4")
    await county.settled()
    assert warnings(caplog, aino) == [unsaid("TelegramUnauthorizedError")]
