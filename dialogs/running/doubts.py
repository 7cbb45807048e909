"""What the office's file says that a call contradicts: to be mended, and no reason to refuse."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from dialogs.forms.model import Kind

if TYPE_CHECKING:
    from datetime import date

    from dialogs.forms.model import Form
    from dialogs.office import Office


class Doubt(StrEnum):
    HEARD_BEFORE_CLOSING = "heard before closing"  # `chosen_by` comes before the last day
    EVENINGS_PAST = "evenings past"
    LOWEST_AGE = "lowest_age"  # the form never says it
    APPLICATION_DAYS = "application_days"


def doubts(
    form: Form, source: str, office: Office, today: date, closes: date | None
) -> tuple[Doubt, ...]:
    """Of a call that is open on the day `today` until `closes`; `source` is the text of its form. A
    survey raises none."""
    if form.kind is not Kind.APPLICATION:
        return ()
    found: list[Doubt] = []
    if office.chosen_by < (closes or today):
        found.append(Doubt.HEARD_BEFORE_CLOSING)
    if office.meetings and office.meetings[-1] < today:
        found.append(Doubt.EVENINGS_PAST)
    unsaid = [
        doubt
        for doubt in (Doubt.LOWEST_AGE, Doubt.APPLICATION_DAYS)
        if not re.search(rf"\b{getattr(office, doubt)}\b", source)
    ]
    return (*found, *unsaid)
