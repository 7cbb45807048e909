"""The mix, killed at each of its steps: nothing is lost, nothing doubled, no old key lives on."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


HURTS = {"VACUUM", "commit", "fsync", "unlink"}


@pytest.mark.parametrize(
    ("story", "steps"), [("release", HURTS | {"rename"}), ("close", HURTS | {"rmdir"})]
)
async def test_killed_at_any_step_the_mix_goes_on_at_the_next_start(
    story: str, steps: set[str], tmp_path: Path
) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.mix_lives", str(tmp_path), story),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate()
    lives = said.decode().splitlines()
    assert [line for line in lives if ":" in line] == []
    assert lives[-1] == "lived to its end"
    assert steps <= set(lives[:-1])
