"""What a person types and what it becomes: tables of cases, and promises that hold for any text."""

from __future__ import annotations

import unicodedata
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.forms.inputs import DIGITS_MOST, Refusal, read, several
from dialogs.forms.labels import NEAR_MOST, letters
from dialogs.forms.model import CANT_SAY, Choice, Parameters, Role, Row, Type
from dialogs.languages import LANGUAGES
from dialogs.screens import Say, Told, units

if TYPE_CHECKING:
    from dialogs.forms.answers import Answer

TODAY = date(2026, 1, 30)


def choice(name: str, fi: str, sv: str, en: str, *, exclusive: bool = False) -> Choice:
    return Choice(name, {"fi": fi, "sv": sv, "en": en}, exclusive)


FOR_WHOM = Row(
    Type.SELECT_ONE,
    "for_whom",
    1,
    choices=(
        choice("myself", "Itsestäni", "Om mig själv", "About myself"),
        choice("close", "Läheisestäni", "Om en närstående", "About someone close"),
        choice("helping", "Autan toista vastaamaan", "Jag hjälper en annan", "I help another"),
    ),
)

YES_NO = Row(
    Type.SELECT_ONE,
    "yes_no",
    1,
    choices=(choice("yes", "Kyllä", "Ja", "Yes"), choice("no", "Ei", "Nej", "No")),
)

AGES = Row(
    Type.SELECT_ONE,
    "age",
    1,
    choices=tuple(
        choice(name, *labels)
        for name, labels in {
            "under_18": ("Alle 18", "Under 18", "Under 18"),
            "from_18": ("18–29", "18–29", "18–29"),
            "from_30": ("30–44", "30–44", "30–44"),
            "from_45": ("45–64", "45–64", "45–64"),
            "from_65": ("65–74", "65–74", "65–74"),
            "from_75": ("75 tai yli", "75 eller över", "75 or over"),
        }.items()
    ),
)

TIMES = Row(
    Type.SELECT_ONE,
    "times",
    1,
    choices=(
        choice("never", "En kertaakaan", "Ingen gång", "Never"),
        choice("one", "1 kerran", "1 gång", "1 time"),
        choice("some", "2–3 kertaa", "2–3 gånger", "2–3 times"),
    ),
)

MUNICIPALITY_NAMES = (
    *("Hankasalmi", "Joutsa", "Jyväskylä", "Jämsä", "Kannonkoski", "Karstula", "Keuruu", "Kinnula"),
    *("Kivijärvi", "Konnevesi", "Kyyjärvi", "Laukaa", "Luhanka", "Multia", "Muurame"),
    *("Petäjävesi", "Pihtipudas", "Saarijärvi", "Toivakka", "Uurainen", "Viitasaari", "Äänekoski"),
)
SWEDISH_NAMES = {"Keuruu": "Keuru", "Laukaa": "Laukas"}
MUNICIPALITIES = Row(
    Type.SELECT_ONE,
    "municipality",
    1,
    choices=tuple(
        choice(name, name, SWEDISH_NAMES.get(name, name), name) for name in MUNICIPALITY_NAMES
    ),
    long_list=True,
)

SERVICES = Row(
    Type.SELECT_MULTIPLE,
    "services",
    1,
    choices=(
        choice("health", "Terveysasema", "Hälsostation", "Health centre"),
        choice("dental", "Hammashoito", "Tandvård", "Dental care"),
        choice(
            "family",
            "Neuvola, perheneuvola ja kotipalvelu",
            "Rådgivning, familjerådgivning och hemservice",
            "Child health clinic, family counselling and home help",
        ),
        choice("home", "Kotihoito", "Hemvård", "Home care"),
        choice("rescue", "Pelastuspalvelut", "Räddningstjänst", "Rescue services"),
        choice("none", "En mitään näistä", "Ingen av dessa", "None of these", exclusive=True),
    ),
    parameters=Parameters(minimum=2, maximum=3),
)

SCALE = Row(
    Type.RANGE,
    "treated",
    1,
    choices=(
        choice("1", "Huonosti", "Dåligt", "Badly"),
        choice("5", "Hyvin", "Bra", "Well"),
        choice("9", "Ei tässä asteikossa", "Inte på skalan", "Not on this scale"),
        choice("odd", "Ei numero", "Inget nummer", "Not a number"),
        choice(CANT_SAY, "En osaa sanoa", "Kan inte säga", "Can't say"),
    ),
    parameters=Parameters(start=1, end=5),
)

