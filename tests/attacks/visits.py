"""How somebody of the population goes about it, on a phone of their own, a deed at a time.

They go by the newest card that has buttons and by what it asks; where it is not what they are
about, they find the way by /start, as people do. So a card that did not come, because of a fault or
a kill, costs them a deed and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bot import forms as forming
from bot.sandbox import Phone
from bot.sandbox.telegram import Chat
from dialogs.buttons import Deed, MenuPress, Page, Press, read
from dialogs.cards import options
from dialogs.forms.model import Type
from tests.attacks.population import CALL, SURVEY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from bot.sandbox import Button, Message, Sandbox
    from bot.settings import Settings
    from dialogs.forms.model import Form, Row
    from tests.attacks.population import Coming

FAR: Final = 120
"""More deeds than anything takes, with all that goes wrong on the way."""


class Way(NamedTuple):
    """A button on a card, and what it carries."""

    press: Press
    button: Button
    card: Message


class LostError(AssertionError):
    """Somebody does not find the way."""


@dataclass(frozen=True)
class Forms:
    """The forms, and each question by its words in each language."""

    by_name: Mapping[str, Form]
    asked: Mapping[str, Mapping[str, Row]]  # by form and label

    @classmethod
    def of(cls, settings: Settings) -> Forms:
        office = forming.office(settings)
        forms = {
            name: forming.form(forming.source(name, settings), office) for name in (SURVEY, CALL)
        }
        asked = {
            name: {label: row for row in form.rows if row.asks for label in row.label.values()}
            for name, form in forms.items()
        }
        return cls(forms, asked)


def phone(sandbox: Sandbox, chat: int, name: str, language: str) -> Phone:
    """A new phone whose chat has this id."""
    person = {"id": chat, "is_bot": False, "first_name": name, "language_code": language}
    wire = {"id": chat, "first_name": name, "type": "private"}
    there = sandbox.telegram.chats.setdefault(chat, Chat(wire, person))
    return Phone(sandbox.telegram, there, role="resident")


@dataclass(eq=False)
class Visit:
    """Somebody's way: `sent`, `applied` and `subscribed` are when they did what came to be."""

    who: Coming
    phone: Phone
    forms: Forms
    clock: Callable[[], datetime]
    came: datetime | None = None
    sent: datetime | None = None
    applied: datetime | None = None
    subscribed: datetime | None = None
    sending: bool = False  # the last deed was to send something
    _deeds: int = 0
    _chance: Any = field(init=False)

    def __post_init__(self) -> None:
        self._chance = self.who.pace()

    def goes(self) -> Iterator[timedelta]:
        """All they do, from coming to leaving."""
        who = self.who
        self._types("/start")
        yield self._soon()
        yield from self._at("before")
        yield from self._answers(SURVEY, who.answers, leaves_after=who.leaves_after)
        if self.sent is not None:
            yield from self._at("after")
            if "later" in (who.applies, who.subscribes):
                yield who.later
                yield from self._at("later")

    def _at(self, when: str) -> Iterator[timedelta]:
        if self.who.subscribes == when:
            yield from self._subscribes()
        if self.who.applies == when:
            yield from self._applies()

    def _applies(self) -> Iterator[timedelta]:
        answers = {**self.who.application, "contact": self.who.contact}
        yield from self._answers(CALL, answers)

    def _subscribes(self) -> Iterator[timedelta]:
        for _ in range(FAR):
            if self._finds(Page.DO_NOT_TELL):  # "do not tell me any more": it is done
                return
            if tell := self._finds(Page.TELL):
                self.subscribed = self.subscribed or self.clock()
                self._presses(*tell)
            else:
                self._types("/start")
            yield self._soon()

    def _answers(
        self, form: str, answers: Mapping[str, Any], *, leaves_after: int = 0
    ) -> Iterator[timedelta]:
        """To the end; or away after so many questions, and perhaps back."""
        sent: datetime | None = None
        met: set[str] = set()
        lost = 0
        while True:
            self.sending = False
            presses = self._under(form)
            if leaves_after and len(met) >= leaves_after:
                yield from self._leaves(presses)
                if self.who.away is None:
                    return
                leaves_after, presses = 0, []
                self._types("/start")
            elif presses and (send := _which(presses, Deed.SEND)):
                sent = sent or self.clock()
                self.sending = True
                self._follows(send)
            elif presses:
                met.add(self._replies(form, presses, answers))
            elif sent is not None:
                break
            elif not self._finds_way(form):
                lost += 1
                if lost > 3:
                    return  # it is not open any more
                self._types("/start")
            yield self._soon()
        if form == SURVEY:
            self.sent = sent
        else:
            self.applied = sent

    def _leaves(self, presses: list[Way]) -> Iterator[timedelta]:
        """Midway: by Pause, or by not going on."""
        if pause := _which(presses, Deed.PAUSE) if self._chance.random() < 0.5 else None:
            self._follows(pause)
            yield self._soon()
        if self.who.away is not None:
            yield self.who.away
        elif self.who.erases:
            self._types("/start")  # with the conversation paused, /stop ends all that is begun
            yield self._soon()
            self._types("/stop")
            yield self._soon()

    def _finds_way(self, form: str) -> bool:
        for page in (Page.BEGIN, Page.CONTINUE, Page.INTRO):
            if way := self._finds(page, form):
                if form == SURVEY and page is Page.BEGIN and self.came is None:
                    self.came = self.clock()
                self._presses(*way)
                return True
        return False

    def _replies(self, form: str, presses: list[Way], answers: Mapping[str, Any]) -> str:
        """Answers what the card asks; the question's name, '' where it asks none."""
        card = presses[0][2]
        asked = self.forms.asked[form]
        row = next((asked[line] for line in card.text.split("\n") if line in asked), None)
        if row is None:
            self._follows(_which(presses, Deed.STAY, Deed.NEXT) or presses[0])
            return ""
        answer = answers.get(row.name)
        if onward := _which(presses, Deed.NEXT):  # it was answered before
            self._follows(onward)
        elif answer is None:
            self._follows(_which(presses, Deed.SKIP) or presses[0])
        elif row.type is Type.TEXT:
            self._types(answer)
        else:
            self._chooses(row, presses, answer)
        return row.name

    def _chooses(self, row: Row, presses: list[Way], answer: Any) -> None:
        wanted = answer if isinstance(answer, list) else [answer]
        places = {place for place, (one, *_) in enumerate(options(row)) if one in wanted}
        several = row.type is Type.SELECT_MULTIPLE
        deed = Deed.TURN_ON if several else Deed.CHOOSE
        for way in presses:
            on = way.press.number in places
            if way.press.deed is (deed if on else Deed.TURN_OFF):
                return self._follows(way)
        # All is chosen; or it stands on another page of a long list.
        turn = _which(presses, Deed.DONE) if several else _last(presses, Deed.PAGE)
        if turn is None:
            raise LostError(f"{row.name} cannot be answered with {answer}")
        return self._follows(turn)

    # The phone

    def _card(self) -> Message | None:
        return next((message for message in reversed(self.phone.messages) if message.rows), None)

    def _under(self, form: str) -> list[Way]:
        """What can be pressed under the form's question or review, if that is the newest card."""
        card = self._card()
        found = []
        for row in card.rows if card is not None else ():
            for button in row:
                press = read(button.data or "")
                if card is not None and isinstance(press, Press) and press.form == form:
                    found.append(Way(press, button, card))
        return found

    def _finds(self, page: Page, form: str = "") -> tuple[Button, Message] | None:
        """The menu's button to a page, if the newest card has it."""
        card = self._card()
        for row in card.rows if card is not None else ():
            for button in row:
                press = read(button.data or "")
                if not isinstance(press, MenuPress) or card is None:
                    continue
                # The same page in another language is no way to it.
                if (press.page, press.form) == (page, form) and press.language == self.who.language:
                    return button, card
        return None

    def _follows(self, way: Way) -> None:
        self._presses(way.button, way.card)

    def _presses(self, button: Button, card: Message) -> None:
        self._counts()
        self.phone.press(button, card.id)

    def _types(self, text: str) -> None:
        self._counts()
        self.phone.type(text)

    def _counts(self) -> None:
        self._deeds += 1
        if self._deeds > 3 * FAR:
            card = self._card()
            raise LostError(f"{self.who.number} goes in circles: {card and card.text}")

    def _soon(self) -> timedelta:
        return timedelta(seconds=self._chance.randint(4, 25))


def _which(presses: list[Way], *deeds: Deed) -> Way | None:
    return next((one for one in presses if one[0].deed in deeds), None)


def _last(presses: list[Way], deed: Deed) -> Way | None:
    return next((one for one in reversed(presses) if one[0].deed is deed), None)
