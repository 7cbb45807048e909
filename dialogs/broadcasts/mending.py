"""What a correction comes to: the words as they will stand, whom it is told, and what is told.

Where the first words were received the right ones take their place; who waits for them gets only
the right ones. An edit notifies nobody. So whoever had a wrong link, day, time or place is told in
a short new message, ready in three languages: what was wrong, what is right, an apology. Whoever
may have got the words unseen always is: that message cannot be edited.

A message that tells of a correction and has not reached everybody yet is taken back by the next
correction, whose own message then tells both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Final

from dialogs.announcement import Announcement, Audience, Circle, Priority, Stage
from dialogs.broadcasts import names, planning, report, rewriting, written_days
from dialogs.broadcasts.differing import TOLD, Difference, Kind, differences
from dialogs.broadcasts.records import Correction, Life, Turn, turn
from dialogs.cards import brief
from dialogs.languages import LANGUAGES
from dialogs.outcome import Change
from dialogs.panel.buttons import Page, panel
from dialogs.panel.hours import after_quiet, quiet_hours
from dialogs.panel.records import Panel
from dialogs.panel.trail import What, deed
from dialogs.screens import Button, Card, Line, On, Own, Say, Told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from dialogs.broadcasts.records import Broadcast, Wording
    from dialogs.outcome import Here
    from dialogs.screens import Words

MOST: Final = 4
"""So many differences are told one by one."""

LONGEST: Final = 300
"""UTF-16 units of a wrong address that are repeated."""

SURELY: Final = timedelta(minutes=1)
"""So long before it is due nobody gets it while a decision is being kept."""

_WRONG: Final[Mapping[Kind, Say]] = {
    Kind.LINK: Say("correction.wrong_link"),
    Kind.DAY: Say("correction.wrong_day"),
    Kind.TIME: Say("correction.wrong_time"),
    Kind.PLACE: Say("correction.wrong_place"),
}
_RIGHT: Final[Mapping[Kind, Say]] = {
    Kind.LINK: Say("correction.right_link"),
    Kind.DAY: Say("correction.right_day"),
    Kind.TIME: Say("correction.right_time"),
    Kind.PLACE: Say("correction.right_place"),
}
_LACKED: Final[Mapping[Kind, Say]] = {
    Kind.LINK: Say("correction.lacked_link"),
    Kind.DAY: Say("correction.lacked_day"),
    Kind.TIME: Say("correction.lacked_time"),
    Kind.PLACE: Say("correction.lacked_place"),
}
_GENERAL: Final[Mapping[Kind, Say]] = {
    Kind.PLACE: Say("correction.something"),
    Kind.FILE: Say("correction.file"),
    Kind.WORDING: Say("correction.wording"),
}


@dataclass(frozen=True, slots=True)
class Mending:
    """A correction as it would go out. `languages` are those whose words change, `told` what is
    told in each language of the message about it; `must`: an earlier correction has not been told
    to everybody yet, and this one tells it. `unseen`: nobody has the words yet, so they are simply
    changed."""

    old: Broadcast
    new: Broadcast
    languages: tuple[str, ...]
    told: Mapping[str, tuple[Difference, ...]]
    days: tuple[date, date] | None  # of ready words: the wrong last day, and the right one
    must: bool
    unseen: bool

    @property
    def likely(self) -> bool:
        """Whether people are told unless the coordinator says otherwise."""
        if self.must or self.days is not None:
            return True
        return any(one.kind in TOLD for found in self.told.values() for one in found)


def is_unseen(here: Here, broadcast: Broadcast) -> bool:
    """Whether surely nobody has it, nor gets it while a decision is being kept: it is not due yet,
    or is paused and nobody has it, nor is it in hand."""
    found = report.of(here, broadcast)
    if found is not None and found.stage is not Stage.PLANNED:
        return broadcast.life is Life.PAUSED and found.held and not found.number(*report.HAVE_IT)
    soon = here.now.astimezone(UTC) + SURELY
    return broadcast.due is not None and soon < broadcast.due.astimezone(UTC)


def names_day(broadcast: Broadcast, day: date) -> bool:
    """Whether a broadcast that goes out, or went out, names the day."""
    if broadcast.life in (Life.DRAFT, Life.ASKED, Life.RETRACTED):
        return False
    if broadcast.ready is not None:
        return broadcast.ready.day == day
    return any(
        named.is_of(day)
        for language, wording in broadcast.wordings.items()
        for named in written_days.found(wording.text, language)
    )


def with_day(broadcast: Broadcast, old: date, new: date) -> dict[str, Wording]:
    """The wordings in which the day is named, with the new one in its place."""
    changed = {}
    for language, wording in broadcast.wordings.items():
        edits = written_days.edits(wording.text, language, old, new)
        if edits:
            changed[language] = rewriting.edited(wording, edits)
    return changed


def data(language: str, broadcast: Broadcast, old: date, new: date) -> str:
    """Of a button that begins a correction with the new day in place of the old one."""
    return panel(language, Page.MEND, broadcast.key, f"{old:%Y%m%d}_{new:%Y%m%d}")


def mending(
    here: Here, old: Broadcast, wordings: Mapping[str, Wording], day: date | None
) -> Mending | None:
    """The correction that puts these words, or this day, in their place; None where nothing is
    another than it was."""
    changed = {one: said for one, said in wordings.items() if said != old.wordings[one]}
    ready = old.ready
    was_day = None if ready is None else ready.day
    languages: tuple[str, ...] = tuple(one for one in LANGUAGES if one in changed)
    new = replace(old, wordings={**old.wordings, **changed})
    if ready is None or was_day is None or day == was_day:
        day = None
    elif day is not None:
        new, languages = replace(old, ready=replace(ready, day=day)), LANGUAGES
    if not languages:
        return None
    had, had_day, must = _had(here, old)
    told = {
        one: differences(had[one], said, one) or differences(old.wordings[one], said, one)
        for one, said in new.wordings.items()
        if one in languages or had[one] != said
    }
    days = None
    if day is not None and was_day is not None:
        told = dict.fromkeys(LANGUAGES, ())
        days = (was_day if had_day in (None, day) else had_day, day)
    return Mending(old, new, languages, told, days, must, is_unseen(here, old))


def kept(here: Here, mended: Mending, *, told: bool) -> Broadcast:
    """The broadcast as it will be. Raises ValueError where its life does not allow it."""
    old, new = mended.old, mended.new
    life = turn(old.life, Turn.CORRECTED)
    if life is None:
        raise ValueError(f"a broadcast that is {old.life} is not corrected")
    if mended.unseen:
        return replace(new, life=life)
    by = "" if here.coordinator is None else here.coordinator.name
    correction = Correction(
        on=here.today,
        by=by,
        languages=mended.languages,
        notice=told,
        was={one: old.wordings[one] for one in mended.languages if one in old.wordings},
        was_day=None if old.ready is None else old.ready.day,
    )
    return replace(new, life=life, corrections=(*old.corrections, correction))


def change(here: Here, mended: Mending, after: Broadcast, *, told: bool, urgent: bool) -> Change:
    """What is done; `after` is the broadcast as `kept`."""
    corrected = planning.announcement(here, after)
    trail = (deed(here, What.BROADCAST_CORRECTED, after.key),)
    if mended.unseen:
        return Change(keep=(after,), correct=(corrected,), trail=trail)
    return Change(
        keep=(after,),
        withdraw=(planning.occasion(after, "notice-"),),
        plan=(notice(here, mended, after, told=told, urgent=urgent),),
        correct=(corrected,),
        trail=trail,
    )


def notice(
    here: Here, mended: Mending, after: Broadcast, *, told: bool, urgent: bool
) -> Announcement:
    """The new message about it: to everybody who has the old words, or only to those of whom it is
    not certain."""
    at_once = urgent or after.urgent
    due = here.now if at_once else after_quiet(here.now, quiet_hours(here.office))
    circle = Circle.RECEIVED if told else Circle.DOUBTED
    return Announcement(
        planning.occasion(after, f"notice-{len(after.corrections)}"),
        Audience(circle, planning.occasion(after)),
        {language: card(here, mended, language) for language in mended.told},
        due.astimezone(UTC),
        due.astimezone(UTC) + planning.USEFUL,
        Priority.CHANGE if at_once else Priority.BROADCAST,
        only=True,
    )


def card(here: Here, mended: Mending, language: str) -> Card:
    """The new message in one language: ready words, whatever language the coordinator writes."""
    if mended.days is not None:
        wrong, right = mended.days
        said = (*_lines(Kind.DAY, On(wrong), On(right)),)
    else:
        said = tuple(_told(mended.told[language]))
    links = [one.right for one in mended.told[language] if one.kind is Kind.LINK and one.right]
    opened = tuple((Button(Say("correction.open"), link=one),) for one in links[:1])
    return Card(
        language,
        (
            (
                Line(Say("correction.title"), strong=True),
                Line(_about(here, mended.new, language)),
            ),
            said,
            (Line(Say("correction.sorry")), Line(Say("correction.above"))),
        ),
        (*opened, *planning.way_out(mended.new, language)),
    )


def _about(here: Here, broadcast: Broadcast, language: str) -> Say:
    """Which message is meant: how it begins, or what it was about."""
    panel = here.panel or Panel()
    ready = broadcast.ready
    if ready is None:
        return Say("correction.about", {"words": names.named(panel, broadcast, language)})
    title = next((Told(one.form.title) for one in panel.surveys if one.name == ready.survey), None)
    return Say("correction.survey", {"title": title or Own(ready.survey)})


def _told(found: tuple[Difference, ...]) -> Iterator[Line]:
    for one in found[:MOST]:
        wrong = brief(Own(one.wrong), LONGEST) if one.wrong else None
        right = Own(one.right) if one.right else None
        yield from _lines(one.kind, wrong, right)
    if len(found) > MOST:
        yield Line(Say("correction.more"))


def _lines(kind: Kind, wrong: Words | None, right: Words | None) -> Iterator[Line]:
    """An address that is wrong stands in letters that cannot be tapped."""
    if wrong is None and right is None:
        yield Line(_GENERAL[kind])
        return
    is_link = kind is Kind.LINK
    if wrong is not None:
        yield Line(_WRONG[kind])
        yield Line(wrong, code=is_link)
    if right is not None:
        yield Line(_LACKED[kind] if wrong is None else _RIGHT[kind])
        yield Line(right)
    else:
        yield Line(Say("correction.removed"))


def _had(here: Here, broadcast: Broadcast) -> tuple[dict[str, Wording], date | None, bool]:
    """The words that people may have and were not told of: those of now, or those before a
    correction whose news has not reached everybody; and whether it was to be told to everybody."""
    wordings = dict(broadcast.wordings)
    day = None if broadcast.ready is None else broadcast.ready.day
    must = False
    for number in range(len(broadcast.corrections), 0, -1):
        correction = broadcast.corrections[number - 1]
        if not report.is_on_its_way(report.of(here, broadcast, f"notice-{number}")):
            break
        wordings |= correction.was
        day = correction.was_day
        must = must or correction.notice
    return wordings, day, must
