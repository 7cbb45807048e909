"""The demo's page in Chromium: a survey and an application from the first tap to the receipt."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests import browser as browsing
from tests.browser import Fingers, Keys, Screen, opened
from tests.county import county as running_county
from tests.reader import LANGUAGES, Reader

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import Browser, Page

    from bot.sandbox import Phone
    from tests.county import County

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One for all of these tests."""
    if browsing.PROGRAM is None:
        give_up = pytest.fail if browsing.REQUIRED else pytest.skip
        give_up(browsing.NONE_HERE)
    async with browsing.running() as one:
        yield one


@pytest_asyncio.fixture(loop_scope="module")
async def county(browser: Browser, tmp_path: Path, patient: None) -> AsyncIterator[County]:
    """The bot at work, with a survey and a call open."""
    async with running_county(tmp_path) as here:
        await here.open("equality", "2027-02-08")
        await here.open("application", "2027-02-08")
        yield here


def on(page: Page, county: County, phone: Phone, hands: Fingers | Keys | None = None) -> Screen:
    """The phone as the page shows it."""

    async def settled() -> None:
        county.clock.passes(seconds=7)
        await county.settled()

    return Screen(page, phone, hands or Fingers(), settled)


def reader(language: str) -> Reader:
    words = ["Sanani ensin.", "Sanani toiseksi.", "Sanani kolmanneksi.", "Haluan mukaan."]
    return Reader(LANGUAGES[language], "Testi Esimerkki", "testi@example.org", words)


async def answers_and_applies(screen: Screen, county: County, language: str) -> None:
    someone = reader(language)
    await screen.start()
    await screen.goes_on(someone)
    assert someone.words == []
    received = {survey.name: survey.received for survey in await county.listed()}
    assert received == {"equality": 1, "application": 1}


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
async def test_a_survey_and_an_application_are_tapped_and_typed_to_the_receipt(
    browser: Browser, county: County, language: str
) -> None:
    phone = county.phone("Aino", language)
    async with opened(browser, county.sandbox.url) as page:
        screen = on(page, county, phone)
        await answers_and_applies(screen, county, language)


@pytest.mark.parametrize(("language", "width"), [("fi", 390), ("sv", 1280)])
async def test_a_survey_and_an_application_need_no_more_than_a_keyboard(
    browser: Browser, county: County, language: str, width: int
) -> None:
    phone = county.phone("Aino", language)
    async with opened(browser, county.sandbox.url, width=width, touch=False) as page:
        await answers_and_applies(on(page, county, phone, Keys()), county, language)


async def states(screen: Screen) -> AsyncIterator[str]:
    """What a person meets from an empty phone to the receipt, one after the other, each named."""
    someone = reader("fi")
    yield "empty phone"
    await screen.start()
    yield "menu"
    for name in ("Komennot", "Lähetä muuta kuin tekstiä", "Lisää toimintoja"):
        await screen.button(name).tap()
        yield f"unfolded {name}"
        await screen.page.keyboard.press("Escape")
    await screen.page.get_by_role("button", name="Lisää", exact=True).tap()
    yield "another person"
    await screen.page.keyboard.press("Escape")
    screen.phone.block()
    await expect(screen.button("Poista esto")).to_be_visible()
    yield "blocked"
    screen.phone.unblock()
    await screen.settled()
    await screen.goes_on_elsewhere(someone, until="Kenestä vastauksesi kertovat?")
    yield "question"
    await screen.goes_on_elsewhere(someone, until="Mitä yhdenvertaisuus")
    yield "question in words"
    await screen.goes_on_elsewhere(someone, until="Mikä vaikeuttaa")
    await screen.press("2. Pitkä odotusaika")
    yield "several choices"
    await screen.goes_on_elsewhere(someone, until="Tarkista vastauksesi")
    yield "review"
    await screen.press("Lähetä")
    yield "receipt"
    await screen.goes_on_elsewhere(someone, until="Missä kunnassa asut?")
    yield "long list"
    await screen.page.get_by_role("button", name="Kehittäjälle").tap()
    yield "calls"


