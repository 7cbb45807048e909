"""What the bot will say unprompted, and its way from the plan to one delivery for each person.

An announcement is planned inside the transaction of what it tells about, once for each occasion.
When it is due its audience is written out in batches, each a transaction, so that nobody who
answers waits long. It opens with its last batch; a batch written again, after a crash, changes
nothing. Taking it back and its end are one word here: the outbox brings them to the deliveries.

A correction is another *edition*: the texts are kept anew, and beside each language the edition
since which its text stands, so that only those are edited whose text has changed. Who had the
edition before is a circle of its own. A retraction is a correction of what is taken back.
"""

from __future__ import annotations

import json
import secrets
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sqlalchemy import case, delete, exists, false, func, literal, null, select, true, update
from sqlalchemy.dialects.sqlite import insert as insert_or

from dialogs.announcement import (
    ANNOUNCEMENT,
    Audience,
    Circle,
    Mended,
    Priority,
    Report,
    Stage,
    State,
    Step,
)
from dialogs.languages import FINNISH
from dialogs.panel.records import Role, Standing
from storage.sealed import TAG, Identity, Unopened, identity, seal, unseal
from storage.tables import (
    announcements,
    applications,
    attendance,
    coordinators,
    deliveries,
    insert_new,
    members,
    subscribers,
)
from storage.walking import walked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement, Row, Table
    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.database import Store

STEP: Final = 1024
"""Bytes: a sealed text is a whole number of these long."""

BATCH: Final = 2000
"""Deliveries in one transaction: some hundredths of a second in which nobody else writes."""

_PERSONS: Final = (members, coordinators, subscribers, applications)

TABLES: Final[dict[Circle, tuple[Table, ...]]] = {
    Circle.MEMBERS: (members,),
    Circle.UNANSWERED: (members,),
    Circle.RESERVE: (members,),
    Circle.COORDINATORS: (coordinators,),
    Circle.SUBSCRIBERS: (subscribers,),
    Circle.APPLICANTS: (applications,),
    Circle.PERSON: (members, coordinators, subscribers),
    Circle.RECEIVED: _PERSONS,
    Circle.DOUBTED: _PERSONS,
}
"""Where the persons of a circle are kept."""

CORRECTED: Final = (Circle.RECEIVED, Circle.DOUBTED)
"""The circles of those who had an edition of another announcement."""

_EDITION: Final = 4  # bytes of an edition, after the key of its announcement
_ON_THE_WAY: Final = (str(State.WAITING), str(State.SENDING), str(State.UNCERTAIN))
_TO_SEND: Final = (str(State.WAITING), str(State.UNCERTAIN))
_MISSED: Final = (str(State.LEFT), str(State.FAILED), str(State.EXPIRED))

_a, _d = announcements.c, deliveries.c
_OUTDATED: Final = exists().where(
    _d.announcement == _a.key,
    _d.state == str(State.SENT),
    _d.doubted.in_([False, True]),  # says nothing, but brings the index to the edition
    _d.edition < _a.edition,
)
_PENDING: Final = exists().where(_d.announcement == _a.key, _d.state.in_(_TO_SEND))


@dataclass(frozen=True, slots=True)
class Planned:
    """An announcement, its letters packed; see `dialogs.announcement.Announcement`."""

    occasion: str
    audience: Audience
    priority: Priority
    due: datetime  # aware
    expires: datetime  # aware
    body: bytes = field(repr=False)  # JSON: the letters by language
    only: bool = False


@dataclass(frozen=True, slots=True)
class Current:
    """An announcement that there is something to do for. `pending`: somebody waits for it;
    `outdated`: somebody has a text that was corrected since. `languages` are those it is written
    in, each with the edition since which its text stands."""

    key: bytes
    circle: Circle
    of: bytes | None
    priority: Priority
    expires: datetime  # aware
    stage: Stage
    edition: int
    pending: bool
    outdated: bool
    held: bool = False
    only: bool = False
    languages: Mapping[str, int] = field(default_factory=dict)

    def reaches(self, language: str) -> bool:
        """Whether there is something to read for those who read the language."""
        return language in self.languages or not self.only

    def stands(self, language: str, edition: int) -> bool:
        """Whether the text that those who read the language have, of that edition, still stands;
        of 0, where it is not known which they have, it does not."""
        since = in_language(self.languages, language) if self.languages else self.edition
        return edition >= since or not self.reaches(language)


Letter = TypeVar("Letter")


