"""What on this machine or in its settings is missing, or weakens a promise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import forms as forming
from bot import machine
from bot.forms import FormsError
from bot.settings import variable
from bot.surveys import doubts

if TYPE_CHECKING:
    from datetime import date

    from bot.settings import Settings

INVENTED = "The office is invented: write your own file and name it in RAATI_OFFICE."


def weaknesses(settings: Settings, today: date) -> list[str]:
    """A sentence for each thing to mend; none when all is well."""
    found = []
    if settings.token is None:
        found.append(f"{variable('token')} is not set: `raati run` does not start without it.")
    if settings.log_level == "debug":
        found.append(
            f"{variable('log_level')} is debug, so that the log tells more than it must: "
            "set it to info while people answer."
        )
    found += machine.weaknesses(settings)
    try:
        office = forming.office(settings)
    except FormsError as error:
        return [*found, str(error)]
    if office.invented:
        found.append(INVENTED)
    found += [
        f"The office's file says nothing of {field}: write it." for field in office.empty_fields()
    ]
    for name in forming.names(settings):
        try:
            source = forming.source(name, settings)
            form = forming.form(source, office)
        except FormsError as error:
            found.append(f"The form {name} cannot be opened: {error}")
        else:
            found += doubts(form, source, office, today, None)
    return found
