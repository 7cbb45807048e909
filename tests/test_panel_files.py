"""Members, coordinators and subscribers are in no file in clear: not their chats, names or
contacts, nor what they were told, while the bot runs and after it has stopped."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from tests.needles import found

if TYPE_CHECKING:
    import pytest

    from bot.sandbox import Phone
    from tests.county import County

NAME = "Tuulikki Esimerkinpoika"
CONTACT = "tuulikki@esimerkki.example"
PASSCODE = "qZ7xW2"
THEME = "Huhtikuun koeaihe"
LINK = "https://teams.microsoft.com/l/meetup-join/koelinkki"


async def does(county: County, phone: Phone, *deeds: str) -> None:
    """Each deed: "[…]" is tapped, everything else typed."""
    for deed in deeds:
        county.clock.passes(seconds=20)
        if deed.startswith("["):
            phone.tap(deed[1:-1])
        else:
            phone.type(deed)
        await county.settled()


async def test_nobody_of_the_panel_is_in_any_file(
    county: County, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    county.clock.becomes("2027-02-15 10:00")
    kaisa = county.phone("Kaisa Koordinoija")
    kaisa.open_link(await county.invite())
    await county.settled()
    await does(county, kaisa, "[Asiakasraati]", "[Kutsut]", "[Kutsu jäseneksi]", "[Suomeksi]")
    tuulikki = county.phone("Tuulikki")
    tuulikki.open_link(_link(kaisa))
    await county.settled()
    await does(county, tuulikki, "[Kyllä, liityn mukaan]", NAME, CONTACT)
    await does(county, tuulikki, "[Kyllä, liityn mukaan]")
    subscriber = county.phone("Tilaaja")
    await does(county, subscriber, "/start", "[Kerro uusista kyselyistä]")
    invited = f"{LINK}\nKokouksen tunnus: 123 456 789 01\nTunnuskoodi: {PASSCODE}"
    call = ("[Kutsu kokoontuminen koolle]", invited, "[torstaina 18.3.]", "[17.00–19.00]", THEME)
    await does(county, kaisa, "/start", "[Koordinaattorin sivut]", "[Kokoontumiset]", *call)
    await does(county, kaisa, "[Ei aineistoa]", "[Valmis]", "[Se avasi]", "[Lähetä kutsu]")
    await does(county, tuulikki, "[Tulen]")
    assert any(THEME in message.text for message in tuulikki.messages)

    chats = [phone.chat_id for phone in (kaisa, tuulikki, subscriber)]
    words = (NAME, CONTACT, kaisa.name, PASSCODE, THEME, LINK)
    assert found(county.folder / "data", chats=chats, words=words) == set()
    await county.stop()
    assert found(county.folder, chats=chats, words=words) == set()
    ours = [record for record in caplog.records if record.name != "aiohttp.access"]
    said = " ".join(record.getMessage() for record in ours)
    assert not [word for word in (*words, *map(str, chats)) if word in said]
    await county.start()


def _link(phone: Phone) -> str:
    """What stands behind the link that the phone was shown."""
    text = next(m.text for m in reversed(phone.messages) if "?start=i-" in m.text)
    return text.split("?start=")[1].split()[0]
