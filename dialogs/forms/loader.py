"""From a form's YAML to a form: columns, names, types, texts, groups.

Nothing stops at a mistake: each is noted with its line, something harmless is put in its place, and
reading goes on, so that the officer learns of all of them at once. Nothing raises, whatever the
text. What can be judged only on the whole form is `check`'s.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, TypeVar

from dialogs.forms.check import Complaint, Written, judge, marked, units
from dialogs.forms.expressions import Expression, Malformed, both, parse
from dialogs.forms.model import (
    CANT_SAY,
    OFFICE_LISTS,
    TEXT_LIMIT,
    Answer,
    Audience,
    Choice,
    Form,
    Kind,
    Parameters,
    Role,
    Row,
    Type,
)
from dialogs.forms.nodes import Items, Node, Scalar, Table, Unreadable, compose
from dialogs.languages import LANGUAGES, Text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

__all__ = ["Complaint", "read"]

TITLE: Final = 60  # UTF-16 units, as all lengths here
INTRO: Final = 420
BUTTON: Final = 60
MESSAGE: Final = 400  # a constraint's: it stands on the card, above the question
END_TEXT: Final = 3000
TEXT_MOST: Final = 3000
ROWS: Final = 200
CHOICES: Final = 200
STEPS: Final = 11
GROUPS: Final = 8  # inside each other
LONG: Final = 12  # a list over this is paged and can be typed
WEAK_K: Final = 5

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,23}")
_CHOICE_NAME: Final = re.compile(r"[a-z0-9_-]{1,24}")
_WHOLE: Final = re.compile(r"-?[0-9]{1,9}")
_DECIMAL: Final = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,9})?")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YES_NO: Final = {"yes": True, "true": True, "no": False, "false": False}

_SETTINGS: Final = (
    "name",
    "version",
    "kind",
    "title",
    "intro",
    "languages",
    "audience",
    "responses_per_chat",
    "k",
)
_SELECTS: Final = (Type.SELECT_ONE, Type.SELECT_MULTIPLE)
_QUESTIONS: Final = frozenset(Type) - {Type.NOTE, Type.CALCULATE}
# Which types have a column. `type`, `name` and `relevant` every row has.
_COLUMNS: Final[Mapping[str, frozenset[Type]]] = {
    "type": frozenset(Type),
    "name": frozenset(Type),
    "label": frozenset(Type) - {Type.CALCULATE},
    "hint": frozenset(Type) - {Type.CALCULATE},
    "required": _QUESTIONS,
    "relevant": frozenset(Type),
    "constraint": _QUESTIONS,
    "constraint_message": _QUESTIONS,
    # A consent given beforehand is none (GDPR, recital 32).
    "default": _QUESTIONS - {Type.ACKNOWLEDGE},
    "parameters": frozenset({Type.RANGE, Type.SELECT_MULTIPLE, Type.TEXT}),
    "calculation": frozenset({Type.CALCULATE}),
    "role": _QUESTIONS,
    "ends": _QUESTIONS,
    "end_text": _QUESTIONS,
}
_GROUP_COLUMNS: Final = ("type", "name", "relevant")
_PARAMETERS: Final[Mapping[Type, tuple[str, ...]]] = {
    Type.RANGE: ("start", "end", "labels"),
    Type.SELECT_MULTIPLE: ("min", "max"),
    Type.TEXT: ("limit",),
}

Named = TypeVar("Named", Kind, Audience, Role)


def read(
    source: str, lists: Mapping[str, tuple[Choice, ...]]
) -> tuple[Form | None, tuple[Complaint, ...]]:
    """The form that `source` is, and every complaint about it, by line.

    `lists` are the office's (`model.OFFICE_LISTS`). The form is None where any complaint is an
    error. Never raises.
    """
    try:
        root = compose(source)
    except Unreadable as unreadable:
        return None, (Complaint(unreadable.line, "", unreadable.sentence),)
    reading = _Reading(lists)
    form = reading.form(root)
    complaints = sorted(dict.fromkeys(reading.complaints), key=lambda complaint: complaint.line)
    wrong = any(complaint.error for complaint in complaints)
    return None if wrong else form, tuple(complaints)


@dataclass
class _Group:
    name: str
    line: int
    relevant: Written | None  # its own or, where it has none, that of the group around
    rows: int = 0


@dataclass
class _Row:
    """A row while it is read."""

    columns: Mapping[str, Node]
    line: int
    name: str = ""


@dataclass
class _Reading:
    office: Mapping[str, tuple[Choice, ...]]
    complaints: list[Complaint] = field(default_factory=list)
    languages: tuple[str, ...] = LANGUAGES
    lists: dict[str, tuple[Choice, ...]] = field(default_factory=dict)
    used: dict[str, str] = field(default_factory=dict)  # the list of each row that has one
    labels: set[str] = field(default_factory=set)  # lists that label a range
    names: dict[str, int] = field(default_factory=dict)  # of rows and groups, and their lines
    broken: set[str] = field(default_factory=set)
    groups: list[_Group] = field(default_factory=list)  # open ones, the innermost last
    group_names: set[str] = field(default_factory=set)
    rows: list[Row] = field(default_factory=list)
    written: list[Written] = field(default_factory=list)

    # ------------------------------------------------------------------------------ whole form

    def form(self, root: Node) -> Form:
        parts = self.table(root, "", ("settings", "survey", "choices"), "part of a form")
        for part in ("settings", "survey"):
            if part not in parts:
                self.say(root.line, "", f"{part} is missing.")
        settings = self.table(parts.get("settings", Table((), root.line)), "", _SETTINGS, "setting")
        self.languages = self.language_codes(settings.get("languages"))
        lists = parts.get("choices")
        if lists is not None:
            self.choice_lists(lists)
        form = self.settings(settings, root.line)
        if (survey := parts.get("survey")) is not None:
            self.survey(survey)
        form = replace(form, rows=tuple(self.rows))
        self.complaints += judge(
            form,
            self.written,
            lists=self.used,
            groups=self.group_names,
            broken=self.broken,
        )
        if lists is not None:
            self.unused(lists)
        return form

    def settings(self, settings: Mapping[str, Node], line: int) -> Form:
        for name in ("name", "version", "kind", "title", "intro"):
            if name not in settings:
                self.say(line, "", f"settings: {name} is missing.")
        kind = self.named(settings.get("kind"), "", "kind", Kind) or Kind.SURVEY
        audience = self.named(settings.get("audience"), "", "audience", Audience)
        if kind is Kind.APPLICATION and audience is Audience.MEMBERS:
            self.say(settings["audience"].line, "", "Members have applied already: everyone.")
        k = self.setting(settings, "k", 10, 1000)
        if k < WEAK_K:
            weak = f"k: mixing fewer than {WEAK_K} responses hardly hides whose they are."
            self.say(settings["k"].line, "", weak, error=False)
        return Form(
            name=self.name(settings.get("name"), "", line),
            version=self.scalar(settings.get("version"), "", "version"),
            kind=kind,
            title=self.text(settings.get("title"), "", "title", TITLE),
            intro=self.text(settings.get("intro"), "", "intro", INTRO),
            languages=self.languages,
            audience=audience or Audience.EVERYONE,
            responses_per_chat=self.setting(settings, "responses_per_chat", 1, 20),
            k=k,
            rows=(),
        )

    def setting(self, settings: Mapping[str, Node], name: str, default: int, most: int) -> int:
        node = settings.get(name)
        if node is None:
            return default
        value = _whole(self.scalar(node, "", name))
        if value is None or not 1 <= value <= most:
            self.say(node.line, "", f"{name} is a whole number from 1 to {most}.")
            return default
        return value

    def language_codes(self, node: Node | None) -> tuple[str, ...]:
        if node is None:
            return LANGUAGES
        codes = [self.scalar(item, "", "languages") for item in self.items(node, "", "languages")]
        if not codes or set(codes) - set(LANGUAGES) or len(set(codes)) < len(codes):
            self.say(node.line, "", f"languages are among {', '.join(LANGUAGES)}, each once.")
            return LANGUAGES
        if missing := [code for code in LANGUAGES if code not in codes]:
            alone = f"languages: whoever speaks {' or '.join(missing)} is served in another."
            self.say(node.line, "", alone, error=False)
        return tuple(code for code in LANGUAGES if code in codes)

    def choice_lists(self, node: Node) -> None:
        lists = self.table(node, "", None, "list")
        for name, items in lists.items():
            if name in OFFICE_LISTS:
                self.say(items.line, "", f"choices: {name} comes from the office's file.")
            elif not _NAME.fullmatch(name):
                self.say(items.line, "", f"choices: {_SPELLING.format(name)}")
            self.lists[name] = self.choice_list(name, items)

    def choice_list(self, of: str, node: Node) -> tuple[Choice, ...]:
        choices: dict[str, Choice] = {}
        items = self.items(node, of, "choices")
        if not items or len(items) > CHOICES:
            self.say(node.line, of, f"A list has at least one choice and at most {CHOICES}.")
        labels: dict[tuple[str, str], str] = {}
        for item in items[:CHOICES]:
            columns = self.table(item, of, ("name", "label", "exclusive"), "column of a choice")
            name = self.scalar(columns.get("name"), of, "name")
            if not _CHOICE_NAME.fullmatch(name):
                self.say(
                    item.line,
                    of,
                    f"A choice's name is at most 24 of a-z, 0-9, _ and -; {name!r} is not.",
                )
            elif name in choices:
                self.say(item.line, of, f"The list has a choice {name} already.")
            label = self.text(columns.get("label"), of, f"label of {name}", BUTTON, item.line)
            for language, text in label.items():
                other = labels.setdefault((language, text.casefold()), name)
                if other != name:
                    self.say(item.line, of, f"In {language} {name} reads the same as {other}.")
            exclusive = self.yes_no(columns.get("exclusive"), of, "exclusive")
            choices[name] = Choice(name, label, exclusive)
        return tuple(choices.values())

    def unused(self, lists: Node) -> None:
        for name in self.lists:
            if name not in self.used.values() and name not in self.labels:
                line = next(
                    (key.line for key, _ in getattr(lists, "pairs", ()) if key.text == name), 1
                )
                self.say(line, name, f"No row uses the list {name}.", error=False)

    # ------------------------------------------------------------------------------------ rows

    def survey(self, node: Node) -> None:
        items = self.items(node, "", "survey")
        if len(items) > ROWS:
            self.say(items[ROWS].line, "", f"A form has room for {ROWS} rows.")
        for item in items[:ROWS]:
            self.item(item)
        for group in self.groups:
            self.say(group.line, group.name, "This group is never closed: end_group is missing.")
        if not any(row.asks for row in self.rows) and not self.broken:
            self.say(node.line, "", "The form asks nothing: a question is missing.")

    def item(self, node: Node) -> None:
        columns = self.table(node, "", None, "column")
        if not columns:
            return
        row = _Row(columns, node.line)
        raw = columns.get("name")
        row.name = raw.text if isinstance(raw, Scalar) else ""
        if "type" not in columns:
            self.say(node.line, row.name, "type is missing.")
            self.broken.add(row.name)
            return
        kind, _, rest = self.scalar(columns["type"], row.name, "type").partition(" ")
        if kind == "end_group":
            self.known(row, _GROUP_COLUMNS)
            self.end_group(row)
            return
        self.rename(row)
        if kind == "begin_group":
            self.known(row, _GROUP_COLUMNS)
            self.begin_group(row)
        elif kind in tuple(Type):
            self.known(row, _COLUMNS)
            self.row(row, Type(kind), rest.strip())
        else:
            types = (*Type, "begin_group", "end_group")
            self.say(
                columns["type"].line, row.name, f"There is no type {kind!r}{_near(kind, types)}"
            )
            self.broken.add(row.name)

    def known(self, row: _Row, columns: Collection[str]) -> None:
        for name, node in row.columns.items():
            if name not in columns:
                wrong = f"There is no column {name!r} here{_near(name, columns)}"
                self.say(node.line, row.name, wrong)

    def rename(self, row: _Row) -> None:
        node = row.columns.get("name")
        row.name = self.name(node, row.name, row.line)
        if row.name in self.names:
            first = self.names[row.name]
            self.say(row.line, row.name, f"{row.name} is the name of line {first} already.")
        elif row.name:
            self.names[row.name] = row.line

    def begin_group(self, row: _Row) -> None:
        self.group_names.add(row.name)
        around = self.groups[-1].relevant if self.groups else None
        relevant = self.relevant(row)
        if len(self.groups) == GROUPS:
            self.say(row.line, row.name, f"No more than {GROUPS} groups inside each other.")
        # One too deep is counted, so that its end finds it, and its condition is let go.
        deep = len(self.groups) >= GROUPS
        self.groups.append(_Group(row.name, row.line, around if deep else relevant or around))

    def end_group(self, row: _Row) -> None:
        if not self.groups:
            self.say(row.line, row.name, "This ends a group that never began.")
            return
        group = self.groups.pop()
        if row.name and row.name != group.name:
            self.say(row.line, row.name, f"The group that ends here is {group.name}.")
        if not group.rows:
            self.say(group.line, group.name, "Nothing stands in this group.")

    def row(self, row: _Row, kind: Type, rest: str) -> None:
        for group in self.groups:
            group.rows += 1
        for column in row.columns:
            if column in _COLUMNS and kind not in _COLUMNS[column]:
                line = row.columns[column].line
                self.say(line, row.name, f"{kind.value} has no {column}.")
        columns = {
            name: node for name, node in row.columns.items() if kind in _COLUMNS.get(name, ())
        }
        parameters, choices = self.parameters(row, columns.get("parameters"), kind)
        if kind in _SELECTS:
            choices = self.choices_of(row, rest)
        elif rest:
            self.say(row.line, row.name, f"{kind.value} takes nothing after it, and {rest!r} does.")
        relevant = self.relevant(row)
        around = self.groups[-1].relevant if self.groups else None
        condition = relevant or around
        role = self.named(columns.get("role"), row.name, "role", Role)
        made = Row(
            type=kind,
            name=row.name,
            line=row.line,
            label=self.label(row, columns, kind),
            hint=self.optional(columns.get("hint"), row.name, "hint"),
            required=self.yes_no(columns.get("required"), row.name, "required"),
            relevant=None if condition is None else condition.whole,
            constraint=self.expression(row, columns, "constraint"),
            constraint_message=self.optional(
                columns.get("constraint_message"), row.name, "constraint_message", MESSAGE
            ),
            calculation=self.expression(row, columns, "calculation"),
            choices=choices,
            parameters=parameters,
            role=role,
            ends=self.expression(row, columns, "ends"),
            end_text=self.optional(columns.get("end_text"), row.name, "end_text", END_TEXT),
            long_list=kind in _SELECTS and len(choices) > LONG,
        )
        self.pairs(row, columns, kind, role)
        self.rows.append(replace(made, default=self.default(made, columns.get("default"))))

    def label(self, row: _Row, columns: Mapping[str, Node], kind: Type) -> Text:
        if kind is Type.CALCULATE:
            return {}
        return self.text(columns.get("label"), row.name, "label", None, row.line)

    def pairs(self, row: _Row, columns: Mapping[str, Node], kind: Type, role: Role | None) -> None:
        """Columns that need each other."""
        if kind is Type.CALCULATE and "calculation" not in columns:
            self.say(row.line, row.name, "calculation is missing.")
        if "constraint" in columns and "constraint_message" not in columns:
            self.say(row.line, row.name, "constraint_message is missing: say what is expected.")
        if "constraint_message" in columns and "constraint" not in columns:
            self.say(row.line, row.name, "There is a constraint_message and no constraint.")
        for column in ("ends", "end_text"):
            if role is Role.GATE and column not in columns:
                self.say(row.line, row.name, f"A gate needs {column}.")
            if role is not Role.GATE and column in columns:
                self.say(columns[column].line, row.name, f"Only role: gate has {column}.")

    def choices_of(self, row: _Row, name: str) -> tuple[Choice, ...]:
        if not name:
            self.say(row.line, row.name, "The name of a list is missing after the type.")
            return ()
        self.used[row.name] = name
        return self.list_called(row, name)

    def list_called(self, row: _Row, name: str) -> tuple[Choice, ...]:
        if name in OFFICE_LISTS and not self.office.get(name):
            self.say(row.line, row.name, f"The office's file gives no list {name}.")
        elif name not in self.lists and name not in OFFICE_LISTS:
            there = (*self.lists, *OFFICE_LISTS)
            self.say(row.line, row.name, f"There is no list {name!r}{_near(name, there)}")
        return self.office.get(name, ()) if name in OFFICE_LISTS else self.lists.get(name, ())

    def parameters(
        self, row: _Row, node: Node | None, kind: Type
    ) -> tuple[Parameters, tuple[Choice, ...]]:
        """A row's parameters, and the labels of a range's steps."""
        given = self.given(row, node, kind)
        numbers: dict[str, int] = {}
        for name, value in given.items():
            number = _whole(value)
            if number is not None:
                numbers[name] = number
            elif name != "labels":
                self.say(row.line, row.name, f"parameters: {name} is a whole number.")
        match kind:
            case Type.RANGE:
                return self.range_of(row, numbers, given)
            case Type.SELECT_MULTIPLE:
                return self.bounds(row, numbers), ()
            case Type.TEXT:
                limit = numbers.get("limit", TEXT_LIMIT)
                if not 1 <= limit <= TEXT_MOST:
                    self.say(row.line, row.name, f"parameters: limit is from 1 to {TEXT_MOST}.")
                    return Parameters(), ()
                return Parameters(limit=numbers.get("limit")), ()
        return Parameters(), ()

    def given(self, row: _Row, node: Node | None, kind: Type) -> dict[str, str]:
        """`parameters` cut into names and values; only those the type has."""
        allowed = _PARAMETERS.get(kind, ())
        given: dict[str, str] = {}
        for part in self.scalar(node, row.name, "parameters").split() if node else ():
            name, equals, value = part.partition("=")
            if not equals or not value:
                self.say(row.line, row.name, f"parameters are written name=value; {part!r} is not.")
            elif name not in allowed:
                wrong = f"{kind.value} has no parameter {name!r}{_near(name, allowed)}"
                self.say(row.line, row.name, wrong)
            elif name in given:
                self.say(row.line, row.name, f"parameters: {name} is given twice.")
            else:
                given[name] = value
        return given

    def range_of(
        self, row: _Row, numbers: Mapping[str, int], given: Mapping[str, str]
    ) -> tuple[Parameters, tuple[Choice, ...]]:
        labels: tuple[Choice, ...] = ()
        if "labels" in given:
            self.labels.add(given["labels"])
            labels = self.list_called(row, given["labels"])
        start, end = numbers.get("start"), numbers.get("end")
        if start is None or end is None:
            self.say(row.line, row.name, 'A range needs parameters: "start=1 end=5".')
        elif start >= end:
            self.say(row.line, row.name, f"A range starts below its end; {start} and {end} do not.")
        elif end - start >= STEPS:
            self.say(row.line, row.name, f"A range has at most {STEPS} steps.")
        else:
            steps = {str(step) for step in range(start, end + 1)} | {CANT_SAY}
            for choice in labels:
                if choice.name not in steps:
                    wrong = f"{choice.name!r} is the label of no step from {start} to {end}."
                    self.say(row.line, row.name, wrong)
            return Parameters(start=start, end=end), labels
        return Parameters(), labels

    def bounds(self, row: _Row, numbers: Mapping[str, int]) -> Parameters:
        least, most = numbers.get("min"), numbers.get("max")
        for name, number in (("min", least), ("max", most)):
            if number is not None and not 1 <= number <= CHOICES:
                self.say(row.line, row.name, f"parameters: {name} is at least 1.")
                return Parameters()
        if least is not None and most is not None and least > most:
            self.say(row.line, row.name, f"parameters: min={least} is more than max={most}.")
            return Parameters()
        return Parameters(minimum=least, maximum=most)

    def default(self, row: Row, node: Node | None) -> Answer:
        if node is None:
            return None
        text = self.scalar(node, row.name, "default")
        answer = _default(row, text)
        if answer is None:
            self.say(node.line, row.name, f"The default {text!r} is no answer to this question.")
        return answer

    # ----------------------------------------------------------------------------- expressions

    def relevant(self, row: _Row) -> Written | None:
        """The row's own `relevant`, joined with those of the groups around; None without one."""
        expression = self.parsed(row, row.columns.get("relevant"), "relevant")
        if expression is None:
            return None
        around = self.groups[-1].relevant if self.groups else None
        written = self.note(row, "relevant", expression)
        whole = both(None if around is None else around.whole, expression)
        written = replace(written, whole=whole, within=around)
        self.written[-1] = written
        return written

    def expression(self, row: _Row, columns: Mapping[str, Node], column: str) -> Expression | None:
        expression = self.parsed(row, columns.get(column), column)
        if expression is not None:
            self.note(row, column, expression)
        return expression

    def note(self, row: _Row, column: str, expression: Expression) -> Written:
        line = row.columns[column].line
        written = Written(expression, column, row.name, line, len(self.rows))
        self.written.append(written)
        return written

    def parsed(self, row: _Row, node: Node | None, column: str) -> Expression | None:
        if node is None:
            return None
        source = self.scalar(node, row.name, column)
        try:
            expression = parse(source)
        except Malformed as malformed:
            sentence = f"{column}: {malformed.sentence}"
            self.say(node.line, row.name, sentence, excerpt=marked(source, malformed.at))
            return None
        for warning in expression.warnings:
            self.say(node.line, row.name, f"{column}: {warning}", error=False, excerpt=source)
        return expression

    # --------------------------------------------------------------------------- small things

    def say(
        self, line: int, row: str, sentence: str, *, error: bool = True, excerpt: str = ""
    ) -> None:
        self.complaints.append(Complaint(line, row, sentence, error, excerpt))

    def table(
        self, node: Node, row: str, allowed: Collection[str] | None, what: str
    ) -> dict[str, Node]:
        """The parts of a mapping by name; one given twice counts the first time."""
        if not isinstance(node, Table):
            self.say(node.line, row, f"Here names with values are expected, each a {what}.")
            return {}
        found: dict[str, Node] = {}
        for key, value in node.pairs:
            if allowed is not None and key.text not in allowed:
                wrong = f"There is no {what} {key.text!r}{_near(key.text, allowed)}"
                self.say(key.line, row, wrong)
            elif key.text in found:
                self.say(key.line, row, f"{key.text} is given twice.")
            else:
                found[key.text] = value
        return found

    def items(self, node: Node, row: str, what: str) -> tuple[Node, ...]:
        if isinstance(node, Items):
            return node.items
        self.say(node.line, row, f"{what} is a list.")
        return ()

    def scalar(self, node: Node | None, row: str, what: str) -> str:
        """A text, '' where there is none."""
        if node is None:
            return ""
        if isinstance(node, Scalar):
            if not node.text:
                self.say(node.line, row, f"{what} is empty.")
            return node.text
        self.say(node.line, row, f"{what} is a single value.")
        return ""

    def name(self, node: Node | None, row: str, line: int) -> str:
        if node is None:
            self.say(line, row, "name is missing.")
            return ""
        name = self.scalar(node, row, "name")
        if name and not _NAME.fullmatch(name):
            self.say(node.line, row, _SPELLING.format(name))
        return name

    def named(self, node: Node | None, row: str, what: str, among: type[Named]) -> Named | None:
        if node is None:
            return None
        text = self.scalar(node, row, what)
        for each in among:
            if each.value == text:
                return each
        self.say(node.line, row, f"{what} is one of {', '.join(among)}.")
        return None

    def yes_no(self, node: Node | None, row: str, what: str) -> bool:
        if node is None:
            return False
        text = self.scalar(node, row, what).casefold()
        if text not in _YES_NO:
            self.say(node.line, row, f"{what} is yes or no.")
        return _YES_NO.get(text, False)

    def optional(self, node: Node | None, row: str, what: str, most: int | None = None) -> Text:
        return {} if node is None else self.text(node, row, what, most)

    def text(self, node: Node | None, row: str, what: str, most: int | None, line: int = 0) -> Text:
        """A text in every language of the form; '' where one is missing."""
        if node is None:
            if line:
                self.say(line, row, f"{what} is missing.")
            return dict.fromkeys(self.languages, "")
        if isinstance(node, Scalar):
            spelt = ", ".join(f"{code}: …" for code in self.languages)
            self.say(node.line, row, f"{what} is written in each language: {{{spelt}}}.")
            return dict.fromkeys(self.languages, "")
        given = self.table(node, row, LANGUAGES, "language")
        texts: dict[str, str] = {}
        for language in self.languages:
            if language not in given:
                self.say(node.line, row, f"{what} is missing in {language}.")
            text = self.scalar(given.get(language), row, f"{what} in {language}")
            if most is not None and units(text) > most:
                wrong = (
                    f"{what} in {language} is {units(text)} characters; there is room for {most}."
                )
                self.say(given[language].line, row, wrong)
            texts[language] = text
        for language in given:
            if language not in self.languages:
                wrong = f"{what} is in {language}, which is not among the form's languages."
                self.say(given[language].line, row, wrong)
        return texts


_SPELLING: Final = "A name is at most 24 of a-z, 0-9 and _, a letter first; {0!r} is not."


def _near(wrong: str, right: Iterable[str]) -> str:
    """The end of a sentence about a word that is not among the right ones."""
    right = [str(each) for each in right]
    near = get_close_matches(wrong, right, 1)
    return f"; did you mean {near[0]}?" if near else f"; there are: {', '.join(right)}."


def _whole(text: str) -> int | None:
    return int(text) if _WHOLE.fullmatch(text) else None


def _default(row: Row, text: str) -> Answer:
    """The answer a default means, None where it is none."""
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
            return _whole(text)
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
    start, end, step = row.parameters.start, row.parameters.end, _whole(text)
    if text == CANT_SAY and any(choice.name == CANT_SAY for choice in row.choices):
        return CANT_SAY
    if start is None or end is None or step is None:
        return None
    return step if start <= step <= end else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
