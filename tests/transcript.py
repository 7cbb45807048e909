"""A transcript: who types or taps what, and what they see; written for a coordinator to read.

    A sentence or two about what is shown.

    phone: Aino, fi
    open: equality until 2027-02-08

    > /start
    | Hei. Tämä on ...
    | [Vastaa kyselyyn]

Lines that begin with ">" are what the person does: a text is typed, "[Label]" is tapped,
"(voice)" is sent, and so on as `DEEDS` says. Lines that begin with "|" are what the phone then
shows anew: a message, "~|" a card that changed, "-|" a message that went away or lost its buttons,
"*|" a line that passes. Replaying writes the whole transcript again from what really happened.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.sandbox import Message, Phone
    from tests.county import County

DEEDS = (
    (r"\[(?P<label>.+)\]", "taps the button"),
    (r"\((?P<kind>voice|photo|sticker|forward|document|video|location|contact|album)\)", "sends"),
    (r"\(edits (?P<old>.+?)\) (?P<new>.+)", "changes an earlier message"),
    (r"\(opens (?P<payload>\S+)\)", "opens the bot's link with this payload"),
    (r"\(taps (?P<again>.+) on the card that began (?P<began>.+)\)", "taps an older card"),
    (r"\(taps (?P<twice>.+) twice\)", "taps twice, quickly"),
    (r"\(types at once\) (?P<pieces>.+)", "several messages at once, split by ' / '"),
    (r"\(it becomes (?P<wall>\d{4}-\d\d-\d\d \d\d:\d\d)\)", "Helsinki time"),
    (r"\((?P<survey>open|close) (?P<name>\w+)(?: until (?P<until>\S+))?\)", "the office does"),
    (r"\(the bot is started again\)", "after a stop"),
    (r"\((?P<block>blocks|unblocks) the bot\)", "as the phone's menu does"),
)
_DEEDS = [re.compile(pattern) for pattern, _ in DEEDS]


async def replay(script: str, county: County) -> str:
    """The transcript as it really goes: the person's deeds of `script`, and what they see."""
    written: list[str] = []
    phones: dict[str, Phone] = {}
    phone: Phone | None = None
    for line in script.splitlines():
        if line.startswith(("|", "~|", "-|", "*|")):
            continue
        written.append(line)
        if line.startswith("phone: "):
            name, _, code = line.removeprefix("phone: ").partition(", ")
            phone = phones[name] if name in phones else county.phone(name, code or None)
            phones[name] = phone
        elif line.startswith("open: "):
            name, _, until = line.removeprefix("open: ").partition(" until ")
            await county.open(name, until or None)
        elif line.startswith("now: "):
            county.clock.becomes(line.removeprefix("now: "))
        elif line.startswith("> "):
            if phone is None:
                raise ValueError("a transcript names its phone first")
            seen, toasts = _view(phone), len(phone.toasts)
            county.clock.passes(seconds=20)
            await _do(line.removeprefix("> "), phone, county)
            await county.settled()
            written += _news(seen, phone, toasts)
    return "\n".join(written) + "\n"


async def _do(deed: str, phone: Phone, county: County) -> None:
    found = next((match for p in _DEEDS if (match := p.fullmatch(deed))), None)
    asked = found.groupdict() if found else {}
    match asked:
        case {"label": str(label)}:
            phone.tap(label)
        case {"kind": str(kind)}:
            phone.send(kind)
        case {"old": str(old), "new": str(new)}:
            phone.edit(_own(phone, old), new.replace("\\n", "\n"))
        case {"payload": str(payload)}:
            phone.open_link(payload)
        case {"again": str(label), "began": str(began)}:
            phone.tap(label, message_id=_card(phone, began))
        case {"twice": str(label)}:
            message, data = _button(phone, label)
            phone.tap_data(data, message)
            phone.tap_data(data, message)
        case {"pieces": str(pieces)}:
            for piece in pieces.split(" / "):
                phone.type(piece)
        case {"wall": str(wall)}:
            county.clock.becomes(wall)
        case {"survey": "open", "name": str(name)}:
            await county.open(name, asked["until"])
        case {"survey": "close", "name": str(name)}:
            await county.close(name)
        case {"block": "blocks"}:
            phone.block()
        case {"block": "unblocks"}:
            phone.unblock()
        case _ if found:
            await county.restart()
        case _:
            phone.type(deed.replace("\\n", "\n"))


def _view(phone: Phone) -> dict[int, Message]:
    return {message.id: message for message in phone.messages}


def _news(before: dict[int, Message], phone: Phone, toasts: int) -> list[str]:
    """What the phone shows that it did not before; the person's own messages are not repeated."""
    now = _view(phone)
    lines: list[str] = [f"*| {toast.text}" for toast in phone.toasts[toasts:] if toast.text]
    for number, message in before.items():
        if number not in now:
            lines.append(f"-| gone: {_first(message)}")
        elif message.rows and not now[number].rows and message.text == now[number].text:
            lines.append(f"-| no more buttons: {_first(message)}")
        elif (message.text, message.rows) != (now[number].text, now[number].rows):
            if message.sender == "bot":
                lines += _lines("~|", now[number])
    fresh = [m for number, m in now.items() if number not in before and m.sender == "bot"]
    for message in fresh:
        lines += _lines("|", message)
    return lines


def _lines(mark: str, message: Message) -> list[str]:
    lines = [f"{mark} {line}".rstrip() for line in message.text.split("\n")]
    for row in message.rows:
        lines.append(f"{mark} " + " ".join(f"[{button.label}]" for button in row))
    return [*lines, ""] if mark == "" else lines


def _first(message: Message) -> str:
    return message.text.split("\n", 1)[0] or message.kind


def _own(phone: Phone, text: str) -> int:
    return next(
        m.id for m in reversed(phone.messages) if m.sender == "person" and m.text.startswith(text)
    )


def _card(phone: Phone, began: str) -> int:
    return next(m.id for m in reversed(phone.messages) if m.sender == "bot" and began in m.text)


def _button(phone: Phone, label: str) -> tuple[int, str]:
    for message in reversed(phone.messages):
        for row in message.rows:
            for button in row:
                if label in button.label and button.data is not None:
                    return message.id, button.data
    raise KeyError(label)
