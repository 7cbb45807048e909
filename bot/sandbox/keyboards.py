"""Inline keyboards as Telegram takes them: checked button by button, kept as they were sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox import refusals
from bot.sandbox.refusals import Refusal
from bot.sandbox.texts import Json, url_flaw

if TYPE_CHECKING:
    from bot.sandbox.parameters import Parameters

MOST_BUTTONS = 100
MOST_IN_A_ROW = 8
LONGEST_DATA = 64
STYLES = {"danger", "success", "primary"}
OTHER_ACTIONS = {
    "callback_game", "copy_text", "login_url", "pay", "switch_inline_query",
    "switch_inline_query_chosen_chat", "switch_inline_query_current_chat", "web_app",
}  # fmt: skip
NOT_DONE = {"disabled", "icon_custom_emoji_id"}


def read(parameters: Parameters, *, editing: bool) -> Json | None:
    """The `InlineKeyboardMarkup` of a call, None for none. A forced reply or a removed keyboard
    leaves no trace in the message; a message being edited takes an inline keyboard only."""
    markup = parameters.structure("reply_markup", refusals.MARKUP_BROKEN)
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise Refusal(refusals.MARKUP_NOT_OBJECT)
    if markup.get("keyboard"):
        raise refusals.beyond_the_sandbox("reply keyboards")
    rows = _rows(markup.get("inline_keyboard", []))
    if rows:
        return {"inline_keyboard": rows}
    if editing and (markup.get("force_reply") or markup.get("remove_keyboard")):
        raise Refusal(refusals.INLINE_EXPECTED)
    return None


def _rows(keyboard: object) -> list[list[Json]]:
    if not isinstance(keyboard, list) or not all(isinstance(row, list) for row in keyboard):
        raise Refusal(refusals.KEYBOARD_NOT_ROWS)
    rows = [[_button(button) for button in row] for row in keyboard if row]
    if sum(map(len, rows)) > MOST_BUTTONS or any(len(row) > MOST_IN_A_ROW for row in rows):
        raise Refusal(refusals.MARKUP_TOO_LONG)
    return rows


def _button(button: Any) -> Json:
    if not isinstance(button, dict):
        raise Refusal(refusals.BUTTON_BROKEN.format("InlineKeyboardButton must be an Object"))
    if "text" not in button:
        raise Refusal(refusals.BUTTON_BROKEN.format('Can\'t find field "text"'))
    if not isinstance(button["text"], str):
        raise Refusal(refusals.BUTTON_BROKEN.format('Field "text" must be of type String'))
    for addition in NOT_DONE & button.keys():
        raise refusals.beyond_the_sandbox(f"buttons with {addition}")
    kept: Json = {"text": button["text"].strip()}
    if not kept["text"]:
        raise Refusal(refusals.BUTTON_TEXT_EMPTY)
    if button.get("url"):
        flaw = url_flaw(str(button["url"]))
        if flaw:
            raise Refusal(refusals.BUTTON_URL.format(button["url"], flaw))
        kept["url"] = str(button["url"])
    elif button.get("callback_data"):
        if len(str(button["callback_data"]).encode()) > LONGEST_DATA:
            raise Refusal(refusals.BUTTON_DATA)
        kept["callback_data"] = str(button["callback_data"])
    else:
        for action in OTHER_ACTIONS & button.keys():
            raise refusals.beyond_the_sandbox(f"buttons with {action}")
        raise Refusal(
            refusals.BUTTON_BROKEN.format("Text buttons are unallowed in the inline keyboard")
        )
    if button.get("style"):
        if button["style"] not in STYLES:
            raise Refusal(refusals.BUTTON_BROKEN.format("Invalid button style specified"))
        kept["style"] = button["style"]
    return kept
