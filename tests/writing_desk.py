"""Coordinators who write broadcasts, each at a desk of their own: what is kept is one panel, and
one clock hangs on the wall."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from dialogs.announcement import Audience, Circle, Reach
from dialogs.broadcasts.records import Broadcast, Pointer, Target, Wording
from dialogs.events import Edited, Matter, Sent, Typed
from dialogs.life import Running, State
from dialogs.panel.buttons import Page
from dialogs.panel.records import Panel
from tests.chat import library
from tests.desk import KAISA, NOW, coordinator, key
from tests.meeting_desk import MeetingDesk

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from dialogs.announcement import Announcement
    from dialogs.outcome import Change, Here
    from dialogs.panel.records import Coordinator, Record
    from dialogs.screens import Mark

SUBSCRIBERS = Audience(Circle.SUBSCRIBERS)
MEMBERS = Audience(Circle.MEMBERS)
RESERVE = Audience(Circle.RESERVE)
APPLICANTS = Audience(Circle.APPLICANTS, "application")
REACH: Mapping[Audience, Reach] = {
    SUBSCRIBERS: Reach({"fi": 3000, "sv": 150, "en": 60}, gone=12),
    MEMBERS: Reach({"fi": 17, "sv": 2, "en": 0}, without=1),
    RESERVE: Reach({}),
    APPLICANTS: Reach({"fi": 41}),
}
OLLI = coordinator("Olli")
LINK = "https://hyvaks.example/kysely"
TEXTS = {
    "fi": f"Kysely on nyt auki. Vastaa täällä: {LINK}",
    "sv": f"Enkäten är nu öppen. Svara här: {LINK}",
    "en": f"The survey is now open. Answer here: {LINK}",
}
SAFETY = Running(library("safety"), State.OPEN, date(2027, 1, 1), date(2027, 2, 28))
CALL = Running(library("application"), State.CLOSED, date(2026, 1, 1), date(2026, 2, 8))


def pointer(name: str = "Kannanotto", **more: Any) -> Pointer:
    known: dict[str, Any] = {
        "target": Target.PAGE,
        "to": "https://hyvaks.example/kannanotto",
        "title": {"fi": name, "sv": "Ställningstagande", "en": "Statement"},
        "made_on": date(2027, 1, 20),
        **more,
    }
    return Pointer(key(name), revision=1, **known)


def broadcast(name: str = "Tiedote", **more: Any) -> Broadcast:
    """Kaisa's, to all subscribers, written in every language."""
    known: dict[str, Any] = {
        "author": KAISA.key,
        "made_on": NOW.date(),
        "circle": Circle.SUBSCRIBERS,
        "wordings": {language: Wording(text) for language, text in TEXTS.items()},
        "revision": 1,
        **more,
    }
    return Broadcast(key(name), **known)


