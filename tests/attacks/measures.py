"""What the claims are worth: they are laid beside the truth, and beside what guessing reaches.

**Hits**: how many people have their own row as the first guess. Who guesses hits now and then; how
often, is a sum of independent chances, one for each person of whom something was claimed (a row of
theirs among all rows, or among those of their background cell). `allowed` is what that sum exceeds
once in a thousand, shared out over all ways that were tried: an attacker who may try forty ways
hits more in one of them.

**Posterior**: what the attack gave the true row, its mean and its highest; and the highest that it
called at all, which may not be more either. **Calibration**: of the rows called p, p are right.

**Advantage**: true alarms less false alarms in telling who took part, where the score above which
one is said to have taken part is chosen on one half of the people and judged on the other: the best
score chosen on all would find an advantage in pure chance.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

from storage.database import canonical
from storage.sealed import Unopened, identity, unseal
from tests.attacks.claims import OPEN_ANSWERS, RESPONSES, key_of
from tests.attacks.pages import newest

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence
    from pathlib import Path

    from tests.attacks.claims import Claims, Way, Who
    from tests.attacks.truth import Copy, Person, Truth

SURE: Final = 0.999
TINY: Final = 1e-9
BINS: Final = (0.0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95)
"""Where each bin of called probabilities begins."""
_CHAT: Final = 8  # bytes of the chat id at the head of what is identified


@dataclass(frozen=True)
class Known:
    """The truth about one set of files: whose each row is, and who is meant by whom."""

    truth: Truth
    owners: Mapping[str, Mapping[bytes, Person]]
    """By table and row, the person who said it."""
    meant: Mapping[Who, Person]

    @classmethod
    def of(cls, truth: Truth, copy: Copy, keys: Path | None = None) -> Known:
        """`keys` is the real key folder, also where it is not stolen: with it, it can be told
        whose the rows of applications and subscribers are."""
        meant: dict[Who, Person] = {("person", who.number): who for who in truth.people}
        meant |= {("chat", who.chat): who for who in truth.people}
        by_chat = {who.chat: who for who in truth.people}
        database = newest(copy.folder)
        said = {
            (RESPONSES, canonical(dict(who.closed))): who
            for who in truth.people
            if who.sent is not None
        }
        for who in truth.people:
            said |= {(OPEN_ANSWERS, text): who for text in who.opened.values()}
        owners: dict[str, dict[bytes, Person]] = {RESPONSES: {}, OPEN_ANSWERS: {}}
        for table, column in ((RESPONSES, "answers"), (OPEN_ANSWERS, "text")):
            for row in database.rows(table):
                held = str(row.values[column])
                if table == RESPONSES:
                    held = canonical(json.loads(held))
                if (table, held) in said:
                    owners[table][key_of(row)] = said[table, held]
        for table, column in (("applications", "body"), ("subscribers", "box")):
            for row in database.rows(table):
                chat = _chat(row.values, column, keys)
                if chat in by_chat:
                    meant[table, key_of(row)] = by_chat[chat]
        return cls(truth, owners, meant)


def _chat(values: Mapping[str, Any], column: str, keys: Path | None) -> int | None:
    if "chat_id" in values:
        return int(values["chat_id"])
    if keys is None or column not in values:
        return None
    secret = identity((keys / "lasting" / "identity.key").read_bytes())
    try:
        whole = unseal(secret.boxes, values[column], tag=values["tag"])
    except Unopened:
        return None
    return int.from_bytes(whole[:_CHAT], "big", signed=True)


# Hits and posteriors


@dataclass
class Tally:
    """One way's figures, pooled over seeds."""

    hits: int = 0
    chances: list[float] = field(default_factory=list)  # of hitting by guessing, one a person
    on_truth: list[float] = field(default_factory=list)  # the posterior given to the true row
    sharpness: list[float] = field(default_factory=list)
    """What a calibrated attack would give the true row on average: the sum of its squares."""
    surplus: float = 0.0  # of all posteriors on the truth, over what guessing gives it
    spread: float = 0.0  # the variance of that sum where nothing is known
    highest: float = 0.0  # posterior called at all
    called: list[tuple[int, float, int]] = field(
        default_factory=lambda: [(0, 0.0, 0) for _ in BINS]
    )
    """By bin: how many rows were called, the sum of what was called, how many were right."""

    @property
    def people(self) -> int:
        return len(self.chances)

    @property
    def share(self) -> float:
        return self.hits / self.people if self.people else 0.0

    @property
    def mean(self) -> float:
        return sum(self.on_truth) / len(self.on_truth) if self.on_truth else 0.0

    @property
    def highest_on_truth(self) -> float:
        return max(self.on_truth, default=0.0)

    @property
    def lean(self) -> float:
        """By how many deviations the posteriors lean to the truth: shows a little knowledge about
        everybody long before it makes anybody a hit. By chance it is over 4 once in 30,000."""
        return self.surplus / self.spread**0.5 if self.spread > TINY else 0.0

    def allowed(self, ways: int = 1) -> int:
        """Hits that guessing does not exceed, at `SURE` for all `ways` together."""
        return most_by_chance(self.chances, (1 - SURE) / ways)

    def __add__(self, other: Tally) -> Tally:
        called = [
            (one[0] + two[0], one[1] + two[1], one[2] + two[2])
            for one, two in zip(self.called, other.called, strict=True)
        ]
        return Tally(
            self.hits + other.hits,
            self.chances + other.chances,
            self.on_truth + other.on_truth,
            self.sharpness + other.sharpness,
            self.surplus + other.surplus,
            self.spread + other.spread,
            max(self.highest, other.highest),
            called,
        )


