"""Writing a broadcast: to whom, its words in each language, what comes along, and when.

What is told is kept in the broadcast itself, at once; the chat's task only says what is asked now,
and which message each language was typed in, so that an edit of it counts.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Final

from dialogs.broadcasts import audiences, checking, desk, draft, leading, names, timing
from dialogs.broadcasts.draft import (
    AUDIENCE,
    BUTTON,
    CALM,
    DISCARD,
    HUB,
    KIND,
    RENEW,
    URGENT,
    WHEN,
    WORDS,
    is_mine,
    kept_in,
    meant,
)
from dialogs.broadcasts.records import Broadcast, Pointer, Target, Wording
from dialogs.events import Edited, Matter, Sent, Typed
from dialogs.languages import ENGLISH, FINNISH, LANGUAGES, SWEDISH
from dialogs.life import State
from dialogs.outcome import Change, Lay, Outcome
from dialogs.panel import underway
from dialogs.panel.buttons import Page, panel, short
from dialogs.panel.cards import Steps, asked, on_card
from dialogs.panel.details import given_with
from dialogs.panel.hours import DAY
from dialogs.panel.preview import NAMES
from dialogs.panel.records import Panel, Task
from dialogs.panel.telling import is_heard
from dialogs.panel.trail import What, deed
from dialogs.pieces import SPLIT_WITHIN
from dialogs.screens import Button, Card, Joined, Line, Number, Own, Say, Told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dialogs.announcement import Audience
    from dialogs.life import Running
    from dialogs.outcome import Here
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.cards import Press
    from dialogs.panel.pages import Row
    from dialogs.screens import Paragraph

SURELY, NOW, REMOVE, NONE, POINTER, FROM = "surely", "now", "remove", "NONE", "LINK-", "FROM-"
"""What buttons carry; in capitals where a survey's name could stand, which has none."""

EACH: Final = 6
"""So many things that a button can lead to stand on one card."""

_MORNING: Final = time(9)
"""When it is offered to go out the next day."""

_STEPS: Final = (AUDIENCE, BUTTON, WHEN, *(f"{WORDS}{one}" for one in LANGUAGES))

_ASKS: Final[Mapping[str, Say]] = {
    FINNISH: Say("compose.ask_fi"),
    SWEDISH: Say("compose.ask_sv"),
    ENGLISH: Say("compose.ask_en"),
}

_REFUSED: Final[Mapping[Matter, Say]] = {
    Matter.VOICE: Say("compose.no_voice"),
    Matter.STICKER: Say("compose.no_sticker"),
    Matter.FORWARD: Say("compose.no_forward"),
}


# The pages


def _write(here: Here, press: PanelPress, message: int) -> Outcome:
    """A step is begun, or something that takes no step is changed."""
    if (shown := underway.half_made(here, press)) is not None:
        return on_card(shown)
    if not press.about:
        task = Task(KIND, AUDIENCE, press.language, {"broadcast": here.fresh[:16].hex()})
        return asked(_card(here, task), task, message)
    broadcast = meant(here, press)
    if broadcast is None:
        return desk.gone(here, press)
    if not is_mine(here, broadcast):
        return desk.as_it_is(here, press, broadcast, message)
    task = _task(here, press.language, broadcast)
    if press.more in (URGENT, CALM):
        return _urged(here, task, broadcast, press, message)
    if press.more == RENEW:
        ready = checking.outdated(here, broadcast) or broadcast.ready
        return _kept(
            here, replace(task, step=HUB), replace(broadcast, ready=ready), message=message
        )
    if press.more == DISCARD:
        return on_card(_ask_discard(press.language, broadcast))
    if press.more == SURELY:
        return _discarded(here, press, broadcast)
    task = replace(task, step=press.more if press.more in _STEPS else HUB)
    return asked(_card(here, task), task, message)


def _task(here: Here, language: str, broadcast: Broadcast) -> Task:
    """The one the chat is in the midst of, or a new one."""
    if here.task is not None and draft.is_asked(here.task, broadcast):
        return replace(here.task, language=language)
    return Task(KIND, HUB, language, {"broadcast": broadcast.key.hex()})


