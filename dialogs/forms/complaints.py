"""What is wrong with a form, told to the officer who wrote it: at a terminal, or on a phone.

A complaint says a phrase of the catalogues. The values in it are the form's own names and words,
cut short and without signs that no screen shows: whatever a file holds, what is said of it can be
read. How long a phrase is in a language is not known here; `SENTENCE` and `NAMING` are kept by
every text of the catalogues, and so a card of complaints has a bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from dialogs.screens import Joined, Line, Own, Say, units

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dialogs.screens import Paragraph, Value, Words

ROOM: Final = 3200
"""What complaints take of a card at most, in UTF-16 units; the rest of it is the dialog's."""
MOST: Final = 20
"""How many complaints one card tells: who has more begins with these."""
SENTENCE: Final = 130
"""No text of a phrase `complaint.…` is longer, in UTF-16 units, its values apart. Those of phrases
`unreadable.…` may be: where a file cannot be read, one is all there is to tell."""
NAMING: Final = 30
"""The same of a phrase `naming.…`, which is part of a sentence."""
QUOTED: Final = 60
"""How much of a form's own words stands in a complaint, in characters."""
LISTED: Final = 160
"""How much of a list of names."""
WIDTH: Final = 32
"""How many letters of one width stand side by side on a narrow phone."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """One mistake."""

    line: int  # in the file, from 1
    row: str  # the name of the row or list, or ''
    said: Words  # what is wrong and what to do
    error: bool = True  # False: a warning, the form is good without it
    excerpt: str = ""  # the expression with a caret under the place


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one expression, or perhaps not meant."""

    said: Words
    at: int  # in the expression's source, from 0


def marked(source: str, at: int) -> str:
    """The part of an expression around `at`, and a line with a caret under that place."""
    start = max(0, at - 60)
    shown = "".join(" " if sign.isspace() else sign for sign in source[start : at + 40])
    return f"{shown}\n{' ' * (at - start)}^"


def quoted(text: str, most: int = QUOTED) -> Own:
    """What stands in the form, or its beginning."""
    shown = "".join(sign if sign.isprintable() else " " for sign in text[: most + 1])
    return Own(shown if len(shown) <= most else f"{shown[: most - 1]}…")


def listed(names: Iterable[str]) -> Own:
    """Names one after another, or as many as can be read."""
    return quoted(", ".join(names), LISTED)


def figure(number: int) -> Own:
    """A number as it is written in a form: without a space or comma between thousands."""
    return Own(str(number))


def instead(wrong: Say, name: str, right: Iterable[str]) -> Words:
    """What is wrong with a name that is not among the right ones, and which may have been meant."""
    there = [str(each) for each in right]
    like = get_close_matches(name, there, 1)
    if like:
        return Joined((wrong, Say("naming.meant", {"name": quoted(like[0])})), " ")
    return Joined((wrong, Say("naming.there_are", {"names": listed(there)})), " ")


def told(complaints: Sequence[Complaint], most: int = MOST) -> tuple[Paragraph, ...]:
    """Complaints as a card tells them: what must be mended, then warnings, and how many more there
    are than fit."""
    ordered = sorted(complaints, key=lambda complaint: not complaint.error)
    lengths = accumulate(_length(_paragraph(each)) for each in ordered[:most])
    shown = ordered[: sum(length <= ROOM for length in lengths)]
    warnings = [_paragraph(each) for each in shown if not each.error]
    paragraphs = [_paragraph(each) for each in shown if each.error]
    if warnings:
        paragraphs += [(Line(Say("complaints.warnings"), strong=True),), *warnings]
    if len(shown) < len(ordered):
        paragraphs.append((Line(Say("complaints.more", count=len(ordered) - len(shown))),))
    return tuple(paragraphs)


def _paragraph(complaint: Complaint) -> Paragraph:
    place = Line(_placed(complaint))
    if not complaint.excerpt:
        return (place,)
    return (place, Line(Own(_narrow(complaint.excerpt)), code=True))


def _placed(complaint: Complaint) -> Say:
    line, wrong = figure(complaint.line), complaint.said
    if not complaint.row:
        return Say("naming.at_line", {"line": line, "wrong": wrong})
    row = quoted(complaint.row)
    return Say("naming.at_row", {"line": line, "row": row, "wrong": wrong})


def _narrow(excerpt: str) -> str:
    """An excerpt that does not wrap on a phone, where its caret would stand under nothing."""
    shown, caret = excerpt.split("\n")
    at = len(caret) - 1
    start = max(0, min(at - WIDTH // 2, len(shown) - WIDTH))
    return f"{shown[start : start + WIDTH]}\n{' ' * (at - start)}^"


def _length(paragraph: Paragraph) -> int:
    """How long a paragraph is at most in any language, in UTF-16 units, with the lines' ends and
    the empty one that follows."""
    return sum(_most(line.words) + 1 for line in paragraph) + 1


def _most(words: Value) -> int:
    match words:
        case Say():
            phrase = NAMING if words.phrase.startswith("naming.") else SENTENCE
            return phrase + sum(_most(value) for value in words.values.values())
        case Joined():
            return sum(_most(part) + len(words.by) for part in words.parts)
    return units(words.text) if isinstance(words, Own) else NAMING
