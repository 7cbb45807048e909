"""A draft written out and read back: always the same draft, and always within its room."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.cards import options
from dialogs.forms import loader
from dialogs.forms.draft import (
    MESSAGES_KEPT,
    PIECES_KEPT,
    Draft,
    LastTyped,
    Piece,
    pack,
    pack_answers,
    plain,
    room,
    unpack,
    unpack_answers,
)
from dialogs.forms.model import Form, Row, Type
from tests.any_form import forms, told
from tests.chat import form as read_form
from tests.chat import library, names, office, source
from tests.tries import tries

LATEST = 2**40 - 1
"""The largest message id that fits; Telegram's are below 2^31."""

WORST = {
    "emoji": "🧓🏽",
    "chinese": "龍",
    "quotes": '"',
    "backslashes": "\\",
    "newlines": "a\n",
    "zero width": "a\u200d",
}


def fullest(form: Form, unit: str = '"') -> Draft:
    """A draft with nothing left to add: every row answered at length, every id as large as any."""
    answers = {row.name: _longest(row, unit) for row in form.rows if row.type is not Type.CALCULATE}
    last = form.rows[-1].name
    piece = Piece(LATEST, 3000)
    return Draft(
        form=form.name,
        version=form.version,
        language="sv",
        revision=999_999_999,
        answers=answers,
        cursor=last,
        separate=True,
        amending=True,
        card=LATEST,
        messages=tuple(LATEST - n for n in range(MESSAGES_KEPT)),
        pieces={
            row.name: (piece,) * (PIECES_KEPT if row.type is Type.TEXT else 1) for row in form.rows
        },
        last=LastTyped(last, LATEST, 4_000_000_000, 999_999, taken=True),
    )


def _longest(row: Row, unit: str) -> Any:
    match row.type:
        case Type.TEXT:
            size = len(unit.encode("utf-16-le")) // 2
            return unit * (row.limit // size)
        case Type.SELECT_MULTIPLE:
            return tuple(choice.name for choice in row.choices)
        case Type.SELECT_ONE | Type.RANGE:
            return options(row)[-1][0]
        case Type.INTEGER:
            return -999_999_999_999
        case Type.DECIMAL:
            return Decimal("-123456789.123456789")
        case Type.DATE:
            return date(2099, 12, 31)
    return True


def widest() -> Form:
    """As many rows as a form may have, of every type, with as many choices as a list may have."""
    kinds = [
        *("text", "integer", "decimal", "date", "acknowledge", "note"),
        *("range", "select_one many", "select_multiple many"),
    ]
    rows: list[dict[str, Any]] = []
    for number in range(200):
        kind = kinds[number % len(kinds)]
        row = {"type": kind, "name": f"a_name_as_long_as_any_{number}"[:24], "label": told("?")}
        row["name"] = f"{row['name'][:20]}_{number}"
        if kind == "text":
            row["parameters"] = "limit=100"
        if kind == "range":
            row["parameters"] = "start=-5 end=5"
        rows.append(row)
    choices = [{"name": f"c{number}", "label": told(f"{number}")} for number in range(200)]
    settings = {
        "name": "widest",
        "version": "välfärdsområdet " * 20,
        "kind": "survey",
        "title": told("t"),
        "intro": told("i"),
    }
    return read_form(
        json.dumps({"settings": settings, "survey": rows, "choices": {"many": choices}})
    )


@pytest.mark.parametrize("unit", WORST.values(), ids=WORST)
@pytest.mark.parametrize("name", names())
def test_the_fullest_draft_of_a_library_form_has_room(name: str, unit: str) -> None:
    form = library(name)
    body = pack(form, fullest(form, unit))
    assert len(body) <= room(form)
    assert unpack(form, body) == fullest(form, unit)


def test_the_fullest_draft_of_the_widest_form_has_room() -> None:
    form = widest()
    body = pack(form, fullest(form))
    assert len(body) <= room(form)
    assert unpack(form, body) == fullest(form)


@tries(40)
@given(forms(), st.sampled_from(list(WORST.values())))
def test_the_fullest_draft_of_any_form_has_room(text: str, unit: str) -> None:
    form = read_form(text)
    body = pack(form, fullest(form, unit))
    assert len(body) <= room(form)
    assert unpack(form, body) == fullest(form, unit)


def test_the_drafts_of_the_library_are_small() -> None:
    for name in names():
        assert room(library(name)) <= 8192


def test_a_draft_with_nothing_in_it_is_written_and_read() -> None:
    form = library("equality")
    empty = Draft("equality", "1", "fi", 7, active=False)
    assert unpack(form, pack(form, empty)) == empty


def test_every_kind_of_answer_comes_back_as_it_was() -> None:
    form = widest()
    answers = {
        row.name: None if number % 2 else _longest(row, "ä")
        for number, row in enumerate(form.rows)
        if row.type is not Type.NOTE or not number % 2
    }
    draft = Draft("widest", form.version, "en", 0, answers=answers)
    read = unpack(form, pack(form, draft))
    assert read == draft
    assert [type(answer) for answer in read.answers.values()] == [
        type(answer) for answer in answers.values()
    ]


def test_a_draft_of_another_version_of_the_form_is_not_read() -> None:
    form = library("equality")
    body = pack(form, Draft("equality", "1", "fi", 7))
    assert unpack(replace(form, version="2"), body) is None


def test_a_draft_is_not_read_when_the_offices_list_has_changed_under_it() -> None:
    """Its numbers would name other municipalities, or none."""
    form = library("application")
    body = pack(form, Draft("application", "1", "fi", 7, answers={"municipality": "joutsa"}))
    fewer = {**office().lists(), "municipalities": office().lists()["municipalities"][1:]}
    other, _ = loader.read(source("application"), fewer)
    assert other is not None
    assert unpack(other, body) is None


def test_only_the_newest_hundred_messages_are_remembered_and_each_once() -> None:
    draft = Draft("equality", "1", "fi", 7).with_messages(*range(1, 151)).with_messages(150, 151)
    assert draft.messages == tuple(range(52, 152))


def test_an_application_is_read_back_whole() -> None:
    form = widest()
    answers = fullest(form).answers
    assert unpack_answers(form, pack_answers(form, "sv", answers)) == ("sv", answers)


def test_what_a_later_form_no_longer_asks_is_left_out_of_an_application() -> None:
    form = library("application")
    body = pack_answers(form, "fi", {"staff": "no", "full_name": "Aino Esimerkki"})
    later = replace(form, rows=tuple(row for row in form.rows if row.name != "staff"))
    assert unpack_answers(later, body) == ("fi", {"full_name": "Aino Esimerkki"})


@pytest.mark.parametrize(
    ("answer", "written"),
    [
        (("a", "b"), ["a", "b"]),
        (Decimal("3.50"), "3.50"),
        (date(2027, 2, 8), "2027-02-08"),
        ("text", "text"),
        (4, 4),
        (True, True),
        (None, None),
    ],
)
def test_an_answer_as_json_knows_it(answer: Any, written: Any) -> None:
    assert plain(answer) == written
    assert json.loads(json.dumps(plain(answer))) == written


def test_an_application_does_not_depend_on_the_order_of_a_list() -> None:
    """The order of a list may change from one version to the next: answers are kept by name."""
    form = library("application")
    body = pack_answers(form, "fi", {"municipality": "joutsa"})
    turned = tuple(
        replace(row, choices=tuple(reversed(row.choices))) if row.choices else row
        for row in form.rows
    )
    assert unpack_answers(replace(form, rows=turned), body)[1] == {"municipality": "joutsa"}
