"""A chat without a bot: conversation.step in a world small enough to hold in a test.

What is kept is kept as bytes and read back before every step. What is shown is remembered with the
id of the message it stands on, as a phone would. After every step the chat looks at itself, and
complains where something is kept or shown that never may be.
"""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.render import LONGEST, Rendered, Renderer
from dialogs import buttons, conversation
from dialogs.events import Commanded, Edited, Event, Matter, Sent, Tapped, Typed
from dialogs.forms import draft as drafting
from dialogs.forms import loader
from dialogs.forms.model import CANT_SAY, Form, Kind, Row, Type
from dialogs.forms.walk import current, ends, meets_constraint, path
from dialogs.identifiers import find
from dialogs.languages import LANGUAGES
from dialogs.life import Running, State
from dialogs.office import Office
from dialogs.office import read as read_office
from dialogs.outcome import (
    Apply,
    Erase,
    Finish,
    Here,
    Outcome,
    Save,
    Subscribe,
    Unsubscribe,
    Withdraw,
)
from dialogs.screens import Button, Card, Joined, Place, Say, Series, Value, units

if TYPE_CHECKING:
    from dialogs.forms.answers import Answer, Answers
    from dialogs.forms.draft import Draft

HELSINKI = ZoneInfo("Europe/Helsinki")
NOW = datetime(2027, 1, 27, 12, 0, tzinfo=HELSINKI)
RENDERER = Renderer(HELSINKI)


@lru_cache
def office() -> Office:
    """The invented office."""
    file = resources.files("dialogs").joinpath("office.yaml")
    found, complaints = read_office(file.read_text(encoding="utf-8"))
    assert found is not None, complaints
    return found


LIBRARY = resources.files("dialogs.forms").joinpath("library")


def names() -> list[str]:
    """The names of the library's forms."""
    return sorted(file.name.removesuffix(".yaml") for file in LIBRARY.iterdir())


def source(name: str) -> str:
    """The text of one of the library's forms."""
    return LIBRARY.joinpath(f"{name}.yaml").read_text(encoding="utf-8")


@lru_cache
def library(name: str) -> Form:
    return form(source(name))


def form(text: str) -> Form:
    """The form that a text describes; it must have no mistakes."""
    found, complaints = loader.read(text, office().lists())
    assert found is not None, complaints
    return found


def opened(of: Form, state: State = State.OPEN) -> Running:
    return Running(of, state, opens=date(2027, 1, 1), closes=date(2027, 2, 28))


