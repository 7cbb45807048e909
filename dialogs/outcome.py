"""What a decision comes to: what is remembered, then what is said.

Each effect is one transaction of its own, carried out in order. What belongs to the anonymous
survey and what belongs to the person never share one. Only when all are committed does the bot
speak.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from dialogs.forms.model import Audience
from dialogs.panel.records import Standing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from dialogs.announcement import Announcement
    from dialogs.broadcasts.records import Broadcast, Pointer
    from dialogs.forms.answers import Answers
    from dialogs.forms.draft import Draft
    from dialogs.forms.model import Form
    from dialogs.life import Running
    from dialogs.office import Office
    from dialogs.panel.records import (
        Coordinator,
        Deed,
        Invitation,
        Meeting,
        Member,
        Panel,
        Record,
        Task,
    )
    from dialogs.screens import Card, Say


@dataclass(frozen=True, slots=True)
class Turned:
    """When a tapped card came to ask the question of this `revision`: seconds since 1970, by the
    clock that stamps what is typed."""

    form: str
    revision: int
    since: int


TRIAL: Final = "trial"
"""The name under which a form is tried out; no survey has it."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A form that a coordinator tries out: `survey` as it would be while it is open, under the name
    `TRIAL`; `draft` what has been answered so far."""

    survey: Running
    draft: Draft | None = None
    of: str = ""  # the name that the survey has elsewhere


@dataclass(frozen=True, slots=True)
class Here:
    """All that a decision may look at: one chat, one moment."""

    office: Office
    running: tuple[Running, ...]  # each as it is now
    drafts: Mapping[str, Draft]  # this chat's, of surveys and calls that still take them
    now: datetime  # Helsinki wall clock
    chance: int  # a random number below 2^20
    phone: str  # the language the phone is set to, as served
    subscribed: bool = False
    taken: Mapping[str, int] = field(default_factory=dict)  # responses begun or sent, by survey
    applications: Mapping[str, Answers] = field(default_factory=dict)  # this chat's, by call
    turned: Turned | None = None
    chat: int = field(default=0, repr=False)
    name: str = field(default="", repr=False)  # the person's first name in Telegram
    bot_link: str = ""  # https://t.me/NAME; '' while Telegram has not told
    fresh: bytes = field(default=b"", repr=False)  # 32 random bytes
    panel: Panel | None = None  # of those whom it concerns
    member: Member | None = None  # this chat's own record, also of a reserve
    coordinator: Coordinator | None = None
    invitation: Invitation | None = None  # what the link that was opened stands for
    task: Task | None = None  # what this chat is in the midst of telling
    reader: Coordinator | None = None  # an official who only reads
    pointer: Pointer | None = None  # what the bot's own link that was opened leads to
    brought: str | None = None  # the text of a file that was sent and asked for; None: unreadable
    trial: Trial | None = None

    @property
    def today(self) -> date:
        return self.now.date()

    def find(self, name: str) -> Running | None:
        """The survey or call of that name; None where none was ever opened."""
        return next((survey for survey in self.running if survey.name == name), None)

    def form(self, name: str) -> Form:
        """The form of a survey that is here. Raises KeyError where it is not."""
        running = self.find(name)
        if running is None:
            raise KeyError(name)
        return running.form

    def asks(self, survey: Running) -> bool:
        """Whether the survey is for whoever is here: some only the members of the panel are
        asked."""
        seated = self.member is not None and self.member.standing is Standing.MEMBER
        return seated or survey.form.audience is Audience.EVERYONE

    def left(self, survey: Running) -> int:
        """How many more responses this chat may begin to a survey."""
        return max(0, survey.form.responses_per_chat - self.taken.get(survey.name, 0))

    @property
    def unfinished(self) -> tuple[Draft, ...]:
        """This chat's drafts, in the order of the surveys and calls; the mapping has none."""
        return tuple(self.drafts[one.name] for one in self.running if one.name in self.drafts)

    @property
    def active(self) -> Draft | None:
        return next((draft for draft in self.drafts.values() if draft.active), None)


@dataclass(frozen=True, slots=True)
class Save:
    """Keep this draft; it lives for the office's days of drafts from today."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class Erase:
    """Erase the draft of this form."""

    form: str


@dataclass(frozen=True, slots=True)
class Finish:
    """The draft goes and the response comes, open answers apart from the rest."""

    survey: str
    closed: Mapping[str, Any]
    opened: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Apply:
    """The draft goes and the application is kept, in place of an earlier one."""

    call: str
    language: str
    answers: Answers


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Erase the application to this call."""

    call: str


@dataclass(frozen=True, slots=True)
class Subscribe:
    language: str


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    pass


@dataclass(frozen=True, slots=True)
class Change:
    """What is kept of the panel, changed as a whole: refused where one of the records in `keep` was
    changed meanwhile. `plan` announces, once for each occasion; `withdraw` takes back what is not
    yet sent of the occasions that begin so; `correct` gives an occasion other texts, also where
    they were received. What is planned for those who had the old ones is planned before that."""

    keep: tuple[Record, ...] = ()
    erase: tuple[
        Member | Coordinator | Invitation | Meeting | Broadcast | Pointer | Running, ...
    ] = ()
    ask_again: tuple[bytes, ...] = ()  # keys of meetings: what was answered counts no more
    ask_anew: tuple[tuple[bytes, bytes], ...] = ()  # of a meeting and a member: that answer neither
    withdraw: tuple[str, ...] = ()  # before anything is planned
    plan: tuple[Announcement, ...] = ()
    correct: tuple[Announcement, ...] = ()
    retract: tuple[Announcement, ...] = ()  # the same, and who has not got it does not get it
    hold: tuple[str, ...] = ()  # nothing is sent of the occasions that begin so, for now
    go_on: tuple[str, ...] = ()
    trail: tuple[Deed, ...] = ()


@dataclass(frozen=True, slots=True)
class Lay:
    """Keep what this chat is in the midst of telling; None: it is done, or dropped."""

    task: Task | None


@dataclass(frozen=True, slots=True)
class Try:
    """Keep the trial of a form in mind, and nowhere else; None: it is over."""

    trial: Trial | None


Effect = Save | Erase | Finish | Apply | Withdraw | Subscribe | Unsubscribe | Change | Lay | Try


@dataclass(frozen=True, slots=True)
class Outcome:
    cards: tuple[Card, ...] = ()
    effects: tuple[Effect, ...] = ()
    draft: Draft | None = None  # whose conversation the cards belong to, as just saved
    close: tuple[int, ...] = ()  # cards whose buttons are to be taken away
    remove: tuple[int, ...] = ()  # messages to be deleted
    toast: Say | None = None  # said besides a card, never instead of one
