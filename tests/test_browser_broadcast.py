"""A coordinator's first day in the demo, led in Chromium: what she and those she writes to see."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests import browser as browsing
from tests import story
from tests.browser import opened

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import Browser, Page

    from bot.sandbox import Phone

pytestmark = pytest.mark.asyncio(loop_scope="module")

SUBSCRIBERS = range(2000, 2300)
LEFT = 6
"""Of these have blocked the bot."""
RATE = 60
"""Messages a second: a broadcast takes as long as it takes to look at it."""

NEW_DAY = ("maanantaina 15.2.", "måndag 15.2", "Monday 15 February")
OLD_DAY = ("maanantaina 8.2.", "måndag 8.2", "Monday 8 February")
MARKS = ("Korjattu 27.1.", "Rättat 27.1", "Corrected 27 January")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    if browsing.PROGRAM is None:
        give_up = pytest.fail if browsing.REQUIRED else pytest.skip
        give_up(browsing.NONE_HERE)
    async with browsing.running() as one:
        yield one


async def nothing_wrong(page: Page, moment: str) -> None:
    """On a phone and on a desk; three phones lie on it, which fit."""
    for width in (1280, 390):
        await page.set_viewport_size({"width": width, "height": 844})
        await browsing.picture(page, f"{width} {moment}")
        assert (await browsing.flaws(page), moment, width) == ("", moment, width)
        assert (await browsing.sideways(page), moment, width) == ([], moment, width)


def shows_what_is_right(phone: Phone) -> bool:
    """Both messages are right where they stand, and two new ones say what was wrong in them."""
    opened, evening, of_the_evening, of_the_day = phone.messages

    def says(text: str, *some: tuple[str, ...] | str) -> bool:
        return all(
            one in text if isinstance(one, str) else any(map(text.count, one)) for one in some
        )

    return (
        (opened.edited and says(opened.text, MARKS, NEW_DAY) and not says(opened.text, OLD_DAY))
        and (evening.edited and says(evening.text, MARKS, story.RIGHT))
        and story.WRONG not in evening.text
        and says(of_the_evening.text, story.WRONG, story.RIGHT)
        and says(of_the_day.text, OLD_DAY, NEW_DAY)
    )


async def test_what_she_wrote_wrong_is_right_on_every_phone(
    browser: Browser, tmp_path: Path, patient: None
) -> None:
    async with (
        browsing.shown(tmp_path, rate=RATE, subscribers=SUBSCRIBERS) as sandbox,
        opened(browser, sandbox.url, width=1280) as page,
    ):
        for name in ("Matti", "Emma", "Elin", "Maja", "Mary"):
            await page.get_by_role("button", name=re.compile(f": {name}$")).click()
        board = page.get_by_role("button", name="Alueella nyt")
        await board.tap()
        aino = story.of(page, sandbox, "Aino")
        await aino.start()
        await aino.press("Kerro uusista kyselyistä")
        await page.set_viewport_size({"width": 390, "height": 844})
        async for moment in story.led(page, sandbox):
            await nothing_wrong(page, moment)

        received = [phone for phone in sandbox.throng if phone.messages]
        assert len(received) == len(SUBSCRIBERS) - LEFT
        assert [phone.name for phone in received if not shows_what_is_right(phone)] == []
        await story.in_sight(aino)
        await expect(aino.place.get_by_role("article").last).to_contain_text("Korjaus viestiimme")
        throng = page.get_by_role("region", name="Väkijoukko")
        evening = throng.get_by_role("listitem").filter(has_text="Korjattu 27.1. Asukasilta")
        edited = sum(phone.messages[1].text.startswith("Korjattu") for phone in received)
        await expect(evening).to_have_attribute("data-phones", str(edited))
        await expect(evening).to_have_attribute("data-edited", str(edited))
        await expect(evening).to_contain_text(story.RIGHT)
        await board.tap()
        survey = page.get_by_role("listitem").filter(has_text=story.TITLE).first
        await expect(survey).to_contain_text("päättyi, aloitetut voi vielä lähettää")
        await nothing_wrong(page, "when she is done")
