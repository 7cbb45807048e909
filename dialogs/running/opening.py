"""Opening a survey or a call: its first and its last day, and a review of what then happens.

It is refused while anything hinders it, before the days are asked and again when it is opened: the
office's file may have changed in between, and so may the survey.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from dialogs.events import Edited, Typed
from dialogs.forms.model import Audience
from dialogs.life import LIFE, State, Turn
from dialogs.outcome import Lay, Outcome
from dialogs.panel import underway
from dialogs.panel.buttons import Page, panel
from dialogs.panel.cards import Steps, asked, on_card
from dialogs.panel.records import Panel, Task
from dialogs.panel.trail import What
from dialogs.running import days, desk, hindrances, linking, outdated
from dialogs.running.filing import below, drop
from dialogs.screens import Button, Card, Line, On, Say, Told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.events import Sent
    from dialogs.life import Running
    from dialogs.outcome import Here
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.cards import Press
    from dialogs.screens import Paragraph, Words

KIND: Final = "opening"

FIRST, LAST, REVIEW = "first", "last", "review"
BACK: Final[Mapping[str, str]] = {LAST: FIRST, REVIEW: LAST}
"""Where the button back leads, by the step."""


def _open(here: Here, press: PanelPress, message: int) -> Outcome:
    survey = desk.meant(here, press)
    language = press.language
    if survey is None:
        return desk.gone(here, language)
    if not desk.allows(survey, Page.OPEN):
        return desk.not_now(here, language, survey)
    if (hindered := hindrances.card(here, language, survey)) is not None:
        return on_card(hindered)
    if (shown := underway.half_made(here, press)) is not None:
        return on_card(shown)
    task = Task(KIND, FIRST, language, {"survey": survey.name})
    return asked(_card(here, task), task, message)


def _told(here: Here, task: Task, event: Typed | Edited | Sent) -> Outcome:
    if _survey(here, task) is None:
        return below(task, on_card(_card(here, task), Lay(None)))
    if isinstance(event, Edited):
        return _stays(here, task, Say("call.edited"))
    if not isinstance(event, Typed) or task.step == REVIEW:
        return _stays(here, task, Say("expected.nothing"))
    if task.step == FIRST:
        day = days.read(event.text, here.today)
    else:
        day = days.last(event.text, here.today, _first(here, task))
    if isinstance(day, Say):
        return _stays(here, task, day)
    after = _after(task, day)
    return asked(_card(here, after), after)


def _stays(here: Here, task: Task, said: Say) -> Outcome:
    return asked(_card(here, task, (Line(said),)), task)


def _tapped(here: Here, task: Task, press: PanelPress, message: int) -> Outcome:
    """A button of the task's step. One that it does not have now changes nothing."""
    if press.more == "back" and task.step in BACK:
        task = replace(task, step=BACK[task.step])
    elif task.step == REVIEW and press.more == "open":
        return _opened(here, task, message)
    elif (day := days.tapped(press.more, _offered(here, task))) is not None:
        task = _after(task, day)
    return asked(_card(here, task), task, message)


def _after(task: Task, day: date) -> Task:
    """With the day of this step; a last day that then comes before the first is asked anew."""
    given = {**task.given, task.step: day.isoformat()}
    return replace(task, step=LAST if task.step == FIRST else REVIEW, given=given)


def _survey(here: Here, task: Task) -> Running | None:
    """The survey, while it can be opened."""
    survey = desk.found(here, task.given["survey"])
    return survey if survey is not None and desk.allows(survey, Page.OPEN) else None


def _offered(here: Here, task: Task) -> list[date]:
    if task.step == FIRST:
        return [here.today, here.today + timedelta(days=1)]
    return days.offered(_first(here, task)) if task.step == LAST else []


def _first(here: Here, task: Task) -> date:
    """The first day; today, where the day that was told has come and gone."""
    return max(date.fromisoformat(task.given[FIRST]), here.today)