class Wall:
    """What every desk shares."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.panel = Panel(reach=REACH, surveys=(SAFETY, CALL))
        self.planned: dict[str, Announcement] = {}


class WritingDesk(MeetingDesk):
    """Kaisa's; `beside` gives a colleague's."""

    wall: Wall

    def __init__(self, *kept: Record, now: datetime = NOW, **more: Any) -> None:
        self.wall = Wall(now)
        super().__init__(*kept, now=now, **more)
        self.wall.panel = replace(self.panel, reach=REACH, surveys=(SAFETY, CALL))

    def beside(self, colleague: Coordinator) -> WritingDesk:
        """The desk of somebody who has been a coordinator all along."""
        desk = copy(self)
        desk.me = colleague
        desk.task, desk.cards, desk.removed, desk.newest = None, {}, [], 0
        desk.steps = 1000
        return desk

    @property
    def panel(self) -> Panel:
        return self.wall.panel

    @panel.setter
    def panel(self, panel: Panel) -> None:
        self.wall.panel = panel

    @property
    def now(self) -> datetime:
        return self.wall.now

    @now.setter
    def now(self, now: datetime) -> None:
        self.wall.now = now

    @property
    def planned(self) -> dict[str, Announcement]:
        return self.wall.planned

    @planned.setter
    def planned(self, planned: dict[str, Announcement]) -> None:
        self.wall.planned = planned

    @property
    def here(self) -> Here:
        return replace(super().here, running=(SAFETY,))

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)

    # What happens

    def writes(self, text: str, marks: tuple[Mark, ...] = (), *, seconds: float = 60) -> str:
        self.passes(seconds=seconds)
        self.newest += 1
        self.step(Typed(text, self.newest, self.now, marks))
        return self.said

    def sends_picture(self, text: str = "", marks: tuple[Mark, ...] = ()) -> str:
        self.newest += 1
        event = Sent(Matter.PICTURE, self.newest, picture="a picture", text=text, marks=marks)
        self.step(event)
        return self.said

    def sends_matter(self, matter: Matter) -> str:
        self.newest += 1
        self.step(Sent(matter, self.newest))
        return self.said

    def changes_message(self, message: int, text: str, marks: tuple[Mark, ...] = ()) -> str:
        self.step(Edited(text, message, marks))
        return self.said

    def typed_in(self, language: str) -> int:
        """The message in which a language was written."""
        assert self.task is not None
        return int(self.task.given[language])

    def begins(self, audience: str = "Uutisten tilaajat") -> None:
        """A new broadcast, at its first words."""
        self.opens(Page.BROADCASTS)
        self.taps("Uusi tiedote")
        self.taps(audience)

    def writes_all(self, texts: Mapping[str, str] = TEXTS) -> str:
        for text in texts.values():
            self.writes(text)
        return self.said

    def tests(self) -> str:
        self.taps("Lähetä testi")
        return self.taps(
            next(one for one in self.labels() if one.startswith(("Linkit", "Näyttää")))
        )

    def composed(self) -> Broadcast:
        """A whole draft, tested."""
        self.begins()
        self.writes_all()
        self.tests()
        return self.draft

    def sends(self) -> str:
        """It is reviewed and confirmed, as far as this desk can."""
        self.taps("Tarkista ja lähetä")
        return self.taps(next(one for one in self.labels() if one.startswith(("Pyydä", "Lähetä"))))

    # What is kept

    @property
    def draft(self) -> Broadcast:
        (one,) = self.panel.broadcasts
        return one

    def keep(self, record: Record) -> None:
        if not isinstance(record, Broadcast | Pointer):
            super().keep(record)
            return
        records: list[Broadcast | Pointer] = [*self.panel.broadcasts, *self.panel.pointers]
        known = {one.key: one.revision for one in records}
        assert known.get(record.key, 0) == record.revision, "it has changed since"
        self.put(replace(record, revision=record.revision + 1))

    def put(self, record: Record) -> None:
        if not isinstance(record, Broadcast | Pointer):
            super().put(record)
            return
        if isinstance(record, Broadcast):
            left = tuple(one for one in self.panel.broadcasts if one.key != record.key)
            self.panel = replace(self.panel, broadcasts=(record, *left))
        else:
            links = tuple(one for one in self.panel.pointers if one.key != record.key)
            self.panel = replace(self.panel, pointers=(record, *links))

    def erase(self, gone: bytes) -> None:
        super().erase(gone)
        left = tuple(one for one in self.panel.broadcasts if one.key != gone)
        self.panel = replace(self.panel, broadcasts=left)

    def change(self, change: Change) -> None:
        super().change(change)
        for prefix in change.withdraw:
            assert prefix.count(":") >= 2, "it would take back what is not its own"

    def look_at_announcement(self, announcement: Announcement) -> None:
        if not announcement.only:
            super().look_at_announcement(announcement)

    def told(self, whom: Coordinator) -> list[str]:
        """What somebody is told unprompted by now, in Finnish."""
        return [
            self.text(one.cards["fi"])
            for one in self.planned.values()
            if one.audience == Audience(Circle.PERSON, whom.key.hex()) and one.due <= self.now
        ]

    def going_out(self) -> list[Announcement]:
        """What is planned of broadcasts themselves."""
        return [one for occasion, one in self.planned.items() if occasion.startswith("broadcast:")]
