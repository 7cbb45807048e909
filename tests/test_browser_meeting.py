"""A meeting in the demo, from the coordinator's unused link to its cancellation, led in Chromium:
three members hear of it on their phones, each in their own language, when it is time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests import browser as browsing
from tests.browser import Fingers, Screen, opened

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import Browser, Page

pytestmark = pytest.mark.asyncio(loop_scope="module")

INVITED = (
    "Microsoft Teams -kokous\n"
    "Liity: https://teams.microsoft.com/l/meetup-join/keksitty\n"
    "Kokouksen tunnus: 123 456 789 01\n"
    "Tunnuskoodi: aB3dE6"
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    if browsing.PROGRAM is None:
        give_up = pytest.fail if browsing.REQUIRED else pytest.skip
        give_up(browsing.NONE_HERE)
    async with browsing.running() as one:
        yield one


async def becomes(page: Page, hands: Fingers, day: str, hour: str) -> None:
    """The page's clock is moved: February, on the hour."""
    await hands.press(page.get_by_role("button", name="Kello"))
    chosen = [("Kuukausi", "helmikuu 2027"), ("Päivä", day), ("Tunti", hour), ("Minuutti", "00")]
    for label, one in chosen:
        await page.get_by_role("combobox", name=label, exact=True).select_option(label=one)
    await hands.press(page.get_by_role("button", name=re.compile(r"Siirrä: ")))
    await hands.press(page.get_by_role("button", name="Kello"))


async def hears(screen: Screen, said: str) -> None:
    """The person's newest message says so; the bot looks at the clock once a second."""
    await expect(screen.place.get_by_role("article").last).to_contain_text(said)


async def test_a_meeting_is_called_reminded_of_moved_and_cancelled(
    browser: Browser, tmp_path: Path, patient: None
) -> None:
    hands = Fingers()
    async with (
        browsing.shown(tmp_path) as sandbox,
        opened(browser, sandbox.url, width=1280) as page,
    ):
        phones = {phone.name: phone for phone in sandbox.stream.phones.values()}
        kaisa, matti, maja, mary = (
            Screen(page, phones[name], hands, sandbox.settled)
            for name in ("Kaisa", "Matti", "Maja", "Mary")
        )
        await hands.press(kaisa.place.get_by_role("note").get_by_role("link"))
        await kaisa.start()
        await hears(kaisa, "Olet nyt koordinaattori.")
        await kaisa.press("Asiakasraati")
        await kaisa.press("Kokoontumiset")
        await kaisa.press("Kutsu kokoontuminen koolle")
        await kaisa.write(INVITED)
        await kaisa.write("to 18.2.")
        await kaisa.press("17.00–19.00")
        await kaisa.write("Yhdenvertaisuus palveluissa")
        await kaisa.write("Likabehandling i tjänsterna")
        await kaisa.write("Equality in the services")
        await kaisa.press("Ei aineistoa")
        await kaisa.press("Valmis")
        await browsing.picture(page, "1280 a meeting before it is called")
        assert await browsing.flaws(page) == ""
        await kaisa.press("Se avasi oikean kokoontumisen")
        await kaisa.press("Lähetä kutsu")
        await hears(matti, "Kutsu: asiakasraati kokoontuu")
        await hears(maja, "Inbjudan: kundrådet träffas")
        await hears(mary, "You are invited to a panel meeting")
        await matti.press("Tulen")
        await hears(matti, "Kiitos, merkitsimme, että tulet.")

        await becomes(page, hands, "11 to", "17")
        await hears(matti, "Raati kokoontuu torstaina 18.2.")
        await hears(maja, "Kundrådet träffas torsdag")
        await hears(mary, "The panel meets on Thursday")
        await becomes(page, hands, "15 ma", "17")
        await hears(maja, "Du har inte svarat på inbjudan än.")
        await hears(mary, "You have not answered the invitation yet.")
        await hears(matti, "Raati kokoontuu torstaina 18.2.")  # he has

        await kaisa.press("Muuta")
        await kaisa.press("Päivä ja aika")
        await kaisa.write("pe 19.2.")
        await kaisa.press("17.00–19.00")
        await kaisa.press("Kerro muutos heti")
        await hears(matti, "Uusi aika on perjantaina 19.2.")
        await hears(maja, "fredag 19.2")
        await hears(mary, "Friday 19 February")
        await becomes(page, hands, "18 to", "17")
        await hears(matti, "Raati kokoontuu huomenna, perjantaina 19.2.")
        await becomes(page, hands, "19 pe", "16")
        await hears(mary, "The panel meets today, Friday 19 February")
        await expect(mary.key("I can't get in")).to_be_visible()
        await page.set_viewport_size({"width": 390, "height": 844})
        await browsing.picture(page, "390 on the day of a meeting")
        assert await browsing.flaws(page) == ""
        assert await browsing.sideways(page) == []
        await page.set_viewport_size({"width": 1280, "height": 844})

        await kaisa.press("Peru kokoontuminen")
        await kaisa.press("Ilman syytä")
        await kaisa.press("Peru kokoontuminen ja kerro heti")
        await hears(matti, "Kokoontuminen on peruttu")
        await hears(maja, "Mötet är inställt")
        await hears(mary, "The meeting is cancelled")
