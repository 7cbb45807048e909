"""Telegram's refusals, word for word, on one page.

A refusal's first words say its code: the Bot API writes "Bad Request: …", "Forbidden: …" and so on
(tdlib/telegram-bot-api, `fail_query_with_error`). What Telegram could do and the sandbox cannot is
refused with `Not Implemented`, which Telegram never says: nobody takes it for a real answer.
"""

from __future__ import annotations

CODES = {
    "Bad Request": 400,
    "Unauthorized": 401,
    "Forbidden": 403,
    "Not Found": 404,
    "Conflict": 409,
    "Request Entity Too Large": 413,
    "Too Many Requests": 429,
    "Internal Server Error": 500,
    "Not Implemented": 501,
}


class Refusal(Exception):  # noqa: N818 - the glossary's word: Telegram refuses a call
    """A call is refused: `code` as in `error_code`, `description` as in `description`, and
    `retry_after`, where it is not 0, as in `parameters`."""

    def __init__(self, description: str, *, retry_after: int = 0) -> None:
        super().__init__(description)
        self.description = description
        self.retry_after = retry_after
        self.code = CODES[description.split(":", 1)[0]]


UNAUTHORIZED = "Unauthorized"
NOT_FOUND = "Not Found"
METHOD_NOT_FOUND = "Not Found: method not found"
RESTART = "Internal Server Error: restart"
TOO_LARGE = "Request Entity Too Large"
BROKEN_JSON = "Bad Request: can't parse JSON object"

# getUpdates
TWO_POLL = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is "
    "running"
)
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete "
    "the webhook first"
)
WEBHOOK_SET = "Conflict: terminated by setWebhook request"

# setWebhook
WEBHOOK_URL = "Bad Request: invalid webhook URL specified"
WEBHOOK_HTTPS = "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"
WEBHOOK_PORT = "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"
WEBHOOK_HOST = "Bad Request: bad webhook: Failed to resolve host: Name or service not known"
SECRET_TOO_LONG = "Bad Request: secret token is too long"  # noqa: S105 - it holds none
SECRET_CHARACTERS = "Bad Request: secret token contains unallowed characters"  # noqa: S105

# chats
CHAT_ID_EMPTY = "Bad Request: chat_id is empty"
CHAT_NOT_FOUND = "Bad Request: chat not found"
BLOCKED = "Forbidden: bot was blocked by the user"
NEVER_WROTE = "Forbidden: bot can't initiate conversation with a user"

# texts and entities
NOT_UTF8 = "Bad Request: strings must be encoded in UTF-8"
TEXT_EMPTY = "Bad Request: message text is empty"
TEXT_TOO_LONG = "Bad Request: message is too long"
CAPTION_TOO_LONG = "Bad Request: message caption is too long"
PARSE_MODE_UNKNOWN = "Bad Request: unsupported parse_mode"
PREVIEW_BROKEN = "Bad Request: can't parse link preview options JSON object"
PREVIEW_NOT_OBJECT = "Bad Request: object expected as link preview options"
ENTITY_BROKEN = "Bad Request: can't parse MessageEntity: {}"
ENTITY_OFFSET = "Bad Request: receive an entity with incorrect offset {}"
ENTITY_LENGTH = "Bad Request: receive an entity with incorrect length {}"
ENTITY_BEGINS_AFTER = "Bad Request: entity begins after the end of the text at UTF-16 offset {}"
ENTITY_ENDS_AFTER = (
    "Bad Request: entity beginning at UTF-16 offset {} ends after the end of the text at UTF-16 "
    "offset {}"
)
ENTITY_BEGINS_INSIDE = "Bad Request: entity begins in a middle of a UTF-16 symbol at byte offset {}"
ENTITY_ENDS_INSIDE = (
    "Bad Request: entity beginning at UTF-16 offset {} ends in a middle of a UTF-16 symbol at "
    "byte offset {}"
)
ENTITY_URL = "Bad Request: entity URL '{}' is invalid: {}"

