"""Surveys and calls, as coordinators see them: which there are, and of each how it stands.

What can be done with one is the table `WAYS`, by its state; what each deed does to the state is
`dialogs.life.LIFE`. From a button that is older than the state nothing is done, and the desk says
how it stands now.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from dialogs.forms.model import Audience, Kind, Role
from dialogs.life import State
from dialogs.outcome import Change
from dialogs.panel import pages
from dialogs.panel.buttons import Page, panel
from dialogs.panel.cards import on_card
from dialogs.panel.records import Panel
from dialogs.panel.trail import What, deed
from dialogs.running import outdated
from dialogs.screens import Button, Card, Dated, Joined, Line, Number, On, Own, Say, Told

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from dialogs.broadcasts.records import Broadcast
    from dialogs.life import Running
    from dialogs.outcome import Effect, Here, Outcome
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.cards import Press
    from dialogs.screens import Paragraph, Words

    Row = tuple[Button, ...]

EACH: Final = 8
"""So many surveys stand on one card."""

ORDER: Final = (State.DRAFT, State.SCHEDULED, State.OPEN, State.CLOSING, State.CLOSED)
"""How the list begins and ends; what is archived has a list of its own."""

OPENED, CLOSES = "opened", "closes"
"""What subscribers can be told."""

IN, OUT = "in", "out"
"""Into the archive, and out of it."""

WAYS: Final[Mapping[State, tuple[tuple[Page, str, Say], ...]]] = {
    State.DRAFT: (
        (Page.TRY, "", Say("running.try")),
        (Page.OPEN, "", Say("running.open")),
        (Page.NEW_FORM, "", Say("running.other_file")),
        (Page.DISCARD, "", Say("running.discard")),
    ),
    State.SCHEDULED: (
        (Page.LINK, "", Say("running.link")),
        (Page.TRY, "", Say("running.try")),
        (Page.OPEN, "", Say("running.other_days")),
        (Page.EXTEND, "", Say("running.extend")),
        (Page.NEW_FORM, "", Say("running.new_form")),
        (Page.SHUT, "", Say("running.unplan")),
    ),
    State.OPEN: (
        (Page.LINK, "", Say("running.link")),
        (Page.TELL_OF, OPENED, Say("running.tell_opened")),
        (Page.TELL_OF, CLOSES, Say("running.tell_closes")),
        (Page.EXTEND, "", Say("running.extend")),
        (Page.NEW_FORM, "", Say("running.new_form")),
        (Page.TRY, "", Say("running.try")),
        (Page.SHUT, "", Say("running.shut")),
    ),
    State.CLOSING: (
        (Page.REOPEN, "", Say("running.reopen")),
        (Page.EXTEND, "", Say("running.extend")),
    ),
    State.CLOSED: ((Page.PUT_AWAY, IN, Say("running.put_away")),),
    State.ARCHIVED: ((Page.PUT_AWAY, OUT, Say("running.take_out")),),
}
"""What can be done with a survey, by its state, in the order of the buttons."""

_AUDIENCES: Final[Mapping[Audience, tuple[Say, Say]]] = {
    Audience.EVERYONE: (Say("running.for_everyone"), Say("running.to_everyone")),
    Audience.MEMBERS: (Say("running.for_members"), Say("running.to_members")),
}
"""For whom it is; and the button that makes it so."""


def found(here: Here, name: str) -> Running | None:
    """The survey or call of that name, whatever its state."""
    return next((one for one in (here.panel or Panel()).surveys if one.name == name), None)


def meant(here: Here, press: PanelPress) -> Running | None:
    """Which one the button is about."""
    return found(here, press.about)


def allows(survey: Running, page: Page, more: str = "") -> bool:
    """Whether this can be done in its state; `more` where the page does several things."""
    return any((to, how) == (page, more) for to, how, _ in WAYS[survey.state])


def gone(here: Here, language: str) -> Outcome:
    """From an old button: there is no such survey any more."""
    outcome = on_card(_list(here, language, 0))
    return replace(outcome, toast=Say("toast.old_button"))


def not_now(here: Here, language: str, survey: Running) -> Outcome:
    """From an old button: the survey has gone on, and its desk says how far."""
    return on_card(overtaken(here, language, survey.name))


def overtaken(here: Here, language: str, name: str) -> Card:
    """In place of what was begun about a survey that has gone on meanwhile, or is gone."""
    survey = found(here, name)
    if survey is None:
        said = (Line(Say("running.is_gone")),)
        return Card(language, (said,), (back(language),))
    why = Say("running.not_again") if survey.over else Say("running.not_now")
    return card(here, language, survey, (Line(why, strong=True),))


def after(here: Here, language: str, survey: Running, said: Say, *effects: Effect) -> Outcome:
    """The desk of a survey that is being kept, under a sentence about what was done."""
    return on_card(card(here, language, survey, (Line(said, strong=True),)), *effects)


def kept(
    here: Here,
    survey: Running,
    what: What,
    *days: date,
    besides: tuple[Broadcast, ...] = (),
) -> Change:
    """The survey as it is to be kept, and the line for the trail; broadcasts kept with it."""
    about = " ".join((survey.name, *(day.isoformat() for day in days)))
    return Change(keep=(survey, *besides), trail=(deed(here, what, about),))


def back(language: str, name: str = "") -> Row:
    """The way back to a survey's desk, or to the list."""
    return pages.back(language, Page.SURVEY if name else Page.SURVEYS, name)


