"""What a member finds about the meetings: when, what about, how to get in, and "I am coming".

A card says everything that its member may need in that hour; an answer changes the card into the
meeting's own, which has all that stood on the invitation.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from dialogs.announcement import Announcement, Audience, Circle, Priority
from dialogs.languages import LANGUAGES
from dialogs.outcome import Change, Outcome
from dialogs.panel import notices, tidings
from dialogs.panel.buttons import Page, panel, short
from dialogs.panel.cards import on_card
from dialogs.panel.hours import days_between
from dialogs.panel.records import Attendance, Coming, Held, Meeting, Member, Panel
from dialogs.screens import (
    Button,
    Card,
    Joined,
    Line,
    Linked,
    Number,
    On,
    Own,
    Paragraph,
    Say,
    Span,
    Told,
)

if TYPE_CHECKING:
    from dialogs.outcome import Here
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.cards import Press

HELP_BEFORE: Final = timedelta(hours=1)
"""So long before the start somebody is there to help."""

PAST: Final = 4
"""So many meetings that were are still listed: a year of them."""

ANSWERS: Final = {
    Page.ANSWER_IN: Coming.IN,
    Page.ANSWER_OUT: Coming.OUT,
    Page.ANSWER_MAYBE: Coming.MAYBE,
}

CALENDAR: Final = "calendar"  # the entry for a calendar, once more

Rows = tuple[tuple[Button, ...], ...]


def whose(here: Here) -> tuple[Member, Panel]:
    """Who opens a page of members, and the panel as it is. Nobody else gets so far."""
    if here.member is None or here.panel is None:
        raise LookupError("a page of members was opened by somebody who is none")
    return here.member, here.panel


def ahead(here: Here, panel_: Panel) -> list[Meeting]:
    """What is still to come, the next one first, also what was cancelled."""
    return [one for one in panel_.meetings if not _over(here, one)]


def when(here: Here, meeting: Meeting) -> Say:
    """The day and the hours, and how near that is."""
    at = Span(meeting.start, meeting.end)
    days = days_between(here.now, meeting.start)
    if meeting.held is Held.CANCELLED or _over(here, meeting):
        return Say("meeting.when", {"when": at})
    if here.now.timestamp() >= meeting.start.timestamp():
        return Say("meeting.when_now", {"when": at})
    if days == 0:
        return Say("meeting.when_today", {"when": at})
    if days == 1:
        return Say("meeting.when_tomorrow", {"when": at})
    return Say("meeting.when_in_days", {"when": at}, count=days)


def answered(member: Member, panel_: Panel, meeting: Meeting) -> Say:
    """What the member has answered."""
    match panel_.coming(meeting, member):
        case Coming.IN:
            return Say("meeting.you_come")
        case Coming.OUT:
            return Say("meeting.you_do_not_come")
        case Coming.MAYBE:
            return Say("meeting.you_may_come")
    return Say("meeting.not_answered")


def answering(language: str, member: Member, panel_: Panel, meeting: Meeting) -> Rows:
    """In, out, maybe; what was answered is marked."""
    given = panel_.coming(meeting, member)
    at = notices.asked_at(meeting)
    labels = {
        Coming.IN: Say("button.coming_in"),
        Coming.OUT: Say("button.coming_out"),
        Coming.MAYBE: Say("button.coming_maybe"),
    }
    return (
        tuple(
            Button(labels[coming], panel(language, page, meeting.key, at), chosen=coming is given)
            for page, coming in ANSWERS.items()
        ),
    )


def joining(here: Here, meeting: Meeting) -> Rows:
    """On the day: straight into the meeting. Whoever comes early waits in its lobby."""
    if meeting.start.date() != here.today:
        return ()
    return ((Button(Say("button.join_meeting"), link=meeting.link),),)


def _over(here: Here, meeting: Meeting) -> bool:
    return here.now.timestamp() >= meeting.end.timestamp()


def _helped(here: Here, meeting: Meeting) -> bool:
    """Whether it is the hour in which somebody may stand before a closed door."""
    opens = meeting.start.timestamp() - HELP_BEFORE.total_seconds()
    return opens <= here.now.timestamp() < meeting.end.timestamp()


def _meant(panel_: Panel, press: PanelPress) -> Meeting | None:
    return next((one for one in panel_.meetings if press.means(one.key)), None)


def _title(here: Here, meeting: Meeting) -> Paragraph:
    return (Line(Told(meeting.theme), strong=True), Line(when(here, meeting)))


def _back(language: str) -> Rows:
    return (
        (Button(Say("button.meetings"), panel(language, Page.MEETINGS)),),
        (Button(Say("panel.member"), panel(language, Page.MEMBER)),),
    )


# All of them


def _meetings(here: Here, press: PanelPress, message: int) -> Outcome:
    return on_card(_list(here))


def _list(here: Here, notice: Paragraph = ()) -> Card:
    member, panel_ = whose(here)
    coming = ahead(here, panel_)
    been = [one for one in panel_.meetings if _over(here, one) and one.held is Held.CALLED]
    paragraphs = [notice] if notice else []
    paragraphs.append((Line(Say("meetings.title"), strong=True),))
    for one in coming:
        cancelled = one.held is Held.CANCELLED
        state = Say("meeting.cancelled") if cancelled else answered(member, panel_, one)
        paragraphs.append((*_title(here, one), Line(state)))
    if not coming:
        paragraphs.append((Line(Say("meetings.none")),))
    if been:
        lines = (Line(Joined((On(one.start.date()), Told(one.theme)))) for one in been[-PAST:])
        paragraphs.append((Line(Say("meetings.been"), strong=True), *lines))
    rows: list[tuple[Button, ...]] = [
        (Button(On(one.start.date()), panel(member.language, Page.MEETING, one.key)),)
        for one in coming
    ]
    if any(_has_material(one) for one in panel_.meetings):
        rows.append(_to_material(member.language))
    rows.append((Button(Say("panel.member"), panel(member.language, Page.MEMBER)),))
    return Card(member.language, tuple(paragraphs), tuple(rows))


# One of them


def _meeting(here: Here, press: PanelPress, message: int) -> Outcome:
    _, panel_ = whose(here)
    meeting = _meant(panel_, press)
    if meeting is None:
        return _unknown(here)
    if press.more == CALENDAR and meeting.held is Held.CALLED and not _over(here, meeting):
        sent: Paragraph = (Line(Say("meeting.calendar_sent")),)
        return on_card(card(here, meeting, sent), Change(plan=(_for_calendar(here, meeting),)))
    return on_card(card(here, meeting))


def _unknown(here: Here) -> Outcome:
    return on_card(_list(here, (Line(Say("meeting.unknown")),)))


def card(here: Here, meeting: Meeting, notice: Paragraph = ()) -> Card:
    """All that a member may know of a meeting, and do about it."""
    member, panel_ = whose(here)
    language = member.language
    paragraphs = [notice] if notice else []
    paragraphs.append(_title(here, meeting))
    rows: Rows = ()
    if meeting.held is Held.CANCELLED:
        reason = (Line(Told(meeting.reason)),) if any(meeting.reason.values()) else ()
        paragraphs.append((Line(Say("meeting.cancelled")), *reason))
    elif _over(here, meeting):
        paragraphs.append((Line(Say("meeting.over")),))
        rows = _material_of(language, meeting)
    else:
        paragraphs += [
            (Line(answered(member, panel_, meeting)),),
            notices.ways_in(meeting),
        ]
        rows = (
            *joining(here, meeting),
            *answering(language, member, panel_, meeting),
            (Button(Say("button.how_to_join"), panel(language, Page.HOW_TO_JOIN, meeting.key)),),
            *cannot(here, language, meeting),
            *_material_of(language, meeting),
            (Button(Say("button.calendar"), panel(language, Page.MEETING, meeting.key, CALENDAR)),),
        )
    return Card(language, tuple(paragraphs), (*rows, *_back(language)))


def _for_calendar(here: Here, meeting: Meeting) -> Announcement:
    """The meeting's entry for a calendar, once more, for whoever asks; once an hour."""
    member, _ = whose(here)
    return Announcement(
        occasion=f"calendar:{short(meeting.key)}:{meeting.told}:{short(member.key)}:{here.now:%Y%m%d%H}",
        audience=Audience(Circle.PERSON, member.key.hex()),
        cards={
            language: Card(language, ((*_title(here, meeting), Line(Say("meeting.calendar"))),))
            for language in LANGUAGES
        },
        due=here.now,
        expires=meeting.end,
        priority=Priority.CHANGE,
        calendar=notices.calendar(meeting),
    )


