"""The addresses in what somebody wrote: those that stand in the text, as Telegram makes links of
them by itself, and those behind words.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dialogs.broadcasts.rewriting import edited

if TYPE_CHECKING:
    from dialogs.broadcasts.records import Wording

_ENDINGS: Final = (
    "fi|ax|se|no|dk|ee|de|eu|uk|com|net|org|edu|gov|int|info|io|me|app|dev|tv|ly|gl|link|online"
    "|example|test"
)
_LINK: Final = re.compile(
    r"(?<![\w@.:/-])"
    r"(?:[Hh][Tt][Tt][Pp][Ss]?://[^\s<>]+"
    rf"|(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+(?:{_ENDINGS})(?![\w@-])(?!\.[A-Za-z0-9])"
    r"(?::\d+)?(?:[/?#][^\s<>]*)?)"
)
"""With https:// or without: Telegram links "www.hyvaks.example" and "hyvaks.example/x" as well."""

_GLUED: Final = ".,;:!?…'\"”’»*_"
_PAIRS: Final = {")": "(", "]": "[", "}": "{"}


def spans(text: str) -> tuple[tuple[int, int], ...]:
    """Where addresses stand in a text, in letters."""
    return tuple((one.start(), one.start() + len(_bare(one[0]))) for one in _LINK.finditer(text))


def links(wording: Wording) -> tuple[str, ...]:
    """Each address once, in the order in which they are met."""
    raw = wording.text.encode("utf-16-le")
    met = [(start, wording.text[start:end]) for start, end in spans(wording.text)]
    met += [
        (len(raw[: 2 * mark.offset].decode("utf-16-le", "ignore")), mark.url)
        for mark in wording.marks
        if mark.url
    ]
    return tuple(dict.fromkeys(url for _, url in sorted(met)))


def replaced(wording: Wording, old: str, new: str) -> Wording:
    """With another address wherever this one stands, in the text and behind words."""
    marks = tuple(replace(one, url=new) if one.url == old else one for one in wording.marks)
    places = (
        (start, end, new) for start, end in spans(wording.text) if wording.text[start:end] == old
    )
    return edited(replace(wording, marks=marks), tuple(places))


def _bare(address: str) -> str:
    """Without the full stop or the bracket that belongs to the sentence."""
    while address[-1] in _GLUED or (
        address[-1] in _PAIRS and address.count(address[-1]) > address.count(_PAIRS[address[-1]])
    ):
        address = address[:-1]
    return address
