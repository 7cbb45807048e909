"""What members will see, before anything goes out: the very card that will be sent, to how many,
and when.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Final

from dialogs.languages import ENGLISH, FINNISH, SWEDISH
from dialogs.outcome import Change
from dialogs.panel import sheet
from dialogs.panel.asking import BEFORE
from dialogs.panel.buttons import Page, panel
from dialogs.panel.cards import on_card
from dialogs.panel.details import languages, passed
from dialogs.panel.planning import Kind
from dialogs.panel.records import Panel
from dialogs.panel.telling import drop, option
from dialogs.panel.trail import What, seen
from dialogs.screens import At, Button, Card, InLanguage, Joined, Line, Own, Say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dialogs.announcement import Announcement
    from dialogs.outcome import Here, Outcome
    from dialogs.panel.records import Member, Task
    from dialogs.screens import Paragraph, Words

    Row = tuple[Button, ...]

KINDS: Final[Mapping[Kind, Say]] = {
    Kind.INVITE: Say("call.kind_invite"),
    Kind.LATE: Say("call.kind_late"),
    Kind.CHANGED: Say("call.kind_changed"),
    Kind.CANCELLED: Say("call.kind_cancelled"),
    Kind.REMIND: Say("call.kind_remind"),
    Kind.NUDGE: Say("call.kind_nudge"),
    Kind.THANKS: Say("call.kind_thanks"),
}

NAMES: Final[Mapping[str, Say]] = {
    FINNISH: Say("call.in_finnish"),
    SWEDISH: Say("call.in_swedish"),
    ENGLISH: Say("call.in_english"),
}


IN: Final[Mapping[str, Say]] = {
    FINNISH: Say("news.in_finnish"),
    SWEDISH: Say("news.in_swedish"),
    ENGLISH: Say("news.in_english"),
}
"""Within a sentence."""


def named(occasion: str) -> Words:
    """What is said at an occasion of a meeting."""
    kind, _, before = occasion.split(":")[3].partition("-")
    said = KINDS[Kind(kind)]
    return Joined((said, BEFORE[int(before)])) if before else said


def as_sent(here: Here, task: Task, announced: Announcement) -> tuple[Paragraph, ...]:
    """The card in the language that is looked at; what stands on its buttons in words."""
    language = task.given.get("shown", task.language)
    card = announced.cards[language]
    labels = tuple(button.label for row in card.rows for button in row)
    below = Say("call.buttons", {"labels": Joined(labels, by=" · ")})
    return (
        *(
            tuple(Line(InLanguage(line.words, language), line.strong) for line in paragraph)
            for paragraph in card.paragraphs
        ),
        (Line(InLanguage(below, language)),),
    )


def languages_of(here: Here, task: Task) -> tuple[Row, ...]:
    """The same card in each language that somebody reads, a tap away."""
    shown = task.given.get("shown", task.language)
    read = languages(here, task.language)
    row = tuple(option(task, NAMES[one], f"in_{one}", chosen=one == shown) for one in read)
    return (row,) if len(row) > 1 else ()


def goes_out(here: Here, planned: Iterable[Announcement]) -> Paragraph:
    """Each with its time."""
    lines = [Line(Say("call.goes_out"), strong=True)]
    for one in sorted(planned, key=lambda one: one.due):
        when = Say("call.at_once") if passed(here, one.due) else At(one.due.astimezone(UTC))
        lines.append(Line(Joined((named(one.occasion), when), by=": ")))
    return tuple(lines)


def goes_to(here: Here) -> Paragraph:
    """How many get it, and how many have to be called."""
    seated = (here.panel or Panel()).seated
    others = len(unreached(here))
    lines = [Line(Say("call.goes_to", count=len(seated) - others))]
    if others:
        lines.append(Line(Say("call.to_be_called", count=others)))
    return tuple(lines)


def unreached(here: Here) -> tuple[Member, ...]:
    """Members whom nothing reaches here."""
    return tuple(one for one in (here.panel or Panel()).seated if not sheet.reached(one))


def to_unreached(here: Here, task: Task) -> tuple[Row, ...]:
    if not unreached(here):
        return ()
    return ((option(task, Say("call.show_unreached"), "who"),),)


def show_unreached(here: Here, task: Task) -> Outcome:
    """Who has to be called, with their contact; from there back to the review."""
    people = unreached(here)
    shown = Card(
        task.language,
        ((Line(Say("desk.to_call"), strong=True), *(Line(contact(one)) for one in people)),),
        ((Button(Say("button.back"), panel(task.language, Page.GO_ON)),),),
        private=True,
    )
    return on_card(shown, Change(trail=seen(here, What.REGISTER_SEEN)))


def contact(member: Member) -> Words:
    """Whom to call, and where."""
    mark = sheet.mark(member)
    parts: tuple[Words, ...] = (Own(member.name), Own(member.contact))
    return Joined(parts if mark is None else (*parts, mark))


def around(task: Task) -> Row:
    """The ways on from a review, besides sending."""
    return (option(task, Say("call.change_something"), "what"), drop(task))


def opening(task: Task) -> tuple[Row, ...]:
    """The link, to be opened; and that it opened the right meeting."""
    link = task.given["link"]
    rows: tuple[Row, ...] = ((Button(Say("call.open_link"), link=link),),)
    if is_opened(task):
        return rows
    return (*rows, (option(task, Say("call.opened"), "opened"),))


def is_opened(task: Task) -> bool:
    return task.given.get("opened") == task.given["link"]
