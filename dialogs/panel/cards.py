"""What the panel's dialogs share: pages on the card that was tapped, and tasks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dialogs.buttons import Page as Menu
from dialogs.buttons import menu
from dialogs.outcome import Lay, Outcome
from dialogs.screens import Button, Card, Place, Say

if TYPE_CHECKING:
    from collections.abc import Callable

    from dialogs.events import Edited, Sent, Typed
    from dialogs.outcome import Effect, Here
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.records import Task

    Press = Callable[[Here, PanelPress, int], Outcome]
    """A page: what is known, the button that was tapped, the id of its message."""


@dataclass(frozen=True, slots=True)
class Steps:
    """A kind of task: what is told in it, what is tapped in it (`Page.TASK`, its step in `about`),
    and its card as it is now."""

    told: Callable[[Here, Task, Typed | Edited | Sent], Outcome]
    tapped: Callable[[Here, Task, PanelPress, int], Outcome]
    card: Callable[[Here, Task], Card]


def on_card(card: Card, *effects: Effect) -> Outcome:
    """A page on the card that was tapped."""
    return Outcome((replace(card, place=Place.EDIT),), effects)


def asked(card: Card, task: Task, message: int | None = None) -> Outcome:
    """The task's next card, and the task kept: on the tapped card `message`, or below what was
    typed; the card before then loses its buttons."""
    if message is not None:
        return on_card(card, Lay(replace(task, card=message, active=True)))
    close = () if task.card is None else (task.card,)
    return Outcome((card,), (Lay(replace(task, card=None, active=True)),), close=close)


def home(language: str) -> tuple[Button, ...]:
    """The way to the first card."""
    return (Button(Say("button.home"), menu(language, Menu.HOME)),)
