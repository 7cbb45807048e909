"""The audit trail: what was done about the panel, by whom and when, for coordinators to read.

A person stands in it by their key and is named from the register when it is read: once they are
erased, nothing in the trail names them. Nothing that residents answered is ever in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from dialogs.broadcasts import names
from dialogs.broadcasts.records import Target
from dialogs.cards import brief
from dialogs.languages import FINNISH
from dialogs.panel import pages
from dialogs.panel.buttons import Page
from dialogs.panel.cards import on_card
from dialogs.panel.records import Deed, Panel, Purpose
from dialogs.screens import At, Card, Dated, Joined, Line, On, Own, Say, Told

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dialogs.outcome import Here, Outcome
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.cards import Press
    from dialogs.panel.records import Meeting
    from dialogs.screens import Paragraph, Words

PAGE: Final = 10
"""So many deeds stand on one card."""

ADDRESS: Final = 100
"""UTF-16 units of an address that are shown."""

AGAIN: Final = timedelta(minutes=15)
"""Within this time, looking at the same thing once more is not a deed of its own."""


class What(StrEnum):
    """What was done. Beside each, what the deed is `about`."""

    COORDINATOR_CAME = "coordinator_came"  # the new coordinator's name
    COORDINATOR_INVITED = "coordinator_invited"  # nothing
    COORDINATOR_REMOVED = "coordinator_removed"  # their name
    READER_CAME = "reader_came"  # the new reader's name
    READER_INVITED = "reader_invited"  # nothing
    READER_REMOVED = "reader_removed"  # their name
    TRAIL_EXPORTED = "trail_exported"  # nothing
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
    BROADCAST_PAUSED = "broadcast_paused"  # a broadcast's key, as all below until links
    BROADCAST_RESUMED = "broadcast_resumed"
    BROADCAST_CANCELLED = "broadcast_cancelled"  # what was left of it
    BROADCAST_CORRECTED = "broadcast_corrected"
    BROADCAST_RETRACTED = "broadcast_retracted"
    LINK_MADE = "link_made"  # where it leads, as `_led` reads it, as all below
    LINK_CHANGED = "link_changed"  # before, and after
    LINK_ERASED = "link_erased"
    SURVEY_DRAFTED = "survey_drafted"  # its name, and days, as `_survey` reads it, as all below
    SURVEY_AUDIENCE = "survey_audience"  # a draft is for others now
    SURVEY_PLANNED = "survey_planned"  # and its first and its last day
    SURVEY_UNPLANNED = "survey_unplanned"
    SURVEY_OPENED = "survey_opened"  # and its first and its last day
    SURVEY_MET = "survey_met"  # its link was opened for the first time
    SURVEY_TOLD_OF = "survey_told_of"  # a broadcast in ready words was drafted
    SURVEY_EXTENDED = "survey_extended"  # and its last day
    SURVEY_REPLACED = "survey_replaced"  # its form
    SURVEY_CLOSED = "survey_closed"
    SURVEY_REOPENED = "survey_reopened"
    SURVEY_ARCHIVED = "survey_archived"
    SURVEY_TAKEN_OUT = "survey_taken_out"
    SURVEY_DISCARDED = "survey_discarded"  # its title
    BROADCAST_ASKED = "broadcast_asked"  # a second coordinator; a broadcast's key, as all below
    BROADCAST_CONFIRMED = "broadcast_confirmed"  # by the second coordinator
    BROADCAST_CONFIRMED_ALONE = "broadcast_confirmed_alone"  # there was nobody to ask
    BROADCAST_UNANSWERED = "broadcast_unanswered"  # confirmed alone: nobody answered in time
    BROADCAST_REFUSED = "broadcast_refused"  # not yet, said the second coordinator
    BROADCAST_TAKEN_BACK = "broadcast_taken_back"  # before anybody got it
    BROADCAST_HANDED_OVER = "broadcast_handed_over"
    BROADCAST_TAKEN_OVER = "broadcast_taken_over"
    BROADCAST_DISCARDED = "broadcast_discarded"


PURPOSES: Final[Mapping[str, Say]] = {
    Purpose.COORDINATOR: Say("invitation.for_coordinator"),
    Purpose.READER: Say("invitation.for_reader"),
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


LED: Final[Mapping[str, Say]] = {  # what one of the bot's own links leads to
    Target.SURVEY: Say("pointer.to_survey"),
    Target.PAGE: Say("pointer.to_page"),
    Target.STATEMENT: Say("pointer.to_statement"),
}


def _led(panel: Panel, about: str) -> Words:
    """Where one of the bot's own links led; before and after, where it was changed."""
    led, *after = [_target(panel, one) for one in about.split()]
    return Say("trail.link_led", {"before": led, "after": after[0]}) if after else led


def _target(panel: Panel, led: str) -> Words:
    target, _, to = led.partition(":")
    survey = next((one for one in panel.surveys if target == "survey" and one.name == to), None)
    named = brief(Own(to), ADDRESS) if survey is None else Told(survey.form.title)
    return Joined((LED[target], named), by=": ")


def _survey(panel: Panel, about: str) -> Words:
    """A survey or call, and until when; one that is gone, by its name."""
    name, *days = about.split()
    survey = next((one for one in panel.surveys if one.name == name), None)
    named: Words = Own(name) if survey is None else Told(survey.form.title)
    match [Dated(date.fromisoformat(one)) for one in days]:
        case [last]:
            return Say("trail.survey_until", {"survey": named, "last": last})
        case [first, last]:
            return Say("trail.survey_days", {"survey": named, "first": first, "last": last})
    return named


