"""Every table, on one page: what it may hold, and what it must never hold.

Two halves that never meet. **Anonymous**: `drafts`, `markers`, `pool`, `responses`, `open_answers`,
`tallies`. **Identified, by the person's own choice**: `applications`, `subscribers`, `members`,
`coordinators`, `invitations`, `attendance`, `tasks`, `glimpses`, `trail`, `deliveries`. `surveys`,
`batches`, `meetings`, `broadcasts`, `pointers` and `announcements` are about nobody.

For all of them: no chat id, name or contact in clear; no clock time of anything a person did, and
nothing of it finer than a day; no counter and no key that grows, so that no table has an order of
arrival. On SQLite that means WITHOUT ROWID, because a rowid is exactly such a counter.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    false,
)
from sqlalchemy.dialects.sqlite import Insert, insert

metadata: Final = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

drafts: Final = Table(
    "drafts",
    metadata,
    # Keyed by a key outside the database; one for each chat and form.
    Column("tag", LargeBinary(16), primary_key=True),
    Column("form", String(24), nullable=False),
    # Answers, language and message ids of one conversation, sealed; all of one form are one size.
    Column("body", LargeBinary, nullable=False),
    # A day. Never the moment of a tap.
    Column("expires", Date, nullable=False),
    sqlite_with_rowid=False,
)
"""Unfinished conversations. Never: anything in clear that a person said or is."""

markers: Final = Table(
    "markers",
    metadata,
    Column("survey", String(24), primary_key=True),
    # Keyed by a secret outside the database that dies with the survey.
    Column("marker", LargeBinary(16), primary_key=True),
    sqlite_with_rowid=False,
)
"""That some chat has begun or sent a response, so that nobody sends more than the form allows; all
go when the survey is closed. Never: which response, or whether it was sent."""

batches: Final = Table(
    "batches",
    metadata,
    Column("survey", String(24), primary_key=True),
    # Random; the name of the key that all boxes of the survey are sealed with now.
    Column("batch", LargeBinary(8), nullable=False),
    sqlite_with_rowid=False,
)
"""Which key the mix seals with. Never: a counter of batches."""

pool: Final = Table(
    "pool",
    metadata,
    Column("survey", String(24), primary_key=True),
    Column("key", LargeBinary(16), primary_key=True),  # random, and another after each release
    # A response, sealed, with the keys of its later rows; of one size, that of the form's drafts.
    Column("box", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""What waits in the mix until enough others do. Never: anything in clear, or a key that its
response will have."""

responses: Final = Table(
    "responses",
    metadata,
    Column("survey", String(24), primary_key=True),
    # Random, so that the order of the table is no order of arrival.
    Column("key", LargeBinary(16), primary_key=True),
    Column("answers", JSON, nullable=False),
    sqlite_with_rowid=False,
)
"""Closed answers, a row a response, out of the mix. Never: a chat or its tag, a time, a language, a
message id, an open answer, or a column that one of these could be worked out from."""

