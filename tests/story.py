"""A coordinator's first day in the demo, led in Chromium: she opens a survey and tells of it,
writes to the subscribers with a wrong link and corrects it, gives the survey more time, closes it.

`led` stops at each moment that is worth a look. The test looks at all of them; the pictures of the
coordinators' guides are taken at some.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from playwright.async_api import expect

from tests.browser import Fingers, Screen

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from playwright.async_api import Page

    from bot.sandbox import Sandbox

TITLE: Final = "Arjen turvallisuus"
WRONG: Final = "https://hyvaks.example/asukasilat"
RIGHT: Final = "https://hyvaks.example/asukasillat"
EVENING: Final = (
    f"**Asukasilta** maanantaina 1.2. klo 17. Ilmoittaudu: {WRONG}",
    f"**Invånarkväll** måndag 1.2 kl. 17. Anmäl dig: {WRONG}",
    f"**Residents' evening** on Monday 1 February at 17:00. Sign up: {WRONG}",
)
"""What she writes, in the order in which she is asked: Finnish, Swedish, English."""


async def led(page: Page, sandbox: Sandbox) -> AsyncGenerator[str, None]:
    """Leads Kaisa from her unused link to the survey that is closed, and Sanna, who looks at what
    she writes; on a page in Finnish. Each moment by its name, with the phone in sight."""
    kaisa, sanna = (of(page, sandbox, name) for name in ("Kaisa", "Sanna"))
    await becomes_coordinator(kaisa)

    await goes_to(kaisa, "Kyselyt ja haut", "Uusi kysely tai haku", TITLE)
    await kaisa.press("Kokeile")
    await kaisa.press("Suomeksi")
    await kaisa.press("Aloita vastaaminen")
    await expect(kaisa.card).to_contain_text("Kuinka turvalliseksi")
    await goes_to(kaisa, "Kyselyt ja haut", f"Luonnos: {TITLE}", "Avaa…", "Tänään, heti")
    await kaisa.write("maanantai 8.2.")
    await kaisa.press("Avaa nyt")
    await expect(kaisa.card.get_by_role("img", name="Kuva")).to_be_visible()
    yield "a survey is open"
    await opens(kaisa, "Avaa linkki")
    await expect(kaisa.card).to_contain_text("Linkki toimii.")

    await kaisa.press("Kerro, että tämä on avattu")
    await kaisa.press("Katso ja lähetä")
    await is_tested(kaisa)
    await kaisa.press(await its_label(kaisa, "Lähetä "))
    await expect(kaisa.card).to_contain_text("Siihen asti voit perua")
    await passes(page, "+ 1 tunti")
    await everybody_has_it(kaisa)

    await becomes_coordinator(sanna)
    await in_sight(kaisa)
    await goes_to(kaisa, "Tiedotteet", "Uusi tiedote")
    await kaisa.press(await its_label(kaisa, "Uutisten tilaajat"))
    for words in EVENING:
        await kaisa.write(words)
    await is_tested(kaisa)
    yield "a broadcast is ready"
    await kaisa.press("Pyydä kollegaa katsomaan")
    await in_sight(sanna)
    await sanna.press("Titta på meddelandet")
    await sanna.press(await its_label(sanna, "Godkänn "))
    await in_sight(kaisa)
    await kaisa.press("Avaa tiedote")
    await expect(kaisa.card).to_contain_text("Odottaa")
    yield "it is being sent"
    await everybody_has_it(kaisa)

    await kaisa.press("Korjaa viestiä")
    await kaisa.press("Vaihda linkki")
    await kaisa.write(RIGHT)
    await kaisa.press("Linkki avautuu oikein")
    yield "a correction is reviewed"
    await is_corrected(kaisa)

    await goes_to(kaisa, "Kyselyt ja haut", f"Auki 8.2. asti: {TITLE}", "Muuta viimeistä päivää")
    await kaisa.write("15.2.")
    await kaisa.press("Muuta päivä")
    await expect(kaisa.card).to_contain_text("1 tiedotteessa lukee vielä 8.2.")
    yield "the old notice is found"
    await kaisa.press(f"Korjaa: {TITLE}: avautuminen")
    await is_corrected(kaisa)

    await goes_to(kaisa, "Kyselyt ja haut", f"Auki 15.2. asti: {TITLE}")
    for label in ("Sulje nyt…", "Sulje nyt"):
        await kaisa.press(label)
    await goes_to(kaisa, "Kyselyt ja haut", f"Sulkeutumassa: {TITLE}", "Peru sulkeminen")
    for label in ("Sulje nyt…", "Sulje nyt"):
        await kaisa.press(label)
    await goes_to(kaisa, "Kyselyt ja haut", f"Sulkeutumassa: {TITLE}")
    yield "the survey is closed again"


def of(page: Page, sandbox: Sandbox, name: str) -> Screen:
    """The phone of the person of that name."""
    phones = {phone.name: phone for phone in sandbox.stream.phones.values()}
    return Screen(page, phones[name], Fingers(), sandbox.settled)


async def in_sight(screen: Screen) -> None:
    """On a narrow page one phone is seen at a time."""
    people = screen.page.get_by_role("navigation", name="Puhelimet")
    await people.get_by_role("button", name=re.compile(rf"^{screen.phone.name}\b")).tap()


async def becomes_coordinator(screen: Screen) -> None:
    await in_sight(screen)
    await screen.hands.press(screen.place.get_by_role("note").get_by_role("link"))
    await screen.start()
    await expect(screen.card.locator(".key")).to_have_count(1)


async def goes_to(kaisa: Screen, *labels: str) -> None:
    """From the main menu, one button after the other."""
    await kaisa.write("/start")
    for label in ("Koordinaattorin sivut", *labels):
        await kaisa.press(label)


async def its_label(kaisa: Screen, beginning: str) -> str:
    """The label of the card's button that begins so."""
    return next(one for one in (await kaisa.read())[1] if one.startswith(beginning))


async def opens(kaisa: Screen, label: str) -> None:
    """A link button into the bot: the chat offers to start."""
    await kaisa.hands.press(kaisa.card.get_by_role("link", name=label))
    await kaisa.start()


async def is_tested(kaisa: Screen) -> None:
    """The draft on the card, up to the last question before it goes out."""
    await kaisa.press("Lähetä testi itselleni")
    await kaisa.press("Linkit avautuvat oikein")
    await kaisa.press("Tarkista ja lähetä")


async def passes(page: Page, step: str) -> None:
    """The page's clock goes on by one of its steps."""
    clock = page.get_by_role("button", name="Kello")
    await clock.tap()
    async with page.expect_response(lambda answer: answer.url.endswith("/clock")):
        await page.get_by_role("button", name=step).tap()
    await clock.tap()


async def everybody_has_it(kaisa: Screen) -> None:
    await expect(kaisa.card).to_contain_text("Lähetetty")
    await kaisa.settled()
    await kaisa.up_to_date()


async def is_corrected(kaisa: Screen) -> None:
    """The correction on the card goes out, to the last phone."""
    await kaisa.press("Lähetä korjaus")
    await expect(kaisa.card).to_contain_text("Uusi viesti korjauksesta")
    await expect(kaisa.card).not_to_contain_text("Korjataan vielä")
    await expect(kaisa.card).not_to_contain_text("Odottaa")
    await kaisa.settled()
    await kaisa.up_to_date()
