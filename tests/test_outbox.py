"""The outbox: what is announced comes to each person once, in order, at its hour, whatever Telegram
does; and what becomes of each delivery stands in the report."""

from __future__ import annotations

import asyncio
import itertools
import logging
import sqlite3
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import insert, select

from bot.outbox import AT_ONCE
from bot.sandbox.faults import Cut, Delay, Flood, Refused, Trouble
from dialogs.announcement import (
    ANNOUNCEMENT,
    DELIVERY,
    Audience,
    Circle,
    Priority,
    Stage,
    State,
    Step,
    Turn,
    turn,
)
from dialogs.languages import LANGUAGES
from dialogs.panel.records import Attendance, Coming, Meeting, Standing
from dialogs.screens import Card, Line, Own
from storage import announcements, deliveries, records
from storage.lease import Lease, NotHeld
from storage.tables import announcements as announced
from storage.tables import deliveries as deliveries_table
from storage.tables import members, subscribers
from storage.walking import walked
from tests.outbox_office import Office, office, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


MEETING = b"m" * 16


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Office]:
    async with office(tmp_path) as one:
        yield one


def said(here: Office) -> list[str]:
    """What arrived, in the order it did."""
    return [entry.text for entry in here.sandbox.log.arrived]


async def flooded(here: Office, seconds: int = 1) -> None:
    """What is in hand meets a flood, whose pause has not begun to pass."""
    here.soon.goes.clear()
    here.sandbox.faults.meet("sendMessage", *[Flood(seconds)] * AT_ONCE)
    await here.start()
    await until(lambda: len(here.sandbox.log) > 0)
    await until(lambda: not (here.outbox._hands or here.outbox._done))
    here.sandbox.faults.calm()


async def nudged(here: Office) -> Audience:
    """There is a meeting; those who have not answered it."""
    start = here.clock() + timedelta(days=3)
    meeting = Meeting(MEETING, start, start + timedelta(hours=2), {"fi": "Aihe"}, "")
    assert await records.change(here.store, records.Changed(keep=[meeting]))
    return Audience(Circle.UNANSWERED, MEETING.hex())


async def claimed(here: Office, occasion: str) -> int:
    """How many are in hand by the database."""
    return (await here.states(occasion)).get("sending", 0)


# the table


@pytest.mark.parametrize(("state", "happened"), [*itertools.product(State, Turn)])
def test_a_delivery_goes_by_the_table_and_by_nothing_else(state: State, happened: Turn) -> None:
    ways = {
        (State.WAITING, Turn.CLAIMED): State.SENDING,
        (State.WAITING, Turn.BLOCKED): State.LEFT,
        (State.WAITING, Turn.TOO_LATE): State.EXPIRED,
        (State.WAITING, Turn.TAKEN_BACK): State.WITHDRAWN,
        (State.SENDING, Turn.ARRIVED): State.SENT,
        (State.SENDING, Turn.BLOCKED): State.LEFT,
        (State.SENDING, Turn.REFUSED): State.FAILED,
        (State.SENDING, Turn.PUT_OFF): State.WAITING,
        (State.SENDING, Turn.LOST_SIGHT): State.UNCERTAIN,
        (State.UNCERTAIN, Turn.CLAIMED): State.SENDING,
        (State.UNCERTAIN, Turn.BLOCKED): State.LEFT,
        (State.UNCERTAIN, Turn.TOO_LATE): State.EXPIRED,
        (State.UNCERTAIN, Turn.TAKEN_BACK): State.WITHDRAWN,
        (State.LEFT, Turn.CAME_BACK): State.WAITING,
        (State.LEFT, Turn.TAKEN_BACK): State.WITHDRAWN,
    }
    assert turn(state, happened) == ways.get((state, happened))


async def test_the_database_walks_the_same_table(here: Office) -> None:
    for happened in Turn:
        of = happened.name.encode().ljust(16)
        rows = [
            {
                "announcement": of,
                "person": state.name.encode().ljust(16),
                "state": str(state),
                "edition": 0,
                "doubted": False,
            }
            for state in State
        ]
        mine = deliveries_table.c.announcement == of
        async with here.store.writing() as connection:
            await connection.execute(insert(deliveries_table), rows)
            await connection.execute(walked(deliveries_table, DELIVERY, happened).where(mine))
            asked = select(deliveries_table.c.person, deliveries_table.c.state).where(mine)
            found = {row.person: row.state for row in await connection.execute(asked)}
        assert found == {
            state.name.encode().ljust(16): turn(state, happened) or state for state in State
        }


