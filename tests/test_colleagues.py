"""Coordinators among themselves: the list, and how one of them is removed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dialogs.announcement import Circle, Priority
from dialogs.events import Commanded, Event, Tapped, Typed
from dialogs.outcome import Change
from dialogs.panel import door
from dialogs.panel.buttons import Page, panel
from dialogs.panel.records import Coordinator, Role
from tests.desk import KAISA, NOW, Desk, coordinator

VEIKKO = coordinator("Veikko")
LIISA = coordinator("Liisa")


def names(desk: Desk) -> list[str]:
    return [one.name for one in desk.panel.coordinators]


def test_the_list_names_everybody_and_says_who_is_not_reached() -> None:
    desk = Desk(replace(VEIKKO, gone=True))
    said = desk.opens(Page.COLLEAGUES)
    assert "Kaisa, sinä\nVeikko, viestit eivät tavoita" in said
    assert desk.labels() == ["Poista Kaisa", "Poista Veikko", "Sulje"]


def test_the_last_one_cannot_be_removed_here() -> None:
    desk = Desk()
    assert "Ainoaa koordinaattoria ei voi poistaa täällä." in desk.opens(Page.COLLEAGUES)
    assert desk.labels() == ["Sulje"]
    for page in (Page.REMOVE, Page.REMOVE_SURELY):
        assert "Ainoaa koordinaattoria" in desk.opens(page, KAISA.key)
    assert names(desk) == ["Kaisa"]


def test_one_is_removed_in_two_taps_and_the_others_hear() -> None:
    desk = Desk(VEIKKO, LIISA)
    desk.opens(Page.COLLEAGUES)
    assert desk.taps("Poista Veikko").startswith("Poistetaanko Veikko koordinaattoreista?")
    assert len(names(desk)) == 3
    assert desk.taps("Kyllä, poista") == "Poistettu koordinaattoreista."
    assert names(desk) == ["Kaisa", "Liisa"]
    (told,) = desk.planned.values()
    assert (told.audience.circle, told.audience.of) == (Circle.PERSON, LIISA.key.hex())
    assert (told.due, told.priority) == (NOW, Priority.CHANGE)
    assert desk.text(told.cards["fi"]) == "Yksi koordinaattori on poistettu."
    assert (desk.last_deed.what, desk.last_deed.about) == ("coordinator_removed", "Veikko")


RIITTA = coordinator("Riitta", role=Role.READER)


def reading(*kept: Coordinator) -> Desk:
    """Riitta reads besides the coordinators."""
    desk = Desk(*kept)
    desk.panel = replace(desk.panel, readers=(RIITTA,))
    return desk


def test_readers_are_named_as_readers() -> None:
    desk = reading(VEIKKO)
    said = desk.opens(Page.COLLEAGUES)
    assert "Kaisa, sinä\nVeikko\n\nLukijat (näkevät vain tulokset)\nRiitta\n" in said
    assert desk.labels() == ["Poista Kaisa", "Poista Veikko", "Poista Riitta", "Sulje"]
    assert "Lukijat" not in Desk(VEIKKO).opens(Page.COLLEAGUES)


def test_a_reader_is_removed_in_two_taps_and_the_other_coordinators_hear() -> None:
    desk = reading(VEIKKO)
    desk.opens(Page.COLLEAGUES)
    asked = desk.taps("Poista Riitta")
    assert asked.startswith("Poistetaanko Riitta lukijoista?")
    assert "Tulokset eivät enää aukea" in asked
    assert desk.taps("Kyllä, poista") == "Poistettu lukijoista."
    assert desk.panel.readers == ()
    assert names(desk) == ["Kaisa", "Veikko"]
    (told,) = desk.planned.values()
    assert (told.audience.circle, told.audience.of) == (Circle.PERSON, VEIKKO.key.hex())
    assert desk.text(told.cards["fi"]) == "Yksi lukija on poistettu."
    assert (desk.last_deed.what, desk.last_deed.about) == ("reader_removed", "Riitta")


def test_who_only_reads_does_not_let_the_last_coordinator_go() -> None:
    desk = reading()
    assert "Ainoaa koordinaattoria ei voi poistaa täällä." in desk.opens(Page.COLLEAGUES)
    assert desk.labels() == ["Poista Riitta", "Sulje"]
    for page in (Page.REMOVE, Page.REMOVE_SURELY):
        assert "Ainoaa koordinaattoria" in desk.opens(page, KAISA.key)
    assert names(desk) == ["Kaisa"]
    assert desk.opens(Page.REMOVE_SURELY, RIITTA.key) == "Poistettu lukijoista."
    assert not desk.planned, "there is nobody to tell"


def test_removing_somebody_who_is_gone_already_shows_the_list() -> None:
    desk = Desk(LIISA)
    assert "Liisa" in desk.opens(Page.REMOVE, VEIKKO.key)
    assert "Liisa" in desk.opens(Page.REMOVE_SURELY, VEIKKO.key)
    assert desk.deeds == []


def test_one_may_remove_oneself_while_somebody_stays() -> None:
    desk = Desk(VEIKKO)
    desk.opens(Page.REMOVE, KAISA.key)
    assert desk.taps("Kyllä, poista") == "Et ole enää koordinaattori."
    assert names(desk) == ["Veikko"]
    (told,) = desk.planned.values()
    assert told.audience.of == VEIKKO.key.hex()


def test_a_removed_coordinator_finds_nothing_any_more() -> None:
    desk = Desk(VEIKKO)
    desk.opens(Page.REMOVE_SURELY, KAISA.key)
    for page in door.COORDINATORS:
        assert door.step(desk.here, Tapped(panel("fi", page), 1)) is None
    assert door.entrances(desk.here, "fi") == []


def taps_at_one_moment(desk: Desk, *whom: bytes) -> list[Change]:
    """What each coordinator in turn decides, none of it carried out yet."""
    changes: list[Change] = []
    for mine, about in zip(desk.panel.coordinators, whom, strict=True):
        here = replace(desk.here, coordinator=mine)
        outcome = door.step(here, Tapped(panel("fi", Page.REMOVE_SURELY, about), 1))
        assert outcome is not None
        changes += [one for one in outcome.effects if isinstance(one, Change)]
    return changes


def test_nor_does_what_they_were_in_the_midst_of_go_on() -> None:
    desk = Desk(VEIKKO)
    desk.opens(Page.ADD)
    desk.erase(KAISA.key)
    assert desk.task is not None
    events: list[Event] = [
        Typed("Aune Esimerkki", 9, NOW),
        Commanded("stop", "", 9),
        *(Tapped(panel("fi", page), 1) for page in (Page.GO_ON, Page.TASK, Page.DROP)),
    ]
    for event in events:
        assert door.step(desk.here, event) is None
    assert door.entrances(desk.here, "fi") == []
    assert door.pause(desk.here) == ()


@pytest.mark.parametrize(
    "whom",
    [(VEIKKO.key, KAISA.key), (KAISA.key, VEIKKO.key)],
    ids=["each other", "themselves"],
)
def test_two_who_remove_at_one_moment_do_not_both_succeed(whom: tuple[bytes, bytes]) -> None:
    """Whoever comes second finds that what they hold has changed since, and nothing is done."""
    desk = Desk(VEIKKO)
    first, second = taps_at_one_moment(desk, *whom)
    desk.change(first)
    with pytest.raises(AssertionError, match="changed since"):
        desk.change(second)
    assert len(names(desk)) == 1
