"""How far a broadcast has come, in figures with their reasons; and whom to call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dialogs.announcement import Circle, Mended, Report, Stage, State
from dialogs.broadcasts import planning
from dialogs.broadcasts.audiences import A_SECOND
from dialogs.broadcasts.records import Life
from dialogs.panel.hours import after_quiet, is_quiet, quiet_hours
from dialogs.panel.records import Panel, Standing
from dialogs.screens import At, Joined, Line, Number, Say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dialogs.broadcasts.records import Broadcast
    from dialogs.outcome import Here
    from dialogs.panel.records import Member
    from dialogs.screens import Paragraph

ON_THE_WAY: Final = (State.WAITING, State.SENDING, State.UNCERTAIN)

HAVE_IT: Final = (State.SENT, State.SENDING, State.UNCERTAIN)
"""Who has it, or may have it at this moment."""

_MISSED: Final[Mapping[State, Say]] = {
    State.LEFT: Say("report.left"),
    State.FAILED: Say("report.failed"),
    State.EXPIRED: Say("report.expired"),
}
"""Why somebody does not get it."""

_CORRECTED: Final[Mapping[Mended, Say]] = {
    Mended.EDITED: Say("report.edited"),
    Mended.NOT_YET: Say("report.not_edited_yet"),
    Mended.FAILED: Say("report.not_edited"),
    Mended.DELETED: Say("report.deleted"),
}

_RETRACTED: Final[Mapping[Mended, Say]] = {
    Mended.DELETED: Say("report.deleted"),
    Mended.EDITED: Say("report.replaced"),
    Mended.NOT_YET: Say("report.not_deleted_yet"),
    Mended.FAILED: Say("report.not_deleted"),
}

_CALLED: Final[Mapping[Circle | None, Standing]] = {
    Circle.MEMBERS: Standing.MEMBER,
    Circle.RESERVE: Standing.RESERVE,
}
"""Whose contacts are known: they are called where nothing reaches them."""


def of(here: Here, broadcast: Broadcast, what: str = "text") -> Report | None:
    """What has become of it; None before it is kept, and when it has been forgotten."""
    return (here.panel or Panel()).reports.get(planning.occasion(broadcast, what))


def newest_notice(here: Here, broadcast: Broadcast) -> Report | None:
    """What has become of the message about the last correction."""
    return of(here, broadcast, f"notice-{len(broadcast.corrections)}")


def have_it(here: Here, broadcast: Broadcast) -> int:
    """How many have it, or may have it."""
    found = of(here, broadcast)
    return 0 if found is None else found.number(*HAVE_IT)


def waiting(here: Here, broadcast: Broadcast) -> int:
    """How many are still to get it."""
    found = of(here, broadcast)
    return 0 if found is None else found.number(*ON_THE_WAY)


def is_on_its_way(found: Report | None) -> bool:
    """Whether it is still to be sent to somebody. Who has blocked the bot may come back for some
    days yet, and gets it then; nobody waits for that."""
    if found is None:
        return False
    return found.stage is Stage.PLANNED or found.number(*ON_THE_WAY) > 0


def is_moving(here: Here, broadcast: Broadcast) -> bool:
    """Whether figures still change by themselves."""
    found = (of(here, broadcast), newest_notice(here, broadcast))
    return any(is_on_its_way(one) or _is_edited(one) for one in found)


def _is_edited(found: Report | None) -> bool:
    return found is not None and bool(found.mended.get(Mended.NOT_YET))


def figures(broadcast: Broadcast, found: Report) -> Paragraph:
    """Who has it, who waits, who does not get it and why; how many in all."""
    over = broadcast.life in (Life.CANCELLED, Life.RETRACTED)
    left_out = Say("report.withdrawn") if over else Say("report.not_theirs")
    return (
        *_became(found),
        *_counted(
            (
                (left_out, found.number(State.WITHDRAWN)),
                (Say("report.doubled"), found.doubled),
                (Say("report.all"), found.number(*State)),
            )
        ),
    )


def _became(found: Report) -> Paragraph:
    ways = [(Say("report.sent"), found.number(State.SENT))]
    ways.append((Say("report.waiting"), found.number(*ON_THE_WAY)))
    ways += [(reason, found.number(state)) for state, reason in _MISSED.items()]
    return _counted(ways)


def mended(broadcast: Broadcast, found: Report) -> Paragraph:
    """What has become of the last correction, or of the retraction, where it had been received."""
    is_gone = broadcast.life is Life.RETRACTED
    title = Say("report.retraction") if is_gone else Say("report.correction")
    names = _RETRACTED if is_gone else _CORRECTED
    lines = _counted((said, found.mended.get(one, 0)) for one, said in names.items())
    return (Line(title, strong=True), *lines) if lines else ()


def news(here: Here, broadcast: Broadcast) -> Paragraph:
    """How the message about the last correction goes. Whoever reads a language that was not
    corrected gets none, and is not counted."""
    notice = newest_notice(here, broadcast)
    if notice is None or broadcast.life is Life.RETRACTED:
        return ()
    numbers = (*_became(notice), *left(notice))
    if notice.stage is Stage.PLANNED and broadcast.corrections[-1].notice:
        numbers = held_back(here, broadcast)
    return (Line(Say("report.news"), strong=True), *numbers) if numbers else ()


def left(found: Report) -> Paragraph:
    """How long the sending takes from now on, where anything is to be sent or edited."""
    pieces = found.number(*ON_THE_WAY) + found.mended.get(Mended.NOT_YET, 0)
    return (Line(minutes(pieces)),) if pieces else ()


def minutes(messages: int) -> Say:
    """How long so many messages take, sent or edited."""
    if messages < 60 * A_SECOND:
        return Say("report.under_a_minute")
    return Say("report.minutes", count=-(-messages // (60 * A_SECOND)))


def held_back(here: Here, broadcast: Broadcast) -> Paragraph:
    """Until when nothing is sent, as people sleep."""
    quiet = quiet_hours(here.office)
    if broadcast.urgent or not is_quiet(here.now, quiet):
        return ()
    return (Line(Say("report.quiet", {"until": At(after_quiet(here.now, quiet))})),)


def to_call(here: Here, broadcast: Broadcast) -> tuple[Member, ...]:
    """Members, or those on the reserve list, whom it has not reached and will not, or not what was
    told of its correction; and those without Telegram."""
    standing = _CALLED.get(broadcast.circle)
    found = (of(here, broadcast), newest_notice(here, broadcast))
    missed = {key for one in found if one is not None for key in one.missed}
    return tuple(
        one
        for one in (here.panel or Panel()).members
        if one.standing is standing and (one.key in missed or one.chat is None)
    )


def _counted(ways: Iterable[tuple[Say, int]]) -> Paragraph:
    return tuple(Line(Joined((said, Number(count)), by=": ")) for said, count in ways if count)
