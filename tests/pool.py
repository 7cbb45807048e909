"""What waits in the mix, opened with the bot's own keys: what was sent, before it comes out."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING

from storage.keys import Keys
from storage.responses import Response
from storage.sealed import unseal

if TYPE_CHECKING:
    from pathlib import Path


def waiting(folder: Path, survey: str = "equality") -> list[Response]:
    """The responses in the pool of `folder`, which holds `data` and `keys`. Raises what says that a
    box does not open."""
    passing = Keys.load(folder / "keys").passing(survey)
    found = []
    with contextlib.closing(sqlite3.connect(folder / "data" / "raati.db")) as database:
        for row, box, batch in database.execute(
            "SELECT key, box, batch FROM pool JOIN batches USING (survey) WHERE survey = ?",
            [survey],
        ):
            key = passing.find_batch(batch)
            if key is None:
                raise AssertionError("a box waits whose key is gone")
            found.append(Response.unpacked(unseal(key, box, tag=row)))
    return found
