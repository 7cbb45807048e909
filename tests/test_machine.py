"""What weakens the promise on a machine is named by `raati check`: a sentence each, and what to do;
and an ordinary machine is left in peace."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot import machine
from bot.settings import Settings
from storage import running
from storage.keys import Keys, KeysError

SWAPS = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"


@pytest.fixture
def computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A computer with data and keys, without swap, in a control group of its own."""
    for name, text in (("swaps", SWAPS), ("cgroup", "0::/system.slice/raati.service\n")):
        (tmp_path / name).write_text(text, encoding="utf-8")
        monkeypatch.setattr(machine, {"swaps": "SWAPS", "cgroup": "GROUP"}[name], tmp_path / name)
    monkeypatch.setattr(machine, "GROUPS", tmp_path / "groups")
    monkeypatch.setattr(machine, "BLOCKS", tmp_path / "blocks")
    (tmp_path / "data").mkdir(mode=0o700)
    place(tmp_path).touch(mode=0o600)
    Keys.load(tmp_path / "keys").passing("equality").new_batch()
    return tmp_path


def place(folder: Path) -> Path:
    return folder / "data" / "raati.db"


def settings(data: Path, keys: Path, **more: str) -> Settings:
    return Settings.model_validate({"data_dir": data, "key_dir": keys, **more})


def named(folder: Path) -> list[str]:
    """What is said of the machine in `folder`, each of it one sentence."""
    said = list(machine.weaknesses(settings(folder / "data", folder / "keys")))
    assert all(sentence.endswith(".") and "\n" not in sentence for sentence in said)
    return said


def swaps(folder: Path, *names: str) -> None:
    lines = "".join(f"{name}\t\tpartition\t1048572\t\t0\t\t-2\n" for name in names)
    (folder / "swaps").write_text(SWAPS + lines, encoding="utf-8")


def test_an_ordinary_machine_is_left_in_peace(computer: Path) -> None:
    assert named(computer) == []


def test_an_empty_machine_is_left_in_peace(computer: Path) -> None:
    assert named(computer / "nothing yet") == []


def test_a_machine_that_tells_nothing_of_its_memory_is_left_in_peace(computer: Path) -> None:
    (computer / "swaps").unlink()
    (computer / "cgroup").unlink()
    assert named(computer) == []


# Swap


def test_swap_is_named_and_what_cannot_be_told_is_said(computer: Path) -> None:
    swaps(computer, "/dev/sda2", "/swap.img")
    first, second = named(computer)
    assert first.startswith("Memory may be written to the swap /dev/sda2, and keys and answers")
    assert "swapoff it, or run the bot as deploy/raati.service does" in first
    assert "which cannot be told from here." in first
    assert "the swap /swap.img" in second


@pytest.mark.parametrize("group", ["system.slice/raati.service", "system.slice"])
def test_where_the_service_is_never_swapped_swap_is_no_matter(computer: Path, group: str) -> None:
    swaps(computer, "/dev/sda2")
    (folder := computer / "groups" / group).mkdir(parents=True)
    (folder / "memory.swap.max").write_text("max\n")
    assert len(named(computer)) == 1
    (folder / "memory.swap.max").write_text("0\n")
    assert named(computer) == []


def test_swap_in_memory_is_no_matter_unless_a_disk_is_behind_it(computer: Path) -> None:
    swaps(computer, "/dev/zram0")
    assert named(computer) == []
    (computer / "blocks" / "zram0").mkdir(parents=True)
    behind = computer / "blocks" / "zram0" / "backing_dev"
    behind.write_text("none\n")
    assert named(computer) == []
    behind.write_text("/dev/sda3\n")
    assert "the swap /dev/zram0" in named(computer)[0]


# Who can read


