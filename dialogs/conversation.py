"""One step of a conversation: what is known and what happened come to an outcome.

At most one draft of a chat is active: typed text, edits and files go to it. Everything else is the
menu, which remembers nothing. Beginning or continuing another conversation pauses the active one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dialogs import answering, application, menu, survey
from dialogs.answering import Complete, Decision, TurnedAway
from dialogs.broadcasts import opening
from dialogs.buttons import Deed, MenuPress, Page, Press, read
from dialogs.events import Commanded, Edited, Event, Sent, Tapped, Typed
from dialogs.forms.draft import Draft
from dialogs.forms.model import Kind
from dialogs.outcome import Erase, Here, Lay, Outcome, Save, Subscribe, Unsubscribe
from dialogs.panel import door
from dialogs.running import linking, trying
from dialogs.screens import Card, Line, Place, Say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.life import Running


def step(here: Here, event: Event) -> Outcome:
    """Decides what happens now. Every event gets an answer."""
    if trying.concerns(here, event):
        outcome = trying.step(here, event, _step)
        if outcome.draft is None:
            return outcome
        others: tuple[Save | Lay, ...] = (*_paused(here), *door.pause(here))
        return replace(outcome, effects=(*outcome.effects, *others))
    started = isinstance(event, Commanded) and event.name == "start"
    if (entered := door.step(here, event)) is not None:
        begun = any(isinstance(one, Lay) and one.task is not None for one in entered.effects)
        return trying.aside(here, entered) if begun else entered
    outcome = _step(here, event)
    if not started and outcome.draft is None:
        return outcome
    outcome = replace(outcome, effects=(*outcome.effects, *door.pause(here)))
    return trying.aside(here, outcome)


def _step(here: Here, event: Event) -> Outcome:
    match event:
        case Tapped():
            return _tapped(here, event)
        case Commanded():
            return _commanded(here, event)
    return _to_active(here, event)


def looks_at_person(drafts: Mapping[str, Draft], event: Event) -> bool:
    """Whether the step needs to know what is kept of the person by choice: not while a question is
    answered, which is most of the time."""
    answering_one = any(draft.active for draft in drafts.values())
    match event:
        case Tapped(data=data):
            press = read(data)
            return (
                not isinstance(press, Press)
                or press.form not in drafts
                or press.deed in (Deed.SEND, Deed.SEND_AND_REMOVE)
            )
        case Commanded():
            return True
        case _:
            return not answering_one


def _to_active(here: Here, event: Typed | Edited | Sent) -> Outcome:
    """Text, edits and files go to the active draft; outside a question nothing of them is kept."""
    draft = here.active
    running = here.find(draft.form) if draft is not None else None
    if draft is None or running is None:
        edited = isinstance(event, Edited)
        said = Say("outside.edited") if edited else Say("outside.not_kept")
        return Outcome((menu.outside(here, _language(here), said),))
    match event:
        case Typed():
            return _decided(here, running, answering.typed(here, running.form, draft, event))
        case Edited():
            return _decided(here, running, answering.edited(here, running.form, draft, event))
    return answering.other(here, running.form, draft, event)


def _tapped(here: Here, event: Tapped) -> Outcome:
    match read(event.data):
        case MenuPress() as press:
            return _turned_page(here, press, event.message)
        case Press() as press:
            draft = here.drafts.get(press.form)
            running = here.find(press.form)
            if draft is None and running is not None and running.name in here.applications:
                return application.arrived(here, running, press)
            if draft is None or running is None:
                return survey.gone(here, press)
            decision = answering.tapped(here, running.form, draft, press, event.message)
            return _decided(here, running, decision)
    return Outcome((menu.home(here, _language(here)),), toast=Say("toast.old_button"))


def _decided(here: Here, running: Running, decision: Decision) -> Outcome:
    match decision:
        case Complete() if running.form.kind is Kind.SURVEY:
            return survey.complete(here, running, decision)
        case Complete():
            return application.complete(here, running, decision)
        case TurnedAway():
            return application.turned_away(here, running, decision)
    return decision


def _commanded(here: Here, event: Commanded) -> Outcome:
    language = _language(here)
    draft = here.active
    running = here.find(draft.form) if draft is not None else None
    match event.name:
        case "start":
            return _started(here, event, language)
        case "stop":
            return _stopped(here, language)
        case "language" if draft is not None and running is not None:
            return answering.choosing_language(here, running.form, draft, event.message)
        case "language":
            return Outcome((menu.choose_language(language),))
    if event.name == "help":
        card = menu.help_(here, language)
    elif event.name == "privacy":
        card = menu.privacy(here, language)
    else:
        card = menu.outside(here, language, Say("outside.unknown_command"))
    if draft is None or running is None:
        return Outcome((card,))
    return answering.interrupted(here, running.form, draft, event.message, replace(card, rows=()))


def _started(here: Here, event: Commanded, language: str) -> Outcome:
    """What everybody meets; below it, to a coordinator, that the link works."""
    outcome = _welcomed(here, event, language)
    cards, changes = linking.met(here, event.argument)
    if not cards:
        return outcome
    return replace(outcome, cards=(*outcome.cards, *cards), effects=(*outcome.effects, *changes))


def _welcomed(here: Here, event: Commanded, language: str) -> Outcome:
    """/start pauses what is active, so that nothing typed at the menu lands in an answer."""
    paused = _paused(here)
    if (led := opening.card(here, event.argument, language)) is not None:
        return Outcome((led,), paused)
    running = here.find(opening.survey(here, event.argument))
    if running is None or not here.asks(running) or running.name in here.drafts:
        return Outcome((menu.home(here, language),), paused)
    greeting = Card(language, menu.greeting(here, language))
    return Outcome((greeting, _introduced(here, running, language)), paused)


def _stopped(here: Here, language: str) -> Outcome:
    """Erases the active draft at once; with none active, all that is unfinished."""
    ended = [here.active] if here.active is not None else list(here.unfinished)
    return Outcome(
        (menu.stopped(here, language, ended),),
        tuple(Erase(draft.form) for draft in ended),
        close=tuple(draft.card for draft in ended if draft.card is not None and not draft.separate),
    )


def _turned_page(here: Here, press: MenuPress, message: int) -> Outcome:
    language = press.language
    running = here.find(press.form)
    match press.page:
        case Page.BEGIN | Page.BEGIN_SEPARATE | Page.CONTINUE | Page.RESTART:
            return _begun(here, press, running, message)
        case Page.TELL:
            return _here(menu.told(language, subscribed=True), Subscribe(language))
        case Page.DO_NOT_TELL:
            return _here(menu.told(language, subscribed=False), Unsubscribe())
        case Page.UNSUBSCRIBE:
            return Outcome((menu.told(language, subscribed=False),), (Unsubscribe(),))
        case Page.ABOUT:
            return _here(menu.about(here, language))
        case Page.PRIVACY:
            return _here(menu.privacy(here, language))
        case Page.HELP:
            return _here(menu.help_(here, language))
        case Page.INTRO if running is None or running.name not in here.drafts:
            return _here(_introduced(here, running, language))
        case Page.MINE | Page.AMEND | Page.WITHDRAW | Page.WITHDRAW_SURELY | Page.SOMEONE_ELSE if (
            running is not None and running.name in here.applications
        ):
            return _own_application(here, press, running, message)
        case Page.WITHDRAW_SURELY if running is not None:
            return application.withdrawn(here, running, language)  # tapped twice
        case Page.MINE | Page.AMEND | Page.WITHDRAW | Page.SOMEONE_ELSE:
            return _here(application.gone(language))
    return _here(menu.home(here, language), *_paused(here))


def _begun(here: Here, press: MenuPress, running: Running | None, message: int) -> Outcome:
    """A conversation is begun, begun again, or gone on with."""
    if running is None:
        return _here(menu.not_open(here, None, press.language))
    draft = here.drafts.get(press.form)
    # Whoever has left the panel since finishes what they were asked as a member.
    goes_on = draft is not None and press.page is not Page.RESTART
    if not goes_on and not here.asks(running):
        return _here(menu.not_open(here, None, press.language))
    if (
        draft is not None
        and press.page is Page.RESTART
        and message < max(draft.messages, default=0)
    ):
        # Answered since that menu was shown: an old button must not cost them.
        fresh_menu = menu.home(here, press.language)
        return Outcome((fresh_menu,), _paused(here), toast=Say("toast.old_button"))
    if draft is not None and press.page is not Page.RESTART:
        going_on = replace(draft, language=press.language).with_messages(message)
        return answering.shown(here, running.form, going_on, message)
    was_begun = press.page in (Page.CONTINUE, Page.RESTART)
    if (answers := here.applications.get(running.name)) is not None and was_begun:
        return _here(application.mine(here, running, answers, press.language))
    if answers is not None:
        return _here(application.someone_else(here, running, press.language))
    if draft is None and was_begun:
        return _here(survey.nothing_left(here, running, press.language))
    if not running.takes_new:
        return _here(menu.not_open(here, running, press.language))
    if draft is None and running.form.kind is Kind.SURVEY and not here.left(running):
        return _here(survey.answered(running, press.language))
    fresh = Draft(
        form=running.name,
        version=running.form.version,
        language=press.language,
        revision=here.chance,
        separate=press.page is Page.BEGIN_SEPARATE or (draft is not None and draft.separate),
        ordinal=_ordinal(here, running, draft),
        messages=(message,),
    )
    restarted = (Line(Say("notice.restarted")),) if draft is not None else ()
    return answering.shown(here, running.form, fresh, message, notice=restarted)


def _ordinal(here: Here, running: Running, begun: Draft | None) -> int:
    """Which of this chat's responses it is: begun again it stays the same one."""
    if running.form.kind is not Kind.SURVEY:
        return 0
    return begun.ordinal if begun is not None else here.taken.get(running.name, 0) + 1


