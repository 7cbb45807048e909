"""Rounds: one survey lived through, everything stolen, every attack in every model, and figures.

A round has a name, and its figures add up with those of others:

    real 300 7    the real bot, 300 people, seed 7: all models
    naive 300 7   the same people and a store made naively on purpose: every attack must find them
    mix1 60 7     the real bot with k = 1, copied every other minute: what differencing can reach
    mix2 60 7     with k = 2
    kills 60 7    the real bot, killed 50 times

Of most ways only hits are judged; all that differencing calls is kept.
"""

from __future__ import annotations

import asyncio
import shutil
import signal
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

from tests.attacks import differencing, drafts, joining, markers, order
from tests.attacks.answers import told_apart
from tests.attacks.claims import RESPONSES
from tests.attacks.killed import survived
from tests.attacks.lived import lived
from tests.attacks.measures import (
    BINS,
    Known,
    Membership,
    Tally,
    membership,
    perfect,
    tallied,
    unpromised,
)
from tests.attacks.naive import naive
from tests.attacks.needles import needles
from tests.attacks.population import population
from tests.mortal import starter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tests.attacks.claims import Claims
    from tests.attacks.lived import Life
    from tests.attacks.naive import Naive
    from tests.attacks.truth import Stolen, Truth

    Attack = Callable[[Stolen], Claims]

K: Final = 10
DECOYS: Final = 2_000
"""A round's, in each model; 60 rounds make more than 100,000."""
KILLS: Final = 50
OFTEN: Final = timedelta(minutes=2)
"""Between two copies of somebody who is always there."""

MOMENTS: Final = (
    ("A", False),
    ("A", True),
    ("B", False),
    ("B", True),
    ("C", False),
    ("D", False),
    ("K", True),
    ("K", False),
)
"""The models, and whether they are tried in the middle or at the end."""

ATTACKS: Final[dict[str, Attack]] = {
    "order": order.attack,
    "markers": lambda stolen: markers.attack(stolen, DECOYS),
    "differencing": differencing.attack,
    "drafts": drafts.attack,
    "joining": joining.attack,
}
"""Each is run in every model; what it needs and is not there, it does without."""

APPLICANTS: Final = "applicants"
EVERYBODY: Final = "everybody"


@dataclass
class Figures:
    """What rounds have measured. Ways are named `row|attack|way|table|of whom`, where a row is a
    model, a moment and a number of people."""

    ways: dict[str, Tally] = field(default_factory=dict)
    members: dict[str, Membership] = field(default_factory=dict)  # by row and attack
    exact: dict[str, float] = field(default_factory=dict)
    """By row, the sum over its people of what a perfect observer gives the truth."""
    most: dict[str, float] = field(default_factory=dict)
    """By way of differencing, the highest posterior times min(k, n): 1 is what may be."""
    counts: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)  # what must not be, a line each

    def add(self, other: Figures) -> None:
        for name, tally in other.ways.items():
            self.ways[name] = self.ways[name] + tally if name in self.ways else tally
        for name, members in other.members.items():
            self.members[name] = self.members.get(name, Membership()) + members
        for name, exact in other.exact.items():
            self.exact[name] = self.exact.get(name, 0.0) + exact
        for name, most in other.most.items():
            self.most[name] = max(self.most.get(name, 0.0), most)
        self.counts.update(other.counts)
        self.found += other.found

    def tells(self, what: str, lines: Iterable[str], where: str) -> None:
        """Something that must not be: counted, and told."""
        told = [f"{what}, {where}: {line}" for line in lines]
        self.counts[what] += len(told)
        self.found += told

    def plain(self) -> dict[str, Any]:
        """As JSON knows it; numbers that are there often are written once."""
        return {
            "ways": {name: _packed(tally) for name, tally in self.ways.items()},
            "members": {name: vars(members) for name, members in self.members.items()},
            "exact": self.exact,
            "most": self.most,
            "counts": self.counts,
            "found": self.found,
        }

    @classmethod
    def of(cls, plain: dict[str, Any]) -> Figures:
        return cls(
            ways={name: _unpacked(tally) for name, tally in plain["ways"].items()},
            members={name: Membership(**members) for name, members in plain["members"].items()},
            exact=plain["exact"],
            most=plain["most"],
            counts=Counter(plain["counts"]),
            found=plain["found"],
        )


