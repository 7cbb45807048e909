"""Cards become text and buttons in a language.

Phrases come from the catalogues in `locales`, dates and numbers from Babel. Strong words are
marked with entities, whose offsets count UTF-16 units (Bot API, MessageEntity), and never with
markup: what a person wrote is shown exactly as written.
"""

from __future__ import annotations

import gettext
import io
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Final

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity
from babel import Locale
from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.messages import mofile, pofile
from babel.numbers import format_decimal

from dialogs.languages import ENGLISH, FINNISH, LANGUAGES, SWEDISH
from dialogs.screens import (
    At,
    Button,
    Card,
    InLanguage,
    Joined,
    Linked,
    Number,
    On,
    Own,
    Say,
    Series,
    Span,
    Told,
    units,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from dialogs.screens import Value, Words

LOCALES: Final = {
    FINNISH: Locale("fi"),
    SWEDISH: Locale("sv", "FI"),
    ENGLISH: Locale("en", "GB"),
}

DAYS: Final = {FINNISH: "cccc'na' d.M.", SWEDISH: "EEEE d.M", ENGLISH: "EEEE d MMMM"}
"""How a day is said: "torstaina 19.3.", "torsdag 19.3", "Thursday 19 March" (CLDR patterns).
CLDR's own Finnish form is the essive for every day but Sunday, so it is made here."""

DAYS_WITH_YEAR: Final = {FINNISH: "cccc'na' d.M.y", SWEDISH: "EEEE d.M.y", ENGLISH: "EEEE d MMMM y"}

CLOCK: Final = {FINNISH: "H.mm", SWEDISH: "HH.mm", ENGLISH: "HH:mm"}
BEFORE_CLOCK: Final = {FINNISH: " klo ", SWEDISH: " kl. ", ENGLISH: ", "}
"""A day and a time: "torstaina 19.3. klo 17.00", "torsdag 19.3 kl. 17.00", "Thursday 19 March,
17:00"."""

LONGEST: Final = 4096
"""UTF-16 units in a message (Bot API, sendMessage)."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A card as Telegram takes it."""

    text: str
    entities: list[MessageEntity]
    keyboard: InlineKeyboardMarkup | None


class Renderer:
    """Speaks the three languages: `zone` is where days begin and end, `today` is asked of the
    caller so that a year is named only where it is another."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._catalogues = {language: _catalogue(language) for language in LANGUAGES}

    def card(self, card: Card, today: date) -> Rendered:
        """The card in its language."""
        text = ""
        entities: list[MessageEntity] = []
        for number, paragraph in enumerate(card.paragraphs):
            text += "\n\n" if number else ""
            for place, line in enumerate(paragraph):
                text += "\n" if place else ""
                words = self.words(line.words, card.language, today)
                if line.strong and words:
                    entities.append(
                        MessageEntity(type="bold", offset=units(text), length=units(words))
                    )
                entities += self._links(line.words, card.language, today, units(text))
                text += words
        return Rendered(text, entities, self._keyboard(card, today))

    def _links(
        self, words: Words, language: str, today: date, offset: int
    ) -> Iterator[MessageEntity]:
        """The links in a line that begins at `offset`."""
        if isinstance(words, Linked):
            length = units(self.words(words.words, language, today))
            yield MessageEntity(type="text_link", offset=offset, length=length, url=words.url)
        elif isinstance(words, InLanguage):
            yield from self._links(words.words, words.language, today, offset)
        elif isinstance(words, Joined):
            for part in words.parts:
                yield from self._links(part, language, today, offset)
                offset += units(self.words(part, language, today) + words.by)

    def words(self, words: Words, language: str, today: date) -> str:
        """Anything said, in a language."""
        match words:
            case Say():
                return self._phrase(words, language, today)
            case Told():
                return words.text.get(language) or next(filter(None, words.text.values()), "")
            case Own():
                return words.text
            case Joined():
                return words.by.join(self.words(part, language, today) for part in words.parts)
            case Series():
                parts = [self.words(part, language, today) for part in words.parts]
                return format_list(parts, locale=LOCALES[language])
            case On():
                patterns = DAYS if words.day.year == today.year else DAYS_WITH_YEAR
                return format_date(words.day, patterns[language], locale=LOCALES[language])
            case At():
                local = words.moment.astimezone(self._zone)
                day = self.words(On(local.date()), language, today)
                return f"{day}{BEFORE_CLOCK[language]}{self._clock(local, language)}"
            case Span():
                end = words.end.astimezone(self._zone)
                until = self._clock(end, language)
                if end.date() != words.start.astimezone(self._zone).date():
                    until = self.words(At(end), language, today)
                return f"{self.words(At(words.start), language, today)}–{until}"
            case Linked():
                return self.words(words.words, language, today)
            case InLanguage():
                return self.words(words.words, words.language, today)
            case Number():
                return format_decimal(
                    words.value, locale=LOCALES[language], decimal_quantization=False
                )

    @staticmethod
    def _clock(local: datetime, language: str) -> str:
        return format_datetime(local, CLOCK[language], locale=LOCALES[language])

    def _phrase(self, said: Say, language: str, today: date) -> str:
        catalogue = self._catalogues[language]
        if said.count is None:
            phrase = catalogue.gettext(said.phrase)
        else:
            phrase = catalogue.ngettext(said.phrase, said.phrase, said.count)
        values = dict(said.values)
        if said.count is not None:
            values["count"] = said.count
        return phrase.format(
            **{name: self._value(value, language, today) for name, value in values.items()}
        )

    def _value(self, value: Value, language: str, today: date) -> str:
        if isinstance(value, int):
            return format_decimal(value, locale=LOCALES[language])
        return self.words(value, language, today)

    def _keyboard(self, card: Card, today: date) -> InlineKeyboardMarkup | None:
        if not card.rows:
            return None
        return InlineKeyboardMarkup(
            inline_keyboard=[
                [self._button(button, card.language, today) for button in row] for row in card.rows
            ]
        )

    def _button(self, button: Button, language: str, today: date) -> InlineKeyboardButton:
        label = self.words(button.label, language, today)
        if button.number is not None:
            label = f"{button.number}. {label}"
        if button.chosen:
            label = self.words(Say("mark.chosen"), language, today) + label
        if button.link:
            return InlineKeyboardButton(text=label, url=button.link)
        return InlineKeyboardButton(text=label, callback_data=button.data)


def _catalogue(language: str) -> gettext.GNUTranslations:
    """A catalogue, read from its source at start: nothing compiled can be out of date."""
    source = resources.files("locales").joinpath(language, "LC_MESSAGES", "raati.po")
    compiled = io.BytesIO()
    with source.open("rb") as file:
        mofile.write_mo(compiled, pofile.read_po(file, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