def _introduced(here: Here, running: Running | None, language: str) -> Card:
    """What comes before the first question; or what is kept already; or that it is closed."""
    if running is None or not here.asks(running):
        return menu.not_open(here, None, language)
    if running.name in here.applications:
        return application.someone_else(here, running, language)
    if not running.takes_new:
        return menu.not_open(here, running, language)
    if running.form.kind is Kind.SURVEY and not here.left(running):
        return survey.answered(running, language)
    if running.form.kind is Kind.SURVEY:
        card = survey.intro(here, running, language)
    else:
        card = application.intro(here, running, language)
    return replace(card, rows=(*card.rows, *menu.below(Page.INTRO, running.name, language)))


def _own_application(here: Here, press: MenuPress, call: Running, message: int) -> Outcome:
    answers = here.applications[call.name]
    match press.page:
        case Page.AMEND if call.takes_new or call.name in here.drafts:
            return application.amend(here, call, answers, press.language, message)
        case Page.WITHDRAW:
            return _here(application.withdraw(call, press.language))
        case Page.WITHDRAW_SURELY:
            return application.withdrawn(here, call, press.language)
        case Page.SOMEONE_ELSE:
            return _here(application.someone_else(here, call, press.language))
    return _here(application.mine(here, call, answers, press.language))


def _here(card: Card, *effects: Save | Subscribe | Unsubscribe) -> Outcome:
    """A page of the menu, on the card that was tapped."""
    return Outcome((replace(card, place=Place.EDIT),), effects)


def _paused(here: Here) -> tuple[Save, ...]:
    return tuple(
        Save(replace(draft, active=False)) for draft in here.drafts.values() if draft.active
    )


def _language(here: Here) -> str:
    """The language of whoever typed: of their unfinished answers, else of their phone."""
    draft = here.active or next(iter(here.unfinished), None)
    return draft.language if draft is not None else here.phone