def _urged(
    here: Here, task: Task, broadcast: Broadcast, press: PanelPress, message: int
) -> Outcome:
    """Which way is said by the button: tapped twice, it is the same."""
    kept = replace(broadcast, urgent=press.more == URGENT)
    said = Say("compose.urged") if kept.urgent else Say("compose.calmed")
    return _kept(here, replace(task, step=HUB), kept, (Line(said),), message=message)


def _ask_discard(language: str, broadcast: Broadcast) -> Card:
    surely = panel(language, Page.WRITE, broadcast.key, SURELY)
    back = panel(language, Page.BROADCAST, broadcast.key)
    return Card(
        language,
        ((Line(Say("compose.ask_discard"), strong=True),), (Line(Say("compose.discard_means")),)),
        (
            (Button(Say("compose.discard_surely"), surely),),
            (Button(Say("button.back"), back),),
        ),
    )


def _discarded(here: Here, press: PanelPress, broadcast: Broadcast) -> Outcome:
    change = Change(
        erase=(broadcast,), trail=(deed(here, What.BROADCAST_DISCARDED, broadcast.key),)
    )
    back = panel(press.language, Page.BROADCASTS)
    said = Card(
        press.language,
        ((Line(Say("compose.discarded")),),),
        ((Button(Say("compose.title"), back),),),
    )
    return on_card(said, change, *draft.ends(here, broadcast))


# The task


def _about(here: Here, task: Task) -> Broadcast | None:
    """The broadcast as it is now; None before its audience is told, or once it is gone."""
    key = bytes.fromhex(task.given["broadcast"])
    return next((one for one in (here.panel or Panel()).broadcasts if one.key == key), None)


def _is_over(here: Here, task: Task) -> bool:
    """Whether it is not to be written any more: sent, handed over, or discarded meanwhile."""
    broadcast = _about(here, task)
    if broadcast is None:
        return task.step != AUDIENCE
    return not is_mine(here, broadcast)


def _over(here: Here, task: Task) -> Card:
    broadcast = _about(here, task)
    notice = (Line(Say("compose.over")),)
    if broadcast is not None:
        return desk.card(here, task.language, broadcast, notice)
    back = Button(Say("compose.title"), panel(task.language, Page.BROADCASTS))
    return Card(task.language, (notice,), ((back,),))


def _told(here: Here, task: Task, event: Typed | Edited | Sent) -> Outcome:
    """Something was written or sent. What is delivered twice is taken once."""
    if _is_over(here, task):
        close = () if task.card is None else (task.card,)
        return Outcome((_over(here, task),), (Lay(None),), close=close)
    broadcast = _about(here, task)
    if is_heard(task, event):
        return asked(_card(here, task), task)
    if isinstance(event, Edited):
        return _edited(here, task, broadcast, event)
    if broadcast is not None and task.step.startswith(WORDS):
        return _worded(here, task, broadcast, event)
    if broadcast is not None and task.step == WHEN and isinstance(event, Typed):
        when = timing.read(here, event.text)
        if isinstance(when, Say):
            return asked(_card(here, task, (Line(when),)), task)
        after = replace(task, step=HUB, given=given_with(task.given, heard=str(event.message)))
        return _kept(here, after, replace(broadcast, at=when))
    return asked(_card(here, task, (Line(Say("compose.tap_below")),)), task)


