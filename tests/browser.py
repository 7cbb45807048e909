"""Chromium on the demo's page: what a person sees on a phone there, and does with it.

Things are found as a person or a screen reader finds them, by role and spoken name, in the language
of the phone. `Screen` is one phone on an open page. A deed ends when the bot is done with it and
the page shows exactly what the phone holds, so every test also says that the page is live.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal
from unittest import mock

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import async_playwright, expect

from bot import demo
from bot.pace import RATE
from bot.sandbox import Sandbox
from bot.sandbox.clock import Clock
from tests.county import BEGINS, free_port
from tests.reader import Tap, Write

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from datetime import datetime

    from playwright.async_api import Browser, Locator, Page

    from bot.sandbox import Phone
    from tests.reader import Reader

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
PROGRAM: Final = next(filter(None, map(shutil.which, NAMES)), None)
"""The browser on this machine; none is ever fetched."""
REQUIRED: Final = bool(os.environ.get("CI"))
"""Whether a test that finds no browser fails; elsewhere it is passed over, and that is said."""
NONE_HERE: Final = "no Chromium on the path"

PICTURES: Final = Path(__file__).parent.parent / "var" / "screens"
"""Where a run leaves what it saw, to be looked at."""

PATIENCE: Final = 60_000
"""Milliseconds: only a page that does not come takes so long."""
expect.set_options(timeout=PATIENCE)
SOON: Final = 0.02
"""Seconds between two looks at the page."""


@dataclass(frozen=True, slots=True)
class Words:
    """What the page itself calls things, in the language of a phone."""

    start: str
    write: str
    send: str


WORDS: Final = {
    "fi": Words(start="Aloita", write="Kirjoita viesti", send="Lähetä"),
    "sv": Words(start="Starta", write="Skriv ett meddelande", send="Skicka"),
    "en": Words(start="Start", write="Write a message", send="Send"),
}


class Fingers:
    """Somebody who taps."""

    async def press(self, target: Locator) -> None:
        await target.tap()

    async def write(self, field: Locator, text: str, send: Locator) -> None:
        await field.tap()
        await field.page.keyboard.type(text)
        await send.tap()


class Keys:
    """Somebody with a keyboard alone. They see where they are at every step; if not, it fails."""

    MOST_STEPS: Final = 300

    def __init__(self) -> None:
        self._begun = False

    async def press(self, target: Locator) -> None:
        await self.reach(target)
        await target.page.keyboard.press("Enter")

    async def write(self, field: Locator, text: str, send: Locator) -> None:
        await self.reach(field)
        await field.page.keyboard.type(text)
        await field.page.keyboard.press("Enter")

    async def reach(self, target: Locator) -> None:
        """Goes there with Tab or Shift+Tab, whichever is the way."""
        for _ in range(self.MOST_STEPS):
            if self._begun:  # until then the focus may be nowhere
                assert (lost := await target.page.evaluate(LOST)) == "", lost
            self._begun = True
            way = await target.evaluate(WAY)
            if not way:
                return
            await target.page.keyboard.press(way)
        raise AssertionError(f"no way with the keyboard to {target}")


# The key that leads from where the focus is to an element; '' when it is there.
WAY: Final = """
(target) => {
  const at = document.activeElement;
  if (at === target) return '';
  const behind = at.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_PRECEDING;
  return behind ? 'Shift+Tab' : 'Tab';
}
"""

# Why a person does not see where the focus is; '' when they do: it is on something, within the
# window, not covered, and drawn with an outline.
LOST: Final = """
() => {
  const at = document.activeElement;
  if (!at || at === document.body) return 'the focus is lost';
  const name = `${at.tagName} ${at.getAttribute('aria-label') ?? at.textContent.slice(0, 60)}`;
  const box = at.getBoundingClientRect();
  const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
  const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
  if (right - left < 1 || bottom - top < 1) return `the focus is out of sight: ${name}`;
  const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  if (!over || !(at.contains(over) || over.contains(at))) return `the focus is covered: ${name}`;
  for (let element = at; element; element = element.parentElement) {
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    if (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2) return '';
  }
  return `nothing shows the focus: ${name}`;
}
"""

# Whether a phone on the page shows these messages and no others: their words and their buttons.
SHOWS: Final = """
([id, held]) => {
  const plain = (text) => text.replace(/\\s+/g, ' ').trim();
  const shown = [...document.querySelectorAll(`raati-phone[data-id="${id}"] article`)];
  return shown.length === held.length && held.every(({ text, labels }, i) => {
    const keys = [...shown[i].querySelectorAll('.key')].map((key) => plain(key.textContent));
    return plain(shown[i].innerText).includes(plain(text))
      && JSON.stringify(keys) === JSON.stringify(labels.map(plain));
  });
}
"""


class Screen:
    """One person's phone on an open page. `settled` returns when the bot is done with all that
    people did."""

    def __init__(
        self,
        page: Page,
        phone: Phone,
        hands: Fingers | Keys,
        settled: Callable[[], Awaitable[None]],
    ) -> None:
        self.page = page
        self.phone = phone
        self.hands = hands
        self.settled = settled
        self.words = WORDS[(phone.language_code or "fi")[:2]]
        self.place = page.locator(f'raati-phone[data-id="{phone.chat_id}"]')

    def button(self, name: str) -> Locator:
        return self.place.get_by_role("button", name=name, exact=True)

    @property
    def field(self) -> Locator:
        return self.place.get_by_role("textbox", name=self.words.write)

    @property
    def card(self) -> Locator:
        """The newest message with buttons."""
        messages = self.place.get_by_role("article")
        return messages.filter(has=self.page.locator(".key")).last

    def key(self, label: str) -> Locator:
        """A button of the card."""
        return self.card.get_by_role("button", name=label, exact=True)

    async def read(self) -> tuple[str, list[str]]:
        """What stands on the card, and its buttons' labels."""
        text = await self.card.inner_text()
        return text, [key.strip() for key in await self.card.locator(".key").all_inner_texts()]

    @contextlib.asynccontextmanager
    async def done(self) -> AsyncIterator[None]:
        """Around what a person does: then the sandbox has heard it, the bot is done with it, and
        the page shows what the phone holds."""
        async with self.page.expect_response(lambda response: response.request.method == "POST"):
            yield
        await self.settled()
        await self.up_to_date()

    async def up_to_date(self) -> None:
        """Until the page shows what the phone holds, also where that changes meanwhile."""
        async with asyncio.timeout(PATIENCE / 1000):
            while not await self.page.evaluate(SHOWS, [self.phone.chat_id, self._held()]):  # noqa: ASYNC110 - no bell rings there
                await asyncio.sleep(SOON)

    def _held(self) -> list[dict[str, Any]]:
        return [
            {"text": message.text, "labels": [b.label for row in message.rows for b in row]}
            for message in self.phone.messages
        ]

    async def start(self) -> None:
        async with self.done():
            await self.hands.press(self.button(self.words.start))

    async def press(self, label: str) -> None:
        """Presses a button of the card."""
        async with self.done():
            await self.hands.press(self.key(label))

    async def write(self, text: str) -> None:
        async with self.done():
            await self.hands.write(self.field, text, self.button(self.words.send))

    async def goes_on(self, reader: Reader) -> None:
        """Does what the reader decides by what stands on the page, until there is nothing left."""
        while deed := reader.next(*await self.read()):
            match deed:
                case Tap(label):
                    await self.press(label)
                case Write(text):
                    await self.write(text)

    async def goes_on_elsewhere(self, reader: Reader, until: str) -> None:
        """The same person on another device, up to the card that says `until`. The page follows."""
        while until not in (card := next(m for m in reversed(self.phone.messages) if m.rows)).text:
            match reader.next(card.text, [key.label for row in card.rows for key in row]):
                case Tap(label):
                    self.phone.tap(label, message_id=card.id)
                case Write(text):
                    self.phone.type(text)
                case None:
                    raise AssertionError(f"no card said {until!r}")
            await self.settled()
        await self.up_to_date()


