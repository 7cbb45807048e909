"""Messages that the bot comes back to: those that show an official something of a person, until
they are taken away, and those that keep up with a broadcast.

Found by a tag of chat and message, so that one is forgotten without looking through all.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, delete, select

from storage.sealed import Unopened, identity, seal, tag, unseal
from storage.tables import glimpses, upsert

if TYPE_CHECKING:
    from storage.database import Store

log = logging.getLogger(__name__)

_ROOM: Final = 128  # bytes of a box

_UPSERT: Final = upsert(glimpses, "key", "until", "box")
_DELETE: Final = delete(glimpses).where(glimpses.c.key == bindparam("of"))


@dataclass(frozen=True, slots=True)
class Glimpse:
    """A message of a chat, in the chat's language; `until` is aware. `follows` is the broadcast, by
    its key in hexadecimal digits, that it keeps up with; '' where it shows something of a
    person."""

    chat: int = field(repr=False)
    message: int
    language: str
    until: datetime
    follows: str = ""


async def keep(store: Store, glimpse: Glimpse) -> None:
    """Remember it, over what was remembered of the message before."""
    keys = identity(store.keys.identity)
    of = tag(keys.tags, f"glimpse {glimpse.message}", glimpse.chat)
    body = json.dumps([glimpse.chat, glimpse.message, glimpse.language, glimpse.follows]).encode()
    until = glimpse.until.astimezone(UTC).replace(tzinfo=None)
    async with store.writing() as connection:
        box = seal(keys.boxes, body, room=_ROOM, tag=of)
        await connection.execute(_UPSERT, {"key": of, "until": until, "box": box})


async def drop(store: Store, chat: int, message: int) -> None:
    """Forget it."""
    of = tag(identity(store.keys.identity).tags, f"glimpse {message}", chat)
    async with store.writing() as connection:
        await connection.execute(_DELETE, {"of": of})


async def all_kept(store: Store) -> list[Glimpse]:
    """All that are remembered; one that does not open is passed over, with a log line."""
    keys = identity(store.keys.identity)
    async with store.reading() as connection:
        rows = (await connection.execute(select(glimpses))).mappings().all()
    found = []
    for row in rows:
        try:
            box = json.loads(unseal(keys.boxes, row["box"], tag=row["key"]))
        except Unopened:
            log.warning("a glimpse does not open: it was kept under another lasting key")
        else:
            chat, message, language, *follows = box
            until = row["until"].replace(tzinfo=UTC)
            found.append(Glimpse(chat, message, language, until, *follows))
    return found
