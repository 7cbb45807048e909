"""What a coordinator tells of a meeting, one thing at a time, and the way from step to step.

What has been told so far is kept as words (`Task.given`), so that a half-made call survives a
restart, and becomes a meeting only when nothing is missing. The steps go in one order. A step that
does not apply now, such as which of two 3.30 was meant, is passed over.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Final

from dialogs.languages import LANGUAGES
from dialogs.panel import hours, teams
from dialogs.panel.records import Meeting, Panel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dialogs.outcome import Here
    from dialogs.panel.records import Task, Text

Given = dict[str, str]

CHOICE: Final = "what"
"""The step at which it is chosen what to tell anew."""

REVIEW: Final = "review"

PART_OF: Final[Mapping[str, str]] = {
    "link": "link",
    "odd": "link",
    "day": "time",
    "start": "time",
    "start_clock": "time",
    "end": "time",
    "end_clock": "time",
    **{f"theme_{language}": "theme" for language in LANGUAGES},
    "material": "material",
    "reminders": "reminders",
}
"""The steps, in their order, and what can be told anew by itself. The theme comes first in the
coordinator's own language."""

USUAL: Final = (7 * 24, 24, 1)
"""Reminders before anything was chosen, in hours before the start."""


# What is given, as a meeting


def given_of(meeting: Meeting) -> Given:
    """What would have been told for this meeting."""
    return given_with(
        {},
        meeting=meeting.key.hex(),
        revision=str(meeting.revision),
        link=meeting.link,
        sure=meeting.link,
        opened=meeting.link,
        meeting_id=meeting.meeting_id,
        passcode=meeting.passcode,
        phone=meeting.phone,
        day=meeting.start.date().isoformat(),
        start=f"{meeting.start:%H.%M}",
        start_fold=str(meeting.start.fold),
        end=f"{meeting.end:%H.%M}",
        end_fold=str(meeting.end.fold),
        span="yes",
        was=f"{meeting.start:%Y-%m-%d %H.%M}",
        material_link=meeting.material_link,
        material_file=meeting.material_file,
        material_name=meeting.material_name,
        reminders=listed(meeting.reminders),
        **{f"theme_{language}": text for language, text in meeting.theme.items()},
    )


def given_with(given: Given, **told: str) -> Given:
    """With what was told; '' takes away."""
    return {name: text for name, text in {**given, **told}.items() if text}


def start(here: Here, given: Given) -> datetime | None:
    """The moment that was told; None where it is not, or not yet, one moment."""
    return _one(starts(here, given), given.get("start_fold", ""))


def end(here: Here, given: Given) -> datetime | None:
    return _one(ends(here, given), given.get("end_fold", ""))


def starts(here: Here, given: Given) -> tuple[datetime, ...]:
    """The moments that could be meant: none where there is no such time on that day."""
    return moments(here, given, given["start"])


def ends(here: Here, given: Given) -> tuple[datetime, ...]:
    """Those after the start."""
    begins = start(here, given)
    if begins is None or "end" not in given:
        return ()
    meant = moments(here, given, given["end"])
    return tuple(one for one in meant if one.astimezone(UTC) > begins.astimezone(UTC))


def moments(here: Here, given: Given, at: str) -> tuple[datetime, ...]:
    """What a time of the day that was told can mean, by the wall of now."""
    zone = here.now.tzinfo or UTC
    return hours.moments(day_of(given), time_of(at), zone)


def day_of(given: Given) -> date:
    return date.fromisoformat(given["day"])


def time_of(at: str) -> time:
    return time.fromisoformat(at.replace(".", ":"))


def at_of(at: time) -> str:
    """As `time_of` reads it, and as people read it."""
    return f"{at:%H.%M}"


def hour_later(at: str) -> str:
    """By the wall."""
    return at_of((datetime.combine(date.min, time_of(at)) + hours.HOUR).time())


def theme(given: Given) -> Text:
    """In the languages in which it is written."""
    return {one: text for one in LANGUAGES if (text := given.get(f"theme_{one}"))}


def reminders(given: Given) -> tuple[int, ...]:
    """Hours before the start, the earliest first."""
    told = given.get("reminders", listed(USUAL))
    return tuple(int(before) for before in told.split() if before != "none")


def listed(before: Iterable[int]) -> str:
    """As `reminders` reads them."""
    return " ".join(str(one) for one in sorted(before, reverse=True)) or "none"


