"""Cards become text and buttons in a language.

What is said is `phrases`'. Strong words are marked with entities, whose offsets count UTF-16 units
(Bot API, MessageEntity), and never with markup: what a person wrote is shown exactly as written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity

from bot.phrases import Phrases
from dialogs.screens import (
    Button,
    Card,
    InLanguage,
    Joined,
    Linked,
    Say,
    Written,
    units,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from zoneinfo import ZoneInfo

    from dialogs.screens import Words

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
        self._phrases = Phrases(zone)

    def card(self, card: Card, today: date) -> Rendered:
        """The card in its language."""
        text = ""
        entities: list[MessageEntity] = []
        for number, paragraph in enumerate(card.paragraphs):
            text += "\n\n" if number else ""
            for place, line in enumerate(paragraph):
                text += "\n" if place else ""
                words = self.words(line.words, card.language, today)
                entities += [
                    MessageEntity(type=style, offset=units(text), length=units(words))
                    for style, marked in (("bold", line.strong), ("pre", line.code))
                    if marked and words
                ]
                entities += self._marks(line.words, card.language, today, units(text))
                text += words
        return Rendered(text, entities, self._keyboard(card, today))

    def _marks(
        self, words: Words, language: str, today: date, offset: int
    ) -> Iterator[MessageEntity]:
        """The links in a line that begins at `offset`, and what somebody marked in it."""
        if isinstance(words, Written):
            for mark in words.marks:
                yield MessageEntity(
                    type=str(mark.style),
                    offset=offset + mark.offset,
                    length=mark.length,
                    url=mark.url or None,
                )
        elif isinstance(words, Linked):
            length = units(self.words(words.words, language, today))
            yield MessageEntity(type="text_link", offset=offset, length=length, url=words.url)
        elif isinstance(words, InLanguage):
            yield from self._marks(words.words, words.language, today, offset)
        elif isinstance(words, Joined):
            for part in words.parts:
                yield from self._marks(part, language, today, offset)
                offset += units(self.words(part, language, today) + words.by)

    def words(self, words: Words, language: str, today: date) -> str:
        """Anything said, in a language."""
        return self._phrases.words(words, language, today)

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