INTEGER = Row(Type.INTEGER, "how_many", 1)
DECIMAL = Row(Type.DECIMAL, "how_much", 1)
DAY = Row(Type.DATE, "when", 1)
TEXT = Row(Type.TEXT, "means", 1, parameters=Parameters(limit=20))
CONTACT = Row(Type.TEXT, "contact", 1, role=Role.CONTACT, parameters=Parameters(limit=40))
AGREE = Row(Type.ACKNOWLEDGE, "agree", 1)
NOTE = Row(Type.NOTE, "note", 1)
TOTAL = Row(Type.CALCULATE, "total", 1)


def expected(row: Row, typed: str, language: str = "fi") -> str:
    """The phrase a refusal says; fails where the text was taken."""
    answer = read(row, typed, language, TODAY)
    assert isinstance(answer, Refusal), answer
    return answer.expected.phrase


def near(row: Row, typed: str) -> list[str]:
    """The Finnish labels of the choices offered instead."""
    answer = read(row, typed, "fi", TODAY)
    assert isinstance(answer, Refusal), answer
    return [row.choices[index].label["fi"] for index in answer.near]


# One choice


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("2", "close"),
        ("2.", "close"),
        (" 2 ", "close"),
        ("2)", "close"),
        ("2️⃣", "close"),
        ("\u200e2", "close"),
        ("2. Läheisestäni", "close"),
        ("2) om en närstående", "close"),
        ("Läheisestäni", "close"),
        ("LAHEISESTANI.", "close"),
        ("La\u0308heisesta\u0308ni", "close"),
        ("  about   someone close ", "close"),
        ("Om en närstående", "close"),
        ("läh", "close"),
        ("autan toista", "helping"),
        ("i", "myself"),
        ("om mig", "myself"),
    ],
)
def test_one_choice_is_typed_by_number_by_label_or_by_its_beginning(typed: str, name: str) -> None:
    assert read(FOR_WHOM, typed, "fi", TODAY) == name


@pytest.mark.parametrize(
    ("typed", "phrase"),
    [
        ("", "expected.number_of_choice"),
        ("...", "expected.number_of_choice"),
        ("👍", "expected.number_of_choice"),
        ("0", "expected.number_of_choice"),
        ("4", "expected.number_of_choice"),
        ("-1", "expected.number_of_choice"),
        ("1000", "expected.number_of_choice"),
        ("naapurista", "expected.number_of_choice"),
        ("läheisestani kai", "expected.number_of_choice"),
        ("läheisestäno", "expected.number_of_choice"),  # a short list forgives no slips
        ("1. Läheisestäni", "expected.number_of_choice"),
        ("1 ja 2", "expected.only_one"),
        ("1–3", "expected.only_one"),
        ("om", "expected.one_of_these"),
    ],
)
def test_one_choice_is_refused_with_what_is_expected(typed: str, phrase: str) -> None:
    assert expected(FOR_WHOM, typed) == phrase


def test_a_refusal_names_the_last_number() -> None:
    assert read(FOR_WHOM, "?", "fi", TODAY) == Refusal(
        Say("expected.number_of_choice", {"last": 3})
    )


def test_a_word_is_read_in_the_conversations_language_first() -> None:
    row = Row(
        Type.SELECT_ONE,
        "x",
        1,
        choices=(choice("a", "Alle", "Kort", "Short"), choice("b", "Kaikki", "Alle", "All")),
    )
    assert read(row, "alle", "fi", TODAY) == "a"
    assert read(row, "alle", "sv", TODAY) == "b"
    assert read(row, "al", "fi", TODAY) == "a"
    assert read(row, "al", "sv", TODAY) == "b"
    assert read(row, "al", "en", TODAY) == "b"


@pytest.mark.parametrize("typed", ["kyllä", "K", "joo kyllä"[4:], "ja", "JA", "yes", "y"])
def test_yes_is_yes_in_every_language(typed: str) -> None:
    assert read(YES_NO, typed, "fi", TODAY) == "yes"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("1", "under_18"),
        ("6", "from_75"),
        ("30-44", "from_30"),
        ("30–44", "from_30"),
        ("30", "from_30"),
        ("alle 18", "under_18"),
        ("75", "from_75"),
    ],
)
def test_a_label_that_is_a_number_can_be_typed(typed: str, name: str) -> None:
    assert read(AGES, typed, "fi", TODAY) == name


