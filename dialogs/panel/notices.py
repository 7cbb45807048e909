"""What is said of a meeting, unprompted: each announcement as a card in each language.

A card stands by itself: whoever reads only this one knows what, when and how to get in. Those that
bring a file for the calendar are its caption, and Telegram takes 1024 units for one: that is why a
theme, a reason and what one joins by have a length.

Coordinators write a theme or a reason in the languages they have time for. Where one is missing,
the text is shown in a language that is there, and that a translation follows.
"""

from __future__ import annotations

from datetime import UTC
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from dialogs.announcement import Calendar
from dialogs.languages import ENGLISH, FINNISH, LANGUAGES, SWEDISH
from dialogs.panel.buttons import Page, panel
from dialogs.panel.hours import days_between
from dialogs.panel.records import Held
from dialogs.screens import At, Button, Card, Line, Linked, On, Own, Say, Span, Told

if TYPE_CHECKING:
    from datetime import datetime

    from dialogs.panel.records import Meeting, Text, Was
    from dialogs.screens import Paragraph, Words

LONGEST_THEME: Final = 100
LONGEST_REASON: Final = 300
"""UTF-16 units, as everything typed is counted."""

Rows = tuple[tuple[Button, ...], ...]

_ONLY_IN: Final = {
    FINNISH: Say("news.in_finnish"),
    SWEDISH: Say("news.in_swedish"),
    ENGLISH: Say("news.in_english"),
}


class Part(StrEnum):
    """What of a meeting members are told of when it changes."""

    TIME = "time"
    THEME = "theme"
    LINK = "link"
    DETAILS = "details"  # what one joins by, besides the link
    MATERIAL = "material"


def differing(was: Was, now: Meeting) -> frozenset[Part]:
    """What changed. A theme that only came in another language did not."""
    pairs = {
        Part.TIME: ((was.start, was.end), (now.start, now.end)),
        Part.THEME: (was.theme, {language: now.theme.get(language) for language in was.theme}),
        Part.LINK: (was.link, now.link),
        Part.DETAILS: (
            (was.meeting_id, was.passcode, was.phone),
            (now.meeting_id, now.passcode, now.phone),
        ),
        Part.MATERIAL: (
            (was.material_link, was.material_file),
            (now.material_link, now.material_file),
        ),
    }
    return frozenset(part for part, (before, after) in pairs.items() if before != after)


def invitation(meeting: Meeting, due: datetime, language: str) -> Card:
    """Sent on the day of `due`."""
    return Card(
        language,
        (
            (_title(Say("news.invitation")), *_what_and_when(meeting, language)),
            ways_in(meeting),
            (Line(Say("news.can_you_come")), Line(Say("news.file"))),
        ),
        (*_answers(meeting, language), *_entry(meeting, due, language), *_more(meeting, language)),
    )


def reminder(meeting: Meeting, due: datetime, language: str, *, asks: bool = False) -> Card:
    """As it is true on the day of `due`. One that `asks` also is the nudge."""
    days = days_between(due, meeting.start)
    title = (_title(_soon(meeting, days)), _theme(meeting.theme, language))
    said: tuple[Paragraph, ...] = (title, ways_in(meeting))
    rows = (*_more(meeting, language), _shown(meeting, language))
    if not days:
        rows = (*_entry(meeting, due, language), *rows)
    if asks:
        said = (*said, (Line(Say("news.answer_here")),))
        rows = (*_answers(meeting, language), *rows)
    return Card(language, said, rows)


def nudge(meeting: Meeting, language: str) -> Card:
    """For those who have not answered."""
    return Card(
        language,
        ((_title(Say("news.nudge")), *_what_and_when(meeting, language)), ways_in(meeting)),
        (*_answers(meeting, language), *_more(meeting, language)),
    )


def thanks(meeting: Meeting, following: Meeting | None, language: str) -> Card:
    """Also for those who could not come. `following` is the next meeting, where one is called."""
    title = _title(Say("news.thanks", {"day": On(meeting.start.date())}))
    if following is None:
        return Card(language, ((title,), (Line(Say("news.none_next")),)), (_all(language),))
    coming_up = (Line(Say("news.next")), *_what_and_when(following, language))
    return Card(language, ((title,), coming_up), (_shown(following, language),))


def changed(meeting: Meeting, was: Was, due: datetime, language: str) -> Card:
    """What changed, then all of it as it is now. Who has answered is asked again only where the
    time moved; who has not, can do so here."""
    parts = differing(was, meeting)
    answer = Say("news.asked_again") if Part.TIME in parts else Say("news.answer_stands")
    return Card(
        language,
        (
            (_title(Say("news.changed")), *_changes(meeting, was, parts)),
            (Line(Say("news.now")), *_what_and_when(meeting, language)),
            ways_in(meeting),
            (Line(answer), Line(Say("news.file_anew"))),
        ),
        (*_answers(meeting, language), *_entry(meeting, due, language), *_more(meeting, language)),
    )


def cancelled(meeting: Meeting, language: str) -> Card:
    """Names also the time that was first agreed, for those who never heard that it moved."""
    when, first = Span(meeting.start, meeting.end), meeting.first_start
    not_held = Say("news.not_held", {"when": when})
    if first is not None and first != meeting.start:
        not_held = Say("news.not_held_nor_first", {"when": when, "first": At(first)})
    lines = [_title(Say("news.cancelled")), Line(not_held), _theme(meeting.theme, language)]
    if any(meeting.reason.values()):
        lines.append(_reason(meeting.reason, language))
    return Card(language, (tuple(lines), (Line(Say("news.file_removes")),)), (_all(language),))


