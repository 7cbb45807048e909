"""`raati trail`: the audit trail out of the chat, for who is asked to show it."""

from __future__ import annotations

import codecs
import csv
import io
import stat
from typing import TYPE_CHECKING

import pytest

from bot import kept
from dialogs.panel.records import Deed
from dialogs.panel.trail import What
from storage import records
from tests.county import HELSINKI
from tests.errands import Errands

if TYPE_CHECKING:
    from pathlib import Path

    from tests.county import County


@pytest.fixture
def errands(
    county: County, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Errands:
    """Beside the county's bot."""
    return Errands(county.folder, county.clock, monkeypatch, capsys)


async def done(county: County, *deeds: tuple[str, What, str]) -> None:
    """By whom, what, and about what: each a minute before the next, and now."""
    lines = []
    for who, what, about in deeds:
        lines.append(Deed(county.clock().astimezone(HELSINKI), who, what, about))
        county.clock.passes(seconds=60)
    async with kept.kept(county.settings) as here:
        await records.change(here.store, records.Changed(trail=lines))


async def kept_deeds(county: County) -> list[str]:
    """The newest first."""
    async with kept.kept(county.settings) as here:
        panel = await records.panel(here.store, HELSINKI, whole=True)
    return [deed.what for deed in panel.trail]


def table(file: Path) -> list[list[str]]:
    content = file.read_bytes()
    assert content.startswith(codecs.BOM_UTF8), "so that Excel reads its letters"
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


async def test_it_is_printed_with_the_newest_last(county: County, errands: Errands) -> None:
    await done(
        county,
        ("Kaisa", What.INVITATION_MADE, "member"),
        ("", What.COORDINATOR_INVITED, ""),
        ("", What.READER_CAME, "Riitta"),
    )
    code, said = await errands.types("trail")
    assert code == 0
    assert said.splitlines() == [
        "2027-01-27 12:00  Kaisa: Made an invitation: for a member",
        "2027-01-27 12:01  whoever runs the service: Made a link for a new coordinator",
        "2027-01-27 12:02  New reader: Riitta",
        "2027-01-27 12:03  whoever runs the service: Printed this list or saved it to a file",
    ]


async def test_taking_it_out_is_a_line_of_it_each_time(county: County, errands: Errands) -> None:
    await errands.types("trail")
    await errands.types("trail", "--to", "trail.csv")
    assert await kept_deeds(county) == [What.TRAIL_EXPORTED] * 2


async def test_a_file_opens_in_a_finnish_excel_and_only_its_owner_reads_it(
    county: County, errands: Errands
) -> None:
    await county.open("equality")
    await done(county, ("Päivi", What.LINK_MADE, "survey:equality"))
    code, said = await errands.types("trail", "--to", "trail.csv", "--language", "fi")
    assert (code, said) == (0, "trail.csv holds 2 lines. It names people: keep it carefully.\n")
    file = county.folder / "trail.csv"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    led = "Kysely tai haku: Yhdenvertaisuus palveluissa"
    assert table(file) == [
        ["Aika", "Tekijä", "Mitä tehtiin", "Kohde"],
        ["2027-01-27 12:00", "Päivi", f"Teki linkin. {led}", led],
        [
            "2027-01-27 12:01",
            "palvelun ylläpitäjä",
            "Tulosti tämän luettelon tai vei sen tiedostoon",
            "",
        ],
    ]


@pytest.mark.parametrize("name", ["=1+1", "+358", "-2", "@SUM(A1)", "\t=1"])
async def test_a_name_that_a_table_would_work_out_is_made_harmless(
    county: County, errands: Errands, name: str
) -> None:
    await done(county, (name, What.READER_REMOVED, name))
    await errands.types("trail", "--to", "trail.csv")
    (_, line, _) = table(county.folder / "trail.csv")
    assert line[1:] == [f"'{name}", f"Removed a reader: {name}", f"'{name}"]


async def test_a_name_with_a_line_end_or_a_semicolon_stays_in_its_cell(
    county: County, errands: Errands
) -> None:
    await done(county, ('Kai;sa "K"\nA', What.COORDINATOR_INVITED, ""))
    await errands.types("trail", "--to", "trail.csv")
    assert table(county.folder / "trail.csv")[1][1] == 'Kai;sa "K"\nA'


async def test_a_file_that_is_there_is_not_written_over(county: County, errands: Errands) -> None:
    (county.folder / "trail.csv").write_text("Ennen")
    code, said = await errands.types("trail", "--to", "trail.csv")
    assert (code, said) == (1, "trail.csv is there already: name a new file.\n")
    assert (county.folder / "trail.csv").read_text() == "Ennen"
    assert await kept_deeds(county) == [], "nothing was taken out"


async def test_a_file_that_cannot_be_written_takes_nothing_out(
    county: County, errands: Errands
) -> None:
    code, said = await errands.types("trail", "--to", "no/such/folder/trail.csv")
    assert code == 1
    assert said == "no/such/folder/trail.csv cannot be written: No such file or directory.\n"
    assert await kept_deeds(county) == []


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
async def test_what_was_begun_and_not_written_is_not_left_behind(
    county: County, errands: Errands, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def full() -> None:
        raise error

    monkeypatch.setattr(kept, "utc", full)
    code, said = await errands.types("trail", "--to", "trail.csv")
    assert not (county.folder / "trail.csv").exists()
    if isinstance(error, OSError):
        assert (code, said) == (1, "trail.csv cannot be written: No space left on device.\n")
    else:
        assert code == 130


@pytest.mark.parametrize("words", [("trail", "--language", "de"), ("trail", "file.csv")])
async def test_wrong_use_is_one_sentence_and_exits_with_2(
    errands: Errands, words: tuple[str, ...]
) -> None:
    code, said = await errands.types(*words)
    assert code == 2
    assert said.count("\n") == 1


async def test_help_teaches(errands: Errands) -> None:
    code, said = await errands.types("trail", "--help")
    assert code == 0
    assert "taking them out is a line as well" in " ".join(said.split())