async def test_an_announcement_goes_by_its_table(here: Office) -> None:
    await here.announces(*(here.announcement(str(stage)) for stage in Stage))
    for step in Step:
        async with here.store.writing() as connection:
            for stage in Stage:
                its = announced.c.occasion == str(stage)
                await connection.execute(announced.update().where(its).values(state=str(stage)))
            await connection.execute(walked(announced, ANNOUNCEMENT, step))
            asked = select(announced.c.occasion, announced.c.state)
            found = {row.occasion: row.state for row in await connection.execute(asked)}
        assert found == {stage: ANNOUNCEMENT.get((stage, step), stage) for stage in Stage}


# who gets it


async def test_everybody_of_the_circle_gets_it_once_in_their_language(here: Office) -> None:
    persons = {language: await here.member(language) for language in ("fi", "sv", "en")}
    await here.announces(here.announcement("kutsu"))
    await here.rests()
    assert {language: person.heard for language, person in persons.items()} == {
        "fi": ["kutsu (fi)"],
        "sv": ["kutsu (sv)"],
        "en": ["kutsu (en)"],
    }
    assert await here.states("kutsu") == {"sent": 3}


async def test_announcing_again_changes_nothing(here: Office) -> None:
    person = await here.member()
    for _ in range(2):
        await here.announces(here.announcement("kutsu"))
        await here.rests()
    await here.announces(here.announcement("kutsu", "muuta"))
    await here.rests()
    assert person.heard == ["kutsu (fi)"]


async def test_each_circle_is_its_own(here: Office) -> None:
    member, reserve = await here.member(), await here.member(standing=Standing.RESERVE)
    ended, offline = (
        await here.member(standing=Standing.ENDED),
        await here.member(phone=False),
    )
    coordinator, subscriber = await here.coordinator(), await here.subscriber()
    for circle in (Circle.MEMBERS, Circle.COORDINATORS, Circle.SUBSCRIBERS):
        await here.announces(here.announcement(circle, audience=Audience(circle)))
    for number, person in enumerate((member, reserve, ended, coordinator, subscriber, offline)):
        audience = Audience(Circle.PERSON, person.key.hex())
        await here.announces(here.announcement(f"one {number}", audience=audience))
    await here.rests()
    assert sorted(member.heard) == ["members (fi)", "one 0 (fi)"]
    assert reserve.heard == ["one 1 (fi)"]
    assert ended.heard == ["one 2 (fi)"]
    assert sorted(coordinator.heard) == ["coordinators (fi)", "one 3 (fi)"]
    assert sorted(subscriber.heard) == ["one 4 (fi)", "subscribers (fi)"]
    assert offline.heard == []
    assert await here.states("one 5") == {}


async def test_a_nudge_comes_to_those_who_have_not_answered(here: Office) -> None:
    silent, answered = await here.member(), await here.member()
    unanswered = await nudged(here)
    coming = Attendance(MEETING, answered.key, Coming.MAYBE, revision=1)
    assert await records.change(here.store, records.Changed(keep=[coming]))
    await here.announces(here.announcement("tuletko", audience=unanswered))
    await here.rests()
    assert (silent.heard, answered.heard) == (["tuletko (fi)"], [])


async def test_who_answers_while_the_nudge_waits_is_not_nudged(here: Office) -> None:
    silent, answers = await here.members(2)
    unanswered = await nudged(here)
    here.clock.becomes("2027-01-28 22:00")
    await here.announces(here.announcement("tuletko", audience=unanswered))
    await here.rests()
    assert await here.states("tuletko") == {"waiting": 2}
    coming = Attendance(MEETING, answers.key, Coming.IN, revision=1)
    assert await records.change(here.store, records.Changed(keep=[coming]))
    here.clock.becomes("2027-01-29 09:00")
    await here.rests()
    assert (silent.heard, answers.heard) == (["tuletko (fi)"], [])
    assert await here.states("tuletko") == {"sent": 1, "withdrawn": 1}


async def test_who_has_answered_the_nudge_gets_its_correction(here: Office) -> None:
    person = await here.member()
    unanswered = await nudged(here)
    await here.announces(here.announcement("tuletko", audience=unanswered))
    await here.rests()
    coming = Attendance(MEETING, person.key, Coming.IN, revision=1)
    assert await records.change(here.store, records.Changed(keep=[coming]))
    await here.corrects(here.announcement("tuletko", "korjattu", audience=unanswered))
    await here.rests()
    assert person.heard == ["korjattu (fi)"]


