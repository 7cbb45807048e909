"""The host of conversations: unpack, load, decide, record, and only then speak.

Everything is committed before a word is said. What is said is one bounded attempt: when it fails,
the conversation has gone on all the same, the draft knows that its card was not seen, and the next
tap or message shows it. Only what Telegram asks to wait with (429) is said by itself, after the
wait, unless the person has gone on meanwhile.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.adapter import Elsewhere, Happened, Membership, read
from bot.speech import PATIENCE, HeldBack
from dialogs import conversation
from dialogs.events import Tapped
from dialogs.outcome import TRIAL, Apply, Finish, Lay, Turned
from dialogs.screens import Own, Place, Say

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime

    from aiogram.types import Update

    from bot.following import Following
    from bot.glimpses import Glimpses
    from bot.memory import Memory
    from bot.outbox import Outbox
    from bot.sight import Sight
    from bot.speech import Shown, Speaker
    from dialogs.events import Event
    from dialogs.forms.draft import Draft
    from dialogs.forms.model import Form
    from dialogs.outcome import Here, Outcome
    from dialogs.panel.records import Task
    from dialogs.screens import Card

TRIES: Final = 3
"""How often what Telegram asked to wait with is tried again."""

TRIES_AGAIN: Final = 20
"""How often a decision is made again, alone, on what has changed meanwhile."""

AT_ONCE: Final = timedelta(seconds=10)
"""Two taps on Send so near each other are one."""

ALBUMS: Final = 1000
"""So many albums are remembered, so that one of ten pictures gets one answer."""

TURNS: Final = 1000
"""Of so many chats it is remembered when the card last came to ask another question."""

log = logging.getLogger("raati.chats")


class Overtaken(Exception):  # noqa: N818 - what happened
    """What was decided could not be kept: what it was decided on changes all the time."""


@dataclass(slots=True)
class _Saying:
    """What is left to say of an outcome: what is said is taken off. `shown` are the messages it
    stands on, `live` the one that the draft goes on from; None while that was not seen."""

    callback: str | None
    toast: Say | None
    language: str
    tapped: int | None
    remove: tuple[int, ...]
    cards: list[Card]
    close: list[int]
    draft: Draft | None  # as it was kept last
    form: Form | None
    live: int | None
    task: Task | None  # as it was kept last
    shown: list[int] = field(default_factory=list)
    held: bool = False
    doubted: bool = False  # whether the live card was shown is not known


class Chats:
    """All chats of one bot. `clock` gives aware datetimes; `keep_house` brings everything up to
    now."""

    def __init__(
        self,
        speaker: Speaker,
        sight: Sight,
        memory: Memory,
        glimpses: Glimpses,
        following: Following,
        outbox: Outbox,
        *,
        clock: Callable[[], datetime],
        keep_house: Callable[[], Awaitable[None]],
    ) -> None:
        self._speaker = speaker
        self._sight = sight
        self._memory = memory
        self._glimpses = glimpses
        self._following = following
        self._outbox = outbox
        self._clock = clock
        self._keep_house = keep_house
        self._albums: OrderedDict[tuple[int, str], None] = OrderedDict()
        self._finished: dict[tuple[int, Event], datetime] = {}  # taps on Send, for a moment
        self._owed: dict[int, asyncio.Task[None]] = {}  # answers Telegram asked to wait with
        # What could not be deleted yet: that goes with the next answer, whatever it is.
        self._undeleted: dict[int, tuple[int, ...]] = {}
        self._turned: OrderedDict[int, Turned] = OrderedDict()  # by chat
        self._again = asyncio.Lock()  # of those that were overtaken

    async def handle(self, update: Update) -> None:
        """One update, to the end."""
        happened = read(update)
        if happened is None or (isinstance(happened, Happened) and self._answered_album(happened)):
            return
        if isinstance(happened, Elsewhere):
            await self._send_elsewhere(happened)
            return
        if isinstance(happened, Membership):
            moved = self._outbox.left if happened.gone else self._outbox.came_back
            await moved(happened.chat)
            return
        if (owed := self._owed.pop(happened.chat, None)) is not None:
            owed.cancel()
            # Before anything is loaded: it must not save over what comes now.
            await asyncio.gather(owed, return_exceptions=True)
        if self._finished_just_now(happened):
            with contextlib.suppress(HeldBack):
                await self._speaker.answer(
                    happened.chat, happened.callback or "", None, happened.phone
                )
            return
        await self._keep_house()
        outcome, form = await self._decide_and_record(happened)
        if happened.callback and any(isinstance(e, Finish | Apply) for e in outcome.effects):
            self._finished[happened.chat, happened.event] = self._clock()
        await self._speak(happened.chat, _to_say(happened, outcome, form), TRIES)

    async def surplus(self, updates: Sequence[Update]) -> None:
        """Too many at once from one chat: that is said once, and no tap is left waiting."""
        with contextlib.suppress(HeldBack, TimeoutError):
            async with asyncio.timeout(PATIENCE):
                for happened in map(read, updates):
                    if isinstance(happened, Happened) and happened.callback is not None:
                        await self._speaker.answer(
                            happened.chat, happened.callback, None, happened.phone
                        )
        await self._say(updates[-1], Say("bot.flooded"))

    async def failed(self, update: Update) -> None:
        """An update could not be handled: the person is told."""
        await self._say(update, Say("bot.failed"))

    async def close(self) -> None:
        """Nothing more is said."""
        for owed in self._owed.values():
            owed.cancel()
        await asyncio.gather(*self._owed.values(), return_exceptions=True)

    def _finished_just_now(self, happened: Happened) -> bool:
        """Whether this is the second of two quick taps on Send: its thanks are on the screen, and
        one more card would bury them."""
        now = self._clock()
        for tap, moment in list(self._finished.items()):
            if now - moment > AT_ONCE:
                del self._finished[tap]
        return (happened.chat, happened.event) in self._finished

    def _answered_album(self, happened: Happened) -> bool:
        """Whether another picture of the same album was answered already."""
        if happened.album is None:
            return False
        key = (happened.chat, happened.album)
        seen = key in self._albums
        self._albums[key] = None
        if len(self._albums) > ALBUMS:
            self._albums.popitem(last=False)
        return seen

    async def _decide_and_record(self, happened: Happened) -> tuple[Outcome, Form | None]:
        """Decide on what is known, and record it; again where it changed meanwhile. Nothing is said
        that was not kept: raises Overtaken where it changes again and again."""
        decided = await self._decided(happened)
        if decided is None:
            async with self._again:  # who was overtaken once is not by others who were
                for _ in range(TRIES_AGAIN):
                    decided = await self._decided(happened)
                    if decided is not None:
                        break
                else:
                    raise Overtaken
        here, outcome = decided
        running = here.find(outcome.draft.form) if outcome.draft is not None else None
        return outcome, running.form if running is not None else None

    async def _decided(self, happened: Happened) -> tuple[Here, Outcome] | None:
        """What was known and what it came to; None, and nothing of it kept, where that has changed
        meanwhile."""
        here = await self._sight.look(happened, self._turned.get(happened.chat))
        persons = (here.member, here.coordinator)
        if any(person is not None and person.gone for person in persons):
            await self._outbox.came_back(happened.chat)  # who speaks is here
            here = await self._sight.look(happened, self._turned.get(happened.chat))
        outcome = conversation.step(here, happened.event)
        kept = await self._memory.record(happened.chat, here, outcome)
        return (here, outcome) if kept else None

    async def _speak(self, chat: int, saying: _Saying, tries: int) -> None:
        """Answer the tap at once; meanwhile show what is to be shown, and remember what is."""
        saying.held = False
        left = self._undeleted.pop(chat, ())
        saying.remove = tuple(dict.fromkeys((*left, *saying.remove)))
        try:
            async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
                group.create_task(self._answer(chat, saying))
                await self._show_all(chat, saying)
        except TimeoutError:
            log.warning("A card was not shown in time; the next tap shows it.")
        finally:
            if saying.remove:
                self._undeleted[chat] = saying.remove
        await self._remember(chat, saying)
        if saying.held and tries:
            self._owed[chat] = asyncio.create_task(self._speak_later(chat, saying, tries - 1))

    async def _speak_later(self, chat: int, saying: _Saying, tries: int) -> None:
        """What Telegram asked to wait with; whatever the person does meanwhile comes instead."""
        while wait := self._speaker.quiet(chat):  # noqa: ASYNC110 - a sleep may end a little early
            await asyncio.sleep(wait)
        try:
            await self._speak(chat, saying, tries)
        except Exception as error:  # noqa: BLE001 - nobody waits for this task
            kind = type(error).__name__
            log.error("What a pause held back was not said (%s).", kind)  # noqa: TRY400 - no content
        if self._owed.get(chat) is asyncio.current_task():
            del self._owed[chat]

    async def _answer(self, chat: int, saying: _Saying) -> None:
        if saying.callback is None:
            return
        try:
            await self._speaker.answer(chat, saying.callback, saying.toast, saying.language)
            saying.callback = None
        except HeldBack:
            saying.held = True

    async def _show_all(self, chat: int, saying: _Saying) -> None:
        try:
            await self._speaker.delete(chat, saying.remove)
            saying.remove = ()
            while saying.cards:
                card = saying.cards[0]
                saying.doubted = bool(card.live)
                shown = await self._show(chat, card, saying.tapped)
                number = None if shown is None else shown.message
                if shown is not None:
                    saying.shown.append(shown.message)
                    saying.doubted = False
                    self._turns(chat, card, saying.draft, shown)
                else:
                    saying.close.clear()  # the card before keeps its buttons, or there were none
                if card.live:
                    saying.live = number
                del saying.cards[0]
            while saying.close:
                await self._speaker.take_buttons(chat, saying.close[0])
                del saying.close[0]
        except HeldBack:
            saying.held, saying.doubted = True, False

    async def _show(self, chat: int, card: Card, tapped: int | None) -> Shown | None:
        """Show a card. That it holds something of a person is kept before it does, so that it is
        taken away whatever happens next."""
        on = tapped if card.place is Place.EDIT else None
        if card.private and on is not None:
            await self._glimpses.keep(chat, on, card.language)
        shown = await self._speaker.show(chat, card, tapped)
        if shown is not None and card.private and shown.message != on:
            await self._glimpses.keep(chat, shown.message, card.language)
        if shown is not None and not card.private:
            await self._glimpses.drop(chat, shown.message)
        if shown is not None:
            await self._following.shown(chat, shown.message, card)
        return shown

    def _turns(self, chat: int, card: Card, draft: Draft | None, shown: Shown) -> None:
        """Remember when a card came to ask another question than before, in this chat or life."""
        known = self._turned.get(chat)
        if not card.live or draft is None or shown.since is None:
            return
        if known is None or (known.form, known.revision) != (draft.form, draft.revision):
            self._turned[chat] = Turned(draft.form, draft.revision, shown.since)
            self._turned.move_to_end(chat)
            if len(self._turned) > TURNS:
                self._turned.popitem(last=False)

    async def _remember(self, chat: int, saying: _Saying) -> None:
        """Keep with the draft which messages it has, and which is its live card; and with a task
        on which card it goes on."""
        if saying.task is not None and saying.shown and saying.task.card != saying.shown[-1]:
            saying.task = replace(saying.task, card=saying.shown[-1])
            await self._memory.lay(chat, saying.task)
        if saying.draft is None or (saying.form is None and saying.draft.form != TRIAL):
            return
        kept = replace(saying.draft.with_messages(*saying.shown), card=saying.live)
        if saying.doubted:
            kept = kept.in_doubt()
        if kept != saying.draft:
            await self._memory.save(chat, kept, saying.form)
            saying.draft = kept

    async def _say(self, update: Update, words: Say) -> None:
        happened = read(update)
        if isinstance(happened, Happened):
            await self._speaker.say(happened.chat, words, happened.phone)

    async def _send_elsewhere(self, spoken: Elsewhere) -> None:
        """A group is sent to a private chat; nothing of it is kept."""
        link = Own(await self._speaker.own_link(spoken.chat))
        await self._speaker.say(spoken.chat, Say("bot.group", {"link": link}), spoken.phone)


def _to_say(happened: Happened, outcome: Outcome, form: Form | None) -> _Saying:
    draft = outcome.draft
    return _Saying(
        callback=happened.callback,
        toast=outcome.toast,
        language=outcome.cards[0].language if outcome.cards else happened.phone,
        tapped=happened.event.message if isinstance(happened.event, Tapped) else None,
        remove=outcome.remove,
        cards=list(outcome.cards),
        close=list(outcome.close),
        draft=draft,
        form=form,
        task=next((e.task for e in reversed(outcome.effects) if isinstance(e, Lay)), None),
        live=None if draft is None or any(card.live for card in outcome.cards) else draft.card,
    )
