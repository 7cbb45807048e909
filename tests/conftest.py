"""What every test may ask for.

The bot is imported where it is asked for: the process that hands the tests out needs none.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.midway import begun

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from bot.sandbox import Phone
    from tests.county import County


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite", action="store_true", help="write the transcripts anew, for review"
    )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What a run measured, and what it could not try, is said at its end, a line for each."""
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, []):
            for name, figure in report.user_properties:
                if name == "figure":
                    terminalreporter.write_line(figure)
    skipped = terminalreporter.stats.get("skipped", [])
    for reason, count in Counter(report.longrepr[2] for report in skipped).items():
        terminalreporter.write_line(f"{count} tests not run: {reason.removeprefix('Skipped: ')}")


@pytest.fixture(scope="session", autouse=True)
def _read_once() -> Iterator[None]:
    from tests.once import read_once

    with pytest.MonkeyPatch.context() as patch:
        read_once(patch)
        yield


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine must not look like a Telegram that does not answer."""
    monkeypatch.setattr("bot.chats.PATIENCE", 60)
    monkeypatch.setattr("bot.speech.PATIENCE", 60)


@pytest.fixture
async def county(tmp_path: Path, patient: None) -> AsyncIterator[County]:
    """The bot at work in an empty county."""
    from tests.county import county as running_county

    async with running_county(tmp_path) as here:
        yield here


@pytest.fixture
async def called_county(tmp_path: Path, patient: None) -> AsyncIterator[County]:
    """The same, but Telegram calls the bot: the webhook."""
    from tests.county import county as running_county

    async with running_county(tmp_path, webhook=True) as here:
        yield here


@pytest.fixture
async def aino(county: County) -> Phone:
    """Somebody at the survey's second question, which is an open one."""
    await county.open("equality", "2027-02-08")
    return await begun(county, "Aino")
