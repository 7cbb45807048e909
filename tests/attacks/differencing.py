"""Differencing of copies: what came and what went between two of them, over the whole survey.

The attacker has seen in which hour each person answered, and has copies of the files. A copy shows
how many boxes wait in the mix and which responses have come out of it; so it is known how many came
between two copies, and after which of them the mix was emptied. What is not known is who of those
who came in one hour was before that and who behind; they are exchangeable, and each stands at each
place with the same chance. From there on chance is the mix's own: of x that wait, y random ones
stay. So for everybody the probability to have come out between any two copies is exact, and the
responses that came out there share it evenly: nothing in the files tells them apart.

Where hours and copies do not fall together, or the log holds several commits, people are shared out
over the steps by their overlap, balanced over the whole survey.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING, Final

from tests.attacks.claims import ANSWERS, OPEN_ANSWERS, RESPONSES, Claims, Way, balanced, key_of
from tests.attacks.pages import Moments

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tests.attacks.claims import Who
    from tests.attacks.pages import Database
    from tests.attacks.truth import Stolen

HOUR: Final = timedelta(hours=1)
LATE: Final = 1e-3
"""How likely the mix is to lag behind by one that came, where it must have lagged at all."""
NEAR: Final = 1e-4
"""Weight of a step beside the hour in which somebody was seen: a clock may go wrong."""
TINY: Final = 1e-6
_BEFORE: Final = {
    timedelta(minutes=15): 0.75,
    timedelta(hours=6): 0.15,
    timedelta(hours=48): 0.1,
}
"""How long before an application or a subscription its person answered, at most, and how likely.
It is a guess at people's habits: what is called by it is near what is right, and no more."""
_ROWS: Final = ("applications", "subscribers")
_NOTHING: Final[Mapping[str, frozenset[bytes]]] = dict.fromkeys((*ANSWERS, *_ROWS), frozenset())
_EVER: Final = timedelta(days=3650)
"""How long before the first copy what stands in it may have come."""


@dataclass(frozen=True, slots=True)
class State:
    """The rows at one moment, by their keys, as a copy shows it."""

    taken: datetime  # the copy
    waiting: frozenset[bytes] | None  # in the mix; None: there is no mix
    answers: Mapping[str, frozenset[bytes]]
    identified: Mapping[str, frozenset[bytes]]


@dataclass(frozen=True, slots=True)
class Emptying:
    """The mix was emptied after so many had come since the last copy: of `before` that waited,
    `after` stayed."""

    came: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Step:
    """What happened between two states: `count` came, and the rows that are new since."""

    since: datetime
    until: datetime
    count: int
    out: int  # responses that came out of the mix, also where they became counts
    courses: Sequence[tuple[float, Sequence[Emptying]]]  # each with its weight; they sum to 1
    new: Mapping[str, frozenset[bytes]]
    identified: Mapping[str, frozenset[bytes]]

    @property
    def stays(self) -> float:
        """How likely somebody who waited at its beginning waits at its end."""
        return sum(weight * _staying(course, 0) for weight, course in self.courses)

    @property
    def newcomer_stays(self) -> float:
        """How likely somebody who came in this step waits at its end."""
        places = range(1, self.count + 1)
        return sum(
            weight * sum(_staying(course, place) for place in places) / max(1, self.count)
            for weight, course in self.courses
        )


def attack(stolen: Stolen) -> Claims:
    """Whom each answer belongs to, by when it came out."""
    moments = [copy.taken for copy in stolen.copies]
    return Claims(guessed(steps(_states(stolen), stolen.k, moments), stolen.seen))


