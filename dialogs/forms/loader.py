"""From a form's YAML to a form: columns, names, types, texts, groups.

Nothing stops at a mistake: each is noted with its line, something harmless is put in its place, and
reading goes on, so that the officer learns of all of them at once. Nothing raises, whatever the
text. What can be judged only on the whole form is `check`'s.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from dialogs.forms.check import Written, judge
from dialogs.forms.choices import Lists
from dialogs.forms.complaints import Complaint, figure, instead, listed, marked, quoted
from dialogs.forms.expressions import Expression, Malformed, both, parse
from dialogs.forms.model import Audience, Choice, Form, K, Kind, Role, Row, Type
from dialogs.forms.nodes import Node, Scalar, Table, Unreadable, compose
from dialogs.forms.parameters import default, mislabelled, parameters
from dialogs.forms.reading import PART, SETTING, Reader, whole
from dialogs.languages import LANGUAGES, Text
from dialogs.screens import Joined, Own, Say

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from dialogs.forms.answers import Answer

__all__ = ["Complaint", "read"]

TITLE: Final = 60  # UTF-16 units, as all lengths here
INTRO: Final = 420
MESSAGE: Final = 400  # a constraint's: it stands on the card, above the question
END_TEXT: Final = 3000
ROWS: Final = 200
GROUPS: Final = 8  # inside each other
LONG: Final = 12  # a list over this is paged and can be typed

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
        return None, (Complaint(unreadable.line, "", unreadable.said),)
    reader = Reader()
    reading = _Reading(reader, Lists(reader, lists))
    form = reading.form(root)
    different = {repr(complaint): complaint for complaint in reader.complaints}
    complaints = sorted(different.values(), key=lambda complaint: complaint.line)
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
    reader: Reader
    lists: Lists
    used: dict[str, str] = field(default_factory=dict)  # the list of each row that has one
    names: dict[str, int] = field(default_factory=dict)  # of rows and groups, and their lines
    broken: set[str] = field(default_factory=set)
    groups: list[_Group] = field(default_factory=list)  # open ones, the innermost last
    group_names: set[str] = field(default_factory=set)
    rows: list[Row] = field(default_factory=list)
    written: list[Written] = field(default_factory=list)

    def form(self, root: Node) -> Form:
        parts = self.reader.table(root, "", ("settings", "survey", "choices"), PART)
        for part in ("settings", "survey"):
            if part not in parts:
                self.reader.say(root.line, "", Say("complaint.missing", {"what": Own(part)}))
        settings = self.reader.table(
            parts.get("settings", Table((), root.line)), "", _SETTINGS, SETTING
        )
        self.reader.languages = self.language_codes(settings.get("languages"))
        lists: dict[str, Node] = {}
        if "choices" in parts:
            lists = self.reader.table(parts["choices"], "")
        self.lists.define(lists)
        form = self.settings(settings, root.line)
        if (survey := parts.get("survey")) is not None:
            self.survey(survey)
        form = replace(form, rows=tuple(self.rows))
        self.reader.complaints += judge(
            form,
            self.written,
            lists=self.used,
            groups=self.group_names,
            broken=self.broken,
        )
        self.lists.unused(lists)
        return form

    def settings(self, settings: Mapping[str, Node], line: int) -> Form:
        for name in ("version", "kind", "title", "intro"):
            if name not in settings:
                missing = Say("complaint.missing", {"what": Own(name)})
                self.reader.say(line, "", Joined((Own("settings"), missing), ": "))
        kind = self.reader.named(settings.get("kind"), "", "kind", Kind) or Kind.SURVEY
        audience = self.reader.named(settings.get("audience"), "", "audience", Audience)
        if kind is Kind.APPLICATION and audience is Audience.MEMBERS:
            self.reader.say(settings["audience"].line, "", Say("complaint.members_applied"))
        k = self.setting(settings, "k", K, 1000)
        if k < K:
            self.reader.say(settings["k"].line, "", Say("complaint.few_mixed", {"k": figure(K)}))
        return Form(
            name=self.reader.name(settings.get("name"), "", line),
            version=self.reader.scalar(settings.get("version"), "", Own("version")),
            kind=kind,
            title=self.reader.text(settings.get("title"), "", Own("title"), TITLE),
            intro=self.reader.text(settings.get("intro"), "", Own("intro"), INTRO),
            languages=self.reader.languages,
            audience=audience or Audience.EVERYONE,
            responses_per_chat=self.setting(settings, "responses_per_chat", 1, 20),
            k=k,
            rows=(),
        )

    def setting(self, settings: Mapping[str, Node], name: str, default: int, most: int) -> int:
        node = settings.get(name)
        if node is None:
            return default
        value = whole(self.reader.scalar(node, "", Own(name)))
        if value is None or not 1 <= value <= most:
            bounds = {"what": Own(name), "most": figure(most)}
            self.reader.say(node.line, "", Say("complaint.whole_between", bounds))
            return default
        return value

    def language_codes(self, node: Node | None) -> tuple[str, ...]:
        if node is None:
            return LANGUAGES
        codes = [
            self.reader.scalar(item, "", Own("languages"))
            for item in self.reader.items(node, "", Own("languages"))
        ]
        if not codes or set(codes) - set(LANGUAGES) or len(set(codes)) < len(codes):
            among = Say("complaint.languages_among", {"names": listed(LANGUAGES)})
            self.reader.say(node.line, "", among)
            return LANGUAGES
        if missing := [code for code in LANGUAGES if code not in codes]:
            left = Say("complaint.language_left", {"names": listed(missing)})
            self.reader.say(node.line, "", left, error=False)
        return tuple(code for code in LANGUAGES if code in codes)

    def survey(self, node: Node) -> None:
        items = self.reader.items(node, "", Own("survey"))
        if len(items) > ROWS:
            full = Say("complaint.form_full", {"most": figure(ROWS)})
            self.reader.say(items[ROWS].line, "", full)
        for item in items[:ROWS]:
            self.item(item)
        for group in self.groups:
            self.reader.say(group.line, group.name, Say("complaint.group_open"))
        if not any(row.asks for row in self.rows) and not self.broken:
            self.reader.say(node.line, "", Say("complaint.asks_nothing"))

    def item(self, node: Node) -> None:
        columns = self.reader.table(node, "")
        if not isinstance(node, Table):
            return
        row = _Row(columns, node.line)
        raw = columns.get("name")
        row.name = raw.text if isinstance(raw, Scalar) else ""
        if "type" not in columns:
            self.reader.say(node.line, row.name, Say("complaint.missing", {"what": Own("type")}))
            self.broken.add(row.name)
            return
        kind, _, rest = self.reader.scalar(columns["type"], row.name, Own("type")).partition(" ")
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
            wrong = Say("complaint.no_type", {"type": quoted(kind)})
            self.reader.say(columns["type"].line, row.name, instead(wrong, kind, types))
            self.broken.add(row.name)

    def known(self, row: _Row, columns: Collection[str]) -> None:
        for name, node in row.columns.items():
            if name not in columns:
                wrong = Say("complaint.no_column", {"column": quoted(name)})
                self.reader.say(node.line, row.name, instead(wrong, name, columns))

    def rename(self, row: _Row) -> None:
        node = row.columns.get("name")
        row.name = self.reader.name(node, row.name, row.line)
        if row.name in self.names:
            first = {"name": quoted(row.name), "line": figure(self.names[row.name])}
            self.reader.say(row.line, row.name, Say("complaint.name_taken", first))
        elif row.name:
            self.names[row.name] = row.line

    def begin_group(self, row: _Row) -> None:
        self.group_names.add(row.name)
        relevant = self.relevant(row)
        if len(self.groups) == GROUPS:
            deep = Say("complaint.groups_deep", {"most": figure(GROUPS)})
            self.reader.say(row.line, row.name, deep)
            relevant = None  # the group is counted, so that its end finds it
        self.groups.append(_Group(row.name, row.line, relevant or self.around))

    def end_group(self, row: _Row) -> None:
        if not self.groups:
            self.reader.say(row.line, row.name, Say("complaint.group_not_begun"))
            return
        group = self.groups.pop()
        if row.name and row.name != group.name:
            other = Say("complaint.group_is", {"name": quoted(group.name)})
            self.reader.say(row.line, row.name, other)
        if not group.rows:
            self.reader.say(group.line, group.name, Say("complaint.group_empty"))

    def row(self, row: _Row, kind: Type, rest: str) -> None:
        for group in self.groups:
            group.rows += 1
        for column in row.columns:
            if column in _COLUMNS and kind not in _COLUMNS[column]:
                needless = {"type": Own(kind.value), "column": Own(column)}
                line = row.columns[column].line
                self.reader.say(line, row.name, Say("complaint.has_no_column", needless))
        columns = {
            name: node for name, node in row.columns.items() if kind in _COLUMNS.get(name, ())
        }
        numbers, labels = parameters(
            self.reader, columns.get("parameters"), kind, row.name, row.line
        )
        choices: tuple[Choice, ...] = ()
        if kind in _SELECTS:
            choices = self.choices_of(row, rest)
        elif rest:
            after = {"type": Own(kind.value), "rest": quoted(rest)}
            self.reader.say(row.line, row.name, Say("complaint.nothing_after", after))
        if labels:
            choices = self.lists.called(labels, row.name, row.line)
            for name in mislabelled(numbers, choices):
                said = Say("complaint.label_of_no_step", {"name": quoted(name)})
                self.reader.say(row.line, row.name, said)
        condition = self.relevant(row) or self.around
        role = self.reader.named(columns.get("role"), row.name, "role", Role)
        made = Row(
            type=kind,
            name=row.name,
            line=row.line,
            label=self.label(row, columns, kind),
            hint=self.reader.optional(columns.get("hint"), row.name, Own("hint")),
            required=self.reader.yes_no(columns.get("required"), row.name, Own("required")),
            relevant=None if condition is None else condition.whole,
            constraint=self.expression(row, columns, "constraint"),
            constraint_message=self.reader.optional(
                columns.get("constraint_message"), row.name, Own("constraint_message"), MESSAGE
            ),
            calculation=self.expression(row, columns, "calculation"),
            choices=choices,
            parameters=numbers,
            role=role,
            ends=self.expression(row, columns, "ends"),
            end_text=self.reader.optional(
                columns.get("end_text"), row.name, Own("end_text"), END_TEXT
            ),
            long_list=kind in _SELECTS and len(choices) > LONG,
        )
        self.pairs(row, columns, kind, role)
        self.rows.append(replace(made, default=self.default(made, columns.get("default"))))

    def label(self, row: _Row, columns: Mapping[str, Node], kind: Type) -> Text:
        if kind is Type.CALCULATE:
            return {}
        return self.reader.text(columns.get("label"), row.name, Own("label"), None, row.line)

    def pairs(self, row: _Row, columns: Mapping[str, Node], kind: Type, role: Role | None) -> None:
        """Columns that need each other."""
        if kind is Type.CALCULATE and "calculation" not in columns:
            missing = Say("complaint.missing", {"what": Own("calculation")})
            self.reader.say(row.line, row.name, missing)
        if "constraint" in columns and "constraint_message" not in columns:
            self.reader.say(row.line, row.name, Say("complaint.message_missing"))
        if "constraint_message" in columns and "constraint" not in columns:
            self.reader.say(row.line, row.name, Say("complaint.message_alone"))
        for column in ("ends", "end_text"):
            if role is Role.GATE and column not in columns:
                needed = Say("complaint.gate_needs", {"column": Own(column)})
                self.reader.say(row.line, row.name, needed)
            if role is not Role.GATE and column in columns:
                only = Say("complaint.only_gate_has", {"column": Own(column)})
                self.reader.say(columns[column].line, row.name, only)

    def choices_of(self, row: _Row, name: str) -> tuple[Choice, ...]:
        if not name:
            self.reader.say(row.line, row.name, Say("complaint.list_name_missing"))
            return ()
        self.used[row.name] = name
        return self.lists.called(name, row.name, row.line)

    def default(self, row: Row, node: Node | None) -> Answer:
        if node is None:
            return None
        text = self.reader.scalar(node, row.name, Own("default"))
        answer = default(row, text)
        if answer is None:
            said = Say("complaint.default_no_answer", {"default": quoted(text)})
            self.reader.say(node.line, row.name, said)
        return answer

    def relevant(self, row: _Row) -> Written | None:
        """The row's own `relevant`, joined with those of the groups around; None without one."""
        expression = self.parsed(row, row.columns.get("relevant"), "relevant")
        if expression is None:
            return None
        around = self.around
        joined = both(None if around is None else around.whole, expression)
        return self.note(row, "relevant", expression, joined, around)

    def expression(self, row: _Row, columns: Mapping[str, Node], column: str) -> Expression | None:
        expression = self.parsed(row, columns.get(column), column)
        if expression is not None:
            self.note(row, column, expression)
        return expression

    def note(
        self,
        row: _Row,
        column: str,
        expression: Expression,
        joined: Expression | None = None,
        around: Written | None = None,
    ) -> Written:
        line = row.columns[column].line
        written = Written(expression, column, row.name, line, len(self.rows), joined, around)
        self.written.append(written)
        return written

    @property
    def around(self) -> Written | None:
        """The condition of the groups that are open here."""
        return self.groups[-1].relevant if self.groups else None

    def parsed(self, row: _Row, node: Node | None, column: str) -> Expression | None:
        if node is None:
            return None
        source = self.reader.scalar(node, row.name, Own(column))
        if not source:
            return None
        try:
            expression = parse(source)
        except Malformed as malformed:
            said = Joined((Own(column), malformed.said), ": ")
            self.reader.say(node.line, row.name, said, excerpt=marked(source, malformed.at))
            return None
        for warning in expression.warnings:
            said = Joined((Own(column), warning.said), ": ")
            excerpt = marked(source, warning.at)
            self.reader.say(node.line, row.name, said, error=False, excerpt=excerpt)
        return expression
