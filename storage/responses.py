"""Responses: what was answered, and nothing that leads to who.

Finishing is one transaction: the draft goes and a sealed box comes into the pool of the mix, so
that sending twice sends once and a crash in between does neither. The box holds the keys that its
rows will have one day, so that nobody can tell afterwards which box they came out of. When they
come out (see `mix`), nothing connects them to the chat or the time, and nothing connects the open
answers to the rest or to each other.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from sqlalchemy import bindparam, delete, exists, func, insert, select, update

from storage.database import canonical
from storage.drafts import draft_tag
from storage.sealed import Unopened, seal, unseal
from storage.surveys import OVER
from storage.tables import batches, drafts, pool, responses, surveys
from storage.tables import open_answers as texts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.database import Store

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"

KEY: Final = 16
"""Bytes of a row's random key."""

_HEAD: Final = 2  # bytes that tell how long the JSON is

_closed: Final = exists().where(surveys.c.name == bindparam("survey"), surveys.c.state.in_(OVER))
_TAKE_DRAFT: Final = delete(drafts).where(drafts.c.tag == bindparam("of"), ~_closed)
_BATCH: Final = select(batches.c.batch).where(batches.c.survey == bindparam("of"))
_FIRST_BATCH: Final = insert(batches)
_NEXT_BATCH: Final = update(batches).where(batches.c.survey == bindparam("of"))
_WAIT: Final = insert(pool)
_COUNT: Final = (
    select(func.count()).select_from(responses).where(responses.c.survey == bindparam("of"))
)
_SELECT: Final = (
    select(responses.c.answers)
    .where(responses.c.survey == bindparam("of"))
    .order_by(responses.c.key)
)
_SELECT_OPEN: Final = (
    select(texts.c.question, texts.c.text)
    .where(texts.c.survey == bindparam("of"))
    .order_by(texts.c.key)
)


@dataclass(frozen=True, slots=True)
class OpenAnswer:
    key: bytes  # of its row, random
    question: str
    text: str


@dataclass(frozen=True, slots=True)
class Response:
    """One response as it waits in the mix."""

    key: bytes  # of its row, random
    answers: Mapping[str, Json]  # the closed ones
    opened: tuple[OpenAnswer, ...]

    def packed(self) -> bytes:
        """JSON of what was chosen and of how long each text is; the keys; the texts in UTF-16,
        two bytes for each unit a limit counts."""
        written = [(one, one.text.encode("utf-16-le")) for one in self.opened]
        asked = [[one.question, len(text)] for one, text in written]
        head = canonical([self.answers, asked]).encode()
        keys = b"".join((self.key, *(one.key for one in self.opened)))
        return b"".join(
            (len(head).to_bytes(_HEAD, "big"), head, keys, *(text for _, text in written))
        )

    @classmethod
    def unpacked(cls, body: bytes) -> Response:
        """The response that `packed` wrote."""
        at = _HEAD + int.from_bytes(body[:_HEAD], "big")
        answers, asked = json.loads(body[_HEAD:at])
        key, at = body[at : at + KEY], at + KEY
        end = at + KEY * len(asked)
        opened = []
        for question, length in asked:
            text = body[end : end + length].decode("utf-16-le")
            opened.append(OpenAnswer(body[at : at + KEY], question, text))
            at, end = at + KEY, end + length
        return cls(key, answers, tuple(opened))


async def finish(
    store: Store,
    chat: int,
    form: str,
    *,
    closed: Mapping[str, Json],
    opened: Mapping[str, str],
    room: int,
) -> bool:
    """The chat's draft of `form` goes; the `closed` answers and the `opened` ones, by question,
    come into the mix as one box of `room` bytes, the form's own.

    False, and nothing is written, if there is no draft or the survey is closed. Raises ValueError
    if they are longer than their room.
    """
    shuffled = secrets.SystemRandom().sample(sorted(opened), len(opened))
    response = Response(
        _key(), closed, tuple(OpenAnswer(_key(), name, opened[name]) for name in shuffled)
    )
    async with store.writing() as connection:
        taken = await connection.execute(
            _TAKE_DRAFT, {"of": draft_tag(store, chat, form), "survey": form}
        )
        if not taken.rowcount:
            return False
        # Asked inside the transaction: whoever changes the batch waits for its end.
        batch = await _current_batch(store, connection, form)
        await wait(store, connection, form, batch, response, room)
    return True


async def wait(
    store: Store,
    connection: AsyncConnection,
    survey: str,
    batch: bytes,
    response: Response,
    room: int,
) -> None:
    """Put the response into the pool, sealed in `batch`, in the transaction that is open."""
    row = _key()
    key = store.keys.passing(survey).find_batch(batch)
    if key is None:
        raise ValueError("a batch is sealed with the key that was made for it")
    box = seal(key, response.packed(), room=room, tag=row)
    await connection.execute(_WAIT, {"survey": survey, "key": row, "box": box})


def opened_box(store: Store, survey: str, batch: bytes, row: bytes, box: bytes) -> Response | None:
    """The response in a box of the pool; None where the key of its batch is lost."""
    key = store.keys.passing(survey).find_batch(batch)
    try:
        return None if key is None else Response.unpacked(unseal(key, box, tag=row))
    except Unopened:
        return None


async def count(store: Store, form: str) -> int:
    """How many responses of `form` have come out of the mix."""
    async with store.reading() as connection:
        return (await connection.execute(_COUNT, {"of": form})).scalar_one()


async def load(store: Store, form: str) -> list[Mapping[str, Json]]:
    """The closed answers of every response to `form` that has come out of the mix, in an order
    that says nothing."""
    async with store.reading() as connection:
        return list((await connection.execute(_SELECT, {"of": form})).scalars())


async def open_answers(store: Store, form: str) -> list[tuple[str, str]]:
    """Every (question, text) answered to `form` in people's own words, likewise."""
    async with store.reading() as connection:
        rows = (await connection.execute(_SELECT_OPEN, {"of": form})).all()
    return [(row.question, row.text) for row in rows]


async def _current_batch(store: Store, connection: AsyncConnection, survey: str) -> bytes:
    """The batch to seal in; a new one where there is none, or where its key is lost with all that
    waits in it."""
    passing = store.keys.passing(survey)
    kept = (await connection.execute(_BATCH, {"of": survey})).scalar_one_or_none()
    if kept is not None and passing.find_batch(kept) is not None:
        return bytes(kept)
    batch = passing.new_batch()
    if kept is None:
        await connection.execute(_FIRST_BATCH, {"survey": survey, "batch": batch})
    else:
        await connection.execute(_NEXT_BATCH, {"of": survey, "batch": batch})
    return batch


def _key() -> bytes:
    return secrets.token_bytes(KEY)
