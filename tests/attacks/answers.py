"""Answers out are answers in: what can be read at the end is what was sent, each once, whole."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from storage.database import canonical

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.attacks.truth import Copy, Person, Truth

DATABASE: Final = "raati.db"


def told_apart(truth: Truth, copy: Copy) -> tuple[str, ...]:
    """What of the answers is missing or too much in the copy that was taken last, a line each."""
    sent = [who for who in truth.people if who.sent is not None]
    with opened(copy) as kept:
        closed = [answers for (answers,) in kept.execute("SELECT answers FROM responses")]
        loose = list(kept.execute("SELECT question, text FROM open_answers"))
        counts = {
            (question, answer): many
            for question, answer, many in kept.execute(
                "SELECT question, answer, count FROM tallies"
            )
        }
        [(whole,)] = kept.execute("PRAGMA integrity_check")
    found = [] if whole == "ok" else [f"the file: {whole}"]
    if len(sent) >= truth.k:
        found += _other("response", Counter(map(_text, closed)), Counter(map(_answered, sent)))
        found += _other("count", Counter(counts), Counter())
    else:
        found += _other("response", Counter(closed), Counter())
        found += _other("count", Counter(counts), _counted(sent))
    given = Counter(pair for who in sent for pair in who.opened.items())
    return (*found, *_other("open answer", Counter(loose), given))


@contextlib.contextmanager
def opened(copy: Copy) -> Iterator[sqlite3.Connection]:
    """The copy's database, to be asked. SQLite changes what it opens: it gets a copy of its own."""
    with tempfile.TemporaryDirectory(prefix="raati-attack-") as folder:
        for file in copy.folder.iterdir():
            (Path(folder) / file.name).write_bytes(file.read_bytes())
        with contextlib.closing(sqlite3.connect(Path(folder) / DATABASE)) as kept:
            yield kept


def _text(answers: str) -> str:
    return canonical(json.loads(answers))


def _answered(who: Person) -> str:
    return canonical(dict(who.closed))


def _counted(sent: list[Person]) -> Counter[tuple[str, str]]:
    """The tallies that there should be; the one without question and answer counts responses."""
    counts: Counter[tuple[str, str]] = Counter({("", ""): len(sent)} if sent else {})
    for who in sent:
        for question, answer in who.closed.items():
            several = answer if isinstance(answer, list) else [answer]
            counts.update(
                (question, one if isinstance(one, str) else canonical(one)) for one in several
            )
    return counts


def _other(what: str, there: Counter[Any], expected: Counter[Any]) -> list[str]:
    missing, surplus = expected - there, there - expected
    lines = [f"{what} missing: {one}" for one in missing.elements()]
    return lines + [f"{what} too much: {one}" for one in surplus.elements()]
