"""A coordinator's desk for meetings: as `tests.desk`, with what was sent, and several who work at
it. What is typed of a meeting stays in the chat: it is of no person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from bot.render import LONGEST
from dialogs.announcement import Report, State
from dialogs.events import Edited, Matter, Sent, Tapped, Typed
from dialogs.panel import door
from dialogs.panel.buttons import Page, panel
from dialogs.panel.records import Attendance, Coming, Meeting
from dialogs.screens import Place, units
from tests.chat import office
from tests.desk import KAISA, Desk, meeting, member

if TYPE_CHECKING:
    from dialogs.announcement import Announcement
    from dialogs.outcome import Change, Here
    from dialogs.panel.records import Member, Record
    from dialogs.screens import Card

LINK = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_keksitty%40thread.v2/0"
OTHER_LINK = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_toinen%40thread.v2/0"
INVITATION = f"""Microsoft Teams -kokous
Liity: {LINK}
Kokouksen tunnus: 123 456 789 01
Tunnuskoodi: aB3dE6
+358 9 1234 5678,,12345678# Finland, Helsinki"""

MAIJA = member("Maija Esimerkki", chat=11)
NILS = member("Nils Exempel", chat=12, language="sv")
MARY = member("Mary Example", chat=13, language="en")
PAAVO = member("Paavo Puhelin", chat=None, contact="+358 40 000 0000")


class MeetingDesk(Desk):
    """`corrected` holds what was put in place later, by occasion."""

    def __init__(self, *kept: Record, **more: object) -> None:
        self.office = office()
        self.corrected: dict[str, Announcement] = {}
        self.withdrawn: list[str] = []
        self.ever: list[str] = []  # the data of every button that was shown
        super().__init__(*kept, **more)  # type: ignore[arg-type]

    @property
    def here(self) -> Here:
        return replace(super().here, office=self.office)

    def types(self, text: str) -> str:
        self.newest += 1
        self.step(Typed(text, self.newest, self.now))
        return self.said

    def types_again(self, text: str) -> str:
        """The last message is delivered once more."""
        self.step(Typed(text, self.heard, self.now))
        return self.said

    @property
    def heard(self) -> int:
        """The message that was taken last."""
        assert self.task is not None
        return int(self.task.given["heard"])

    def edits(self, text: str, message: int = 1) -> str:
        self.step(Edited(text, message))
        return self.said

    def sends_file(self, name: str) -> str:
        self.newest += 1
        self.step(Sent(Matter.FILE, self.newest, f"id of {name}", name))
        return self.said

    def step_file_without_name(self) -> None:
        self.newest += 1
        self.step(Sent(Matter.FILE, self.newest, "id of something"))

    def taps_old(self, page: Page, about: bytes | str = "", more: str | int = "") -> str:
        """A button of a card from further up, on the newest card; what the newest then says."""
        self.step(Tapped(panel(self.language, page, about, more), max(self.cards)))
        return self.said

    def taps_step(self, more: str) -> str:
        """A button of the step that is asked now."""
        assert self.task is not None
        return self.taps_old(Page.TASK, self.task.step, more)

    def link_buttons(self) -> list[str]:
        return [button.link for button in self.buttons(self.card) if button.link]

    @property
    def called(self) -> Meeting:
        (one,) = self.panel.meetings
        return one

    def reports(self, **counts: Report) -> None:
        """What became of a meeting's messages: `v0_invite=Report(…)`, `v0_remind_24=Report(…)`."""
        found = {}
        for name, report in counts.items():
            version, _, kind = name.partition("_")
            of = self.called.key[:8].hex()
            found[f"meeting:{of}:{version[1:]}:{kind.replace('_', '-')}"] = report
        self.panel = replace(self.panel, reports=found)

    def answers(self, who: Member, coming: Coming) -> None:
        self.put(Attendance(self.called.key, who.key, coming, self.called.revision))

    def somebody_else_changes(self, **what: object) -> None:
        """At another desk, meanwhile."""
        new = replace(self.called, **what, revision=self.called.revision + 1)  # type: ignore[arg-type]
        self.put(new)

    def change(self, change: Change) -> None:
        super().change(change)
        left = {
            (meeting, member): coming
            for (meeting, member), coming in self.panel.attendance.items()
            if meeting not in change.ask_again
        }
        self.panel = replace(self.panel, attendance=left)
        self.withdrawn += change.withdraw
        self.corrected |= {one.occasion: one for one in change.correct}

    def kinds(self) -> list[str]:
        """What is planned, in the order it is due: "0:invite"."""
        due = sorted(self.planned.values(), key=lambda one: one.due)
        return [one.occasion.split(":", 2)[2] for one in due]

    def look_at(self, card: Card) -> None:
        text = self.text(card)
        assert 0 < units(text) <= LONGEST, units(text)
        assert "\n\n\n" not in text
        assert "{" not in text
        data = [button.data for button in self.buttons(card) if not button.link]
        assert len(set(data)) == len(data), "two buttons that do the same"
        self.ever += data
        for one in data:
            assert 0 < len(one.encode()) <= 64, one
            assert door.read(one) or one.startswith("m:"), one
        if any(told in text for told in self.of_persons() if told != KAISA.name):
            assert card.private, f"it would stay: {text}"
            assert card.place is Place.EDIT


def called(*seated: Member, **more: object) -> MeetingDesk:
    """A desk at which one meeting has been called, on Thursday 18 March 2027."""
    known = {"theme": {"fi": "Arjen turvallisuus"}, "link": LINK, "told": 0, **more}
    return MeetingDesk(*seated, replace(meeting(), **known))  # type: ignore[type-var]


def walked(desk: MeetingDesk, *, day: str = "18.3.2027", hours: str = "17-19") -> MeetingDesk:
    """A call told up to its review: a theme in Finnish, no material, the usual reminders."""
    desk.opens(Page.CALL)
    desk.types(INVITATION)
    desk.types(day)
    desk.types(hours)
    desk.types("Arjen turvallisuus")
    desk.taps("Ei aineistoa")
    desk.taps("Valmis")
    return desk


def sent(count: int, **more: int) -> Report:
    others = {State(name): number for name, number in more.items()}
    return Report({State.SENT: count, **others} if count else others)


TODAY = date(2027, 1, 27)
WEEK = timedelta(days=7)
