"""Nodes read as what a form expects of them, with a complaint where they are something else.

Nothing raises and nothing stops: what cannot be read becomes something harmless ('' or no), and the
complaint says on which line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, TypeVar

from dialogs.forms.check import Complaint
from dialogs.forms.model import Audience, Kind, Role
from dialogs.forms.nodes import Items, Node, Scalar, Table
from dialogs.languages import LANGUAGES, Text
from dialogs.screens import units

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

NAME_MOST: Final = 24
NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,23}")
SPELLING: Final = "A name is at most 24 of a-z, 0-9 and _, a letter first; {0!r} is not."
SENTENCE: Final = 400  # a complaint that quotes a whole file helps nobody

_WHOLE: Final = re.compile(r"-?[0-9]{1,9}")
_YES_NO: Final = {"yes": True, "true": True, "no": False, "false": False}

Named = TypeVar("Named", Kind, Audience, Role)


def near(wrong: str, right: Iterable[str]) -> str:
    """The end of a sentence about a word that is not among the right ones."""
    there = [str(each) for each in right]
    like = get_close_matches(wrong, there, 1)
    return f"; did you mean {like[0]}?" if like else f"; there are: {', '.join(there)}."


def whole(text: str) -> int | None:
    """The whole number that is written, of at most nine digits."""
    return int(text) if _WHOLE.fullmatch(text) else None


@dataclass
class Reader:
    languages: tuple[str, ...] = LANGUAGES  # the form's, in which every text must be
    complaints: list[Complaint] = field(default_factory=list)

    def say(
        self, line: int, row: str, sentence: str, *, error: bool = True, excerpt: str = ""
    ) -> None:
        self.complaints.append(
            Complaint(line, row[:NAME_MOST], sentence[:SENTENCE], error, excerpt)
        )

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
                wrong = f"There is no {what} {key.text!r}{near(key.text, allowed)}"
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
        if name and not NAME.fullmatch(name):
            self.say(node.line, row, SPELLING.format(name))
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
        if not isinstance(node, Table):
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
