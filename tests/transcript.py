"""A transcript: who types or taps what, and what they see; written for a coordinator to read.

    A sentence or two about what is shown.

    phone: Aino, fi
    open: equality until 2027-02-08

    > /start
    | Hei. Tämä on ...
    | [Vastaa kyselyyn]

Before the first deed: "phone: NAME, LANGUAGE", "open: FORM until DAY", "scheduled: FORM from DAY
until DAY", "now: DAY TIME"; another "phone:" further down hands over to somebody else. A "member:",
"reserve:", "coordinator:" or "reader:" is a phone whose person is that already, and has written to
the bot; "without Telegram: NAME, LANGUAGE" is a member who has no phone here. With a line
"formatting: on" **bold**, __italic__ and [words](https://…) are what they mean, in what is typed
and what is shown; else signs typed are signs, and what is bold or italic is shown plain.

Lines that begin with ">" are what the person does: a text is typed, "[Label]" is tapped,
"(voice)" is sent, and so on as `DEEDS` says. Lines that begin with "|" are what the phone then
shows anew: a message, "~|" a card that changed, "-|" a message that went away or lost its buttons,
"*|" a line that passes. What the other phones named so far then show anew follows, each phone's
after a line "@ NAME". Replaying writes the whole transcript again from what really happened.

    | (silent)                          the message came without a sound
    | (file kutsu.ics)                  it is a document; its caption follows
    | (photo)                           it is a picture; its caption follows
    | Liity täältä <https://…>.         words that lead somewhere
    | [Liity -> https://…]              a button that leads somewhere: "(follows Liity)"
    | …?start=i-…                       a link that works once, whatever it is this time
    | …?start=g-…                       a link that a coordinator points somewhere, the same
"""

from __future__ import annotations

import re
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final

from bot.sandbox import notation
from bot.sandbox.files import TYPES, UNKNOWN
from bot.sandbox.papers import pdf
from bot.sandbox.pictures import png
from dialogs.panel.records import Role

if TYPE_CHECKING:
    from bot.sandbox import Button, Group, Message, Phone
    from bot.sandbox.texts import Json
    from tests.county import County

OFFICE_LINK: Final = "(opens the link of the office)"
READER_LINK: Final = "(opens the link of the office for a reader)"

DEEDS: Final = (
    (r"\[(?P<label>.+)\]", "taps the button"),
    (r"\((?P<kind>voice|photo|sticker|forward|document|video|location|contact|album)\)", "sends"),
    (r"\(edits (?P<old>.+?)\) (?P<new>.+)", "changes an earlier message"),
    (
        r"\(sends the (?P<sent>file|picture) (?P<file>[^)]+)\)(?: (?P<caption>.+))?",
        "of this name in `files` or `forms` beside this file, else an invented one; its caption",
    ),
    (r"\(opens (?P<payload>\S+)\)", "opens the bot's link with this payload"),
    (r"\(follows (?P<link>.+)\)", "taps a link, a button or in a text, by what stands on it"),
    (
        r"\(taps (?P<again>.+) on the card that said (?P<said>.+)\)",
        "taps a card as it once stood, also one that has changed or gone since: another device "
        "may still show it so",
    ),
    (r"\(taps (?P<twice>.+) twice\)", "taps twice, quickly"),
    (r"\(taps quickly\) (?P<quickly>\[.+\])", "taps several buttons of one card, quickly"),
    (r"\(types at once\) (?P<pieces>.+)", "several messages at once, split by ' / '"),
    (r"\(types (?P<flood>\d+) messages at once\)", "more than anybody can read"),
    (r"\(types a text of (?P<length>\d+) characters\)", "the phone splits it where it must"),
    (r"\(writes in a group\) (?P<public>.+)", "a group that the bot is in"),
    (r"\(it becomes (?P<wall>\d{4}-\d\d-\d\d \d\d:\d\d)\)", "Helsinki time"),
    (r"\((?P<survey>open|close) (?P<name>\w+)(?: until (?P<until>\S+))?\)", "the office does"),
    (r"\((?P<office>the office counts)\)", "as `raati survey list`"),
    (re.escape(OFFICE_LINK), "as `raati invite coordinator` prints it"),
    (re.escape(READER_LINK), "as `raati invite reader` prints it"),
    (r"\(opens the link that (?P<shown>.+) was shown\)", "the newest on that phone"),
    (r"\(the bot is started again\)", "after a stop"),
    (r"\((?P<block>blocks|unblocks) the bot\)", "as the phone's menu does"),
)
PLAIN: Final[notation.Signs] = {"text_link": ("", " <{url}>")}
"""Each address behind words is written after them."""
FORMATTED: Final = {**notation.SIGNS, **PLAIN}
FORMATTING: Final = "formatting: on"
FOLDERS: Final = tuple(Path(__file__).with_name(name) for name in ("files", "forms"))
"""Where the files lie that are sent."""

_DEEDS = [re.compile(pattern) for pattern, _ in DEEDS]