@pytest.mark.parametrize("typed", ["7", "35", "44", "alle 1"])
def test_a_digit_is_no_beginning_of_a_larger_number(typed: str) -> None:
    assert expected(AGES, typed) == "expected.number_of_choice"


def test_a_number_that_is_also_how_another_label_begins_is_asked_again() -> None:
    assert near(TIMES, "1") == ["En kertaakaan", "1 kerran"]
    assert near(TIMES, "2") == ["1 kerran", "2–3 kertaa"]
    assert read(TIMES, "3", "fi", TODAY) == "some"
    assert read(TIMES, "2-3", "fi", TODAY) == "some"
    assert read(TIMES, "2 kertaa", "fi", TODAY) == Refusal(
        Say("expected.number_of_choice", {"last": 3})
    )


# A long list


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("3", "Jyväskylä"),
        ("22", "Äänekoski"),
        ("jyvaskyla", "Jyväskylä"),
        ("Jyvaskylä", "Jyväskylä"),
        ("JYVÄSKYLÄ", "Jyväskylä"),
        ("jyväskylää", "Jyväskylä"),
        ("Jyväskylässä", "Jyväskylä"),
        ("Jyväskylän", "Jyväskylä"),
        ("Jyväskyläs", "Jyväskylä"),
        ("Jyväskylä's", "Jyväskylä"),
        ("jyv", "Jyväskylä"),
        ("jyväksylä", "Jyväskylä"),
        ("Jämsä", "Jämsä"),
        ("Jamsa", "Jämsä"),
        ("Jämsään", "Jämsä"),
        ("Keuru", "Keuruu"),
        ("Keuruulla", "Keuruu"),
        ("Laukas", "Laukaa"),
        ("Laukaaseen", "Laukaa"),
        ("Luhangassa", "Luhanka"),
        ("Toivakassa", "Toivakka"),
        ("Kivijärvellä", "Kivijärvi"),
        ("Kyyjärvellä", "Kyyjärvi"),
        ("Saarijärven", "Saarijärvi"),
        ("Konnevedellä", "Konnevesi"),
        ("Petäjäveden", "Petäjävesi"),
        ("Pihtiputaalla", "Pihtipudas"),
        ("pihtpudas", "Pihtipudas"),
        ("Uuraisilla", "Uurainen"),
        ("Uuraisten", "Uurainen"),
        ("Viitasaarella", "Viitasaari"),
        ("Äänekoskelta", "Äänekoski"),
        ("anekoski", "Äänekoski"),
        ("kyy", "Kyyjärvi"),
        ("kivi", "Kivijärvi"),
    ],
)
def test_a_municipality_is_known_by_number_inflection_and_small_slips(
    typed: str, name: str
) -> None:
    assert read(MUNICIPALITIES, typed, "fi", TODAY) == name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", MUNICIPALITY_NAMES)
def test_every_municipality_is_itself_however_it_is_written(name: str, language: str) -> None:
    for typed in (name, name.upper(), letters(name), f" {name}. ", f"{name}n"):
        assert read(MUNICIPALITIES, typed, language, TODAY) == name


