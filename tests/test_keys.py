"""Keys: made once, durable before use, for nobody else's eyes, and dying with what they protect."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from storage.keys import Keys, KeysError, stand_apart

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2027, 2, 8)


def every(keys: Keys) -> list[bytes]:
    """Some keys of every kind."""
    equality = keys.passing("equality")
    other = keys.passing("safety").index
    return [keys.identity, equality.index, equality.secret, equality.draft(DAY), other]


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


# Made


def test_keys_are_made_once_and_for_nobody_elses_eyes(tmp_path: Path) -> None:
    folder = tmp_path / "var" / "keys"
    made = Keys.load(folder)
    assert every(Keys.load(folder)) == every(made)
    assert len(set(every(made))) == 5
    assert files(folder) == {
        "lasting/identity.key",
        "passing/equality/index.key",
        "passing/equality/secret.key",
        f"passing/equality/draft-{DAY}.key",
        "passing/safety/index.key",
    }
    for path in [folder, *folder.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


def test_a_key_folder_open_to_others_is_closed_to_them(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir(mode=0o755)
    Keys.load(tmp_path / "keys")
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700


def test_processes_that_start_together_share_their_keys(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        loaded = list(pool.map(lambda folder: every(Keys.load(folder)), [tmp_path / "keys"] * 16))
    assert all(keys == loaded[0] for keys in loaded)


def test_what_a_crash_left_of_a_key_is_not_taken_for_one(tmp_path: Path) -> None:
    (tmp_path / "passing" / "equality").mkdir(parents=True)
    (tmp_path / "passing" / "equality" / "index.new").write_bytes(b"half")
    assert len(Keys.load(tmp_path).passing("equality").index) == 32
    assert files(tmp_path) == {"lasting/identity.key", "passing/equality/index.key"}


def test_a_key_of_the_wrong_size_is_refused_in_a_sentence(tmp_path: Path) -> None:
    Keys.load(tmp_path)
    (tmp_path / "lasting" / "identity.key").write_bytes(b"short")
    with pytest.raises(KeysError, match=r"identity\.key holds 5 bytes and not 32"):
        Keys.load(tmp_path)


def test_a_key_folder_that_is_a_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("")
    with pytest.raises(KeysError, match=r"^The key folder .* cannot be used"):
        Keys.load(tmp_path / "keys")


def test_keys_under_the_data_are_refused_also_by_a_link(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "deep").mkdir(parents=True)
    (tmp_path / "link").symlink_to(data / "deep")
    stand_apart(tmp_path / "keys", data)
    stand_apart(tmp_path / "data-keys", data)
    for inside in (data, data / "keys", tmp_path / "link", tmp_path / "x" / ".." / "data" / "k"):
        with pytest.raises(KeysError, match="RAATI_KEY_DIR"):
            stand_apart(inside, data)


def test_looking_for_a_key_makes_none(tmp_path: Path) -> None:
    passing = Keys.load(tmp_path).passing("equality")
    assert not passing.has_index
    assert not passing.has_secret
    assert passing.find_draft(DAY) is None
    assert passing.find_batch(bytes(8)) is None
    assert passing.batches() == []
    assert files(tmp_path) == {"lasting/identity.key"}


# Dying


def test_a_draft_key_outlives_its_last_draft_by_a_day(tmp_path: Path) -> None:
    passing = Keys.load(tmp_path).passing("equality")
    key = passing.draft(DAY)
    for later in (0, 1):
        passing.destroy_drafts(DAY + timedelta(days=later))
        assert passing.find_draft(DAY) == key
    passing.destroy_drafts(DAY + timedelta(days=2))
    assert passing.find_draft(DAY) is None
    assert Keys.load(tmp_path).passing("equality").find_draft(DAY) is None


def test_a_batch_dies_alone(tmp_path: Path) -> None:
    passing = Keys.load(tmp_path).passing("equality")
    one, other = passing.new_batch(), passing.new_batch()
    kept = passing.find_batch(other)
    passing.destroy_batch(one)
    passing.destroy_batch(one)  # again, as after a crash
    assert passing.find_batch(one) is None
    assert passing.find_batch(other) == kept
    assert passing.batches() == [other]


def test_with_a_survey_all_its_keys_die_and_no_other(tmp_path: Path) -> None:
    keys = Keys.load(tmp_path)
    every(keys)
    keys.passing("equality").new_batch()
    (tmp_path / "passing" / "equality" / "secret.new").write_bytes(b"half")
    keys.passing("equality").destroy()
    assert keys.surveys() == ["safety"]
    assert files(tmp_path) == {"lasting/identity.key", "passing/safety/index.key"}
    assert not keys.passing("equality").has_index
    keys.passing("equality").destroy()  # again, as after a crash


def test_a_key_is_overwritten_before_its_file_goes(tmp_path: Path) -> None:
    passing = Keys.load(tmp_path).passing("equality")
    batch = passing.new_batch()
    key = passing.find_batch(batch)
    path = tmp_path / "passing" / "equality" / f"batch-{batch.hex()}.key"
    os.link(path, tmp_path / "what the disk still holds")
    passing.destroy_batch(batch)
    assert not path.exists()
    held = (tmp_path / "what the disk still holds").read_bytes()
    assert len(held) == 32
    assert held != key
