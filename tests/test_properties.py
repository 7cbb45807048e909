"""Whatever people do, in whatever order: what is kept stays right, and something is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from dialogs import buttons
from dialogs.buttons import Deed, Page
from dialogs.cards import chosen, options
from dialogs.events import Matter, Typed
from dialogs.forms.draft import plain
from dialogs.forms.model import Kind, Role, Row, Type
from dialogs.forms.walk import current, ends, meets_constraint
from dialogs.languages import LANGUAGES
from dialogs.life import State
from dialogs.screens import Button, Say
from tests.any_form import forms
from tests.chat import NOW, Chat, library
from tests.chat import form as read_form
from tests.tries import tries

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dialogs.forms.answers import Answer

WORST = ("🧓🏽" * 250, '"\\\n' * 300, "龍" * 1000, "ä" * 1000, "\x00\u202e\ud83d", "a" * 4096)
WORDS = (
    "1",
    "2",
    "1 3",
    "11",
    "joutsa",
    "kyllä",
    "Jyväskylä",
    "040 123 4567",
    "a@example.fi",
    "3.5",
)

places = st.integers(0, 10_000)
words = st.one_of(
    st.sampled_from(WORDS), st.sampled_from(WORST), st.text(max_size=30), st.just("hei\n\n\nhei")
)
data = st.one_of(
    st.text(max_size=64),
    st.builds(
        "a:{}:{}:{}:{}{}".format,
        st.sampled_from(["equality", "application", "nothing"]),
        st.sampled_from([*LANGUAGES, "de"]),
        places,
        st.sampled_from([*(deed.value for deed in Deed), "?"]),
        st.one_of(st.just(""), st.sampled_from(LANGUAGES), st.integers(0, 999)),
    ),
    st.builds(
        buttons.menu,
        st.sampled_from(LANGUAGES),
        st.sampled_from(Page),
        st.sampled_from(["", "equality", "application", "nothing"]),
    ),
)
deeds = st.one_of(
    st.tuples(st.just("forward"), places, words),
    st.tuples(st.just("stride"), st.lists(places, min_size=4, max_size=16)),
    st.tuples(st.just("tap here"), places),
    st.tuples(st.just("tap here"), places),
    st.tuples(st.just("tap"), places),
    st.tuples(st.just("tap data"), data, places),
    st.tuples(st.just("deed"), st.sampled_from(Deed), st.integers(0, 999)),
    st.tuples(st.just("type"), words),
    st.tuples(st.just("burst"), st.lists(words, min_size=2, max_size=6)),
    st.tuples(st.just("again"), places),
    st.tuples(st.just("edit"), places, words),
    st.tuples(
        st.just("command"),
        st.sampled_from(["start", "stop", "help", "privacy", "language", "panel"]),
        st.sampled_from(["", "equality", "application", "x" * 60]),
    ),
    st.tuples(st.just("send"), st.sampled_from(Matter)),
    st.tuples(st.just("begin"), st.sampled_from(["equality", "application"]), st.booleans()),
    st.tuples(st.just("unseen")),
    st.tuples(st.just("wait"), st.integers(1, 600)),
    st.tuples(st.just("life"), st.sampled_from(State)),
)


class Person:
    """Does what the numbers say, in a chat."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self.seen: list[tuple[str, int]] = []  # every button ever shown

    def does(self, deed: tuple) -> None:
        chat = self.chat
        here = [(button.data, at) for button, at in chat.buttons()]
        self.seen += [each for each in here if each not in self.seen]
        match deed:
            case ("forward", number, text):
                self.goes_forward(number, text)
            case ("stride", numbers):
                for number in numbers:
                    self.goes_forward(number, "")
            case ("tap here", place) if here:
                newest = [button for button in here if button[1] == here[0][1]]
                chat.press(*newest[place % len(newest)])
            case ("tap", place) if self.seen:
                chat.press(*self.seen[place % len(self.seen)])
            case ("tap data", data, place):
                chat.press(data, 100 + place % (chat.newest - 99))
            case ("deed", what, number) if chat.drafts():
                draft = list(chat.drafts().values())[number % len(chat.drafts())]
                chat.press(buttons.under(draft, what, number), draft.card or chat.newest)
            case ("type", text):
                chat.type(text)
            case ("burst", texts):
                chat.burst(*texts)
            case ("again", place) if chat.texts:
                self.delivers_again(place)
            case ("edit", place, text):
                known = list(chat.texts) or [1]
                chat.edit(known[place % len(known)], text)
            case ("command", name, argument):
                chat.command(name, argument)
            case ("send", matter):
                chat.send(matter)
            case ("begin", name, separate):
                chat.begin(name, "sv", Page.BEGIN_SEPARATE if separate else Page.BEGIN)
            case ("unseen",):
                chat.shows = not chat.shows
            case ("wait", minutes):
                chat.passes(minutes=minutes)
            case ("life", state):
                chat.becomes(state)

    def goes_forward(self, number: int, text: str) -> None:
        """Answers what is asked, if anything is."""
        chat = self.chat
        active = next((one for one in chat.drafts().values() if one.active), None)
        if active is None:
            return
        row = current(chat.form(active.form), active, chat.now.date())
        if row is None:
            deed, place = (Deed.SEND, "") if number % 4 else (Deed.CHANGE, number % 14)
        elif row.type is Type.TEXT:
            good = "a@example.fi" if row.role else WORST[number % len(WORST)][: row.limit // 2]
            chat.type(text or good)
            return
        elif row.type is Type.SELECT_MULTIPLE and active.answers.get(row.name):
            deed, place = Deed.DONE, ""
        elif row.type is Type.SELECT_MULTIPLE:
            deed, place = Deed.TURN_ON, number % len(row.choices)
        else:
            there = options(row) or [(True, None, None)]
            place = number % len(there)
            form = chat.form(active.form)
            if number % 8 and ends(form, row, there[place][0], active.answers, NOW.date()):
                place = (place + 1) % len(there)
            deed = Deed.NEXT if row.type is Type.NOTE else Deed.CHOOSE
        chat.press(buttons.under(active, deed, place), active.card or chat.newest)

    def delivers_again(self, place: int) -> None:
        """Telegram delivers an earlier message a second time."""
        known = list(self.chat.texts)
        message = known[place % len(known)]
        self.chat.do(Typed(self.chat.texts[message], message, self.chat.now))


@lru_cache
def prepared(begun: str, language: str) -> Chat:
    """A chat that has come so far: "equality 5" has five answers, "application sent" has a
    receipt."""
    chat = Chat(library("equality"), library("application"), phone=language)
    name, _, far = begun.partition(" ")
    if not name:
        return chat
    chat.begin(name, language)
    for number in range(int(far) if far.isdecimal() else 40):
        if name in chat.kept and (chat.question or far == "sent"):
            Person(chat).goes_forward(1 + 2 * number, "")
    return chat


beginnings = st.sampled_from(
    [
        *("", "equality 0", "equality 1", "equality 6", "equality 11", "equality review"),
        *("application 2", "application 6", "application review", "application sent"),
    ]
)


@tries(100)
@given(beginnings, st.lists(deeds, min_size=5, max_size=40), st.sampled_from(LANGUAGES))
def test_any_sequence_of_deeds_ends_in_a_valid_state(
    begun: str, sequence: list[tuple], language: str
) -> None:
    person = Person(prepared(begun, language).copy())
    for deed in sequence:
        person.does(deed)


TYPED: Mapping[Type, Mapping[str, Answer]] = {
    Type.TEXT: {text: text for text in ("abc def", "Yksi lause, toinen", "🧓🏽 hei", "12345")},
    Type.INTEGER: {"999": 999, "1 000": 1000, "3": 3},
    Type.DECIMAL: {"3,5": Decimal("3.5"), "12": Decimal(12), "0.75": Decimal("0.75")},
    Type.DATE: {"19.3.2027": date(2027, 3, 19), "2027-02-08": date(2027, 2, 8)},
}


class Walker:
    """Answers each question in a way its form allows, with buttons that are there or by typing."""

    def __init__(self, chat: Chat, draw: Callable[[int], int]) -> None:
        self.chat = chat
        self.draw = draw  # a number below the given one

    def answer(self, row: Row) -> Answer:
        """Answers `row`, which is asked now; the answer given."""
        if row.type is Type.NOTE:
            self.tap(Deed.NEXT)
            return True
        if not row.required and self.draw(4) == 0:
            self.tap(Deed.SKIP)
            return None
        if row.type is Type.SELECT_MULTIPLE:
            return self.choose_several(row)
        if row.type in TYPED:
            return self.type(row)
        place, answer = self.pick(row)
        if row.type is Type.SELECT_ONE and self.draw(2):
            self.chat.type(str(place + 1))
        else:
            self.turn_to(place, Deed.CHOOSE)
            self.tap(Deed.CHOOSE, place)
        return answer

    def pick(self, row: Row) -> tuple[int, Answer]:
        """An answer that goes on, and its place on the card."""
        going_on = [
            (place, answer)
            for place, (answer, _, _) in enumerate(options(row))
            if self.allowed(row, answer)
        ]
        return going_on[self.draw(len(going_on))]

    def allowed(self, row: Row, answer: Answer) -> bool:
        """Whether the answer goes on from here."""
        given = (self.chat.form(self.chat.draft.form), row, answer, self.chat.answers, NOW.date())
        return meets_constraint(*given) and not ends(*given)

    def type(self, row: Row) -> Answer:
        meant = TYPED[row.type]
        text, answer = list(meant.items())[self.draw(len(meant))]
        if row.role is Role.CONTACT:
            text = answer = "aino@example.fi"
        elif row.type is Type.INTEGER and not self.allowed(row, answer):
            self.chat.type(text)
            assert self.chat.question == row
            answer = 1_000_000 * int(row.name.strip("q"))  # more than anything asked before
            text = str(answer)
        self.chat.type(text)
        return answer

    def choose_several(self, row: Row) -> Answer:
        together = [n for n, choice in enumerate(row.choices) if not choice.exclusive]
        least, most = row.parameters.minimum or 1, row.parameters.maximum or len(together)
        first = self.draw(len(together))
        wanted = {together[(first + n) % len(together)] for n in range(least)}
        wanted |= {together[self.draw(len(together))] for _ in range(most - least)}
        if len(together) < len(row.choices) and self.draw(3) == 0:
            wanted = {len(row.choices) - 1}
        if self.draw(2):
            self.chat.type(" ".join(str(place + 1) for place in sorted(wanted)))
        else:
            for place in {*range(len(row.choices))} - wanted:
                if row.choices[place].name in chosen(row, self.chat.draft):
                    self.turn_to(place, Deed.TURN_OFF)
                    self.tap(Deed.TURN_OFF, place)
            for place in wanted:
                if row.choices[place].name not in chosen(row, self.chat.draft):
                    self.turn_to(place, Deed.TURN_ON)
                    self.tap(Deed.TURN_ON, place)
            self.tap(Deed.DONE)
        return tuple(row.choices[place].name for place in sorted(wanted))

    def turn_to(self, place: int, deed: Deed) -> None:
        """Turns pages until the button is there."""
        for page in range(4):
            if not self.there(deed, place):
                self.tap(Deed.PAGE, page)

    def there(self, deed: Deed, number: int | str = "") -> bool:
        data = buttons.under(self.chat.draft, deed, number)
        return any(button.data == data for row in self.chat.live.rows for button in row)

    def tap(self, deed: Deed, number: int | str = "") -> None:
        self.chat.deed(deed, number)


@tries(60)
@given(st.data(), forms())
def test_any_form_that_passes_the_checker_can_be_walked_to_its_end(
    data: st.DataObject, source: str
) -> None:
    form = read_form(source)
    chat = Chat(form)
    walker = Walker(chat, lambda below: data.draw(st.integers(0, below - 1)))
    chat.begin(form.name)
    given: dict[str, Answer] = {}
    while (row := chat.question) is not None:
        assert row.name not in given
        given[row.name] = walker.answer(row)
    assert chat.answers == given
    chat.tap(chat.label(Button(Say("button.send"), "x"), "fi"))
    asked = {name: answer for name, answer in given.items() if form.row(name).asks}
    if form.kind is Kind.APPLICATION:
        assert chat.application(form.name) == given
        return
    kept = {**chat.finished[0].closed, **chat.finished[0].opened}
    assert kept == {name: plain(answer) for name, answer in asked.items() if answer is not None}
    assert all(form.row(name).type is Type.TEXT for name in chat.finished[0].opened)
    assert not chat.kept


def forward(chat: Chat) -> None:
    """The way on from a question that is answered: Next, Done, or Skip where it was skipped."""
    walker = Walker(chat, lambda _: 0)
    skipped = chat.question is not None and chat.answers[chat.question.name] is None
    for deed in (Deed.SKIP,) if skipped else (Deed.NEXT, Deed.DONE):
        if walker.there(deed):
            walker.tap(deed)
            return


@tries(60)
@given(st.data(), forms(), st.integers(1, 12), st.integers(0, 5))
def test_back_and_forward_again_changes_nothing(
    data: st.DataObject, source: str, steps: int, backs: int
) -> None:
    chat = Chat(read_form(source))
    walker = Walker(chat, lambda below: data.draw(st.integers(0, below - 1)))
    chat.begin("any_form")
    while (row := chat.question) is not None and steps:
        walker.answer(row)
        steps -= 1
    stood, answers = chat.question, chat.answers
    gone_back = [walker.tap(Deed.BACK) for _ in range(backs) if walker.there(Deed.BACK)]
    for _ in gone_back:
        if chat.question != stood:
            forward(chat)
        assert chat.answers == answers
    assert chat.question == stood


@tries(60)
@given(beginnings, st.lists(deeds, max_size=5), st.lists(st.sampled_from(LANGUAGES), min_size=1))
def test_the_language_can_be_switched_anywhere_and_nothing_else_changes(
    begun: str, sequence: list[tuple], languages: list[str]
) -> None:
    person = Person(prepared(begun, "fi").copy())
    for deed in sequence:
        person.does(deed)
    chat = person.chat
    for name, before in chat.drafts().items():
        for language in languages:
            data = buttons.under(before, Deed.LANGUAGE, language)
            chat.press(data, before.card or chat.newest)
            after = chat.drafts()[name]
            assert after.language == language
            assert (after.answers, after.cursor) == (before.answers, before.cursor)
            assert (after.revision, after.pieces) == (before.revision, before.pieces)


@tries(80)
@given(beginnings, st.lists(words, min_size=1, max_size=6), st.booleans())
def test_a_message_sent_before_a_card_was_shown_is_never_an_answer_to_it(
    begun: str, texts: list[str], shows: bool
) -> None:
    """Of several messages sent at once, all belong to the question that was there, or to none."""
    chat = prepared(begun, "fi").copy()
    active = [draft for draft in chat.drafts().values() if draft.active]
    if not active:
        return
    asked, before = chat.question, chat.answers
    chat.shows = shows
    chat.burst(*texts)
    if not chat.drafts():
        return  # turned away at a gate
    changed = {name for name, answer in chat.answers.items() if before.get(name) != answer}
    assert changed <= ({asked.name} if asked is not None else set())


@tries(60)
@given(beginnings, st.lists(deeds, max_size=8), places)
def test_a_message_delivered_twice_changes_no_answer(
    begun: str, sequence: list[tuple], place: int
) -> None:
    person = Person(prepared(begun, "fi").copy())
    for deed in sequence:
        person.does(deed)
    chat = person.chat
    active = next((draft for draft in chat.drafts().values() if draft.active), None)
    typed = [message for message in chat.texts if active and message in active.messages]
    if not typed:
        return
    message = typed[place % len(typed)]
    before = {name: (one.answers, one.pieces) for name, one in chat.drafts().items()}
    chat.do(Typed(chat.texts[message], message, chat.now))
    assert before == {name: (one.answers, one.pieces) for name, one in chat.drafts().items()}


@tries(80)
@given(beginnings, st.sampled_from(Deed), st.integers(0, 20), st.integers(1, 5), places)
def test_a_tap_with_an_old_revision_changes_no_answer(
    begun: str, deed: Deed, number: int, age: int, place: int
) -> None:
    chat = prepared(begun, "fi").copy()
    for name, before in chat.drafts().items():
        data = buttons.under(replace(before, revision=before.revision - age), deed, number)
        chat.press(data, 100 + place % (chat.newest - 99))
        after = chat.drafts()[name]
        assert (after.answers, after.cursor) == (before.answers, before.cursor)
        assert after.revision == before.revision


@tries(40)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 10)), min_size=1, max_size=8))
def test_quick_taps_on_one_card_all_count_and_a_repeated_one_changes_nothing(
    taps: list[tuple[bool, int]],
) -> None:
    chat = prepared("equality 5", "fi").copy()
    draft, row = chat.draft, chat.question
    assert row is not None
    assert row.type is Type.SELECT_MULTIPLE
    wanted: set[int] = set()
    for on, place in taps:
        deed = Deed.TURN_ON if on else Deed.TURN_OFF
        alone = {n for n, choice in enumerate(row.choices) if choice.exclusive}
        if not on:
            wanted -= {place}
        else:
            wanted = {place} if place in alone else wanted - alone | {place}
        for _ in range(2):
            chat.press(buttons.under(draft, deed, place), draft.card)
            assert {row.choices[n].name for n in wanted} == set(chat.answers.get(row.name) or ())
