"""What each step of telling a meeting says and offers, and what is understood of the answer.

A typed text or a tapped button gives more of what is told (`Given`), or a sentence that says what
would do. Coming back to a step, what was told there stands ready to be kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from dialogs.forms import inputs
from dialogs.forms.inputs import Refusal
from dialogs.forms.model import Parameters, Row, Type
from dialogs.languages import ENGLISH, FINNISH, SWEDISH
from dialogs.panel import dates, teams
from dialogs.panel.buttons import Page, panel
from dialogs.panel.details import (
    at_of,
    day_of,
    ends,
    given_with,
    hour_later,
    listed,
    moments,
    passed,
    reminders,
    starts,
    theme,
    time_of,
)
from dialogs.panel.notices import LONGEST_THEME
from dialogs.panel.records import Held, Panel
from dialogs.panel.teams import Doubt
from dialogs.screens import Button, Joined, Line, On, Own, Say, Told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dialogs.outcome import Here
    from dialogs.panel.details import Given
    from dialogs.panel.records import Meeting, Task
    from dialogs.screens import Paragraph, Words

    Options = tuple[Button, ...]

LONGEST_LINK: Final = 2000
OFFERED_DAYS: Final = 6
SOON: Final = 7
"""Days: a meeting nearer than this has fewer reminders."""

LENGTHS: Final = (60, 90, 120, 180)
"""Minutes that a meeting may last, to be tapped."""

BEFORE: Final[Mapping[int, Say]] = {
    14 * 24: Say("call.before_14_days"),
    7 * 24: Say("call.before_7_days"),
    3 * 24: Say("call.before_3_days"),
    2 * 24: Say("call.before_2_days"),
    24: Say("call.before_1_day"),
    3: Say("call.before_3_hours"),
    1: Say("call.before_1_hour"),
}
"""Reminders that can be chosen, by hours before the start."""

_THEME: Final = Row(Type.TEXT, "theme", 0, parameters=Parameters(limit=LONGEST_THEME))

_IN: Final[Mapping[str, tuple[Say, Say]]] = {
    FINNISH: (Say("call.theme_fi"), Say("call.no_theme_fi")),
    SWEDISH: (Say("call.theme_sv"), Say("call.no_theme_sv")),
    ENGLISH: (Say("call.theme_en"), Say("call.no_theme_en")),
}

_DOUBTS: Final[Mapping[Doubt, Say]] = {
    Doubt.NOT_HTTPS: Say("call.not_https"),
    Doubt.NOT_TEAMS: Say("call.not_teams"),
    Doubt.LOOK_ALIKE: Say("call.look_alike"),
    Doubt.NOT_A_MEETING: Say("call.not_a_meeting"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A step's card: what it says and what it offers."""

    says: tuple[Paragraph, ...]
    rows: tuple[Options, ...] = ()
    keeps: Words | None = None  # what was told before, and can stay


# The cards


def asks(here: Here, task: Task) -> Asked:
    """What the step asks."""
    given = task.given
    match task.step:
        case "link":
            return Asked(
                (_asked(Say("call.link")), _explained(Say("call.link_explained"))),
                keeps=Own(given["link"]) if "link" in given else None,
            )
        case "odd":
            said = tuple(Line(_DOUBTS[doubt]) for doubt in teams.doubts(given["link"]))
            return Asked(
                (_asked(Say("call.odd")), (Line(Own(given["link"])),), said),
                ((_option(task, Say("call.odd_use"), "sure"),),),
            )
        case "day":
            offered = tuple((_option(task, On(one), one.isoformat()),) for one in _evenings(here))
            return Asked(
                (_asked(Say("call.day")), _explained(Say("call.day_explained"))),
                offered,
                On(day_of(given)) if "day" in given else None,
            )
        case "start":
            return Asked(
                (_asked(Say("call.start")), (Line(On(day_of(given))),)),
                _usual_hours(here, task),
                _told_hours(task),
            )
        case "end":
            return Asked(
                (_asked(Say("call.end")),),
                (_likely_ends(task),),
                _clock(task, given["end"]) if "end" in given else None,
            )
        case "start_clock":
            return _clock_asked(task, given["start"], starts(here, given))
        case "end_clock":
            return _clock_asked(task, given["end"], ends(here, given))
        case "material":
            return Asked(
                (_asked(Say("call.material")), _explained(Say("call.material_explained"))),
                ((_option(task, Say("call.no_material"), "none"),),),
                material(given),
            )
        case "reminders":
            return Asked(
                (_asked(Say("call.reminders")), _explained(Say("call.reminders_explained"))),
                (*_toggles(task), (_option(task, Say("call.done"), "done"),)),
            )
    return _theme_asked(task, task.step.removeprefix("theme_"))


def material(given: Given) -> Words | None:
    """What members are to read, in a word."""
    if "material_file" in given:
        return Own(given["material_name"]) if "material_name" in given else Say("call.file")
    return Own(given["material_link"]) if "material_link" in given else None


