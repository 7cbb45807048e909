"""Speaking: cards are sent, edited and taken away, taps are answered.

Each thing is said once. What could not be said raises nothing: what follows is the host's business.
When Telegram asks that a chat be left alone for a while (429), nothing more is said there
before that is over: `HeldBack` is raised instead, at once, and nobody waits here.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from aiogram.exceptions import (
    AiogramError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramRetryAfter,
)
from aiogram.methods import (
    AnswerCallbackQuery,
    DeleteMessage,
    DeleteMessages,
    EditMessageReplyMarkup,
    EditMessageText,
    GetFile,
    GetMe,
    SendDocument,
    SendMessage,
    SendPhoto,
)
from aiogram.types import BufferedInputFile

from bot import codes
from dialogs.screens import Place

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from aiogram import Bot
    from aiogram.methods import TelegramMethod

    from bot.pace import Pace
    from bot.render import Rendered, Renderer
    from dialogs.screens import Card, Say

PATIENCE: Final = 2
"""Seconds that all that is said to one update may take."""

PAUSE: Final = "Telegram asks for a pause of %d s in a chat. What is unsaid there is said after it."

LARGEST: Final = 256 * 1024
"""Bytes of a file that somebody sends to be read: a form of a hundred questions has a tenth."""

FETCHED: Final = 10
"""Seconds for such a file to come."""

T = TypeVar("T")

log = logging.getLogger("raati.speech")


class HeldBack(Exception):  # noqa: N818 - what happened
    """Not said: Telegram wants this chat to be left alone for now."""


class Shown(NamedTuple):
    """The message a card stands on; and since when it does, where that message said something else
    before: seconds since 1970 by Telegram's clock."""

    message: int
    since: int | None = None