def played(name: str) -> Figures:
    """The figures of the round of that name."""
    kind, n, seed = name.split()
    begun = time.process_time()
    folder = Path(tempfile.mkdtemp(prefix="raati-attack-"))
    try:
        figures = ROUNDS[kind](folder, int(n), int(seed))
    finally:
        shutil.rmtree(folder)
    figures.counts[f"rounds {kind} {n}"] += 1
    figures.counts["cpu seconds"] += round(time.process_time() - begun)
    return figures


def timed(name: str) -> tuple[Figures, float]:
    """The round's figures, and how many seconds it took."""
    begun = time.monotonic()
    return played(name), time.monotonic() - begun


def deaf() -> None:
    """Whoever interrupts ends the runner; its helpers finish what they play."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def real(folder: Path, n: int, seed: int) -> Figures:
    """The real bot, all models."""
    life = asyncio.run(lived(folder, population(seed, n, k=K)))
    figures = Figures()
    for model, middle in MOMENTS:
        stolen = _watched(life.stolen(model, middle=middle), life)
        row = f"{model}{' in the middle' if middle else ''}|{n}"
        attacked(figures, row, stolen, Known.of(life.truth, stolen.copies[-1], life.keys_middle))
    sought(figures, life)
    _counted(figures, life.truth)
    figures.tells("answers", told_apart(life.truth, life.final), f"{n} {seed}")
    return figures


def _watched(stolen: Stolen, life: Life) -> Stolen:
    """In every model somebody also saw in which hour each person answered, up to then: it is the
    strongest that may be known beside the files, and no order in them may lead on from it."""
    sent = {who.number: who.sent for who in life.truth.people}
    until = stolen.copies[-1].taken
    seen = {
        number: hour
        for number, hour in life.seen.items()
        if (moment := sent[number]) is not None and moment <= until
    }
    return replace(stolen, seen=seen)


def attacked(figures: Figures, row: str, stolen: Stolen, known: Known) -> None:
    """Every attack on what one attacker holds."""
    applicants = frozenset(who.number for who in known.truth.people if who.applied is not None)
    for attack, tries in ATTACKS.items():
        claims = tries(stolen)
        for way in claims.ways:
            for whom, only in ((EVERYBODY, None), (APPLICANTS, applicants)):
                tally = tallied(way, known, only=only)
                name = f"{row}|{attack}|{way.name}|{way.table}|{whom}"
                figures.ways[name] = _kept(figures, name, tally, attack, stolen, known)
        if claims.took_part is not None:
            figures.members[f"{row}|{attack}"] = membership(claims, known)
        read = unpromised(claims, stolen.model)
        figures.counts["drafts looked at"] += 1
        figures.tells("readable", [f"{read} boxes"] * bool(read), row)


def _kept(
    figures: Figures, name: str, tally: Tally, attack: str, stolen: Stolen, known: Known
) -> Tally:
    """What of it is judged."""
    n = sum(who.sent is not None for who in known.truth.people)
    may = 1 / min(stolen.k, n) if stolen.model == "C" and n else 0.0
    if attack == "differencing" and stolen.model == "C":
        figures.most[name] = tally.highest / may if may else 0.0
        return tally
    # Who has all copies may be right as often as one of k is.
    chances = [max(chance, may) for chance in tally.chances]
    return Tally(hits=tally.hits, chances=chances, highest=tally.highest)


def sought(figures: Figures, life: Life) -> None:
    """Needles, in the quiet middle, at the end and in the middle of work; and boxes there."""
    for model, middle in MOMENTS:
        # B searches what A does, with more secrets; C holds what B does.
        if model not in ("A", "C"):
            stolen = life.stolen(model, middle=middle)
            where = f"{model}{' in the middle' if middle else ''}"
            figures.tells("needles", needles(stolen, life.truth), where)
            figures.counts["needle searches"] += 1
    for copy in life.busy:
        stolen = replace(life.stolen("A"), copies=(copy,))
        figures.tells("needles", needles(stolen, life.truth), "in work")
        figures.counts["needle searches"] += 1
        read = unpromised(drafts.attack(stolen), "A")
        figures.tells("readable", [f"{read} boxes"] * bool(read), "in work")


def fooled(folder: Path, n: int, seed: int) -> Figures:
    """The naive store; what is found there is what the attacks can do."""
    people = population(seed, n, k=K)
    store = naive(folder, people.imagined(), people.known)
    figures = Figures()
    for model in ("A", "C", "D"):
        _naively(figures, model, n, store)
    return figures


def _naively(figures: Figures, model: str, n: int, store: Naive) -> None:
    stolen = store.stolen(model)
    known = Known.of(store.truth, stolen.copies[-1])
    figures.counts[f"naive {model} responses"] += len(known.owners[RESPONSES])
    for attack, tries in ATTACKS.items():
        claims = tries(stolen)
        for way in claims.ways:
            name = f"naive {model}|{n}|{attack}|{way.name}|{way.table}|{EVERYBODY}"
            tally = tallied(way, known)
            figures.ways[name] = Tally(hits=tally.hits, chances=tally.chances)
        figures.counts[f"naive {model} boxes"] += unpromised(claims, model)
    if model != "C":
        figures.counts[f"naive {model} needles"] += len(needles(stolen, store.truth))


def thin(folder: Path, n: int, seed: int, k: int) -> Figures:
    """The real mix with a k that hides nobody, and an attacker who is always there."""
    # No form may ask for so little, but for this.
    with patch("dialogs.forms.loader.K", k):
        life = asyncio.run(lived(folder, population(seed, n, k=k), unlucky=False, every=OFTEN))
    figures = Figures()
    stolen = life.stolen("C")
    known = Known.of(life.truth, stolen.copies[-1], life.keys_middle)
    for way in differencing.attack(stolen).ways:
        name = f"k={k}|{n}|differencing|{way.name}|{way.table}|{EVERYBODY}"
        figures.ways[name] = tallied(way, known)
    sent = sorted((who.sent, who.number) for who in life.truth.people if who.sent is not None)
    figures.exact[f"k={k}|{n}"] = sum(perfect([number for _, number in sent], k).values())
    figures.tells("answers", told_apart(life.truth, life.final), f"k={k} {seed}")
    return figures


def killed(folder: Path, n: int, seed: int) -> Figures:
    """The real bot under kills."""
    with starter() as launcher:
        life = asyncio.run(survived(folder, launcher, population(seed, n, k=K), KILLS))
    figures = Figures()
    figures.counts["kills"] = life.kills
    _counted(figures, life.truth)
    figures.tells("needles", needles(life.stolen, life.truth), "after kills")
    figures.tells("answers", told_apart(life.truth, life.final), f"after kills {seed}")
    return figures


ROUNDS: Final[dict[str, Callable[[Path, int, int], Figures]]] = {
    "real": real,
    "naive": fooled,
    "mix1": lambda folder, n, seed: thin(folder, n, seed, 1),
    "mix2": lambda folder, n, seed: thin(folder, n, seed, 2),
    "kills": killed,
}


def _counted(figures: Figures, truth: Truth) -> None:
    figures.counts["people"] += len(truth.people)
    figures.counts["responses"] += sum(who.sent is not None for who in truth.people)


def _packed(tally: Tally) -> dict[str, Any]:
    lists = ("chances", "on_truth", "sharpness")
    packed = {name: [*Counter(getattr(tally, name)).items()] for name in lists}
    called = [list(one) for one in tally.called] if tally.on_truth else []
    return {"hits": tally.hits, "highest": tally.highest, "called": called, **packed}


def _unpacked(plain: dict[str, Any]) -> Tally:
    lists = ("chances", "on_truth", "sharpness")
    unpacked: dict[str, Any] = {name: [*_repeated(plain[name])] for name in lists}
    called = [(many, sums, right) for many, sums, right in plain["called"]]
    called = called or [(0, 0.0, 0) for _ in BINS]
    return Tally(hits=plain["hits"], highest=plain["highest"], called=called, **unpacked)


def _repeated(counted: list[tuple[float, int]]) -> Iterator[float]:
    for value, times in counted:
        yield from [value] * times
