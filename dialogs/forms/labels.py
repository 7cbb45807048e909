"""Which of a list's choices a typed word or number means.

Words are compared folded: without case, dots, rings and punctuation. In a long list an inflected
name and a small slip are understood too, and what comes near is offered. The measures were tried on
the names of Finland's municipalities: none outside a list is taken for one in it.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from dialogs.languages import FINNISH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from dialogs.forms.model import Choice

NEAR_MOST: Final = 8
"""How many near choices are offered at most."""

_NUMBER: Final = re.compile(r"([0-9]{1,3})(?:-([0-9]{1,3}))?")
_DASH: Final = re.compile(r" ?[-‐‑–—−] ?")
_AND_BETWEEN_NUMBERS: Final = re.compile(r"\b(?:ja|sekä|och|samt|and)\b|[,;.:)&+]")
_SURE: Final = 0.88  # tried on Finland's municipalities: none outside a list is taken for one in it
_CLEAR: Final = 0.1
_STEM_LEAST: Final = 4
_NEAR: Final = 0.65
_UNLIKE: Final = 0.5

_ENDINGS: Final = (
    *("n", "a", "ta", "tta", "na", "ksi", "ssa", "sta", "an", "en", "in", "on", "un", "seen"),
    *("siin", "lla", "lta", "lle", "ten", "s"),
)
"""Endings of Finnish cases, and the Swedish and English genitive, folded."""

_STEM_CHANGES: Final = (
    ("si", "de"),
    ("i", "e"),
    ("nen", "se"),
    ("nen", "si"),
    ("das", "taa"),
    ("nka", "nga"),
)
"""How the end of a Finnish name changes before an ending: Konnevesi, Konnevedellä."""


class Labels:
    """The labels of a row's choices, folded, and which of them a person may mean."""

    def __init__(self, choices: Sequence[Choice], language: str, *, forgiving: bool) -> None:
        self._labels = [
            {code: letters(label) for code, label in choice.label.items()} for choice in choices
        ]
        self._language = language
        self._forgiving = forgiving

    def numbers(self, text: str) -> frozenset[int]:
        """The indexes of the numbers that are all of `text` ("1, 3 ja 5-7"); none if it holds
        anything else, or a number no choice has."""
        words = _AND_BETWEEN_NUMBERS.sub(" ", " ".join(visible(text).casefold().split()))
        found: set[int] = set()
        for word in _DASH.sub("-", words).split():
            match = _NUMBER.fullmatch(word)
            if match is None:
                return frozenset()
            first, last = int(match[1]), int(match[2] or match[1])
            if not 1 <= first <= last <= len(self._labels):
                return frozenset()
            found.update(range(first - 1, last))
        return frozenset(found)

    def whole(self, words: str) -> tuple[int, ...]:
        return self._own_first(lambda label: label == words)

    def beginning(self, words: str) -> tuple[int, ...]:
        """Choices that begin with `words`. One letter of a long list says too little; a number
        counts whole only: "7" is no beginning of "75 or over"."""
        if not words or (self._forgiving and len(words) < 2):
            return ()
        inside = r"(?!\d)" if words[-1].isdigit() else ""
        pattern = re.compile(re.escape(words) + inside)
        return self._own_first(lambda label: pattern.match(label) is not None)

    def find(self, words: str) -> tuple[int, ...]:
        """The one choice `words` mean, or all they could mean, or none."""
        return self.whole(words) or self.beginning(words) or self._slip(words)

    def near(self, words: str) -> tuple[int, ...]:
        """Choices of a long list worth offering, likest first: those that hold `words`, and those
        that resemble them or one of them ("the town of Jyväskyla")."""
        if not self._forgiving or not words:
            return ()
        inside = len(words) > 3
        holding = [
            index
            for index, label in enumerate(self._labels)
            if any(text.startswith(words) or (inside and words in text) for text in label.values())
        ]
        parts = [words, *(part for part in words.split()[:8] if len(part) > 3)]
        ranked = sorted(
            (-max(self._resembles(part, index) for part in parts), index)
            for index in range(len(self._labels))
        )
        alike = [index for likeness, index in ranked if -likeness >= _NEAR]
        return tuple(dict.fromkeys([*alike, *holding]))[:NEAR_MOST]

    def _own_first(self, fits: Callable[[str], bool]) -> tuple[int, ...]:
        everywhere = [
            [code for code, text in label.items() if fits(text)] for label in self._labels
        ]
        own = tuple(i for i, codes in enumerate(everywhere) if self._language in codes)
        return own or tuple(i for i, codes in enumerate(everywhere) if codes)

    def _slip(self, words: str) -> tuple[int, ...]:
        """The choice of a long list that is meant in spite of a slip or an inflection: very like
        what was typed. Others nearly as like it come with it; none come if none is like it."""
        if not self._forgiving or any(mark.isdigit() for mark in words):
            return ()  # a wrong digit is another number, not a slip
        likeness = [self._resembles(words, index) for index in range(len(self._labels))]
        best = max(likeness, default=_UNLIKE)
        close = (index for index, one in enumerate(likeness) if one > best - _CLEAR)
        return tuple(close) if best >= _SURE else ()

    def _resembles(self, words: str, index: int) -> float:
        """How like `words` a choice is, in any language and inflection: 1 when the same, `_UNLIKE`
        when not worth comparing."""
        label = self._labels[index]
        meant = {*label.values(), *_stems(label.get(FINNISH, ""))}
        pairs = ((bare, one) for bare in _bare(words) for one in meant)
        return max((_likeness(bare, one) for bare, one in pairs), default=_UNLIKE)


def _likeness(one: str, other: str) -> float:
    """Word by word, the least like pair counts: "ei Jämsä" is not Jämsä, and services for adults
    are not services for children."""
    ones, others = one.split(), other.split()
    if len(ones) != len(others):
        return _UNLIKE
    matchers = [
        SequenceMatcher(None, a, b, autojunk=False) for a, b in zip(ones, others, strict=True)
    ]
    if any(matcher.real_quick_ratio() <= _UNLIKE for matcher in matchers):
        return _UNLIKE
    return min((matcher.ratio() for matcher in matchers), default=_UNLIKE)


def _stems(label: str) -> Iterator[str]:
    for end, changed in _STEM_CHANGES:
        if label.endswith(end):
            yield label.removesuffix(end) + changed


def _bare(words: str) -> Iterator[str]:
    """`words` as they are and without each case ending they may have."""
    yield words
    for ending in _ENDINGS:
        if words.endswith(ending) and len(words) - len(ending) >= _STEM_LEAST:
            yield words.removesuffix(ending)


def letters(text: str) -> str:
    """`text` folded for comparing: small letters without dots and rings, digits, one space between
    words. " Jyväskylä." and "JYVASKYLA" fold alike."""
    text = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES)).casefold()
    text = visible(unicodedata.normalize("NFKD", text).translate(_LIGATURES))
    return " ".join("".join(mark if mark.isalnum() else " " for mark in text).split())


_APOSTROPHES: Final = str.maketrans("", "", "'’‘ʼ`´")
_LIGATURES: Final = str.maketrans({"ø": "o", "æ": "a"})


def visible(text: str) -> str:
    """`text` without marks that stand on or between letters, such as the frame in "3️⃣" or what a
    copied number brings along unseen."""
    return "".join(
        mark for mark in text if mark.isspace() or unicodedata.category(mark)[0] not in "MC"
    )
