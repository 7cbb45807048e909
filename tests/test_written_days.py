"""Days, times and addresses as people write them, in three languages."""

from __future__ import annotations

from datetime import date

import pytest

from dialogs.broadcasts import rewriting, written_days, written_links
from dialogs.broadcasts.records import Wording
from dialogs.screens import Mark, Style

THE_8TH = date(2027, 2, 8)
THE_15TH = date(2027, 2, 15)
FIRST_OF_MARCH = date(2027, 3, 1)


def days(text: str, language: str = "fi") -> list[str]:
    return [one.said for one in written_days.found(text, language)]


def moved(text: str, language: str, to: date = THE_15TH) -> str:
    edits = written_days.edits(text, language, THE_8TH, to)
    return rewriting.edited(Wording(text), edits).text


# Which days are named


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("fi", "Vastaa 8.2. mennessä.", "8.2."),
        ("fi", "Vastaa 8.2 mennessä", "8.2"),
        ("fi", "Vastaa 08.02.2027 mennessä", "08.02.2027"),
        ("fi", "Vastaa maanantaina 8.2. jo", "maanantaina 8.2."),
        ("fi", "Keskiviikkoon 8. helmikuuta 2027 asti", "Keskiviikkoon 8. helmikuuta 2027"),
        ("fi", "Auki ma 8.2.", "ma 8.2."),
        ("sv", "Svara senast 8.2: klart", "8.2"),
        ("fi", "helmikuun 8. päivä", "helmikuun 8"),
        ("fi", "8. päivä helmikuuta", "8. päivä helmikuuta"),
        ("sv", "Svara senast måndagen den 8 februari.", "måndagen den 8 februari"),
        ("sv", "Svara mån 8.2", "mån 8.2"),
        ("sv", "den 8:e februari", "8:e februari"),
        ("en", "by Monday 8 February.", "Monday 8 February"),
        ("en", "by the 8th of February, 2027", "8th of February, 2027"),
        ("en", "by Monday, February 8", "Monday, February 8"),
        ("en", "by Mon 8 Feb", "Mon 8 Feb"),
        ("en", "on 2027-02-08", "2027-02-08"),
    ],
)
def test_a_day_is_seen_however_it_is_spelled(language: str, text: str, said: str) -> None:
    (day,) = written_days.found(text, language)
    assert (day.day, day.month, day.said) == (8, 2, said)
    assert day.is_of(THE_8TH)
    assert text[day.start : day.end] == said


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "It grew by 2.5 million"),
        ("en", "2 may attend"),
        ("en", "In May 20 people came"),
        ("fi", "klo 10.12 tai 17.05 tai kello 8"),
        ("fi", "17.00-19.00"),
        ("fi", "40.2. ja 3.25 ja 20.12 %"),
        ("fi", "https://kysely.example/8.2./2027-02-08"),
    ],
)
def test_other_numbers_are_no_days(language: str, text: str) -> None:
    assert days(text, language) == []


def test_a_weekday_is_one_of_the_language_and_not_a_word_like_it() -> None:
    found = {
        text: written_days.found(text, language)[0].weekday
        for language, text in (
            ("fi", "to 8.2."),
            ("en", "from 1 February to 8 February 2027"),
            ("en", "We sat 8 February"),
            ("sv", "man 8.2"),
        )
    }
    assert list(found.values()) == [3, None, None, None]


def test_a_range_is_its_last_day_and_knows_when_it_begins() -> None:
    first, second = written_days.found("1.–8.2. ja 27.1.–8.2.", "fi")[:2]
    assert (first.said, first.since, first.weekday) == ("1.–8.2.", 1, None)
    assert (second.said, second.since) == ("27.1.", None)


def test_a_day_with_a_year_is_of_that_year_only() -> None:
    (with_year,) = written_days.found("8.2.2026", "fi")
    assert not with_year.is_of(THE_8TH)
    assert not written_days.found("9.2.", "fi")[0].is_of(THE_8TH)


# A new day in the same spelling


@pytest.mark.parametrize(
    ("language", "old", "new"),
    [
        ("fi", "Vastaa maanantaina 8.2. tai 8.2.2027", "Vastaa maanantaina 15.2. tai 15.2.2027"),
        ("fi", "Auki 1.–8.2. ja 08.02.2027", "Auki 1.–15.2. ja 15.02.2027"),
        ("fi", "Ti 9.2. ei muutu", "Ti 9.2. ei muutu"),
        ("sv", "Måndagen den 8:e februari", "Måndagen den 15:e februari"),
        ("en", "Monday 8th February", "Monday 15th February"),
        ("en", "on 2027-02-08", "on 2027-02-15"),
    ],
)
def test_a_day_is_put_right_where_it_stands(language: str, old: str, new: str) -> None:
    assert moved(old, language) == new


@pytest.mark.parametrize(
    ("language", "old", "new"),
    [
        ("fi", "Auki 1.–8.2.", "Auki 1.2.–4.3."),
        ("fi", "1.-8. helmikuuta", "1. helmikuuta-4. maaliskuuta"),
        ("fi", "Maanantaihin 8. helmikuuta", "Torstaihin 4. maaliskuuta"),
        ("sv", "1–8.2 och 1–8 februari", "1.2–4.3 och 1 februari–4 mars"),
        ("en", "Monday 8 February or Mon 8 Feb", "Thursday 4 March or Thu 4 Mar"),
        ("en", "1–8 February", "1 February–4 March"),
    ],
)
def test_the_weekday_and_the_month_come_along(language: str, old: str, new: str) -> None:
    assert moved(old, language, date(2027, 3, 4)) == new


