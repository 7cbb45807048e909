"""Responses: what was answered, and nothing that leads to who.

Finishing is one transaction: the draft goes and the response comes, so that sending twice sends
once and a crash in between does neither. From then on nothing connects the response to the chat,
and nothing connects its open answers to it or to each other.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final, TypeAlias

from sqlalchemy import bindparam, delete, exists, func, insert, select

from storage.drafts import draft_tag
from storage.surveys import CLOSED
from storage.tables import drafts, responses, surveys
from storage.tables import open_answers as texts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from storage.database import Store

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"

_closed: Final = exists().where(surveys.c.name == bindparam("survey"), surveys.c.state == CLOSED)
_TAKE_DRAFT: Final = delete(drafts).where(drafts.c.tag == bindparam("of"), ~_closed)
_INSERT: Final = insert(responses)
_INSERT_OPEN: Final = insert(texts)
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


async def finish(
    store: Store, chat: int, form: str, *, closed: Mapping[str, Json], opened: Mapping[str, str]
) -> bool:
    """The chat's draft of `form` goes; the `closed` answers come as one response, the `opened`
    ones, by question, as rows of their own.

    False, and nothing is written, if there is no draft or the survey is closed.
    """
    keys = sorted(_key() for _ in opened)  # inserted in their order, which is no question's
    questions = secrets.SystemRandom().sample(sorted(opened), len(opened))
    async with store.writing() as connection:
        taken = await connection.execute(
            _TAKE_DRAFT, {"of": draft_tag(store, chat, form), "survey": form}
        )
        if not taken.rowcount:
            return False
        await connection.execute(_INSERT, {"survey": form, "key": _key(), "answers": dict(closed)})
        if opened:
            await connection.execute(
                _INSERT_OPEN,
                [
                    {"survey": form, "key": key, "question": question, "text": opened[question]}
                    for key, question in zip(keys, questions, strict=True)
                ],
            )
    return True


async def count(store: Store, form: str) -> int:
    """How many responses `form` has."""
    async with store.reading() as connection:
        return (await connection.execute(_COUNT, {"of": form})).scalar_one()


async def load(store: Store, form: str) -> list[Mapping[str, Json]]:
    """The closed answers of every response to `form`, in an order that says nothing."""
    async with store.reading() as connection:
        return list((await connection.execute(_SELECT, {"of": form})).scalars())


async def open_answers(store: Store, form: str) -> list[tuple[str, str]]:
    """Every (question, text) answered to `form` in people's own words, in no telling order."""
    async with store.reading() as connection:
        rows = (await connection.execute(_SELECT_OPEN, {"of": form})).all()
    return [(row.question, row.text) for row in rows]


def _key() -> bytes:
    return secrets.token_bytes(16)