def _worded(here: Here, task: Task, broadcast: Broadcast, event: Typed | Sent) -> Outcome:
    """The words of one language. The rest of a text that was refused as too long is refused too:
    its client has split it."""
    language = task.step.removeprefix(WORDS)
    rest = isinstance(event, Typed) and _goes_on(task, event)
    wording = Say("compose.rest_too_long") if rest else _wording(event)
    if isinstance(wording, Say):
        split = str(int(event.sent.timestamp())) if isinstance(event, Typed) else ""
        after = replace(task, given=given_with(task.given, split=split))
        return asked(_card(here, after, (Line(wording),)), after)
    given = given_with(task.given, **{language: str(event.message)}, heard=str(event.message))
    kept = _with(broadcast, language, wording)
    doubts = checking.of_wording(wording, language, here.now.date())
    after = replace(task, step=_next(kept_in(here, kept), kept), given=given)
    seen = (Line(Joined((NAMES[language], one.said), by=": ")) for one in doubts)
    saved = Joined((NAMES[language], Say("compose.saved")), by=": ")
    notice = (Line(saved), *seen) if after.step != HUB else (Line(saved),)
    return _kept(here, after, kept, notice)


def _goes_on(task: Task, event: Typed) -> bool:
    """Whether it came at once after what was refused."""
    split = task.given.get("split")
    return bool(split) and event.sent.timestamp() - int(split or 0) <= SPLIT_WITHIN


def _wording(event: Typed | Sent) -> Wording | Say:
    if isinstance(event, Typed):
        wording = Wording(event.text, event.marks)
    elif event.picture:
        wording = Wording(event.text, event.marks, picture=event.picture)
    elif event.file:
        wording = Wording(event.text, event.marks, event.file, event.name)
    else:
        return _REFUSED.get(event.matter, Say("compose.no_other"))
    return checking.too_long(wording) or wording


def _with(broadcast: Broadcast, language: str, wording: Wording) -> Broadcast:
    """With these words; own words in one language take the place of ready ones in all."""
    wordings = {**broadcast.wordings, language: wording}
    ordered: dict[str, Wording] = {one: wordings[one] for one in LANGUAGES if one in wordings}
    return replace(broadcast, wordings=ordered, ready=None)


def _next(here: Here, broadcast: Broadcast) -> str:
    """The first language that is read and not written yet, or where all of it is seen."""
    read = audiences.languages(here, broadcast)
    if not broadcast.wordings and broadcast.ready is None:
        return f"{WORDS}{read[0] if read else FINNISH}"
    missing = (one for one in read if broadcast.ready is None and one not in broadcast.wordings)
    return next((f"{WORDS}{one}" for one in missing), HUB)


def _edited(here: Here, task: Task, broadcast: Broadcast | None, event: Edited) -> Outcome:
    """The message that a language was written in was changed: so are its words."""
    language = next((one for one in LANGUAGES if task.given.get(one) == str(event.message)), "")
    if broadcast is None or language not in broadcast.wordings:
        return asked(_card(here, task, (Line(Say("compose.edited_other")),)), task)
    wording = replace(broadcast.wordings[language], text=event.text, marks=event.marks)
    if (refused := checking.too_long(wording)) is not None:
        return asked(_card(here, task, (Line(refused),)), task)
    along = wording.picture or wording.file
    changed = Say("compose.changed_below") if along else Say("compose.changed")
    said = Joined((NAMES[language], changed), by=": ")
    return _kept(here, task, _with(broadcast, language, wording), (Line(said),))


def _tapped(here: Here, task: Task, press: PanelPress, message: int) -> Outcome:
    """A button of the task's step. One that it does not have now changes nothing."""
    if _is_over(here, task):
        return on_card(_over(here, task), Lay(None))
    broadcast, more = _about(here, task), press.more
    rests = replace(task, step=HUB)
    if broadcast is not None and more == HUB:
        return asked(_card(here, rests), rests, message)
    if broadcast is None or task.step == AUDIENCE:
        return _chosen(here, task, broadcast, more, message)
    if task.step == BUTTON and more.startswith(FROM):
        after = replace(task, given=given_with(task.given, at=more.removeprefix(FROM)))
        return asked(_card(here, after), after, message)
    if task.step == BUTTON and (led := _led(here, broadcast, more)) is not None:
        return _kept(here, rests, led[0], message=message, made=led[1])
    if task.step == WHEN and (when := _when(here, broadcast, more)) is not None:
        return _kept(here, rests, when, message=message)
    language = task.step.removeprefix(WORDS)
    if language in broadcast.wordings and more == REMOVE:
        left = {one: words for one, words in broadcast.wordings.items() if one != language}
        return _kept(here, rests, replace(broadcast, wordings=left), message=message)
    return _stale(here, task, message)


