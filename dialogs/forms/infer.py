"""What kind of thing each part of an expression is, and which parts can never mean anything.

XPath compares anything with anything and says false; an officer who wrote `${services} = 'dental'`
about a question of several choices would never learn of it. So the kinds are judged beforehand.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from dialogs.forms.complaints import Fault, listed, quoted
from dialogs.forms.expressions import (
    Call,
    Expression,
    Literal,
    Negation,
    Node,
    Operation,
    Reference,
    This,
)
from dialogs.forms.values import day, number, pattern_fault, string
from dialogs.screens import Own, Say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dialogs.screens import Words


class Sort(Enum):
    """The kinds of things."""

    TEXT = auto()
    NUMBER = auto()
    DATE = auto()
    CONDITION = auto()
    CHOICE = auto()
    CHOICES = auto()
    STEP = auto()
    ANY = auto()  # what is wrong elsewhere already, or open: nothing is told of it


_NAMED: Final = {
    Sort.TEXT: Say("naming.text"),
    Sort.NUMBER: Say("naming.number"),
    Sort.DATE: Say("naming.date"),
    Sort.CONDITION: Say("naming.condition"),
    Sort.CHOICE: Say("naming.choice"),
    Sort.CHOICES: Say("naming.choices"),
    Sort.STEP: Say("naming.step"),
}
"""How a sentence names a kind."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A sort; for choices and steps, the names there are."""

    sort: Sort
    names: tuple[str, ...] = ()


_TEXT: Final = Shape(Sort.TEXT)
_NUMBER: Final = Shape(Sort.NUMBER)
_DATE: Final = Shape(Sort.DATE)
_CONDITION: Final = Shape(Sort.CONDITION)
_ANY: Final = Shape(Sort.ANY)


def infer(
    expression: Expression,
    shapes: Mapping[str, Shape],
    this: Shape | None = None,
    *,
    condition: bool = False,
) -> tuple[Shape, tuple[Fault, ...]]:
    """What `expression` is, and everything in it that can never mean anything.

    `shapes` are of the questions that may be named; any other name is taken for anything. `this` is
    the shape of `.`, None where there is none. With `condition` the whole must be true or false.
    """
    judge = _Judge(shapes, this)
    if condition:
        judge.condition(expression.tree)
        shape = _CONDITION
    else:
        shape = judge.shape(expression.tree)
    return shape, tuple(judge.faults)


