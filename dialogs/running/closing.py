"""Closing a survey or a call by hand, and undoing it until four; the archive; a draft thrown away.

What cannot be taken back is asked twice.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from dialogs.life import State, Turn, turn
from dialogs.outcome import Change
from dialogs.panel.buttons import Page, panel
from dialogs.panel.cards import on_card
from dialogs.panel.records import Panel, Received
from dialogs.panel.trail import What, deed
from dialogs.running import desk, extending, outdated
from dialogs.screens import Button, Card, Line, On, Say, Told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.life import Running
    from dialogs.outcome import Here, Outcome
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.cards import Press
    from dialogs.screens import Paragraph

SURELY: Final = "surely"


def _shut(here: Here, press: PanelPress, message: int) -> Outcome:
    """Closes what is open; what only waits for its first day becomes a draft again."""
    survey = desk.meant(here, press)
    language = press.language
    if survey is None:
        return desk.gone(here, language)
    state = turn(survey.state, Turn.CLOSED_BY_HAND)
    if state is None:
        return desk.not_now(here, language, survey)
    is_planned = survey.state is State.SCHEDULED
    if press.more != SURELY:
        return on_card(_asked_unplan(press, survey) if is_planned else _asked(here, press, survey))
    if is_planned:
        draft = replace(survey, state=state)
        change = desk.kept(here, draft, What.SURVEY_UNPLANNED)
        return desk.after(here, language, draft, Say("closing.unplanned"), change)
    closed = replace(survey, state=state, closed_on=here.today)
    change = desk.kept(here, closed, What.SURVEY_CLOSED)
    done = desk.after(here, language, closed, Say("closing.done"), change)
    return _with_outdated(here, language, done, survey, closed)


def _asked(here: Here, press: PanelPress, survey: Running) -> Card:
    morning = On(here.today + timedelta(days=1))
    return _asks(
        press,
        survey,
        Say("closing.ask"),
        (
            Line(Say("closing.none_new")),
            Line(Say("closing.begun", {"day": morning})),
            Line(Say("closing.undo", {"day": morning})),
            Line(Say("closing.nobody_told")),
        ),
        Say("closing.surely"),
    )


def _asked_unplan(press: PanelPress, survey: Running) -> Card:
    said = (Line(Say("closing.unplan_means")),)
    return _asks(press, survey, Say("closing.unplan_ask"), said, Say("running.unplan"))


def _asks(press: PanelPress, survey: Running, question: Say, means: Paragraph, surely: Say) -> Card:
    language = press.language
    yes = Button(surely, panel(language, press.page, survey.name, SURELY))
    title = (Line(Told(survey.form.title), strong=True), Line(question))
    return Card(language, (title, means), ((yes,), desk.back(language, survey.name)))


def _reopen(here: Here, press: PanelPress, message: int) -> Outcome:
    """Undoes a closing; where its last day has come meanwhile, another is asked."""
    survey = desk.meant(here, press)
    language = press.language
    if survey is None:
        return desk.gone(here, language)
    state = turn(survey.state, Turn.OPENED)
    if state is None or not desk.allows(survey, Page.REOPEN):
        return desk.not_now(here, language, survey)
    if survey.closes is not None and survey.closes < here.today:
        return extending.begun(here, language, survey, message)
    opened = replace(survey, state=state, closed_on=None)
    change = desk.kept(here, opened, What.SURVEY_REOPENED)
    done = desk.after(here, language, opened, Say("closing.undone"), change)
    return _with_outdated(here, language, done, survey, opened)


def _with_outdated(
    here: Here, language: str, done: Outcome, before: Running, after: Running
) -> Outcome:
    """And below it the broadcasts that name the last day which it has no more."""
    listed = outdated.card(here, language, after, before.closed_on or before.closes)
    return done if listed is None else replace(done, cards=(*done.cards, listed))


def _put_away(here: Here, press: PanelPress, message: int) -> Outcome:
    """Into the archive, once everything is released; or out of it."""
    survey = desk.meant(here, press)
    language = press.language
    if survey is None:
        return desk.gone(here, language)
    if not desk.allows(survey, Page.PUT_AWAY, press.more):
        return desk.not_now(here, language, survey)
    received = (here.panel or Panel()).received.get(survey.name, Received(0, 0))
    if press.more == desk.OUT:
        taken = replace(survey, state=State.CLOSED)
        change = desk.kept(here, taken, What.SURVEY_TAKEN_OUT)
        return desk.after(here, language, taken, Say("closing.taken_out"), change)
    if received.mixing:
        mixing = (Line(Say("closing.still_mixing", count=received.mixing), strong=True),)
        return on_card(desk.card(here, language, survey, mixing))
    away = replace(survey, state=State.ARCHIVED)
    change = desk.kept(here, away, What.SURVEY_ARCHIVED)
    return desk.after(here, language, away, Say("closing.put_away"), change)


def _discard(here: Here, press: PanelPress, message: int) -> Outcome:
    survey = desk.meant(here, press)
    language = press.language
    if survey is None:
        return desk.gone(here, language)
    if not desk.allows(survey, Page.DISCARD):
        return desk.not_now(here, language, survey)
    if press.more != SURELY:
        means = (Line(Say("closing.discard_means")),)
        surely = Say("running.discard")
        return on_card(_asks(press, survey, Say("closing.discard_ask"), means, surely))
    title = survey.form.title
    about = title.get(language) or next(iter(title.values()))
    change = Change(erase=(survey,), trail=(deed(here, What.SURVEY_DISCARDED, about),))
    said = (Line(Say("closing.discarded")),)
    return on_card(Card(language, (said,), (desk.back(language),)), change)


PAGES: Final[Mapping[Page, Press]] = {
    Page.SHUT: _shut,
    Page.REOPEN: _reopen,
    Page.PUT_AWAY: _put_away,
    Page.DISCARD: _discard,
}
