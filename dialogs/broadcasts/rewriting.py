"""Changing some words of a written text: its bold and italics and links stay where they were."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dialogs.screens import units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dialogs.broadcasts.records import Wording
    from dialogs.screens import Mark

    Edit = tuple[int, int, str]
    """From where until where, in letters, and what stands there afterwards."""


def edited(wording: Wording, edits: Sequence[Edit]) -> Wording:
    """With the edits made, which are in their order and do not overlap."""
    text, at = "", 0
    for start, end, words in edits:
        text += wording.text[at:start] + words
        at = end
    text += wording.text[at:]
    marks = tuple(_moved(wording.text, mark, edits) for mark in wording.marks)
    return replace(wording, text=text, marks=tuple(one for one in marks if one.length))


def _moved(text: str, mark: Mark, edits: Sequence[Edit]) -> Mark:
    """Around what has become longer or shorter."""
    start, end = mark.offset, mark.offset + mark.length
    after_start, after_end = start, end
    for first, last, words in edits:
        begins, ends = units(text[:first]), units(text[:last])
        grown = units(words) - (ends - begins)
        if ends <= start:
            after_start += grown
        elif begins < start:  # it began within what is written anew
            after_start += begins - start
        if ends <= end and begins < end:
            after_end += grown
        elif begins < end:
            after_end += ends + grown - end
    return replace(mark, offset=after_start, length=after_end - after_start)