# keyboards
MARKUP_BROKEN = "Bad Request: can't parse reply keyboard markup JSON object"
MARKUP_NOT_OBJECT = "Bad Request: object expected as reply markup"
MARKUP_TOO_LONG = "Bad Request: reply markup is too long"
KEYBOARD_NOT_ROWS = (
    'Bad Request: field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'
)
INLINE_EXPECTED = "Bad Request: inline keyboard expected"
BUTTON_BROKEN = "Bad Request: can't parse inline keyboard button: {}"
BUTTON_TEXT_EMPTY = "Bad Request: inline keyboard button text must be non-empty"
BUTTON_DATA = "Bad Request: BUTTON_DATA_INVALID"
BUTTON_URL = "Bad Request: inline keyboard button URL '{}' is invalid: {}"

# editing and deleting
EDIT_NOT_FOUND = "Bad Request: message to edit not found"
EDIT_FORBIDDEN = "Bad Request: message can't be edited"
EDIT_NO_TEXT = "Bad Request: there is no text in the message to edit"
EDIT_NO_CAPTION = "Bad Request: there is no caption in the message to edit"
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)
DELETE_NOT_FOUND = "Bad Request: message to delete not found"
DELETE_TOO_OLD = "Bad Request: message can't be deleted for everyone"
IDS_MISSING = "Bad Request: message identifiers are not specified"
IDS_BROKEN = "Bad Request: can't parse message identifiers JSON object"
IDS_TOO_MANY = "Bad Request: too many message identifiers specified"

# callback queries
QUERY_TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
ANSWER_TOO_LONG = "Bad Request: MESSAGE_TOO_LONG"

# files and actions
NO_DOCUMENT = "Bad Request: there is no document in the request"
NO_PHOTO = "Bad Request: there is no photo in the request"
PHOTO_TOO_BIG = (
    "Bad Request: file of size {} bytes is too big for a photo; the maximum size is 10485760 bytes"
)
PHOTO_BROKEN = "Bad Request: IMAGE_PROCESS_FAILED"
PHOTO_DIMENSIONS = "Bad Request: PHOTO_INVALID_DIMENSIONS"
OTHER_TYPE = "Bad Request: can't use file of type {} as {}"
FILE_ID_EMPTY = "Bad Request: file_id not specified"
FILE_NOT_FOUND = "Bad Request: wrong file_id or the file is temporarily unavailable"
FILE_TOO_BIG = "Bad Request: file is too big"
WRONG_FILE = "Bad Request: wrong file identifier/HTTP URL specified"
MEDIA_MISSING = 'Bad Request: parameter "media" is required'
MEDIA_NO_JSON = "Bad Request: can't parse input media JSON object"
MEDIA_BROKEN = "Bad Request: can't parse InputMedia: {}"
FILE_EMPTY = "Bad Request: file must be non-empty"
WRONG_ACTION = "Bad Request: wrong parameter action in request"

# what the bot says of itself
LANGUAGE_INVALID = "Bad Request: invalid language code specified"
SCOPE_BROKEN = "Bad Request: can't parse BotCommandScope JSON object"
SCOPE_INVALID = "Bad Request: can't parse BotCommandScope: {}"
COMMANDS_BROKEN = "Bad Request: can't parse commands JSON object"
COMMANDS_NOT_ARRAY = "Bad Request: expected an Array of BotCommand"
COMMAND_BROKEN = "Bad Request: can't parse BotCommand: {}"
COMMAND_EMPTY = "Bad Request: command must be non-empty"
COMMAND_DESCRIPTION_EMPTY = "Bad Request: command description must be non-empty"
COMMAND_DESCRIPTION_TOO_LONG = "Bad Request: command description length must not exceed 256"
COMMAND_INVALID = "Bad Request: BOT_COMMAND_INVALID"
DESCRIPTION_INVALID = "Bad Request: BOT_DESC_INVALID"
SHORT_DESCRIPTION_INVALID = "Bad Request: BOT_SHARETEXT_INVALID"
NAME_INVALID = "Bad Request: BOT_TITLE_INVALID"
COMMANDS_TOO_MANY = "Bad Request: BOT_COMMANDS_TOO_MUCH"


def flood(seconds: int) -> Refusal:
    """Too many calls: the bot shall wait so many seconds."""
    return Refusal(f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def beyond_the_sandbox(what: str) -> Refusal:
    """An honest refusal of what the sandbox does not do, though Telegram may."""
    return Refusal(f"Not Implemented: the sandbox does not know {what}")
