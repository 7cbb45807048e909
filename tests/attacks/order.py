"""Order: whatever in the files has an order or a time, against whatever leads to people.

A row of answers has places: its number, its key, its page and cell, each column that is a number, a
day or a time, also inside JSON, and the time bits of a UUID. So has each row that leads to a person
(an application, a subscription, a marker), and each line of a log that names one. And somebody may
have watched in which hour each person answered. Any two of these are laid beside each other:
**equality** (the same number or word stands in both), **neighbourhood** (they are near in time) and
**rank** (the same place in both orders, forwards or backwards). In a page, cells are added from its
end towards its beginning, so that there the order of some rows is kept though the keys are random.

What a hit means: the person's own row of answers was the attacker's first guess. A row that nobody
at hand can open is a person too: whoever opens it later learns what it was tied to.
"""

from __future__ import annotations

import json
import math
import re
import uuid
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from tests.attacks.claims import ANSWERS, Claims, Way, balanced, key_of
from tests.attacks.markers import Known
from tests.attacks.pages import newest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tests.attacks.claims import Who
    from tests.attacks.pages import Database, Row, Value
    from tests.attacks.truth import Stolen

PLACE: Final = "page and cell"
CANDIDATES: Final = 12
"""Of the rows nearest in time, so many are thought of."""
TELLING: Final = 0.5
"""A column tells rows apart if so many of its values, of all, are different."""
TRUST: Final = {" = ": 1.0, " near ": 0.9, "cells of": 0.02, " as ": 0.1, " against ": 0.05}
"""By the sign in a way's name, how far its guesses are to be trusted."""
LAID: Final = 0.3
"""How likely a row lies where its page had room, and not in any order."""
POINTING: Final = 0.9
"""Of the values of the shorter side, so many stand on the other where rows point to each other."""
_IDENTIFIED: Final = ("applications", "subscribers")
_STAMP: Final = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,6})?(?:[+-]\d\d:?\d\d|Z)?"
)
_SCHEMA: Final = re.compile(r"^(sqlite_|alembic)")


@dataclass(frozen=True, slots=True)
class Placed:
    """A row of answers, or one that leads to a person: where it stands, by each axis. `times` are
    seconds, `orders` anything that grows, `words` values that may stand elsewhere too."""

    who: Who
    times: Mapping[str, float]
    orders: Mapping[str, float]
    words: Mapping[str, Value]


def attack(stolen: Stolen) -> Claims:
    """Every two axes, each a way of its own."""
    database = newest(stolen.copies[-1].folder)
    people = {name: placed for name, placed in _people(stolen, database) if placed}
    ways: list[Way] = []
    for table in ANSWERS:
        rows = database.rows(table)
        answers = [_placed(row, ("answer", key_of(row))) for row in rows]
        if len(answers) < 2:
            continue
        for name, placed in people.items():
            ways += _equal(name, table, placed, answers)
            ways += _near(name, table, placed, answers)
            ways += _ranked(name, table, placed, answers)
        if "watched" in people:
            ways += _in_pages(table, people["watched"], rows)
    ways = [way for way in ways if way.guesses]
    return Claims([*ways, *_together(ways)])


def _together(ways: Sequence[Way]) -> Iterator[Way]:
    """For each person the one guess that is to be trusted most."""
    for table in ANSWERS:
        best: dict[Who, tuple[float, Mapping[bytes, float]]] = {}
        for way in ways:
            trust = next(trust for sign, trust in TRUST.items() if sign in way.name)
            for who, over in way.guesses.items() if way.table == table else ():
                sure = trust * max(over.values())
                if sure > best.get(who, (0.0, over))[0]:
                    best[who] = (sure, over)
        if best:
            yield Way("all together", table, {who: over for who, (_, over) in best.items()})


# Who


def _people(stolen: Stolen, database: Database) -> Iterator[tuple[str, list[Placed]]]:
    known = Known.of(stolen)
    for table in database.tables:
        if table in ANSWERS or _SCHEMA.match(table):
            continue
        placed = []
        for row in database.rows(table):
            chat = known.chat(row)
            if chat is not None:
                placed.append(_placed(row, ("chat", chat)))
            elif table in _IDENTIFIED:
                placed.append(_placed(row, (table, key_of(row))))
        yield table, placed
    yield "the log", list(_logged(stolen, known))
    yield (
        "watched",
        [
            Placed(
                ("person", number),
                {"hour": hour.timestamp() + 1800},
                {"hour": hour.timestamp()},
                {},
            )
            for number, hour in stolen.seen.items()
        ],
    )


def _logged(stolen: Stolen, known: Known) -> Iterator[Placed]:
    """A line of the log that names somebody, or the next one after it that has a time."""
    for number, line in enumerate(stolen.log.splitlines()):
        chats = known.said(line)
        stamp = _STAMP.search(line) if chats else None
        times = {"stamp": moment} if stamp and (moment := _time(stamp[0])) else {}
        for chat in chats:
            yield Placed(("chat", chat), times, {"line": float(number)}, {})


