"""A panel for facts about single steps: who is here, what was tapped, what is then said and kept.

No bot and no database: a step is decided on a `Here` that is written down in the test.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeVar

from dialogs import buttons, conversation
from dialogs.events import Commanded, Event, Tapped, Typed
from dialogs.languages import LANGUAGES
from dialogs.outcome import Change, Here, Lay, Outcome
from dialogs.panel import buttons as panel_buttons
from dialogs.panel import links
from dialogs.panel.buttons import Page, panel
from dialogs.panel.records import (
    Coordinator,
    Invitation,
    Meeting,
    Member,
    Panel,
    Purpose,
    Standing,
)
from dialogs.screens import Card, units
from tests.chat import HELSINKI, NOW, RENDERER, office

if TYPE_CHECKING:
    from dialogs.announcement import Announcement
    from dialogs.panel.records import Text

Effect = TypeVar("Effect", Change, Lay)

TODAY: Final = NOW.date()
CHAT: Final = 5_000_000_001
TOKEN: Final = links.token(b"0123456789abcdef")
LINK: Final = "https://teams.microsoft.com/meet/1234567890?p=abc"
THEME: Final[Text] = {
    "fi": "Yhdenvertaisuus palveluissa",
    "sv": "Likabehandling i tjänsterna",
    "en": "Equality in the services",
}


def key(number: int) -> bytes:
    return number.to_bytes(8, "big") * 2


def member(number: int = 1, **also: Any) -> Member:
    first = date(2027, 1, 1)
    given: dict[str, Any] = {
        "name": f"Maija Esimerkki {number} (keksitty)",
        "contact": "014 000 0000",
        "language": "fi",
        "standing": Standing.MEMBER,
        "first_day": first,
        "last_day": date(2028, 12, 31),
        "chat": CHAT if number == 1 else CHAT + number,
    }
    return Member(key(number), **{**given, **also})


def coordinator(number: int = 50, name: str = "Kaisa") -> Coordinator:
    return Coordinator(key(number), name, "fi", CHAT + number)


def invitation(purpose: Purpose, **also: Any) -> Invitation:
    given: dict[str, Any] = {
        "expires": datetime(2027, 2, 10, 22, 0, tzinfo=UTC),  # midnight in Helsinki
        "made_on": NOW.date(),
        "made_by": "Kaisa",
    }
    return Invitation(links.digest(TOKEN), purpose, **{**given, **also})


def meeting(number: int = 100, start: str = "2027-03-18 17:00", **also: Any) -> Meeting:
    begins = wall(start)
    return Meeting(key(number), begins, begins + timedelta(hours=2), THEME, LINK, **also)


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HELSINKI)


def here(of: Member | None = None, **also: Any) -> Here:
    """`of` is whose chat it is; they stand in the panel unless another is given."""
    given: dict[str, Any] = {
        "office": office(),
        "running": (),
        "drafts": {},
        "now": NOW,
        "chance": 7,
        "phone": "fi",
        "chat": CHAT,
        "name": "Maija",
        "bot_link": "https://t.me/raati_bot",
        "fresh": bytes(range(100, 132)),
        "panel": Panel(members=() if of is None else (of,)),
        "member": of,
    }
    return Here(**{**given, **also})


def press(
    at: Here, page: Page, about: bytes | str = "", more: str = "", language: str = "fi"
) -> Outcome:
    return does(at, Tapped(panel(language, page, about, more), 10))


def types(at: Here, text: str, message: int = 20) -> Outcome:
    return does(at, Typed(text, message, at.now))


def opens(at: Here) -> Outcome:
    """The bot's link with `TOKEN`."""
    return does(at, Commanded("start", links.payload(TOKEN), 5))


def does(at: Here, event: Event) -> Outcome:
    """One step; whatever it shows or announces must be legible in every language."""
    outcome = conversation.step(at, event)
    cards = list(outcome.cards)
    for one in announced(outcome):
        assert len(one.occasion) <= 96
        assert one.cards.keys() == set(LANGUAGES)
        assert one.due < one.expires
        cards += one.cards.values()
    for card in cards:
        legible(card, at.now.date())
    return outcome


def legible(card: Card, today: date) -> None:
    """It fits a message, no phrase is without its text, and every button can be read."""
    for language in LANGUAGES:
        shown = RENDERER.card(replace(card, language=language), today)
        assert 0 < units(shown.text) <= (1024 if card.file else 2000), shown.text
        assert "{" not in shown.text
        for row in shown.keyboard.inline_keyboard if shown.keyboard else ():
            for button in row:
                assert "." not in button.text or " " in button.text, button.text
    for row in card.rows:
        for one in row:
            assert one.link or panel_buttons.read(one.data) or buttons.read(one.data), one
            assert len(one.data.encode()) <= 64


def text(outcome: Outcome, today: date = TODAY) -> str:
    """What is shown, one card after another."""
    return "\n\n".join(words(card, today) for card in outcome.cards)


def words(card: Card, today: date = TODAY) -> str:
    """A card's text and, in brackets, what its buttons say."""
    shown = RENDERER.card(card, today)
    rows = shown.keyboard.inline_keyboard if shown.keyboard is not None else []
    return "\n".join([shown.text, *(f"[{button.text}]" for row in rows for button in row)])


def change(outcome: Outcome) -> Change:
    [found] = [one for one in outcome.effects if isinstance(one, Change)]
    return found


def changes(outcome: Outcome) -> bool:
    return any(isinstance(one, Change) for one in outcome.effects)


def laid(outcome: Outcome) -> Lay:
    [found] = [one for one in outcome.effects if isinstance(one, Lay)]
    return found


def announced(outcome: Outcome) -> tuple[Announcement, ...]:
    return tuple(
        one for effect in outcome.effects if isinstance(effect, Change) for one in effect.plan
    )


def kept(outcome: Outcome, kind: type[Any]) -> Any:
    """The one record of its kind that is kept."""
    [found] = [one for one in change(outcome).keep if isinstance(one, kind)]
    return found
