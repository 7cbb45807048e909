"""`python -m tests.picture` makes the README's picture: the demo's page in a real browser, led a
few steps by residents in two languages, at a fixed time. Needs Chromium on the path."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.browser import NONE_HERE, PROGRAM, Fingers, Screen, opened, running, shown
from tests.county import BEGINS

PICTURE: Final = Path(__file__).parent.parent / "docs" / "demo.png"

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


async def make(file: Path) -> None:
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(None):
        async with (
            running() as browser,
            shown(Path(folder) / "demo") as sandbox,
            opened(browser, sandbox.url, width=1280, height=800, now=BEGINS) as page,
        ):
            await page.get_by_role("region", name="Emma").wait_for()
            phones = {phone.name: phone for phone in sandbox.stream.phones.values()}
            for name, pressed in LED.items():
                someone = Screen(page, phones[name], Fingers(), sandbox.settled)
                await someone.start()
                for label in pressed:
                    await someone.press(label)
                if name == "Aino":
                    await someone.write(SAID)
            await page.screenshot(path=file)


if __name__ == "__main__":
    if PROGRAM is None:
        sys.exit(f"The picture needs a browser: {NONE_HERE}.")
    asyncio.run(make(PICTURE))
