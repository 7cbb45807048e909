"""Settings: what is read, what is refused in one sentence, and what never shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from bot import settings
from bot.settings import Settings, SettingsError

TOKEN = "123456:an-invented_token"


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty folder to start in, and no setting made."""
    monkeypatch.chdir(tmp_path)
    for field in Settings.model_fields:
        monkeypatch.delenv(settings.variable(field), raising=False)


def refusal(monkeypatch: pytest.MonkeyPatch, **made: str) -> str:
    for field, value in made.items():
        monkeypatch.setenv(settings.variable(field), value)
    with pytest.raises(SettingsError) as refused:
        settings.read()
    return str(refused.value)


def test_without_any_setting_the_defaults_hold():
    read = settings.read()
    assert read.token is None
    assert read.api_url == "https://api.telegram.org"
    assert (read.data_dir, read.key_dir) == (Path("var/data"), Path("var/keys"))
    assert read.database() == "sqlite+aiosqlite:///var/data/raati.db"
    assert (read.timezone, read.log_level) == ("Europe/Helsinki", "info")
    assert (read.webhook_url, read.webhook_secret) == (None, None)


def test_the_settings_are_exactly_those_the_design_names():
    names = {settings.variable(field) for field in Settings.model_fields}
    assert names == {
        "RAATI_TOKEN",
        "RAATI_API_URL",
        "RAATI_DATA_DIR",
        "RAATI_DATABASE_URL",
        "RAATI_KEY_DIR",
        "RAATI_OFFICE",
        "RAATI_FORMS_DIR",
        "RAATI_TIMEZONE",
        "RAATI_WEBHOOK_URL",
        "RAATI_WEBHOOK_SECRET",
        "RAATI_LISTEN",
        "RAATI_LOG_LEVEL",
    }


def test_every_setting_says_what_it_is():
    assert all(field.description for field in Settings.model_fields.values())


def test_the_environment_goes_before_the_env_file(monkeypatch: pytest.MonkeyPatch):
    Path(".env").write_text("RAATI_LOG_LEVEL=warning\nRAATI_TIMEZONE=Europe/Stockholm\nOTHER=x\n")
    monkeypatch.setenv("RAATI_LOG_LEVEL", "DEBUG")
    read = settings.read()
    assert read.log_level == "debug"
    assert str(read.zone()) == "Europe/Stockholm"


def test_an_empty_setting_is_as_if_not_made(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("RAATI_TOKEN", "")
    assert settings.read().token is None


def test_a_token_copied_with_spaces_around_it_is_taken(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("RAATI_TOKEN", f" {TOKEN}\n")
    token = settings.read().token
    assert token is not None
    assert token.get_secret_value() == TOKEN


def test_no_secret_shows_in_the_settings_as_text(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("RAATI_TOKEN", TOKEN)
    monkeypatch.setenv("RAATI_DATABASE_URL", "postgresql+asyncpg://raati:hushhush@db/raati")
    monkeypatch.setenv("RAATI_WEBHOOK_URL", "https://bot.example.org/updates")
    monkeypatch.setenv("RAATI_WEBHOOK_SECRET", "hushhush")
    read = settings.read()
    for shown in (repr(read), str(read)):
        assert TOKEN not in shown
        assert "hushhush" not in shown
    assert read.database() == "postgresql+asyncpg://raati:hushhush@db/raati"


def test_settings_do_not_change_after_they_are_read():
    read = settings.read()
    with pytest.raises(ValidationError):
        read.timezone = "UTC"


def test_an_address_loses_its_last_slash(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("RAATI_API_URL", "http://127.0.0.1:8080/")
    assert settings.read().api_url == "http://127.0.0.1:8080"


def test_a_folder_under_home_is_found_from_the_env_file_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("HOME", str(tmp_path))
    Path(".env").write_text("RAATI_KEY_DIR=~/keys\n")
    assert settings.read().key_dir == tmp_path / "keys"


def test_an_absolute_data_dir_gives_an_absolute_database(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("RAATI_DATA_DIR", str(tmp_path / "data"))
    assert settings.read().database() == f"sqlite+aiosqlite:///{tmp_path}/data/raati.db"


@pytest.mark.parametrize("keys", ["var/data", "var/data/keys", "var/../var/data/x", "linked/keys"])
def test_keys_inside_the_data_dir_are_refused(monkeypatch: pytest.MonkeyPatch, keys: str):
    Path("var/data").mkdir(parents=True)
    Path("linked").symlink_to("var/data")
    assert refusal(monkeypatch, key_dir=keys) == (
        "RAATI_KEY_DIR must not be inside the data dir (RAATI_DATA_DIR): keep them apart."
    )


def test_a_folder_that_only_begins_like_the_data_dir_is_apart(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("RAATI_KEY_DIR", "var/data-keys")
    assert settings.read().key_dir == Path("var/data-keys")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("token", "hushhush"),
        ("token", "123456:hush hush"),
        ("token", "123456:../hushhush"),
        ("api_url", "hushhush"),
        ("api_url", "ftp://hushhush"),
        ("api_url", "https://[hushhush"),
        ("api_url", "https://hushhush:99999"),
        ("api_url", "https://api.example.org/?hushhush"),
        ("database_url", "mysql://raati:hushhush@db/raati"),
        ("office", "hushhush.yaml"),
        ("forms_dir", "hushhush"),
        ("timezone", "hushhush"),
        ("timezone", "/hushhush"),
        ("webhook_url", "http://hushhush.example.org/"),
        ("webhook_secret", "hushhush!"),
        ("listen", "hushhush"),
        ("listen", "hushhush:0"),
        ("listen", "hushhush:65536"),
        ("log_level", "hushhush"),
        ("data_dir", "~hushhush/data"),
    ],
)
def test_what_cannot_hold_is_refused_by_name_and_never_repeated(
    monkeypatch: pytest.MonkeyPatch, field: str, value: str
):
    sentence = refusal(monkeypatch, **{field: value})
    assert sentence.startswith(f"{settings.variable(field)} ")
    assert sentence.endswith(".")
    assert "hush" not in sentence
    assert "\n" not in sentence


def test_a_webhook_without_its_secret_is_refused(monkeypatch: pytest.MonkeyPatch):
    sentence = refusal(monkeypatch, webhook_url="https://bot.example.org/updates")
    assert sentence.startswith("RAATI_WEBHOOK_SECRET is needed with RAATI_WEBHOOK_URL")


def test_an_env_file_that_is_not_text_is_refused_kindly(monkeypatch: pytest.MonkeyPatch):
    Path(".env").write_bytes(b"RAATI_TOKEN=\xff\xfe\n")
    assert refusal(monkeypatch) == (
        "The file .env cannot be read: it must be readable, plain UTF-8 text."
    )


def test_a_refusal_carries_no_trace_of_the_value(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("RAATI_TOKEN", "hushhush")
    with pytest.raises(SettingsError) as refused:
        settings.read()
    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None
