"""Subscribers: who asked to be told of the next survey.

Kept is where to tell them and in which language, sealed together in a box of one size. It does not
say whether they have answered or applied, nor since when.
"""

from __future__ import annotations

import logging
import secrets
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, delete, func, select, update

from storage.quick import Quick
from storage.sealed import Identity, Unopened, identity, seal, tag, unseal
from storage.tables import deliveries, subscribers, upsert

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storage.database import Store

log = logging.getLogger(__name__)

_CHAT: Final = 8  # bytes of the chat id, at the head of a box
_ROOM: Final = 16  # bytes of a box: the chat id and the language

_UPSERT: Final = upsert(subscribers, "tag", "box")
_SELECT: Final = select(subscribers.c.box).where(subscribers.c.tag == bindparam("of"))
_DELETE: Final = delete(subscribers).where(subscribers.c.tag == bindparam("of"))
_KEY: Final = Quick(select(subscribers.c.key).where(subscribers.c.tag == bindparam("of")))
_GONE: Final = (
    update(subscribers).where(subscribers.c.tag == bindparam("of")).values(gone=bindparam("so"))
)
_DELETE_DELIVERIES: Final = delete(deliveries).where(
    deliveries.c.person
    == select(subscribers.c.key).where(subscribers.c.tag == bindparam("of")).scalar_subquery()
)
_COUNT: Final = select(func.count()).select_from(subscribers)


async def add(store: Store, chat: int, language: str) -> None:
    """Subscribe the chat in `language` ("fi", "sv", "en"); over its earlier language, if any."""
    await add_all(store, [(chat, language)])


async def add_all(store: Store, chats: Iterable[tuple[int, str]]) -> None:
    """The same for many, in one transaction."""
    keys = identity(store.keys.identity)
    rows = []
    for chat, language in chats:
        of = tag(keys.tags, "subscriber", chat)
        body = chat.to_bytes(_CHAT, "big", signed=True) + language.encode()
        box = seal(keys.boxes, body, room=_ROOM, tag=of)
        rows.append({"key": secrets.token_bytes(16), "tag": of, "box": box})
    async with store.writing() as connection:
        await connection.execute(_UPSERT, rows)


async def remove(store: Store, chat: int) -> bool:
    """Forget the chat, and what it was sent; whether it was subscribed."""
    _, of = _found_by(store, chat)
    async with store.writing() as connection:
        await connection.execute(_DELETE_DELIVERIES, {"of": of})
        return bool((await connection.execute(_DELETE, {"of": of})).rowcount)


async def find(store: Store, chat: int) -> str | None:
    """The language the chat is subscribed in, or None; also None, with a log line, if its box
    does not open."""
    keys, of = _found_by(store, chat)
    async with store.reading() as connection:
        box = (await connection.execute(_SELECT, {"of": of})).scalar_one_or_none()
    if box is None:
        return None
    where = where_to(keys, of, box)
    return None if where is None else where[1]


def where_to(keys: Identity, of: bytes, box: bytes) -> tuple[int, str] | None:
    """The chat and the language of a subscriber's row; None, with a log line, if its box does not
    open."""
    try:
        body = unseal(keys.boxes, box, tag=of)
    except Unopened:
        log.warning("a subscriber does not open: it was kept under another lasting key")
        return None
    return int.from_bytes(body[:_CHAT], "big", signed=True), body[_CHAT:].decode()


async def key(store: Store, chat: int) -> list[bytes]:
    """The random key that others point to the chat by; none, if it is not subscribed."""
    _, of = _found_by(store, chat)
    return [row[0] for row in await store.ask(_KEY, of=of)]


async def set_gone(store: Store, chat: int, *, gone: bool) -> None:
    """The chat's person has blocked the bot, or has come back."""
    _, of = _found_by(store, chat)
    if await store.ask(_KEY, of=of):
        async with store.writing() as connection:
            await connection.execute(_GONE, {"of": of, "so": gone})


async def count(store: Store) -> int:
    """How many are subscribed."""
    async with store.reading() as connection:
        return (await connection.execute(_COUNT)).scalar_one()


def _found_by(store: Store, chat: int) -> tuple[Identity, bytes]:
    keys = identity(store.keys.identity)
    return keys, tag(keys.tags, "subscriber", chat)