async def test_boxes_that_do_not_open_do_not_hold_up_who_else_writes(
    here: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries, "LOOKED_AT", 8)
    person = await here.subscriber()
    closed = [
        {"key": bytes([n]) * 16, "tag": bytes([n]) * 16, "box": b"x" * 64, "gone": False}
        for n in range(20)
    ]
    async with here.store.writing() as connection:
        await connection.execute(insert(subscribers), closed)
    await here.announces(here.announcement("tiedote", audience=Audience(Circle.SUBSCRIBERS)))
    async with here.lease.taken():
        [one] = await announcements.current(here.store, here.wall())
        await announcements.write_out(here.store, one, None)
        [one] = await announcements.current(here.store, here.wall())
        _, more = await deliveries.go_on(here.store, here.lease, [], [one], most=2, but=())
        assert more
        assert (await here.states("tiedote"))["withdrawn"] <= 8
    await here.rests()
    assert person.heard == ["tiedote (fi)"]
    assert await here.states("tiedote") == {"sent": 1, "withdrawn": 20}


async def test_it_is_for_the_persons_of_the_moment_it_is_due(here: Office) -> None:
    early = await here.member()
    due = here.wall() + timedelta(hours=2)
    await here.announces(here.announcement("muistutus", due=due))
    await here.rests()
    assert early.heard == []
    late = await here.member()
    here.clock.passes(hours=2)
    await here.rests()
    later = await here.member()
    await here.rests()
    assert (early.heard, late.heard, later.heard) == (["muistutus (fi)"], ["muistutus (fi)"], [])


async def test_who_is_not_there_any_more_gets_nothing(here: Office) -> None:
    persons = await here.members(2)
    ending = await here.member()
    here.pace.pause(5)
    async with here.lease.taken():
        await here.announces(here.announcement("kutsu"))
        [one] = await announcements.current(here.store, here.wall())
        assert await announcements.write_out(here.store, one, None) is None
    panel = await records.panel(here.store, here.wall().tzinfo)  # type: ignore[arg-type]
    erased = panel.member(persons[0].key)
    over = panel.member(ending.key)
    assert erased is not None
    assert over is not None
    async with here.store.writing() as connection:  # the delivery itself is left behind
        await connection.execute(members.delete().where(members.c.key == erased.key))
        await connection.execute(
            members.update().where(members.c.key == over.key).values(standing="ended")
        )
    await here.rests()
    assert [person.heard for person in (*persons, ending)] == [[], ["kutsu (fi)"], []]
    assert await here.states("kutsu") == {"sent": 1, "withdrawn": 2}


async def test_a_big_audience_is_written_in_batches_and_again_after_a_crash(
    here: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcements, "BATCH", 4)
    persons = await here.members(10)
    await here.announces(here.announcement("kutsu"))
    [one] = await announcements.current(here.store, here.wall())
    after = await announcements.write_out(here.store, one, None)
    assert after is not None
    assert await here.states("kutsu") == {"waiting": 4}
    await here.rests()  # another process, which knows nothing of the first batch
    assert [person.heard for person in persons] == [["kutsu (fi)"]] * 10


# order and hours


async def test_changes_go_first_then_reminders_then_broadcasts_each_by_when_it_is_due(
    here: Office,
) -> None:
    await here.members(3)
    now = here.wall()
    for kind, minutes in itertools.product(Priority, (3, 1, 2)):
        due = now - timedelta(minutes=minutes)
        await here.announces(here.announcement(f"{kind.name} {minutes}", priority=kind, due=due))
    await here.rests()
    first = list(dict.fromkeys(said(here)))
    assert first == [f"{kind.name} {minutes} (fi)" for kind in Priority for minutes in (3, 2, 1)]


async def test_what_comes_meanwhile_and_is_more_urgent_goes_before_what_waits(
    here: Office,
) -> None:
    await here.members(3 * AT_ONCE)
    await here.announces(here.announcement("tiedote", priority=Priority.BROADCAST))
    await flooded(here)
    await here.announces(here.announcement("peruttu", priority=Priority.CHANGE))
    here.soon.goes.set()
    await here.rests()
    assert set(said(here)[: 2 * AT_ONCE]) == {"peruttu (fi)"}
    assert await here.states("tiedote") == {"sent": 3 * AT_ONCE}


async def test_in_quiet_hours_only_a_change_is_told_and_without_sound(here: Office) -> None:
    person = await here.member()
    here.clock.becomes("2027-01-27 21:00")
    for kind in Priority:
        await here.announces(here.announcement(kind.name, priority=kind))
    await here.rests()
    assert person.heard == ["CHANGE (fi)"]
    here.clock.becomes("2027-01-28 07:59")
    await here.rests()
    assert person.heard == ["CHANGE (fi)"]
    here.clock.becomes("2027-01-28 08:00")
    await here.rests()
    assert person.heard == ["CHANGE (fi)", "REMINDER (fi)", "BROADCAST (fi)"]
    assert [entry.silent for entry in here.sandbox.log.arrived] == [True, False, False]


