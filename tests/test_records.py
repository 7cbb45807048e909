"""What is kept of the panel: sealed, changed as a whole, and never over somebody else's change."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from dialogs.announcement import Audience, Circle, Priority, State
from dialogs.broadcasts.records import (
    Broadcast,
    Correction,
    Life,
    Occasion,
    Pointer,
    Ready,
    Target,
    Wording,
)
from dialogs.life import Running
from dialogs.life import State as Survey
from dialogs.panel.records import (
    Attendance,
    Coming,
    Coordinator,
    Deed,
    Invitation,
    Meeting,
    Member,
    Purpose,
    Role,
    Standing,
    Task,
)
from dialogs.screens import Mark, Style
from storage import announcements, lasting, mix, records, subscribers, surveys
from storage.announcements import Planned
from storage.database import Store
from storage.keys import Keys
from storage.records import Changed
from tests.chat import library
from tests.needles import found

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from dialogs.panel.records import Record

HELSINKI = ZoneInfo("Europe/Helsinki")
MATTI, KAISA, NOBODY = 5_551_234_567, 6_661_234_567, 7_771_234_567
DAY = date(2027, 1, 27)
NOON = datetime(2027, 1, 27, 12, tzinfo=HELSINKI)
EVENING = datetime(2027, 3, 18, 17, tzinfo=HELSINKI)

MEMBER = Member(
    key=bytes(15) + b"m",
    name="Matti Esimerkki (keksitty)",
    contact="040 000 0001",
    language="fi",
    standing=Standing.MEMBER,
    first_day=DAY,
    last_day=DAY + timedelta(days=730),
    chat=MATTI,
)
COORDINATOR = Coordinator(key=bytes(15) + b"c", name="Kaisa Keksitty", language="sv", chat=KAISA)
MEETING = Meeting(
    key=bytes(15) + b"t",
    start=EVENING,
    end=EVENING + timedelta(hours=2),
    theme={"fi": "Yhdenvertaisuus", "sv": "Likabehandling"},
    link="https://teams.microsoft.com/l/meetup-join/keksitty",
    passcode="aB12cD",
)
INVITATION = Invitation(
    key=bytes(15) + b"i",
    purpose=Purpose.MOVE,
    expires=NOON,
    made_on=DAY,
    made_by="Kaisa Keksitty",
    member=MEMBER.key,
)
READER = replace(COORDINATOR, key=bytes(15) + b"r", role=Role.READER, chat=6_661_234_568)
BROADCAST = Broadcast(
    key=bytes(15) + b"b",
    author=COORDINATOR.key,
    made_on=DAY,
    circle=Circle.APPLICANTS,
    of="application",
    wordings={
        "fi": Wording("Haku on auki", (Mark(Style.LINK, 0, 4, "https://kysely.example/a"),)),
        "sv": Wording("", picture="AgAD"),
    },
    pointer=bytes(range(16)),
    at=EVENING,
    due=EVENING,
    life=Life.CONFIRMED,
    asked_at=NOON,
    corrections=(Correction(DAY, "Kaisa", ("fi",), notice=True),),
    version=1,
)
POINTER = Pointer(
    key=bytes(range(16)),
    target=Target.PAGE,
    to="https://kysely.example/a",
    title={"fi": "Kysely", "sv": "Enkät", "en": "Survey"},
    made_on=DAY,
)
SURVEY = Running(library("equality"), Survey.DRAFT, DAY, source="form: equality")
NEWS = Planned(
    "meeting:1:1:invite",
    Audience(Circle.MEMBERS),
    Priority.CHANGE,
    NOON,
    EVENING,
    b'{"fi": "Tervetuloa"}',
)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    keys = Keys.load(tmp_path / "keys")
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/data/raati.db", keys)
    yield store
    await store.close()


async def kept(store: Store, *keep: Record) -> None:
    assert await records.change(store, Changed(keep=keep))


async def test_what_was_kept_is_read_as_it_was(store: Store) -> None:
    await kept(store, MEMBER, COORDINATOR, MEETING, INVITATION)

    panel = await records.panel(store, HELSINKI)

    assert panel.members == (replace(MEMBER, revision=1),)
    assert panel.coordinators == (replace(COORDINATOR, revision=1),)
    assert panel.meetings == (replace(MEETING, revision=1),)
    assert panel.meetings[0].start.tzinfo is HELSINKI
    assert panel.invitations == (replace(INVITATION, revision=1),)
    assert await records.invitation(store, INVITATION.key) == replace(INVITATION, revision=1)
    assert await records.invitation(store, bytes(16)) is None


async def test_a_chat_is_found_by_its_person_and_by_nobody_elses(store: Store) -> None:
    await kept(store, MEMBER, COORDINATOR)

    assert await records.find(store, MATTI) == (replace(MEMBER, revision=1), None)
    assert await records.find(store, KAISA) == (None, replace(COORDINATOR, revision=1))
    assert await records.find(store, NOBODY) == (None, None)


async def test_a_reader_is_found_and_told_apart_from_the_coordinators(store: Store) -> None:
    await kept(store, COORDINATOR, READER)

    panel = await records.panel(store, HELSINKI)

    assert panel.coordinators == (replace(COORDINATOR, revision=1),)
    assert panel.readers == (replace(READER, revision=1),)
    assert await records.find(store, READER.chat) == (None, replace(READER, revision=1))


@pytest.mark.parametrize(
    "broadcast",
    [
        BROADCAST,
        Broadcast(BROADCAST.key, COORDINATOR.key, DAY),
        replace(BROADCAST, wordings={}, ready=Ready(Occasion.OPENED, "equality", None)),
        replace(BROADCAST, wordings={}, ready=Ready(Occasion.CLOSES_SOON, "equality", DAY)),
    ],
)
async def test_a_broadcast_is_read_as_it_was_kept(store: Store, broadcast: Broadcast) -> None:
    await kept(store, broadcast)

    [read] = (await records.panel(store, HELSINKI, whole=True)).broadcasts

    assert read == replace(broadcast, revision=1)
    assert all(at is None or at.tzinfo is HELSINKI for at in (read.at, read.due, read.asked_at))
    assert (await records.panel(store, HELSINKI)).broadcasts == ()


async def test_broadcasts_come_from_the_newest_and_go_when_they_are_erased(store: Store) -> None:
    older = replace(BROADCAST, key=b"an older one....", made_on=DAY - timedelta(days=1))
    beside = replace(BROADCAST, key=b"of the same day.")
    await kept(store, older, BROADCAST, beside)
    panel = await records.panel(store, HELSINKI, whole=True)
    assert [one.key for one in panel.broadcasts] == [beside.key, BROADCAST.key, older.key]

    assert await records.change(store, Changed(erase=(BROADCAST, older)))

    panel = await records.panel(store, HELSINKI, whole=True)
    assert [one.key for one in panel.broadcasts] == [beside.key]


async def test_a_link_of_the_bots_own_is_found_by_its_beginning_and_leads_elsewhere_later(
    store: Store,
) -> None:
    other = replace(POINTER, key=bytes(range(8)) + b"another.", to="https://kysely.example/b")
    await kept(store, POINTER, other)
    read = await records.pointer(store, POINTER.key[:9])
    assert read == replace(POINTER, revision=1)
    await kept(store, replace(read, to="https://kysely.example/oikea"))

    mended = await records.pointer(store, POINTER.key[:9])

    assert mended is not None
    assert mended.to == "https://kysely.example/oikea"
    assert await records.pointer(store, bytes(9)) is None
    panel = await records.panel(store, HELSINKI, whole=True)
    assert sorted(one.to[-1] for one in panel.pointers) == ["a", "b"]


async def test_broadcasts_and_links_count_among_what_the_lasting_key_opens(store: Store) -> None:
    await kept(store, BROADCAST, POINTER)
    async with store.reading() as connection:
        assert await lasting.opens(connection, store.keys.identity) == (2, 2)
        assert await lasting.opens(connection, bytes(32)) == (0, 2)


async def test_a_survey_is_kept_by_its_revision_beside_everything_else(store: Store) -> None:
    await kept(store, SURVEY)
    [row] = await surveys.listed(store)
    assert (row.name, row.state, row.source, row.met, row.revision) == (
        *("equality", "draft", "form: equality", False),
        1,
    )
    opened = replace(SURVEY, state=Survey.OPEN, met=True, revision=1)
    await kept(store, opened)
    deed = Deed(NOON, "Kaisa", "survey_opened")

    assert not await records.change(store, Changed(keep=(MEMBER, opened), trail=(deed,)))

    [row] = await surveys.listed(store)
    assert (row.state, row.met, row.revision) == ("open", True, 2)
    panel = await records.panel(store, HELSINKI, whole=True)
    assert (panel.members, panel.trail) == ((), ())


async def test_a_survey_is_archived_only_once_the_mix_has_closed_it(store: Store) -> None:
    await kept(store, replace(SURVEY, state=Survey.CLOSING))
    [row] = await surveys.listed(store)
    for over in (Survey.CLOSED, Survey.ARCHIVED):
        late = replace(SURVEY, state=over, revision=1)
        assert not await records.change(store, Changed(keep=(late,)))

    assert await mix.close(store, row, k=3)
    await kept(store, replace(SURVEY, state=Survey.ARCHIVED, revision=2))

    assert [row.state for row in await surveys.listed(store)] == ["archived"]


async def test_of_surveys_only_drafts_are_erased(store: Store) -> None:
    await kept(store, SURVEY)
    deed = Deed(NOON, "Kaisa", "survey_erased")
    assert await records.change(store, Changed(erase=(SURVEY,), trail=(deed,)))
    assert await surveys.listed(store) == []
    await kept(store, replace(SURVEY, state=Survey.OPEN))

    assert not await records.change(store, Changed(erase=(SURVEY,), trail=(deed, deed)))

    assert len(await surveys.listed(store)) == 1
    assert len((await records.panel(store, HELSINKI, whole=True)).trail) == 1


async def test_nobody_is_in_the_files_in_clear(store: Store, tmp_path: Path) -> None:
    await kept(store, MEMBER, COORDINATOR, MEETING, INVITATION, BROADCAST, POINTER)
    await records.lay(
        store, MATTI, Task("joining", "name", given={"name": MEMBER.name}), expires=DAY
    )
    deed = Deed(NOON, COORDINATOR.name, "member_joined", about=MEMBER.name)
    assert await records.change(store, Changed(plan=(NEWS,), trail=(deed,)))

    words = (
        MEMBER.name,
        MEMBER.contact,
        COORDINATOR.name,
        MEETING.link,
        MEETING.passcode,
        "Tervetuloa",
        "Haku on auki",
        POINTER.to,
    )
    assert found(tmp_path / "data", chats=(MATTI, KAISA), words=words) == set()


async def test_a_change_of_what_has_changed_meanwhile_is_refused_as_a_whole(store: Store) -> None:
    await kept(store, MEMBER, MEETING)
    seen, _ = await records.find(store, MATTI)
    assert seen is not None
    await kept(store, replace(seen, contact="040 000 0002"))
    deed = Deed(NOON, "Kaisa", "member_corrected")

    late = replace(seen, contact="040 000 0003")
    other = replace(MEETING, revision=1, passcode="new")
    assert not await records.change(store, Changed(keep=(other, late), plan=(NEWS,), trail=(deed,)))

    panel = await records.panel(store, HELSINKI, whole=True)
    assert panel.members[0].contact == "040 000 0002"
    assert panel.meetings[0].passcode == MEETING.passcode
    assert panel.trail == ()
    assert await announcements.reports(store, "") == {}


async def test_nothing_is_made_twice_under_one_key_or_for_one_chat(store: Store) -> None:
    await kept(store, MEMBER)

    assert not await records.change(store, Changed(keep=(MEMBER,)))
    assert not await records.change(store, Changed(keep=(replace(MEMBER, key=bytes(16)),)))

    assert len((await records.panel(store, HELSINKI)).members) == 1


async def test_the_last_answer_to_a_meeting_stands(store: Store) -> None:
    await kept(store, MEMBER, MEETING)
    for coming in (Coming.IN, Coming.MAYBE):
        answer = Attendance(MEETING.key, MEMBER.key, coming, revision=1)
        assert await records.change(store, Changed(keep=(answer,)))

    panel = await records.panel(store, HELSINKI)
    assert panel.coming(MEETING, MEMBER) is Coming.MAYBE


async def test_an_answer_to_what_a_meeting_was_before_is_refused(store: Store) -> None:
    await kept(store, MEMBER, MEETING)
    answer = Attendance(MEETING.key, MEMBER.key, Coming.IN, revision=1)
    assert await records.change(store, Changed(keep=(answer,)))
    moved = replace(MEETING, start=EVENING + timedelta(days=1), revision=1)
    assert await records.change(store, Changed(keep=(moved,), ask_again=(MEETING.key,)))

    assert not await records.change(store, Changed(keep=(answer,)))

    assert dict((await records.panel(store, HELSINKI)).attendance) == {}


async def test_one_members_answer_to_one_meeting_is_asked_anew(store: Store) -> None:
    other = replace(MEMBER, key=b"another-member-0", chat=None)
    later = replace(MEETING, key=b"another-meeting-")
    await kept(store, MEMBER, other, MEETING, later)
    answers = [
        Attendance(meeting.key, member.key, Coming.IN, revision=1)
        for meeting, member in ((MEETING, MEMBER), (MEETING, other), (later, MEMBER))
    ]
    assert await records.change(store, Changed(keep=answers))

    assert await records.change(store, Changed(ask_anew=((MEETING.key, MEMBER.key),)))

    panel = await records.panel(store, HELSINKI)
    assert set(panel.attendance) == {(MEETING.key, other.key), (later.key, MEMBER.key)}


async def test_who_is_erased_leaves_nothing(store: Store) -> None:
    await kept(store, MEMBER, MEETING)
    answer = Attendance(MEETING.key, MEMBER.key, Coming.IN, revision=1)
    to_her = replace(NEWS, occasion="seat:1", audience=Audience(Circle.PERSON, MEMBER.key.hex()))
    assert await records.change(store, Changed(keep=(answer,), plan=(to_her,)))

    assert await records.change(store, Changed(erase=(MEMBER,)))

    panel = await records.panel(store, HELSINKI)
    assert (panel.members, dict(panel.attendance)) == ((), {})
    assert await announcements.reports(store, "") == {}


async def test_who_wants_no_more_news_leaves_no_trace_of_what_was_sent(store: Store) -> None:
    await subscribers.add(store, MATTI, "fi")
    await subscribers.add(store, KAISA, "sv")
    told = replace(NEWS, audience=Audience(Circle.SUBSCRIBERS))
    assert await records.change(store, Changed(plan=(told,)))
    [due] = await announcements.current(store, EVENING)
    await announcements.write_out(store, due, None)

    await subscribers.remove(store, MATTI)

    report = (await announcements.reports(store, ""))[NEWS.occasion]
    assert report.counts == {State.WAITING: 1}


async def test_what_was_announced_is_forgotten_when_it_has_ended_for_long(store: Store) -> None:
    later = replace(NEWS, occasion="later", expires=EVENING + timedelta(days=9))
    assert await records.change(store, Changed(plan=(NEWS, later)))
    assert await records.change(store, Changed(withdraw=("meeting:",)))
    async with store.writing() as connection:
        for one in await announcements.current(store, NOON):
            await announcements.end(connection, one.key)

    await announcements.forget(store, EVENING + timedelta(days=1))

    assert set(await announcements.reports(store, "")) == {"later"}


async def test_an_erased_meeting_takes_its_answers_along(store: Store) -> None:
    await kept(store, MEMBER, MEETING)
    answer = Attendance(MEETING.key, MEMBER.key, Coming.IN, revision=1)
    assert await records.change(store, Changed(keep=(answer,)))

    assert await records.change(store, Changed(erase=(MEETING,)))

    panel = await records.panel(store, HELSINKI)
    assert (panel.meetings, dict(panel.attendance)) == ((), {})


async def test_a_task_is_kept_until_it_is_done(store: Store) -> None:
    task = Task("calling", "theme", "sv", {"link": MEETING.link}, card=7)
    await records.lay(store, KAISA, task, expires=DAY)
    await records.lay(store, MATTI, Task("joining", "name"), expires=DAY)
    assert await records.task(store, KAISA) == task

    await records.lay(store, KAISA, None, expires=DAY)

    assert await records.task(store, KAISA) is None
    assert await records.task(store, MATTI) == Task("joining", "name")


async def test_what_was_half_told_goes_after_its_last_day(store: Store) -> None:
    await records.lay(store, MATTI, Task("joining", "name"), expires=DAY)

    await records.purge(store, DAY)
    assert await records.task(store, MATTI) is not None
    await records.purge(store, DAY + timedelta(days=1))

    assert await records.task(store, MATTI) is None


async def test_who_is_erased_leaves_nothing_half_told(store: Store) -> None:
    await kept(store, COORDINATOR)
    await records.lay(store, KAISA, Task("calling", "theme"), expires=DAY)

    assert await records.change(store, Changed(erase=(COORDINATOR,)))

    assert await records.task(store, KAISA) is None


async def test_the_trail_is_read_from_the_newest_and_forgotten_in_time(store: Store) -> None:
    old = Deed(NOON - timedelta(days=800), "Kaisa", "meeting_called")
    new = Deed(NOON, "Kaisa", "meeting_cancelled", about="Yhdenvertaisuus")
    assert await records.change(store, Changed(trail=(old, new)))
    assert (await records.panel(store, HELSINKI, whole=True)).trail == (new, old)
    assert (await records.panel(store, HELSINKI)).trail == ()

    await records.forget_trail(store, HELSINKI, DAY)

    assert (await records.panel(store, HELSINKI, whole=True)).trail == (new,)


async def test_what_another_key_sealed_is_passed_over_with_a_line(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await kept(store, MEMBER, MEETING)
    strange = Keys.load(tmp_path / "other")
    other = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/data/raati.db", strange)
    with caplog.at_level(logging.WARNING):
        panel = await records.panel(other, HELSINKI)
    await other.close()

    assert (panel.members, panel.meetings) == ((), ())
    assert "does not open" in caplog.text
    assert MEMBER.name not in caplog.text
