"""`raati demo`: the sandbox with its page, and the real bot in front of it, in a county that lives.

Everything is invented and stands under `var/demo`, made anew at each start. The page moves one
clock, which the sandbox and the bot both go by. What the county's surveys have come to is told to
the page as the notice "board".
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot import app
from bot import forms as forming
from bot import surveys as lives
from bot.demo import panel
from bot.demo.crowd import Crowd
from bot.demo.residents import Resident
from bot.kept import kept
from bot.pace import RATE
from bot.render import Renderer
from bot.sandbox import Sandbox
from bot.sandbox.clock import Clock
from bot.settings import Settings
from dialogs.forms.draft import Draft, pack, pack_answers, plain, room
from dialogs.forms.model import Kind, Type
from dialogs.forms.walk import current, take
from dialogs.languages import ENGLISH, FINNISH, SWEDISH
from dialogs.life import State
from dialogs.panel import links
from storage import applications, drafts, responses, subscribers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from bot.kept import Kept
    from bot.sandbox import Phone
    from dialogs.forms.model import Form
    from dialogs.office import Office

FOLDER: Final = Path("var/demo")
TOKEN: Final = "1000000000:invented-token-of-the-demo-only"  # noqa: S105 - the sandbox takes any

USERNAME: Final = "raati_demo_bot"

PHONES: Final = (
    ("Aino", FINNISH, "resident"),
    ("Kaisa", FINNISH, "coordinator"),
    ("Sanna", SWEDISH, "coordinator"),
    ("Matti", FINNISH, "member"),
    ("Elin", SWEDISH, "resident"),
    ("Emma", ENGLISH, "resident"),
    ("Maja", SWEDISH, "member"),
    ("Mary", ENGLISH, "member"),
)
"""Whose phones lie on the page, in which language, and what each person is. On a coordinator's
lies a link that makes her one."""

BEFORE: Final = range(80)
"""The residents who answered the survey that is closed; these and all others by number."""
SINCE: Final = range(100, 206)
"""Who has answered the one that is open."""
APPLICANTS: Final = range(104, 206, 14)
SUBSCRIBERS: Final = range(2000, 7000)
"""Who has asked to be told of the next survey; each with a phone that nobody looks at alone."""
LEFT: Final = 50
"""One in so many has blocked the bot since."""
CROWD: Final = 1000
"""The first resident of the first crowd."""

COORDINATORS_NOTE: Final = {
    FINNISH: "Avaa tästä: sinusta tulee koordinaattori.",
    SWEDISH: "Öppna här: du blir koordinator.",
}

LOOK: Final = 1.0
"""Seconds between two looks at what the board says."""

LAST_DAY: Final = timedelta(days=5)
"""From today to the survey's last day: a draft begun today must outlive it (`draft_days`), so that
who moves the clock past it can still finish."""

HINT: Final = (
    "Try: answer a survey as Aino; open Kaisa's link, open a survey, call a meeting, move the "
    "clock; write to 5,000 subscribers, and correct it."
)


async def run(port: int, stop: asyncio.Event, *, rate: int = RATE) -> None:
    """The demo on 127.0.0.1:`port`, until `stop` is set; its bot sends at most `rate` messages a
    second. Raises OSError where the port is taken."""
    clock = Clock()
    sandbox = Sandbox(token=TOKEN, username=USERNAME, name="Raati", clock=clock)
    phones = {name: sandbox.phone(name, language, role=role) for name, language, role in PHONES}
    sandbox.crowd = _not_yet  # a page that is open already learns that there is one
    await sandbox.start(port)
    try:
        shutil.rmtree(FOLDER, ignore_errors=True)  # nobody else's: the port is ours
        settings = _settings(sandbox.url)

        def wall() -> datetime:
            return clock().astimezone(settings.zone())

        office = in_season(forming.office(settings), wall().date())
        async with kept(settings, office) as here:
            await _open(here, settings, wall())
            await panel.seat(here, _members(phones), wall())
            await _subscribe(here, sandbox)
            for name, language, role in PHONES:
                if role == "coordinator":
                    token = await panel.invite(here, wall())
                    link = links.link(f"https://t.me/{USERNAME}", token)
                    sandbox.note(phones[name], COORDINATORS_NOTE[language], link)
                if role == "member":
                    phones[name].type("/start")  # whom a bot may write to has written to it
            crowd = Crowd(sandbox, here, Renderer(settings.zone()), wall, first=CROWD)
            sandbox.crowd = crowd.come
            board = asyncio.create_task(_keep_board(sandbox, here, wall))
            print(f"Raati's demo is at {sandbox.url}/", flush=True)  # noqa: T201 - what the command is for
            print(f"{HINT} Ctrl-C ends it.", flush=True)  # noqa: T201
            try:
                await app.run(settings, stop, clock=clock, office=office, rate=rate)
            finally:
                await crowd.leave()
                board.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await board
    finally:
        await sandbox.stop()


def _members(phones: Mapping[str, Phone]) -> list[tuple[str, str, int]]:
    """The members with a phone: name, language, chat."""
    return [
        (name, language, phones[name].chat_id)
        for name, language, role in PHONES
        if role == "member"
    ]


def _not_yet(_: int) -> None:
    raise ValueError("The county is not open yet.")


def _settings(api_url: str) -> Settings:
    """The demo's own. None comes from the environment or a `.env` file: the office's real database
    may be named there."""
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    own = {
        "token": TOKEN,
        "api_url": api_url,
        "data_dir": FOLDER / "data",
        "key_dir": FOLDER / "keys",
    }
    return Settings.model_validate({**defaults, **own})


def in_season(office: Office, today: date) -> Office:
    """The invented office with days that lie ahead: the call's answer in seven weeks, two evenings
    on Thursdays after it."""
    thursday = today + timedelta(days=(3 - today.weekday()) % 7, weeks=9)
    return replace(
        office,
        chosen_by=today + timedelta(weeks=7),
        meetings=(thursday, thursday + timedelta(weeks=5)),
    )


async def board(here: Kept, now: datetime) -> list[dict[str, Any]]:
    """Every survey and call as the page shows it, what was opened last first; no drafts, which
    coordinators alone see."""
    forms = {running.name: running.form for running in await here.forms.all(here.store, now)}
    found = [one for one in await lives.listed(here, now) if one.state != State.DRAFT]
    found.sort(key=lambda one: (one.opens, forms[one.name].kind is Kind.SURVEY), reverse=True)
    return [
        {
            "title": dict(forms[one.name].title),
            "kind": str(forms[one.name].kind),
            "state": one.state,
            "closes": one.closes,
            "received": one.received,
        }
        for one in found
    ]


async def _keep_board(sandbox: Sandbox, here: Kept, wall: Callable[[], datetime]) -> None:
    """Tells the page whenever the board says something else."""
    told = None
    while True:
        if (now := await board(here, wall())) != told:
            told = now
            sandbox.notice("board", told)
        await asyncio.sleep(LOOK)


async def _open(here: Kept, settings: Settings, now: datetime) -> None:
    """A survey that ended five weeks ago, one that is open for a fortnight in all, and a call that
    is open a week longer; with what residents have sent by now."""
    today, since = now.date(), now - timedelta(days=9)

    async def opened(name: str, then: datetime, until: date) -> Form:
        kept = await lives.open_survey(here, settings, name, then, until=until)
        return here.forms.running(kept, then).form

    ended = today - timedelta(weeks=5)
    before = await opened("participation", now - timedelta(weeks=9), ended)
    for number in BEFORE:
        await _respond(here, Resident(number), before, ended)
    survey = await opened("equality", since, today + LAST_DAY)
    for number in SINCE:
        await _respond(here, Resident(number), survey, today)
    call = await opened("application", since, today + LAST_DAY + timedelta(weeks=1))
    for place, number in enumerate(APPLICANTS):
        await _apply(here, Resident(number), call, since.date() + timedelta(days=place))


async def _subscribe(here: Kept, sandbox: Sandbox) -> None:
    """Thousands who want to hear of the next survey; some have blocked the bot since."""
    residents = [Resident(number) for number in SUBSCRIBERS]
    stay = [one for one in residents if one.number % LEFT]
    left = [one for one in residents if not one.number % LEFT]
    told = []
    for some, blocked in ((stay, False), (left, True)):
        phones = sandbox.throng.join([(one.name, one.language) for one in some], blocked=blocked)
        told += [(phone.chat_id, one.language) for phone, one in zip(phones, some, strict=True)]
    await subscribers.add_all(here.store, told)


async def _respond(here: Kept, resident: Resident, form: Form, today: date) -> None:
    """The resident answers a survey on the day `today`, the way every resident does."""
    draft = replace(_answered(resident, form, today), ordinal=1)
    given = {name: value for name, value in draft.answers.items() if value is not None}
    texts = {row.name for row in form.rows if row.type is Type.TEXT}
    chat = _chat(resident.number)
    body, size = pack(form, draft), room(form)
    await drafts.begin(
        here.store, chat, form.name, body, room=size, expires=today, ordinal=draft.ordinal
    )
    await responses.finish(
        here.store,
        chat,
        form.name,
        closed={name: plain(value) for name, value in given.items() if name not in texts},
        opened={name: str(value) for name, value in given.items() if name in texts},
        room=size,
    )


async def _apply(here: Kept, resident: Resident, call: Form, today: date) -> None:
    draft = _answered(resident, call, today)
    body = pack_answers(call, draft.language, draft.answers)
    monday = today - timedelta(days=today.weekday())
    await applications.keep(here.store, _chat(resident.number), call.name, body, week=monday)


def _answered(resident: Resident, form: Form, today: date) -> Draft:
    draft = Draft(form=form.name, version=form.version, language=resident.language, revision=0)
    while (row := current(form, draft, today)) is not None:
        draft, _ = take(form, draft, row, resident.answer(form, row), today)
    return draft


def _chat(number: int) -> int:
    """A chat id for a resident without a phone: none that the sandbox gives."""
    return number + 1
