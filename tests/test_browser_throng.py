"""The throng on the page, in Chromium: what thousands of phones show while the bot writes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import expect

from bot.sandbox import Sandbox
from bot.sandbox.clock import Clock
from tests import browser as browsing
from tests.bare import TOKEN, Bot
from tests.browser import Fingers, Keys, opened

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, Locator, Page

pytestmark = pytest.mark.asyncio(loop_scope="module")

WRONG, RIGHT = "https://kysely.example/vaara", "https://kysely.example/oikea"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One for all of these tests."""
    if browsing.PROGRAM is None:
        give_up = pytest.fail if browsing.REQUIRED else pytest.skip
        give_up(browsing.NONE_HERE)
    async with browsing.running() as one:
        yield one


@pytest_asyncio.fixture(loop_scope="module")
async def sandbox() -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(token=TOKEN, clock=Clock())
    sandbox.phone("Kaarina", "fi", role="coordinator").type("/start")
    await sandbox.start()
    yield sandbox
    await sandbox.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    async with aiohttp.ClientSession() as http:
        yield Bot(sandbox.url, http)


def strip(page: Page) -> Locator:
    return page.get_by_role("region", name=re.compile("Väkijoukko|Folkmassan|The crowd"))


async def nothing_wrong(page: Page, name: str) -> None:
    await browsing.picture(page, name)
    assert await browsing.flaws(page) == ""
    assert await browsing.sideways(page) == []


@pytest.mark.parametrize(("hands", "width"), [(Fingers, 390), (Keys, 1280)])
async def test_a_broadcast_and_its_correction_are_followed_on_every_phone(
    browser: Browser, sandbox: Sandbox, bot: Bot, hands: Any, width: int
) -> None:
    async with opened(browser, sandbox.url, width=width, touch=hands is Fingers) as page:
        await expect(strip(page)).to_be_hidden()
        people = sandbox.throng.join((f"Asukas {n}", "fi") for n in range(1200))
        sandbox.throng.join([("Eino", "fi"), ("Elin", "sv")], blocked=True)
        throng = strip(page)
        await expect(throng).to_contain_text(
            re.compile(r"1\s202 puhelinta, 1\s202 ilman viestiä, 2 on estänyt botin")
        )
        await expect(throng).to_have_attribute("data-phones", "1202")
        await expect(throng).to_have_attribute("data-blocked", "2")
        rows = throng.get_by_role("listitem")
        fold = throng.get_by_role("button", name="Väkijoukko")
        if width < 1000:
            await expect(fold).to_have_attribute("aria-expanded", "false")
            await hands().press(fold)
        await expect(fold).to_have_attribute("aria-expanded", "true")

        sent = []
        for phone in people[:20]:
            message = await bot.call("sendMessage", chat_id=phone.chat_id, text=f"Avaa {WRONG}")
            sent.append((phone.chat_id, message["message_id"]))
        await expect(rows).to_have_count(1)
        await expect(rows.first).to_contain_text("20 puhelinta")
        await expect(rows.first).to_contain_text(WRONG)
        await expect(throng).to_have_attribute("data-bare", "1182")

        for chat_id, number in sent[:15]:
            where = {"chat_id": chat_id, "message_id": number}
            await bot.call("editMessageText", **where, text=f"Avaa {RIGHT}")
        right, wrong = rows.filter(has_text=RIGHT), rows.filter(has_text=WRONG)
        await expect(right).to_have_attribute("data-phones", "15")
        await expect(right).to_have_attribute("data-edited", "15")
        await expect(right).to_contain_text("muokattu 15 puhelimessa")
        await expect(wrong).to_have_attribute("data-newest", "5")
        await nothing_wrong(page, f"{width} the throng")

        for chat_id, number in sent[15:]:
            await bot.call("deleteMessage", chat_id=chat_id, message_id=number)
        await expect(wrong).to_have_count(0)
        await page.get_by_role("button", name="EN, English").click()
        await expect(strip(page)).to_contain_text("15 phones · edited on 15")


async def test_more_than_eight_messages_are_counted_and_drawn_into_sight(
    browser: Browser, sandbox: Sandbox, bot: Bot
) -> None:
    people = sandbox.throng.join((f"Asukas {n}", "fi") for n in range(12))
    for number, phone in enumerate(people):
        await bot.call("sendMessage", chat_id=phone.chat_id, text=f"Viesti {number} " + "a" * 150)
    async with opened(browser, sandbox.url, height=700) as page:
        throng = strip(page)
        await throng.get_by_role("button", name="Väkijoukko").tap()
        await expect(throng.get_by_role("listitem")).to_have_count(8)
        others = throng.get_by_text("Ja 4 muuta viestiä.")
        await expect(others).to_be_visible()
        await expect(others).to_have_attribute("data-others", "4")
        await nothing_wrong(page, "390 a throng of many messages")
        shown = throng.get_by_role("list", name="Mitä väkijoukon puhelimissa näkyy")
        await Keys().reach(shown)
        await page.keyboard.press("End")
        await expect(throng.get_by_role("listitem").last).to_be_in_viewport()