@pytest.mark.parametrize(
    ("width", "scheme", "letters"), [(390, "light", 1), (640, "light", 2), (1280, "dark", 1)]
)
async def test_every_state_can_be_read_by_everybody_and_fits_the_window(
    browser: Browser, county: County, width: int, scheme: str, letters: int
) -> None:
    phone = county.phone("Aino", "fi")
    async with opened(browser, county.sandbox.url, width=width, scheme=scheme) as page:
        await page.evaluate("(n) => document.documentElement.style.fontSize = `${n}00%`", letters)
        async for state in states(on(page, county, phone)):
            await browsing.picture(page, f"{width} {scheme} {letters}00 {state}")
            assert (await browsing.flaws(page), state) == ("", state)
            assert (await browsing.sideways(page), state) == ([], state)


async def test_a_long_list_is_scrolled_to_its_end_and_tapped(
    browser: Browser, county: County
) -> None:
    phone = county.phone("Aino", "fi")
    async with opened(browser, county.sandbox.url, height=600) as page:
        screen = on(page, county, phone)
        await screen.start()
        await screen.press("Hae asiakasraatiin")
        await screen.goes_on_elsewhere(reader("fi"), until="Missä kunnassa asut?")
        question, last = screen.card.get_by_text("Missä kunnassa asut?"), screen.key("Lopeta")
        await expect(question).to_be_in_viewport()  # a card taller than the phone begins in sight
        await expect(last).not_to_be_in_viewport()
        await browsing.drawn_into_sight(last, down=-200)
        await expect(question).not_to_be_in_viewport()
        await browsing.drawn_into_sight(question, down=200)
        await screen.press("Seuraava sivu")
        await screen.press("Seuraava sivu")
        await screen.press("22. Äänekoski")
        assert "Minkä ikäinen olet?" in (await screen.read())[0]


async def test_choosing_several_far_down_a_long_card_leaves_it_where_it_is(
    browser: Browser, county: County
) -> None:
    phone = county.phone("Aino", "fi")
    async with opened(browser, county.sandbox.url, height=600) as page:
        screen = on(page, county, phone)
        await screen.start()
        await screen.goes_on_elsewhere(reader("fi"), until="Mikä vaikeuttaa palvelujen käyttöä?")
        question = screen.card.get_by_text("Mikä vaikeuttaa palvelujen käyttöä?")
        await browsing.drawn_into_sight(screen.key("Lopeta"), down=-200)
        await screen.press("10. Jokin muu")
        await expect(screen.key("✓ valittu: 10. Jokin muu")).to_be_in_viewport()
        await expect(question).not_to_be_in_viewport()


async def test_the_page_follows_another_device_to_the_last_deletion(
    browser: Browser, county: County
) -> None:
    phone = county.phone("Aino", "fi")
    async with opened(browser, county.sandbox.url) as page:
        screen = on(page, county, phone)
        await screen.start()
        await screen.goes_on_elsewhere(reader("fi"), until="Tarkista vastauksesi")
        said = page.get_by_role("article").filter(has_text="Sanani ensin.")
        await expect(said).to_have_count(2)  # as it was typed, and in the review
        phone.tap("Lähetä ja poista keskustelu")
        await county.settled()
        await screen.up_to_date()
        await expect(said).to_have_count(0)


async def test_what_a_person_types_is_shown_as_they_typed_it(
    browser: Browser, county: County
) -> None:
    phone = county.phone("<b>Aino</b>", "fi")
    hostile = (
        "<img src=x onerror=\"document.title='taken'\"> **ei** _ei_ [linkki](https://x.example)"
    )
    async with opened(browser, county.sandbox.url) as page:
        screen = on(page, county, phone)
        await screen.start()
        await screen.goes_on_elsewhere(reader("fi"), until="Mitä yhdenvertaisuus")
        await screen.write(hostile)
        # Telegram's own signs are formatting, as in its clients; everything else stays as it is.
        assert phone.messages[-2].sender == "person"
        marks = [entity["type"] for entity in phone.messages[-2].entities]
        assert marks == ["bold", "text_link"]
        hostile = hostile.replace("**", "").replace("[linkki](https://x.example)", "linkki")
        await screen.goes_on_elsewhere(reader("fi"), until="Tarkista vastauksesi")
        for shown in (phone.messages[-1], *(m for m in phone.messages if m.text == hostile)):
            assert hostile in shown.text
        articles = page.get_by_role("article").filter(has_text=hostile)
        await expect(articles).to_have_count(2)
        assert "taken" not in await page.title()
        assert await page.locator("article img, article b, article em").count() == 0