@pytest.mark.parametrize(
    ("day", "english", "swedish"),
    [(1, "1st", "1:a"), (2, "2nd", "2:a"), (3, "3rd", "3:e"), (11, "11th", "11:e")],
)
def test_an_ordinal_is_that_of_the_new_day(day: int, english: str, swedish: str) -> None:
    to = date(2027, 2, day)
    assert moved("the 8th of February", "en", to) == f"the {english} of February"
    assert moved("den 8:e februari", "sv", to) == f"den {swedish} februari"


def test_the_wednesday_of_finnish_changes_inside() -> None:
    to = date(2027, 2, 10)
    assert moved("Maanantaihin 8.2. ja maanantaista 8.2.", "fi", to) == (
        "Keskiviikkoon 10.2. ja keskiviikosta 10.2."
    )


# Times, and weekdays by themselves


@pytest.mark.parametrize(
    ("text", "moments"),
    [
        ("klo 17", [((17, 0),)]),
        ("kl. 17.00–19.30", [((17, 0), (19, 30))]),
        ("17:00 and 9.15", [((17, 0),), ((9, 15),)]),
        ("5 pm, 5–7 p.m., 12 am.", [((17, 0),), ((17, 0), (19, 0)), ((0, 0),)]),
        ("8.2. klo 10.12", [((10, 12),)]),
        ("25 asukasta, 20.15 €, 8.2.", []),
    ],
)
def test_times_are_seen(text: str, moments: list[object]) -> None:
    assert [one.moments for one in written_days.clocks(text, "fi")] == moments


def test_the_full_stop_of_a_sentence_is_no_part_of_a_time() -> None:
    assert [one.said for one in written_days.clocks("At 5 pm. At 6 p.m.", "en")] == [
        "5 pm",
        "6 p.m.",
    ]


def test_a_weekday_that_stands_with_its_date_is_not_seen_again() -> None:
    (alone,) = written_days.weekdays("Maanantaina 8.2. ja taas tiistaina", "fi")
    assert (alone.weekday, alone.said) == (1, "tiistaina")


# Addresses


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("Katso https://a.example/b.", ("https://a.example/b",)),
        ("(www.hyvaks.example), hyvaks.example/x!", ("www.hyvaks.example", "hyvaks.example/x")),
        (
            "http://a.example/c_(d) ja [https://a.example]",
            ("http://a.example/c_(d)", "https://a.example"),
        ),
        ("avoinna.Tule avoinna.Se maija@posti.example", ()),
        ("https://a.example/b https://a.example/b", ("https://a.example/b",)),
    ],
)
def test_addresses_are_seen_as_they_stand(text: str, links: tuple[str, ...]) -> None:
    assert written_links.links(Wording(text)) == links


def test_addresses_behind_words_stand_in_their_order() -> None:
    words = Wording(
        "😀 Avaa tästä tai https://b.example",
        (Mark(Style.BOLD, 0, 2), Mark(Style.LINK, 8, 5, "https://a.example")),
    )
    assert written_links.links(words) == ("https://a.example", "https://b.example")


def test_an_address_is_changed_in_the_text_and_behind_words() -> None:
    old, new = "https://a.example/x", "https://b.example/pidempi"
    words = Wording(
        f"😀 {old} ja {old}/y",
        (
            Mark(Style.LINK, 0, 2, old),
            Mark(Style.BOLD, 3, len(old)),
            Mark(Style.ITALIC, 3 + len(old) + 1, 2),
        ),
    )
    put = written_links.replaced(words, old, new)
    assert put.text == f"😀 {new} ja {old}/y"
    assert put.marks == (
        Mark(Style.LINK, 0, 2, new),
        Mark(Style.BOLD, 3, len(new)),
        Mark(Style.ITALIC, 3 + len(new) + 1, 2),
    )


# Marks around what is written anew


def marked(text: str, mark: tuple[int, int], edit: tuple[int, int, str]) -> tuple[str, str | None]:
    """The text afterwards, and what of it is bold."""
    after = rewriting.edited(Wording(text, (Mark(Style.BOLD, *mark),)), (edit,))
    if not after.marks:
        return after.text, None
    (one,) = after.marks
    return after.text, after.text[one.offset : one.offset + one.length]


@pytest.mark.parametrize(
    ("mark", "edit", "bold"),
    [
        ((0, 3), (4, 6, "XYZ"), "abc"),  # behind it
        ((4, 2), (0, 3, "X"), "ef"),  # before it
        ((0, 9), (4, 6, "XYZ"), "abcdXYZghi"),  # within it
        ((4, 2), (4, 6, "XYZ"), "XYZ"),  # the very words
        ((0, 5), (4, 6, "XYZ"), "abcdXYZ"),  # it ends within
        ((5, 4), (4, 6, "XYZ"), "XYZghi"),  # it begins within
        ((4, 2), (4, 6, ""), None),  # nothing is left of it
    ],
)
def test_what_is_bold_stays_so(
    mark: tuple[int, int], edit: tuple[int, int, str], bold: str | None
) -> None:
    text, found = marked("abcdefghi", mark, edit)
    assert text == "abcdefghi"[: edit[0]] + edit[2] + "abcdefghi"[edit[1] :]
    assert found == bold
