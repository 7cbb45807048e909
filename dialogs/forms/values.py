"""What the parts of an expression come to: values, how they change into each other, and functions.

The rules are XPath 1.0's, which XLSForm stands on, with these few besides:

- An unanswered or skipped question is ''; as a number '' is NaN, and nothing is equal to NaN, less
  or greater. A `select_multiple` is its names with spaces between. `acknowledge` is true.
- Numbers are decimal, 28 digits, so that 0.1 + 0.2 = 0.3. Dividing by zero gives NaN.
- A date as a number is the count of days since 1 January 1970; beside a date a text is read as one.

Nothing here raises, hangs or logs, whatever the values: arithmetic gives NaN where it has no
result, and patterns run on a linear-time engine with little memory.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_DOWN, ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING, Final

import re2

from dialogs.forms.complaints import quoted
from dialogs.screens import Own, Say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dialogs.forms.answers import Answer

Value = str | Decimal | bool | date
"""What an expression comes to. Every value is also an `Answer`, so a calculation can be kept."""

# No traps: what has no result is NaN, what is too large is Infinity. The small exponents keep a
# number's text short.
_CONTEXT: Final = Context(prec=28, Emin=-308, Emax=308, traps=[])
_NAN: Final = Decimal("NaN")
_SIGNED: Final = re.compile(r"\s*-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\s*")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EPOCH: Final = date(1970, 1, 1).toordinal()


def numeral(digits: str) -> Decimal:
    """The number a numeral means, within 28 digits; beyond 10^308 it is Infinity."""
    return _CONTEXT.create_decimal(digits)


def known(answer: Answer) -> Value:
    """An answer as a value; None is ''."""
    match answer:
        case None:
            return ""
        case bool() | str() | date():
            return answer
        case tuple():
            return " ".join(answer)
    return _CONTEXT.create_decimal(answer)


def boolean(value: Value) -> bool:
    """XPath's boolean(): a text that is not empty, a number that is neither zero nor NaN."""
    match value:
        case bool() | str():
            return bool(value)
        case Decimal():
            return not (value.is_nan() or value.is_zero())
    return True


def number(value: Value) -> Decimal:
    """XPath's number(); a date is the count of its days since 1 January 1970."""
    match value:
        case bool():
            return Decimal(value)
        case Decimal():
            return value
        case date():
            return Decimal(value.toordinal() - _EPOCH)
    return _CONTEXT.create_decimal(value.strip()) if _SIGNED.fullmatch(value) else _NAN


def string(value: Value) -> str:
    """XPath's string(): no exponents, no needless zeros; a date as 2026-02-08."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
    if not value.is_finite():
        return str(value)
    return "0" if value.is_zero() else format(value.normalize(_CONTEXT), "f")


def day(value: Value) -> date | None:
    """The date that a value names, or None: '2026-02-08', or a count of days since 1970."""
    try:
        match value:
            case date():
                return value
            case str() if _DAY.fullmatch(value):
                return date.fromisoformat(value)
            case Decimal() if value.is_finite():
                return date.fromordinal(_EPOCH + int(value))
    except (ValueError, OverflowError):
        pass  # 30 February, or a year no calendar has
    return None


def _dated(value: Value) -> Value:
    found = day(value)
    return "" if found is None else found


def negated(value: Value) -> Value:
    return _CONTEXT.minus(number(value))


def operated(operator: str, left: Value, right: Value) -> Value:
    """One operator on two values."""
    match operator:
        case "and":
            return boolean(left) and boolean(right)
        case "or":
            return boolean(left) or boolean(right)
        case "=":
            return _equal(left, right)
        case "!=":
            return not _equal(left, right)
        case "<" | "<=" | ">" | ">=":
            return _ordered(operator, *_quantities(left, right))
    return _ARITHMETIC[operator](number(left), number(right))


# XPath gives Infinity for 1 div 0; here it is NaN, so that no comparison with it holds.
_ARITHMETIC: Final[Mapping[str, Callable[[Decimal, Decimal], Decimal]]] = {
    "+": _CONTEXT.add,
    "-": _CONTEXT.subtract,
    "*": _CONTEXT.multiply,
    "div": lambda a, b: _NAN if b.is_zero() else _CONTEXT.divide(a, b),
    "mod": lambda a, b: _NAN if b.is_zero() else _CONTEXT.remainder(a, b),
}


def _equal(left: Value, right: Value) -> bool:
    """XPath 1.0, section 3.4: a boolean beside anything compares as booleans, then a number as
    numbers; a date as dates."""
    if isinstance(left, bool) or isinstance(right, bool):
        return boolean(left) == boolean(right)
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    first, second = _quantities(left, right)
    return not (first.is_nan() or second.is_nan()) and first == second


def _ordered(operator: str, left: Decimal, right: Decimal) -> bool:
    if left.is_nan() or right.is_nan():
        return False
    if left == right:
        return operator in ("<=", ">=")
    return (left < right) == (operator in ("<", "<="))


def _quantities(left: Value, right: Value) -> tuple[Decimal, Decimal]:
    """Both as numbers; a text beside a date is read as a date."""
    if isinstance(left, date) and isinstance(right, str):
        right = _dated(right)
    elif isinstance(right, date) and isinstance(left, str):
        left = _dated(left)
    return number(left), number(right)


@dataclass(frozen=True, slots=True)
class Function:
    example: str  # for whoever wrote it wrongly, whatever their language
    least: int  # arguments
    most: int
    call: Callable[[Sequence[Value], date], Value]


def _rounded(value: Decimal, places: Decimal) -> Decimal:
    """XPath's round(): a half goes up, towards the greater number."""
    if places.is_nan():
        return _NAN
    step = Decimal(1).scaleb(-int(max(Decimal(-28), min(Decimal(28), places))))
    direction = ROUND_HALF_DOWN if value.is_signed() else ROUND_HALF_UP
    rounded = value.quantize(step, direction, Context(prec=700, traps=[]))
    return value if rounded.is_nan() else _CONTEXT.plus(rounded)


