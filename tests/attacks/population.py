"""Who comes when, and what they say: a population drawn from a seed.

Arrivals are a Poisson process of two an hour, day and night. Everybody's answers are a watermark:
no two choose the same closed answers, and every word of an open answer is one person's alone, so
that whatever is stored can be told to be whose. Words and names are made of syllables; nothing here
is anybody's. Numbers and chat ids are drawn apart from the arrivals: they tell no order.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from dialogs.languages import ENGLISH, FINNISH, SWEDISH
from tests.attacks.truth import Person, Truth
from tests.county import BEGINS, HELSINKI

if TYPE_CHECKING:
    from collections.abc import Mapping

SURVEY: Final = "equality"
CALL: Final = "application"

AN_HOUR: Final = 2.0
"""People who come in an hour."""
APPLY: Final = 0.35
SUBSCRIBE: Final = 0.5
PAUSE: Final = 0.15
"""Of all, those who leave midway."""
NEVER: Final = 0.25
"""Of those, who never come back; a third of them say so, by /stop."""
SKIP: Final = 0.1
"""How often a question is skipped that may be."""

WHEN: Final = {"before": 15, "after": 60, "later": 25}
"""When people apply or subscribe: before they answer, on the card that thanks them, or hours or
days later."""

LANGUAGES: Final = {FINNISH: 80, SWEDISH: 8, ENGLISH: 12}
AREAS: Final[Mapping[str, tuple[int, tuple[str, ...]]]] = {
    "jyvaskyla_region": (60, ("jyvaskyla", "laukaa", "muurame", "hankasalmi")),
    "north": (23, ("saarijarvi", "aanekoski", "viitasaari", "karstula")),
    "south_and_west": (17, ("jamsa", "keuruu", "joutsa", "multia")),
}
"""By area its share, and municipalities in it."""
AGES: Final[Mapping[str, tuple[int, tuple[str, ...]]]] = {
    "under_30": (17, ("under_18", "from_18")),
    "from_30": (47, ("from_30", "from_45")),
    "from_65": (36, ("from_65", "from_75")),
}
"""By the survey's age group its share, and the application's age bands in it."""

_OBSTACLES: Final = (
    *("distance", "waiting", "online", "phone", "language", "premises"),
    *("cost", "manner", "finding", "other"),
)
_SITUATIONS: Final = ("booking", "visit", "home", "housing", "distant", "decision", "emergency")
_SERVICES: Final = ("own_health", "close_health", "own_social", "close_social", "own_rescue")
_OPEN: Final = ("means", "what_happened", "change")

FIRST_ID: Final = 5_000_000_000
LAST_ID: Final = 8_499_999_999
"""Chat ids have ten digits and over 32 bits, as those of newer accounts."""


@dataclass(frozen=True)
class Coming:
    """Somebody who will come: who they are, what they will say, and how they go about it."""

    number: int
    chat: int
    name: str
    contact: str
    language: str
    came: datetime  # the first tap that begins the survey, aware UTC
    answers: Mapping[str, Any]  # the survey's, by question; what is not there is skipped
    application: Mapping[str, Any]  # what is asked in the application; empty: does not apply
    applies: str  # one of WHEN; "": never
    subscribes: str
    leaves_after: int  # questions; 0: goes through
    away: timedelta | None  # between leaving and coming back; None: never
    erases: bool  # by /stop, instead of coming back
    later: timedelta  # from sending to what is done later
    seed: int = field(repr=False)

    @cached_property
    def open(self) -> Mapping[str, str]:
        return {name: self.answers[name] for name in _OPEN if name in self.answers}

    @cached_property
    def closed(self) -> Mapping[str, Any]:
        """As `responses.answers` will hold them."""
        return {name: said for name, said in self.answers.items() if name not in _OPEN}

    @property
    def comes_back(self) -> bool:
        """Whether the survey is answered to the end."""
        return not self.leaves_after or self.away is not None

    @property
    def cell(self) -> tuple[str, ...]:
        return (self.answers["area"], self.answers["age_group"])

    def pace(self) -> random.Random:
        """Chance for how quickly they act: the same each time."""
        return random.Random(f"{self.seed} {self.number}")

    def person(
        self,
        came: datetime,
        sent: datetime | None,
        applied: datetime | None,
        subscribed: datetime | None,
    ) -> Person:
        """The truth about them, when it has happened at these moments."""
        return Person(
            self.number,
            self.chat,
            self.name,
            self.contact,
            came,
            sent,
            applied,
            subscribed,
            self.closed,
            self.open,
            self.cell,
        )


@dataclass(frozen=True)
class Population:
    """All who will come, as they come, and as many who never do but whom the attacker knows."""

    seed: int
    coming: tuple[Coming, ...]
    strangers: tuple[tuple[int, str], ...]
    k: int = 10

    @property
    def until(self) -> datetime:
        """A moment of the survey's last day: everybody has come by then, Helsinki time."""
        return (self.coming[-1].came + timedelta(hours=4)).astimezone(HELSINKI)

    @property
    def known(self) -> tuple[tuple[int, str], ...]:
        """Everybody in town whom an attacker knows, in an order that says nothing."""
        everybody = [*((who.chat, who.name) for who in self.coming), *self.strangers]
        random.Random(f"known {self.seed}").shuffle(everybody)
        return tuple(everybody)

    def imagined(self) -> Truth:
        """The truth as it would be if everybody did what they mean to, without a bot: for stores
        that are made by hand."""
        people = []
        for who in self.coming:
            away = who.away if who.leaves_after else None
            sent = who.came + timedelta(minutes=5) + (away or timedelta())
            done = {"": None, "before": who.came, "after": sent, "later": sent + who.later}
            answered = who.comes_back
            people.append(
                who.person(
                    who.came,
                    sent if answered else None,
                    done[who.applies] if answered else None,
                    done[who.subscribes] if answered else None,
                )
            )
        return Truth(tuple(people), SURVEY, self.k)


