"""What became of the calls that make, edit or delete a message, as Telegram's own side saw it.

A test of an outbox reads here, not from the bot, what arrived and when, and what did not.
"""

from __future__ import annotations

import contextlib
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.sandbox.refusals import BROKEN_JSON, Refusal

if TYPE_CHECKING:
    from bot.sandbox.parameters import Parameters
    from bot.sandbox.texts import Json

MAKING = {"sendMessage", "sendDocument", "sendPhoto"}
CHANGING = {
    "editMessageText", "editMessageCaption", "editMessageMedia", "editMessageReplyMarkup",
    "deleteMessage", "deleteMessages",
}  # fmt: skip
KEPT = 100_000


@dataclass(frozen=True, slots=True)
class Entry:
    """`moment` is in seconds of this machine's monotonic clock, which all its processes share.
    `fault` names the one that the call met ('' for none), with or without effect. A call without
    effect made no message: its `message_id` is 0. Where a message is changed `refusal` says in
    Telegram's words why it was not ('' if it was)."""

    moment: float
    method: str
    chat_id: int
    message_id: int
    text: str
    silent: bool
    fault: str = ""
    refusal: str = ""


class Log(deque[Entry]):
    """What makes messages, oldest first; of more than `KEPT` the oldest are forgotten. A call that
    Telegram refuses for what it says or whom it names is not here.

    `changes` is what edits and deletes them, an entry for each message, also what Telegram refused
    itself: of an edit that came twice, the second was refused. `text` is the new one."""

    def __init__(self) -> None:
        super().__init__(maxlen=KEPT)
        self.changes: deque[Entry] = deque(maxlen=KEPT)

    @property
    def arrived(self) -> list[Entry]:
        """Those that made a message."""
        return [entry for entry in self if entry.message_id]

    def made(self, method: str, parameters: Parameters, message: Json, fault: str = "") -> None:
        """A call made this message."""
        if method in MAKING:
            text = message.get("text") or message.get("caption") or ""
            self._add(method, parameters, message["chat"]["id"], message["message_id"], text, fault)

    def changed(
        self, method: str, parameters: Parameters, fault: str = "", refusal: str = ""
    ) -> None:
        """A call that changes messages came to Telegram and was carried out, or refused."""
        if method not in CHANGING:
            return
        now, chat_id = time.monotonic(), parameters.integer("chat_id")
        text = _text(parameters)
        self.changes.extend(
            Entry(now, method, chat_id, number, text, silent=False, fault=fault, refusal=refusal)
            for number in _changed(parameters)
        )

    def failed(self, method: str, parameters: Parameters, fault: str) -> None:
        """A fault left a call without effect."""
        if method in MAKING:
            chat_id = parameters.integer("chat_id")
            self._add(method, parameters, chat_id, 0, _text(parameters), fault)

    def _add(
        self,
        method: str,
        parameters: Parameters,
        chat_id: int,
        message_id: int,
        text: str,
        fault: str,
    ) -> None:
        silent = parameters.flag("disable_notification")
        self.append(Entry(time.monotonic(), method, chat_id, message_id, text, silent, fault))


def _text(parameters: Parameters) -> str:
    """What a call wants a message to say; a new file brings its caption along."""
    media = _nested(parameters, "media")
    caption = media.get("caption", "") if isinstance(media, dict) else ""
    return parameters.text("text") or parameters.text("caption") or str(caption)


def _changed(parameters: Parameters) -> list[int]:
    """The ids of the messages that a call wants to change."""
    several = _nested(parameters, "message_ids")
    return several if isinstance(several, list) else [parameters.integer("message_id")]


def _nested(parameters: Parameters, name: str) -> object:
    with contextlib.suppress(Refusal):
        return parameters.structure(name, BROKEN_JSON)
    return None
