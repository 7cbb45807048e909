"""Whether a question can ever be shown, decided by trying every combination of the answers it
depends on.

A *world* is one combination: for each question involved, the value of its answer, or UNKNOWN where
there are too many to try (a text, a number, a date, today). Conditions are folded in each world
with Kleene's logic: false and unknown is false, true and unknown is unknown. Only what is false in
every world is called unreachable, so nothing good is refused; what is not tried is taken as
possible. A number that is only compared with written ones is tried at those and between them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Final

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
from dialogs.forms.model import CANT_SAY, Row, Type
from dialogs.forms.values import FUNCTIONS, Value, boolean, negated, operated

if TYPE_CHECKING:
    from collections.abc import Iterator


class Unknown(Enum):
    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN
Folded = Value | Unknown
World = Mapping[str, Folded]

WORLDS: Final = 2000
"""How many combinations are tried for one condition; beyond, everything is taken as possible."""
EFFORT: Final = 30_000
"""How many are made and looked at for a whole form, so that a check ends within seconds whatever
the form."""
COMPARISONS: Final = frozenset({"=", "!=", "<", "<=", ">", ">="})
SUBSETS: Final = 6
"""Up to how many choices every set of them is tried."""


def fold(node: Node, world: World, this: Folded = UNKNOWN) -> Folded:
    """What `node` comes to in `world`, as far as the world decides it."""
    match node:
        case Literal():
            return node.value
        case Reference():
            return world.get(node.name, UNKNOWN)
        case This():
            return this
        case Negation():
            value = fold(node.operand, world, this)
            return UNKNOWN if isinstance(value, Unknown) else negated(value)
        case Operation():
            left, right = fold(node.left, world, this), fold(node.right, world, this)
            return _operated(node.operator, left, right)
    return _called(node, [fold(argument, world, this) for argument in node.arguments])


def compared(node: Node, name: str) -> list[Decimal] | None:
    """The numbers that `name` is compared with; None where anything else is done with it."""
    match node:
        case Reference():
            return None if node.name == name else []
        case Negation():
            return compared(node.operand, name)
        case (
            Operation(left=Reference(name=of), right=Literal(value=Decimal() as number))
            | Operation(left=Literal(value=Decimal() as number), right=Reference(name=of))
        ) if node.operator in COMPARISONS:
            return [number] if of == name else []
        case Operation():
            parts = [compared(node.left, name), compared(node.right, name)]
        case Call():
            parts = [compared(argument, name) for argument in node.arguments]
        case _:
            return []
    found = [part for part in parts if part is not None]
    return [number for part in found for number in part] if len(found) == len(parts) else None


def _operated(operator: str, left: Folded, right: Folded) -> Folded:
    # One side alone decides: false for `and`, true for `or`.
    deciding = {"and": False, "or": True}.get(operator)
    if deciding is not None and deciding in (truth(left), truth(right)):
        return deciding
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return UNKNOWN
    return operated(operator, left, right)


def _called(node: Call, arguments: Sequence[Folded]) -> Folded:
    if node.function == "today":
        return UNKNOWN
    if node.function == "if" and not isinstance(arguments[0], Unknown):
        return arguments[1] if boolean(arguments[0]) else arguments[2]
    values = [value for value in arguments if not isinstance(value, Unknown)]
    if len(values) < len(arguments):
        return UNKNOWN
    return FUNCTIONS[node.function].call(values, date.min)


def truth(value: Folded) -> bool | Unknown:
    return value if isinstance(value, Unknown) else boolean(value)


def domain(row: Row) -> list[Value] | None:
    """Every answer the row's type allows, skipping apart; None where they are too many to try."""
    match row.type:
        case Type.SELECT_ONE if row.choices:
            return [choice.name for choice in row.choices]
        case Type.SELECT_MULTIPLE if 0 < len(row.choices) <= SUBSETS:
            return [*_sets(row)]
        case Type.RANGE if row.parameters.start is not None and row.parameters.end is not None:
            steps: list[Value] = [
                Decimal(step) for step in range(row.parameters.start, row.parameters.end + 1)
            ]
            offered = any(choice.name == CANT_SAY for choice in row.choices)
            return [*steps, CANT_SAY] if offered else steps
        case Type.ACKNOWLEDGE:
            return [True]
    return None