def cannot(here: Here, language: str, meeting: Meeting) -> Rows:
    """In the hour in which it may happen: "I can't get in"."""
    if not _helped(here, meeting):
        return ()
    label = Say("button.cannot_get_in")
    return ((Button(label, panel(language, Page.CANNOT_GET_IN, meeting.key)),),)


# In, out, maybe


def _answer(here: Here, press: PanelPress, message: int) -> Outcome:
    """The answer is noted, and the card becomes the meeting's. Said again it changes nothing. A
    button that was shown with another time answers nothing: it asks again."""
    member, panel_ = whose(here)
    meeting = _meant(panel_, press)
    if meeting is None:
        return _unknown(here)
    if meeting.held is Held.CANCELLED or _over(here, meeting):
        return on_card(card(here, meeting, (Line(Say("meeting.answer_not_needed")),)))
    if press.more != notices.asked_at(meeting):
        moved = Say("meeting.time_changed", {"when": Span(meeting.start, meeting.end)})
        asked = on_card(card(here, meeting, (Line(moved, strong=True),)))
        return replace(asked, toast=Say("toast.old_button"))
    coming = ANSWERS[press.page]
    noted = {
        Coming.IN: Say("meeting.noted_in"),
        Coming.OUT: Say("meeting.noted_out"),
        Coming.MAYBE: Say("meeting.noted_maybe"),
    }
    said: Paragraph = (Line(noted[coming], strong=True),)
    if panel_.coming(meeting, member) is coming:
        return on_card(card(here, meeting, said))
    answers = {**panel_.attendance, (meeting.key, member.key): coming}
    after = replace(here, panel=replace(panel_, attendance=answers))
    kept = Change(keep=(Attendance(meeting.key, member.key, coming, meeting.revision),))
    return on_card(card(after, meeting, said), kept)


