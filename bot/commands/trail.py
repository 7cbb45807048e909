"""`raati trail`: the audit trail, printed or taken out as a file that a table program opens."""

from __future__ import annotations

import argparse
import asyncio
import csv
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot import kept
from bot.phrases import Phrases
from bot.settings import read
from bot.surveys import RefusedError
from dialogs.languages import ENGLISH, LANGUAGES
from dialogs.panel.records import Deed
from dialogs.panel.trail import What, spoken
from dialogs.screens import Say
from storage import records

if TYPE_CHECKING:
    from datetime import date

    from bot.commands import words
    from bot.settings import Settings
    from dialogs.panel.records import Panel

HEADS: Final = (
    Say("trail.head_when"),
    Say("trail.head_who"),
    Say("trail.head_what"),
    Say("trail.head_about"),
)

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so would be worked out by the program that opens it."""


def add(commands: words.Commands) -> None:
    errand = commands.add_parser(
        "trail",
        help="print the audit trail, or write it to a file",
        description="Prints who did what about the panel, its surveys and its broadcasts, and "
        "when, the newest last; with --to it is written to a new file that Excel opens, never over "
        "one that is there. People are named as they are kept now: whoever was erased is named "
        "nowhere. Lines are kept for the office's days, and taking them out is a line as well.",
    )
    errand.add_argument("--to", type=Path, metavar="FILE.csv", help="a new file")
    errand.add_argument(
        "--language",
        type=_language,
        metavar="|".join(LANGUAGES),
        default=ENGLISH,
        help="in which language (default: en)",
    )
    errand.set_defaults(do=_trail)


def _language(text: str) -> str:
    if text not in LANGUAGES:
        raise argparse.ArgumentTypeError(f"{text!r} is none of {', '.join(LANGUAGES)}")
    return text


def _trail(options: argparse.Namespace) -> int:
    settings = read()
    file: Path | None = options.to
    if file is None:
        for when, who, what, _ in _lines(settings, options.language)[1:]:
            print(f"{when}  {who}: {what}" if who else f"{when}  {what}")
        return 0
    # First, so that nothing is said to be taken out that could not be written.
    handle = _new(file)
    try:
        with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as out:
            lines = _lines(settings, options.language)
            # Finnish and Swedish Excel take a semicolon, and UTF-8 where its mark stands first.
            table = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL)
            table.writerows([_harmless(cell) for cell in line] for line in lines)
    except BaseException as error:
        file.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise RefusedError(f"{file} cannot be written: {error.strerror}.") from None
        raise
    print(f"{file} holds {len(lines) - 1} lines. It names people: keep it carefully.")
    return 0


def _lines(settings: Settings, language: str) -> list[tuple[str, ...]]:
    """The heads of the columns, then every line; the newest last."""
    phrases = Phrases(settings.zone(), (language,))
    panel, today = asyncio.run(_taken_out(settings))

    def line(deed: Deed) -> tuple[str, ...]:
        said = spoken(panel, deed)
        told = (said.by, said.what, said.about)
        words = ("" if one is None else phrases.words(one, language, today) for one in told)
        return (f"{deed.when:%Y-%m-%d %H:%M}", *words)

    heads = tuple(phrases.words(head, language, today) for head in HEADS)
    return [heads, *map(line, reversed(panel.trail))]


async def _taken_out(settings: Settings) -> tuple[Panel, date]:
    """The panel with its trail, of which taking it out is the last line; and the day."""
    async with kept.kept(settings) as here:
        now = kept.utc().astimezone(settings.zone())
        exported = Deed(now, "", What.TRAIL_EXPORTED)
        await records.change(here.store, records.Changed(trail=(exported,)))
        panel = await records.panel(here.store, settings.zone(), whole=True)
        return replace(panel, surveys=await here.forms.all(here.store, now)), now.date()


def _new(file: Path) -> int:
    """A file that only its owner reads. Raises RefusedError."""
    try:
        return os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise RefusedError(f"{file} is there already: name a new file.") from None
    except OSError as error:
        raise RefusedError(f"{file} cannot be written: {error.strerror}.") from None


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
