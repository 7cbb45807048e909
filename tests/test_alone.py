"""`raati run` as a process: what a crash would write of its memory gets into no file, and nobody
else works on its keys."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.sandbox import Sandbox
from storage import running
from tests.county import TOKEN, Clock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

GENEROUS = 60
"""Seconds for what takes a moment: only a broken bot makes the test wait so long."""


WISHING_A_CORE = ("/bin/sh", "-c", 'ulimit -c "$(ulimit -Hc)"; exec "$@"', "sh")
"""As on a machine where dumps are kept."""


def environment(folder: Path, **settings: str) -> dict[str, str]:
    named = {f"RAATI_{name.upper()}": value for name, value in settings.items()}
    folders = {"RAATI_DATA_DIR": str(folder / "data"), "RAATI_KEY_DIR": str(folder / "keys")}
    return {**os.environ, **folders, **named}


def core_limits(process: int) -> list[str]:
    """Soft and hard, as the kernel has them."""
    limits = Path(f"/proc/{process}/limits").read_text(encoding="utf-8").splitlines()
    [core] = [line.split()[4:6] for line in limits if line.startswith("Max core file size")]
    return core


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    telegram = Sandbox(token=TOKEN, username="raati_bot", name="Raati", clock=Clock())
    await telegram.start()
    yield telegram
    await telegram.stop()


@pytest.fixture
async def bot(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[subprocess.Popen[bytes]]:
    """`raati run`, at work in `tmp_path`."""
    process = subprocess.Popen(  # noqa: ASYNC220, S603 - our own words, begun at once
        [*WISHING_A_CORE, sys.executable, "-m", "bot", "run"],
        env=environment(tmp_path, token=TOKEN, api_url=sandbox.url),
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(GENEROUS):
            while not sandbox.telegram.updates.polled:
                await sandbox.telegram.updates.changed.heard()
        yield process
    finally:
        process.kill()
        await asyncio.to_thread(process.wait)


async def test_a_bot_that_is_aborted_leaves_no_core(
    bot: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    assert core_limits(bot.pid) == ["0", "0"]
    bot.send_signal(signal.SIGABRT)
    _, status = await asyncio.to_thread(os.waitpid, bot.pid, 0)
    assert os.WTERMSIG(status) == signal.SIGABRT
    assert not os.WCOREDUMP(status)
    assert names(tmp_path) == {"data", "keys"}


def test_a_collector_that_takes_no_notice_of_limits_gets_no_dump_either(tmp_path: Path) -> None:
    asked = (
        "import ctypes, sys; from bot.__main__ import main; code = main(['run']);"
        "print(code, ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"  # PR_GET_DUMPABLE
    )
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", asked],
        env=environment(tmp_path, token=""),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == (
        "1 0\n",
        "RAATI_TOKEN is not set: put the bot's token there.\n",
    )


async def test_a_second_bot_on_the_same_keys_is_refused_in_a_sentence(
    bot: subprocess.Popen[bytes], sandbox: Sandbox, tmp_path: Path
) -> None:
    keys = tmp_path / "keys"
    assert running.somebody(keys)
    second = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "bot", "run"],
        env=environment(tmp_path, token=TOKEN, api_url=sandbox.url),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=GENEROUS,
    )
    assert (second.returncode, second.stderr) == (
        1,
        f"A bot, a restore or an import is at work on the keys in {keys}: stop it first, or wait "
        "until it is done.\n",
    )
    bot.kill()
    await asyncio.to_thread(bot.wait)
    assert not running.somebody(keys), "the system lets go of what a killed bot held"
