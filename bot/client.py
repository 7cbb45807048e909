"""The way to the Bot API: aiogram's methods and types, with a session of our own underneath.

A call is one JSON body over a kept-alive connection. Of what comes back only `ok` and what the
caller needs is read: of a sent message its identity, because an echo that could not be read would
make a message that was sent look unsent, and a person would get it twice. Updates come raw, so
that one of them cannot spoil the rest.

Errors are aiogram's, but their texts are ours: they never hold the token, an id, or anything a
person wrote. Telegram quotes the message in some of its refusals, and aiogram's own texts add the
chat's id.
"""

from __future__ import annotations

import functools
import json
import re
import ssl
from typing import TYPE_CHECKING, Any, Final, cast

import certifi
from aiogram.client.session.base import BaseSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    ClientDecodeError,
    DetailedAiogramError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.types import Message
from aiohttp import (
    ClientError,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    FormData,
    TCPConnector,
)
from pydantic import TypeAdapter, ValidationError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from aiogram import Bot
    from aiogram.methods import TelegramMethod
    from aiogram.methods.base import TelegramType
    from aiogram.types import InputFile

TELEGRAM: Final = "https://api.telegram.org"

REFUSALS: Final[Mapping[int, type[TelegramAPIError]]] = {
    400: TelegramBadRequest,
    401: TelegramUnauthorizedError,
    403: TelegramForbiddenError,
    404: TelegramNotFound,
    409: TelegramConflictError,
    413: TelegramEntityTooLarge,
}

IDENTITY: Final = ("message_id", "date", "edit_date", "chat")

# Quoted pieces of the request, and numbers long enough to be an id.
_REVEALING: Final = re.compile(r'"[\s\S]*"|“[\s\S]*”|(?<!\w)\'[\s\S]*\'(?!\w)|\d{5,}')


class Client(BaseSession):
    """The session for `aiogram.Bot(token, session=…)`. One pool of connections for the process;
    it opens with the first call and ends with `close`."""

    def __init__(self, api_url: str = TELEGRAM) -> None:
        """`api_url` is the server's base: calls go to `{api_url}/bot{token}/{method}`."""
        super().__init__(api=TelegramAPIServer.from_base(api_url))
        self._pool: ClientSession | None = None

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: float | None = None,  # noqa: ASYNC109 - aiogram's signature
    ) -> TelegramType:
        """Calls `method` and reads its result; of a message only what is in `IDENTITY`.

        `timeout` is for the whole call, in seconds. Raises what `raw` raises, and
        `ClientDecodeError` when the result is not what the Bot API promises.
        """
        result = await self.raw(bot, method, timeout)
        returning: Any = method.__returning__
        if returning in (Message, Message | bool) and isinstance(result, dict):
            result = {name: result[name] for name in IDENTITY if name in result}
        try:
            read = _reader(returning).validate_python(result, context={"bot": bot})
        except ValidationError:
            message = f"The result of {method.__api_method__} cannot be read."
            cause = ValueError("not as the Bot API says")
            raise ClientDecodeError(message, cause, "not shown") from None
        return cast("TelegramType", read)

    async def raw(
        self,
        bot: Bot,
        method: TelegramMethod[Any],
        timeout: float | None = None,  # noqa: ASYNC109 - as make_request
    ) -> Any:
        """Calls `method` and gives its result as plain JSON, not looked into.

        Raises aiogram's error for what the server says (`TelegramRetryAfter` carries the seconds
        to keep quiet), `TelegramServerError` for any other trouble of the server's (5xx), and
        `TelegramNetworkError` when no answer came, or one that is not a Bot API server's.
        """
        url = self.api.api_url(token=bot.token, method=method.__api_method__)
        body = await self._body(bot, method)
        try:
            async with self._connected().post(
                url,
                timeout=ClientTimeout(total=self.timeout if timeout is None else timeout),
                allow_redirects=False,  # the address holds the token
                **body,
            ) as answer:
                status, content = answer.status, await answer.read()
        except TimeoutError:
            raise TelegramNetworkError(method=method, message="no answer in time") from None
        except ClientError as error:
            # Its own text may hold the address, and so the token.
            raise TelegramNetworkError(method=method, message=type(error).__name__) from None
        return _result(method, status, content, bot.token)

    async def stream_content(
        self,
        url: str,
        headers: dict[str, Any] | None = None,
        timeout: float = 30,  # noqa: ASYNC109 - aiogram's signature
        chunk_size: int = 65536,
        raise_for_status: bool = True,
    ) -> AsyncGenerator[bytes, None]:
        """The bytes behind `url`, piece by piece. Raises `DetailedAiogramError` without the
        address, which holds the token."""
        try:
            async with self._connected().get(
                url,
                headers=headers,
                timeout=ClientTimeout(total=timeout),
                raise_for_status=raise_for_status,
            ) as answer:
                async for chunk in answer.content.iter_chunked(chunk_size):
                    yield chunk
        except (TimeoutError, ClientError) as error:
            kind = type(error).__name__
            raise DetailedAiogramError(f"The file cannot be fetched: {kind}.") from None

    async def close(self) -> None:
        """Ends every connection. A call after it opens the pool anew."""
        if self._pool is not None:
            await self._pool.close()
            self._pool = None

    def _connected(self) -> ClientSession:
        if self._pool is None:
            self._pool = ClientSession(
                connector=TCPConnector(ssl=_trust(), ttl_dns_cache=300),
                cookie_jar=DummyCookieJar(),
            )
        return self._pool

    async def _body(self, bot: Bot, method: TelegramMethod[Any]) -> dict[str, Any]:
        """The method's fields as the body of a request: JSON, or a form when it brings files."""
        files: dict[str, InputFile] = {}
        fields: dict[str, Any] = {}
        for name, value in method.model_dump(warnings=False, exclude_none=True).items():
            plain = self.prepare_value(value, bot=bot, files=files, _dumps_json=False)
            if plain is not None:
                fields[name] = plain
        if not files:
            return {"json": fields}
        form = FormData(quote_fields=False)
        for name, value in fields.items():
            form.add_field(name, value if isinstance(value, str) else json.dumps(value))
        for name, file in files.items():
            form.add_field(name, file.read(bot), filename=file.filename or name)
        return {"data": form}


