"""The `raati` command: running the bot, trying it, and the office's errands around it."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import signal
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from bot import checking, kept
from bot import forms as forming
from bot import surveys as lives
from bot.forms import FormsError
from bot.settings import Settings, SettingsError, read
from bot.surveys import RefusedError
from dialogs.forms import loader
from dialogs.forms.model import Audience, Choice
from dialogs.life import State
from storage.keys import KeysError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


MENDABLE = (FormsError, KeysError, RefusedError, SettingsError)
"""What a person can mend: told in its own sentence, without a stack trace."""


class _Parser(argparse.ArgumentParser):
    """Says in one sentence what was wrong, and exits with 2."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}. See {self.prog} --help.\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0 when done, 1 when something must be mended first, 2 for wrong use."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.do(options)
    except MENDABLE as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return code


def _parser() -> _Parser:
    parser = _Parser(
        prog="raati",
        description="A county's anonymous surveys and customer panel, on the phone. "
        "Settings are read from the environment (RAATI_…) or a .env file; the README lists them.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)

    run = commands.add_parser(
        "run",
        help="run the bot",
        description="Runs the bot until SIGTERM or Ctrl-C, finishing what is in hand. "
        "Needs RAATI_TOKEN.",
    )
    run.set_defaults(do=_run)

    trial = commands.add_parser(
        "demo",
        help="try everything on a page in the browser",
        description="Starts a stand-in for Telegram with a page of phones, and the real bot in "
        "front of it, on invented data under var/demo. Listens on 127.0.0.1 only.",
    )
    trial.add_argument("--port", type=_port, default=8080, help="of the page (default: 8080)")
    trial.set_defaults(do=_demo)

    forms = commands.add_parser(
        "forms",
        help="check forms",
        description="A survey or an application is one YAML file, in XLSForm's vocabulary.",
    ).add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)
    check = forms.add_parser(
        "check",
        help="name every mistake in forms",
        description="Names every mistake in each form at once, with file and line. Exits with 1 "
        "if there is any; warnings alone are no mistakes.",
    )
    check.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help="a YAML file or a folder of them"
    )
    check.set_defaults(do=_check_forms)

    survey = commands.add_parser(
        "survey",
        help="open, close and list surveys",
        description="Opens and closes surveys, and calls for members, also while the bot runs.",
    ).add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)
    opened = survey.add_parser(
        "open",
        help="open a survey or a call for members",
        description="Opens a survey, or a call (a form of kind application), from the library or "
        "RAATI_FORMS_DIR. Its last day lasts until midnight in Helsinki. Opening an open one "
        "again changes its last day.",
    )
    opened.add_argument("form", metavar="FORM", help="such as equality or application")
    opened.add_argument("--until", type=_day, metavar="DATE", help="its last day, as 2026-12-31")
    opened.add_argument(
        "--audience",
        type=_audience,
        metavar="everyone|members",
        help="who may answer (default: as the form says)",
    )
    opened.set_defaults(do=_open)
    closed = survey.add_parser(
        "close",
        help="close a survey or a call",
        description="Takes no new answers from now on; begun ones may be finished until four "
        "next morning, and until then `raati survey open` undoes it.",
    )
    closed.add_argument("name", metavar="NAME", help="as `raati survey list` shows it")
    closed.set_defaults(do=_close)
    listing = survey.add_parser(
        "list",
        help="list surveys and calls",
        description="Lists every survey and call that was opened: its state, its days, how many "
        "responses are in, and how many of them are not yet mixed in.",
    )
    listing.add_argument("--json", action="store_true", help="as JSON, for programs")
    listing.set_defaults(do=_list)

    checked = commands.add_parser(
        "check",
        help="what is missing on this machine",
        description="Names what is missing on this machine or in its settings, or weakens a "
        "promise. Exits with 1 if anything is.",
    )
    checked.set_defaults(do=_check)
    return parser


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day such as 2026-12-31") from None


def _audience(text: str) -> Audience:
    try:
        return Audience(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is neither everyone nor members") from None


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port between 1 and 65535")
    return int(text)


def _run(_: argparse.Namespace) -> int:
    settings = read()
    if settings.token is None:
        raise SettingsError("RAATI_TOKEN is not set: put the bot's token there.")
    _log(settings)
    # Telegram's library takes seconds to load, which an errand should not cost.
    from bot import app
    from bot.trouble import TokenRefused
    from bot.webhook import WebhookRefused

    async def until_told() -> None:
        await app.run(settings, _stop())

    try:
        asyncio.run(until_told())
    except (TokenRefused, WebhookRefused) as error:
        raise SettingsError(str(error)) from None
    return 0


def _demo(options: argparse.Namespace) -> int:
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")

    from bot import demo

    async def until_told() -> None:
        await demo.run(options.port, _stop())

    try:
        asyncio.run(until_told())
    except OSError as error:
        print(
            f"The demo cannot use port {options.port} ({error.strerror}): choose another, "
            "as in `make demo PORT=8099`.",
            file=sys.stderr,
        )
        return 1
    return 0


def _stop() -> asyncio.Event:
    """Set by SIGTERM and SIGINT."""
    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    return stop


def _log(settings: Settings) -> None:
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    logging.getLogger("raati").setLevel(settings.log_level.upper())


def _check_forms(options: argparse.Namespace) -> int:
    lists = forming.office(read()).lists()
    mistakes = 0
    for path in options.paths:
        files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
        if not files:
            print(f"{path}: there are no forms here, no file whose name ends in .yaml.")
            mistakes += 1
        for file in files:
            mistakes += _check_form(file, lists)
    return 1 if mistakes else 0


def _check_form(file: Path, lists: Mapping[str, tuple[Choice, ...]]) -> int:
    """Prints what is wrong with one form; how many mistakes there were."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        print(f"{file}: cannot be read as a text file in UTF-8.")
        return 1
    form, complaints = loader.read(text, lists)
    for complaint in complaints:
        place = f"{file}:{complaint.line}"
        row = f" {complaint.row}:" if complaint.row else ""
        weight = "" if complaint.error else " warning:"
        print(f"{place}:{weight}{row} {complaint.sentence}")
        if complaint.excerpt:
            print(complaint.excerpt)
    if form is not None and f"{form.name}.yaml" != file.name:
        print(
            f"{file}: warning: the form calls itself {form.name}: it is opened only from a file "
            f"{form.name}.yaml."
        )
    elif not complaints:
        print(f"{file}: no mistakes.")
    return sum(complaint.error for complaint in complaints)


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

    async def errand() -> list[lives.Listed]:
        async with kept.kept(settings) as here:
            return await lives.listed(here, kept.utc().astimezone(settings.zone()))

    found = asyncio.run(errand())
    if options.json:
        print(json.dumps([asdict(survey) for survey in found], indent=2))
        return 0
    if not found:
        print("Nothing was opened yet. `raati survey open equality --until DATE` opens one.")
    for survey in found:
        last = f" to {survey.closes}" if survey.closes else ", no last day"
        print(
            f"{survey.name}: {survey.state}, from {survey.opens}{last}, "
            f"{survey.received} received, {survey.mixing} mixing"
        )
    return 0


def _check(_: argparse.Namespace) -> int:
    settings = read()
    found = checking.weaknesses(settings, kept.utc().astimezone(settings.zone()).date())
    for sentence in found:
        print(sentence)
    if not found:
        print("Nothing is missing.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