@contextlib.asynccontextmanager
async def running() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=PROGRAM)
        yield browser
        await browser.close()


class Still(Clock):
    """A demo's clock on an invented Wednesday, which stands still but for being moved."""

    def __init__(self) -> None:
        super().__init__()
        self.now = BEGINS.astimezone(UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, to: datetime) -> None:
        self.now = to.astimezone(UTC)


@contextlib.asynccontextmanager
async def shown(
    folder: Path, *, rate: int = RATE, subscribers: range = demo.SUBSCRIBERS
) -> AsyncIterator[Sandbox]:
    """The demo in this process, at its clock's noon; its files lie in `folder`, and its bot sends
    at most `rate` messages a second to these subscribers."""
    made: list[Sandbox] = []

    def sandbox(**parts: Any) -> Sandbox:
        made.append(Sandbox(**parts))
        return made[0]

    stop = asyncio.Event()
    own = {"Clock": Still, "Sandbox": sandbox, "FOLDER": folder, "SUBSCRIBERS": subscribers}
    with mock.patch.multiple(demo, **own):
        running = asyncio.create_task(demo.run(free_port(), stop, rate=rate))
        try:
            while not (made and "board" in made[0].stream.notices):
                await asyncio.wait([running], timeout=0.05)
                if running.done():
                    await running
            yield made[0]
        finally:
            stop.set()
            await running


