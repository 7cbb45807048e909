"""What a coordinator types of a person does not stay on the phone, whatever Telegram does."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.sandbox.faults import Flood

if TYPE_CHECKING:
    from bot.sandbox import Phone
    from tests.county import County

NAME, NUMBER = "Liisa Keksitty", "040 123 4567"


@pytest.fixture
async def kaisa(county: County) -> Phone:
    await county.seat("Veikko Keksitty", "fi", "without Telegram")
    phone = await county.seat("Kaisa", "fi", "coordinator")
    assert phone is not None
    return phone


async def taps(county: County, phone: Phone, *labels: str) -> None:
    for label in labels:
        phone.tap(label)
        await county.settled()


async def types(county: County, phone: Phone, text: str) -> None:
    phone.type(text)
    await county.settled()


def written(phone: Phone) -> list[str]:
    """What of the person's own stands in the chat."""
    return [message.text for message in phone.messages if message.sender != "bot"]


async def test_nothing_that_is_typed_while_adding_stays(county: County, kaisa: Phone) -> None:
    before = written(kaisa)
    await taps(county, kaisa, "Koordinaattorin sivut", "Jäsenet", "Lisää ilman Telegramia")
    for text in (NAME, "040 12", NUMBER, "suomi"):
        await types(county, kaisa, text)
        assert written(kaisa) == before
    await taps(county, kaisa, "Kieli: suomi")
    await types(county, kaisa, "jäseneksi")
    await taps(county, kaisa, "Jäseneksi", "Sulje")
    assert written(kaisa) == before
    shown = " ".join(message.text for message in kaisa.messages)
    assert NAME not in shown
    assert NUMBER not in shown


@pytest.mark.parametrize(("what", "text"), [("Nimi", NAME), ("Yhteystieto", NUMBER)])
async def test_nothing_that_is_typed_while_correcting_stays(
    county: County, kaisa: Phone, what: str, text: str
) -> None:
    before = written(kaisa)
    await taps(county, kaisa, "Koordinaattorin sivut", "Jäsenet", "1. Veikko", "Korjaa tietoja")
    await taps(county, kaisa, what)
    await types(county, kaisa, "1" * 300)
    await types(county, kaisa, text)
    assert written(kaisa) == before
    assert text not in " ".join(message.text for message in kaisa.messages)


async def test_what_telegram_would_not_delete_yet_goes_also_where_the_person_goes_on(
    county: County, kaisa: Phone
) -> None:
    before = written(kaisa)
    await taps(county, kaisa, "Koordinaattorin sivut", "Jäsenet", "Lisää ilman Telegramia")
    county.sandbox.faults.meet("deleteMessages", Flood(1))
    await types(county, kaisa, NAME)
    assert NAME in written(kaisa)
    kaisa.type(NUMBER)  # before the wait is over
    await county.settled()
    async with asyncio.timeout(60):
        while written(kaisa) != before:  # noqa: ASYNC110 - a phone has nothing to wait for
            await asyncio.sleep(0.01)
