"""What a meeting comes to, said unprompted: when, to whom, and until when it is of use.

A meeting is called, changed or cancelled, and each time the plan is made anew from the meeting and
the moment alone. Its occasions bear the meeting's version, so that planning twice plans once, and
whatever is left of an earlier version can be taken back by its name.

An announcement is of use until the next one says it better. Nothing but a change, a cancellation
and what could not wait falls in quiet hours: a reminder comes before them, anything else after.

Moments are UTC here, so that they compare as they pass, not as the wall shows them.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from dialogs.announcement import Announcement, Audience, Circle, Priority
from dialogs.languages import LANGUAGES
from dialogs.panel import notices
from dialogs.panel.buttons import short
from dialogs.panel.hours import (
    DAY,
    HOUR,
    after_quiet,
    before_quiet,
    days_before,
    days_between,
    hours_before,
    midnight,
)
from dialogs.panel.records import Held, Was

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from dialogs.panel.hours import Quiet
    from dialogs.panel.records import Meeting, Member, Text
    from dialogs.screens import Card

NUDGE_DAYS: Final = 3
AFTER_ASKING: Final = DAY
"""Nobody is nudged sooner after being asked."""

THANKS_AFTER: Final = timedelta(minutes=30)
"""A meeting may last a little longer than it was meant to."""

THANKS_FOR: Final = 2 * DAY

_EVER: Final = datetime.min.replace(tzinfo=UTC)
"""Before any meeting."""


class Kind(StrEnum):
    """What is said of a meeting; reminders bear their hours, `remind-24`."""

    INVITE = "invite"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    LATE = "late"  # the invitation of one who joined later
    REMIND = "remind"
    NUDGE = "nudge"
    THANKS = "thanks"


@dataclass(frozen=True, slots=True)
class Planned:
    """An announcement without its words. `due` and `expires` are UTC. `asks`: a reminder that takes
    the place of the nudge."""

    kind: Kind
    occasion: str
    audience: Audience
    due: datetime
    expires: datetime
    priority: Priority
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """The meeting as it is to be kept, and what is planned, withdrawn and corrected because of it.
    `asks_again`: what members have answered to it does not count any more."""

    meeting: Meeting
    plan: tuple[Announcement, ...] = ()
    withdraw: tuple[str, ...] = ()
    correct: tuple[Announcement, ...] = ()
    asks_again: bool = False


def planned(meeting: Meeting, now: datetime, quiet: Quiet) -> tuple[Planned, ...]:
    """What a meeting comes to that is called now."""
    if _over(meeting, now):
        return ()
    invite = _asking(Kind.INVITE, meeting, now, quiet)
    return (invite, *_ahead(meeting, quiet, invite.due, invite.due))


def call(meeting: Meeting, meetings: Iterable[Meeting], now: datetime, quiet: Quiet) -> Plan:
    """A new meeting; `meetings` are those that are kept so far."""
    ahead = planned(meeting, now, quiet)
    for invite in ahead[:1]:
        meeting = _asked(meeting, invite, now)
    among = _Among(meetings, meeting)
    return Plan(meeting, among.announced(ahead), correct=among.thanks_anew(now, quiet))


def change(
    old: Meeting, new: Meeting, meetings: Iterable[Meeting], now: datetime, quiet: Quiet
) -> Plan:
    """`new` is `old` with what a coordinator changed in it. Members are told of what concerns them,
    or invited to what it is now, where their invitation still waits; a text that only came in
    another language is put in place; other reminders are planned anew. Nobody is called to what is
    over: a change into the past is none, and of the past not told."""
    if old.held is Held.CANCELLED or new == old:
        return Plan(old)
    if _over(new, now):
        return Plan(new if _over(old, now) else old)
    differing = notices.differing(_was(old), new)
    if differing:
        version = old.version + 1
        new = replace(new, version=version, told=version)
        if _is_unheard(old, now):
            told = _asking(Kind.INVITE, new, now, quiet)
            new = _asked(new, told, now)
        else:
            new = replace(new, was=_was(old), first_start=_first_start(old, new))
            told = _told(new, now)
        among = _Among(meetings, new)
        return Plan(
            new,
            among.announced((told, *_ahead(new, quiet, told.due, told.due))),
            withdraw=(_occasion(new),),
            correct=among.thanks_anew(now, quiet),
            asks_again=notices.Part.TIME in differing,
        )
    withdraw: tuple[str, ...] = ()
    ahead: tuple[Planned, ...] = ()
    if set(new.reminders) != set(old.reminders):
        withdraw = tuple(_occasion(old, kind) for kind in (Kind.REMIND, Kind.NUDGE, Kind.THANKS))
        new = replace(new, version=old.version + 1)
        ahead = _ahead(new, quiet, now, now - AFTER_ASKING)
    corrected = translate(new, meetings, now, quiet) if new.theme != old.theme else ()
    return Plan(new, _Among(meetings, new).announced(ahead), withdraw, corrected)


def cancel(
    meeting: Meeting, reason: Text, meetings: Iterable[Meeting], now: datetime, quiet: Quiet
) -> Plan:
    """A meeting that is not held; `reason` may be empty, or lack a language. Nobody is told who was
    never invited."""
    if meeting.held is Held.CANCELLED or _over(meeting, now):
        return Plan(meeting)
    version = meeting.version + 1
    new = replace(meeting, held=Held.CANCELLED, reason=reason, version=version, told=version)
    among = _Among(meetings, new)
    told = () if _is_unheard(meeting, now) else (_told(new, now),)
    return Plan(
        new,
        among.announced(told),
        withdraw=(_occasion(new),),
        correct=among.thanks_anew(now, quiet),
    )


def translate(
    meeting: Meeting, meetings: Iterable[Meeting], now: datetime, quiet: Quiet
) -> tuple[Announcement, ...]:
    """A theme or a reason that is now there in more languages, put in place wherever it is or will
    be read: the same occasions, other texts. Those that were never planned change nothing."""
    among = _Among(meetings, meeting)
    said = among.announced((_told(meeting, now),))
    if meeting.held is Held.CANCELLED:
        return said
    ahead = _ahead(meeting, quiet, _EVER, _EVER)
    return (*said, *among.announced(ahead), *among.thanks_naming(now, quiet))


def late(member: Member, meeting: Meeting, now: datetime, quiet: Quiet) -> tuple[Announcement, ...]:
    """The invitation for one who joined after the others were invited. The rest of what is ahead
    reaches them with everybody else."""
    if _over(meeting, now) or _is_unheard(meeting, now):
        return ()  # in time for everybody's
    asking = _asking(Kind.LATE, meeting, now, quiet)
    person = member.key.hex()
    asking = replace(
        asking,
        occasion=f"{asking.occasion}:{person}",
        audience=Audience(Circle.PERSON, person),
    )
    return _Among((), meeting).announced((asking,))


def _over(meeting: Meeting, now: datetime) -> bool:
    """Whether there is nothing more to come."""
    return meeting.held is Held.CANCELLED or _utc(meeting.end) <= _utc(now)


def _is_unheard(meeting: Meeting, now: datetime) -> bool:
    """Whether its invitation still waits."""
    return meeting.asked_at is not None and _utc(now) < _utc(meeting.asked_at)


def _asked(meeting: Meeting, invite: Planned, now: datetime) -> Meeting:
    return replace(meeting, asked_at=invite.due if invite.due > _utc(now) else None)


def _first_start(old: Meeting, new: Meeting) -> datetime | None:
    moved = _utc(old.start) != _utc(new.start)
    return old.start if moved and old.first_start is None else old.first_start


def _was(meeting: Meeting) -> Was:
    return Was(**{part.name: getattr(meeting, part.name) for part in fields(Was)})


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _occasion(meeting: Meeting, kind: str = "") -> str:
    """Without a kind, the beginning of all of the meeting's; `remind` begins all of its
    reminders."""
    version = f"{meeting.version}:{kind}" if kind else ""
    return f"meeting:{short(meeting.key)}:{version}"


def _asking(kind: Kind, meeting: Meeting, now: datetime, quiet: Quiet) -> Planned:
    """An invitation: now, or when the quiet hours end; but in them, where it could not wait."""
    local = now.astimezone(meeting.start.tzinfo)
    due, priority = _utc(after_quiet(local, quiet)), Priority.REMINDER
    if due != _utc(now) and due > _utc(meeting.start) - HOUR:
        due, priority = _utc(now), Priority.CHANGE
    return Planned(
        kind,
        _occasion(meeting, kind),
        Audience(Circle.MEMBERS),
        due,
        _utc(meeting.end),
        priority,
    )


def _told(meeting: Meeting, now: datetime) -> Planned:
    """What members were last told of the meeting, at once."""
    if meeting.held is Held.CANCELLED:
        kind = Kind.CANCELLED
    else:
        kind = Kind.INVITE if meeting.was is None else Kind.CHANGED
    return Planned(
        kind,
        _occasion(replace(meeting, version=meeting.told), kind),
        Audience(Circle.MEMBERS),
        _utc(now),
        _utc(meeting.end),
        Priority.CHANGE,
    )


def _ahead(meeting: Meeting, quiet: Quiet, since: datetime, asked: datetime) -> tuple[Planned, ...]:
    """What comes after members were told of a meeting at `since`, and asked at `asked`."""
    reminders = tuple(_reminders(meeting, quiet, since))
    nudge = _nudge(meeting, quiet, asked, reminders)
    return (*reminders, *nudge, _thanks(meeting, quiet))


def _reminders(meeting: Meeting, quiet: Quiet, since: datetime) -> Iterator[Planned]:
    """The nearest to the meeting first. Whatever would say the same within the hour is left out,
    and nothing says "tomorrow" after midnight."""
    until = _utc(meeting.start)
    nudge = _nudge_due(meeting, quiet)
    for hours in sorted(set(meeting.reminders)):
        at = before_quiet(hours_before(meeting.start, hours), quiet)
        due = _utc(at)
        if _utc(since) + HOUR <= due <= until - HOUR:
            near = days_between(at, meeting.start) <= 1
            expires = min(until, _utc(midnight(at))) if near else until
            yield Planned(
                Kind.REMIND,
                _occasion(meeting, f"{Kind.REMIND}-{hours}"),
                Audience(Circle.MEMBERS),
                due,
                expires,
                Priority.REMINDER,
                asks=abs(due - nudge) < HOUR,
            )
            until = due


def _nudge(
    meeting: Meeting, quiet: Quiet, asked: datetime, reminders: Collection[Planned]
) -> Iterator[Planned]:
    due = _nudge_due(meeting, quiet)
    if due >= _utc(asked) + AFTER_ASKING and not any(one.asks for one in reminders):
        following = (one.due for one in reminders if one.due > due)
        yield Planned(
            Kind.NUDGE,
            _occasion(meeting, Kind.NUDGE),
            Audience(Circle.UNANSWERED, meeting.key.hex()),
            due,
            min(following, default=_utc(meeting.start)),
            Priority.REMINDER,
        )


def _nudge_due(meeting: Meeting, quiet: Quiet) -> datetime:
    return _utc(before_quiet(days_before(meeting.start, NUDGE_DAYS), quiet))


def _thanks(meeting: Meeting, quiet: Quiet) -> Planned:
    at = (_utc(meeting.end) + THANKS_AFTER).astimezone(meeting.end.tzinfo)
    due = _utc(after_quiet(at, quiet))
    return Planned(
        Kind.THANKS,
        _occasion(meeting, Kind.THANKS),
        Audience(Circle.MEMBERS),
        due,
        due + THANKS_FOR,
        Priority.REMINDER,
    )


class _Among:
    """A meeting among the others: thanks name the one that comes next."""

    def __init__(self, meetings: Iterable[Meeting], meeting: Meeting) -> None:
        self._meeting = meeting
        self._before = tuple(meetings)
        self._after = (*(one for one in self._before if one.key != meeting.key), meeting)

    def announced(self, planned: Iterable[Planned]) -> tuple[Announcement, ...]:
        """With words."""
        return tuple(self._announced(one, self._meeting) for one in planned)

    def thanks_anew(self, now: datetime, quiet: Quiet) -> tuple[Announcement, ...]:
        """The thanks of other meetings that will name another one next."""
        return tuple(
            thanks
            for one, thanks in self._other_thanks(now, quiet)
            if _next(one, self._before) != _next(one, self._after)
        )

    def thanks_naming(self, now: datetime, quiet: Quiet) -> tuple[Announcement, ...]:
        """The thanks of other meetings that will name this one."""
        return tuple(
            thanks
            for one, thanks in self._other_thanks(now, quiet)
            if _next(one, self._after) == self._meeting
        )

    def _other_thanks(self, now: datetime, quiet: Quiet) -> Iterator[tuple[Meeting, Announcement]]:
        for one in self._after:
            if one.key != self._meeting.key and one.held is Held.CALLED:
                thanks = _thanks(one, quiet)
                if thanks.due > _utc(now):
                    yield one, self._announced(thanks, one)

    def _announced(self, planned: Planned, meeting: Meeting) -> Announcement:
        cards = {language: self._card(planned, meeting, language) for language in LANGUAGES}
        told = planned.kind in (Kind.INVITE, Kind.LATE, Kind.CHANGED, Kind.CANCELLED)
        return Announcement(
            planned.occasion,
            planned.audience,
            cards,
            planned.due,
            planned.expires,
            planned.priority,
            notices.calendar(meeting) if told else None,
        )

    def _card(self, planned: Planned, meeting: Meeting, language: str) -> Card:
        match planned.kind:
            case Kind.REMIND:
                return notices.reminder(meeting, planned.due, language, asks=planned.asks)
            case Kind.NUDGE:
                return notices.nudge(meeting, language)
            case Kind.THANKS:
                return notices.thanks(meeting, _next(meeting, self._after), language)
            case Kind.CANCELLED:
                return notices.cancelled(meeting, language)
            case Kind.CHANGED if meeting.was is not None:
                return notices.changed(meeting, meeting.was, planned.due, language)
            case _:
                return notices.invitation(meeting, planned.due, language)


def _next(meeting: Meeting, meetings: Iterable[Meeting]) -> Meeting | None:
    """The meeting called for after this one."""
    after = (
        one for one in meetings if one.held is Held.CALLED and _utc(one.start) > _utc(meeting.start)
    )
    return min(after, key=lambda one: _utc(one.start), default=None)
