"""The lasting key on its way: sealed in a file, opened by its passphrase, and never destroyed."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from nacl.pwhash import argon2id

from bot import kept
from bot.settings import Settings
from storage import applications, lasting, subscribers
from storage.keys import KeysError
from storage.running import alone
from tests.errands import Errands

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PASSPHRASE = "neljä sanaa joita kukaan ei arvaa"
KEY = bytes(range(32))
APPLICANT = 6_100_200_300
RESIDENT = 6_100_200_301
MONDAY = date(2027, 1, 25)
FILE = "raati.keys"


@pytest.fixture
def raati(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Errands:
    return Errands(
        tmp_path / "machine", lambda: datetime(2027, 1, 27, 10, tzinfo=UTC), monkeypatch, capsys
    )


@pytest.fixture
async def file(raati: Errands, tmp_path: Path) -> Path:
    """The exported keys of a machine on which somebody has applied."""
    await applies(tmp_path / "machine")
    raati.answers(PASSPHRASE)
    place = tmp_path / FILE
    assert await raati.types("keys", "export", str(place)) == (
        0,
        f"{place} holds the lasting keys. Keep it apart from the backups, and the passphrase apart "
        "from both: without it nobody can open the file.\n",
    )
    return place


def settings(folder: Path) -> Settings:
    return Settings.model_validate({"data_dir": folder / "data", "key_dir": folder / "keys"})


def bytes_of(file: Path) -> bytes:
    return file.read_bytes()


def private(file: Path) -> bool:
    return file.stat().st_mode & 0o777 == 0o600


def identity(folder: Path) -> bytes:
    return (folder / "keys" / "lasting" / "identity.key").read_bytes()


async def applies(folder: Path) -> None:
    async with kept.kept(settings(folder)) as here:
        await applications.keep(here.store, APPLICANT, "application", b"Haen.", week=MONDAY)


async def application(folder: Path) -> bytes | None:
    async with kept.kept(settings(folder)) as here:
        return await applications.load(here.store, APPLICANT, "application")


# The file


@pytest.fixture(scope="module")
def sealed() -> bytes:
    return lasting.sealed(KEY, PASSPHRASE)


def test_only_the_passphrase_opens_it_and_it_is_one_line_of_text() -> None:
    file = lasting.sealed(KEY, PASSPHRASE)
    assert lasting.opened(file, PASSPHRASE) == KEY
    assert file.isascii()
    assert (file.count(b"\n"), file[-1:]) == (1, b"\n")
    assert lasting.sealed(KEY, PASSPHRASE) != file
    with pytest.raises(KeysError, match="passphrase does not open"):
        lasting.opened(file, PASSPHRASE + " ")


def test_a_letter_that_another_keyboard_writes_in_two_is_the_same() -> None:
    assert (
        lasting.opened(lasting.sealed(KEY, PASSPHRASE), PASSPHRASE.replace("ä", "a\u0308")) == KEY
    )


@pytest.mark.parametrize(
    "harm",
    [
        lambda _: b"",
        lambda _: b"Something of somebody's.\n",
        lambda _: b"raati-keys-1 \n",
        lambda file: file.removeprefix(b"raati-keys-1 "),
        lambda file: file[:30],
        lambda file: file[:-9],
        lambda file: file[:60] + (b"A" if file[60:61] != b"A" else b"B") + file[61:],
    ],
)
def test_a_file_that_is_not_whole_is_told_in_a_sentence(
    sealed: bytes, harm: Callable[[bytes], bytes]
) -> None:
    with pytest.raises(KeysError, match=r"^[^.]+(export`|damaged)[^.]*\.$"):
        lasting.opened(harm(sealed), PASSPHRASE)


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(KeysError, match="at least 16 characters"):
        lasting.sealed(KEY, "viisitoista___k")


def test_a_machine_without_the_memory_for_it_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(argon2id, "MEMLIMIT_MODERATE", argon2id.MEMLIMIT_MAX)
    with pytest.raises(KeysError, match="not enough memory"):
        lasting.sealed(KEY, PASSPHRASE)


# There and back


async def test_applications_open_again_on_a_new_machine(
    file: Path, raati: Errands, tmp_path: Path
) -> None:
    assert private(file)
    new = tmp_path / "new"
    raati.on(new)
    raati.answers(PASSPHRASE)
    assert await raati.types("keys", "import", str(file)) == (
        0,
        f"The lasting keys are in {new / 'keys' / 'lasting'}.\n",
    )
    assert identity(new) == identity(tmp_path / "machine")
    (new / "data").mkdir()
    (tmp_path / "machine" / "data" / "raati.db").rename(new / "data" / "raati.db")
    assert await application(new) == b"Haen."
    assert private(new / "keys" / "lasting" / "identity.key")
    raati.answers(PASSPHRASE)
    assert await raati.types("keys", "import", str(file)) == (
        1,
        "These lasting keys are here already: there is nothing to do.\n",
    )


async def test_keys_that_open_something_here_are_not_replaced(
    file: Path, raati: Errands, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    raati.on(other)
    await applies(other)
    before = identity(other)
    raati.answers(PASSPHRASE)
    assert await raati.types("keys", "import", str(file)) == (
        1,
        "The lasting keys that are here open 1 applications, subscriptions and "
        "records of the panel, those in the file "
        "0: give --replace to set the ones here aside.\n",
    )
    assert identity(other) == before
    assert await application(other) == b"Haen."


async def test_keys_that_come_late_take_their_place_if_told(
    file: Path, raati: Errands, tmp_path: Path
) -> None:
    new, copy = tmp_path / "new", tmp_path / "raati.backup"
    await raati.types("backup", str(copy))
    raati.on(new)
    assert (await raati.types("restore", str(copy)))[0] == 0
    async with kept.kept(settings(new)) as here:
        await subscribers.add(here.store, RESIDENT, "sv")
    before = identity(new)
    raati.answers(PASSPHRASE)
    assert await raati.types("keys", "import", str(file)) == (
        1,
        "The lasting keys that are here open 1 applications, subscriptions and "
        "records of the panel, those in the file "
        "1: give --replace to set the ones here aside.\n",
    )
    raati.answers(PASSPHRASE)
    assert await raati.types("keys", "import", str(file), "--replace") == (
        0,
        f"The lasting keys are in {new / 'keys' / 'lasting'}.\n"
        "The ones that were there are set aside as identity.key.aside: 1 applications, "
        "subscriptions and records of the panel here open only with them. Keep them apart, or "
        "those are lost.\n",
    )
    assert await application(new) == b"Haen."
    assert bytes_of(new / "keys" / "lasting" / "identity.key.aside") == before


async def test_keys_that_open_nothing_here_are_set_aside_and_never_destroyed(
    file: Path, raati: Errands, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    raati.on(other)
    await raati.types("survey", "list")
    before = identity(other)
    raati.answers(PASSPHRASE)
    code, told = await raati.types("keys", "import", str(file))
    assert code == 0
    assert "are set aside as identity.key.aside." in told
    aside = other / "keys" / "lasting" / "identity.key.aside"
    assert (aside.read_bytes(), identity(other)) == (before, identity(tmp_path / "machine"))
    assert f"{aside} was set aside by an import" in (await raati.types("check"))[1]
    (other / "keys" / "lasting" / "identity.key").write_bytes(KEY)
    raati.answers(PASSPHRASE)
    assert await raati.types("keys", "import", str(file)) == (
        1,
        f"{aside} holds an earlier lasting key: move it to a safe place first.\n",
    )
    assert identity(other) == KEY


# What is refused


async def test_a_wrong_passphrase_and_a_running_bot_change_nothing(
    file: Path, raati: Errands, tmp_path: Path
) -> None:
    new = tmp_path / "new"
    raati.on(new)
    raati.answers("jokin muu kuin oikea sana")
    assert await raati.types("keys", "import", str(file)) == (
        1,
        "The passphrase does not open the file, or the file is damaged.\n",
    )
    async with alone(new / "keys"):
        raati.answers("asked for nothing")
        assert await raati.types("keys", "import", str(file)) == (
            1,
            f"A bot, a restore or an import is at work on the keys in {new / 'keys'}: stop it "
            "first, or wait until it is done.\n",
        )
        assert sys.stdin.readline() == "asked for nothing\n", "it is said before a passphrase"
    assert not (new / "keys" / "lasting").exists()


async def test_an_export_is_refused_in_a_sentence(
    file: Path, raati: Errands, tmp_path: Path
) -> None:
    before = bytes_of(file)
    assert await raati.types("keys", "export", str(file)) == (
        1,
        f"{file} is there already: name a new file.\n",
    )
    assert bytes_of(file) == before
    raati.answers("lyhyt")
    code, told = await raati.types("keys", "export", str(tmp_path / "other.keys"))
    assert (code, told.startswith("The passphrase must be at least 16 characters")) == (1, True)
    raati.answers(PASSPHRASE)
    assert await raati.types("keys", "export", "nowhere/other.keys") == (
        1,
        "nowhere/other.keys cannot be written: No such file or directory.\n",
    )
    assert await raati.types("keys", "import", "nowhere") == (
        1,
        "nowhere cannot be read: No such file or directory.\n",
    )
    raati.on(tmp_path / "empty")
    assert await raati.types("keys", "export", "other.keys") == (
        1,
        f"There are no lasting keys in {tmp_path / 'empty' / 'keys'} yet.\n",
    )
    assert list((tmp_path / "empty").iterdir()) == []


# On a terminal


def typed(folder: Path, *answers: str) -> tuple[int, str]:
    """`raati keys export` with a terminal of its own, on which so much is typed."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "RAATI_KEY_DIR": str(folder / "keys")}
    running = subprocess.Popen(  # noqa: S603 - our own words
        [sys.executable, "-m", "bot", "keys", "export", str(folder / FILE)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment,
        cwd=folder,
        start_new_session=True,  # and so without the terminal of whoever runs the tests
    )
    os.close(theirs)
    shown = b""
    waiting = list(answers)
    while True:
        try:
            came = os.read(ours, 4096)
        except OSError:  # nobody holds the other end any more
            break
        shown += came
        if waiting and shown.endswith(b": "):
            os.write(ours, f"{waiting.pop(0)}\n".encode())
    os.close(ours)
    return running.wait(), shown.decode()


async def test_on_a_terminal_it_is_asked_twice_and_never_shown(file: Path, tmp_path: Path) -> None:
    machine = tmp_path / "machine"
    code, shown = typed(machine, PASSPHRASE, "jokin muu")
    assert code == 1
    assert "The two passphrases differ: type the same one twice." in shown
    assert not (machine / FILE).exists()
    code, shown = typed(machine, PASSPHRASE, PASSPHRASE)
    assert code == 0
    assert shown.startswith("Passphrase: ")
    assert "The same again: " in shown
    assert PASSPHRASE not in shown
    assert lasting.opened((machine / FILE).read_bytes(), PASSPHRASE) == identity(machine)
