"""Facts about the attacks themselves: they find what is there, and know how sure they are.

On a store made naively they find people; on the real store with a mix that protects little they
find as many as anybody could who looked as often; what they call p is right so often. Where a cause
of a leak is put back, they show it.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import random
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from storage.database import Store, canonical
from storage.keys import Passing
from tests.attacks import differencing, drafts, joining, markers, measures, order
from tests.attacks.claims import OPEN_ANSWERS, RESPONSES, Claims, Way
from tests.attacks.differencing import HOUR, State
from tests.attacks.naive import Naive, naive
from tests.attacks.pages import Moments, left_over, newest
from tests.attacks.played import Played, luck, played
from tests.attacks.population import population
from tests.attacks.truth import Copy, Stolen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from tests.attacks.claims import Who
    from tests.attacks.truth import Person

NOON = datetime(2027, 1, 27, 12, 0, tzinfo=UTC)
SIGMAS = 4.5  # a fair run goes beyond once in 150,000
DECOYS = 2_000


# The files as bytes


@contextlib.contextmanager
def database(folder: Path, *pragmas: str) -> Iterator[sqlite3.Connection]:
    folder.mkdir(exist_ok=True)
    with contextlib.closing(sqlite3.connect(folder / "some.db")) as opened:
        for pragma in ("journal_mode=WAL", "wal_autocheckpoint=0", *pragmas):
            opened.execute(f"PRAGMA {pragma}")
        yield opened


def boxes(opened: sqlite3.Connection, many: int, size: int) -> set[bytes]:
    """Rows as the mix has them."""
    opened.execute(
        "CREATE TABLE pool (survey VARCHAR(24) NOT NULL, key BLOB NOT NULL, box BLOB NOT NULL,"
        " PRIMARY KEY (survey, key)) WITHOUT ROWID"
    )
    chance = random.Random(7)
    made = [chance.randbytes(size) for _ in range(many)]
    for box in made:
        opened.execute("INSERT INTO pool VALUES ('equality', ?, ?)", (chance.randbytes(16), box))
    opened.commit()
    return set(made)


@pytest.mark.parametrize("folded", [True, False], ids=["in the file", "in the log"])
def test_rows_are_read_as_sqlite_reads_them(tmp_path: Path, folded: bool) -> None:
    with database(tmp_path / "live") as opened:
        boxes(opened, 120, 6000)
        opened.execute("CREATE TABLE counted (id INTEGER PRIMARY KEY, a TEXT, b REAL, c)")
        values: Sequence[object] = (None, 0, 1, -5, 1 << 40, b"x", 2.5)
        opened.executemany(
            "INSERT INTO counted (a, b, c) VALUES (?, ?, ?)",
            [("ä" * place, place / 3, values[place % len(values)]) for place in range(200)],
        )
        opened.commit()
        if folded:
            opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copytree(tmp_path / "live", tmp_path / "copy")
        read = newest(tmp_path / "copy")
        for table in ("pool", "counted"):
            asked = opened.execute(f"SELECT * FROM {table}")  # noqa: S608
            columns = [name for name, *_ in asked.description]
            there = [tuple(row.values[name] for name in columns) for row in read.rows(table)]
            assert sorted(there) == sorted(asked)
            # Two rows never lie in one place.
            assert len({(row.page, row.offset) for row in read.rows(table)}) == len(there)


def test_what_was_erased_without_care_is_found_and_what_was_wiped_is_not(tmp_path: Path) -> None:
    with database(tmp_path / "careless", "secure_delete=OFF") as opened:
        made = boxes(opened, 60, 3000)
        opened.execute("DELETE FROM pool")
        opened.commit()
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        found = {values["box"] for values in left_over(tmp_path / "careless", "pool")}
        assert len(made & found) > 50
    with database(tmp_path / "logged", "secure_delete=ON") as opened:
        made = boxes(opened, 60, 3000)
        opened.execute("DELETE FROM pool")
        opened.commit()
        found = {values["box"] for values in left_over(tmp_path / "logged", "pool")}
        assert len(made & found) > 50
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        found = {values["box"] for values in left_over(tmp_path / "logged", "pool")}
        assert not made & found


def test_each_commit_in_the_log_is_a_moment_and_is_seen_once(tmp_path: Path) -> None:
    moments = Moments()
    seen = []
    with database(tmp_path / "live") as opened:
        opened.execute("CREATE TABLE came (id INTEGER PRIMARY KEY)")
        opened.commit()
        for number in range(6):
            opened.execute("INSERT INTO came DEFAULT VALUES")
            opened.commit()
            if number % 2:
                shutil.copytree(tmp_path / "live", tmp_path / str(number))
                seen += [len(one.rows("came")) for one in moments.of(tmp_path / str(number))]
                assert not list(moments.of(tmp_path / str(number)))
            if number == 3:
                opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert [many for many, _ in itertools.groupby(seen)] == [0, 1, 2, 3, 4, 5, 6]


# Differencing: a mix in a few lines, and what can be known of it


def mixed(
    hours: Sequence[int], k: int, chance: random.Random | None
) -> tuple[list[State], dict[int, datetime], dict[bytes, int]]:
    """Copies at every hour of a mix into which so many people come in each hour; when each was
    seen; and whose each response is. Without `chance`, those who came first come out first."""
    box: list[int] = []
    out: set[bytes] = set()
    states, seen, owners = [], {}, {}

    def state(hour: int) -> State:
        waiting = frozenset(bytes([who % 251]) + hour.to_bytes(2, "big") for who in box)
        answers = {RESPONSES: frozenset(out), OPEN_ANSWERS: frozenset[bytes]()}
        nobody = dict.fromkeys(("applications", "subscribers"), frozenset[bytes]())
        return State(NOON + hour * HOUR, frozenset(sorted(waiting)[: len(box)]), answers, nobody)

    def released(stay: int) -> None:
        if chance is not None:
            chance.shuffle(box)
        for who in box[: len(box) - stay]:
            key = who.to_bytes(16, "big")
            owners[key] = who
            out.add(key)
        del box[: len(box) - stay]

    who = 0
    for hour, many in enumerate(hours):
        for _ in range(many):
            seen[who] = NOON + hour * HOUR
            box.append(who)
            who += 1
            if len(box) >= 2 * k:
                released(k)
        states.append(state(hour + 1))
    released(0)
    states.append(state(len(hours) + 1))
    return states, seen, owners


def guessed(states: Sequence[State], seen: Mapping[int, datetime], k: int) -> Way:
    steps = differencing.steps(states, k, [one.taken for one in states])
    return next(way for way in differencing.guessed(steps, seen) if way.table == RESPONSES)


def by_enumeration(hours: Sequence[int], k: int) -> list[list[float]]:
    """For somebody who came in each hour, how likely they come out in each: over every order within
    the hours and everything that chance may do in the mix."""
    many = sum(hours)
    begins = [sum(hours[:hour]) for hour in range(len(hours))]
    came = [hour for hour, count in enumerate(hours) for _ in range(count)]
    # Everybody in an hour is alike: the mean over its places is the mean over its orders.
    out = [[0.0] * (len(hours) + 1) for _ in hours]

    def go(who: int, box: tuple[int, ...], weight: float) -> None:
        if who == many:
            for one in box:
                out[came[one]][len(hours)] += weight
            return
        held = (*box, who)
        if len(held) < 2 * k:
            go(who + 1, held, weight)
            return
        stays = list(itertools.combinations(held, k))
        for stay in stays:
            for one in set(held) - set(stay):
                out[came[one]][came[who]] += weight / len(stays)
            go(who + 1, stay, weight / len(stays))

    go(0, (), 1.0)
    assert begins[-1] <= many
    return [
        [chance / max(1, count) for chance in row] for row, count in zip(out, hours, strict=True)
    ]


@pytest.mark.parametrize(
    ("hours", "k"),
    [((2, 0, 1, 3), 1), ((1, 1, 1, 1, 1), 1), ((3, 2, 4), 2), ((5, 0, 2, 1), 2), ((7,), 3)],
)
def test_the_posterior_is_that_of_every_case_counted_out(hours: tuple[int, ...], k: int) -> None:
    states, seen, _ = mixed(hours, k, None)
    way = guessed(states, seen, k)
    came_out: dict[bytes, int] = {}
    for place, state in enumerate(states):
        for key in state.answers[RESPONSES]:
            came_out.setdefault(key, place)
    exact = by_enumeration(hours, k)
    for who, when in seen.items():
        found = [0.0] * len(states)
        for key, chance in way.guesses["person", who].items():
            found[came_out[key]] += chance
        # Even within what came out at once.
        assert found == pytest.approx(exact[(when - NOON) // HOUR], abs=2e-3)


@pytest.mark.parametrize("k", [1, 2, 5])
def test_of_those_called_p_p_are_right(k: int) -> None:
    chance = random.Random(f"calibrated {k}")
    whole = measures.Tally()
    for _ in range(8):
        hours = [sum(chance.random() < 0.04 for _ in range(50)) for _ in range(150)]
        states, seen, owners = mixed(hours, k, chance)
        whole += tallied(guessed(states, seen, k), owners)
    assert whole.people > 2000
    assert measures.miscalled(whole) == []
    assert whole.highest <= 1 / k + 1e-9
    # And one who is too sure of it is found out.
    sure = Way("sure", RESPONSES, {("person", who): {key: 0.9} for key, who in owners.items()})
    wrong = {key: (who + 1) % 7 for key, who in owners.items()}
    assert measures.miscalled(tallied(sure, wrong))


def tallied(way: Way, owners: Mapping[bytes, int]) -> measures.Tally:
    people = {who.number: who for who in population(1, len(owners)).imagined().people}
    own = {key: people[who] for key, who in owners.items()}
    meant: dict[Who, Person] = {("person", number): who for number, who in people.items()}
    truth = population(1, 2).imagined()
    return measures.tallied(way, measures.Known(truth, {RESPONSES: own}, meant))


def test_a_mix_that_lags_is_understood() -> None:
    """One more came before it was emptied: 5 waited with k = 2, and 3 came out."""
    nobody = dict.fromkeys(("applications", "subscribers"), frozenset[bytes]())
    keys = [bytes([number]) * 16 for number in range(5)]
    states = [
        State(NOON + HOUR, frozenset(keys[:3]), answers([]), nobody),
        State(NOON + 2 * HOUR, frozenset(keys[3:]), answers(keys[:3]), nobody),
    ]
    seen = {who: NOON + (who >= 3) * HOUR for who in range(5)}
    way = guessed(states, seen, 2)
    for who in range(5):
        assert sum(way.guesses["person", who].values()) == pytest.approx(3 / 5)


def answers(keys: Iterable[bytes]) -> dict[str, frozenset[bytes]]:
    return {RESPONSES: frozenset(keys), OPEN_ANSWERS: frozenset()}


# The naive store


@pytest.fixture(scope="module")
def careless(tmp_path_factory: pytest.TempPathFactory) -> Naive:
    people = population(5, 120)
    return naive(tmp_path_factory.mktemp("naive"), people.imagined(), people.known)


def test_on_a_naive_store_the_attacks_find_people(careless: Naive) -> None:
    assert best(order.attack(careless.stolen("A")), careless) >= 0.30
    assert best(order.attack(careless.stolen("B")), careless) >= 0.60
    assert best(order.attack(careless.stolen("D")), careless) >= 0.95
    assert best(differencing.attack(careless.stolen("C")), careless) >= 0.35


def best(claims: Claims, store: Naive) -> float:
    """Hits of the best way, of all who sent."""
    known = measures.Known.of(store.truth, store.hourly[-1])
    sent = sum(who.sent is not None for who in store.truth.people)
    ways = [way for way in claims.ways if way.table == RESPONSES]
    return max(measures.tallied(way, known).hits for way in ways) / sent


def test_a_key_that_stands_in_the_settings_tells_who_took_part(careless: Naive) -> None:
    known = measures.Known.of(careless.truth, careless.hourly[-1])
    for model, advantage in (("A", 0.0), ("B", 1.0)):
        claims = markers.attack(careless.stolen(model), DECOYS)
        found = measures.membership(claims, known)
        assert found.advantage == advantage
        assert len(found.never) == len(careless.known) // 2  # no decoy took part


def test_drafts_in_clear_are_read(careless: Naive) -> None:
    claims = drafts.attack(careless.stolen("A"))
    assert measures.unpromised(claims, "A") > 0


def test_applications_in_clear_are_tied_to_their_cell_and_no_further(careless: Naive) -> None:
    known = measures.Known.of(careless.truth, careless.hourly[-1])
    [way] = joining.attack(careless.stolen("A")).ways
    tally = measures.tallied(way, known)
    assert tally.people > 20
    assert tally.mean == pytest.approx(sum(tally.chances) / tally.people)
    assert tally.hits <= tally.allowed()


# The real store


def lives(folder: Path, n: int, k: int, every: timedelta, seed: int = 3) -> Played:
    people = population(seed, n, k=k)
    with luck(seed):
        return asyncio.run(played(folder, people.imagined(), people.known, every=every))


@pytest.mark.parametrize("k", [1, 2])
def test_where_the_mix_protects_little_nobody_could_find_more(tmp_path: Path, k: int) -> None:
    life = lives(tmp_path, 60, k, timedelta(minutes=3))
    known = measures.Known.of(life.truth, life.copies[-1], life.keys)
    claims = differencing.attack(life.stolen("C"))
    tally = measures.tallied(next(way for way in claims.ways if way.table == RESPONSES), known)
    sent = sorted((who.sent, who.number) for who in life.truth.people if who.sent)
    came = [number for _, number in sent]
    ever_there = mean(measures.perfect(came, k).values())
    as_often = mean(measures.perfect(came, k, life.seen).values())
    expected = mean(tally.sharpness)  # what a calibrated attack gives the truth
    assert expected >= 0.9 * ever_there
    assert expected == pytest.approx(as_often, rel=0.01)
    assert tally.mean == pytest.approx(expected, rel=0.25)
    assert measures.miscalled(tally) == []
    assert tally.highest <= 1 / k + 1e-9


def mean(values: Iterable[float]) -> float:
    held = list(values)
    return sum(held) / len(held)


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Played:
    return lives(tmp_path_factory.mktemp("played"), 80, 10, HOUR)


def test_copies_of_the_mix_tell_no_more_than_k_allows(life: Played) -> None:
    known = measures.Known.of(life.truth, life.copies[-1], life.keys)
    for way in differencing.attack(life.stolen("C")).ways:
        tally = measures.tallied(way, known)
        assert tally.people > 10
        assert tally.highest <= 1 / 10 + 1e-9
        if way.table == RESPONSES:
            assert tally.mean <= 1 / 15


def test_nothing_in_the_files_has_the_order_of_arrival(life: Played) -> None:
    known = measures.Known.of(life.truth, life.copies[-1], life.keys)
    ways = order.attack(life.stolen("A", watched=True)).ways
    assert {way.name.split(".")[0] for way in ways} >= {"watched", "applications", "subscribers"}
    for way in ways:
        tally = measures.tallied(way, known)
        # Other tables' keys are drawn anew each time: beyond this once in a million runs.
        assert tally.hits <= tally.allowed(1000 * len(ways)), way.name
        if "cells of each page" in way.name:
            assert abs(tally.lean) < SIGMAS


def test_keys_that_grow_are_found(tmp_path: Path) -> None:
    """The cause put back: the mix hides who came with whom, the keys tell who came when."""
    grown = itertools.count()
    people = population(3, 80)
    with patch("storage.responses._key", lambda: next(grown).to_bytes(16, "big")):
        life = asyncio.run(played(tmp_path, people.imagined(), people.known))
    known = measures.Known.of(life.truth, life.copies[-1], life.keys)
    ways = order.attack(life.stolen("A", watched=True)).ways
    by_key = next(way for way in ways if way.name == "watched.hour as key as a key")
    tally = measures.tallied(by_key, known)
    assert tally.hits > tally.allowed(1000 * len(ways))
    assert tally.lean > SIGMAS


def test_random_keys_alone_leave_an_order_in_the_pages(tmp_path: Path) -> None:
    """The same rows, put in as they came, into a table without row numbers."""
    people = population(9, 300)
    truth = people.imagined()
    sent = sorted((who for who in truth.people if who.sent), key=lambda who: str(who.sent))
    chance = random.Random(9)
    with database(tmp_path / "data") as opened:
        opened.execute(
            "CREATE TABLE responses (survey TEXT, key BLOB, answers TEXT,"
            " PRIMARY KEY (survey, key)) WITHOUT ROWID"
        )
        for who in sent:
            row = ("equality", chance.randbytes(16), canonical(dict(who.closed)))
            opened.execute("INSERT INTO responses VALUES (?, ?, ?)", row)
            opened.commit()
        seen = {who.number: who.sent.replace(minute=0, second=0) for who in sent if who.sent}
        copy = Copy(NOON, tmp_path / "data")
        stolen = Stolen("A", (copy,), {}, "", None, people.known, seen, 10)
        known = measures.Known.of(truth, copy)
        leans = {way.name: measures.tallied(way, known).lean for way in order.attack(stolen).ways}
        assert leans["watched.hour in cells of each page"] > SIGMAS
        opened.execute("VACUUM")
        leans = {way.name: measures.tallied(way, known).lean for way in order.attack(stolen).ways}
        assert abs(leans["watched.hour in cells of each page"]) < SIGMAS


def test_who_took_part_is_told_by_the_keys_of_an_open_survey_alone(life: Played) -> None:
    known = measures.Known.of(life.truth, life.copies[-1], life.keys)
    for model, middle in (("A", False), ("A", True), ("B", False), ("B", True), ("K", False)):
        claims = markers.attack(life.stolen(model, middle=middle), DECOYS)
        assert measures.membership(claims, known).advantage == 0
    claims = markers.attack(life.stolen("K", middle=True), DECOYS)
    assert measures.membership(claims, known).advantage > 0.3


def test_drafts_and_boxes_are_read_with_the_keys_of_that_moment_alone(life: Played) -> None:
    for model, middle in (("A", False), ("A", True), ("B", True), ("C", False), ("K", False)):
        assert not drafts.attack(life.stolen(model, middle=middle)).read
    claims = drafts.attack(life.stolen("K", middle=True))
    assert claims.read
    assert measures.unpromised(claims, "K") == 0


def test_a_box_that_was_let_out_and_not_wiped_is_read(tmp_path: Path) -> None:
    """The cause put back: the log is not emptied, and no key dies."""

    async def done(_: Store) -> bool:
        return True

    with (
        patch.object(Store, "_emptied", done),
        patch.object(Store, "wipe", done),
        patch.object(Passing, "destroy_batch", lambda *_: None),
    ):
        life = lives(tmp_path, 60, 5, HOUR)
    claims = drafts.attack(life.stolen("K", middle=True))
    assert measures.unpromised(claims, "K") > 0


def test_an_application_that_is_opened_is_tied_to_its_cell_and_no_further(life: Played) -> None:
    assert not joining.attack(life.stolen("B")).ways
    known = measures.Known.of(life.truth, life.copies[-1], life.keys)
    [way] = joining.attack(life.stolen("K")).ways
    tally = measures.tallied(way, known)
    assert tally.people > 10
    assert tally.mean == pytest.approx(sum(tally.chances) / tally.people)


# Measures


def test_what_chance_allows_is_exact() -> None:
    # Of 300 guesses among 300: 1 is expected; more than 5 come 0.06 % of the time, more than 4
    # come 0.36 %.
    assert measures.most_by_chance([1 / 300] * 300, 0.001) == 5
    assert measures.most_by_chance([0.5, 0.5, 1.0], 0.3) == 2
    assert measures.most_by_chance([0.5, 0.5, 1.0], 0.2) == 3
    assert measures.most_by_chance([], 0.001) == 0
    assert measures.binomial_tail(10, 0.5, 8) == pytest.approx(56 / 1024)
    assert measures.binomial_tail(10, 0.5, 2) == pytest.approx(1013 / 1024)


def test_an_advantage_is_not_found_in_pure_chance() -> None:
    chance = random.Random(11)
    honest, eager = [], []
    for _ in range(200):
        came, never = ([chance.random() for _ in range(30)] for _ in range(2))
        honest.append(measures.Membership(came, never).advantage)
        marks = {*came, *never}
        eager.append(max(measures._advantage(came, never, mark) for mark in marks))
    assert abs(mean(honest)) < 0.03
    assert mean(eager) > 0.1
    told = measures.Membership([0.9] * 10, [0.1] * 10)
    assert told.advantage == 1


def test_the_perfect_observer_of_a_full_mix_is_a_third_of_one_in_k() -> None:
    for k in (1, 2, 10):
        many = measures.perfect(range(400 * k), k)
        middle = [many[who] for who in range(100 * k, 300 * k)]
        # The sum over releases of 2**-j to come out there, squared, shared by k.
        assert mean(middle) == pytest.approx(1 / (3 * k), rel=1e-3)
