"""The bot is killed between any two steps and at any moment: everybody goes on from the same card,
no typed answer is taken twice or for the wrong question, nothing is lost.

The short form: every kind of step, in all languages and both ways of hearing. `tests.soak` is the
long one.
"""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from tests.kills import (
    Journey,
    Place,
    Story,
    Walk,
    first_start,
    living,
    nothing_is_wrong,
    together,
    walked,
)
from tests.mortal import Starter, mortal, starter
from tests.reader import Write

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

both_ways = pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])

PEOPLE = [
    *(("fi", "prompt"), ("sv", "prompt"), ("en", "prompt")),
    *(("fi", "pieces"), ("sv", "patient"), ("en", "twice")),
]
"""In which language, and how they go about it: see `HABITS`."""

AFTER_ALL = "after the acknowledgement"

_walks: dict[bool, dict[str, Walk]] = {}


@pytest.fixture(scope="module", name="starter")
def _starter() -> Iterator[Starter]:
    with starter() as here:
        yield here


@pytest.fixture
async def walks(tmp_path: Path, starter: Starter, webhook: bool) -> dict[str, Walk]:
    return await _undisturbed(tmp_path, starter, webhook=webhook)


async def _undisturbed(tmp_path: Path, starter: Starter, *, webhook: bool) -> dict[str, Walk]:
    """As it goes undisturbed, in each language."""
    if webhook not in _walks:
        async with living(_folder(tmp_path, "undisturbed"), starter, webhook=webhook) as county:
            _walks[webhook] = await walked(county)
    return _walks[webhook]


def one_of_each(ways: Sequence[Walk]) -> list[dict[int, int]]:
    """A kill at each kind of step, and one after all: for each way the places, and how many steps
    are taken there. Nobody meets two at a place."""
    where: dict[str, list[tuple[bool, int, int]]] = defaultdict(list)
    for person, way in enumerate(ways):
        for at, place in enumerate(way[:-1]):
            for name in {*place.steps, AFTER_ALL}:
                where[name].append((isinstance(place.deed, Write), person, at))
    fuses: list[dict[int, int]] = [{} for _ in ways]
    for number, name in enumerate(sorted(where, key=lambda name: len(where[name]))):
        # Where something is typed no two things are said at once, and the count is sure.
        free = [there for there in where[name] if there[2] not in fuses[there[1]]]
        sure = [there for there in free if there[0]] or free
        _, person, at = sure[number * len(sure) // len(where)]
        steps = ways[person][at].steps
        last = len(steps) + 1 if name == AFTER_ALL else len(steps) - steps[::-1].index(name)
        fuses[person][at] = last
    return fuses


@both_ways
async def test_everybody_goes_on_when_the_bot_is_killed_between_any_two_steps(
    tmp_path: Path, starter: Starter, webhook: bool, walks: dict[str, Walk]
) -> None:
    story, people = Story(), []
    fuses = one_of_each([walks[language] for language, _ in PEOPLE])
    async with living(_folder(tmp_path, "killed"), starter, webhook=webhook) as county:
        for (language, habit), fuse in zip(PEOPLE, fuses, strict=True):
            journey = Journey(
                county,
                language,
                walks[language],
                fuse=lambda at, fuse=fuse: fuse.get(at, 0),
                habit=habit,
                story=story,
            )
            await journey.goes()
            people.append(journey.someone)
        assert await nothing_is_wrong(county, people) == 5 * len(PEOPLE)
    kinds = {name for way in walks.values() for place in way for name in place.steps}
    assert story.kills.total() >= len(kinds)
    assert {name for name in kinds if name.startswith("before")} <= story.kills.keys()


@both_ways
async def test_everybody_goes_on_when_the_bot_is_killed_while_it_repairs(
    tmp_path: Path, starter: Starter, webhook: bool, walks: dict[str, Walk]
) -> None:
    """Killed again in the life after: in its start, or over the update that came again."""
    story = Story()
    async with living(_folder(tmp_path, "killed"), starter, webhook=webhook) as county:
        way = walks["sv"]
        journey = Journey(
            county,
            "sv",
            way,
            fuse=lambda at: len(way[at].steps) - 3 if at % 4 == 3 else 0,
            again=lambda at: 3 + 2 * at,
            story=story,
        )
        await journey.goes()
        assert await nothing_is_wrong(county, [journey.someone]) == 5
    assert story.restarts > 12


async def test_what_is_typed_when_nothing_came_of_a_tap_answers_no_other_question(
    tmp_path: Path, starter: Starter
) -> None:
    way = (await _undisturbed(tmp_path, starter, webhook=False))["fi"]
    story = Story()
    async with living(_folder(tmp_path, "killed"), starter, webhook=False) as county:
        journey = Journey(
            county,
            "fi",
            way,
            fuse=lambda at: _kept_and_not_shown(way[at]) if 3 <= at < 12 else 0,
            habit="impatient",
            story=story,
        )
        await journey.goes()
        assert await nothing_is_wrong(county, [journey.someone]) == 5
    assert story.kills["before editMessageText"] >= 6


def _kept_and_not_shown(place: Place) -> int:
    shows = "before editMessageText"
    return place.steps.index(shows) + 1 if shows in place.steps else 0


@both_ways
async def test_everybody_goes_on_when_the_bot_is_killed_at_random_moments(
    tmp_path: Path, starter: Starter, webhook: bool, walks: dict[str, Walk]
) -> None:
    story = Story()
    async with living(_folder(tmp_path, "killed"), starter, webhook=webhook) as county:
        people = await together(county, walks, random.Random(2027), story, often=0.2)
        assert await nothing_is_wrong(county, people) == 15
    assert story.kills.total() >= 5


@both_ways
async def test_a_first_start_that_is_killed_is_begun_anew(
    tmp_path: Path, starter: Starter, webhook: bool
) -> None:
    """Also while the tables are made."""
    for steps in (2, 5, 14, 24, 33):
        async with mortal(_folder(tmp_path, f"{steps}"), starter, webhook=webhook) as county:
            assert await first_start(county, steps)


async def test_no_life_outlives_its_launcher(tmp_path: Path) -> None:
    with starter() as here:
        async with mortal(tmp_path, here, webhook=False) as county:
            await county.start()
            assert county.alive
            here.kill()
            async with asyncio.timeout(30):
                while county.sandbox.telegram.updates.polled:  # noqa: ASYNC110 - nobody is left to ring a bell
                    await asyncio.sleep(0.05)


def _folder(within: Path, name: str) -> Path:
    folder = within / name
    folder.mkdir()
    return folder