def calendar(meeting: Meeting) -> Calendar:
    """Its entry in people's calendars. The meeting's random key names it there."""
    details = (Say("news.calendar_explained"), *(line.words for line in _details(meeting)))
    return Calendar(
        uid=meeting.key.hex(),
        sequence=meeting.told,
        start=meeting.start,
        end=meeting.end,
        summary=Say("news.calendar_title", {"theme": Told(meeting.theme)}),
        details=details,
        link=meeting.link,
        cancelled=meeting.held is Held.CANCELLED,
    )


def ways_in(meeting: Meeting) -> Paragraph:
    """The link, and what Teams asks for where there is no link at hand."""
    return (Line(Linked(Say("meeting.link"), meeting.link)), *_details(meeting))


def _details(meeting: Meeting) -> Paragraph:
    lines: list[Line] = []
    if meeting.meeting_id:
        lines.append(Line(Say("meeting.id", {"id": Own(meeting.meeting_id)})))
    if meeting.passcode:
        lines.append(Line(Say("meeting.passcode", {"passcode": Own(meeting.passcode)})))
    if meeting.phone:
        lines.append(Line(Say("meeting.phone", {"phone": Own(meeting.phone)})))
    return tuple(lines)


def _title(words: Words) -> Line:
    return Line(words, strong=True)


def _soon(meeting: Meeting, days: int) -> Say:
    """How near it is only where that is true until midnight, when the reminder expires: others may
    arrive days late."""
    when = {"when": Span(meeting.start, meeting.end)}
    match days:
        case 0:
            return Say("news.today", when)
        case 1:
            return Say("news.tomorrow", when)
    return Say("news.meets", when)


def _what_and_when(meeting: Meeting, language: str) -> Paragraph:
    when = Say("news.when", {"when": Span(meeting.start, meeting.end)})
    return (_theme(meeting.theme, language), Line(when))


def _theme(theme: Text, language: str) -> Line:
    if text := theme.get(language):
        return Line(Say("news.theme", {"theme": Own(text)}))
    there, text = _written(theme)
    return Line(Say("news.theme_untranslated", {"theme": Own(text), "language": there}))


def _reason(reason: Text, language: str) -> Line:
    if text := reason.get(language):
        return Line(Say("news.reason", {"reason": Own(text)}))
    there, text = _written(reason)
    return Line(Say("news.reason_untranslated", {"reason": Own(text), "language": there}))


def _written(text: Text) -> tuple[Words, str]:
    """The first language in which there is something, and that."""
    return next((_ONLY_IN[one], text[one]) for one in LANGUAGES if text.get(one))


def _changes(meeting: Meeting, was: Was, parts: frozenset[Part]) -> Paragraph:
    lines: list[Line] = []
    if Part.TIME in parts:
        spans = {"was": Span(was.start, was.end), "now": Span(meeting.start, meeting.end)}
        lines.append(Line(Say("news.time_changed", spans)))
    if Part.THEME in parts:
        lines.append(Line(Say("news.theme_changed", {"was": Told(was.theme)})))
    if Part.LINK in parts:
        lines.append(Line(Say("news.link_changed")))
    elif Part.DETAILS in parts:
        lines.append(Line(Say("news.details_changed")))
    if Part.MATERIAL in parts:
        lines.append(Line(Say("news.material_changed")))
    return tuple(lines)


def asked_at(meeting: Meeting) -> str:
    """The start that an answer's button was shown with: a yes counts for no other."""
    return meeting.start.astimezone(UTC).strftime("%Y%m%d%H%M")


def _answers(meeting: Meeting, language: str) -> Rows:
    answers = (
        (Say("button.coming_in"), Page.ANSWER_IN),
        (Say("button.coming_out"), Page.ANSWER_OUT),
        (Say("button.coming_maybe"), Page.ANSWER_MAYBE),
    )
    at = asked_at(meeting)
    return (tuple(Button(say, panel(language, page, meeting.key, at)) for say, page in answers),)


def _entry(meeting: Meeting, due: datetime, language: str) -> Rows:
    """The way in; once the day has come also for whom it does not open."""
    rows: Rows = ((Button(Say("button.join_meeting"), link=meeting.link),),)
    if days_between(due, meeting.start) <= 0:
        data = panel(language, Page.CANNOT_GET_IN, meeting.key)
        rows = (*rows, (Button(Say("button.cannot_get_in"), data),))
    return rows


def _more(meeting: Meeting, language: str) -> Rows:
    """How to join, and the material where there is any."""
    how = panel(language, Page.HOW_TO_JOIN, meeting.key)
    rows: Rows = ((Button(Say("button.how_to_join"), how),),)
    if meeting.material_link or meeting.material_file:
        material = panel(language, Page.MATERIAL, meeting.key)
        rows = (*rows, (Button(Say("button.material"), material),))
    return rows


def _shown(meeting: Meeting, language: str) -> tuple[Button, ...]:
    return (Button(Say("button.meeting"), panel(language, Page.MEETING, meeting.key)),)


def _all(language: str) -> tuple[Button, ...]:
    return (Button(Say("button.meetings"), panel(language, Page.MEETINGS)),)