# Axes


def _placed(row: Row, who: Who) -> Placed:
    times: dict[str, float] = {}
    orders: dict[str, float] = {PLACE: row.page * 65536.0 + row.offset}
    words: dict[str, Value] = {}
    if row.rowid is not None:
        orders["rowid"] = float(row.rowid)
        words["rowid"] = row.rowid
    for column, value in _inside(row.values):
        raw = _key(value)
        if isinstance(value, str) and (moment := _time(value)) is not None:
            times[column] = moment
        elif raw is not None:
            orders[f"{column} as a key"] = int.from_bytes(raw, "big")  # whole: a float is not
            words[column] = value
            if (moment := _uuid_time(raw)) is not None:
                times[f"{column} as a UUID"] = moment
        elif isinstance(value, int | float) and not isinstance(value, bool):
            orders[column] = float(value)
            words[column] = value
            for unit in (1.0, 1e3, 1e6):
                if 9e8 < value / unit < 4e9:
                    times[column] = value / unit
        elif isinstance(value, str):
            words[column] = value
        if isinstance(value, str | bytes):
            orders[f"length of {column}"] = float(len(value))
    orders |= times
    return Placed(who, times, orders, words)


def _inside(values: Mapping[str, Value]) -> Iterator[tuple[str, Any]]:
    """Columns and what lies in those that are JSON."""
    for column, value in values.items():
        yield column, value
        if isinstance(value, str) and value[:1] == "{":
            try:
                held = json.loads(value)
            except ValueError:
                continue
            for name, inner in held.items():
                yield f"{column}.{name}", inner


def _key(value: Any) -> bytes | None:
    """Bytes that may be a key or a UUID, also written as one."""
    if isinstance(value, bytes):
        return value if len(value) == 16 else None
    if isinstance(value, str) and len(value) in (32, 36):
        try:
            return uuid.UUID(value).bytes
        except ValueError:
            return None
    return None


def _uuid_time(raw: bytes) -> float | None:
    """Seconds that a UUID of version 1 or 7 was made at, if they are of this century."""
    one = uuid.UUID(bytes=raw)
    if one.version == 1:
        seconds = (one.time - 0x01B21DD213814000) / 1e7
    elif raw[6] >> 4 == 7:
        seconds = int.from_bytes(raw[:6], "big") / 1e3
    else:
        return None
    return seconds if 9e8 < seconds < 4e9 else None


def _time(text: str) -> float | None:
    """Seconds; a day alone counts as its middle."""
    if not 10 <= len(text) <= 40 or not text[:4].isdecimal():
        return None
    try:
        moment = datetime.fromisoformat(text.replace(",", "."))
    except ValueError:
        return None
    if len(text) == 10:
        moment += timedelta(hours=12)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


# Ties


def _equal(
    name: str, table: str, people: Sequence[Placed], answers: Sequence[Placed]
) -> Iterator[Way]:
    """The same value stands in a column of both, as where one row points to the other: nearly all
    that the one side holds is found on the other. A number that only counts the answers points to
    nothing; its order is looked at instead."""
    counted = {answer.who: answer.words.get("rowid") for answer in answers}
    for theirs in _columns(answers, "words"):
        by_value: dict[Value, list[bytes]] = defaultdict(list)
        for answer in answers:
            if theirs in answer.words:
                by_value[answer.words[theirs]].append(_of(answer))
        if len(by_value) < TELLING * len(answers):
            continue
        if all(answer.words.get(theirs) == counted[answer.who] for answer in answers):
            continue
        for column in _columns(people, "words"):
            values = {person.words[column] for person in people if column in person.words}
            shared = len(values & by_value.keys())
            if shared < POINTING * min(len(values), len(by_value)):
                continue
            guesses = {}
            for person in people:
                same = by_value.get(person.words.get(column), [])
                if same:
                    guesses[person.who] = dict.fromkeys(same, 1 / len(same))
            yield Way(f"{name}.{column} = {theirs}", table, guesses)


def _near(
    name: str, table: str, people: Sequence[Placed], answers: Sequence[Placed]
) -> Iterator[Way]:
    """Near in time, each answer to one person."""
    for theirs in _columns(answers, "times"):
        line = sorted(
            (answer.times[theirs], _of(answer)) for answer in answers if theirs in answer.times
        )
        moments = [moment for moment, _ in line]
        for column in _columns(people, "times"):
            nearest: dict[Who, dict[bytes, float]] = defaultdict(dict)
            for person in people:
                if column not in person.times:
                    continue
                at = person.times[column]
                middle = bisect_left(moments, at)
                for moment, key in line[max(0, middle - CANDIDATES) : middle + CANDIDATES]:
                    before = nearest[person.who].get(key, math.inf)
                    nearest[person.who][key] = min(before, abs(moment - at))
            yield Way(f"{name}.{column} near {theirs}", table, _weighed(nearest))


