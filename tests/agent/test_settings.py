"""Settings are read from one mapping, and a wrong one is named with what to write."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from agent import Settings, SettingsError
from agent.settings import variable_names

NO_FILE = Path("/nonexistent/.env")


def test_every_setting_can_be_given_by_its_variable() -> None:
    """The names that the README lists are the names that are read."""
    given = {
        "DESKHAND_AURORA_DSN": "host=db",
        "DESKHAND_TODAY": "2026-01-15",
        "AWS_REGION": "eu-west-1",
        "AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:1",
    }
    settings = Settings.from_environment(given, env_file=NO_FILE)
    assert settings.aurora_dsn is not None
    assert settings.aurora_dsn.get_secret_value() == "host=db"
    assert settings.today == date(2026, 1, 15)
    assert settings.region == "eu-west-1"
    assert settings.dynamodb_endpoint == "http://127.0.0.1:1"


def test_an_empty_variable_counts_as_not_set() -> None:
    """`DESKHAND_MODEL_ID=` in a shell does not ask for a model without a name."""
    settings = Settings.from_environment({"DESKHAND_MODEL_ID": ""}, env_file=NO_FILE)
    assert settings.model_id == Settings.model_fields["model_id"].default


def test_an_empty_line_of_the_env_file_counts_as_not_set(tmp_path: Path) -> None:
    """A template with blanks to fill in is no list of mistakes."""
    file = tmp_path / ".env"
    file.write_text("DESKHAND_CATALOG_URL=\nDESKHAND_TODAY=\nDESKHAND_CLIENT_ID=\nAWS_REGION=\n")
    settings = Settings.from_environment({}, env_file=file)
    assert (settings.catalog_url, settings.today, settings.client_id) == (None, None, None)
    assert settings.region == Settings.model_fields["region"].default


def test_the_env_file_is_read_below_the_environment(tmp_path: Path) -> None:
    """A variable of the environment wins over the same line of the file."""
    file = tmp_path / ".env"
    file.write_text("DESKHAND_REP=from-file\nDESKHAND_STACK=from-file\nAWS_REGION=eu-north-1\n")
    settings = Settings.from_environment({"DESKHAND_REP": "from-environment"}, env_file=file)
    assert (settings.rep, settings.stack) == ("from-environment", "from-file")
    assert settings.region == "eu-north-1"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DESKHAND_TODAY", "tomorrow"),
        ("DESKHAND_MAX_MODEL_CALLS", "0"),
        ("DESKHAND_TURN_SECONDS", "soon"),
        ("DESKHAND_TURN_SECONDS", "1e9"),
        ("DESKHAND_LOG_LEVEL", "LOUD"),
        ("DESKHAND_CATALOG_URL", "catalog.example/mcp"),
        ("DESKHAND_CATALOG_URL", "http://catalog.example/mcp"),
        ("DESKHAND_GATEWAY_URL", "http://gateway.example/mcp"),
        ("DESKHAND_TOKEN_URL", "ftp://tokens.example"),
        ("DESKHAND_ISSUER_URL", "issuer.example"),
        ("DESKHAND_ISSUER_URL", "https://[issuer"),
        ("DESKHAND_KEYS_URL", "https://issuer.example:port/keys"),
        ("DESKHAND_ENDPOINT_URL", "http://desk.example/invocations"),
        ("DESKHAND_ENDPOINT_URL", "desk.example"),
        ("DESKHAND_REP_TOKEN", "Bearer hunter2"),
        ("DESKHAND_REP_TOKEN", "hunter2\r\nX-Other: 1"),
        ("DESKHAND_UNVERIFIED_CALLERS", "perhaps"),
        ("DESKHAND_CONSOLE_URL", "http://desk.example"),
        ("DESKHAND_CONSOLE_URL", "https://desk.example/console"),
        ("DESKHAND_CONSOLE_URL", "https://desk.example:door"),
        ("DESKHAND_CONSOLE_URL", "https://hunter2@desk.example"),
        ("DESKHAND_CONSOLE_SECRET", "hunter2"),
        ("DESKHAND_AURORA_DSN", "db.example hunter2"),
        ("DESKHAND_AURORA_DSN", "postgresql://reader:hunter2@x@db.example/deskhand"),
        ("DESKHAND_AURORA_DSN", "postgresql://reader:hunter2/x@db.example/deskhand"),
        ("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "bedrock"),
        ("AWS_REGION", "bad region"),
    ],
)
def test_a_wrong_value_is_refused_by_the_variables_name(variable: str, value: str) -> None:
    """The operator reads the variable, and never a validator's traceback."""
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment({variable: value}, env_file=NO_FILE)
    assert refused.value.setting == variable
    assert "write" in refused.value.advice
    assert "hunter2" not in str(refused.value)


