"""The drill: a county goes on after its data is lost, on the same machine and on a new one.

Each time a bot at work, people at every stage, `raati backup` beside it, everything gone, `raati
restore`, and the same people again.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from alembic import command
from sqlalchemy import create_engine, event
from sqlalchemy.exc import OperationalError

from bot import app
from bot.kept import kept
from dialogs.announcement import Audience, Circle, Priority
from dialogs.broadcasts.records import Broadcast, Pointer, Target
from storage import applications, records, subscribers
from storage.announcements import Planned
from storage.backup import _engine
from storage.database import migrations
from storage.keys import Keys
from tests.errands import Errands
from tests.midway import card, said
from tests.needles import base64s, found

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from bot.sandbox import Phone
    from tests.county import County


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A form here may mix three, so that few people are enough."""
    monkeypatch.setattr("dialogs.forms.loader.K", 3)


WEATHER = """\
settings:
  name: weather
  version: "1"
  kind: survey
  title: {fi: Sää, sv: Vädret, en: The weather}
  intro: {fi: Millainen sää on, sv: Hur är vädret, en: How is the weather}
  languages: [fi, sv, en]
  responses_per_chat: 1
  k: 3
survey:
  - type: text
    name: sky
    label: {fi: "Millainen taivas on?", sv: "Hur är himlen?", en: "How is the sky?"}
  - type: select_one yes_no
    name: rain
    label: {fi: "Sataako?", sv: "Regnar det?", en: "Does it rain?"}
choices:
  yes_no:
    - {name: "yes", label: {fi: Kyllä, sv: Ja, en: "Yes"}}
    - {name: "no", label: {fi: Ei, sv: Nej, en: "No"}}
"""
SENT = 8
"""With k = 3: of six, three come out; three stay, and two more come."""
PASSPHRASE = "neljä sanaa joita kukaan ei arvaa"
BACKUP = "raati.backup"
MONDAY = date(2027, 1, 25)


