"""Calling a meeting, step by step; nothing goes out before the link has been opened.

The meeting's key is drawn when the call is begun. So sending twice sends once, whatever happened in
between: of a meeting that is there, its desk is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dialogs.outcome import Change, Lay
from dialogs.panel import (
    altering,
    asking,
    cancelling,
    desk,
    details,
    preview,
    telling,
    translating,
    underway,
)
from dialogs.panel.buttons import Page, panel
from dialogs.panel.cards import Steps, asked, on_card
from dialogs.panel.details import CHOICE, REVIEW
from dialogs.panel.hours import quiet_hours
from dialogs.panel.planning import call
from dialogs.panel.records import Panel, Task
from dialogs.panel.trail import What, as_it_is, deed
from dialogs.screens import Button, Card, Line, Say, Series

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.events import Edited, Sent, Typed
    from dialogs.outcome import Here, Outcome
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.cards import Press
    from dialogs.panel.planning import Plan
    from dialogs.screens import Paragraph

KIND: Final = underway.CALLING


def _call(here: Here, press: PanelPress, message: int) -> Outcome:
    """A call is begun, or sent. One that is half made is not lost by a tap."""
    if press.more == underway.SEND:
        return _send(here, press, message)
    if (shown := underway.half_made(here, press)) is not None:
        return on_card(shown)
    task = Task(KIND, "link", press.language, {"meeting": here.fresh[:16].hex()})
    return asked(_card(here, task), task, message)


def _told(here: Here, task: Task, event: Typed | Edited | Sent) -> Outcome:
    return telling.told(here, task, event, _card)


def _tapped(here: Here, task: Task, press: PanelPress, message: int) -> Outcome:
    if task.step == REVIEW and press.more == "who":
        return preview.show_unreached(here, task)
    return telling.tapped(here, task, press, message, _card)


def _card(here: Here, task: Task, notice: Paragraph = ()) -> Card:
    if task.step == CHOICE:
        return Card(
            task.language,
            (*filter(None, (notice,)), (Line(Say("call.what"), strong=True),)),
            (
                *telling.parts(task),
                (telling.option(task, Say("call.to_review"), REVIEW), telling.drop(task)),
            ),
        )
    if task.step != REVIEW:
        return telling.question(here, task, notice)
    plan = _plan(here, task)
    if plan is None:
        return telling.unready(task, notice)
    return _review(here, task, plan, notice)


def _review(here: Here, task: Task, plan: Plan, notice: Paragraph) -> Card:
    """The invitation as members will see it, what will be sent, and the link to be opened."""
    opened = preview.is_opened(task)
    send = panel(task.language, Page.CALL, plan.meeting.key, underway.SEND)
    said = (
        notice,
        (Line(Say("call.review"), strong=True),),
        *preview.as_sent(here, task, plan.plan[0]),
        (*preview.goes_out(here, plan.plan), *_left_out(plan)),
        preview.goes_to(here),
        (Line(Say("call.ready") if opened else Say("call.open_first")),),
    )
    return Card(
        task.language,
        tuple(filter(None, said)),
        (
            *preview.languages_of(here, task),
            *preview.opening(task),
            *(((Button(Say("call.send"), send),),) if opened else ()),
            *preview.to_unreached(here, task),
            preview.around(task),
        ),
    )


def _left_out(plan: Plan) -> Paragraph:
    """Reminders that were chosen and come too late."""
    planned = {one.occasion.rpartition("-")[2] for one in plan.plan}
    late = [asking.BEFORE[one] for one in plan.meeting.reminders if str(one) not in planned]
    return (Line(Say("call.left_out", {"reminders": Series(tuple(late))})),) if late else ()


def _plan(here: Here, task: Task) -> Plan | None:
    """What sending comes to; None while something is missing."""
    meeting = details.made(here, task.given)
    if meeting is None or details.missing(here, task) is not None:
        return None
    meetings = (here.panel or Panel()).meetings
    return call(meeting, meetings, here.now, quiet_hours(here.office))


def _send(here: Here, press: PanelPress, message: int) -> Outcome:
    meeting = desk.meant(here, press)
    task = here.task
    mine = task is not None and task.kind == KIND
    if meeting is not None:  # sent already
        begun = mine and task is not None and task.given["meeting"] == meeting.key.hex()
        return on_card(desk.card(here, press.language, meeting), *((Lay(None),) if begun else ()))
    if task is None or not mine or not press.means(bytes.fromhex(task.given["meeting"])):
        return desk.gone(here, press.language)
    plan = _plan(here, task)
    if plan is None or not preview.is_opened(task):
        at = details.ready(here, task)
        return asked(_card(here, at), at, message)
    sent = Change(
        keep=(plan.meeting,),
        plan=plan.plan,
        correct=plan.correct,
        trail=(deed(here, What.MEETING_CALLED, as_it_is(plan.meeting)),),
    )
    shown = desk.after(here, press.language, plan.meeting, Say("call.sent"))
    return on_card(shown, sent, Lay(None))


PAGES: Final[Mapping[Page, Press]] = {
    Page.CALL: _call,
    **altering.PAGES,
    **cancelling.PAGES,
    **translating.PAGES,
}

TASKS: Final[Mapping[str, Steps]] = {
    KIND: Steps(_told, _tapped, _card),
    **altering.TASKS,
    **cancelling.TASKS,
    **translating.TASKS,
}
