"""What is told of a person, read as in an application: the name, and a phone number or an e-mail
address."""

from __future__ import annotations

from datetime import date
from typing import Final

from dialogs.forms import inputs
from dialogs.forms.inputs import Refusal
from dialogs.forms.model import Parameters, Role, Row, Type
from dialogs.languages import FINNISH

LONGEST: Final = 100
"""UTF-16 units of a name or a contact."""

_NAME: Final = Row(Type.TEXT, "name", 0, parameters=Parameters(limit=LONGEST))
_CONTACT: Final = Row(
    Type.TEXT, "contact", 0, parameters=Parameters(limit=LONGEST), role=Role.CONTACT
)


def name(typed: str) -> str | Refusal:
    return _read(_NAME, typed)


def contact(typed: str) -> str | Refusal:
    return _read(_CONTACT, typed)


def _read(row: Row, typed: str) -> str | Refusal:
    """In one line."""
    given = inputs.read(row, typed, FINNISH, date.min)
    return given if isinstance(given, Refusal) else " ".join(str(given).split())
