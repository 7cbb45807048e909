"""A new survey or call: a draft of it, from a form of the library, of the office, or of a file.

A draft is made of a form without mistakes only. Whatever ran before under the form's name stays as
it is: the draft becomes a new round of it, with a name of its own.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dialogs.life import Running, State
from dialogs.outcome import TRIAL, Lay
from dialogs.panel import pages, underway
from dialogs.panel.buttons import Page, panel
from dialogs.panel.cards import Steps, asked, on_card
from dialogs.panel.records import Panel, Task
from dialogs.panel.trail import What
from dialogs.running import desk, filing
from dialogs.screens import Button, Card, Joined, Line, Own, Say, Told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.events import Edited, Sent, Typed
    from dialogs.forms.model import Form
    from dialogs.outcome import Here, Outcome
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.cards import Press
    from dialogs.screens import Words

KIND: Final = "form"

NAME_MOST: Final = 24
"""How long a form's name may be (`dialogs.forms.model.Form`)."""

_ROUND: Final = re.compile(r"(.+?)_[0-9]+")


def name(of: str, taken: frozenset[str]) -> str:
    """The name itself where nothing has it, else that of its next round: `equality_2`."""
    if of not in taken:
        return of
    found = _ROUND.fullmatch(of)
    first = of if found is None else found[1]
    number = 2
    while (made := _numbered(first, number)) in taken:
        number += 1
    return made


def _numbered(first: str, number: int) -> str:
    tail = f"_{number}"
    return first[: NAME_MOST - len(tail)] + tail


def _new(here: Here, press: PanelPress, message: int) -> Outcome:
    """The forms there are; one of them, when it is tapped; or a file is asked for."""
    language = press.language
    if press.more in (filing.FILE, underway.ANEW):
        if (shown := underway.half_made(here, press)) is not None:
            return on_card(shown)
        task = Task(KIND, filing.FILE, language)
        return asked(_card(here, task), task, message)
    forms = (here.panel or Panel()).forms
    if press.about not in forms:
        return on_card(_choice(here, press))
    source = forms[press.about]
    form, complaints = filing.read(here, source)
    if form is None:
        back = pages.back(language, Page.NEW_SURVEY)
        return on_card(Card(language, filing.mistakes(complaints), (back,)))
    return _drafted(here, language, form, source)


def _choice(here: Here, press: PanelPress) -> Card:
    language = press.language
    forms = (here.panel or Panel()).forms
    at = pages.first(press, len(forms), desk.EACH)
    rows = [
        (Button(_called(here, one, source), panel(language, Page.NEW_SURVEY, one)),)
        for one, source in list(forms.items())[at : at + desk.EACH]
    ]
    file = Button(Say("beginning.file"), panel(language, Page.NEW_SURVEY, "", filing.FILE))
    return Card(
        language,
        ((Line(Say("beginning.title"), strong=True), Line(Say("beginning.choose"))),),
        (
            *rows,
            *pages.turns(language, Page.NEW_SURVEY, at, desk.EACH, len(forms)),
            (file,),
            desk.back(language),
        ),
    )


def _called(here: Here, of: str, source: str) -> Words:
    form, _ = filing.read(here, source)
    if form is None:
        return Joined((Own(of), Say("beginning.has_mistakes")))
    return Told(form.title)


def _drafted(here: Here, language: str, form: Form, source: str, *effects: Lay) -> Outcome:
    """The draft; of a form that is a draft already, that one: a tap or a file may come twice."""
    surveys = (here.panel or Panel()).surveys
    for one in surveys:
        if one.state is State.DRAFT and one.source == source:
            return desk.after(here, language, one, Say("beginning.is_there"), *effects)
    taken = frozenset(one.name for one in surveys) | {TRIAL}
    named = replace(form, name=name(form.name, taken))
    draft = Running(named, State.DRAFT, here.today, source=source)
    said = Say("beginning.done")
    if any(one.form.title == form.title for one in surveys):
        said = Say("beginning.new_round")
    return desk.after(
        here, language, draft, said, desk.kept(here, draft, What.SURVEY_DRAFTED), *effects
    )


def _told(here: Here, task: Task, event: Typed | Edited | Sent) -> Outcome:
    taken = filing.taken(here, event)
    if not isinstance(taken, filing.Filed):
        return filing.again(task, Say("beginning.send"), taken)
    drafted = _drafted(here, task.language, taken.form, taken.source, Lay(None))
    return filing.below(task, drafted)


def _tapped(here: Here, task: Task, press: PanelPress, message: int) -> Outcome:
    """Nothing is tapped while a file is waited for."""
    return asked(_card(here, task), task, message)


def _card(here: Here, task: Task) -> Card:
    return filing.ask(task, Say("beginning.send"))


PAGES: Final[Mapping[Page, Press]] = {Page.NEW_SURVEY: _new}
TASKS: Final[Mapping[str, Steps]] = {KIND: Steps(_told, _tapped, _card)}