class Chat:
    """One person's chat. `cards` are what the bot has shown, by message id; `texts` what was
    typed."""

    def __init__(self, *forms: Form, phone: str = "fi", now: datetime = NOW) -> None:
        self.running = tuple(opened(each) for each in forms)
        self.phone = phone
        self.now = now
        self.kept: dict[str, bytes] = {}
        self.applications: dict[str, bytes] = {}
        self.subscribed = False
        self.finished: list[Finish] = []
        self.sent: dict[str, list[int]] = {each.name: [] for each in forms}  # ordinals
        self.cards: dict[int, Card] = {}
        self.texts: dict[int, str] = {}
        self.shows = True  # whether what is said reaches the phone
        self.newest = 100
        self.chance = 7

    def copy(self) -> Chat:
        """Another chat in which all this has happened."""
        twin = copy(self)
        for name in ("kept", "applications", "finished", "cards", "texts"):
            setattr(twin, name, copy(getattr(self, name)))
        twin.sent = {name: copy(ordinals) for name, ordinals in self.sent.items()}
        return twin

    # What is kept

    def form(self, name: str) -> Form:
        return next(each.form for each in self.running if each.name == name)

    def drafts(self) -> dict[str, Draft]:
        """This chat's drafts, read from their bytes."""
        found: dict[str, Draft] = {}
        for survey in self.running:
            if survey.takes_begun and survey.name in self.kept:
                draft = drafting.unpack(survey.form, self.kept[survey.name])
                assert draft is not None
                found[survey.name] = draft
        return found

    def markers(self) -> dict[str, list[int]]:
        """The ordinals of what was begun or sent, by survey: never one twice, nor too many."""
        found = {name: list(sent) for name, sent in self.sent.items() if sent}
        for name, draft in self.drafts().items():
            if self.form(name).kind is Kind.SURVEY:
                found.setdefault(name, []).append(draft.ordinal)
            else:
                assert draft.ordinal == 0
        for name, ordinals in found.items():
            most = self.form(name).responses_per_chat
            assert ordinals == [*range(1, len(ordinals) + 1)], ordinals
            assert len(ordinals) <= most, ordinals
        return found

    @property
    def draft(self) -> Draft:
        """The one draft there is, or the active one."""
        drafts = list(self.drafts().values())
        return drafts[0] if len(drafts) == 1 else next(one for one in drafts if one.active)

    @property
    def question(self) -> Row | None:
        """What is asked now; None at the review."""
        return current(self.form(self.draft.form), self.draft, self.now.date())

    @property
    def answers(self) -> dict[str, Answer]:
        return dict(self.draft.answers)

    def application(self, name: str) -> Answers:
        return drafting.unpack_answers(self.form(name), self.applications[name])[1]

    # What people do

    def begin(self, name: str, language: str = "fi", page: buttons.Page | None = None) -> Outcome:
        """Begins a conversation from its card in the menu."""
        self.command("start")
        data = buttons.menu(language, page or buttons.Page.BEGIN, name)
        return self.do(Tapped(data, self.newest))

    def tap(self, label: str, message: int | None = None) -> Outcome:
        """Taps the newest button that reads `label`, or begins so."""
        there = []
        for button, at in self.buttons():
            there.append(self.label(button, self.cards[at].language))
            if there[-1].startswith(label) and message in (None, at):
                return self.do(Tapped(button.data, at))
        raise KeyError(label, there)

    def press(self, data: str, message: int | None = None) -> Outcome:
        return self.do(Tapped(data, self.newest if message is None else message))

    def deed(self, deed: buttons.Deed, number: int | str = "") -> Outcome:
        """Taps a button under the current question, on its card."""
        draft = self.draft
        return self.press(buttons.under(draft, deed, number), draft.card or self.newest)

    def type(self, text: str) -> Outcome:
        return self.burst(text)[0]

    def burst(self, *texts: str) -> list[Outcome]:
        """Several messages, all typed before the bot says anything."""
        typed = []
        for text in texts:
            self.newest += 1
            self.texts[self.newest] = text
            typed.append(Typed(text, self.newest, self.now))
        return [self.do(each) for each in typed]

    def edit(self, message: int, text: str) -> Outcome:
        self.texts[message] = text
        return self.do(Edited(text, message))

    def command(self, name: str, argument: str = "") -> Outcome:
        self.newest += 1
        return self.do(Commanded(name, argument, self.newest))

    def send(self, matter: Matter) -> Outcome:
        self.newest += 1
        return self.do(Sent(matter, self.newest))

    def passes(self, **time: int) -> None:
        self.now += timedelta(**time)

    def becomes(self, state: State) -> None:
        """Every survey and call enters this state of its life; closed, its drafts are erased."""
        self.running = tuple(replace(each, state=state) for each in self.running)
        if state is State.CLOSED:
            self.kept = {}

    # One step

    def do(self, event: Event) -> Outcome:
        """Decide, keep, show; and look whether all is well."""
        drafts = self.drafts()
        again = isinstance(event, Typed | Sent) and any(
            event.message in draft.messages for draft in drafts.values() if draft.active
        )
        here = Here(
            office=office(),
            running=self.running,
            drafts=drafts,
            now=self.now,
            chance=self._chance(),
            phone=self.phone,
        )
        if conversation.looks_at_person(drafts, event):
            known = {name: self.application(name) for name in self.applications}
            taken = {name: len(markers) for name, markers in self.markers().items()}
            here = replace(here, subscribed=self.subscribed, applications=known, taken=taken)
        outcome = conversation.step(here, event)
        for effect in outcome.effects:
            self._carry_out(effect)
        self._speak(event, outcome)
        self.look(outcome, again=again)
        return outcome

    def _chance(self) -> int:
        self.chance = (self.chance * 48271 + 11) % (1 << 20)
        return self.chance

    def _carry_out(self, effect: object) -> None:
        match effect:
            case Save(draft):
                self._keep(draft)
            case Erase(name):
                self.kept.pop(name, None)
            case Finish(survey=name):
                whole(self.form(name), self.drafts()[name], self.now.date())
                self.sent[name].append(self.drafts()[name].ordinal)
                self.kept.pop(name)
                self.finished.append(effect)
            case Apply(call, language, answers):
                whole(self.form(call), self.drafts()[call], self.now.date())
                self.kept.pop(call)
                body = drafting.pack_answers(self.form(call), language, answers)
                self.applications[call] = body
                assert self.application(call) == answers
            case Withdraw(call):
                self.applications.pop(call, None)
            case Subscribe():
                self.subscribed = True
            case Unsubscribe():
                self.subscribed = False

    def _keep(self, draft: Draft) -> None:
        of = self.form(draft.form)
        body = drafting.pack(of, draft)
        assert len(body) <= drafting.room(of)
        assert drafting.unpack(of, body) == draft
        self.kept[draft.form] = body

    def _speak(self, event: Event, outcome: Outcome) -> None:
        """As bot.chats does: edits the card that was tapped, or sends a new one."""
        for message in outcome.remove:
            self.cards.pop(message, None)
        sent: list[int] = []
        live = outcome.draft.card if outcome.draft is not None else None
        for card in outcome.cards:
            number = None
            if self.shows and card.place is Place.EDIT and isinstance(event, Tapped):
                number = event.message
            elif self.shows:
                self.newest += 1
                number = self.newest
            if number is not None:
                sent.append(number)
                self.cards[number] = card
            if card.live:
                live = number
        for number in outcome.close:
            if number in self.cards:
                self.cards[number] = replace(self.cards[number], rows=())
        if outcome.draft is not None:
            self._keep(replace(outcome.draft.with_messages(*sent), card=live))

    # What is shown

    def buttons(self) -> list[tuple[Button, int]]:
        """Every button on the phone and its message's id, the newest card's first."""
        return [
            (button, message)
            for message, card in sorted(self.cards.items(), reverse=True)
            for row in card.rows
            for button in row
        ]

    def label(self, button: Button, language: str) -> str:
        card = Card(language, (), ((button,),))
        keyboard = rendered(card, self.now.date()).keyboard
        assert keyboard is not None
        return keyboard.inline_keyboard[0][0].text

    @property
    def live(self) -> Card:
        """The card of the current question."""
        return self.cards[self.draft.card or 0]

    @property
    def text(self) -> str:
        """What the newest card says."""
        return said(self.cards[max(self.cards)], self.now.date())

    # What must always hold

    def look(self, outcome: Outcome, *, again: bool = False) -> None:
        """`again`: it was an answer that came a second time, and has its card."""
        drafts = self.drafts()
        assert sum(draft.active for draft in drafts.values()) <= 1
        for name, draft in drafts.items():
            fits(self.form(name), draft, self.now.date())
        stands = again and outcome.draft is not None and outcome.draft.card in self.cards
        assert outcome.cards or stands
        for card in outcome.cards:
            legible(card, self.now.date())
        for finished in self.finished:
            of = self.form(finished.survey)
            names = {row.name for row in of.rows if row.asks}
            assert finished.closed.keys() | finished.opened.keys() <= names


