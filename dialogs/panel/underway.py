"""What is begun about a meeting and not done yet: it is not lost by a tap, and writes nothing over
what another coordinator did meanwhile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dialogs.outcome import Lay, Outcome
from dialogs.panel import desk
from dialogs.panel.buttons import Page, panel
from dialogs.panel.cards import on_card
from dialogs.panel.records import Panel
from dialogs.screens import Button, Card, Line, Say

if TYPE_CHECKING:
    from dialogs.outcome import Here
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.records import Meeting, Task

CALLING: Final = "calling"
"""The kind of task that is a half-made call."""

ANEW, SEND = "anew", "send"


def half_made(here: Here, press: PanelPress) -> Card | None:
    """Asks before another thing takes the place of a half-made call."""
    if here.task is None or here.task.kind != CALLING or press.more == ANEW:
        return None
    language = press.language
    return Card(
        language,
        ((Line(Say("call.half_made")),),),
        (
            (Button(Say("panel.go_on"), panel(language, Page.GO_ON)),),
            (Button(Say("call.set_aside"), panel(language, press.page, press.about, ANEW)),),
            desk.back(language),
        ),
    )


def about(here: Here, task: Task) -> Meeting | None:
    """The meeting as it is now."""
    return (here.panel or Panel()).meeting(bytes.fromhex(task.given["meeting"]))


def begun_from(here: Here, task: Task) -> Meeting | None:
    """The meeting, where it still is what the task began from."""
    meeting = about(here, task)
    return meeting if meeting and str(meeting.revision) == task.given["revision"] else None


def is_about(task: Task | None, kind: str, meeting: Meeting) -> bool:
    """Whether it is this that the chat is in the midst of."""
    return task is not None and task.kind == kind and task.given["meeting"] == meeting.key.hex()


def as_it_is(here: Here, task: Task) -> Card:
    """The meeting as it is now, in place of what was begun."""
    meeting = about(here, task)
    notice = (Line(Say("alter.overtaken"), strong=True),)
    if meeting is None:
        return Card(task.language, (notice,), (desk.back(task.language),))
    return desk.card(here, task.language, meeting, notice)


def overtaken(here: Here, task: Task, message: int | None = None) -> Outcome:
    """Nothing is written over: what was begun is dropped, and the meeting shown."""
    shown = as_it_is(here, task)
    if message is not None:
        return on_card(shown, Lay(None))
    close = () if task.card is None else (task.card,)
    return Outcome((shown,), (Lay(None),), close=close)
