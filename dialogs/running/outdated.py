"""Broadcasts that name a last day which a survey has no more: each can be corrected."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from dialogs.broadcasts import mending, names
from dialogs.broadcasts.records import Life
from dialogs.panel.buttons import Page, panel
from dialogs.panel.records import Panel
from dialogs.panel.trail import What
from dialogs.screens import Button, Card, Dated, Joined, Line, On, Say, Told

if TYPE_CHECKING:
    from dialogs.broadcasts.records import Broadcast
    from dialogs.life import Running
    from dialogs.outcome import Here
    from dialogs.screens import Words

EACH: Final = 6
"""So many broadcasts stand on one card."""

_TELL_DAYS: Final = (What.SURVEY_PLANNED, What.SURVEY_OPENED, What.SURVEY_EXTENDED)
"""Deeds that end with a last day."""

_PLACE: Final = re.compile(r"was-([0-9]{8})-([0-9]{1,4})")


def naming(here: Here, survey: Running, was: date | None) -> list[Broadcast]:
    """Broadcasts that have gone out, or will, and name the day that was its last one."""
    if was is None or was == _last(survey):
        return []
    return [
        one
        for one in (here.panel or Panel()).broadcasts
        if mending.names_day(one, was) and _may_mean(one, survey)
    ]


def days(here: Here, survey: Running) -> list[date]:
    """Days that were its last one, as the trail has them, and are still named."""
    known = [one.about.split() for one in (here.panel or Panel()).trail if one.what in _TELL_DAYS]
    were = {date.fromisoformat(about[-1]) for about in known if about[0] == survey.name}
    return [day for day in sorted(were) if naming(here, survey, day)]


def to_list(language: str, survey: Running, was: date) -> tuple[Button, ...]:
    """The way to those that name the day."""
    return (Button(Say("outdated.to_list", {"day": Dated(was)}), _to(language, survey, was, 0)),)


def to_desk(language: str, name: str) -> tuple[Button, ...]:
    """The way to a survey's desk."""
    return (Button(Say("running.to_desk"), panel(language, Page.SURVEY, name)),)


def drafts(here: Here, survey: Running, was: date | None) -> tuple[Broadcast, ...]:
    """Drafts in ready words that named the day, as they are with the last day of now: to be looked
    at and tested anew."""
    return tuple(
        replace(one, ready=replace(one.ready, day=_last(survey)), tested="")
        for one in (here.panel or Panel()).broadcasts
        if one.life is Life.DRAFT
        and one.ready is not None
        and (one.ready.survey, one.ready.day) == (survey.name, was)
    )


def card(here: Here, language: str, survey: Running, was: date | None, at: int = 0) -> Card | None:
    """They, a button each that begins its correction; None where there are none."""
    named = naming(here, survey, was)
    last = _last(survey)
    if was is None or last is None or not named:
        return None
    at = min(at, (len(named) - 1) // EACH * EACH)
    rows = [
        (Button(_label(here, one, language), mending.data(language, one, was, last)),)
        for one in named[at : at + EACH]
    ]
    around = [(Say("button.page_before"), at - EACH)] if at else []
    around += [(Say("button.page_after"), at + EACH)] if at + EACH < len(named) else []
    turns = tuple(Button(said, _to(language, survey, was, to)) for said, to in around)
    return Card(
        language,
        (
            (Line(Told(survey.form.title), strong=True),),
            (
                Line(Say("outdated.named", {"day": Dated(was)}, count=len(named))),
                Line(Say("outdated.now", {"day": On(last)})),
                Line(Say("outdated.correct")),
            ),
        ),
        (*rows, *((turns,) if turns else ()), to_desk(language, survey.name)),
    )


def asked(more: str) -> tuple[date, int] | None:
    """The day that was, and the place in the list, of a button to a page of it."""
    found = _PLACE.fullmatch(more)
    if found is None:
        return None
    try:
        return date.fromisoformat(found[1]), int(found[2])
    except ValueError:
        return None


def _may_mean(broadcast: Broadcast, survey: Running) -> bool:
    """Whether it is about this survey: in words that somebody wrote it may be about any."""
    return broadcast.ready is None or broadcast.ready.survey == survey.name


def _to(language: str, survey: Running, was: date, at: int) -> str:
    return panel(language, Page.EXTEND, survey.name, f"was-{was:%Y%m%d}-{at}")


def _label(here: Here, broadcast: Broadcast, language: str) -> Words:
    named = names.named(here.panel or Panel(), broadcast, language)
    return Joined((Say("outdated.mend"), named), by=": ")


def _last(survey: Running) -> date | None:
    return survey.closed_on or survey.closes
