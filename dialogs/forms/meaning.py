"""What of a form its answers depend on: everything but its words.

Two forms that mean the same can follow each other while somebody answers: what was begun with one
is gone on with in the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.forms.expressions import Expression
    from dialogs.forms.model import Form, Row


def of_row(row: Row) -> Mapping[str, Any]:
    """What an answer to it depends on, by the column of the file that it stands in."""
    given = row.parameters
    return {
        "type": row.type.value,
        "choices": [f"{choice.name} {choice.exclusive}" for choice in row.choices],
        "required": row.required,
        "relevant": _source(row.relevant),
        "constraint": _source(row.constraint),
        "calculation": _source(row.calculation),
        "default": str(row.default),
        "parameters": [given.start, given.end, given.minimum, given.maximum, given.limit],
        "role": row.role and row.role.value,
        "ends": _source(row.ends),
    }


def stamp(form: Form) -> int:
    """Tells forms apart in which the same answer means something else."""
    said = "\n".join([f"{row.name} {[*of_row(row).values()]}" for row in form.rows])
    return crc32(said.encode())


def _source(expression: Expression | None) -> str | None:
    return None if expression is None else expression.source
