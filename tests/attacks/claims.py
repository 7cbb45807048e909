"""What an attack says it has found: whom each stored answer belongs to, and how sure that is.

An attacker points at somebody in one of several ways: at a person they watched, at a chat whose id
they know, or at a row that somebody else may open one day (an application, a subscription). Each
line of reasoning is a way of its own and is judged on its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence
    from typing import TypeVar

    from tests.attacks.pages import Row

    Left = TypeVar("Left", bound=Hashable)
    Right = TypeVar("Right", bound=Hashable)

Who: TypeAlias = "tuple[str, int | bytes]"
"""`("person", number)`: watched while answering; `("chat", id)`: found by their chat or name;
`(table, key)`: the person of a row that was not opened, such as an application."""

RESPONSES: Final = "responses"
OPEN_ANSWERS: Final = "open_answers"
ANSWERS: Final = (RESPONSES, OPEN_ANSWERS)
"""The tables of answers: what is to be tied to people."""


@dataclass(frozen=True, slots=True)
class Way:
    """One line of reasoning: for each of whom it speaks, a probability over rows of `table`."""

    name: str
    table: str
    guesses: Mapping[Who, Mapping[bytes, float]]


@dataclass(frozen=True, slots=True)
class Read:
    """Something sealed, or half said, that could be read: a draft or a box of the mix."""

    table: str
    of: bytes  # the key or tag of its row
    body: bytes
    live: bool  # a row of the newest state; else left over in the files


@dataclass(frozen=True, slots=True)
class Claims:
    """Everything that one attack found."""

    ways: Sequence[Way] = ()
    took_part: Mapping[int, float] | None = None
    """By chat id a score, higher for who has taken part: for every known chat, and for whichever
    decoy had one. None: the attack does not try."""
    read: Sequence[Read] = field(default=())


def key_of(row: Row) -> bytes:
    """What a row of answers is called: its key, or its number as 8 bytes."""
    key = row.values.get("key")
    return key if isinstance(key, bytes) else (row.rowid or 0).to_bytes(8, "big")


def balanced(
    weights: Mapping[Left, Mapping[Right, float]],
    of_left: Mapping[Left, float],
    of_right: Mapping[Right, float],
    *,
    rounds: int = 200,
) -> dict[Left, dict[Right, float]]:
    """`weights` brought so that each left side has its sum, and no right side more than its own
    (Sinkhorn's scaling): what there is is shared out over the whole survey, and no answer is given
    to two people. What does not fit together comes as near as it goes. A left side without weights
    is left out."""
    scaled = {one: dict(row) for one, row in weights.items() if any(row.values())}
    for _ in range(rounds):
        worst = 0.0
        sums: dict[Right, float] = {}
        for one, row in scaled.items():
            whole = sum(row.values())
            worst = max(worst, abs(whole / of_left[one] - 1))
            for other in row:
                row[other] *= of_left[one] / whole
                sums[other] = sums.get(other, 0.0) + row[other]
        over = {other: most / of_right[other] for other, most in sums.items()}
        if worst < 1e-9 and max(over.values(), default=0.0) < 1 + 1e-9:
            break
        for row in scaled.values():
            for other in row:
                row[other] /= max(1.0, over[other])
    for one, row in scaled.items():
        whole = sum(row.values())
        scaled[one] = {other: weight * of_left[one] / whole for other, weight in row.items()}
    return scaled