class Speaker:
    """`today` gives the day in Helsinki."""

    def __init__(self, bot: Bot, renderer: Renderer, today: Callable[[], date], pace: Pace) -> None:
        self._bot = bot
        self._pace = pace
        self._renderer = renderer
        self._today = today
        self._quiet_until: dict[int, float] = {}  # by chat, on the event loop's clock
        self._own_link = ""
        self._trouble = ""  # the kind of error that lasts, as it was logged

    def quiet(self, chat: int) -> float:
        """Seconds for which Telegram has asked that nothing be said in this chat."""
        left = self._quiet_until.get(chat, 0.0) - asyncio.get_running_loop().time()
        if left <= 0:
            self._quiet_until.pop(chat, None)
        return max(left, 0.0)

    async def show(self, chat: int, card: Card, tapped: int | None) -> Shown | None:
        """Where the card now stands: on the message that was tapped, or on a new one. None where
        it could not be shown. Raises HeldBack."""
        shown = self._renderer.card(card, self._today())
        if card.place is Place.EDIT and tapped is not None:
            edit = EditMessageText(
                chat_id=chat,
                message_id=tapped,
                text=shown.text,
                entities=shown.entities,
                reply_markup=shown.keyboard,
            )
            try:
                edited = await self._call(chat, edit)
            except TelegramBadRequest as refusal:
                if "not modified" in refusal.message:
                    return Shown(tapped)
                # The card is gone or cannot be changed: a new one takes its place.
            except AiogramError as error:
                self._unsaid(error)
                return None
            else:
                return Shown(tapped, None if isinstance(edited, bool) else edited.edit_date)
        sent = await self._attempt(chat, _new(chat, card, shown))
        return None if sent is None else Shown(sent.message_id)

    async def change(self, chat: int, message: int, card: Card) -> bool:
        """Whether the message, if it is still there, shows the card now."""
        shown = self._renderer.card(card, self._today())
        edit = EditMessageText(
            chat_id=chat,
            message_id=message,
            text=shown.text,
            entities=shown.entities,
            reply_markup=shown.keyboard,
        )
        try:
            await self._call(chat, edit)
        except TelegramBadRequest:
            return True  # it is gone, or shows the card already
        except (AiogramError, HeldBack) as error:
            return isinstance(error, TelegramForbiddenError)
        return True

    async def answer(self, chat: int, callback: str, words: Say | None, language: str) -> None:
        """Every tap is answered, or its phone shows it as waiting. Raises HeldBack."""
        text = None if words is None else self._words(words, language)
        await self._attempt(chat, AnswerCallbackQuery(callback_query_id=callback, text=text))

    async def take_buttons(self, chat: int, message: int) -> None:
        """The card stays to be read, and does nothing more. Raises HeldBack."""
        await self._attempt(
            chat, EditMessageReplyMarkup(chat_id=chat, message_id=message, reply_markup=None)
        )

    async def delete(self, chat: int, messages: tuple[int, ...]) -> None:
        """Delete what Telegram lets a bot delete; what it refuses stays, as was said beforehand.
        Raises HeldBack."""
        if messages and not await self._attempt(
            chat, DeleteMessages(chat_id=chat, message_ids=list(messages))
        ):
            for message in messages:  # one too old holds back the whole call
                await self._attempt(chat, DeleteMessage(chat_id=chat, message_id=message))

    async def say(self, chat: int, words: Say, language: str) -> None:
        """One sentence that belongs to no conversation; dropped where it would be held back."""
        text = self._words(words, language)
        with contextlib.suppress(HeldBack):
            await self._attempt(chat, SendMessage(chat_id=chat, text=text))

    async def fetch(self, chat: int, file: str) -> bytes | None:
        """What the file of this id holds, `LARGEST` bytes at most; None where it is larger, or is
        not to be had. Raises HeldBack."""
        held = bytearray()
        found = await self._attempt(chat, GetFile(file_id=file))
        if found is None or found.file_path is None or (found.file_size or 0) > LARGEST:
            return None
        try:
            address = self._bot.session.api.file_url(self._bot.token, found.file_path)
            async for piece in self._bot.session.stream_content(address, timeout=FETCHED):
                held += piece
                if len(held) > LARGEST:
                    return None
        except AiogramError as error:
            self._unsaid(error)
            return None
        return bytes(held)

    async def own_link(self, chat: int) -> str:
        """The address of the bot's private chat; '' where Telegram does not tell."""
        if not self._own_link:
            with contextlib.suppress(HeldBack):
                if (me := await self._attempt(chat, GetMe())) is not None:
                    self._own_link = f"https://t.me/{me.username}"
        return self._own_link

    async def _attempt(self, chat: int, method: TelegramMethod[T]) -> T | None:
        """Say it once; None where it could not be said."""
        try:
            return await self._call(chat, method)
        except AiogramError as error:
            self._unsaid(error)
            return None

    def _wait_for(self, chat: int, seconds: float) -> None:
        """Nothing more is said in the chat before then."""
        self._quiet_until[chat] = asyncio.get_running_loop().time() + seconds

    async def _call(self, chat: int, method: TelegramMethod[T]) -> T:
        if self.quiet(chat):
            raise HeldBack
        is_message = isinstance(method, SendMessage | SendDocument | SendPhoto)
        if is_message and (wait := self._pace.busy()):
            self._wait_for(chat, wait)
            raise HeldBack
        try:
            async with self._pace.reply(chat) if is_message else contextlib.nullcontext():
                # A second more, so that of the two limits the host's is the one that ends it.
                said: T = await self._bot(method, request_timeout=PATIENCE + 1)
        except TelegramRetryAfter as asked:
            if not self.quiet(chat):  # two calls under way at once are asked once
                log.warning(PAUSE, asked.retry_after)
            self._wait_for(chat, asked.retry_after)
            self._pace.pause(asked.retry_after)
            raise HeldBack from None
        if self._trouble:
            self._trouble = ""
            log.info("Telegram takes answers again.")
        return said

    def _words(self, words: Say, language: str) -> str:
        return self._renderer.words(words, language, self._today())

    def _unsaid(self, error: AiogramError) -> None:
        """What could not be said, for the operator: the kind of refusal, nothing of the content.
        Trouble is one line when it begins, and one when it is over."""
        if isinstance(error, TelegramForbiddenError):
            log.debug("Somebody has blocked the bot.")
        elif isinstance(error, TelegramBadRequest):
            log.info("Telegram refused: %s", error.message)
        elif (kind := type(error).__name__) != self._trouble:
            self._trouble = kind
            log.warning("Telegram did not take an answer (%s); the next tap shows it.", kind)


def _new(chat: int, card: Card, shown: Rendered) -> SendMessage | SendDocument | SendPhoto:
    """The card as a new message: a text, or what is sent along with the text below it."""
    if not (card.file or card.picture or card.qr):
        return SendMessage(
            chat_id=chat,
            text=shown.text,
            entities=shown.entities,
            reply_markup=shown.keyboard,
        )
    below = {
        "chat_id": chat,
        "caption": shown.text,
        "caption_entities": shown.entities,
        "reply_markup": shown.keyboard,
    }
    if card.file:
        return SendDocument.model_validate({**below, "document": card.file})
    drawn = BufferedInputFile(codes.drawn(card.qr), codes.NAME) if card.qr else card.picture
    return SendPhoto.model_validate({**below, "photo": drawn})
