"""Files that are sent: what they hold, what they are by the ending of their name, what the Bot API
says of them, and what a browser does with them.

Telegram goes by a file's name when it says what type it is, and so does the page when it opens one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.sandbox.texts import Json

TYPES = {
    ".csv": "text/csv",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".gif": "image/gif",
    ".html": "text/html",
    ".ics": "text/calendar",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".txt": "text/plain",
    ".webp": "image/webp",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".yaml": "application/x-yaml",
    ".yml": "application/x-yaml",
}

UNKNOWN = "application/octet-stream"
MIME = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)

SHOWN_AS = {
    "application/pdf": "page",
    "image/gif": "picture",
    "image/jpeg": "picture",
    "image/png": "picture",
    "image/webp": "picture",
}
"""What a browser shows, and as what. None of these runs script on the page's address; all others
are saved."""


@dataclass(frozen=True, slots=True)
class File:
    """`mime` is its type: as the sender named it, or by its name."""

    name: str
    mime: str
    content: bytes

    def by_name(self) -> File:
        """Of the type that its name ends with; as it was sent where the ending says nothing."""
        sent = self.mime.partition(";")[0].strip()
        mime = TYPES.get(ending(self.name), sent if MIME.fullmatch(sent) else UNKNOWN)
        return replace(self, mime=mime)


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that Telegram keeps. `wire` is what a message says of it: a document, or a photo's
    sizes, the largest last. `path` is where it is downloaded from."""

    file: File
    wire: Json | list[Json]
    path: str

    @property
    def type(self) -> str:
        """What Telegram calls it in its refusals."""
        return "Photo" if isinstance(self.wire, list) else "Document"


def shown_as(name: str) -> str:
    """How a browser opens a file of this name: 'picture', 'page', or 'file' (to be saved)."""
    return SHOWN_AS.get(TYPES.get(ending(name), ""), "file")


def ending(name: str) -> str:
    """As ".pdf", or nothing."""
    return PurePath(name).suffix.lower()
