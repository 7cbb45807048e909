"""What a decision may look at, and what it changes.

Everything is loaded before a dialog decides, and each effect it decides on is one transaction. What
belongs to the anonymous survey and what belongs to a person never share one.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot import letters
from dialogs import conversation
from dialogs.forms import draft as drafting
from dialogs.forms.model import Kind
from dialogs.outcome import (
    Apply,
    Change,
    Erase,
    Finish,
    Here,
    Lay,
    Save,
    Subscribe,
    Unsubscribe,
    Withdraw,
)
from dialogs.panel import door, links
from storage import applications, drafts, markers, records, responses, subscribers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from bot.adapter import Happened
    from bot.forms import Forms
    from bot.render import Renderer
    from dialogs.announcement import Announcement
    from dialogs.forms.answers import Answers
    from dialogs.forms.draft import Draft
    from dialogs.forms.model import Form
    from dialogs.life import Running
    from dialogs.office import Office
    from dialogs.outcome import Effect, Outcome, Turned
    from dialogs.panel.records import Task
    from storage.announcements import Planned
    from storage.database import Store


class Memory:
    """`now` gives Helsinki wall clock; `chance(n)` a number below n that nobody can guess;
    `bot_link` the bot's own address, asked for a chat; `mixed` and `announced` are told that there
    may be something to mix, and to send."""

    def __init__(
        self,
        store: Store,
        forms: Forms,
        office: Office,
        renderer: Renderer,
        *,
        now: Callable[[], datetime],
        zone: ZoneInfo,
        chance: Callable[[int], int],
        bot_link: Callable[[int], Awaitable[str]],
        mixed: Callable[[], None],
        announced: Callable[[], None],
    ) -> None:
        self._store = store
        self._forms = forms
        self._office = office
        self._renderer = renderer
        self._now = now
        self._zone = zone
        self._chance = chance
        self._bot_link = bot_link
        self._mixed = mixed
        self._announced = announced

    async def look(self, happened: Happened, turned: Turned | None) -> Here:
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
            turned=turned,
            chat=chat,
        )
        if not conversation.looks_at_person(unfinished, happened.event):
            return here
        here = replace(
            here,
            subscribed=await subscribers.find(self._store, chat) is not None,
            taken=await self._taken(chat, running),
            applications=await self._applications(chat, running),
        )
        return await self._in_panel(here, happened)

    async def _in_panel(self, here: Here, happened: Happened) -> Here:
        """With what the chat is to the panel, and all of the panel where it is something to it."""
        member, coordinator = await records.find(self._store, here.chat)
        token = door.token(happened.event)
        opens = None
        if token is not None:
            opens = await records.invitation(self._store, links.digest(token))
        here = replace(
            here,
            member=member,
            coordinator=coordinator,
            invitation=opens,
            task=await records.task(self._store, here.chat),
        )
        if member is None and coordinator is None and opens is None:
            return here
        whole = coordinator is not None
        return replace(
            here,
            name=happened.name,
            fresh=secrets.token_bytes(32),
            bot_link=await self._bot_link(here.chat) if whole else "",
            panel=await records.panel(self._store, self._zone, whole=whole),
        )

    async def _drafts(self, chat: int, running: tuple[Running, ...]) -> dict[str, Draft]:
        forms = {survey.name: survey.form for survey in running if survey.takes_begun}
        bodies = await drafts.load(self._store, chat, forms)
        unpacked = {name: drafting.unpack(forms[name], body) for name, body in bodies.items()}
        return {name: draft for name, draft in unpacked.items() if draft is not None}

    async def _taken(self, chat: int, running: tuple[Running, ...]) -> dict[str, int]:
        most = {
            survey.name: survey.form.responses_per_chat for survey in running if survey.takes_begun
        }
        return await markers.taken(self._store, chat, most)

    async def _applications(self, chat: int, running: tuple[Running, ...]) -> dict[str, Answers]:
        kept: dict[str, Answers] = {}
        for call in running:
            if call.form.kind is Kind.APPLICATION:
                body = await applications.load(self._store, chat, call.name)
                if body is not None:
                    kept[call.name] = drafting.unpack_answers(call.form, body)[1]
        return kept

    async def record(self, chat: int, here: Here, outcome: Outcome) -> bool:
        """Carry out the effects, each a transaction; False when what was to be finished is gone,
        or what was to be changed has changed meanwhile."""
        for effect in outcome.effects:
            if not await self._carry_out(chat, here, effect):
                return False
        return True

    async def _carry_out(self, chat: int, here: Here, effect: Effect) -> bool:
        store = self._store
        match effect:
            case Save(draft):
                form = here.form(draft.form)
                if draft.form in here.drafts:
                    await self.save(chat, draft, form)
                else:
                    await self._keep(drafts.begin, chat, draft, form)
            case Erase(form_name):
                await drafts.erase(store, chat, form_name)
            case Finish(survey, closed, opened):
                room = drafting.room(here.form(survey))
                finished = await responses.finish(
                    store, chat, survey, closed=closed, opened=opened, room=room
                )
                self._mixed()
                return finished
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
            case Change():
                return await self.change(effect)
            case Lay(task):
                await self.lay(chat, task)
        return True

    async def change(self, change: Change) -> bool:
        """Change the panel; False, and nothing, where a record has changed meanwhile."""
        changed = records.Changed(
            keep=change.keep,
            erase=change.erase,
            ask_again=change.ask_again,
            ask_anew=change.ask_anew,
            withdraw=change.withdraw,
            plan=self._written(change.plan),
            correct=self._written(change.correct),
            trail=change.trail,
        )
        done = await records.change(self._store, changed)
        self._announced()
        return done

    def _written(self, said: Iterable[Announcement]) -> list[Planned]:
        return [letters.planned(one, self._renderer, self._zone) for one in said]

    async def lay(self, chat: int, task: Task | None) -> None:
        """Keep what the chat is in the midst of telling."""
        await records.lay(self._store, chat, task, expires=self._last_day())

    async def save(self, chat: int, draft: Draft, form: Form) -> None:
        """Keep a draft that was begun."""
        await self._keep(drafts.save, chat, draft, form)

    async def _keep(
        self, keep: Callable[..., Awaitable[None]], chat: int, draft: Draft, form: Form
    ) -> None:
        await keep(
            self._store,
            chat,
            draft.form,
            drafting.pack(form, draft),
            room=drafting.room(form),
            expires=self._last_day(),
            ordinal=draft.ordinal,
        )

    def _last_day(self) -> date:
        """Of what is kept today to be gone on with; today is the first."""
        return self._now().date() + timedelta(days=self._office.draft_days - 1)
