"""What a call carries, however it was sent.

The Bot API takes parameters from the query string, a JSON body, a form or multipart, and nested
values as JSON or as a text of JSON ("Making requests"). `Parameters` hides the difference and
reads each parameter as the type its method wants.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiohttp import BodyPartReader, web

from bot.sandbox import refusals
from bot.sandbox.files import File
from bot.sandbox.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

INTEGER = re.compile(r"\s*([+-]?\d+)")


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters of one call; `values` as they came, `uploads` by the part's name."""

    values: Mapping[str, object]
    uploads: Mapping[str, File] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The parameter as text; empty if it is absent."""
        value = self.values.get(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        """The whole number the parameter begins with, else `default`, as Telegram reads it."""
        found = INTEGER.match(self.text(name))
        return int(found.group(1)) if found else default

    def flag(self, name: str) -> bool:
        return self.text(name).strip().lower() in {"true", "yes", "1"}

    def structure(self, name: str, broken: str) -> object:
        """The object or array of the parameter, None if absent; refuses with `broken`."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            decoded: object = json.loads(value)
        except ValueError:
            raise Refusal(broken) from None
        return decoded

    def upload(self, name: str) -> File | None:
        """The file sent under `name`, directly or as `attach://part`."""
        return self.uploads.get(self.text(name).removeprefix("attach://") or name)

    def within(self, values: Mapping[str, object]) -> Parameters:
        """Those of an object among the parameters, with the files that were sent beside it."""
        return Parameters(values, self.uploads)

    def plain(self) -> dict[str, object]:
        """Every parameter for the log of calls; a file is told by its name."""
        return {**self.values, **{part: file.name for part, file in self.uploads.items()}}


def _decoded(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise Refusal(refusals.NOT_UTF8) from None


async def read(request: web.Request) -> Parameters:
    """The parameters of a request. Raises `Refusal` for a JSON body that is no object."""
    values: dict[str, object] = dict(request.query)
    uploads: dict[str, File] = {}
    if request.content_type == "application/json":
        raw = await request.read()
        try:
            body = json.loads(raw) if raw.strip() else {}
        except ValueError:
            raise Refusal(refusals.BROKEN_JSON) from None
        if not isinstance(body, dict):
            raise Refusal(refusals.BROKEN_JSON)
        values.update(body)
    elif request.content_type == "multipart/form-data":
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or part.name is None:
                continue
            content = bytes(await part.read(decode=True))
            if part.filename is None:
                values[part.name] = _decoded(content)
            else:
                mime = part.headers.get("Content-Type", "application/octet-stream")
                uploads[part.name] = File(part.filename, mime, content)
    elif request.content_type == "application/x-www-form-urlencoded":
        values.update((name, str(value)) for name, value in (await request.post()).items())
    return Parameters(values, uploads)
