"""Key material: where it lives, and when it dies.

Two folders, two lives. `passing/` holds the keys of what is anonymous and short-lived, a folder for
each survey or call: they are never copied and may lie in memory, since losing them costs no more
than the drafts and what waits in the mix. `lasting/` holds the one secret that the identified data
hangs on: it must survive, and is exported apart. Neither ever stands in the database, under the
data directory or in a backup.

A new key is durable on disk before anything depends on it. A key that has done its work is
overwritten and unlinked; what a disk may still hold of it then, the README says.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import stat
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

SIZE: Final = 32  # bytes of every key
BATCH: Final = 8  # bytes of a batch's random name

LASTING: Final = "lasting"
IDENTITY: Final = "identity.key"
ASIDE: Final = "identity.key.aside"
"""The lasting key that an imported one took the place of."""

_PASSING: Final = "passing"
_DRAFT: Final = "draft-"
_BATCH: Final = "batch-"


class KeysError(Exception):
    """The keys cannot be used; its text is one sentence for whoever runs the bot."""


class Passing:
    """The keys of one survey or call, each `SIZE` bytes; all of them die when it is closed.

    `index` makes the tags that drafts are found by, `secret` the markers of who has answered. One
    key for each day on which drafts expire seals the drafts of that day, one for each batch of the
    mix seals what waits in it.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._read: dict[str, bytes] = {}

    @property
    def index(self) -> bytes:
        return self._made("index")

    @property
    def secret(self) -> bytes:
        return self._made("secret")

    @property
    def has_index(self) -> bool:
        """Whether a draft was ever begun: looking for one makes no key."""
        return self._found("index") is not None

    @property
    def has_secret(self) -> bool:
        """Whether a response was ever begun."""
        return self._found("secret") is not None

    def draft(self, expires: date) -> bytes:
        """The key of the drafts whose last day is `expires`."""
        return self._made(f"{_DRAFT}{expires}")

    def find_draft(self, expires: date) -> bytes | None:
        """The same, or None where it is lost or has died."""
        return self._found(f"{_DRAFT}{expires}")

    def find_batch(self, batch: bytes) -> bytes | None:
        """The key of `batch`; None where it is lost or has died."""
        return self._found(f"{_BATCH}{batch.hex()}")

    def new_batch(self) -> bytes:
        """The name of a batch with a key of its own."""
        batch = secrets.token_bytes(BATCH)
        self._made(f"{_BATCH}{batch.hex()}")
        return batch

    def batches(self) -> list[bytes]:
        """The names of all batches that have a key."""
        return [bytes.fromhex(name.removeprefix(_BATCH)) for name in self._names(_BATCH)]

    def destroy_batch(self, batch: bytes) -> None:
        """Nothing that was sealed in `batch` opens any more."""
        self._destroy(f"{_BATCH}{batch.hex()}")

    def destroy_drafts(self, today: date) -> None:
        """The keys die of drafts that ended before yesterday: a day after the last of them."""
        for name in self._names(_DRAFT):
            if date.fromisoformat(name.removeprefix(_DRAFT)) < today - timedelta(days=1):
                self._destroy(name)

    def destroy(self) -> None:
        """Every key of this survey dies, and their folder goes."""
        self._read.clear()
        if self._directory.is_dir():
            for path in self._directory.iterdir():
                _destroy(path)
            self._directory.rmdir()
            sync(self._directory.parent)

    def _names(self, prefix: str) -> list[str]:
        return sorted(path.stem for path in self._directory.glob(f"{prefix}*.key"))

    def _found(self, name: str) -> bytes | None:
        if name not in self._read and (self._directory / f"{name}.key").exists():
            self._read[name] = _read(self._directory / f"{name}.key")
        return self._read.get(name)

    def _made(self, name: str) -> bytes:
        if (key := self._found(name)) is None:
            key = self._read[name] = _key(self._directory, f"{name}.key")
        return key

    def _destroy(self, name: str) -> None:
        self._read.pop(name, None)
        _destroy(self._directory / f"{name}.key")


