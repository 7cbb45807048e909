"""Capture of drafts: any draft or box that can be read with what is at hand.

Tried are the rows of the newest state and whatever is left over of earlier ones in the log, on free
pages and in free bytes, with everything at hand as a key: nothing, each setting, each key file,
whatever it is called. A draft's tag and a box's row key are part of how they are sealed; both stand
beside them. A draft in clear is read as it is.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from storage.sealed import Unopened, unseal
from tests.attacks.claims import Claims, Read
from tests.attacks.markers import secrets_at_hand
from tests.attacks.pages import left_over, newest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.attacks.pages import Value
    from tests.attacks.truth import Stolen

SEALED: Final = {"drafts": ("tag", "body"), "pool": ("key", "box")}
"""By table the columns of what a box is sealed to, and of the box."""
_CLEAR: Final = ("body", "state", "answers", "data")


def attack(stolen: Stolen) -> Claims:
    """Everything that opens, each body once."""
    keys = [
        one if len(one) == 32 else sha256(one).digest()
        for one in secrets_at_hand(stolen.settings, stolen.keys)
    ]
    read: dict[tuple[str, bytes], Read] = {}
    for copy in stolen.copies:
        database = newest(copy.folder)
        for table, (to, box) in SEALED.items():
            live = [row.values for row in database.rows(table)]
            left = list(left_over(copy.folder, table)) if stolen.copies[-1] is copy else []
            for place, values in enumerate((*live, *left)):
                of = values.get(to)
                named = of if isinstance(of, bytes) else b""
                bodies = [*_clear(values), *_opened(named, values.get(box), keys)]
                for body in bodies:
                    found = Read(table, named, body, live=place < len(live))
                    read.setdefault((table, body), found)
    return Claims(read=tuple(read.values()))


def _opened(of: bytes, box: Value, keys: list[bytes]) -> Iterator[bytes]:
    if not isinstance(box, bytes):
        return
    for key in keys:
        try:
            yield unseal(key, box, tag=of)
        except Unopened:
            continue


def _clear(values: Mapping[str, Value]) -> Iterator[bytes]:
    """What anybody can read: JSON, as text or as bytes."""
    for name in _CLEAR:
        held = values.get(name)
        if isinstance(held, str | bytes):
            try:
                json.loads(held)
            except ValueError:
                continue
            yield held.encode() if isinstance(held, str) else held
