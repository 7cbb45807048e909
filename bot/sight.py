"""Everything that a decision may look at, loaded before a dialog decides.

What takes long to look up is looked up only for the pages that show it (`dialogs.panel.door`).
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from dialogs import conversation
from dialogs.broadcasts import planning, pointers, underway
from dialogs.events import Commanded, Sent
from dialogs.forms import draft as drafting
from dialogs.forms.model import Kind
from dialogs.languages import FINNISH
from dialogs.life import State
from dialogs.outcome import Here
from dialogs.panel import door, links
from dialogs.panel.records import Panel, Received, Role
from storage import (
    announcements,
    applications,
    drafts,
    markers,
    reach,
    records,
    subscribers,
    surveys,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from bot.adapter import Happened
    from bot.forms import Forms
    from dialogs.announcement import Report
    from dialogs.broadcasts.records import Pointer
    from dialogs.events import Event
    from dialogs.forms.answers import Answers
    from dialogs.forms.draft import Draft
    from dialogs.life import Running
    from dialogs.office import Office
    from dialogs.outcome import Trial, Turned
    from dialogs.screens import Card
    from storage.database import Store


class Sight:
    """`now` gives Helsinki wall clock; `chance(n)` a number below n that nobody can guess;
    `bot_link` the bot's own address, asked for a chat; `fetch` what a file holds that a chat sent;
    `shelf` the forms there are; `trials` what each chat tries out."""

    def __init__(
        self,
        store: Store,
        forms: Forms,
        office: Office,
        *,
        now: Callable[[], datetime],
        zone: ZoneInfo,
        chance: Callable[[int], int],
        bot_link: Callable[[int], Awaitable[str]],
        fetch: Callable[[int, str], Awaitable[bytes | None]],
        shelf: Callable[[], Mapping[str, str]],
        trials: Mapping[int, Trial],
    ) -> None:
        self._store = store
        self._forms = forms
        self._office = office
        self._now = now
        self._zone = zone
        self._chance = chance
        self._bot_link = bot_link
        self._fetch = fetch
        self._shelf = shelf
        self._trials = trials

    async def look(self, happened: Happened, turned: Turned | None) -> Here:
        """Everything the decision may look at."""
        now = self._now()
        chat = happened.chat
        every = await self._forms.all(self._store, now)
        running = tuple(one for one in every if one.state is not State.DRAFT)
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
            trial=self._trials.get(chat),
        )
        if not conversation.looks_at_person(unfinished, happened.event):
            return here
        here = replace(
            here,
            subscribed=await subscribers.find(self._store, chat) is not None,
            taken=await self._taken(chat, running),
            applications=await self._applications(chat, running),
        )
        return await self._in_panel(here, happened, every)

    async def _in_panel(self, here: Here, happened: Happened, every: tuple[Running, ...]) -> Here:
        """With what the chat is to the panel, and all of the panel where it is something to it."""
        event = happened.event
        member, official = await records.find(self._store, here.chat)
        reads = official is not None and official.role is Role.READER
        token, task = door.token(event), await records.task(self._store, here.chat)
        opens = None
        if token is not None:
            opens = await records.invitation(self._store, links.digest(token))
        here = replace(
            here,
            member=member,
            coordinator=None if reads else official,
            reader=official if reads else None,
            invitation=opens,
            pointer=await self._pointed(event),
            task=task,
        )
        if member is None and official is None and opens is None:
            return here
        here = replace(
            here,
            name=happened.name,
            fresh=secrets.token_bytes(32),
            panel=await records.panel(self._store, self._zone, whole=here.coordinator is not None),
        )
        if official is None or here.panel is None:
            return here
        wanted = door.wants(event, task)
        return replace(
            here,
            bot_link=await self._bot_link(here.chat),
            brought=await self._brought(here, event),
            panel=await self._looked_up(here.panel, wanted, every),
        )

    async def _pointed(self, event: Event) -> Pointer | None:
        """What the bot's own link leads to, where one was opened."""
        if not isinstance(event, Commanded) or event.name != "start":
            return None
        beginning = pointers.opened(event.argument)
        return None if beginning is None else await records.pointer(self._store, beginning)

    async def _brought(self, here: Here, event: Event) -> str | None:
        """What stands in a file that was asked for and sent; None where it is no text."""
        if not isinstance(event, Sent) or not event.file or not door.asks_for_file(here.task):
            return None
        content = await self._fetch(here.chat, event.file)
        try:
            return None if content is None else content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return None

    async def _looked_up(
        self, panel: Panel, wanted: door.Wants, every: tuple[Running, ...]
    ) -> Panel:
        """With every survey, and with what takes long to look up, as far as it is wanted."""
        panel = replace(panel, surveys=every)
        if wanted.received:
            panel = replace(panel, received=await self._received(every), forms=self._shelf())
        if wanted.broadcasts:
            calls = [one.name for one in every if one.form.kind is Kind.APPLICATION]
            sent = await announcements.reports(self._store, planning.EVERY)
            if wanted.mended:
                sent |= await self._by_language(sent, wanted.mended)
            panel = replace(
                panel,
                reports={**panel.reports, **sent},
                reach=await reach.counted(self._store, calls),
            )
        return panel

    async def _by_language(self, sent: Mapping[str, Report], mended: str) -> dict[str, Report]:
        """The reports of the broadcast whose key begins so, told apart by what people read."""
        return {
            occasion: replace(report, languages=await reach.by_language(self._store, occasion))
            for occasion, report in sent.items()
            if occasion.startswith(f"{planning.EVERY}{mended}:")
        }

    async def _received(self, every: Iterable[Running]) -> dict[str, Received]:
        few = await surveys.dissolved(self._store)
        found = {}
        for one in every:
            received, mixing = await surveys.received(self._store, one.name)
            found[one.name] = Received(received - mixing, mixing, one.name in few)
        return found

    async def follow(self, broadcast: str, language: str) -> Card | None:
        """The card of a broadcast (its key in hexadecimal digits) as it is now; None where it is
        gone."""
        now = self._now()
        found = await records.broadcast(self._store, self._zone, bytes.fromhex(broadcast))
        if found is None:
            return None
        panel = await records.panel(self._store, self._zone)
        every = await self._forms.all(self._store, now)
        sent = await announcements.reports(self._store, planning.prefix(found))
        here = Here(
            self._office,
            running=(),
            drafts={},
            now=now,
            chance=0,
            phone=FINNISH,
            panel=replace(panel, surveys=every, broadcasts=(found,), reports=sent),
        )
        return underway.card(here, language, found)

    async def _drafts(self, chat: int, running: tuple[Running, ...]) -> dict[str, Draft]:
        forms = {survey.name: survey.form for survey in running if survey.takes_begun}
        bodies = await drafts.load(self._store, chat, forms)
        found = {}
        for name, body in bodies.items():
            if (draft := drafting.unpack(forms[name], body)) is not None:
                found[name] = draft
            else:  # of other questions: who began it may begin anew
                await drafts.erase(self._store, chat, name)
        return found

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