class _Judge:
    def __init__(self, shapes: Mapping[str, Shape], this: Shape | None) -> None:
        self.shapes = shapes
        self.this = this
        self.faults: list[Fault] = []

    def fault(self, node: Node, said: Words) -> None:
        self.faults.append(Fault(said, node.at))

    def shape(self, node: Node) -> Shape:
        match node:
            case Literal():
                return _TEXT if isinstance(node.value, str) else _NUMBER
            case Reference():
                return self.shapes.get(node.name, _ANY)
            case This():
                if self.this is None:
                    no_answer = {"reference": Own("${name}")}
                    self.fault(node, Say("complaint.no_answer_for_dot", no_answer))
                return self.this or _ANY
            case Negation():
                self.quantity(node.operand)
                return _NUMBER
            case Operation():
                return self.operation(node)
        return self.call(node)

    def operation(self, node: Operation) -> Shape:
        if node.operator in ("and", "or"):
            self.condition(node.left)
            self.condition(node.right)
            return _CONDITION
        if node.operator in ("=", "!="):
            self.equality(node)
            return _CONDITION
        left, right = self.shape(node.left), self.shape(node.right)
        dates = (left.sort is Sort.DATE, right.sort is Sort.DATE)
        if node.operator in ("<", "<=", ">", ">="):
            if any(dates):
                self.beside_a_date(node, left, right)
            else:
                self.countable(node.left, left)
                self.countable(node.right, right)
            return _CONDITION
        if any(dates) and node.operator in ("+", "-"):
            return self.days(node, dates, left, right)
        self.countable(node.left, left)
        self.countable(node.right, right)
        if node.operator in ("div", "mod") and _is(node.right, "0"):
            self.fault(node.right, Say("complaint.divided_by_zero"))
        return _NUMBER

    def days(self, node: Operation, dates: tuple[bool, bool], left: Shape, right: Shape) -> Shape:
        """A date and days make a date, two dates a count of days."""
        match node.operator, dates:
            case "-", (True, True):
                return _NUMBER
            case _, (True, False):
                self.countable(node.right, right)
                return _DATE
            case "+", (False, True):
                self.countable(node.left, left)
                return _DATE
        self.fault(node, Say("complaint.only_days"))
        return _ANY

    def quantity(self, node: Node) -> None:
        self.countable(node, self.shape(node))

    def countable(self, node: Node, shape: Shape) -> None:
        """A number is wanted at `node`."""
        match shape.sort:
            case Sort.NUMBER | Sort.STEP | Sort.ANY:
                return
            case Sort.CHOICE if all(map(_is_numeral, shape.names)):
                return
            case Sort.CHOICES:
                self.fault(node, Say("complaint.choices_counted", {"what": _written(node)}))
            case _:
                self.misplaced(node, shape.sort, Sort.NUMBER)

    def condition(self, node: Node) -> None:
        """Something true or false is wanted at `node`."""
        shape = self.shape(node)
        if shape.sort not in (Sort.CONDITION, Sort.ANY):
            condition = {"what": _written(node), "sort": _NAMED[shape.sort]}
            self.fault(node, Say("complaint.condition_wanted", condition))

    def beside_a_date(self, node: Operation, left: Shape, right: Shape) -> None:
        for part, shape in ((node.left, left), (node.right, right)):
            if isinstance(part, Literal) and isinstance(part.value, str):
                if day(part.value) is None:
                    self.fault(part, Say("complaint.date_written"))
            elif shape.sort not in (Sort.DATE, Sort.ANY):
                self.misplaced(part, shape.sort, Sort.DATE)

    def equality(self, node: Operation) -> None:
        left, right = self.shape(node.left), self.shape(node.right)
        if Sort.ANY in (left.sort, right.sort) or _is(node.left, "") or _is(node.right, ""):
            return  # = '' asks whether it was answered
        for part, shape in ((node.left, left), (node.right, right)):
            if shape.sort is Sort.CHOICES:
                self.fault(part, Say("complaint.several_at_once", {"what": _written(part)}))
                return
        if Sort.DATE in (left.sort, right.sort):
            self.beside_a_date(node, left, right)
        elif isinstance(node.right, Literal):
            self.literal(node.left, left, node.right)
        elif isinstance(node.left, Literal):
            self.literal(node.right, right, node.left)
        elif _family(left) != _family(right):
            sides = {"left": _NAMED[left.sort], "right": _NAMED[right.sort]}
            self.fault(node, Say("complaint.never_equal", sides))

    def literal(self, node: Node, shape: Shape, literal: Literal) -> None:
        """`node` is compared with something written out."""
        text = string(literal.value)
        beside = {"what": _written(node), "text": quoted(text)}
        match shape.sort:
            case Sort.CHOICE | Sort.STEP:
                self.named(node, shape, literal, text)
            case Sort.NUMBER if not _is_numeral(text):
                self.fault(literal, Say("complaint.not_a_number", beside))
            case Sort.TEXT if not isinstance(literal.value, str):
                self.fault(literal, Say("complaint.quotes_missing", beside))
            case Sort.CONDITION if text != "OK":  # XLSForm's word for an acknowledgement
                self.fault(literal, Say("complaint.true_or_false", {"what": _written(node)}))

    def named(self, node: Node, shape: Shape, literal: Literal, text: str) -> None:
        if text not in shape.names:
            there = {"text": quoted(text), "what": _written(node), "names": listed(shape.names)}
            self.fault(literal, Say("complaint.not_an_answer", there))

    def call(self, node: Call) -> Shape:
        # Each argument is judged once: judging one twice would double the work at every bracket.
        match node.function, node.arguments:
            case "if", (asked, then, otherwise):
                self.condition(asked)
                return _common([self.shape(then), self.shape(otherwise)])
            case "not", (asked,):
                self.condition(asked)
                return _CONDITION
            case "int" | "round", numbers:
                for argument in numbers:
                    self.quantity(argument)
                return _NUMBER
            case "selected", (question, choice):
                self.selected(question, choice)
                return _CONDITION
            case "count-selected", (question,):
                self.wanted(question, Sort.CHOICES)
                return _NUMBER
            case "string-length", (text,):
                self.wanted(text, Sort.TEXT)
                return _NUMBER
            case "regex", (text, pattern):
                self.wanted(text, Sort.TEXT, Sort.NUMBER)
                self.pattern(pattern)
                return _CONDITION
            case "date", (dated,):
                self.date(dated)
                return _DATE
        shapes = [self.shape(argument) for argument in node.arguments]
        return _common(shapes) if node.function == "coalesce" else _RESULTS[node.function]

    def wanted(self, node: Node, *sorts: Sort) -> Shape:
        shape = self.shape(node)
        if shape.sort not in (*sorts, Sort.ANY):
            self.misplaced(node, shape.sort, sorts[0])
        return shape

    def misplaced(self, node: Node, sort: Sort, wanted: Sort) -> None:
        """`node` is of one sort, and another is wanted there."""
        unlike = {"what": _written(node), "sort": _NAMED[sort], "wanted": _NAMED[wanted]}
        self.fault(node, Say("complaint.other_wanted", unlike))

    def selected(self, question: Node, choice: Node) -> None:
        shape = self.wanted(question, Sort.CHOICES, Sort.CHOICE)
        if not isinstance(choice, Literal):
            self.wanted(choice, Sort.TEXT, Sort.CHOICE)
        elif shape.sort in (Sort.CHOICES, Sort.CHOICE):
            self.named(question, shape, choice, string(choice.value))

    def pattern(self, node: Node) -> None:
        if not isinstance(node, Literal):
            self.fault(node, Say("complaint.pattern_elsewhere"))
        elif wrong := pattern_fault(string(node.value)):
            self.fault(node, wrong)

    def date(self, node: Node) -> None:
        if not isinstance(node, Literal):
            self.wanted(node, Sort.DATE, Sort.TEXT)
        elif day(node.value) is None:
            self.fault(node, Say("complaint.no_such_day"))


_RESULTS: Final = {
    "concat": _TEXT,
    "today": _DATE,
    "number": _NUMBER,
    "true": _CONDITION,
    "false": _CONDITION,
}


def _written(node: Node) -> Words:
    """The beginning of a sentence about `node`."""
    match node:
        case Literal():
            return quoted(f"'{node.value}'" if isinstance(node.value, str) else string(node.value))
        case Reference():
            return quoted(f"${{{node.name}}}")
        case This():
            return Own(".")
        case Call():
            return Own(f"{node.function}()")
    return Say("naming.this")


def _is(node: Node, written: str) -> bool:
    return isinstance(node, Literal) and string(node.value) == written


def _is_numeral(text: str) -> bool:
    return not number(text).is_nan()


def _family(shape: Shape) -> Sort:
    """The sorts that can be equal to each other share a family."""
    return {Sort.CHOICE: Sort.TEXT, Sort.STEP: Sort.NUMBER}.get(shape.sort, shape.sort)


def _common(shapes: Iterable[Shape]) -> Shape:
    """What one of several is: their sort where they agree."""
    different = dict.fromkeys(shapes)
    return next(iter(different)) if len(different) == 1 else _ANY