def found(given: Given) -> Paragraph:
    """What one joins by, as it was found."""
    lines = [Line(Own(given["link"]))]
    if "meeting_id" in given:
        lines.append(Line(Say("meeting.id", {"id": Own(given["meeting_id"])})))
    if "passcode" in given:
        lines.append(Line(Say("meeting.passcode", {"passcode": Own(given["passcode"])})))
    if "phone" in given:
        lines.append(Line(Say("meeting.phone", {"phone": Own(given["phone"])})))
    return tuple(lines)


def _asked(words: Words) -> Paragraph:
    return (Line(words, strong=True),)


def _explained(words: Words) -> Paragraph:
    return (Line(words),)


def _option(task: Task, label: Words, more: str, *, chosen: bool = False) -> Button:
    return Button(label, panel(task.language, Page.TASK, task.step, more), chosen=chosen)


def _theme_asked(task: Task, language: str) -> Asked:
    given = task.given
    question, without = _IN[language]
    shown: tuple[Paragraph, ...] = ()
    rows: tuple[Options, ...] = ()
    if language != task.language and (written := theme(given)):
        text = written.get(task.language) or next(iter(written.values()))
        shown = ((Line(Say("call.theme_so_far", {"theme": Own(text)})),),)
        if "revision" in given:
            rows = ((_option(task, without, "later"),),)
    return Asked(
        (_asked(question), *shown, _explained(Say("call.theme_explained", count=LONGEST_THEME))),
        rows,
        Own(given[task.step]) if task.step in given else None,
    )


def _clock_asked(task: Task, at: str, meant: Sequence[datetime]) -> Asked:
    """A time that is not there on that night, or is there twice."""
    said = _clock(task, at)
    if not meant:
        later = hour_later(at)
        return Asked(
            (_asked(Say("call.clock_missing", {"time": said, "later": _clock(task, later)})),),
            ((_option(task, _clock(task, later), "later"),),),
        )
    return Asked(
        (_asked(Say("call.clock_twice", {"time": said})),),
        (
            (_option(task, Say("call.clock_first"), "0"),),
            (_option(task, Say("call.clock_second"), "1"),),
        ),
    )


def _usual_hours(here: Here, task: Task) -> tuple[Options, ...]:
    """The office's hours, where its words for them can be read as such."""
    usual = dates.hours(here.office.meeting_hours[FINNISH])
    if usual is None or usual[1] is None:
        return ()
    begins, until = at_of(usual[0]), at_of(usual[1])
    span = _span(task, begins, until)
    return ((_option(task, span, _data(f"{begins}-{until}")),),)


def _likely_ends(task: Task) -> Options:
    begins = datetime.combine(day_of(task.given), time_of(task.given["start"]))
    likely = [begins + timedelta(minutes=length) for length in LENGTHS]
    told = [at_of(one.time()) for one in likely if one.date() == begins.date()]
    return tuple(_option(task, _clock(task, at), _data(at)) for at in told)


def _data(at: str) -> str:
    """A time as a button can carry it."""
    return at.replace(".", "_")


def _told_hours(task: Task) -> Words | None:
    given = task.given
    if "start" not in given:
        return None
    if "span" in given:
        return _span(task, given["start"], given["end"])
    return _clock(task, given["start"])


def _span(task: Task, begins: str, until: str) -> Words:
    return Joined((_clock(task, begins), _clock(task, until)), by="–")


def _clock(task: Task, at: str) -> Words:
    """A time as each language writes it."""
    return Told({FINNISH: at.removeprefix("0"), SWEDISH: at, ENGLISH: at.replace(".", ":")})


def _toggles(task: Task) -> tuple[Options, ...]:
    """Each says what it does, so that a tap that comes twice does it once."""
    chosen = reminders(task.given)
    buttons = [
        _option(task, label, f"{'off' if hour in chosen else 'on'}{hour}", chosen=hour in chosen)
        for hour, label in BEFORE.items()
    ]
    return tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))


def _evenings(here: Here) -> list[date]:
    """Those of the office that are ahead and have no meeting yet."""
    called = {one.start.date() for one in _called(here)}
    ahead = [day for day in here.office.meetings if day > here.today and day not in called]
    return ahead[:OFFERED_DAYS]


def _called(here: Here) -> list[Meeting]:
    meetings = (here.panel or Panel()).meetings
    return [one for one in meetings if one.held is Held.CALLED]


# What is told


def typed(here: Here, task: Task, text: str) -> Given | Say:
    """What a typed text gives at this step; or what would do instead."""
    given = task.given
    match task.step:
        case "link" | "odd":
            return _link(given, text)
        case "day":
            return _told_day(here, given, text)
        case "start" | "start_clock":
            return _told_start(here, given, text)
        case "end" | "end_clock":
            return _told_end(given, text)
        case "material":
            link = teams.found(text).link
            if not link.startswith("https://") or len(link) > LONGEST_LINK:
                return Say("call.material_expected")
            return given_with(given, material_link=link, material_file="", material_name="")
        case "reminders":
            return Say("call.tap_below")
    read = inputs.read(_THEME, text, FINNISH, here.today)
    if isinstance(read, Refusal):
        return Say("call.theme_expected", count=LONGEST_THEME)
    return given_with(given, **{task.step: " ".join(str(read).split())})


