"""A row's `parameters` and `default`: what they say, and whether the row's type has them."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from dialogs.forms.choices import CHOICES
from dialogs.forms.complaints import figure, instead, quoted
from dialogs.forms.model import CANT_SAY, TEXT_LIMIT, Choice, Parameters, Row, Type
from dialogs.forms.reading import Reader, whole
from dialogs.screens import Own, Say, units

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.forms.answers import Answer
    from dialogs.forms.nodes import Node

TEXT_MOST: Final = 3000  # UTF-16 units; with the question it still fits one message
STEPS: Final = 11

_HAS: Final[Mapping[Type, tuple[str, ...]]] = {
    Type.RANGE: ("start", "end", "labels"),
    Type.SELECT_MULTIPLE: ("min", "max"),
    Type.TEXT: ("limit",),
}
_DECIMAL: Final = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,9})?")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def parameters(
    reader: Reader, node: Node | None, kind: Type, row: str, line: int
) -> tuple[Parameters, str]:
    """What `parameters` says, and the name of the list that labels a range's steps or ''."""
    given = _given(reader, node, kind, row)
    labels = given.pop("labels", "")
    numbers: dict[str, int] = {}
    for name, value in given.items():
        number = whole(value)
        if number is None:
            reader.say(line, row, Say("complaint.parameter_whole", {"name": Own(name)}))
        else:
            numbers[name] = number
    wrong = _wrong(kind, numbers)
    if wrong is not None:
        reader.say(line, row, wrong)
        return Parameters(), labels
    made = Parameters(
        start=numbers.get("start"),
        end=numbers.get("end"),
        minimum=numbers.get("min"),
        maximum=numbers.get("max"),
        limit=numbers.get("limit"),
    )
    return made, labels


def _given(reader: Reader, node: Node | None, kind: Type, row: str) -> dict[str, str]:
    """`parameters` cut into names and values; only those the type has."""
    if node is None:
        return {}
    allowed = _HAS[kind]
    given: dict[str, str] = {}
    for part in reader.scalar(node, row, Own("parameters")).split():
        name, _, value = part.partition("=")
        if not value:
            said = Say("complaint.parameter_written", {"part": quoted(part)})
            reader.say(node.line, row, said)
        elif name not in allowed:
            strange = {"type": Own(kind.value), "name": quoted(name)}
            wrong = Say("complaint.no_parameter", strange)
            reader.say(node.line, row, instead(wrong, name, allowed))
        elif name in given:
            reader.say(node.line, row, Say("complaint.parameter_twice", {"name": Own(name)}))
        else:
            given[name] = value
    return given


def _wrong(kind: Type, numbers: Mapping[str, int]) -> Say | None:
    """What is wrong with the numbers together."""
    start, end = numbers.get("start"), numbers.get("end")
    if kind is Type.RANGE:
        if start is None or end is None:
            return Say("complaint.range_needs")
        if start >= end:
            turned = {"start": figure(start), "end": figure(end)}
            return Say("complaint.range_order", turned)
        if end - start >= STEPS:
            return Say("complaint.range_steps", {"most": figure(STEPS)})
    least, most = numbers.get("min", 1), numbers.get("max", CHOICES)
    if not (1 <= least <= CHOICES and 1 <= most <= CHOICES):
        return Say("complaint.min_and_max", {"most": figure(CHOICES)})
    if least > most:
        crossed = {"least": figure(least), "most": figure(most)}
        return Say("complaint.min_over_max", crossed)
    if not 1 <= numbers.get("limit", TEXT_LIMIT) <= TEXT_MOST:
        return Say("complaint.limit_between", {"most": figure(TEXT_MOST)})
    return None


def mislabelled(span: Parameters, labels: tuple[Choice, ...]) -> tuple[str, ...]:
    """The names among a range's labels that are neither a step's nor `CANT_SAY`."""
    if span.start is None or span.end is None:
        return ()
    steps = {str(step) for step in range(span.start, span.end + 1)} | {CANT_SAY}
    return tuple(choice.name for choice in labels if choice.name not in steps)


def default(row: Row, text: str) -> Answer:
    """The answer that `default` means, None where it is no answer to this row."""
    names = [choice.name for choice in row.choices]
    match row.type:
        case Type.SELECT_ONE if text in names:
            return text
        case Type.SELECT_MULTIPLE:
            return _default_set(row, text.split())
        case Type.RANGE:
            return _default_step(row, text)
        case Type.TEXT if 0 < units(text) <= row.limit:
            return text
        case Type.INTEGER:
            return whole(text)
        case Type.DECIMAL if _DECIMAL.fullmatch(text):
            return Decimal(text)
        case Type.DATE if _DAY.fullmatch(text):
            return _day(text)
    return None


def _default_set(row: Row, chosen: list[str]) -> Answer:
    alone = any(choice.exclusive and choice.name in chosen for choice in row.choices)
    least, most = row.parameters.minimum or 1, row.parameters.maximum or CHOICES
    right = len(chosen) == 1 if alone else least <= len(chosen) <= most
    names = [choice.name for choice in row.choices]
    if not right or len(set(chosen)) < len(chosen) or not set(chosen) <= set(names):
        return None
    return tuple(name for name in names if name in chosen)


def _default_step(row: Row, text: str) -> Answer:
    if text == CANT_SAY and any(choice.name == CANT_SAY for choice in row.choices):
        return CANT_SAY
    start, end, step = row.parameters.start, row.parameters.end, whole(text)
    if start is None or end is None or step is None:
        return None
    return step if start <= step <= end else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