def test_a_misspelt_setting_is_refused_with_the_name_that_was_meant() -> None:
    """A typing mistake does not silently leave the default in force."""
    with pytest.raises(SettingsError, match="DESKHAND_MODEL_ID"):
        Settings.from_environment({"DESKHAND_MODELID": "x"}, env_file=NO_FILE)


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("https://desk.example/", "https://desk.example"),
        ("https://desk.example:8443", "https://desk.example:8443"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("https://Desk.Example", "https://desk.example"),
        ("https://desk.example:443/", "https://desk.example"),
        ("HTTPS://desk.example", "https://desk.example"),
        ("https://[::1]:8443", "https://[::1]:8443"),
    ],
)
def test_the_console_has_an_origin_with_tls_or_on_this_machine(given: str, origin: str) -> None:
    """A slash at the end is no mistake, and browsers send names small and without usual ports."""
    settings = Settings.from_environment({"DESKHAND_CONSOLE_URL": given}, env_file=NO_FILE)
    assert settings.console_url == origin


@pytest.mark.parametrize(
    "dsn",
    [
        "host=db.example dbname=deskhand password=a@b/c",
        "postgresql://reader:p%40ss@db.example:5432/deskhand?sslmode=require",
        "postgres://reader@one.example:5432,two.example:5432/deskhand",
    ],
)
def test_an_address_of_postgresql_may_have_any_of_its_forms(dsn: str) -> None:
    """Words and addresses, with one host or several."""
    settings = Settings.from_environment({"DESKHAND_AURORA_DSN": dsn}, env_file=NO_FILE)
    assert settings.aurora_dsn is not None
    assert settings.aurora_dsn.get_secret_value() == dsn


def test_a_misspelt_setting_in_the_env_file_is_refused_too(tmp_path: Path) -> None:
    """Otherwise a local stack would quietly take the place of the one that was meant."""
    file = tmp_path / ".env"
    file.write_text("DESKHAND_CATALOG_ULR=https://catalog.example/mcp\n")
    with pytest.raises(SettingsError, match="DESKHAND_CATALOG_URL"):
        Settings.from_environment({}, env_file=file)


def test_an_env_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    """The operator reads which file it is, and never a decoder's traceback."""
    file = tmp_path / ".env"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match=r"\.env: is no UTF-8 text"):
        Settings.from_environment({}, env_file=file)


def test_a_stack_with_some_addresses_names_all_that_are_missing() -> None:
    """Half a configuration is neither a local stack nor a whole one."""
    given = {"DESKHAND_CATALOG_URL": "https://x/mcp"}
    settings = Settings.from_environment(given, env_file=NO_FILE)
    assert settings.addresses_configured
    with pytest.raises(SettingsError) as refused:
        settings.require_addresses()
    for variable in ("DESKHAND_AURORA_DSN", "DESKHAND_GATEWAY_URL", "DESKHAND_CLIENT_SECRET"):
        assert variable in str(refused.value)


def test_secrets_are_not_part_of_the_settings_text() -> None:
    """A logged settings object shows no password."""
    given = {"DESKHAND_AURORA_DSN": "password=hunter2", "DESKHAND_CLIENT_SECRET": "hunter3"}
    assert "hunter" not in repr(Settings.from_environment(given, env_file=NO_FILE))


def test_every_setting_has_a_description_for_the_reader() -> None:
    """The README's table is written from these."""
    undescribed = [name for name in variable_names() if not Settings.model_fields[name].description]
    assert undescribed == []
