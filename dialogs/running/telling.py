"""Telling subscribers of a survey: a broadcast in ready words, made here and sent elsewhere.

The bot does not know who has answered: everybody is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dialogs.announcement import Circle
from dialogs.broadcasts.records import Broadcast, Life, Occasion, Pointer, Ready, Target
from dialogs.forms.model import Audience, Kind
from dialogs.outcome import Change
from dialogs.panel.buttons import Page, panel
from dialogs.panel.cards import on_card
from dialogs.panel.records import Panel
from dialogs.panel.trail import What, deed
from dialogs.running import desk, linking
from dialogs.screens import Button, Card, Line, Say, Told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.life import Running
    from dialogs.outcome import Here, Outcome
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.cards import Press
    from dialogs.panel.records import Coordinator
    from dialogs.screens import Paragraph

    Row = tuple[Button, ...]

_OCCASIONS: Final[Mapping[str, Occasion]] = {
    desk.OPENED: Occasion.OPENED,
    desk.CLOSES: Occasion.CLOSES_SOON,
}

_STANDS: Final = (Life.DRAFT, Life.ASKED, Life.CONFIRMED, Life.PAUSED)
"""A broadcast that is begun, or has gone out, and was not taken back."""


def _tell(here: Here, press: PanelPress, message: int) -> Outcome:
    language = press.language
    survey = desk.meant(here, press)
    if survey is None or here.coordinator is None:
        return desk.gone(here, language)
    if not desk.allows(survey, Page.TELL_OF, press.more):
        return desk.not_now(here, language, survey)
    if not survey.met:
        open_it = (linking.opening(here, survey),) if here.bot_link else ()
        return on_card(_said(language, survey, (Line(Say("telling.open_first")),), open_it))
    occasion = _OCCASIONS[press.more]
    if occasion is Occasion.CLOSES_SOON and survey.closes is None:
        set_one = (Button(Say("running.extend"), panel(language, Page.EXTEND, survey.name)),)
        return on_card(_said(language, survey, (Line(Say("telling.no_last_day")),), (set_one,)))
    ready = Ready(occasion, survey.name, survey.closes)
    begun = _begun(here, ready)
    if begun is not None:
        return on_card(_made(language, survey, begun, Say("telling.is_there")))
    return _drafted(here, language, survey, ready, here.coordinator)


def _begun(here: Here, ready: Ready) -> Broadcast | None:
    """The broadcast that says this already: a tap may come twice."""
    told = (one for one in (here.panel or Panel()).broadcasts if one.life in _STANDS)
    return next((one for one in told if one.ready == ready), None)


def _drafted(
    here: Here, language: str, survey: Running, ready: Ready, mine: Coordinator
) -> Outcome:
    pointers = [
        one
        for one in (here.panel or Panel()).pointers
        if (one.target, one.to) == (Target.SURVEY, survey.name)
    ]
    call = survey.form.kind is Kind.APPLICATION
    pointer = Pointer(
        key=here.fresh[16:32],
        target=Target.SURVEY,
        to=survey.name,
        title=dict(survey.form.title) if call else {},
        made_on=here.today,
    )
    members = survey.form.audience is Audience.MEMBERS
    broadcast = Broadcast(
        key=here.fresh[:16],
        author=mine.key,
        made_on=here.today,
        circle=Circle.MEMBERS if members else Circle.SUBSCRIBERS,
        ready=ready,
        pointer=(pointers[0] if pointers else pointer).key,
    )
    new = () if pointers else (pointer,)
    change = Change(keep=(broadcast, *new), trail=(deed(here, What.SURVEY_TOLD_OF, survey.name),))
    said = Say("telling.made_members") if members else Say("telling.made")
    return on_card(_made(language, survey, broadcast, said), change)


def _made(language: str, survey: Running, broadcast: Broadcast, said: Say) -> Card:
    """The way to the broadcast, where it is looked at, tried and sent."""
    to_it = Button(Say("telling.to_broadcast"), panel(language, Page.BROADCAST, broadcast.key))
    lines = [Line(said)]
    if broadcast.ready is not None and broadcast.ready.occasion is Occasion.CLOSES_SOON:
        lines.append(Line(Say("telling.to_all")))
    return _said(language, survey, tuple(lines), ((to_it,),))


def _said(language: str, survey: Running, said: Paragraph, rows: tuple[Row, ...]) -> Card:
    title = (Line(Told(survey.form.title), strong=True),)
    return Card(language, (title, said), (*rows, desk.back(language, survey.name)))


PAGES: Final[Mapping[Page, Press]] = {Page.TELL_OF: _tell}
