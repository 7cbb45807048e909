"""Texts as Telegram keeps them: cleaned, trimmed, counted in UTF-16 units, with their entities.

Rules from TDLib's `clean_input_string` and `fix_formatted_text`: control characters become spaces,
carriage returns and direction overrides are dropped, both ends are trimmed, offsets follow.
Links, e-mail addresses and commands are found by Telegram itself, in people's texts and bots'.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.sandbox import refusals
from bot.sandbox.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

Json = dict[str, Any]

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024

_CLEANED: dict[int, str | None] = {
    **dict.fromkeys((*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20)), " "),
    **dict.fromkeys((0x0D, *range(0x2028, 0x202F)), None),
}
_INVISIBLE = re.compile(r"[\s\u00ad\u180e\u200b-\u200f\u2060-\u206f\ufeff]*")
_FOUND = {
    "url": re.compile(r"\bhttps?://[^\s<>\"]*[^\s<>\".,:;!?')\]]"),
    "email": re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b"),
    "mention": re.compile(r"(?<![\w@/.])@[A-Za-z][A-Za-z0-9_]{4,31}\b"),
    "bot_command": re.compile(r"(?<![\w/@<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])"),
}
_GIVEN = {
    "bold", "italic", "underline", "strikethrough", "spoiler", "code", "pre", "blockquote",
    "expandable_blockquote", "text_link", "date_time",
}  # fmt: skip
_IGNORED = {
    "mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number",
    "bank_card_number",
}  # fmt: skip


def units(text: str) -> int:
    """Length in UTF-16 code units, Telegram's measure."""
    return len(text.encode("utf-16-le")) // 2


def cleaned(text: str) -> str:
    """The text as Telegram keeps it; empty when nothing of it can be seen."""
    kept = text.translate(_CLEANED).strip()
    return "" if _INVISIBLE.fullmatch(kept) else kept


def split(text: str, marks: Sequence[Json] = ()) -> list[tuple[str, list[Json]]]:
    """A long text in pieces of at most 4096 units, at a line's or word's end where there is one,
    as a client sends it, and with each those of its entities that reach into it."""
    pieces = []
    at, end = len(text) - len(text.lstrip()), len(text.rstrip())
    while units(text[at:end]) > LONGEST_TEXT:
        cut = at + _first_units(text[at:end], LONGEST_TEXT)
        gap = max(text.rfind("\n", at, cut), text.rfind(" ", at, cut))
        cut = gap if gap > at else cut
        pieces.append(_piece(text, marks, at, cut))
        at = cut + len(text[cut:end]) - len(text[cut:end].lstrip())
    return [*pieces, _piece(text, marks, at, end)]


def _piece(text: str, marks: Sequence[Json], start: int, end: int) -> tuple[str, list[Json]]:
    piece = text[start:end].rstrip()
    before = units(text[:start])
    after = before + units(piece)
    within = []
    for mark in marks:
        begins = max(mark["offset"], before)
        length = min(mark["offset"] + mark["length"], after) - begins
        if length > 0:
            within.append({**mark, "offset": begins - before, "length": length})
    return piece, within


def _first_units(text: str, count: int) -> int:
    """How many characters fit in `count` UTF-16 units, never half a character."""
    raw = text.encode("utf-16-le")[: 2 * count]
    whole = raw.decode("utf-16-le", "ignore")
    return len(whole)


def fields(text: str, given: object, limit: int, *, name: str = "text") -> Json:
    """`text` and `entities` (or `caption` and `caption_entities`) of a message.

    `given` is what the bot sent as entities. Raises `Refusal` for an empty text, one over `limit`
    units, or a bad entity. An empty caption gives no fields at all.
    """
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise Refusal(refusals.NOT_UTF8)
    marked = _checked(given, text) if isinstance(given, list) else []
    kept = cleaned(text)
    if not kept and name == "text":
        raise Refusal(refusals.TEXT_EMPTY)
    if units(kept) > limit:
        raise Refusal(refusals.TEXT_TOO_LONG if name == "text" else refusals.CAPTION_TOO_LONG)
    if not kept:
        return {}
    entities = _moved(marked, text, kept)
    entities += [e for e in _found(kept) if not any(_overlap(e, other) for other in entities)]
    entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    result: Json = {name: kept}
    if entities:
        result["entities" if name == "text" else "caption_entities"] = entities
    return result


