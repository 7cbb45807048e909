"""What is pointed out in a broadcast: slips that keep it from going out, and what may be
meant."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.announcement import Circle
from dialogs.broadcasts import checking
from dialogs.broadcasts.records import Broadcast, Occasion, Ready, Target, Wording
from dialogs.life import State
from dialogs.screens import Mark, Say, Style
from tests.desk import RENDERER
from tests.writing_desk import SAFETY, TEXTS, WritingDesk, broadcast, pointer

if TYPE_CHECKING:
    from dialogs.panel.records import Record

TODAY = date(2027, 1, 27)  # a Wednesday
A = "https://hyvaks.example/a"


def seen(text: str, language: str = "fi", marks: tuple[Mark, ...] = ()) -> list[tuple[str, bool]]:
    """Which phrases are said of a text, and whether it must be mended."""
    doubts = checking.of_wording(Wording(text, marks), language, TODAY)
    return [(phrase(one), one.mend) for one in doubts]


def phrase(doubt: checking.Doubt) -> str:
    assert isinstance(doubt.said, Say)
    return doubt.said.phrase.removeprefix("compose.")


def said(*kept: Record, **of: Any) -> list[tuple[str, bool]]:
    """What is seen in a whole broadcast, in Finnish."""
    desk = WritingDesk(*kept)
    doubts = checking.remarks(desk.here, broadcast(**of))
    return [(RENDERER.words(one.said, "fi", TODAY), one.mend) for one in doubts]


def words(**texts: str) -> dict[str, Wording]:
    return {language: Wording(text) for language, text in texts.items()}


# Length


def test_a_text_fits_one_message_with_room_for_the_mark_of_a_correction() -> None:
    assert not seen("a" * 4000)
    assert seen("a" * 4001) == [("too_long", True)]
    assert seen("😀" * 2000) == []
    assert seen("😀" * 2001) == [("too_long", True)], "counted as Telegram counts"


@pytest.mark.parametrize("along", [{"picture": "p"}, {"file": "f", "name": "ohje.pdf"}])
def test_below_a_picture_or_a_file_less_fits(along: dict[str, str]) -> None:
    assert checking.too_long(Wording("a" * 950, **along)) is None  # type: ignore[arg-type]
    refused = checking.too_long(Wording("a" * 951, **along))  # type: ignore[arg-type]
    assert refused == Say("compose.too_long_below", {"length": 951}, count=950)


def test_a_picture_alone_says_nothing_to_a_screen_reader() -> None:
    doubts = checking.of_wording(Wording("", picture="p"), "fi", TODAY)
    assert doubts == (checking.Doubt(Say("compose.no_text"), mend=False),)


# Links


@pytest.mark.parametrize(
    "text",
    [
        f"Vastaa: {A}",
        f"Vastaa ({A}).",
        f"Katso {A}, {A} ja {A}.",
        "https://hyväks.example/ä",
        "https://hyvaks.example:8443/x?a=b#c",
        "Kirjoita: raati@hyvaks.example",
        "Kysely on avoinna.Tule mukaan ja vastaa.Se on helppoa",
        "ja/tai 24/7, noin 3.5 prosenttia, ohje.pdf",
    ],
)
def test_whole_addresses_and_what_is_none_are_fine(text: str) -> None:
    assert seen(text) == []


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("Vastaa http://hyvaks.example/a.", "http://hyvaks.example/a"),
        ("Vastaa www.hyvaks.example, kiitos", "www.hyvaks.example"),
        ("Vastaa hyvaks.example/x.", "hyvaks.example/x"),
        ("(hyvaks.fi)", "hyvaks.fi"),
    ],
)
def test_an_address_without_https_must_be_mended(text: str, link: str) -> None:
    (doubt,) = checking.of_wording(Wording(text), "fi", TODAY)
    assert phrase(doubt) == "not_https"
    assert doubt.mend
    assert f"osoite {link} ei ala" in RENDERER.words(doubt.said, "fi", TODAY)


def behind(url: str, offset: int, length: int) -> tuple[Mark, ...]:
    return (Mark(Style.BOLD, 0, 3), Mark(Style.LINK, offset, length, url))


def test_links_behind_words_are_looked_at_as_well() -> None:
    assert seen("Vastaa täällä", marks=behind(A, 7, 6)) == []
    insecure = behind("http://hyvaks.example", 7, 6)
    assert seen("Vastaa täällä", marks=insecure) == [("not_https", True)]


def test_an_address_that_is_the_words_of_a_link_opens_that_link() -> None:
    marks = behind("https://hyvaks.example/", 8, 14)
    assert seen("😀 Katso hyvaks.example", marks=(replace(marks[1], offset=9),)) == []
    assert seen("Katso: hyvaks.example", marks=(replace(marks[1], offset=7),)) == []
    half = (replace(marks[1], offset=7, length=3),)
    assert seen("Katso: hyvaks.example", marks=half) == [("not_https", True)]


@pytest.mark.parametrize(
    "link",
    [
        "https://",
        "https://kysely",
        "https://[",
        "https://.example/x",
        f"https://{'a' * 70}.fi",
        "https://a_b.fi",
    ],
)
def test_an_address_that_names_no_place_must_be_mended(link: str) -> None:
    assert seen("täällä", marks=behind(link, 0, 6)) == [("no_address", True)]


def test_links_that_differ_between_the_languages_are_named() -> None:
    wordings = words(fi=f"{A} ja {A}/yhteinen", sv=f"{A}/yhteinen", en=f"{A}b {A}/yhteinen")
    expected = (
        "Linkit ovat eri kielillä erilaiset: suomeksi https://hyvaks.example/a; "
        "ruotsiksi ei linkkiä; englanniksi https://hyvaks.example/ab. "
        "Tarkista, että se on tarkoitus."
    )
    assert said(wordings=wordings) == [(expected, False)]
    assert checking.links_differ(broadcast(wordings=wordings))


@pytest.mark.parametrize(
    ("fi", "sv"),
    [
        ("https://hyvaks.example/fi/raati", "https://hyvaks.example/sv/raati"),
        ("https://hyvaks.example/raati", "https://hyvaks.example/sv/raati"),
        ("https://hyvaks.example/raati?lang=fi", "https://hyvaks.example/raati?lang=sv"),
        ("https://fi.hyvaks.example/raati", "https://sv.hyvaks.example/raati"),
    ],
)
def test_pages_of_one_site_in_two_languages_are_only_to_be_opened(fi: str, sv: str) -> None:
    wordings = words(fi=fi, sv=sv, en=fi)
    [(remark, mend)] = said(wordings=wordings)
    assert remark.startswith("Linkit vievät eri kielillä saman sivuston eri kielisivuille.")
    assert not mend


def test_every_address_is_listed_once() -> None:
    wordings = words(fi=f"{A} {A}", sv=f"{A} https://b.example")
    assert checking.links(broadcast(wordings=wordings)) == (A, "https://b.example")
    assert not checking.links_differ(broadcast(wordings={}))


# Days


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("torstaina 18.3. klo 17.00–19.00", "fi"),
        ("to 18.3.", "fi"),
        ("torstaina 18.3.2027", "fi"),
        ("torstaina 18. maaliskuuta", "fi"),
        ("Vastaa 1.–15.3. klo 10.12", "fi"),
        ("torsdag 18.3 kl. 17", "sv"),
        ("torsdagen den 18 mars", "sv"),
        ("tors 18 mars 2027", "sv"),
        ("då kan man 19.3 delta", "sv"),
        ("Thursday 18 March, 17:00", "en"),
        ("Thu 18th March 2027", "en"),
        ("it costs 2.5 million, from 1.1 to 2.5", "en"),
        ("Group 2 may apply", "en"),
    ],
)
def test_a_day_that_is_right_is_not_spoken_of(text: str, language: str) -> None:
    assert seen(text, language) == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("torstaina 19.3.", "fi"),
        ("to 19.3.", "fi"),
        ("keskiviikkona 18.3.2027", "fi"),
        ("torstaina 19. maaliskuuta", "fi"),
        ("torsdag 19.3", "sv"),
        ("torsdagen den 19 mars", "sv"),
        ("fredag 18 mars 2027", "sv"),
        ("Thursday 19 March", "en"),
        ("Fri 18 March", "en"),
        ("Thursday 19.3.2027", "en"),
    ],
)
def test_a_weekday_that_does_not_fit_its_date_must_be_mended(text: str, language: str) -> None:
    assert seen(text, language) == [("wrong_weekday", True)]


def test_the_right_weekday_is_said_and_how_to_mean_another_year() -> None:
    (doubt,) = checking.of_wording(Wording("Tule torstaina 19.3. mukaan"), "fi", TODAY)
    assert RENDERER.words(doubt.said, "fi", TODAY) == (
        "kirjoitit torstaina 19.3., mutta kalenterin mukaan perjantaina 19.3. on oikein. "
        "Jos tarkoitat toista vuotta, kirjoita myös vuosi."
    )
    assert seen("Tule torstaina 19.3.2026") == [("day_past", False)], "that one was a Thursday"


@pytest.mark.parametrize(
    ("text", "language"),
    [("26.1.", "fi"), ("1. elokuuta 2026", "fi"), ("26 januari", "sv"), ("26 January", "en")],
)
def test_a_day_that_has_passed_is_pointed_out(text: str, language: str) -> None:
    assert seen(text, language) == [("day_past", False)]
    assert seen("Tänään 27.1.") == [], "today is not over"


def test_without_a_year_a_day_long_ago_is_the_one_ahead() -> None:
    assert seen("1.7.") == []
    november = date(2027, 11, 1)
    doubts = checking.of_wording(Wording("18.3. ja 1.10."), "fi", november)
    assert [phrase(one) for one in doubts] == ["day_past"], "of October, not of March"
    leap = checking.of_wording(Wording("29.2."), "fi", date(2028, 11, 1))
    assert [phrase(one) for one in leap] == ["day_past"], "the next year has none"


def test_a_day_that_no_calendar_has() -> None:
    assert seen("torstaina 31.2.") == [("no_such_day", True)]
    assert seen("kappale 30.2. jatkuu") == [("no_such_day", False)], "it may be no day at all"


def test_days_and_times_that_differ_between_the_languages_are_pointed_out() -> None:
    wordings = words(fi="to 18.3. klo 17–19, 8.4.", sv="tors 18.3 kl. 17.00–19.30, 9.4", en="17:00")
    assert said(wordings=wordings) == [
        (
            "Päivät ovat eri kielillä erilaiset: suomeksi 18.3. ja 8.4.; "
            "ruotsiksi 18.3. ja 9.4.; englanniksi ei päivää",
            False,
        ),
        (
            "Kellonajat ovat eri kielillä erilaiset: suomeksi 19.00; ruotsiksi 19.30; "
            "englanniksi ei kellonaikaa",
            False,
        ),
    ]
    alike = words(fi="to 18.3. klo 17", sv="torsdagen den 18 mars kl. 17.00", en="18 March, 17:00")
    assert said(wordings=alike) == []


# Languages, and the button


def test_a_language_that_somebody_reads_must_be_written() -> None:
    only = words(fi="Hei")
    assert said(wordings=only) == [
        ("Viesti puuttuu ruotsiksi: sen lukee 150 henkilöä.", True),
        ("Viesti puuttuu englanniksi: sen lukee 60 henkilöä.", True),
    ]
    assert said(wordings=only, circle=Circle.MEMBERS) == [
        ("Viesti puuttuu ruotsiksi: sen lukee 2 henkilöä.", True)
    ], "nobody reads English there"
    assert said(wordings={}) == [], "nothing is written yet"
    assert said(wordings=only, circle=None) == []
    assert said(wordings={}, ready=Ready(Occasion.OPENED, "safety", SAFETY.closes)) == []


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State.OPEN, []),
        (State.SCHEDULED, [("opens_later", False)]),
        (State.CLOSED, [("not_open", False)]),
    ],
)
def test_a_button_to_a_survey_that_is_not_open_is_pointed_out(
    state: State, expected: list[tuple[str, bool]]
) -> None:
    led = pointer("Kysely", target=Target.SURVEY, to="safety")
    desk = WritingDesk(led, pointer())
    survey = replace(SAFETY, state=state)
    desk.panel = replace(desk.panel, surveys=(*desk.panel.surveys[1:], survey))
    for one in (
        broadcast(pointer=led.key),
        broadcast(wordings={}, ready=Ready(Occasion.OPENED, "safety", SAFETY.closes)),
    ):
        doubts = checking.remarks(desk.here, one)
        assert [(phrase(doubt), doubt.mend) for doubt in doubts] == expected
    assert checking.remarks(desk.here, broadcast(pointer=pointer().key)) == ()


def test_what_must_be_mended_stands_before_what_is_pointed_out() -> None:
    wordings = words(
        fi="http://a.example 26.1.", sv="http://a.example 26.1", en="http://a.example 26 January"
    )
    desk = WritingDesk()
    shown = checking.lines(checking.remarks(desk.here, broadcast(wordings=wordings)))
    first = [RENDERER.words(paragraph[0].words, "fi", TODAY) for paragraph in shown]
    assert first == ["Korjaa ennen lähettämistä:", "Huomaa:"]
    assert [len(paragraph) for paragraph in shown] == [4, 4]
    assert checking.lines(()) == ()


# Whatever is written


@given(
    st.text(max_size=60),
    st.sampled_from(["fi", "sv", "en"]),
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20), st.text(max_size=20)), max_size=2),
)
def test_whatever_is_written_it_is_looked_at(
    text: str, language: str, links: list[tuple[int, int, str]]
) -> None:
    marks = tuple(Mark(Style.LINK, offset, length, url) for offset, length, url in links)
    for doubt in checking.of_wording(Wording(text, marks), language, TODAY):
        assert RENDERER.words(doubt.said, "fi", TODAY)


@given(
    st.dates(date(2026, 8, 1), date(2027, 12, 31)),
    st.sampled_from([0, *range(7)]),
    st.sampled_from(["fi", "sv", "en"]),
)
def test_only_the_true_weekday_of_a_date_goes_through(
    day: date, weekday: int, language: str
) -> None:
    names = {
        "fi": "maanantaina tiistaina keskiviikkona torstaina perjantaina lauantaina sunnuntaina",
        "sv": "måndag tisdag onsdag torsdag fredag lördag söndag",
        "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    }
    text = f"{names[language].split()[weekday]} {day.day}.{day.month}.{day.year}"
    found = [name for name, _ in seen(text, language)]
    assert ("wrong_weekday" in found) == (day.weekday() != weekday), text
    assert ("day_past" in found) == (day < TODAY), text


def test_nothing_is_pointed_out_in_what_is_right() -> None:
    desk = WritingDesk()
    one: Broadcast = broadcast()
    assert TEXTS["fi"] in one.wordings["fi"].text
    assert checking.remarks(desk.here, one) == ()
