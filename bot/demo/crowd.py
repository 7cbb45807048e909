"""A crowd: invented residents who answer the open survey, each on a phone of their own.

They read the newest card as people do: what stands on it, and its buttons by their words. What a
button carries, and what is kept of them, they do not know. Some skip or go back, some type the
number instead of tapping, some leave midway. Few answer at once, so that whoever sits at the page
is answered at once too; and each gives up after a while, so that a crowd ends whatever the bot
does.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from functools import partial
from typing import TYPE_CHECKING, Final

from bot.demo.residents import Resident
from dialogs.cards import options
from dialogs.forms.model import Kind, Type
from dialogs.screens import Say, Told

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.kept import Kept
    from bot.render import Renderer
    from bot.sandbox import Button, Message, Phone, Sandbox
    from bot.sandbox.texts import Json
    from dialogs.forms.model import Form, Row
    from dialogs.screens import Words

    Act = Callable[[], object]
    """Something a person does on a phone."""

AT_ONCE: Final = 8
"""So many residents answer at the same time."""
LONGEST: Final = 600.0
"""Seconds after which all who still answer give up."""
PATIENCE: Final = 10.0
"""Seconds one waits for the bot before doing the same again."""
TRIES: Final = 2
MOST_ACTS: Final = 100
"""More than any survey of ours takes."""

LEAVE: Final = 0.06
GO_BACK: Final = 0.1
CHANGE: Final = 0.05
TYPE_NUMBERS: Final = 0.12
HAVE_READ_ALOUD: Final = 0.04
REMOVE: Final = 0.06
SUBSCRIBE: Final = 0.15

log = logging.getLogger("raati.crowd")


class Crowd:
    """Residents from the number `first` on, at each time others. `wall` gives Helsinki time."""

    def __init__(
        self,
        sandbox: Sandbox,
        here: Kept,
        renderer: Renderer,
        wall: Callable[[], datetime],
        *,
        first: int,
    ) -> None:
        self._sandbox = sandbox
        self._here = here
        self._renderer = renderer
        self._wall = wall
        self._next = first
        self._answering: asyncio.Task[None] | None = None

    def come(self, many: int) -> None:
        """So many residents begin to answer; the page is told how many are done. Raises ValueError
        while others still answer."""
        if self._answering is not None:
            raise ValueError("A crowd is answering already.")
        numbers = range(self._next, self._next + many)
        self._next = numbers.stop
        self._tell(0, many)
        self._answering = asyncio.create_task(self._answer(numbers))

    async def leave(self) -> None:
        """Whoever still answers stops, in the middle of it."""
        if self._answering is not None:
            self._answering.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._answering

    async def _answer(self, numbers: range) -> None:
        waiting, done = iter(numbers), 0

        async def one_after_another() -> None:
            nonlocal done
            for number in waiting:
                await self._visit(Resident(number))
                done += 1
                if done < len(numbers):
                    self._tell(done, len(numbers))

        try:
            async with asyncio.timeout(LONGEST), asyncio.TaskGroup() as group:
                for _ in range(AT_ONCE):
                    group.create_task(one_after_another())
        except TimeoutError:
            log.warning("the crowd has waited for the bot too long and gave up")
        finally:
            self._answering = None  # before it is told: who reads it may let others come at once
            self._tell(done, done)  # as many as came: the page sees that nobody is left

    def _tell(self, done: int, of: int) -> None:
        self._sandbox.notice("crowd", {"done": done, "of": of})

    async def _visit(self, resident: Resident) -> None:
        surveys = tuple(
            running.form
            for running in await self._here.forms.all(self._here.store, self._wall())
            if running.form.kind is Kind.SURVEY
        )
        phone = self._sandbox.phone(resident.name, resident.language, on_page=False)
        try:
            await _Visit(resident, phone, surveys, self._words(resident.language)).take_place()
        finally:
            # The chat's number stays taken; what stood in it would add up.
            phone.chat.watcher = None
            phone.chat.messages.clear()
            phone.chat.toasts.clear()

    def _words(self, language: str) -> Callable[[Words], str]:
        today = self._wall().date()
        return lambda words: self._renderer.words(words, language, today)


class _Visit:
    """One resident with the bot. `words` says anything in their language; of `surveys` they answer
    the one that they are offered."""

    def __init__(
        self,
        resident: Resident,
        phone: Phone,
        surveys: tuple[Form, ...],
        words: Callable[[Words], str],
    ) -> None:
        self._resident = resident
        self._phone = phone
        self._surveys = surveys
        self._words = words
        self._mark = words(Say("mark.chosen"))
        self._told = asyncio.Event()
        phone.chat.watcher = self._hear
        chance = resident.chance("habits")
        self._leaves_after = chance.randint(1, 6) if chance.random() < LEAVE else None
        self._goes_back_at = chance.randint(2, 8) if chance.random() < GO_BACK else None
        self._changes = chance.randint(1, 5) if chance.random() < CHANGE else None
        self._types = chance.random() < TYPE_NUMBERS
        separate, removes = chance.random() < HAVE_READ_ALOUD, chance.random() < REMOVE
        self._begin = Say("button.begin_separate") if separate else Say("button.begin")
        self._send = Say("button.send_and_remove") if removes else Say("button.send")
        self._subscribes = chance.random() < SUBSCRIBE
        self._survey: Form | None = None
        self._met: set[str] = set()
        self._sent = False

    async def take_place(self) -> None:
        act: Act | None = partial(self._phone.type, "/start")
        for _ in range(MOST_ACTS):
            if act is None or (card := await self._card_after(act)) is None:
                return
            act = self._next(card)

    def _hear(self, _event: str, _data: Json) -> None:
        self._told.set()

    async def _card_after(self, act: Act) -> Message | None:
        """The card that the bot answers with; None where it does not."""
        seen = self._newest()
        for _ in range(TRIES):
            act()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    while (card := self._newest()) in (None, seen):
                        self._told.clear()
                        await self._told.wait()
                    return card
        return None

    def _newest(self) -> Message | None:
        return next((message for message in reversed(self._phone.messages) if message.rows), None)

    # Reading a card

    def _next(self, card: Message) -> Act | None:
        """What to do with this card; None where there is nothing more to do."""
        if self._sent:
            if self._words(Say("thanks.title")) in card.text and self._subscribes:
                return self._tap(card, Say("button.tell"))
            return None
        for survey in self._surveys:
            answer = self._tap(card, Say("button.answer", {"title": Told(survey.title)}))
            if answer is not None:
                self._survey = survey
                return answer
        if begins := self._tap(card, self._begin):
            return begins
        if sends := self._tap(card, self._send):
            return self._review(card, sends)
        if (row := self._asked(card)) is None:
            return None
        self._met.add(row.name)
        if self._leaves_after is not None and len(self._met) > self._leaves_after:
            return None
        if self._goes_back_at is not None and len(self._met) > self._goes_back_at:
            self._goes_back_at = None
            return self._tap(card, Say("button.back"))
        return self._reply(card, row)

    def _review(self, card: Message, sends: Act) -> Act:
        change = self._changes and self._tap(card, Say("button.change", {"number": self._changes}))
        self._changes = None
        if change:
            return change
        self._sent = True
        return sends

    def _asked(self, card: Message) -> Row | None:
        """The question on the card."""
        lines = card.text.split("\n")
        rows = self._survey.rows if self._survey is not None else ()
        there = [row for row in rows if row.asks and self._words(Told(row.label)) in lines]
        return there[0] if there else None

    def _reply(self, card: Message, row: Row) -> Act | None:
        """Answer, unless an answer stands there from before."""
        if onward := self._tap(card, Say("button.next")):
            return onward
        answer = self._resident.answer(self._survey, row) if self._survey is not None else None
        if answer is None:
            return self._tap(card, Say("button.skip"))
        if row.type is Type.TEXT:
            return partial(self._phone.type, str(answer))
        several = answer if isinstance(answer, tuple) else (answer,)
        chosen = [(words, number) for one, words, number in options(row) if one in several]
        if self._types and row.type is not Type.ACKNOWLEDGE:
            numbers = (str(number or self._words(words)) for words, number in chosen)
            return partial(self._phone.type, " ".join(numbers))
        for words, _ in chosen:
            button = self._button(card, words)
            if button is not None and not button.label.startswith(self._mark):
                return partial(self._phone.press, button, card.id)
        return self._tap(card, Say("button.done"))

    def _tap(self, card: Message, words: Words) -> Act | None:
        """A tap on the button that says this, if the card has it."""
        button = self._button(card, words)
        return None if button is None else partial(self._phone.press, button, card.id)

    def _button(self, card: Message, words: Words) -> Button | None:
        said = self._words(words)
        for row in card.rows:
            for button in row:
                label = button.label.removeprefix(self._mark)
                if label == said or label.endswith(f". {said}"):  # choices are numbered
                    return button
        return None
