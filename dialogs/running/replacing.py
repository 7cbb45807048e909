"""A corrected form for a survey that is there already.

Words may be corrected while people answer: what they have begun goes on. Anything else would make
answers of two kinds one, and is refused once anybody has answered.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dialogs.forms.complaints import listed, quoted
from dialogs.forms.meaning import of_row
from dialogs.life import State
from dialogs.outcome import Lay
from dialogs.panel import underway
from dialogs.panel.buttons import Page, panel
from dialogs.panel.cards import Steps, asked, on_card
from dialogs.panel.preview import IN
from dialogs.panel.records import Panel, Received, Task
from dialogs.panel.trail import What
from dialogs.running import desk, filing
from dialogs.running.hindrances import languages_lacking
from dialogs.screens import Button, Card, Line, Own, Say, Series, Told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.events import Edited, Sent, Typed
    from dialogs.forms.model import Form
    from dialogs.life import Running
    from dialogs.outcome import Here, Outcome
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.cards import Press
    from dialogs.screens import Paragraph

KIND: Final = "newform"

REVIEW: Final = "review"

MOST: Final = 12
"""So many differences are told."""

_SETTINGS: Final = ("kind", "k", "responses_per_chat")
"""What of a form, beside its rows, its answers depend on."""


def differences(old: Form, new: Form) -> list[Say]:
    """Everything but words in which they differ, as the file has it; none where only words do."""
    found = [
        Say("replacing.setting", {"setting": Own(name)})
        for name in _SETTINGS
        if getattr(old, name) != getattr(new, name)
    ]
    before = {row.name: of_row(row) for row in old.rows}
    after = {row.name: of_row(row) for row in new.rows}
    found += [
        Say("replacing.row_gone", {"row": quoted(name)}) for name in before if name not in after
    ]
    found += [
        Say("replacing.row_new", {"row": quoted(name)}) for name in after if name not in before
    ]
    for name, row in after.items():
        columns = [column for column in row if row[column] != before.get(name, row)[column]]
        if columns:
            said = {"row": quoted(name), "columns": listed(columns)}
            found.append(Say("replacing.row_changed", said))
    if not found and list(before) != list(after):
        found.append(Say("replacing.order"))
    return found


def _begin(here: Here, press: PanelPress, message: int) -> Outcome:
    survey = desk.meant(here, press)
    language = press.language
    if survey is None:
        return desk.gone(here, language)
    if not desk.allows(survey, Page.NEW_FORM):
        return desk.not_now(here, language, survey)
    if (shown := underway.half_made(here, press)) is not None:
        return on_card(shown)
    task = Task(KIND, filing.FILE, language, {"survey": survey.name})
    return asked(_card(here, task), task, message)


def _told(here: Here, task: Task, event: Typed | Edited | Sent) -> Outcome:
    survey = _survey(here, task)
    if survey is None:
        return filing.below(task, on_card(_card(here, task), Lay(None)))
    if task.step == REVIEW:
        return asked(_card(here, task), task)
    taken = filing.taken(here, event)
    if not isinstance(taken, filing.Filed):
        return filing.again(task, Say("replacing.send"), taken)
    if refused := _refused(here, survey, taken.form):
        return filing.again(task, Say("replacing.send"), refused)
    review = replace(task, step=REVIEW, given={**task.given, "source": taken.source})
    return asked(_card(here, review), review)


def _refused(here: Here, survey: Running, new: Form) -> tuple[Paragraph, ...]:
    """Why this form cannot take the place of the other; nothing where it can."""
    if survey.state is State.DRAFT:
        return ()
    if lacking := languages_lacking(new):
        languages = Series(tuple(IN[one] for one in lacking))
        return ((Line(Say("opening.language_lacks", {"languages": languages})),),)
    found = differences(survey.form, new)
    received = (here.panel or Panel()).received.get(survey.name, Received(0, 0))
    answered = received.released + received.mixing > 0
    if not found or (not answered and new.kind is survey.form.kind):
        return ()
    why = Say("replacing.answered") if answered else Say("replacing.another_kind")
    more = len(found) - MOST
    left = (Line(Say("replacing.more", count=more)),) if more > 0 else ()
    return (
        (Line(why, strong=True),),
        (*(Line(said) for said in found[:MOST]), *left),
        (Line(Say("replacing.do_instead")),),
    )


def _survey(here: Here, task: Task) -> Running | None:
    """The survey, while it can have another form."""
    survey = desk.found(here, task.given["survey"])
    return survey if survey is not None and desk.allows(survey, Page.NEW_FORM) else None


def _tapped(here: Here, task: Task, press: PanelPress, message: int) -> Outcome:
    survey = _survey(here, task)
    if survey is None:
        return on_card(_card(here, task), Lay(None))
    if task.step == REVIEW and press.more == "take":
        return _replaced(here, task, survey, message)
    return asked(_card(here, task), task, message)


def _replaced(here: Here, task: Task, survey: Running, message: int) -> Outcome:
    """The form in the other's place; where somebody has answered meanwhile, it is judged anew."""
    source = task.given["source"]
    form, complaints = filing.read(here, source)
    refused = filing.mistakes(complaints) if form is None else _refused(here, survey, form)
    if form is None or refused:
        task = Task(KIND, filing.FILE, task.language, {"survey": survey.name})
        return asked(filing.ask(task, Say("replacing.send"), refused), task, message)
    changed = replace(survey, form=_as(survey, form), source=source)
    return desk.after(
        here,
        task.language,
        changed,
        Say("replacing.done"),
        desk.kept(here, changed, What.SURVEY_REPLACED),
        Lay(None),
    )


def _as(survey: Running, form: Form) -> Form:
    """The form under the survey's name, and for whom the survey is."""
    return replace(form, name=survey.name, audience=survey.form.audience)


def _card(here: Here, task: Task) -> Card:
    survey = _survey(here, task)
    if survey is None:
        return desk.overtaken(here, task.language, task.given["survey"])
    if task.step != REVIEW:
        return filing.ask(task, Say("replacing.send"))
    form, _ = filing.read(here, task.given["source"])
    return _review(task, survey, form)


def _review(task: Task, survey: Running, form: Form | None) -> Card:
    """What the form is, and what becomes of answers that are begun."""
    title: Paragraph = (Line(Say("replacing.review"), strong=True),)
    lines: list[Line] = []
    if form is not None:
        versions = {"old": quoted(survey.form.version), "new": quoted(form.version)}
        title = (*title, Line(Told(form.title)), Line(Say("replacing.versions", versions)))
        if survey.state is not State.DRAFT:
            same = not differences(survey.form, form)
            lines = [Line(Say("replacing.wording") if same else Say("replacing.loses"))]
    take = Button(Say("replacing.take"), panel(task.language, Page.TASK, REVIEW, "take"))
    return Card(
        task.language,
        tuple(filter(None, (title, tuple(lines)))),
        ((take,), (filing.drop(task),)),
    )


PAGES: Final[Mapping[Page, Press]] = {Page.NEW_FORM: _begin}
TASKS: Final[Mapping[str, Steps]] = {KIND: Steps(_told, _tapped, _card)}