def in_language(letters: Mapping[str, Letter], language: str) -> Letter:
    """The person's letter; where theirs is not written, the Finnish one, or what there is."""
    if language in letters:
        return letters[language]
    return letters[FINNISH] if FINNISH in letters else next(iter(letters.values()))


async def plan(connection: AsyncConnection, keys: Identity, planned: Sequence[Planned]) -> None:
    """Plan them, in the caller's transaction; an occasion that is known already stays as it is."""
    for one in planned:
        key = secrets.token_bytes(16)
        row = {
            "key": key,
            "occasion": one.occasion,
            "circle": str(one.audience.circle),
            "of": await _of(connection, one.audience),
            "priority": int(one.priority),
            "due": utc(one.due),
            "expires": utc(one.expires),
            "state": str(Stage.PLANNED),
            "edition": 1,
            "box": _sealed(keys, key, one.body),
            "only": one.only,
            "languages": dict.fromkeys(json.loads(one.body), 1),
        }
        await connection.execute(insert_new(announcements), row)


async def _of(connection: AsyncConnection, audience: Audience) -> bytes | None:
    """Whom the audience points to at this moment, as the tables have it."""
    if audience.circle not in CORRECTED:
        return pointed_to(audience)
    corrected = select(_a.key, _a.edition).where(_a.occasion == audience.of)
    row = (await connection.execute(corrected)).one_or_none()
    if row is None:  # long over and forgotten: nobody
        return bytes(TAG + _EDITION)
    return bytes(row.key) + int(row.edition).to_bytes(_EDITION, "big")


async def withdraw(connection: AsyncConnection, prefix: str) -> None:
    """Take back what is not yet sent of the occasions that begin with `prefix`."""
    taken_back = walked(announcements, ANNOUNCEMENT, Step.TAKEN_BACK)
    await connection.execute(taken_back.where(_begins(prefix)))


async def correct(connection: AsyncConnection, keys: Identity, planned: Sequence[Planned]) -> None:
    """Give announcements another text, for those who have the one before as well. An occasion that
    is not known, or a text that is the same, changes nothing."""
    for one in planned:
        asked = select(_a.key, _a.box, _a.edition, _a.only, _a.languages)
        asked = asked.where(_a.occasion == one.occasion)
        row = (await connection.execute(asked)).one_or_none()
        if row is None:
            continue
        before = _unsealed(keys, row.key, row.box)
        if before == one.body:
            continue
        new = {
            "box": _sealed(keys, row.key, one.body),
            "edition": row.edition + 1,
            "languages": _standing(row, before, one.body),
        }
        at = _a.key == row.key
        await connection.execute(update(announcements).where(at).values(new))
        await connection.execute(walked(announcements, ANNOUNCEMENT, Step.CORRECTED).where(at))


def _standing(row: Row[*tuple[Any, ...]], before: bytes | None, after: bytes) -> dict[str, int]:
    """Since which edition the text of each language stands, once `before` has become `after`."""
    was, now = json.loads(before or b"{}"), json.loads(after)
    if not (row.only or was.keys() <= now.keys()):  # who had one that is gone reads another now
        was = {}
    return {
        language: row.languages.get(language, row.edition)
        if was.get(language) == letter
        else row.edition + 1
        for language, letter in now.items()
    }


async def retract(connection: AsyncConnection, keys: Identity, planned: Sequence[Planned]) -> None:
    """Take announcements back wherever they were received too; whoever has not got them does not
    get them any more."""
    await correct(connection, keys, planned)
    taken_back = walked(announcements, ANNOUNCEMENT, Step.TAKEN_BACK)
    for one in planned:
        await connection.execute(taken_back.where(_a.occasion == one.occasion))


async def hold(connection: AsyncConnection, prefix: str, *, held: bool) -> None:
    """Send nothing of the occasions that begin with `prefix`, for now; or go on with them."""
    await connection.execute(update(announcements).where(_begins(prefix)).values(held=held))


async def current(store: Store, now: datetime) -> list[Current]:
    """What there may be something to do for, in the order it is sent."""
    found = select(
        *(_a.key, _a.circle, _a.of, _a.priority, _a.expires, _a.state, _a.edition),
        *(_a.held, _a.only, _a.languages),
        _PENDING.label("pending"),
        _OUTDATED.label("outdated"),
    ).where(
        _a.state.in_([str(Stage.OPEN), str(Stage.WITHDRAWN)])
        | ((_a.state == str(Stage.PLANNED)) & (_a.due <= utc(now)))
    )
    async with store.reading() as connection:
        rows = (await connection.execute(found.order_by(_a.priority, _a.due, _a.key))).all()
    return [
        Current(
            row.key,
            Circle(row.circle),
            row.of,
            Priority(row.priority),
            row.expires.replace(tzinfo=UTC),
            Stage(row.state),
            row.edition,
            row.pending,
            row.outdated,
            row.held,
            row.only,
            row.languages,
        )
        for row in rows
    ]


