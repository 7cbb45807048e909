"""Somebody in the middle of the equality survey, in Finnish: where most trouble is tried."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sandbox import Message, Phone
    from tests.county import County

MEANS = "Mitä yhdenvertaisuus"
"""The second question, an open one; the next two follow."""
RESPECTED = "Onko sinut kohdattu"
EASY = "Kuinka helppoa"


async def begun(county: County, name: str) -> Phone:
    """The phone of somebody at the survey's second question."""
    phone = county.phone(name)
    for deed in ("/start", "Vastaa", "Aloita vastaaminen", "1. Vastaan itsestäni"):
        phone.type(deed) if deed == "/start" else phone.tap(deed)
        await county.settled()
    assert MEANS in card(phone).text
    return phone


def card(phone: Phone) -> Message:
    """The newest message with buttons."""
    return next(message for message in reversed(phone.messages) if message.rows)


def said(phone: Phone, text: str) -> int:
    """On how many of the bot's messages this stands now."""
    return sum(text in message.text for message in phone.messages if message.sender == "bot")


@contextlib.contextmanager
def busy(county: County) -> Iterator[None]:
    """Another process is in the middle of writing."""
    with contextlib.closing(sqlite3.connect(county.folder / "data" / "raati.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.rollback()
