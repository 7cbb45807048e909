"""What counts as another link, day, time or place after a correction, and what is wording only."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dialogs.broadcasts.differing import LONGEST, Difference, Kind, differences
from dialogs.broadcasts.records import Wording
from dialogs.screens import Mark, Style

LINK = "https://kysely.example/"


def changed(old: str, new: str, language: str = "fi") -> list[tuple[str, str, str]]:
    found = differences(Wording(old), Wording(new), language)
    return [(str(one.kind), one.wrong, one.right) for one in found]


WORDING = [("wording", "", "")]


@pytest.mark.parametrize(
    ("language", "old", "new"),
    [
        ("fi", "Tervetuloa mukaan.", "Lämpimästi tervetuloa mukaan."),
        ("fi", "Vastaa 8.2. klo 17", "Vastaa maanantaina 8. helmikuuta 2027 kello 17.00"),
        ("fi", "Kysely on auki. Kiitos Jyväskylä.", "Kiitos Jyväskylä. Kysely on auki."),
        ("fi", "Paikka Jyväskylä.", "Paikka jyväskylä."),
        ("fi", "Ensin 8.2., sitten kahvi.", "Ensin kahvi, sitten 8.2."),
        ("sv", "Svara senast 8.2.", "Svara senast måndagen den 8 februari."),
        ("sv", "Vi träffas kl. 17", "Vi möts kl. 17.00"),
        ("en", "Please answer by 8 February.", "Please do answer by Monday 8 February 2027."),
        ("en", "We meet at 17:00", "We meet at 5 pm"),
        ("fi", "poistetaan tämä sana", "poistetaan sana"),
    ],
)
def test_the_wording_alone(language: str, old: str, new: str) -> None:
    assert changed(old, new, language) == WORDING


@pytest.mark.parametrize(
    ("language", "old", "new", "wrong", "right"),
    [
        ("fi", "Vastaa 8.2. jo", "Vastaa 15.2. jo", "8.2.", "15.2."),
        (
            "fi",
            "Maanantaina 8.2. on",
            "Sunnuntaina 8.2. on",
            "Maanantaina 8.2.",
            "Sunnuntaina 8.2.",
        ),
        ("fi", "Avoinna maanantaina", "Avoinna tiistaina", "maanantaina", "tiistaina"),
        ("fi", "Auki 1.–8.2.", "Auki 2.–8.2.", "1.–8.2.", "2.–8.2."),
        ("fi", "Vastaa 8.2.2027", "Vastaa 8.2.2028", "8.2.2027", "8.2.2028"),
        ("fi", "Vastaa pian", "Vastaa pian 8.2.", "", "8.2."),
        ("fi", "Vastaa 8.2. pian", "Vastaa pian", "8.2.", ""),
        ("sv", "den 8 februari", "den 15 februari", "8 februari", "15 februari"),
        (
            "en",
            "on Monday 8 February",
            "on Tuesday 9 February",
            "Monday 8 February",
            "Tuesday 9 February",
        ),
    ],
)
def test_a_day(language: str, old: str, new: str, wrong: str, right: str) -> None:
    assert changed(old, new, language) == [("day", wrong, right)]


@pytest.mark.parametrize(
    ("language", "old", "new", "wrong", "right"),
    [
        (
            "fi",
            "Kokous klo 17.00–19.00",
            "Kokous klo 17.30–19.00",
            "klo 17.00–19.00",
            "klo 17.30–19.00",
        ),
        ("fi", "Kokous klo 17", "Kokous klo 18", "klo 17", "klo 18"),
        ("sv", "Mötet kl. 17", "Mötet kl. 18", "kl. 17", "kl. 18"),
        ("en", "at 17:00", "at 18:00", "17:00", "18:00"),
        ("en", "at 5 pm", "at 5 am", "5 pm", "5 am"),
    ],
)
def test_a_time(language: str, old: str, new: str, wrong: str, right: str) -> None:
    assert changed(old, new, language) == [("time", wrong, right)]


@pytest.mark.parametrize(
    ("language", "old", "new", "wrong", "right"),
    [
        (
            "fi",
            "Tavataan Vapaudenkatu 39.",
            "Tavataan Vapaudenkatu 41.",
            "Vapaudenkatu 39",
            "Vapaudenkatu 41",
        ),
        ("fi", "Tavataan salissa A1.", "Tavataan salissa B2.", "A1", "B2"),
        (
            "fi",
            "Tavataan kirjastossa.",
            "Tavataan Kansalaistalolla.",
            "kirjastossa",
            "Kansalaistalolla",
        ),
        ("fi", "Paikka: Kirjastokatu", "Paikka: Opistokatu", "Kirjastokatu", "Opistokatu"),
        ("fi", "Kirjastokatu\nTervetuloa", "Opistokatu\nTervetuloa", "Kirjastokatu", "Opistokatu"),
        ("fi", "Soita 014 123 456", "Soita 014 123 457", "123 456", "123 457"),
        ("fi", "Kirjoita a@x.example", "Kirjoita b@x.example", "a@x.example", "b@x.example"),
        ("fi", "Tule mukaan", "Tule mukaan Jyväskylään", "", "Jyväskylään"),
        ("fi", "39\n40 paikkaa", "39\n41 paikkaa", "40", "41"),
        ("sv", "Vi träffas i Jyväskylä.", "Vi träffas i Jämsä.", "Jyväskylä", "Jämsä"),
        ("en", "We meet in room 12.", "We meet in room 14.", "room 12", "room 14"),
        ("fi", "Huoneet 12 ja 14", "Huoneet 14 ja 12", "", ""),
    ],
)
def test_perhaps_a_place(language: str, old: str, new: str, wrong: str, right: str) -> None:
    found = changed(old, new, language)
    assert {kind for kind, _, _ in found} == {"place"}
    if wrong or right:
        assert found == [("place", wrong, right)]


def test_what_is_too_long_is_told_in_general() -> None:
    long = " ".join(["Pitkäkatu"] * LONGEST)
    assert changed("Tule Kotikatu 1", f"Tule {long}") == [("place", "", "")]


def test_links_in_the_text() -> None:
    found = changed(f"Vastaa: {LINK}a ja {LINK}b", f"Vastaa: {LINK}c ja {LINK}d")
    assert found == [("link", f"{LINK}a", f"{LINK}c"), ("link", f"{LINK}b", f"{LINK}d")]
    assert changed("Vastaa", f"Vastaa {LINK}a") == [("link", "", f"{LINK}a")]
    assert changed(f"Vastaa {LINK}a", "Vastaa") == [("link", f"{LINK}a", "")]


def test_links_behind_words() -> None:
    def behind(*urls: str) -> Wording:
        marks = tuple(Mark(Style.LINK, at, 1, url) for at, url in enumerate(urls))
        return Wording("Vastaa tästä", marks)

    old, new = behind(f"{LINK}a", f"{LINK}b"), behind(f"{LINK}a", f"{LINK}c")
    assert differences(old, new, "fi") == (Difference(Kind.LINK, f"{LINK}b", f"{LINK}c"),)
    assert differences(old, behind(f"{LINK}a"), "fi") == (Difference(Kind.LINK, f"{LINK}b"),)


def test_bold_alone_is_wording() -> None:
    bold = Wording("Vastaa", (Mark(Style.BOLD, 0, 6),))
    assert differences(Wording("Vastaa"), bold, "fi") == (Difference(Kind.WORDING),)


def test_another_picture_or_file_is_told() -> None:
    words = Wording("Vastaa", picture="1")
    assert differences(words, replace(words, picture="2"), "fi") == (Difference(Kind.FILE),)
    words = Wording("Vastaa", file="1")
    assert differences(words, replace(words, file="2"), "fi") == (Difference(Kind.FILE),)


def test_nothing() -> None:
    assert differences(Wording("Vastaa"), Wording("Vastaa"), "fi") == ()


def test_several_at_once_each_once() -> None:
    old = f"Vastaa 8.2. klo 17 Kotikatu 1 {LINK}a. Vielä kerran 8.2."
    new = f"Vastaa 9.2. klo 18 Kotikatu 2 {LINK}b. Vielä kerran 9.2."
    assert changed(old, new) == [
        ("day", "8.2.", "9.2."),
        ("time", "klo 17", "klo 18"),
        ("link", f"{LINK}a", f"{LINK}b"),
        ("place", "Kotikatu 1", "Kotikatu 2"),
    ]
