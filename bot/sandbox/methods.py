"""What the bot may call, each method as the Bot API describes it.

A method reads its parameters, refuses as Telegram does or carries the call out, and returns the
result. Methods the bot does not use are not here: they are answered as unknown. A parameter that
would change what people see and is not done here is refused, never passed over.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bot.sandbox import keyboards, pictures, profile, refusals
from bot.sandbox.messages import Toast
from bot.sandbox.parameters import Parameters
from bot.sandbox.refusals import Refusal
from bot.sandbox.telegram import EDITABLE, Chat, Telegram
from bot.sandbox.texts import LONGEST_CAPTION, LONGEST_TEXT, Json, fields, units

if TYPE_CHECKING:
    from bot.sandbox.pictures import Picture

Method = Callable[[Telegram, Parameters], Any]

LONGEST_ANSWER = 200
MOST_DELETED = 100
LARGEST_PHOTO = 10 * 1024 * 1024
LARGEST_SIDES = 10_000
"""Width and height of a photo together."""
STEEPEST = 20
"""How many times longer one side of a photo may be than the other."""
LARGEST_DOWNLOAD = 20 * 1024 * 1024
ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
    "upload_document", "choose_sticker", "find_location", "record_video_note",
    "upload_video_note",
}  # fmt: skip
NOT_DONE = (
    "business_connection_id", "direct_messages_topic_id", "inline_message_id",
    "message_effect_id", "message_thread_id", "reply_parameters", "rich_message",
    "suggested_post_parameters",
)  # fmt: skip
NOT_DONE_IF_TRUE = ("has_spoiler", "show_caption_above_media")
OTHER_MEDIA = {"animation", "audio", "live_photo", "video"}
ENCLOSED = ("document", "photo")
"""The files a message can have and the sandbox knows."""
PARSE_MODES = {"html", "markdown", "markdownv2"}


def get_me(telegram: Telegram, _: Parameters) -> Json:
    return {
        **telegram.bot,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


# messages


def send_message(telegram: Telegram, parameters: Parameters) -> Json:
    content = _text(parameters)
    _add_keyboard(content, keyboards.read(parameters, editing=False))
    return _post(telegram, parameters, content)


def send_document(telegram: Telegram, parameters: Parameters) -> Json:
    return _send_file(telegram, parameters, "document", refusals.NO_DOCUMENT)


def send_photo(telegram: Telegram, parameters: Parameters) -> Json:
    return _send_file(telegram, parameters, "photo", refusals.NO_PHOTO)


def edit_message_text(telegram: Telegram, parameters: Parameters) -> Json:
    content = _text(parameters)
    _add_keyboard(content, keyboards.read(parameters, editing=True))
    chat, old = _own_message(telegram, parameters)
    if "text" not in old:
        raise Refusal(refusals.EDIT_NO_TEXT)
    return _change(telegram, chat, old, content)


def edit_message_caption(telegram: Telegram, parameters: Parameters) -> Json:
    content = _caption(parameters)
    _add_keyboard(content, keyboards.read(parameters, editing=True))
    chat, old = _own_message(telegram, parameters)
    file = {kind: old[kind] for kind in ENCLOSED if kind in old}
    if not file:
        raise Refusal(refusals.EDIT_NO_CAPTION)
    return _change(telegram, chat, old, {**file, **content})


def edit_message_media(telegram: Telegram, parameters: Parameters) -> Json:
    """A document or a photo takes the place of the one before, or of a text."""
    _refuse_what_is_not_done(parameters)
    media = _media(parameters)
    kind = media.text("type")
    content = _caption(media)
    keyboard = keyboards.read(parameters, editing=True)
    chat, old = _own_message(telegram, parameters)
    missing = refusals.MEDIA_BROKEN.format("media not found")
    content[kind] = _file(telegram, media, kind, "media", missing)
    _add_keyboard(content, keyboard)
    return _change(telegram, chat, old, content)


def edit_message_reply_markup(telegram: Telegram, parameters: Parameters) -> Json:
    _refuse_what_is_not_done(parameters)
    keyboard = keyboards.read(parameters, editing=True)
    chat, old = _own_message(telegram, parameters)
    content: Json = {key: old[key] for key in EDITABLE if key in old and key != "reply_markup"}
    _add_keyboard(content, keyboard)
    return _change(telegram, chat, old, content)


def delete_message(telegram: Telegram, parameters: Parameters) -> bool:
    chat = telegram.chat(parameters, writing=False)
    number = parameters.integer("message_id")
    if number not in chat.messages:
        raise Refusal(refusals.DELETE_NOT_FOUND)
    telegram.remove(chat, [number])
    return True


def delete_messages(telegram: Telegram, parameters: Parameters) -> bool:
    numbers = parameters.structure("message_ids", refusals.IDS_BROKEN)
    if not numbers:
        raise Refusal(refusals.IDS_MISSING)
    if not isinstance(numbers, list) or not all(isinstance(n, int) for n in numbers):
        raise Refusal(refusals.IDS_BROKEN)
    if len(numbers) > MOST_DELETED:
        raise Refusal(refusals.IDS_TOO_MANY)
    telegram.remove(telegram.chat(parameters, writing=False), numbers)
    return True


def get_file(telegram: Telegram, parameters: Parameters) -> Json:
    """Where a file is downloaded from."""
    named = parameters.text("file_id")
    if not named:
        raise Refusal(refusals.FILE_ID_EMPTY)
    kept = telegram.files.get(named)
    if kept is None:
        raise Refusal(refusals.FILE_NOT_FOUND)
    if len(kept.file.content) > LARGEST_DOWNLOAD:
        raise Refusal(refusals.FILE_TOO_BIG)
    told = kept.wire if isinstance(kept.wire, list) else [kept.wire]
    size = next(size for size in told if size["file_id"] == named)
    telegram.downloads[kept.path] = kept
    return {
        **{name: size[name] for name in ("file_id", "file_unique_id", "file_size")},
        "file_path": kept.path,
    }


def answer_callback_query(telegram: Telegram, parameters: Parameters) -> bool:
    if parameters.text("url"):
        raise refusals.beyond_the_sandbox("callback answers that open an address")
    text = parameters.text("text")
    if units(text) > LONGEST_ANSWER:
        raise Refusal(refusals.ANSWER_TOO_LONG)
    toast = Toast(text, parameters.flag("show_alert")) if text else None
    telegram.answer(parameters.text("callback_query_id"), toast)
    return True


def send_chat_action(telegram: Telegram, parameters: Parameters) -> bool:
    action = parameters.text("action")
    if action not in ACTIONS:
        raise Refusal(refusals.WRONG_ACTION)
    telegram.chat(parameters).tell("action", {"action": action})
    return True


def _text(parameters: Parameters) -> Json:
    _refuse_what_is_not_done(parameters)
    entities = parameters.structure("entities", refusals.ENTITY_BROKEN.format("no JSON"))
    content = fields(parameters.text("text"), entities, LONGEST_TEXT)
    preview = parameters.structure("link_preview_options", refusals.PREVIEW_BROKEN)
    if preview is not None and not isinstance(preview, dict):
        raise Refusal(refusals.PREVIEW_NOT_OBJECT)
    if preview:
        content["link_preview_options"] = preview
    return content


def _caption(parameters: Parameters) -> Json:
    _refuse_what_is_not_done(parameters)
    entities = parameters.structure("caption_entities", refusals.ENTITY_BROKEN.format("no JSON"))
    return fields(parameters.text("caption"), entities, LONGEST_CAPTION, name="caption")


def _send_file(telegram: Telegram, parameters: Parameters, kind: str, missing: str) -> Json:
    content = _caption(parameters)
    _add_keyboard(content, keyboards.read(parameters, editing=False))
    telegram.chat(parameters)
    file = _file(telegram, parameters, kind, kind, missing)
    return _post(telegram, parameters, {kind: file, **content})


def _file(
    telegram: Telegram, parameters: Parameters, kind: str, name: str, missing: str
) -> Json | list[Json]:
    """The "document" or "photo" that the call's parameter `name` brings, or names by its
    `file_id`, as a message tells of it; `missing` refuses a call without."""
    upload = parameters.upload(name)
    named = parameters.text(name)
    if upload is not None:
        if not upload.content:
            raise Refusal(refusals.FILE_EMPTY)
        if kind == "document":
            return telegram.keep_document(upload)
        return telegram.keep_photo(_picture(upload.content))
    if (kept := telegram.files.get(named)) is not None:
        if kept.type != kind.capitalize():
            raise Refusal(refusals.OTHER_TYPE.format(kept.type, kind.capitalize()))
        return kept.wire
    if named.startswith(("http://", "https://")):
        raise refusals.beyond_the_sandbox("files fetched from an address")
    raise Refusal(refusals.WRONG_FILE if named else missing)


def _picture(content: bytes) -> Picture:
    if len(content) > LARGEST_PHOTO:
        raise Refusal(refusals.PHOTO_TOO_BIG.format(len(content)))
    picture = pictures.measured(content)
    if picture is None:
        raise Refusal(refusals.PHOTO_BROKEN)
    sides = sorted((picture.width, picture.height))
    if sum(sides) > LARGEST_SIDES or sides[1] > STEEPEST * sides[0]:
        raise Refusal(refusals.PHOTO_DIMENSIONS)
    return picture


def _media(parameters: Parameters) -> Parameters:
    """The `InputMediaDocument` or `InputMediaPhoto` of a call."""
    media = parameters.structure("media", refusals.MEDIA_NO_JSON)
    if media is None:
        raise Refusal(refusals.MEDIA_MISSING)
    if not isinstance(media, dict):
        raise Refusal(refusals.MEDIA_BROKEN.format("expected an Object"))
    if "type" not in media:
        raise Refusal(refusals.MEDIA_BROKEN.format('Can\'t find field "type"'))
    if media["type"] in OTHER_MEDIA:
        raise refusals.beyond_the_sandbox(f"media of type {media['type']}")
    if media["type"] not in ENCLOSED:
        raise Refusal(refusals.MEDIA_BROKEN.format(f'type "{media["type"]}" is unsupported'))
    return parameters.within(media)


def _refuse_what_is_not_done(parameters: Parameters) -> None:
    mode = parameters.text("parse_mode").lower()
    if mode in PARSE_MODES:
        raise refusals.beyond_the_sandbox("parse_mode: send entities")
    if mode and mode != "none":
        raise Refusal(refusals.PARSE_MODE_UNKNOWN)
    for name in NOT_DONE:
        if parameters.text(name):
            raise refusals.beyond_the_sandbox(name)
    for name in NOT_DONE_IF_TRUE:
        if parameters.flag(name):
            raise refusals.beyond_the_sandbox(name)


def _add_keyboard(content: Json, keyboard: Json | None) -> None:
    if keyboard is not None:
        content["reply_markup"] = keyboard


def _post(telegram: Telegram, parameters: Parameters, content: Json) -> Json:
    if parameters.flag("protect_content"):
        content["has_protected_content"] = True
    return telegram.post(
        telegram.chat(parameters),
        telegram.bot,
        content,
        silent=parameters.flag("disable_notification"),
    )


def _own_message(telegram: Telegram, parameters: Parameters) -> tuple[Chat, Json]:
    """The bot's message a call wants to edit."""
    chat = telegram.chat(parameters)
    message = chat.messages.get(parameters.integer("message_id"))
    if message is None:
        raise Refusal(refusals.EDIT_NOT_FOUND)
    if message["from"] != telegram.bot:
        raise Refusal(refusals.EDIT_FORBIDDEN)
    return chat, message


