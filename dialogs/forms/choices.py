"""The lists a form's questions choose from: its own, under `choices`, and the office's."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from dialogs.forms.complaints import figure, instead, quoted
from dialogs.forms.model import OFFICE_LISTS, Choice
from dialogs.forms.reading import CHOICE_COLUMN, NAME, Reader, misspelt
from dialogs.screens import Own, Say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.forms.nodes import Node

BUTTON: Final = 60  # a label's room in UTF-16 units: it stands on a button
CHOICES: Final = 200

_CHOICE_NAME: Final = re.compile(r"[a-z0-9_-]{1,24}")


@dataclass
class Lists:
    reader: Reader
    office: Mapping[str, tuple[Choice, ...]]
    own: dict[str, tuple[Choice, ...]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def define(self, lists: Mapping[str, Node]) -> None:
        """Takes in what stands under `choices`."""
        for name, node in lists.items():
            if name in OFFICE_LISTS:
                said = Say("complaint.list_of_office", {"list": quoted(name)})
                self.reader.say(node.line, name, said)
            elif not NAME.fullmatch(name):
                self.reader.say(node.line, name, misspelt(name))
            self.own[name] = self.read(name, node)

    def read(self, of: str, node: Node) -> tuple[Choice, ...]:
        reader = self.reader
        choices: dict[str, Choice] = {}
        items = reader.items(node, of, quoted(of))
        if not items or len(items) > CHOICES:
            reader.say(node.line, of, Say("complaint.list_size", {"most": figure(CHOICES)}))
        read_as: dict[tuple[str, str], str] = {}
        for item in items[:CHOICES]:
            columns = reader.table(item, of, ("name", "label", "exclusive"), CHOICE_COLUMN)
            name = reader.scalar(columns.get("name"), of, Own("name"))
            called = quoted(name)
            if not _CHOICE_NAME.fullmatch(name):
                reader.say(item.line, of, Say("complaint.choice_spelling", {"name": called}))
            elif name in choices:
                reader.say(item.line, of, Say("complaint.choice_twice", {"name": called}))
            what = Say("naming.label_of", {"name": called})
            label = reader.text(columns.get("label"), of, what, BUTTON, item.line)
            for language, text in label.items():
                other = read_as.setdefault((language, text.casefold()), name)
                if text and other != name:
                    alike = {"language": Own(language), "name": called, "other": quoted(other)}
                    reader.say(item.line, of, Say("complaint.choices_alike", alike))
            exclusive = reader.yes_no(columns.get("exclusive"), of, Own("exclusive"))
            choices[name] = Choice(name, label, exclusive)
        return tuple(choices.values())

    def called(self, name: str, row: str, line: int) -> tuple[Choice, ...]:
        """The choices of the list that the row on `line` names; none where there is no such
        list."""
        self.used.add(name)
        if name in OFFICE_LISTS:
            choices = self.office.get(name, ())
            if not choices:
                said = Say("complaint.office_gives_no_list", {"list": quoted(name)})
                self.reader.say(line, row, said)
            return choices
        if name not in self.own:
            there = (*self.own, *OFFICE_LISTS)
            wrong = Say("complaint.no_list", {"list": quoted(name)})
            self.reader.say(line, row, instead(wrong, name, there))
        return self.own.get(name, ())

    def unused(self, lists: Mapping[str, Node]) -> None:
        for name, node in lists.items():
            if name not in self.used:
                said = Say("complaint.list_unused", {"list": quoted(name)})
                self.reader.say(node.line, name, said, error=False)
