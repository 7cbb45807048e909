"""The audit trail: what was done about the panel, by whom and when, for coordinators to read.

A person stands in it by their key and is named from the register when it is read: once they are
erased, nothing in the trail names them. Nothing that residents answered is ever in it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from dialogs.panel import pages
from dialogs.panel.buttons import Page
from dialogs.panel.cards import on_card
from dialogs.panel.records import Deed, Panel, Purpose
from dialogs.screens import At, Card, Joined, Line, On, Own, Say, Told

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dialogs.outcome import Here, Outcome
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.cards import Press
    from dialogs.panel.records import Meeting
    from dialogs.screens import Paragraph, Words

PAGE: Final = 10
"""So many deeds stand on one card."""

AGAIN: Final = timedelta(minutes=15)
"""Within this time, looking at the same thing once more is not a deed of its own."""


class What(StrEnum):
    """What was done. Beside each, what the deed is `about`."""

    COORDINATOR_CAME = "coordinator_came"  # the new coordinator's name
    COORDINATOR_INVITED = "coordinator_invited"  # nothing
    COORDINATOR_REMOVED = "coordinator_removed"  # their name
    INVITATION_MADE = "invitation_made"  # its purpose
    INVITATION_TAKEN_BACK = "invitation_taken_back"  # its purpose
    MOVE_INVITED = "move_invited"  # a person's key, as all below
    MEMBER_JOINED = "member_joined"
    RESERVE_JOINED = "reserve_joined"
    MEMBER_MOVED = "member_moved"  # to another Telegram account
    MEMBER_ADDED = "member_added"
    RESERVE_ADDED = "reserve_added"
    MEMBER_CORRECTED = "member_corrected"
    MEMBER_ENDED = "member_ended"  # by a coordinator
    MEMBER_LEFT = "member_left"  # by themselves
    MEMBER_ERASED = "member_erased"  # by a coordinator
    MEMBER_FORGOTTEN = "member_forgotten"  # by themselves
    SEAT_OFFERED = "seat_offered"
    SEAT_TAKEN = "seat_taken"
    SEAT_DECLINED = "seat_declined"
    SEAT_GIVEN = "seat_given"  # by a coordinator, as was agreed otherwise
    PERSON_SEEN = "person_seen"
    REGISTER_SEEN = "register_seen"  # nothing
    ATTENDANCE_SEEN = "attendance_seen"  # a meeting `as_it_is`, as all below
    MEETING_CALLED = "meeting_called"
    MEETING_CHANGED = "meeting_changed"
    MEETING_CANCELLED = "meeting_cancelled"
    MEETING_TRANSLATED = "meeting_translated"


PURPOSES: Final[Mapping[str, Say]] = {
    Purpose.COORDINATOR: Say("invitation.for_coordinator"),
    Purpose.MEMBER: Say("invitation.for_member"),
    Purpose.RESERVE: Say("invitation.for_reserve"),
    Purpose.MOVE: Say("invitation.for_move"),
}


def _nothing(_: Panel, __: str) -> Words:
    return Own("")


def _named(_: Panel, about: str) -> Words:
    return Own(about)


def _purpose(_: Panel, about: str) -> Words:
    return PURPOSES[about]


def _person(panel: Panel, about: str) -> Words:
    person = next((one for one in panel.members if one.key.hex() == about), None)
    return Say("trail.erased_person") if person is None else Own(person.name)


def _meeting(panel: Panel, about: str) -> Words:
    """When it was to be held then; of a line that does not say so, when it is now."""
    key, *starts = about.split()
    meeting = next((one for one in panel.meetings if one.key.hex() == key), None)
    theme: Words = Say("trail.erased_meeting") if meeting is None else Told(meeting.theme)
    match [At(datetime.fromisoformat(one)) for one in starts]:
        case [before, after]:
            return Say("trail.meeting_moved", {"meeting": theme, "before": before, "after": after})
        case [when]:
            return Joined((theme, when))
    return theme if meeting is None else Joined((theme, On(meeting.start.date())))


_About = tuple["Callable[[Panel, str], Words]", "Callable[[Words], Say]"]

OWN_DEEDS: Final[Mapping[What, _About]] = {
    What.COORDINATOR_CAME: (_named, lambda who: Say("trail.coordinator_came", {"who": who})),
    What.MEMBER_JOINED: (_person, lambda who: Say("trail.member_joined", {"who": who})),
    What.RESERVE_JOINED: (_person, lambda who: Say("trail.reserve_joined", {"who": who})),
    What.MEMBER_MOVED: (_person, lambda who: Say("trail.member_moved", {"who": who})),
    What.MEMBER_LEFT: (_person, lambda who: Say("trail.member_left", {"who": who})),
    What.MEMBER_FORGOTTEN: (_person, lambda _: Say("trail.member_forgotten")),
    What.SEAT_TAKEN: (_person, lambda who: Say("trail.seat_taken", {"who": who})),
    What.SEAT_DECLINED: (_person, lambda who: Say("trail.seat_declined", {"who": who})),
}
"""What people do themselves: how it is named whom it is about, and how it is said."""

DEEDS: Final[Mapping[What, _About]] = {
    What.COORDINATOR_INVITED: (_nothing, lambda _: Say("trail.coordinator_invited")),
    What.COORDINATOR_REMOVED: (_named, lambda it: Say("trail.coordinator_removed", {"it": it})),
    What.INVITATION_MADE: (_purpose, lambda it: Say("trail.invitation_made", {"it": it})),
    What.INVITATION_TAKEN_BACK: (
        _purpose,
        lambda it: Say("trail.invitation_taken_back", {"it": it}),
    ),
    What.MOVE_INVITED: (_person, lambda it: Say("trail.move_invited", {"it": it})),
    What.MEMBER_ADDED: (_person, lambda it: Say("trail.member_added", {"it": it})),
    What.RESERVE_ADDED: (_person, lambda it: Say("trail.reserve_added", {"it": it})),
    What.MEMBER_CORRECTED: (_person, lambda it: Say("trail.member_corrected", {"it": it})),
    What.MEMBER_ENDED: (_person, lambda it: Say("trail.member_ended", {"it": it})),
    What.MEMBER_ERASED: (_person, lambda _: Say("trail.member_erased")),
    What.SEAT_OFFERED: (_person, lambda it: Say("trail.seat_offered", {"it": it})),
    What.SEAT_GIVEN: (_person, lambda it: Say("trail.seat_given", {"it": it})),
    What.PERSON_SEEN: (_person, lambda it: Say("trail.person_seen", {"it": it})),
    What.REGISTER_SEEN: (_nothing, lambda _: Say("trail.register_seen")),
    What.ATTENDANCE_SEEN: (_meeting, lambda it: Say("trail.attendance_seen", {"it": it})),
    What.MEETING_CALLED: (_meeting, lambda it: Say("trail.meeting_called", {"it": it})),
    What.MEETING_CHANGED: (_meeting, lambda it: Say("trail.meeting_changed", {"it": it})),
    What.MEETING_CANCELLED: (_meeting, lambda it: Say("trail.meeting_cancelled", {"it": it})),
    What.MEETING_TRANSLATED: (_meeting, lambda it: Say("trail.meeting_translated", {"it": it})),
}
"""What is done by coordinators, or from the terminal."""


def as_it_is(meeting: Meeting, after: Meeting | None = None) -> str:
    """What a deed is about that is about a meeting: which, and when it is to be held now; and
    when `after` the deed, where that is another time."""
    starts = [one.start.astimezone(UTC).isoformat() for one in (meeting, after or meeting)]
    return " ".join((meeting.key.hex(), *dict.fromkeys(starts)))


def deed(here: Here, what: What, about: bytes | str = "") -> Deed:
    """A line for the trail: what is done here and now. `about` is a record's key, or words."""
    who = "" if here.coordinator is None else here.coordinator.name
    return Deed(here.now, who, str(what), about.hex() if isinstance(about, bytes) else about)