def _change(telegram: Telegram, chat: Chat, old: Json, content: Json) -> Json:
    looks = (key for key in EDITABLE if key != "link_preview_options")
    if all(old.get(key) == content.get(key) for key in looks):
        raise Refusal(refusals.NOT_MODIFIED)
    return telegram.change(chat, old["message_id"], content)


# what the bot says of itself


def set_my_commands(telegram: Telegram, parameters: Parameters) -> bool:
    given = profile.commands(parameters)
    where = profile.scope(parameters), profile.language(parameters)
    if given:
        telegram.profile.commands[where] = given
    else:
        telegram.profile.commands.pop(where, None)
    return True


def get_my_commands(telegram: Telegram, parameters: Parameters) -> list[Json]:
    where = profile.scope(parameters), profile.language(parameters)
    return telegram.profile.commands.get(where, [])


def delete_my_commands(telegram: Telegram, parameters: Parameters) -> bool:
    where = profile.scope(parameters), profile.language(parameters)
    telegram.profile.commands.pop(where, None)
    return True


def _setter(name: str) -> Method:
    def set_text(telegram: Telegram, parameters: Parameters) -> bool:
        telegram.profile.set_text(name, profile.language(parameters), parameters.text(name))
        return True

    return set_text


def _getter(name: str) -> Method:
    def get_text(telegram: Telegram, parameters: Parameters) -> Json:
        text = telegram.profile.text(name, profile.language(parameters))
        return {name: text or (telegram.bot["first_name"] if name == "name" else "")}

    return get_text


