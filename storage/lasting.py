"""The lasting key on its way to a safe place and back: sealed with a passphrase.

The file is one line of text, so that it can also be printed or kept with an office's passwords:
what it is, and in base64 a random salt and a box. The box is XSalsa20-Poly1305 under a key that
Argon2id makes of the passphrase and the salt; a guess costs a quarter of a gigabyte and the better
part of a second.
"""

from __future__ import annotations

import base64
import binascii
import unicodedata
from typing import TYPE_CHECKING, Final

from nacl.exceptions import CryptoError
from nacl.exceptions import RuntimeError as NaclError
from nacl.pwhash import argon2id
from nacl.secret import SecretBox
from nacl.utils import random
from sqlalchemy import select

from storage.keys import SIZE, KeysError
from storage.sealed import Unopened, identity, unseal
from storage.tables import (
    applications,
    broadcasts,
    coordinators,
    meetings,
    members,
    pointers,
    subscribers,
)

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

SHORTEST: Final = 16
"""Characters of a passphrase: whoever finds the file may guess for years."""

_HEAD: Final = b"raati-keys-1 "
_IDENTIFIED: Final = (
    select(applications.c.tag, applications.c.body.label("box")),
    select(subscribers.c.tag, subscribers.c.box),
    *(
        select(table.c.key.label("tag"), table.c.box)
        for table in (members, coordinators, meetings, broadcasts, pointers)
    ),
)


def sealed(key: bytes, passphrase: str) -> bytes:
    """The lasting `key`, as a file that only the passphrase opens. Raises KeysError for one that is
    too short."""
    if len(passphrase) < SHORTEST:
        raise KeysError(
            f"The passphrase must be at least {SHORTEST} characters long: four or five words that "
            "nobody would think of together."
        )
    salt = random(argon2id.SALTBYTES)
    box = SecretBox(_stretched(passphrase, salt)).encrypt(key)
    return _HEAD + base64.b64encode(salt + box) + b"\n"


def opened(file: bytes, passphrase: str) -> bytes:
    """The lasting key in what `sealed` gave. Raises KeysError."""
    try:
        raw = base64.b64decode(file.strip().removeprefix(_HEAD), validate=True)
    except binascii.Error:
        raw = b""
    if not file.startswith(_HEAD) or len(raw) <= argon2id.SALTBYTES:
        raise KeysError("That is no file of `raati keys export`, or not all of it.")
    salt, box = raw[: argon2id.SALTBYTES], raw[argon2id.SALTBYTES :]
    try:
        key = SecretBox(_stretched(passphrase, salt)).decrypt(box)
    except (CryptoError, ValueError):
        key = b""
    if len(key) != SIZE:
        raise KeysError("The passphrase does not open the file, or the file is damaged.")
    return key


async def opens(connection: AsyncConnection, key: bytes) -> tuple[int, int]:
    """How many of the applications, subscriptions and records of the panel the lasting `key`
    opens, and how many there are."""
    boxes = identity(key).boxes
    found = [
        row for statement in _IDENTIFIED for row in (await connection.execute(statement)).all()
    ]
    return sum(_is_opened(boxes, row.box, row.tag) for row in found), len(found)


def _is_opened(key: bytes, box: bytes, tag: bytes) -> bool:
    try:
        unseal(key, box, tag=tag)
    except Unopened:
        return False
    return True


def _stretched(passphrase: str, salt: bytes) -> bytes:
    # Two keyboards may write the same letter in two ways.
    typed = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogateescape")
    try:
        return argon2id.kdf(
            SecretBox.KEY_SIZE,
            typed,
            salt,
            opslimit=argon2id.OPSLIMIT_MODERATE,
            memlimit=argon2id.MEMLIMIT_MODERATE,
        )
    except NaclError:
        raise KeysError(
            "There is not enough memory for the passphrase: 256 megabytes must be free."
        ) from None
