"""The meetings, as coordinators see them: which are ahead, and of each how it stands.

Numbers stand on open cards; who comes, and whom to call, only on a private one.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Final

from dialogs.announcement import State
from dialogs.languages import LANGUAGES
from dialogs.outcome import Change
from dialogs.panel import notices, pages, sheet
from dialogs.panel.asking import BEFORE
from dialogs.panel.buttons import Page, panel, short
from dialogs.panel.cards import on_card
from dialogs.panel.details import passed
from dialogs.panel.hours import before_quiet, hours_before, quiet_hours
from dialogs.panel.planning import NUDGE_DAYS, Kind
from dialogs.panel.preview import IN, NAMES, contact, named
from dialogs.panel.records import Coming, Held, Panel
from dialogs.panel.trail import What, as_it_is, seen
from dialogs.screens import Button, Card, Joined, Line, Linked, On, Own, Say, Series, Span, Told

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dialogs.announcement import Report
    from dialogs.outcome import Here, Outcome
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.cards import Press
    from dialogs.panel.records import Meeting, Member
    from dialogs.screens import Paragraph, Words

    Row = tuple[Button, ...]

PAST, SENT = "past", "sent"
EACH: Final = 10
"""So many meetings of the past stand on one card."""

_LATER: Final = (Kind.REMIND, Kind.NUDGE, Kind.THANKS)
"""What is planned anew, and then comes to nothing, when a meeting changes."""

_TO_EVERYBODY: Final = (Kind.INVITE, Kind.CHANGED, Kind.CANCELLED, Kind.REMIND, Kind.THANKS)
"""What each member gets who can be reached; the others are for some."""

_COMING: Final[Mapping[Coming | None, Say]] = {
    Coming.IN: Say("desk.coming_in"),
    Coming.MAYBE: Say("desk.coming_maybe"),
    Coming.OUT: Say("desk.coming_out"),
    None: Say("desk.unanswered"),
}

_TITLES: Final[Mapping[Held, Say]] = {
    Held.CALLED: Say("desk.meeting"),
    Held.CANCELLED: Say("desk.cancelled"),
}


def meant(here: Here, press: PanelPress) -> Meeting | None:
    """Which meeting the button is about."""
    return next((one for one in (here.panel or Panel()).meetings if press.means(one.key)), None)


def is_open(here: Here, meeting: Meeting) -> bool:
    """Whether it can still be changed."""
    return meeting.held is Held.CALLED and not passed(here, meeting.end)


def back(language: str) -> Row:
    return pages.back(language, Page.DESK)


def gone(here: Here, language: str) -> Outcome:
    """From an old button: there is no such meeting, or what was begun is over."""
    return replace(on_card(_list(here, language)), toast=Say("toast.old_button"))


def lacking(here: Here, meeting: Meeting) -> tuple[tuple[str, str], ...]:
    """What is still to be translated: `theme` or `reason`, and the language that a member reads
    and it is not written in."""
    if passed(here, meeting.end):
        return ()
    read = {one.language for one in (here.panel or Panel()).seated}
    texts = {"theme": meeting.theme, "reason": meeting.reason}
    return tuple(
        (name, one)
        for name, text in texts.items()
        for one in LANGUAGES
        if text and one in read and one not in text
    )


def untranslated(here: Here, meeting: Meeting) -> Paragraph:
    """In which languages something is still missing, if in any."""
    languages = dict.fromkeys(one for _, one in lacking(here, meeting))
    if not languages:
        return ()
    said = Series(tuple(IN[one] for one in languages))
    return (Line(Say("alter.untranslated", {"languages": said})),)


def after(here: Here, language: str, meeting: Meeting, said: Say, *, anew: bool = False) -> Card:
    """The desk of a meeting that is being kept; `anew`: nobody has answered to it now."""
    panel_ = here.panel or Panel()
    answers = {
        pair: coming
        for pair, coming in panel_.attendance.items()
        if not anew or pair[0] != meeting.key
    }
    here = replace(here, panel=replace(panel_, attendance=answers))
    return card(here, language, meeting, (Line(said, strong=True),))


def card(here: Here, language: str, meeting: Meeting, notice: Paragraph = ()) -> Card:
    """A meeting's desk."""
    told = (
        notice,
        (
            Line(_TITLES[meeting.held], strong=True),
            Line(Span(meeting.start, meeting.end)),
            *_texts(meeting.theme),
            *(_told_reason(meeting)),
        ),
        notices.ways_in(meeting) if meeting.held is Held.CALLED else (),
        (*_material(meeting), *_reminders(here, meeting)),
        _counts(here, meeting),
    )
    return Card(language, tuple(filter(None, told)), (*_ways_on(here, language, meeting),))


def _told_reason(meeting: Meeting) -> Paragraph:
    if not meeting.reason:
        return ()
    return (Line(Say("desk.reason")), *_texts(meeting.reason))


def _texts(text: Mapping[str, str]) -> Paragraph:
    """By itself, or by language where there are several."""
    if len(text) == 1:
        return tuple(Line(Own(one)) for one in text.values())
    named_ = ((NAMES[one], Own(text[one])) for one in LANGUAGES if one in text)
    return tuple(Line(Joined(pair, by=": ")) for pair in named_)