_SEATED = re.compile(
    r"(?P<as>member|reserve|coordinator|reader|without Telegram): (?P<name>.+), "
    r"(?P<language>fi|sv|en)"
)
_DRAWN = re.compile(r"start=(i-[A-Za-z0-9_-]{22}|g-[A-Za-z0-9_-]{12})")
_SCHEDULED = re.compile(r"(?P<name>\w+) from (?P<opens>\S+) until (?P<until>\S+)")


async def replay(script: str, county: County) -> str:
    """The transcript as it really goes: the person's deeds of `script`, and what they see. Raises
    AssertionError where a tap was left without an answer."""
    written: list[str] = []
    hands: dict[str, _Hand] = {}
    hand: _Hand | None = None
    formatted = FORMATTING in script.splitlines()
    for line in script.splitlines():
        if line.startswith(("|", "~|", "-|", "*|", "@ ")):
            continue
        written.append(line)
        if line.startswith("phone: "):
            name, _, code = line.removeprefix("phone: ").partition(", ")
            if name not in hands:
                hands[name] = _Hand(county.phone(name, code or None), county, hands, formatted)
            hand = hands[name]
        elif seated := _SEATED.fullmatch(line):
            phone = await county.seat(seated["name"], seated["language"], seated["as"])
            if phone is not None:
                hand = hands[phone.name] = _Hand(phone, county, hands, formatted)
                hand.news()
        elif line.startswith("open: "):
            name, _, until = line.removeprefix("open: ").partition(" until ")
            await county.open(name, until or None)
        elif asked := _SCHEDULED.fullmatch(line.removeprefix("scheduled: ")):
            await county.schedule(asked["name"], asked["opens"], asked["until"])
        elif line.startswith("now: "):
            county.clock.becomes(line.removeprefix("now: "))
        elif line.startswith("> "):
            if hand is None:
                raise ValueError("a transcript names its phone first")
            county.clock.passes(seconds=20)
            try:
                await hand.do(line.removeprefix("> "))
                await county.settled()
                written += hand.news()
                for other in hands.values():
                    if news := other.news():
                        written += [f"@ {other.name}", *news]
            except Exception as error:
                error.add_note(f"This happened at: {line}")
                raise
    return "\n".join(written) + "\n"