@pytest.mark.parametrize(
    "typed",
    [
        *("Alajärvi", "Evijärvi", "Haukivesi", "Heinävesi", "Ilmajoki", "Jämijärvi", "Jämsänkoski"),
        *(
            "Joutseno",
            "Kajaani",
            "Kannus",
            "Karttula",
            "Karvia",
            "Kauhajoki",
            "Kemijärvi",
            "Kerava",
        ),
        *("Keuruuntie", "Kittilä", "Kivisalmi", "Konginkangas", "Korpilahti", "Kuhmo", "Kuhmoinen"),
        *("Laukkala", "Lestijärvi", "Muurla", "Nurmijärvi", "Petäjäskoski", "Pielavesi", "Puumala"),
        *("Pyhäjärvi", "Rantasalmi", "Reisjärvi", "Siilinjärvi", "Suolahti", "Taipalsaari"),
        *("Taivalkoski", "Tikkakoski", "Toivala", "Valkeakoski", "Vaajakoski", "Viitasalo"),
        *("Muurlassa", "Toivalassa", "Joutsenossa", "Karttulassa", "Kuhmoisissa", "Alajärvellä"),
        *("ei Jämsä", "ei Kannonkoski", "en asu Jyväskylässä", "missä tahansa", "koski", "järvi"),
        *("23", "", "t", "ä"),
    ],
)
def test_what_is_not_in_the_list_is_never_taken_for_something_else(typed: str) -> None:
    assert isinstance(read(MUNICIPALITIES, typed, "fi", TODAY), Refusal)


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("järvi", ["Kyyjärvi", "Kivijärvi", "Saarijärvi"]),
        ("j", ["Joutsa", "Jyväskylä", "Jämsä"]),
        ("t", ["Toivakka"]),
        ("ki", ["Kinnula", "Kivijärvi"]),
        ("Muuarme", ["Muurame"]),
        ("Keuruun kaupunki", ["Keuruu"]),
        ("i Jyväskylä", ["Jyväskylä"]),
        ("Helsinki", []),
        ("23", []),
        ("", []),
    ],
)
def test_what_is_unclear_is_offered_back(typed: str, offered: list[str]) -> None:
    assert near(MUNICIPALITIES, typed) == offered


@pytest.mark.parametrize(
    ("typed", "phrase"),
    [
        ("ki", "expected.one_of_these"),
        ("Muuarme", "expected.perhaps_these"),
        ("Helsinki", "expected.name_or_number"),
        ("1, 2", "expected.only_one"),
    ],
)
def test_a_long_list_says_why_it_asks_again(typed: str, phrase: str) -> None:
    assert expected(MUNICIPALITIES, typed) == phrase


def long_list(*labels: str) -> Row:
    choices = tuple(choice(f"c{i}", label, label, label) for i, label in enumerate(labels))
    return Row(Type.SELECT_ONE, "long", 1, choices=choices, long_list=True)


def test_a_slip_that_is_as_like_to_two_choices_is_asked_again() -> None:
    row = long_list("Perhetyöntekijä", "Perhetyöntekijät", "Muu")
    assert near(row, "perhetyontekjia") == ["Perhetyöntekijä", "Perhetyöntekijät"]


def test_a_wrong_digit_or_another_word_is_not_a_slip() -> None:
    row = long_list("Terveysasema 21", "Lasten mielenterveyspalvelut", "😀")
    assert isinstance(read(row, "Terveysasema 22", "fi", TODAY), Refusal)
    assert isinstance(read(row, "Aikuisten mielenterveyspalvelut", "fi", TODAY), Refusal)
    assert read(row, "lasten mielentervyespalvelut", "fi", TODAY) == "c1"


# Several choices


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("1 4", ("health", "home")),
        ("4 1 4", ("health", "home")),
        ("1,4", ("health", "home")),
        ("1, 2 ja 4", ("health", "dental", "home")),
        ("1 och 4", ("health", "home")),
        ("1 and 4", ("health", "home")),
        ("1 & 4", ("health", "home")),
        ("1+4", ("health", "home")),
        ("1; 4.", ("health", "home")),
        ("1.4.", ("health", "home")),
        ("1\n4", ("health", "home")),
        ("1-3", ("health", "dental", "family")),
        ("1–3", ("health", "dental", "family")),
        ("1 – 3", ("health", "dental", "family")),
        ("1-2, 5", ("health", "dental", "rescue")),
        ("terveysasema, kotihoito", ("health", "home")),
        ("Kotihoito ja terveys", ("health", "home")),
        ("hemvård och tandvård", ("dental", "home")),
        ("dental care and home care", ("dental", "home")),
        ("hammas\nkotih", ("dental", "home")),
        ("1, kotihoito", ("health", "home")),
        ("neuvola, perheneuvola ja kotipalvelu, hammashoito", ("dental", "family")),
        ("kotihoito; neuvola, perheneuvola ja kotipalvelu", ("family", "home")),
        ("neuvola ja kotihoito,", ("family", "home")),
        ("6", ("none",)),
        ("none of these", ("none",)),
    ],
)
def test_several_choices_are_typed_in_one_message(typed: str, names: tuple[str, ...]) -> None:
    assert read(SERVICES, typed, "fi", TODAY) == names