def morning(survey: Running) -> date | None:
    """The day on which, at four, begun answers end; None without a last day."""
    last = survey.closed_on or survey.closes
    return None if last is None else last + timedelta(days=1)


def card(here: Here, language: str, survey: Running, notice: Paragraph = ()) -> Card:
    """A survey's desk."""
    told = (
        notice,
        (Line(Told(survey.form.title), strong=True), *_state(survey)),
        (Line(_AUDIENCES[survey.form.audience][0]), Line(_version(survey))),
        counts(here, survey),
        (Line(Say("running.unmet")),) if _is_unmet(survey) else (),
    )
    return Card(language, tuple(filter(None, told)), (*_ways_on(here, language, survey),))


def counts(here: Here, survey: Running) -> Paragraph:
    """How many have answered, or applied: as they are released, and one figure beside."""
    received = (here.panel or Panel()).received.get(survey.name)
    if received is None or survey.state in (State.DRAFT, State.SCHEDULED):
        return ()
    if survey.form.kind is Kind.APPLICATION:
        return (Line(Say("running.applications", {"number": Number(received.released)})),)
    lines = [Line(Say("running.released", {"number": Number(received.released)}))]
    if received.mixing:
        lines.append(Line(Say("running.mixing", {"number": Number(received.mixing)})))
    return tuple(lines)


def asks_background(survey: Running) -> bool:
    """Whether it asks what would tell members apart."""
    return any(row.role is Role.BACKGROUND for row in survey.form.rows)


def _version(survey: Running) -> Say:
    return Say("running.version", {"version": Own(survey.form.version)})


def _is_unmet(survey: Running) -> bool:
    return not survey.met and survey.state in (State.SCHEDULED, State.OPEN)


def _state(survey: Running) -> Paragraph:
    """Where it is in its life, and its days."""
    last = survey.closed_on or survey.closes
    ends = () if survey.closes is None else (Line(Say("running.ends", {"day": On(survey.closes)})),)
    match survey.state:
        case State.DRAFT:
            return (Line(Say("running.is_draft")),)
        case State.SCHEDULED:
            return (Line(Say("running.is_scheduled", {"day": On(survey.opens)})), *ends)
        case State.OPEN:
            return (Line(Say("running.is_open")), *(ends or (Line(Say("running.no_end")),)))
        case State.CLOSING:
            ended = morning(survey)
            undo = () if ended is None else (Line(Say("running.until_four", {"day": On(ended)})),)
            return (Line(Say("running.is_closing")), *undo)
    is_closed = survey.state is State.CLOSED
    said = Say("running.is_closed") if is_closed else Say("running.is_archived")
    ended_on = () if last is None else (Line(Say("running.ended", {"day": On(last)})),)
    return (Line(said), *ended_on)


def _ways_on(here: Here, language: str, survey: Running) -> list[Row]:
    rows: list[Row] = [
        (Button(label, panel(language, page, survey.name, more)),)
        for page, more, label in WAYS[survey.state]
    ]
    if _can_have_another_audience(survey):
        other = _other(survey)
        to_other = panel(language, Page.SURVEY, survey.name, other)
        rows.insert(2, (Button(_AUDIENCES[other][1], to_other),))
    rows += [outdated.to_list(language, survey, day) for day in outdated.days(here, survey)]
    from_archive = survey.state is State.ARCHIVED
    return [*rows, pages.back(language, Page.ARCHIVE if from_archive else Page.SURVEYS)]


