"""What a person typed becomes an answer, or a refusal that says what is expected.

People type the way they talk: a number, a name without its dots, an inflected name, three answers
in one line. What can mean only one thing is taken; what could mean two is offered back and never
guessed, because a guess nobody notices is a wrong answer kept for good.

Only a row's type and parameters are judged here; its constraint is `expressions`' business. Nothing
typed is cached: a cache would remember people's words after their draft is gone.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from dialogs.forms.labels import NEAR_MOST, Labels, letters, visible
from dialogs.forms.model import CANT_SAY, Role, Row, Type
from dialogs.languages import ENGLISH
from dialogs.screens import Say, Told, units

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dialogs.forms.answers import Answer

DIGITS_MOST: Final = 12
"""How many digits a typed number may have."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was typed is no answer to the row. `expected` says what would be; `near` holds the
    indexes of choices that may have been meant, at most `NEAR_MOST`, the likeliest first."""

    expected: Say | Told
    near: tuple[int, ...] = ()


def read(row: Row, typed: str, language: str, today: date) -> Answer | Refusal:
    """What `typed` answers to `row`, by type as `model.Answer` says. Never raises.

    `language` is the conversation's: a word that fits different choices in different languages is
    read in that one. `today` (in Helsinki) gives its year to a day typed without one.
    """
    match row.type:
        case Type.SELECT_ONE:
            return _one(row, typed, language)
        case Type.SELECT_MULTIPLE:
            return _many(row, typed, language)
        case Type.RANGE:
            return _step(row, typed, language)
        case Type.INTEGER:
            return _integer(typed)
        case Type.DECIMAL:
            return _decimal(typed, language)
        case Type.DATE:
            return _day(typed, today)
        case Type.TEXT:
            return _contact(row, typed) if row.role is Role.CONTACT else _text(row, typed)
        case Type.ACKNOWLEDGE:
            return True if letters(typed) in _YES else Refusal(Say("expected.yes"))
        case _:
            return Refusal(Say("expected.nothing"))


def keeps(typed: str) -> bool | None:
    """Whether a word says that an answer may stay, or is to be changed; None for any other text,
    which is the new answer itself."""
    words = letters(typed)
    return True if words in _KEEP else False if words in _CHANGE else None


def several(row: Row, indexes: Iterable[int]) -> tuple[str, ...] | Refusal:
    """The names of the choices at `indexes`, each once and in the form's order, if they may stand
    together: an exclusive one alone (whatever the minimum), others within minimum and maximum."""
    chosen = [row.choices[index] for index in sorted(set(indexes))]
    alone = [choice for choice in chosen if choice.exclusive]
    if alone and len(chosen) > 1:
        return Refusal(Say("expected.alone", {"choice": Told(alone[0].label)}))
    least, most = row.parameters.minimum, row.parameters.maximum
    if least is not None and len(chosen) < least and not alone:
        return Refusal(Say("expected.at_least", count=least))
    if most is not None and len(chosen) > most:
        return Refusal(Say("expected.at_most", count=most))
    return tuple(choice.name for choice in chosen)


_AND_BETWEEN_WORDS: Final = re.compile(r"([,;\n]|\s(?:ja|sekä|och|samt|and|&|\+)\s)", re.IGNORECASE)
_NUMBER_AND_LABEL: Final = re.compile(r"\s*([0-9]{1,3})\s*[.):]\s*(\S.*)", re.DOTALL)
_PIECES_MOST: Final = 60  # nobody means so many, and each takes time to read
_JOINED_MOST: Final = 6  # into so many pieces one choice's label may fall


def _one(row: Row, typed: str, language: str) -> Answer | Refusal:
    labels = Labels(row.choices, language, forgiving=row.long_list)
    words = letters(typed)
    numbers = labels.numbers(typed)
    if len(numbers) == 1:
        # "2" may be the second choice and also the one called "2 times": then it is asked again.
        meant = tuple(sorted(numbers.union(labels.beginning(words))))
    else:
        meant = labels.find(words) or _copied(labels, typed)
    if len(meant) == 1:
        return row.choices[meant[0]].name
    if numbers and not meant:
        return Refusal(Say("expected.only_one"))
    return _unclear(row, labels, words, meant)


def _copied(labels: Labels, typed: str) -> tuple[int, ...]:
    """The choice whose line was copied from the card, number and all: "2. Joutsa"."""
    match = _NUMBER_AND_LABEL.fullmatch(typed)
    if match is None or labels.whole(letters(match[2])) != (int(match[1]) - 1,):
        return ()
    return (int(match[1]) - 1,)


def _many(row: Row, typed: str, language: str) -> Answer | Refusal:
    labels = Labels(row.choices, language, forgiving=row.long_list)
    # Pieces stand at even places and what is between them at odd ones, to be joined again.
    pieces = _AND_BETWEEN_WORDS.split(typed)
    chosen: set[int] = set()
    at = 0
    if len(pieces) > 2 * _PIECES_MOST:
        return _unclear(row, labels, "", ())
    while at < len(pieces):
        after = _label_end(labels, pieces, at)
        piece = "".join(pieces[at:after])
        words = letters(piece)
        numbers = labels.numbers(piece)
        meant = numbers.union(labels.beginning(words) if numbers else labels.find(words))
        clear = meant == numbers if numbers else len(meant) == 1
        if words and not clear:
            return _unclear(row, labels, words, tuple(sorted(meant)))
        chosen |= meant
        at = after + 1
    return several(row, chosen) if chosen else _unclear(row, labels, "", ())


def _label_end(labels: Labels, pieces: Sequence[str], at: int) -> int:
    """Where the piece at `at` ends, with those after it when together they are one choice's label:
    "Health, social and rescue services"."""
    for after in range(min(at + 2 * _JOINED_MOST, len(pieces)), at + 1, -1):
        if (after - at) % 2 and len(labels.whole(letters("".join(pieces[at:after])))) == 1:
            return after
    return at + 1


def _unclear(row: Row, labels: Labels, words: str, meant: tuple[int, ...]) -> Refusal:
    """Refuses `words`, which may mean the choices `meant` or, where there are none, no choice."""
    last = {"last": len(row.choices)}
    if meant:
        return Refusal(Say("expected.one_of_these"), meant[:NEAR_MOST])
    if near := labels.near(words):
        return Refusal(Say("expected.perhaps_these"), near)
    if row.long_list:
        return Refusal(Say("expected.name_or_number", last))
    if row.type is Type.SELECT_MULTIPLE:
        return Refusal(Say("expected.numbers_of_choices", last))
    return Refusal(Say("expected.number_of_choice", last))


def _step(row: Row, typed: str, language: str) -> Answer | Refusal:
    first, last = row.parameters.start or 0, row.parameters.end or 0
    refusal = Refusal(Say("expected.number_between", {"first": first, "last": last}))
    number = _whole_number(typed)
    if number is not None:
        return number if first <= number <= last else refusal
    meant = Labels(row.choices, language, forgiving=False).find(letters(typed))
    if len(meant) != 1:
        return refusal
    name = row.choices[meant[0]].name
    step = _whole_number(name)
    if name == CANT_SAY:
        return CANT_SAY
    return step if step is not None and first <= step <= last else refusal


# Numbers and days

_MINUS: Final = str.maketrans("−–", "--")
_WHOLE: Final = re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?: [0-9]{3})+)")
_DECIMAL: Final = re.compile(rf"{_WHOLE.pattern}(?:[.,][0-9]+)?")
_ENGLISH_THOUSANDS: Final = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")
_DAY_MONTH: Final = re.compile(
    r"([0-9]{1,2}) ?[./-] ?([0-9]{1,2})(?: ?[./-](?: ?([0-9]{4}|[0-9]{2})\.?)?)?"
)
_YEAR_MONTH_DAY: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_YEARS: Final = range(1900, 2100)  # others are slips: 19.3.0206


def _number(typed: str) -> str:
    """`typed` as one line with single spaces, a plain minus and no full stop at its end."""
    return " ".join(visible(typed).translate(_MINUS).split()).removesuffix(".")


def _whole_number(typed: str) -> int | None:
    text = _number(typed)
    if _WHOLE.fullmatch(text) is None or _digits(text) > DIGITS_MOST:
        return None
    return int(text.replace(" ", ""))


def _integer(typed: str) -> Answer | Refusal:
    number = _whole_number(typed)
    if number is not None:
        return number
    return _no_number(typed, Say("expected.whole_number"))


def _decimal(typed: str, language: str) -> Answer | Refusal:
    text = _number(typed)
    # In English "1,200" may be 1200 or 1.2: nobody's number is read a thousand times too small.
    unclear = language == ENGLISH and _ENGLISH_THOUSANDS.fullmatch(text)
    if unclear or _DECIMAL.fullmatch(text) is None or _digits(text) > DIGITS_MOST:
        return _no_number(typed, Say("expected.number"))
    return Decimal(text.replace(" ", "").replace(",", ".")) or Decimal(0)  # no "-0"


def _no_number(typed: str, expected: Say) -> Refusal:
    text = _number(typed)
    if _DECIMAL.fullmatch(text) and _digits(text) > DIGITS_MOST:
        return Refusal(Say("expected.fewer_digits", {"limit": DIGITS_MOST}))
    return Refusal(expected)


def _digits(text: str) -> int:
    return sum(mark.isdigit() for mark in text)


def _day(typed: str, today: date) -> Answer | Refusal:
    """A day as people in Finland write it, or as ISO 8601. Without a year it is this year's; a
    year of two digits is the one from 80 years ago to 19 years ahead."""
    text = " ".join(visible(typed).translate(_MINUS).split())
    if match := _DAY_MONTH.fullmatch(text):
        day, month, year = match[1], match[2], match[3] or str(today.year)
    elif match := _YEAR_MONTH_DAY.fullmatch(text):
        year, month, day = match[1], match[2], match[3]
    else:
        return Refusal(Say("expected.day"))
    whole_year = int(year)
    if len(year) == 2:
        earliest = today.year - 80
        whole_year = earliest + (whole_year - earliest) % 100
    if whole_year not in _YEARS:
        return Refusal(Say("expected.day"))
    try:
        return date(whole_year, int(month), int(day))
    except ValueError:
        return Refusal(Say("expected.real_day"))


# Words

_YES: Final = frozenset(
    letters(words)
    for words in (
        *("kyllä", "kyllä kiitos", "joo", "juu", "jep", "selvä", "okei", "ok", "okay"),
        *("hyväksyn", "suostun", "kyllä hyväksyn", "kyllä suostun", "ymmärrän"),
        *("ja", "jo", "ja tack", "jag godkänner", "godkänner", "jag samtycker", "samtycker"),
        *("ja jag godkänner", "ja jag samtycker", "jag förstår"),
        *("yes", "yes please", "yep", "i agree", "agree", "i accept", "accept", "i consent"),
        *("yes i agree", "yes i accept", "yes i consent", "i understand"),
    )
)

_KEEP: Final = _YES | frozenset(
    letters(words)
    for words in (
        *("jätä", "jätä näin", "jätä se näin", "pidä", "pidä näin", "saa jäädä", "saa olla"),
        *("behåll", "behåll svaret", "behåll det", "låt vara", "låt det vara"),
        *("keep", "keep it", "keep it as it is", "keep my answer", "leave it"),
    )
)
_CHANGE: Final = frozenset(
    letters(words)
    for words in (
        *("ei", "en", "en halua", "muuta", "muuta vastausta", "muutan", "haluan muuttaa"),
        *("nej", "nej tack", "ändra", "ändra svaret", "jag vill ändra"),
        *("no", "no thanks", "change", "change it", "change my answer"),
    )
)

_LINE_ENDS: Final = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_EMPTY_LINES: Final = re.compile(r"\n{3,}")
_JOINER: Final = "\u200d"
_PHONE: Final = re.compile(r"\+?[0-9 ()./‐‑–−-]+")
_LAST_SEVEN: Final = re.compile(r" ([0-9]{3})([0-9]{4})$")


def _text(row: Row, typed: str) -> Answer | Refusal:
    text = _clean(typed)
    if not text:
        return Refusal(Say("expected.text"))
    return _within(row, text)


def _within(row: Row, text: str) -> str | Refusal:
    length = units(text)
    if length > row.limit:
        return Refusal(Say("expected.shorter", {"length": length, "limit": row.limit}))
    return text


def _clean(typed: str) -> str:
    """`typed` in NFC, trimmed, with at most one empty line in a row and without what cannot be
    seen: control characters, zero-width ones, overrides of direction, noncharacters. The joiner in
    an emoji of several parts stays."""
    text = _LINE_ENDS.sub("\n", typed).replace("\t", " ")
    kept: list[str] = []
    for index, mark in enumerate(text):
        if mark == _JOINER:
            after = text[index + 1 : index + 2]
            if kept and _pictorial(kept[-1]) and _pictorial(after):
                kept.append(mark)
        elif mark == "\n" or not _unseen(mark):
            kept.append(mark)
    text = unicodedata.normalize("NFC", "".join(kept))
    lines = "\n".join(line.rstrip() for line in text.split("\n"))
    return _EMPTY_LINES.sub("\n\n", lines).strip()


def _unseen(mark: str) -> bool:
    noncharacter = ord(mark) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(mark) <= 0xFDEF
    return noncharacter or unicodedata.category(mark) in ("Cc", "Cf", "Cs")


def _pictorial(mark: str) -> bool:
    """Whether `mark` is part of an emoji: a symbol, its variation selector (U+FE0F), or one newer
    than this Python's Unicode tables (not assigned, from U+1F000 on)."""
    if mark == "\ufe0f":
        return True
    category = unicodedata.category(mark) if mark else ""
    return category in ("So", "Sk", "Sm") or (category == "Cn" and ord(mark) >= 0x1F000)


def _contact(row: Row, typed: str) -> Answer | Refusal:
    """A phone number in its international form ("+358 40 123 4567"; without a country Finnish) or
    an e-mail address. Neither is tried: nothing leaves this machine."""
    text = " ".join(_clean(typed).split())
    if "@" in text:
        try:
            address = validate_email(text.strip("<>.,; "), check_deliverability=False)
        except EmailNotValidError:
            return Refusal(Say("expected.email"))
        return _within(row, address.normalized)
    if not _PHONE.fullmatch(text):
        return Refusal(Say("expected.phone_or_email"))
    try:
        number = phonenumbers.parse(text, "FI")
    except phonenumbers.NumberParseException:
        return Refusal(Say("expected.phone"))
    if not phonenumbers.is_valid_number(number):
        return Refusal(Say("expected.phone"))
    said = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return _within(row, _LAST_SEVEN.sub(r" \1 \2", said))  # as it is read aloud