def _stale(here: Here, task: Task, message: int) -> Outcome:
    return replace(asked(_card(here, task), task, message), toast=Say("toast.old_button"))


def _chosen(
    here: Here, task: Task, broadcast: Broadcast | None, more: str, message: int
) -> Outcome:
    """Its audience is told; with it a new broadcast comes to be."""
    found = next((one for one in audiences.offered(here) if _carried(one) == more), None)
    if found is None:
        return _stale(here, task, message)
    if broadcast is None:
        key = bytes.fromhex(task.given["broadcast"])
        broadcast = Broadcast(key, draft.me(here), here.today)
    kept = replace(broadcast, circle=found.circle, of=found.of)
    after = replace(task, step=_next(kept_in(here, kept), kept))
    return _kept(here, after, kept, message=message)


def _carried(audience: Audience) -> str:
    """What the button of an audience carries: a call's name, or a circle in capitals."""
    return audience.of or audience.circle.name


def _led(
    here: Here, broadcast: Broadcast, more: str
) -> tuple[Broadcast, tuple[Pointer, ...]] | None:
    """With another button, and the link that is made for it; None where there is no such."""
    if more == NONE:
        return replace(broadcast, pointer=None), ()
    for one in (here.panel or Panel()).pointers:
        if more == f"{POINTER}{short(one.key)}":
            return replace(broadcast, pointer=one.key), ()
    for survey in _unled(here):
        if more == survey.name:
            made = Pointer(here.fresh[:16], Target.SURVEY, survey.name, made_on=here.today)
            return replace(broadcast, pointer=made.key), (made,)
    return None


def _unled(here: Here) -> Iterator[Running]:
    """Surveys and calls that none of the bot's links leads to yet."""
    panel_ = here.panel or Panel()
    led = {one.to for one in panel_.pointers if one.target is Target.SURVEY}
    for one in panel_.surveys:
        if one.state in (State.OPEN, State.SCHEDULED) and one.name not in led:
            yield one


def _when(here: Here, broadcast: Broadcast, more: str) -> Broadcast | None:
    """At another time; None where the button says none that is offered now."""
    morning = _morning(here)
    times = {NOW: None, morning.date().isoformat(): morning}
    return replace(broadcast, at=times[more]) if more in times else None


def _morning(here: Here) -> datetime:
    return datetime.combine(here.today + DAY, _MORNING, here.now.tzinfo)


def _kept(
    here: Here,
    task: Task,
    broadcast: Broadcast,
    notice: Paragraph = (),
    *,
    message: int | None = None,
    made: tuple[Pointer, ...] = (),
) -> Outcome:
    """The broadcast is kept, and what is asked next shown."""
    trail = tuple(deed(here, What.LINK_MADE, leading.about(one)) for one in made)
    known = kept_in(here, broadcast)
    panel_ = known.panel or Panel()
    known = replace(known, panel=replace(panel_, pointers=(*made, *panel_.pointers)))
    outcome = asked(_card(known, task, notice), task, message)
    change = Change(keep=(*made, broadcast), trail=trail)
    return replace(outcome, effects=(change, *outcome.effects))


# The cards


def _card(here: Here, task: Task, notice: Paragraph = ()) -> Card:
    broadcast = _about(here, task)
    if _is_over(here, task):
        return _over(here, task)
    if broadcast is not None and task.step == HUB:
        return desk.card(here, task.language, broadcast, notice)
    said, rows = _asks(here, task, broadcast)
    around = (
        Button(Say("compose.to_draft"), _data(task, HUB))
        if broadcast is not None
        else Button(Say("call.drop"), panel(task.language, Page.DROP))
    )
    return Card(task.language, tuple(filter(None, (notice, *said))), (*rows, (around,)))


