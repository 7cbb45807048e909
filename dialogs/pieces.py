"""Whose answer a typed message is: messages come in pieces, early, and changed afterwards.

A typed message belongs to the question that its writer could see. What was sent before the current
card was there (its id is smaller than the card's) is the rest of the answer before: clients split
long texts, and people send a thought in pieces. An answer remembers its pieces, so that each can be
edited by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dialogs.forms.draft import PIECES_KEPT, Draft, LastTyped, Piece
from dialogs.forms.model import Form, Row, Type
from dialogs.screens import units

if TYPE_CHECKING:
    from dialogs.events import Edited, Typed
    from dialogs.forms.answers import Answer
    from dialogs.outcome import Here

SPLIT_FROM: Final = 3500
"""A message of so many UTF-16 units may be one part of a text that its client has split. Telegram
splits at 4096 (Bot API, sendMessage), some clients at the word before."""

SPLIT_WITHIN: Final = 2
"""Seconds in which the parts of a text arrive that its client has split: Telegram splits at 4096
UTF-16 units (Bot API, sendMessage)."""


def sent_before_card(draft: Draft, event: Typed) -> bool:
    """Whether the current question was not there yet when this was sent. Telegram counts both
    sides' messages of a chat together; a server that counts the person's apart, below the bot's,
    tells nothing by their numbers."""
    if draft.card is None:
        return True
    return any(number < event.message for number in draft.messages[:1]) and (
        event.message < draft.card
    )


def sent_before_turn(here: Here, draft: Draft, event: Typed) -> bool:
    """Whether the card was there when this was sent, but still asked the question before: somebody
    taps, nothing happens for a while, and they type the answer instead."""
    turned = here.turned
    return (
        turned is not None
        and (turned.form, turned.revision) == (draft.form, draft.revision)
        and event.sent.timestamp() < turned.since
    )


def goes_on_too_long(form: Form, last: LastTyped, event: Typed, *, unseen: bool) -> bool:
    """Whether this is the rest of a text that was refused as too long."""
    row = form.row(last.question)
    too_long = not last.taken and row.type is Type.TEXT and last.units > row.limit
    return too_long and (
        (unseen and goes_with(last, event)) or (last.split and _at_once(last, event))
    )


def _at_once(last: LastTyped, event: Typed) -> bool:
    return event.sent.timestamp() - last.sent <= SPLIT_WITHIN


def goes_with(last: LastTyped, event: Typed) -> bool:
    """Whether what was sent before the card that we know was sent before any: nobody has read a
    card and answered it at once."""
    return not last.doubted or _at_once(last, event)


def replaced(draft: Draft, row: Row, event: Edited) -> str:
    """The answer's text with the edited piece of it changed."""
    kept = draft.answers.get(row.name)
    pieces = draft.pieces[row.name]
    if len(pieces) == 1 or not isinstance(kept, str):
        return event.text
    whole, at, parts = kept.encode("utf-16-le"), 0, []
    for piece in pieces:
        part = whole[2 * at : 2 * (at + piece.units)].decode("utf-16-le", "ignore")
        parts.append(event.text if piece.message == event.message else part)
        at += piece.units + 1  # the line break between two pieces
    return "\n".join(parts)


def repieced(draft: Draft, row: Row, event: Edited, answer: Answer) -> tuple[Piece, ...]:
    """The answer's pieces, the edited one as long as it is now."""
    pieces = draft.pieces[row.name]
    others = sum(piece.units + 1 for piece in pieces if piece.message != event.message)
    length = max(0, units(str(answer)) - others)
    return tuple(
        Piece(event.message, length) if piece.message == event.message else piece
        for piece in pieces
    )


def joined(pieces: tuple[Piece, ...], added: Piece) -> tuple[Piece, ...]:
    """One piece more; beyond the kept number the last ones become one that no edit finds."""
    if len(pieces) < PIECES_KEPT:
        return (*pieces, added)
    return (*pieces[:-1], Piece(0, pieces[-1].units + 1 + added.units))


def noted(row: Row, event: Typed, before: LastTyped | None = None) -> LastTyped:
    """`before`: what it is the rest of, whose doubt it shares."""
    sent = int(event.sent.timestamp())
    length = units(event.text)
    split = length >= SPLIT_FROM
    doubted = before is not None and before.doubted
    return LastTyped(
        row.name, event.message, sent, length, taken=True, split=split, doubted=doubted
    )
