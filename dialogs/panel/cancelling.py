"""Cancelling a meeting: a reason or none, what members will see, and two taps."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dialogs.events import Typed
from dialogs.forms import inputs
from dialogs.forms.inputs import Refusal
from dialogs.forms.model import Parameters, Row, Type
from dialogs.outcome import Change, Lay
from dialogs.panel import desk, planning, preview, telling, underway
from dialogs.panel.buttons import Page, panel
from dialogs.panel.cards import Steps, asked, on_card
from dialogs.panel.details import REVIEW, given_with
from dialogs.panel.hours import quiet_hours
from dialogs.panel.notices import LONGEST_REASON
from dialogs.panel.records import Held, Panel, Task
from dialogs.panel.trail import What, as_it_is, deed
from dialogs.screens import Button, Card, Line, Own, Say, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.events import Edited, Sent
    from dialogs.outcome import Here, Outcome
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.cards import Press
    from dialogs.panel.planning import Plan
    from dialogs.panel.records import Meeting
    from dialogs.screens import Paragraph

KIND: Final = "cancelling"

REASON: Final = "reason"

_REASON: Final = Row(Type.TEXT, REASON, 0, parameters=Parameters(limit=LONGEST_REASON))


def _cancel(here: Here, press: PanelPress, message: int) -> Outcome:
    meeting = desk.meant(here, press)
    if meeting is None:
        return desk.gone(here, press.language)
    if press.more == underway.SEND:
        return _send(here, press, meeting, message)
    if not desk.is_open(here, meeting):  # cancelled already, or over
        return on_card(desk.card(here, press.language, meeting))
    if (card := underway.half_made(here, press)) is not None:
        return on_card(card)
    begun = {"meeting": meeting.key.hex(), "revision": str(meeting.revision)}
    task = Task(KIND, REASON, press.language, begun)
    return asked(_card(here, task), task, message)


def _told(here: Here, task: Task, event: Typed | Edited | Sent) -> Outcome:
    if underway.begun_from(here, task) is None:
        return underway.overtaken(here, task)
    if telling.is_heard(task, event):
        return asked(_card(here, task), task)
    if task.step == REVIEW or not isinstance(event, Typed):
        return asked(_card(here, task, (Line(telling.refused(task, event)),)), task)
    read = inputs.read(_REASON, event.text, task.language, here.today)
    if isinstance(read, Refusal):
        said = Say("cancel.reason_expected", count=LONGEST_REASON)
        return asked(_card(here, task, (Line(said),)), task)
    given = given_with(task.given, reason=" ".join(str(read).split()), heard=str(event.message))
    after = replace(task, step=REVIEW, given=given)
    return asked(_card(here, after), after)


def _tapped(here: Here, task: Task, press: PanelPress, message: int) -> Outcome:
    if underway.begun_from(here, task) is None:
        return underway.overtaken(here, task, message)
    if task.step == REVIEW and press.more == "who":
        return preview.show_unreached(here, task)
    after = _after(task, press.more)
    if after is None:
        return telling.stale(here, task, message, _card)
    return asked(_card(here, after), after, message)


def _after(task: Task, more: str) -> Task | None:
    """None where the step has no such button."""
    if task.step == REASON:
        without = replace(task, step=REVIEW, given=given_with(task.given, reason=""))
        return without if more == "none" else None
    return replace(task, step=REASON) if more == "back" else telling.in_language(task, more)


def _card(here: Here, task: Task, notice: Paragraph = ()) -> Card:
    meeting = underway.begun_from(here, task)
    if meeting is None:
        return underway.as_it_is(here, task)
    if task.step == REVIEW:
        return _review(here, task, meeting, notice)
    said = (
        notice,
        (Line(Span(meeting.start, meeting.end)), *(Line(Own(t)) for t in meeting.theme.values())),
        (Line(Say("cancel.reason"), strong=True),),
        (Line(Say("cancel.reason_explained", count=LONGEST_REASON)),),
    )
    without = telling.option(task, Say("cancel.no_reason"), "none")
    return Card(task.language, tuple(filter(None, said)), ((without,), (telling.drop(task),)))


def _review(here: Here, task: Task, meeting: Meeting, notice: Paragraph) -> Card:
    plan = _plan(here, task, meeting)
    if plan.meeting == meeting:  # it ended meanwhile
        return desk.card(here, task.language, meeting, notice)
    said = (
        notice,
        *_as_seen(here, task, plan),
        (Line(Say("cancel.surely")),),
    )
    send = panel(task.language, Page.CANCEL, meeting.key, underway.SEND)
    return Card(
        task.language,
        tuple(filter(None, said)),
        (
            *preview.languages_of(here, task),
            (Button(Say("cancel.send"), send),),
            *preview.to_unreached(here, task),
            (telling.option(task, Say("button.back"), "back"), telling.drop(task)),
        ),
    )


def _as_seen(here: Here, task: Task, plan: Plan) -> tuple[Paragraph, ...]:
    """What members will see of it; nothing where they were not invited yet."""
    if not plan.plan:
        return ((Line(Say("cancel.nobody_told"), strong=True),),)
    return (
        (Line(Say("cancel.review"), strong=True),),
        *preview.as_sent(here, task, plan.plan[0]),
        preview.goes_to(here),
        desk.untranslated(here, plan.meeting),
    )


def _plan(here: Here, task: Task, meeting: Meeting) -> Plan:
    reason = {task.language: task.given["reason"]} if "reason" in task.given else {}
    meetings = (here.panel or Panel()).meetings
    return planning.cancel(meeting, reason, meetings, here.now, quiet_hours(here.office))


def _send(here: Here, press: PanelPress, meeting: Meeting, message: int) -> Outcome:
    """Twice does nothing twice."""
    task = here.task
    if task is None or not underway.is_about(task, KIND, meeting):
        return on_card(desk.card(here, press.language, meeting))
    if underway.begun_from(here, task) is None:
        if meeting.held is Held.CANCELLED:
            return on_card(desk.card(here, press.language, meeting), Lay(None))
        return underway.overtaken(here, task, message)
    plan = _plan(here, task, meeting)
    if task.step != REVIEW or plan.meeting == meeting:
        return telling.stale(here, task, message, _card)
    kept = Change(
        keep=(plan.meeting,),
        withdraw=plan.withdraw,
        plan=plan.plan,
        correct=plan.correct,
        trail=(deed(here, What.MEETING_CANCELLED, as_it_is(meeting)),),
    )
    said = Say("cancel.sent") if plan.plan else Say("cancel.done_untold")
    shown = desk.after(here, press.language, plan.meeting, said)
    return on_card(shown, kept, Lay(None))


PAGES: Final[Mapping[Page, Press]] = {Page.CANCEL: _cancel}

TASKS: Final[Mapping[str, Steps]] = {KIND: Steps(_told, _tapped, _card)}
