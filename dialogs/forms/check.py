"""What is wrong with a form that could be read: every mistake, each with its place and its cure.

The loader hands over the form and, beside it, every expression where it was written: a row's own
`relevant` carries those of the groups around it, and a mistake is told once, where it was made.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from math import prod
from typing import TYPE_CHECKING, Final

from dialogs.forms.complaints import Complaint, figure, marked, quoted
from dialogs.forms.draft import BOX_MOST, longest
from dialogs.forms.infer import Shape, Sort, infer
from dialogs.forms.model import CANT_SAY, OFFICE_LISTS, Audience, Form, Kind, Role, Row, Type
from dialogs.forms.reach import UNKNOWN, Folded, Worlds, domain, ends, fold, passes, truth
from dialogs.forms.values import known
from dialogs.screens import Joined, Own, Say, units

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from dialogs.forms.expressions import Expression
    from dialogs.screens import Words

CARD: Final = 4096
"""A message's room in UTF-16 units (Bot API, sendMessage)."""
FURNITURE: Final = 1200
"""Of a card, what the bot itself may need: "4/11", how to answer, what was wrong, and the answer
again when one comes back to it."""
ASKED: Final = 14
"""Questions of an application: they stand together on one card, My application."""
CHOICE_FURNITURE: Final = 6
"""Of a choice's line on a card: its number, a mark and the line's end."""
PAGE: Final = 10
"""Choices on one page of a long list."""
CELLS: Final = 15
"""How many different backgrounds a survey may tell apart: more, and few people share one."""


@dataclass(frozen=True, slots=True)
class Written:
    """An expression where it stands in the file."""

    expression: Expression
    column: str  # relevant, constraint, calculation or ends
    row: str  # the name of its row or group
    line: int
    place: int  # how many rows stand before it
    whole: Expression | None = None  # relevant: joined with those of the groups around
    within: Written | None = None  # relevant: that of the nearest group around that has one


def judge(
    form: Form,
    written: Sequence[Written],
    *,
    lists: Mapping[str, str],
    groups: Collection[str] = (),
    broken: Collection[str] = (),
) -> Iterator[Complaint]:
    """Every mistake in the form as a whole.

    `lists` gives the list that each row takes its choices from; `groups` are the groups' names and
    `broken` those of rows too wrong to be judged, which is told already.
    """
    yield from _references(form, written, groups, broken)
    yield from _types(form, written)
    yield from _reach(form, written)
    yield from _answers(form)
    yield from _cards(form)
    yield from _roles(form, lists)
    yield from _room(form)


def _references(
    form: Form, written: Sequence[Written], groups: Collection[str], broken: Collection[str]
) -> Iterator[Complaint]:
    places = {row.name: place for place, row in reversed(list(enumerate(form.rows)))}
    for each in written:
        for name in sorted(each.expression.references):
            place = places.get(name)
            reference = Own(f"${{{name}}}")
            wrong: Words
            row = None if place is None else form.rows[place]
            if row is None or place is None:
                if name in broken:
                    continue
                if name in groups:
                    wrong = Say("complaint.group_has_no_answer", {"reference": reference})
                else:
                    wrong = Say("complaint.no_question", {"name": quoted(name)})
            elif row.type is Type.NOTE:
                wrong = Say("complaint.note_has_no_answer", {"reference": reference})
            elif name == each.row and each.column == "constraint":
                wrong = Say("complaint.constraint_writes_dot")
            elif name == each.row and each.column == "ends":
                continue
            elif place >= each.place:
                later = {"reference": reference, "line": figure(row.line)}
                wrong = Say("complaint.answered_later", later)
            else:
                continue
            written_so = re.search(rf"\$\{{\s*{name}\s*\}}", each.expression.source)
            yield _at(each, wrong, written_so.start() if written_so else 0)


def _at(each: Written, said: Words, at: int) -> Complaint:
    return Complaint(
        each.line,
        each.row,
        Joined((Own(each.column), said), ": "),
        excerpt=marked(each.expression.source, at),
    )


def _types(form: Form, written: Sequence[Written]) -> Iterator[Complaint]:
    shapes: dict[str, Shape] = {}
    calculated = {each.row: each for each in written if each.column == "calculation"}
    for row in form.rows:
        if row.type is Type.CALCULATE and row.name in calculated:
            shape, _ = infer(calculated[row.name].expression, shapes)
            shapes.setdefault(row.name, shape)
        else:
            shapes.setdefault(row.name, _shape(row))
    for each in written:
        this = shapes.get(each.row) if each.column in ("constraint", "ends") else None
        condition = each.column != "calculation"
        _, faults = infer(each.expression, shapes, this, condition=condition)
        for fault in faults:
            yield _at(each, fault.said, fault.at)


def _shape(row: Row) -> Shape:
    names = tuple(choice.name for choice in row.choices)
    match row.type:
        case Type.SELECT_ONE if names:
            return Shape(Sort.CHOICE, names)
        case Type.SELECT_MULTIPLE if names:
            return Shape(Sort.CHOICES, names)
        case Type.RANGE if row.parameters.start is not None and row.parameters.end is not None:
            steps = range(row.parameters.start, row.parameters.end + 1)
            offered = (CANT_SAY,) if CANT_SAY in names else ()
            return Shape(Sort.STEP, (*map(str, steps), *offered))
        case Type.TEXT:
            return Shape(Sort.TEXT)
        case Type.INTEGER | Type.DECIMAL:
            return Shape(Sort.NUMBER)
        case Type.DATE:
            return Shape(Sort.DATE)
        case Type.ACKNOWLEDGE:
            return Shape(Sort.CONDITION)
    return Shape(Sort.ANY)