_REGEX_OPTIONS: Final = re2.Options()
_REGEX_OPTIONS.log_errors = False  # a pattern may stand beside an answer, and neither is logged
_REGEX_OPTIONS.max_mem = 1 << 20


def pattern_fault(pattern: str) -> Say | None:
    """What the engine has against a pattern."""
    try:
        re2.compile(pattern, _REGEX_OPTIONS)
    except re2.error as refused:
        reason = refused.args[0]
        told = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
        what, _, piece = told.partition(": ")  # such as "missing ]: [a-z"
        if what in ("missing ]", "missing )"):
            return Say("complaint.pattern_open", {"sign": Own(what[-1])})
        return Say("complaint.pattern_wrong", {"piece": quoted(piece or pattern)})
    except UnicodeEncodeError:  # half a character
        return Say("complaint.pattern_wrong", {"piece": quoted(pattern)})
    return None


def _matches(text: str, pattern: str) -> bool:
    """Whether the whole of `text` fits (RE2's syntax); a pattern that is none fits nothing."""
    try:
        return re2.compile(pattern, _REGEX_OPTIONS).fullmatch(text) is not None
    except (re2.error, UnicodeEncodeError):
        return False


_ANY_NUMBER: Final = 1000

FUNCTIONS: Final[Mapping[str, Function]] = {
    "selected": Function(
        "selected(${services}, 'dental')",
        2,
        2,
        lambda a, _: string(a[1]).strip() in string(a[0]).split(),
    ),
    "count-selected": Function(
        "count-selected(${services})", 1, 1, lambda a, _: Decimal(len(string(a[0]).split()))
    ),
    "string-length": Function(
        "string-length(${why})", 1, 1, lambda a, _: Decimal(len(string(a[0])))
    ),
    "regex": Function(
        "regex(${phone}, '[0-9]+')", 2, 2, lambda a, _: _matches(string(a[0]), string(a[1]))
    ),
    "if": Function(
        "if(${age} > 17, 'yes', 'no')", 3, 3, lambda a, _: a[1] if boolean(a[0]) else a[2]
    ),
    "coalesce": Function(
        "coalesce(${first}, ${second})",
        2,
        _ANY_NUMBER,
        lambda a, _: next((value for value in a if string(value) != ""), ""),
    ),
    "concat": Function(
        "concat('a', 'b')", 1, _ANY_NUMBER, lambda a, _: "".join(string(value) for value in a)
    ),
    "today": Function("today()", 0, 0, lambda _, today: today),
    "int": Function(
        "int(2.5)", 1, 1, lambda a, _: number(a[0]).to_integral_value(ROUND_DOWN, _CONTEXT)
    ),
    "number": Function("number('2.5')", 1, 1, lambda a, _: number(a[0])),
    "round": Function(
        "round(2.456, 2)",
        1,
        2,
        lambda a, _: _rounded(number(a[0]), number(a[1]) if len(a) == 2 else Decimal(0)),
    ),
    "date": Function("date('2026-02-08')", 1, 1, lambda a, _: _dated(a[0])),
    "true": Function("true()", 0, 0, lambda _, __: True),
    "false": Function("false()", 0, 0, lambda _, __: False),
    "not": Function("not(${age} > 17)", 1, 1, lambda a, _: not boolean(a[0])),
}
"""Every function of XLSForm's that a form may use."""