def _card(here: Here, task: Task, notice: Paragraph = ()) -> Card:
    survey = _survey(here, task)
    if survey is None:
        return desk.overtaken(here, task.language, task.given["survey"])
    if task.step == REVIEW:
        return _review(here, task, survey, notice)
    title = Line(Told(survey.form.title), strong=True)
    if task.step == FIRST:
        question: Paragraph = (title, Line(Say("opening.first")))
    else:
        opens = Line(Say("opening.opens", {"day": On(_first(here, task))}))
        question = (title, opens, Line(Say("opening.last")))
    offers = [(_option(task, _day(here, one), one.isoformat()),) for one in _offered(here, task)]
    around = (_option(task, Say("button.back"), "back"),) if task.step in BACK else ()
    return Card(
        task.language,
        tuple(filter(None, (notice, question, (Line(Say("opening.type_day")),)))),
        (*offers, (*around, drop(task))),
    )


def _day(here: Here, day: date) -> Words:
    if day == here.today:
        return Say("opening.today")
    return On(day)


def _option(task: Task, label: Words, more: str) -> Button:
    return Button(label, panel(task.language, Page.TASK, task.step, more))


def _review(here: Here, task: Task, survey: Running, notice: Paragraph) -> Card:
    """What will happen, and when; to how many; what the office's file says otherwise."""
    first, last = _first(here, task), date.fromisoformat(task.given[LAST])
    at_once = first == here.today
    happens = [
        Line(Say("opening.at_once") if at_once else Say("opening.at_day", {"day": On(first)})),
        Line(Say("opening.until", {"day": On(last)})),
        Line(Say("opening.then_four", {"day": On(last + timedelta(days=1))})),
    ]
    title = (Line(Say("opening.review"), strong=True), Line(Told(survey.form.title)))
    paragraphs = (
        notice,
        title,
        tuple(happens),
        (Line(_who(here, survey)), Line(Say("opening.nobody_told"))),
        hindrances.remarks(here, survey, first, last),
    )
    label = Say("opening.open_now") if at_once else Say("opening.plan")
    return Card(
        task.language,
        tuple(filter(None, paragraphs)),
        (
            (_option(task, label, "open"),),
            (_option(task, Say("button.back"), "back"), drop(task)),
        ),
    )


def _who(here: Here, survey: Running) -> Say:
    if survey.form.audience is Audience.MEMBERS:
        return Say("opening.for_members", count=len((here.panel or Panel()).seated))
    return Say("opening.for_everyone")


def _opened(here: Here, task: Task, message: int) -> Outcome:
    """Open, or planned; where something hinders it by now, that is told and nothing is done."""
    language = task.language
    survey = _survey(here, task)
    if survey is None:
        return on_card(_card(here, task), Lay(None))
    first, last = _first(here, task), date.fromisoformat(task.given[LAST])
    happened = Turn.OPENED if first == here.today else Turn.PLANNED
    state = LIFE[survey.state, happened]
    if (hindered := hindrances.card(here, language, survey)) is not None:
        return on_card(hindered, Lay(None))
    if last < first:  # it was told on an earlier day
        task = replace(task, step=LAST)
        said = Say("expected.last_after_first", {"last": On(last), "first": On(first)})
        return asked(_card(here, task, (Line(said),)), task, message)
    opened = replace(survey, state=state, opens=first, closes=last, closed_on=None)
    what, said = What.SURVEY_PLANNED, Say("opening.planned")
    if state is State.OPEN:
        what, said = What.SURVEY_OPENED, Say("opening.opened")
    drafts = outdated.drafts(here, opened, survey.closes)
    change = desk.kept(here, opened, what, first, last, besides=drafts)
    done = desk.after(here, language, opened, said, change, Lay(None))
    link = linking.card(here, language, opened)
    mended = outdated.card(here, language, opened, survey.closes)
    return replace(done, cards=(*done.cards, *filter(None, (mended, link))))


PAGES: Final[Mapping[Page, Press]] = {Page.OPEN: _open}
TASKS: Final[Mapping[str, Steps]] = {KIND: Steps(_told, _tapped, _card)}