async def test_what_is_late_beyond_its_use_expires_and_the_report_says_so(here: Office) -> None:
    persons = await here.members(3)
    await here.announces(
        here.announcement("tunnin päästä", expires=here.wall() + timedelta(hours=1))
    )
    here.clock.passes(hours=1)
    await here.rests()
    assert [person.heard for person in persons] == [[], [], []]
    report = await here.report("tunnin päästä")
    assert report.counts == {State.EXPIRED: 3}
    assert set(report.missed) == {person.key for person in persons}


async def test_what_waits_for_the_morning_expires_when_it_is_of_no_more_use(here: Office) -> None:
    person = await here.member()
    here.clock.becomes("2027-01-27 21:30")
    await here.announces(here.announcement("ilta", expires=here.wall() + timedelta(hours=1)))
    await here.rests()
    assert await here.states("ilta") == {"waiting": 1}
    here.clock.becomes("2027-01-28 08:00")
    await here.rests()
    assert (person.heard, await here.states("ilta")) == ([], {"expired": 1})


async def test_a_big_audience_expires_in_batches(
    here: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries, "BATCH", 2)
    await here.members(5)
    await here.announces(here.announcement("myöhässä", expires=here.wall()))
    await here.rests()
    assert await here.states("myöhässä") == {"expired": 5}


# taking back and correcting


async def test_what_is_taken_back_is_not_sent(here: Office) -> None:
    person = await here.member()
    due = here.wall() + timedelta(hours=1)
    await here.announces(
        here.announcement("meeting:1:0:invite"),
        here.announcement("meeting:1:0:remind-1", due=due),
        here.announcement("meeting:10:0:remind-1", due=due),
        here.announcement("meeting_1:0", due=due),
    )
    await here.rests()
    await here.withdraws("meeting:1:", "MEETING", "meeting%")
    here.clock.passes(hours=2)
    await here.rests()
    assert person.heard[0] == "meeting:1:0:invite (fi)"
    assert sorted(person.heard[1:]) == ["meeting:10:0:remind-1 (fi)", "meeting_1:0 (fi)"]
    await here.announces(here.announcement("meeting:1:0:remind-1"))
    await here.rests()
    assert len(person.heard) == 3


async def test_taking_back_midway_stops_it_before_the_next_claim(here: Office) -> None:
    await here.members(4 * AT_ONCE)
    await here.announces(here.announcement("tiedote"))
    await flooded(here)
    await here.withdraws("tiedote")
    here.soon.goes.set()
    await here.rests()
    assert (said(here), await here.states("tiedote")) == ([], {"withdrawn": 4 * AT_ONCE})


async def test_a_correction_changes_the_message_that_was_received(here: Office) -> None:
    got = await here.members(20)
    await here.announces(here.announcement("kutsu"))
    await here.rests()
    await here.corrects(here.announcement("kutsu", "korjattu"))
    await here.rests()
    assert [person.heard for person in got] == [["korjattu (fi)"]] * 20
    assert len(said(here)) == 20  # and no second message


async def test_who_still_waits_gets_the_corrected_text(here: Office) -> None:
    person = await here.member()
    here.clock.becomes("2027-01-27 22:00")
    await here.announces(here.announcement("kutsu"))
    await here.rests()
    await here.corrects(here.announcement("kutsu", "korjattu"))
    here.clock.becomes("2027-01-28 08:00")
    await here.rests()
    assert person.heard == ["korjattu (fi)"]
    assert "editMessageText" not in {call.method for call in here.sandbox.calls}


async def test_a_correction_reaches_also_what_has_ended_and_is_done_once(here: Office) -> None:
    person = await here.member()
    await here.announces(here.announcement("kutsu", expires=here.wall() + timedelta(hours=1)))
    await here.rests()
    here.clock.passes(hours=5)
    await here.rests()
    for _ in range(2):
        await here.corrects(here.announcement("kutsu", "korjattu"))
        await here.rests()
    assert person.heard == ["korjattu (fi)"]
    edits = [call for call in here.sandbox.calls if call.method == "editMessageText"]
    assert len(edits) == 1
    assert await announcements.current(here.store, here.wall()) == []


