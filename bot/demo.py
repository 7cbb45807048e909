"""`raati demo`: the sandbox with its page, and the real bot in front of it, in a county that lives.

Everything is invented and stands under `var/demo`, made anew at each start.
"""

from __future__ import annotations

import random
import shutil
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot import app
from bot import forms as forming
from bot.kept import kept, utc
from bot.sandbox import Sandbox
from bot.settings import Settings
from bot.surveys import open_survey
from dialogs.cards import options
from dialogs.forms.draft import Draft, pack, plain, room
from dialogs.forms.model import Form, Row, Type
from dialogs.forms.walk import current, take
from storage import drafts, responses

if TYPE_CHECKING:
    import asyncio

    from bot.kept import Kept
    from dialogs.forms.answers import Answer
    from dialogs.office import Office

FOLDER: Final = Path("var/demo")
TOKEN: Final = "1000000000:invented-token-of-the-demo-only"  # noqa: S105 - the sandbox takes any
RESPONSES: Final = 100
SEED: Final = 1912

SAID: Final = (
    "Että kaikki saavat apua samalla tavalla, asuinpaikasta riippumatta.",
    "Että minua kuunnellaan, vaikka puhun hitaasti.",
    "Matka terveysasemalle on pitkä, eikä bussia kulje enää.",
    "Puhelinpalvelu on hyvä, kun soittopyyntöön vastataan samana päivänä.",
    "En tiedä, kuka asiaani hoitaa. Olen kertonut saman asian monta kertaa.",
    "Att få vård på svenska utan att behöva be om det.",
    "Att den som inte använder nätet får samma hjälp som andra.",
    "Blanketterna är svåra att förstå.",
    "That nobody is treated worse because of who they are.",
    "I would like an interpreter without having to ask twice.",
    "Kiitos, palvelu on ollut ystävällistä.",
    "Lisää aikoja iltaan, jotta työssä käyvä pääsee.",
)
"""Open answers, invented."""


async def run(port: int, stop: asyncio.Event) -> None:
    """The demo on 127.0.0.1:`port`, until `stop` is set. Raises OSError where the port is taken."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    sandbox = Sandbox(token=TOKEN, username="raati_demo_bot", name="Raati")
    await sandbox.start(port)
    try:
        settings = Settings.model_validate(
            {
                "token": TOKEN,
                "api_url": sandbox.url,
                "data_dir": FOLDER / "data",
                "key_dir": FOLDER / "keys",
                "log_level": "info",
            }
        )
        now = utc().astimezone(settings.zone())
        office = in_season(forming.office(settings), now.date())
        async with kept(settings, office) as here:
            await _open(here, settings, now)
        print(f"Raati's demo is at {sandbox.url}/", flush=True)  # noqa: T201 - what the command is for
        print("Ctrl-C ends it.", flush=True)  # noqa: T201
        await app.run(settings, stop, office=office)
    finally:
        await sandbox.stop()


def in_season(office: Office, today: date) -> Office:
    """The invented office with days that lie ahead: the call's answer in seven weeks, two evenings
    on Thursdays after it."""
    thursday = today + timedelta(days=(3 - today.weekday()) % 7, weeks=9)
    return replace(
        office,
        chosen_by=today + timedelta(weeks=7),
        meetings=(thursday, thursday + timedelta(weeks=5)),
    )


async def _open(here: Kept, settings: Settings, now: datetime) -> None:
    """The equality survey and the call, open; a hundred responses are in."""
    kept = await open_survey(here, settings, "equality", now, until=now.date() + timedelta(weeks=2))
    await open_survey(here, settings, "application", now, until=now.date() + timedelta(weeks=3))
    form = here.forms.running(kept, now).form
    chance = random.Random(SEED)  # noqa: S311 - invented residents, the same at each start
    for resident in range(1, RESPONSES + 1):
        await _respond(here, form, resident, chance, now.date())


async def _respond(here: Kept, form: Form, chat: int, chance: random.Random, today: date) -> None:
    """One invented resident answers, the way every resident does."""
    draft = Draft(form=form.name, version=form.version, language="fi", revision=0)
    while (row := current(form, draft, today)) is not None:
        draft, _ = take(form, draft, row, _answer(row, chance), today)
    given = {name: value for name, value in draft.answers.items() if value is not None}
    texts = {row.name for row in form.rows if row.type is Type.TEXT}
    await drafts.save(
        here.store, chat, form.name, pack(form, draft), room=room(form), expires=today
    )
    await responses.finish(
        here.store,
        chat,
        form.name,
        closed={name: plain(value) for name, value in given.items() if name not in texts},
        opened={name: str(value) for name, value in given.items() if name in texts},
    )


def _answer(row: Row, chance: random.Random) -> Answer:
    if not row.required and chance.random() < 0.15:
        return None
    if row.type is Type.TEXT:
        return chance.choice(SAID)
    if row.type is Type.SELECT_MULTIPLE:
        several = [choice for choice in row.choices if not choice.exclusive]
        return tuple(c.name for c in several if chance.random() < 0.3) or (row.choices[-1].name,)
    listed = [answer for answer, _, _ in options(row)]
    return chance.choice(listed) if listed else True
