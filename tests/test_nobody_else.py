"""Nobody but a coordinator meets the coordinators' side, and nobody but a member the members'."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dialogs.panel import links
from dialogs.panel.buttons import Page, panel
from dialogs.panel.door import COORDINATORS, LINKED, MEMBERS

if TYPE_CHECKING:
    from bot.sandbox import Phone
    from tests.county import County

STRANGE = "p:fi:nosuchpage"
"""What no button ever carried."""

KEY = bytes(range(16))


async def answer(county: County, phone: Phone, data: str) -> list[str]:
    """What a phone shows anew when its first card is tapped with `data`."""
    card = phone.messages[-1].id
    before = {(message.id, message.text) for message in phone.messages}
    toasts = len(phone.toasts)
    phone.tap_data(data, card)
    await county.settled()
    new = [m for m in phone.messages if (m.id, m.text) not in before]
    return [
        *(f"{message.text} {message.rows}" for message in new),
        *(toast.text for toast in phone.toasts[toasts:]),
    ]


async def begun(county: County, name: str = "Aino") -> Phone:
    phone = county.phone(name)
    phone.type("/start")
    await county.settled()
    return phone


@pytest.mark.parametrize("page", [page for page in Page if page not in LINKED])
async def test_a_resident_is_answered_as_if_there_were_no_such_page(
    county: County, page: Page
) -> None:
    phone = await begun(county)

    strange = await answer(county, phone, STRANGE)
    assert await answer(county, phone, panel("fi", page, KEY, "1")) == strange


async def test_a_member_meets_no_page_of_the_coordinators(county: County) -> None:
    matti = await county.seat("Matti", "fi", "member")
    assert matti is not None
    strange = await answer(county, matti, STRANGE)

    assert not COORDINATORS.keys() & MEMBERS.keys()
    for page in COORDINATORS:
        assert await answer(county, matti, panel("fi", page, KEY, "1")) == strange, page


async def test_no_command_leads_to_the_coordinators_side(county: County) -> None:
    phone = await begun(county)
    phone.type("/nosuchcommand")
    await county.settled()
    unknown = phone.messages[-1].text
    for word in ("panel", "coordinator", "admin", "raati", "meetings", "invite", "register"):
        phone.type(f"/{word}")
        await county.settled()
        assert phone.messages[-1].text == unknown, word


@pytest.mark.parametrize("of", ["A" * 22, "x-_" * 7 + "y"])
async def test_a_link_nobody_made_says_no_more_than_one_that_was_used(
    county: County, of: str
) -> None:
    used = (await county.invite()).removeprefix("i-")
    kaisa = county.phone("Kaisa")
    kaisa.open_link(links.payload(used))
    await county.settled()

    phone = county.phone("Aino")
    phone.open_link(links.payload(used))
    await county.settled()
    told = phone.messages[-1]
    phone.open_link(links.payload(of))
    await county.settled()

    assert (phone.messages[-1].text, phone.messages[-1].rows) == (told.text, told.rows)


async def test_a_removed_coordinators_old_buttons_do_nothing(county: County) -> None:
    kaisa = county.phone("Kaisa")
    kaisa.open_link(await county.invite())
    leena = county.phone("Leena")
    leena.open_link(await county.invite())
    await county.settled()
    strange = await answer(county, await begun(county), STRANGE)
    await county.remove("Leena")

    for page in COORDINATORS:
        assert await answer(county, leena, panel("fi", page, KEY, "1")) == strange, page