def _material(meeting: Meeting) -> Paragraph:
    if meeting.material_link:
        return (Line(Linked(Say("desk.material"), meeting.material_link)),)
    if meeting.material_file:
        name = Own(meeting.material_name) if meeting.material_name else Say("call.file")
        return (Line(Joined((Say("desk.material"), name), by=": ")),)
    return ()


def _reminders(here: Here, meeting: Meeting) -> Paragraph:
    """Those that are still ahead."""
    quiet = quiet_hours(here.office)
    ahead = [
        BEFORE[one]
        for one in sorted(meeting.reminders, reverse=True)
        if not passed(here, before_quiet(hours_before(meeting.start, one), quiet))
    ]
    if meeting.held is Held.CANCELLED or not ahead:
        return ()
    return (Line(Say("desk.reminders", {"before": Series(tuple(ahead))})),)


def _counts(here: Here, meeting: Meeting) -> Paragraph:
    """How many come; how many have to be called, and what expired."""
    panel_ = here.panel or Panel()
    answers = [panel_.coming(meeting, one) for one in panel_.seated]
    lines: list[Line] = []
    if meeting.held is Held.CALLED:
        counted = {
            "come": answers.count(Coming.IN),
            "maybe": answers.count(Coming.MAYBE),
            "out": answers.count(Coming.OUT),
            "unanswered": answers.count(None),
        }
        lines.append(Line(Say("desk.counts", counted)))
    if missed := len(_to_call(here, meeting)):
        lines.append(Line(Say("desk.not_reached", count=missed)))
    late = [
        Line(Say("desk.came_too_late", {"what": named(occasion)}))
        for occasion, one in _reports(here, meeting)
        if one.counts.get(State.EXPIRED)
    ]
    lines += [one for place, one in enumerate(late) if one not in late[:place]]
    return tuple(lines)


def _ways_on(here: Here, language: str, meeting: Meeting) -> list[Row]:
    def to(label: Say, page: Page, more: str = "") -> Row:
        return (Button(label, panel(language, page, meeting.key, more)),)

    rows = [to(Say("desk.who"), Page.WHO), to(Say("desk.report"), Page.CALLED, SENT)]
    if is_open(here, meeting):
        rows.append(to(Say("desk.change"), Page.ALTER))
    if lacking(here, meeting):
        rows.append(to(Say("desk.translate"), Page.TRANSLATE))
    if is_open(here, meeting):
        rows.append(to(Say("desk.cancel"), Page.CANCEL))
    return [*rows, back(language)]


# What has been sent


def _reports(here: Here, meeting: Meeting) -> list[tuple[str, Report]]:
    """Of this meeting, in their order: by occasion."""
    mine = f"meeting:{short(meeting.key)}:"
    found = (here.panel or Panel()).reports
    return sorted(
        ((occasion, one) for occasion, one in found.items() if occasion.startswith(mine)),
        key=lambda pair: _order(pair[0]),
    )


def _order(occasion: str) -> tuple[int, int, int]:
    kind, before = _said(occasion)
    return _version(occasion), list(Kind).index(kind), -before


def _version(occasion: str) -> int:
    return int(occasion.split(":")[2])


def _said(occasion: str) -> tuple[Kind, int]:
    """The kind, and of a reminder how many hours before."""
    kind, _, before = occasion.split(":")[3].partition("-")
    return Kind(kind), int(before or 0)


def _sent(here: Here, language: str, meeting: Meeting) -> Card:
    """What has been sent, and what became of it."""
    said: list[Line] = []
    told = (
        (occasion, one)
        for occasion, one in _reports(here, meeting)
        if one.counts or _version(occasion) == meeting.version or _said(occasion)[0] not in _LATER
    )
    for _, same in groupby(told, key=lambda pair: _order(pair[0])):
        reports = list(same)
        said.append(
            Line(Joined((named(reports[0][0]), _became([one for _, one in reports])), ": "))
        )
    return Card(
        language,
        (
            (Line(Say("desk.report"), strong=True), Line(Span(meeting.start, meeting.end))),
            tuple(said) or (Line(Say("desk.nothing_sent")),),
        ),
        (pages.back(language, Page.CALLED, meeting.key),),
    )


def _became(reports: list[Report]) -> Words:
    """How many are where; how many may have got it twice."""

    def number(*states: State) -> int:
        return sum(report.counts.get(state, 0) for report in reports for state in states)

    said = (
        Say("desk.sent", count=number(State.SENT)),
        Say("desk.waiting", count=number(State.WAITING, State.SENDING, State.UNCERTAIN)),
        Say("desk.missed", count=number(State.LEFT, State.FAILED)),
        Say("desk.expired", count=number(State.EXPIRED)),
        Say("desk.withdrawn", count=number(State.WITHDRAWN)),
        Say("desk.doubled", count=sum(report.doubled for report in reports)),
    )
    parts = tuple(one for one in said if one.count)
    return Joined(parts) if parts else Say("desk.not_yet")