def guessed(steps: Sequence[Step], seen: Mapping[int, datetime]) -> list[Way]:
    """By the hour in which each person was seen, and for the persons of rows that came."""
    ways = []
    if seen:
        by_hour = _shared_out(seen, steps)
        whom: dict[Who, Mapping[int, float]] = {
            ("person", number): by_hour.get(hour, {}) for number, hour in seen.items()
        }
        ways += [_way("by the hour", table, whom, steps) for table in ANSWERS]
    for table in _ROWS:
        rows = dict(_rows(table, steps))
        ways.append(_way(f"by {table}", RESPONSES, rows, steps))
    return [way for way in ways if way.guesses]


def _way(
    name: str, table: str, whom: Mapping[Who, Mapping[int, float]], steps: Sequence[Step]
) -> Way:
    """`whom` holds for each the chance of having come in each step, by the step's number."""
    fates: dict[int, Mapping[int, float]] = {}
    made: dict[int, dict[bytes, float]] = {}
    guesses = {}
    for who, came in whom.items():
        # Who came in the same hour shares the very same guesses.
        if id(came) not in made:
            out: dict[int, float] = {}
            for number, chance in came.items():
                if number not in fates:
                    fates[number] = _fate(number, steps)
                for step, part in fates[number].items():
                    out[step] = out.get(step, 0.0) + chance * part
            made[id(came)] = {
                key: chance / steps[step].out
                for step, chance in out.items()
                for key in steps[step].new[table]
            }
        guesses[who] = made[id(came)]
    return Way(name, table, {who: over for who, over in guesses.items() if over})


def _fate(came: int, steps: Sequence[Step]) -> dict[int, float]:
    """How likely somebody who came in step `came` came out in each."""
    waits = steps[came].newcomer_stays
    found = {came: 1 - waits}
    for number in range(came + 1, len(steps)):
        if waits < TINY:
            break
        stays = steps[number].stays
        found[number] = waits * (1 - stays)
        waits *= stays
    return {number: chance for number, chance in found.items() if chance and steps[number].out}


def _staying(course: Sequence[Emptying], place: int) -> float:
    """How likely somebody who came as number `place` waits at the end; 0: was there before."""
    stays = 1.0
    for emptying in course:
        if emptying.came >= place:
            stays *= emptying.after / emptying.before
    return stays


def _shared_out(
    seen: Mapping[int, datetime], steps: Sequence[Step]
) -> dict[datetime, dict[int, float]]:
    """For everybody who was seen in an hour, the chance of having come in each step."""
    people = Counter(seen.values())
    # They saw as finely as they copied.
    gaps = [(step.until - step.since).total_seconds() for step in steps]
    width = min(HOUR, timedelta(seconds=median(gaps))) if gaps else HOUR
    came = {number: float(step.count) for number, step in enumerate(steps) if step.count}
    weights = {
        hour: {
            number: _overlap(hour, hour + width, steps[number]) * count
            for number, count in came.items()
        }
        for hour in people
    }
    weights = {hour: {at: w for at, w in row.items() if w} for hour, row in weights.items()}
    sums: dict[datetime | None, float] = {hour: float(count) for hour, count in people.items()}
    everybody: dict[datetime | None, dict[int, float]] = dict(weights.items())
    unseen = sum(came.values()) - sum(sums.values())
    if unseen > 0:
        sums[None] = unseen
        everybody[None] = {number: NEAR * count for number, count in came.items()}
    shared = balanced(everybody, sums, came)
    return {
        hour: {number: part / sums[hour] for number, part in row.items() if part > TINY}
        for hour, row in shared.items()
        if hour is not None
    }


def _overlap(begins: datetime, ends: datetime, step: Step) -> float:
    """The part of a span of time that falls into the step."""
    inside = min(ends, step.until) - max(begins, step.since)
    if inside > timedelta():
        return inside / (ends - begins)
    return NEAR if -inside < ends - begins else 0.0


