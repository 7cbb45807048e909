"""What a broadcast is called where it stands among others: by its own first words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dialogs.broadcasts.records import Occasion
from dialogs.languages import LANGUAGES
from dialogs.screens import Own, Say, Told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.broadcasts.records import Broadcast, Ready
    from dialogs.panel.records import Panel
    from dialogs.screens import Words

LETTERS: Final = 30
"""So many letters name it."""


def named(panel: Panel, broadcast: Broadcast, language: str) -> Words:
    """Its first words, in the language of whoever looks where it is written; in ready words what
    they are about."""
    if broadcast.ready is not None:
        return _ready(panel, broadcast.ready)
    wordings = broadcast.wordings
    for one in (language, *LANGUAGES):
        if one in wordings and (text := wordings[one].text):
            return Own(beginning(text))
    return Say("compose.textless") if wordings else Say("compose.unwritten")


def beginning(text: str) -> str:
    """Its first words, in one line."""
    line = " ".join(text.split())
    if len(line) <= LETTERS:
        return line
    words = line[: LETTERS + 1].rpartition(" ")[0] or line[:LETTERS]
    return words.rstrip(".,:;–- ") + "…"


def _ready(panel: Panel, ready: Ready) -> Words:
    titles: Mapping[str, Mapping[str, str]] = {one.name: one.form.title for one in panel.surveys}
    title = {"title": Told(titles.get(ready.survey, {"fi": ready.survey}))}
    if ready.occasion is Occasion.OPENED:
        return Say("compose.opened", title)
    return Say("compose.closes", title)
