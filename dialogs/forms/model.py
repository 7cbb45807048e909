"""A form: a survey or an application, in XLSForm's vocabulary.

A form is read once by `loader`, judged by `check`, and then never changes. Groups are dissolved on
reading: each question carries the conditions of the groups around it, so that everything after
reading walks one flat list of rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from dialogs.forms.answers import Answer
    from dialogs.forms.expressions import Expression
    from dialogs.languages import Text


class Kind(StrEnum):
    SURVEY = "survey"
    APPLICATION = "application"


class Audience(StrEnum):
    EVERYONE = "everyone"
    MEMBERS = "members"


class Type(StrEnum):
    """The types of a row, as XLSForm names them."""

    NOTE = "note"
    SELECT_ONE = "select_one"
    SELECT_MULTIPLE = "select_multiple"
    RANGE = "range"
    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    ACKNOWLEDGE = "acknowledge"
    CALCULATE = "calculate"


class Role(StrEnum):
    """Our own column: what a question is for, beyond its type."""

    BACKGROUND = "background"  # coarse facts about the person; counted in cells by the checker
    CONTACT = "contact"  # a phone number or an e-mail address, checked as such
    GATE = "gate"  # may end the conversation, kindly: see `Row.ends`


CANT_SAY: Final = "cant_say"
"""The name, in a range's list of labels, of the answer "I can't say"."""

OFFICE_LISTS: Final = ("municipalities", "areas", "age_bands")
"""Lists that come from the office's file; a form names them and does not define them."""

TEXT_LIMIT: Final = 1000
"""How long an open answer may be, in UTF-16 units, unless its row says otherwise."""


K: Final = 10
"""How many responses are mixed together at least, unless the form says otherwise."""


@dataclass(frozen=True, slots=True)
class Choice:
    name: str
    label: Text
    exclusive: bool = False  # "none of these": chosen alone


@dataclass(frozen=True, slots=True)
class Parameters:
    """A row's `parameters`, such as "start=1 end=5 labels=agreement"; what a type does not use is
    None."""

    start: int | None = None  # range: the lowest step
    end: int | None = None  # range: the highest step
    minimum: int | None = None  # select_multiple: at least so many
    maximum: int | None = None  # select_multiple: at most so many
    limit: int | None = None  # text: UTF-16 units


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a form's `survey` part: a question, a note or a calculation."""

    type: Type
    name: str
    line: int  # in the file, from 1; 0 when made in code
    label: Text = field(default_factory=dict)
    hint: Text = field(default_factory=dict)
    required: bool = False
    relevant: Expression | None = None  # its own condition and those of its groups, joined by `and`
    constraint: Expression | None = None
    constraint_message: Text = field(default_factory=dict)
    calculation: Expression | None = None
    default: Answer = None
    choices: tuple[Choice, ...] = ()  # of a select; of a range: the labels of its steps
    parameters: Parameters = Parameters()
    role: Role | None = None
    ends: Expression | None = None  # a gate: when true of the answer, the conversation ends
    end_text: Text = field(default_factory=dict)  # a gate: the kind words it ends with
    long_list: bool = False  # its choices are paged and can be typed

    @property
    def asks(self) -> bool:
        """Whether this row is a question, one that counts in "4/9"."""
        return self.type not in (Type.NOTE, Type.CALCULATE)

    @property
    def limit(self) -> int:
        """How long a text may be, in UTF-16 units."""
        return TEXT_LIMIT if self.parameters.limit is None else self.parameters.limit


@dataclass(frozen=True, slots=True)
class Form:
    name: str  # [a-z][a-z0-9_]*, at most 24 characters: it travels in every button
    version: str
    kind: Kind
    title: Text
    intro: Text  # what it is for, who reads the answers, what becomes of them
    languages: tuple[str, ...]
    audience: Audience
    responses_per_chat: int
    k: int  # so many responses come out of the mix together, at least
    rows: tuple[Row, ...]

    def row(self, name: str) -> Row:
        """The row called `name`. Raises KeyError where there is none."""
        for row in self.rows:
            if row.name == name:
                return row
        raise KeyError(name)
