"""An address as a picture that a phone's camera opens: a QR code (ISO/IEC 18004).

Error correction M bears a crease in a poster; the quiet zone of four modules is the standard's.
"""

from __future__ import annotations

import io
from typing import Final

import segno

NAME: Final = "qr.png"

SCALE: Final = 12
"""Pixels a module: some 450 across for a link of the bot, sharp on a poster of A4."""

QUIET: Final = 4
"""Modules of white around it."""


def drawn(address: str) -> bytes:
    """The PNG of the address."""
    picture = io.BytesIO()
    segno.make_qr(address, error="m").save(picture, kind="png", scale=SCALE, border=QUIET)
    return picture.getvalue()
