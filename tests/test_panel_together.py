"""Many at once, and what goes wrong beside: what people are told is what was kept."""

from __future__ import annotations

import asyncio
import logging
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from bot import app
from bot.kept import kept
from dialogs.panel import links
from dialogs.panel.buttons import Page, panel
from dialogs.panel.records import Invitation, Purpose, Use
from storage import records
from storage.sealed import identity, seal
from tests.county import HELSINKI

if TYPE_CHECKING:
    import pytest

    from bot.sandbox import Phone
    from tests.county import County

TOGETHER = 8


async def invited(county: County, name: str) -> tuple[Phone, str]:
    """Somebody who has told everything for joining, but for the last tap."""
    token = links.token(secrets.token_bytes(16))
    invitation = Invitation(
        links.digest(token),
        Purpose.MEMBER,
        expires=county.clock() + timedelta(days=5),
        made_on=county.wall().date(),
        made_by="",
    )
    async with kept(county.settings) as here:
        assert await records.change(here.store, records.Changed(keep=(invitation,)))
    phone = county.phone(name)
    phone.open_link(links.payload(token))
    await county.settled()
    for deed in ("[Kyllä", f"{name} Esimerkki", "040 123 4567"):
        county.clock.passes(seconds=20)
        if deed.startswith("["):
            phone.tap(deed[1:])
        else:
            phone.type(deed)
        await county.settled()
    return phone, token


async def test_whoever_is_told_that_they_joined_at_the_same_moment_as_others_has(
    county: County,
) -> None:
    assert await county.seat("Eka", "fi", "member")
    all_of_them = [await invited(county, f"Nimi{letter}") for letter in "ABCDEFGH"[:TOGETHER]]

    for phone, token in all_of_them:
        phone.tap_data(panel("fi", Page.JOIN, "surely", token), phone.messages[-1].id)
    await county.settled()

    told = [phone for phone, _ in all_of_them if "Tervetuloa" in phone.messages[-1].text]
    async with kept(county.settings) as here:
        found = await records.panel(here.store, HELSINKI)
    assert len(told) == TOGETHER
    assert {one.chat for one in found.members} >= {phone.chat_id for phone in told}
    assert all(one.use is Use.USED for one in found.invitations)


async def test_whoever_speaks_is_not_gone_whatever_was_missed(county: County) -> None:
    matti = await county.seat("Matti", "fi", "member")
    assert matti is not None
    async with kept(county.settings) as here:
        await records.set_gone(here.store, matti.chat_id, gone=True)

    matti.tap("Raadin jäsenen sivu")
    await county.settled()

    async with kept(county.settings) as here:
        member, _ = await records.find(here.store, matti.chat_id)
    assert member is not None
    assert not member.gone


async def test_a_record_that_cannot_be_read_keeps_nobody_from_answering(
    county: County, caplog: pytest.LogCaptureFixture
) -> None:
    await county.open("equality", "2027-02-08")
    async with kept(county.settings) as here:
        keys = identity(here.store.keys.identity)
        key = secrets.token_bytes(16)
        box = seal(keys.boxes, b'{"name": "Salainen"}', room=256, tag=key)
        row = {"key": key, "standing": "member", "gone": False, "revision": 1, "box": box}
        async with here.store.writing() as connection:
            await connection.execute(records.members.insert(), row)
    county.clock.passes(hours=1)

    with caplog.at_level(logging.ERROR):
        phone = county.phone("Aino")
        phone.type("/start")
        await county.settled()

    assert any(label.startswith("Vastaa") for label in _labels(phone))
    assert "a member cannot be read" in caplog.text
    assert "Salainen" not in caplog.text


async def test_what_goes_on_beside_begins_again_after_an_error(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "AGAIN", 0)
    begun = 0
    at_work = asyncio.Event()

    async def run() -> None:
        nonlocal begun
        begun += 1
        if begun < 3:
            raise OSError("/a/path")
        at_work.set()
        await asyncio.Event().wait()

    beside = asyncio.create_task(app._always(run, "the outbox"))
    await at_work.wait()
    beside.cancel()
    await asyncio.gather(beside, return_exceptions=True)

    assert caplog.messages == ["the outbox ended (OSError) and begins again"] * 2


def _labels(phone: Phone) -> list[str]:
    return [button.label for row in phone.messages[-1].rows for button in row]
