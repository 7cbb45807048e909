"""What a decision changes: each effect is one transaction.

What belongs to the anonymous survey and what belongs to a person never share one. What is tried out
is kept in mind and nowhere else.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot import letters
from dialogs.forms import draft as drafting
from dialogs.outcome import (
    TRIAL,
    Apply,
    Change,
    Erase,
    Finish,
    Lay,
    Save,
    Subscribe,
    Try,
    Unsubscribe,
    Withdraw,
)
from storage import applications, drafts, records, responses, subscribers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from bot.render import Renderer
    from dialogs.announcement import Announcement
    from dialogs.forms.draft import Draft
    from dialogs.forms.model import Form
    from dialogs.office import Office
    from dialogs.outcome import Effect, Here, Outcome, Trial
    from dialogs.panel.records import Task
    from storage.announcements import Planned
    from storage.database import Store

TRIALS: Final = 100
"""So many trials of forms are kept in mind; the oldest makes room."""


class Memory:
    """`now` gives Helsinki wall clock; `mixed` and `announced` are told that there may be something
    to mix, and to send."""

    def __init__(
        self,
        store: Store,
        office: Office,
        renderer: Renderer,
        *,
        now: Callable[[], datetime],
        zone: ZoneInfo,
        mixed: Callable[[], None],
        announced: Callable[[], None],
    ) -> None:
        self._store = store
        self._office = office
        self._renderer = renderer
        self._now = now
        self._zone = zone
        self._mixed = mixed
        self._announced = announced
        self.trials: Final[OrderedDict[int, Trial]] = OrderedDict()  # by chat

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
            case Try(trial):
                self.try_out(chat, trial)
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
            retract=self._written(change.retract),
            hold=change.hold,
            go_on=change.go_on,
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

    def try_out(self, chat: int, trial: Trial | None) -> None:
        """Keep a trial in mind, as long as the process lives; None: it is over."""
        self.trials.pop(chat, None)
        if trial is not None:
            self.trials[chat] = trial
            if len(self.trials) > TRIALS:
                self.trials.popitem(last=False)

    async def save(self, chat: int, draft: Draft, form: Form | None) -> None:
        """Keep a draft that was begun; one of a trial in mind, and of nothing else."""
        trial = self.trials.get(chat)
        if draft.form == TRIAL:
            self.try_out(chat, None if trial is None else replace(trial, draft=draft))
        elif form is not None:
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
