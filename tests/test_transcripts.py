"""Every transcript goes as it is written. `pytest --rewrite` writes them as they go now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.transcript import replay

if TYPE_CHECKING:
    from tests.county import County

TRANSCRIPTS = sorted(Path(__file__).with_name("transcripts").rglob("*.txt"))


@pytest.mark.parametrize("file", TRANSCRIPTS, ids=lambda file: file.stem)
async def test_it_goes_as_it_is_written(
    file: Path, county: County, request: pytest.FixtureRequest
) -> None:
    script = file.read_text(encoding="utf-8")
    really = await replay(script, county)
    if request.config.getoption("--rewrite"):
        file.write_text(really, encoding="utf-8")
    assert really == file.read_text(encoding="utf-8")
