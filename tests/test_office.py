"""The office's file: the default one is whole, and every mistake in another is named at once."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.forms import english
from dialogs import office as module
from dialogs.forms.model import OFFICE_LISTS
from dialogs.languages import LANGUAGES
from dialogs.office import Office, read

PACKAGE = Path(module.__file__).parent
DEFAULT = (PACKAGE / "office.yaml").read_text(encoding="utf-8")


def default() -> Office:
    office, complaints = read(DEFAULT)
    assert complaints == ()
    assert office is not None
    return office


def complaints_about(source: str) -> tuple[str, ...]:
    office, complaints = read(source)
    assert office is None
    assert complaints
    return tuple(map(english, complaints))


def changed(old: str, new: str) -> str:
    assert DEFAULT.count(old) == 1, f"{old!r} no longer stands once in the default file"
    return DEFAULT.replace(old, new)


def test_the_default_file_is_whole_and_says_that_it_is_invented() -> None:
    office = default()
    assert office.empty_fields() == ()
    assert office.invented


def test_the_default_office_serves_22_municipalities_in_three_areas_and_asks_six_age_bands() -> (
    None
):
    lists = default().lists()
    assert tuple(lists) == OFFICE_LISTS
    assert [len(lists[name]) for name in OFFICE_LISTS] == [22, 3, 6]
    assert all(
        choice.label[language] for name in lists for choice in lists[name] for language in LANGUAGES
    )
    swedish = {
        c.name: c.label["sv"] for c in lists["municipalities"] if c.label["sv"] != c.label["fi"]
    }
    assert swedish == {"keuruu": "Keuru", "laukaa": "Laukas"}


def test_municipalities_are_listed_as_a_finnish_reader_looks_for_them() -> None:
    labels = [choice.label["fi"] for choice in default().lists()["municipalities"]]
    assert labels[:5] == ["Hankasalmi", "Joutsa", "Jyväskylä", "Jämsä", "Kannonkoski"]
    assert labels[-1] == "Äänekoski"


def test_choices_from_the_office_fit_a_button() -> None:
    for choices in default().lists().values():
        for choice in choices:
            assert all(len(choice.label[language]) <= 42 for language in LANGUAGES), choice


def test_the_numbers_to_call_in_need_are_the_real_ones_in_every_language() -> None:
    office = default()
    own_line = {"fi": "09 2525 0111", "sv": "09 2525 0112", "en": "09 2525 0113"}
    for language in LANGUAGES:
        assert "112" in office.emergency[language]
        assert own_line[language] in office.crisis[language]
        assert "09 2525 0111" in office.crisis[language], "the line that always answers"


@pytest.mark.parametrize(
    "field",
    [
        "website",
        "ask",
        "other_ways",
        "apply_otherwise",
        "privacy_notice",
        "protection_officer",
        "accessibility",
        "on_the_evening",
    ],
)
def test_every_invented_contact_says_that_it_is_invented(field: str) -> None:
    text = getattr(default(), field)
    assert "(keksitty esimerkki)" in text["fi"]
    assert "(påhittat exempel)" in text["sv"]
    assert "(invented example)" in text["en"]
    for language in LANGUAGES:
        assert "014 000 000" in text[language] or "hyvinvointialue.example" in text[language]


def test_numbers_days_and_times_are_read_as_such() -> None:
    office = default()
    assert (office.draft_days, office.application_days, office.lowest_age) == (7, 180, 15)
    assert (office.seats, office.term_years) == (20, 2)
    assert (office.member_days, office.trail_days) == (180, 730)
    assert (office.quiet_from, office.quiet_until) == (time(21), time(8))
    assert office.meetings == (date(2027, 3, 18), date(2027, 4, 22))
    assert {day.strftime("%A") for day in office.meetings} == {"Thursday"}
    assert office.chosen_by == date(2027, 2, 28)
    assert office.meeting_hours["sv"] == "kl. 17.00–19.00"


def test_meetings_come_earliest_first_however_they_are_written() -> None:
    office, _ = read(changed("[2027-03-18, 2027-04-22]", "[2027-04-22, 2027-03-18]"))
    assert office is not None
    assert office.meetings == (date(2027, 3, 18), date(2027, 4, 22))


def test_the_application_form_asks_for_the_office_s_lowest_age_and_tells_its_retention() -> None:
    office = default()
    form = (PACKAGE / "forms" / "library" / "application.yaml").read_text(encoding="utf-8")
    words = " ".join(form.split())
    for said in (
        f"Oletko täyttänyt {office.lowest_age} vuotta?",
        f"Har du fyllt {office.lowest_age} år?",
        f"Are you {office.lowest_age} or over?",
        f"{office.application_days} päivän",
        f"{office.application_days} dagar",
        f"{office.application_days} days",
    ):
        assert said in words


def test_what_is_not_yet_written_is_named_and_is_no_mistake() -> None:
    source = changed("  sv: Om någon är i livsfara, ring genast nödnumret 112.\n", "")
    source = source.replace("  fi: klo 17.00–19.00\n  sv: kl. 17.00–19.00\n  en: 17:00–19:00\n", "")
    source = source.replace("[2027-03-18, 2027-04-22]", "")
    source = source.replace("sv: Laukas,", "sv: '',")
    source = source.replace("      en: North (Saarijärvi, Äänekoski etc.)\n", "")
    source = source.replace("label: {fi: 18–29 vuotta, sv: 18–29 år, en: 18–29}", "label: {}")
    office, complaints = read(source)
    assert complaints == ()
    assert office is not None
    assert office.empty_fields() == (
        "emergency.sv",
        "meeting_hours",
        "areas.jyvaskyla_region.laukaa.sv",
        "areas.north.en",
        "age_bands.from_18",
        "meetings",
    )


def test_lists_not_yet_written_are_named_too() -> None:
    start, end = DEFAULT.index("areas:\n"), DEFAULT.index("draft_days:")
    office, _ = read(DEFAULT[:start] + DEFAULT[end:])
    assert office is not None
    assert office.empty_fields() == ("areas", "age_bands")
    areas = "areas:\n  - {name: all, label: {fi: Koko alue, sv: Hela området, en: Everywhere}}\n"
    office, _ = read(DEFAULT[:start] + areas + DEFAULT[end:])
    assert office is not None
    assert office.empty_fields() == ("areas.all.municipalities", "age_bands")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("invented: yes", "invented: maybe", "`invented` must be yes or no."),
        ("invented: yes\n", "", "`invented` must be yes or no."),
        ("seats: 20", "seats: many", "`seats` must be a whole number from 1 to 9999."),
        ("seats: 20", "seats: 0", "`seats` must be a whole number from 1 to 9999."),
        ("seats: 20", "seats: ٢٠", "`seats` must be a whole number from 1 to 9999."),
        ("seats: 20", f"seats: {'9' * 5000}", "`seats` must be a whole number from 1 to 9999."),
        ("seats: 20", "seats: [20]", "`seats` must be a whole number from 1 to 9999."),
        ('quiet_from: "21:00"', "quiet_from: 9 pm", "`quiet_from` must be a time such as 21:00."),
        ('quiet_from: "21:00"', "quiet_from: 25:00", "`quiet_from` must be a time such as 21:00."),
        (
            "chosen_by: 2027-02-28",
            "chosen_by: 2027-02-29",
            "`chosen_by` must be a day such as 2027-02-28.",
        ),
        (
            "2027-04-22]",
            "22.4.2027]",
            "`meetings, item 2` must be a day such as 2027-02-28.",
        ),
        ("[2027-03-18, 2027-04-22]", "2027-03-18", "`meetings` must be a list."),
        ("  fi: klo 17.00–19.00", "  fi: [17, 19]", "`meeting_hours.fi` must be a text."),
        (
            "  fi: klo 17.00–19.00",
            "  de: 17–19 Uhr\n  fi: klo 17.00–19.00",
            "`meeting_hours.de` is not known here; these are: fi, sv, en.",
        ),
        (
            "label: {fi: Alle 18 vuotta, sv: Under 18 år, en: Under 18}",
            "label: Alle 18 vuotta",
            "`age_bands.under_18.label` must be one text in each language: fi, sv and en.",
        ),
        (
            "name: under_18, label",
            "name: under_18, lable",
            "`age_bands.under_18.lable` is not known here; these are: name, label.",
        ),
        ("name: from_18", "name: under_18", "`age_bands` has `under_18` more than once."),
        ("name: laukaa", "name: aanekoski", "`municipalities` has `aanekoski` more than once."),
        ("name: north", "name: south_and_west", "`areas` has `south_and_west` more than once."),
        (
            "name: jamsa",
            "name: Jämsä",
            "`areas.south_and_west.municipalities`, item 2, must have a `name` of small letters a "
            "to z, digits and _, at most 24, such as `aanekoski`.",
        ),
        (
            "- {name: jamsa, label: {fi: Jämsä, sv: Jämsä, en: Jämsä}}",
            "- Jämsä",
            "`areas.south_and_west.municipalities`, item 2, must have a `name` of small letters a "
            "to z, digits and _, at most 24, such as `aanekoski`.",
        ),
    ],
)
def test_a_mistake_is_told_in_one_sentence_that_names_the_field(
    old: str, new: str, complaint: str
) -> None:
    assert complaint in complaints_about(changed(old, new))


def test_a_misspelt_field_is_told_with_those_there_are() -> None:
    (complaint,) = complaints_about(changed("\nreaders:", "\nreader:"))
    assert complaint.startswith("`reader` is not known here; these are: invented, name, website,")


def test_every_mistake_is_told_at_once() -> None:
    source = changed("seats: 20", "seats: x").replace("term_years: 2", "term_years: x")
    assert len(complaints_about(source)) == 2


def test_a_file_of_nothing_but_a_name_is_told_field_by_field_what_it_needs() -> None:
    complaints = complaints_about("name: {fi: Esimerkki, sv: Exempel, en: Example}")
    assert {complaint.split("`")[1] for complaint in complaints} == {
        "invented",
        "draft_days",
        "application_days",
        "lowest_age",
        "seats",
        "term_years",
        "quiet_from",
        "quiet_until",
        "chosen_by",
        "member_days",
        "trail_days",
    }


@pytest.mark.parametrize(
    ("source", "beginning"),
    [
        ("", "Line 1: "),
        ("- seats", "The office's file must hold fields, such as `seats: 20`."),
        ("just words", "The office's file must hold fields, such as `seats: 20`."),
        ("seats: 20\nseats: 21\n", "Line 2: `seats` stands here a second time."),
        ("? [a]\n: b\n", "Line 1: "),
        ("ask: {fi: x}\nname: *a\n", "Line 2: "),
        ("[" * 10_000, "Line 1: "),
        ("ask: {fi: x", "Line 1: "),
        ("a: \0", "Line 1: "),
        (r'a: "\UFFFFFFFF"', "Line 1: "),
        ("\ud800", "Line 1: "),
    ],
)
def test_a_file_that_is_not_fields_and_values_is_refused(source: str, beginning: str) -> None:
    (complaint,) = complaints_about(source)
    assert complaint.startswith(beginning)


@settings(deadline=None)
@given(st.text(alphabet="ab:-?[]{}&*!|>'\"%@`#,\\Ux0 \n\t", max_size=60))
def test_no_text_makes_the_reader_raise(source: str) -> None:
    read(source)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, len(DEFAULT)), st.text(max_size=6))
def test_no_slip_in_a_good_file_makes_the_reader_raise(at: int, slip: str) -> None:
    office, complaints = read(DEFAULT[:at] + slip + DEFAULT[at + 1 :])
    assert (office is None) == bool(complaints)
