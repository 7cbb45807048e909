"""What the bot says of itself: commands by scope and language, descriptions and name by language.

Telegram looks a person's commands up from the narrowest scope to the widest, in each first in the
person's language, then in none (Bot API, "Determining list of commands").
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.sandbox import refusals
from bot.sandbox.refusals import Refusal
from bot.sandbox.texts import Json, units

if TYPE_CHECKING:
    from bot.sandbox.parameters import Parameters

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
MOST_COMMANDS = 100
LONGEST_COMMAND_DESCRIPTION = 256
TEXTS = {
    "description": (512, refusals.DESCRIPTION_INVALID),
    "short_description": (120, refusals.SHORT_DESCRIPTION_INVALID),
    "name": (64, refusals.NAME_INVALID),
}
GENERAL_SCOPES = {
    "default", "all_private_chats", "all_group_chats", "all_chat_administrators",
}  # fmt: skip


@dataclass
class Profile:
    """`commands` by scope and language, `texts` by field and language; '' is no language."""

    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)

    def commands_for(self, chat_id: int, language: str) -> list[Json]:
        """The commands a person sees in a private chat."""
        for scope in (f"chat {chat_id}", "all_private_chats", "default"):
            for code in (language, ""):
                if (scope, code) in self.commands:
                    return self.commands[scope, code]
        return []

    def text(self, name: str, language: str) -> str:
        """A description or the name in a language, else in none."""
        return self.texts.get((name, language)) or self.texts.get((name, ""), "")

    def set_text(self, name: str, language: str, text: str) -> None:
        """Empty takes the text away; the name without a language has to stay. Raises `Refusal`
        if the text is too long."""
        longest, refusal = TEXTS[name]
        if units(text) > longest or (name == "name" and not text and not language):
            raise Refusal(refusal)
        if text:
            self.texts[name, language] = text
        else:
            self.texts.pop((name, language), None)


def language(parameters: Parameters) -> str:
    """The two-letter `language_code` of a call, '' for none."""
    code = parameters.text("language_code")
    if code and not re.fullmatch("[a-z]{2}", code):
        raise Refusal(refusals.LANGUAGE_INVALID)
    return code


def scope(parameters: Parameters) -> str:
    """The scope of a call: its type, and of one chat also which."""
    given = parameters.structure("scope", refusals.SCOPE_BROKEN)
    if given is None:
        return "default"
    if not isinstance(given, dict):
        raise Refusal(refusals.SCOPE_INVALID.format("BotCommandScope must be an Object"))
    kind = given.get("type")
    if kind in GENERAL_SCOPES:
        return str(kind)
    if kind in {"chat_administrators", "chat_member"}:
        raise refusals.beyond_the_sandbox(f"commands for {kind}")
    if kind != "chat":
        raise Refusal(refusals.SCOPE_INVALID.format("Unsupported type specified"))
    if "chat_id" not in given:
        raise Refusal(refusals.SCOPE_INVALID.format('Can\'t find field "chat_id"'))
    return f"chat {given['chat_id']}"


def commands(parameters: Parameters) -> list[Json]:
    """The commands of a call, each checked."""
    given = parameters.structure("commands", refusals.COMMANDS_BROKEN) or []
    if not isinstance(given, list):
        raise Refusal(refusals.COMMANDS_NOT_ARRAY)
    if len(given) > MOST_COMMANDS:
        raise Refusal(refusals.COMMANDS_TOO_MANY)
    return [_command(item) for item in given]


def _command(item: Any) -> Json:
    if not isinstance(item, dict):
        raise Refusal(refusals.COMMAND_BROKEN.format("expected an Object"))
    for name in ("command", "description"):
        if name not in item:
            raise Refusal(refusals.COMMAND_BROKEN.format(f'Can\'t find field "{name}"'))
    command = str(item["command"]).removeprefix("/")
    description = str(item["description"]).strip()
    if not command:
        raise Refusal(refusals.COMMAND_EMPTY)
    if not description:
        raise Refusal(refusals.COMMAND_DESCRIPTION_EMPTY)
    if not COMMAND.fullmatch(command):
        raise Refusal(refusals.COMMAND_INVALID)
    if units(description) > LONGEST_COMMAND_DESCRIPTION:
        raise Refusal(refusals.COMMAND_DESCRIPTION_TOO_LONG)
    return {"command": command, "description": description}