async def test_a_message_is_edited_on_the_page(browser: Browser, county: County) -> None:
    phone = county.phone("Aino", "fi")
    async with opened(browser, county.sandbox.url) as page:
        screen = on(page, county, phone)
        await screen.start()
        await screen.goes_on_elsewhere(reader("fi"), until="Mitä yhdenvertaisuus")
        await screen.write("Samaa koht")
        await screen.button("Muokkaa viestiä: Samaa koht").tap()
        await page.keyboard.press("End")
        await page.keyboard.type("elua.")
        async with screen.done():
            await screen.button("Tallenna muutos").tap()
        await expect(page.get_by_role("article").filter(has_text="Samaa kohtelua.")).to_be_visible()
        await screen.goes_on_elsewhere(reader("fi"), until="Tarkista vastauksesi")
        assert "Samaa kohtelua." in (await screen.read())[0]


@pytest.mark.parametrize(
    ("kind", "hands"), [("Ääniviesti", Fingers), ("Kuva", Fingers), ("Tarra", Keys)]
)
async def test_voice_photo_and_sticker_are_sent_and_answered(
    browser: Browser, county: County, kind: str, hands: type[Fingers | Keys]
) -> None:
    phone = county.phone("Aino", "fi")
    async with opened(browser, county.sandbox.url) as page:
        screen = on(page, county, phone, hands())
        await screen.start()
        await screen.hands.press(screen.button("Lähetä muuta kuin tekstiä"))
        async with screen.done():
            await screen.hands.press(screen.button(kind))
        sent, answered = phone.messages[-2:]
        assert (sent.sender, answered.sender) == ("person", "bot")
        await expect(page.get_by_role("article", name=kind)).to_be_visible()
        await screen.write("/start")


@pytest.mark.parametrize("hands", [Fingers, Keys])
async def test_the_bot_is_blocked_and_unblocked(
    browser: Browser, county: County, hands: type[Fingers | Keys]
) -> None:
    phone = county.phone("Aino", "fi")
    async with opened(browser, county.sandbox.url) as page:
        screen = on(page, county, phone, hands())
        await screen.start()
        await screen.hands.press(screen.button("Lisää toimintoja"))
        async with screen.done():
            await screen.hands.press(screen.button("Estä botti"))
        assert phone.blocked
        await expect(screen.field).to_be_hidden()
        async with screen.done():
            await screen.hands.press(screen.button("Poista esto"))
        assert not phone.blocked
        await screen.write("/start")


async def test_a_link_to_the_bot_opens_in_the_phone_it_is_tapped_in(
    browser: Browser, county: County
) -> None:
    phone = county.phone("Aino", "fi")
    async with opened(browser, county.sandbox.url) as page:
        screen = on(page, county, phone)
        await screen.start()
        await screen.write("https://t.me/raati_bot?start=equality")
        link = page.get_by_role("link", name="https://t.me/raati_bot?start=equality")
        await link.tap()
        await expect(screen.field).to_be_hidden()
        await screen.button("Ei nyt").tap()
        await expect(screen.field).to_be_visible()
        await link.tap()
        await screen.start()
        assert [message.text for message in phone.messages].count("/start equality") == 1
        await expect(screen.field).to_be_visible()
        assert "Aloita vastaaminen" in (await screen.read())[1]
        assert len(page.context.pages) == 1