@contextlib.asynccontextmanager
async def opened(
    browser: Browser,
    address: str,
    *,
    width: int = 390,
    height: int = 844,
    touch: bool = True,
    scheme: Literal["light", "dark"] = "light",
    now: datetime | None = None,
) -> AsyncIterator[Page]:
    """The page in a window of its own, on a machine whose clock stands still at `now` if that is
    given. At its end: it complained of nothing, and asked nobody but the sandbox."""
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        has_touch=touch,
        color_scheme=scheme,
        reduced_motion="reduce",
    )
    page = await context.new_page()
    page.set_default_timeout(PATIENCE)
    if now is not None:
        await page.clock.set_fixed_time(now)
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    page.on(
        "request",
        lambda asked: None if asked.url.startswith(address) else troubles.append(asked.url),
    )
    await page.goto(address)
    yield page
    assert troubles == []
    await context.close()


async def flaws(page: Page) -> str:
    """What an accessibility checker finds on the page as it stands now; '' for nothing."""
    found = await Axe().run(page)
    return found.generate_report() if found.violations_count else ""


async def drawn_into_sight(target: Locator, down: int) -> None:
    """A finger in the middle of the window draws the page so many pixels down, or up if `down` is
    less than none, again and again until the whole of `target` is seen."""
    window = target.page.viewport_size
    assert window is not None
    touch = await target.page.context.new_cdp_session(target.page)

    async def finger(does: str, *moved: float) -> None:
        middle, height = window["width"] / 2, window["height"] / 2
        points = [{"x": middle, "y": height + by} for by in moved]
        await touch.send("Input.dispatchTouchEvent", {"type": does, "touchPoints": points})

    for _ in range(50):
        if await target.evaluate(SEEN):
            break
        await finger("touchStart", 0)
        for part in (0.25, 0.5, 0.75, 1, 1):
            await finger("touchMove", part * down)
        await finger("touchEnd")
    else:
        raise AssertionError(f"no finger draws {target} into sight")
    await touch.detach()


# Whether the whole of an element is seen.
SEEN: Final = """
(element) => new Promise((seen) => new IntersectionObserver(
  ([entry]) => seen(entry.intersectionRatio === 1), { threshold: 1 }).observe(element))
"""


async def sideways(page: Page) -> list[str]:
    """What can be scrolled sideways, or lies beyond the edge of the window."""
    found: list[str] = await page.evaluate(SIDEWAYS)
    return found


SIDEWAYS: Final = """
() => {
  const scrolled = (element) => /auto|scroll/.test(getComputedStyle(element).overflowX);
  const wide = (element) => element.scrollWidth > element.clientWidth + 1
    && (element === document.documentElement || scrolled(element));
  const beyond = ({ left, right, width }) => width > 1 && (left < -1 || right > innerWidth + 1);
  return [...document.querySelectorAll('html, body *')]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }))
    .filter((element) => wide(element) || beyond(element.getBoundingClientRect()))
    .map((element) => element.outerHTML.slice(0, 120));
}
"""


async def picture(page: Page, name: str) -> None:
    """Keeps what the window shows, to be looked at."""
    await page.screenshot(path=PICTURES / f"{name.replace(' ', '_')}.png")
