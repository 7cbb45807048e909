"""What surveys have come to: for readers and coordinators, totals and nothing finer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from dialogs.events import Tapped
from dialogs.life import Running, State
from dialogs.panel import door
from dialogs.panel.buttons import Page, panel
from dialogs.panel.records import Panel, Received, Role
from tests.chat import library
from tests.in_panel import TODAY, coordinator, does, here, press, text

if TYPE_CHECKING:
    from dialogs.outcome import Here

OPEN = Running(library("equality"), State.OPEN, date(2027, 1, 27), date(2027, 2, 8))
CALL = Running(library("application"), State.OPEN, date(2027, 1, 20))
CLOSING = Running(
    library("safety"), State.CLOSING, date(2027, 1, 4), date(2027, 2, 1), closed_on=TODAY
)
OLD = Running(library("participation"), State.ARCHIVED, date(2026, 8, 1), date(2026, 9, 30))


def reader(*surveys: Running, **received: Received) -> Here:
    return here(
        panel=Panel(surveys=surveys, received=received),
        reader=replace(coordinator(60, "Riitta"), role=Role.READER),
    )


def test_each_survey_that_was_opened_stands_with_its_days_and_how_many_have_answered() -> None:
    at = reader(
        OLD,
        CLOSING,
        CALL,
        OPEN,
        equality=Received(20, 3),
        application=Received(1, 0),
        safety=Received(0, 1),
        participation=Received(145, 0, few=True),
    )
    assert text(press(at, Page.RESULTS)) == (
        "Tulokset\n"
        "Montako vastausta kuhunkin kyselyyn ja hakuun on tullut.\n\n"
        "Yhdenvertaisuus palveluissa\n"
        "Auki, 27.1.–8.2.\n"
        "20 vastausta\n"
        "Lisäksi 3 on saapunut ja odottaa, että ne sekoitetaan muiden joukkoon.\n\n"
        f"{library('application').title['fi']}\n"
        "Auki, 20.1. alkaen\n"
        "1 hakemus\n\n"
        f"{library('safety').title['fi']}\n"
        "Sulkeutumassa, 4.1.–27.1.\n"
        "0 vastausta\n"
        "Lisäksi 1 on saapunut ja odottaa, että se sekoitetaan muiden joukkoon.\n\n"
        f"{library('participation').title['fi']}\n"
        "Arkistossa, 1.8.2026–30.9.2026\n"
        "145 vastausta\n"
        "[Päävalikko]"
    )


def test_what_was_not_opened_is_not_there() -> None:
    unopened = [replace(OPEN, state=one) for one in (State.DRAFT, State.SCHEDULED)]
    said = text(press(reader(*unopened), Page.RESULTS))
    assert "Yhtään kyselyä tai hakua ei ole vielä avattu." in said
    assert "Yhdenvertaisuus" not in said


def test_a_survey_nobody_has_answered_says_none() -> None:
    assert "0 vastausta" in text(press(reader(OPEN), Page.RESULTS))


def test_many_go_by_six_the_newest_first() -> None:
    many = [
        replace(
            OPEN,
            form=replace(OPEN.form, name=f"e{number}"),
            state=State.CLOSED,
            opens=TODAY - timedelta(days=number),
            closes=TODAY - timedelta(days=number),
        )
        for number in range(8)
    ]
    at = reader(*many)
    first = text(press(at, Page.RESULTS))
    assert "27.1.–27.1." in first
    assert "21.1.–21.1." not in first
    second = text(press(at, Page.RESULTS, "", "6"))
    assert "21.1.–21.1." in second
    assert "[Edellinen sivu]" in second


def test_a_coordinator_sees_the_same_and_goes_back_to_the_panel() -> None:
    at = reader(OPEN, equality=Received(20, 3))
    same = replace(at, reader=None, coordinator=coordinator())
    theirs, ours = (text(press(one, Page.RESULTS)) for one in (at, same))
    assert theirs.removesuffix("[Päävalikko]") == ours.removesuffix("[Sulje]")
    panel_card = text(press(same, Page.PANEL))
    assert "[Tulokset]" in panel_card


def test_a_reader_s_first_card_has_one_button_more_than_a_resident_s() -> None:
    at = reader(OPEN)
    start = Tapped("m:fi:home", 10)
    theirs = text(does(at, start))
    assert theirs.replace("[Tulokset]\n", "") == text(does(replace(at, reader=None), start))


def test_a_reader_has_no_other_page() -> None:
    at = reader(OPEN)
    assert door.COORDINATORS.keys() & door.READERS.keys() == set()
    for page in (*door.COORDINATORS, *door.MEMBERS, Page.TASK, Page.GO_ON, Page.DROP):
        assert door.step(at, Tapped(panel("fi", page, bytes(16), "1"), 10)) is None, page


def test_nobody_else_sees_the_results() -> None:
    stranger = replace(reader(OPEN), reader=None)
    assert door.step(stranger, Tapped(panel("fi", Page.RESULTS), 10)) is None
