"""What a form may say in `relevant`, `constraint`, `calculation` and `ends`: XLSForm's expressions.

A source is cut into tokens, the tokens become a tree, the tree is walked; what the parts come to is
in `values`. Nothing a form says can hang, raise out of here or reach Python: `parse` bounds the
length, the nesting and the number of parts, and every value has a result in every place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dialogs.forms.complaints import Fault, figure, instead, quoted
from dialogs.forms.values import FUNCTIONS, Value, boolean, known, negated, numeral, operated
from dialogs.screens import Own, Say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from dialogs.forms.answers import Answer
    from dialogs.screens import Words

LENGTH: Final = 2000
"""How long a source may be, in characters."""
NESTING: Final = 32
"""How many brackets may stand inside each other."""
PARTS: Final = 150
"""How many operators and functions one expression may hold; bounds the depth of its tree."""


class Malformed(ValueError):  # noqa: N818 - it is a finding about a text, told to its writer
    """The source is no expression. `said` is what to do, `at` the place, from 0."""

    def __init__(self, said: Words, at: int) -> None:
        super().__init__(said)
        self.said = said
        self.at = at


@dataclass(frozen=True, slots=True)
class Literal:
    value: Value
    at: int


@dataclass(frozen=True, slots=True)
class Reference:
    """`${name}`"""

    name: str
    at: int


@dataclass(frozen=True, slots=True)
class This:
    """`.`, the answer being given."""

    at: int


@dataclass(frozen=True, slots=True)
class Negation:
    operand: Node
    at: int


@dataclass(frozen=True, slots=True)
class Operation:
    operator: str
    left: Node
    right: Node
    at: int  # of the operator


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    arguments: tuple[Node, ...]
    at: int


Node = Literal | Reference | This | Negation | Operation | Call


@dataclass(frozen=True, slots=True)
class Expression:
    source: str
    tree: Node
    references: frozenset[str]  # the names in ${…}
    uses_this: bool
    warnings: tuple[Fault, ...] = ()


def both(a: Expression | None, b: Expression | None) -> Expression | None:
    """One expression that holds where `a` and `b` both do; None is a condition that always holds.

    Places (`at`) inside the parts keep counting from the parts' own beginnings.
    """
    if a is None or b is None:
        return b if a is None else a
    return Expression(
        source=f"({a.source}) and ({b.source})",
        tree=Operation("and", a.tree, b.tree, 0),
        references=a.references | b.references,
        uses_this=a.uses_this or b.uses_this,
        warnings=a.warnings + b.warnings,
    )


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # number, text, reference, name, symbol, end
    text: str
    at: int


_NUMBER: Final = re.compile(r"[0-9]+(?:\.[0-9]*)?|\.[0-9]+")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_REFERENCE: Final = re.compile(r"\$\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}")
_SYMBOL: Final = re.compile(r"!=|<=|>=|[=<>+\-*(),.]")
# Word and Excel put these in by themselves, so a form is not refused for them.
_TYPOGRAPHIC: Final = {**dict.fromkeys("“”„‟", '“”„‟"'), **dict.fromkeys("‘’‚‛", "‘’‚‛'")}
_SLIPS: Final = {
    "==": Say("complaint.slip_equals"),
    "&&": Say("complaint.slip_and"),
    "||": Say("complaint.slip_or"),
    "<>": Say("complaint.slip_is_not", {"sign": Own("!=")}),
    "!": Say("complaint.slip_not", {"sign": Own("!=")}),
    "/": Say("complaint.slip_divide"),
    "%": Say("complaint.slip_mod"),
    **dict.fromkeys("${", Say("complaint.slip_reference", {"reference": Own("${name}")})),
    **dict.fromkeys("–−", Say("complaint.slip_minus")),
    "≤": Say("complaint.slip_sign", {"sign": Own("<=")}),
    "≥": Say("complaint.slip_sign", {"sign": Own(">=")}),
    "≠": Say("complaint.slip_sign", {"sign": Own("!=")}),
}


def _tokens(source: str) -> tuple[list[_Token], tuple[Fault, ...]]:
    tokens: list[_Token] = []
    warnings: list[Fault] = []
    at = 0
    while at < len(source):
        sign = source[at]
        if sign.isspace():
            at += 1
            continue
        if sign in "'\"" or sign in _TYPOGRAPHIC:
            end = _closing(source, at)
            tokens.append(_Token("text", source[at + 1 : end], at))
            if sign in _TYPOGRAPHIC and not warnings:
                warnings.append(Fault(Say("complaint.quote_read", {"sign": Own(sign)}), at))
            at = end + 1
            continue
        slip = next((s for s in _SLIPS if source.startswith(s, at)), None)
        if match := _REFERENCE.match(source, at):
            tokens.append(_Token("reference", match[1], at))
        elif match := _NUMBER.match(source, at):
            tokens.append(_Token("number", match[0], at))
        elif match := _NAME.match(source, at):
            tokens.append(_Token("name", match[0], at))
        elif (match := _SYMBOL.match(source, at)) and slip in (None, "!"):
            tokens.append(_Token("symbol", match[0], at))
        elif slip:
            raise Malformed(_SLIPS[slip], at)
        else:
            raise Malformed(Say("complaint.sign_unknown", {"sign": quoted(sign)}), at)
        at = match.end()
    tokens.append(_Token("end", "", len(source)))
    return tokens, tuple(warnings)


def _closing(source: str, opening: int) -> int:
    """The place of the quote that closes the one at `opening`. Raises Malformed."""
    closers = _TYPOGRAPHIC.get(source[opening], source[opening])
    for at in range(opening + 1, len(source)):
        if source[at] in closers:
            return at
    raise Malformed(Say("complaint.quote_open"), opening)


# Loosest first (XPath 1.0, section 3.5). Operators of one level are taken from the left.
_LEVELS: Final = (
    ("or",),
    ("and",),
    ("=", "!="),
    ("<", "<=", ">", ">="),
    ("+", "-"),
    ("*", "div", "mod"),
)
_WORDS: Final = ("and", "or", "div", "mod")


def parse(source: str) -> Expression:
    """The expression that `source` says. Raises `Malformed`, and nothing else."""
    if len(source) > LENGTH:
        raise Malformed(Say("complaint.expression_long", {"most": figure(LENGTH)}), LENGTH)
    tokens, warnings = _tokens(source)
    parser = _Parser(tokens)
    tree = parser.whole()
    return Expression(source, tree, frozenset(parser.references), parser.uses_this, warnings)


class _Parser:
    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.position = 0
        self.nesting = 0
        self.parts = 0
        self.references: set[str] = set()
        self.uses_this = False

    def whole(self) -> Node:
        if self.next.kind == "end":
            raise Malformed(Say("complaint.nothing_written"), 0)
        tree = self.operation(0)
        if self.next.kind != "end":
            before = quoted(self.next.text)
            raise Malformed(Say("complaint.operator_missing", {"before": before}), self.next.at)
        return tree

    @property
    def next(self) -> _Token:
        return self.tokens[self.position]

    def take(self) -> _Token:
        token = self.tokens[self.position]
        self.position += 1
        return token

    def meets(self, *symbols: str) -> bool:
        return self.next.kind in ("symbol", "name") and self.next.text in symbols

    def count(self, token: _Token) -> None:
        self.parts += 1
        if self.parts > PARTS:
            raise Malformed(Say("complaint.many_operators", {"most": figure(PARTS)}), token.at)

    def operation(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self.operand()
        left = self.operation(level + 1)
        while self.meets(*_LEVELS[level]):
            operator = self.take()
            self.count(operator)
            left = Operation(operator.text, left, self.operation(level + 1), operator.at)
        return left

    def operand(self) -> Node:
        token = self.take()
        match token.kind, token.text:
            case "number", digits:
                return Literal(numeral(digits), token.at)
            case "text", text:
                return Literal(text, token.at)
            case "reference", name:
                self.references.add(name)
                return Reference(name, token.at)
            case "symbol", ".":
                self.uses_this = True
                return This(token.at)
            case "symbol", "-":
                self.count(token)
                return Negation(self.inside(token, self.operand), token.at)
            case "symbol", "(":
                tree = self.inside(token, lambda: self.operation(0))
                self.close(token)
                return tree
            case "name", name if name not in _WORDS:
                return self.call(token)
            case "end", _:
                raise Malformed(Say("complaint.end_missing"), token.at)
        missing = {"before": quoted(token.text), "reference": Own("${name}")}
        raise Malformed(Say("complaint.operand_missing", missing), token.at)

    def inside(self, opening: _Token, read: Callable[[], Node]) -> Node:
        self.nesting += 1
        if self.nesting > NESTING:
            raise Malformed(Say("complaint.brackets_deep", {"most": figure(NESTING)}), opening.at)
        tree = read()
        self.nesting -= 1
        return tree

    def close(self, opening: _Token) -> None:
        if not self.meets(")"):
            raise Malformed(Say("complaint.bracket_open"), opening.at)
        self.take()

    def call(self, name: _Token) -> Node:
        self.count(name)
        if not self.meets("("):
            raise Malformed(_bare(name.text), name.at)
        if name.text not in FUNCTIONS:
            wrong = Say("complaint.no_function", {"function": quoted(name.text)})
            raise Malformed(instead(wrong, name.text, FUNCTIONS), name.at)
        opening = self.take()
        arguments: list[Node] = []
        if not self.meets(")"):
            arguments.append(self.inside(opening, lambda: self.operation(0)))
            while self.meets(","):
                self.take()
                arguments.append(self.inside(opening, lambda: self.operation(0)))
        self.close(opening)
        function = FUNCTIONS[name.text]
        if not function.least <= len(arguments) <= function.most:
            raise Malformed(_usage(name.text), name.at)
        return Call(name.text, tuple(arguments), name.at)


def _usage(function: str) -> Say:
    return Say("complaint.written_so", {"example": Own(FUNCTIONS[function].example)})


def _bare(name: str) -> Say:
    if name in FUNCTIONS:
        return _usage(name)
    meant = {"name": quoted(name), "reference": quoted(f"${{{name}}}")}
    return Say("complaint.bare_name", meant)


def evaluate(
    expression: Expression, answers: Mapping[str, Answer], this: Answer, today: date
) -> Value:
    """What the expression comes to. Never raises: a name without an answer is ''."""
    return _value(expression.tree, answers, this, today)


def holds(expression: Expression, answers: Mapping[str, Answer], this: Answer, today: date) -> bool:
    """Whether the expression is true, as XPath takes truth."""
    return boolean(evaluate(expression, answers, this, today))


def _value(node: Node, answers: Mapping[str, Answer], this: Answer, today: date) -> Value:
    match node:
        case Literal():
            return node.value
        case Reference():
            return known(answers.get(node.name))
        case This():
            return known(this)
        case Negation():
            return negated(_value(node.operand, answers, this, today))
        case Operation():
            left = _value(node.left, answers, this, today)
            return operated(node.operator, left, _value(node.right, answers, this, today))
    return FUNCTIONS[node.function].call(
        [_value(argument, answers, this, today) for argument in node.arguments], today
    )
