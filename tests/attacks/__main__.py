"""The long form of the attacks: `make attack`.

One round after another, two at a time, until all are done or the minutes are over; the next call
goes on where this one ended. What a round is, and its name, stands in `tests.attacks.rounds`;
`--only "real 300 7"` repeats one. At the end a table tells what all rounds have measured;
`--markdown FILE` writes it between `<!-- table -->` and `<!-- /table -->` of that file.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.attacks.rounds import Figures, deaf, played, timed
from tests.attacks.table import Line, lines, markdown, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACE: Final = Path(__file__).parent.parent.parent / "var" / "attack"

SEEDS: Final = 20
THIN: Final = 8
"""Seeds of the mixes that hide nobody."""
AT_ONCE: Final = 2
LIVES: Final = 8
"""Rounds that one process plays: what libraries keep must not add up."""
BETWEEN: Final = re.compile(r"(<!-- table -->\n).*?(<!-- /table -->)", re.DOTALL)


def rounds() -> Iterator[str]:
    """The names of all rounds: some of every kind come early."""
    yield "kills 60 1"
    for seed in range(1, SEEDS + 1):
        yield f"naive 300 {seed}"
        yield f"real 300 {seed}"
        yield f"real 60 {seed}"
        yield f"real 7 {seed}"
        if seed <= THIN:
            yield f"mix1 60 {seed}"
            yield f"mix2 60 {seed}"


def main() -> int:
    """0 when every figure is reached, 1 when one is not or rounds are left."""
    parser = argparse.ArgumentParser(prog="python -m tests.attacks", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--minutes", type=float, default=45, help="at most (default: 45)")
    parser.add_argument("--only", metavar="NAME", help="one round; what was measured is kept")
    parser.add_argument("--fresh", action="store_true", help="from the beginning")
    parser.add_argument("--markdown", metavar="FILE", type=Path, help="write the table there too")
    options = parser.parse_args()
    if options.only:
        figures = played(options.only)
        _tell(figures)
        return 1 if figures.found else 0
    if options.fresh:
        for file in PLACE.glob("*.json"):
            file.unlink()
    PLACE.mkdir(parents=True, exist_ok=True)
    wrong = _play([name for name in rounds() if not _file(name).exists()], 60 * options.minutes)
    figures, done = Figures(), 0
    for name in rounds():
        if _file(name).exists():
            figures.add(Figures.of(json.loads(_file(name).read_text(encoding="utf-8"))))
            done += 1
    if not done:
        return 1
    table = _tell(figures)
    left = sum(1 for _ in rounds()) - done
    for name in wrong:
        _say(f'wrong; to repeat it: .venv/bin/python -m tests.attacks --only "{name}"')
    if left:
        _say(f"{left} rounds are left: the next call goes on with them.")
    if options.markdown:
        _write(options.markdown, markdown(table), figures)
    return 1 if wrong or left or any(line.reached is False for line in table) else 0


def _play(names: list[str], seconds: float) -> list[str]:
    """Plays rounds until the time is over, and keeps their figures; those that went wrong.

    None is begun that, as long as its kind takes, would end after the time is over."""
    begun = time.monotonic()
    wrong: list[str] = []
    longest: Counter[str] = Counter()
    context = get_context("spawn")
    with ProcessPoolExecutor(AT_ONCE, context, deaf, max_tasks_per_child=LIVES) as processes:
        playing: dict[Future[tuple[Figures, float]], str] = {}
        while names or playing:
            left = seconds - (time.monotonic() - begun)
            while names and len(playing) < AT_ONCE:
                if left <= longest[_kind(names[0])]:
                    names.clear()
                    break
                name = names.pop(0)
                try:
                    playing[processes.submit(timed, name)] = name
                except BrokenProcessPool:  # its rounds are told below; the next call goes on
                    names.clear()
            ended, _ = wait(playing, return_when=FIRST_COMPLETED)
            for one in ended:
                name = playing.pop(one)
                if error := one.exception():
                    wrong.append(name)
                    _say(f"{name}: wrong ({type(error).__name__}: {str(error)[:500]})")
                    continue
                figures, took = one.result()
                longest[_kind(name)] = max(longest[_kind(name)], round(took))
                _keep(name, figures)
                _say(_line(name, figures, took))
    return wrong


def _kind(name: str) -> str:
    return name.rsplit(" ", 1)[0]


def _file(name: str) -> Path:
    return PLACE / f"{name.replace(' ', '-')}.json"


def _keep(name: str, figures: Figures) -> None:
    fresh = _file(name).with_suffix(".new")
    fresh.write_text(json.dumps(figures.plain()), encoding="utf-8")
    fresh.replace(_file(name))


def _line(name: str, figures: Figures, took: float) -> str:
    told = [f"{one}, and more" for one in figures.found[:1]]
    cpu = figures.counts["cpu seconds"]
    return f"{name}: {took:.0f} s, {cpu} s of CPU" + "".join(f"; {one}" for one in told)


def _tell(figures: Figures) -> list[Line]:
    table = lines(figures)
    _say(plain(table))
    _say(_seeds(figures))
    for one in figures.found[:20]:
        _say(one)
    return table


def _seeds(figures: Figures) -> str:
    kinds = {
        name.removeprefix("rounds "): many
        for name, many in sorted(figures.counts.items())
        if name.startswith("rounds ")
    }
    played_ = ", ".join(f"{kind}: seeds 1–{many}" for kind, many in kinds.items())
    return f"{datetime.now(UTC).date()}; {played_}"


def _write(file: Path, table: str, figures: Figures) -> None:
    """Raises ValueError where the file has no place for it."""
    text = file.read_text(encoding="utf-8")
    fresh, found = BETWEEN.subn(
        lambda place: f"{place[1]}\n{table}\n\nMeasured on {_seeds(figures)}.\n\n{place[2]}", text
    )
    if not found:
        raise ValueError(f"{file} has no <!-- table --> … <!-- /table -->")
    file.write_text(fresh, encoding="utf-8")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
