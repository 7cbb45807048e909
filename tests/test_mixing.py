"""The mix at work in the running bot: beside the conversations, at the close, and at the next
start."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from typing import TYPE_CHECKING

from bot import app
from storage import database, drafts, mix, responses, surveys
from tests.midway import card
from tests.pool import waiting

if TYPE_CHECKING:
    import pytest

    from bot.kept import Kept
    from bot.sandbox import Phone
    from tests.county import County

ROOM = 8192
K = 10


async def send(here: Kept, county: County, *chats: int) -> None:
    """As many residents send, each from a chat of their own."""
    for chat in chats:
        await drafts.begin(
            here.store, chat, "equality", b"", room=ROOM, expires=county.wall().date(), ordinal=1
        )
        assert await responses.finish(
            here.store, chat, "equality", closed={"n": chat}, opened={}, room=ROOM
        )


def passing(county: County) -> list[str]:
    """What passing keys there are."""
    folder = county.folder / "keys" / "passing"
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.key"))


def labels(phone: Phone) -> list[str]:
    return [button.label for row in card(phone).rows for button in row]


async def sends(county: County, name: str) -> Phone:
    """Somebody answers no more than they must, and sends."""
    phone = county.phone(name)
    for deed in ("/start", "Vastaa", "Aloita vastaaminen"):
        phone.type(deed) if deed == "/start" else phone.tap(deed)
        await county.settled()
    while "Lähetä" not in labels(phone):
        phone.tap("Ohita" if "Ohita" in labels(phone) else labels(phone)[0])
        await county.settled()
    phone.tap("Lähetä")
    await county.settled()
    return phone


async def test_who_completes_the_twice_k_lets_k_come_out(county: County) -> None:
    await county.open("equality", "2027-02-08")
    async with app.kept(county.settings) as here:
        await send(here, county, *range(1, 2 * K))
    await sends(county, "Aino")
    [listed] = await county.listed()
    assert (listed.received, listed.mixing) == (2 * K, K)
    assert len(waiting(county.folder)) == K
    assert len([name for name in passing(county) if "batch" in name]) == 1


async def test_at_four_the_rest_comes_out_and_nothing_is_left_to_open_it_with(
    county: County,
) -> None:
    await county.open("equality", "2027-02-08")
    async with app.kept(county.settings) as here:
        await send(here, county, *range(1, K + 1))
    county.clock.becomes("2027-02-09 03:59")
    await late(county)
    assert [name for name in passing(county) if "batch" in name]
    county.clock.becomes("2027-02-09 04:00")
    await late(county)
    [listed] = await county.listed()
    assert (listed.state, listed.received, listed.mixing) == ("closed", K, 0)
    assert passing(county) == []


async def test_what_ended_while_the_bot_was_down_is_closed_at_its_start(county: County) -> None:
    await county.open("equality", "2027-02-08")
    async with app.kept(county.settings) as here:
        await send(here, county, *range(1, K))
    await county.stop()
    county.clock.becomes("2027-02-12 10:00")
    await county.start()
    await county.settled()
    [listed] = await county.listed()
    assert (listed.state, listed.received, listed.mixing) == ("closed", K - 1, 0)
    assert passing(county) == []
    async with app.kept(county.settings) as here:
        assert await responses.count(here.store, "equality") == 0, "fewer than k: only counts"
        assert await surveys.dissolved(here.store) == {"equality"}


async def test_closed_by_mistake_it_goes_on_as_if_nothing_had_been(county: County) -> None:
    await county.open("equality", "2027-02-08")
    async with app.kept(county.settings) as here:
        await send(here, county, 1, 2)
    before = passing(county)
    await county.close("equality")
    await late(county)
    await county.open("equality", "2027-02-08")
    county.clock.becomes("2027-01-28 04:30")
    await late(county)
    assert passing(county) == before
    assert len(waiting(county.folder)) == 2


async def test_what_a_crash_left_is_wiped_and_buried_at_the_start(county: County) -> None:
    await county.open("equality", "2027-02-08")
    await county.stop()
    async with app.kept(county.settings) as here:
        await send(here, county, *range(1, 2 * K + 1))
        assert await mix.release(here.store, "equality", k=K, room=ROOM) == K
    assert len([name for name in passing(county) if "batch" in name]) == 2
    await county.start()
    await county.settled()
    assert len([name for name in passing(county) if "batch" in name]) == 1
    [listed] = await county.listed()
    assert (listed.received, listed.mixing) == (2 * K, K)


async def test_who_answers_meanwhile_does_not_wait_for_the_mix(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mix stands still in its middle, and a whole conversation goes on beside it."""
    await county.open("equality", "2027-02-08")
    stands, goes_on = asyncio.Event(), asyncio.Event()
    bury = mix.bury

    async def slow(store: object) -> None:
        stands.set()
        await goes_on.wait()
        await bury(store)  # type: ignore[arg-type]

    async with app.kept(county.settings) as here:
        await send(here, county, *range(1, 2 * K))
    monkeypatch.setattr(mix, "bury", slow)
    resting = asyncio.create_task(sends(county, "Aino"))
    await stands.wait()
    phone = county.phone("Eero")
    phone.type("/start")
    async with asyncio.timeout(30):
        while len(phone.messages) < 2:  # noqa: ASYNC110 - that he does not wait is the fact
            await asyncio.sleep(0.01)
    goes_on.set()
    await resting


