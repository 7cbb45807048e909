"""What of a form its answers depend on: everything but its words.

Two forms that mean the same can follow each other while somebody answers: what was begun with one
is gone on with in the other.
"""

from __future__ import annotations

import json
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
        "type": str(row.type),
        "choices": [[choice.name, choice.exclusive] for choice in row.choices],
        "required": row.required,
        "relevant": _source(row.relevant),
        "constraint": _source(row.constraint),
        "calculation": _source(row.calculation),
        "default": str(row.default),
        "parameters": [given.start, given.end, given.minimum, given.maximum, given.limit],
        "role": str(row.role),
        "ends": _source(row.ends),
    }


def stamp(form: Form) -> int:
    """Tells forms apart in which the same answer means something else."""
    rows = [[row.name, of_row(row)] for row in form.rows]
    return crc32(json.dumps(rows).encode())


def _source(expression: Expression | None) -> str | None:
    return None if expression is None else expression.source
