"""Markers: how often a chat has answered a survey, and nothing else.

A survey takes so many responses from one chat (`responses_per_chat`). When one is begun, a marker
is written: a keyed hash of chat and ordinal under the survey's own secret. It points to no draft
and no response. While the survey is open, whoever holds the secret can tell who has taken part;
when it is closed the markers go, and the secret dies.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, select

from storage.quick import Quick
from storage.sealed import TAG, tag
from storage.tables import insert_new, markers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.database import Store

MARK: Final = TAG  # bytes
NONE: Final = bytes(MARK)
"""In a draft's box: of a form that counts no responses."""

_INSERT: Final = insert_new(markers)


@lru_cache
def _taken(most: int) -> Quick:
    """The question for so many markers: made0, made1…"""
    made = [bindparam(f"made{n}", type_=markers.c.marker.type) for n in range(most)]
    return Quick(select(markers.c.survey).where(markers.c.marker.in_(made)))


def marker(store: Store, chat: int, survey: str, ordinal: int) -> bytes:
    """The marker that `chat` has begun its response number `ordinal` to `survey`."""
    return tag(store.keys.passing(survey).secret, f"response {ordinal} to {survey}", chat)


async def mark(connection: AsyncConnection, survey: str, made: bytes) -> None:
    """Write a marker, in the transaction that is open; one that is there stays."""
    await connection.execute(_INSERT, {"survey": survey, "marker": made})


async def taken(store: Store, chat: int, surveys: Mapping[str, int]) -> dict[str, int]:
    """How many responses the chat has begun or sent, by survey; asked for `surveys`, each with the
    most it takes from one chat. A survey it never began is left out."""
    asked = {
        marker(store, chat, survey, ordinal): survey
        for survey, most in surveys.items()
        if store.keys.passing(survey).has_secret
        for ordinal in range(1, most + 1)
    }
    found: dict[str, int] = {}
    if asked:
        made = {f"made{n}": one for n, one in enumerate(asked)}
        for (survey,) in await store.ask(_taken(len(asked)), **made):
            found[survey] = found.get(survey, 0) + 1
    return found