async def as_they_are(connection: AsyncConnection, these: Iterable[Current]) -> list[Current]:
    """The same at this moment: what was taken back, held or corrected since they were looked at
    counts before anything is sent."""
    those = {one.key: one for one in these}
    if not those:
        return []
    asked = select(_a.key, _a.state, _a.held, _a.edition, _a.languages)
    found = await connection.execute(asked.where(_a.key.in_([*those])))
    rows = {row.key: row for row in found}
    return [
        replace(
            one,
            edition=row.edition,
            languages=row.languages,
            pending=one.pending and row.state == str(Stage.OPEN) and not row.held,
        )
        for key, one in those.items()
        if (row := rows.get(key)) is not None
    ]


async def text(store: Store, key: bytes) -> tuple[int, bytes] | None:
    """The edition an announcement has now, and its body; None where it is gone, or does not
    open."""
    async with store.reading() as connection:
        found = await connection.execute(select(_a.edition, _a.box).where(_a.key == key))
        row = found.one_or_none()
    if row is None:
        return None
    body = _unsealed(identity(store.keys.identity), key, row.box)
    return None if body is None else (row.edition, body)


async def is_known(store: Store, one: Current) -> bool:
    """Whether it is known who is in the audience: not, while somebody is being sent the text that
    was corrected since."""
    if one.circle not in CORRECTED:
        return True
    of, edition = _corrected(one)
    asked = select(_d.person).where(
        _d.announcement == of, _d.state == str(State.SENDING), _d.edition <= edition
    )
    async with store.reading() as connection:
        return (await connection.execute(asked.limit(1))).first() is None


async def write_out(store: Store, one: Current, after: bytes | None) -> bytes | None:
    """Write the next batch of the audience, from the key `after` on; the key to go on from, or
    None: with this one the announcement is open."""
    upto: bytes | None = None
    async with store.writing() as connection:
        asked = select(_a.state, _a.held).where(_a.key == one.key)
        row = (await connection.execute(asked)).one_or_none()
        if row is None or row.state != str(Stage.PLANNED) or row.held > one.held:
            return None  # taken back or held meanwhile
        for person, gone, those in _sources(one):
            if after is not None:
                those &= person > after
            if one.circle is not Circle.PERSON:
                last = select(person).where(those).order_by(person)
                found = await connection.execute(last.offset(BATCH - 1).limit(1))
                upto = found.scalar_one_or_none()
                if upto is not None:
                    those &= person <= upto
            await connection.execute(_written(one, person, gone, those))
        if upto is None:
            opened = walked(announcements, ANNOUNCEMENT, Step.OPENED)
            await connection.execute(opened.where(_a.key == one.key))
    return upto


async def end(connection: AsyncConnection, key: bytes) -> bool:
    """Whether nothing of the announcement is on its way any more; then it has ended."""
    over = walked(announcements, ANNOUNCEMENT, Step.OVER).where(
        _a.key == key,
        ~_OUTDATED,
        ~exists().where(_d.announcement == _a.key, _d.state.in_(_ON_THE_WAY)),
    )
    return (await connection.execute(over)).rowcount == 1


async def forget(store: Store, before: datetime) -> None:
    """Erase what was of no more use before the moment `before`, and to whom it went."""
    old = select(_a.key).where(_a.expires < utc(before), _a.state == str(Stage.ENDED))
    async with store.writing() as connection:
        await connection.execute(delete(deliveries).where(_d.announcement.in_(old)))
        await connection.execute(delete(announcements).where(_a.key.in_(old)))


async def reports(store: Store, prefix: str) -> dict[str, Report]:
    """How far the announcements have come whose occasions begin with `prefix`. Members without
    Telegram are not in it: nothing is sent to them."""
    those = select(_a.key).where(_begins(prefix))
    by = (_d.announcement, _d.state, _d.doubted, _d.edition, _d.mended)
    counted = select(*by, func.count()).where(_d.announcement.in_(those)).group_by(*by)
    missed = select(_d.announcement, _d.person).where(
        _d.announcement.in_(those),
        _d.state.in_(_MISSED),
        _d.person.in_(select(members.c.key)),  # nobody else is called by phone
    )
    known = select(_a.key, _a.occasion, _a.state, _a.held, _a.edition).where(_begins(prefix))
    async with store.reading() as connection:
        announced = (await connection.execute(known)).all()
        counts: dict[bytes, list[Any]] = defaultdict(list)
        for of, *count in await connection.execute(counted):
            counts[of].append(count)
        persons: dict[bytes, list[bytes]] = defaultdict(list)
        for of, person in await connection.execute(missed):
            persons[of].append(person)
    return {row.occasion: _report(row, counts[row.key], persons[row.key]) for row in announced}


