"""The service file, and what the promise rests on in it."""

from __future__ import annotations

import re
from pathlib import Path

from bot.settings import Settings, variable

DEPLOY = Path(__file__).parent.parent / "deploy"
UNIT = (DEPLOY / "raati.service").read_text(encoding="utf-8")
README = (DEPLOY / "README.md").read_text(encoding="utf-8")


def values(name: str) -> list[str]:
    return re.findall(rf"^{name}=(.*)$", UNIT, re.MULTILINE)


def test_memory_gets_to_no_disk() -> None:
    assert values("MemorySwapMax") == ["0"]
    assert values("LimitCORE") == ["0"]


def test_folders_are_its_own_and_nobody_elses() -> None:
    assert values("User") == values("Group") == ["raati"]
    assert values("UMask") == ["0077"]
    assert values("StateDirectoryMode") == values("RuntimeDirectoryMode") == ["0700"]
    made = {f"/var/lib/{name}" for name in values("StateDirectory")[0].split()}
    given = dict(setting.split("=") for setting in values("Environment"))
    assert given == {
        "RAATI_DATA_DIR": "/var/lib/raati/data",
        "RAATI_KEY_DIR": "/var/lib/raati/keys",
    }
    assert set(given.values()) <= made


def test_a_folder_in_memory_for_passing_keys_outlives_a_restart_of_the_bot() -> None:
    assert "raati/passing" in values("RuntimeDirectory")[0].split()
    assert values("RuntimeDirectoryPreserve") == ["yes"]
    assert "ln -s /run/raati/passing /var/lib/raati/keys/passing" in README


def test_nothing_else_of_the_machine_is_its_business() -> None:
    assert values("ProtectSystem") == ["strict"]
    for name in ("NoNewPrivileges", "ProtectHome", "PrivateTmp", "PrivateDevices"):
        assert values(name) == ["yes"], name
    assert values("CapabilityBoundingSet") == [""]
    # `raati check` reads /proc/swaps, /proc/self and /sys/fs/cgroup, also in the service.
    assert values("ProcSubset") == []


def test_it_runs_the_bot_and_says_first_what_weakens_the_promise() -> None:
    [run] = values("ExecStart")
    [check] = values("ExecStartPre")
    assert run.endswith("/bin/raati run")
    assert check == f"-{run.removesuffix('run')}check"
    assert values("RestartPreventExitStatus") == ["1 2"]


def test_every_setting_it_names_is_one() -> None:
    named = set(re.findall(r"RAATI_[A-Z_]+", UNIT + README))
    assert named <= {variable(field) for field in Settings.model_fields}


def test_no_line_is_there_twice_and_none_is_empty() -> None:
    lines = [line for line in UNIT.splitlines() if line and not line.startswith("#")]
    assert len(set(lines)) == len(lines)
    assert all(re.fullmatch(r"\[\w+\]|\w+=.*", line) for line in lines)