open_answers: Final = Table(
    "open_answers",
    metadata,
    Column("survey", String(24), primary_key=True),
    Column("key", LargeBinary(16), primary_key=True),
    Column("question", String(24), nullable=False),
    Column("text", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""Answers in people's own words, a row each. Never: what would tie one to its response, to the
background, or to another open answer of the same person."""

tallies: Final = Table(
    "tallies",
    metadata,
    Column("survey", String(24), primary_key=True),
    Column("question", String(24), primary_key=True),
    Column("answer", String(64), primary_key=True),
    Column("count", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""How often each answer was chosen, for a survey that fewer answered than a mix takes; the row
without question and answer counts the responses, and is the only one of a survey that members were
asked. Never: two answers of one response together."""

applications: Final = Table(
    "applications",
    metadata,
    # The person, for whatever points to an applicant: random, made by no key.
    Column("key", LargeBinary(16), primary_key=True),
    Column("tag", LargeBinary(16), nullable=False, unique=True),
    Column("call", String(24), nullable=False),
    # Its Monday: the day itself would stand beside the day a response came.
    Column("week", Date, nullable=False),
    # The chat id and the whole application, sealed; padded to steps.
    Column("body", LargeBinary, nullable=False),
    # Has blocked the bot, as a subscriber has.
    Column("gone", Boolean, nullable=False, server_default=false()),
    sqlite_with_rowid=False,
)
"""Applications to the panel. Never in clear: anything but the call, the week, and that a chat has
blocked the bot."""

subscribers: Final = Table(
    "subscribers",
    metadata,
    Column("key", LargeBinary(16), primary_key=True),
    Column("tag", LargeBinary(16), nullable=False, unique=True),
    # The chat id and the language, sealed; all of one size.
    Column("box", LargeBinary, nullable=False),
    # Has blocked the bot: nothing is sent until they come back.
    Column("gone", Boolean, nullable=False, server_default=false()),
    sqlite_with_rowid=False,
)
"""Who asked to be told of the next survey. Never: what they answered, when they asked, or whether
they applied."""

surveys: Final = Table(
    "surveys",
    metadata,
    Column("name", String(24), primary_key=True),
    Column("source", Text, nullable=False),  # the form's file as it was when opened
    Column("kind", String(16), nullable=False),
    Column("audience", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("opens", Date, nullable=False),
    Column("closes", Date),
    Column("closed_on", Date),
    # How often an official kept it, and whether one has opened its link: never what residents did.
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("met", Boolean, nullable=False, server_default=false()),
    sqlite_with_rowid=False,
)
"""Surveys and calls, also drafts of them, with their state. Never: counters of who answered
when."""

members: Final = Table(
    "members",
    metadata,
    # Random: what deliveries and attendance point to.
    Column("key", LargeBinary(16), primary_key=True),
    # Of the chat; none for a member without Telegram.
    Column("tag", LargeBinary(16), unique=True),
    Column("standing", String(8), nullable=False),
    Column("gone", Boolean, nullable=False),
    Column("revision", Integer, nullable=False),
    # Name, contact, chat id, language, term: sealed; padded to steps.
    Column("box", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""Panel members and the reserve list. Never in clear: who they are. Never: what they answered to a
survey."""

coordinators: Final = Table(
    "coordinators",
    metadata,
    Column("key", LargeBinary(16), primary_key=True),
    Column("tag", LargeBinary(16), nullable=False, unique=True),
    Column("gone", Boolean, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("box", LargeBinary, nullable=False),
    # "coordinator" or "reader".
    Column("role", String(16), nullable=False, server_default="coordinator"),
    sqlite_with_rowid=False,
)
"""The officials: who looks after the panel, and who only reads results. Never in clear: their names
or chats."""

invitations: Final = Table(
    "invitations",
    metadata,
    Column("key", LargeBinary(16), primary_key=True),  # a digest of what stands in the link
    Column("revision", Integer, nullable=False),
    Column("box", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""Links that work once. Never: the link itself, or who opened it."""

meetings: Final = Table(
    "meetings",
    metadata,
    Column("key", LargeBinary(16), primary_key=True),
    Column("revision", Integer, nullable=False),
    # Sealed, because the link and the passcode let anybody in.
    Column("box", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""Meetings that members were called to."""

broadcasts: Final = Table(
    "broadcasts",
    metadata,
    Column("key", LargeBinary(16), primary_key=True),
    Column("revision", Integer, nullable=False),
    # Sealed, because it holds what is not said yet, and who of the office wrote it.
    Column("box", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""What coordinators write to many, half made ones too. Never: to whom, but by circle; never what
somebody else wrote."""

pointers: Final = Table(
    "pointers",
    metadata,
    Column("key", LargeBinary(16), primary_key=True),  # its beginning stands in the link
    Column("revision", Integer, nullable=False),
    Column("box", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""The bot's own links, and where they lead. Never: who opened one, or how many did."""

attendance: Final = Table(
    "attendance",
    metadata,
    Column("meeting", LargeBinary(16), primary_key=True),
    Column("member", LargeBinary(16), primary_key=True),
    Column("coming", String(8), nullable=False),
    sqlite_with_rowid=False,
)
"""Who comes to a meeting, by random keys. Never: when they said so."""

tasks: Final = Table(
    "tasks",
    metadata,
    Column("tag", LargeBinary(16), primary_key=True),
    Column("expires", Date, nullable=False),  # a day, as a draft's
    Column("box", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""What a coordinator, or somebody who joins, is in the midst of telling, one a chat: sealed."""

glimpses: Final = Table(
    "glimpses",
    metadata,
    Column("key", LargeBinary(16), primary_key=True),
    # When the message is taken away at the latest, UTC.
    Column("until", DateTime, nullable=False, index=True),
    Column("box", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""Messages that show a coordinator something of a person, until they are taken away: the chat and
the message id, sealed."""

trail: Final = Table(
    "trail",
    metadata,
    Column("key", LargeBinary(16), primary_key=True),
    Column("box", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""The audit trail: who did what, when; sealed. Never: what residents answered."""

announcements: Final = Table(
    "announcements",
    metadata,
    Column("key", LargeBinary(16), primary_key=True),
    # What makes announcing twice announce once.
    Column("occasion", String(96), nullable=False, unique=True),
    Column("circle", String(16), nullable=False),
    # A meeting's key or a person's; the name of a call; an announcement's key and its edition then.
    Column("of", LargeBinary(24)),
    Column("priority", Integer, nullable=False),
    # The office's times, UTC.
    Column("due", DateTime, nullable=False),
    Column("expires", DateTime, nullable=False),
    Column("state", String(9), nullable=False),
    # Rises when the text is corrected.
    Column("edition", Integer, nullable=False),
    # The texts by language, and what goes with them, sealed: they hold links and passcodes.
    Column("box", LargeBinary, nullable=False),
    # Nothing is sent for now: a coordinator has paused it.
    Column("held", Boolean, nullable=False, server_default=false()),
    # Whoever reads a language that is not written gets nothing.
    Column("only", Boolean, nullable=False, server_default=false()),
    # The languages it is written in, each with the edition since which its text stands.
    Column("languages", JSON, nullable=False, server_default="{}"),
    Index("ix_announcements_state", "state", "due"),
    sqlite_with_rowid=False,
)
"""What the bot says unprompted. Never: to whom, but by circle or random key."""

deliveries: Final = Table(
    "deliveries",
    metadata,
    Column("announcement", LargeBinary(16), primary_key=True),
    # A member's, an official's, a subscriber's, an applicant's.
    Column("person", LargeBinary(16), primary_key=True),
    Column("state", String(9), nullable=False),
    # Telegram's, once sent: what makes correcting possible.
    Column("message", Integer),
    # Which text the person has, or is being sent; 0: not known.
    Column("edition", Integer, nullable=False),
    # Whether it was ever uncertain, and so may have come twice.
    Column("doubted", Boolean, nullable=False),
    # Which text they got first, or may have got; 0: none yet.
    Column("first", Integer, nullable=False, server_default="0"),
    # What became of the last correction where another text had been received.
    Column("mended", String(8), nullable=False, server_default=""),
    # It holds all that is counted: a report of 100,000 does not read the rows.
    Index("ix_deliveries_state", "announcement", "state", "doubted", "edition", "mended"),
    sqlite_with_rowid=False,
)
"""What became of an announcement, a row a person. Never: a chat id, or when."""


def upsert(table: Table, by: str | tuple[str, ...], *replaced: str) -> Insert:
    """A statement that inserts a row or, where `by` is taken, replaces its columns `replaced`."""
    statement = insert(table)
    return statement.on_conflict_do_update(
        index_elements=[by] if isinstance(by, str) else by,
        set_={name: statement.excluded[name] for name in replaced},
    )


def insert_new(table: Table) -> Insert:
    """A statement that inserts a row, and changes nothing where its key is taken."""
    return insert(table).on_conflict_do_nothing()