async def test_what_lost_its_key_is_gone_at_the_start_and_may_be_sent_again(
    county: County, caplog: pytest.LogCaptureFixture
) -> None:
    await county.open("equality", "2027-02-08")
    await sends(county, "Aino")
    eero = await sends(county, "Eero")
    await county.stop()
    shutil.rmtree(county.folder / "keys" / "passing")  # it lay in memory
    await county.start()
    await county.settled()
    assert "2 answers that waited in the mix are lost: their key is gone" in caplog.text
    [listed] = await county.listed()
    assert (listed.received, listed.mixing) == (0, 0)
    eero.type("/start")
    await county.settled()
    assert "jo vastattu" not in card(eero).text
    await sends(county, "Ilma")
    [listed] = await county.listed()
    assert (listed.received, listed.mixing) == (1, 1)


async def test_a_mix_that_cannot_go_on_says_so_in_a_line_and_goes_on_later(
    county: County, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await county.open("equality", "2027-02-08")
    async with app.kept(county.settings) as here:
        await send(here, county, *range(1, 2 * K))

    async def broken(*_: object, **__: object) -> int:
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as now:
        now.setattr(mix, "release", broken)
        phone = await sends(county, "Aino")
        assert "perillä" in phone.messages[-1].text
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == [
        "the mix stands still (OperationalError)"
    ]
    county.clock.passes(hours=1)
    await late(county)
    [listed] = await county.listed()
    assert (listed.received, listed.mixing) == (2 * K, K)


async def test_while_somebody_reads_the_mix_waits_and_says_so(
    county: County, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.mixing.AGAIN", 0.05)
    hurried = (*database._PRAGMAS, "PRAGMA busy_timeout=20")
    monkeypatch.setattr(database, "_PRAGMAS", hurried)
    await county.restart()
    await county.open("equality", "2027-02-08")
    async with app.kept(county.settings) as here:
        await send(here, county, *range(1, 2 * K))
    reader = sqlite3.connect(county.folder / "data" / "raati.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM pool").fetchone()
    await sends(county, "Aino")
    await asyncio.sleep(0.3)  # it is tried again a few times
    assert len(waiting(county.folder)) == 2 * K, "nothing comes out that could not be wiped after"
    assert caplog.text.count("the mix waits until it can be wiped") == 1
    reader.execute("COMMIT")
    reader.close()
    async with asyncio.timeout(30):
        while len(waiting(county.folder)) > K:  # noqa: ASYNC110 - it is tried again by the clock
            await asyncio.sleep(0.02)


async def late(county: County) -> None:
    """Something happens, so that the bot looks at the clock."""
    phone = county.phone("Postman")
    phone.type("/help")
    await county.settled()


async def test_a_call_closes_with_its_keys_too(county: County) -> None:
    await county.open("application", "2027-02-08")
    phone = county.phone("Aino")
    for deed in ("/start", "Hae asiakasraatiin", "Aloita hakemus"):
        phone.type(deed) if deed == "/start" else phone.tap(deed)
        await county.settled()
    assert passing(county)
    county.clock.becomes("2027-02-09 04:00")
    await late(county)
    assert passing(county) == []
    async with app.kept(county.settings) as here:
        [kept] = await surveys.listed(here.store)
        assert kept.state == "closed"
