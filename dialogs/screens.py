"""What a person is shown, before it has a language on the screen: phrases, cards and buttons.

A card says *which* phrase with *which* values; `bot.phrases` looks the phrase up in the language's
catalogue and writes dates and numbers as that language does. A button carries at most 64 bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from decimal import Decimal

    from dialogs.languages import Text


@dataclass(frozen=True, slots=True)
class Say:
    """A phrase of the catalogues. With `count` its plural form is chosen, and {count} is a value
    like the others."""

    phrase: str
    values: Mapping[str, Value] = field(default_factory=dict)
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A text that data brings along in every language: a form's, the office's."""

    text: Text


@dataclass(frozen=True, slots=True)
class Own:
    """A person's own words, shown back to them exactly, never as markup."""

    text: str


@dataclass(frozen=True, slots=True)
class Joined:
    """Several things in a row, with `by` between them."""

    parts: tuple[Words, ...]
    by: str = ", "


@dataclass(frozen=True, slots=True)
class Series:
    """Several things as a sentence names them: "a, b and c"."""

    parts: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class On:
    """A day, said the way people say it: "torstaina 19.3.", with the year where it is another."""

    day: date


@dataclass(frozen=True, slots=True)
class Dated:
    """A day by its date alone: "28.1.", "28.1", "28 January", with the year where it is another."""

    day: date


@dataclass(frozen=True, slots=True)
class At:
    """A moment (UTC), said in Helsinki time."""

    moment: datetime


@dataclass(frozen=True, slots=True)
class Number:
    """A number, written as the language writes it: "1 200", "3,5"."""

    value: int | Decimal


@dataclass(frozen=True, slots=True)
class Span:
    """From one moment to another (aware), said in Helsinki time: "torstaina 19.3. klo
    17.00–19.00"."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Linked:
    """Words that open an address when they are tapped. Only a line by itself, or part of a
    `Joined` that is one, is a link."""

    words: Words
    url: str


@dataclass(frozen=True, slots=True)
class InLanguage:
    """Words in another language than the card around them: what somebody else will be told."""

    words: Words
    language: str


class Style(StrEnum):
    """How somebody marked their own words (Bot API, MessageEntity; only what people write by
    hand)."""

    BOLD = "bold"
    ITALIC = "italic"
    UNDERLINE = "underline"
    STRIKETHROUGH = "strikethrough"
    QUOTE = "blockquote"
    LINK = "text_link"


@dataclass(frozen=True, slots=True)
class Mark:
    """A part of a text, in UTF-16 units; `url` of a link."""

    style: Style
    offset: int
    length: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A text as somebody wrote it, with its bold and italics and links. Only a line by itself, or
    part of a `Joined` that is one, keeps its marks."""

    text: str
    marks: tuple[Mark, ...] = ()


Words = (
    Say
    | Told
    | Own
    | Written
    | Joined
    | Series
    | On
    | Dated
    | At
    | Span
    | Number
    | Linked
    | InLanguage
)
Value = Words | int


@dataclass(frozen=True, slots=True)
class Line:
    words: Words
    strong: bool = False
    code: bool = False  # in letters of one width, where a place in one line is seen in the next


Paragraph = tuple[Line, ...]


def units(text: str) -> int:
    """The length of a text in UTF-16 units, as Telegram counts (Bot API, MessageEntity)."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True, slots=True)
class Button:
    """`data` goes back to the dialogs when tapped; a `link` opens instead and tells nobody."""

    label: Words
    data: str = ""
    link: str = ""
    chosen: bool = False  # marked as chosen, in a way that is also read aloud
    number: int | None = None  # "3. Joutsa"


class Place(StrEnum):
    EDIT = "edit"  # change the card that was tapped
    NEW = "new"  # a new message below


@dataclass(frozen=True, slots=True)
class Card:
    """One message: paragraphs, then rows of buttons, in one language."""

    language: str
    paragraphs: tuple[Paragraph, ...]
    rows: tuple[tuple[Button, ...], ...] = ()
    place: Place = Place.NEW
    live: str = ""  # the draft (by form name) whose live card this is: its message id is remembered
    file: str = ""  # Telegram's file_id of what is sent along; only on a new card
    picture: str = ""  # the same of a picture
    qr: str = ""  # an address that is sent along as a picture of its QR code; only on a new card
    follows: str = ""  # the broadcast (its key, in hexadecimal digits) that it keeps up with
    private: bool = False  # shows an official something of a person: taken away after a while
