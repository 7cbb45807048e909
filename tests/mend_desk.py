"""A coordinator's desk for broadcasts that are under way: as `tests.survey_desk`, with what became
of each message, and what a decision would send.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from dialogs.announcement import Circle, Mended, Report, Stage, State
from dialogs.broadcasts import planning
from dialogs.broadcasts.records import Broadcast, Life, Occasion, Ready, Wording
from dialogs.events import Edited, Matter, Sent, Tapped, Typed
from dialogs.panel.buttons import Page
from dialogs.screens import Mark, units
from tests.desk import HELSINKI, KAISA, RENDERER, key
from tests.survey_desk import SurveyDesk

if TYPE_CHECKING:
    from dialogs.announcement import Announcement
    from dialogs.outcome import Change
    from dialogs.panel.records import Record
    from dialogs.screens import Card, Line, Words

THE_27TH = datetime(2027, 1, 27, 9, 0, tzinfo=HELSINKI)
THE_28TH = datetime(2027, 1, 28, 16, 30, tzinfo=HELSINKI)

WRONG = "https://kysely.example/vaara"
RIGHT = "https://kysely.example/oikea"

FI = Wording(f"Kysely on auki. Vastaa 8.2. mennessä: {WRONG}")
SV = Wording(f"Enkäten är öppen. Svara senast 8.2: {WRONG}")
EN = Wording(f"The survey is open. Please answer by 8 February: {WRONG}")

READY = Ready(Occasion.OPENED, "equality", date(2027, 2, 8))


def broadcast(**more: Any) -> Broadcast:
    """To subscribers in three languages, sent on the 27th."""
    known: dict[str, Any] = {
        "key": key("tiedote"),
        "author": KAISA.key,
        "made_on": THE_27TH.date(),
        "circle": Circle.SUBSCRIBERS,
        "wordings": {"fi": FI, "sv": SV, "en": EN},
        "life": Life.CONFIRMED,
        "due": THE_27TH,
        "version": 1,
        "revision": 1,
        **more,
    }
    return Broadcast(**known)


class MendDesk(SurveyDesk):
    """`changes` is what was decided, the newest last."""

    def __init__(self, *kept: Record, now: datetime = THE_28TH, language: str = "fi") -> None:
        super().__init__(now=now, language=language)
        self.changes: list[Change] = []
        for one in kept:
            self.put(one)

    @property
    def it(self) -> Broadcast:
        return next(one for one in self.panel.broadcasts if one.key == key("tiedote"))

    def types(self, text: str, *marks: Mark) -> str:
        self.newest += 1
        self.step(Typed(text, self.newest, self.now, marks))
        return self.said

    def types_again(self, text: str) -> str:
        """The last message is delivered once more."""
        assert self.task is not None
        self.step(Typed(text, int(self.task.given["heard"]), self.now))
        return self.said

    def edits(self, text: str, message: int | None = None) -> str:
        at = message
        if at is None:
            assert self.task is not None
            at = int(self.task.given["heard"])
        self.step(Edited(text, at))
        return self.said

    def sends_picture(self, text: str = "", *marks: Mark) -> str:
        self.newest += 1
        sent = Sent(Matter.PICTURE, self.newest, picture="picture-2", text=text, marks=marks)
        self.step(sent)
        return self.said

    def sends_voice(self) -> str:
        self.newest += 1
        self.step(Sent(Matter.VOICE, self.newest))
        return self.said

    def taps_data(self, data: str) -> str:
        self.step(Tapped(data, max(self.cards)))
        return self.said

    def begins(self) -> str:
        return self.opens(Page.MEND, self.it.key)

    def reports(self, **found: Report) -> None:
        """What became of the message and of news of corrections: `text=…`, `notice_1=…`."""
        names = {name: name.replace("_", "-") for name in found}
        known = {planning.occasion(self.it, names[name]): one for name, one in found.items()}
        self.panel = replace(self.panel, reports={**self.panel.reports, **known})

    def change(self, change: Change) -> None:
        super().change(change)
        self.changes.append(change)

    @property
    def corrected(self) -> Announcement:
        (one,) = self.changes[-1].correct
        return one

    @property
    def news(self) -> Announcement:
        (one,) = self.changes[-1].plan
        return one

    def reads(self, card: Card) -> str:
        """As somebody receives it, with its buttons."""
        labels = [f"[{self.label(one.label, card.language)}]" for one in self.buttons(card)]
        return "\n".join((self.text(card), *labels))

    def said_by(self, line: Line) -> str:
        return RENDERER.words(line.words, self.language, self.now.date())

    def label(self, words: Words, language: str) -> str:
        return RENDERER.words(words, language, self.now.date())

    def look_at(self, card: Card) -> None:
        if card.paragraphs or not card.picture:
            super().look_at(card)

    def look_at_announcement(self, announcement: Announcement) -> None:
        assert len(announcement.occasion) <= 96
        assert announcement.due < announcement.expires
        for one in announcement.cards.values():
            assert 0 < units(self.text(one)) <= 4096
            assert not [told for told in self.of_persons() if told in self.text(one)]


def sent(count: int = 0, *, stage: Stage = Stage.ENDED, **more: Any) -> Report:
    """`sent(5, waiting=3, stage=Stage.OPEN)`; other states by their value."""
    fields = {"doubled", "missed", "held", "mended", "languages"} & set(more)
    about = {name: more.pop(name) for name in fields}
    states = {State.SENT: count, **{State(name): number for name, number in more.items()}}
    return Report(
        {state: number for state, number in states.items() if number}, stage=stage, **about
    )


def mended(**counts: int) -> dict[Mended, int]:
    """`mended(edited=3, not_yet=1)`."""
    return {Mended(name.replace("_", " ")): number for name, number in counts.items()}