# webhooks


def set_webhook(telegram: Telegram, parameters: Parameters) -> bool:
    if not parameters.text("url"):
        return delete_webhook(telegram, parameters)
    telegram.webhook.set(parameters)
    allow(telegram, parameters)
    return _forget_if_told(telegram, parameters)


def delete_webhook(telegram: Telegram, parameters: Parameters) -> bool:
    telegram.webhook.remove()
    return _forget_if_told(telegram, parameters)


def get_webhook_info(telegram: Telegram, _: Parameters) -> Json:
    info = telegram.webhook.info()
    info["pending_update_count"] = len(telegram.updates.waiting())
    if telegram.updates.allowed:
        info["allowed_updates"] = sorted(telegram.updates.allowed)
    return info


def allow(telegram: Telegram, parameters: Parameters) -> None:
    """Which kinds of update the bot wants; as before if it does not say."""
    kinds = parameters.structure("allowed_updates", refusals.BROKEN_JSON)
    if isinstance(kinds, list):
        telegram.updates.allow(frozenset(map(str, kinds)))


def _forget_if_told(telegram: Telegram, parameters: Parameters) -> bool:
    if parameters.flag("drop_pending_updates"):
        telegram.updates.forget()
    return True


METHODS: dict[str, Method] = {
    "getMe": get_me,
    "sendMessage": send_message,
    "sendDocument": send_document,
    "sendPhoto": send_photo,
    "sendChatAction": send_chat_action,
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageMedia": edit_message_media,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "getFile": get_file,
    "answerCallbackQuery": answer_callback_query,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyName": _setter("name"),
    "getMyName": _getter("name"),
    "setMyDescription": _setter("description"),
    "getMyDescription": _getter("description"),
    "setMyShortDescription": _setter("short_description"),
    "getMyShortDescription": _getter("short_description"),
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
}
