"""The `raati` command, as an official or an operator types it."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot import dumps, kept
from bot import machine as a_machine
from bot.__main__ import main

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LIBRARY = Path(str(resources.files("dialogs.forms").joinpath("library")))
OFFICE = resources.files("dialogs").joinpath("office.yaml").read_text(encoding="utf-8")

COMMANDS = (
    (),
    ("run",),
    ("demo",),
    ("forms",),
    ("forms", "check"),
    ("survey",),
    ("survey", "open"),
    ("survey", "close"),
    ("survey", "list"),
    ("invite",),
    ("invite", "coordinator"),
    ("coordinators",),
    ("coordinators", "list"),
    ("coordinators", "remove"),
    ("check",),
    ("backup",),
    ("restore",),
    ("keys",),
    ("keys", "export"),
    ("keys", "import"),
)

MEMBERS_FORM = """\
settings:
  name: themes
  version: "1"
  kind: survey
  title: {fi: Teemat, sv: Teman, en: Themes}
  intro: {fi: Mistä puhutaan, sv: Vad talar vi om, en: What do we talk about}
  languages: [fi, sv, en]
survey:
  - type: text
    name: theme
    label: {fi: Aihe, sv: Tema, en: Theme}
"""


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty machine at noon on 27 January 2027, with no settings but its folders."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RAATI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("RAATI_KEY_DIR", str(tmp_path / "keys"))
    for name in ("TOKEN", "OFFICE", "FORMS_DIR", "DATABASE_URL", "LOG_LEVEL", "WEBHOOK_URL"):
        monkeypatch.delenv(f"RAATI_{name}", raising=False)
    at(monkeypatch, 2027, 1, 27)
    # Forbidden for good, and this process is not the command's alone.
    monkeypatch.setattr(dumps, "forbid", lambda: None)
    (tmp_path / "swaps").touch()
    monkeypatch.setattr(a_machine, "SWAPS", tmp_path / "swaps")
    return tmp_path


def at(monkeypatch: pytest.MonkeyPatch, year: int, month: int, day: int, hour: int = 10) -> None:
    """`hour` is in UTC."""
    now = datetime(year, month, day, hour, tzinfo=UTC)
    monkeypatch.setattr(kept, "utc", lambda: now)


@pytest.fixture
def raati(capsys: pytest.CaptureFixture[str]) -> Callable[[str], tuple[int, str]]:
    """Types a command, words split at spaces: the exit code, and all that is shown."""

    def type_(command: str) -> tuple[int, str]:
        try:
            code = main(command.split())
        except SystemExit as end:
            code = int(end.code or 0)
        said, complained = capsys.readouterr()
        assert "Traceback" not in said + complained
        return code, said + complained

    return type_


def typed(*words: str) -> tuple[int, str, str]:
    """The same in a process of its own, where nothing is loaded but what the command needs."""
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-m", "bot", *words], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


def is_one_sentence(said: str) -> bool:
    return said.endswith(".\n") and said.count("\n") == 1


def test_a_survey_is_opened_with_one_command_on_an_empty_machine(machine: Path) -> None:
    code, said, complained = typed("survey", "open", "equality", "--until", "2099-12-31")
    assert (code, complained) == (0, "")
    assert said.startswith("equality is open until 2099-12-31.\n")
    code, said, complained = typed("survey", "list", "--json")
    assert (code, complained) == (0, "")
    (listed,) = json.loads(said)
    assert list(listed) == ["name", "state", "opens", "closes", "received", "mixing"]
    assert listed["name"] == "equality"
    assert listed["state"] == "open"
    assert listed["closes"] == "2099-12-31"
    assert (listed["received"], listed["mixing"]) == (0, 0)
    assert (machine / "data").stat().st_mode & 0o077 == 0


def test_an_errand_does_not_wait_for_telegrams_library_to_load() -> None:
    errand = (
        "import sys, bot.__main__ as it; it.main(['survey', 'list']); print(sorted(sys.modules))"
    )
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", errand], capture_output=True, text=True, check=True
    )
    assert "'bot.surveys'" in done.stdout
    assert "'aiogram'" not in done.stdout


def test_nothing_is_listed_before_anything_was_opened(raati) -> None:
    assert raati("survey list") == (
        0,
        "Nothing was opened yet. `raati survey open equality --until DATE` opens one.\n",
    )
    assert raati("survey list --json") == (0, "[]\n")


def test_surveys_are_listed_with_their_days_and_what_came_in(raati) -> None:
    raati("survey open equality --until 2027-02-08")
    raati("survey open application")
    assert raati("survey list") == (
        0,
        "application: open, from 2027-01-27, no last day, 0 received, 0 mixing\n"
        "equality: open, from 2027-01-27 to 2027-02-08, 0 received, 0 mixing\n",
    )


def test_of_too_few_answers_it_is_said_why_only_counts_are_left(raati, machine: Path) -> None:
    raati("survey open equality --until 2027-02-08")
    with closing(sqlite3.connect(machine / "data" / "raati.db")) as database, database:
        database.execute("INSERT INTO tallies VALUES ('equality', '', '', 4)")
        database.execute("UPDATE surveys SET state = 'closed'")
    assert raati("survey list") == (
        0,
        "equality: closed, from 2027-01-27 to 2027-02-08, 4 received, 0 mixing\n"
        "  Too few answered to hide whose answers are whose: only counts are kept, "
        "and open answers apart from them.\n",
    )


def test_the_invented_office_is_named_when_a_survey_is_opened(raati) -> None:
    assert raati("survey open equality --until 2027-02-08") == (
        0,
        "equality is open until 2027-02-08.\n"
        "The office is invented: write your own file and name it in RAATI_OFFICE.\n",
    )


def test_opening_an_open_survey_again_changes_its_last_day(raati) -> None:
    raati("survey open equality --until 2027-02-08")
    assert "is open until 2027-02-15." in raati("survey open equality --until 2027-02-15")[1]
    (listed,) = json.loads(raati("survey list --json")[1])
    assert (listed["opens"], listed["closes"]) == ("2027-01-27", "2027-02-15")


def test_a_survey_is_closed_once_and_may_be_opened_again_until_the_morning(
    raati, monkeypatch: pytest.MonkeyPatch
) -> None:
    raati("survey open equality --until 2027-02-08")
    assert raati("survey close equality") == (
        0,
        "equality is closing. Begun answers may be sent until four next morning.\n",
    )
    assert raati("survey close equality") == (1, "equality is closing already.\n")
    assert raati("survey open equality")[0] == 0
    assert raati("survey close equality")[0] == 0
    at(monkeypatch, 2027, 1, 28, hour=3)  # five in the morning
    code, said = raati("survey open equality --until 2027-02-08")
    assert code == 1
    assert said.startswith("equality is closed and cannot be opened again")
    assert raati("survey close equality") == (1, "equality is closed already.\n")


def test_a_last_day_lasts_until_midnight_in_helsinki(
    raati, monkeypatch: pytest.MonkeyPatch
) -> None:
    raati("survey open equality --until 2027-02-08")
    at(monkeypatch, 2027, 2, 8, hour=21)  # 23.00
    assert json.loads(raati("survey list --json")[1])[0]["state"] == "open"
    at(monkeypatch, 2027, 2, 8, hour=22)  # 24.00
    assert json.loads(raati("survey list --json")[1])[0]["state"] == "closing"
    assert raati("survey open equality") == (
        1,
        "Its last day has passed. Give a new one with --until.\n",
    )
    assert raati("survey open equality --until 2027-02-10")[0] == 0


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (
            "survey open pets --until 2099-12-31",
            "There is no form called 'pets'. There are: application, equality, "
            "participation, safety.",
        ),
        (
            "survey open ../equality",
            "There is no form called '../equality'. There are: application, equality, "
            "participation, safety.",
        ),
        (
            "survey open equality --until 2027-01-26",
            "The last day is in the past. Give today or a later day.",
        ),
        (
            "survey open equality --audience members",
            "equality asks for background facts, which would tell members apart: take them out, "
            "or open it to everyone.",
        ),
        (
            "survey close equality",
            "equality was never opened. `raati survey list` shows what was.",
        ),
        ("run", "RAATI_TOKEN is not set: put the bot's token there."),
    ],
)
def test_what_is_refused_is_said_in_a_sentence_and_changes_nothing(
    raati, command: str, sentence: str
) -> None:
    assert raati(command) == (1, f"{sentence}\n")
    assert raati("survey list --json") == (0, "[]\n")


def test_an_open_survey_with_background_is_not_turned_to_members(raati) -> None:
    raati("survey open equality --until 2027-02-08")
    assert raati("survey open equality --audience members")[0] == 1
    assert raati("survey open equality --audience everyone")[0] == 0


def test_a_form_of_the_offices_own_is_opened_beside_the_librarys(
    raati, machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forms = machine / "forms"
    forms.mkdir()
    (forms / "themes.yaml").write_text(MEMBERS_FORM, encoding="utf-8")
    (forms / "twin.yaml").write_text(MEMBERS_FORM, encoding="utf-8")
    (forms / "broken.yaml").write_text("settings: [", encoding="utf-8")
    monkeypatch.setenv("RAATI_FORMS_DIR", str(forms))
    assert raati("survey open themes --audience members")[1].startswith(
        "themes is open, without a last day.\n"
    )
    assert raati("survey open twin") == (
        1,
        "The form in twin.yaml calls itself themes: name the file themes.yaml.\n",
    )
    code, said = raati("survey open broken")
    assert code == 1
    assert said.startswith("line ")
    assert "The form broken cannot be opened: line " in raati("check")[1]


def test_a_call_that_contradicts_the_offices_file_says_so(
    raati, machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = machine / "office.yaml"
    text = OFFICE.replace("invented: yes", "invented: no").replace(
        "lowest_age: 15", "lowest_age: 16"
    )
    office.write_text(text, encoding="utf-8")
    monkeypatch.setenv("RAATI_OFFICE", str(office))
    at(monkeypatch, 2027, 5, 3)
    assert raati("survey open application --until 2027-05-20") == (
        0,
        "application is open until 2027-05-20.\n"
        "The office's file says that applicants hear by 2027-02-28, before the call closes: "
        "mend chosen_by.\n"
        "All the evenings in the office's file are past: mend meetings.\n"
        "The office's file says lowest_age 16, which the form application never mentions: "
        "its texts may promise something else.\n",
    )


@pytest.mark.parametrize(
    ("written", "instead", "named"),
    [("seats: 20", "", "seats"), ("fi: klo 17.00–19.00", 'fi: ""', "meeting_hours.fi")],
)
def test_nothing_opens_while_the_offices_file_lacks_something(
    raati, machine: Path, monkeypatch: pytest.MonkeyPatch, written: str, instead: str, named: str
) -> None:
    office = machine / "office.yaml"
    assert written in OFFICE
    office.write_text(OFFICE.replace(written, instead), encoding="utf-8")
    monkeypatch.setenv("RAATI_OFFICE", str(office))
    code, said = raati("survey open equality --until 2027-02-08")
    assert code == 1
    assert named in said
    assert is_one_sentence(said)
    assert named in raati("check")[1]


def test_the_library_has_no_mistakes(raati) -> None:
    code, said = raati(f"forms check {LIBRARY}")
    assert code == 0
    assert said == "".join(f"{file}: no mistakes.\n" for file in sorted(LIBRARY.glob("*.yaml")))


def test_every_mistake_in_a_form_is_named_with_its_file_and_line(raati, machine: Path) -> None:
    bad = machine / "themes.yaml"
    bad.write_text(
        MEMBERS_FORM.replace("sv: Tema, ", "")
        + "    relevant: \"${nowhere} = 'yes'\"\n"
        + "  - type: text\n    name: theme\n    label: {fi: A, sv: A, en: A}\n",
        encoding="utf-8",
    )
    code, said = raati(f"forms check {bad} {LIBRARY / 'equality.yaml'}")
    assert code == 1
    lines = [line for line in said.splitlines() if line.startswith(f"{bad}:")]
    assert {line.split(":")[1] for line in lines} == {"11", "12", "13"}
    assert "nowhere" in said
    assert f"{LIBRARY / 'equality.yaml'}: no mistakes." in said


def test_a_form_under_another_name_is_warned_of_and_no_mistake(raati, machine: Path) -> None:
    file = machine / "other.yaml"
    file.write_text(MEMBERS_FORM, encoding="utf-8")
    code, said = raati(f"forms check {file}")
    assert code == 0
    assert said == (
        f"{file}: warning: the form calls itself themes: it is opened only from a file "
        "themes.yaml.\n"
    )


def test_a_path_without_forms_is_a_mistake(raati, machine: Path) -> None:
    (machine / "picture.yaml").write_bytes(b"\xff\xd8\xff")
    assert raati("forms check nowhere.yaml") == (
        1,
        "nowhere.yaml: cannot be read as a text file in UTF-8.\n",
    )
    assert raati("forms check picture.yaml")[0] == 1
    (machine / "empty").mkdir()
    assert raati("forms check empty") == (
        1,
        "empty: there are no forms here, no file whose name ends in .yaml.\n",
    )


def test_what_is_missing_on_this_machine_is_named(
    raati, machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert raati("check") == (
        1,
        "RAATI_TOKEN is not set: `raati run` does not start without it.\n"
        "The office is invented: write your own file and name it in RAATI_OFFICE.\n",
    )
    office = machine / "office.yaml"
    office.write_text(OFFICE.replace("invented: yes", "invented: no"), encoding="utf-8")
    monkeypatch.setenv("RAATI_OFFICE", str(office))
    monkeypatch.setenv("RAATI_TOKEN", "1000000001:a-token-for-tests")
    assert raati("check") == (0, "Nothing is missing.\n")
    (machine / "keys").mkdir(mode=0o755)
    (machine / "keys").chmod(0o755)
    monkeypatch.setenv("RAATI_LOG_LEVEL", "debug")
    monkeypatch.setenv("RAATI_WEBHOOK_URL", "https://bot.example/hook")
    monkeypatch.setenv("RAATI_WEBHOOK_SECRET", "a-secret-for-tests")
    code, said = raati("check")
    assert code == 1
    assert [line.split(" ")[0] for line in said.splitlines()] == [
        "RAATI_LOG_LEVEL",
        str(machine / "keys"),
    ]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("RAATI_DATABASE_URL", "postgresql+asyncpg://somebody:secret@db.example/raati"),
        ("RAATI_DATABASE_URL", "sqlite+aiosqlite:///junk.db"),
        ("RAATI_DATABASE_URL", "sqlite+aiosqlite:///junk.db/raati.db"),
        ("RAATI_DATABASE_URL", "sqlite+aiosqlite:secret"),
        ("RAATI_DATA_DIR", "junk.db/data"),
        ("RAATI_KEY_DIR", "junk.db/keys"),
        ("RAATI_KEY_DIR", "data/keys"),
        ("RAATI_OFFICE", "nowhere.yaml"),
        ("RAATI_OFFICE", "junk.db"),
        ("RAATI_TOKEN", "secret"),
        ("RAATI_TIMEZONE", "Helsinki"),
    ],
)
def test_what_a_person_can_mend_is_told_in_words(
    raati, machine: Path, monkeypatch: pytest.MonkeyPatch, setting: str, value: str
) -> None:
    (machine / "junk.db").write_text("nothing that is a database", encoding="utf-8")
    if setting == "RAATI_KEY_DIR":
        monkeypatch.setenv("RAATI_DATA_DIR", "data")
    monkeypatch.setenv(setting, value)
    code, said = raati("survey list")
    assert code == 1
    assert said.endswith(".\n")
    assert "secret" not in said


def test_a_database_of_another_version_is_left_alone(raati, machine: Path) -> None:
    raati("survey list")
    with closing(sqlite3.connect(machine / "data" / "raati.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = 'of tomorrow'")
        database.commit()
    assert raati("survey list") == (
        1,
        "The database cannot be used: it was made by another version of this program. "
        "Look at RAATI_DATA_DIR and RAATI_DATABASE_URL.\n",
    )


@pytest.mark.parametrize(
    "command",
    [
        "",
        "dance",
        "survey",
        "survey open",
        "survey open equality --until tomorrow",
        "survey open equality --until 2027-02-30",
        "survey open equality --audience cats",
        "survey open equality twice",
        "survey close",
        "survey list --xml",
        "forms",
        "forms check",
        "demo --port 0",
        "demo --port many",
        "run now",
        "check nothing",
        "backup",
        "backup one another",
        "restore",
        "restore a.backup --force",
        "keys",
        "keys export",
        "keys import",
        "keys import one another",
    ],
)
def test_wrong_use_is_told_in_one_line_that_points_to_help(raati, command: str) -> None:
    code, said = raati(command)
    assert code == 2
    assert is_one_sentence(said.replace("--help.\n", "help.\n"))
    assert said.startswith("raati")
    assert "--help" in said


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_help_teaches(raati, words: Sequence[str]) -> None:
    code, said = raati(" ".join([*words, "--help"]))
    assert code == 0
    assert said.startswith(f"usage: {' '.join(['raati', *words])}")
    about = said.split("\n\n")[1]
    assert about.endswith(".")
    assert len(about.split()) >= 8
