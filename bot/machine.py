"""What the machine itself does to the promise: where memory, keys and data may get to.

Each weakness is a sentence that says what to do. What cannot be known from here is said, too; what
`raati run` sees to itself, such as core dumps, is not asked about.
"""

from __future__ import annotations

import os
import re
import stat
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.settings import variable
from storage import running
from storage.database import file_of
from storage.keys import ASIDE, LASTING, leads_nowhere, unfinished

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.settings import Settings

SWAPS: Final = Path("/proc/swaps")
GROUP: Final = Path("/proc/self/cgroup")
GROUPS: Final = Path("/sys/fs/cgroup")
BLOCKS: Final = Path("/sys/block")

PATIENCE: Final = 60.0
"""Seconds that a bot may take to wipe the database and destroy the key before."""

_SYNCED: Final = re.compile(
    r"(dropbox|onedrive|google ?drive|nextcloud|owncloud|icloud ?drive|mobile documents|syncthing)"
    r"([ (-].*)?",
    re.IGNORECASE,
)
"""Names of folders that a program copies to other machines."""
_MARKS: Final = (
    ".dropbox",
    ".dropbox.cache",
    ".stfolder",  # Syncthing
    ".nextcloudsync.log",
    ".owncloudsync.log",
    ".sync_*.db",  # Nextcloud and ownCloud
    "._sync_*.db",  # the same, until 2017
    ".tmp.drivedownload",  # Google Drive
)
"""What such programs leave in the folder they copy, whatever its name."""


def weaknesses(settings: Settings) -> Iterator[str]:
    """A sentence for each thing to mend on this machine."""
    yield from _unusable(settings)
    yield from _swap()
    yield from _readable(settings)
    yield from _together(settings)
    yield from _synced(settings)
    yield from _left_behind(settings)
    yield from _never_wiped(settings)


def _unusable(settings: Settings) -> Iterator[str]:
    """What `raati run` would stop with."""
    try:
        file_of(settings.database())
    except ValueError as error:
        yield str(error)
    try:
        astray = leads_nowhere(settings.key_dir)
    except OSError:
        return  # it is said below that it cannot be looked into
    if astray:
        yield astray


def _swap() -> Iterator[str]:
    """Whether what is in memory may get to a disk."""
    if _never_swapped():
        return
    for line in _read(SWAPS).splitlines()[1:]:
        name = line.split()[0]
        # Memory pressed into memory; unless it, too, has a disk behind it.
        zram = re.fullmatch(r"/dev/(zram\d+)", name)
        if zram and _read(BLOCKS / zram[1] / "backing_dev").strip() in ("", "none"):
            continue
        yield (
            f"Memory may be written to the swap {name}, and keys and answers with it: swapoff it, "
            "or run the bot as deploy/raati.service does; a swap that gets a new random key at "
            "each start is harmless, which cannot be told from here."
        )


def _never_swapped() -> bool:
    """Whether the control group of this process, or one above it, may not swap at all."""
    group = next((line[3:] for line in _read(GROUP).splitlines() if line.startswith("0::")), "/")
    folder = GROUPS / group.strip("/")
    while folder != GROUPS:
        if _read(folder / "memory.swap.max").strip() == "0":
            return True
        folder = folder.parent
    return False


def _readable(settings: Settings) -> Iterator[str]:
    """Whether others on this machine can read keys or data."""
    for name, folder in (("key_dir", settings.key_dir), ("data_dir", settings.data_dir)):
        if not folder.is_dir():
            continue
        if _open_to_others(folder):
            yield f"{folder} ({variable(name)}) can be read by others: chmod 700 it."
    if settings.key_dir.is_dir():
        yield from _readable_keys(settings.key_dir)
    database = _database(settings)
    if database is not None and _exists(database) and _open_to_others(database):
        yield f"{database} can be read by others: chmod 600 it."


def _readable_keys(keys: Path) -> Iterator[str]:
    unseen: list[OSError] = []
    # `passing` may be a link into memory.
    for path, folders, files in os.walk(keys, onerror=unseen.append, followlinks=True):
        for name in sorted(folders):
            if _open_to_others(Path(path, name)):
                yield f"{Path(path, name)} can be read by others: chmod 700 it."
        for name in sorted(files):
            if _open_to_others(Path(path, name)):
                yield f"{Path(path, name)} can be read by others: chmod 600 it."
    for error in unseen:
        yield f"{error.filename} cannot be looked into: run `raati check` as the bot's own user."


def _open_to_others(path: Path) -> bool:
    try:
        return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)
    except OSError:  # gone meanwhile: the bot may run
        return False


def _together(settings: Settings) -> Iterator[str]:
    """Whether one copy would hold both keys and data. Keys in the data dir are refused already."""
    keys = settings.key_dir.resolve()
    database = _database(settings)
    for data in {settings.data_dir.resolve(), *([database.resolve().parent] if database else [])}:
        if data.is_relative_to(keys) or keys.is_relative_to(data):
            yield (
                f"{settings.key_dir} ({variable('key_dir')}) and {data} lie one in the other, so "
                "that a copy of one carries the other: keep them apart."
            )


def _synced(settings: Settings) -> Iterator[str]:
    """Whether a program carries keys or data to other machines."""
    for name, folder in (("key_dir", settings.key_dir), ("data_dir", settings.data_dir)):
        for path in (folder.resolve(), *folder.resolve().parents):
            if _SYNCED.fullmatch(path.name) or any(_there(path, mark) for mark in _MARKS):
                yield (
                    f"{folder} ({variable(name)}) seems to lie in a folder that is copied to other "
                    f"machines, {path}: move it out."
                )
                break


def _exists(path: Path) -> bool:
    """Whether it is there; False, too, where another user may not look."""
    try:
        return path.exists()
    except OSError:
        return False


def _there(folder: Path, mark: str) -> bool:
    try:
        return any(True for _ in folder.glob(mark))
    except OSError:
        return False


def _left_behind(settings: Settings) -> Iterator[str]:
    """What a crash, a restore or an import has left and nobody has taken away."""
    database = _database(settings)
    if database is not None:
        log = database.with_name(f"{database.name}-wal")
        if _exists(log) and log.stat().st_size and not _runs(settings):
            yield (
                f"{log} was left behind while no bot runs, and tells what came last and in which "
                "order: `raati survey list` folds it in."
            )
        for name in ("replaced", "restoring"):
            if _exists(aside := database.parent / name) and not _runs(settings):
                yield f"{aside} was left by a restore: delete it once all is well."
    key = settings.key_dir / LASTING / ASIDE
    if _exists(key):
        yield f"{key} was set aside by an import: keep it elsewhere, or delete it."


def _never_wiped(settings: Settings) -> Iterator[str]:
    """Whether keys outlive what they open, because the wipe in between does not come to its
    end."""
    try:
        folders = unfinished(settings.key_dir, time.time() - PATIENCE)
    except OSError:
        return  # said already: it cannot be looked into
    for folder in folders:
        yield (
            f"{folder} holds keys of more than one batch, since answers came out of the mix and "
            "the database could not be wiped after it, because somebody reads it or the bot was "
            "killed: end whoever reads the database, and start the bot if it does not run."
        )


def _runs(settings: Settings) -> bool:
    try:
        return running.somebody(settings.key_dir)
    except OSError:
        return False


def _database(settings: Settings) -> Path | None:
    """The database's file; None where it is none."""
    try:
        return file_of(settings.database())
    except ValueError:
        return None


def _read(path: Path) -> str:
    """What the system says there; nothing where it says nothing."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