# Getting in


def _how(here: Here, press: PanelPress, message: int) -> Outcome:
    """How one gets into Teams, step by step."""
    member, panel_ = whose(here)
    language = member.language
    meeting = _meant(panel_, press)
    if meeting is None:
        return _unknown(here)
    if meeting.held is Held.CANCELLED or _over(here, meeting):
        return on_card(card(here, meeting))
    on_computer = [Say("how.computer_link")]
    if meeting.meeting_id:
        on_computer.append(Say("how.computer_without_link"))
    on_computer += [Say("how.computer_browser"), Say("how.computer_name"), Say("how.wait")]
    on_phone = [Say("how.tap"), Say("how.install"), Say("how.guest"), Say("how.wait")]
    paragraphs: list[Paragraph] = [
        (Line(Say("how.title"), strong=True),),
        (Line(Say("how.on_phone"), strong=True), *_numbered(on_phone)),
        (Line(Say("how.on_computer"), strong=True), *_numbered(on_computer)),
    ]
    if meeting.phone:
        paragraphs.append((Line(Say("how.by_call", {"phone": Own(meeting.phone)})),))
    paragraphs += [notices.ways_in(meeting), (Line(Told(here.office.on_the_evening)),)]
    to_meeting = Button(Say("button.meeting"), panel(language, Page.MEETING, meeting.key))
    rows = (*joining(here, meeting), *cannot(here, language, meeting), (to_meeting,))
    return on_card(Card(language, tuple(paragraphs), rows))


def _numbered(steps: list[Say]) -> tuple[Line, ...]:
    return tuple(
        Line(Joined((Number(number), step), by=". ")) for number, step in enumerate(steps, 1)
    )


