"""What can go wrong between a bot and Telegram, on demand: the next calls of a method meet it.

A fault is data; the server meets it in one place (`Sandbox._call`). Tests name faults in Python;
other processes and developers tell them to `POST /faults`:

    {"method": "sendMessage", "fault": "flood", "seconds": 2, "times": 1}
    {"update": {"poll": {}}}
    {"again": 400000001}
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.sandbox.refusals import Refusal

if TYPE_CHECKING:
    from bot.sandbox.texts import Json
    from bot.sandbox.updates import Updates

MOST_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Flood:
    """429: nothing is done, and the bot shall wait so many seconds."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """5xx: nothing is done; the answer is a proxy's page instead of the Bot API's JSON."""

    status: int = 502


@dataclass(frozen=True, slots=True)
class Refused:
    """A refusal word for word, as `refusals` has them. KeyError for what none begins with."""

    description: str

    def __post_init__(self) -> None:
        Refusal(self.description)


@dataclass(frozen=True, slots=True)
class Cut:
    """The connection is cut and no answer comes: before anything is done, or after."""

    before: bool


@dataclass(frozen=True, slots=True)
class Delay:
    """So many real seconds pass before the call is carried out. It is carried out also when the
    bot has hung up by then."""

    seconds: float


Fault = Flood | Trouble | Refused | Cut | Delay


class Faults:
    """What the next calls of each method meet, one each, in order."""

    def __init__(self) -> None:
        self._ahead: defaultdict[str, deque[Fault]] = defaultdict(deque)

    def meet(self, method: str, *faults: Fault) -> None:
        """The next calls of `method` ("sendMessage") meet these."""
        self._ahead[method.lower()].extend(faults)

    def next(self, method: str) -> Fault | None:
        """What a call that comes now meets."""
        ahead = self._ahead[method.lower()]
        return ahead.popleft() if ahead else None


def told(faults: Faults, updates: Updates, body: Json) -> None:
    """Does what `POST /faults` says. Raises LookupError, TypeError or ValueError for what it cannot
    mean."""
    if "update" in body:
        if not isinstance(body["update"], dict):
            raise TypeError("an update is an object")
        updates.put_raw(body["update"])
    elif "again" in body:
        updates.again(int(body["again"]))
    else:
        times = int(body.get("times", 1))
        if not 0 < times <= MOST_AT_ONCE:
            raise ValueError(f"times is 1 to {MOST_AT_ONCE}")
        faults.meet(str(body["method"]), *[_named(body)] * times)


def _named(body: Json) -> Fault:
    match body["fault"]:
        case "flood":
            return Flood(int(body["seconds"]))
        case "trouble":
            return Trouble(int(body.get("status", 502)))
        case "refused":
            return Refused(str(body["description"]))
        case "cut":
            return Cut(bool(body.get("before", True)))
        case "delay":
            return Delay(float(body["seconds"]))
        case unknown:
            raise ValueError(f"no fault is called {unknown!r}")
