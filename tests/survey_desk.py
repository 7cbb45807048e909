"""A coordinator's surveys without a bot: the whole conversation in a world that a test holds.

What is kept is one `Panel`, changed as storage would change it; drafts of answers are kept as
bytes, a trial in mind only. Residents meet the same surveys from another chat (`resident`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.render import LONGEST
from dialogs import buttons, conversation
from dialogs.broadcasts.records import Broadcast, Pointer
from dialogs.events import Commanded, Event, Matter, Sent, Tapped, Typed
from dialogs.forms import draft as drafting
from dialogs.life import Running, State, advanced
from dialogs.outcome import TRIAL, Change, Erase, Here, Lay, Outcome, Save, Trial, Try
from dialogs.panel import buttons as panel_buttons
from dialogs.panel.buttons import Page
from dialogs.screens import Card, units
from tests.chat import form, names, office, source
from tests.desk import NOW, RENDERER, Desk

if TYPE_CHECKING:
    from dialogs.forms.draft import Draft
    from dialogs.office import Office
    from dialogs.panel.records import Received, Record

TODAY = NOW.date()


def survey(
    state: State = State.OPEN, of: str = "equality", *, name: str = "", **more: Any
) -> Running:
    """A survey that is kept, from the library; open, its link opened, until 8 February."""
    text = source(of)
    read = form(text)
    known: dict[str, Any] = {
        "opens": TODAY,
        "closes": None if state is State.DRAFT else date(2027, 2, 8),
        "source": text,
        "met": state is not State.DRAFT,
        "revision": 1,
        **more,
    }
    return Running(replace(read, name=name or read.name), state, **known)


class SurveyDesk(Desk):
    """The chat of Kaisa, who opens and closes surveys."""

    def __init__(self, *surveys: Running, language: str = "fi", now: datetime = NOW) -> None:
        super().__init__(language=language, now=now)
        self.of: Office = office()
        self.received: dict[str, Received] = {}
        self.forms = {name: source(name) for name in names()}
        self.brought: str | None = None
        self.trial: Trial | None = None
        self.kept: dict[str, bytes] = {}
        self.toasts: list[str] = []
        self.effects: list[object] = []
        for one in surveys:
            self.put(one)

    # What happens

    def types(self, text: str) -> str:
        self.newest += 1
        self.step(Typed(text, self.newest, self.now))
        return self.said

    def command(self, name: str, argument: str = "") -> str:
        self.newest += 1
        self.step(Commanded(name, argument, self.newest))
        return self.said

    def sends_file(self, text: str | None) -> str:
        """A document; None: what cannot be read."""
        self.newest += 1
        self.brought = text
        self.step(Sent(Matter.FILE, self.newest, file="file-id", name="form.yaml"))
        self.brought = None
        return self.said

    def passes(self, **time: int) -> None:
        self.now += timedelta(**time)

    def becomes(self, wall: str) -> None:
        self.now = datetime.fromisoformat(wall).replace(tzinfo=self.now.tzinfo)

    def step(self, event: Event) -> Outcome:
        here = self.here
        outcome = conversation.step(here, event)
        for effect in outcome.effects:
            self.carry_out(here, effect)
        self.effects = list(outcome.effects)
        self.toasts += [] if outcome.toast is None else [self.words(outcome.toast)]
        self.removed += outcome.remove
        live = None if outcome.draft is None else outcome.draft.card
        shown = 0
        for card in outcome.cards:
            shown = self._shown_on(event, card)
            self.cards[shown] = card
            self.look_at(card)
            if card.live:
                live = shown
        if self.task is not None and shown:
            self.task = replace(self.task, card=shown)
        if outcome.draft is not None:
            self.remember(here, replace(outcome.draft, card=live))
        for message in outcome.close:
            self.cards[message] = replace(self.cards[message], rows=())
        self.steps += 1
        return outcome

    def remember(self, here: Here, draft: Draft) -> None:
        """As the host does, when it has seen on which message the card stands."""
        if draft.form == TRIAL:
            self.trial = None if self.trial is None else replace(self.trial, draft=draft)
        else:
            self.kept[draft.form] = drafting.pack(here.form(draft.form), draft)

    def carry_out(self, here: Here, effect: object) -> None:
        match effect:
            case Change():
                self.change(effect)
            case Lay(task):
                self.task = task
            case Try(trial):
                self.trial = trial
            case Save(draft):
                assert draft.form != TRIAL, "a trial would be stored"
                self.kept[draft.form] = drafting.pack(here.form(draft.form), draft)
            case Erase(name):
                del self.kept[name]
            case _:
                raise AssertionError(f"stored: {effect}")

    @property
    def here(self) -> Here:
        surveys = tuple(advanced(one, self.now) for one in self.panel.surveys)
        running = tuple(one for one in surveys if one.state is not State.DRAFT)
        unpacked = {
            one.name: drafting.unpack(one.form, self.kept[one.name])
            for one in running
            if one.takes_begun and one.name in self.kept
        }
        return replace(
            super().here,
            office=self.of,
            running=running,
            drafts={name: draft for name, draft in unpacked.items() if draft is not None},
            panel=replace(self.panel, surveys=surveys, received=self.received, forms=self.forms),
            brought=self.brought,
            fresh=b"".join((2 * self.steps + n).to_bytes(16, "big") for n in (0, 1)),
            trial=self.trial,
        )

    # What is kept

    def put(self, record: Record) -> None:
        match record:
            case Running():
                surveys = {one.name: one for one in self.panel.surveys} | {record.name: record}
                self.panel = replace(self.panel, surveys=tuple(surveys.values()))
            case Broadcast():
                told = {one.key: one for one in self.panel.broadcasts} | {record.key: record}
                self.panel = replace(self.panel, broadcasts=tuple(told.values()))
            case Pointer():
                led = {one.key: one for one in self.panel.pointers} | {record.key: record}
                self.panel = replace(self.panel, pointers=tuple(led.values()))
            case _:
                super().put(record)

    def keep(self, record: Record) -> None:
        """As storage does, refused where it has changed since."""
        match record:
            case Running():
                known = {one.name: one.revision for one in self.panel.surveys}.get(record.name, 0)
            case Broadcast():
                known = {o.key: o.revision for o in self.panel.broadcasts}.get(record.key, 0)
            case Pointer():
                known = {o.key: o.revision for o in self.panel.pointers}.get(record.key, 0)
            case _:
                super().keep(record)
                return
        assert known == record.revision, "it has changed since"
        self.put(replace(record, revision=record.revision + 1))

    def change(self, change: Change) -> None:
        gone = {one.name for one in change.erase if isinstance(one, Running)}
        left = tuple(one for one in self.panel.surveys if one.name not in gone)
        self.panel = replace(self.panel, surveys=left)
        others = tuple(one for one in change.erase if not isinstance(one, Running))
        super().change(replace(change, erase=others))

    def find_survey(self, name: str = "equality") -> Running:
        """As it is kept, and as it is now."""
        return advanced(next(o for o in self.panel.surveys if o.name == name), self.now)

    # What is shown

    def desk(self, name: str = "equality") -> str:
        return self.opens(Page.SURVEY, name)

    def newest_cards(self, number: int) -> list[str]:
        """What the newest cards say, from the top."""
        return [self.text(self.cards[at]) for at in sorted(self.cards)[-number:]]

    def look_at(self, card: Card) -> None:
        text = RENDERER.card(card, self.now.date()).text
        most = 1024 if card.qr or card.file else LONGEST
        assert 0 < units(text) <= most, units(text)
        assert "\n\n\n" not in text
        assert "{" not in text
        for button in self.buttons(card):
            assert button.link or 0 < len(button.data.encode()) <= 64, button
            assert button.link or panel_buttons.read(button.data) or buttons.read(button.data), (
                button
            )
        if any(told in text for told in self.of_persons()):
            assert card.private, f"it would stay: {text}"


def resident(desk: SurveyDesk, event: Event, **also: Any) -> Outcome:
    """What the same event comes to in the chat of somebody who is no coordinator."""
    stranger = replace(
        desk.here, chat=99, panel=None, coordinator=None, task=None, trial=None, drafts={}, **also
    )
    return conversation.step(stranger, event)


def tapped(desk: SurveyDesk, data: str) -> Outcome:
    return desk.step(Tapped(data, max(desk.cards)))
