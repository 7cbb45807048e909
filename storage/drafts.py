"""Drafts: unfinished conversations, which only this bot's keys can find and read.

A row is a tag and a box. Who has a draft, in which language and how far, is inside the box or
nowhere. Losing a key loses the drafts, which is the promise and not an accident.

In the box stands also the marker that was written when the draft began, which says that this chat
has taken one of its turns to answer: whoever ends a draft without sending it finds the marker
there and takes it back, so that nobody is locked out by having stopped.
"""

from __future__ import annotations

import logging
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, delete, select

from storage.markers import MARK, NONE, mark, marker
from storage.quick import Quick
from storage.sealed import Unopened, seal, tag, unseal
from storage.tables import drafts, markers, upsert

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.database import Store

log = logging.getLogger(__name__)

_UPSERT: Final = upsert(drafts, "tag", "body", "expires")
_SAVE: Final = Quick(_UPSERT)
_DELETE: Final = delete(drafts).where(drafts.c.tag == bindparam("of"))
_SELECT: Final = select(drafts)
_DELETE_MARKER: Final = delete(markers).where(
    markers.c.survey == bindparam("of"), markers.c.marker == bindparam("made")
)


@lru_cache
def _load(forms: int) -> Quick:
    """The question for so many tags: tag0, tag1…"""
    tags = [bindparam(f"tag{n}", type_=drafts.c.tag.type) for n in range(forms)]
    columns = (drafts.c.tag, drafts.c.body, drafts.c.expires)
    return Quick(select(*columns).where(drafts.c.tag.in_(tags)))


def draft_tag(store: Store, chat: int, form: str) -> bytes:
    """The tag of this chat's draft of this form, under a key that passes."""
    return tag(store.keys.passing(form).index, f"draft {form}", chat)


async def load(store: Store, chat: int, forms: Iterable[str]) -> dict[str, bytes]:
    """The bodies of this chat's drafts, by form, of those `forms` it has one of.

    A box that does not open is no draft: its key is lost, and the person begins anew.
    """
    begun = [form for form in forms if store.keys.passing(form).has_index]
    named = {draft_tag(store, chat, form): form for form in begun}
    if not named:
        return {}
    tags = {f"tag{n}": of for n, of in enumerate(named)}
    found = {}
    for of, box, expires in await store.ask(_load(len(named)), **tags):
        body = _opened(store, named[of], of, box, date.fromisoformat(expires))
        if body is not None:
            found[named[of]] = body[MARK:]
    return found


async def begin(
    store: Store, chat: int, form: str, body: bytes, *, room: int, expires: date, ordinal: int
) -> None:
    """Keep `body` as a draft that was not there before, and write the marker that the chat has
    begun its response number `ordinal`, from 1; 0 for a form that counts none.

    `room` and `expires` as in `save`. Raises ValueError if the body is longer than its room.
    """
    values = _sealed(store, chat, form, body, room, expires, ordinal)
    async with store.writing() as connection:
        if ordinal:
            await mark(connection, form, marker(store, chat, form, ordinal))
        await connection.execute(_UPSERT, values)


async def save(
    store: Store, chat: int, form: str, body: bytes, *, room: int, expires: date, ordinal: int
) -> None:
    """Keep `body` over the chat's draft of `form`, which began with the same `ordinal`.

    `room` is the form's own, in bytes, so that all its drafts are one size. `expires` is the last
    day it is kept. Raises ValueError if the body is longer than its room.
    """
    await store.save(_SAVE, **_sealed(store, chat, form, body, room, expires, ordinal))


async def erase(store: Store, chat: int, form: str) -> bool:
    """Erase the chat's draft of `form`, and with it its marker; whether there was one."""
    if not store.keys.passing(form).has_index:
        return False
    mine = _SELECT.where(drafts.c.tag == draft_tag(store, chat, form))
    async with store.writing() as connection:
        found = (await connection.execute(mine)).all()
        await _end(store, connection, found)
    return bool(found)


async def purge(store: Store, today: date) -> int:
    """Erase every draft whose last day is before `today`, and with it its marker; how many."""
    async with store.writing() as connection:
        found = (await connection.execute(_SELECT.where(drafts.c.expires < today))).all()
        await _end(store, connection, found)
    return len(found)


def markers_of(store: Store, found: Iterable[Row[Any]]) -> dict[bytes, bytes]:
    """The markers that these rows of drafts hold, by the drafts' tags."""
    made = {}
    for row in found:
        body = _opened(store, row.form, row.tag, row.body, row.expires)
        if body is not None and body[:MARK] != NONE:
            made[row.tag] = body[:MARK]
    return made


async def _end(store: Store, connection: AsyncConnection, found: Iterable[Row[Any]]) -> None:
    """Take drafts away, and the markers they hold, in the transaction that is open."""
    rows = list(found)
    made = markers_of(store, rows)
    for row in rows:
        await connection.execute(_DELETE, {"of": row.tag})
        if row.tag in made:
            await connection.execute(_DELETE_MARKER, {"of": row.form, "made": made[row.tag]})


def _sealed(
    store: Store, chat: int, form: str, body: bytes, room: int, expires: date, ordinal: int
) -> dict[str, Any]:
    of = draft_tag(store, chat, form)
    held = (marker(store, chat, form, ordinal) if ordinal else NONE) + body
    box = seal(store.keys.passing(form).draft(expires), held, room=room, tag=of)
    return {"tag": of, "form": form, "body": box, "expires": expires}


def _opened(store: Store, form: str, of: bytes, box: bytes, expires: date) -> bytes | None:
    """What a draft's box holds; None, with a log line, where its key is lost."""
    key = store.keys.passing(form).find_draft(expires)
    try:
        if key is not None:
            return unseal(key, box, tag=of)
    except Unopened:
        pass
    log.warning("a draft does not open: its key is lost; it counts as none")
    return None
