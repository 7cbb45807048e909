"""A draft: one person's unfinished answers to one form, and where they are in it.

A draft is a value. It is written out after every step and read back before the next, as bytes that
`storage` pads and encrypts; everything a conversation remembers is in here and dies with it.

As bytes: a JSON head in which rows and choices are numbers (so that its length has a bound), the
ids of the conversation's messages at five bytes each, and the texts in UTF-16, which takes two
bytes for each unit a limit counts. All drafts of a form thus fit in one size, `room`, and so does
what they become in the mix: sealed, the two tell nobody which is which, or how much was said.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from dialogs.forms.meaning import stamp
from dialogs.forms.model import Form, Kind, Row, Type

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.forms.answers import Answer, Answers

MESSAGES_KEPT: Final = 100
"""How many messages of the conversation are remembered, the newest, for removing it. Telegram
deletes at most as many in one call (Bot API, deleteMessages)."""

PIECES_KEPT: Final = 4
"""How many messages one answer may be joined from and still be edited message by message."""

BOX_MOST: Final = 8192
"""Bytes of the largest box that a form's drafts and responses may need, sealed."""

MARKER: Final = 16
"""Bytes of the marker that `storage.drafts` puts before each draft."""

SEALING: Final = 44
"""Bytes that `storage.sealed` adds to what it seals: its length, a nonce, a proof."""

_ID_BYTES: Final = 5
_STEP: Final = 512
_HEAD: Final = 256  # all of the head but its rows, with room to spare
_ROW: Final = len("[199,],[199,[]],")  # of the head: a row's answer and the messages it came from
_PIECE: Final = len("[1099511627775,3000],")
_KEY: Final = 16  # bytes of a row's key, one for a response and one for each of its open answers

_LONGEST: Final = {
    kind: len(answer)
    for kind, answer in {
        Type.NOTE: "true",
        Type.ACKNOWLEDGE: "true",
        Type.RANGE: '"cant_say"',  # as long as the lowest step there may be, -999999999
        Type.INTEGER: "-999999999999",  # inputs.DIGITS_MOST
        Type.DECIMAL: '"-999999999.999999999"',  # a default; what is typed is shorter
        Type.DATE: '"2099-12-31"',
        Type.TEXT: "6000,1",  # how many bytes it has, behind the JSON; and whether it waits
        Type.SELECT_ONE: "null",  # longer than a choice's number
        Type.SELECT_MULTIPLE: "null",  # without its choices
        Type.CALCULATE: "",  # it is worked out anew
    }.items()
}
"""How long the JSON of an answer may be, by the type of its row."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One typed message that an answer was made of: its id, and its length in UTF-16 units."""

    message: int
    units: int


@dataclass(frozen=True, slots=True)
class LastTyped:
    """The last typed message, until a button is tapped: what arrives before the next card was seen
    belongs to it."""

    question: str
    message: int
    sent: int  # Telegram's clock, seconds since 1970, UTC
    units: int
    taken: bool  # False: it was refused, and so is the rest of it
    split: bool = False  # so long that its client may have split it: the rest may follow
    doubted: bool = False  # nobody knows whether the next card was seen: what follows may answer it


@dataclass(frozen=True, slots=True)
class Draft:
    form: str
    version: str
    language: str
    revision: int  # counts shown questions, from a random beginning; stands in every button
    answers: Answers = field(default_factory=dict)
    unconfirmed: frozenset[str] = frozenset()  # texts that wait for their writer: as they are?
    cursor: str | None = None  # a question looked at again; None: the first unanswered one
    active: bool = True  # typed messages go to the one active draft of a chat
    separate: bool = False  # a new message for each question
    amending: bool = False  # changes an application that was already sent
    ordinal: int = 0  # which of the chat's responses to the survey, from 1; an application has none
    aside: bool = False  # another card stands instead of the question: nothing typed answers it
    card: int | None = None  # id of the live card; None: the current question was not seen yet
    messages: tuple[int, ...] = ()
    pieces: Mapping[str, tuple[Piece, ...]] = field(default_factory=dict)
    last: LastTyped | None = None

    def with_messages(self, *ids: int) -> Draft:
        """The draft, remembering these messages of the conversation too."""
        fresh = tuple(number for number in ids if number not in self.messages)
        return replace(self, messages=(*self.messages, *fresh)[-MESSAGES_KEPT:])

    def in_doubt(self) -> Draft:
        """The draft, when nobody knows whether its card was seen."""
        return replace(self, card=None, last=self.last and replace(self.last, doubted=True))


