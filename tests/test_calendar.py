"""The file for people's calendars, read back by two libraries that did not write it: `ical` for the
entry, `dateutil` for the time zone that comes along."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from dateutil import tz
from hypothesis import given
from hypothesis import strategies as st
from ical.calendar_stream import CalendarStream, IcsCalendarStream
from ical.event import Event, EventStatus

from bot.calendar import rendered
from dialogs.announcement import Calendar
from dialogs.languages import LANGUAGES
from dialogs.screens import Own, Say
from tests.chat import HELSINKI, RENDERER
from tests.tries import tries

LINK = (
    "https://teams.microsoft.com/l/meetup-join/19%3ameeting_NTh%40thread.v2/0"
    "?context=%7b%22Tid%22%3a%22a1%22%2c%22Oid%22%3a%22b2%22%7d"
)
TODAY = date(2026, 3, 1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HELSINKI)


ENTRY = Calendar(
    uid="00112233445566778899aabbccddeeff",
    sequence=0,
    start=at("2026-03-19 17:00"),
    end=at("2026-03-19 19:00"),
    summary=Say("news.calendar_title", {"theme": Own("Yhdenvertaisuus")}),
    details=(Own("Kokouksen tunnus: 123 456 789 01"), Own("Tunnuskoodi: aBc123")),
    link=LINK,
)


def file(entry: Calendar = ENTRY, language: str = "fi", today: date = TODAY) -> bytes:
    return rendered(entry, language, RENDERER, today)


def stream(content: bytes) -> CalendarStream:
    return CalendarStream.from_ics(content.decode())


def read(content: bytes) -> Event:
    (event,) = IcsCalendarStream.calendar_from_ics(content.decode()).events
    return event


def by_its_own_zone(content: bytes) -> datetime:
    """The start, told by nothing but the file: its wall clock and its time zone's rules."""
    lines = content.decode().replace("\r\n ", "").split("\r\n")
    (start,) = (line for line in lines if line.startswith("DTSTART;TZID=Europe/Helsinki:"))
    zone = tz.tzical(io.StringIO(content.decode())).get("Europe/Helsinki")
    moment = datetime.strptime(start.rpartition(":")[2], "%Y%m%dT%H%M%S").replace(tzinfo=zone)
    return moment.astimezone(UTC)


def test_what_was_written_is_read_back() -> None:
    event = read(file())
    assert event.uid == ENTRY.uid
    assert event.sequence == 0
    assert event.dtstart == ENTRY.start
    assert event.dtend == ENTRY.end
    assert event.summary == "Asiakasraati: Yhdenvertaisuus"
    assert event.description == (f"{LINK}\nKokouksen tunnus: 123 456 789 01\nTunnuskoodi: aBc123")
    assert event.location == LINK
    assert str(event.url) == LINK
    assert event.status is EventStatus.CONFIRMED


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_in_the_readers_language(language: str) -> None:
    names = {"fi": "Asiakasraati", "sv": "Kundrådet", "en": "Customer panel"}
    assert read(file(language=language)).summary == f"{names[language]}: Yhdenvertaisuus"


def test_it_names_nobody() -> None:
    assert stream(file()).calendars[0].method == "PUBLISH"
    assert b"ATTENDEE" not in file()
    assert b"ORGANIZER" not in file()
    assert b"mailto" not in file().lower()


def test_it_rings_half_an_hour_before() -> None:
    (alarm,) = read(file()).alarm
    assert alarm.action == "DISPLAY"
    assert alarm.trigger == timedelta(minutes=-30)
    assert alarm.description == "Asiakasraati: Yhdenvertaisuus"


def test_a_change_is_the_same_entry_with_a_higher_sequence() -> None:
    moved = replace(ENTRY, sequence=1, start=at("2026-03-24 17:00"), end=at("2026-03-24 19:00"))
    event = read(file(moved))
    assert (event.uid, event.sequence) == (ENTRY.uid, 1)
    assert event.dtstart == moved.start


