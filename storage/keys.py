"""Key material: where it lives, and when it dies.

Two folders, two lives. `passing/` holds the keys of what is anonymous and short-lived: they are
never copied and may lie in memory, since losing them costs no more than the drafts. `lasting/`
holds the one secret that the identified data hangs on: it must survive, and is exported apart.
Neither ever stands in the database, under the data directory or in a backup. A new key is durable
on disk before anything depends on it.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

SIZE: Final = 32  # bytes of every key


class KeysError(Exception):
    """The keys cannot be used; its text is one sentence for whoever runs the bot."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Every key of one bot, `SIZE` bytes each; a repr shows none of them."""

    index: bytes = field(repr=False)  # passing: the tags that drafts are found by
    draft: bytes = field(repr=False)  # passing: the bodies of drafts
    identity: bytes = field(repr=False)  # lasting: see `sealed.identity`, which derives from it

    @classmethod
    def load(cls, directory: Path) -> Keys:
        """The keys in `directory`; the folder and each missing key are made, durably, first.

        Two processes may start at once: the second waits and gets what the first made. Raises
        KeysError if a key is not `SIZE` bytes or the folder cannot be written or read.
        """
        try:
            _folder(directory)
            return cls(
                index=_key(directory / "passing", "index.key"),
                draft=_key(directory / "passing", "draft.key"),
                identity=_key(directory / "lasting", "identity.key"),
            )
        except OSError as error:
            raise KeysError(
                f"The key folder {directory} cannot be used: {error.strerror}. "
                "Let the bot's own user own it."
            ) from error


def stand_apart(keys: Path, data: Path) -> None:
    """Raise KeysError if the key folder is the data folder or lies inside it, links followed: a
    copy of the data would then carry its own keys."""
    if keys.resolve().is_relative_to(data.resolve()):
        raise KeysError(
            f"The key folder {keys} lies inside the data folder {data}: "
            "set RAATI_KEY_DIR to a place outside it."
        )


def _folder(directory: Path) -> None:
    """Make `directory` and its parents if need be, and let nobody else into it."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    if stat.S_IMODE(directory.stat().st_mode) & 0o077:
        directory.chmod(0o700)


def _key(directory: Path, name: str) -> bytes:
    """The key `name` in `directory`, made if it is missing."""
    _folder(directory)
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        # Two makers at once would each go on with a key of their own, and one of them be lost.
        fcntl.flock(handle, fcntl.LOCK_EX)
        path = directory / name
        if not path.exists():
            _write(path, secrets.token_bytes(SIZE))
            os.fsync(handle)
    finally:
        os.close(handle)
    key = path.read_bytes()
    if len(key) != SIZE:
        raise KeysError(
            f"The key file {path} holds {len(key)} bytes and not {SIZE}: "
            "put the right file back, or move it away to begin with a new key."
        )
    return key


def _write(path: Path, key: bytes) -> None:
    """Write `key` so that after a crash `path` holds all of it or does not exist."""
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)  # what a crash left of an earlier attempt
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    new.rename(path)
