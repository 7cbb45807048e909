"""Drafts: unfinished conversations, which only this bot's keys can find and read.

A row is a tag and a box. Who has a draft, in which language and how far, is inside the box or
nowhere. Losing a key loses the drafts, which is the promise and not an accident.
"""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, delete, select

from storage.quick import Quick
from storage.sealed import Unopened, seal, tag, unseal
from storage.tables import drafts, upsert

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from storage.database import Store

log = logging.getLogger(__name__)

_SAVE: Final = Quick(upsert(drafts, "tag", "body", "expires"))
_DELETE: Final = delete(drafts).where(drafts.c.tag == bindparam("of"))
_PURGE: Final = delete(drafts).where(drafts.c.expires < bindparam("today"))
_DELETE_FORM: Final = delete(drafts).where(drafts.c.form == bindparam("of"))


@lru_cache
def _load(forms: int) -> Quick:
    """The question for so many tags: tag0, tag1…"""
    tags = [bindparam(f"tag{n}", type_=drafts.c.tag.type) for n in range(forms)]
    return Quick(select(drafts.c.tag, drafts.c.body).where(drafts.c.tag.in_(tags)))


def draft_tag(store: Store, chat: int, form: str) -> bytes:
    """The tag of this chat's draft of this form, under a key that passes."""
    return tag(store.keys.index, f"draft {form}", chat)


async def load(store: Store, chat: int, forms: Iterable[str]) -> dict[str, bytes]:
    """The bodies of this chat's drafts, by form, of those `forms` it has one of.

    A box that does not open is no draft: its key is lost, and the person begins anew.
    """
    named = {draft_tag(store, chat, form): form for form in forms}
    if not named:
        return {}
    tags = {f"tag{n}": of for n, of in enumerate(named)}
    found = {}
    for of, box in await store.ask(_load(len(named)), **tags):
        try:
            found[named[of]] = unseal(store.keys.draft, box, tag=of)
        except Unopened:
            log.warning("a draft does not open: its key is lost; it counts as none")
    return found


async def save(
    store: Store, chat: int, form: str, body: bytes, *, room: int, expires: date
) -> None:
    """Keep `body` as the chat's draft of `form`, over what was there.

    `room` is the form's own, in bytes, so that all its drafts are one size. `expires` is the last
    day it is kept. Raises ValueError if the body is longer than its room.
    """
    of = draft_tag(store, chat, form)
    box = seal(store.keys.draft, body, room=room, tag=of)
    await store.save(_SAVE, tag=of, form=form, body=box, expires=expires)


async def erase(store: Store, chat: int, form: str) -> bool:
    """Erase the chat's draft of `form`; whether there was one."""
    async with store.writing() as connection:
        return bool(
            (await connection.execute(_DELETE, {"of": draft_tag(store, chat, form)})).rowcount
        )


async def purge(store: Store, today: date) -> int:
    """Erase every draft whose last day is before `today`; how many."""
    async with store.writing() as connection:
        return (await connection.execute(_PURGE, {"today": today})).rowcount


async def erase_form(store: Store, form: str) -> int:
    """Erase every draft of `form`, as when its survey has closed; how many."""
    async with store.writing() as connection:
        return (await connection.execute(_DELETE_FORM, {"of": form})).rowcount
