"""What became of the calls that make a message, as Telegram's own side saw it.

A test of an outbox reads here, not from the bot, what arrived and when, and what did not.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.sandbox.parameters import Parameters
    from bot.sandbox.texts import Json

MAKING = {"sendMessage", "sendDocument"}
KEPT = 100_000


@dataclass(frozen=True, slots=True)
class Entry:
    """`moment` is in seconds of this machine's monotonic clock, which all its processes share.
    `fault` names the one that the call met ('' for none), with or without effect. A call without
    effect made no message: its `message_id` is 0."""

    moment: float
    method: str
    chat_id: int
    message_id: int
    text: str
    silent: bool
    fault: str = ""


class Log(deque[Entry]):
    """Oldest first; of more than `KEPT` the oldest are forgotten. A call that Telegram refuses for
    what it says or whom it names is not here."""

    def __init__(self) -> None:
        super().__init__(maxlen=KEPT)

    @property
    def arrived(self) -> list[Entry]:
        """Those that made a message."""
        return [entry for entry in self if entry.message_id]

    def made(self, method: str, parameters: Parameters, message: Json, fault: str = "") -> None:
        """A call made this message."""
        if method in MAKING:
            text = message.get("text") or message.get("caption") or ""
            self._add(method, parameters, message["chat"]["id"], message["message_id"], text, fault)

    def failed(self, method: str, parameters: Parameters, fault: str) -> None:
        """A fault left a call without effect."""
        if method in MAKING:
            text = parameters.text("text") or parameters.text("caption")
            self._add(method, parameters, parameters.integer("chat_id"), 0, text, fault)

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