@pytest.fixture
def raati(
    county: County,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Errands:
    return Errands(tmp_path, county.clock, monkeypatch, capsys)


@pytest.fixture
async def people(county: County, tmp_path: Path) -> dict[str, Phone]:
    """Who lives in the county, by what they did: eight have sent, one is midway, one has applied
    and asked to be told."""
    forms = tmp_path / "forms"
    forms.mkdir()
    (forms / "weather.yaml").write_text(WEATHER, encoding="utf-8")
    county.settings = county.settings.model_copy(update={"forms_dir": forms})
    await county.open("weather", "2027-02-08")
    await county.open("application", "2027-02-08")
    here = {f"sent {number}": county.phone(f"Sender{number}") for number in range(SENT)}
    for number, phone in enumerate(here.values()):
        await begins(county, phone)
        await does(county, phone, f"Taivas {number} on sininen.", "1. Kyllä", "Lähetä")
        assert said(phone, "Kiitos") == 1
    here["midway"] = county.phone("Midway")
    await begins(county, here["midway"])
    await does(county, here["midway"], "Tämä jäi kesken.")
    here["applied"] = county.phone("Applied")
    await does(county, here["applied"], "/start", "Kerro uusista")
    async with app.kept(county.settings) as kept:
        await applications.keep(
            kept.store, here["applied"].chat_id, "application", b"Haen.", week=MONDAY
        )
    return here


async def begins(county: County, phone: Phone) -> None:
    await does(county, phone, "/start", "Vastaa", "Aloita vastaaminen")


def labels(phone: Phone) -> list[str]:
    newest = next((m for m in reversed(phone.messages) if m.rows), None)
    return [button.label for row in newest.rows for button in row] if newest else []


async def does(county: County, phone: Phone, *deeds: str) -> None:
    """Taps what is a button, and types the rest."""
    for deed in deeds:
        label = next((label for label in labels(phone) if label.startswith(deed)), None)
        if label is None:
            phone.type(deed)
        else:
            phone.tap(label, message_id=card(phone).id)
        await county.settled()


async def counts(county: County) -> dict[str, tuple[int, int]]:
    """Received and mixing, by survey."""
    return {one.name: (one.received, one.mixing) for one in await county.listed()}


def asked(file: Path, question: str) -> list[Any]:
    with closing(sqlite3.connect(file)) as database:
        return database.execute(question).fetchall()


def held(file: Path, needles: Iterable[bytes]) -> list[bytes]:
    whole = file.read_bytes()
    return [needle for needle in needles if needle in whole]


def everything(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def keys_of(folder: Path) -> list[bytes]:
    """Every key, in the ways a file may hold it."""
    found = [path.read_bytes() for path in (folder / "keys").rglob("*.key")]
    assert found
    return [way for key in found for way in (key, key.hex().encode(), *base64s(key))]


# The drill


async def test_on_the_same_machine_everything_goes_on_after_the_data_is_lost(
    county: County, people: dict[str, Phone], raati: Errands, tmp_path: Path
) -> None:
    before = await counts(county)
    assert before == {"application": (1, 0), "weather": (SENT, SENT - 3)}
    assert await raati.types("backup", BACKUP) == (
        0,
        "raati.backup holds 2 surveys and calls, 8 responses (5 of them sealed in the mix), 3 open "
        "answers, 1 application, 1 subscriber, 0 panel members, 0 meetings, "
        "0 broadcasts and 0 links of its own; "
        "no keys and no drafts.\n"
        "It holds answers as people wrote them: keep it as carefully as the data.\n",
    )
    shutil.rmtree(tmp_path / "data")
    code, complaint = await raati.types("restore", BACKUP)
    assert code == 1
    assert complaint.endswith("stop it first, or wait until it is done.\n")
    assert not (tmp_path / "data").exists(), "a bot still works on what was deleted"
    await county.stop()
    assert await raati.types("restore", BACKUP) == (
        0,
        "raati.backup has brought 2 surveys and calls, 8 responses (5 of them sealed in the mix), "
        "3 open answers, 1 application, 1 subscriber, 0 panel members, 0 meetings, "
        "0 broadcasts and 0 links of its own.\n"
        "application: open, from 2027-01-27 to 2027-02-08, 1 received, 0 mixing\n"
        "weather: open, from 2027-01-27 to 2027-02-08, 8 received, 5 mixing\n"
        "Unfinished answers were not in the backup: who was answering begins anew.\n",
    )
    await county.start()
    assert await counts(county) == before
    async with app.kept(county.settings) as kept:
        applied = people["applied"].chat_id
        assert await applications.load(kept.store, applied, "application") == b"Haen."
        assert await subscribers.find(kept.store, applied) == "fi"

    await does(county, people["sent 0"], "/start")
    assert not any("Sää" in label for label in labels(people["sent 0"])), "one each, as before"
    midway = people["midway"]
    await begins(county, midway)
    assert "Tämä jäi kesken." not in card(midway).text
    await does(county, midway, "Pilvessä.", "1. Kyllä", "Lähetä")
    assert said(midway, "Kiitos") == 1
    assert await counts(county) == {"application": (1, 0), "weather": (SENT + 1, 3)}
    kept_now = asked(tmp_path / "data" / "raati.db", "SELECT text FROM open_answers")
    assert len({text for (text,) in kept_now}) == len(kept_now) == SENT + 1 - 3


async def test_on_a_new_machine_what_hung_on_passing_keys_is_lost_and_the_rest_goes_on(
    county: County, people: dict[str, Phone], raati: Errands, tmp_path: Path
) -> None:
    keys = tmp_path / "lasting.keys"
    file = tmp_path / BACKUP
    raati.answers(PASSPHRASE)
    assert (await raati.types("keys", "export", str(keys)))[0] == 0
    assert (await raati.types("backup", str(file)))[0] == 0
    await county.stop()

    new = tmp_path / "new machine"
    raati.on(new)
    assert await raati.types("restore", str(file)) == (
        0,
        f"{file} has brought 2 surveys and calls, 3 responses (0 of them sealed in the mix), "
        "3 open answers, 1 application, 1 subscriber, 0 panel members, 0 meetings, "
        "0 broadcasts and 0 links of its own.\n"
        "application: open, from 2027-01-27 to 2027-02-08, 1 received, 0 mixing\n"
        "weather: open, from 2027-01-27 to 2027-02-08, 3 received, 0 mixing\n"
        "weather: 5 answers that waited in the mix are lost, because the key they were sealed with "
        "is gone.\n"
        "weather: who has answered is not known any more, because its secret is gone: people could "
        "answer again.\n"
        "2 applications, subscriptions and records of the panel do not open with the "
        "lasting key here: bring theirs with "
        "`raati keys import` before the first start.\n"
        "Unfinished answers were not in the backup: who was answering begins anew.\n",
    )
    for table in ("markers", "pool", "batches"):
        assert asked(new / "data" / "raati.db", f"SELECT * FROM {table}") == []  # noqa: S608 - ours
    raati.answers(PASSPHRASE)
    assert await raati.types("keys", "import", str(keys)) == (
        0,
        f"The lasting keys are in {new / 'keys' / 'lasting'}.\n"
        "The ones that were there opened nothing here: they are set aside as identity.key.aside. "
        "Keep them apart if a backup needs them, else delete them.\n",
    )

    county.settings = county.settings.model_copy(
        update={"data_dir": new / "data", "key_dir": new / "keys"}
    )
    county.folder = new
    await county.start()
    async with app.kept(county.settings) as kept:
        applied = people["applied"].chat_id
        assert await applications.load(kept.store, applied, "application") == b"Haen."
        assert await subscribers.find(kept.store, applied) == "fi"
    for who in ("sent 0", "midway"):
        await begins(county, people[who])
        await does(county, people[who], "Selkeää.", "1. Kyllä", "Lähetä")
    assert await counts(county) == {"application": (1, 0), "weather": (5, 2)}


async def test_after_the_next_mix_what_waited_in_the_backup_opens_no_more(
    county: County, people: dict[str, Phone], raati: Errands
) -> None:
    await raati.types("backup", BACKUP)
    await does(county, people["midway"], "1. Kyllä", "Lähetä")
    assert (await counts(county))["weather"] == (SENT + 1, 3)
    await county.stop()
    code, told = await raati.types("restore", BACKUP, "--replace", "--lose-waiting")
    assert code == 0
    assert "weather: open, from 2027-01-27 to 2027-02-08, 3 received, 0 mixing\n" in told
    assert "weather: 5 answers that waited in the mix are lost" in told


async def test_whose_answers_may_be_lost_can_answer_again(
    county: County, people: dict[str, Phone], raati: Errands, tmp_path: Path
) -> None:
    await raati.types("backup", BACKUP)
    await does(county, people["midway"], "1. Kyllä", "Lähetä")
    await county.stop()
    _, told = await raati.types("restore", BACKUP, "--replace", "--lose-waiting")
    assert (
        "weather: who has answered is forgotten, so that nobody is shut out whose answers are "
        "lost: people could answer again.\n"
    ) in told
    assert "its secret is gone" not in told
    assert asked(tmp_path / "data" / "raati.db", "SELECT * FROM markers") == []
    await county.start()
    await begins(county, people["sent 7"])
    await does(county, people["sent 7"], "Selkeää.", "1. Kyllä", "Lähetä")
    assert (await counts(county))["weather"] == (4, 1)


async def test_answers_that_wait_here_are_lost_to_a_restore_only_if_told(
    county: County, people: dict[str, Phone], raati: Errands, tmp_path: Path
) -> None:
    place = tmp_path / "data" / "raati.db"
    await raati.types("backup", BACKUP)
    await county.stop()
    before = everything(tmp_path)
    assert await raati.types("restore", BACKUP, "--replace") == (
        1,
        f"5 answers wait in the mix of {place} and would be lost: let the bot run until their "
        "surveys have closed, or give --lose-waiting as well.\n",
    )
    assert everything(tmp_path) == before
    assert (await raati.types("restore", BACKUP, "--replace", "--lose-waiting"))[0] == 0
    kept = place.parent / "replaced" / "raati.db"
    assert asked(kept, "SELECT count(*) FROM responses") == [(3,)]


async def test_answers_here_that_open_no_more_are_not_waited_for(
    county: County, people: dict[str, Phone], raati: Errands, tmp_path: Path
) -> None:
    await raati.types("backup", BACKUP)
    await county.stop()
    shutil.rmtree(tmp_path / "keys" / "passing" / "weather")
    assert (await raati.types("restore", BACKUP, "--replace"))[0] == 0


async def test_a_damaged_database_does_not_stand_in_the_way(
    county: County, people: dict[str, Phone], raati: Errands, tmp_path: Path
) -> None:
    await raati.types("backup", BACKUP)
    await county.stop()
    place = tmp_path / "data" / "raati.db"
    place.write_bytes(b"Something else." * 1000)
    there = place.read_bytes()
    assert (await raati.types("restore", BACKUP, "--replace"))[0] == 0
    assert (place.parent / "replaced" / "raati.db").read_bytes() == there


async def test_a_survey_that_is_closed_has_no_passing_keys_after_a_restore(
    county: County, people: dict[str, Phone], raati: Errands, tmp_path: Path
) -> None:
    passing = tmp_path / "keys" / "passing"
    county.clock.becomes("2027-02-09 04:00")
    await does(county, people["sent 0"], "/start")
    assert not (passing / "weather").exists()
    await raati.types("backup", BACKUP)
    await county.stop()
    Keys.load(tmp_path / "keys").passing("weather").new_batch()
    Keys.load(tmp_path / "keys").passing("unheard_of").new_batch()
    assert (await raati.types("restore", BACKUP, "--replace"))[0] == 0
    assert list(passing.iterdir()) == []
    await county.start()
    assert (await counts(county))["weather"] == (SENT, 0)


async def test_a_survey_that_was_open_in_the_backup_closes_when_its_day_has_passed(
    county: County, people: dict[str, Phone], raati: Errands, tmp_path: Path
) -> None:
    await raati.types("backup", BACKUP)
    county.clock.becomes("2027-02-09 04:00")
    await does(county, people["sent 0"], "/start")
    await county.stop()
    assert (await raati.types("restore", BACKUP, "--replace"))[0] == 0
    await county.start()
    await county.settled()
    assert {one.state for one in await county.listed()} == {"closed"}
    assert (await counts(county))["weather"] == (3, 0), "five were sealed with a key that died"
    assert not (tmp_path / "keys" / "passing" / "weather").exists()


# What a backup holds


async def test_no_chat_no_draft_and_no_key_is_in_a_backup(
    county: County, people: dict[str, Phone], raati: Errands, tmp_path: Path
) -> None:
    stopped = county.phone("Stopped")
    await begins(county, stopped)
    await does(county, stopped, "Tämän poistin.", "Lopeta", "Lopeta ja poista")
    (folder := tmp_path / "backups").mkdir()
    file = folder / BACKUP
    assert (await raati.types("backup", str(file)))[0] == 0
    chats = [phone.chat_id for phone in (*people.values(), stopped)]
    unsent = ("Tämä jäi kesken.", "Tämän poistin.")
    waits = [f"Taivas {number} on sininen." for number in (6, 7)]
    out = {text for (text,) in asked(file, "SELECT text FROM open_answers")}
    assert found(folder, chats=chats, words=[*unsent, *waits, *out]) == out
    assert held(file, keys_of(tmp_path)) == []
    living = tmp_path / "data" / "raati.db"
    [(draft,)] = asked(living, "SELECT body FROM drafts")
    assert held(file, [draft]) == []
    assert asked(file, "SELECT count(*) FROM drafts") == [(0,)]
    assert asked(file, "PRAGMA freelist_count") == [(0,)]
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in folder.iterdir()] == [BACKUP]


async def test_the_marker_of_whoever_is_answering_is_not_in_a_backup_and_nobodys_is(
    county: County, people: dict[str, Phone], raati: Errands, tmp_path: Path
) -> None:
    await raati.types("backup", BACKUP)
    living = set(asked(tmp_path / "data" / "raati.db", "SELECT * FROM markers"))
    copied = set(asked(tmp_path / BACKUP, "SELECT * FROM markers"))
    assert (len(living), len(living & copied), len(copied)) == (SENT + 1, SENT, SENT + 1)


async def test_a_backup_is_of_one_moment_whatever_is_written_meanwhile(
    county: County, people: dict[str, Phone], tmp_path: Path
) -> None:
    living = tmp_path / "data" / "raati.db"
    counted = "SELECT count(*) FROM living.responses"
    with _engine(tmp_path / BACKUP, living).begin() as connection:
        assert connection.exec_driver_sql(counted).scalar_one() == 3
        change(living, "DELETE FROM responses")
        assert connection.exec_driver_sql(counted).scalar_one() == 3


async def test_the_living_database_cannot_be_written_from_a_backup(
    county: County, tmp_path: Path
) -> None:
    engine = _engine(tmp_path / BACKUP, tmp_path / "data" / "raati.db")
    with engine.begin() as connection, pytest.raises(OperationalError, match="readonly"):
        connection.exec_driver_sql("DELETE FROM living.responses")


# What is refused


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("backup", "there"), "there is there already: name a new file."),
        (
            ("backup", "nowhere/there"),
            "nowhere/there cannot be written: No such file or directory.",
        ),
        (("restore", "nowhere"), "nowhere cannot be read: No such file or directory."),
        (("restore", "there"), "there is not a file of `raati backup`, or not all of it."),
        (
            ("restore", "data/raati.db"),
            "data/raati.db is not a file of `raati backup`, or not all of it.",
        ),
    ],
)
async def test_what_cannot_be_is_told_in_a_sentence(
    raati: Errands, tmp_path: Path, county: County, words: tuple[str, ...], complaint: str
) -> None:
    await county.stop()
    (tmp_path / "there").write_text("Something of somebody's.", encoding="utf-8")
    assert await raati.types(*words) == (1, f"{complaint}\n")
    assert (tmp_path / "there").read_text(encoding="utf-8") == "Something of somebody's."