def _broadcast(panel: Panel, about: str) -> Words:
    """By its first words; a draft that was discarded has none any more."""
    broadcast = next((one for one in panel.broadcasts if one.key.hex() == about), None)
    if broadcast is None:
        return Say("trail.erased_broadcast")
    return names.named(panel, broadcast, FINNISH)


_About = tuple["Callable[[Panel, str], Words]", "Callable[[Words], Say]"]

OWN_DEEDS: Final[Mapping[What, _About]] = {
    What.COORDINATOR_CAME: (_named, lambda who: Say("trail.coordinator_came", {"who": who})),
    What.READER_CAME: (_named, lambda who: Say("trail.reader_came", {"who": who})),
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
    What.READER_INVITED: (_nothing, lambda _: Say("trail.reader_invited")),
    What.READER_REMOVED: (_named, lambda it: Say("trail.reader_removed", {"it": it})),
    What.TRAIL_EXPORTED: (_nothing, lambda _: Say("trail.exported")),
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
    What.BROADCAST_PAUSED: (_broadcast, lambda it: Say("trail.broadcast_paused", {"it": it})),
    What.BROADCAST_RESUMED: (_broadcast, lambda it: Say("trail.broadcast_resumed", {"it": it})),
    What.BROADCAST_CANCELLED: (
        _broadcast,
        lambda it: Say("trail.broadcast_cancelled", {"it": it}),
    ),
    What.BROADCAST_CORRECTED: (
        _broadcast,
        lambda it: Say("trail.broadcast_corrected", {"it": it}),
    ),
    What.BROADCAST_RETRACTED: (
        _broadcast,
        lambda it: Say("trail.broadcast_retracted", {"it": it}),
    ),
    What.LINK_MADE: (_led, lambda it: Say("trail.link_made", {"it": it})),
    What.LINK_CHANGED: (_led, lambda it: Say("trail.link_changed", {"it": it})),
    What.LINK_ERASED: (_led, lambda it: Say("trail.link_erased", {"it": it})),
    What.SURVEY_DRAFTED: (_survey, lambda it: Say("trail.survey_drafted", {"it": it})),
    What.SURVEY_AUDIENCE: (_survey, lambda it: Say("trail.survey_audience", {"it": it})),
    What.SURVEY_PLANNED: (_survey, lambda it: Say("trail.survey_planned", {"it": it})),
    What.SURVEY_UNPLANNED: (_survey, lambda it: Say("trail.survey_unplanned", {"it": it})),
    What.SURVEY_OPENED: (_survey, lambda it: Say("trail.survey_opened", {"it": it})),
    What.SURVEY_MET: (_survey, lambda it: Say("trail.survey_met", {"it": it})),
    What.SURVEY_TOLD_OF: (_survey, lambda it: Say("trail.survey_told_of", {"it": it})),
    What.SURVEY_EXTENDED: (_survey, lambda it: Say("trail.survey_extended", {"it": it})),
    What.SURVEY_REPLACED: (_survey, lambda it: Say("trail.survey_replaced", {"it": it})),
    What.SURVEY_CLOSED: (_survey, lambda it: Say("trail.survey_closed", {"it": it})),
    What.SURVEY_REOPENED: (_survey, lambda it: Say("trail.survey_reopened", {"it": it})),
    What.SURVEY_ARCHIVED: (_survey, lambda it: Say("trail.survey_archived", {"it": it})),
    What.SURVEY_TAKEN_OUT: (_survey, lambda it: Say("trail.survey_taken_out", {"it": it})),
    What.SURVEY_DISCARDED: (_named, lambda it: Say("trail.survey_discarded", {"it": it})),
    What.BROADCAST_ASKED: (
        _broadcast,
        lambda it: Say("trail.broadcast_asked", {"it": it}),
    ),
    What.BROADCAST_CONFIRMED: (
        _broadcast,
        lambda it: Say("trail.broadcast_confirmed", {"it": it}),
    ),
    What.BROADCAST_CONFIRMED_ALONE: (
        _broadcast,
        lambda it: Say("trail.broadcast_confirmed_alone", {"it": it}),
    ),
    What.BROADCAST_UNANSWERED: (
        _broadcast,
        lambda it: Say("trail.broadcast_unanswered", {"it": it}),
    ),
    What.BROADCAST_REFUSED: (
        _broadcast,
        lambda it: Say("trail.broadcast_refused", {"it": it}),
    ),
    What.BROADCAST_TAKEN_BACK: (
        _broadcast,
        lambda it: Say("trail.broadcast_taken_back", {"it": it}),
    ),
    What.BROADCAST_HANDED_OVER: (
        _broadcast,
        lambda it: Say("trail.broadcast_handed_over", {"it": it}),
    ),
    What.BROADCAST_TAKEN_OVER: (
        _broadcast,
        lambda it: Say("trail.broadcast_taken_over", {"it": it}),
    ),
    What.BROADCAST_DISCARDED: (_nothing, lambda _: Say("trail.broadcast_discarded")),
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


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line of the trail in words. `by` is None of what people did themselves."""

    by: Words | None
    what: Words
    about: Words


def spoken(panel: Panel, one: Deed) -> Spoken:
    what = What(one.what)
    naming, phrase = DEEDS[what] if what in DEEDS else OWN_DEEDS[what]
    about = naming(panel, one.about)
    by = (Own(one.who) if one.who else Say("trail.terminal")) if what in DEEDS else None
    return Spoken(by, phrase(about), about)


def _said(panel: Panel, one: Deed) -> Paragraph:
    said = spoken(panel, one)
    by = () if said.by is None else (said.by,)
    return (Line(Joined((At(one.when), *by))), Line(said.what))


PAGES: Final[Mapping[Page, Press]] = {Page.TRAIL: _trail}
