"""The host of conversations: unpack, load, decide, record, and only then speak.

Everything is committed before a word is said. What is said is one bounded attempt: when it fails,
the conversation has gone on all the same, the draft knows that its card was not seen, and the next
tap or message shows it.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeVar

from aiogram.exceptions import (
    AiogramError,
    TelegramBadRequest,
    TelegramForbiddenError,
)
from aiogram.methods import (
    AnswerCallbackQuery,
    DeleteMessage,
    DeleteMessages,
    EditMessageReplyMarkup,
    EditMessageText,
    GetMe,
    SendMessage,
)

from bot.adapter import Elsewhere, Happened, read
from bot.housekeeping import tidy
from dialogs import conversation
from dialogs.events import Tapped
from dialogs.forms import draft as drafting
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
from dialogs.screens import Own, Place, Say
from storage import applications, drafts, responses, subscribers

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from aiogram import Bot
    from aiogram.methods import TelegramMethod
    from aiogram.types import Update

    from bot.forms import Forms
    from bot.render import Renderer
    from dialogs.forms.draft import Draft
    from dialogs.forms.model import Answers, Form
    from dialogs.life import Running
    from dialogs.office import Office
    from dialogs.outcome import Effect
    from dialogs.screens import Card
    from storage.database import Store

PATIENCE: Final = 2
"""Seconds that all we say to one update may take."""

ALBUMS: Final = 1000
"""So many albums are remembered, so that one of ten pictures gets one answer."""

T = TypeVar("T")

log = logging.getLogger("raati.chats")


class Chats:
    """All chats of one bot. `clock` gives aware datetimes; `chance(n)` a number below n that nobody
    can guess."""

    def __init__(
        self,
        bot: Bot,
        store: Store,
        forms: Forms,
        office: Office,
        renderer: Renderer,
        *,
        clock: Callable[[], datetime],
        zone: ZoneInfo,
        chance: Callable[[int], int],
    ) -> None:
        self._bot = bot
        self._store = store
        self._forms = forms
        self._office = office
        self._renderer = renderer
        self._clock = clock
        self._zone = zone
        self._chance = chance
        self._albums: OrderedDict[tuple[int, str], None] = OrderedDict()
        self._tidied: datetime | None = None

    async def handle(self, update: Update) -> None:
        """One update, to the end."""
        happened = read(update)
        if happened is None or (isinstance(happened, Happened) and self._answered_album(happened)):
            return
        if isinstance(happened, Elsewhere):
            await self._send_elsewhere(happened)
            return
        await self.keep_house()
        outcome, form = await self._decide_and_record(happened)
        await self._speak(happened, outcome, form)

    async def surplus(self, update: Update) -> None:
        """Too many messages at once from one chat: said once."""
        await self._say(update, Say("bot.flooded"))

    async def failed(self, update: Update) -> None:
        """An update could not be handled: the person is told."""
        await self._say(update, Say("bot.failed"))

    async def keep_house(self) -> None:
        """Housekeeping, when an hour of the Helsinki clock has begun since the last time."""
        hour = self._now().replace(minute=0, second=0, microsecond=0)
        if self._tidied != hour:
            self._tidied = hour
            await tidy(self._store, self._forms, self._office, self._now())

    def _now(self) -> datetime:
        return self._clock().astimezone(self._zone)

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
        """Decide on what is known, and record it; once more where it changed meanwhile."""
        here = await self._look(happened)
        outcome = conversation.step(here, happened.event)
        if not await self._record(happened.chat, here, outcome):
            here = await self._look(happened)
            outcome = conversation.step(here, happened.event)
            await self._record(happened.chat, here, outcome)
        running = here.find(outcome.draft.form) if outcome.draft is not None else None
        return outcome, running.form if running is not None else None

    async def _look(self, happened: Happened) -> Here:
        """Everything the decision may look at."""
        now = self._now()
        chat = happened.chat
        running = await self._forms.all(self._store, now)
        unfinished = await self._drafts(chat, running)
        here = Here(
            office=self._office,
            running=running,
            drafts=unfinished,
            now=now,
            chance=self._chance(1 << 20),
            phone=happened.phone,
        )
        if not conversation.looks_at_person(unfinished, happened.event):
            return here
        return replace(
            here,
            subscribed=await subscribers.find(self._store, chat) is not None,
            applications=await self._applications(chat, running),
        )

    async def _drafts(self, chat: int, running: tuple[Running, ...]) -> dict[str, Draft]:
        forms = {survey.name: survey.form for survey in running if survey.takes_begun}
        bodies = await drafts.load(self._store, chat, forms)
        unpacked = {name: drafting.unpack(forms[name], body) for name, body in bodies.items()}
        return {name: draft for name, draft in unpacked.items() if draft is not None}

    async def _applications(self, chat: int, running: tuple[Running, ...]) -> dict[str, Answers]:
        kept: dict[str, Answers] = {}
        for call in running:
            if call.form.kind == "application":
                body = await applications.load(self._store, chat, call.name)
                if body is not None:
                    kept[call.name] = drafting.unpack_answers(call.form, body)[1]
        return kept

    async def _record(self, chat: int, here: Here, outcome: Outcome) -> bool:
        """Carry out the effects, each a transaction; False when what was to be finished is gone."""
        for effect in outcome.effects:
            if not await self._carry_out(chat, here, effect):
                return False
        return True

    async def _carry_out(self, chat: int, here: Here, effect: Effect) -> bool:
        store = self._store
        match effect:
            case Save(draft):
                await self._save(chat, here.now, draft, here.form(draft.form))
            case Erase(form):
                await drafts.erase(store, chat, form)
            case Finish(survey, closed, opened):
                return await responses.finish(store, chat, survey, closed=closed, opened=opened)
            case Apply(call, language, answers):
                body = drafting.pack_answers(here.form(call), language, answers)
                monday = here.today - timedelta(days=here.today.weekday())
                await applications.keep(store, chat, call, body, week=monday)
            case Withdraw(call):
                await applications.erase(store, chat, call)
            case Subscribe(language):
                await subscribers.add(store, chat, language)
            case Unsubscribe():
                await subscribers.remove(store, chat)
        return True

    async def _save(self, chat: int, now: datetime, draft: Draft, form: Form) -> None:
        await drafts.save(
            self._store,
            chat,
            draft.form,
            drafting.pack(form, draft),
            room=drafting.room(form),
            expires=now.date() + timedelta(days=self._office.draft_days),
        )

    async def _speak(self, happened: Happened, outcome: Outcome, form: Form | None) -> None:
        """Answer the tap at once; meanwhile show what is to be shown, and remember what is."""
        draft = outcome.draft
        try:
            async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
                group.create_task(self._answer(happened, outcome))
                sent, live = await self._show_all(happened, outcome)
        except TimeoutError:
            log.warning("a card was not shown in time; the next tap shows it")
            sent, live = [], None
        if draft is not None and form is not None:
            shown = replace(draft.with_messages(*sent), card=live)
            if shown != draft:
                await self._save(happened.chat, self._now(), shown, form)

    async def _show_all(self, happened: Happened, outcome: Outcome) -> tuple[list[int], int | None]:
        """The ids of the new messages, and of the draft's live card; None where it has none now."""
        await self._remove(happened.chat, outcome.remove)
        sent: list[int] = []
        live = outcome.draft.card if outcome.draft is not None else None
        for card in outcome.cards:
            number = await self._show(happened, card)
            if number is not None:
                sent.append(number)
            if card.live:
                live = number
        for number in outcome.close:
            await self._attempt(
                EditMessageReplyMarkup(chat_id=happened.chat, message_id=number, reply_markup=None)
            )
        return sent, live

    async def _answer(self, happened: Happened, outcome: Outcome) -> None:
        """Every tap is answered, or its phone shows it as waiting."""
        if happened.callback is None:
            return
        text = None
        if outcome.toast is not None:
            text = self._words(outcome.toast, outcome.cards[0].language)
        await self._attempt(AnswerCallbackQuery(callback_query_id=happened.callback, text=text))

    async def _show(self, happened: Happened, card: Card) -> int | None:
        """The id of the message the card now stands on; None where it could not be shown."""
        shown = self._renderer.card(card, self._now().date())
        if card.place is Place.EDIT and isinstance(happened.event, Tapped):
            edit = EditMessageText(
                chat_id=happened.chat,
                message_id=happened.event.message,
                text=shown.text,
                entities=shown.entities,
                reply_markup=shown.keyboard,
            )
            try:
                await self._bot(edit, request_timeout=PATIENCE)
            except TelegramBadRequest as refusal:
                if "not modified" in refusal.message:
                    return happened.event.message
                # The card is gone or too old to change: a new one takes its place.
            except AiogramError as error:
                _unsaid(error)
                return None
            else:
                return happened.event.message
        sent = await self._attempt(
            SendMessage(
                chat_id=happened.chat,
                text=shown.text,
                entities=shown.entities,
                reply_markup=shown.keyboard,
            )
        )
        return None if sent is None else sent.message_id

    async def _remove(self, chat: int, messages: tuple[int, ...]) -> None:
        """Delete what Telegram lets a bot delete; what it refuses stays, as was said beforehand."""
        if messages and not await self._attempt(
            DeleteMessages(chat_id=chat, message_ids=list(messages))
        ):
            for message in messages:  # one too old holds back the whole call
                await self._attempt(DeleteMessage(chat_id=chat, message_id=message))

    async def _attempt(self, method: TelegramMethod[T]) -> T | None:
        """Say it once; None where it could not be said."""
        try:
            said: T = await self._bot(method, request_timeout=PATIENCE)
        except AiogramError as error:
            _unsaid(error)
            return None
        return said

    async def _say(self, update: Update, words: Say) -> None:
        """One sentence that belongs to no conversation."""
        happened = read(update)
        if isinstance(happened, Happened):
            text = self._words(words, happened.phone)
            await self._attempt(SendMessage(chat_id=happened.chat, text=text))

    async def _send_elsewhere(self, spoken: Elsewhere) -> None:
        """A group is sent to a private chat; nothing of it is kept."""
        me = await self._attempt(GetMe())
        link = Own(f"https://t.me/{me.username}" if me is not None else "")
        text = self._words(Say("bot.group", {"link": link}), spoken.phone)
        await self._attempt(SendMessage(chat_id=spoken.chat, text=text))

    def _words(self, words: Say, language: str) -> str:
        return self._renderer.words(words, language, self._now().date())


def _unsaid(error: AiogramError) -> None:
    """What could not be said, for the operator: the kind of refusal, nothing of the content."""
    if isinstance(error, TelegramForbiddenError):
        log.debug("somebody has blocked the bot")
    elif isinstance(error, TelegramBadRequest):
        log.info("Telegram refused: %s", error.message)
    else:
        log.warning("Telegram did not take an answer (%s)", type(error).__name__)
