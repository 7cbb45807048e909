"""`raati run` and `raati demo`: the bot itself, until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from typing import TYPE_CHECKING

from bot.commands import words
from bot.settings import Settings, SettingsError, read

if TYPE_CHECKING:
    import argparse


def add(commands: words.Commands) -> None:
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
    trial.add_argument("--port", type=words.port, default=8080, help="of the page (default: 8080)")
    trial.set_defaults(do=_demo)


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
