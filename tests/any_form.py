"""Forms of every shape that the checker lets pass, written as the YAML an officer would write.

Each row is drawn in the light of the rows before it, so that what it asks of them can be asked.
"""

from __future__ import annotations

import json
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from bot.forms import english
from dialogs.forms import loader
from dialogs.forms.model import Type
from tests.chat import office

TYPES = [kind for kind in Type if kind is not Type.CALCULATE]

Column = dict[str, Any]


def told(text: str) -> dict[str, str]:
    return {language: f"{text} {language}" for language in ("fi", "sv", "en")}


@st.composite
def conditions(draw: st.DrawFn, rows: list[Column], lists: dict[str, list[Column]]) -> str:
    """Something that may be true of the answers to `rows`."""
    atoms = [
        draw(_atom(draw(st.sampled_from(rows)), lists)) for _ in range(draw(st.integers(1, 2)))
    ]
    joined = f" {draw(st.sampled_from(['and', 'or']))} ".join(atoms)
    return f"not({joined})" if draw(st.integers(0, 4)) == 0 else joined


def _atom(row: Column, lists: dict[str, list[Column]]) -> st.SearchStrategy[str]:
    kind, _, of = row["type"].partition(" ")
    it = f"${{{row['name']}}}"
    names = [choice["name"] for choice in lists.get(of, [])]
    match kind:
        case "select_one":
            return st.sampled_from([f"{it} {op} '{name}'" for name in names for op in ("=", "!=")])
        case "select_multiple":
            some = [f"selected({it}, '{name}')" for name in names]
            return st.sampled_from([*some, f"count-selected({it}) > 1"])
        case "range" | "integer" | "decimal" | "calculate":
            return st.sampled_from([f"{it} {op} 1" for op in ("=", "<", ">=", "!=")])
        case "date":
            return st.sampled_from([f"{it} <= today()", f"{it} > date('2027-01-01')"])
        case "text":
            return st.sampled_from([f"{it} != ''", f"string-length({it}) > 5"])
    return st.just(f"{it} = true()")


@st.composite
def forms(draw: st.DrawFn) -> str:
    """A form that passes the checker, as its file."""
    survey = draw(st.booleans())
    lists: dict[str, list[Column]] = {}
    written: list[Column] = []
    asked: list[Column] = []
    groups = 0
    empty = False  # the innermost group has nothing in it yet
    for number in range(draw(st.integers(1, 9))):
        if asked and draw(st.integers(0, 5)) == 0:
            column = {"type": "begin_group", "name": f"g{number}"}
            if draw(st.booleans()):
                column["relevant"] = draw(conditions(asked, lists))
            written.append(column)
            groups, empty = groups + 1, True
        row = draw(_rows(f"q{number}", asked, lists, survey=survey))
        written.append(row)
        empty = False
        if row["type"] != "note":
            asked.append(row)
        if groups and draw(st.integers(0, 2)) == 0:
            written.append({"type": "end_group"})
            groups -= 1
    written += [{"type": "end_group"}] * groups
    if not any(row["type"] not in ("note", "calculate") for row in asked):
        written.append({"type": "text", "name": "last", "label": told("?")})
    assert not empty
    settings = {
        "name": "any_form",
        "version": draw(st.sampled_from(["1", "2027-01 kevät"])),
        "kind": "survey" if survey else "application",
        "title": told("Title"),
        "intro": told("Intro"),
        "languages": ["fi", "sv", "en"],
    }
    source = json.dumps(
        {"settings": settings, "survey": written, "choices": lists}, ensure_ascii=False
    )
    form, complaints = loader.read(source, office().lists())
    # What remains wrong can only be a question that nobody ever reaches or gets past.
    wrong = [english(each.said) for each in complaints if each.error]
    assert all("never" in each or "none is left" in each for each in wrong), wrong
    assume(form is not None)
    return source


