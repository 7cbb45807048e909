"""Announcements become letters: rendered and measured when planned, sent and edited as they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot import calendar
from bot.letters import File, packed, planned, unpacked, written
from dialogs.announcement import Announcement, Audience, Calendar, Circle, Priority
from dialogs.screens import Button, Card, Line, Linked, On, Own, Say
from storage.announcements import in_language
from tests.county import BEGINS, HELSINKI
from tests.outbox_office import RENDERER, Office, office

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

TODAY = BEGINS.date()
LINK = "https://teams.microsoft.com/l/meetup-join/keksitty"

MEETING = Calendar(
    uid="kokoontuminen@raati.example",
    sequence=0,
    start=BEGINS + timedelta(days=7),
    end=BEGINS + timedelta(days=7, hours=2),
    summary=Say("button.home"),
    details=(),
    link=LINK,
)


def card(text: str, language: str = "fi", **more: Any) -> Card:
    return Card(language, ((Line(Own(text), strong=True),),), **more)


def announcement(*cards: Card, **more: Any) -> Announcement:
    return Announcement(
        "kutsu",
        Audience(Circle.MEMBERS),
        {one.language: one for one in cards},
        BEGINS,
        BEGINS + timedelta(days=1),
        Priority.REMINDER,
        **more,
    )


def test_letters_come_out_of_the_box_as_they_went_in() -> None:
    rows = ((Button(Own("Osallistun"), data="p:fi:in"), Button(Own("Teams"), link=LINK)),)
    whole = written(
        announcement(
            card("Kutsu 🙂", rows=rows), card("Inbjudan", "sv", file="BQAC"), card("Call", "en")
        ),
        RENDERER,
        TODAY,
    )
    assert unpacked(packed(whole)) == whole
    assert packed(whole) == packed(dict(reversed(whole.items())))
    assert whole["fi"].entities == [{"type": "bold", "offset": 0, "length": 8}]
    assert whole["sv"].file == File(id="BQAC")


def test_days_are_said_as_on_the_day_it_is_due() -> None:
    next_year = replace(
        announcement(Card("fi", ((Line(On(TODAY.replace(year=2028))),),))),
        due=datetime(2027, 12, 31, 22, 30, tzinfo=UTC),  # next year already in Helsinki
    )
    body = planned(next_year, RENDERER, HELSINKI).body
    assert "2028" not in unpacked(body)["fi"].text


def test_a_calendar_comes_as_a_file_in_each_language() -> None:
    both = announcement(card("Kutsu"), card("Inbjudan", "sv"), calendar=MEETING)
    whole = written(both, RENDERER, TODAY)
    files = [whole["fi"].file, whole["sv"].file]
    assert [file and file.name for file in files] == ["kokoontuminen.ics", "mote.ics"]
    assert all(file and file.content.startswith(b"BEGIN:VCALENDAR") for file in files)


@pytest.mark.parametrize(("length", "file"), [(4096, ""), (1024, "BQAC")])
def test_what_is_longer_than_telegram_takes_is_refused_when_it_is_planned(
    length: int, file: str
) -> None:
    fits = announcement(card("🙂" * (length // 2), file=file))
    assert planned(fits, RENDERER, HELSINKI).occasion == "kutsu"
    with pytest.raises(ValueError, match=f"it may have {length}"):
        planned(announcement(card("🙂" * (length // 2) + "a", file=file)), RENDERER, HELSINKI)


def test_what_says_nothing_or_brings_two_files_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a text"):
        planned(announcement(), RENDERER, HELSINKI)
    with pytest.raises(ValueError, match="0 characters"):
        planned(announcement(card("")), RENDERER, HELSINKI)
    two = announcement(card("Kutsu", file="BQAC"), calendar=MEETING)
    with pytest.raises(ValueError, match="one file"):
        planned(two, RENDERER, HELSINKI)


def test_whose_language_is_not_written_gets_the_finnish_letter_or_what_there_is() -> None:
    whole = written(announcement(card("Peruttu"), card("Inställt", "sv")), RENDERER, TODAY)
    assert [in_language(whole, name).text for name in ("sv", "en")] == ["Inställt", "Peruttu"]
    one = written(announcement(card("Inställt", "sv")), RENDERER, TODAY)
    assert in_language(one, "fi").text == "Inställt"


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Office]:
    async with office(tmp_path) as one:
        yield one


async def test_a_letter_with_a_file_is_one_message_with_its_buttons(here: Office) -> None:
    person = await here.member("sv")
    rows = ((Button(Own("Jag kommer"), data="p:sv:in"),),)
    cards = {"fi": card("Kutsu"), "sv": card("Inbjudan", "sv", rows=rows)}
    await here.announces(here.announcement("kutsu", cards=cards, calendar=MEETING))
    await here.rests()
    [message] = person.phone.messages
    assert (message.kind, message.text) == ("document", "Inbjudan")
    assert message.rows[0][0].label == "Jag kommer"
    assert message.entities == ({"type": "bold", "offset": 0, "length": 8},)
    assert message.document is not None
    assert message.document.name == "mote.ics"
    assert message.document.mime == "text/calendar"
    file = calendar.rendered(MEETING, "sv", RENDERER, here.wall().date())
    assert message.document.content == file


async def test_a_corrected_letter_brings_its_file_along(here: Office) -> None:
    person = await here.member()
    cards = {"fi": card("Kutsu")}
    await here.announces(here.announcement("kutsu", cards=cards, calendar=MEETING))
    await here.rests()
    [before] = person.phone.messages
    moved = replace(MEETING, sequence=1)
    for _ in range(2):
        cards = {"fi": card("Korjattu")}
        await here.corrects(here.announcement("kutsu", cards=cards, calendar=moved))
        await here.rests()
    [after] = person.phone.messages
    assert (after.id, after.text, after.edited) == (before.id, "Korjattu", True)
    assert after.document is not None
    assert b"SEQUENCE:1" in after.document.content


async def test_a_text_may_become_one_with_a_file(here: Office) -> None:
    person = await here.member()
    await here.announces(here.announcement("kutsu", cards={"fi": card("Kutsu")}))
    await here.rests()
    cards = {"fi": card("Korjattu")}
    await here.corrects(here.announcement("kutsu", cards=cards, calendar=MEETING))
    await here.rests()
    [after] = person.phone.messages
    assert after.document is not None
    assert (after.text, after.document.name) == ("Korjattu", "kokoontuminen.ics")


async def test_links_in_a_letter_open(here: Office) -> None:
    person = await here.member()
    linked = Card("fi", ((Line(Linked(Own("Liity"), LINK)),),))
    await here.announces(here.announcement("kutsu", cards={"fi": linked}))
    await here.rests()
    [message] = person.phone.messages
    assert [entity["url"] for entity in message.entities] == [LINK]
