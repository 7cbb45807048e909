"""A broadcast that is still being written: how it stands, what is missing, and what can be done
next. Whoever works on it changes it; a colleague may read it, and take it over.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from dialogs.broadcasts import audiences, checking, leading, names, planning
from dialogs.broadcasts.records import Life
from dialogs.languages import ENGLISH, FINNISH, LANGUAGES, SWEDISH
from dialogs.outcome import Lay
from dialogs.panel import pages
from dialogs.panel.buttons import Page, panel
from dialogs.panel.hours import after_quiet, is_quiet, quiet_hours
from dialogs.panel.preview import IN
from dialogs.panel.records import Panel
from dialogs.screens import At, Button, Card, Line, Say, Series

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from dialogs.broadcasts.records import Broadcast
    from dialogs.outcome import Here
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.pages import Row
    from dialogs.panel.records import Coordinator, Task
    from dialogs.screens import Paragraph

KIND: Final = "broadcast"
"""The kind of task in which a broadcast is written."""

HUB: Final = "hub"
"""The step at which nothing is asked: an edit of what was written still counts."""

AUDIENCE, BUTTON, WHEN, WORDS = "audience", "button", "when", "words_"
URGENT, CALM, DISCARD, MINE, RENEW = "urgent", "calm", "discard", "mine", "renew"
"""What the buttons to the next steps carry; `WORDS` before a language."""

SEE: Final = "see_"
"""What a button carries that shows the message in a language."""

_WRITE: Final[Mapping[str, Say]] = {
    FINNISH: Say("compose.write_fi"),
    SWEDISH: Say("compose.write_sv"),
    ENGLISH: Say("compose.write_en"),
}
_REWRITE: Final[Mapping[str, Say]] = {
    FINNISH: Say("compose.rewrite_fi"),
    SWEDISH: Say("compose.rewrite_sv"),
    ENGLISH: Say("compose.rewrite_en"),
}


def meant(here: Here, press: PanelPress) -> Broadcast | None:
    """Which broadcast the button is about."""
    return next((one for one in (here.panel or Panel()).broadcasts if press.means(one.key)), None)


def me(here: Here) -> bytes:
    """The key of the coordinator whose chat it is."""
    return b"" if here.coordinator is None else here.coordinator.key


def is_mine(here: Here, broadcast: Broadcast) -> bool:
    """Whether whoever is here may change it."""
    return broadcast.life is Life.DRAFT and broadcast.author == me(here)


def others(here: Here) -> tuple[Coordinator, ...]:
    """The coordinators who could look at it: not those who have left."""
    everybody = (here.panel or Panel()).coordinators
    return tuple(one for one in everybody if one.key != me(here) and not one.gone)


def kept_in(here: Here, broadcast: Broadcast) -> Here:
    """As it will be once this is kept: its cards show it so."""
    panel_ = here.panel or Panel()
    rest = tuple(one for one in panel_.broadcasts if one.key != broadcast.key)
    return replace(here, panel=replace(panel_, broadcasts=(broadcast, *rest)))


def is_asked(task: Task | None, broadcast: Broadcast) -> bool:
    """Whether it is this that the chat is in the midst of writing."""
    return task is not None and (task.kind, task.given.get("broadcast")) == (
        KIND,
        broadcast.key.hex(),
    )


def rests(here: Here, broadcast: Broadcast, message: int | None = None) -> tuple[Lay, ...]:
    """What is typed from now on is no answer to the step before: the card of it is shown."""
    task = here.task
    if task is None or not is_asked(task, broadcast):
        return ()
    return (Lay(replace(task, step=HUB, card=message, active=True)),)


def ends(here: Here, broadcast: Broadcast) -> tuple[Lay, ...]:
    """Nothing of it is being written any more."""
    return (Lay(None),) if is_asked(here.task, broadcast) else ()


# What was tested


def fingerprint(here: Here, broadcast: Broadcast) -> str:
    """A digest of everything that is received, of 24 letters: another one, and what was tested is
    no more what would go out."""
    pointer = planning.leads_to(here, broadcast.pointer)
    led = None if pointer is None else (pointer.key, pointer.target, pointer.to, pointer.title)
    words = sorted(broadcast.wordings.items())
    received = repr((words, broadcast.ready, led, broadcast.circle))
    return blake2b(received.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def is_tested(here: Here, broadcast: Broadcast) -> bool:
    return broadcast.tested == fingerprint(here, broadcast)


# What is missing


def lacks(here: Here, broadcast: Broadcast) -> tuple[Say, ...]:
    """What must be done before it can go out."""
    found = list(unready(here, broadcast))
    if broadcast.at is not None and passed(here, broadcast.at):
        found.append(Say("compose.lacks_time"))
    if not broadcast.tested:
        found.append(Say("compose.lacks_test"))
    elif not is_tested(here, broadcast):
        found.append(Say("compose.lacks_test_again"))
    return tuple(found)


def unready(here: Here, broadcast: Broadcast) -> tuple[Say, ...]:
    """What must be done before it can be tested."""
    found = []
    if broadcast.circle is None:
        found.append(Say("compose.lacks_audience"))
    elif not audiences.reached(here, broadcast).total:
        found.append(Say("compose.lacks_people"))
    if not is_written(broadcast):
        found.append(Say("compose.lacks_words"))
    if any(one.mend for one in checking.remarks(here, broadcast)):
        found.append(Say("compose.lacks_mending"))
    return tuple(found)


def is_written(broadcast: Broadcast) -> bool:
    return broadcast.ready is not None or bool(broadcast.wordings)


def passed(here: Here, moment: datetime) -> bool:
    return moment.astimezone(UTC) <= here.now.astimezone(UTC)


# The card


def card(here: Here, language: str, broadcast: Broadcast, notice: Paragraph = ()) -> Card:
    """A draft, to whoever works on it or to a colleague."""
    mine = is_mine(here, broadcast)
    called = names.named(here.panel or Panel(), broadcast, language)
    head = [Line(Say("compose.draft"), strong=True), Line(called)]
    if not mine:
        head.append(Line(Say("compose.colleagues")))
    told = (
        notice,
        tuple(head),
        audiences.numbers(here, broadcast),
        _comes(here, broadcast),
        goes(here, broadcast),
        *checking.lines(checking.remarks(here, broadcast)),
        _missing(here, broadcast) if mine else (),
    )
    rows = _mine(here, language, broadcast) if mine else _theirs(language, broadcast)
    return Card(language, tuple(filter(None, told)), (*rows, pages.back(language, Page.BROADCASTS)))


def goes(here: Here, broadcast: Broadcast) -> Paragraph:
    """When it goes out if it is confirmed now, and what of it would have to wait."""
    due = planning.due_at(here, broadcast, alone=False)
    at = broadcast.at
    lines = []
    if at is not None and passed(here, at):
        lines.append(Line(Say("compose.time_passed", {"moment": said(at)})))
        if broadcast.life is Life.DRAFT:
            return tuple(lines)
        at = None
    if at is not None and at.astimezone(UTC) < due.astimezone(UTC):
        lines.append(Line(Say("compose.goes_later", {"at": said(at), "moment": said(due)})))
    elif at is not None:
        lines.append(Line(Say("compose.goes_at", {"moment": said(due)})))
    elif passed(here, due):
        lines.append(Line(Say("compose.goes_at_once")))
    else:
        lines.append(Line(Say("compose.quiet_now", {"moment": said(due)})))
    if broadcast.urgent:
        lines.append(Line(Say("compose.is_urgent")))
    else:
        lines += _rest(here, broadcast, due)
    return tuple(lines)


def _rest(here: Here, broadcast: Broadcast, due: datetime) -> Iterable[Line]:
    """What of it would fall into quiet hours."""
    seconds = audiences.reached(here, broadcast).total / audiences.A_SECOND
    quiet = quiet_hours(here.office)
    end = (due.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(here.now.tzinfo)
    if is_quiet(end, quiet):
        yield Line(Say("compose.rest_waits", {"moment": said(after_quiet(end, quiet))}))


def said(moment: datetime) -> At:
    return At(moment.astimezone(UTC))


def _comes(here: Here, broadcast: Broadcast) -> Paragraph:
    """Which languages are written, and what comes along."""
    written = [IN[one] for one in LANGUAGES if one in broadcast.wordings]
    if broadcast.ready is not None:
        words = Say("compose.written_ready")
    elif written:
        words = Say("compose.written_in", {"languages": Series(tuple(written))})
    else:
        words = Say("compose.written_not")
    lines = [Line(words)]
    if (pointer := planning.leads_to(here, broadcast.pointer)) is not None:
        lines.append(Line(Say("compose.button_to", {"title": leading.called(here, pointer)})))
    return tuple(lines)


def _missing(here: Here, broadcast: Broadcast) -> Paragraph:
    missing = lacks(here, broadcast)
    if not missing:
        return (Line(Say("compose.all_ready")),)
    return (Line(Say("compose.still_missing"), strong=True), *(Line(one) for one in missing))


def _mine(here: Here, language: str, broadcast: Broadcast) -> Iterable[Row]:
    """Every next step, in the order in which they are usually taken."""

    def begins(label: Say, step: str) -> Button:
        return Button(label, panel(language, Page.WRITE, broadcast.key, step))

    if checking.outdated(here, broadcast) is not None:
        yield (begins(Say("compose.renew_day"), RENEW),)
    for one in LANGUAGES:
        labels = _REWRITE if one in broadcast.wordings else _WRITE
        yield (begins(labels[one], f"{WORDS}{one}"),)
    urgent = Say("compose.make_calm") if broadcast.urgent else Say("compose.make_urgent")
    yield (
        begins(Say("compose.choose_audience"), AUDIENCE),
        begins(Say("compose.choose_button"), BUTTON),
    )
    yield (
        begins(Say("compose.choose_time"), WHEN),
        begins(urgent, CALM if broadcast.urgent else URGENT),
    )
    yield from to_see(language, broadcast)
    if not unready(here, broadcast):
        test = Say("compose.test_again") if broadcast.tested else Say("compose.test")
        yield (Button(test, panel(language, Page.TEST, broadcast.key)),)
    if not lacks(here, broadcast):
        yield (Button(Say("compose.to_review"), panel(language, Page.SEND, broadcast.key)),)
    away = begins(Say("compose.discard"), DISCARD)
    if others(here):
        give = panel(language, Page.HAND_OVER, broadcast.key)
        yield (Button(Say("compose.hand_over"), give), away)
    else:
        yield (away,)


def _theirs(language: str, broadcast: Broadcast) -> Iterable[Row]:
    yield from to_see(language, broadcast)
    data = panel(language, Page.HAND_OVER, broadcast.key, MINE)
    yield (Button(Say("compose.take_over"), data),)


def to_see(language: str, broadcast: Broadcast) -> tuple[Row, ...]:
    """The message as it is received, in a language it is written in: this one where it can be."""
    written = seen_in(broadcast)
    if not written:
        return ()
    first = language if language in written else written[0]
    data = panel(language, Page.BROADCAST, broadcast.key, f"{SEE}{first}")
    return ((Button(Say("compose.see"), data),),)


def seen_in(broadcast: Broadcast) -> tuple[str, ...]:
    """The languages it is written in."""
    if broadcast.ready is not None:
        return LANGUAGES
    return tuple(one for one in LANGUAGES if one in broadcast.wordings)
