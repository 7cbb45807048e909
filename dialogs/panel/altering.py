"""Changing a meeting that members have been called to: told as a change, at once.

A change begins from the meeting as it was read. Where another coordinator has changed it meanwhile,
nothing is written over: the meeting is shown as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from dialogs.outcome import Change, Lay, Outcome
from dialogs.panel import desk, details, planning, preview, telling, underway
from dialogs.panel.buttons import Page, panel
from dialogs.panel.cards import Steps, asked, on_card
from dialogs.panel.details import CHOICE, REVIEW
from dialogs.panel.hours import quiet_hours
from dialogs.panel.records import Panel, Task
from dialogs.panel.trail import What, as_it_is, deed
from dialogs.screens import Button, Card, Line, Own, Say, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.events import Edited, Sent, Typed
    from dialogs.outcome import Here
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.cards import Press
    from dialogs.panel.planning import Plan
    from dialogs.panel.records import Meeting
    from dialogs.screens import Paragraph

KIND: Final = "altering"


def _alter(here: Here, press: PanelPress, message: int) -> Outcome:
    """A change is begun, or sent."""
    meeting = desk.meant(here, press)
    if meeting is None:
        return desk.gone(here, press.language)
    if press.more == underway.SEND:
        return _send(here, press, meeting, message)
    if not desk.is_open(here, meeting):
        return on_card(desk.card(here, press.language, meeting))
    if (card := underway.half_made(here, press)) is not None:
        return on_card(card)
    task = Task(KIND, CHOICE, press.language, details.given_of(meeting))
    return asked(_card(here, task), task, message)


def _told(here: Here, task: Task, event: Typed | Edited | Sent) -> Outcome:
    if underway.begun_from(here, task) is None:
        return underway.overtaken(here, task)
    return telling.told(here, task, event, _card)


def _tapped(here: Here, task: Task, press: PanelPress, message: int) -> Outcome:
    if underway.begun_from(here, task) is None:
        return underway.overtaken(here, task, message)
    if task.step == REVIEW and press.more == "who":
        return preview.show_unreached(here, task)
    return telling.tapped(here, task, press, message, _card)


def _card(here: Here, task: Task, notice: Paragraph = ()) -> Card:
    old = underway.begun_from(here, task)
    if old is None:
        return underway.as_it_is(here, task)
    if task.step == CHOICE:
        return _choice(here, task, old, notice)
    if task.step == REVIEW:
        return _review(here, task, old, notice)
    return telling.question(here, task, notice)


def _choice(here: Here, task: Task, old: Meeting, notice: Paragraph) -> Card:
    """What to change; and what has been changed so far."""
    new = details.made(here, task.given, old)
    review = () if new == old else (telling.option(task, Say("call.to_review"), REVIEW),)
    said = (
        notice,
        (Line(Span(old.start, old.end)), *(Line(Own(one)) for one in old.theme.values())),
        (Line(Say("alter.what"), strong=True),),
    )
    return Card(
        task.language,
        tuple(filter(None, said)),
        (*telling.parts(task), (*review, telling.drop(task))),
    )


@dataclass(frozen=True, slots=True)
class _Change:
    """What sending comes to. `silent_too`: members need not be told of it."""

    plan: Plan
    told: bool
    silent_too: bool


def _change(here: Here, task: Task, old: Meeting) -> _Change | None:
    """None while something is missing, or nothing is changed."""
    new = details.made(here, task.given, old)
    if new is None or new == old or details.missing(here, task) is not None:
        return None
    meetings = (here.panel or Panel()).meetings
    quiet = quiet_hours(here.office)
    material = (new.material_link, new.material_file, new.material_name)
    # With the material as it will be, what is left to tell is the rest.
    rest = replace(
        old, material_link=material[0], material_file=material[1], material_name=material[2]
    )
    silently = planning.change(rest, new, meetings, here.now, quiet)
    silent_too = rest != old and silently.meeting.told == old.told
    if silent_too and "silent" in task.given:
        anew = planning.translate(silently.meeting, meetings, here.now, quiet)
        return _Change(replace(silently, correct=anew), told=False, silent_too=True)
    plan = planning.change(old, new, meetings, here.now, quiet)
    return _Change(plan, plan.meeting.told != old.told, silent_too)


def _review(here: Here, task: Task, old: Meeting, notice: Paragraph) -> Card:
    """The change as members will see it; or that they are told nothing of it."""
    change = _change(here, task, old)
    if change is None and details.missing(here, task) is not None:
        return telling.unready(task, notice)
    if change is None:
        return Card(
            task.language,
            tuple(filter(None, (notice, (Line(Say("alter.nothing")),)))),
            (preview.around(task),),
        )
    said = [notice, *_shown(here, task, change)]
    rows = [*(preview.languages_of(here, task) if change.told else ())]
    if change.silent_too:
        label, more = (
            (Say("alter.tell_not"), "untold") if change.told else (Say("alter.tell"), "told")
        )
        rows.append((telling.option(task, label, more),))
    opened = _is_opened(task, old)
    if task.given["link"] != old.link:
        said.append((Line(Say("call.ready") if opened else Say("call.open_first")),))
        rows += preview.opening(task)
    if opened:
        label = Say("alter.send") if change.told else Say("alter.save")
        data = panel(task.language, Page.ALTER, old.key, underway.SEND)
        rows.append((Button(label, data),))
    rows += [*preview.to_unreached(here, task), preview.around(task)]
    return Card(task.language, tuple(filter(None, said)), tuple(rows))


def _shown(here: Here, task: Task, change: _Change) -> list[Paragraph]:
    plan = change.plan
    said: list[Paragraph] = []
    if change.told:
        said += [
            (Line(Say("alter.review"), strong=True),),
            *preview.as_sent(here, task, plan.plan[0]),
        ]
    else:
        said.append((Line(Say("alter.not_told"), strong=True),))
    if plan.plan:
        said.append(preview.goes_out(here, plan.plan))
    if change.told:
        said.append(preview.goes_to(here))
    if plan.asks_again:
        said.append((Line(Say("alter.asks_again")),))
    said.append(desk.untranslated(here, plan.meeting))
    return said


def _is_opened(task: Task, old: Meeting) -> bool:
    """Whether the link may go out: it is the old one, or has been opened."""
    return task.given["link"] == old.link or preview.is_opened(task)


def _send(here: Here, press: PanelPress, meeting: Meeting, message: int) -> Outcome:
    task = here.task
    if task is None or not underway.is_about(task, KIND, meeting):  # sent already
        return on_card(desk.card(here, press.language, meeting))
    if underway.begun_from(here, task) is None:
        if details.made(here, task.given, meeting) == meeting:  # kept, and then the power went
            return on_card(desk.card(here, press.language, meeting), Lay(None))
        return underway.overtaken(here, task, message)
    change = _change(here, task, meeting)
    if task.step != REVIEW or change is None or not _is_opened(task, meeting):
        at = details.ready(here, task)
        return asked(_card(here, at), at, message)
    plan = change.plan
    kept = Change(
        keep=(plan.meeting,),
        ask_again=(meeting.key,) if plan.asks_again else (),
        withdraw=plan.withdraw,
        plan=plan.plan,
        correct=plan.correct,
        trail=(deed(here, What.MEETING_CHANGED, as_it_is(meeting, plan.meeting)),),
    )
    said = Say("alter.sent") if change.told else Say("alter.saved")
    shown = desk.after(here, press.language, plan.meeting, said, anew=plan.asks_again)
    return on_card(shown, kept, Lay(None))


PAGES: Final[Mapping[Page, Press]] = {Page.ALTER: _alter}

TASKS: Final[Mapping[str, Steps]] = {KIND: Steps(_told, _tapped, _card)}
