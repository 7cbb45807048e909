"""Phrases become words in a language, before any screen: the terminal speaks by this alone, and
does not wait for Telegram's library to load.

Phrases come from the catalogues in `locales`, dates and numbers from Babel.
"""

from __future__ import annotations

import gettext
import io
from importlib import resources
from typing import TYPE_CHECKING, Final

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.messages import mofile, pofile
from babel.numbers import format_decimal

from dialogs.languages import ENGLISH, FINNISH, LANGUAGES, SWEDISH
from dialogs.screens import (
    At,
    Dated,
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
    Written,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
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

DATES: Final = {FINNISH: "d.M.", SWEDISH: "d.M", ENGLISH: "d MMMM"}
DATES_WITH_YEAR: Final = {FINNISH: "d.M.y", SWEDISH: "d.M.y", ENGLISH: "d MMMM y"}
"""A date alone, as it stands in a mark: "28.1.", "28.1", "28 January"."""

CLOCK: Final = {FINNISH: "H.mm", SWEDISH: "HH.mm", ENGLISH: "HH:mm"}
BEFORE_CLOCK: Final = {FINNISH: " klo ", SWEDISH: " kl. ", ENGLISH: ", "}
"""A day and a time: "torstaina 19.3. klo 17.00", "torsdag 19.3 kl. 17.00", "Thursday 19 March,
17:00"."""


class Phrases:
    """Speaks `languages`: `zone` is where days begin and end, `today` is asked of the caller so
    that a year is named only where it is another."""

    def __init__(self, zone: ZoneInfo, languages: Sequence[str] = LANGUAGES) -> None:
        self._zone = zone
        self._catalogues = {language: _catalogue(language) for language in languages}

    def words(self, words: Words, language: str, today: date) -> str:
        """Anything said, in a language."""
        match words:
            case Say():
                return self._phrase(words, language, today)
            case Told():
                return words.text.get(language) or next(filter(None, words.text.values()), "")
            case Own() | Written():
                return words.text
            case Joined():
                return words.by.join(self.words(part, language, today) for part in words.parts)
            case Series():
                parts = [self.words(part, language, today) for part in words.parts]
                return format_list(parts, locale=LOCALES[language])
            case On():
                patterns = DAYS if words.day.year == today.year else DAYS_WITH_YEAR
                return format_date(words.day, patterns[language], locale=LOCALES[language])
            case Dated():
                patterns = DATES if words.day.year == today.year else DATES_WITH_YEAR
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


def _catalogue(language: str) -> gettext.GNUTranslations:
    """A catalogue, read from its source at start: nothing compiled can be out of date."""
    source = resources.files("locales").joinpath(language, "LC_MESSAGES", "raati.po")
    compiled = io.BytesIO()
    with source.open("rb") as file:
        mofile.write_mo(compiled, pofile.read_po(file, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