def _sets(row: Row) -> list[str]:
    together = [choice.name for choice in row.choices if not choice.exclusive]
    least = row.parameters.minimum or 1
    most = row.parameters.maximum or len(together)
    sets = [
        " ".join(names) for size in range(least, most + 1) for names in combinations(together, size)
    ]
    return [*sets, *(choice.name for choice in row.choices if choice.exclusive)]


def fitting(row: Row, world: World) -> list[Folded]:
    """The answers to `row` that may go on from `world`: they may pass the constraint and do not
    surely end the conversation. At most [UNKNOWN] where they are too many to try."""
    answers: Sequence[Folded] | None = domain(row)
    return [
        answer
        for answer in (answers if answers is not None else [UNKNOWN])
        if passes(row, world, answer) and not ends(row, world, answer)
    ]


def passes(row: Row, world: World, answer: Folded) -> bool:
    """Whether `answer` may pass the row's constraint."""
    return row.constraint is None or truth(fold(row.constraint.tree, world, answer)) is not False


def ends(row: Row, world: World, answer: Folded) -> bool:
    """Whether `answer` surely ends the conversation."""
    if row.ends is None:
        return False
    return truth(fold(row.ends.tree, {**world, row.name: answer}, answer)) is True


def references(row: Row) -> frozenset[str]:
    """Every name that stands in the row's expressions."""
    parts = (row.relevant, row.constraint, row.calculation, row.ends)
    return frozenset().union(*(part.references for part in parts if part is not None))


@dataclass
class Worlds:
    """The worlds of one form, made as they are asked for."""

    rows: Sequence[Row]

    def __post_init__(self) -> None:
        self.named: dict[str, Row] = {}
        for row in self.rows:
            self.named.setdefault(row.name, row)
        self.made: dict[frozenset[str], list[World]] = {}
        self.effort = EFFORT

    def possible(self, condition: Expression) -> bool:
        """Whether the condition may hold in some world. True also where no world is left: the
        dead end before it is told of by itself."""
        worlds = self.of(condition.references)
        untouched: list[World] = [{}]
        return not worlds or all(
            any(
                truth(fold(condition.tree, {**world, **tried})) is not False
                for world in worlds
                for tried in samples
            )
            for samples in (untouched, *self.numbers(condition))
        )

    def numbers(self, condition: Expression) -> Iterator[list[World]]:
        """For each number the condition only compares with written ones: those, and one below,
        between and above them. What is false at all of these is false for every number."""
        for name in sorted(condition.references):
            row = self.named.get(name)
            if row is None or row.type not in (Type.INTEGER, Type.DECIMAL):
                continue
            written = compared(condition.tree, name)
            if written:
                points = sorted(written)
                between = [(low + high) / 2 for low, high in pairwise(points)]
                tried = [points[0] - 1, *points, *between, points[-1] + 1]
                yield [{name: ""}, *({name: number} for number in tried)]

    def stuck(self, row: Row) -> bool:
        """Whether some answers lead to `row` and leave no answer to it that goes on."""
        return any(
            not fitting(row, world)
            for world in self.of(references(row) - {row.name})
            if row.relevant is None or truth(fold(row.relevant.tree, world)) is True
        )

    def of(self, names: frozenset[str]) -> list[World]:
        """The worlds over `names` and all they depend on; one with nothing in it where they are
        too many."""
        involved = self.closure(names)
        if involved not in self.made:
            self.made[involved] = self.make(involved)
        worlds = self.made[involved]
        self.effort -= len(worlds)
        return worlds if self.effort > 0 else [{}]

    def closure(self, names: frozenset[str]) -> frozenset[str]:
        found: set[str] = set()
        waiting = set(names)
        while waiting:
            name = waiting.pop()
            if name in self.named and name not in found:
                found.add(name)
                waiting |= references(self.named[name])
        return frozenset(found)

    def make(self, involved: frozenset[str]) -> list[World]:
        worlds: list[World] = [{}]
        for name, row in self.named.items():
            if name not in involved:
                continue
            longer: list[World] = []
            for world in worlds:
                longer += [{**world, name: value} for value in self.values(row, world)]
                if len(longer) > WORLDS or len(longer) > self.effort:
                    return [{}]
            self.effort -= len(longer)
            worlds = longer
        return worlds

    def values(self, row: Row, world: World) -> list[Folded]:
        shown = True if row.relevant is None else truth(fold(row.relevant.tree, world))
        if shown is False:
            return [""]
        if row.calculation is not None:
            return [fold(row.calculation.tree, world)]
        answers = fitting(row, world)
        if not row.required or isinstance(shown, Unknown):
            answers.append("")
        return answers
