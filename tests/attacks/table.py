"""The table: what was measured in each model, what may be, and whether it is reached.

Hits are judged by the way that guessing explains least: how likely so many hits are by guessing,
and whether that is less than once in a thousand, shared out over all ways tried in that model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.attacks.claims import RESPONSES
from tests.attacks.measures import SURE, Membership, Tally, binomial_tail, miscalled
from tests.attacks.rounds import APPLICANTS, EVERYBODY, KILLS, K

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.attacks.rounds import Figures

ADVANTAGE: Final = 0.05
NAIVE: Final = {"A": 0.30, "D": 0.95, "C": 0.35}
EXACT: Final = 0.9
"""Of what a perfect observer gives the truth, an attack on a thin mix must give so much."""
AS_GUESSING: Final = ("A", "A in the middle", "B", "B in the middle", "D", "K in the middle", "K")
_WORDS: Final = {True: "yes", False: "NO", None: "–"}
JUST: Final = 1 + 1e-6
"""What is exactly at its limit may be written a little above it."""


@dataclass(frozen=True, slots=True)
class Line:
    model: str
    measured: str
    limit: str
    reached: bool | None  # None: there is nothing to reach yet


def lines(figures: Figures) -> list[Line]:
    """The table's lines, as far as there are figures for them."""
    return [
        *_as_guessing(figures),
        *_differencing(figures),
        Line(
            "E: everything the chat and the exports offer, compared daily",
            "comes with the results; nothing is offered to compare yet",
            "",
            None,
        ),
        *_everywhere(figures),
        *_naive(figures),
        *_thin(figures),
    ]


def _as_guessing(figures: Figures) -> Iterator[Line]:
    for model in AS_GUESSING:
        for whom in (EVERYBODY, APPLICANTS):
            ways = _ways(figures, model, whom)
            if ways:
                yield _hits(f"{model}: hits among {whom}", ways)
        # In the middle the keys show who takes part: that is said, and is no promise.
        if model != "K in the middle":
            yield from _advantage(figures, model)


def _hits(model: str, ways: dict[str, Tally]) -> Line:
    level = (1 - SURE) / len(ways)
    tried = {name: tally for name, tally in ways.items() if tally.people}
    if not tried:
        return Line(model, "nothing was claimed", "as guessing", True)
    likely = {name: _likely(tally, level) for name, tally in tried.items()}
    worst = min(likely, key=lambda name: likely[name])
    tally = tried[worst]
    allowed = tally.allowed(len(ways))
    _, n, attack, way, table, _ = worst.split("|")
    return Line(
        model,
        f"{tally.hits} of {tally.people} in the most telling of {len(ways)} ways "
        f"({attack}: {way}, {table}, n = {n})",
        f"at most {allowed}, as guessing at 99.9 %",
        likely[worst] >= level or tally.hits <= allowed,
    )


def _likely(tally: Tally, level: float) -> float:
    """How likely so many hits are by guessing; at least that, where it is far from the level."""
    mean = sum(tally.chances) / tally.people
    # Hoeffding: unequal chances exceed their mean's less often than equal ones.
    likely = binomial_tail(tally.people, mean, tally.hits)
    if level / 100 < likely < level * 100 and tally.hits > tally.people * mean + 1:
        return 0.0 if tally.hits > tally.allowed(round((1 - SURE) / level)) else likely
    return likely


def _advantage(figures: Figures, model: str) -> Iterator[Line]:
    by_attack: dict[str, Membership] = {}
    for name, members in figures.members.items():
        row, _, attack = name.split("|")
        if row == model:
            by_attack[attack] = by_attack.get(attack, Membership()) + members
    if by_attack:
        most = max(members.advantage for members in by_attack.values())
        decoys = sum(members.decoys for members in by_attack.values())
        yield Line(
            f"{model}: advantage in telling who took part",
            f"{most:.3f}" + (f", {decoys} decoys" if decoys else ""),
            f"at most {ADVANTAGE}",
            most <= ADVANTAGE,
        )