def test_folders_and_files_that_others_can_read_are_named(computer: Path) -> None:
    keys = computer / "keys"
    batch = next(keys.glob("passing/equality/batch-*.key"))
    for folder in (computer / "data", keys, keys / "passing"):
        folder.chmod(0o750)
    for file in (place(computer), keys / "lasting" / "identity.key", batch):
        file.chmod(0o640)
    assert named(computer) == [
        f"{keys} (RAATI_KEY_DIR) can be read by others: chmod 700 it.",
        f"{computer / 'data'} (RAATI_DATA_DIR) can be read by others: chmod 700 it.",
        f"{keys / 'passing'} can be read by others: chmod 700 it.",
        f"{keys / 'lasting' / 'identity.key'} can be read by others: chmod 600 it.",
        f"{batch} can be read by others: chmod 600 it.",
        f"{place(computer)} can be read by others: chmod 600 it.",
    ]


def test_keys_behind_a_link_into_memory_are_looked_at_too(computer: Path) -> None:
    passing = computer / "keys" / "passing"
    passing.rename(computer / "run")
    passing.symlink_to(computer / "run")
    assert named(computer) == []
    Keys.load(computer / "keys").passing("safety").new_batch()
    batch = next((computer / "run").glob("safety/batch-*.key"))
    batch.chmod(0o604)
    assert named(computer) == [
        f"{passing / 'safety' / batch.name} can be read by others: chmod 600 it."
    ]


def test_a_link_into_memory_that_leads_nowhere_is_named(computer: Path) -> None:
    passing = computer / "keys" / "passing"
    passing.rename(computer / "gone")
    passing.symlink_to(computer / "run" / "passing")
    sentence = (
        f"{passing} leads to {computer / 'run' / 'passing'}, which is not there, as after a "
        "restart of the machine: start the service, which makes it, or make that folder for the "
        "bot's own user."
    )
    assert named(computer) == [sentence]
    with pytest.raises(KeysError) as refused:
        Keys.load(computer / "keys")
    assert str(refused.value) == sentence
    (computer / "run" / "passing").mkdir(mode=0o700, parents=True)
    assert named(computer) == []