def _checked(given: list[Any], text: str) -> list[Json]:
    """The entities a bot may give, each in bounds; the ones Telegram finds itself are left out."""
    raw = text.encode("utf-16-le")
    end = len(raw) // 2
    kept = []
    for entity in given:
        if not isinstance(entity, dict):
            raise Refusal(refusals.ENTITY_BROKEN.format("expected an Object"))
        for field in ("offset", "length", "type"):
            if field not in entity:
                raise Refusal(refusals.ENTITY_BROKEN.format(f'Can\'t find field "{field}"'))
        for field in ("offset", "length"):
            if not isinstance(entity[field], int):
                raise Refusal(
                    refusals.ENTITY_BROKEN.format(f'Field "{field}" must be of type Number')
                )
        kind, offset, length = str(entity["type"]), entity["offset"], entity["length"]
        if kind in _IGNORED:
            continue
        if kind in {"text_mention", "custom_emoji"}:
            raise refusals.beyond_the_sandbox(f"entities of type {kind}")
        if kind not in _GIVEN:
            raise Refusal(refusals.ENTITY_BROKEN.format("Unsupported type specified"))
        if offset < 0:
            raise Refusal(refusals.ENTITY_OFFSET.format(offset))
        if length < 0:
            raise Refusal(refusals.ENTITY_LENGTH.format(length))
        if offset > end:
            raise Refusal(refusals.ENTITY_BEGINS_AFTER.format(offset))
        if offset + length > end:
            raise Refusal(refusals.ENTITY_ENDS_AFTER.format(offset, offset + length))
        if _inside_a_pair(raw, offset):
            raise Refusal(refusals.ENTITY_BEGINS_INSIDE.format(_bytes(raw, offset)))
        if _inside_a_pair(raw, offset + length):
            raise Refusal(refusals.ENTITY_ENDS_INSIDE.format(offset, _bytes(raw, offset + length)))
        if kind == "text_link":
            flaw = url_flaw(str(entity.get("url", "")))
            if flaw:
                raise Refusal(refusals.ENTITY_URL.format(entity.get("url", ""), flaw))
        if length:
            kept.append(dict(entity))
    return kept


def _inside_a_pair(raw: bytes, offset: int) -> bool:
    unit = raw[2 * offset : 2 * offset + 2]
    return len(unit) == 2 and 0xDC00 <= int.from_bytes(unit, "little") <= 0xDFFF


def _bytes(raw: bytes, offset: int) -> int:
    """The UTF-8 byte a UTF-16 offset stands at, as the refusal counts it."""
    return len(raw[: 2 * offset].decode("utf-16-le", "ignore").encode())


def _moved(entities: list[Json], text: str, kept: str) -> list[Json]:
    """The entities where they stand after cleaning and trimming; emptied ones are dropped."""
    if text == kept:
        return entities
    raw = text.encode("utf-16-le")
    whole = text.translate(_CLEANED)
    lead = units(whole) - units(whole.lstrip())
    end = units(kept)

    def place(offset: int) -> int:
        before = raw[: 2 * offset].decode("utf-16-le").translate(_CLEANED)
        return min(max(units(before) - lead, 0), end)

    moved = []
    for entity in entities:
        start = place(entity["offset"])
        length = place(entity["offset"] + entity["length"]) - start
        if length:
            moved.append({**entity, "offset": start, "length": length})
    return moved


def _found(text: str) -> list[Json]:
    found: list[Json] = []
    for kind, pattern in _FOUND.items():
        for hit in pattern.finditer(text):
            entity = {
                "type": kind,
                "offset": units(text[: hit.start()]),
                "length": units(hit.group()),
            }
            if not any(_overlap(entity, other) for other in found):
                found.append(entity)
    return found


def _overlap(one: Json, other: Json) -> bool:
    """Whether two entities touch where Telegram lets only one stand: a link is never inside
    a link or code; bold and the like may lie over anything."""
    if other["type"] not in {"text_link", "code", "pre", *_FOUND}:
        return False
    starts_before: bool = one["offset"] < other["offset"] + other["length"]
    ends_after: bool = other["offset"] < one["offset"] + one["length"]
    return starts_before and ends_after


def url_flaw(url: str) -> str:
    """Why Telegram would not take this address; empty if it would."""
    scheme, separator, rest = url.partition("://")
    if separator and scheme.lower() not in {"http", "https", "tg", "ton", "tonsite"}:
        return "Unsupported URL protocol"
    if separator and scheme.lower() in {"tg", "ton", "tonsite"}:
        return ""
    place = re.split(r"[/?#]", rest if separator else url, maxsplit=1)[0]
    host = place.rpartition("@")[2].partition(":")[0]
    if not host:
        return "URL host is empty"
    return "" if "." in host.strip(".") else "Wrong HTTP URL"
