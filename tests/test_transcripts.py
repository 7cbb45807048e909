"""Every transcript goes as it is written, and goes the same when Telegram calls the bot.
`pytest --rewrite` writes them as they go now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.transcript import replay

if TYPE_CHECKING:
    from tests.county import County

FOLDER = Path(__file__).with_name("transcripts")
TRANSCRIPTS = sorted(FOLDER.rglob("*.txt"))
# Telegram hands a chat's messages to a webhook one by one: no flood piles up at the bot.
FINNISH = sorted(file for file in FOLDER.glob("fi/*.txt") if file.stem != "flood")


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("file", TRANSCRIPTS, ids=lambda file: str(file.relative_to(FOLDER)))
async def test_it_goes_as_it_is_written(
    file: Path, county: County, request: pytest.FixtureRequest
) -> None:
    really = await replay(_read(file), county)
    if request.config.getoption("--rewrite"):
        _write(file, really)
    assert really == _read(file)


@pytest.mark.parametrize("file", FINNISH, ids=lambda file: file.stem)
async def test_it_goes_the_same_by_webhook(file: Path, called_county: County) -> None:
    assert await replay(_read(file), called_county) == _read(file)