def _reach(form: Form, written: Sequence[Written]) -> Iterator[Complaint]:
    worlds = Worlds(form.rows)
    never: list[Written] = []
    for each in written:
        if each.whole is None:
            continue
        if each.within in never:
            never.append(each)  # told at the group
        elif not worlds.possible(each.whole):
            never.append(each)
            yield _at(each, Say("complaint.never_shown"), 0)
    for row in form.rows:
        if row.constraint is None and row.ends is None:
            continue
        answers: Sequence[Folded] = domain(row) or [UNKNOWN]
        if not any(passes(row, {}, answer) for answer in answers):
            yield _of(row, Say("complaint.never_passes"))
        elif all(ends(row, {}, answer) for answer in answers):
            yield _of(row, Say("complaint.always_ends"))
        elif row.required and worlds.stuck(row):
            yield _of(row, Say("complaint.stuck"))
        if row.ends is not None and not any(
            truth(fold(row.ends.tree, {row.name: answer}, answer)) is not False
            for answer in answers
        ):
            yield _of(row, Say("complaint.never_ends"))


def _of(row: Row, said: Words) -> Complaint:
    return Complaint(row.line, row.name, said)


def _answers(form: Form) -> Iterator[Complaint]:
    """Choices and defaults that do not fit the row they belong to."""
    for row in form.rows:
        if row.type is not Type.SELECT_MULTIPLE:
            for choice in row.choices:
                if choice.exclusive:
                    yield _of(row, Say("complaint.exclusive_alone", {"name": quoted(choice.name)}))
        else:
            together = sum(1 for choice in row.choices if not choice.exclusive)
            asked = max(row.parameters.minimum or 0, row.parameters.maximum or 0)
            if row.choices and asked > together:
                numbers = {"asked": figure(asked), "there": figure(together)}
                yield _of(row, Say("complaint.too_many_asked", numbers))
        if row.default is not None and not passes(row, {}, known(row.default)):
            yield _of(row, Say("complaint.default_refused"))


def _cards(form: Form) -> Iterator[Complaint]:
    asked = [row for row in form.rows if row.asks]
    if form.kind is Kind.APPLICATION and len(asked) > ASKED:
        yield _of(asked[ASKED], Say("complaint.application_full", {"most": figure(ASKED)}))
    for row in form.rows:
        pages = [row.choices]
        if row.long_list:
            pages = [row.choices[at : at + PAGE] for at in range(0, len(row.choices), PAGE)]
        for language in form.languages:
            words = units(row.label.get(language, "")) + units(row.hint.get(language, ""))
            choices = max(
                sum(units(choice.label.get(language, "")) + CHOICE_FURNITURE for choice in page)
                for page in pages
            )
            over = words + choices + FURNITURE - CARD
            if over > 0:
                where = {"language": Own(language), "over": figure(over)}
                yield _of(row, Say("complaint.long_for_card", where))


def _roles(form: Form, lists: Mapping[str, str]) -> Iterator[Complaint]:
    cells: list[int] = []
    for row in form.rows:
        if row.role is Role.CONTACT:
            if form.kind is Kind.SURVEY:
                yield _of(row, Say("complaint.survey_asks_contact"))
            elif row.type is not Type.TEXT:
                yield _of(row, Say("complaint.contact_is_text"))
        if form.kind is not Kind.SURVEY:
            continue
        told = lists.get(row.name, "") in OFFICE_LISTS
        if told and row.role is not Role.BACKGROUND:
            yield _of(row, Say("complaint.list_is_background", {"list": quoted(lists[row.name])}))
        if not told and row.role is not Role.BACKGROUND:
            continue
        if form.audience is Audience.MEMBERS:
            yield _of(row, Say("complaint.members_background"))
        elif (size := _cells(row)) is None:
            yield _of(row, Say("complaint.background_short_list"))
        else:
            cells.append(size)
            before = prod(cells[:-1])
            if before <= CELLS < prod(cells):
                told_apart = {"many": figure(prod(cells)), "most": figure(CELLS)}
                yield _of(row, Say("complaint.many_backgrounds", told_apart))


def _cells(row: Row) -> int | None:
    """How many people `row` tells apart; None where its answers are not a short list."""
    if row.type not in (Type.SELECT_ONE, Type.RANGE):
        return None
    return len(domain(row) or [UNKNOWN])


def _room(form: Form) -> Iterator[Complaint]:
    """A form's boxes are all of one size, that of the longest answers there can be; where they are
    too long for it, it is told at the row that oversteps."""
    if longest(form) <= BOX_MOST:
        return
    beginnings = (replace(form, rows=form.rows[:end]) for end in range(1, len(form.rows) + 1))
    row = next(each.rows[-1] for each in beginnings if longest(each) > BOX_MOST)
    limits = sum(each.limit for each in form.rows if each.type is Type.TEXT)
    left = (BOX_MOST - longest(form)) // 2 + limits
    if left > 0:
        yield _of(row, Say("complaint.open_answers_long", {"left": figure(left)}))
    else:
        yield _of(row, Say("complaint.answers_large", {"most": figure(BOX_MOST)}))