async def test_a_message_that_is_gone_or_says_so_already_is_left(here: Office) -> None:
    gone, same, blocked, kept = await here.members(4)
    await here.announces(here.announcement("kutsu"))
    await here.rests()
    gone.phone.chat.messages.clear()
    blocked.phone.chat.blocked = True
    stands = same.phone.chat.messages[same.phone.messages[0].id]
    stands["text"] = "korjattu (fi)"
    await here.corrects(here.announcement("kutsu", "korjattu"))
    await here.rests()
    heard = [person.heard for person in (gone, same, blocked, kept)]
    assert heard == [[], ["korjattu (fi)"], ["kutsu (fi)"], ["korjattu (fi)"]]
    blocked.phone.chat.blocked = False
    await here.outbox.came_back(blocked.phone.chat_id)
    await here.rests()
    assert blocked.heard == ["korjattu (fi)"]


async def test_an_edit_that_telegram_does_not_take_is_tried_again(here: Office) -> None:
    persons = await here.members(3)
    await here.announces(here.announcement("kutsu"))
    await here.rests()
    here.sandbox.faults.meet("editMessageText", Trouble(), Flood(1), Cut(before=False))
    await here.corrects(here.announcement("kutsu", "korjattu"))
    await here.rests()
    assert [person.heard for person in persons] == [["korjattu (fi)"]] * 3


# what Telegram does


async def test_a_flood_holds_that_message_and_then_all(here: Office) -> None:
    persons = await here.members(3 * AT_ONCE)
    await here.announces(here.announcement("kutsu"))
    await flooded(here, seconds=7)
    tried = len(here.sandbox.log)
    assert tried <= AT_ONCE
    here.outbox.wake()
    await until(lambda: not here.outbox._woken.is_set())
    assert len(here.sandbox.log) == tried
    assert await here.states("kutsu") == {"waiting": 3 * AT_ONCE}
    here.soon.goes.set()
    await here.rests()
    assert here.soon.now >= 7
    assert [person.heard for person in persons] == [["kutsu (fi)"]] * 3 * AT_ONCE
    assert (await here.report("kutsu")).doubled == 0


@pytest.mark.parametrize("fault", [Trouble(), Trouble(500), Cut(before=True), Cut(before=False)])
async def test_trouble_is_tried_again_and_doubt_is_counted(here: Office, fault: Any) -> None:
    persons = await here.members(12)
    await here.announces(here.announcement("kutsu"))
    here.sandbox.faults.meet("sendMessage", *[fault] * 5)
    await here.rests()
    assert all(person.heard for person in persons)
    report = await here.report("kutsu")
    assert (report.counts, report.doubled) == ({State.SENT: 12}, 5)
    twice = sum(len(person.heard) - 1 for person in persons)
    assert twice == (5 if fault == Cut(before=False) else 0)


async def test_through_a_storm_everybody_gets_it_and_all_doubt_is_counted(here: Office) -> None:
    persons = await here.members(150)
    for person in persons[:10]:
        person.phone.chat.blocked = True
    here.sandbox.faults.storm(
        "sendMessage",
        {Flood(3): 0.1, Trouble(): 0.1, Cut(before=True): 0.1, Cut(before=False): 0.1},
        Random(7),
    )
    await here.announces(here.announcement("kutsu"))
    await here.rests()
    assert [person for person in persons[10:] if not person.heard] == []
    report = await here.report("kutsu")
    assert report.counts == {State.SENT: 140, State.LEFT: 10}
    assert set(report.missed) == {person.key for person in persons[:10]}
    doubled = sum(len(person.heard) > 1 for person in persons)
    assert 0 < doubled <= report.doubled


async def test_where_telegram_is_away_nothing_is_in_doubt(here: Office) -> None:
    person = await here.member()
    url = here.sandbox.url
    await here.sandbox.stop()
    await here.announces(here.announcement("kutsu"))
    await here.start()
    await until(lambda: here.outbox._failures > 0)
    await here.sandbox.start(int(url.rsplit(":", 1)[1]))
    await here.rests()
    report = await here.report("kutsu")
    assert (person.heard, report.doubled) == (["kutsu (fi)"], 0)


async def test_while_telegram_takes_nothing_one_at_a_time_tries(
    here: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "raati.outbox")
    await here.members(5 * AT_ONCE)
    await here.announces(here.announcement("kutsu"))
    here.sandbox.faults.meet("sendMessage", *[Trouble()] * (AT_ONCE + 6))
    await here.rests()
    report = await here.report("kutsu")
    assert report.counts == {State.SENT: 5 * AT_ONCE}
    assert report.doubled <= AT_ONCE + 6
    lines = [record.getMessage() for record in caplog.records]
    assert lines == [
        "Telegram does not take messages (TelegramServerError). They are tried again.",
        "Telegram takes messages again.",
    ]