@functools.cache
def _reader(returning: Any) -> TypeAdapter[Any]:
    return TypeAdapter(returning)


def _trust() -> ssl.SSLContext:
    """The machine's certificates, for a county's own Bot API server, and certifi's, for a bare
    machine that has none."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _result(method: TelegramMethod[Any], status: int, content: bytes, token: str) -> Any:
    """What an answer holds, or the error it stands for (Bot API, "Making requests")."""
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict) or not isinstance(answer.get("ok"), bool):
        if status >= 500:
            raise TelegramServerError(method=method, message=f"HTTP {status}")
        raise TelegramNetworkError(
            method=method, message=f"HTTP {status}, not the answer of a Bot API server"
        )
    if answer["ok"]:
        return answer.get("result")

    code = answer.get("error_code")
    code = code if isinstance(code, int) else status
    message = _harmless(str(answer.get("description") or f"error {code}"), token)
    parameters = answer.get("parameters")
    parameters = parameters if isinstance(parameters, dict) else {}
    error: TelegramAPIError
    if code == 429:
        seconds = parameters.get("retry_after")
        error = TelegramRetryAfter(
            method=method,
            message=message,
            retry_after=seconds if isinstance(seconds, int) and seconds > 0 else 1,
        )
    elif isinstance(chat := parameters.get("migrate_to_chat_id"), int):
        error = TelegramMigrateToChat(method=method, message=message, migrate_to_chat_id=chat)
    elif code >= 500:
        error = TelegramServerError(method=method, message=message)
    else:
        error = REFUSALS.get(code, TelegramAPIError)(method=method, message=message)
    error.message = message  # two of them would add the chat's id
    raise error


def _harmless(description: str, token: str) -> str:
    """What the server said, without the token, ids, or quotes from the request."""
    return _REVEALING.sub("…", description.replace(token, "…"))
