"""A coordinator's desk without a bot: the panel's dialogs in a world small enough to hold in a
test.

What is kept is one `Panel`, changed as storage would change it. After every step the desk looks at
itself, and complains where a card names a person and would stay, where something typed of a person
would stay, where a message unprompted names anybody, or a button could not be sent.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.render import LONGEST, Renderer
from dialogs.events import Event, Matter, Sent, Tapped, Typed
from dialogs.languages import LANGUAGES
from dialogs.outcome import Change, Here, Lay, Outcome
from dialogs.panel import door
from dialogs.panel.buttons import Page, panel
from dialogs.panel.records import (
    Attendance,
    Coordinator,
    Deed,
    Invitation,
    Meeting,
    Member,
    Panel,
    Record,
    Standing,
    Task,
)
from dialogs.screens import Button, Card, Place, Words, units
from tests.chat import office

if TYPE_CHECKING:
    from dialogs.announcement import Announcement

HELSINKI = ZoneInfo("Europe/Helsinki")
NOW = datetime(2027, 1, 27, 12, 0, tzinfo=HELSINKI)
TODAY = NOW.date()
LAST = date(2028, 12, 31)
RENDERER = Renderer(HELSINKI)


def key(name: str) -> bytes:
    return name.encode().ljust(16, b".")[:16]


def member(
    name: str,
    standing: Standing = Standing.MEMBER,
    *,
    chat: int | None = 7,
    language: str = "fi",
    **more: object,
) -> Member:
    """Somebody invented, in the register since New Year."""
    known: dict[str, object] = {
        "first_day": date(2027, 1, 1),
        "last_day": LAST,
        "contact": f"{name.split()[0].lower()}@posti.example",
        **more,
    }
    return Member(
        key=key(name),
        name=name,
        language=language,
        standing=standing,
        chat=chat,
        revision=1,
        **known,  # type: ignore[arg-type]
    )


def coordinator(name: str, **more: object) -> Coordinator:
    return Coordinator(key(name), name, "fi", hash(name), revision=1, **more)  # type: ignore[arg-type]


KAISA = coordinator("Kaisa")


def meeting(theme: str = "Arjen turvallisuus", **more: object) -> Meeting:
    start = datetime(2027, 3, 18, 17, 0, tzinfo=HELSINKI)
    known: dict[str, object] = {"start": start, "end": start + timedelta(hours=2), **more}
    return Meeting(
        key=key(theme),
        theme={"fi": theme},
        link="https://teams.microsoft.com/l/meetup-join/abc",
        revision=1,
        **known,  # type: ignore[arg-type]
    )


class Desk:
    """The chat of Kaisa, who is a coordinator. Cards by the id of their message."""

    def __init__(self, *kept: Record, language: str = "fi", now: datetime = NOW) -> None:
        self.language = language
        self.now = now
        self.me: Coordinator = KAISA
        self.panel = Panel()
        self.task: Task | None = None
        self.bot_link = "https://t.me/raati_bot"
        self.cards: dict[int, Card] = {}
        self.removed: list[int] = []
        self.planned: dict[str, Announcement] = {}
        self.newest = 0
        self.steps = 0
        for record in (KAISA, *kept):
            self.put(record)

    # What happens

    def opens(self, page: Page, about: bytes | str = "", more: str | int = "") -> str:
        """A button of this page is tapped, from wherever; what the card then says."""
        if not self.cards:
            self.newest += 1
            self.cards[self.newest] = Card(self.language, ())
        message = max(self.cards)
        self.step(Tapped(panel(self.language, page, about, more), message))
        return self.said

    def taps(self, label: str) -> str:
        """The button whose label begins so, on the newest card that has it."""
        for message in sorted(self.cards, reverse=True):
            for button in self.buttons(self.cards[message]):
                if self.words(button.label).startswith(label) or label == self.numbered(button):
                    self.step(Tapped(button.data, message))
                    return self.said
        raise AssertionError(f"no button {label!r}: {self.labels()}")

    def types(self, text: str) -> str:
        self.newest += 1
        typed = self.newest
        self.step(Typed(text, typed, self.now))
        assert typed in self.removed, "what is typed of a person does not stay"
        return self.said

    def sends(self) -> str:
        self.newest += 1
        self.step(Sent(Matter.VOICE, self.newest))
        return self.said

    def step(self, event: Event) -> Outcome:
        outcome = door.step(self.here, event)
        assert outcome is not None, event
        for effect in outcome.effects:
            match effect:
                case Change():
                    self.change(effect)
                case Lay(task):
                    self.task = task
        self.removed += outcome.remove
        shown = 0
        for card in outcome.cards:
            shown = self._shown_on(event, card)
            self.cards[shown] = card
            self.look_at(card)
        if self.task is not None and shown:
            self.task = replace(self.task, card=shown)
        for message in outcome.close:
            self.cards[message] = replace(self.cards[message], rows=())
        self.steps += 1
        return outcome

    def _shown_on(self, event: Event, card: Card) -> int:
        if card.place is Place.EDIT and isinstance(event, Tapped):
            return event.message
        self.newest += 1
        return self.newest

    @property
    def here(self) -> Here:
        return Here(
            office=office(),
            running=(),
            drafts={},
            now=self.now,
            chance=1,
            phone=self.language,
            chat=self.me.chat,
            name="Kaisa",
            bot_link=self.bot_link,
            fresh=self.steps.to_bytes(2, "big") * 16,
            panel=self.panel,
            coordinator=next((c for c in self.panel.coordinators if c.key == self.me.key), None),
            task=self.task,
        )

    # What is kept

    def change(self, change: Change) -> None:
        for record in change.keep:
            self.keep(record)
        for gone in change.erase:
            self.erase(gone.key)
        for prefix in change.withdraw:
            for occasion in [one for one in self.planned if one.startswith(prefix)]:
                del self.planned[occasion]
        for announcement in change.plan:
            self.planned.setdefault(announcement.occasion, announcement)
            self.look_at_announcement(announcement)
        trail = (*reversed(change.trail), *self.panel.trail)
        self.panel = replace(self.panel, trail=trail)

    def keep(self, record: Record) -> None:
        """As storage does, refused where it has changed since."""
        if isinstance(record, Attendance):
            attendance = dict(self.panel.attendance)
            attendance[record.meeting, record.member] = record.coming
            self.panel = replace(self.panel, attendance=attendance)
            return
        name, _ = _PLACES[type(record)]
        known = {one.key: one.revision for one in getattr(self.panel, name)}
        assert known.get(record.key, 0) == record.revision, "it has changed since"
        self.put(replace(record, revision=record.revision + 1))

    def put(self, record: Record) -> None:
        """As if it had been kept so all along."""
        if isinstance(record, Attendance):
            self.keep(record)
            return
        name, order = _PLACES[type(record)]
        known = {one.key: one for one in getattr(self.panel, name)}
        known[record.key] = record
        self.panel = replace(self.panel, **{name: tuple(sorted(known.values(), key=order))})

    def erase(self, gone: bytes) -> None:
        for name, _ in _PLACES.values():
            left = tuple(one for one in getattr(self.panel, name) if one.key != gone)
            self.panel = replace(self.panel, **{name: left})
        readers = tuple(one for one in self.panel.readers if one.key != gone)
        self.panel = replace(self.panel, readers=readers)

    def find(self, name: str) -> Member:
        return next(one for one in self.panel.members if one.name == name)

    @property
    def deeds(self) -> list[str]:
        """What was done, the newest first."""
        return [deed.what for deed in self.panel.trail]

    @property
    def last_deed(self) -> Deed:
        return self.panel.trail[0]

    # What is shown

    @property
    def card(self) -> Card:
        return self.cards[max(self.cards)]

    @property
    def said(self) -> str:
        return self.text(self.card)

    def text(self, card: Card) -> str:
        return RENDERER.card(card, self.now.date()).text

    def words(self, words: Words) -> str:
        return RENDERER.words(words, self.language, self.now.date())

    def numbered(self, button: Button) -> str:
        return f"{button.number}. {self.words(button.label)}"

    def buttons(self, card: Card) -> list[Button]:
        return [button for row in card.rows for button in row]

    def labels(self) -> list[str]:
        return [self.words(button.label) for button in self.buttons(self.card)]

    # What must hold

    def look_at(self, card: Card) -> None:
        text = self.text(card)
        labels = [self.words(button.label) for button in self.buttons(card)]
        assert 0 < units(text) <= LONGEST, units(text)
        assert "\n\n\n" not in text
        for button in self.buttons(card):
            assert 0 < len(button.data.encode()) <= 64, button
            assert door.read(button.data) or button.data.startswith("m:"), button
        if any(told in " ".join((text, *labels)) for told in self.of_persons()):
            assert card.private, f"it would stay: {text}"
            assert card.place is Place.EDIT

    def look_at_announcement(self, announcement: Announcement) -> None:
        assert len(announcement.occasion) <= 96
        assert set(announcement.cards) == set(LANGUAGES)
        assert announcement.due < announcement.expires
        for card in announcement.cards.values():
            text = self.text(card)
            assert not [told for told in self.of_persons() if told in text]

    def of_persons(self) -> list[str]:
        members = [told for one in self.panel.members for told in (one.name, one.contact)]
        officials = (*self.panel.coordinators, *self.panel.readers)
        return members + [one.name for one in officials]


_PLACES = {
    Member: ("members", lambda one: one.name.casefold()),
    Coordinator: ("coordinators", lambda one: one.name.casefold()),
    Invitation: ("invitations", lambda one: one.expires),
    Meeting: ("meetings", lambda one: one.start),
}