def room(form: Form) -> int:
    """How many bytes hold any draft of this form, with the marker before it, and any response as it
    waits in the mix: one number, so that all boxes of a form are one size. Sealed it is whole
    steps, so that a form's wording does not change it."""
    return -(-longest(form) // _STEP) * _STEP - SEALING


def longest(form: Form) -> int:
    """Bytes of the longest draft or response there can be, sealed; at most `BOX_MOST` in a form
    that the checker passes."""
    kept = _draft_most(form)
    # An application never comes into the mix.
    sent = _response_most(form) if form.kind is Kind.SURVEY else 0
    return max(kept, sent) + SEALING


def _draft_most(form: Form) -> int:
    """Bytes of the longest draft that `pack` may write, and of the marker before it."""
    size = MARKER + 4 + _HEAD + _ID_BYTES * MESSAGES_KEPT
    for row in form.rows:
        size += _ROW + _LONGEST[row.type]
        if row.type is Type.SELECT_MULTIPLE:
            size += len("199,") * len(row.choices)
        if row.type is Type.TEXT:
            size += _PIECE * PIECES_KEPT + 2 * row.limit
        elif row.asks:
            size += _PIECE
    return size


def _response_most(form: Form) -> int:
    """Bytes of the longest response that `storage.responses` may write, in which questions and
    choices stand by their names."""
    size = 2 + len("[{},[]]") + _KEY
    for row in form.rows:
        if not row.asks:
            continue
        size += len('"":,') + len(row.name) + _LONGEST[row.type]
        if row.type is Type.TEXT:
            size += len("[]") + _KEY + 2 * row.limit
        elif row.type is Type.SELECT_MULTIPLE:
            size += sum([len(choice.name) for choice in row.choices])
            size += len('"",') * len(row.choices)
        elif row.type is Type.SELECT_ONE:
            size += max([len(choice.name) for choice in row.choices], default=0)
    return size


def pack(form: Form, draft: Draft) -> bytes:
    """The draft as bytes, at most `room(form)` of them."""
    place = {row.name: number for number, row in enumerate(form.rows)}
    answers, texts = _written(form, draft)
    last = draft.last
    head = json.dumps(
        [
            stamp(form),
            draft.language,
            draft.revision,
            [int(draft.active), int(draft.separate), int(draft.amending), int(draft.aside)],
            draft.ordinal,
            None if draft.cursor is None else place[draft.cursor],
            draft.card,
            last
            and [
                place[last.question],
                last.message,
                last.sent,
                last.units,
                int(last.taken),
                int(last.split),
                int(last.doubted),
            ],
            [
                [place[name], [[piece.message, piece.units] for piece in pieces]]
                for name, pieces in draft.pieces.items()
            ],
            answers,
        ],
        separators=(",", ":"),
    ).encode()
    ids = b"".join(number.to_bytes(_ID_BYTES, "big") for number in draft.messages)
    sizes = len(head).to_bytes(3, "big") + len(draft.messages).to_bytes(1, "big")
    return sizes + head + ids + texts


def unpack(form: Form, body: bytes) -> Draft | None:
    """The draft that `pack` wrote; None where it was begun with a form that means something else,
    or with other lists of the office's: its numbers would name other choices. Of a version in
    which only words are others it is gone on with."""
    ids_at = 4 + int.from_bytes(body[:3], "big")
    texts_at = ids_at + _ID_BYTES * body[3]
    meant, language, revision, flags, ordinal, cursor, card, last, pieces, answers = json.loads(
        body[4:ids_at]
    )
    if meant != stamp(form):
        return None
    names = [row.name for row in form.rows]
    return Draft(
        form=form.name,
        version=form.version,
        language=language,
        revision=revision,
        answers=_read(form, answers, body[texts_at:]),
        unconfirmed=frozenset(names[place] for place, _, *waits in answers if waits),
        cursor=None if cursor is None else names[cursor],
        active=bool(flags[0]),
        separate=bool(flags[1]),
        amending=bool(flags[2]),
        aside=bool(flags[3]),
        ordinal=ordinal,
        card=card,
        messages=tuple(
            int.from_bytes(body[at : at + _ID_BYTES], "big")
            for at in range(ids_at, texts_at, _ID_BYTES)
        ),
        pieces={names[place]: tuple(Piece(*piece) for piece in kept) for place, kept in pieces},
        last=last and LastTyped(names[last[0]], *last[1:4], *(bool(flag) for flag in last[4:])),
    )


def pack_answers(form: Form, language: str, answers: Answers) -> bytes:
    """An application's answers as bytes that outlive the form's next version: by name."""
    return json.dumps(
        {
            "language": language,
            "answers": {
                row.name: plain(answers[row.name]) for row in form.rows if row.name in answers
            },
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    ).encode()


def unpack_answers(form: Form, body: bytes) -> tuple[str, Answers]:
    """The language and answers that `pack_answers` wrote; what the form no longer knows is left
    out."""
    kept = json.loads(body)
    return kept["language"], {
        row.name: _typed(row, kept["answers"][row.name])
        for row in form.rows
        if row.name in kept["answers"]
    }


def plain(answer: Answer) -> Any:
    """An answer as JSON knows it: dates and decimals as text, several choices as a list."""
    if isinstance(answer, tuple):
        return list(answer)
    if isinstance(answer, Decimal):
        return str(answer)
    if isinstance(answer, date):
        return answer.isoformat()
    return answer


def _typed(row: Row, value: Any) -> Answer:
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, str) and row.type is Type.DECIMAL:
        return Decimal(value)
    if isinstance(value, str) and row.type is Type.DATE:
        return date.fromisoformat(value)
    answer: Answer = value
    return answer


def _written(form: Form, draft: Draft) -> tuple[list[Any], bytes]:
    """Answers by the numbers of their rows and choices, a third number where they wait, and the
    texts that follow."""
    head: list[Any] = []
    texts = b""
    for place, row in enumerate(form.rows):
        if row.name not in draft.answers:
            continue
        answer = draft.answers[row.name]
        value = plain(answer)
        numbers = {choice.name: number for number, choice in enumerate(row.choices)}
        if row.type is Type.SELECT_ONE and isinstance(answer, str):
            value = numbers[answer]
        elif isinstance(answer, tuple):
            value = [numbers[name] for name in answer]
        elif row.type is Type.TEXT and isinstance(answer, str):
            text = answer.encode("utf-16-le")
            value = len(text)
            texts += text
        head.append([place, value, 1] if row.name in draft.unconfirmed else [place, value])
    return head, texts


def _read(form: Form, head: list[Any], texts: bytes) -> dict[str, Answer]:
    answers: dict[str, Answer] = {}
    at = 0
    for place, value, *_ in head:
        row = form.rows[place]
        if row.type is Type.SELECT_ONE and value is not None:
            answers[row.name] = row.choices[value].name
        elif isinstance(value, list):
            answers[row.name] = tuple(row.choices[number].name for number in value)
        elif row.type is Type.TEXT and value is not None:
            answers[row.name] = texts[at : at + value].decode("utf-16-le")
            at += value
        else:
            answers[row.name] = _typed(row, value)
    return answers
