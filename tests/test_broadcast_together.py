"""Two coordinators at one broadcast, at the same moment: what one of them decides holds, the other
is shown how it is, and whoever gets the message gets it once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.kept import kept
from dialogs.broadcasts.records import Life
from storage import records
from tests.county import HELSINKI

if TYPE_CHECKING:
    from bot.sandbox import Phone
    from dialogs.broadcasts.records import Broadcast
    from tests.county import County

TEXT = "Kokoontumisen aineisto on valmis."


async def goes(county: County, phone: Phone, *deeds: str) -> None:
    for deed in deeds:
        county.clock.passes(seconds=20)
        if deed.startswith("["):
            phone.tap(deed[1:-1])
        else:
            phone.type(deed)
        await county.settled()


async def asked(county: County) -> tuple[Phone, Phone, Phone]:
    """A member; Kaisa, who has asked; Oona, who looks."""
    maija = await county.seat("Maija", "fi", "member")
    kaisa = await county.seat("Kaisa", "fi", "coordinator")
    oona = await county.seat("Oona", "fi", "coordinator")
    assert maija
    assert kaisa
    assert oona
    county.clock.becomes("2027-02-15 10:00")
    await goes(county, kaisa, "/start", "[Koordinaattorin sivut]", "[Tiedotteet]")
    await goes(county, kaisa, "[Uusi tiedote]", "[Raadin jäsenet]", TEXT)
    await goes(county, kaisa, "[Lähetä testi itselleni]", "[Näyttää oikealta]")
    await goes(county, kaisa, "[Tarkista ja lähetä]", "[Pyydä kollegaa katsomaan]")
    await goes(county, oona, "[Katso tiedote]")
    return maija, kaisa, oona


async def broadcast(county: County) -> Broadcast:
    async with kept(county.settings) as here:
        (one,) = (await records.panel(here.store, HELSINKI, whole=True)).broadcasts
    return one


def received(phone: Phone) -> list[str]:
    return [one.text for one in phone.messages if one.text == TEXT]


@pytest.mark.parametrize("first", ["author", "colleague"])
async def test_taking_back_and_approving_at_once_comes_to_one_of_them(
    county: County, first: str
) -> None:
    maija, kaisa, oona = await asked(county)
    taps = [(kaisa, "Ota takaisin luonnokseksi"), (oona, "Hyväksy lähetys 1 henkilölle")]
    for phone, label in taps if first == "author" else reversed(taps):
        phone.tap(label)
    await county.settled()

    life = (await broadcast(county)).life
    assert received(maija) == ([TEXT] if life is Life.CONFIRMED else [])
    assert life in (Life.CONFIRMED, Life.DRAFT)
    assert not kaisa.unanswered
    assert not oona.unanswered


async def test_two_colleagues_who_approve_at_once_send_it_once(county: County) -> None:
    third = await county.seat("Pia", "fi", "coordinator")
    assert third
    maija, _, oona = await asked(county)
    await goes(county, third, "[Katso tiedote]")
    oona.tap("Hyväksy lähetys 1 henkilölle")
    third.tap("Hyväksy lähetys 1 henkilölle")
    await county.settled()

    one = await broadcast(county)
    assert one.life is Life.CONFIRMED
    assert one.version == 1
    assert received(maija) == [TEXT]
    assert not oona.unanswered
    assert not third.unanswered


async def test_a_half_made_broadcast_survives_a_restart_at_every_step(county: County) -> None:
    maija = await county.seat("Maija", "fi", "member")
    kaisa = await county.seat("Kaisa", "fi", "coordinator")
    assert maija
    assert kaisa
    county.clock.becomes("2027-02-15 10:00")
    steps = (
        "/start",
        "[Koordinaattorin sivut]",
        "[Tiedotteet]",
        "[Uusi tiedote]",
        "[Raadin jäsenet]",
        TEXT,
        "[Lähetysaika]",
        "huomenna klo 9",
        "[Lähetä testi itselleni]",
        "[Näyttää oikealta]",
        "[Tarkista ja lähetä]",
        "[Lähetä 1 henkilölle]",
    )
    for step in steps:
        await goes(county, kaisa, step)
        await county.restart()
    county.clock.becomes("2027-02-16 09:01")
    await county.settled()
    assert received(maija) == [TEXT]