def tallied(way: Way, known: Known, *, only: frozenset[int] | None = None) -> Tally:
    """The way's figures, over people whose answer is in the files; `only` these, by number."""
    tally = Tally()
    owners = known.owners.get(way.table, {})
    mine: dict[int, set[bytes]] = defaultdict(set)
    for key, who in owners.items():
        mine[who.number].add(key)
    cells = Counter(who.cell for who in owners.values())
    firsts: dict[int, bytes] = {}  # people who came together share their guesses
    bins: dict[int, list[tuple[bytes, int, float]]] = {}
    called = tally.called
    for named, over in way.guesses.items():
        person = known.meant.get(named)
        if person is None or (only is not None and person.number not in only):
            continue
        own = mine[person.number]
        if id(over) not in firsts:
            firsts[id(over)] = _first(over)
            bins[id(over)] = [(key, _bin(chance), chance) for key, chance in over.items()]
        for key, place, chance in bins[id(over)]:
            many, sums, right = called[place]
            called[place] = (many + 1, sums + chance, right + (key in own))
        tally.highest = max(tally.highest, *over.values())
        tally.sharpness.append(sum(chance**2 for chance in over.values()))
        if not own:
            continue
        tally.hits += firsts[id(over)] in own
        in_cell = cells[person.cell] if way.name == "shared fields" else len(owners)
        tally.chances.append(len(own) / in_cell)
        on_truth = sum(over.get(key, 0.0) for key in own) / len(own)
        mean = sum(over.values()) / len(owners)
        tally.on_truth.append(on_truth)
        tally.surplus += on_truth - mean
        tally.spread += (tally.sharpness[-1] / len(owners) - mean**2) / len(own)
    return tally


def _first(over: Mapping[bytes, float]) -> bytes:
    """The likeliest row; of several, any, but not by their order."""
    return max(over, key=lambda key: (round(over[key], 12), blake2b(key).digest()))


def _bin(chance: float) -> int:
    return max(place for place, begins in enumerate(BINS) if chance >= begins)


def most_by_chance(chances: Sequence[float], beyond: float) -> int:
    """The least number that a sum of independent trials exceeds with a chance of at most `beyond`;
    exact, and for chances that are all alike the binomial's."""
    kinds = Counter(chances)
    # By number of hits: chance of h hits so far; grown as far as it matters.
    dist = [1.0]
    for chance, count in kinds.items():
        for _ in range(count):
            grown = [held * (1 - chance) for held in dist] + [0.0]
            for place, held in enumerate(dist):
                grown[place + 1] += held * chance
            while len(grown) > 1 and grown[-1] < 1e-18:
                grown.pop()
            dist = grown
    tail = 0.0
    for hits in range(len(dist) - 1, -1, -1):
        tail += dist[hits]
        if tail > beyond:
            return hits
    return 0


# Calibration


def miscalled(tally: Tally, *, sure: float = SURE) -> list[str]:
    """Bins in which more or fewer were right than was called, beyond chance; a line each."""
    level = (1 - sure) / (2 * len(BINS))
    found = []
    for begins, (many, sums, right) in zip(BINS, tally.called, strict=True):
        if not many:
            continue
        mean = sums / many
        above = binomial_tail(many, mean, right)
        below = 1 - binomial_tail(many, mean, right + 1)
        if min(above, below) < level:
            found.append(f"from {begins}: called {mean:.4f} of {many}, right {right / many:.4f}")
    return found


def binomial_tail(trials: int, chance: float, hits: int) -> float:
    """How likely at least `hits` of `trials` are."""
    if hits <= 0:
        return 1.0
    if chance <= 0 or hits > trials:
        return 0.0
    if chance >= 1:
        return 1.0
    if hits < trials * chance:
        return 1 - _sum(trials, chance, range(hits - 1, -1, -1))
    return _sum(trials, chance, range(hits, trials + 1))


