"""Another last day, later or earlier. Every card says the new one from then on; broadcasts that
named the old one are listed, each to be corrected."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from dialogs.events import Edited, Typed
from dialogs.life import LIFE, State, Turn
from dialogs.outcome import Lay
from dialogs.panel import underway
from dialogs.panel.buttons import Page, panel
from dialogs.panel.cards import Steps, asked, on_card
from dialogs.panel.records import Task
from dialogs.panel.trail import What
from dialogs.running import days, desk, hindrances, outdated
from dialogs.running.filing import below, drop
from dialogs.screens import Button, Card, Line, On, Say, Told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.events import Sent
    from dialogs.life import Running
    from dialogs.outcome import Here, Outcome
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.cards import Press
    from dialogs.screens import Paragraph, Words

KIND: Final = "extending"

LAST, REVIEW = "last", "review"


def _extend(here: Here, press: PanelPress, message: int) -> Outcome:
    """Asks the day; or shows, from its button, what still names a day that was the last one."""
    survey = desk.meant(here, press)
    language = press.language
    if survey is None:
        return desk.gone(here, language)
    if (place := outdated.asked(press.more)) is not None:
        listed = outdated.card(here, language, survey, *place)
        return on_card(listed or desk.card(here, language, survey))
    if not desk.allows(survey, Page.EXTEND):
        return desk.not_now(here, language, survey)
    if (shown := underway.half_made(here, press)) is not None:
        return on_card(shown)
    return begun(here, language, survey, message)


def begun(here: Here, language: str, survey: Running, message: int) -> Outcome:
    """Asks for the new last day."""
    task = Task(KIND, LAST, language, {"survey": survey.name})
    return asked(_card(here, task), task, message)


def _told(here: Here, task: Task, event: Typed | Edited | Sent) -> Outcome:
    survey = _survey(here, task)
    if survey is None:
        return below(task, on_card(_card(here, task), Lay(None)))
    if isinstance(event, Edited):
        return _stays(here, task, Say("call.edited"))
    if not isinstance(event, Typed) or task.step == REVIEW:
        return _stays(here, task, Say("expected.nothing"))
    day = days.last(event.text, here.today, survey.opens)
    if not isinstance(day, Say) and day == survey.closes and survey.state is not State.CLOSING:
        day = Say("extending.same", {"day": On(day)})
    if isinstance(day, Say):
        return _stays(here, task, day)
    after = _after(task, day)
    return asked(_card(here, after), after)


def _stays(here: Here, task: Task, said: Say) -> Outcome:
    return asked(_card(here, task, (Line(said),)), task)


def _tapped(here: Here, task: Task, press: PanelPress, message: int) -> Outcome:
    """A button of the task's step. One that it does not have now changes nothing."""
    survey = _survey(here, task)
    if survey is None:
        return on_card(_card(here, task), Lay(None))
    if task.step == REVIEW and press.more == "back":
        task = replace(task, step=LAST)
    elif task.step == REVIEW and press.more == "change":
        return _extended(here, task, survey, message)
    elif (day := days.tapped(press.more, _offered(here, task, survey))) is not None:
        task = _after(task, day)
    return asked(_card(here, task), task, message)


def _after(task: Task, day: date) -> Task:
    return replace(task, step=REVIEW, given={**task.given, LAST: day.isoformat()})


def _survey(here: Here, task: Task) -> Running | None:
    """The survey, while it can have another last day."""
    survey = desk.found(here, task.given["survey"])
    return survey if survey is not None and desk.allows(survey, Page.EXTEND) else None


def _offered(here: Here, task: Task, survey: Running) -> list[date]:
    """One week and two from the day it is now; or from today, where that has passed."""
    if task.step != LAST:
        return []
    now = max(survey.closes or here.today, here.today)
    return [now + timedelta(weeks=weeks) for weeks in (1, 2)]


def _card(here: Here, task: Task, notice: Paragraph = ()) -> Card:
    survey = _survey(here, task)
    if survey is None:
        return desk.overtaken(here, task.language, task.given["survey"])
    if task.step == REVIEW:
        return _review(here, task, survey, notice)
    question = (
        Line(Told(survey.form.title), strong=True),
        *_now(survey),
        Line(Say("extending.last")),
    )
    offers = [(_option(task, On(one), one.isoformat()),) for one in _offered(here, task, survey)]
    return Card(
        task.language,
        tuple(filter(None, (notice, question, (Line(Say("opening.type_day")),)))),
        (*offers, (drop(task),)),
    )


def _now(survey: Running) -> Paragraph:
    if survey.closes is None:
        return ()
    return (Line(Say("extending.now", {"day": On(survey.closes)})),)


def _option(task: Task, label: Words, more: str) -> Button:
    return Button(label, panel(task.language, Page.TASK, task.step, more))


def _review(here: Here, task: Task, survey: Running, notice: Paragraph) -> Card:
    """What changes, and how many broadcasts say something else."""
    last = date.fromisoformat(task.given[LAST])
    changed = replace(survey, closes=last, closed_on=None)
    named = len(outdated.naming(here, changed, survey.closed_on or survey.closes))
    opens_again = survey.state is State.CLOSING
    lines = [
        *_now(survey),
        Line(Say("extending.then", {"day": On(last)})),
        *((Line(Say("extending.opens_again")),) if opens_again else ()),
    ]
    after = [Line(Say("extending.everywhere"))]
    if named:
        after.append(Line(Say("extending.broadcasts", count=named)))
    return Card(
        task.language,
        tuple(
            filter(
                None,
                (
                    notice,
                    (Line(Told(survey.form.title), strong=True), *lines),
                    tuple(after),
                    hindrances.remarks(here, survey, max(survey.opens, here.today), last),
                ),
            )
        ),
        (
            (_option(task, Say("extending.change"), "change"),),
            (_option(task, Say("button.back"), "back"), drop(task)),
        ),
    )


def _extended(here: Here, task: Task, survey: Running, message: int) -> Outcome:
    last = date.fromisoformat(task.given[LAST])
    if last < here.today:  # it was told on an earlier day
        task = replace(task, step=LAST)
        said = Say("expected.day_ahead", {"day": On(last)})
        return asked(_card(here, task, (Line(said),)), task, message)
    happened = Turn.PLANNED if survey.state is State.SCHEDULED else Turn.OPENED
    state = LIFE[survey.state, happened]
    changed = replace(survey, state=state, closes=last, closed_on=None)
    drafts = outdated.drafts(here, changed, survey.closes)
    done = desk.after(
        here,
        task.language,
        changed,
        Say("extending.done"),
        desk.kept(here, changed, What.SURVEY_EXTENDED, last, besides=drafts),
        Lay(None),
    )
    listed = outdated.card(here, task.language, changed, survey.closed_on or survey.closes)
    return done if listed is None else replace(done, cards=(*done.cards, listed))


PAGES: Final[Mapping[Page, Press]] = {Page.EXTEND: _extend}
TASKS: Final[Mapping[str, Steps]] = {KIND: Steps(_told, _tapped, _card)}
