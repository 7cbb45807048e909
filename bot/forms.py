"""Where forms come from: the library's, the office's own beside them, and those that run.

A running survey keeps the form it was opened with; the file may change meanwhile.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import date
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.phrases import Phrases
from dialogs.forms import loader
from dialogs.forms.model import Audience
from dialogs.languages import ENGLISH
from dialogs.life import Running, State, advanced
from dialogs.office import Office
from dialogs.office import read as read_office
from storage import surveys

if TYPE_CHECKING:
    from datetime import datetime

    from bot.settings import Settings
    from dialogs.forms.model import Form
    from dialogs.screens import Words
    from storage.database import Store


class FormsError(Exception):
    """A form or the office's file cannot be used; its text says what to mend, a line for each
    mistake."""


def office(settings: Settings) -> Office:
    """The office of RAATI_OFFICE, or the invented one. Raises FormsError."""
    file = settings.office or resources.files("dialogs").joinpath("office.yaml")
    try:
        found, complaints = read_office(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise FormsError(f"{file}: cannot be read as a text file in UTF-8.") from None
    if found is None:
        raise FormsError("\n".join(f"{file}: {english(said)}" for said in complaints))
    return found


def source(name: str, settings: Settings) -> str:
    """The text of the form called `name`: the office's own, or the library's. Raises FormsError
    naming the forms there are."""
    for folder in _folders(settings):
        file = folder.joinpath(f"{name}.yaml")
        if name.isidentifier() and file.is_file():
            return file.read_text(encoding="utf-8")
    raise FormsError(f"There is no form called {name!r}. There are: {', '.join(names(settings))}.")


def names(settings: Settings) -> list[str]:
    """The names of all forms that can be opened."""
    found = {
        Path(file.name).stem
        for folder in _folders(settings)
        for file in folder.iterdir()
        if file.name.endswith(".yaml")
    }
    return sorted(found)


def shelf(settings: Settings) -> dict[str, str]:
    """The texts of all forms that can be opened, by name; one that is no text is left out."""
    found = {}
    for name in names(settings):
        with contextlib.suppress(FormsError, OSError, UnicodeDecodeError):
            found[name] = source(name, settings)
    return found


def _folders(settings: Settings) -> list[Path]:
    library = Path(str(resources.files("dialogs.forms").joinpath("library")))
    return [settings.forms_dir, library] if settings.forms_dir else [library]


def form(text: str, of: Office) -> Form:
    """The form a text describes. Raises FormsError with its mistakes."""
    found, complaints = loader.read(text, of.lists())
    if found is None:
        raise FormsError(
            "\n".join(f"line {c.line}: {english(c.said)}" for c in complaints if c.error)
        )
    return found


def english(said: Words) -> str:
    """What is wrong with a form or with the office's file, as the terminal tells it. No day or
    time is ever part of it."""
    return _phrases().words(said, ENGLISH, date.min)


@cache
def _phrases() -> Phrases:
    return Phrases(ZoneInfo("UTC"), (ENGLISH,))


class Forms:
    """The forms of running surveys, read once for each text."""

    def __init__(self, of: Office) -> None:
        self._form = lru_cache(maxsize=64)(lambda text: form(text, of))

    def running(self, kept: surveys.Running, now: datetime) -> Running:
        """A kept survey as it is at `now` (Helsinki wall clock)."""
        form = self._form(kept.source)
        return advanced(
            Running(
                form=replace(form, name=kept.name, audience=Audience(kept.audience)),
                state=State(kept.state),
                opens=kept.opens,
                closes=kept.closes,
                closed_on=kept.closed_on,
                source=kept.source,
                met=kept.met,
                revision=kept.revision,
            ),
            now,
        )

    async def all(self, store: Store, now: datetime) -> tuple[Running, ...]:
        """Every survey and call, drafts too, as it is at `now`."""
        return tuple(self.running(kept, now) for kept in await surveys.listed(store))