def test_a_folder_that_cannot_be_looked_into_is_said(
    computer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def walk(top: Path, onerror, followlinks: bool):  # root can look into everything
        onerror(PermissionError(13, "Permission denied", str(top / "passing")))
        return iter(())

    monkeypatch.setattr(machine.os, "walk", walk)
    assert named(computer) == [
        f"{computer / 'keys' / 'passing'} cannot be looked into: run `raati check` as the bot's "
        "own user."
    ]


def test_a_lasting_folder_of_somebody_else_ends_no_check(
    computer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stat = Path.stat

    def refused(path: Path, **how: bool) -> os.stat_result:  # root can look at everything
        if path.parent.name == "lasting":
            raise PermissionError(13, "Permission denied", str(path))
        return stat(path, **how)

    monkeypatch.setattr(Path, "stat", refused)
    assert named(computer) == []


# Where they lie


def test_data_beside_its_keys_is_named(computer: Path) -> None:
    keys = computer / "keys"
    inside = settings(keys / "data", keys)
    assert list(machine.weaknesses(inside)) == [
        f"{keys} (RAATI_KEY_DIR) and {keys / 'data'} lie one in the other, so that a copy of one "
        "carries the other: keep them apart."
    ]
    database = settings(
        computer / "data", keys, database_url=f"sqlite+aiosqlite:///{computer}/raati.db"
    )
    assert f"and {computer} lie one in the other" in next(machine.weaknesses(database))


@pytest.mark.parametrize(
    "folder",
    [
        "Dropbox",
        "Dropbox (Personal)",
        "OneDrive",
        "OneDrive - The county",
        "Google Drive",
        "GoogleDrive-somebody@raati.example",
        "Nextcloud",
        "ownCloud",
        "iCloud Drive",
        "Mobile Documents",
        "Syncthing",
    ],
)
def test_a_folder_that_is_copied_to_other_machines_is_known_by_its_name(
    computer: Path, folder: str
) -> None:
    there = computer / folder / "office" / "data"
    assert list(machine.weaknesses(settings(there, computer / "keys"))) == [
        f"{there} (RAATI_DATA_DIR) seems to lie in a folder that is copied to other machines, "
        f"{computer / folder}: move it out."
    ]
    keys = computer / folder / "keys"
    assert f"{keys} (RAATI_KEY_DIR) seems to lie" in next(
        machine.weaknesses(settings(computer / "data", keys))
    )


@pytest.mark.parametrize(
    "mark",
    [
        ".dropbox",
        ".dropbox.cache",
        ".stfolder",
        ".nextcloudsync.log",
        ".owncloudsync.log",
        ".sync_0123456789ab.db",
        "._sync_0123456789ab.db",
        ".tmp.drivedownload",
    ],
)
def test_and_by_what_the_program_leaves_in_it(computer: Path, mark: str) -> None:
    (folder := computer / "shared").mkdir()
    there = settings(folder / "data", computer / "keys")
    assert list(machine.weaknesses(there)) == []
    (folder / mark).touch()
    assert f"other machines, {folder}: move it out." in next(machine.weaknesses(there))


@pytest.mark.parametrize("folder", ["cloud", "nextcloudy", "drive", "my-dropbox-notes", "sync"])
def test_other_folders_are_left_in_peace(computer: Path, folder: str) -> None:
    there = settings(computer / folder / "data", computer / "keys")
    assert list(machine.weaknesses(there)) == []


def test_a_database_that_is_not_served_is_named_as_the_bot_would(computer: Path) -> None:
    elsewhere = settings(
        computer / "data", computer / "keys", database_url="postgresql+asyncpg://raati:hush@db/r"
    )
    assert list(machine.weaknesses(elsewhere)) == [
        "RAATI_DATABASE_URL must be sqlite+aiosqlite:///FILE."
    ]


# What was left behind


@pytest.mark.parametrize("link", [False, True])
def test_a_mix_that_never_came_to_its_end_is_named(computer: Path, link: bool) -> None:
    passing = computer / "keys" / "passing"
    if link:
        passing.rename(computer / "run")
        passing.symlink_to(computer / "run")
    aged(*passing.glob("equality/batch-*.key"))
    assert named(computer) == []
    Keys.load(computer / "keys").passing("equality").new_batch()
    assert named(computer) == [], "it may be wiping at this moment"
    aged(*passing.glob("equality/batch-*.key"))
    assert named(computer) == [
        f"{passing / 'equality'} holds keys of more than one batch, since answers came out of the "
        "mix and the database could not be wiped after it, because somebody reads it or the bot "
        "was killed: end whoever reads the database, and start the bot if it does not run."
    ]


def aged(*files: Path) -> None:
    """As if they had been made two minutes ago."""
    for file in files:
        made = file.stat().st_mtime - 120
        os.utime(file, (made, made))


def crashed(folder: Path) -> Path:
    """A log with something in it, as a bot that was killed leaves it."""
    with closing(sqlite3.connect(place(folder))) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE something (key)")
        log = place(folder).with_name("raati.db-wal")
        left = log.read_bytes()
    log.write_bytes(left)
    log.chmod(0o600)
    return log


async def test_a_log_that_was_left_behind_is_named_unless_a_bot_runs(computer: Path) -> None:
    log = crashed(computer)
    async with running.alone(computer / "keys"):
        assert named(computer) == []
    assert named(computer) == [
        f"{log} was left behind while no bot runs, and tells what came last and in which order: "
        "`raati survey list` folds it in."
    ]


def test_what_restores_and_imports_leave_is_named(computer: Path) -> None:
    for name in ("replaced", "restoring"):
        (computer / "data" / name).mkdir(mode=0o700)
    (aside := computer / "keys" / "lasting" / "identity.key.aside").touch(mode=0o600)
    assert named(computer) == [
        f"{computer / 'data' / 'replaced'} was left by a restore: delete it once all is well.",
        f"{computer / 'data' / 'restoring'} was left by a restore: delete it once all is well.",
        f"{aside} was set aside by an import: keep it elsewhere, or delete it.",
    ]
