"""Telling of a meeting, whatever comes of it: a call or a change go through the same steps.

Whoever tells decides what is shown at the choice of what to tell anew and at the review (`Shown`);
everything between is here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dialogs.events import Edited, Sent, Typed
from dialogs.languages import LANGUAGES
from dialogs.panel import asking
from dialogs.panel.buttons import Page, panel
from dialogs.panel.cards import asked
from dialogs.panel.details import (
    CHOICE,
    REVIEW,
    back,
    begun,
    forward,
    given_with,
    is_first,
    lacks,
    ready,
)
from dialogs.screens import Button, Card, Line, Say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.outcome import Here, Outcome
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.details import Given
    from dialogs.panel.records import Task
    from dialogs.screens import Paragraph, Words

    Row = tuple[Button, ...]

Shown = Callable[["Here", "Task", "Paragraph"], Card]
"""The card of a task's step, below a notice."""

PARTS: Final[Mapping[str, Say]] = {
    "time": Say("call.part_time"),
    "link": Say("call.part_link"),
    "theme": Say("call.part_theme"),
    "material": Say("call.part_material"),
    "reminders": Say("call.part_reminders"),
}


def told(here: Here, task: Task, event: Typed | Edited | Sent, shown: Shown) -> Outcome:
    """Something was typed or sent. What is delivered twice is taken once."""
    if is_heard(task, event):
        return asked(shown(here, task, ()), task)
    given = _read(here, task, event)
    if isinstance(given, Say):
        return asked(shown(here, task, (Line(given),)), task)
    after = _after(here, task, given_with(given, heard=str(event.message)))
    return asked(shown(here, after, asking.noticed(here, task.given, after)), after)


def is_heard(task: Task, event: Typed | Edited | Sent) -> bool:
    """Whether this was taken already and is delivered again."""
    return task.given.get("heard") == str(event.message) and not isinstance(event, Edited)


def tapped(here: Here, task: Task, press: PanelPress, message: int, shown: Shown) -> Outcome:
    """A button of the task's step. One that it does not have now changes nothing."""
    step, more = task.step, press.more
    after: Task | None = None
    notice: Paragraph = ()
    if step == CHOICE:
        if more in PARTS:
            after = begun(task, more)
        elif more == REVIEW:
            after = ready(here, task)
    elif step == REVIEW:
        after = ready(here, task) if more == REVIEW else _reviewed(task, more)
    elif more == "back" and not is_first(task):
        after = back(here, task)
    elif step == "reminders" and (given := asking.toggled(task, more)) is not None:
        after = replace(task, given=given)
    else:
        told = asking.tapped(here, task, more)
        if isinstance(told, Say):
            after, notice = task, (Line(told),)
        elif told is not None:
            after = _after(here, task, told)
            notice = asking.noticed(here, task.given, after)
    if after is None:
        return stale(here, task, message, shown)
    return asked(shown(here, after, notice), after, message)


def stale(here: Here, task: Task, message: int, shown: Shown) -> Outcome:
    """A button that does nothing now: the card of now."""
    outcome = asked(shown(here, task, ()), task, message)
    return replace(outcome, toast=Say("toast.old_button"))


def unready(task: Task, notice: Paragraph) -> Card:
    """A review that cannot be: what was told has become too old, or somebody reads another
    language now."""
    return Card(
        task.language,
        tuple(filter(None, (notice, (Line(Say("call.incomplete")),)))),
        ((option(task, Say("call.complete"), REVIEW), drop(task)),),
    )


def question(here: Here, task: Task, notice: Paragraph) -> Card:
    """The card of a step at which something is asked."""
    asks = asking.asks(here, task)
    said = [notice, *asks.says]
    rows = [*asks.rows]
    if asks.keeps is not None:
        said.append((Line(Say("call.now", {"told": asks.keeps})),))
        rows.insert(0, (option(task, Say("call.keep"), "keep"),))
    around = () if is_first(task) else (option(task, Say("button.back"), "back"),)
    return Card(task.language, tuple(filter(None, said)), (*rows, (*around, drop(task))))


def in_language(task: Task, more: str) -> Task | None:
    """With the card as members see it in another language; None where the button says none."""
    found = [one for one in LANGUAGES if more == f"in_{one}"]
    return replace(task, given=given_with(task.given, shown=found[0])) if found else None


def option(task: Task, label: Words, more: str, *, chosen: bool = False) -> Button:
    return Button(label, panel(task.language, Page.TASK, task.step, more), chosen=chosen)


def parts(task: Task) -> tuple[Row, ...]:
    """What can be told anew, to be tapped."""
    return tuple((option(task, label, part),) for part, label in PARTS.items())


def drop(task: Task) -> Button:
    return Button(Say("call.drop"), panel(task.language, Page.DROP))


def refused(task: Task, event: Typed | Edited | Sent) -> Say:
    """What would do instead, where buttons or a new text are wanted."""
    if isinstance(event, Edited):
        return Say("call.edited")
    return Say("call.tap_below") if task.step in (CHOICE, REVIEW) else Say("call.type_or_tap")


def _read(here: Here, task: Task, event: Typed | Edited | Sent) -> Given | Say:
    if task.step in (CHOICE, REVIEW) or isinstance(event, Edited):
        return refused(task, event)
    if isinstance(event, Typed):
        return asking.typed(here, task, event.text)
    return asking.sent(task, event.file, event.name)


def _after(here: Here, task: Task, given: Given) -> Task:
    """A step further, unless what this one asks is still to be told."""
    after = replace(task, given=given)
    return after if lacks(here, after, task.step) else forward(here, after)


def _reviewed(task: Task, more: str) -> Task | None:
    """A button of the review: the link opened the right meeting, another language, back."""
    if more == "opened":
        return replace(task, given=given_with(task.given, opened=task.given["link"]))
    if more == CHOICE:
        return replace(task, step=CHOICE)
    if more in ("told", "untold"):
        return replace(task, given=given_with(task.given, silent="yes" if more == "untold" else ""))
    return in_language(task, more)
