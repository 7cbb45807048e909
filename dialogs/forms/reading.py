"""Nodes read as what a form expects of them, with a complaint where they are something else.

Nothing raises and nothing stops: what cannot be read becomes something harmless ('' or no), and the
complaint says on which line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeVar

from dialogs.forms.complaints import Complaint, figure, instead, listed, quoted
from dialogs.forms.model import Audience, Kind, Role
from dialogs.forms.nodes import Items, Node, Scalar, Table
from dialogs.languages import LANGUAGES, Text
from dialogs.screens import Own, Say, units

if TYPE_CHECKING:
    from collections.abc import Collection

    from dialogs.screens import Words

NAME_MOST: Final = 24
NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,23}")

# The parts of a mapping, by what the mapping is.
PART: Final = Say("naming.part")
SETTING: Final = Say("naming.setting")
CHOICE_COLUMN: Final = Say("naming.choice_column")
LANGUAGE: Final = Say("naming.language")

_WHOLE: Final = re.compile(r"-?[0-9]{1,9}")
_YES_NO: Final = {"yes": True, "true": True, "no": False, "false": False}

Named = TypeVar("Named", Kind, Audience, Role)


def misspelt(name: str) -> Say:
    """What is wrong with a name that does not match `NAME`."""
    return Say("complaint.name_spelling", {"name": quoted(name)})


def whole(text: str) -> int | None:
    """The whole number that is written, of at most nine digits."""
    return int(text) if _WHOLE.fullmatch(text) else None


@dataclass
class Reader:
    languages: tuple[str, ...] = LANGUAGES  # the form's, in which every text must be
    complaints: list[Complaint] = field(default_factory=list)

    def say(
        self, line: int, row: str, said: Words, *, error: bool = True, excerpt: str = ""
    ) -> None:
        self.complaints.append(Complaint(line, row[:NAME_MOST], said, error, excerpt))

    def table(
        self, node: Node, row: str, allowed: Collection[str] = (), what: Say | None = None
    ) -> dict[str, Node]:
        """The parts of a mapping by name; one given twice counts the first time. With `what` each
        is a part of that kind, and only the `allowed` ones are there."""
        if not isinstance(node, Table):
            self.say(node.line, row, Say("complaint.names_expected"))
            return {}
        found: dict[str, Node] = {}
        for key, value in node.pairs:
            name = quoted(key.text)
            if what is not None and key.text not in allowed:
                wrong = Say("complaint.unknown", {"what": what, "name": name})
                self.say(key.line, row, instead(wrong, key.text, allowed))
            elif key.text in found:
                self.say(key.line, row, Say("complaint.twice", {"name": name}))
            else:
                found[key.text] = value
        return found

    def items(self, node: Node, row: str, what: Words) -> tuple[Node, ...]:
        if isinstance(node, Items):
            return node.items
        self.say(node.line, row, Say("complaint.list_expected", {"what": what}))
        return ()

    def scalar(self, node: Node | None, row: str, what: Words) -> str:
        """A text, '' where there is none."""
        if node is None:
            return ""
        if isinstance(node, Scalar):
            if not node.text:
                self.say(node.line, row, Say("complaint.empty", {"what": what}))
            return node.text
        self.say(node.line, row, Say("complaint.single_value", {"what": what}))
        return ""

    def name(self, node: Node | None, row: str, line: int) -> str:
        if node is None:
            self.say(line, row, Say("complaint.missing", {"what": Own("name")}))
            return ""
        name = self.scalar(node, row, Own("name"))
        if name and not NAME.fullmatch(name):
            self.say(node.line, row, misspelt(name))
        return name

    def named(self, node: Node | None, row: str, what: str, among: type[Named]) -> Named | None:
        if node is None:
            return None
        text = self.scalar(node, row, Own(what))
        for each in among:
            if each.value == text:
                return each
        said = Say("complaint.one_of", {"what": Own(what), "names": listed(among)})
        self.say(node.line, row, said)
        return None

    def yes_no(self, node: Node | None, row: str, what: Words) -> bool:
        if node is None:
            return False
        text = self.scalar(node, row, what).casefold()
        if text not in _YES_NO:
            self.say(node.line, row, Say("complaint.yes_or_no", {"what": what}))
        return _YES_NO.get(text, False)

    def optional(self, node: Node | None, row: str, what: Words, most: int | None = None) -> Text:
        return {} if node is None else self.text(node, row, what, most)

    def text(
        self, node: Node | None, row: str, what: Words, most: int | None, line: int = 0
    ) -> Text:
        """A text in every language of the form; '' where one is missing."""
        if node is None:
            if line:
                self.say(line, row, Say("complaint.missing", {"what": what}))
            return dict.fromkeys(self.languages, "")
        if not isinstance(node, Table):
            spelt = Own("{" + ", ".join(f"{code}: …" for code in self.languages) + "}")
            self.say(node.line, row, Say("complaint.in_each", {"what": what, "spelt": spelt}))
            return dict.fromkeys(self.languages, "")
        given = self.table(node, row, LANGUAGES, LANGUAGE)
        texts: dict[str, str] = {}
        for language in self.languages:
            code = Own(language)
            if language not in given:
                wrong = Say("complaint.missing_in", {"what": what, "language": code})
                self.say(node.line, row, wrong)
            here = Say("naming.in_language", {"what": what, "language": code})
            text = self.scalar(given.get(language), row, here)
            if most is not None and units(text) > most:
                long, room = figure(units(text)), figure(most)
                wrong = Say("complaint.text_long", {"what": here, "long": long, "most": room})
                self.say(given[language].line, row, wrong)
            texts[language] = text
        for language in given:
            if language not in self.languages:
                wrong = Say("complaint.in_other", {"what": what, "language": Own(language)})
                self.say(given[language].line, row, wrong)
        return texts
