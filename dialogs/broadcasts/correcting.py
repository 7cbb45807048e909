"""Correcting a broadcast where it was received: a link, a day, or a language written anew.

A link is put right in every language at once, so that nobody has to wait for a translator; a
language can also go alone. Before anything is sent it is shown as it will stand, with what people
are told of it. It needs no second coordinator. What is half made survives a restart; where somebody
else has corrected the same broadcast meanwhile, nothing is written over.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from dialogs.broadcasts import (
    checking,
    mending,
    planning,
    report,
    underway,
    written_links,
)
from dialogs.broadcasts.records import Turn, Wording, turn
from dialogs.cards import brief
from dialogs.events import Edited, Sent, Typed
from dialogs.languages import ENGLISH, FINNISH, LANGUAGES, SWEDISH
from dialogs.outcome import Lay, Outcome
from dialogs.panel import dates, pages, telling
from dialogs.panel.buttons import Page, panel
from dialogs.panel.cards import Steps, asked, on_card
from dialogs.panel.details import given_with
from dialogs.panel.hours import is_quiet, quiet_hours
from dialogs.panel.preview import IN, NAMES
from dialogs.panel.records import Panel, Task
from dialogs.panel.telling import is_heard, option
from dialogs.panel.underway import CALLING
from dialogs.screens import (
    Button,
    Card,
    InLanguage,
    Joined,
    Line,
    Mark,
    Number,
    On,
    Own,
    Place,
    Say,
    Series,
    Style,
    Written,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.announcement import State
    from dialogs.broadcasts.mending import Mending
    from dialogs.broadcasts.records import Broadcast
    from dialogs.outcome import Here
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.cards import Press
    from dialogs.screens import Paragraph

    Row = tuple[Button, ...]

KIND: Final = "mend"

CHOICE, LINKS, LINK, OPENING, DAY, REVIEW = "choice", "links", "link", "opening", "day", "review"
WRITE: Final = {f"write_{language}": language for language in LANGUAGES}
"""The steps at which a language is written anew."""

SEND, SEND_UNSEEN, ANEW = "send", "sendunseen", "anew"

LETTERS: Final = 40
"""UTF-16 units of an address that stand on a button."""

_DAYS: Final = re.compile(r"(a?)(\d{8})_(\d{8})")

_WRITE: Final[Mapping[str, Say]] = {
    FINNISH: Say("mend.write_finnish"),
    SWEDISH: Say("mend.write_swedish"),
    ENGLISH: Say("mend.write_english"),
}


# It begins


def _mend(here: Here, press: PanelPress, message: int) -> Outcome:
    """A correction is begun, or sent. `more` may bring the old day and the new one: 20260208_…"""
    broadcast = underway.meant(here, press)
    if broadcast is None:
        return underway.gone(press.language)
    if press.more in (SEND, SEND_UNSEEN):
        return _send(here, press, broadcast, message)
    days = _DAYS.fullmatch(press.more)
    if turn(broadcast.life, Turn.CORRECTED) is None or (
        days is None and underway.is_ahead(here, broadcast)  # it is taken back, and then changed
    ):
        return underway.as_it_is(here, press.language, broadcast)
    if (card := _half_made(here, press, broadcast)) is not None:
        return on_card(card)
    task = Task(KIND, CHOICE, press.language, _begun(broadcast))
    if days is not None:
        task = _with_days(task, broadcast, _day(days[2]), _day(days[3]))
    return _on(here, task, message)


def _day(digits: str) -> date | None:
    try:
        return date.fromisoformat(digits)
    except ValueError:
        return None


def _begun(broadcast: Broadcast) -> dict[str, str]:
    return {"broadcast": broadcast.key.hex(), "at": _at(broadcast)}


def _at(broadcast: Broadcast) -> str:
    """What a correction begins from: these words. Pausing meanwhile is no hindrance."""
    return f"{broadcast.version}.{len(broadcast.corrections)}"


def _with_days(task: Task, broadcast: Broadcast, old: date | None, new: date | None) -> Task:
    """With a new day in place of the old one, ready to be looked at."""
    if old is None or new is None:
        return task
    given = task.given
    if broadcast.ready is not None:
        given = given_with(given, day=new.isoformat())
    for language, wording in mending.with_day(broadcast, old, new).items():
        given = given_with(given, **{language: _packed(wording)})
    return replace(task, step=REVIEW, given=given)


def _half_made(here: Here, press: PanelPress, broadcast: Broadcast) -> Card | None:
    """Asks before another thing takes the place of what is half made."""
    task = here.task
    if task is None or press.more.startswith("a"):
        return None
    if task.kind == CALLING:
        said = Say("call.half_made")
    elif task.kind == KIND and task.given["broadcast"] != broadcast.key.hex() and _given(task):
        said = Say("mend.half_made")
    else:
        return None
    more = f"a{press.more}" if press.more else ANEW
    return Card(
        press.language,
        ((Line(said),),),
        (
            (Button(Say("panel.go_on"), panel(press.language, Page.GO_ON)),),
            (Button(Say("call.set_aside"), panel(press.language, Page.MEND, press.about, more)),),
            pages.back(press.language, Page.BROADCAST, broadcast.key),
        ),
    )


# What is told in it


def _told(here: Here, task: Task, event: Typed | Edited | Sent) -> Outcome:
    broadcast = _begun_from(here, task)
    if broadcast is None:
        return _overtaken(here, task)
    if isinstance(event, Edited):
        return _edited(here, task, broadcast, event)
    if is_heard(task, event):
        return _on(here, task)
    if task.step in WRITE:
        return _written(here, task, broadcast, event)
    told: Task | Say = Say("call.tap_below")
    if task.step == LINK:
        told = _link(task, event)
    elif task.step == DAY:
        told = _new_day(here, task, event)
    if isinstance(told, Say):
        return asked(_card(here, task, (Line(told),)), task)
    return _on(here, replace(told, given=given_with(told.given, heard=str(event.message))))


def _link(task: Task, event: Typed | Sent) -> Task | Say:
    """The right link, as it stands there or behind words."""
    if not isinstance(event, Typed):
        return Say("mend.link_expected")
    found = written_links.links(Wording(event.text, event.marks))
    if len(found) != 1:
        return Say("mend.link_expected")
    (right,) = found
    if not right.startswith("https://"):
        return Say("mend.not_https")
    if right == task.given["wrong"]:
        return Say("mend.same_link")
    return replace(task, step=OPENING, given=given_with(task.given, right=right))


def _new_day(here: Here, task: Task, event: Typed | Sent) -> Task | Say:
    if not isinstance(event, Typed):
        return Say("expected.meeting_day")
    read = dates.day(event.text, here.today)
    if isinstance(read, Say):
        return read
    return replace(task, step=REVIEW, given=given_with(task.given, day=read.isoformat()))


def _written(here: Here, task: Task, broadcast: Broadcast, event: Typed | Sent) -> Outcome:
    """A language anew. A message that had a picture or a file keeps it, unless another comes."""
    language = WRITE[task.step]
    wording = _wordings(task, broadcast)[language]
    if isinstance(event, Typed):
        wording = replace(wording, text=event.text, marks=event.marks)
    elif event.picture or event.file:
        wording = Wording(
            event.text or wording.text,
            event.marks if event.text else wording.marks,
            event.file,
            event.name,
            event.picture,
        )
    else:
        return asked(_card(here, task, (Line(Say("mend.write_expected")),)), task)
    return _on(here, _with(task, language, wording, event.message))


def _edited(here: Here, task: Task, broadcast: Broadcast, event: Edited) -> Outcome:
    """What was written last is put right in its own message."""
    language = task.given.get("written", "")
    if not language or task.given.get("heard") != str(event.message):
        return asked(_card(here, task, (Line(Say("mend.edited")),)), task)
    wording = _wordings(task, broadcast)[language]
    wording = replace(wording, text=event.text, marks=event.marks)
    return _on(here, _with(task, language, wording, event.message))


def _with(task: Task, language: str, wording: Wording, message: int) -> Task:
    given = given_with(
        task.given,
        **{language: _packed(wording)},
        heard=str(message),
        written=language,
        shown=language,
    )
    return replace(task, step=REVIEW, given=given)


# What is tapped in it


def _tapped(here: Here, task: Task, press: PanelPress, message: int) -> Outcome:
    broadcast = _begun_from(here, task)
    if broadcast is None:
        return _overtaken(here, task, message)
    after = _after(here, task, broadcast, press.more)
    if after is None:
        return telling.stale(here, task, message, _card)
    if after.step in WRITE and after.step != task.step:
        return _to_write(here, after, broadcast)
    shows_anew = after.step == REVIEW and (
        task.step != REVIEW or _shown(here, after, broadcast) != _shown(here, task, broadcast)
    )
    if shows_anew:
        return _on(here, after)
    return asked(_card(here, after), after, message)


def _after(here: Here, task: Task, broadcast: Broadcast, more: str) -> Task | None:
    """The task after a button of its step; None where the step has no such button."""
    step = task.step
    mended = _mending(here, task, broadcast)
    if more == CHOICE and step != CHOICE and not underway.is_ahead(here, broadcast):
        return replace(task, step=CHOICE)
    if step == CHOICE:
        return _chosen(task, broadcast, more, mended)
    if step == LINKS and more.isdecimal() and int(more) < len(_links(task, broadcast)):
        wrong = _links(task, broadcast)[int(more)]
        return replace(task, step=LINK, given=given_with(task.given, wrong=wrong))
    if step == OPENING and more == "opened":
        return _put_right(task, broadcast)
    if step == REVIEW and mended is not None:
        return _reviewed(here, task, mended, more)
    return None


def _chosen(task: Task, broadcast: Broadcast, more: str, mended: Mending | None) -> Task | None:
    if more == LINKS and (links := _links(task, broadcast)):
        if len(links) == 1:
            return replace(task, step=LINK, given=given_with(task.given, wrong=links[0]))
        return replace(task, step=LINKS)
    if more == DAY and _day_of(task, broadcast) is not None:
        return replace(task, step=DAY)
    if more in WRITE and WRITE[more] in broadcast.wordings:
        return replace(task, step=more)
    return replace(task, step=REVIEW) if more == REVIEW and mended is not None else None


def _put_right(task: Task, broadcast: Broadcast) -> Task:
    """The right link in every language, opened and found to lead where it should."""
    wrong, right = task.given["wrong"], task.given["right"]
    given = _opened(task.given, right)
    for language, wording in _wordings(task, broadcast).items():
        put = written_links.replaced(wording, wrong, right)
        if put != wording:
            given = given_with(given, **{language: _packed(put)})
    return replace(task, step=REVIEW, given=given)


def _opened(given: dict[str, str], link: str) -> dict[str, str]:
    links = (*given.get("opened", "").split(), link)
    return given_with(given, opened=" ".join(dict.fromkeys(links)))


def _reviewed(here: Here, task: Task, mended: Mending, more: str) -> Task | None:
    if more in ("told", "untold") and not (mended.must or mended.unseen):
        return replace(task, given=given_with(task.given, notice=more))
    if more in ("urgent", "morning"):
        urgent = "yes" if more == "urgent" else ""
        return replace(task, given=given_with(task.given, urgent=urgent))
    if more == "opened" and (links := _unopened(task, mended)):
        return replace(task, given=_opened(task.given, links[0]))
    return telling.in_language(task, more)


# Its cards


def _on(here: Here, task: Task, message: int | None = None) -> Outcome:
    """The next card; before a review the message itself, as it will stand, in one language. The
    card before loses its buttons."""
    broadcast = _begun_from(here, task)
    mended = None if broadcast is None else _mending(here, task, broadcast)
    if task.step != REVIEW or broadcast is None or mended is None:
        return asked(_card(here, task), task, message)
    after = mending.kept(here, mended, told=_is_told(task, mended))
    shown = planning.cards(here, after)[_shown(here, task, broadcast)]
    before = task.card if message is None else message
    close = () if before is None else (before,)
    kept = Lay(replace(task, card=None, active=True))
    return Outcome((shown, _card(here, task)), (kept,), close=close)


def _to_write(here: Here, task: Task, broadcast: Broadcast) -> Outcome:
    """The words as they are, to be copied and put right; below them what is asked."""
    wording = _wordings(task, broadcast)[WRITE[task.step]]
    words = Card(
        WRITE[task.step],
        ((Line(Written(wording.text, wording.marks)),),) if wording.text else (),
        file=wording.file,
        picture=wording.picture,
    )
    close = () if task.card is None else (task.card,)
    kept = Lay(replace(task, card=None, active=True))
    return Outcome((words, _card(here, task)), (kept,), close=close)


def _card(here: Here, task: Task, notice: Paragraph = ()) -> Card:
    broadcast = _begun_from(here, task)
    if broadcast is None:
        return _as_it_is(here, task)
    mended = _mending(here, task, broadcast)
    if task.step == REVIEW and mended is not None:
        return _review(here, task, mended, notice)
    match task.step:
        case step if step == LINKS:
            return _which_link(task, broadcast, notice)
        case step if step == LINK:
            said: tuple[Paragraph, ...] = (
                (Line(Say("mend.link"), strong=True),),
                (Line(Say("mend.wrong_link")), Line(Own(task.given["wrong"]), code=True)),
            )
        case step if step == OPENING:
            return _to_open(task, broadcast, notice)
        case step if step == DAY:
            said = ((Line(Say("mend.day"), strong=True),), _day_now(task, broadcast))
        case step if step in WRITE:
            said = (
                (Line(_WRITE[WRITE[step]], strong=True),),
                (Line(Say("mend.write_explained")),),
            )
        case _:
            return _choice(task, broadcast, mended, notice)
    return Card(task.language, tuple(filter(None, (notice, *said))), (_around(task),))


def _choice(task: Task, broadcast: Broadcast, mended: Mending | None, notice: Paragraph) -> Card:
    """What to put right, and what has been so far."""
    rows: list[Row] = []
    if _links(task, broadcast):
        rows.append((option(task, Say("mend.a_link"), LINKS),))
    if broadcast.pointer is not None:
        data = panel(task.language, Page.POINTER, broadcast.pointer)
        rows.append((Button(Say("mend.a_pointer"), data),))
    if _day_of(task, broadcast) is not None:
        rows.append((option(task, Say("mend.the_day"), DAY),))
    rows += [
        (option(task, _WRITE[language], step),)
        for step, language in WRITE.items()
        if language in broadcast.wordings
    ]
    review = () if mended is None else (option(task, Say("call.to_review"), REVIEW),)
    said = (notice, (Line(Say("mend.what"), strong=True),), _so_far(mended))
    return Card(task.language, tuple(filter(None, said)), (*rows, (*review, _drop(task))))


def _so_far(mended: Mending | None) -> Paragraph:
    if mended is None:
        return ()
    read = Series(tuple(IN[one] for one in mended.languages))
    return (Line(Say("mend.so_far", {"languages": read})),)


def _which_link(task: Task, broadcast: Broadcast, notice: Paragraph) -> Card:
    """Each link, with the languages it stands in."""
    links = _links(task, broadcast)
    wordings = _wordings(task, broadcast)
    listed = []
    for number, link in enumerate(links, 1):
        read = tuple(
            IN[one]
            for one in LANGUAGES
            if one in wordings and link in written_links.links(wordings[one])
        )
        listed.append(
            (Line(Joined((Number(number), Joined(read)), by=". ")), Line(Own(link), code=True))
        )
    rows = tuple(
        (replace(option(task, brief(Own(link), LETTERS), str(number)), number=number + 1),)
        for number, link in enumerate(links)
    )
    said = (notice, (Line(Say("mend.which_link"), strong=True),), *listed)
    return Card(task.language, tuple(filter(None, said)), (*rows, _around(task)))


def _to_open(task: Task, broadcast: Broadcast, notice: Paragraph) -> Card:
    """The right link, to be opened before it goes to anybody."""
    right, wrong = task.given["right"], task.given["wrong"]
    wordings = _wordings(task, broadcast)
    read = tuple(
        IN[one]
        for one in LANGUAGES
        if one in wordings and wrong in written_links.links(wordings[one])
    )
    said = (
        notice,
        (Line(Say("mend.open_first"), strong=True), Line(Own(right))),
        (Line(Say("mend.goes_into", {"languages": Series(read)})),),
    )
    return Card(
        task.language,
        tuple(filter(None, said)),
        (
            (Button(Say("call.open_link"), link=right),),
            (option(task, Say("mend.opens_right"), "opened"),),
            _around(task),
        ),
    )


def _day_now(task: Task, broadcast: Broadcast) -> Paragraph:
    day = _day_of(task, broadcast)
    return () if day is None else (Line(Say("mend.day_now", {"day": On(day)})),)


def _around(task: Task) -> Row:
    return (option(task, Say("button.back"), CHOICE), _drop(task))


def _drop(task: Task) -> Button:
    return Button(Say("mend.drop"), panel(task.language, Page.DROP))


# The review


def _review(here: Here, task: Task, mended: Mending, notice: Paragraph) -> Card:
    """What happens, to how many; what is told of it; and what hinders it."""
    told = _is_told(task, mended)
    doubts = _doubts(here, mended)
    unopened = _unopened(task, mended)
    said: list[Paragraph] = [notice, (Line(Say("mend.review"), strong=True),)]
    said.append(_stays(mended))
    said += checking.lines(doubts)
    said += [_numbers(here, mended, told=told)]
    if not mended.unseen:
        said += _news(here, task, mended, told=told)
    if unopened:
        said.append((Line(Say("mend.open_first"), strong=True), Line(Own(unopened[0]))))
    rows: list[Row] = [*_languages(here, task, mended)]
    if unopened:
        rows.append((Button(Say("call.open_link"), link=unopened[0]),))
        rows.append((option(task, Say("mend.opens_right"), "opened"),))
    rows += _toggles(here, task, mended, told=told)
    if _is_ready(task, mended, doubts):
        more = SEND_UNSEEN if mended.unseen else SEND
        data = panel(task.language, Page.MEND, mended.old.key, more)
        rows.append((Button(Say("mend.send"), data),))
    ahead = underway.is_ahead(here, mended.old)
    change = () if ahead else (option(task, Say("call.change_something"), CHOICE),)
    rows.append((*change, _drop(task)))
    return Card(task.language, tuple(filter(None, said)), tuple(rows))


def _stays(mended: Mending) -> Paragraph:
    """Which languages go out with the correction, and which stay as they are."""
    changed = Series(tuple(IN[one] for one in mended.languages))
    lines = [Line(Say("mend.changes", {"languages": changed}))]
    others = [one for one in LANGUAGES if one in mended.old.wordings]
    rest = tuple(IN[one] for one in others if one not in mended.languages)
    if rest:
        lines.append(Line(Say("mend.stays", {"languages": Series(rest)})))
    return tuple(lines)


def _numbers(here: Here, mended: Mending, *, told: bool) -> Paragraph:
    """In how many messages it is put right, by language; how many wait; how long it takes."""
    if mended.unseen:
        return (Line(Say("mend.unseen")),)
    found = report.of(here, mended.old)
    if found is None:
        return ()
    each = {
        one: sum(found.languages.get(one, _NOBODY).get(state, 0) for state in report.HAVE_IT)
        for one in mended.languages
    }
    edits = sum(each.values()) if found.languages else found.number(*report.HAVE_IT)
    parts = tuple(Joined((IN[one], Number(count)), by=" ") for one, count in each.items() if count)
    known = found.languages or len(mended.languages) == len(planning.cards(here, mended.old))
    said = Say("mend.edits", count=edits) if known else Say("mend.edits_at_most", count=edits)
    if not edits:
        said = Say("underway.nobody_has_it")
    lines = [Line(said), *((Line(Joined(parts)),) if parts else ())]
    if waiting := report.waiting(here, mended.old):
        lines.append(Line(Say("mend.waiting", count=waiting)))
    if edits:
        lines.append(Line(report.minutes(edits * (2 if told else 1))))
    return tuple(lines)


_NOBODY: Final[Mapping[State, int]] = {}


def _news(here: Here, task: Task, mended: Mending, *, told: bool) -> list[Paragraph]:
    """The new message as it is received, or that there is none."""
    if not told:
        return [(Line(Say("mend.not_told"), strong=True), Line(Say("mend.doubted")))]
    shown = _shown(here, task, mended.old)
    language = shown if shown in mended.told else next(iter(mended.told))
    said = [
        tuple(Line(InLanguage(line.words, language), line.strong, line.code) for line in paragraph)
        for paragraph in mending.card(here, mended, language).paragraphs
    ]
    head = [Line(Say("mend.told"), strong=True)]
    if mended.must:
        head.append(Line(Say("mend.must")))
    asleep = is_quiet(here.now, quiet_hours(here.office))
    if asleep and (mended.old.urgent or "urgent" in task.given):
        head.append(Line(Say("mend.silently")))
    elif asleep:
        head += report.held_back(here, mended.old)
    return [tuple(head), *said]


def _languages(here: Here, task: Task, mended: Mending) -> tuple[Row, ...]:
    """The message and its news in another language, a tap away."""
    shown = _shown(here, task, mended.old)
    row = tuple(
        option(task, NAMES[one], f"in_{one}", chosen=one == shown) for one in mended.languages
    )
    return (row,) if len(row) > 1 else ()


def _toggles(here: Here, task: Task, mended: Mending, *, told: bool) -> list[Row]:
    rows: list[Row] = []
    if not (mended.must or mended.unseen):
        label, more = (Say("mend.tell_not"), "untold") if told else (Say("mend.tell"), "told")
        rows.append((option(task, label, more),))
    asleep = is_quiet(here.now, quiet_hours(here.office))
    if told and asleep and not (mended.old.urgent or mended.unseen):
        label, more = (
            (Say("mend.in_the_morning"), "morning")
            if "urgent" in task.given
            else (Say("mend.at_once"), "urgent")
        )
        rows.append((option(task, label, more),))
    return rows


# Sending


def _send(here: Here, press: PanelPress, broadcast: Broadcast, message: int) -> Outcome:
    """Twice does nothing twice."""
    task = here.task
    if task is None or task.kind != KIND or task.given["broadcast"] != broadcast.key.hex():
        return underway.as_it_is(here, press.language, broadcast)
    if _begun_from(here, task) is None:
        return _overtaken(here, task, message)
    mended = _mending(here, task, broadcast)
    if mended is None:
        return telling.stale(here, task, message, _card)
    told = _is_told(task, mended)
    after = mending.kept(here, mended, told=told)
    as_shown = (press.more == SEND_UNSEEN) is mended.unseen
    if not as_shown or not _is_ready(task, mended, _doubts(here, mended)):
        return telling.stale(here, replace(task, step=REVIEW), message, _card)
    urgent = "urgent" in task.given
    change = mending.change(here, mended, after, told=told, urgent=urgent)
    said = Say("mend.changed") if mended.unseen else Say("mend.sent")
    return on_card(underway.after(here, press.language, after, said), change, Lay(None))


def _is_ready(task: Task, mended: Mending, doubts: tuple[checking.Doubt, ...]) -> bool:
    return not _unopened(task, mended) and not any(one.mend for one in doubts)


def _doubts(here: Here, mended: Mending) -> tuple[checking.Doubt, ...]:
    """What is to be seen in the new words and was not in the old ones."""
    before = checking.remarks(here, mended.old)
    return tuple(one for one in checking.remarks(here, mended.new) if one not in before)


def _unopened(task: Task, mended: Mending) -> tuple[str, ...]:
    """New links that nobody has opened."""
    known = {*checking.links(mended.old), *task.given.get("opened", "").split()}
    return tuple(one for one in checking.links(mended.new) if one not in known)


def _is_told(task: Task, mended: Mending) -> bool:
    """Whether everybody who has the old words is told."""
    if mended.unseen:
        return False
    choice = task.given.get("notice", "told" if mended.likely else "untold")
    return mended.must or choice == "told"


# What it is about


def _about(here: Here, task: Task) -> Broadcast | None:
    key = bytes.fromhex(task.given["broadcast"])
    return next((one for one in (here.panel or Panel()).broadcasts if one.key == key), None)


def _begun_from(here: Here, task: Task) -> Broadcast | None:
    """The broadcast, where it still says what the correction began from and can be corrected."""
    broadcast = _about(here, task)
    if broadcast is None or task.given["at"] != _at(broadcast):
        return None
    return None if turn(broadcast.life, Turn.CORRECTED) is None else broadcast


def _as_it_is(here: Here, task: Task) -> Card:
    """The broadcast as it is now, in place of what was begun."""
    broadcast = _about(here, task)
    if broadcast is None:
        (card,) = underway.gone(task.language).cards
        return card
    notice = (Line(Say("mend.overtaken"), strong=True),)
    return underway.card(here, task.language, broadcast, notice)


def _overtaken(here: Here, task: Task, message: int | None = None) -> Outcome:
    """Nothing is written over: what was begun is dropped."""
    shown = _as_it_is(here, task)
    if message is not None:
        return on_card(shown, Lay(None))
    close = () if task.card is None else (task.card,)
    return Outcome((replace(shown, place=Place.NEW),), (Lay(None),), close=close)


def _mending(here: Here, task: Task, broadcast: Broadcast) -> Mending | None:
    given = task.given
    day = date.fromisoformat(given["day"]) if "day" in given else None
    return mending.mending(here, broadcast, _given(task), day)


def _given(task: Task) -> dict[str, Wording]:
    """The languages that are written anew so far."""
    return {one: _unpacked(task.given[one]) for one in LANGUAGES if one in task.given}


def _wordings(task: Task, broadcast: Broadcast) -> dict[str, Wording]:
    """The words as they would stand."""
    return {**broadcast.wordings, **_given(task)}


def _links(task: Task, broadcast: Broadcast) -> tuple[str, ...]:
    """The distinct links of all languages."""
    return checking.links(replace(broadcast, wordings=_wordings(task, broadcast)))


def _day_of(task: Task, broadcast: Broadcast) -> date | None:
    """The last day that ready words tell, as it would stand."""
    if "day" in task.given:
        return date.fromisoformat(task.given["day"])
    return None if broadcast.ready is None else broadcast.ready.day


def _shown(here: Here, task: Task, broadcast: Broadcast) -> str:
    """The language that is looked at: one that changes."""
    mended = _mending(here, task, broadcast)
    changed = () if mended is None else mended.languages
    wanted = task.given.get("shown", task.language)
    return wanted if wanted in changed or not changed else changed[0]


def _packed(wording: Wording) -> str:
    return json.dumps(asdict(wording), ensure_ascii=False)


def _unpacked(words: str) -> Wording:
    told = json.loads(words)
    marks = (Mark(**{**one, "style": Style(one["style"])}) for one in told["marks"])
    return Wording(**{**told, "marks": tuple(marks)})


PAGES: Final[Mapping[Page, Press]] = {Page.MEND: _mend}

TASKS: Final[Mapping[str, Steps]] = {KIND: Steps(_told, _tapped, _card)}