async def test_what_telegram_never_takes_does_not_stop_what_it_takes(here: Office) -> None:
    persons = await here.members(3 * AT_ONCE)
    here.sandbox.faults.storm("sendDocument", {Trouble(500): 1.0}, Random(1))
    with_file = {
        language: Card(language, ((Line(Own("liite")),),), file="FILEID") for language in LANGUAGES
    }
    now, hour = here.wall(), timedelta(hours=1)
    await here.announces(
        here.announcement("liite", cards=with_file, due=now - hour, priority=Priority.CHANGE),
        here.announcement("kutsu", priority=Priority.CHANGE),
    )
    await here.start()

    def arrived() -> int:
        return len(here.sandbox.log.arrived)

    def tried() -> int:
        return len(here.sandbox.log) - arrived()

    await until(lambda: arrived() == 3 * AT_ONCE or tried() > 50 * AT_ONCE)
    assert [person.heard for person in persons] == [["kutsu (fi)"]] * 3 * AT_ONCE
    await here.announces(here.announcement("muistutus"))
    here.outbox.wake()
    before = tried()
    await until(lambda: arrived() == 6 * AT_ONCE or tried() > before + 50 * AT_ONCE)
    assert arrived() == 6 * AT_ONCE


async def test_what_telegram_takes_nothing_of_waits_for_itself_alone(
    here: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    pause, pauses = here.pace.pause, []
    waited: list[int] = []

    def paused(seconds: float) -> None:
        pauses.append(seconds)
        pause(seconds)

    def wait(times: int) -> float:
        waited.append(times)
        return 0.001

    monkeypatch.setattr(here.pace, "pause", paused)
    await here.members(4 * AT_ONCE)
    here.outbox = here.another(wait)
    here.sandbox.faults.meet("sendMessage", *[Trouble(500)] * (AT_ONCE + 4))
    await here.announces(here.announcement("kutsu"))
    await here.rests()
    assert await here.states("kutsu") == {"sent": 4 * AT_ONCE}
    assert len(pauses) == 1  # of all that is unprompted
    assert max(waited) >= 5  # the announcement waits longer and longer


async def test_no_more_than_so_many_are_under_way_and_nothing_is_held_open_meanwhile(
    here: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    carry_out, goes = here.sandbox._carry_out, asyncio.Event()
    under_way, most = 0, 0

    async def slow(*call: Any) -> Any:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await goes.wait()
        under_way -= 1
        return await carry_out(*call)

    monkeypatch.setattr(here.sandbox, "_carry_out", slow)
    await here.members(4 * AT_ONCE)
    await here.announces(here.announcement("kutsu"))
    await here.start()
    await until(lambda: under_way >= AT_ONCE)
    for _ in range(3):
        here.outbox.wake()
        await until(lambda: not here.outbox._woken.is_set())
        await here.member()  # somebody else writes
        await here.announces(here.announcement("toinen"))
    assert under_way == AT_ONCE
    goes.set()
    await here.rests()
    assert most == AT_ONCE


async def test_waits_grow_until_it_expires(here: Office) -> None:
    from bot.outbox import growing

    assert [growing(times) for times in range(1, 9)] == [1, 2, 4, 8, 16, 32, 60, 60]
    await here.member()
    waited: list[int] = []

    def wait(times: int) -> float:
        waited.append(times)
        here.clock.passes(minutes=10)
        return 0.001

    here.outbox = here.another(wait)
    here.sandbox.faults.meet("sendMessage", *[Trouble()] * 50)
    await here.announces(here.announcement("kutsu", expires=here.wall() + timedelta(hours=1)))
    await here.rests()
    assert waited == [1, 2, 3, 4, 5, 6]
    assert await here.states("kutsu") == {"expired": 1}


async def test_whoever_has_blocked_the_bot_is_left_alone_until_they_come_back(
    here: Office,
) -> None:
    stays, leaves = await here.members(2)
    leaves.phone.chat.blocked = True
    await here.announces(here.announcement("kutsu"))
    await here.rests()
    await here.announces(here.announcement("muistutus"))
    await here.rests()
    tried = [call for call in here.sandbox.calls if call.params["chat_id"] == leaves.phone.chat_id]
    assert len(tried) == 1
    assert stays.heard == ["kutsu (fi)", "muistutus (fi)"]
    for occasion in ("kutsu", "muistutus"):
        report = await here.report(occasion)
        assert report.counts == {State.SENT: 1, State.LEFT: 1}
        assert report.missed == (leaves.key,)
    leaves.phone.chat.blocked = False
    await here.outbox.came_back(leaves.phone.chat_id)
    await here.rests()
    assert sorted(leaves.heard) == ["kutsu (fi)", "muistutus (fi)"]


async def test_what_is_of_no_more_use_does_not_wait_for_who_comes_back(here: Office) -> None:
    person = await here.member()
    await here.outbox.left(person.phone.chat_id)
    await here.announces(here.announcement("kutsu", expires=here.wall() + timedelta(hours=1)))
    await here.rests()
    here.clock.passes(hours=2)
    await here.rests()
    await here.outbox.came_back(person.phone.chat_id)
    await here.rests()
    assert (person.heard, await here.states("kutsu")) == ([], {"left": 1})


async def test_whoever_leaves_while_it_waits_is_told_apart_at_the_claim(here: Office) -> None:
    person = await here.member()
    here.clock.becomes("2027-01-27 22:00")
    await here.announces(here.announcement("kutsu"))
    await here.rests()
    await here.outbox.left(person.phone.chat_id)
    here.clock.becomes("2027-01-28 08:00")
    await here.rests()
    assert (said(here), await here.states("kutsu")) == ([], {"left": 1})


async def test_subscribers_and_coordinators_leave_and_come_back_too(here: Office) -> None:
    persons = [await here.coordinator(), await here.subscriber()]
    for person in persons:
        await here.outbox.left(person.phone.chat_id)
    for circle in (Circle.COORDINATORS, Circle.SUBSCRIBERS):
        await here.announces(here.announcement(circle, audience=Audience(circle)))
    await here.rests()
    assert [person.heard for person in persons] == [[], []]
    for person in persons:
        await here.outbox.came_back(person.phone.chat_id)
    await here.rests()
    assert [person.heard for person in persons] == [["coordinators (fi)"], ["subscribers (fi)"]]


async def test_what_telegram_refuses_fails_and_one_line_says_what_kind(
    here: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "raati.outbox")
    person = await here.member()
    here.sandbox.faults.meet("sendMessage", Refused("Bad Request: chat not found"))
    await here.announces(here.announcement("kutsu"))
    await here.rests()
    report = await here.report("kutsu")
    assert (report.counts, report.missed) == ({State.FAILED: 1}, (person.key,))
    assert [r.getMessage() for r in caplog.records] == [
        "Telegram refused: Bad Request: chat not found"
    ]


async def test_the_log_holds_no_text_and_no_chat(
    here: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    persons = await here.members(9)
    persons[0].phone.chat.blocked = True
    here.sandbox.faults.meet(
        "sendMessage", Flood(1), Trouble(), Cut(before=True), Refused("Bad Request: chat not found")
    )
    await here.announces(here.announcement("kutsu", "salainen linkki"))
    await here.rests()
    told = caplog.text
    assert "salainen" not in told
    assert not any(str(person.phone.chat_id) in told for person in persons)


async def test_what_cannot_be_opened_fails_and_does_not_stop_the_rest(here: Office) -> None:
    person = await here.member()
    await here.announces(here.announcement("kutsu"), here.announcement("toinen"))
    async with here.store.writing() as connection:
        await connection.execute(
            announced.update().where(announced.c.occasion == "kutsu").values(box=b"x" * 60)
        )
    await here.rests()
    assert person.heard == ["toinen (fi)"]
    assert await here.states("kutsu") == {"failed": 1}


async def test_a_failing_database_is_waited_out(
    here: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    persons = await here.members(20)
    go_on, times = deliveries.go_on, iter(range(100))

    async def failing(*about: Any, **named: Any) -> Any:
        claimed = await go_on(*about, **named)
        if next(times) % 2:
            raise sqlite3.OperationalError  # after the commit: what was claimed is not known
        return claimed

    monkeypatch.setattr("bot.outbox.EVERY", 0.01)
    monkeypatch.setattr(deliveries, "go_on", failing)
    await here.announces(here.announcement("kutsu"))
    await here.rests()
    assert [person.heard for person in persons] == [["kutsu (fi)"]] * 20
    assert await here.states("kutsu") == {"sent": 20}
    assert "the outbox stands still (OperationalError)" in caplog.text


# beginning and end


async def test_a_stop_finishes_what_is_on_its_way_and_gives_back_the_rest(here: Office) -> None:
    persons = await here.members(20)
    await here.announces(here.announcement("kutsu"))
    here.sandbox.faults.meet("sendMessage", *[Delay(0.05)] * 8)
    await here.start()
    await until(lambda: bool(here.outbox._sending))
    await here.stop()
    counts = await here.states("kutsu")
    assert counts["sent"] == len(said(here)) > 0
    assert counts["waiting"] == 20 - counts["sent"]
    assert not here.lease.held
    here.outbox = here.another()
    await here.rests()
    assert [person.heard for person in persons] == [["kutsu (fi)"]] * 20


async def test_what_a_dead_process_had_in_hand_is_uncertain_sent_again_and_counted(
    here: Office,
) -> None:
    persons = await here.members(20)
    await here.announces(here.announcement("kutsu"))
    async with here.lease.taken():
        [one] = await announcements.current(here.store, here.wall())
        await announcements.write_out(here.store, one, None)
        [one] = await announcements.current(here.store, here.wall())
        in_hand, _ = await deliveries.go_on(here.store, here.lease, [], [one], most=8, but=())
    assert len(in_hand) == 8
    assert await claimed(here, "kutsu") == 8
    await here.rests()
    report = await here.report("kutsu")
    assert (report.counts, report.doubled) == ({State.SENT: 20}, 8)
    assert all(person.heard for person in persons)


async def test_what_is_in_doubt_is_claimed_after_the_others(here: Office) -> None:
    """Of a process that dies at each start, not always the same have the nuisance."""
    await here.members(3 * AT_ONCE)
    await here.announces(here.announcement("kutsu"))
    had: list[bytes] = []
    for _ in range(3):
        async with here.lease.taken():
            [one] = await announcements.current(here.store, here.wall())
            if one.stage is Stage.PLANNED:
                await announcements.write_out(here.store, one, None)
                [one] = await announcements.current(here.store, here.wall())
            claims, _ = await deliveries.go_on(
                here.store, here.lease, [], [one], most=AT_ONCE, but=()
            )
            had += [claim.person for claim in claims]
            await deliveries.lose_sight(here.store, here.lease)
    assert len(set(had)) == 3 * AT_ONCE


async def test_a_lease_that_cannot_be_taken_now_is_waited_for_and_one_line_says_so(
    here: Office, caplog: pytest.LogCaptureFixture
) -> None:
    person = await here.member()
    await here.announces(here.announcement("kutsu"))
    here.lease._file.mkdir()
    looks = 0

    def waits() -> None:
        nonlocal looks
        looks += 1
        if looks == 3:
            here.lease._file.rmdir()

    async with here.lease.taken(waits, every=0.001):
        assert looks == 3
    assert [record.getMessage() for record in caplog.records] == [
        "the lease of the outbox cannot be taken (IsADirectoryError)"
    ]
    here.lease._file.mkdir()
    await here.start()
    await until(here.outbox._at_rest.is_set)  # it answers to whoever waits for it
    here.lease._file.rmdir()
    await until(lambda: person.heard != [])
    assert len(caplog.records) == 2


async def test_nothing_is_claimed_without_the_lease(here: Office) -> None:
    with pytest.raises(NotHeld):
        await deliveries.go_on(here.store, here.lease, [], [], most=8, but=())
    with pytest.raises(NotHeld):
        await deliveries.lose_sight(here.store, here.lease)


async def test_a_second_outbox_waits_and_takes_over(here: Office) -> None:
    person = await here.member()
    await here.start()
    await here.rests()
    waiting = Office(here.sandbox, here.store, Lease(here.lease._file), here.bot, here.clock, 1000)
    await waiting.start()
    await waiting.rests()
    await here.announces(here.announcement("kutsu"))
    await waiting.rests()
    assert not waiting.lease.held
    await here.rests()
    await here.stop()
    await until(lambda: waiting.lease.held)
    await here.announces(here.announcement("muistutus"))
    await waiting.rests()
    assert person.heard == ["kutsu (fi)", "muistutus (fi)"]
    await waiting.stop()


async def test_it_looks_by_itself(here: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.outbox.EVERY", 0.01)
    person = await here.member()
    await here.start()
    await here.announces(here.announcement("kutsu"))  # by another process: nobody wakes it
    await until(lambda: person.heard != [])


async def test_a_chat_stands_nowhere_in_clear(here: Office, tmp_path: Path) -> None:
    persons = [await here.member(), await here.coordinator(), await here.subscriber()]
    for circle in (Circle.MEMBERS, Circle.COORDINATORS, Circle.SUBSCRIBERS):
        await here.announces(here.announcement(circle, "salainen", audience=Audience(circle)))
    await here.rests()
    for file in (tmp_path / "data").iterdir():
        content = file.read_bytes()
        assert b"salainen" not in content
        for person in persons:
            chat = person.phone.chat_id
            assert str(chat).encode() not in content
            assert chat.to_bytes(8, "big") not in content
            assert chat.to_bytes(8, "little") not in content