@pytest.mark.parametrize(
    ("typed", "phrase"),
    [
        ("", "expected.numbers_of_choices"),
        (",,", "expected.numbers_of_choices"),
        ("7", "expected.numbers_of_choices"),
        ("1 7", "expected.numbers_of_choices"),
        ("3-1", "expected.numbers_of_choices"),
        ("14", "expected.numbers_of_choices"),
        ("1, naapuri", "expected.numbers_of_choices"),
        ("1," * 100, "expected.numbers_of_choices"),
        ("1", "expected.at_least"),
        ("1 2 3 4", "expected.at_most"),
        ("1 6", "expected.alone"),
    ],
)
def test_several_choices_are_refused_with_what_is_expected(typed: str, phrase: str) -> None:
    assert expected(SERVICES, typed) == phrase


def test_refusals_of_several_choices_name_the_numbers_and_the_choice() -> None:
    none = SERVICES.choices[5].label
    assert read(SERVICES, "1", "fi", TODAY) == Refusal(Say("expected.at_least", count=2))
    assert read(SERVICES, "1-4", "fi", TODAY) == Refusal(Say("expected.at_most", count=3))
    assert several(SERVICES, [5, 0]) == Refusal(Say("expected.alone", {"choice": Told(none)}))
    assert several(SERVICES, [3, 0, 3]) == ("health", "home")


def test_several_of_a_list_with_numbers_in_its_labels() -> None:
    row = Row(Type.SELECT_MULTIPLE, "x", 1, choices=TIMES.choices)
    assert near(row, "3, 1") == ["En kertaakaan", "1 kerran"]
    assert read(row, "3", "fi", TODAY) == ("some",)


def test_several_of_which_one_could_mean_two_are_asked_again() -> None:
    assert expected(SERVICES, "rescue services, h", "en") == "expected.one_of_these"


def test_several_of_a_long_list_forgive_slips() -> None:
    row = Row(Type.SELECT_MULTIPLE, "x", 1, choices=MUNICIPALITIES.choices, long_list=True)
    assert read(row, "Jämsässä, jyväksylä ja 1", "fi", TODAY) == (
        "Hankasalmi",
        "Jyväskylä",
        "Jämsä",
    )
    assert near(row, "Jämsä, Muuarme") == ["Muurame"]


# A scale


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("1", 1),
        (" 4. ", 4),
        ("+5", 5),
        ("hyvin", 5),
        ("DALIGT", 1),
        ("en osaa sanoa", CANT_SAY),
        ("En osaa", CANT_SAY),
        ("kan inte säga", CANT_SAY),
        ("can’t say", CANT_SAY),
        ("cant say", CANT_SAY),
    ],
)
def test_a_step_of_a_scale(typed: str, answer: Answer) -> None:
    assert read(SCALE, typed, "fi", TODAY) == answer


@pytest.mark.parametrize(
    "typed", ["", "0", "6", "-1", "3,5", "9", "ei tässä asteikossa", "ei numero", "ei", "1 2", "x"]
)
def test_what_is_no_step_of_a_scale(typed: str) -> None:
    assert read(SCALE, typed, "fi", TODAY) == Refusal(
        Say("expected.number_between", {"first": 1, "last": 5})
    )


def test_cant_say_is_refused_where_it_is_not_offered() -> None:
    row = Row(Type.RANGE, "x", 1, choices=SCALE.choices[:2], parameters=SCALE.parameters)
    assert expected(row, "en osaa sanoa") == "expected.number_between"


def test_a_scale_may_go_below_zero() -> None:
    row = Row(Type.RANGE, "x", 1, parameters=Parameters(start=-2, end=2))
    assert read(row, "−2", "fi", TODAY) == -2


# Numbers


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12", 12),
        ("12.", 12),
        ("007", 7),
        ("1 200", 1200),
        ("1\u00a0200", 1200),
        ("1\u202f200\u202f000", 1200000),
        ("−3", -3),
        ("-3", -3),
        ("–3", -3),
        ("+3", 3),
        ("-0", 0),
        ("\u200e12", 12),
        ("9" * 12, 999999999999),
    ],
)
def test_a_whole_number(typed: str, number: int) -> None:
    answer = read(INTEGER, typed, "fi", TODAY)
    assert answer == number
    assert type(answer) is int


