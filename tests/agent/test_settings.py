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
        ("DESKHAND_LOG_LEVEL", "LOUD"),
    ],
)
def test_a_wrong_value_is_refused_by_the_variables_name(variable: str, value: str) -> None:
    """The operator reads the variable, and never a validator's traceback."""
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment({variable: value}, env_file=NO_FILE)
    assert refused.value.setting == variable
    assert refused.value.advice


def test_a_misspelt_setting_is_refused_with_the_name_that_was_meant() -> None:
    """A typing mistake does not silently leave the default in force."""
    with pytest.raises(SettingsError, match="DESKHAND_MODEL_ID"):
        Settings.from_environment({"DESKHAND_MODELID": "x"}, env_file=NO_FILE)


def test_a_stack_with_some_addresses_names_all_that_are_missing() -> None:
    """Half a configuration is neither a local stack nor a whole one."""
    settings = Settings.from_environment({"DESKHAND_CATALOG_URL": "http://x/mcp"}, env_file=NO_FILE)
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
