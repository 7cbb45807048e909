"""The outbox in real processes: killed at random moments, and two of them on one database."""

from __future__ import annotations

import shutil
from collections import Counter
from random import Random
from typing import TYPE_CHECKING

import pytest

from bot.outbox import AT_ONCE
from dialogs.announcement import State
from tests.outbox_lives import NOW_AND_THEN, killed, lives
from tests.outbox_office import Office, office, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

PEOPLE = 200
KILLS = 10
PAIR = 100
"""People whom two processes are to remind."""


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Office]:
    async with office(tmp_path) as one:
        yield one


async def test_killed_at_random_moments_every_reminder_comes_to_everybody(
    here: Office,
    tmp_path: Path,
    record_property: pytest.RecordProperty,  # type: ignore[name-defined]
) -> None:
    async with lives(here, tmp_path) as those:
        toll = await killed(here, those, Random(5), people=PEOPLE, kills=KILLS, reminders=2)
    record_property("figure", str(toll))
    assert toll.kills == KILLS


async def test_two_processes_never_send_the_same_and_one_follows_on_the_other(
    here: Office, tmp_path: Path
) -> None:
    # One bot a key folder: the second has a copy of the lasting key.
    shutil.copytree(tmp_path / "keys" / "lasting", tmp_path / "others" / "lasting")
    persons = await here.members(PAIR)
    arrived = here.sandbox.log
    async with lives(here, tmp_path) as those:
        await here.announces(here.announcement("kutsu"))
        those.begins("one")
        await until(lambda: len(arrived) > PAIR // 4)
        those.begins("two", keys="others")
        await until(those.done, NOW_AND_THEN)
        assert Counter(len(person.heard) for person in persons) == {1: PAIR}
        await here.announces(here.announcement("muistutus"))
        await until(lambda: len(arrived) > PAIR + PAIR // 4)
        in_hand = await those.dies("one")
        await until(those.done, NOW_AND_THEN)
        assert in_hand <= AT_ONCE
        await those.dies("two")
    report = await here.report("muistutus")
    assert report.counts == {State.SENT: PAIR}
    assert all("muistutus (fi)" in person.heard for person in persons)
    assert sum(len(person.heard) - 2 for person in persons) <= in_hand