def said(card: Card, today: date) -> str:
    return rendered(card, today).text


def rendered(card: Card, today: date) -> Rendered:
    return RENDERER.card(card, today)


def fits(of: Form, draft: Draft, today: date) -> None:
    """Every answer is to a question that is asked, and one that the question takes."""
    met = {row.name for row in path(of, draft.answers, today)}
    assert draft.answers.keys() <= met
    assert draft.language in of.languages
    assert draft.cursor is None or of.row(draft.cursor)
    for name, answer in draft.answers.items():
        assert takes(of.row(name), answer), (name, answer)
    for name in draft.unconfirmed:
        assert of.kind is Kind.SURVEY
        assert isinstance(draft.answers[name], str)
        assert find(str(draft.answers[name]))
    for name, pieces in draft.pieces.items():
        assert draft.answers.get(name) is not None
        assert 1 <= len(pieces) <= drafting.PIECES_KEPT


def whole(of: Form, draft: Draft, today: date) -> None:
    """Nothing is left to ask: what is sent can be kept."""
    assert not draft.unconfirmed
    for row in path(of, draft.answers, today):
        answer = draft.answers[row.name]
        assert takes(row, answer)
        assert answer != ()
        if isinstance(answer, tuple):
            alone = any(choice.exclusive and choice.name in answer for choice in row.choices)
            assert alone or len(answer) >= (row.parameters.minimum or 1)
        assert meets_constraint(of, row, answer, draft.answers, today)
        assert not ends(of, row, answer, draft.answers, today)