@pytest.mark.parametrize(
    "typed",
    [*("", "x", "3,5", "3.5", "1e3", "1 2", "12 00", "1.200", "１２", "٣", "3²", "0x1f", "1_000")],
)
def test_what_is_no_whole_number(typed: str) -> None:
    assert expected(INTEGER, typed) == "expected.whole_number"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("3,5", "3.5"),
        ("3.5", "3.5"),
        ("1 200,50", "1200.50"),
        ("1,200", "1.200"),
        ("−3", "-3"),
        ("-0,0", "0"),
        ("12.", "12"),
    ],
)
def test_a_number_with_decimals(typed: str, number: str) -> None:
    answer = read(DECIMAL, typed, "fi", TODAY)
    assert isinstance(answer, Decimal)
    assert str(answer) == number


@pytest.mark.parametrize("typed", ["", "x", "1e3", "inf", "NaN", ",5", "1,2,3", "1 2", "３,５"])
def test_what_is_no_number(typed: str) -> None:
    assert expected(DECIMAL, typed) == "expected.number"


def test_in_english_a_comma_before_three_digits_could_mean_either_and_is_asked_again() -> None:
    assert expected(DECIMAL, "1,200", "en") == "expected.number"
    assert read(DECIMAL, "0,250", "en", TODAY) == Decimal("0.250")
    assert read(DECIMAL, "1.200", "en", TODAY) == Decimal("1.200")


@pytest.mark.parametrize("row", [INTEGER, DECIMAL])
def test_a_number_has_at_most_twelve_digits(row: Row) -> None:
    assert read(row, "1" * 13, "fi", TODAY) == Refusal(
        Say("expected.fewer_digits", {"limit": DIGITS_MOST})
    )


# Days


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("19.3.2026", date(2026, 3, 19)),
        (" 19. 3. 2026 ", date(2026, 3, 19)),
        ("19.3.2026.", date(2026, 3, 19)),
        ("19/3/2026", date(2026, 3, 19)),
        ("19-3-2026", date(2026, 3, 19)),
        ("2026-03-19", date(2026, 3, 19)),
        ("19.03.26", date(2026, 3, 19)),
        ("19.3.", date(2026, 3, 19)),
        ("19.3", date(2026, 3, 19)),
        ("19/3", date(2026, 3, 19)),
        ("1.12.", date(2026, 12, 1)),
        ("29.2.2028", date(2028, 2, 29)),
        ("1.1.45", date(2045, 1, 1)),
        ("1.1.46", date(1946, 1, 1)),
        ("1.1.58", date(1958, 1, 1)),
        ("1.1.1900", date(1900, 1, 1)),
    ],
)
def test_a_day(typed: str, day: date) -> None:
    assert read(DAY, typed, "fi", TODAY) == day


@pytest.mark.parametrize(
    "typed", ["29.2.2026", "29.2.", "31.4.", "0.1.", "1.13.2026", "2026-02-30"]
)
def test_a_day_no_calendar_has(typed: str) -> None:
    assert expected(DAY, typed) == "expected.real_day"


@pytest.mark.parametrize(
    "typed",
    [*("", "huomenna", "19", "19.3.206", "19.3.0026", "19.3.2206", "1899-12-31", "19 3 2026")],
)
def test_what_is_no_day(typed: str) -> None:
    assert expected(DAY, typed) == "expected.day"


# Texts


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("  hei  ", "hei"),
        ("a\n\n\n\nb", "a\n\nb"),
        ("a \n \n \n b", "a\n\n b"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a\tb", "a b"),
        ("a\x00b\x07c\u200bd\u202ee\ufefff\u00adg", "abcdefg"),
        ("a\ud800b\uffffc\ufdd0", "abc"),
        ("a\u0308", "ä"),
        ("a\u200dz", "az"),
        ("😀\u200d", "😀"),
        ("\u200d😀", "😀"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("👩🏽\u200d🚒", "👩🏽\u200d🚒"),
        ("🏳️\u200d🌈", "🏳️\u200d🌈"),
        ("🙂\u200d↔️", "🙂\u200d↔️"),
        ("👩\u200d\U0001fadf", "👩\u200d\U0001fadf"),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
    ],
)
def test_an_open_answer_is_kept_as_written_without_what_cannot_be_seen(
    typed: str, text: str
) -> None:
    assert read(TEXT, typed, "fi", TODAY) == text


@pytest.mark.parametrize("typed", ["", "  \n ", "\u200b", "\u202e\u200d"])
def test_an_empty_text_is_refused(typed: str) -> None:
    assert expected(TEXT, typed) == "expected.text"


