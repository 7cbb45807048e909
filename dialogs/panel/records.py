"""What is kept of the panel, as the dialogs see it: identified, by each one's own choice.

Every record has a random `key` of 16 bytes, which is how others point to it, and a `revision`,
which counts how often it was kept: a decision made on a record that has changed since is refused
and made again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime  # noqa: TC003 - read when a record is unpacked
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from dialogs.languages import FINNISH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.announcement import Audience, Reach, Report
    from dialogs.broadcasts.records import Broadcast, Pointer
    from dialogs.life import Running

Text = dict[str, str]
"""A text by language; a language that is not written yet is not there."""


class Standing(StrEnum):
    MEMBER = "member"
    RESERVE = "reserve"
    ENDED = "ended"


class Reason(StrEnum):
    """Why a membership ended."""

    LEFT = "left"  # by themselves
    MOVED = "moved"  # away from the county
    STAFF = "staff"  # joined the county's staff
    DIED = "died"
    TERM = "term"  # its last day came
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the panel or somebody on its reserve list. `contact` is a phone number or an
    e-mail address. `chat` is None for a member without Telegram. Whether somebody on the reserve
    list may take a seat is only what stands here: what a button says can be made up."""

    key: bytes
    name: str = field(repr=False)
    contact: str = field(repr=False)
    language: str
    standing: Standing
    first_day: date
    last_day: date
    chat: int | None = field(default=None, repr=False)
    gone: bool = False  # has blocked the bot
    reason: Reason | None = None
    ended_on: date | None = None
    offered_until: date | None = None  # the last day to answer; None without an open offer
    revision: int = 0


class Role(StrEnum):
    COORDINATOR = "coordinator"
    READER = "reader"  # sees what surveys have come to, and nothing else


@dataclass(frozen=True, slots=True)
class Coordinator:
    """An official; a reader only reads."""

    key: bytes
    name: str = field(repr=False)  # as Telegram showed it when they came
    language: str
    chat: int = field(repr=False)
    gone: bool = False
    role: Role = Role.COORDINATOR
    revision: int = 0


class Purpose(StrEnum):
    """What a link makes whoever opens it."""

    COORDINATOR = "coordinator"
    READER = "reader"
    MEMBER = "member"
    RESERVE = "reserve"
    MOVE = "move"  # brings the membership of `member` to another Telegram account


class Use(StrEnum):
    OPEN = "open"
    USED = "used"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that works once. `key` is the digest of what stands in the link, which is not kept."""

    key: bytes
    purpose: Purpose
    expires: datetime  # aware
    made_on: date
    made_by: str  # a coordinator's name; '' from the terminal
    use: Use = Use.OPEN
    member: bytes | None = None
    revision: int = 0


class Held(StrEnum):
    """A meeting's life; drafts of meetings are tasks, not meetings."""

    CALLED = "called"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Was:
    """What a meeting was before the last change that members were told of."""

    start: datetime
    end: datetime
    theme: Text
    link: str
    meeting_id: str
    passcode: str
    phone: str
    material_link: str
    material_file: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting that members have been called to. `start` and `end` are aware, Helsinki time.
    `version` rises with each change, `told` is that of the last one that members were told of: the
    calendar's SEQUENCE. `asked_at` is when an invitation that waits for the morning goes out: until
    then nobody knows of the meeting. `first_start` is for when members were first called to one
    that was moved since."""

    key: bytes
    start: datetime
    end: datetime
    theme: Text
    link: str
    meeting_id: str = ""
    passcode: str = ""
    phone: str = ""  # of the meeting, to call in
    material_link: str = ""
    material_file: str = ""  # Telegram's file_id
    material_name: str = ""
    reminders: tuple[int, ...] = (7 * 24, 24, 1)  # hours before the start
    held: Held = Held.CALLED
    was: Was | None = None
    reason: Text = field(default_factory=dict)  # why it was cancelled, where that is told
    version: int = 0
    told: int = 0
    asked_at: datetime | None = None  # aware; None where the invitation did not wait
    first_start: datetime | None = None  # aware
    revision: int = 0


class Coming(StrEnum):
    IN = "in"
    OUT = "out"
    MAYBE = "maybe"


@dataclass(frozen=True, slots=True)
class Attendance:
    """What a member has answered to a meeting, as it was at its `revision`: an answer to what has
    changed since is refused."""

    meeting: bytes
    member: bytes
    coming: Coming
    revision: int


@dataclass(frozen=True, slots=True)
class Task:
    """Something a person is in the midst of telling the bot, step by step: one at a time in a chat.
    `card` is the message it goes on from."""

    kind: str
    step: str
    language: str = FINNISH
    given: dict[str, str] = field(default_factory=dict, repr=False)
    card: int | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class Deed:
    """A line of the audit trail: who did what, when; never what residents answered. `what` is one
    of the deeds that `dialogs.panel.trail` can say; `about` names what it was done to."""

    when: datetime  # aware
    who: str  # a coordinator's name; '' from the terminal
    what: str
    about: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Received:
    """How many have sent a response, or an application: as they are released, and what is still
    being mixed. `few`: too few for more than counts."""

    released: int
    mixing: int
    few: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """All of it, at one moment. Meetings by their start, members and coordinators by name, the
    trail from the newest. What takes long to count is there only on the pages that show it: see
    `dialogs.panel.door.wants`."""

    members: tuple[Member, ...] = ()
    coordinators: tuple[Coordinator, ...] = ()
    invitations: tuple[Invitation, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    attendance: Mapping[tuple[bytes, bytes], Coming] = field(default_factory=dict)
    trail: tuple[Deed, ...] = ()
    reports: Mapping[str, Report] = field(default_factory=dict)  # by occasion
    readers: tuple[Coordinator, ...] = ()
    surveys: tuple[Running, ...] = ()  # and calls; also drafts, and what is archived
    received: Mapping[str, Received] = field(default_factory=dict)  # by survey
    broadcasts: tuple[Broadcast, ...] = ()  # the newest first
    pointers: tuple[Pointer, ...] = ()
    reach: Mapping[Audience, Reach] = field(default_factory=dict)
    forms: Mapping[str, str] = field(default_factory=dict)  # forms to be opened: name, file's text

    def member(self, key: bytes) -> Member | None:
        return next((one for one in self.members if one.key == key), None)

    def meeting(self, key: bytes) -> Meeting | None:
        return next((one for one in self.meetings if one.key == key), None)

    def coming(self, meeting: Meeting, member: Member) -> Coming | None:
        return self.attendance.get((meeting.key, member.key))

    @property
    def seated(self) -> tuple[Member, ...]:
        """The members of now."""
        return tuple(one for one in self.members if one.standing is Standing.MEMBER)


Record: TypeAlias = (
    "Member | Coordinator | Invitation | Meeting | Attendance | Broadcast | Pointer | Running"
)
"""What one change may keep."""