def takes(row: Row, answer: Answer) -> bool:
    """Whether `answer` is of the row's type and within its limits."""
    if answer is None:
        return not row.required
    names = [choice.name for choice in row.choices]
    match row.type:
        case Type.NOTE | Type.ACKNOWLEDGE:
            return answer is True
        case Type.SELECT_ONE:
            return answer in names
        case Type.SELECT_MULTIPLE:
            alone = {choice.name for choice in row.choices if choice.exclusive}
            most = row.parameters.maximum or len(names)
            return (
                isinstance(answer, tuple)
                and list(answer) == [name for name in names if name in answer]
                and len(answer) <= most
                and (len(answer) < 2 or not alone & set(answer))
            )
        case Type.RANGE:
            start, end = row.parameters.start, row.parameters.end
            if answer == CANT_SAY:
                return CANT_SAY in names
            return type(answer) is int and start is not None and start <= answer <= (end or 0)
        case Type.TEXT:
            return isinstance(answer, str) and 0 < units(answer) <= row.limit
        case Type.INTEGER:
            return type(answer) is int
        case Type.DECIMAL:
            return isinstance(answer, Decimal)
        case Type.DATE:
            return type(answer) is date
    return False


def legible(card: Card, today: date) -> None:
    """The card can be shown in every language: not empty, not too long, no phrase's name on it,
    and every button can be read when it comes back."""
    for language in LANGUAGES:
        shown = rendered(replace(card, language=language), today)
        length = units(shown.text)
        assert shown.text.strip()
        assert length <= LONGEST, length
        for entity in shown.entities:
            assert entity.offset >= 0
            assert entity.length > 0
            assert entity.offset + entity.length <= length
        rows = shown.keyboard.inline_keyboard if shown.keyboard is not None else []
        words = [shown.text, *(button.text for row in rows for button in row)]
        assert all(word.strip() for word in words)
        for phrase in phrases(card):
            assert not any(phrase in word for word in words), phrase
    assert sum(len(row) for row in card.rows) <= 100
    for row in card.rows:
        assert 1 <= len(row) <= 8
        for button in row:
            assert len(button.data.encode()) <= 64
            assert buttons.read(button.data) is not None


def phrases(card: Card) -> set[str]:
    """The name of every phrase on the card."""
    found: set[str] = set()
    waiting: list[Value] = [line.words for paragraph in card.paragraphs for line in paragraph]
    waiting += [button.label for row in card.rows for button in row]
    while waiting:
        words = waiting.pop()
        if isinstance(words, Say):
            found.add(words.phrase)
            waiting += words.values.values()
        elif isinstance(words, (Joined, Series)):
            waiting += words.parts
    return found