def _report(row: Row[*tuple[Any, ...]], counts: Iterable[Any], missed: Iterable[bytes]) -> Report:
    states: Counter[State] = Counter()
    mended: Counter[Mended] = Counter()
    doubled = 0
    for state, doubted, edition, became, number in counts:
        states[State(state)] += number
        if state == str(State.SENT):
            doubled += number * doubted
            if edition < row.edition:
                mended[Mended.NOT_YET] += number
            elif became:
                mended[Mended(became)] += number
    return Report(dict(states), doubled, tuple(missed), Stage(row.state), row.held, dict(mended))


def utc(moment: datetime) -> datetime:
    """As the tables have it."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def _begins(prefix: str) -> ColumnElement[bool]:
    # LIKE would take "_" for any letter, and A for a.
    return func.substr(_a.occasion, 1, len(prefix)) == prefix


def pointed_to(audience: Audience) -> bytes | None:
    """Whom the audience points to, as the tables have it; of those who had an announcement it takes
    the moment of its correction to tell."""
    if audience.circle is Circle.APPLICANTS:
        return audience.of.encode()
    return bytes.fromhex(audience.of) or None


def audience(
    table: Table, circle: Circle, of: bytes | None = None, *, reached: bool = True
) -> ColumnElement[bool]:
    """Which of the table's persons are to get it, at this moment; of those who are to hear of a
    correction, all that are still there. Not `reached`: who would be, with Telegram."""
    those: ColumnElement[bool] = true()
    if circle is Circle.PERSON:
        those = table.c.key == of
    elif circle in (Circle.MEMBERS, Circle.UNANSWERED):
        those = members.c.standing == str(Standing.MEMBER)
    elif circle is Circle.RESERVE:
        those = members.c.standing == str(Standing.RESERVE)
    elif circle is Circle.COORDINATORS:
        those = coordinators.c.role == str(Role.COORDINATOR)
    elif circle is Circle.APPLICANTS:
        those = applications.c.call == (of or b"").decode()
    if circle is Circle.UNANSWERED:
        answered = exists().where(attendance.c.meeting == of, attendance.c.member == members.c.key)
        those &= ~answered
    if table is members:
        those &= members.c.tag.is_not(None) if reached else members.c.tag.is_(None)
    return those


def _corrected(one: Current) -> tuple[bytes, int]:
    """Of an audience of those who had an announcement: its key, and its last edition that was
    wrong."""
    of = one.of or b""
    return of[:TAG], int.from_bytes(of[TAG:], "big")


def _sources(
    one: Current,
) -> list[tuple[ColumnElement[bytes], ColumnElement[bool], ColumnElement[bool]]]:
    """Where the audience is found: the persons' keys, whether each has left, and which."""
    if one.circle not in CORRECTED:
        return [(t.c.key, t.c.gone, audience(t, one.circle, one.of)) for t in TABLES[one.circle]]
    of, edition = _corrected(one)
    those = (_d.announcement == of) & _d.first.between(1, edition)
    if one.circle is Circle.DOUBTED:
        those &= _d.doubted | _d.message.is_(None)
    return [(_d.person, false(), those)]


def _written(
    one: Current,
    person: ColumnElement[bytes],
    gone: ColumnElement[bool],
    those: ColumnElement[bool],
) -> Any:
    state = case((gone, str(State.LEFT)), else_=str(State.WAITING))
    rows = select(
        literal(one.key), person, state, null(), literal(0), literal(False), literal(0), literal("")
    ).where(those)
    into = [column.name for column in deliveries.c]
    return insert_or(deliveries).from_select(into, rows).on_conflict_do_nothing()


def _sealed(keys: Identity, key: bytes, body: bytes) -> bytes:
    return seal(keys.boxes, body, room=-(-len(body) // STEP) * STEP, tag=key)


def _unsealed(keys: Identity, key: bytes, box: bytes) -> bytes | None:
    try:
        return unseal(keys.boxes, box, tag=key)
    except Unopened:
        return None
