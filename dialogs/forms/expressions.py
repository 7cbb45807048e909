"""What a form may say in `relevant`, `constraint`, `calculation` and `ends`: XLSForm's expressions.

A source is cut into tokens, the tokens become a tree, the tree is walked; what the parts come to is
in `values`. Nothing a form says can hang, raise out of here or reach Python: `parse` bounds the
length, the nesting and the number of parts, and every value has a result in every place.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dialogs.forms.values import FUNCTIONS, Value, boolean, known, negated, numeral, operated

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from dialogs.forms.answers import Answer

LENGTH: Final = 2000
"""How long a source may be, in characters."""
NESTING: Final = 32
"""How many brackets may stand inside each other."""
PARTS: Final = 150
"""How many operators and functions one expression may hold; bounds the depth of its tree."""


class Malformed(ValueError):  # noqa: N818 - it is a finding about a text, told to its writer
    """The source is no expression. `sentence` says what to do, `at` is the place, from 0."""

    def __init__(self, sentence: str, at: int) -> None:
        super().__init__(sentence)
        self.sentence = sentence
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
    warnings: tuple[str, ...] = ()


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
    "==": "Write one = to compare.",
    "&&": "Write and.",
    "||": "Write or.",
    "<>": "Write != for “is not”.",
    "!": "Write != for “is not”, and not(…) to turn a condition round.",
    "/": "Write div to divide.",
    "%": "Write mod for what is left over.",
    "$": "A reference is written ${name}.",
    "{": "A reference is written ${name}.",
    "–": "Write the minus sign as a plain hyphen.",
    "−": "Write the minus sign as a plain hyphen.",
    "≤": "Write <=.",
    "≥": "Write >=.",
    "≠": "Write !=.",
}


def _tokens(source: str) -> tuple[list[_Token], tuple[str, ...]]:
    tokens: list[_Token] = []
    warnings: list[str] = []
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
                warnings.append(f"The quote {sign} was read as a plain one; write ' or \".")
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
            raise Malformed(f"The sign {sign!r} has no meaning here.", at)
        at = match.end()
    tokens.append(_Token("end", "", len(source)))
    return tokens, tuple(warnings)


def _closing(source: str, opening: int) -> int:
    """The place of the quote that closes the one at `opening`. Raises Malformed."""
    closers = _TYPOGRAPHIC.get(source[opening], source[opening])
    for at in range(opening + 1, len(source)):
        if source[at] in closers:
            return at
    raise Malformed("This quote is never closed.", opening)


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
        raise Malformed(f"An expression has room for {LENGTH} characters.", LENGTH)
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
            raise Malformed("Nothing is written here.", 0)
        tree = self.operation(0)
        if self.next.kind != "end":
            raise Malformed(
                f"Before {self.next.text!r} an operator is missing, such as and or =, "
                "or a bracket is closed too early.",
                self.next.at,
            )
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
            raise Malformed(f"An expression has room for {PARTS} operators.", token.at)

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
                raise Malformed("Something is missing at the end.", token.at)
        raise Malformed(
            f"Before {token.text!r} something is missing: a ${{name}}, a number or a 'text'.",
            token.at,
        )

    def inside(self, opening: _Token, read: Callable[[], Node]) -> Node:
        self.nesting += 1
        if self.nesting > NESTING:
            raise Malformed(f"No more than {NESTING} brackets inside each other.", opening.at)
        tree = read()
        self.nesting -= 1
        return tree

    def close(self, opening: _Token) -> None:
        if not self.meets(")"):
            raise Malformed("This bracket is never closed.", opening.at)
        self.take()

    def call(self, name: _Token) -> Node:
        self.count(name)
        if not self.meets("("):
            raise Malformed(_bare(name.text), name.at)
        if name.text not in FUNCTIONS:
            near = difflib.get_close_matches(name.text, FUNCTIONS, 1)
            hint = f" Did you mean {near[0]}()?" if near else f" There are: {', '.join(FUNCTIONS)}."
            raise Malformed(f"There is no function {name.text}().{hint}", name.at)
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
            raise Malformed(f"It is written {function.usage}.", name.at)
        return Call(name.text, tuple(arguments), name.at)


def _bare(name: str) -> str:
    if name in FUNCTIONS:
        return f"It is written {FUNCTIONS[name].usage}."
    return f"Is {name} a question? Write ${{{name}}}. Is it a text? Write '{name}'."


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
