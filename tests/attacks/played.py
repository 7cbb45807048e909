"""A survey played on the real store and mix, without the bot: thousands of responses in a minute.

The same people do the same in the same order, straight through `storage`. What the attacks must
reach where the mix protects little (k = 1 and 2) is shown here, and so is whether what they call is
right: that takes more responses than the bot is led through in a test. Copies can be taken more
often than each hour, for an attacker who is always there.
"""

from __future__ import annotations

import json
import random
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from unittest.mock import patch

from storage import applications, drafts, mix, responses, subscribers, surveys
from storage.database import Store
from storage.keys import Keys
from tests.attacks.naive import HOUR, happens
from tests.attacks.truth import Copy, Stolen, Truth

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.attacks.truth import Person

ROOM: Final = 1024  # bytes of a draft and of a box
CALL: Final = "application"
FAR: Final = date(2030, 1, 1)
MUNICIPALITY: Final = {
    "jyvaskyla_region": "jyvaskyla",
    "north": "saarijarvi",
    "south_and_west": "jamsa",
}


@dataclass(frozen=True)
class Played:
    """What remains; `keys` at the end, `keys_middle` with the copy `middle`."""

    truth: Truth
    known: tuple[tuple[int, str], ...]
    copies: tuple[Copy, ...]
    middle: Copy
    keys_middle: Path
    keys: Path
    seen: dict[int, datetime]

    def stolen(self, model: str, *, middle: bool = False, watched: bool = False) -> Stolen:
        """What an attacker of that model holds; with `watched`, also when everybody answered."""
        one = (self.middle if middle else self.copies[-1],)
        return Stolen(
            model=model,
            copies=self.copies if model == "C" else one,
            settings={"RAATI_TOKEN": "1000000001:a-token"} if model in ("B", "C", "K") else {},
            log="",
            keys=(self.keys_middle if middle else self.keys) if model == "K" else None,
            known=self.known,
            seen=self.seen if model == "C" or watched else {},
            k=self.truth.k,
        )


@contextmanager
def luck(seed: int) -> Iterator[None]:
    """The mix's chance and the rows' keys come from a seed: what is found is found each time."""
    chance = random.Random(f"luck {seed}")
    with (
        patch("storage.mix._chance", chance),
        patch("storage.responses._key", lambda: chance.randbytes(responses.KEY)),
    ):
        yield


async def played(
    folder: Path, truth: Truth, known: tuple[tuple[int, str], ...], *, every: timedelta = HOUR
) -> Played:
    """The whole survey, to its closing; a copy of the files after each `every`."""
    data, keys = folder / "data", folder / "keys"
    store = await Store.open(f"sqlite+aiosqlite:///{data}/raati.db", Keys.load(keys))
    survey = surveys.Running(
        truth.survey, "…", "survey", "everyone", "open", date(2027, 1, 1), FAR, None
    )
    await surveys.keep(store, survey)
    copies: list[Copy] = []
    middle: Copy | None = None

    def copied(moment: datetime, name: str) -> Copy:
        shutil.copytree(data, folder / name)
        return Copy(moment, folder / name)

    done = list(happens(truth))
    changed = True
    at = _floor(done[0][0], every) + every
    for place, (moment, what, who) in enumerate(done):
        while at <= moment:
            # Of what has not changed one copy is enough, looked at again.
            before = copies[-1].folder.name if copies else ""
            same = not changed and copies
            copies.append(Copy(at, folder / before) if same else copied(at, f"{len(copies):04}"))
            changed = False
            at += every
        await _do(store, truth, what, who, moment)
        changed = True
        if place == len(done) // 2:
            middle = copied(moment, "middle")
            shutil.copytree(keys, folder / "keys_middle")
    assert await mix.close(store, survey, k=truth.k)
    await _tidied(store)
    await store.close()
    copies.append(copied(at, f"{len(copies):04}"))
    assert middle is not None
    seen = {who.number: _floor(who.sent, every) for who in truth.people if who.sent is not None}
    return Played(truth, known, tuple(copies), middle, folder / "keys_middle", keys, seen)


async def _do(store: Store, truth: Truth, what: str, who: Person, moment: datetime) -> None:
    match what:
        case "came":
            body = json.dumps({**who.closed, **who.opened}).encode()[:900]
            await drafts.begin(
                store, who.chat, truth.survey, body, room=ROOM, expires=FAR, ordinal=1
            )
        case "sent":
            assert await responses.finish(
                store, who.chat, truth.survey, closed=who.closed, opened=who.opened, room=ROOM
            )
            while await mix.release(store, truth.survey, k=truth.k, room=ROOM):
                await _tidied(store)
        case "applied":
            told = {"municipality": MUNICIPALITY[who.cell[0]], "age_band": AGE[who.cell[1]]}
            application = {"language": "fi", "answers": {**told, "full_name": who.name}}
            monday = moment.date() - timedelta(days=moment.weekday())
            whole = json.dumps(application).encode()
            await applications.keep(store, who.chat, CALL, whole, week=monday)
        case "subscribed":
            await subscribers.add(store, who.chat, "fi")


AGE: Final = {"under_30": "from_18", "from_30": "from_45", "from_65": "from_65"}


async def _tidied(store: Store) -> None:
    assert await store.wipe()
    await mix.bury(store)


def _floor(moment: datetime, every: timedelta) -> datetime:
    begins = datetime(2020, 1, 1, tzinfo=UTC)
    return begins + (moment - begins) // every * every
