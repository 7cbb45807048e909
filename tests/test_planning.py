"""What a meeting comes to: its announcements as a pure function of the meeting and the moment."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.announcement import Announcement, Audience, Circle, Priority
from dialogs.languages import LANGUAGES
from dialogs.panel import notices, planning
from dialogs.panel.hours import Quiet, is_quiet
from dialogs.panel.planning import Kind, Plan, Planned
from dialogs.panel.records import Held, Meeting, Member, Standing
from tests.chat import HELSINKI
from tests.tries import tries

if TYPE_CHECKING:
    from collections.abc import Iterable

NIGHT = Quiet(time(21), time(8))
KEY = bytes(range(16))
LINK = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_one%40thread.v2/0?context=%7b%7d"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HELSINKI)


def wall(moment: datetime) -> str:
    return moment.astimezone(HELSINKI).strftime("%Y-%m-%d %H:%M")


def meeting(start: str = "2026-03-19 17:00", end: str = "19:00", **more: object) -> Meeting:
    day, _, _ = start.partition(" ")
    theme = {language: f"Theme {language}" for language in LANGUAGES}
    made = Meeting(KEY, at(start), at(f"{day} {end}"), theme, LINK)
    return replace(made, **more)


def plan(one: Meeting, now: str) -> list[tuple[str, str, str]]:
    """Kind, due and expires of all that is planned, the earliest first."""
    planned = planning.planned(one, at(now), NIGHT)
    return [
        (one.occasion.rpartition(":")[2], wall(one.due), wall(one.expires))
        for one in sorted(planned, key=lambda one: one.due)
    ]


def due(one: Meeting, now: str) -> dict[str, str]:
    return {kind: when for kind, when, _ in plan(one, now)}


@dataclass
class Kept:
    """What a store does with plans: each occasion once, what is withdrawn never comes again."""

    announced: dict[str, Announcement] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)
    meetings: dict[bytes, Meeting] = field(default_factory=dict)

    def takes(self, plan: Plan) -> None:
        self.withdrawn |= {one for one in self.announced if one.startswith(plan.withdraw)}
        for one in plan.plan:
            self.announced.setdefault(one.occasion, one)
        for one in plan.correct:
            if one.occasion in self.announced:
                self.announced[one.occasion] = replace(
                    self.announced[one.occasion], cards=one.cards
                )
        self.meetings[plan.meeting.key] = plan.meeting

    @property
    def to_come(self) -> list[Announcement]:
        there = [one for one in self.announced.values() if one.occasion not in self.withdrawn]
        return sorted(there, key=lambda one: one.due)

    def kinds(self) -> list[str]:
        return [one.occasion.rpartition(":")[2] for one in self.to_come]


def called(*meetings: Meeting, now: str = "2026-03-01 12:00") -> Kept:
    kept = Kept()
    for one in meetings:
        kept.takes(planning.call(one, kept.meetings.values(), at(now), NIGHT))
    return kept


# A meeting that is called


def test_everything_comes_in_its_time_and_is_of_use_until_the_next() -> None:
    assert plan(meeting(), "2026-03-01 12:00") == [
        ("invite", "2026-03-01 12:00", "2026-03-19 19:00"),
        ("remind-168", "2026-03-12 17:00", "2026-03-18 17:00"),
        ("nudge", "2026-03-16 17:00", "2026-03-18 17:00"),
        ("remind-24", "2026-03-18 17:00", "2026-03-19 00:00"),  # then it says "tomorrow" no more
        ("remind-1", "2026-03-19 16:00", "2026-03-19 17:00"),
        ("thanks", "2026-03-19 19:30", "2026-03-21 19:30"),
    ]


def test_an_occasion_names_the_meeting_its_version_and_the_kind() -> None:
    planned = planning.planned(meeting(version=3), at("2026-03-01 12:00"), NIGHT)
    assert planned[0].occasion == f"meeting:{KEY[:8].hex()}:3:invite"
    assert all(len(one.occasion) <= 96 for one in planned)


def test_everybody_is_reminded_and_only_who_has_not_answered_is_nudged() -> None:
    planned = planning.planned(meeting(), at("2026-03-01 12:00"), NIGHT)
    audiences = {one.kind: one.audience for one in planned}
    assert audiences.pop(Kind.NUDGE) == Audience(Circle.UNANSWERED, KEY.hex())
    assert set(audiences.values()) == {Audience(Circle.MEMBERS)}
    assert {one.priority for one in planned} == {Priority.REMINDER}


@pytest.mark.parametrize(
    ("start", "day_before"),
    [("2026-03-29 17:00", "2026-03-28 17:00"), ("2026-10-25 17:00", "2026-10-24 17:00")],
)
def test_across_a_clock_change_the_day_before_17_is_17(start: str, day_before: str) -> None:
    assert due(meeting(start), "2026-03-01 12:00")["remind-24"] == day_before


def test_only_what_lies_ahead_is_planned() -> None:
    assert list(due(meeting(), "2026-03-18 18:00")) == ["invite", "remind-1", "thanks"]
    assert list(due(meeting(), "2026-03-19 17:30")) == ["invite", "thanks"]
    assert due(meeting(), "2026-03-19 19:00") == {}
    assert due(meeting(held=Held.CANCELLED), "2026-03-01 12:00") == {}


def test_a_reminder_within_the_hour_of_the_invitation_would_say_the_same() -> None:
    assert "remind-24" not in due(meeting(), "2026-03-18 16:01")
    assert "remind-24" in due(meeting(), "2026-03-18 16:00")


def test_nobody_is_nudged_within_a_day_of_being_asked() -> None:
    assert "nudge" not in due(meeting(), "2026-03-15 17:01")
    assert "nudge" in due(meeting(), "2026-03-15 17:00")


def test_a_nudge_without_a_later_reminder_is_of_use_until_the_start() -> None:
    one = meeting(reminders=(168,))
    assert ("nudge", "2026-03-16 17:00", "2026-03-19 17:00") in plan(one, "2026-03-01 12:00")


@pytest.mark.parametrize(
    "one",
    [
        meeting(reminders=(72, 24)),
        meeting("2026-03-19 07:30", "08:30", reminders=(72,)),  # the night brings them together
        meeting("2026-03-19 21:30", "22:30", reminders=(73,)),  # 20.30, and the nudge at 20
    ],
)
def test_a_reminder_within_the_hour_of_the_nudge_asks_in_its_place(one: Meeting) -> None:
    kept = called(one)
    near = "2026-03-16" if one.start.hour != 7 else "2026-03-15"
    assert "nudge" not in kept.kinds()
    for said in kept.to_come:
        if "remind" in said.occasion:
            asks = "COMING_IN" in str(said.cards["fi"]).upper()
            assert asks is wall(said.due).startswith(near), said.occasion


def test_a_reminder_an_hour_from_the_nudge_leaves_it_in_place() -> None:
    kept = called(meeting(reminders=(73,)))
    assert kept.kinds() == ["invite", "remind-73", "nudge", "thanks"]
    assert "coming_in" not in str(kept.to_come[1].cards["fi"])


def test_reminders_are_settable() -> None:
    there = due(meeting(reminders=(48, 3, 48)), "2026-03-01 12:00")
    assert there["remind-48"] == "2026-03-17 17:00"
    assert there["remind-3"] == "2026-03-19 14:00"
    assert not {"remind-168", "remind-24", "remind-1"} & set(there)
    assert "remind" not in str(due(meeting(reminders=()), "2026-03-01 12:00"))


# Quiet hours


def test_a_reminder_of_the_night_comes_at_20() -> None:
    there = due(meeting("2026-03-19 07:30", "08:30"), "2026-03-01 12:00")
    assert there["remind-1"] == "2026-03-18 20:00"
    assert there["remind-24"] == "2026-03-17 20:00"


def test_two_reminders_that_the_night_brings_together_are_one() -> None:
    there = due(meeting(reminders=(12, 10)), "2026-03-01 12:00")
    assert [kind for kind in there if kind.startswith("remind")] == ["remind-10"]
    assert there["remind-10"] == "2026-03-18 20:00"


def test_of_two_reminders_within_an_hour_the_later_one_is_sent() -> None:
    there = due(meeting("2026-03-19 08:30", "09:30", reminders=(13, 1)), "2026-03-01 12:00")
    assert [kind for kind in there if kind.startswith("remind")] == ["remind-1"]
    assert there["remind-1"] == "2026-03-18 20:00"  # and that at 19.30 is left out


def test_thanks_that_would_come_in_the_night_come_in_the_morning() -> None:
    assert due(meeting(end="20:45"), "2026-03-01 12:00")["thanks"] == "2026-03-20 08:00"


def test_an_invitation_of_the_night_waits_for_the_morning() -> None:
    invite, *_ = planning.planned(meeting(), at("2026-03-01 22:30"), NIGHT)
    assert (wall(invite.due), invite.priority) == ("2026-03-02 08:00", Priority.REMINDER)


def test_an_invitation_that_could_not_wait_goes_without_a_sound() -> None:
    breakfast = meeting("2026-03-19 08:30", "09:00")
    invite, *_ = planning.planned(breakfast, at("2026-03-18 22:30"), NIGHT)
    assert (wall(invite.due), invite.priority) == ("2026-03-18 22:30", Priority.CHANGE)


# Changes


def test_a_moved_meeting_is_told_at_once_and_reminded_of_anew() -> None:
    kept = called(meeting())
    moved = replace(meeting(), start=at("2026-03-24 17:00"), end=at("2026-03-24 19:00"))
    plan = planning.change(meeting(), moved, kept.meetings.values(), at("2026-03-10 23:00"), NIGHT)
    kept.takes(plan)
    assert plan.asks_again
    assert (plan.meeting.version, plan.meeting.told) == (1, 1)
    assert plan.meeting.was is not None
    assert plan.meeting.was.start == at("2026-03-19 17:00")
    told, *rest = kept.to_come
    assert told.occasion.endswith(":1:changed")
    assert (wall(told.due), told.priority) == ("2026-03-10 23:00", Priority.CHANGE)
    assert [wall(one.due) for one in rest] == [
        "2026-03-17 17:00",
        "2026-03-21 17:00",
        "2026-03-23 17:00",
        "2026-03-24 16:00",
        "2026-03-24 19:30",
    ]


def test_a_new_link_asks_nobody_again_and_every_reminder_bears_it() -> None:
    kept = called(meeting())
    new = replace(meeting(), link="https://teams.microsoft.com/meet/12345678901")
    plan = planning.change(meeting(), new, kept.meetings.values(), at("2026-03-10 12:00"), NIGHT)
    kept.takes(plan)
    assert not plan.asks_again
    for one in kept.to_come:
        if not one.occasion.endswith(("thanks", "invite")):
            assert new.link in str(one.cards["fi"]), one.occasion
    assert LINK not in str([one.cards for one in kept.to_come])


def test_a_change_that_changes_nothing_is_none() -> None:
    assert planning.change(meeting(), meeting(), (), at("2026-03-10 12:00"), NIGHT) == Plan(
        meeting()
    )


def test_the_same_change_twice_comes_to_nothing_the_second_time() -> None:
    kept = called(meeting())
    now = at("2026-03-10 12:00")
    new = replace(meeting(), end=at("2026-03-19 20:00"))
    kept.takes(planning.change(meeting(), new, kept.meetings.values(), now, NIGHT))
    before = dict(kept.announced)
    again = kept.meetings[KEY]
    later = planning.change(
        again, replace(again, end=new.end), kept.meetings.values(), now + timedelta(hours=1), NIGHT
    )
    assert later == Plan(again)
    # Also where two coordinators decide on the same meeting: the occasions are the same.
    kept.takes(planning.change(meeting(), new, (meeting(),), now, NIGHT))
    assert kept.announced.keys() == before.keys()


def test_other_reminders_are_planned_anew_and_nobody_is_told() -> None:
    kept = called(meeting())
    other = replace(meeting(), reminders=(48,))
    plan = planning.change(meeting(), other, kept.meetings.values(), at("2026-03-01 12:10"), NIGHT)
    kept.takes(plan)
    assert (plan.meeting.version, plan.meeting.told) == (1, 0)
    assert kept.kinds() == ["invite", "nudge", "remind-48", "thanks"]
    back = planning.change(
        plan.meeting,
        replace(plan.meeting, reminders=(1, 24, 168)),
        kept.meetings.values(),
        at("2026-03-01 12:20"),
        NIGHT,
    )
    kept.takes(back)
    assert kept.kinds() == ["invite", "remind-168", "nudge", "remind-24", "remind-1", "thanks"]


def test_the_same_reminders_in_another_order_are_no_change() -> None:
    other = replace(meeting(), reminders=(1, 24, 168, 24))
    plan = planning.change(meeting(), other, (), at("2026-03-10 12:00"), NIGHT)
    assert plan == Plan(other)


def test_nobody_is_called_into_the_past() -> None:
    past = replace(meeting(), start=at("2026-03-02 17:00"), end=at("2026-03-02 19:00"))
    assert planning.change(meeting(), past, (), at("2026-03-10 12:00"), NIGHT) == Plan(meeting())


def test_a_change_of_what_is_over_is_kept_and_not_told() -> None:
    other = replace(meeting(), theme={"fi": "Muu"})
    assert planning.change(meeting(), other, (), at("2026-03-20 12:00"), NIGHT) == Plan(other)


def test_a_change_in_the_midst_of_the_evening_is_told() -> None:
    new = replace(meeting(), link="https://teams.microsoft.com/meet/12345678901")
    plan = planning.change(meeting(), new, (), at("2026-03-19 17:10"), NIGHT)
    told, thanks = plan.plan
    assert wall(told.expires) == "2026-03-19 19:00"
    assert thanks.occasion.endswith("thanks")


def test_a_meeting_that_was_changed_twice_keeps_only_the_newest() -> None:
    kept = called(meeting())
    for day in ("2026-03-24", "2026-03-26"):
        old = kept.meetings[KEY]
        new = replace(old, start=at(f"{day} 17:00"), end=at(f"{day} 19:00"))
        kept.takes(planning.change(old, new, kept.meetings.values(), at("2026-03-10 12:00"), NIGHT))
    assert {one.occasion.split(":")[2] for one in kept.to_come} == {"2"}


def test_a_moved_meeting_remembers_the_time_it_was_first_called_for() -> None:
    kept = called(meeting())
    for changed, first in (
        ({"end": at("2026-03-19 20:00")}, None),
        ({"start": at("2026-03-19 16:00")}, at("2026-03-19 17:00")),
        ({"start": at("2026-03-19 16:30")}, at("2026-03-19 17:00")),
    ):
        old = kept.meetings[KEY]
        new = replace(old, **changed)
        kept.takes(planning.change(old, new, (old,), at("2026-03-10 12:00"), NIGHT))
        assert kept.meetings[KEY].first_start == first


# Before anybody has heard of it


def called_at_night() -> Kept:
    kept = called(meeting(), now="2026-03-01 22:30")
    assert kept.meetings[KEY].asked_at == at("2026-03-02 08:00")
    return kept


def test_only_an_invitation_that_waits_is_kept_with_the_meeting() -> None:
    assert called(meeting()).meetings[KEY].asked_at is None
    assert called(meeting(), now="2026-03-20 22:30").meetings[KEY].asked_at is None


def test_what_was_moved_before_the_invitation_went_out_is_an_invitation_to_the_new_time() -> None:
    kept = called_at_night()
    old = kept.meetings[KEY]
    for now, day in (("2026-03-01 23:00", "2026-03-24"), ("2026-03-02 07:59", "2026-03-26")):
        old = kept.meetings[KEY]
        new = replace(old, start=at(f"{day} 17:00"), end=at(f"{day} 19:00"))
        kept.takes(planning.change(old, new, kept.meetings.values(), at(now), NIGHT))
    moved = kept.meetings[KEY]
    assert (moved.version, moved.told, moved.was, moved.first_start) == (2, 2, None, None)
    assert kept.kinds() == ["invite", "remind-168", "nudge", "remind-24", "remind-1", "thanks"]
    invite = kept.to_come[0]
    assert invite.occasion.endswith(":2:invite")
    assert wall(invite.due) == "2026-03-02 08:00"
    assert invite.cards["fi"] == notices.invitation(moved, invite.due, "fi")
    translated = replace(moved, theme={**moved.theme, "fi": "Arki"})
    assert planning.translate(translated, (), at("2026-03-02 07:59"), NIGHT)[0].occasion == (
        invite.occasion
    )


def test_once_the_invitation_went_out_a_move_is_a_change() -> None:
    kept = called_at_night()
    old = kept.meetings[KEY]
    new = replace(old, end=at("2026-03-19 20:00"))
    kept.takes(planning.change(old, new, (old,), at("2026-03-02 08:00"), NIGHT))
    assert kept.kinds()[0] == "changed"
    assert kept.meetings[KEY].was is not None


def test_what_was_moved_so_near_that_it_cannot_wait_invites_at_once_and_is_heard_of() -> None:
    kept = called_at_night()
    old = kept.meetings[KEY]
    new = replace(old, start=at("2026-03-02 08:30"), end=at("2026-03-02 09:30"))
    kept.takes(planning.change(old, new, (old,), at("2026-03-01 23:00"), NIGHT))
    assert (kept.kinds()[0], wall(kept.to_come[0].due)) == ("invite", "2026-03-01 23:00")
    assert kept.meetings[KEY].asked_at is None
    gone = planning.cancel(kept.meetings[KEY], {}, (), at("2026-03-01 23:10"), NIGHT)
    kept.takes(gone)
    assert kept.kinds() == ["cancelled"]


def test_what_nobody_heard_of_is_cancelled_without_a_word() -> None:
    kept = called_at_night()
    plan = planning.cancel(
        kept.meetings[KEY], {"fi": "Syy"}, kept.meetings.values(), at("2026-03-02 07:59"), NIGHT
    )
    kept.takes(plan)
    assert plan.meeting.held is Held.CANCELLED
    assert (plan.plan, kept.to_come) == ((), [])
    translated = replace(plan.meeting, reason={"fi": "Syy", "sv": "Orsaken"})
    again = planning.translate(translated, (), at("2026-03-02 09:00"), NIGHT)
    kept.takes(replace(plan, correct=again))
    assert kept.to_come == []


# Cancelling


def test_a_cancelled_meeting_is_told_and_nothing_else_is_left() -> None:
    kept = called(meeting())
    plan = planning.cancel(
        meeting(), {"fi": "Sairastapaus"}, kept.meetings.values(), at("2026-03-18 23:30"), NIGHT
    )
    kept.takes(plan)
    assert plan.meeting.held is Held.CANCELLED
    assert plan.meeting.reason == {"fi": "Sairastapaus"}
    assert kept.kinds() == ["cancelled"]
    (told,) = kept.to_come
    assert (wall(told.due), wall(told.expires)) == ("2026-03-18 23:30", "2026-03-19 19:00")
    assert told.priority is Priority.CHANGE
    assert told.calendar is not None
    assert told.calendar.cancelled
    assert told.calendar.sequence == 1


def test_cancelling_twice_or_changing_what_is_cancelled_does_nothing() -> None:
    now = at("2026-03-10 12:00")
    gone = planning.cancel(meeting(), {}, (), now, NIGHT).meeting
    assert planning.cancel(gone, {"fi": "Muu"}, (), now, NIGHT) == Plan(gone)
    assert planning.change(gone, replace(gone, link=LINK + "x"), (), now, NIGHT) == Plan(gone)


def test_what_is_over_is_not_cancelled() -> None:
    assert planning.cancel(meeting(), {}, (), at("2026-03-19 19:00"), NIGHT) == Plan(meeting())


# Who joins later


def member() -> Member:
    day = date(2026, 1, 1)
    return Member(b"m" * 16, "Maija", "014 000 0000", "sv", Standing.MEMBER, day, day, chat=1)


def test_who_joins_later_gets_the_invitation_alone() -> None:
    (one,) = planning.late(member(), meeting(version=2, told=1), at("2026-03-13 12:00"), NIGHT)
    person = (b"m" * 16).hex()
    assert one.occasion == f"meeting:{KEY[:8].hex()}:2:late:{person}"
    assert len(one.occasion) <= 96
    assert one.audience == Audience(Circle.PERSON, person)
    assert one.cards["sv"] == notices.invitation(meeting(), one.due, "sv")
    assert one.calendar is not None
    assert one.calendar.sequence == 1


def test_who_joins_later_hears_nothing_of_what_is_over_or_cancelled() -> None:
    now = at("2026-03-13 12:00")
    assert planning.late(member(), meeting(held=Held.CANCELLED), now, NIGHT) == ()
    assert planning.late(member(), meeting(), at("2026-03-19 19:00"), NIGHT) == ()


def test_what_is_withdrawn_is_also_the_late_invitation() -> None:
    kept = called(meeting())
    (late,) = planning.late(member(), meeting(), at("2026-03-13 12:00"), NIGHT)
    kept.takes(Plan(meeting(), plan=(late,)))
    kept.takes(planning.cancel(meeting(), {}, (), at("2026-03-13 13:00"), NIGHT))
    assert kept.kinds() == ["cancelled"]


# Translations


def test_a_theme_in_another_language_is_put_in_place_wherever_it_is_read() -> None:
    kept = called(meeting(theme={"fi": "Arjen turvallisuus"}))
    old = kept.meetings[KEY]
    assert "in_finnish" in str(kept.announced[kept.to_come[0].occasion].cards["sv"])
    new = replace(old, theme={**old.theme, "sv": "Trygghet", "en": "Safety"})
    plan = planning.change(old, new, kept.meetings.values(), at("2026-03-13 12:00"), NIGHT)
    assert (plan.plan, plan.withdraw, plan.meeting) == ((), (), new)
    kept.takes(plan)
    for one in kept.to_come:
        if not one.occasion.endswith("thanks"):
            assert "Trygghet" in str(one.cards["sv"]), one.occasion
            assert "in_finnish" not in str(one.cards), one.occasion


def test_a_changed_theme_and_a_reason_are_translated_where_they_were_told() -> None:
    kept = called(meeting())
    now = at("2026-03-10 12:00")
    new = replace(meeting(), theme={"fi": "Uusi aihe"})
    kept.takes(planning.change(meeting(), new, kept.meetings.values(), now, NIGHT))
    old = kept.meetings[KEY]
    kept.takes(planning.change(old, replace(old, reminders=(24,)), (), now, NIGHT))
    old = kept.meetings[KEY]
    translated = replace(old, theme={"fi": "Uusi aihe", "sv": "Nytt tema"})
    kept.takes(planning.change(old, translated, kept.meetings.values(), now, NIGHT))
    told = kept.to_come[0]
    assert told.occasion.endswith(":1:changed")
    assert "Nytt tema" in str(told.cards["sv"])
    gone = planning.cancel(kept.meetings[KEY], {"fi": "Syy"}, (), now, NIGHT)
    kept.takes(gone)
    explained = replace(gone.meeting, reason={"fi": "Syy", "sv": "Orsaken"})
    corrected = planning.translate(explained, (), now, NIGHT)
    assert [one.occasion for one in corrected] == [one.occasion for one in gone.plan]
    assert "Orsaken" in str(corrected[0].cards["sv"])


# What comes next


SPRING = replace(
    meeting("2026-04-23 17:00", theme=dict.fromkeys(LANGUAGES, "Spring")),
    key=b"n" * 16,
)
LATER = replace(
    meeting("2026-05-07 17:00", theme=dict.fromkeys(LANGUAGES, "Later")),
    key=b"l" * 16,
)


def thanks(kept: Kept, key: bytes = KEY) -> str:
    (card,) = (
        one.cards["fi"]
        for one in kept.to_come
        if one.occasion.endswith("thanks") and key[:8].hex() in one.occasion
    )
    return str(card)


def test_thanks_name_the_meeting_that_comes_next_however_late_it_was_called() -> None:
    kept = called(meeting())
    assert "news.none_next" in thanks(kept)
    kept.takes(planning.call(LATER, kept.meetings.values(), at("2026-03-10 12:00"), NIGHT))
    assert "Later" in thanks(kept)
    kept.takes(planning.call(SPRING, kept.meetings.values(), at("2026-03-11 12:00"), NIGHT))
    assert "Spring" in thanks(kept)
    assert "Later" in thanks(kept, SPRING.key)


def test_thanks_follow_the_next_meeting_when_it_is_changed_translated_or_cancelled() -> None:
    kept = called(meeting(), SPRING, LATER)
    now = at("2026-03-10 12:00")
    new = replace(SPRING, theme={"fi": "Muu"})
    kept.takes(planning.change(SPRING, new, kept.meetings.values(), now, NIGHT))
    assert "Muu" in thanks(kept)
    old = kept.meetings[SPRING.key]
    kept.takes(
        planning.change(
            old,
            replace(old, theme={"fi": "Muu", "sv": "Annat"}),
            kept.meetings.values(),
            now,
            NIGHT,
        )
    )
    (card,) = (
        one.cards["sv"]
        for one in kept.to_come
        if one.occasion.endswith("thanks") and KEY[:8].hex() in one.occasion
    )
    assert "Annat" in str(card)
    kept.takes(planning.cancel(kept.meetings[SPRING.key], {}, kept.meetings.values(), now, NIGHT))
    assert "Later" in thanks(kept)


def test_thanks_that_were_said_are_left_alone() -> None:
    kept = called(meeting())
    plan = planning.call(SPRING, kept.meetings.values(), at("2026-03-19 19:30"), NIGHT)
    assert plan.correct == ()


# Whatever the meeting, whatever the moment

starts = st.datetimes(datetime(2026, 2, 1), datetime(2027, 4, 30)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=UTC, second=0, microsecond=0).astimezone(HELSINKI)
)
meetings = st.builds(
    lambda start, minutes, reminders: replace(
        meeting(),
        start=start,
        end=(start.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(HELSINKI),
        reminders=tuple(reminders),
    ),
    starts,
    st.integers(15, 300),
    st.lists(st.one_of(st.integers(1, 30), st.sampled_from([48, 72, 168, 336])), max_size=6),
)
aheads = st.one_of(st.integers(-600, 3000), st.integers(0, 60 * 24 * 40))
quiets = st.sampled_from(
    [NIGHT, Quiet(time(0), time(7)), Quiet(time(22), time(20)), Quiet(time(9), time(9))]
)


def before(one: Meeting, minutes: int) -> datetime:
    return (one.start.astimezone(UTC) - timedelta(minutes=minutes)).astimezone(HELSINKI)


def holds(planned: Iterable[Planned | Announcement], quiet: Quiet, now: datetime) -> None:
    planned = list(planned)
    occasions = [one.occasion for one in planned]
    assert len(set(occasions)) == len(occasions)
    for one in planned:
        assert now.astimezone(UTC) <= one.due < one.expires, one.occasion
        if one.priority is not Priority.CHANGE:
            assert not is_quiet(one.due.astimezone(HELSINKI), quiet), one.occasion


@tries(400)
@given(meetings, aheads, quiets)
def test_whatever_is_planned_is_ahead_of_use_and_not_in_quiet_hours(
    one: Meeting, minutes: int, quiet: Quiet
) -> None:
    now = before(one, minutes)
    planned = planning.planned(one, now, quiet)
    holds(planned, quiet, now)
    reminders = sorted((r for r in planned if r.kind is Kind.REMIND), key=lambda r: r.due)
    for reminder, following in pairwise(reminders):
        assert reminder.expires <= following.due
        assert following.due - reminder.due >= timedelta(hours=1)
    for reminder in reminders:
        assert reminder.expires <= one.start.astimezone(UTC)
        for nudge in (said for said in planned if said.kind is Kind.NUDGE):
            assert not reminder.asks
            assert abs(reminder.due - nudge.due) >= timedelta(hours=1)
    for said in planned:
        if said.kind not in (Kind.THANKS, Kind.INVITE):
            assert said.expires <= one.start.astimezone(UTC)


@tries(200)
@given(meetings, aheads, quiets)
def test_planning_twice_equals_once(one: Meeting, minutes: int, quiet: Quiet) -> None:
    now = before(one, minutes)
    kept = Kept()
    kept.takes(planning.call(one, (), now, quiet))
    once = dict(kept.announced)
    kept.takes(planning.call(one, kept.meetings.values(), now, quiet))
    assert kept.announced == once


@tries(150)
@given(meetings, meetings, aheads, aheads, quiets)
def test_a_moved_meeting_leaves_nothing_of_the_old_time(
    one: Meeting, other: Meeting, minutes: int, later: int, quiet: Quiet
) -> None:
    now = before(one, minutes)
    kept = Kept()
    kept.takes(planning.call(one, (), now, quiet))
    old = kept.meetings[one.key]
    new = replace(old, start=other.start, end=other.end)
    now = max(now, before(other, later), key=lambda moment: moment.astimezone(UTC))
    plan = planning.change(old, new, kept.meetings.values(), now, quiet)
    kept.takes(plan)
    if plan.meeting.version:
        assert {each.occasion.split(":")[2] for each in kept.to_come} == {"1"}
        holds(kept.to_come, quiet, now)
        fresh = planning.planned(plan.meeting, now, quiet)
        again = {each.occasion for each in fresh if each.kind in (Kind.REMIND, Kind.THANKS)}
        there = {each.occasion for each in kept.to_come}
        # An invitation may wait for the morning, a change does not: so the plan may hold more.
        assert again <= there
    gone = planning.cancel(kept.meetings[one.key], {}, kept.meetings.values(), now, quiet)
    kept.takes(gone)
    if gone.plan:
        assert kept.kinds() == ["cancelled"]
    elif gone.meeting.held is Held.CANCELLED:
        assert kept.to_come == []
        asked_at = gone.meeting.asked_at
        assert asked_at is not None
        assert now.astimezone(UTC) < asked_at


@tries(200)
@given(
    st.sampled_from([date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)]),
    st.integers(-2, 8),
    st.integers(9, 20),
)
def test_across_the_clock_changes_days_before_are_the_same_hour(
    change: date, after: int, hour: int
) -> None:
    day = change + timedelta(days=after)
    start = datetime.combine(day, time(hour), HELSINKI)
    one = replace(meeting(), start=start, end=start + timedelta(hours=2))
    planned = planning.planned(one, start - timedelta(days=20), NIGHT)
    by = {each.occasion.rpartition(":")[2]: each.due.astimezone(HELSINKI) for each in planned}
    for kind, days in (("remind-168", 7), ("nudge", 3), ("remind-24", 1)):
        assert by[kind].date() == day - timedelta(days=days)
        assert by[kind].time() == time(hour)
    assert start.astimezone(UTC) - by["remind-1"].astimezone(UTC) == timedelta(hours=1)
