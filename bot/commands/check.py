"""`raati check`: what is missing, or weakens a promise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import checking, kept
from bot.settings import read

if TYPE_CHECKING:
    import argparse

    from bot.commands import words


def add(commands: words.Commands) -> None:
    checked = commands.add_parser(
        "check",
        help="what is missing on this machine",
        description="Names what is missing on this machine or in its settings, or weakens a "
        "promise, and what to do about it. Exits with 1 if anything is. Run it as the bot's own "
        "user, in the bot's own settings.",
    )
    checked.set_defaults(do=_check)


def _check(_: argparse.Namespace) -> int:
    settings = read()
    found = checking.weaknesses(settings, kept.utc().astimezone(settings.zone()).date())
    for sentence in found:
        print(sentence)
    if not found:
        print("Nothing is missing.")
    return 1 if found else 0
