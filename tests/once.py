"""What never changes while tests run is read once in a process, and not again for each county.

Reading is all that is saved: what was read is the bot's own, read by its own code. The office and a
form are the same for the same text, a language for the same catalogue, and the machine trusts the
same certificates.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from bot import client, forms, phrases

if TYPE_CHECKING:
    import pytest

    from dialogs.forms.model import Form
    from dialogs.office import Office


def read_once(patch: pytest.MonkeyPatch) -> None:
    """From here on, until `patch` is undone."""
    patch.setattr(forms, "read_office", functools.cache(forms.read_office))
    patch.setattr(phrases, "_catalogue", functools.cache(phrases._catalogue))
    patch.setattr(client, "_trust", functools.cache(client._trust))
    read = forms.form
    known: dict[tuple[str, int], tuple[Office, Form]] = {}

    def form(text: str, of: Office) -> Form:
        key = text, id(of)
        if key not in known:
            # The office is kept with it: another must not get its id.
            known[key] = of, read(text, of)
        return known[key][1]

    patch.setattr(forms, "form", form)
