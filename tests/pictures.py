"""`python -m tests.pictures` makes the pictures of the documents, in a real browser and at a fixed
time: the README's, of the demo's page led a few steps by residents in two languages; and the
coordinators' guides', of her phone on the day that `tests.story` tells. Needs Chromium on the path.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests import story
from tests.browser import NONE_HERE, PROGRAM, opened, running, shown
from tests.county import BEGINS

if TYPE_CHECKING:
    from playwright.async_api import Browser

DOCS: Final = Path(__file__).parent.parent / "docs"

LED: Final = {
    "Aino": (
        "Vastaa: Yhdenvertaisuus palveluissa",
        "Aloita vastaaminen",
        "1. Vastaan itsestäni",
    ),
    "Elin": (
        "Svara: Likabehandling i tjänsterna",
        "Börja svara",
        "1. Jag svarar för mig själv",
        "Hoppa över",
        "4",
    ),
}
"""What each of them presses, one after the other."""
SAID: Final = "Että jokainen saa apua samalla tavalla, missä ikinä asuu."

AWAY: Final = ("Sanna", "Matti")
"""Whose phones make room for theirs."""

MOMENTS: Final = {
    "a survey is open": "coordinator-survey.png",
    "a broadcast is ready": "coordinator-preview.png",
    "it is being sent": "coordinator-progress.png",
    "a correction is reviewed": "coordinator-correction.png",
}
"""When the coordinator's phone is pictured, and in which file; the day ends with the last."""
HEIGHT: Final = 1040
"""Pixels of a window in which her phone is as high as a phone is."""
RATE: Final = 600
"""Messages a second: nobody waits for them."""


async def make() -> None:
    with contextlib.redirect_stdout(None):
        async with running() as browser:
            await of_the_page(browser, DOCS / "demo.png")
            await of_her_phone(browser, DOCS)


async def of_the_page(browser: Browser, file: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with (
            shown(Path(folder) / "demo") as sandbox,
            opened(browser, sandbox.url, width=1280, height=800, now=BEGINS) as page,
        ):
            for name in AWAY:
                await page.get_by_role("button", name=re.compile(f": {name}$")).click()
            for name, pressed in LED.items():
                someone = story.of(page, sandbox, name)
                await someone.start()
                for label in pressed:
                    await someone.press(label)
                if name == "Aino":
                    await someone.write(SAID)
            await page.screenshot(path=file)


async def of_her_phone(browser: Browser, folder: Path) -> None:
    with tempfile.TemporaryDirectory() as data:
        async with (
            shown(Path(data) / "demo", rate=RATE) as sandbox,
            opened(browser, sandbox.url, height=HEIGHT, now=BEGINS) as page,
            contextlib.aclosing(story.led(page, sandbox)) as moments,
        ):
            kaisa = story.of(page, sandbox, "Kaisa")
            left = dict(MOMENTS)
            async for moment in moments:
                if file := left.pop(moment, None):
                    await kaisa.place.locator(".phone").screenshot(path=folder / file)
                if not left:
                    break


if __name__ == "__main__":
    if PROGRAM is None:
        sys.exit(f"The pictures need a browser: {NONE_HERE}.")
    asyncio.run(make())