# Who comes


def _who(here: Here, press: PanelPress, message: int) -> Outcome:
    """By name; and whom to call."""
    meeting = meant(here, press)
    if meeting is None:
        return gone(here, press.language)
    panel_ = here.panel or Panel()
    groups: list[Paragraph] = []
    for coming, title in _COMING.items():
        names = [one for one in panel_.seated if panel_.coming(meeting, one) is coming]
        if names:
            heading = Line(title, strong=True)
            groups.append((heading, *(Line(Own(one.name)) for one in names)))
    calls = _to_call(here, meeting)
    if calls:
        lines = (Line(_called(one, missed)) for one, missed in calls)
        groups.append((Line(Say("desk.to_call"), strong=True), *lines))
    shown = Card(
        press.language,
        (
            (Line(Say("desk.who"), strong=True), Line(Span(meeting.start, meeting.end))),
            *(groups or [(Line(Say("desk.nobody")),)]),
        ),
        (pages.back(press.language, Page.CALLED, meeting.key), pages.close(press.language)),
        private=True,
    )
    return on_card(shown, Change(trail=seen(here, What.ATTENDANCE_SEEN, as_it_is(meeting))))


def _to_call(here: Here, meeting: Meeting) -> list[tuple[Member, tuple[Words, ...]]]:
    """Members whom what is true now has not reached and will not, and what it is: whoever got a
    later message of it knows."""
    calls: list[tuple[Member, tuple[Words, ...]]] = []
    told = [pair for pair in _reports(here, meeting) if _version(pair[0]) >= meeting.told]
    told.sort(key=lambda pair: _when(pair[0]))
    for one in (here.panel or Panel()).seated:
        missed: list[Words] = []
        for occasion, report in told:
            if one.key in report.missed:
                missed.append(named(occasion))
            elif _said(occasion)[0] in _TO_EVERYBODY and report.counts.get(State.SENT):
                missed = [] if sheet.reached(one) else missed
        if missed or not sheet.reached(one):
            calls.append((one, tuple(missed)))
    return calls


def _when(occasion: str) -> tuple[int, int, int]:
    """In the order they are due: the nudge comes among the reminders."""
    version, kind, hours = _order(occasion)
    if _said(occasion)[0] is Kind.NUDGE:
        return version, list(Kind).index(Kind.REMIND), -24 * NUDGE_DAYS
    return version, kind, hours


def _called(member: Member, missed: tuple[Words, ...]) -> Words:
    return Joined((contact(member), Series(missed)), by=": ") if missed else contact(member)


# The list


def _desk(here: Here, press: PanelPress, message: int) -> Outcome:
    if press.about == PAST:
        return on_card(_past(here, press))
    return on_card(_list(here, press.language))


def _list(here: Here, language: str) -> Card:
    """What is ahead."""
    meetings = (here.panel or Panel()).meetings
    ahead = [one for one in meetings if is_open(here, one)]
    said = Say("desk.tap") if ahead else Say("desk.none_ahead")
    past = (Button(Say("desk.past"), panel(language, Page.DESK, PAST)),)
    return Card(
        language,
        ((Line(Say("desk.title"), strong=True), Line(said)),),
        (
            *_entries(language, ahead),
            (Button(Say("desk.call"), panel(language, Page.CALL)),),
            *((past,) if len(ahead) < len(meetings) else ()),
            pages.back(language, Page.PANEL),
        ),
    )


def _past(here: Here, press: PanelPress) -> Card:
    """Those that were, and those that are not held, the latest first."""
    language = press.language
    meetings = (here.panel or Panel()).meetings
    over = [one for one in reversed(meetings) if not is_open(here, one)]
    at = pages.first(press, len(over), EACH)
    turns = []
    if at:
        data = panel(language, Page.DESK, PAST, at - EACH)
        turns.append(Button(Say("button.page_before"), data))
    if at + EACH < len(over):
        data = panel(language, Page.DESK, PAST, at + EACH)
        turns.append(Button(Say("button.page_after"), data))
    return Card(
        language,
        ((Line(Say("desk.past"), strong=True),),),
        (
            *_entries(language, over[at : at + EACH]),
            *((tuple(turns),) if turns else ()),
            back(language),
        ),
    )


def _entries(language: str, meetings: Iterable[Meeting]) -> tuple[Row, ...]:
    return tuple((Button(_entry(one), panel(language, Page.CALLED, one.key)),) for one in meetings)


def _entry(meeting: Meeting) -> Words:
    day = On(meeting.start.date())
    if meeting.held is Held.CANCELLED:
        return Joined((day, Say("desk.is_cancelled")))
    return Joined((day, Told(meeting.theme)))


def _one(here: Here, press: PanelPress, message: int) -> Outcome:
    meeting = meant(here, press)
    if meeting is None:
        return gone(here, press.language)
    if press.more == SENT:
        return on_card(_sent(here, press.language, meeting))
    return on_card(card(here, press.language, meeting))


PAGES: Final[Mapping[Page, Press]] = {Page.DESK: _desk, Page.CALLED: _one, Page.WHO: _who}
