"""Formatting as people type it: **bold**, __italic__ and [words](https://…), as Telegram's own
clients read it from their entry field, and the same written back.

Signs nest. What does not pair stays as it was typed, and so do underlines inside a word, as
addresses have them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.sandbox.texts import Json, units

if TYPE_CHECKING:
    from collections.abc import Iterable

SIGN = re.compile(
    r"\*\*(?P<bold>(?=[^\s*]).*?(?<=\S))\*\*"
    r"|(?<!\w)__(?P<italic>(?=[^\s_]).*?(?<=\S))__(?!\w)"
    r"|\[(?P<text_link>[^\[\]\n]+)\]\((?P<url>https?://[^\s()]+)\)"
)
Signs = Mapping[str, tuple[str, str]]
SIGNS: Signs = {"bold": ("**", "**"), "italic": ("__", "__"), "text_link": ("[", "]({url})")}
"""What stands before and behind what is formatted so, by kind of entity."""


def read(typed: str) -> tuple[str, list[Json]]:
    """The text without its signs, and what they meant as entities."""
    text, entities, at = "", [], 0
    for sign in SIGN.finditer(typed):
        text += typed[at : sign.start()]
        kind = next(kind for kind in SIGNS if sign[kind] is not None)
        inside, inner = read(sign[kind])
        begins = units(text)
        entity: Json = {"type": kind, "offset": begins, "length": units(inside)}
        entities.append(entity | ({"url": sign["url"]} if sign["url"] else {}))
        entities += [{**one, "offset": one["offset"] + begins} for one in inner]
        text += inside
        at = sign.end()
    return text + typed[at:], entities


def written(text: str, entities: Iterable[Any], signs: Signs = SIGNS) -> str:
    """The text with these signs; entities of other kinds are left out."""
    shown = [entity for entity in entities if entity["type"] in signs]
    placed: list[tuple[int, int, int, int, str]] = []
    for number, entity in enumerate(shown):
        opens, closes = signs[entity["type"]]
        begins, length = entity["offset"], entity["length"]
        # At one place what ends comes before what begins, and the outer encloses the inner.
        placed.append((begins, 1, -length, number, opens))
        closed = closes.format(url=entity.get("url", ""))
        placed.append((begins + length, 0, -begins, -number, closed))
    raw = text.encode("utf-16-le")
    parts, at = [], 0
    for place, *_, sign in sorted(placed):
        parts += [raw[2 * at : 2 * place].decode("utf-16-le"), sign]
        at = place
    return "".join([*parts, raw[2 * at :].decode("utf-16-le")])
