"""What every test may ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.county import county as running_county

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.county import County


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite", action="store_true", help="write the transcripts anew, for review"
    )


@pytest.fixture
async def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[County]:
    """The bot at work in an empty county."""
    # A busy machine must not look like a Telegram that does not answer.
    monkeypatch.setattr("bot.chats.PATIENCE", 60)
    monkeypatch.setattr("bot.speech.PATIENCE", 60)
    async with running_county(tmp_path) as here:
        yield here