def _differencing(figures: Figures) -> Iterator[Line]:
    """C: what differencing calls; and every other way, which may be right once in k."""
    by_n: dict[int, dict[str, Tally]] = {}
    for name, tally in figures.ways.items():
        row, n, attack, *_ = name.split("|")
        if row == "C" and attack == "differencing":
            by_n.setdefault(int(n), {})[name] = tally
    for many, ways in sorted(by_n.items(), reverse=True):
        most = max(figures.most[name] for name in ways)
        yield Line(
            f"C: highest posterior, n = {many}",
            f"{most:.2f} of 1/min(k, n)",
            f"at most 1/min(k, n) (k = {K})",
            most <= JUST,
        )
        if many >= 2 * K:
            mean = max(tally.mean for tally in ways.values())
            yield Line(
                f"C: mean posterior on the truth, n = {many}",
                f"{mean:.4f}",
                f"at most 1/(1.5 k) = {1 / (1.5 * K):.4f}",
                mean <= JUST / (1.5 * K),
            )
            # By a row that came, people's habits are guessed at; by the hour, nothing is.
            exact = [tally for name, tally in ways.items() if "|by the hour|" in name]
            wrong = [line for tally in exact for line in miscalled(tally)]
            yield Line(
                f"C: of those called p, p are right, n = {many}",
                wrong[0] if wrong else "calibrated",
                "in every bin, at 99.9 %",
                not wrong,
            )
    for whom in (EVERYBODY, APPLICANTS):
        others = {
            name: tally
            for name, tally in _ways(figures, "C", whom).items()
            if name.split("|")[2] != "differencing"
        }
        if others:
            yield _hits(f"C: hits among {whom}, by every other way", others)
    yield from _advantage(figures, "C")


def _everywhere(figures: Figures) -> Iterator[Line]:
    counts = figures.counts
    if counts["needle searches"]:
        yield _none("All: needles", counts["needles"], f"{counts['needle searches']} searches")
    if counts["drafts looked at"]:
        yield _none(
            "All: drafts and waiting answers that could be read (K: but those of that moment)",
            counts["readable"],
            f"{counts['drafts looked at']} attempts",
        )
    if counts["responses"]:
        yield _none(
            "All: answers out that differ from answers in",
            counts["answers"],
            f"{counts['responses']:,} responses of {counts['people']:,} people",
        )
    if counts["kills"]:
        kills = counts["kills"]
        yield Line("All: kills at random moments", f"{kills}", f"at least {KILLS}", kills >= KILLS)


def _none(what: str, many: int, among: str) -> Line:
    return Line(what, f"{many} in {among}", "0", not many)


def _naive(figures: Figures) -> Iterator[Line]:
    """What the same attacks find in a store made naively on purpose."""
    counts = figures.counts
    for model, least in NAIVE.items():
        shares = {
            # Of all responses; a way that points at people in two manners has more tries than that.
            name: tally.hits / max(tally.people, counts[f"naive {model} responses"])
            for name, tally in _ways(figures, f"naive {model}", EVERYBODY).items()
            if name.split("|")[4] == RESPONSES and tally.people
        }
        if shares:
            best = max(shares, key=lambda name: shares[name])
            _, _, attack, way, *_ = best.split("|")
            yield Line(
                f"Power, naive {model}: hits",
                f"{shares[best]:.1%} of all ({attack}: {way})",
                f"at least {least:.0%}",
                shares[best] >= least,
            )
            boxes = counts[f"naive {model} boxes"]
            yield _some(f"Power, naive {model}: drafts that could be read", boxes)
            if model != "C":
                found = counts[f"naive {model} needles"]
                yield _some(f"Power, naive {model}: needles", found)


def _some(what: str, many: int) -> Line:
    return Line(what, f"{many:,}", "more than 0", many > 0)


def _thin(figures: Figures) -> Iterator[Line]:
    for k in (1, 2):
        for name, tally in figures.ways.items():
            row, n, _, way, table, _ = name.split("|")
            if row != f"k={k}" or way != "by the hour" or table != RESPONSES:
                continue
            share = tally.mean * tally.people / figures.exact[f"{row}|{n}"]
            yield Line(
                f"Power, k = {k}: posterior on the truth, of a perfect observer's",
                f"{share:.2f} ({tally.mean:.3f})",
                f"at least {EXACT}",
                share >= EXACT,
            )
            wrong = miscalled(tally)
            yield Line(
                f"Power, k = {k}: of those called p, p are right",
                wrong[0] if wrong else "calibrated",
                "in every bin, at 99.9 %",
                not wrong,
            )


def _ways(figures: Figures, model: str, whom: str) -> dict[str, Tally]:
    return {
        name: tally
        for name, tally in figures.ways.items()
        if name.startswith(f"{model}|") and name.endswith(f"|{whom}")
    }


def plain(table: list[Line]) -> str:
    width = max(len(line.model) for line in table)
    return "\n".join(
        f"{_WORDS[line.reached]:<3}  {line.model:<{width}}  {line.measured}"
        + (f"  [{line.limit}]" if line.limit else "")
        for line in table
    )


def markdown(table: list[Line]) -> str:
    rows = [
        f"| {line.model} | {line.measured} | {line.limit} | {_WORDS[line.reached]} |"
        for line in table
    ]
    return "\n".join(
        ["| Model and measure | Measured | Limit | Reached |", "| --- | --- | --- | --- |", *rows]
    )
