"""What leads to a person is found in what residents write, and nothing else is: the sentences stand
in `identifiers.yaml`, half of them innocent and nasty."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from stdnum.fi import hetu

from dialogs.identifiers import Identifier, find, parts, telling
from dialogs.languages import LANGUAGES
from tests.chat import office
from tests.tries import tries

if TYPE_CHECKING:
    from collections.abc import Callable

SENTENCES = Path(__file__).with_name("identifiers.yaml")
MARKED = re.compile(r"\{(?P<kind>[a-z]+): (?P<part>[^}]*)\}")

Part = tuple[Identifier, str]


@lru_cache
def sentences() -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = yaml.safe_load(SENTENCES.read_text(encoding="utf-8"))
    return found


def marked(sentence: str) -> tuple[str, list[Part]]:
    """A sentence without its marks, and what they mark."""
    told = [(Identifier(match["kind"]), match["part"]) for match in MARKED.finditer(sentence)]
    return MARKED.sub(lambda match: match["part"], sentence), told


def found(text: str) -> list[Part]:
    return [(one.kind, text[one.start : one.end]) for one in find(text)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_leads_to_a_person_is_found_whole_and_nothing_else(
    language: str, record_property: Callable[[str, object], None]
) -> None:
    there: Counter[Identifier] = Counter()
    met: Counter[Identifier] = Counter()
    wrong: list[tuple[str, list[Part]]] = []
    for sentence in sentences()[language]["telling"]:
        text, told = marked(sentence)
        there.update(kind for kind, _ in told)
        met.update(kind for kind, part in found(text) if (kind, part) in told)
        if found(text) != told:
            wrong.append((text, found(text)))
    innocent = sentences()[language]["innocent"]
    alarms = [(text, found(text)) for text in innocent if found(text)]
    kinds = ", ".join(f"{kind} {met[kind]}/{there[kind]}" for kind in Identifier)
    record_property(
        "figure",
        f"Identifiers, {language}: {met.total()} of {there.total()} found ({kinds}); "
        f"{len(alarms)} false alarms in {len(innocent)} innocent sentences.",
    )
    assert wrong == []
    assert alarms == []
    assert set(there) == set(Identifier)


def test_there_are_enough_sentences_to_say_so() -> None:
    for language in LANGUAGES:
        assert len(sentences()[language]["telling"]) >= 30
        assert len(sentences()[language]["innocent"]) >= 30


def test_every_sign_of_a_personal_identity_code_is_known() -> None:
    for sign in "+-YXWVUABCDEF":
        code = f"010203{sign}900"
        code += "0123456789ABCDEFHJKLMNPRSTUVWXY"[int("010203900") % 31]
        assert hetu.is_valid(code, allow_temporary=True)
        for written in (code, code.lower(), code.replace("-", "–"), code.replace("-", " − ")):
            assert found(f"Hetu {written}.") == [(Identifier.CODE, written)]


def test_a_code_that_the_checksum_refuses_is_none() -> None:
    right = "0123456789ABCDEFHJKLMNPRSTUVWXY"[int("010203900") % 31]
    for check in set("0123456789ABCDEFHJKLMNPRSTUVWXY") - {right}:
        assert found(f"010203A900{check}") == []


def test_a_number_that_a_line_break_has_split_is_one() -> None:
    assert find("Soittakaa 040 123\n4567.")[0].kind is Identifier.PHONE
    assert find("Tili FI21 1234 5600\n0007 85.")[0].kind is Identifier.IBAN


def test_where_two_kinds_meet_the_one_that_says_more_is_told() -> None:
    for text, kind, part in (
        ("aino.040.1234567@posti.example", Identifier.EMAIL, "aino.040.1234567@posti.example"),
        ("FI06 5000 1520 0000 13", Identifier.IBAN, "FI06 5000 1520 0000 13"),
        ("Asun Mäkitie 040 123 4567", Identifier.PHONE, "040 123 4567"),
    ):
        assert found(text) == [(kind, part)]


def test_what_no_mail_server_would_take_is_no_address() -> None:
    assert found("aino..esimerkki@posti.example, aino@kone.localhost, aino@posti") == []


def test_what_the_office_says_itself_leads_to_nobody() -> None:
    here = office()
    for text in here.crisis.values():
        assert find(text)
        assert telling(here, text) == ()
    assert telling(here, "+358 9 2525 0111") == telling(here, "siksi") == ()
    assert len(telling(here, "09 2525 0111 ja 040 123 4567")) == 1


def test_parts_are_the_same_however_they_are_spaced() -> None:
    here = office()
    once = parts(here, "040 123 4567")
    assert once == parts(here, "soita: +358 40 1234567") == parts(here, "040-1234567, 0401234567")
    assert once != parts(here, "040 123 4568")


def test_nothing_is_found_in_what_the_county_asks() -> None:
    library = resources.files("dialogs.forms").joinpath("library")
    for form in library.iterdir():
        for line in form.read_text(encoding="utf-8").splitlines():
            assert find(line) == (), line


marks = st.sampled_from(
    [*"0123456789 .,:;-–+/()@_%€\n", "FI21 ", "040 ", "katu ", "Akatu 1", "gatan ", " Street"]
)
texts = st.one_of(st.text(max_size=200), st.lists(marks, max_size=120).map("".join))


@tries(400)
@given(texts)
def test_any_text_can_be_searched_and_what_is_found_lies_in_it(text: str) -> None:
    end = 0
    for one in find(text):
        assert end <= one.start < one.end <= len(text)
        end = one.end


@tries(100)
@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzåäö ,.!?\n", max_size=400))
def test_nothing_is_found_where_there_is_no_digit_and_no_at(text: str) -> None:
    assert find(text) == ()
