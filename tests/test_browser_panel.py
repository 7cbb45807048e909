"""The demo's page with the phones of a whole panel, in Chromium: who is who, what came where,
notes, links, files and the clock."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import expect

from bot.sandbox import Sandbox
from bot.sandbox.clock import Clock
from bot.sandbox.pictures import png
from tests import browser as browsing
from tests.bare import TOKEN, Bot
from tests.browser import Fingers, Keys, Screen, opened

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, Locator, Page

    from bot.sandbox import Phone

pytestmark = pytest.mark.asyncio(loop_scope="module")

PEOPLE = {
    "Kaarina": ("fi", "coordinator"),
    "Maija": ("fi", "member"),
    "Erik": ("sv", "member"),
    "Amina": ("en", "member"),
    "Aino": ("fi", "resident"),
    "Elin": ("sv", "resident"),
    "Emma": ("en", "resident"),
}
JOIN = "https://t.me/raati_demo_bot?start=join_Ab-9"
TEAMS = "https://teams.example/keksitty"
HANDS = pytest.mark.parametrize(("hands", "width"), [(Fingers, 390), (Keys, 1280)])


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
    await sandbox.start()
    yield sandbox
    await sandbox.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    async with aiohttp.ClientSession() as http:
        yield Bot(sandbox.url, http)


@pytest.fixture
def phones(sandbox: Sandbox) -> dict[str, Phone]:
    """A coordinator, three members and three residents, who have all written."""
    phones = {
        name: sandbox.phone(name, language, role=role) for name, (language, role) in PEOPLE.items()
    }
    for phone in phones.values():
        phone.type("/start")
    return phones


async def nothing_left() -> None:
    """There is no bot but the test."""


def on(page: Page, phone: Phone, hands: Fingers | Keys | None = None) -> Screen:
    return Screen(page, phone, hands or Fingers(), nothing_left)


async def says(bot: Bot, phone: Phone, text: str, **also: Any) -> None:
    await bot.call("sendMessage", chat_id=phone.chat_id, text=text, **also)


async def nothing_wrong(page: Page, name: str) -> None:
    await browsing.picture(page, name)
    assert await browsing.flaws(page) == ""
    assert await browsing.sideways(page) == []


@pytest.mark.parametrize("hands", [Fingers, Keys])
async def test_on_a_narrow_window_each_person_is_one_tap_away_and_their_news_counted(
    browser: Browser, sandbox: Sandbox, bot: Bot, phones: dict[str, Phone], hands: Any
) -> None:
    async with opened(browser, sandbox.url, touch=hands is Fingers) as page:
        hand = hands()
        await expect(on(page, phones["Kaarina"]).place).to_be_visible()
        await says(bot, phones["Kaarina"], "Näkyvissä")
        for text in ("Kutsu", "Muistutus"):
            await says(bot, phones["Maija"], text)
        await says(bot, phones["Erik"], "Kallelse")
        members = page.get_by_role("list", name="Raadin jäsenet")
        await expect(members.get_by_role("button")).to_have_count(3)
        maija = members.get_by_role("button", name="Maija, 2 uutta viestiä")
        await expect(maija).to_be_visible()
        await expect(members.get_by_role("button", name="Erik, uusi viesti")).to_be_visible()
        await nothing_wrong(page, f"390 seven phones {hands.__name__}")
        await hand.press(maija)
        await expect(on(page, phones["Maija"]).place).to_be_visible()
        await expect(on(page, phones["Kaarina"]).place).to_be_hidden()
        await expect(members.get_by_role("button", name="Maija", exact=True)).to_be_visible()
        await expect(page.get_by_role("button", name="Kaarina", exact=True)).to_be_visible()


async def test_on_a_wide_window_a_phone_beyond_the_edge_is_brought_into_sight(
    browser: Browser, sandbox: Sandbox, bot: Bot, phones: dict[str, Phone]
) -> None:
    async with opened(browser, sandbox.url, width=1280, height=800, touch=False) as page:
        emma = on(page, phones["Emma"]).place
        await expect(on(page, phones["Kaarina"]).place).to_be_in_viewport(ratio=0.9)
        await expect(emma).not_to_be_in_viewport()
        await says(bot, phones["Emma"], "News")
        await page.get_by_role("button", name="Emma, uusi viesti").click()
        await expect(emma).to_be_in_viewport(ratio=0.9)
        await expect(page.get_by_role("button", name="Emma", exact=True)).to_be_visible()
        await browsing.picture(page, "1280 seven phones")
        assert await browsing.flaws(page) == ""


async def test_a_message_that_is_taken_away_again_is_no_news(
    browser: Browser, sandbox: Sandbox, bot: Bot, phones: dict[str, Phone]
) -> None:
    async with opened(browser, sandbox.url) as page:
        await expect(on(page, phones["Kaarina"]).place).to_be_visible()
        await says(bot, phones["Maija"], "Kutsu")
        await expect(page.get_by_role("button", name="Maija, uusi viesti")).to_be_visible()
        message = phones["Maija"].messages[-1].id
        chat = phones["Maija"].chat_id
        await bot.call("deleteMessage", chat_id=chat, message_id=message)
        await expect(page.get_by_role("button", name="Maija", exact=True)).to_be_visible()


async def test_people_of_one_kind_need_no_heading(browser: Browser, sandbox: Sandbox) -> None:
    for name in ("Aino", "Elin"):
        sandbox.phone(name, "fi")
    async with opened(browser, sandbox.url, width=1280, touch=False) as page:
        await expect(page.get_by_role("button", name="Elin", exact=True)).to_be_visible()
        assert await page.locator(".group h2.unseen").count() == 1
        assert await page.locator(".as").all_inner_texts() == ["", ""]


@HANDS
async def test_a_note_leads_to_the_bot_and_is_gone_once_it_has(
    browser: Browser, sandbox: Sandbox, bot: Bot, hands: Any, width: int
) -> None:
    phone = sandbox.phone("Kaarina", "fi", role="coordinator")
    async with opened(browser, sandbox.url, width=width, touch=hands is Fingers) as page:
        screen = on(page, phone, hands())
        note = screen.place.get_by_role("note")
        await expect(note).to_be_hidden()
        sandbox.note(phone, "Linkki, jonka sait:", JOIN)
        await expect(note).to_contain_text("Linkki, jonka sait:")
        await nothing_wrong(page, f"{width} a note")
        await screen.hands.press(note.get_by_role("link", name=JOIN))
        await expect(screen.button("Aloita")).to_be_focused()
        await expect(note).to_be_visible()
        await screen.start()
        await expect(note).to_be_hidden()
        assert [message.text for message in phone.messages] == ["/start join_Ab-9"]
        await page.reload()
        await expect(screen.field).to_be_visible()
        await expect(note).to_be_hidden()


@HANDS
async def test_a_note_is_closed_unused(
    browser: Browser, sandbox: Sandbox, hands: Any, width: int
) -> None:
    phone = sandbox.phone("Kaarina", "fi")
    sandbox.note(phone, "Kirje:", TEAMS)
    async with opened(browser, sandbox.url, width=width, touch=hands is Fingers) as page:
        screen = on(page, phone, hands())
        async with screen.done():
            await screen.hands.press(screen.button("Sulje lappu"))
        await expect(screen.place.get_by_role("note")).to_be_hidden()
        assert phone.messages == []


async def test_a_link_elsewhere_opens_a_new_tab_and_tells_nobody(
    browser: Browser, sandbox: Sandbox, bot: Bot, phones: dict[str, Phone]
) -> None:
    here = {"type": "text_link", "offset": 0, "length": 5, "url": TEAMS + "/1"}
    foreign = {
        "type": "text_link",
        "offset": 6,
        "length": 5,
        "url": "tg://resolve?domain=other_bot",
    }
    await says(
        bot,
        phones["Kaarina"],
        f"Tästä tästä {TEAMS}/2",
        entities=[here, foreign],
        reply_markup={"inline_keyboard": [[{"text": "Liity", "url": TEAMS + "/3"}]]},
        disable_notification=True,
    )
    async with opened(browser, sandbox.url) as page:
        place = on(page, phones["Kaarina"]).place
        await expect(place.get_by_text("ilman ääntä")).to_be_visible()
        links = place.get_by_role("article").last.get_by_role("link")
        told = [
            [await link.get_attribute(name) for name in ("href", "target", "rel")]
            for link in await links.all()
        ]
        outside = ["_blank", "noopener noreferrer"]
        assert told == [[f"{TEAMS}/{number}", *outside] for number in (1, 2, 3)]
        await page.context.route(f"{TEAMS}/*", lambda route: route.fulfill(body="Teams"))
        async with page.context.expect_page() as coming:
            await links.last.tap()
        tab = await coming.value
        assert tab.url == f"{TEAMS}/3"
        assert len(phones["Kaarina"].messages) == 2


async def test_a_document_of_the_bot_is_saved_with_its_name_and_type(
    browser: Browser, sandbox: Sandbox, bot: Bot, phones: dict[str, Phone]
) -> None:
    chat = phones["Kaarina"].chat_id
    await bot.upload("sendDocument", "document", "kutsu.ics", b"BEGIN:VCALENDAR", chat_id=chat)
    async with opened(browser, sandbox.url) as page:
        link = on(page, phones["Kaarina"]).place.get_by_role("link", name="kutsu.ics")
        address = f"{sandbox.url}{await link.get_attribute('href')}"
        async with bot.http.get(address) as response:
            assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
        async with page.expect_download() as coming:
            await link.tap()
        saved = await coming.value
        assert saved.suggested_filename == "kutsu.ics"
        assert (await saved.path()).read_bytes() == b"BEGIN:VCALENDAR"


@HANDS
async def test_a_file_is_sent_ready_made_or_ones_own(
    browser: Browser, sandbox: Sandbox, phones: dict[str, Phone], hands: Any, width: int
) -> None:
    phone = phones["Kaarina"]
    async with opened(browser, sandbox.url, width=width, touch=hands is Fingers) as page:
        screen = on(page, phone, hands())
        attach = screen.button("Lähetä muuta kuin tekstiä")
        await screen.hands.press(attach)
        async with screen.done():
            await screen.hands.press(screen.button("Pieni PDF-tiedosto"))
        own: Any = {"name": "asialista ä.txt", "mimeType": "text/plain", "buffer": "Ä 1".encode()}
        await screen.hands.press(attach)
        async with page.expect_file_chooser() as coming:
            await screen.hands.press(screen.button("Oma tiedosto"))
        await (await coming.value).set_files(own)
        await expect(screen.place.get_by_text("Liitteenä")).to_be_visible()
        async with screen.done():
            await screen.hands.press(screen.button("Lähetä"))
        await expect(screen.place.get_by_text("Liitteenä")).to_be_hidden()
        await expect(screen.place.get_by_role("link", name="asialista ä.txt")).to_be_visible()
        paper, text = (message.document for message in phone.messages[-2:])
        assert paper is not None
        assert text is not None
        assert (paper.name, paper.content[:5]) == ("asiakirja.pdf", b"%PDF-")
        assert (text.name, text.mime, text.content) == (own["name"], "text/plain", own["buffer"])


@HANDS
async def test_a_picture_of_ones_own_goes_with_a_caption_in_bold(
    browser: Browser, sandbox: Sandbox, phones: dict[str, Phone], hands: Any, width: int
) -> None:
    phone = phones["Kaarina"]
    own: Any = {"name": "kuva.png", "mimeType": "image/png", "buffer": png(60, 40)}
    async with opened(browser, sandbox.url, width=width, touch=hands is Fingers) as page:
        screen = on(page, phone, hands())

        async def chooses() -> None:
            await screen.hands.press(screen.button("Lähetä muuta kuin tekstiä"))
            async with page.expect_file_chooser() as coming:
                await screen.hands.press(screen.button("Oma kuva"))
            await (await coming.value).set_files(own)
            await expect(screen.field).to_be_focused()
            await expect(screen.field).to_have_accessible_description(re.compile("kuva.png"))

        await chooses()
        await browsing.picture(page, f"{width} a picture goes along")
        assert await browsing.flaws(page) == ""
        await screen.hands.press(screen.button("Poista liite"))
        await expect(screen.place.get_by_text("Liitteenä")).to_be_hidden()
        await expect(screen.field).to_be_focused()
        await expect(screen.field).not_to_have_accessible_description(re.compile("kuva"))
        await chooses()
        await page.keyboard.type("Katso **tätä**")
        async with screen.done():
            await page.keyboard.press("Enter")
        sent = phone.messages[-1]
        assert sent.photo is not None
        assert (sent.photo.content, sent.text) == (own["buffer"], "Katso tätä")
        assert sent.entities == ({"type": "bold", "offset": 6, "length": 4},)
        shown = screen.place.get_by_role("article").last
        await expect(shown.get_by_role("img", name="Kuva")).to_be_visible()
        await expect(shown.locator("strong")).to_have_text("tätä")


async def test_a_picture_that_does_not_go_through_is_still_there_to_be_sent(
    browser: Browser, sandbox: Sandbox, phones: dict[str, Phone]
) -> None:
    none: Any = {"name": "kuva.png", "mimeType": "image/png", "buffer": b"BEGIN"}
    page = await browser.new_page(has_touch=True)  # `opened` takes no page that is refused
    await page.goto(sandbox.url)
    screen = on(page, phones["Kaarina"])
    await screen.button("Lähetä muuta kuin tekstiä").tap()
    async with page.expect_file_chooser() as coming:
        await screen.button("Oma kuva").tap()
    await (await coming.value).set_files(none)
    await expect(screen.field).to_be_focused()
    await page.keyboard.type("Katso tätä")
    await screen.button("Lähetä").tap()
    await expect(screen.place.get_by_text("Tämä ei mennyt perille.")).to_be_visible()
    await expect(screen.place.get_by_text("kuva.png")).to_be_visible()
    await expect(screen.field).to_have_value("Katso tätä")
    await page.close()


async def test_formatting_is_typed_shown_and_edited(
    browser: Browser, sandbox: Sandbox, phones: dict[str, Phone]
) -> None:
    phone = phones["Kaarina"]
    async with opened(browser, sandbox.url) as page:
        screen = on(page, phone)
        await screen.write(f"😀 On **auki** __nyt__ [täällä]({TEAMS}), https://a__b__.example")
        sent = phone.messages[-1]
        assert sent.text == "😀 On auki nyt täällä, https://a__b__.example"
        kinds = [entity["type"] for entity in sent.entities]
        assert kinds == ["bold", "italic", "text_link", "url"]
        shown = screen.place.get_by_role("article").last
        await expect(shown.locator("strong")).to_have_text("auki")
        await expect(shown.locator("em")).to_have_text("nyt")
        await expect(shown.get_by_role("link", name="täällä")).to_have_attribute("href", TEAMS)
        await shown.get_by_role("button", name="Muokkaa viestiä").tap()
        typed = f"😀 On **auki** __nyt__ [täällä]({TEAMS}), https://a__b__.example"
        await expect(screen.field).to_have_value(typed)
        await page.keyboard.press("End")
        await page.keyboard.type(" **nyt**")
        async with screen.done():
            await screen.button("Tallenna muutos").tap()
        edited = [entity["type"] for entity in phone.messages[-1].entities]
        assert edited == [*kinds, "bold"]


async def test_a_picture_of_the_bot_is_seen(
    browser: Browser, sandbox: Sandbox, bot: Bot, phones: dict[str, Phone]
) -> None:
    phone = phones["Kaarina"]
    async with opened(browser, sandbox.url) as page:
        screen = on(page, phone)
        chat = {"chat_id": phone.chat_id}
        sent = await bot.upload("sendPhoto", "photo", "qr", png(300, 300), caption="Koodi", **chat)
        message = screen.place.get_by_role("article", name="Kuva: Koodi")
        picture = message.get_by_role("img", name="Kuva")
        await expect(picture).to_be_visible()
        drawn = await picture.evaluate("(img) => [img.naturalWidth, img.width, img.height]")
        assert drawn[0] == 300
        assert drawn[1] == drawn[2] > 150
        await nothing_wrong(page, "390 a picture")
        where = {**chat, "message_id": sent["message_id"]}
        await bot.upload(
            "editMessageMedia",
            "new",
            "b.png",
            png(200, 100),
            **where,
            media={"type": "photo", "media": "attach://new", "caption": "Uusi"},
        )
        changed = screen.place.get_by_role("article", name="Kuva: Uusi").get_by_role("img")
        await expect(changed).to_have_js_property("naturalWidth", 200)


async def test_the_clock_goes_in_steps_and_to_any_time_in_the_pages_language(
    browser: Browser, sandbox: Sandbox, phones: dict[str, Phone]
) -> None:
    clock = sandbox.telegram.clock
    async with opened(browser, sandbox.url) as page:

        def box(name: str) -> Locator:
            return page.get_by_role("combobox", name=name, exact=True)

        before = clock()
        await page.get_by_role("button", name="Kello").tap()
        for step, days in (("+ 1 päivä", 1), ("+ 1 viikko", 8), ("+ 1 tunti", 8)):
            async with page.expect_response(lambda answer: answer.url.endswith("/clock")):
                await page.get_by_role("button", name=step).tap()
            assert (clock() - before).days == days
        await page.get_by_role("button", name="Aamuun klo 8").tap()
        await expect(page.get_by_text(re.compile(r"Nyt on .* klo 8\.00\."))).to_be_visible()
        await nothing_wrong(page, "390 the clock")
        await page.get_by_role("button", name="EN, English").tap()
        await page.get_by_role("button", name="Clock").tap()
        year = clock().year + 1
        month, day = box("Month"), box("Day")
        await month.select_option(label=f"January {year}")
        await day.select_option(value="31")
        await month.select_option(label=f"February {year}")
        assert re.match(r"2[89] ", await day.locator("option:checked").inner_text())
        await box("Hour").select_option(label="17")
        await box("Minute").select_option(label="05")
        move = page.get_by_role("button", name=re.compile(rf"Move to \w+ 2[89] Feb {year}, 17:05"))
        await move.tap()
        await expect(page.get_by_text(re.compile("It is now .*17:05"))).to_be_visible()
