"""Joining: applications laid beside responses, by whatever both hold.

An application that can be read (in clear, or in K under the lasting key) tells who somebody is and,
coarsely, where they live and how old they are; a response may hold the same in the survey's words.
The forms and the office's lists, which are public, tell which municipality lies in which area and
which age band in which age group. Where the two agree in all that both hold, it may be the same
person. One that cannot be read has its week and its size only, and a response has neither.
"""

from __future__ import annotations

import json
from collections import defaultdict
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

import yaml

from storage.sealed import Unopened, identity, unseal
from tests.attacks.claims import RESPONSES, Claims, Way, key_of
from tests.attacks.markers import Known, key_files
from tests.attacks.pages import newest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.attacks.claims import Who
    from tests.attacks.pages import Row
    from tests.attacks.truth import Stolen

_CHAT: Final = 8  # bytes of the chat id, at the head of an application
_AGE: Final = {
    "under_18": "under_30",
    "from_18": "under_30",
    "from_30": "from_30",
    "from_45": "from_30",
    "from_65": "from_65",
    "from_75": "from_65",
}
"""The survey's age group of each of the application's age bands."""


def attack(stolen: Stolen) -> Claims:
    """By all shared fields, and by the week and the size where those stand on both sides."""
    database = newest(stolen.copies[-1].folder)
    responses = [(key_of(row), _fields(row)) for row in database.rows(RESPONSES)]
    known = Known.of(stolen)
    guesses: dict[Who, Mapping[bytes, float]] = {}
    for row in database.rows("applications"):
        for who, fields in _applications(stolen, known, row):
            same = _agreeing(fields, responses)
            if same:
                guesses[who] = dict.fromkeys(same, 1 / len(same))
    return Claims([Way("shared fields", RESPONSES, guesses)] if guesses else [])


def _agreeing(
    fields: Mapping[str, Any], responses: list[tuple[bytes, dict[str, Any]]]
) -> list[bytes]:
    """The responses that say the same wherever both say anything; none if no field is shared. One
    that was skipped may be anybody's, but those that agree in more are likelier."""
    by_shared: dict[int, list[bytes]] = defaultdict(list)
    for key, said in responses:
        shared = fields.keys() & said.keys()
        if shared and all(fields[name] == said[name] for name in shared):
            by_shared[len(shared)].append(key)
    return by_shared[max(by_shared)] if by_shared else []


def _applications(stolen: Stolen, known: Known, row: Row) -> Iterator[tuple[Who, dict[str, Any]]]:
    chat = known.chat(row)
    held = _fields(row)
    for secret in (file.read_bytes() for file in key_files(stolen.keys)):
        tag, body = row.values.get("tag"), row.values.get("body")
        if len(secret) != 32 or not isinstance(tag, bytes) or not isinstance(body, bytes):
            continue
        try:
            whole = unseal(identity(secret).boxes, body, tag=tag)
        except Unopened:
            continue
        chat = int.from_bytes(whole[:_CHAT], "big", signed=True)
        told = json.loads(whole[_CHAT:])
        held |= {**told.pop("answers"), **told}
    who: Who = ("applications", key_of(row)) if chat is None else ("chat", chat)
    yield who, _in_the_survey_s_words(held)


def _fields(row: Row) -> dict[str, Any]:
    """What a row says in clear, by name, also inside JSON; what every row has of its own is no
    field to be shared."""
    found: dict[str, Any] = {}
    for column, value in row.values.items():
        if isinstance(value, str) and value[:1] == "{":
            found |= json.loads(value)
        elif isinstance(value, str | int) and column not in ("id", "key", "created_at"):
            found[column] = value
    return found


def _in_the_survey_s_words(fields: Mapping[str, Any]) -> dict[str, Any]:
    translated = dict(fields)
    if (area := _areas().get(str(fields.get("municipality")))) is not None:
        translated["area"] = area
    if (age := _AGE.get(str(fields.get("age_band")))) is not None:
        translated["age_group"] = age
    return translated


@lru_cache
def _areas() -> dict[str, str]:
    """The area of each municipality, as the office's public file has them."""
    file = resources.files("dialogs").joinpath("office.yaml")
    office = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {
        municipality["name"] if isinstance(municipality, dict) else municipality: area["name"]
        for area in office["areas"]
        for municipality in area["municipalities"]
    }