def test_a_text_is_measured_as_telegram_does_and_refused_with_both_numbers() -> None:
    assert units("a") == 1
    assert units("😀") == 2
    assert units("\ud800") == 1
    assert read(TEXT, "😀" * 10, "fi", TODAY) == "😀" * 10
    assert read(TEXT, "😀" * 11, "fi", TODAY) == Refusal(
        Say("expected.shorter", {"length": 22, "limit": 20})
    )


def test_a_text_has_a_limit_though_its_row_names_none() -> None:
    row = Row(Type.TEXT, "x", 1)
    assert read(row, "a" * 1000, "fi", TODAY) == "a" * 1000
    assert expected(row, "a" * 1001) == "expected.shorter"


@pytest.mark.parametrize(
    ("typed", "contact"),
    [
        ("0401234567", "+358 40 123 4567"),
        ("040 123 4567", "+358 40 123 4567"),
        ("040-1234567", "+358 40 123 4567"),
        ("+358401234567", "+358 40 123 4567"),
        ("+358 (0)40 123 4567", "+358 40 123 4567"),
        ("00358 40 123 4567", "+358 40 123 4567"),
        ("\u202a+358\u00a040\u00a0123\u00a04567\u202c", "+358 40 123 4567"),
        ("+46 70 123 45 67", "+46 70 123 45 67"),
        ("aino@posti.example", "aino@posti.example"),
        (" <Aino.Koivu@Posti.EXAMPLE>. ", "Aino.Koivu@posti.example"),
    ],
)
def test_a_contact_is_a_phone_number_or_an_address(typed: str, contact: str) -> None:
    assert read(CONTACT, typed, "fi", TODAY) == contact


@pytest.mark.parametrize(
    ("typed", "phrase"),
    [
        ("", "expected.phone_or_email"),
        ("soita minulle", "expected.phone_or_email"),
        ("numeroni on 0401234567", "expected.phone_or_email"),
        ("112", "expected.phone"),
        ("040 12", "expected.phone"),
        ("((", "expected.phone"),
        ("0401234567 0507654321", "expected.phone"),
        ("aino@", "expected.email"),
        ("aino@posti", "expected.email"),
        ("aino koivu@posti.example", "expected.email"),
        ("0401234567 aino@posti.example", "expected.email"),
        ("a" * 40 + "@posti.example", "expected.shorter"),
    ],
)
def test_a_contact_is_refused_with_what_is_expected(typed: str, phrase: str) -> None:
    assert expected(CONTACT, typed) == phrase


# Consent, and what takes nothing typed


@pytest.mark.parametrize(
    "typed",
    ["kyllä", "Kyllä.", "KYLLA", "joo", "ok", "Ok!", "hyväksyn", "ja", "jag godkänner", "yes"],
)
def test_yes_is_consent(typed: str) -> None:
    assert read(AGREE, typed, "fi", TODAY) is True


@pytest.mark.parametrize("typed", ["", "ei", "nej", "no", "en hyväksy", "kyllä mutta", "👍", "1"])
def test_anything_else_is_not_consent(typed: str) -> None:
    assert expected(AGREE, typed) == "expected.yes"


@pytest.mark.parametrize("row", [NOTE, TOTAL])
def test_a_note_and_a_calculation_take_nothing_typed(row: Row) -> None:
    assert expected(row, "1") == "expected.nothing"


# Folding


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        (" Jyväskylä! ", "jyvaskyla"),
        ("Åbo–Öregrund", "abo oregrund"),
        ("can’t / can't", "cant cant"),
        ("Straße Ærø", "strasse aro"),
        ("a\u200bb\nc", "ab c"),
        ("", ""),
    ],
)
def test_letters_are_folded_for_comparing(text: str, folded: str) -> None:
    assert letters(text) == folded


@settings(deadline=None)
@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert letters(letters(text)) == letters(text)


# Any row and any text