async def test_another_person_gets_a_phone_of_their_own(browser: Browser, county: County) -> None:
    aino = county.phone("Aino", "fi")
    async with opened(browser, county.sandbox.url) as page:
        first = on(page, county, aino)
        await first.start()
        await page.get_by_role("button", name="Lisää", exact=True).tap()
        await page.get_by_role("textbox", name="Nimi").tap()
        await page.keyboard.type("Elin")
        await page.get_by_role("combobox", name="Puhelimen kieli").select_option(label="svenska")
        await page.get_by_role("button", name="Lisää puhelin").tap()
        await expect(page.get_by_role("region", name="Telefon: Elin")).to_be_visible()
        await expect(first.place).to_be_hidden()  # one at a time, in a window this wide
        elin = next(one for one in county.sandbox.stream.phones.values() if one.name == "Elin")
        second = on(page, county, elin)
        await second.start()
        assert "Svara: " in " ".join((await second.read())[1])
        aino.type("/help")
        await county.settled()
        await page.get_by_role("button", name=re.compile("Aino.*uusi viesti")).tap()
        await expect(second.place).to_be_hidden()
        await first.up_to_date()
        await first.write("/start")


async def test_a_demo_is_led_past_the_last_day_with_a_keyboard(
    browser: Browser, tmp_path: Path, patient: None
) -> None:
    """Two residents in two languages, a crowd, and one who finishes when the survey has ended."""
    keys = Keys()
    async with (
        browsing.shown(tmp_path) as sandbox,
        opened(browser, sandbox.url, width=1280, touch=False) as page,
    ):
        survey = page.get_by_role("listitem").filter(has_text="Yhdenvertaisuus palveluissa")
        received = survey.get_by_role("strong")
        await expect(survey).to_contain_text("avoinna 1.2. asti")
        before = int(await received.inner_text())

        await expect(page.get_by_role("region", name="Phone: Emma")).to_be_visible()
        phones = {phone.name: phone for phone in sandbox.stream.phones.values()}
        aino, elin, emma = (
            Screen(page, phones[name], keys, sandbox.settled) for name in ("Aino", "Elin", "Emma")
        )
        await aino.start()
        await aino.press("Vastaa: Yhdenvertaisuus palveluissa")
        await aino.press("Aloita vastaaminen")
        await elin.start()
        await elin.press("Svara: Likabehandling i tjänsterna")
        await elin.press("Börja svara")

        await keys.press(page.get_by_role("button", name="30 asukasta vastaa"))
        await expect(page.get_by_role("progressbar", name="Asukkaat vastaavat")).to_be_visible()
        await expect(page.get_by_text("30 asukasta on käynyt.")).to_be_visible()
        assert int(await received.inner_text()) > before

        await keys.press(page.get_by_role("button", name="Kello"))
        for label, chosen in [
            ("Kuukausi", "helmikuu 2027"),
            ("Päivä", "2 ti"),
            ("Tunti", "0"),
            ("Minuutti", "30"),
        ]:
            box = page.get_by_role("combobox", name=label, exact=True)
            await box.select_option(label=chosen)
        await keys.press(page.get_by_role("button", name="Siirrä: ti 2.2.2027 klo 0.30"))
        moved = re.compile(r"Nyt on tiistai 2\.2\.(2027)? klo 0\.30\.")
        await expect(page.get_by_text(moved)).to_be_visible()
        await expect(survey).to_contain_text("päättyi")
        await browsing.picture(page, "1280 the survey has ended")
        assert await browsing.flaws(page) == ""
        await page.set_viewport_size({"width": 390, "height": 844})
        await browsing.picture(page, "390 the survey has ended")
        assert await browsing.flaws(page) == ""
        assert await browsing.sideways(page) == []
        await page.set_viewport_size({"width": 1280, "height": 844})

        before = int(await received.inner_text())
        await aino.press("1. Vastaan itsestäni")
        await emma.start()
        assert not any(label.startswith("Answer: ") for label in (await emma.read())[1])
        await elin.goes_on_elsewhere(reader("sv"), until="Tack, ditt svar har kommit fram")
        await expect(received).to_have_text(str(before + 1))


async def test_a_page_without_phones_opens_three_and_shows_the_first(
    browser: Browser, county: County
) -> None:
    async with opened(browser, county.sandbox.url) as page:
        await expect(page.get_by_role("button", name="Emma")).to_be_visible()
        await expect(page.get_by_role("region", name="Puhelin: Aino")).to_be_visible()
        await expect(page.get_by_role("region", name="Phone: Emma")).to_be_hidden()