def _can_have_another_audience(survey: Running) -> bool:
    return survey.state is State.DRAFT and survey.form.kind is Kind.SURVEY


def _other(survey: Running) -> Audience:
    return next(one for one in Audience if one is not survey.form.audience)


def _survey(here: Here, press: PanelPress, message: int) -> Outcome:
    """The desk; of a draft, with another audience."""
    survey = meant(here, press)
    language = press.language
    if survey is None:
        return gone(here, language)
    if press.more not in tuple(Audience):
        return on_card(card(here, language, survey))
    if not _can_have_another_audience(survey):
        return not_now(here, language, survey)
    audience = Audience(press.more)
    if audience is Audience.MEMBERS and asks_background(survey):
        refused = (Line(Say("running.members_background"), strong=True),)
        return on_card(card(here, language, survey, refused))
    changed = replace(survey, form=replace(survey.form, audience=audience))
    said = _AUDIENCES[audience][0]
    return after(here, language, changed, said, kept(here, changed, What.SURVEY_AUDIENCE))


# The lists


def label(survey: Running) -> Words:
    """The state, which must not be cut off on a narrow phone, and the title."""
    return Joined((_in_short(survey), Told(survey.form.title)), by=": ")


def _in_short(survey: Running) -> Say:
    last = survey.closed_on or survey.closes
    match survey.state:
        case State.DRAFT:
            return Say("running.short_draft")
        case State.SCHEDULED:
            return Say("running.short_scheduled", {"day": Dated(survey.opens)})
        case State.OPEN if survey.closes is not None:
            return Say("running.short_open_until", {"day": Dated(survey.closes)})
        case State.OPEN:
            return Say("running.short_open")
        case State.CLOSING:
            return Say("running.short_closing")
    if last is None:
        return Say("running.short_closed")
    return Say("running.short_ended", {"day": Dated(last)})


def _surveys(here: Here, press: PanelPress, message: int) -> Outcome:
    return on_card(_list(here, press.language, pages.first(press, len(_listed(here)), EACH)))


def _listed(here: Here) -> list[Running]:
    """Drafts, then what is ahead, open, closing, closed; of each the newest first."""
    shown = [one for one in (here.panel or Panel()).surveys if one.state in ORDER]
    newest = sorted(shown, key=lambda one: one.opens, reverse=True)
    return sorted(newest, key=lambda one: ORDER.index(one.state))


def _archived(here: Here) -> list[Running]:
    shown = [one for one in (here.panel or Panel()).surveys if one.state is State.ARCHIVED]
    return sorted(shown, key=lambda one: one.opens, reverse=True)


def _list(here: Here, language: str, at: int) -> Card:
    listed = _listed(here)
    archive = (Button(Say("running.archive"), panel(language, Page.ARCHIVE)),)
    return Card(
        language,
        (
            (
                Line(Say("running.surveys"), strong=True),
                Line(Say("running.choose") if listed else Say("running.none")),
            ),
        ),
        (
            *_buttons(language, listed[at : at + EACH]),
            *pages.turns(language, Page.SURVEYS, at, EACH, len(listed)),
            (Button(Say("running.new"), panel(language, Page.NEW_SURVEY)),),
            *((archive,) if _archived(here) else ()),
            pages.back(language, Page.PANEL),
        ),
    )


def _archive(here: Here, press: PanelPress, message: int) -> Outcome:
    language = press.language
    listed = _archived(here)
    at = pages.first(press, len(listed), EACH)
    said = Say("running.archive_explained") if listed else Say("running.archive_empty")
    return on_card(
        Card(
            language,
            ((Line(Say("running.archive"), strong=True), Line(said)),),
            (
                *_buttons(language, listed[at : at + EACH]),
                *pages.turns(language, Page.ARCHIVE, at, EACH, len(listed)),
                back(language),
            ),
        )
    )


def _buttons(language: str, surveys: list[Running]) -> list[Row]:
    return [(Button(label(one), panel(language, Page.SURVEY, one.name)),) for one in surveys]


PAGES: Final[Mapping[Page, Press]] = {
    Page.SURVEYS: _surveys,
    Page.ARCHIVE: _archive,
    Page.SURVEY: _survey,
}