class _Hand:
    """A person at a phone: what they do, and what they have seen on it so far."""

    def __init__(
        self, phone: Phone, county: County, hands: dict[str, _Hand], formatted: bool
    ) -> None:
        self._hands = hands
        self._formatted = formatted
        self._phone = phone
        self._county = county
        self._group: Group | None = None
        self._seen: dict[int, Message] = {}
        self._once: list[Message] = []  # every card as it ever stood, oldest first
        self._toasts = 0
        self._heard = 0
        self._counted: list[str] = []

    @property
    def name(self) -> str:
        return self._phone.name

    def shown_link(self) -> str:
        """What stands behind the newest link on this phone that only its text tells."""
        written = [f"{message.text} {message.rows}" for message in self._phone.messages]
        found = [code for text in written for code in _DRAWN.findall(text)]
        newest: str = found[-1]
        return newest

    async def do(self, deed: str) -> None:
        phone, county = self._phone, self._county
        found = next((match for p in _DEEDS if (match := p.fullmatch(deed))), None)
        if found is None:
            if deed.startswith("("):
                raise ValueError(f"there is no such deed: {deed}")
            phone.type(*self._meant(deed))
            return
        asked = found.groupdict()
        match asked:
            case {"label": str(label)}:
                phone.tap(label)
            case {"kind": str(kind)}:
                phone.send(kind)
            case {"old": str(old), "new": str(new)}:
                phone.edit(self._own(old), *self._meant(new))
            case {"sent": "picture", "file": str(name)}:
                content = _content(name) or png(240, 320)
                phone.send_photo(content, *self._meant(asked["caption"] or ""))
            case {"file": str(name)}:
                mime = TYPES.get(PurePath(name).suffix.lower(), UNKNOWN)
                content = _content(name) or pdf(PurePath(name).stem)
                phone.send_document(name, content, mime, *self._meant(asked["caption"] or ""))
            case {"shown": str(name)}:
                phone.open_link(self._hands[name].shown_link())
            case {} if deed == OFFICE_LINK:
                phone.open_link(await county.invite())
            case {} if deed == READER_LINK:
                phone.open_link(await county.invite(Role.READER))
            case {"payload": str(payload)}:
                phone.open_link(payload)
            case {"link": str(label)}:
                phone.follow(label)
            case {"again": str(label), "said": str(said)}:
                self._tap_once_shown(label, said)
            case {"twice": str(label)}:
                self._tap_quickly([label, label])
            case {"quickly": str(labels)}:
                self._tap_quickly(labels[1:-1].split("] ["))
            case {"pieces": str(pieces)}:
                for piece in pieces.split(" / "):
                    phone.type(*self._meant(piece))
            case {"flood": str(count)}:
                for number in range(1, int(count) + 1):
                    phone.type(f"Viesti {number}")
            case {"length": str(length)}:
                phone.type(_long_text(int(length)))
            case {"public": str(text)}:
                self._group = self._group or county.sandbox.group("Kylätoimikunta")
                self._group.type(phone, text)
                self._heard += 1
            case {"wall": str(wall)}:
                county.clock.becomes(wall)
            case {"survey": "open", "name": str(name)}:
                await county.open(name, asked["until"])
            case {"survey": "close", "name": str(name)}:
                await county.close(name)
            case {"office": _}:
                self._counted = [
                    f"| in the office: {one.name} is {one.state}, {one.received} received"
                    for one in await county.listed()
                ]
            case {"block": "blocks"}:
                phone.block()
            case {"block": "unblocks"}:
                phone.unblock()
            case _:
                await county.restart()

    def news(self) -> list[str]:
        """What the phone shows that it did not before; the person's own messages are not
        repeated."""
        if self._phone.unanswered:
            raise AssertionError("a tap was left without an answer")
        before, now = self._seen, {message.id: message for message in self._phone.messages}
        toasts = self._phone.toasts[self._toasts :]
        lines = [f"*| {toast.text}" for toast in toasts if toast.text]
        for number, message in before.items():
            if number not in now:
                lines.append(f"-| gone: {_first(message)}")
            elif message.rows and not now[number].rows and message.text == now[number].text:
                lines.append(f"-| no more buttons: {_first(message)}")
            elif message.sender == "bot" and self._differ(message, now[number]):
                lines += self._lines("~|", now[number])
        fresh = [now[n] for n in now if n not in before and now[n].sender == "bot"]
        for message in fresh:
            lines += ["| (silent)"] if message.silent else []
            lines += self._lines("|", message)
        self._once += [now[n] for n in now if n not in before or self._differ(before[n], now[n])]
        self._seen, self._toasts = now, len(self._phone.toasts)
        if self._group is not None:
            heard = self._group.messages
            for message in heard[self._heard :]:
                lines += self._lines("| in the group:", message)
            self._heard = len(heard)
        lines += self._counted
        self._counted = []
        return lines

    def _meant(self, typed: str) -> tuple[str, list[Json]]:
        """What is typed, and its formatting."""
        lines = typed.replace("\\n", "\n")
        return notation.read(lines) if self._formatted else (lines, [])

    def _differ(self, message: Message, other: Message) -> bool:
        files = [(one.document, one.photo) for one in (message, other)]
        return files[0] != files[1] or self._lines("", message) != self._lines("", other)

    def _lines(self, mark: str, message: Message) -> list[str]:
        return _lines(mark, message, FORMATTED if self._formatted else PLAIN)

    def _tap_quickly(self, labels: list[str]) -> None:
        """All before the phone shows what came of the first."""
        taps = [self._button(label, list(self._seen.values())) for label in labels]
        for message, data in taps:
            self._phone.tap_data(data, message)

    def _tap_once_shown(self, label: str, said: str) -> None:
        message, data = self._button(label, [card for card in self._once if said in card.text])
        self._phone.tap_data(data, message)

    def _button(self, label: str, cards: list[Message]) -> tuple[int, str]:
        for message in reversed(cards):
            buttons = [button for row in message.rows for button in row]
            for fits in (str.__eq__, str.__contains__):
                for button in buttons:
                    if fits(button.label, label) and button.data is not None:
                        return message.id, button.data
        raise KeyError(label)

    def _own(self, text: str) -> int:
        mine = (m for m in reversed(self._seen.values()) if m.sender == "person")
        return next(message.id for message in mine if message.text.startswith(text))


def _content(name: str) -> bytes:
    """What is in the file of this name; nothing if there is none."""
    there = (folder / PurePath(name).name for folder in FOLDERS)
    return next((file.read_bytes() for file in there if file.is_file()), b"")


def _lines(mark: str, message: Message, signs: notation.Signs) -> list[str]:
    file = [] if message.document is None else [f"(file {message.document.name})"]
    file += [] if message.photo is None else ["(photo)"]
    written = notation.written(message.text, message.entities, signs)
    text = [] if file and not message.text else written.split("\n")
    buttons = [" ".join(_key(button) for button in row) for row in message.rows]
    return [f"{mark} {_DRAWN.sub(_hidden, line)}".rstrip() for line in [*file, *text, *buttons]]


def _hidden(found: re.Match[str]) -> str:
    """What is drawn by chance, without what it was this time."""
    return f"start={found[1][:2]}…"


def _key(button: Button) -> str:
    return f"[{button.label} -> {button.url}]" if button.url else f"[{button.label}]"


def _first(message: Message) -> str:
    named = message.kind if message.document is None else message.document.name
    return message.text.split("\n", 1)[0][:80] or named


def _long_text(length: int) -> str:
    """A text of so many characters that says little."""
    sentence = "Kerron tästä pitkään ja hartaasti. "
    return (sentence * (length // len(sentence) + 1))[: length - 1] + "."
