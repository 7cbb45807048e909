"""Broadcasts by real processes: killed at random moments, paused, corrected, taken back."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from tests.broadcast_lives import broadcast
from tests.outbox_lives import lives
from tests.outbox_office import office

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

PEOPLE = 200
KILLS = 10


async def test_killed_at_random_moments_everybody_ends_with_the_right_words(
    tmp_path: Path,
    record_property: pytest.RecordProperty,  # type: ignore[name-defined]
) -> None:
    async with office(tmp_path) as here, lives(here, tmp_path) as those:
        toll = await broadcast(here, those, Random(11), people=PEOPLE, kills=KILLS)
    record_property("figure", str(toll))
    assert toll.kills == KILLS
    assert toll.edited
    assert toll.deleted