@st.composite
def _rows(
    draw: st.DrawFn, name: str, asked: list[Column], lists: dict[str, list[Column]], *, survey: bool
) -> Column:
    if asked and draw(st.integers(0, 7)) == 0:
        return {"type": "calculate", "name": name, "calculation": draw(_calculations(asked))}
    kind = draw(st.sampled_from(TYPES))
    row: Column = {"type": kind.value, "name": name, "label": told(f"Label of {name}")}
    if draw(st.booleans()):
        row["hint"] = told("Hint")
    if asked and draw(st.integers(0, 2)) == 0:
        row["relevant"] = draw(conditions(asked, lists))
    if kind is Type.NOTE:
        return row
    row["required"] = draw(st.sampled_from(["yes", "no"]))
    if kind in (Type.SELECT_ONE, Type.SELECT_MULTIPLE):
        row["type"] += f" {name}_list"
        lists[f"{name}_list"] = draw(_choices(exclusive=kind is Type.SELECT_MULTIPLE))
    row |= draw(_details(kind, row, asked, lists, survey=survey))
    return row


def _calculations(asked: list[Column]) -> st.SearchStrategy[str]:
    numbers = [row for row in asked if row["type"] in ("integer", "decimal", "calculate")]
    if not numbers:
        return st.just("1 + 2")
    return st.sampled_from([f"coalesce(${{{row['name']}}}, 0) + 1" for row in numbers])


@st.composite
def _choices(draw: st.DrawFn, *, exclusive: bool) -> list[Column]:
    count = draw(st.sampled_from([2, 3, 3, 5, 12, 13, 31]))
    choices: list[Column] = [
        {"name": f"c{number}", "label": told(f"Choice {number}")} for number in range(count)
    ]
    if exclusive and count > 2 and draw(st.booleans()):
        choices[-1]["exclusive"] = "yes"
    return choices


@st.composite
def _details(
    draw: st.DrawFn,
    kind: Type,
    row: Column,
    asked: list[Column],
    lists: dict[str, list[Column]],
    *,
    survey: bool,
) -> Column:
    """Parameters, a constraint, a default, a role: what this type has, sometimes."""
    more: Column = {}
    constraint = draw(st.booleans())
    numbers = [f"${{{each['name']}}}" for each in asked if each["type"] == "integer"]
    match kind:
        case Type.SELECT_ONE:
            if draw(st.integers(0, 3)) == 0:
                more |= {"role": "gate", "ends": ". = 'c1'", "end_text": told("Thank you")}
            elif draw(st.integers(0, 3)) == 0:
                more["default"] = "c1"
            elif constraint:
                more["constraint"] = ". != 'c1'"
        case Type.SELECT_MULTIPLE:
            together = sum("exclusive" not in c for c in lists[row["type"].split()[1]])
            least = draw(st.integers(1, min(3, together)))
            most = draw(st.integers(least, together))
            more["parameters"] = draw(
                st.sampled_from(["min=1", f"min={least} max={most}", f"max={most}"])
            )
            if draw(st.integers(0, 3)) == 0:
                more["default"] = " ".join(f"c{number}" for number in range(least))
        case Type.RANGE:
            start = draw(st.integers(-1, 1))
            more["parameters"] = f"start={start} end={draw(st.integers(2, 9))}"
            if constraint:
                more["constraint"] = f". != {start}"
        case Type.TEXT:
            more["parameters"] = f"limit={draw(st.sampled_from([20, 100, 300]))}"
            if not survey and draw(st.booleans()):
                more |= {"role": "contact", "parameters": "limit=100"}
            elif constraint:
                more["constraint"] = "string-length(.) >= 3"
        case Type.INTEGER:
            if constraint:
                bound = draw(st.sampled_from(["0", *numbers, *_sums(asked)]))
                more["constraint"] = f". >= coalesce({bound}, 0)"
            elif draw(st.booleans()):
                more["default"] = "7"
        case Type.DECIMAL if constraint:
            more["constraint"] = ". > 0.5"
        case Type.DATE if constraint:
            more["constraint"] = ". >= date('2027-01-01')"
    if "constraint" in more:
        more["constraint_message"] = told("Not so")
    return more


def _sums(asked: list[Column]) -> list[str]:
    return [f"${{{row['name']}}}" for row in asked if row["type"] == "calculate"]
