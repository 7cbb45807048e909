"""Trying a survey or a call out, exactly as a resident will see it, and nothing is stored.

The very conversation that residents have runs over other surroundings: one survey, which is open
and called `trial`, and nothing that was ever answered. What it would keep is kept in the process's
memory only. A trial is one conversation among the others of the chat: one of them is active.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dialogs.buttons import MenuPress, menu, read
from dialogs.buttons import Page as Menu
from dialogs.events import Commanded, Tapped
from dialogs.forms.model import Audience
from dialogs.life import State
from dialogs.outcome import TRIAL, Apply, Erase, Finish, Outcome, Save, Trial, Try
from dialogs.panel.buttons import Page, panel
from dialogs.panel.cards import on_card
from dialogs.panel.preview import NAMES
from dialogs.running import desk, outdated
from dialogs.screens import Button, Card, Line, Place, Say, Told

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dialogs.events import Event
    from dialogs.forms.draft import Draft
    from dialogs.life import Running
    from dialogs.outcome import Effect, Here
    from dialogs.panel import cards
    from dialogs.panel.buttons import PanelPress


def of(survey: Running) -> Trial:
    """The survey as it would be while it is open; everybody may answer."""
    form = replace(survey.form, name=TRIAL, audience=Audience.EVERYONE)
    return Trial(replace(survey, form=form, state=State.OPEN, closed_on=None), of=survey.name)


def _try(here: Here, press: PanelPress, message: int) -> Outcome:
    survey = desk.meant(here, press)
    language = press.language
    if survey is None:
        return desk.gone(here, language)
    if not desk.allows(survey, Page.TRY):
        return desk.not_now(here, language, survey)
    rows = [(Button(NAMES[one], menu(one, Menu.INTRO, TRIAL)),) for one in survey.form.languages]
    card = Card(
        language,
        (
            (Line(Told(survey.form.title), strong=True), Line(Say("trying.explained"))),
            (Line(Say("trying.in_which")),),
        ),
        (*rows, desk.back(language, survey.name)),
    )
    return on_card(card, Try(of(survey)))


def concerns(here: Here, event: Event) -> bool:
    """Whether this is part of a trial, as only coordinators have one."""
    if here.coordinator is None:
        return False
    match event:
        case Tapped(data=data):
            press = read(data)
            return press is not None and press.form == TRIAL
        case Commanded(name="start"):
            return False
    busy = here.active is not None or (here.task is not None and here.task.active)
    return _active(here) is not None and not busy


def step(here: Here, event: Event, converse: Callable[[Here, Event], Outcome]) -> Outcome:
    """What a resident would meet. `converse` is the conversation that residents have."""
    trial = here.trial
    stopped = isinstance(event, Commanded) and event.name == "stop"
    if trial is None or stopped:
        return _ended(here, _card_of(trial))
    outcome = converse(_surroundings(here, trial), event)
    press = read(event.data) if isinstance(event, Tapped) else None
    after = _kept(trial, outcome.effects)
    shown = tuple(_within(card) for card in outcome.cards)
    if isinstance(press, MenuPress) and press.page is Menu.INTRO and outcome.draft is None:
        said = (Line(Say("trying.is_trial"), strong=True),)
        shown = tuple(replace(one, paragraphs=(said, *one.paragraphs)) for one in shown)
    elif isinstance(press, MenuPress) and press.page is Menu.HOME:
        shown = (_left(here, trial, press.language),)
    if after is None:
        shown = (*shown, _over(here, trial))
    effects = () if after == trial else (Try(after),)
    return replace(outcome, cards=shown, effects=effects)


def aside(here: Here, outcome: Outcome) -> Outcome:
    """Another conversation has begun: what is typed from now on goes there."""
    draft = _active(here)
    if draft is None or here.trial is None:
        return outcome
    paused = Try(replace(here.trial, draft=replace(draft, active=False)))
    return replace(outcome, effects=(*outcome.effects, paused))


def _active(here: Here) -> Draft | None:
    draft = None if here.trial is None else here.trial.draft
    return draft if draft is not None and draft.active else None


def _surroundings(here: Here, trial: Trial) -> Here:
    """A resident's chat in which nothing was ever answered and only this survey is open."""
    return replace(
        here,
        running=(trial.survey,),
        drafts={} if trial.draft is None else {TRIAL: trial.draft},
        taken={},
        applications={},
        panel=None,
        member=None,
        coordinator=None,
        task=None,
        trial=None,
    )


def _kept(trial: Trial, effects: tuple[Effect, ...]) -> Trial | None:
    """The trial after what the conversation would have stored; None: it was sent, and is over."""
    for effect in effects:
        match effect:
            case Save(draft):
                trial = replace(trial, draft=draft)
            case Erase():
                trial = replace(trial, draft=None)
            case Finish() | Apply():
                return None
    return trial


def _within(card: Card) -> Card:
    """With the menu's buttons as part of the trial: they, too, store nothing."""
    rows = tuple(tuple(_part(button) for button in row) for row in card.rows)
    return replace(card, rows=rows)


def _part(button: Button) -> Button:
    match read(button.data):
        case MenuPress(language, page, ""):
            return replace(button, data=menu(language, page, TRIAL))
    return button


def _card_of(trial: Trial | None) -> tuple[int, ...]:
    draft = None if trial is None else trial.draft
    return () if draft is None or draft.card is None else (draft.card,)


def _ended(here: Here, close: tuple[int, ...]) -> Outcome:
    """/stop; or a button of a trial that is over, as all are once the bot was started again."""
    effects = () if here.trial is None else (Try(None),)
    return Outcome((_over(here, here.trial),), effects, close=close)


def _left(here: Here, trial: Trial, language: str) -> Card:
    """Where residents go on to the menu."""
    rows = [_to_desk(here, trial)]
    if trial.draft is not None:
        rows.insert(0, (Button(Say("button.continue"), menu(language, Menu.CONTINUE, TRIAL)),))
    return Card(language, ((Line(Say("trying.menu")),),), tuple(rows), Place.EDIT)


def _over(here: Here, trial: Trial | None) -> Card:
    language = _own_language(here)
    rows: tuple[tuple[Button, ...], ...]
    if trial is None:
        rows = ((Button(Say("running.surveys"), panel(language, Page.SURVEYS)),),)
    else:
        again = Button(Say("trying.again"), panel(language, Page.TRY, trial.of))
        rows = ((again,), _to_desk(here, trial))
    return Card(language, ((Line(Say("trying.over")),),), rows, Place.NEW)


def _to_desk(here: Here, trial: Trial) -> tuple[Button, ...]:
    return outdated.to_desk(_own_language(here), trial.of)


def _own_language(here: Here) -> str:
    """The trial may have been in any language; its end is told in the coordinator's own."""
    return here.phone if here.coordinator is None else here.coordinator.language


PAGES: Final[Mapping[Page, cards.Press]] = {Page.TRY: _try}
