"""Invented residents: who they are, and what they answer when they are asked.

A resident is a number, and everything about them follows from it: the same residents live in every
demo, and one who comes back to a question answers it as before. How a county answers a form, and in
which words, stands in `invented/`, a file for each form.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

import yaml

from dialogs.forms.model import CANT_SAY, Role, Type
from dialogs.languages import ENGLISH, FINNISH, SWEDISH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.forms.answers import Answer
    from dialogs.forms.model import Form, Row

SEED: Final = 1912

LANGUAGES: Final = {FINNISH: 80, SWEDISH: 8, ENGLISH: 12}
AGES: Final = {"under_30": 17, "from_30": 47, "from_65": 36}
AREAS: Final = {"jyvaskyla_region": 60, "north": 23, "south_and_west": 17}
MOODS: Final = {"content": 30, "undecided": 48, "let_down": 22}

NAMES: Final = {
    FINNISH: (
        *("Aino", "Eino", "Helmi", "Oiva", "Sisko", "Tauno", "Vieno", "Usko", "Impi", "Urho"),
        *("Lempi", "Reino", "Sylvi", "Onni", "Saima", "Toivo", "Venla", "Otso", "Kerttu", "Ilmari"),
    ),
    SWEDISH: ("Saga", "Edvin", "Alfhild", "Gösta", "Signe", "Torvald", "Majken", "Ragnar"),
    ENGLISH: ("Amina", "Oleksandr", "Grace", "Minh", "Priya", "Samuel", "Fatou", "Emeka"),
}

SKIPPED: Final = "skipped"
"""In `invented/`, the share of those who skip a question."""
BACKGROUND_SKIPPED: Final = 0.12
JOINED: Final = 0.25
"""How often somebody writes two of the short things that people write."""
SHORT: Final = 120
"""Characters up to which a text goes together with another."""


@dataclass(frozen=True)
class Resident:
    """One invented resident."""

    number: int

    @cached_property
    def language(self) -> str:
        return _drawn(LANGUAGES, self.chance("language"))

    @cached_property
    def name(self) -> str:
        """What their phone calls them."""
        return self.chance("name").choice(NAMES[self.language])

    @cached_property
    def traits(self) -> frozenset[str]:
        """What their answers lean on: language, age, area, mood."""
        drawn = (_drawn(of, self.chance(of)) for of in (AGES, AREAS, MOODS))
        return frozenset((self.language, *drawn))

    def chance(self, of: object) -> random.Random:
        """Their own chance in some matter: the same each time it is asked."""
        return random.Random(f"{SEED} {self.number} {of}")  # noqa: S311 - nothing secret

    def answer(self, form: Form, row: Row) -> Answer:
        """What they answer to a question of the form; None where they skip it."""
        chance = self.chance(f"{form.name} {row.name}")
        if row.role is Role.BACKGROUND:
            mine = [choice.name for choice in row.choices if choice.name in self.traits]
            return mine[0] if mine and chance.random() >= BACKGROUND_SKIPPED else None
        match row.type:
            case Type.NOTE | Type.ACKNOWLEDGE:
                return True
            case Type.SELECT_ONE:
                return _answered(_drawn(self._shares(form, row), chance))
            case Type.RANGE:
                step = _answered(_drawn(self._shares(form, row), chance))
                return step if step in (None, CANT_SAY) else int(step)
            case Type.SELECT_MULTIPLE:
                return self._several(form, row, chance)
            case Type.TEXT:
                return self._written(form, row, chance)
        return None

    def _shares(self, form: Form, row: Row) -> dict[str, float]:
        """How likely each choice is for such a resident, and to skip; alike where no file tells."""
        file = invented(form.name)
        told = file.get(row.name) or {choice.name: 25 for choice in row.choices}
        shares = {choice: float(share) for choice, share in told.items()}
        for trait in sorted(self.traits):
            for choice, times in file.get("leanings", {}).get(trait, {}).get(row.name, {}).items():
                shares[choice] *= float(times)
        return shares

    def _several(self, form: Form, row: Row, chance: random.Random) -> Answer:
        shares = self._shares(form, row)
        hits = {name for name, share in shares.items() if chance.random() < share / 100}
        if SKIPPED in hits:
            return None
        alone = [choice.name for choice in row.choices if choice.exclusive and choice.name in hits]
        if alone:
            return (alone[0],)
        names = [choice.name for choice in row.choices if choice.name in hits]
        most = row.parameters.maximum or len(names)
        kept = chance.sample(names, min(most, len(names)))
        if not kept and row.required:
            return (max(shares, key=shares.__getitem__),)
        return tuple(name for name in names if name in kept) or None

    def _written(self, form: Form, row: Row, chance: random.Random) -> Answer:
        told = invented(form.name).get(row.name, {})
        texts = told.get(self.language, ())
        if not texts or chance.random() < float(told.get(SKIPPED, 0)) / 100:
            return None
        text, other = texts[self.number % len(texts)], chance.choice(texts)
        both = text != other and len(text) < SHORT and len(other) < SHORT and row.role is None
        if SKIPPED in told and both and chance.random() < JOINED:
            return f"{text} {other}"
        return str(text)


@lru_cache
def invented(form: str) -> Mapping[str, Any]:
    """How the county answers the form: by question the share of each choice, or the texts in each
    language; and `leanings`. Empty for a form that nobody has invented answers to."""
    file = resources.files("bot.demo").joinpath("invented", f"{form}.yaml")
    if not file.is_file():
        return {}
    told: Mapping[str, Any] = yaml.load(file.read_bytes(), yaml.BaseLoader)  # noqa: S506 - texts
    return told


def _answered(drawn: str) -> str | None:
    return None if drawn == SKIPPED else drawn


def _drawn(shares: Mapping[str, float], chance: random.Random) -> str:
    return chance.choices(tuple(shares), tuple(shares.values()))[0]
