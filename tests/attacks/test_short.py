"""The attacks, in short: the real bot gives nobody away, and the same attacks find people in a
store made naively on purpose. The long form is `make attack`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.attacks.rounds import Figures, K, fooled, real
from tests.attacks.table import lines

if TYPE_CHECKING:
    from pathlib import Path

PEOPLE = 24
"""More than 2k: the mix lets some out in the middle."""
SEED = 4
"""Some of them leave midway for good."""


def missed(figures: Figures, *about: str) -> list[str]:
    """The table's lines about these that are not reached, and what was found."""
    table = [line for line in lines(figures) if line.model.startswith(about)]
    assert table
    return [f"{line.model}: {line.measured}" for line in table if line.reached is False]


def test_nobody_is_given_away(tmp_path: Path) -> None:
    given_away = _given_away(tmp_path / "first", SEED)
    if given_away:
        # Guessing hits too much once in a thousand; what gives people away does so again.
        assert given_away & _given_away(tmp_path / "second", SEED + 5) == set()


def _given_away(folder: Path, seed: int) -> set[str]:
    """By which measure the real bot does, at that seed."""
    figures = real(folder, PEOPLE, seed)
    assert figures.found == []
    assert figures.counts["responses"] >= 2 * K
    return {line.split(":")[0] for line in missed(figures, "A", "B", "C", "D", "K")}


def test_the_same_attacks_find_people_in_a_naive_store(tmp_path: Path) -> None:
    figures = fooled(tmp_path, PEOPLE, SEED)
    assert missed(figures, "Power, naive") == []