async def test_there_is_nothing_to_back_up_on_an_empty_machine(
    raati: Errands, tmp_path: Path
) -> None:
    raati.on(tmp_path / "empty")
    code, told = await raati.types("backup", BACKUP)
    assert (code, told.split(":")[0]) == (1, "There is nothing to back up yet")
    assert list((tmp_path / "empty").iterdir()) == []


@pytest.fixture
async def file(county: County, people: dict[str, Phone], raati: Errands, tmp_path: Path) -> Path:
    """A backup of a county that has stopped and has lost everything."""
    await raati.types("backup", BACKUP)
    await county.stop()
    shutil.rmtree(tmp_path / "data")
    return tmp_path / BACKUP


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-4096])


def hurt(file: Path) -> None:
    whole = file.read_bytes()
    file.write_bytes(whole[:8192] + bytes(8192) + whole[16384:])


def given_a_trigger(file: Path) -> None:
    change(file, "CREATE TRIGGER more AFTER DELETE ON markers BEGIN DELETE FROM responses; END")


def of_tomorrow(file: Path) -> None:
    change(file, "UPDATE alembic_version SET version_num = 'of tomorrow'")


def change(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.execute(statement)
        database.commit()


@pytest.mark.parametrize(
    ("harm", "complaint"),
    [
        (cut, "is damaged: bring another one."),
        (hurt, "is damaged: bring another one."),
        (given_a_trigger, "is damaged: bring another one."),
        (of_tomorrow, "was made by a newer version of this program: install that one first."),
    ],
)
async def test_a_backup_that_is_not_whole_or_of_tomorrow_changes_nothing(
    file: Path, raati: Errands, tmp_path: Path, harm: Callable[[Path], None], complaint: str
) -> None:
    harm(file)
    assert await raati.types("restore", BACKUP) == (1, f"{BACKUP} {complaint}\n")
    assert list((tmp_path / "data").iterdir()) == []


async def test_an_older_backup_is_brought_to_today(file: Path, raati: Errands) -> None:
    engine = create_engine(f"sqlite:///{file}")
    event.listen(engine, "connect", lambda driver, _: setattr(driver, "isolation_level", None))
    with engine.begin() as connection:
        command.downgrade(migrations(connection), "0001")
    engine.dispose()
    assert asked(file, "SELECT version_num FROM alembic_version") == [("0001",)]
    code, told = await raati.types("restore", BACKUP)
    assert code == 0
    assert "weather: open, from 2027-01-27 to 2027-02-08, 3 received, 0 mixing\n" in told


async def test_a_restored_database_is_no_backup_and_whole_and_private(
    file: Path, raati: Errands, tmp_path: Path
) -> None:
    await raati.types("restore", BACKUP)
    place = tmp_path / "data" / "raati.db"
    assert asked(place, "PRAGMA application_id") == [(0,)]
    assert asked(place, "PRAGMA integrity_check") == [("ok",)]
    assert asked(place, "PRAGMA freelist_count") == [(0,)]
    assert place.stat().st_mode & 0o777 == 0o600
    assert place.parent.stat().st_mode & 0o777 == 0o700
    markers = asked(place, "SELECT marker FROM markers")
    assert len(markers) == SENT, "nobody's is taken out again"


async def test_what_is_there_is_replaced_only_if_told_and_then_kept_aside(
    file: Path, raati: Errands, tmp_path: Path
) -> None:
    place, aside = tmp_path / "data" / "raati.db", tmp_path / "data" / "replaced"
    await raati.types("survey", "open", "safety")
    there = place.read_bytes()
    assert await raati.types("restore", BACKUP) == (
        1,
        f"{place} is there already: if the backup shall take its place, give --replace; "
        f"what is there now is kept in {aside}.\n",
    )
    assert place.read_bytes() == there
    assert (await raati.types("restore", BACKUP, "--replace"))[0] == 0
    assert "safety" not in (await raati.types("survey", "list"))[1]
    assert (aside / "raati.db").read_bytes() == there
    assert aside.stat().st_mode & 0o777 == 0o700
    assert await raati.types("restore", BACKUP, "--replace") == (
        1,
        f"{aside} holds what an earlier restore replaced: delete it first, or move it away.\n",
    )
    assert f"{aside} was left by a restore" in (await raati.types("check"))[1]


async def test_a_log_that_a_crash_left_goes_aside_with_its_database(
    file: Path, raati: Errands, tmp_path: Path
) -> None:
    place = tmp_path / "data" / "raati.db"
    await raati.types("survey", "open", "safety")
    (crashed := tmp_path / "crashed").mkdir()
    with closing(sqlite3.connect(place)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("DELETE FROM surveys")
        database.commit()
        for left in place.parent.iterdir():
            shutil.copy(left, crashed)
    for left in crashed.iterdir():
        shutil.copy(left, place.parent)
    assert place.with_name("raati.db-wal").stat().st_size
    assert (await raati.types("restore", BACKUP, "--replace"))[0] == 0
    assert [path.name for path in place.parent.joinpath("replaced").iterdir()] == ["raati.db"]
    assert asked(place.parent / "replaced" / "raati.db", "SELECT count(*) FROM surveys") == [(0,)]
    assert asked(place, "SELECT count(*) FROM surveys") == [(2,)]


async def test_what_a_killed_restore_left_is_swept_away_by_the_next(
    file: Path, raati: Errands, tmp_path: Path
) -> None:
    (left := tmp_path / "data" / "restoring").mkdir(parents=True)
    (left / "raati.db").write_bytes(b"half of it")
    assert (await raati.types("restore", BACKUP))[0] == 0
    assert not left.exists()


async def test_the_panel_comes_back_but_no_link_and_what_waited_may_have_come(
    county: County, raati: Errands, tmp_path: Path
) -> None:
    await county.seat("Matti Esimerkki", "fi", "member")
    await county.invite()
    county.clock.becomes("2027-01-27 23:00")
    news = Planned(
        "news",
        Audience(Circle.MEMBERS),
        Priority.BROADCAST,
        county.clock(),
        county.clock() + timedelta(days=1),
        b"{}",
    )
    today = county.wall().date()
    written = Broadcast(b"a broadcast.....", b"a coordinator...", today)
    leads = Pointer(b"a link of its own"[:16], Target.PAGE, "https://kysely.example/a")
    async with kept(county.settings) as here:
        change = records.Changed(keep=(written, leads), plan=(news,))
        assert await records.change(here.store, change)
    await county.settled()
    file = tmp_path / BACKUP
    await raati.types("backup", str(file))
    assert asked(file, "SELECT count(*) FROM invitations") == [(0,)]

    raati.on(new := tmp_path / "new")
    code, told = await raati.types("restore", str(file))

    assert code == 0
    assert "1 panel member, 0 meetings, 1 broadcast and 1 link of its own" in told
    place = new / "data" / "raati.db"
    assert asked(place, "SELECT state, doubted, first FROM deliveries") == [("waiting", 1, 1)]
    assert asked(place, "SELECT count(*) FROM broadcasts") == [(1,)]
    assert asked(place, "SELECT count(*) FROM pointers") == [(1,)]
