"""`raati invite coordinator` and `raati coordinators`, typed beside a bot or without one."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot import app
from bot.settings import variable
from dialogs.panel import links
from dialogs.panel.records import Coordinator, Purpose, Use
from storage import records
from tests.county import HELSINKI, TOKEN
from tests.errands import Errands

if TYPE_CHECKING:
    from dialogs.panel.records import Panel
    from tests.county import County

LINK = re.compile(r"https://t\.me/raati_bot\?start=(\S+)")


@pytest.fixture
def errands(
    county: County, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Errands:
    """Beside the county's bot, with its token."""
    typed = Errands(county.folder, county.clock, monkeypatch, capsys)
    monkeypatch.setenv(variable("token"), TOKEN)
    monkeypatch.setenv(variable("api_url"), county.sandbox.url)
    return typed


async def kept(county: County) -> Panel:
    async with app.kept(county.settings) as here:
        return await records.panel(here.store, HELSINKI, whole=True)


async def twin(county: County, name: str) -> Coordinator:
    one = Coordinator(secrets.token_bytes(16), name, "sv", secrets.randbelow(10**9))
    async with app.kept(county.settings) as here:
        await records.change(here.store, records.Changed(keep=(one,)))
    return one


def is_one_sentence(said: str) -> bool:
    return said.endswith(".\n") and said.count("\n") == 1


async def test_a_link_for_a_coordinator_is_printed_and_only_its_digest_is_kept(
    county: County, errands: Errands
) -> None:
    code, said = await errands.types("invite", "coordinator")
    assert code == 0
    link, explained = said.splitlines()
    found = LINK.fullmatch(link)
    assert found is not None
    assert explained == (
        "It works once, until 2027-01-28 12:00 Europe/Helsinki time: whoever opens it first is a "
        "coordinator."
    )
    token = links.opened(found[1])
    assert token is not None
    panel = await kept(county)
    (made,) = panel.invitations
    assert made.key == links.digest(token)
    assert (made.purpose, made.use, made.made_by) == (Purpose.COORDINATOR, Use.OPEN, "")
    assert made.expires == county.clock() + timedelta(hours=24)
    (deed,) = panel.trail
    assert (deed.who, deed.what) == ("", "coordinator_invited")
    for file in county.folder.rglob("*"):
        assert not file.is_file() or token.encode() not in file.read_bytes(), file


async def test_whoever_opens_it_first_is_a_coordinator_and_the_others_are_told(
    county: County, errands: Errands
) -> None:
    veikko = await county.seat("Veikko", "fi", "coordinator")
    assert veikko is not None
    _, said = await errands.types("invite", "coordinator")
    found = LINK.search(said)
    assert found is not None
    told = len(veikko.messages)
    kaisa = county.phone("Kaisa")
    kaisa.open_link(found[1])
    await county.settled()
    assert [one.name for one in (await kept(county)).coordinators] == ["Kaisa", "Veikko"]
    assert len(veikko.messages) == told + 1
    liisa = county.phone("Liisa")
    liisa.open_link(found[1])
    await county.settled()
    assert len((await kept(county)).coordinators) == 2, "it works once"


async def test_it_works_without_a_bot(county: County, errands: Errands) -> None:
    await county.stop()
    code, said = await errands.types("invite", "coordinator")
    assert code == 0
    assert LINK.match(said)
    assert len((await kept(county)).invitations) == 1


