"""The three languages people are served in; Finnish comes first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

FINNISH: Final = "fi"
SWEDISH: Final = "sv"
ENGLISH: Final = "en"
LANGUAGES: Final = (FINNISH, SWEDISH, ENGLISH)

Text = Mapping[str, str]
"""One text in each language, by language code."""


def served(code: str | None) -> str:
    """The language to begin in for a phone set to `code` (IETF tag, such as "sv-FI"): its own
    where we have it, otherwise Finnish."""
    primary = (code or "").lower().replace("_", "-").split("-")[0]
    return primary if primary in LANGUAGES else FINNISH