def seen(here: Here, what: What, about: bytes | str = "") -> tuple[Deed, ...]:
    """The line for something that was looked at; none where it just was."""
    new = deed(here, what, about)
    now = here.now.astimezone(UTC)
    for old in (here.panel or Panel()).trail:
        same = (old.who, old.what, old.about) == (new.who, new.what, new.about)
        if same and now - old.when.astimezone(UTC) < AGAIN:
            return ()
    return (new,)


def _trail(here: Here, press: PanelPress, message: int) -> Outcome:
    language = press.language
    panel = here.panel or Panel()
    first = pages.first(press, len(panel.trail), PAGE)
    said = [_said(panel, one) for one in panel.trail[first : first + PAGE]]
    title = (
        Line(Say("trail.title"), strong=True),
        Line(Say("trail.kept", count=here.office.trail_days)),
    )
    card = Card(
        language,
        (title, *(said or [(Line(Say("trail.nothing")),)])),
        (
            *pages.turns(language, Page.TRAIL, first, PAGE, len(panel.trail)),
            pages.close(language),
        ),
        private=True,
    )
    return on_card(card)


def _said(panel: Panel, one: Deed) -> Paragraph:
    what = What(one.what)
    by: tuple[Words, ...] = ()
    if what in DEEDS:
        by = (Own(one.who) if one.who else Say("trail.terminal"),)
    naming, phrase = DEEDS[what] if what in DEEDS else OWN_DEEDS[what]
    return (Line(Joined((At(one.when), *by))), Line(phrase(naming(panel, one.about))))


PAGES: Final[Mapping[Page, Press]] = {Page.TRAIL: _trail}