def test_a_cancellation_takes_the_entry_away_and_does_not_ring() -> None:
    cancelled = file(replace(ENTRY, sequence=2, cancelled=True))
    assert stream(cancelled).calendars[0].method == "CANCEL"
    event = read(cancelled)
    assert event.status is EventStatus.CANCELLED
    assert (event.uid, event.sequence) == (ENTRY.uid, 2)
    assert event.dtstart == ENTRY.start
    assert not event.alarm


def test_the_same_day_writes_the_same_bytes_stamped_with_its_beginning() -> None:
    assert file() == file()
    assert read(file()).dtstamp == at("2026-03-01 00:00")
    assert read(file(today=date(2026, 7, 1))).dtstamp == at("2026-07-01 00:00")


@pytest.mark.parametrize(
    ("day", "hour"),
    [
        ("2026-03-28", 15),
        ("2026-03-29", 14),  # the clock went forward in the night
        ("2026-03-30", 14),
        ("2026-10-24", 14),
        ("2026-10-25", 15),  # the clock went back in the night
        ("2026-10-26", 15),
        ("2031-03-30", 14),
        ("2031-10-26", 15),
    ],
)
def test_across_both_clock_changes_17_is_17(day: str, hour: int) -> None:
    content = file(replace(ENTRY, start=at(f"{day} 17:00"), end=at(f"{day} 19:00")))
    expected = datetime.fromisoformat(day).replace(hour=hour, tzinfo=UTC)
    assert (
        b"DTSTART;TZID=Europe/Helsinki:%b" % (day.replace("-", "") + "T170000").encode() in content
    )
    assert read(content).dtstart.astimezone(UTC) == expected
    assert by_its_own_zone(content) == expected


def test_of_an_hour_that_comes_twice_the_second_is_the_second() -> None:
    first = at("2026-10-25 03:30")
    second = first.replace(fold=1)
    for start in (first, second):
        entry = replace(ENTRY, start=start, end=at("2026-10-25 05:00"))
        assert read(file(entry)).dtstart.astimezone(UTC) == start.astimezone(UTC)


moments = st.datetimes(datetime(1997, 1, 1), datetime(2037, 12, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=UTC, microsecond=0).astimezone(HELSINKI)
)


@tries(100)
@given(moments, st.integers(1, 600))
def test_every_moment_is_read_back_as_it_was(start: datetime, minutes: int) -> None:
    end = (start.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(HELSINKI)
    event = read(file(replace(ENTRY, start=start, end=end)))
    assert event.dtstart.astimezone(UTC) == start.astimezone(UTC)
    assert event.dtend.astimezone(UTC) == end.astimezone(UTC)


@pytest.mark.parametrize(
    "theme",
    [
        "Turvallisuus, osallisuus; yhdenvertaisuus: mitä ne ovat?",
        'Lainaus "näin" ja \\ kenoviiva, \\n ja \\, kirjaimina',
        "Kaksi\nriviä",
        "Ääkkösiä ja emojeja 🧓🏽 " * 8,  # folded within a letter of four bytes
        "Hyökkäys\r\nATTENDEE:mailto:joku@example.fi\r\nEND:VEVENT",
    ],
)
def test_any_theme_is_read_back_and_breaks_nothing(theme: str) -> None:
    entry = replace(ENTRY, summary=Own(theme), details=(Own(theme),))
    content = file(entry)
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    event = read(content)
    assert event.summary == theme.replace("\r\n", "\n")
    assert event.description == f"{LINK}\n{theme}".replace("\r\n", "\n")
    assert not event.attendees


@tries(100)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), max_size=100))
def test_any_words_are_read_back(theme: str) -> None:
    event = read(file(replace(ENTRY, details=(Own(theme),))))
    assert event.description == f"{LINK}\n{theme}"


def test_a_link_with_commas_and_semicolons_stays_whole() -> None:
    link = "https://teams.microsoft.com/l/meetup-join/19:meeting_a,b;c@thread.v2/0?x=1,2;3"
    event = read(file(replace(ENTRY, link=link)))
    assert (str(event.url), event.location) == (link, link)