def _asks(
    here: Here, task: Task, broadcast: Broadcast | None
) -> tuple[tuple[Paragraph, ...], tuple[Row, ...]]:
    """What a step says, and what it offers."""
    if broadcast is None or task.step == AUDIENCE:
        asks, explained = Say("compose.ask_audience"), Say("compose.audience_explained")
        rows = tuple(_audience(here, task, broadcast, one) for one in audiences.offered(here))
    elif task.step == BUTTON:
        asks, explained = Say("compose.ask_button"), Say("compose.button_explained")
        rows = _buttons(here, task, broadcast)
    elif task.step == WHEN:
        asks, explained = Say("compose.ask_when"), Say("compose.when_explained")
        rows = _times(here, task)
    else:
        return _asks_words(task, broadcast, task.step.removeprefix(WORDS))
    return ((Line(asks, strong=True),), (Line(explained),)), rows


def _audience(here: Here, task: Task, broadcast: Broadcast | None, one: Audience) -> Row:
    """An audience, and how many would get it now."""
    chosen = broadcast is not None and (broadcast.circle, broadcast.of) == (one.circle, one.of)
    people = Number(audiences.reach(here, one).total)
    label = Joined((audiences.said(here, one), people), by=": ")
    return (Button(label, _data(task, _carried(one)), chosen=chosen),)


def _buttons(here: Here, task: Task, broadcast: Broadcast) -> tuple[Row, ...]:
    """What the button below the message may lead to, a page at a time."""
    pointers = sorted((here.panel or Panel()).pointers, key=lambda one: one.made_on or date.min)
    options = [
        *(
            Button(
                Say("compose.new_button", {"title": Told(one.form.title)}), _data(task, one.name)
            )
            for one in _unled(here)
        ),
        *(
            Button(
                leading.called(here, one),
                _data(task, f"{POINTER}{short(one.key)}"),
                chosen=one.key == broadcast.pointer,
            )
            for one in reversed(pointers)
        ),
    ]
    asked_at = task.given.get("at", "")
    at = min(int(asked_at) if asked_at.isdecimal() else 0, max(0, len(options) - 1))
    turns = []
    if at:
        before = max(0, at - EACH)
        turns.append(Button(Say("button.page_before"), _data(task, f"{FROM}{before}")))
    if at + EACH < len(options):
        turns.append(Button(Say("button.page_after"), _data(task, f"{FROM}{at + EACH}")))
    none = Button(Say("compose.no_button"), _data(task, NONE), chosen=broadcast.pointer is None)
    ways = Button(Say("compose.pointers"), panel(task.language, Page.POINTERS))
    return (
        (none,),
        *((one,) for one in options[at : at + EACH]),
        *((tuple(turns),) if turns else ()),
        (ways,),
    )


def _times(here: Here, task: Task) -> tuple[Row, ...]:
    morning = _morning(here)
    return (
        (Button(Say("compose.at_once"), _data(task, NOW)),),
        (Button(draft.said(morning), _data(task, morning.date().isoformat())),),
    )


def _asks_words(
    task: Task, broadcast: Broadcast, language: str
) -> tuple[tuple[Paragraph, ...], tuple[Row, ...]]:
    limits = {"length": checking.LONGEST, "below": checking.LONGEST_BELOW}
    said: list[Paragraph] = [
        (Line(_ASKS[language], strong=True),),
        (Line(Say("compose.words_explained", limits)),),
    ]
    if broadcast.ready is not None:
        said.append((Line(Say("compose.replaces_ready")),))
    if language not in broadcast.wordings:
        return tuple(said), ()
    text = broadcast.wordings[language].text
    now = Own(names.beginning(text)) if text else Say("compose.textless")
    said.append((Line(Say("compose.reads_now", {"text": now})),))
    return tuple(said), ((Button(Say("compose.remove_language"), _data(task, REMOVE)),),)


def _data(task: Task, more: str) -> str:
    return panel(task.language, Page.TASK, task.step, more)


PAGES: Final[Mapping[Page, Press]] = {Page.WRITE: _write}

TASKS: Final[Mapping[str, Steps]] = {KIND: Steps(_told, _tapped, _card)}