def _sum(trials: int, chance: float, over: Iterable[int]) -> float:
    """The chances of each number of hits, going away from the likeliest until nothing comes."""
    whole = 0.0
    for hits in over:
        part = math.exp(
            math.lgamma(trials + 1)
            - math.lgamma(hits + 1)
            - math.lgamma(trials - hits + 1)
            + hits * math.log(chance)
            + (trials - hits) * math.log1p(-chance)
        )
        whole += part
        if part < whole * 1e-15:
            break
    return min(1.0, whole)


# Who took part


@dataclass
class Membership:
    """Scores of those who neither applied nor subscribed; pooled over seeds."""

    came: list[float] = field(default_factory=list)
    never: list[float] = field(default_factory=list)
    decoys: int = 0  # chats of nobody that seemed to have taken part

    @property
    def advantage(self) -> float:
        """The mean of both halves' advantage, each judged by a score chosen on the other."""
        halves = [(self.came[side::2], self.never[side::2]) for side in (0, 1)]
        if not all(came and never for came, never in halves):
            return 0.0
        one, two = halves
        return (_advantage(*one, _threshold(*two)) + _advantage(*two, _threshold(*one))) / 2

    def __add__(self, other: Membership) -> Membership:
        return Membership(
            self.came + other.came, self.never + other.never, self.decoys + other.decoys
        )


def membership(claims: Claims, known: Known) -> Membership:
    found = Membership()
    if claims.took_part is None:
        return found
    by_chat = {who.chat: who for who in known.truth.people}
    # In an order of its own, so that the halves are drawn by chance.
    for chat in sorted(claims.took_part, key=lambda one: blake2b(str(one).encode()).digest()):
        score = claims.took_part[chat]
        who = by_chat.get(chat)
        if who is None:
            found.never.append(score)
        elif who.applied is None and who.subscribed is None:
            found.came.append(score)
    return found


def _threshold(came: Sequence[float], never: Sequence[float]) -> float:
    marks = {*came, *never, math.inf}
    return max(marks, key=lambda mark: (_advantage(came, never, mark), mark))


def _advantage(came: Sequence[float], never: Sequence[float], mark: float) -> float:
    hit = sum(score >= mark for score in came) / len(came)
    return hit - sum(score >= mark for score in never) / len(never)


# Drafts


def unpromised(claims: Claims, model: str) -> int:
    """How many drafts and boxes were read that should not have been: all of them; in K those that
    were not open or waiting at that moment. An earlier version of an open draft is that draft."""
    if model != "K":
        return len(claims.read)
    live = {(one.table, one.of) for one in claims.read if one.live}
    return sum(
        not one.live and not (one.table == "drafts" and (one.table, one.of) in live)
        for one in claims.read
    )


# The perfect observer


def perfect(
    arrivals: Sequence[int], k: int, seen: Mapping[int, Hashable] | None = None
) -> dict[int, float]:
    """By person, in the order in which they came, what can be known at best by whom sees everyone
    come and everything come out, but not into the boxes: the expected posterior on the truth,
    exactly. The mix is emptied as soon as 2k wait; at the end whatever waits comes out.

    Without `seen`, their order is known, and each release is. With it, those who are seen at the
    same time cannot be told apart, nor can the releases among them: then this is the best that
    anybody can do who looks no more often.
    """
    times = [who if seen is None else seen[who] for who in arrivals]
    # What comes out is counted by when it does; the end is a time of its own.
    end = object()
    count: Counter[Hashable] = Counter()
    releases: list[tuple[int, Hashable, int, int]] = []  # after which arrival, when, of, stay
    boxes = 0
    for place, when in enumerate(times):
        boxes += 1
        if boxes >= 2 * k:
            releases.append((place, when, boxes, k))
            count[when] += boxes - k
            boxes = k
    if boxes:
        releases.append((len(arrivals), end, boxes, 0))
        count[end] += boxes
    together: dict[Hashable, list[int]] = defaultdict(list)
    for place, when in enumerate(times):
        together[when].append(place)
    found: dict[int, float] = {}
    for places in together.values():
        out: dict[Hashable, float] = defaultdict(float)
        for place in places:
            waits = 1 / len(places)
            for _, when, held, stay in releases[bisect_left(releases, place, key=_after) :]:
                out[when] += waits * (held - stay) / held
                waits *= stay / held
                if waits < TINY:
                    break
        best = sum(chance**2 / count[when] for when, chance in out.items())
        for place in places:
            found[arrivals[place]] = best
    return found


def _after(release: tuple[int, Hashable, int, int]) -> int:
    return release[0]