WORDS = st.sampled_from(
    [
        *"0123456789 -–,.;:/@+()'’\n\u200d\u00a0😀\u202e",
        *("12", " ja ", " och ", "jyv", "järvi", "lla", "ssa", "ei", "Kotihoito", "kyllä"),
        *("040", "123 4567", ".example", "19.3.", "2026", "Pihtiputaalla", "Muuarme"),
    ]
)
TYPED = st.one_of(
    st.text(max_size=60),
    st.text(st.characters(), max_size=30),  # lone surrogates too
    st.lists(WORDS, max_size=12).map("".join),
)
CHOICES = st.lists(
    st.builds(
        choice,
        st.sampled_from(["a", "b", "1", "2", "-1", "x", CANT_SAY]),
        TYPED,
        TYPED,
        TYPED,
        exclusive=st.booleans(),
    ),
    max_size=6,
    unique_by=lambda one: one.name,
).map(tuple)
NUMBER = st.none() | st.integers(-3, 6)
ROWS = st.one_of(
    st.sampled_from(
        [
            *(FOR_WHOM, YES_NO, AGES, TIMES, MUNICIPALITIES, SERVICES, SCALE),
            *(INTEGER, DECIMAL, DAY, TEXT, CONTACT, AGREE, NOTE, TOTAL),
        ]
    ),
    st.builds(
        Row,
        type=st.sampled_from(Type),
        name=st.just("any"),
        line=st.just(1),
        choices=CHOICES,
        long_list=st.booleans(),
        role=st.sampled_from([None, Role.CONTACT]),
        parameters=st.builds(
            Parameters, start=NUMBER, end=NUMBER, minimum=NUMBER, maximum=NUMBER, limit=NUMBER
        ),
    ),
)


def satisfies(row: Row, answer: Answer) -> bool:
    names = [one.name for one in row.choices]
    match row.type:
        case Type.SELECT_ONE:
            return answer in names
        case Type.SELECT_MULTIPLE:
            assert isinstance(answer, tuple)
            alone = any(one.exclusive for one in row.choices if one.name in answer)
            least = 1 if alone else row.parameters.minimum or 1
            most = 99 if row.parameters.maximum is None else row.parameters.maximum
            in_order = [name for name in names if name in answer]
            return in_order == list(answer) and least <= len(answer) <= (1 if alone else most)
        case Type.RANGE:
            first, last = row.parameters.start or 0, row.parameters.end or 0
            if answer == CANT_SAY:
                return CANT_SAY in names
            return type(answer) is int and first <= answer <= last
        case Type.INTEGER:
            return type(answer) is int and abs(answer) < 10**DIGITS_MOST
        case Type.DECIMAL:
            assert isinstance(answer, Decimal)
            return answer.is_finite() and abs(answer) < 10**DIGITS_MOST
        case Type.DATE:
            return type(answer) is date and 1900 <= answer.year < 2100
        case Type.TEXT:
            assert isinstance(answer, str)
            whole = answer == answer.strip() and unicodedata.is_normalized("NFC", answer)
            return whole and 0 < units(answer) <= row.limit
        case Type.ACKNOWLEDGE:
            return answer is True
        case _:
            return False


@settings(deadline=None)
@given(ROWS, TYPED, st.sampled_from(LANGUAGES), st.dates(date(2024, 1, 1), date(2060, 1, 1)))
def test_whatever_is_typed_ends_in_an_answer_the_row_allows_or_in_a_refusal(
    row: Row, typed: str, language: str, today: date
) -> None:
    answer = read(row, typed, language, today)
    if isinstance(answer, Refusal):
        assert answer.expected.phrase.startswith("expected.")
        assert len(answer.near) <= NEAR_MOST
        assert all(0 <= index < len(row.choices) for index in answer.near)
    else:
        assert satisfies(row, answer)


@settings(deadline=None)
@given(TYPED, st.sampled_from([TEXT, CONTACT]))
def test_a_text_that_was_taken_is_taken_again_unchanged(typed: str, row: Row) -> None:
    answer = read(row, typed, "fi", TODAY)
    if isinstance(answer, str):
        assert read(row, answer, "fi", TODAY) == answer


@settings(deadline=None)
@given(st.sampled_from(MUNICIPALITY_NAMES), st.data())
def test_one_slip_in_a_name_never_chooses_another_municipality(
    name: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(name) - 1))
    put = data.draw(st.text("abcdefghijklmnopqrstuvwxyzäö", max_size=1))
    typed = name[:at] + put + name[at + 1 :]
    answer = read(MUNICIPALITIES, typed, "fi", TODAY)
    if isinstance(answer, Refusal):
        assert MUNICIPALITY_NAMES.index(name) in answer.near
    else:
        assert answer == name
