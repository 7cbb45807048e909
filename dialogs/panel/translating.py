"""What went out in too few languages, put right where it was received: a theme or a reason is typed
in the language that is missing, and messages are edited.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dialogs.announcement import State
from dialogs.events import Typed
from dialogs.forms import inputs
from dialogs.forms.inputs import Refusal
from dialogs.forms.model import Parameters, Row, Type
from dialogs.languages import ENGLISH, FINNISH, SWEDISH
from dialogs.outcome import Change, Lay
from dialogs.panel import desk, planning, preview, telling, underway
from dialogs.panel.buttons import Page, panel
from dialogs.panel.cards import Steps, asked, on_card
from dialogs.panel.details import REVIEW, given_with
from dialogs.panel.hours import quiet_hours
from dialogs.panel.notices import LONGEST_REASON, LONGEST_THEME
from dialogs.panel.records import Panel, Task
from dialogs.panel.trail import What, as_it_is, deed
from dialogs.screens import Button, Card, Line, Own, Say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.announcement import Announcement
    from dialogs.events import Edited, Sent
    from dialogs.outcome import Here, Outcome
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.cards import Press
    from dialogs.panel.records import Meeting
    from dialogs.screens import Paragraph

KIND: Final = "translating"

_LONGEST: Final = {"theme": LONGEST_THEME, "reason": LONGEST_REASON}

_ASKS: Final[Mapping[str, Say]] = {
    f"theme_{FINNISH}": Say("call.theme_fi"),
    f"theme_{SWEDISH}": Say("call.theme_sv"),
    f"theme_{ENGLISH}": Say("call.theme_en"),
    f"reason_{FINNISH}": Say("translate.reason_fi"),
    f"reason_{SWEDISH}": Say("translate.reason_sv"),
    f"reason_{ENGLISH}": Say("translate.reason_en"),
}


def _translate(here: Here, press: PanelPress, message: int) -> Outcome:
    meeting = desk.meant(here, press)
    if meeting is None:
        return desk.gone(here, press.language)
    if press.more == underway.SEND:
        return _send(here, press, meeting, message)
    if (card := underway.half_made(here, press)) is not None:
        return on_card(card)
    steps = [f"{name}_{language}" for name, language in desk.lacking(here, meeting)]
    if not steps:
        return on_card(desk.card(here, press.language, meeting))
    begun = {
        "meeting": meeting.key.hex(),
        "revision": str(meeting.revision),
        "steps": " ".join(steps),
    }
    task = Task(KIND, steps[0], press.language, begun)
    return asked(_card(here, task), task, message)


def _told(here: Here, task: Task, event: Typed | Edited | Sent) -> Outcome:
    if underway.begun_from(here, task) is None:
        return underway.overtaken(here, task)
    if telling.is_heard(task, event):
        return asked(_card(here, task), task)
    if task.step == REVIEW or not isinstance(event, Typed):
        return asked(_card(here, task, (Line(telling.refused(task, event)),)), task)
    limit = _LONGEST[task.step.partition("_")[0]]
    row = Row(Type.TEXT, task.step, 0, parameters=Parameters(limit=limit))
    read = inputs.read(row, event.text, task.language, here.today)
    if isinstance(read, Refusal):
        said = Say("call.theme_expected", count=limit)
        return asked(_card(here, task, (Line(said),)), task)
    told = {task.step: " ".join(str(read).split()), "heard": str(event.message)}
    after = _next(replace(task, given=given_with(task.given, **told)))
    return asked(_card(here, after), after)


def _tapped(here: Here, task: Task, press: PanelPress, message: int) -> Outcome:
    if underway.begun_from(here, task) is None:
        return underway.overtaken(here, task, message)
    after = _after(task, press.more)
    if after is None:
        return telling.stale(here, task, message, _card)
    return asked(_card(here, after), after, message)


def _after(task: Task, more: str) -> Task | None:
    """None where the step has no such button."""
    steps = _steps(task)
    at = steps.index(task.step)
    if more == "back" and at:
        return replace(task, step=steps[at - 1])
    if task.step == REVIEW:
        return telling.in_language(task, more)
    if more == "skip":
        return _next(replace(task, given=given_with(task.given, **{task.step: ""})))
    return None


def _next(task: Task) -> Task:
    steps = _steps(task)
    return replace(task, step=steps[steps.index(task.step) + 1])


def _steps(task: Task) -> list[str]:
    return [*task.given["steps"].split(), REVIEW]


def _card(here: Here, task: Task, notice: Paragraph = ()) -> Card:
    meeting = underway.begun_from(here, task)
    if meeting is None:
        return underway.as_it_is(here, task)
    back = telling.option(task, Say("button.back"), "back")
    around = (*((back,) if _steps(task)[0] != task.step else ()), telling.drop(task))
    if task.step == REVIEW:
        return _review(here, task, meeting, notice, around)
    name = task.step.partition("_")[0]
    written = meeting.theme if name == "theme" else meeting.reason
    said = (
        notice,
        (Line(_ASKS[task.step], strong=True),),
        tuple(Line(Own(text)) for text in written.values()),
        (Line(Say("call.theme_explained", count=_LONGEST[name])),),
    )
    skip = telling.option(task, Say("translate.skip"), "skip")
    return Card(task.language, tuple(filter(None, said)), ((skip,), around))


def _review(
    here: Here, task: Task, meeting: Meeting, notice: Paragraph, around: tuple[Button, ...]
) -> Card:
    new, correct = _corrected(here, task, meeting)
    if new == meeting:
        nothing = (Line(Say("translate.nothing")),)
        return Card(task.language, tuple(filter(None, (notice, nothing))), (around,))
    reports = (here.panel or Panel()).reports
    known = [reports[one.occasion] for one in correct if one.occasion in reports]
    edited = sum(report.counts.get(State.SENT, 0) for report in known)
    edits = Say("translate.edits", count=edited) if edited else Say("translate.edits_none")
    said = (
        notice,
        (Line(Say("translate.review"), strong=True),),
        *preview.as_sent(here, task, correct[0]),
        (Line(edits),),
    )
    send = panel(task.language, Page.TRANSLATE, meeting.key, underway.SEND)
    return Card(
        task.language,
        tuple(filter(None, said)),
        (
            *preview.languages_of(here, task),
            (Button(Say("translate.send"), send),),
            around,
        ),
    )


def _corrected(
    here: Here, task: Task, meeting: Meeting
) -> tuple[Meeting, tuple[Announcement, ...]]:
    """The meeting with what was typed, and what of it is put in place."""
    texts = {"theme": {**meeting.theme}, "reason": {**meeting.reason}}
    for step in task.given["steps"].split():
        name, _, language = step.partition("_")
        if step in task.given:
            texts[name][language] = task.given[step]
    new = replace(meeting, theme=texts["theme"], reason=texts["reason"])
    meetings = (here.panel or Panel()).meetings
    quiet = quiet_hours(here.office)
    return new, planning.translate(new, meetings, here.now, quiet)


def _send(here: Here, press: PanelPress, meeting: Meeting, message: int) -> Outcome:
    task = here.task
    if task is None or not underway.is_about(task, KIND, meeting):
        return on_card(desk.card(here, press.language, meeting))
    new, correct = _corrected(here, task, meeting)
    if underway.begun_from(here, task) is None:
        if new == meeting:  # kept, and then the power went
            return on_card(desk.card(here, press.language, meeting), Lay(None))
        return underway.overtaken(here, task, message)
    if task.step != REVIEW or new == meeting:
        return telling.stale(here, task, message, _card)
    kept = Change(
        keep=(new,),
        correct=correct,
        trail=(deed(here, What.MEETING_TRANSLATED, as_it_is(meeting)),),
    )
    shown = desk.after(here, press.language, new, Say("translate.sent"))
    return on_card(shown, kept, Lay(None))


PAGES: Final[Mapping[Page, Press]] = {Page.TRANSLATE: _translate}

TASKS: Final[Mapping[str, Steps]] = {KIND: Steps(_told, _tapped, _card)}
