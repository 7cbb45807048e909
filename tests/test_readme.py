"""The README says what is true: its settings, its folders and its commands are the program's."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from bot.settings import Settings, variable

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def table(heading: str) -> list[tuple[str, ...]]:
    """The rows of the table whose header begins with `heading`."""
    after = README.split(f"\n| {heading} |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    return [tuple(cell.strip() for cell in row.strip("|").split(" | ")) for row in after]


def test_the_settings_table_is_the_settings_class() -> None:
    promised = [
        (
            f"`{variable(name)}`",
            field.description,
            "none" if field.default is None else f"`{field.default}`",
        )
        for name, field in Settings.model_fields.items()
    ]
    assert table("Setting") == promised


def test_the_map_names_every_folder_of_the_program() -> None:
    named = [row[0].strip("`") for row in table("Folder")]
    assert [name for name in named if not (ROOT / name).is_dir()] == []
    packages = {
        f"{path.parent.relative_to(ROOT)}/"
        for top in ("bot", "dialogs", "storage", "tests")
        for path in (ROOT / top).rglob("__init__.py")
    }
    assert packages - set(named) == set()


def test_both_commands_are_targets() -> None:
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    named = [row[0].strip("`").split() for row in table("Command")]
    assert named == [["make", "demo"], ["make", "test"]]
    assert {target for _, target in named} <= set(targets)
    assert set(re.findall(r"`make (\w+)", README)) <= set(targets)


def test_every_file_it_names_is_there() -> None:
    files = re.findall(r"`((?:bot|dialogs|storage|locales|tests)/[\w/]+\.\w+)`", README)
    assert files
    assert [file for file in files if not (ROOT / file).is_file()] == []


@pytest.mark.parametrize("dependency", PROJECT["dependencies"])
def test_every_library_of_the_running_bot_has_its_reason(dependency: str) -> None:
    library = re.split(r"[\[>=]", dependency)[0].lower()
    assert library in ", ".join(row[0] for row in table("Library")).lower().split(", ")
