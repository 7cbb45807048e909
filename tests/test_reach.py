"""How many an announcement would go to: counted before anything is sent, by language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert

from dialogs.announcement import Audience, Circle, Reach, State
from dialogs.panel.records import Standing
from storage import reach
from storage.tables import subscribers
from tests.outbox_office import Office, office

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

SUBSCRIBERS, MEMBERS, RESERVE = map(Audience, (Circle.SUBSCRIBERS, Circle.MEMBERS, Circle.RESERVE))
CALL, OTHER = (Audience(Circle.APPLICANTS, name) for name in ("application", "application2"))


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Office]:
    async with office(tmp_path) as one:
        yield one


async def test_each_audience_is_counted_by_language_and_who_is_not_reached_apart(
    here: Office,
) -> None:
    for language in ("fi", "fi", "sv"):
        await here.subscriber(language)
    await here.members(2, "en")
    await here.member(phone=False)
    await here.member(standing=Standing.ENDED)
    await here.member("sv", Standing.RESERVE)
    await here.applicant()
    gone = [await here.subscriber(), await here.applicant(language="sv")]
    for person in gone:
        await here.outbox.left(person.phone.chat_id)
    assert await reach.counted(here.store, ["application", "application2"]) == {
        SUBSCRIBERS: Reach({"fi": 2, "sv": 1}, gone=1),
        MEMBERS: Reach({"en": 2}, without=1),
        RESERVE: Reach({"sv": 1}),
        CALL: Reach({"fi": 1}, gone=1),
        OTHER: Reach({}),
    }


async def test_many_are_counted_a_few_at_a_time(
    here: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reach, "AT_ONCE", 4)
    for language in ("fi", "sv", "en") * 4:
        await here.subscriber(language)
    found = (await reach.counted(here.store, ()))[SUBSCRIBERS]
    assert (found, found.total) == (Reach({"fi": 4, "sv": 4, "en": 4}), 12)


async def test_what_does_not_open_is_not_counted(here: Office) -> None:
    await here.subscriber()
    closed = {"key": b"x" * 16, "tag": b"x" * 16, "box": b"x" * 64, "gone": False}
    async with here.store.writing() as connection:
        await connection.execute(insert(subscribers), closed)
    assert (await reach.counted(here.store, ()))[SUBSCRIBERS] == Reach({"fi": 1})


async def test_how_far_it_has_come_is_told_by_language(
    here: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reach, "AT_ONCE", 2)
    for language in ("fi", "fi", "sv", "en"):
        await here.subscriber(language)
    gone = await here.subscriber("sv")
    await here.outbox.left(gone.phone.chat_id)
    await here.announces(here.announcement("tiedote", audience=SUBSCRIBERS))
    await here.rests()
    right = here.announcement("tiedote", "oikein", audience=SUBSCRIBERS)
    told = here.announcement("huomio", audience=Audience(Circle.RECEIVED, "tiedote"))
    await here.changes(plan=[told], correct=[right])
    await here.rests()
    sent = {"fi": {State.SENT: 2}, "sv": {State.SENT: 1}, "en": {State.SENT: 1}}
    assert await reach.by_language(here.store, "huomio") == sent
    with_gone = {**sent, "sv": {State.SENT: 1, State.LEFT: 1}}
    assert await reach.by_language(here.store, "tiedote") == with_gone
    assert await reach.by_language(here.store, "ei mikään") == {}
