"""Ten people answer, apply and ask to be told, through the real bot; others leave midway.

Then a thief takes the files and the logs, while the bot runs and after it has stopped. Of the
people there is nothing; of what they told the office without a name, every word once, and alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from bot import chats
from storage.tables import metadata
from tests.needles import found
from tests.reader import LANGUAGES, Reader, Tap, Write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.sandbox import Phone
    from tests.county import County

PEOPLE = 10
LEAVING = 4
OPEN_QUESTIONS = ("means", "what_happened", "change")


@dataclass(frozen=True, slots=True)
class Person:
    """Everything one of them is known by, and what they say: no two share a word of it."""

    number: int
    phone: Phone

    @property
    def code(self) -> str:
        return ("fi", "sv", "en")[self.number % 3]

    @property
    def full_name(self) -> str:
        return f"Väinämö Kalevanpoika-{self.number:03}"

    @property
    def contact(self) -> str:
        return f"vaino.{self.number:03}@kalevala.fi"

    @property
    def why(self) -> str:
        return f"Haen, koska hakemusteksti {self.number:03}."

    @property
    def told(self) -> tuple[str, ...]:
        """The open answers to the survey, in the order of its questions."""
        return tuple(f"Vesileima {self.number:03}-{place}." for place in OPEN_QUESTIONS)

    @property
    def secrets(self) -> tuple[str, ...]:
        person: dict[str, str] = self.phone.chat.person
        return (
            person["first_name"],
            person["username"],
            self.full_name,
            self.contact,
            self.why,
            self.unsent,
        )

    @property
    def unsent(self) -> str:
        return f"Jää lähettämättä {self.number:03}."

    @property
    def reader(self) -> Reader:
        return Reader(
            LANGUAGES[self.code],
            name=self.full_name,
            contact=self.contact,
            words=[*self.told, self.why],
            types=self.number % 4 == 0,
        )


def person(county: County, number: int) -> Person:
    language = ("fi", "sv-FI", "en-GB")[number % 3]
    phone = county.sandbox.phone(
        f"Lemminkäinen{number:03}", language, username=f"ahti_saarelainen_{number:03}"
    )
    return Person(number, phone)


async def does(county: County, someone: Person, reader: Reader) -> bool:
    """One thing, by the newest card; False when there is nothing more to do."""
    card = next(m for m in reversed(someone.phone.messages) if m.rows)
    deed = reader.next(card.text, [button.label for row in card.rows for button in row])
    match deed:
        case Tap(label):
            someone.phone.tap(label, message_id=card.id)
        case Write(text):
            someone.phone.type(text)
        case None:
            return False
    county.clock.passes(seconds=7)
    await county.settled()
    return True


async def answers_and_applies(county: County, someone: Person) -> None:
    """The survey, the application, and "tell me of the next"."""
    reader = someone.reader
    someone.phone.type("/start")
    await county.settled()
    while await does(county, someone, reader):
        pass
    assert reader.words == [], someone.phone.messages[-1].text
    someone.phone.type("/start")
    await county.settled()
    someone.phone.tap(reader.language.tell)
    await county.settled()


async def leaves_midway(county: County, someone: Person, words: int) -> None:
    """Goes after so many open answers: from the survey, or from the application."""
    reader = someone.reader
    reader.words = [someone.unsent] * 9
    someone.phone.type("/start")
    await county.settled()
    if words > len(OPEN_QUESTIONS):
        someone.phone.tap(reader.language.apply)
        await county.settled()
        someone.phone.tap(reader.language.begin_application)
        await county.settled()
        words = 1
    while len(reader.words) > 9 - words:
        await does(county, someone, reader)


def readable(folder: Path, people: list[Person]) -> set[str]:
    """What of the people can be read in the files of `folder`."""
    ids = [someone.phone.chat_id for someone in people]
    return found(folder, chats=ids, words=[word for who in people for word in who.secrets])


def written(log: pytest.LogCaptureFixture, folder: Path) -> Path:
    """A folder with everything that was logged: as written, and as it was handed to the log."""
    folder.mkdir()
    handed = [f"{record.__dict__!r}" for record in log.records]
    (folder / "log").write_text("\n".join([log.text, *handed]), encoding="utf-8")
    return folder


@contextlib.contextmanager
def database(county: County) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(county.folder / "data" / "raati.db")) as connection:
        yield connection


def everything(county: County) -> dict[str, list[Any]]:
    with database(county) as kept:
        return {name: list(kept.execute(f"SELECT * FROM {name}")) for name in metadata.tables}  # noqa: S608 - our own names


async def test_ten_people_leave_no_trace_but_their_words(
    county: County, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    data = county.folder / "data"
    await county.open("equality", "2027-02-08")
    await county.open("application", "2027-02-08")
    people = [person(county, number) for number in range(PEOPLE + LEAVING)]
    ten, leaving = people[:PEOPLE], people[PEOPLE:]
    await asyncio.gather(*(leaves_midway(county, w, n) for n, w in enumerate(leaving, 1)))
    for pair in range(0, PEOPLE, 2):  # two at a time, as people come
        await asyncio.gather(*(answers_and_applies(county, who) for who in ten[pair : pair + 2]))

    assert {survey.name: survey.received for survey in await county.listed()} == {
        "equality": PEOPLE,
        "application": PEOPLE,
    }
    rows = everything(county)
    assert len(rows["subscribers"]) == len(rows["applications"]) == len(rows["pool"]) == PEOPLE
    assert len(rows["drafts"]) == LEAVING
    lease = ".db-outbox"  # an empty file that is locked
    assert {file.suffix for file in data.iterdir()} == {".db", ".db-wal", ".db-shm", lease}
    assert readable(data, people) == set()
    said = {words for who in ten for words in who.told}
    assert found(data, words=said) == set(), "what waits in the mix is sealed"

    county.clock.becomes("2027-02-09 04:00")
    county.phone("Postman").type("/start")
    await county.settled()
    rows = everything(county)
    assert not any(rows[name] for name in ("drafts", "markers", "pool", "batches"))
    assert readable(data, people) == set()
    assert found(data, words=said) == said, "the search reads what may be read"

    await county.stop()
    assert [file.name for file in data.iterdir()] == ["raati.db"]
    assert readable(data, people) == set()
    whole = (data / "raati.db").read_bytes()
    assert {words: whole.count(words.encode()) for words in said} == dict.fromkeys(said, 1)

    assert caplog.records
    assert readable(written(caplog, tmp_path / "logs"), people) == set()
    assert found(tmp_path / "logs", words=said) == set()

    no_answer_leads_to_another(rows, ten)
    nothing_says_the_order(county, rows)


def no_answer_leads_to_another(rows: dict[str, list[Any]], ten: list[Person]) -> None:
    """Each open answer lies alone: its row holds its question, its words, and a key of its own."""
    texts = rows["open_answers"]
    expected = {
        (question, words)
        for who in ten
        for question, words in zip(OPEN_QUESTIONS, who.told, strict=True)
    }
    assert len(texts) == len(expected)
    assert {(question, words) for _, _, question, words in texts} == expected
    assert {survey for survey, *_ in texts} == {"equality"}

    # A value that stands in two rows would be a thread from one to the other.
    keys = [key for table in ("responses", "open_answers") for _, key, *_ in rows[table]]
    assert len(set(keys)) == len(keys) == PEOPLE + 3 * PEOPLE
    cells = [
        cell
        for table in metadata.tables
        for row in rows[table]
        for cell in row
        if isinstance(cell, bytes)
    ]
    assert len(set(cells)) == len(cells)
    for key in keys:
        assert sum(key in cell for cell in cells) == 1

    for _, _, answers in rows["responses"]:
        given = json.loads(answers)
        assert not set(given) & set(OPEN_QUESTIONS)
        assert "Vesileima" not in answers
        assert list(given) == sorted(given), "the order of answering is not kept"


def nothing_says_the_order(county: County, rows: dict[str, list[Any]]) -> None:
    """By construction: no row numbers, and no column besides what was answered and a random key.
    That the keys are random is shown over hundreds of responses in `test_needles`."""
    with database(county) as kept:
        columns = {
            name: [(column[1], column[2]) for column in kept.execute(f"PRAGMA table_info({name})")]
            for name in metadata.tables
        }
        for name in metadata.tables:
            with pytest.raises(sqlite3.OperationalError, match="no such column: rowid"):
                kept.execute(f"SELECT rowid FROM {name}")  # noqa: S608 - our own names
        others = {name for (name,) in kept.execute("SELECT name FROM sqlite_master")}
    assert columns["responses"] == [("survey", "VARCHAR(24)"), ("key", "BLOB"), ("answers", "JSON")]
    assert columns["open_answers"] == [
        ("survey", "VARCHAR(24)"),
        ("key", "BLOB"),
        ("question", "VARCHAR(24)"),
        ("text", "TEXT"),
    ]
    assert "sqlite_sequence" not in others
    assert {len(key) for _, key, _ in rows["responses"]} == {16}
    assert {len(key) for _, key, *_ in rows["open_answers"]} == {16}
    assert {survey for survey, *_ in rows["responses"]} == {"equality"}


async def test_no_failure_brings_a_person_or_their_words_into_the_log(
    county: County,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    caplog.set_level(logging.DEBUG)
    await county.open("equality", "2027-02-08")
    await county.open("application", "2027-02-08")
    unlucky = person(county, 0)
    phone, reader = unlucky.phone, unlucky.reader
    reader.words = [unlucky.unsent] * 9
    phone.type("/start")
    await county.settled()
    while len(reader.words) == 9:
        await does(county, unlucky, reader)
    open_question = next(m for m in reversed(phone.messages) if m.rows)

    def step(here: object, event: object) -> None:
        raise RuntimeError(f"{phone.chat_id} {unlucky.full_name} {event}")

    with monkeypatch.context() as broken:
        broken.setattr(chats.conversation, "step", step)
        phone.type(unlucky.why)
        await county.settled()
    assert "Meillä meni jotain vikaan" in phone.messages[-1].text

    with missing(county, "drafts"):
        phone.type(unlucky.why)
        await county.settled()
    assert "Meillä meni jotain vikaan" in phone.messages[-1].text

    county.sandbox.telegram.updates.put(
        "message", {"text": unlucky.why, "chat": {"id": phone.chat_id}, "from": unlucky.full_name}
    )
    phone.type(unlucky.why)
    phone.block()
    await county.settled()
    phone.unblock()
    phone.tap(open_question.rows[-1][0].label, message_id=open_question.id)
    await county.settled()

    await answers_and_applies(county, ten := person(county, 3))
    with missing(county, "applications"), missing(county, "subscribers"):
        ten.phone.type("/start")
        await county.settled()
    assert "Meillä meni jotain vikaan" in ten.phone.messages[-1].text

    for kind in ("RuntimeError", "OperationalError", "ValidationError", "blocked the bot"):
        assert kind in caplog.text
    assert readable(written(caplog, tmp_path / "logs"), [unlucky, ten]) == set()
    assert found(tmp_path / "logs", words=["Vesileima"]) == set()


@contextlib.contextmanager
def missing(county: County, table: str) -> Iterator[None]:
    """The table is gone for a while: what asks for it meets a real error of the database's."""
    with database(county) as kept:
        kept.execute(f"ALTER TABLE {table} RENAME TO elsewhere_{table}")
        yield
        kept.execute(f"ALTER TABLE elsewhere_{table} RENAME TO {table}")
