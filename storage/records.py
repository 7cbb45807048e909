"""What is kept of the panel: records, each sealed whole under its random key.

A member's or a coordinator's chat is found by a tag; who wants to do something to a person points
to the key. Every change is one transaction: the records, what is announced because of them, and the
line in the audit trail. It is refused as a whole where a record was changed since it was read.
"""

from __future__ import annotations

import json
import logging
import secrets
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar, get_args, get_type_hints

from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_json
from sqlalchemy import bindparam, delete, insert, select, update

from dialogs.broadcasts.records import Broadcast, Pointer
from dialogs.life import Running
from dialogs.panel.records import (
    Attendance,
    Coming,
    Coordinator,
    Deed,
    Invitation,
    Meeting,
    Member,
    Panel,
    Role,
    Task,
)
from storage import announcements, surveys
from storage.quick import Quick
from storage.sealed import Identity, Unopened, identity, seal, tag, unseal
from storage.tables import announcements as announced
from storage.tables import (
    attendance,
    broadcasts,
    coordinators,
    deliveries,
    insert_new,
    invitations,
    meetings,
    members,
    pointers,
    tasks,
    trail,
    upsert,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from zoneinfo import ZoneInfo

    from sqlalchemy import Table
    from sqlalchemy.ext.asyncio import AsyncConnection

    from dialogs.panel.records import Record
    from storage.announcements import Planned
    from storage.database import Store

log = logging.getLogger(__name__)

KEY: Final = 16
"""Bytes of a record's random key."""

STEP: Final = 256
"""Bytes: a sealed record is a whole number of these long, so that its length tells little."""

Kept = TypeVar("Kept", Member, Coordinator, Invitation, Meeting, Broadcast, Pointer)
Person = TypeVar("Person", Member, Coordinator)
Read = TypeVar("Read", Member, Coordinator, Invitation, Meeting, Broadcast, Pointer, Deed, Task)
Erased: TypeAlias = Member | Coordinator | Invitation | Meeting | Broadcast | Pointer | Running

_TABLES: Final[dict[type, Table]] = {
    Member: members,
    Coordinator: coordinators,
    Invitation: invitations,
    Meeting: meetings,
    Broadcast: broadcasts,
    Pointer: pointers,
}
_ADAPTERS: Final[dict[type, TypeAdapter[Any]]] = {
    kind: TypeAdapter(kind) for kind in (*_TABLES, Deed, Task)
}
_BYTES: Final = {
    kind: [name for name, hint in get_type_hints(kind).items() if bytes in (hint, *get_args(hint))]
    for kind in _ADAPTERS
}
"""The keys in a record, which are hexadecimal digits in its box."""
_PERSONS: Final = {Member: "member", Coordinator: "coordinator"}
"""The purpose of the tag by which a person's chat is found."""

_COLUMNS: Final = ("standing", "gone", "role", "revision")
"""What stands in clear beside a box, where its table has it."""


def _found(table: Table) -> list[str]:
    return [name for name in ("key", *_COLUMNS, "box") if name in table.c]


_FIND: Final = {
    kind: Quick(
        select(*(table.c[name] for name in _found(table))).where(table.c.tag == bindparam("of"))
    )
    for kind, table in _TABLES.items()
    if kind in _PERSONS
}
_FIND_TASK: Final = Quick(select(tasks.c.box).where(tasks.c.tag == bindparam("of")))
_LAY: Final = upsert(tasks, "tag", "expires", "box")
_DROP: Final = delete(tasks).where(tasks.c.tag == bindparam("of"))
_ASKED: Final = select(meetings.c.key).where(
    meetings.c.key == bindparam("of"), meetings.c.revision == bindparam("as_it_was")
)
_ANSWER: Final = upsert(attendance, ("meeting", "member"), "coming")


@dataclass(frozen=True, slots=True)
class Changed:
    """A change of the panel, its announcements rendered; see `dialogs.outcome.Change`."""

    keep: Sequence[Record] = ()
    erase: Sequence[Erased] = ()
    ask_again: Sequence[bytes] = ()
    ask_anew: Sequence[tuple[bytes, bytes]] = ()
    withdraw: Sequence[str] = ()
    plan: Sequence[Planned] = ()
    correct: Sequence[Planned] = ()
    retract: Sequence[Planned] = ()
    hold: Sequence[str] = ()
    go_on: Sequence[str] = ()
    trail: Sequence[Deed] = ()


async def change(store: Store, changed: Changed) -> bool:
    """Carry it out, as a whole; False, and nothing, where a record changed meanwhile."""
    keys = identity(store.keys.identity)
    async with store.writing() as connection:
        for record in changed.keep:
            if not await _keep(connection, keys, record):
                await connection.rollback()
                return False
        for erased in changed.erase:
            if not await _erase(connection, keys, erased):
                await connection.rollback()
                return False
        for meeting in changed.ask_again:
            await connection.execute(delete(attendance).where(attendance.c.meeting == meeting))
        for meeting, member in changed.ask_anew:
            answered = (attendance.c.meeting == meeting) & (attendance.c.member == member)
            await connection.execute(delete(attendance).where(answered))
        for prefix in changed.withdraw:
            await announcements.withdraw(connection, prefix)
        await announcements.plan(connection, keys, changed.plan)
        await announcements.correct(connection, keys, changed.correct)
        await announcements.retract(connection, keys, changed.retract)
        for held, prefixes in ((True, changed.hold), (False, changed.go_on)):
            for prefix in prefixes:
                await announcements.hold(connection, prefix, held=held)
        if changed.trail:
            await connection.execute(insert(trail), [_line(keys, deed) for deed in changed.trail])
    return True


async def find(store: Store, chat: int) -> tuple[Member | None, Coordinator | None]:
    """Who the chat is to the panel; an official may be one who only reads."""
    keys = identity(store.keys.identity)
    member = await _find(store, keys, Member, chat)
    return member, await _find(store, keys, Coordinator, chat)


async def invitation(store: Store, key: bytes) -> Invitation | None:
    """The invitation whose link has the digest `key`."""
    async with store.reading() as connection:
        found = await connection.execute(select(invitations).where(invitations.c.key == key))
        row = found.mappings().one_or_none()
    return None if row is None else _opened(identity(store.keys.identity), Invitation, row)


async def pointer(store: Store, beginning: bytes) -> Pointer | None:
    """The bot's own link whose key begins so."""
    rest = KEY - len(beginning)
    those = pointers.c.key.between(beginning + bytes(rest), beginning + b"\xff" * rest)
    async with store.reading() as connection:
        row = (await connection.execute(select(pointers).where(those))).mappings().first()
    return None if row is None else _opened(identity(store.keys.identity), Pointer, row)


async def broadcast(store: Store, zone: ZoneInfo, key: bytes) -> Broadcast | None:
    """The broadcast of that key; moments in `zone`."""
    async with store.reading() as connection:
        found = await connection.execute(select(broadcasts).where(broadcasts.c.key == key))
        row = found.mappings().one_or_none()
    one = None if row is None else _opened(identity(store.keys.identity), Broadcast, row)
    return None if one is None else _broadcast_in_zone(one, zone)


async def panel(store: Store, zone: ZoneInfo, *, whole: bool = False) -> Panel:
    """All that is kept of the panel; moments in `zone`. The audit trail, broadcasts, the bot's own
    links, and what became of the meetings' announcements only in the `whole` of it, which is for
    coordinators. The surveys are the caller's to bring along."""
    keys = identity(store.keys.identity)
    async with store.reading() as connection:
        coming = (await connection.execute(select(attendance))).mappings().all()
        lines = (await connection.execute(select(trail))).mappings().all() if whole else ()
    deeds = [deed for row in lines if (deed := _read(keys, Deed, row["box"], row["key"]))]
    called = [_in_zone(one, zone) for one in await _all(store, keys, Meeting)]
    officials = sorted(await _all(store, keys, Coordinator), key=_by_name)
    written = await _all(store, keys, Broadcast) if whole else []
    return Panel(
        members=tuple(sorted(await _all(store, keys, Member), key=_by_name)),
        coordinators=tuple(one for one in officials if one.role is Role.COORDINATOR),
        readers=tuple(one for one in officials if one.role is Role.READER),
        invitations=tuple(sorted(await _all(store, keys, Invitation), key=lambda i: i.expires)),
        meetings=tuple(sorted(called, key=lambda meeting: meeting.start)),
        attendance={(row["meeting"], row["member"]): Coming(row["coming"]) for row in coming},
        trail=tuple(
            replace(deed, when=deed.when.astimezone(zone))
            for deed in sorted(deeds, key=lambda deed: deed.when, reverse=True)
        ),
        reports=await announcements.reports(store, "meeting:") if whole else {},
        broadcasts=tuple(
            _broadcast_in_zone(one, zone)
            for one in sorted(written, key=lambda one: (one.made_on, one.key), reverse=True)
        ),
        pointers=tuple(await _all(store, keys, Pointer)) if whole else (),
    )


async def forget_trail(store: Store, zone: ZoneInfo, before: date) -> None:
    """Erase the lines of the audit trail from before the day `before`."""
    keys = identity(store.keys.identity)
    async with store.reading() as connection:
        lines = (await connection.execute(select(trail))).mappings().all()
    old = []
    for row in lines:
        deed = _read(keys, Deed, row["box"], row["key"])
        if deed is None or deed.when.astimezone(zone).date() < before:
            old.append(row["key"])
    if old:
        async with store.writing() as connection:
            await connection.execute(delete(trail).where(trail.c.key.in_(old)))


async def set_gone(store: Store, chat: int, *, gone: bool) -> None:
    """The chat's person has blocked the bot, or has come back."""
    keys = identity(store.keys.identity)
    for kind, purpose in _PERSONS.items():
        table = _TABLES[kind]
        of = tag(keys.tags, purpose, chat)
        if await store.ask(_FIND[kind], of=of):
            async with store.writing() as connection:
                await connection.execute(update(table).where(table.c.tag == of).values(gone=gone))


async def task(store: Store, chat: int) -> Task | None:
    """What the chat is in the midst of telling."""
    keys = identity(store.keys.identity)
    of = tag(keys.tags, "task", chat)
    rows = await store.ask(_FIND_TASK, of=of)
    return _read(keys, Task, rows[0][0], of) if rows else None


async def lay(store: Store, chat: int, task: Task | None, *, expires: date) -> None:
    """Keep what the chat is in the midst of telling, over what it was before, to the end of the day
    `expires`; None: it is over."""
    keys = identity(store.keys.identity)
    of = tag(keys.tags, "task", chat)
    async with store.writing() as connection:
        if task is None:
            await connection.execute(_DROP, {"of": of})
        else:
            await connection.execute(
                _LAY, {"tag": of, "expires": expires, "box": _box(keys, task, of)}
            )


async def purge(store: Store, today: date) -> None:
    """Erase what somebody was in the midst of telling until a day before `today`."""
    async with store.writing() as connection:
        await connection.execute(delete(tasks).where(tasks.c.expires < today))


def where_to(keys: Identity, kind: type[Person], key: bytes, box: bytes) -> tuple[int, str] | None:
    """The chat and the language of a person's row; None for a member without Telegram, and where
    the box does not open."""
    found = _read(keys, kind, box, key)
    return None if found is None or found.chat is None else (found.chat, found.language)


async def _find(store: Store, keys: Identity, kind: type[Person], chat: int) -> Person | None:
    rows = await store.ask(_FIND[kind], of=tag(keys.tags, _PERSONS[kind], chat))
    if not rows:
        return None
    row = dict(zip(_found(_TABLES[kind]), rows[0], strict=True))
    return _opened(keys, kind, row)


async def _all(store: Store, keys: Identity, kind: type[Kept]) -> list[Kept]:
    async with store.reading() as connection:
        rows = (await connection.execute(select(_TABLES[kind]))).mappings().all()
    return [found for row in rows if (found := _opened(keys, kind, row)) is not None]


async def _keep(connection: AsyncConnection, keys: Identity, record: Record) -> bool:
    """Whether the record was as it was read, and is kept now."""
    if isinstance(record, Attendance):
        asked = {"of": record.meeting, "as_it_was": record.revision}
        if (await connection.execute(_ASKED, asked)).first() is None:
            return False
        answer = {"meeting": record.meeting, "member": record.member, "coming": record.coming}
        await connection.execute(_ANSWER, answer)
        return True
    if isinstance(record, Running):
        return await surveys.change(connection, surveys.row_of(record))
    table = _TABLES[type(record)]
    new = replace(record, revision=record.revision + 1)
    row: dict[str, Any] = {"key": new.key, "box": _box(keys, new, new.key)}
    if isinstance(new, Member | Coordinator):
        row["tag"] = None if new.chat is None else tag(keys.tags, _PERSONS[type(new)], new.chat)
    row |= {name: getattr(new, name) for name in _COLUMNS if name in table.c}
    if not record.revision:
        kept = await connection.execute(insert_new(table), row)
    else:
        same = (table.c.key == record.key) & (table.c.revision == record.revision)
        kept = await connection.execute(update(table).where(same).values(row))
    return kept.rowcount == 1


async def _erase(connection: AsyncConnection, keys: Identity, record: Erased) -> bool:
    """A record, and what points to it; of a person also what they were in the midst of telling. Of
    surveys only drafts; whether it was done."""
    if isinstance(record, Running):
        return await surveys.erase(connection, record.name)
    key = record.key
    table = _TABLES[type(record)]
    await connection.execute(delete(table).where(table.c.key == key))
    if isinstance(record, Meeting):
        await connection.execute(delete(attendance).where(attendance.c.meeting == key))
    if isinstance(record, Member | Coordinator):
        await connection.execute(delete(attendance).where(attendance.c.member == key))
        await connection.execute(delete(deliveries).where(deliveries.c.person == key))
        await connection.execute(delete(announced).where(announced.c.of == key))
        if record.chat is not None:
            await connection.execute(_DROP, {"of": tag(keys.tags, "task", record.chat)})
    return True


def _box(keys: Identity, record: Any, key: bytes) -> bytes:
    body = to_json(asdict(record), bytes_mode="hex")
    return seal(keys.boxes, body, room=-(-len(body) // STEP) * STEP, tag=key)


def _line(keys: Identity, deed: Deed) -> dict[str, bytes]:
    key = secrets.token_bytes(16)
    return {"key": key, "box": _box(keys, deed, key)}


def _opened(keys: Identity, kind: type[Kept], row: Any) -> Kept | None:
    """The record of a row; what stands in clear goes before what is in the box."""
    clear = {name: row[name] for name in ("key", *_COLUMNS) if name in row}
    if "gone" in clear:
        clear["gone"] = bool(clear["gone"])
    return _read(keys, kind, row["box"], row["key"], **clear)


def _read(keys: Identity, kind: type[Read], box: bytes, of: bytes, **clear: Any) -> Read | None:
    try:
        body = json.loads(unseal(keys.boxes, box, tag=of))
    except Unopened:
        log.warning("a %s does not open: it was kept under another key", kind.__name__.lower())
        return None
    for name in _BYTES[kind]:
        if body.get(name) is not None:
            body[name] = bytes.fromhex(body[name])
    try:
        read: Read = _ADAPTERS[kind].validate_python({**body, **clear})
    except ValidationError:  # its text would tell what is in the box
        log.error("a %s cannot be read: another version kept it", kind.__name__.lower())  # noqa: TRY400
        return None
    return read


def _by_name(person: Member | Coordinator) -> str:
    return person.name.casefold()


def _in_zone(meeting: Meeting, zone: ZoneInfo) -> Meeting:
    return replace(meeting, start=meeting.start.astimezone(zone), end=meeting.end.astimezone(zone))


def _broadcast_in_zone(broadcast: Broadcast, zone: ZoneInfo) -> Broadcast:
    moments = {
        name: moment.astimezone(zone)
        for name in ("at", "asked_at", "due")
        if (moment := getattr(broadcast, name)) is not None
    }
    return replace(broadcast, **moments)
