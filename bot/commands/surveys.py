"""`raati survey`: opening, closing and listing surveys and calls, also while the bot runs."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from bot import checking, kept
from bot import surveys as lives
from bot.commands import words
from bot.settings import read
from dialogs.life import State
from storage import surveys

if TYPE_CHECKING:
    import argparse

TOO_FEW: Final = (
    "Too few answered to hide whose answers are whose: only counts are kept, "
    "and open answers apart from them."
)


def add(commands: words.Commands) -> None:
    survey = words.below(
        commands.add_parser(
            "survey",
            help="open, close and list surveys",
            description="Opens and closes surveys, and calls for members, also while the bot runs.",
        )
    )
    opened = survey.add_parser(
        "open",
        help="open a survey or a call for members",
        description="Opens a survey, or a call (a form of kind application), from the library or "
        "RAATI_FORMS_DIR, or a coordinator's draft by its name. Its last day lasts until midnight "
        "in Helsinki. Opening an open one again changes its last day. Nobody is told of it: "
        "coordinators do that in the chat.",
    )
    opened.add_argument("form", metavar="FORM", help="such as equality or application")
    opened.add_argument(
        "--until", type=words.day, metavar="DATE", help="its last day, as 2026-12-31"
    )
    opened.add_argument(
        "--audience",
        type=words.audience,
        metavar="everyone|members",
        help="who may answer (default: as the form says)",
    )
    opened.set_defaults(do=_open)
    closed = survey.add_parser(
        "close",
        help="close a survey or a call",
        description="Takes no new answers from now on; begun ones may be finished until four "
        "next morning, and until then `raati survey open` undoes it. One whose first day is still "
        "to come becomes a draft again.",
    )
    closed.add_argument("name", metavar="NAME", help="as `raati survey list` shows it")
    closed.set_defaults(do=_close)
    listing = survey.add_parser(
        "list",
        help="list surveys and calls",
        description="Lists every survey and call, drafts too: its state, its days, how many "
        "responses are in, and how many of them are not yet mixed in.",
    )
    listing.add_argument("--json", action="store_true", help="as JSON, for programs")
    listing.set_defaults(do=_list)


def line(survey: lives.Listed) -> str:
    """A survey, as people read it."""
    last = f" to {survey.closes}" if survey.closes else ", no last day"
    return (
        f"{survey.name}: {survey.state}, from {survey.opens}{last}, "
        f"{survey.received} received, {survey.mixing} mixing"
    )


def _open(options: argparse.Namespace) -> int:
    settings = read()

    async def errand() -> None:
        async with kept.kept(settings) as here:
            now = kept.utc().astimezone(settings.zone())
            opened = await lives.open_survey(
                here, settings, options.form, now, until=options.until, audience=options.audience
            )
            last = f" until {opened.closes}" if opened.closes else ", without a last day"
            print(f"{opened.name} is open{last}.")
            form = here.forms.running(opened, now).form
            for doubt in lives.doubts(form, opened.source, here.office, now.date(), opened.closes):
                print(doubt)
            if here.office.invented:
                print(checking.INVENTED)

    asyncio.run(errand())
    return 0


def _close(options: argparse.Namespace) -> int:
    settings = read()

    async def errand() -> None:
        async with kept.kept(settings) as here:
            now = kept.utc().astimezone(settings.zone())
            closed = await lives.close_survey(here, options.name, now)
            begun = " Begun answers may be sent until four next morning."
            print(
                f"{closed.name} is {closed.state}.{begun if closed.state == State.CLOSING else ''}"
            )

    asyncio.run(errand())
    return 0


def _list(options: argparse.Namespace) -> int:
    settings = read()

    async def errand() -> tuple[list[lives.Listed], set[str]]:
        async with kept.kept(settings) as here:
            found = await lives.listed(here, kept.utc().astimezone(settings.zone()))
            return found, await surveys.dissolved(here.store)

    found, dissolved = asyncio.run(errand())
    if options.json:
        print(json.dumps([asdict(survey) for survey in found], indent=2))
        return 0
    if not found:
        print("Nothing was opened yet. `raati survey open equality --until DATE` opens one.")
    for survey in found:
        print(line(survey))
        if survey.name in dissolved:
            print(f"  {TOO_FEW}")
    return 0
