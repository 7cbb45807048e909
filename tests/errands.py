"""The office's errands, typed beside a county's bot: its settings, its clock, one process."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING

from bot import dumps, kept, machine
from bot.__main__ import main
from bot.settings import Settings, variable

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    import pytest


class Errands:
    """Types `raati` commands on a machine whose data and keys lie in `folder`."""

    def __init__(
        self,
        folder: Path,
        clock: Callable[[], datetime],
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        folder.mkdir(exist_ok=True)
        self._capsys = capsys
        self._monkeypatch = monkeypatch
        for field in Settings.model_fields:
            monkeypatch.delenv(variable(field), raising=False)
        monkeypatch.setattr(kept, "utc", clock)
        # Forbidden for good, and this process is not the errand's alone.
        monkeypatch.setattr(dumps, "forbid", lambda: None)
        (swaps := folder / "swaps").touch()
        monkeypatch.setattr(machine, "SWAPS", swaps)
        self.on(folder)

    def on(self, folder: Path) -> None:
        """From now on, on the machine in `folder`."""
        folder.mkdir(exist_ok=True)
        self._monkeypatch.chdir(folder)
        self._monkeypatch.setenv(variable("data_dir"), str(folder / "data"))
        self._monkeypatch.setenv(variable("key_dir"), str(folder / "keys"))

    def answers(self, line: str) -> None:
        """What the next command reads where no terminal is."""
        self._monkeypatch.setattr("sys.stdin", io.StringIO(f"{line}\n"))

    async def types(self, *words: str) -> tuple[int, str]:
        """The exit code, and all that is shown; a bot of this process goes on meanwhile."""
        return await asyncio.to_thread(self._types, words)

    def _types(self, words: tuple[str, ...]) -> tuple[int, str]:
        self._capsys.readouterr()
        try:
            code = main(words)
        except SystemExit as end:
            code = int(end.code or 0)
        said, complained = self._capsys.readouterr()
        assert "Traceback" not in said + complained
        return code, said + complained