def _rows(table: str, steps: Sequence[Step]) -> Iterator[tuple[Who, dict[int, float]]]:
    """For the person of each row of `table` that came, the chance of having answered in each
    step."""
    for step in steps:
        if not step.identified[table]:
            continue
        chances: dict[int, float] = {}
        for before, share in _BEFORE.items():
            begins = step.since - before
            parts = {
                number: _overlap(begins, step.until, other) * other.count
                for number, other in enumerate(steps)
                if other.count and other.until > begins and other.since < step.until
            }
            whole = sum(parts.values())
            for number, part in parts.items():
                chances[number] = chances.get(number, 0.0) + share * part / whole
        for key in step.identified[table]:
            yield (table, key), chances


def _states(stolen: Stolen) -> Iterator[State]:
    """What the copies show, and what their logs still hold of the time in between."""
    moments = Moments()
    for copy in stolen.copies:
        for database in moments.of(copy.folder):
            yield _state(copy.taken, database)


def _state(taken: datetime, database: Database) -> State:
    def keys(table: str) -> frozenset[bytes]:
        return frozenset(key_of(row) for row in database.rows(table, whole=False))

    return State(
        taken,
        keys("pool") if "pool" in database.tables else None,
        {table: keys(table) for table in ANSWERS},
        {table: keys(table) for table in _ROWS},
    )


def steps(states: Iterable[State], k: int, moments: Sequence[datetime]) -> list[Step]:
    """What happened between each two states, of copies that were taken at these moments."""
    begins = dict(zip(moments, (moments[0] - _EVER, *moments), strict=False))
    found: list[Step] = []
    last = State(moments[0], frozenset(), _NOTHING, _NOTHING)
    for state in states:
        # No answer is ever erased: a file that lacks one was copied in the midst of a change.
        if any(last.answers[table] - state.answers[table] for table in ANSWERS):
            continue
        if replace(state, taken=last.taken) != last:
            found.append(_step(begins[state.taken], last, state, k))
            last = state
    return found


def _step(since: datetime, last: State, state: State, k: int) -> Step:
    new = {table: state.answers[table] - last.answers[table] for table in ANSWERS}
    identified = {table: state.identified[table] - last.identified[table] for table in _ROWS}
    out = len(new[RESPONSES])
    waited, waiting = len(last.waiting or ()), len(state.waiting or ())
    if not out and waited > waiting and new[OPEN_ANSWERS]:
        out = waited - waiting  # dissolved into counts
    # A box that was thrown away looks like fewer who came.
    count = max(0, out + waiting - waited)
    mixes = state.waiting is not None
    courses = _courses(waited, count, waiting, k) if mixes else [(1.0, [_straight(count)])]
    return Step(since, state.taken, count, out, courses, new, identified)


def _straight(count: int) -> Emptying:
    return Emptying(count, max(1, count), 0)


def _courses(
    waited: int, count: int, waiting: int, k: int
) -> Sequence[tuple[float, Sequence[Emptying]]]:
    """What the mix may have done while `count` came, from `waited` boxes to `waiting`; with the
    weight of each. Mostly there is one: it is emptied as soon as 2k wait."""
    done: list[tuple[float, list[Emptying]]] = []
    going: list[tuple[float, int, list[Emptying]]] = [(1.0, waited, [])]
    for came in range(count + 1):
        after: list[tuple[float, int, list[Emptying]]] = []
        for weight, boxes, course in going:
            held = boxes + (came > 0)
            if held >= 2 * k:
                after.append((weight * (1 - LATE), k, [*course, Emptying(came, held, k)]))
                weight *= LATE
            after.append((weight, held, course))
        going = sorted(after, key=lambda one: -one[0])[:100]
    for weight, boxes, course in going:
        if boxes == waiting:
            done.append((weight, course))
        elif boxes > waiting == 0:  # closed
            done.append((weight, [*course, Emptying(count, boxes, 0)]))
    if not done:
        # Something else than the design: as if it had happened at the end.
        held = waited + count
        done = [(1.0, [Emptying(count, held, waiting)] if held > waiting else [])]
    whole = sum(weight for weight, _ in done)
    return [(weight / whole, course) for weight, course in done]
