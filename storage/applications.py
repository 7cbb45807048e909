"""Applications to the panel: identified by the applicant's own choice, sealed whole.

Found by a tag under the lasting key, so that the applicant can see, change and erase it, and the
office can read it while the call is handled. What stands in clear is the call and the week.
"""

from __future__ import annotations

import json
import logging
import secrets
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, delete, func, select, update

from storage.drafts import draft_tag
from storage.quick import Quick
from storage.sealed import Identity, Unopened, identity, seal, tag, unseal
from storage.tables import applications, deliveries, drafts, surveys, upsert

if TYPE_CHECKING:
    from datetime import date

    from storage.database import Store

log = logging.getLogger(__name__)

STEP: Final = 1024
"""Bytes: a sealed application is a whole number of these long, so that its length tells little."""

CALL: Final = "application"
"""The kind of a survey that is a call for members."""

_CHAT: Final = 8  # bytes of the chat id, at the head of the body

_UPSERT: Final = upsert(applications, "tag", "body", "week")
_SELECT: Final = select(applications.c.body).where(applications.c.tag == bindparam("of"))
_DELETE: Final = delete(applications).where(applications.c.tag == bindparam("of"))
_DELETE_CALL: Final = delete(applications).where(applications.c.call == bindparam("of"))
_theirs: Final = select(applications.c.key)
_DELETE_DELIVERIES: Final = delete(deliveries).where(
    deliveries.c.person.in_(_theirs.where(applications.c.tag == bindparam("of")))
)
_DELETE_CALLS_DELIVERIES: Final = delete(deliveries).where(
    deliveries.c.person.in_(_theirs.where(applications.c.call == bindparam("of")))
)
_CALLS: Final = Quick(select(surveys.c.name).where(surveys.c.kind == bindparam("kind")))
_KEY: Final = Quick(_theirs.where(applications.c.tag == bindparam("of")))
_GONE: Final = update(applications).where(applications.c.key == bindparam("of"))
_DELETE_DRAFT: Final = delete(drafts).where(drafts.c.tag == bindparam("of"))
_COUNT: Final = (
    select(func.count()).select_from(applications).where(applications.c.call == bindparam("of"))
)


async def keep(store: Store, chat: int, call: str, body: bytes, *, week: date) -> None:
    """Keep `body` as the chat's application to `call`, over an earlier one; its draft goes.

    `week` is the Monday of the week it came in; ValueError for any other day, which would tell
    more than is promised.
    """
    if week.weekday():
        raise ValueError("an application is kept with the Monday of its week")
    keys, of = _found_by(store, chat, call)
    whole = chat.to_bytes(_CHAT, "big", signed=True) + body
    room = -(-len(whole) // STEP) * STEP
    box = seal(keys.boxes, whole, room=room, tag=of)
    async with store.writing() as connection:
        await connection.execute(
            _UPSERT,
            {"key": secrets.token_bytes(16), "tag": of, "call": call, "week": week, "body": box},
        )
        await connection.execute(_DELETE_DRAFT, {"of": draft_tag(store, chat, call)})


async def load(store: Store, chat: int, call: str) -> bytes | None:
    """The chat's application to `call`, or None; also None, with a log line, if it does not
    open."""
    keys, of = _found_by(store, chat, call)
    async with store.reading() as connection:
        box = (await connection.execute(_SELECT, {"of": of})).scalar_one_or_none()
    if box is None:
        return None
    try:
        return unseal(keys.boxes, box, tag=of)[_CHAT:]
    except Unopened:
        log.warning("an application does not open: it was kept under another lasting key")
        return None


async def erase(store: Store, chat: int, call: str) -> bool:
    """Erase the chat's application to `call`, and what was sent because of it; whether there was
    one."""
    _, of = _found_by(store, chat, call)
    async with store.writing() as connection:
        await connection.execute(_DELETE_DELIVERIES, {"of": of})
        return bool((await connection.execute(_DELETE, {"of": of})).rowcount)


async def erase_call(store: Store, call: str) -> int:
    """Erase every application to `call`, and what was sent because of it; how many."""
    async with store.writing() as connection:
        await connection.execute(_DELETE_CALLS_DELIVERIES, {"of": call})
        return (await connection.execute(_DELETE_CALL, {"of": call})).rowcount


def where_to(keys: Identity, of: bytes, body: bytes) -> tuple[int, str] | None:
    """The chat and the language of an applicant's row; None, with a log line, if it does not
    open."""
    try:
        whole = unseal(keys.boxes, body, tag=of)
    except Unopened:
        log.warning("an application does not open: it was kept under another lasting key")
        return None
    chat = int.from_bytes(whole[:_CHAT], "big", signed=True)
    return chat, json.loads(whole[_CHAT:])["language"]


async def persons(store: Store, chat: int) -> list[bytes]:
    """The random keys that others point to the chat by, one for each call it has applied to."""
    found = []
    for (call,) in await store.ask(_CALLS, kind=CALL):
        _, of = _found_by(store, chat, call)
        found += [row[0] for row in await store.ask(_KEY, of=of)]
    return found


async def set_gone(store: Store, chat: int, *, gone: bool) -> None:
    """The chat's person has blocked the bot, or has come back."""
    if keys := await persons(store, chat):
        async with store.writing() as connection:
            for one in keys:
                await connection.execute(_GONE.values(gone=gone), {"of": one})


async def count(store: Store, call: str) -> int:
    """How many applications `call` has."""
    async with store.reading() as connection:
        return (await connection.execute(_COUNT, {"of": call})).scalar_one()


def _found_by(store: Store, chat: int, call: str) -> tuple[Identity, bytes]:
    keys = identity(store.keys.identity)
    return keys, tag(keys.tags, f"application {call}", chat)
