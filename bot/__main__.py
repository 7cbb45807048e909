"""The `raati` command: what all its errands share. The errands themselves stand in `bot.commands`.

The exit code is 0 when done, 1 with one sentence when something must be mended first, and 2 with
one sentence for wrong use. No errand shows a stack trace for what a person can mend.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from bot import dumps
from bot.commands import check, coordinators, copies, forms, keys, running, surveys, trail
from bot.commands.words import Parser, below
from bot.forms import FormsError
from bot.settings import SettingsError
from bot.surveys import RefusedError
from storage.backup import BackupError
from storage.keys import KeysError
from storage.running import RunsError

if TYPE_CHECKING:
    from collections.abc import Sequence


MENDABLE = (BackupError, FormsError, KeysError, RefusedError, RunsError, SettingsError)
"""What a person can mend: told in its own sentence, without a stack trace."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code."""
    # Before a setting is read: a token, a key or an answer never gets into a core.
    dumps.forbid()
    options = _parser().parse_args(arguments)
    try:
        code: int = options.do(options)
    except MENDABLE as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return code


def _parser() -> Parser:
    parser = Parser(
        prog="raati",
        description="A county's anonymous surveys and customer panel, on the phone. "
        "Settings are read from the environment (RAATI_…) or a .env file; the README lists them.",
    )
    commands = below(parser)
    for errand in (running, forms, surveys, coordinators, trail, check, copies, keys):
        errand.add(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
