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
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

both_ways = pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])

PEOPLE = [
    *(("fi", "prompt"), ("sv", "prompt"), ("en", "prompt")),
    *(("fi", "pieces"), ("sv", "patient"), ("en", "twice")),
]
"""In which language, and how they go about it: see `HABITS`."""

AFTER_ALL = "after the acknowledgement"

DONE = (
    *("deciding", "BEGIN", "SELECT", "INSERT", "DELETE", "emptying the log"),
    *("sendMessage", "editMessageText", "editMessageReplyMarkup", "deleteMessages"),
    "answerCallbackQuery",
)
"""What a bot does for somebody who answers and applies."""
HEARING = {False: ("getUpdates",), True: ("a delivery", "its 200")}
"""And how it hears of them, with and without a webhook."""

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


def kinds(*, webhook: bool) -> set[str]:
    """Every kind of step there is on the way. A commit has no step of its own after it."""
    done = (*DONE, *HEARING[webhook])
    return {f"{when} {what}" for when in ("before", "after") for what in done} | {
        "before the commit"
    }


def one_of_each(ways: Sequence[Walk]) -> list[dict[int, str]]:
    """A kill at each kind of step, and one after all: for each way the places, and at which step
    there. Nobody meets two at a place."""
    where: dict[str, list[tuple[bool, int, int]]] = defaultdict(list)
    for person, way in enumerate(ways):
        for at, place in enumerate(way[:-1]):
            for name in {*place.steps, AFTER_ALL}:
                where[name].append((isinstance(place.deed, Write), person, at))
    planned: list[dict[int, str]] = [{} for _ in ways]
    for number, name in enumerate(sorted(where, key=lambda name: (len(where[name]), name))):
        # Where something is typed no two things are said at once, and the count is sure.
        free = [there for there in where[name] if there[2] not in planned[there[1]]]
        sure = [there for there in free if there[0]] or free
        _, person, at = sure[number * len(sure) // len(where)]
        planned[person][at] = name
    return planned


class Hunt:
    """Kills at each kind of step, where it is planned. Some are missed: steps that are taken side
    by side change places, and whoever is quick does two things at once. Those are tried again
    further on."""

    def __init__(self, ways: Sequence[Walk], story: Story) -> None:
        self._planned = one_of_each(ways)
        self._story = story

    def missed(self, person: int, at: int = 0) -> set[str]:
        """What should have been met before this person came here, and was not."""
        due = {
            name
            for number, planned in enumerate(self._planned)
            for place, name in planned.items()
            if (number, place) < (person, at)
        }
        return due - self._story.kills.keys()

    def fuse(self, person: int, way: Walk) -> Callable[[int], int]:
        planned = self._planned[person] if person < len(self._planned) else {}

        def steps(at: int) -> int:
            here = (*way[at].steps, AFTER_ALL)
            again = (name for name in sorted(self.missed(person, at)) if name in here)
            name = planned.get(at) or next(again, None)
            return 0 if name is None else len(here) - here[::-1].index(name)

        return steps


@both_ways
async def test_everybody_goes_on_when_the_bot_is_killed_between_any_two_steps(
    tmp_path: Path, starter: Starter, webhook: bool, walks: dict[str, Walk]
) -> None:
    story, people = Story(), []
    hunt = Hunt([walks[language] for language, _ in PEOPLE], story)
    async with living(_folder(tmp_path, "killed"), starter, webhook=webhook) as county:
        for person, (language, habit) in enumerate([*PEOPLE, *PEOPLE]):
            if person >= len(PEOPLE) and not hunt.missed(person):
                break
            way = walks[language]
            journey = Journey(
                county, language, way, fuse=hunt.fuse(person, way), habit=habit, story=story
            )
            await journey.goes()
            people.append(journey.someone)
        assert await nothing_is_wrong(county, people) == 5 * len(people)
    every = kinds(webhook=webhook)
    assert {name for way in walks.values() for place in way for name in place.steps} == every
    assert every | {AFTER_ALL} <= story.kills.keys()


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
