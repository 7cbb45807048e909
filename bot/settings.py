"""The settings: read once, from the environment or a `.env` file, and passed on from there.

Their names are what an office knows the program by, so they do not move. A setting that cannot
hold stops the start with one sentence that names the variable and says what it should be. No
sentence repeats a value: a secret may stand in the wrong place.
"""

from __future__ import annotations

import re
import zoneinfo
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX: Final = "RAATI_"
LEVELS: Final = ("debug", "info", "warning", "error")

_TOKEN: Final = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_WEBHOOK_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")  # Bot API, setWebhook
_LISTEN: Final = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^\s:\[\]]+):([0-9]{1,5})")


class SettingsError(Exception):
    """One sentence about a setting, for the person who can mend it."""


class Settings(BaseSettings):
    """Every setting of the program; a field's variable is `RAATI_` and its name in capitals."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    token: SecretStr | None = Field(
        default=None,
        description="the bot's token, as BotFather gave it; `raati run` needs it",
    )
    api_url: str = Field(
        default="https://api.telegram.org",
        description="base address of the Bot API server",
    )
    data_dir: Path = Field(
        default=Path("var/data"),
        description="folder of the embedded database and the exports",
    )
    database_url: SecretStr | None = Field(
        default=None,
        description="SQLAlchemy address of the database, `sqlite+aiosqlite:…` or "
        "`postgresql+asyncpg:…`; without it a SQLite file in the data dir",
    )
    key_dir: Path = Field(
        default=Path("var/keys"),
        description="folder of the key material; never under the data dir",
    )
    office: Path | None = Field(
        default=None,
        description="the office's own texts, lists and terms, one YAML file; without it an "
        "invented office",
    )
    forms_dir: Path | None = Field(
        default=None,
        description="folder of the office's own forms, beside the library's",
    )
    timezone: str = Field(
        default="Europe/Helsinki",
        description="the time zone people live in",
    )
    webhook_url: str | None = Field(
        default=None,
        description="address Telegram sends updates to; without it long polling",
    )
    webhook_secret: SecretStr | None = Field(
        default=None,
        description="secret Telegram shows with each update; needed with the webhook",
    )
    listen: str = Field(
        default="127.0.0.1:8081",
        description="`host:port` the webhook listens on",
    )
    log_level: str = Field(
        default="info",
        description="how much is logged: `debug`, `info`, `warning` or `error`",
    )

    @field_validator("token")
    @classmethod
    def _is_a_token(cls, token: SecretStr | None) -> SecretStr | None:
        if token is None:
            return None
        bare = token.get_secret_value().strip()
        if not _TOKEN.fullmatch(bare):
            raise ValueError(
                "is not a bot's token: copy it again from BotFather, digits, a colon and letters"
            )
        return SecretStr(bare)

    @field_validator("api_url", "webhook_url")
    @classmethod
    def _is_an_address(cls, url: str | None, info: ValidationInfo) -> str | None:
        if url is None:
            return None
        # Telegram delivers to https only; a Bot API server of one's own may be near and plain.
        schemes = ("https",) if info.field_name == "webhook_url" else ("https", "http")
        try:
            parts = urlsplit(url)
            good = parts.scheme in schemes and parts.hostname and (parts.port or 1)
        except ValueError:
            good = False
        if not good or parts.query or parts.fragment:
            raise ValueError(f"must be an address that begins with {schemes[0]}://")
        return url.rstrip("/")

    @field_validator("data_dir", "key_dir", "office", "forms_dir")
    @classmethod
    def _knows_home(cls, path: Path | None) -> Path | None:
        # A `.env` file has no shell that would do it: keys would land in a folder called "~".
        try:
            return path and path.expanduser()
        except RuntimeError:
            raise ValueError("begins with a home folder that is not known here") from None

    @field_validator("database_url")
    @classmethod
    def _is_a_database_we_speak(cls, url: SecretStr | None) -> SecretStr | None:
        spoken = ("sqlite+aiosqlite:", "postgresql+asyncpg:")
        if url and not url.get_secret_value().startswith(spoken):
            raise ValueError(f"must begin with {spoken[0]} or {spoken[1]}")
        return url

    @field_validator("key_dir")
    @classmethod
    def _is_apart_from_the_data(cls, keys: Path, info: ValidationInfo) -> Path:
        # A copy of the data dir must not open itself.
        data: Path | None = info.data.get("data_dir")
        if data is not None and keys.resolve().is_relative_to(data.resolve()):
            raise ValueError("must not be inside the data dir (RAATI_DATA_DIR): keep them apart")
        return keys

    @field_validator("office")
    @classmethod
    def _is_a_file(cls, path: Path | None) -> Path | None:
        if path and not path.is_file():
            raise ValueError("names a file that is not there")
        return path

    @field_validator("forms_dir")
    @classmethod
    def _is_a_folder(cls, path: Path | None) -> Path | None:
        if path and not path.is_dir():
            raise ValueError("names a folder that is not there")
        return path

    @field_validator("timezone")
    @classmethod
    def _is_a_time_zone(cls, name: str) -> str:
        try:
            zoneinfo.ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise ValueError(
                "is not a time zone known on this machine, such as Europe/Helsinki"
            ) from None
        return name

    @field_validator("webhook_secret")
    @classmethod
    def _guards_the_webhook(
        cls, secret: SecretStr | None, info: ValidationInfo
    ) -> SecretStr | None:
        if secret is None and info.data.get("webhook_url") is not None:
            raise ValueError("is needed with RAATI_WEBHOOK_URL, or anyone could write to the bot")
        if secret and not _WEBHOOK_SECRET.fullmatch(secret.get_secret_value()):
            raise ValueError("must be 1 to 256 of the characters A-Z, a-z, 0-9, _ and -")
        return secret

    @field_validator("listen")
    @classmethod
    def _is_host_and_port(cls, listen: str) -> str:
        match = _LISTEN.fullmatch(listen)
        if not match or not 0 < int(match[2]) < 65536:
            raise ValueError("must be a host and a port, such as 127.0.0.1:8081")
        return listen

    @field_validator("log_level")
    @classmethod
    def _is_a_level(cls, level: str) -> str:
        if level.lower() not in LEVELS:
            raise ValueError(f"must be one of {', '.join(LEVELS)}")
        return level.lower()

    def database(self) -> str:
        """The database's SQLAlchemy address. It may hold a password: not for logs."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite+aiosqlite:///{(self.data_dir / 'raati.db').as_posix()}"

    def zone(self) -> zoneinfo.ZoneInfo:
        """The time zone people live in."""
        return zoneinfo.ZoneInfo(self.timezone)


def variable(field: str) -> str:
    """The environment variable of a field: `key_dir` is `RAATI_KEY_DIR`."""
    return PREFIX + field.upper()


def read() -> Settings:
    """The settings of this process: the environment's, then the `.env` file's, then the defaults.

    Raises `SettingsError`, naming the first variable that cannot hold.
    """
    try:
        return Settings()
    except ValidationError as invalid:
        error = invalid.errors(include_input=False, include_context=False, include_url=False)[0]
        reason = error["msg"].removeprefix("Value error, ")
        message = f"{variable(str(error['loc'][0]))} {reason}."
    except (OSError, UnicodeDecodeError):
        message = "The file .env cannot be read: it must be readable, plain UTF-8 text."
    raise SettingsError(message)