class Keys:
    """Every key of one bot; a repr shows none of them."""

    def __init__(self, directory: Path, identity: bytes) -> None:
        self.identity: Final = identity
        """Lasting: see `sealed.identity`, which derives from it."""
        self._passing = directory / _PASSING
        self._surveys: dict[str, Passing] = {}

    @classmethod
    def load(cls, directory: Path) -> Keys:
        """The keys in `directory`; the folders and the lasting key are made, durably, if missing.

        Two processes may start at once: the second waits and gets what the first made. Raises
        KeysError if a key is not `SIZE` bytes or the folder cannot be written or read.
        """
        try:
            _folder(directory)
            if astray := leads_nowhere(directory):
                raise KeysError(astray)
            _folder(directory / _PASSING)
            return cls(directory, _key(directory / LASTING, IDENTITY))
        except OSError as error:
            raise unusable(directory, error) from error

    def passing(self, survey: str) -> Passing:
        """The keys of the survey or call of that name."""
        if survey not in self._surveys:
            self._surveys[survey] = Passing(self._passing / survey)
        return self._surveys[survey]

    def surveys(self) -> list[str]:
        """The names of all surveys and calls that have passing keys."""
        return sorted(path.name for path in self._passing.iterdir() if path.is_dir())


def lasting(directory: Path) -> bytes | None:
    """The lasting key in `directory`; None where there is none, and none is made. Raises
    KeysError."""
    try:
        return _read(directory / LASTING / IDENTITY)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unusable(directory, error) from error


def take_in(directory: Path, key: bytes) -> bool:
    """Make `key` the lasting one, durably. Whether another was there before: it is set aside and
    not destroyed, since a backup may need it. Raises KeysError; also if one is aside already."""
    folder = directory / LASTING
    path, aside = folder / IDENTITY, folder / ASIDE
    try:
        _folder(directory)
        _folder(folder)
        replaced = path.exists()
        if replaced and not (aside.exists() and aside.samefile(path)):
            os.link(path, aside)
        _write(path, key)
        sync(folder)
    except FileExistsError:
        raise KeysError(
            f"{aside} holds an earlier lasting key: move it to a safe place first."
        ) from None
    except OSError as error:
        raise unusable(directory, error) from error
    return replaced


def leads_nowhere(directory: Path) -> str | None:
    """What is to be done where the passing keys in `directory` are a link to no folder; one that
    lies in memory is gone after a restart of the machine."""
    passing = directory / _PASSING
    if not passing.is_symlink() or passing.exists():
        return None
    return (
        f"{passing} leads to {passing.readlink()}, which is not there, as after a restart of the "
        "machine: start the service, which makes it, or make that folder for the bot's own user."
    )


def unfinished(directory: Path, before: float) -> list[Path]:
    """The folders in `directory` of surveys whose last mix did not come to its end: the key of the
    batch that is over is still there, and the one that followed it was made `before` that moment,
    in seconds since 1970. Raises OSError."""
    made: dict[Path, list[float]] = {}
    for path in directory.glob(f"{_PASSING}/*/{_BATCH}*.key"):
        # It may have died this moment, which is as it should be.
        with contextlib.suppress(FileNotFoundError):
            made.setdefault(path.parent, []).append(path.stat().st_mtime)
    return sorted(
        folder for folder, times in made.items() if len(times) > 1 and max(times) < before
    )


def stand_apart(keys: Path, data: Path) -> None:
    """Raise KeysError if the key folder is the data folder or lies inside it, links followed: a
    copy of the data would then carry its own keys."""
    if keys.resolve().is_relative_to(data.resolve()):
        raise KeysError(
            f"The key folder {keys} lies inside the data folder {data}: "
            "set RAATI_KEY_DIR to a place outside it."
        )


def sync(directory: Path) -> None:
    """What came into `directory` or went from it, by name, is durable. Raises OSError."""
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def unusable(directory: Path, error: OSError) -> KeysError:
    """What is said where the system does not let us work in the key folder."""
    return KeysError(
        f"The key folder {directory} cannot be used: {error.strerror}. "
        "Let the bot's own user own it."
    )


def _folder(directory: Path) -> None:
    """Make `directory` and its parents if need be, and let nobody else into it."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    if stat.S_IMODE(directory.stat().st_mode) & 0o077:
        directory.chmod(0o700)


def _key(directory: Path, name: str) -> bytes:
    """The key `name` in `directory`, made if it is missing."""
    if not directory.is_dir():
        _folder(directory)
        sync(directory.parent)
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
    return _read(path)


def _read(path: Path) -> bytes:
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


def _destroy(path: Path) -> None:
    """Overwrite the key and take its file away, each durably; nothing where it is gone already."""
    try:
        handle = os.open(path, os.O_WRONLY)
    except FileNotFoundError:
        return
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(SIZE))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    sync(path.parent)
