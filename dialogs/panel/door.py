"""The way into the panel's dialogs: who may open which page, and what goes to a task.

Whoever a page is not for is answered as if there were no such page: nobody else gets a hint.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from dialogs.broadcasts import correcting
from dialogs.broadcasts import entrance as broadcasts
from dialogs.events import Commanded, Edited, Sent, Tapped, Typed
from dialogs.outcome import Lay, Outcome, Save
from dialogs.panel import (
    calling,
    colleagues,
    desk,
    invitations,
    joining,
    links,
    membership,
    register,
    trail,
)
from dialogs.panel.buttons import Page, panel, read, short
from dialogs.panel.cards import home, on_card
from dialogs.running import entrance as running
from dialogs.running import results
from dialogs.screens import Button, Card, Line, Place, Say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.events import Event
    from dialogs.outcome import Here
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.cards import Press, Steps
    from dialogs.panel.records import Task

LINKED: Final[dict[Page, Press]] = joining.PAGES
"""For whoever holds a link that opens: these look at `here.invitation`."""

MEMBERS: Final[dict[Page, Press]] = membership.PAGES
"""For whoever is in the register, also on the reserve list or with a membership that ended."""

COORDINATORS: Final[dict[Page, Press]] = {
    **register.PAGES,
    **invitations.PAGES,
    **colleagues.PAGES,
    **trail.PAGES,
    **desk.PAGES,
    **calling.PAGES,
    **running.PAGES,
    **broadcasts.PAGES,
}

READERS: Final[Mapping[Page, Press]] = results.PAGES
"""For readers, and for coordinators as well."""

COORDINATORS_TASKS: Final[dict[str, Steps]] = {
    **register.TASKS,
    **calling.TASKS,
    **running.TASKS,
    **broadcasts.TASKS,
}

TASKS: Final[dict[str, Steps]] = {**joining.TASKS, **COORDINATORS_TASKS}


def step(here: Here, event: Event) -> Outcome | None:
    """What happens if this is the panel's; None if it is not."""
    match event:
        case Tapped(data=data, message=message):
            press = read(data)
            outcome = None if press is None else _pressed(here, press, message)
        case Commanded(name="start", argument=argument) if token := links.opened(argument):
            outcome = joining.opened(here, token)
        case Commanded(name="stop") if here.active is None and (task := _last_begun(here)):
            outcome = Outcome((_dropped(task.language),), (Lay(None),))
        case Typed() | Edited() | Sent() if here.active is None and (task := _active(here)):
            outcome = TASKS[task.kind].told(here, task, event)
        case _:
            return None
    if outcome is not None and any(isinstance(e, Lay) and e.task for e in outcome.effects):
        paused = (
            Save(replace(draft, active=False)) for draft in here.drafts.values() if draft.active
        )
        outcome = replace(outcome, effects=(*paused, *outcome.effects))
    return outcome


@dataclass(frozen=True, slots=True)
class Wants:
    """What takes long to look up, and is looked up only for the pages that show it: what surveys
    have `received`, and the forms there are; what became of `broadcasts`, and how many each
    audience would reach; and of the broadcast that is `mended`, by the beginning of its key, who
    has it in which language."""

    received: bool = False
    broadcasts: bool = False
    mended: str = ""


def wants(event: Event, task: Task | None) -> Wants:
    """What the step will look at, in an official's chat."""
    press = read(event.data) if isinstance(event, Tapped) else None
    page = None if press is None else press.page
    doing = "" if task is None else task.kind
    runs = page in running.PAGES or page in READERS or doing in running.TASKS
    sends = page in broadcasts.PAGES or doing in broadcasts.TASKS
    mended = press.about if press is not None and page is Page.MEND else ""
    if doing == correcting.KIND and task is not None and not mended:
        mended = short(bytes.fromhex(task.given["broadcast"]))
    return Wants(received=runs, broadcasts=runs or sends, mended=mended)


def asks_for_file(task: Task | None) -> bool:
    """Whether a file that comes now is to be read."""
    return task is not None and task.active and (task.kind, task.step) in running.FILES


def token(event: Event) -> str | None:
    """The token of the link that an event comes from, if it comes from one."""
    match event:
        case Tapped(data=data) if (press := read(data)) and press.page in LINKED:
            return press.more
        case Commanded(name="start", argument=argument):
            return links.opened(argument)
    return None


def pause(here: Here) -> tuple[Lay, ...]:
    """What keeps a typed text from going to the task any more, until it is gone on with."""
    task = _active(here)
    return () if task is None else (Lay(replace(task, active=False)),)


def entrances(here: Here, language: str) -> list[tuple[Button, ...]]:
    """The buttons of the first card behind which somebody's own pages lie."""
    rows: list[tuple[Button, ...]] = []
    if _begun(here) is not None:
        rows.append((Button(Say("panel.go_on"), panel(language, Page.GO_ON)),))
    if here.member is not None:
        rows.append((Button(Say("panel.member"), panel(language, Page.MEMBER)),))
    if here.coordinator is not None:
        rows.append((Button(Say("panel.coordinator"), panel(language, Page.PANEL)),))
    elif here.reader is not None:
        rows.append((Button(Say("results.title"), panel(language, Page.RESULTS)),))
    return rows


def _begun(here: Here) -> Task | None:
    """What the chat is in the midst of; nothing of a coordinator's for who is none any more."""
    task = here.task
    if task is None or (task.kind in COORDINATORS_TASKS and here.coordinator is None):
        return None
    return task


def _last_begun(here: Here) -> Task | None:
    """What /stop ends while no question is asked: the task, unless it sleeps and drafts do, too."""
    task = _begun(here)
    return task if task is not None and (task.active or not here.drafts) else None


def _active(here: Here) -> Task | None:
    task = _begun(here)
    return task if task is not None and task.active else None


def _pressed(here: Here, press: PanelPress, message: int) -> Outcome | None:
    if press.page in LINKED:
        return LINKED[press.page](here, press, message)
    if press.page in (Page.TASK, Page.GO_ON, Page.DROP):
        return _task(here, press, message)
    if here.member is not None and press.page in MEMBERS:
        return MEMBERS[press.page](here, press, message)
    if (here.coordinator or here.reader) is not None and press.page in READERS:
        return READERS[press.page](here, press, message)
    if here.coordinator is not None and press.page in COORDINATORS:
        return COORDINATORS[press.page](here, press, message)
    return None


def _dropped(language: str) -> Card:
    return Card(language, ((Line(Say("panel.dropped")),),), (home(language),))


def _task(here: Here, press: PanelPress, message: int) -> Outcome | None:
    task = _begun(here)
    if task is None:
        return None
    if press.page is Page.DROP:
        return on_card(_dropped(press.language), Lay(None))
    steps = TASKS[task.kind]
    if press.page is Page.TASK and press.about == task.step:
        return steps.tapped(here, task, press, message)
    # Gone on with; or an old button, answered with the card of now.
    card = replace(steps.card(here, task), place=Place.EDIT)
    kept = Lay(replace(task, card=message, active=True))
    toast = Say("toast.old_button") if press.page is Page.TASK else None
    return Outcome((card,), (kept,), toast=toast)
