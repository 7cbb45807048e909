"""What can go wrong between a bot and Telegram, on demand: the next calls of a method meet it, or
in a storm one call in so many.

A fault is data; the server meets it in one place (`Sandbox._call`). Tests name faults in Python;
other processes and developers tell them to `POST /faults`:

    {"method": "sendMessage", "fault": "flood", "seconds": 2, "times": 1}
    {"method": "sendMessage", "seed": 7, "storm": [{"fault": "trouble", "chance": 0.1}]}
    {"calm": true}
    {"update": {"poll": {}}}
    {"again": 400000001}
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from bot.sandbox.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.sandbox.texts import Json
    from bot.sandbox.updates import Updates

MOST_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Flood:
    """429: nothing is done, and the bot shall wait so many seconds."""

    seconds: int

    @property
    def name(self) -> str:
        return "flood"


@dataclass(frozen=True, slots=True)
class Trouble:
    """5xx: nothing is done; the answer is a proxy's page instead of the Bot API's JSON."""

    status: int = 502

    @property
    def name(self) -> str:
        return "trouble"


@dataclass(frozen=True, slots=True)
class Refused:
    """A refusal word for word, as `refusals` has them. KeyError for what none begins with."""

    description: str

    def __post_init__(self) -> None:
        Refusal(self.description)

    @property
    def name(self) -> str:
        return "refused"


@dataclass(frozen=True, slots=True)
class Cut:
    """The connection is cut and no answer comes: before anything is done, or after."""

    before: bool

    @property
    def name(self) -> str:
        return "cut before" if self.before else "cut after"


@dataclass(frozen=True, slots=True)
class Delay:
    """So many real seconds pass before the call is carried out. It is carried out also when the
    bot has hung up by then."""

    seconds: float

    @property
    def name(self) -> str:
        return "delay"


Fault = Flood | Trouble | Refused | Cut | Delay


@dataclass(frozen=True, slots=True)
class Storm:
    """How likely a call meets each fault, and the chance that says which one does."""

    chances: Mapping[Fault, float]
    chance: Random

    def next(self) -> Fault | None:
        drawn = self.chance.random()
        for fault, likely in self.chances.items():
            if drawn < likely:
                return fault
            drawn -= likely
        return None


class Faults:
    """What the next calls of each method meet, one each, in order; those after them meet the
    storm that rages over the method, if one does."""

    def __init__(self) -> None:
        self._ahead: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._storms: dict[str, Storm] = {}

    def meet(self, method: str, *faults: Fault) -> None:
        """The next calls of `method` ("sendMessage") meet these."""
        self._ahead[method.lower()].extend(faults)

    def storm(self, method: str, chances: Mapping[Fault, float], chance: Random) -> None:
        """Until it is `calm`, a call of `method` meets each of these faults as likely as it says.
        Raises ValueError for what is no likelihood."""
        if any(likely < 0 for likely in chances.values()) or sum(chances.values()) > 1:
            raise ValueError("chances are 0 to 1, all together too")
        self._storms[method.lower()] = Storm(dict(chances), chance)

    def calm(self) -> None:
        """No call meets anything any more."""
        self._ahead.clear()
        self._storms.clear()

    def next(self, method: str) -> Fault | None:
        """What a call that comes now meets."""
        if ahead := self._ahead[method.lower()]:
            return ahead.popleft()
        storm = self._storms.get(method.lower())
        return storm.next() if storm is not None else None


def told(faults: Faults, updates: Updates, body: Json) -> None:
    """Does what `POST /faults` says. Raises LookupError, TypeError or ValueError for what it cannot
    mean."""
    if "update" in body:
        if not isinstance(body["update"], dict):
            raise TypeError("an update is an object")
        updates.put_raw(body["update"])
    elif "again" in body:
        updates.again(int(body["again"]))
    elif body.get("calm"):
        faults.calm()
    elif "storm" in body:
        chances = {_named(one): float(one["chance"]) for one in body["storm"]}
        faults.storm(str(body["method"]), chances, Random(int(body["seed"])))  # noqa: S311 - play
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
