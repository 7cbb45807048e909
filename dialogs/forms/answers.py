"""What a person answered, by the name of the question."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

Answer = str | tuple[str, ...] | int | Decimal | date | bool | None
"""What a person answered to one question, by its type:

select_one: the choice's name. select_multiple: names, in the form's order. range: a whole number,
or `CANT_SAY`. text: the text. integer: int. decimal: Decimal. date: date. acknowledge and note:
True. None: the question was shown and skipped.
"""

Answers = Mapping[str, Answer]
