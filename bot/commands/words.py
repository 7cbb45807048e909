"""The words a command is typed with, and what is said when they are wrong."""

from __future__ import annotations

import argparse
from datetime import date
from typing import NoReturn, TypeAlias

from dialogs.forms.model import Audience


class Parser(argparse.ArgumentParser):
    """Says in one sentence what was wrong, and exits with 2."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}. See {self.prog} --help.\n")


Commands: TypeAlias = "argparse._SubParsersAction[Parser]"


def below(parser: Parser) -> Commands:
    """Where the commands of `parser` are added; one of them must be typed."""
    return parser.add_subparsers(required=True, metavar="COMMAND", parser_class=Parser)


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day such as 2026-12-31") from None


def audience(text: str) -> Audience:
    try:
        return Audience(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is neither everyone nor members") from None


def port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port between 1 and 65535")
    return int(text)