def made(here: Here, given: Given, old: Meeting | None = None) -> Meeting | None:
    """The meeting that was told, over the one that it changes; None while its time is not."""
    begins, until = start(here, given), end(here, given)
    if begins is None or until is None:
        return None
    base = old or Meeting(bytes.fromhex(given["meeting"]), begins, until, {}, "")
    return replace(
        base,
        start=begins,
        end=until,
        theme=theme(given),
        link=given["link"],
        meeting_id=given.get("meeting_id", ""),
        passcode=given.get("passcode", ""),
        phone=given.get("phone", ""),
        material_link=given.get("material_link", ""),
        material_file=given.get("material_file", ""),
        material_name=given.get("material_name", ""),
        reminders=reminders(given),
    )


def languages(here: Here, own: str) -> tuple[str, ...]:
    """The coordinator's own, then those in which members read."""
    read = {one.language for one in (here.panel or Panel()).seated}
    return (own, *(one for one in LANGUAGES if one != own and one in read))


# The way from step to step


def begun(task: Task, part: str) -> Task:
    """At the first step of a part that is told anew."""
    step = next(step for step in _order(task) if PART_OF[step] == part)
    return replace(task, step=step, given=given_with(task.given, part=part))


def forward(here: Here, task: Task) -> Task:
    """After what was told at this step: the next one, or the review when nothing is missing."""
    order = _order(task)
    after = order[order.index(task.step) + 1 :]
    following = next((step for step in after if _comes(here, task, step)), None)
    return replace(task, step=following) if following else ready(here, task)


def ready(here: Here, task: Task) -> Task:
    """At the review; or at the first part of which something is still to be told."""
    lacking = missing(here, task)
    part = "" if lacking is None else PART_OF[lacking]
    return replace(task, step=lacking or REVIEW, given=given_with(task.given, part=part))


def back(here: Here, task: Task) -> Task:
    """The step before; from the first of a part, the choice of what to tell anew."""
    order = _order(task)
    before = reversed(order[: order.index(task.step)])
    previous = next((step for step in before if _comes(here, task, step)), CHOICE)
    part = "" if previous == CHOICE else task.given.get("part", "")
    return replace(task, step=previous, given=given_with(task.given, part=part))


def is_first(task: Task) -> bool:
    """Whether there is nothing to go back to."""
    return "part" not in task.given and task.step == "link"


def missing(here: Here, task: Task) -> str | None:
    """The first step at which something is still to be told."""
    return next((step for step in _order(task) if lacks(here, task, step)), None)


def lacks(here: Here, task: Task, step: str) -> bool:
    """Whether what this step asks must still be told."""
    given = task.given
    match PART_OF[step], step:
        case "link", "link":
            return "link" not in given
        case "time", "day":
            return "day" not in given or (not _stands(given) and day_of(given) < here.today)
        case "time", "start":
            return "start" not in given or (not _stands(given) and _has_begun(here, given))
        case "time", "end":
            return "end" not in given
        case "link" | "time", _:
            return _applies(here, task, step)
        case "theme", _:
            # A change may go at once in one language; an invitation waits for every one.
            return "revision" not in given and _applies(here, task, step) and step not in given
    return False


def passed(here: Here, moment: datetime) -> bool:
    return moment.astimezone(UTC) <= here.now.astimezone(UTC)


def _order(task: Task) -> tuple[str, ...]:
    own = f"theme_{task.language}"
    others = [step for step in PART_OF if step != own]
    at = next(place for place, step in enumerate(others) if PART_OF[step] == "theme")
    return (*others[:at], own, *others[at:])


def _comes(here: Here, task: Task, step: str) -> bool:
    part = task.given.get("part", PART_OF[step])
    return PART_OF[step] == part and _applies(here, task, step)


def _applies(here: Here, task: Task, step: str) -> bool:
    given = task.given
    match step:
        case "odd":
            link = given.get("link", "")
            return link != given.get("sure") and bool(teams.doubts(link))
        case "start_clock":
            return "start" in given and start(here, given) is None
        case "end":
            return "span" not in given
        case "end_clock":
            return "end" in given and start(here, given) is not None and end(here, given) is None
    if PART_OF[step] != "theme":
        return True
    return step in given or step.removeprefix("theme_") in languages(here, task.language)


def _stands(given: Given) -> bool:
    """Whether the start is the one that the meeting had."""
    return given.get("was") == f"{given['day']} {given.get('start')}"


def _has_begun(here: Here, given: Given) -> bool:
    begins = start(here, given)
    return begins is not None and passed(here, begins)


def _one(meant: tuple[datetime, ...], fold: str) -> datetime | None:
    if len(meant) == 1:
        return meant[0]
    return meant[int(fold)] if meant and fold else None
