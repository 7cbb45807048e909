"""`raati backup` and `raati restore`: a copy without keys, and the way back."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from bot import forms as forming
from bot import kept
from bot import surveys as lives
from bot.commands.surveys import line
from bot.settings import SettingsError, read
from storage import backup, mix, restore
from storage.backup import BackupError
from storage.database import file_of
from storage.keys import Keys, stand_apart
from storage.running import alone

if TYPE_CHECKING:
    import argparse

    from bot.commands import words
    from bot.settings import Settings
    from storage.backup import Contents
    from storage.restore import Brought


def add(commands: words.Commands) -> None:
    copied = commands.add_parser(
        "backup",
        help="write a copy without keys",
        description="Writes a copy of everything that is kept, of one moment, also while the bot "
        "runs: never over a file that is there. Keys and unfinished answers are not in it; what "
        "waits in the mix is in it sealed. Keep the lasting keys apart, with `raati keys export`. "
        "The copy holds people's answers: keep it as carefully as the data.",
    )
    copied.add_argument("file", type=Path, metavar="FILE", help="a new file")
    copied.set_defaults(do=_backup)

    restored = commands.add_parser(
        "restore",
        help="bring a copy back",
        description="Makes a file of `raati backup` the database, while no bot runs, and says what "
        "it brings. On another machine, bring the lasting keys with `raati keys import`. Answers "
        "that waited in the mix come back only where the key they were sealed with still lives; "
        "where they do not, people can answer that survey again. Who was answering begins anew.",
    )
    restored.add_argument("file", type=Path, metavar="FILE", help="a file of `raati backup`")
    restored.add_argument(
        "--replace",
        action="store_true",
        help="also where a database is; that one is kept in the folder `replaced` beside it",
    )
    restored.add_argument(
        "--lose-waiting",
        action="store_true",
        help="with --replace: also where answers wait in the mix of that database; they are lost",
    )
    restored.set_defaults(do=_restore)


def _backup(options: argparse.Namespace) -> int:
    settings = read()
    living = _place(settings)
    if not living.exists():
        raise BackupError(f"There is nothing to back up yet: {living} is not there.")

    async def errand() -> Contents:
        async with kept.kept(settings) as here:
            return await backup.write(here.store, living, options.file)

    print(f"{options.file} holds {_told(asyncio.run(errand()))}; no keys and no drafts.")
    print("It holds answers as people wrote them: keep it as carefully as the data.")
    return 0


def _restore(options: argparse.Namespace) -> int:
    settings = read()
    _place(settings)
    stand_apart(settings.key_dir, settings.data_dir)
    office = forming.office(settings)

    async def errand() -> tuple[Brought, list[lives.Listed]]:
        async with alone(settings.key_dir):
            keys = Keys.load(settings.key_dir)
            brought = await restore.bring(
                options.file,
                settings.database(),
                keys,
                replace=options.replace,
                lose=options.lose_waiting,
            )
            async with kept.kept(settings, office) as here:
                await mix.bury(here.store)
                now = kept.utc().astimezone(settings.zone())
                return brought, await lives.listed(here, now)

    brought, listed = asyncio.run(errand())
    print(f"{options.file} has brought {_told(brought.contents)}.")
    for survey in listed:
        print(line(survey))
    for sentence in _missing(brought):
        print(sentence)
    return 0


def _missing(brought: Brought) -> list[str]:
    """A sentence for each thing that did not come along."""
    found = [
        f"{survey}: {number} answers that waited in the mix are lost, because the key they were "
        "sealed with is gone."
        for survey, number in brought.lost.items()
    ]
    found += [
        f"{survey}: who has answered is not known any more, because its secret is gone: people "
        "could answer again."
        for survey in brought.forgotten
    ]
    found += [
        f"{survey}: who has answered is forgotten, so that nobody is shut out whose answers are "
        "lost: people could answer again."
        for survey in brought.freed
    ]
    if brought.unopened:
        found.append(
            f"{brought.unopened} applications, subscriptions and records of the panel do not "
            "open with the lasting key here: bring theirs with `raati keys import` before the "
            "first start."
        )
    return [*found, "Unfinished answers were not in the backup: who was answering begins anew."]


def _told(contents: Contents) -> str:
    return (
        f"{_number(contents.surveys, 'survey or call', 'surveys and calls')}, "
        f"{_number(contents.responses + contents.waiting, 'response', 'responses')} "
        f"({contents.waiting} of them sealed in the mix), "
        f"{_number(contents.open_answers, 'open answer', 'open answers')}, "
        f"{_number(contents.applications, 'application', 'applications')}, "
        f"{_number(contents.subscribers, 'subscriber', 'subscribers')}, "
        f"{_number(contents.members, 'panel member', 'panel members')}, "
        f"{_number(contents.meetings, 'meeting', 'meetings')}, "
        f"{_number(contents.broadcasts, 'broadcast', 'broadcasts')} and "
        f"{_number(contents.pointers, 'link of its own', 'links of its own')}"
    )


def _number(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"


def _place(settings: Settings) -> Path:
    try:
        return file_of(settings.database())
    except ValueError as error:
        raise SettingsError(str(error)) from None
