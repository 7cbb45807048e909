"""What buttons carry, and what is read from them when they come back after years."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.buttons import Deed, MenuPress, Page, Press, menu, read, under
from dialogs.forms.draft import Draft
from dialogs.languages import LANGUAGES
from tests.tries import tries

LONGEST = Draft(form="a" + "b" * 23, version="1", language="sv", revision=999_999_999)


@pytest.mark.parametrize("deed", Deed)
def test_a_button_under_a_question_is_read_as_it_was_written(deed: Deed) -> None:
    data = under(LONGEST, deed, 199)
    assert len(data.encode()) <= 64
    assert read(data) == Press(LONGEST.form, "sv", 999_999_999, deed, number=199)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_button_of_a_language_says_which(language: str) -> None:
    press = read(under(LONGEST, Deed.LANGUAGE, language))
    assert press == Press(LONGEST.form, "sv", 999_999_999, Deed.LANGUAGE, to=language)


def test_the_language_of_a_draft_is_in_its_buttons() -> None:
    assert under(replace(LONGEST, form="equality", revision=7), Deed.DONE) == "a:equality:sv:7:d"


@pytest.mark.parametrize(
    ("language", "page", "form"), [*product(LANGUAGES, Page, ["", "equality", LONGEST.form])]
)
def test_a_button_of_the_menu_is_read_as_it_was_written(
    language: str, page: Page, form: str
) -> None:
    data = menu(language, page, form)
    assert len(data.encode()) <= 64
    assert read(data) == MenuPress(language, page, form)


@pytest.mark.parametrize(
    "data",
    [
        "",
        "a:equality:fi:7",
        "a:equality:fi:7:?",
        "a:equality:fi:7:c1234",
        "a:equality:de:7:c1",
        "a:Equality:fi:7:c1",
        "a:equality:fi:-7:c1",
        "a:equality:fi:7:c١",
        "a:equality:fi:1234567890:c1",
        "a:equality:fi:7:c1\n",
        "m:de:home",
        "m:fi:nowhere",
        "m:fi:home:",
        "m:fi:home:Equality",
        "x:fi:home",
    ],
)
def test_what_no_button_of_ours_ever_carried_is_nothing(data: str) -> None:
    assert read(data) is None


def test_a_number_without_digits_is_none_and_so_is_a_language_we_do_not_speak() -> None:
    assert read("a:equality:fi:7:lde") == Press("equality", "fi", 7, Deed.LANGUAGE)


@tries(300)
@given(st.one_of(st.text(max_size=64), st.from_regex(r"[am]:[a-z:0-9+-]{0,50}", fullmatch=True)))
def test_reading_never_raises(data: str) -> None:
    press = read(data)
    assert press is None or isinstance(press, (Press, MenuPress))