def sent(task: Task, file: str, name: str) -> Given | Say:
    """What a file gives; '' for anything else that is not text."""
    if task.step == "material" and file:
        given = given_with(task.given, material_link="")
        return given_with(given, material_file=file, material_name=name)
    if task.step == "material":
        return Say("call.material_expected")
    return Say("call.copy_text") if task.step == "link" else Say("call.type_or_tap")


def tapped(here: Here, task: Task, more: str) -> Given | Say | None:
    """What a button of this step gives; None where the step has no such button now."""
    given = task.given
    if more == "keep":
        return given if asks(here, task).keeps is not None else None
    match task.step, more:
        case "odd", "sure":
            return given_with(given, sure=given["link"])
        case "day" | "start" | "end", _:
            return typed(here, task, more.replace("_", "."))
        case "start_clock" | "end_clock", _:
            return _which(here, task, more)
        case "material", "none":
            return given_with(given, material_link="", material_file="", material_name="")
        case "reminders", "done":
            return given
    if task.step.startswith("theme_") and more == "later" and "revision" in given:
        return given_with(given, **{task.step: ""})
    return None


def toggled(task: Task, more: str) -> Given | None:
    """With a reminder more or less; None where it is no such button."""
    chosen = set(reminders(task.given))
    for hour in BEFORE:
        if more == f"on{hour}":
            return given_with(task.given, reminders=listed({*chosen, hour}))
        if more == f"off{hour}":
            return given_with(task.given, reminders=listed(chosen - {hour}))
    return None


def noticed(here: Here, before: Given, task: Task) -> Paragraph:
    """What is to be said of what was just told, above the next step."""
    after = task.given
    joins = ("link", "meeting_id", "passcode", "phone")
    if any(after.get(one) != before.get(one) for one in joins):
        return () if task.step == "odd" else (Line(Say("call.found")), *found(after))
    if after.get("day") != before.get("day"):
        day = day_of(after)
        lines = []
        others = [one for one in _called(here) if one.key.hex() != after["meeting"]]
        if any(one.start.date() == day for one in others):
            lines.append(Line(Say("call.same_day")))
        if (day - here.today).days < SOON:
            lines.append(Line(Say("call.soon")))
        return tuple(lines)
    return ()


def _link(given: Given, text: str) -> Given | Say:
    read = teams.found(text)
    if not read.link or len(read.link) > LONGEST_LINK:
        return Say("call.no_link")
    return given_with(
        given,
        link=read.link,
        meeting_id=read.meeting_id,
        passcode=read.passcode,
        phone=read.phone,
        sure="",
    )


def _told_day(here: Here, given: Given, text: str) -> Given | Say:
    read = dates.day(text, here.today)
    if isinstance(read, date):
        return given_with(given, day=read.isoformat(), start_fold="", end_fold="")
    # A long invitation is sent in two pieces by the phone: this may be the second.
    rest = teams.found(text)
    joined = given_with(
        given,
        meeting_id=given.get("meeting_id", rest.meeting_id),
        passcode=given.get("passcode", rest.passcode),
        phone=given.get("phone", rest.phone),
    )
    return read if joined == given else joined


def _told_start(here: Here, given: Given, text: str) -> Given | Say:
    read = dates.hours(text)
    if read is None:
        return Say("call.start_expected")
    begins, until = read
    if until is not None and until <= begins:
        return Say("call.end_later")
    meant = moments(here, given, at_of(begins))
    if meant and passed(here, meant[-1]):
        return Say("call.start_over")
    return given_with(
        given,
        start=at_of(begins),
        end="" if until is None else at_of(until),
        span="" if until is None else "yes",
        start_fold="",
        end_fold="",
    )


def _told_end(given: Given, text: str) -> Given | Say:
    read = dates.hours(text)
    if read is None or read[1] is not None:
        return Say("call.end_expected")
    if read[0] <= time_of(given["start"]):
        return Say("call.end_later")
    return given_with(given, end=at_of(read[0]), end_fold="")


def _which(here: Here, task: Task, more: str) -> Given | Say | None:
    """Which of two, or an hour later than the one that is missing."""
    which = task.step.removesuffix("_clock")
    meant = starts(here, task.given) if which == "start" else ends(here, task.given)
    if meant and more in ("0", "1"):
        return given_with(task.given, **{f"{which}_fold": more})
    if meant or more != "later":
        return None
    later = hour_later(task.given[which])
    given = given_with(task.given, **{which: later})
    if which == "start" and given.get("end", "") <= later:
        given = given_with(given, end="", span="")
    return given
