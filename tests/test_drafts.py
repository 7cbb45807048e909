"""A draft written out and read back: always the same draft, and always within its room, as is the
response it becomes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs import survey
from dialogs.answering import Complete
from dialogs.cards import options
from dialogs.forms import inputs, loader
from dialogs.forms.draft import (
    BOX_MOST,
    MARKER,
    MESSAGES_KEPT,
    PIECES_KEPT,
    SEALING,
    Draft,
    LastTyped,
    Piece,
    longest,
    pack,
    pack_answers,
    plain,
    room,
    unpack,
    unpack_answers,
)
from dialogs.forms.model import Form, Row, Type
from storage.markers import MARK
from storage.responses import KEY, OpenAnswer, Response
from storage.sealed import TAG, seal
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
        unconfirmed=frozenset(row.name for row in form.rows if row.type is Type.TEXT),
        separate=True,
        amending=True,
        ordinal=20,
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
    """As many rows of every type as a form has room for, with long lists of long names."""
    kinds = [
        *("text", "integer", "decimal", "date", "acknowledge", "note"),
        *("range", "select_one many", "select_multiple many"),
    ]
    rows: list[dict[str, Any]] = []
    for number in range(45):
        kind = kinds[number % len(kinds)]
        row = {"type": kind, "name": f"as_long_as_any_{number}".ljust(24, "_"), "label": told("?")}
        if kind == "text":
            row["parameters"] = "limit=100"
        if kind == "range":
            row["parameters"] = "start=-999999999 end=-999999998"
        rows.append(row)
    choices = [{"name": f"{number:024}", "label": told(f"{number}")} for number in range(30)]
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


def sent(form: Form, draft: Draft) -> Response:
    """The response that a draft becomes, as it waits in the mix."""
    finish = survey._finish(form, Complete(draft, 0, remove=False))
    opened = (OpenAnswer(bytes(KEY), name, text) for name, text in finish.opened.items())
    return Response(bytes(KEY), finish.closed, tuple(opened))


def fits(form: Form, draft: Draft) -> bool:
    """Whether the draft, with its marker, and the response have room."""
    kept = MARKER + len(pack(form, draft))
    return max(kept, len(sent(form, draft).packed())) <= room(form)


FORMS = [*names(), "widest"]


def named(name: str) -> Form:
    return widest() if name == "widest" else library(name)


@pytest.mark.parametrize("unit", WORST.values(), ids=WORST)
@pytest.mark.parametrize("name", FORMS)
def test_the_fullest_draft_has_room_and_so_has_its_response(name: str, unit: str) -> None:
    form = named(name)
    assert fits(form, fullest(form, unit))
    assert unpack(form, pack(form, fullest(form, unit))) == fullest(form, unit)


@tries(40)
@given(forms(), st.sampled_from(list(WORST.values())))
def test_the_fullest_draft_of_any_form_has_room(text: str, unit: str) -> None:
    form = read_form(text)
    assert fits(form, fullest(form, unit))
    assert unpack(form, pack(form, fullest(form, unit))) == fullest(form, unit)


TYPED = {
    Type.TEXT: st.sampled_from(list(WORST.values())),
    Type.INTEGER: st.from_regex(r"-?[0-9]{1,13}", fullmatch=True),
    Type.DECIMAL: st.from_regex(r"-?[0-9]{1,12}([.,][0-9]{1,12})?", fullmatch=True),
    Type.DATE: st.from_regex(r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}", fullmatch=True),
}


@st.composite
def answers(draw: st.DrawFn, row: Row) -> Any:
    """An answer to `row` as a person may give it: tapped, typed, suggested or skipped."""
    if row.type is Type.SELECT_MULTIPLE:
        given = [tuple(draw(st.lists(st.sampled_from([c.name for c in row.choices]), unique=True)))]
    elif row.type in TYPED:
        typed = draw(TYPED[row.type])
        if row.type is Type.TEXT:
            typed *= draw(st.integers(1, row.limit))
        read = inputs.read(row, typed, "fi", date(2026, 3, 1))
        given = [] if isinstance(read, inputs.Refusal) else [read]
    else:
        given = [answer for answer, _, _ in options(row)]
    return draw(st.sampled_from([*given, row.default, None]))


@tries(60)
@given(st.data(), forms())
def test_whatever_is_answered_to_any_form_has_room(data: st.DataObject, text: str) -> None:
    form = read_form(text)
    given = {row.name: data.draw(answers(row)) for row in form.rows if row.asks}
    draft = Draft(form.name, form.version, "fi", 0, answers=given)
    assert fits(form, draft)
    response = sent(form, draft)
    assert Response.unpacked(response.packed()) == response


@pytest.mark.parametrize("name", FORMS)
def test_a_room_is_worked_out_and_not_guessed(name: str) -> None:
    form = named(name)
    kept = MARKER + len(pack(form, fullest(form)))
    needed = max(kept, len(sent(form, fullest(form)).packed())) + SEALING
    assert needed <= longest(form) <= needed + 300
    assert longest(form) - SEALING <= room(form) < longest(form) - SEALING + 512


def test_a_sealed_box_is_whole_steps_and_no_larger_than_any_may_be() -> None:
    for name in FORMS:
        form = named(name)
        box = seal(bytes(32), pack(form, fullest(form)), room=room(form), tag=bytes(TAG))
        assert len(box) % 512 == 0
        assert len(box) == room(form) + SEALING <= BOX_MOST
    assert MARKER == MARK


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


def test_a_draft_goes_on_in_a_version_in_which_only_words_are_others() -> None:
    form = library("equality")
    body = pack(form, Draft("equality", "1", "fi", 7))
    rows = tuple(replace(row, label={"fi": "Toisin sanoen?"}, line=99) for row in form.rows)
    reworded = unpack(replace(form, version="2", rows=rows), body)
    assert reworded is not None
    assert (reworded.version, reworded.revision) == ("2", 7)


@pytest.mark.parametrize("change", [{"required": False}, {"name": "another"}, {"type": Type.NOTE}])
def test_a_draft_is_not_read_where_an_answer_would_mean_something_else(
    change: dict[str, Any],
) -> None:
    form = library("equality")
    body = pack(form, Draft("equality", "1", "fi", 7))
    first, *others = form.rows
    assert unpack(replace(form, rows=(replace(first, **change), *others)), body) is None
    assert unpack(replace(form, rows=(*others, first)), body) is None


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