def _stuck(here: Here, press: PanelPress, message: int) -> Outcome:
    """Somebody stands before the door: whom to call, the link once more, and the coordinators are
    told, once for each member and meeting."""
    member, panel_ = whose(here)
    meeting = _meant(panel_, press)
    if meeting is None:
        return _unknown(here)
    if meeting.held is Held.CANCELLED or _over(here, meeting):
        return on_card(card(here, meeting))
    call = Line(Told(here.office.on_the_evening))
    if not _helped(here, meeting):
        return on_card(card(here, meeting, (Line(Say("meeting.help_later")), call)))
    language = member.language
    told = tidings.of_person(
        here,
        f"stuck:{short(meeting.key)}:{short(member.key)}",
        Say("tidings.cannot_get_in"),
        member,
        until=meeting.end,
    )
    paragraphs: tuple[Paragraph, ...] = (
        (Line(Say("stuck.title"), strong=True),),
        (call,),
        (Line(Say("stuck.told")),),
        (Line(Say("stuck.again")), *notices.ways_in(meeting)),
    )
    how = Button(Say("button.how_to_join"), panel(language, Page.HOW_TO_JOIN, meeting.key))
    to_meeting = Button(Say("button.meeting"), panel(language, Page.MEETING, meeting.key))
    rows = ((Button(Say("button.join_meeting"), link=meeting.link),), (how,), (to_meeting,))
    return on_card(Card(language, paragraphs, rows), Change(plan=(told,)))


# Material


def _has_material(meeting: Meeting) -> bool:
    return bool(meeting.material_link or meeting.material_file) and meeting.held is Held.CALLED


def _to_material(language: str) -> tuple[Button, ...]:
    return (Button(Say("button.material"), panel(language, Page.MATERIAL)),)


def to_material(here: Here) -> Rows:
    """The way to the material, where there is any."""
    member, panel_ = whose(here)
    there = any(_has_material(one) for one in panel_.meetings)
    return (_to_material(member.language),) if there else ()


def _material_of(language: str, meeting: Meeting) -> Rows:
    if not _has_material(meeting):
        return ()
    data = panel(language, Page.MATERIAL, meeting.key)
    return ((Button(Say("button.material"), data),),)


def _material(here: Here, press: PanelPress, message: int) -> Outcome:
    """What is to be read beforehand: a meeting's file as a message of its own, or a list of all
    there is."""
    member, panel_ = whose(here)
    language = member.language
    meeting = _meant(panel_, press)
    if meeting is not None and _has_material(meeting) and meeting.material_file:
        said = (*_title(here, meeting), *_linked(meeting))
        return Outcome((Card(language, (said,), file=meeting.material_file),))
    there = [one for one in panel_.meetings if _has_material(one) and meeting in (None, one)]
    paragraphs: list[Paragraph] = [(Line(Say("material.title"), strong=True),)]
    rows: list[tuple[Button, ...]] = []
    for one in there:
        named = (Line(Own(one.material_name)),) if one.material_name else ()
        paragraphs.append((*_title(here, one), *_linked(one), *named))
        if one.material_file:
            label = Joined((Say("button.open_file"), On(one.start.date())), by=": ")
            rows.append((Button(label, panel(language, Page.MATERIAL, one.key)),))
    if not there:
        paragraphs.append((Line(Say("material.none")),))
    return on_card(Card(language, tuple(paragraphs), (*rows, *_back(language))))


def _linked(meeting: Meeting) -> tuple[Line, ...]:
    if not meeting.material_link:
        return ()
    return (Line(Linked(Say("material.link"), meeting.material_link)),)


PAGES: Final[dict[Page, Press]] = {
    Page.MEETINGS: _meetings,
    Page.MEETING: _meeting,
    **dict.fromkeys(ANSWERS, _answer),
    Page.HOW_TO_JOIN: _how,
    Page.CANNOT_GET_IN: _stuck,
    Page.MATERIAL: _material,
}
"""For whoever is seated in the panel."""