def _weighed(distances: Mapping[Who, Mapping[bytes, float]]) -> Mapping[Who, Mapping[bytes, float]]:
    """Probabilities that fall with the distance, on the scale of what is nearest."""
    least = [min(row.values()) for row in distances.values() if row]
    scale = max(1e-3, median(least)) if least else 1.0
    weights = {
        who: {key: 1 / (1 + (distance / scale) ** 2) for key, distance in row.items()}
        for who, row in distances.items()
    }
    ones = dict.fromkeys((key for row in weights.values() for key in row), 1.0)
    return balanced(weights, dict.fromkeys(weights, 1.0), ones, rounds=30)


def _ranked(
    name: str, table: str, people: Sequence[Placed], answers: Sequence[Placed]
) -> Iterator[Way]:
    """The same place in both orders."""
    lines = _orders(answers, least=TELLING)
    for column, groups in _orders(people, least=0.0 if name == "watched" else TELLING).items():
        for theirs, line in lines.items():
            guesses = _by_rank(groups, line)
            yield Way(f"{name}.{column} as {theirs}", table, guesses)
            yield Way(f"{name}.{column} against {theirs}", table, _by_rank(groups, line[::-1]))


def _orders(placed: Sequence[Placed], *, least: float) -> dict[str, list[list[Who]]]:
    """The orders that tell at least that part of them apart, each under one axis that gives it."""
    found: dict[str, list[list[Who]]] = {}
    for axis in _columns(placed, "orders"):
        groups = _in_order(placed, axis)
        enough = len(groups) > max(1, least * len({one.who for one in placed}))
        if enough and groups not in found.values():
            found[axis] = groups
    return found


def _in_order(placed: Sequence[Placed], axis: str) -> list[list[Who]]:
    """Those who stand at one place together, in the order of the places. Of a person with several
    rows, the last counts."""
    last = {one.who: one.orders[axis] for one in placed if axis in one.orders}
    groups: dict[float, list[Who]] = defaultdict(list)
    for who, place in last.items():
        groups[place].append(who)
    return [groups[place] for place in sorted(groups)]


def _by_rank(
    people: Sequence[Sequence[Who]], answers: Sequence[Sequence[Who]]
) -> dict[Who, dict[bytes, float]]:
    """Each group of people has the part of the answers that its part of the people is."""
    keys = [who[1] for group in answers for who in group]
    many = sum(len(group) for group in people)
    guesses: dict[Who, dict[bytes, float]] = {}
    begins = 0
    for group in people:
        first = begins * len(keys) // many
        begins += len(group)
        part = keys[first : max(first + 1, -(-begins * len(keys) // many))]
        over = {key: 1 / len(part) for key in part if isinstance(key, bytes)}
        guesses |= dict.fromkeys(group, over)
    return guesses


def _in_pages(table: str, people: Sequence[Placed], rows: Sequence[Row]) -> Iterator[Way]:
    """In each page for itself, a row that was added lies before those that were there. When a page
    was made anew, its cells were laid down by their keys: those came first, in no order that can be
    told. What follows the longest run of growing keys came after. So a place among m rows is known,
    or a range of places; the j-th of m stands where the j-th of m people drawn by chance would."""
    pages: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        pages[row.page].append(row)
    spots: list[tuple[bytes, range, int]] = []
    for page in pages.values():
        lying = [key_of(row) for row in sorted(page, key=lambda row: -row.offset)]
        laid = _laid(lying)
        for place, key in enumerate(lying):
            places = range(laid) if place < laid else range(place, place + 1)
            spots.append((key, places, len(lying)))
    groups = _in_order(people, "hour")
    many = sum(len(group) for group in groups)
    guesses: dict[Who, dict[bytes, float]] = {}
    before = 0
    for group in groups:
        at = (before + len(group) / 2) / many
        before += len(group)
        density: dict[tuple[range, int], float] = {}
        for _, places, size in spots:
            if (places, size) not in density:
                heights = [_beta(at, place + 1, size - place) for place in places]
                density[places, size] = LAID + (1 - LAID) * sum(heights) / len(heights)
        whole = sum(density[places, size] for _, places, size in spots)
        over = {key: density[places, size] / whole for key, places, size in spots}
        guesses |= dict.fromkeys(group, over)
    yield Way("watched.hour in cells of each page", table, guesses)


def _laid(keys: Sequence[bytes]) -> int:
    """How many, up to the end of the longest run of growing keys."""
    end = longest = length = 1
    for place in range(1, len(keys)):
        length = length + 1 if keys[place - 1] < keys[place] else 1
        if length >= longest:
            longest, end = length, place + 1
    return end


def _beta(at: float, a: int, b: int) -> float:
    """The density of the beta distribution."""
    scale = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return math.exp(scale + (a - 1) * math.log(at) + (b - 1) * math.log(1 - at))


def _columns(placed: Iterable[Placed], of: str) -> list[str]:
    found: dict[str, None] = {}
    for one in placed:
        found |= dict.fromkeys(getattr(one, of))
    return list(found)


def _of(answer: Placed) -> bytes:
    key = answer.who[1]
    assert isinstance(key, bytes)
    return key
