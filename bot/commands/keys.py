"""`raati keys`: the lasting key to a safe place and back, sealed with a passphrase."""

from __future__ import annotations

import asyncio
import getpass
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot import kept
from bot.commands import words
from bot.settings import SettingsError, read
from storage import keys, lasting
from storage.database import file_of
from storage.keys import KeysError
from storage.running import alone

if TYPE_CHECKING:
    import argparse

    from bot.settings import Settings


def add(commands: words.Commands) -> None:
    family = words.below(
        commands.add_parser(
            "keys",
            help="carry the lasting keys",
            description="The lasting keys open the applications, the subscriptions and the "
            "panel, and are in no backup: carry them apart. Without them, those are lost.",
        )
    )
    exported = family.add_parser(
        "export",
        help="write the lasting keys, sealed",
        description="Writes the lasting keys alone, sealed with a passphrase, never over a file "
        "that is there. The passphrase is asked twice, or is the first line of standard input "
        f"where that is no terminal; it has at least {lasting.SHORTEST} characters. Whoever has "
        "the file and the passphrase can read applications; without the passphrase nobody can.",
    )
    exported.add_argument("file", type=Path, metavar="FILE", help="a new file")
    exported.set_defaults(do=_export)
    imported = family.add_parser(
        "import",
        help="bring the lasting keys back",
        description="Brings the lasting keys back from a file of `raati keys export`, while no bot "
        "runs and before the first one does. Keys that are here already stay, if an application or "
        "a subscription opens with them; if none does, or with --replace, they are set aside, not "
        "destroyed.",
    )
    imported.add_argument("file", type=Path, metavar="FILE", help="a file of `raati keys export`")
    imported.add_argument(
        "--replace",
        action="store_true",
        help="also where something opens only with the keys that are here",
    )
    imported.set_defaults(do=_import)


def _export(options: argparse.Namespace) -> int:
    settings = read()
    key = keys.lasting(settings.key_dir)
    if key is None:
        raise KeysError(f"There are no lasting keys in {settings.key_dir} yet.")
    if options.file.exists():
        raise KeysError(f"{options.file} is there already: name a new file.")
    sealed = lasting.sealed(key, _passphrase(twice=True))
    try:
        handle = os.open(options.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(handle)
    except OSError as error:
        raise KeysError(f"{options.file} cannot be written: {error.strerror}.") from None
    print(
        f"{options.file} holds the lasting keys. Keep it apart from the backups, and the "
        "passphrase apart from both: without it nobody can open the file."
    )
    return 0


def _import(options: argparse.Namespace) -> int:
    settings = read()
    try:
        file = options.file.read_bytes()
    except OSError as error:
        raise KeysError(f"{options.file} cannot be read: {error.strerror}.") from None
    # Nobody shall type a passphrase for nothing.
    asyncio.run(_alone_now(settings))
    key = lasting.opened(file, _passphrase(twice=False))

    async def errand() -> tuple[bool, int]:
        async with alone(settings.key_dir):
            here = keys.lasting(settings.key_dir)
            if here == key:
                raise KeysError("These lasting keys are here already: there is nothing to do.")
            needed, brought = (0, 0) if here is None else await _opened(settings, here, key)
            if needed and not options.replace:
                raise KeysError(
                    f"The lasting keys that are here open {needed} applications, "
                    f"subscriptions and records of the panel, those in the file {brought}: "
                    "give --replace to set the ones here aside."
                )
            return keys.take_in(settings.key_dir, key), needed

    replaced, needed = asyncio.run(errand())
    print(f"The lasting keys are in {settings.key_dir / keys.LASTING}.")
    if needed:
        print(
            f"The ones that were there are set aside as {keys.ASIDE}: {needed} applications, "
            "subscriptions and records of the panel here open only with them. Keep them "
            "apart, or those are lost."
        )
    elif replaced:
        print(
            f"The ones that were there opened nothing here: they are set aside as {keys.ASIDE}. "
            "Keep them apart if a backup needs them, else delete them."
        )
    return 0


async def _alone_now(settings: Settings) -> None:
    """Raises RunsError if somebody is at work on the keys."""
    async with alone(settings.key_dir):
        pass


async def _opened(settings: Settings, *each: bytes) -> list[int]:
    """How many applications and subscriptions here open with `each` of these lasting keys."""
    try:
        if not file_of(settings.database()).exists():
            return [0 for _ in each]
    except ValueError as error:
        raise SettingsError(str(error)) from None
    async with kept.kept(settings) as here, here.store.reading() as connection:
        return [(await lasting.opens(connection, key))[0] for key in each]


def _passphrase(*, twice: bool) -> str:
    """Asked on a terminal, else the first line of standard input. Raises KeysError."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    try:
        typed = getpass.getpass("Passphrase: ")
        if twice and getpass.getpass("The same again: ") != typed:
            raise KeysError("The two passphrases differ: type the same one twice.")
    except EOFError:
        raise KeysError("No passphrase was given.") from None
    return typed