async def test_without_a_token_no_link_is_made(
    county: County, errands: Errands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(variable("token"))
    code, said = await errands.types("invite", "coordinator")
    assert code == 1
    assert said == "RAATI_TOKEN is not set: put the bot's token there.\n"
    assert (await kept(county)).invitations == ()


async def test_with_a_token_telegram_does_not_know_no_link_is_made(
    county: County, errands: Errands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable("token"), "1000000009:another-token-for-tests")
    code, said = await errands.types("invite", "coordinator")
    assert code == 1
    assert said.startswith("Telegram does not know this bot: check RAATI_TOKEN")
    assert is_one_sentence(said)
    assert "another" not in said
    assert (await kept(county)).invitations == ()


async def test_while_telegram_does_not_answer_no_link_is_made(
    county: County, errands: Errands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable("api_url"), "http://127.0.0.1:9")
    code, said = await errands.types("invite", "coordinator")
    assert code == 1
    assert said == "Telegram does not tell the bot's name now: try again in a moment.\n"
    assert (await kept(county)).invitations == ()


async def test_coordinators_are_listed_with_an_id_a_name_and_a_language(
    county: County, errands: Errands
) -> None:
    code, said = await errands.types("coordinators", "list")
    assert (code, said) == (
        0,
        "There are no coordinators. `raati invite coordinator` makes a link for one.\n",
    )
    kaisa = await county.seat("Kaisa", "fi", "coordinator")
    assert kaisa is not None
    await county.seat("Veikko", "sv", "coordinator")
    kaisa.block()
    await county.settled()
    code, said = await errands.types("coordinators", "list")
    assert code == 0
    ids = [one.key.hex()[:8] for one in (await kept(county)).coordinators]
    assert said == f"{ids[0]} Kaisa, fi, has blocked the bot\n{ids[1]} Veikko, sv\n"


async def test_one_is_removed_by_name_finds_nothing_any_more_and_the_others_hear(
    county: County, errands: Errands
) -> None:
    kaisa = await county.seat("Kaisa", "fi", "coordinator")
    veikko = await county.seat("Veikko", "sv", "coordinator")
    assert kaisa is not None
    assert veikko is not None
    assert any(
        "Koordinaattorin sivut" in button.label for row in kaisa.messages[-1].rows for button in row
    )
    code, said = await errands.types("coordinators", "remove", "kaisa")
    assert (code, said) == (0, "Kaisa is not a coordinator any more.\n")
    await county.settled()
    assert veikko.messages[-1].text == "En koordinator har tagits bort."
    kaisa.type("/start")
    await county.settled()
    assert not any(
        "Koordinaattorin sivut" in button.label for row in kaisa.messages[-1].rows for button in row
    )
    deed = (await kept(county)).trail[0]
    assert (deed.who, deed.what, deed.about) == ("", "coordinator_removed", "Kaisa")


async def test_the_last_one_is_removed_here_too(county: County, errands: Errands) -> None:
    await county.seat("Kaisa", "fi", "coordinator")
    code, said = await errands.types("coordinators", "remove", "Kaisa")
    assert code == 0
    assert said.endswith("There is none left. `raati invite coordinator` makes a link for one.\n")
    assert (await kept(county)).coordinators == ()


async def test_whoever_opens_a_reader_s_link_first_is_a_reader_and_coordinators_are_told(
    county: County, errands: Errands
) -> None:
    veikko = await county.seat("Veikko", "fi", "coordinator")
    assert veikko is not None
    code, said = await errands.types("invite", "reader")
    assert code == 0
    link, explained = said.splitlines()
    assert explained.endswith("whoever opens it first is a reader.")
    found = LINK.fullmatch(link)
    assert found is not None
    county.clock.passes(seconds=60)
    riitta = county.phone("Riitta")
    riitta.open_link(found[1])
    await county.settled()
    panel = await kept(county)
    assert [one.name for one in panel.readers] == ["Riitta"]
    assert [one.name for one in panel.coordinators] == ["Veikko"]
    assert veikko.messages[-1].text.startswith("Riitta on nyt lukija")
    assert [deed.what for deed in panel.trail] == ["reader_came", "reader_invited"]


async def test_readers_are_listed_as_readers_and_removed_like_the_others(
    county: County, errands: Errands
) -> None:
    kaisa = await county.seat("Kaisa", "fi", "coordinator")
    riitta = await county.seat("Riitta", "sv", "reader")
    assert kaisa is not None
    assert riitta is not None
    panel = await kept(county)
    ids = [one.key.hex()[:8] for one in (*panel.coordinators, *panel.readers)]
    code, said = await errands.types("coordinators", "list")
    assert (code, said) == (0, f"{ids[0]} Kaisa, fi\n{ids[1]} Riitta, sv, reader\n")
    heard = len(riitta.messages)
    code, said = await errands.types("coordinators", "remove", "Riitta")
    assert (code, said) == (0, "Riitta is not a reader any more.\n")
    await county.settled()
    assert kaisa.messages[-1].text == "Yksi lukija on poistettu."
    assert len(riitta.messages) == heard
    panel = await kept(county)
    assert panel.readers == ()
    assert (panel.trail[0].what, panel.trail[0].about) == ("reader_removed", "Riitta")


async def test_a_reader_who_stays_is_told_nothing_when_the_last_coordinator_goes(
    county: County, errands: Errands
) -> None:
    await county.seat("Kaisa", "fi", "coordinator")
    riitta = await county.seat("Riitta", "fi", "reader")
    assert riitta is not None
    heard = len(riitta.messages)
    code, said = await errands.types("coordinators", "remove", "Kaisa")
    assert code == 0
    assert said.endswith("There is none left. `raati invite coordinator` makes a link for one.\n")
    await county.settled()
    assert len(riitta.messages) == heard


async def test_of_two_of_one_name_the_id_says_which(county: County, errands: Errands) -> None:
    first, second = await twin(county, "Kaisa"), await twin(county, "Kaisa")
    code, said = await errands.types("coordinators", "remove", "Kaisa")
    assert code == 1
    assert said.startswith("More than one is called Kaisa: name one as ")
    assert first.key.hex()[:8] in said
    assert second.key.hex()[:8] in said
    code, _ = await errands.types("coordinators", "remove", first.key.hex()[:8])
    assert code == 0
    assert [one.key for one in (await kept(county)).coordinators] == [second.key]


async def test_somebody_who_is_no_coordinator_is_not_removed(
    county: County, errands: Errands
) -> None:
    code, said = await errands.types("coordinators", "remove", "Maija")
    assert code == 1
    assert said == (
        "No coordinator or reader is called Maija: `raati coordinators list` shows them all.\n"
    )


@pytest.mark.parametrize(
    "words",
    [
        ("invite",),
        ("invite", "member"),
        ("invite", "reader", "Riitta"),
        ("coordinators",),
        ("coordinators", "remove"),
        ("coordinators", "list", "Kaisa"),
    ],
)
async def test_wrong_use_is_one_sentence_and_exits_with_2(
    errands: Errands, words: tuple[str, ...]
) -> None:
    code, said = await errands.types(*words)
    assert code == 2
    assert is_one_sentence(said)


@pytest.mark.parametrize(
    ("words", "teaches"),
    [
        (("invite", "coordinator"), "whoever opens it first is a"),
        (("invite", "reader"), "who sees how many have answered each survey, and nothing else"),
        (("coordinators", "list"), "whether they only read"),
        (("coordinators", "remove"), "also the last one"),
    ],
)
async def test_help_teaches(errands: Errands, words: tuple[str, ...], teaches: str) -> None:
    code, said = await errands.types(*words, "--help")
    assert code == 0
    assert teaches in " ".join(said.split())
