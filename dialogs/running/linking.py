"""A survey's public link, with its QR code as a picture.

A link that did not work went out to thousands once: so nobody is told of a survey before its link
was opened through the bot itself, in a coordinator's chat.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dialogs.life import State
from dialogs.outcome import Change, Outcome
from dialogs.panel.buttons import Page, panel
from dialogs.panel.cards import on_card
from dialogs.panel.trail import What
from dialogs.running import desk, outdated
from dialogs.screens import Button, Card, Line, Linked, On, Own, Place, Say, Told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.life import Running
    from dialogs.outcome import Here
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.cards import Press


def address(here: Here, survey: Running) -> str:
    """What opens the survey in the bot; '' while Telegram has not told the bot's own name."""
    return f"{here.bot_link}?start={survey.name}" if here.bot_link else ""


def card(here: Here, language: str, survey: Running) -> Card:
    """The link and its picture, on a card of their own that can be passed on."""
    link = address(here, survey)
    if not link:
        again = (Button(Say("invitation.again"), panel(language, Page.LINK, survey.name)),)
        said = (Line(Say("linking.none")),)
        return Card(language, (said,), (again, desk.back(language, survey.name)))
    ahead = survey.state is State.SCHEDULED
    opens = (Line(Say("opening.opens", {"day": On(survey.opens)})),) if ahead else ()
    until = (
        () if survey.closes is None else (Line(Say("linking.until", {"day": On(survey.closes)})),)
    )
    open_first = () if survey.met else ((Line(Say("linking.open_first")),),)
    return Card(
        language,
        (
            (Line(Told(survey.form.title), strong=True), *opens, *until),
            (Line(Linked(Own(link), link)),),
            *open_first,
        ),
        (opening(here, survey), outdated.to_desk(language, survey.name)),
        qr=link,
    )


def opening(here: Here, survey: Running) -> tuple[Button, ...]:
    """The link, to be tapped. Whoever taps it opens the survey as residents do."""
    return (Button(Say("linking.open"), link=address(here, survey)),)


def _link(here: Here, press: PanelPress, message: int) -> Outcome:
    survey = desk.meant(here, press)
    if survey is None:
        return desk.gone(here, press.language)
    if not desk.allows(survey, Page.LINK):
        return desk.not_now(here, press.language, survey)
    shown = card(here, press.language, survey)
    return Outcome((shown,)) if shown.qr else on_card(shown)


def met(here: Here, argument: str) -> tuple[tuple[Card, ...], tuple[Change, ...]]:
    """A coordinator has opened the link of a survey for the first time: what is said below what
    residents see, and what is kept. Nothing in anybody else's chat."""
    survey = desk.found(here, argument)
    if here.coordinator is None or survey is None or survey.met:
        return (), ()
    if not desk.allows(survey, Page.LINK):
        return (), ()
    language = here.coordinator.language
    opened = replace(survey, met=True)
    rows = [outdated.to_desk(language, survey.name)]
    if desk.allows(survey, Page.TELL_OF, desk.OPENED):
        tell = panel(language, Page.TELL_OF, survey.name, desk.OPENED)
        rows.insert(0, (Button(Say("running.tell_opened"), tell),))
    said = Say("linking.works", {"title": Told(survey.form.title)})
    works = Card(language, ((Line(said),),), tuple(rows), Place.NEW)
    return (works,), (desk.kept(here, opened, What.SURVEY_MET),)


PAGES: Final[Mapping[Page, Press]] = {Page.LINK: _link}
