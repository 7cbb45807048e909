"""The terminal and the chat work on the same surveys: what one has begun the other goes on with."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from bot import kept as keeping
from bot import surveys as lives
from dialogs.life import State
from storage import surveys
from tests.chat import source

if TYPE_CHECKING:
    from tests.county import County

TODAY = date(2027, 1, 27)


def row(state: State, **more: object) -> surveys.Running:
    kept = surveys.Running(
        name="equality",
        source=source("equality"),
        kind="survey",
        audience="everyone",
        state=str(state),
        opens=date(2027, 2, 20),
        closes=date(2027, 2, 28),
        closed_on=None,
    )
    return replace(kept, **more)  # type: ignore[arg-type]


async def kept(county: County, one: surveys.Running) -> None:
    async with keeping.kept(county.settings) as here:
        assert await surveys.keep(here.store, one)


@pytest.mark.parametrize("state", [State.DRAFT, State.SCHEDULED])
async def test_what_waits_is_opened_from_the_terminal_today(county: County, state: State) -> None:
    county.clock.becomes(f"{TODAY} 16:30")
    await kept(county, row(state))
    await county.open("equality", "2027-03-01")
    [listed] = await county.listed()
    assert (listed.state, listed.opens, listed.closes) == ("open", "2027-01-27", "2027-03-01")


async def test_a_schedule_is_cancelled_from_the_terminal_too(county: County) -> None:
    county.clock.becomes(f"{TODAY} 16:30")
    await kept(county, row(State.SCHEDULED))
    await county.close("equality")
    [listed] = await county.listed()
    assert (listed.state, listed.closes) == ("draft", "2027-02-28")
    with pytest.raises(lives.RefusedError, match="was never opened"):
        await county.close("equality")


async def test_what_is_archived_is_not_opened_again(county: County) -> None:
    county.clock.becomes("2027-03-05 16:30")
    await kept(county, row(State.ARCHIVED, closed_on=date(2027, 2, 20)))
    with pytest.raises(lives.RefusedError, match="cannot be opened again"):
        await county.open("equality", "2027-03-30")


async def test_what_a_coordinator_changes_at_that_moment_is_not_written_over(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    county.clock.becomes(f"{TODAY} 16:30")
    await kept(county, row(State.DRAFT))
    listed = surveys.listed

    async def overtaken(store: object) -> list[surveys.Running]:
        found = await listed(store)  # type: ignore[arg-type]
        assert await surveys.keep(store, found[0])  # type: ignore[arg-type]
        return found

    monkeypatch.setattr(surveys, "listed", overtaken)
    with pytest.raises(lives.RefusedError, match="Somebody else is changing"):
        await county.open("equality", None)
    monkeypatch.undo()
    assert [one.state for one in await county.listed()] == ["draft"]


async def test_who_began_with_other_questions_may_begin_anew(county: County) -> None:
    """The turn that the lost draft took is free again."""
    county.clock.becomes(f"{TODAY} 16:30")
    await county.open("equality", "2027-02-08")
    aino = county.phone("Aino", "fi")
    aino.type("/start equality")
    await county.settled()
    aino.tap("Aloita vastaaminen")
    await county.settled()
    async with keeping.kept(county.settings) as here:
        [one] = await surveys.listed(here.store)
        other = one.source.replace("for_whom", "of_whom")
        assert other != one.source
        assert await surveys.keep(here.store, replace(one, source=other))
    aino.type("/start equality")
    await county.settled()
    aino.tap("Aloita vastaaminen")
    await county.settled()
    assert "Kenestä vastauksesi kertovat?" in aino.messages[-1].text
