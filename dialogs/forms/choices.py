"""The lists a form's questions choose from: its own, under `choices`, and the office's."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from dialogs.forms.model import OFFICE_LISTS, Choice
from dialogs.forms.reading import NAME, SPELLING, Reader, near

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
                self.reader.say(node.line, name, f"The list {name} comes from the office's file.")
            elif not NAME.fullmatch(name):
                self.reader.say(node.line, name, SPELLING.format(name))
            self.own[name] = self.read(name, node)

    def read(self, of: str, node: Node) -> tuple[Choice, ...]:
        reader = self.reader
        choices: dict[str, Choice] = {}
        items = reader.items(node, of, "A list of choices")
        if not items or len(items) > CHOICES:
            reader.say(node.line, of, f"A list has at least one choice and at most {CHOICES}.")
        read_as: dict[tuple[str, str], str] = {}
        for item in items[:CHOICES]:
            columns = reader.table(item, of, ("name", "label", "exclusive"), "column of a choice")
            name = reader.scalar(columns.get("name"), of, "name")
            if not _CHOICE_NAME.fullmatch(name):
                wrong = f"A choice's name is at most 24 of a-z, 0-9, _ and -; {name!r} is not."
                reader.say(item.line, of, wrong)
            elif name in choices:
                reader.say(item.line, of, f"The list has a choice {name} already.")
            label = reader.text(columns.get("label"), of, f"label of {name}", BUTTON, item.line)
            for language, text in label.items():
                other = read_as.setdefault((language, text.casefold()), name)
                if text and other != name:
                    reader.say(item.line, of, f"In {language} {name} reads the same as {other}.")
            exclusive = reader.yes_no(columns.get("exclusive"), of, "exclusive")
            choices[name] = Choice(name, label, exclusive)
        return tuple(choices.values())

    def called(self, name: str, row: str, line: int) -> tuple[Choice, ...]:
        """The choices of the list that the row on `line` names; none where there is no such
        list."""
        self.used.add(name)
        if name in OFFICE_LISTS:
            choices = self.office.get(name, ())
            if not choices:
                self.reader.say(line, row, f"The office's file gives no list {name}.")
            return choices
        if name not in self.own:
            there = (*self.own, *OFFICE_LISTS)
            self.reader.say(line, row, f"There is no list {name!r}{near(name, there)}")
        return self.own.get(name, ())

    def unused(self, lists: Mapping[str, Node]) -> None:
        for name, node in lists.items():
            if name not in self.used:
                self.reader.say(node.line, name, f"No row uses the list {name}.", error=False)