def population(seed: int, n: int, *, k: int = 10) -> Population:
    """`n` people; the same for the same seed."""
    chance = random.Random(f"population {seed} {n}")
    words = _Words(chance)
    chats = chance.sample(range(FIRST_ID, LAST_ID), 2 * n)
    numbers = chance.sample(range(n), n)
    met: set[str] = set()
    coming = []
    moment = BEGINS.astimezone(UTC)
    for place in range(n):
        moment += timedelta(hours=chance.expovariate(AN_HOUR))
        while str(answers := _answers(chance)) in met:
            pass
        met.add(str(answers))
        coming.append(_coming(chance, words, numbers[place], chats[place], moment, answers, seed))
    strangers = tuple((chat, words.name()) for chat in chats[n:])
    return Population(seed, tuple(coming), strangers, k)


def _coming(
    chance: random.Random,
    words: _Words,
    number: int,
    chat: int,
    came: datetime,
    answers: dict[str, Any],
    seed: int,
) -> Coming:
    for name in _OPEN:
        if name == "what_happened" and "situation" not in answers:
            continue
        if chance.random() >= SKIP:
            answers[name] = words.sentence()
    name = words.name()
    leaves = chance.random() < PAUSE
    never = leaves and chance.random() < NEVER
    return Coming(
        number=number,
        chat=chat,
        name=name,
        contact=f"{words.word()}@kalevala.fi",
        language=_drawn(chance, LANGUAGES),
        came=came,
        answers=answers,
        application=_application(chance, words, answers, name),
        applies=_drawn(chance, WHEN) if chance.random() < APPLY else "",
        subscribes=_drawn(chance, WHEN) if chance.random() < SUBSCRIBE else "",
        leaves_after=chance.randint(1, 8) if leaves else 0,
        away=None if never else timedelta(hours=min(30.0, chance.lognormvariate(1.0, 1.2))),
        erases=never and chance.random() < 1 / 3,
        later=timedelta(hours=min(40.0, chance.lognormvariate(1.5, 1.0))),
        seed=seed,
    )


def _answers(chance: random.Random) -> dict[str, Any]:
    """The closed answers to the survey."""
    answers: dict[str, Any] = {
        "for_whom": _drawn(chance, {"myself": 80, "close": 15, "helping": 5})
    }
    for name in ("respected", "easy_to_reach", "understood"):
        if chance.random() >= SKIP:
            answers[name] = chance.choice((1, 2, 3, 3, 4, 4, 5, "cant_say"))
    if chance.random() >= SKIP:
        answers["obstacles"] = _several(chance, _OBSTACLES, 3)
    answers["unequal"] = _drawn(chance, {"yes": 35, "unsure": 20, "no": 45})
    if answers["unequal"] != "no":
        answers["situation"] = _several(chance, _SITUATIONS, 2)
        answers["spoke_up"] = chance.choice(("helped", "in_vain", "did_not_dare", "no"))
    answers["age_group"] = _drawn(chance, {name: share for name, (share, _) in AGES.items()})
    answers["area"] = _drawn(chance, {name: share for name, (share, _) in AREAS.items()})
    return answers


def _application(
    chance: random.Random, words: _Words, answers: Mapping[str, Any], name: str
) -> dict[str, Any]:
    """The answers to the application, but for the contact: they agree with the survey's."""
    return {
        "staff": "no",
        "influence_body": "no",
        "old_enough": "yes",
        "commitment": chance.choice(("yes", "likely", "unsure")),
        "municipality": chance.choice(AREAS[answers["area"]][1]),
        "age_band": chance.choice(AGES[answers["age_group"]][1]),
        "experience": _several(chance, _SERVICES, 2),
        "full_name": name,
        "why": words.sentence(),
        "consent": True,
    }


def _several(chance: random.Random, names: tuple[str, ...], most: int) -> list[str]:
    """Some of them, in the form's order."""
    chosen = set(chance.sample(names, chance.randint(1, most)))
    return [name for name in names if name in chosen]


def _drawn(chance: random.Random, shares: Mapping[str, int]) -> str:
    return chance.choices(list(shares), list(shares.values()))[0]


class _Words:
    """Words that nobody has said before; letters only."""

    _CONSONANTS: Final = "hjklmnprstv"
    _VOWELS: Final = "aeiouyäö"

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._said: set[str] = set()

    def word(self) -> str:
        draw = self._chance.choice
        while True:
            word = "".join(draw(self._CONSONANTS) + draw("aeiou") for _ in range(5))
            if word not in self._said:
                self._said.add(word)
                return word

    def name(self) -> str:
        return f"{self.word().capitalize()} {self.word().capitalize()}"

    def sentence(self) -> str:
        draw = self._chance.choice
        words = [self.word() + draw(self._VOWELS) for _ in range(self._chance.randint(3, 9))]
        return f"{' '.join(words).capitalize()}."
