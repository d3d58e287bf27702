"""Settings: the only reader of the environment."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AliasChoices,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
)
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from agent.errors import SettingsError
from agent.setting_values import (
    BearerToken,
    ConsoleOrigin,
    SafeAddress,
    SigningSecret,
    WebAddress,
    advice,
)

PREFIX = "DESKHAND_"
ADDRESSES = ("aurora_dsn", "catalog_url", "gateway_url")
READ_ELSEWHERE = frozenset(
    {
        "DESKHAND_ALLOW_FROZEN_CLOCK",
        "DESKHAND_CATALOG_HOST",
        "DESKHAND_CATALOG_PORT",
        "DESKHAND_OWNER_DSN",
        "DESKHAND_POSTGRES_BINARIES",
        "DESKHAND_PYTHON",
        "DESKHAND_STATE_DIR",
        "DESKHAND_UNDERSTUDY_PACE",
        "DESKHAND_VENV",
    }
)


class Settings(BaseSettings):
    """Every setting of the desk, from variables with the prefix ``DESKHAND_`` and from ``.env``.

    Addresses that are not set are ``None``; an entry point then starts the local stack or refuses.
    Values that AWS's own libraries know (region, keys, service endpoints) keep AWS's names.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
    )

    aurora_dsn: SecretStr | None = Field(
        None, description="PostgreSQL address of Aurora, as deskhand_reader."
    )
    aurora_iam: bool = Field(
        False, description="Log in to Aurora by a token of IAM in place of a password."
    )
    catalog_url: SafeAddress | None = Field(
        None, description="The catalogue MCP server, ending in /mcp."
    )
    gateway_url: SafeAddress | None = Field(
        None, description="The AgentCore Gateway, ending in /mcp."
    )
    token_url: SafeAddress | None = Field(
        None, description="OAuth 2.0 token endpoint for client credentials."
    )
    client_id: str | None = Field(None, description="Client id of the desk at the token endpoint.")
    client_secret: SecretStr | None = Field(None, description="Client secret of the desk.")
    token_scope: str = Field("deskhand/read", description="Scope asked for with each token.")
    model_id: str = Field(
        "global.anthropic.claude-sonnet-4-6",
        description="Bedrock model id or inference profile.",
    )
    max_output_tokens: int = Field(
        2000, ge=100, le=32000, description="Tokens of one model answer."
    )
    table_prefix: str = Field("deskhand-dev", description="Prefix of the DynamoDB tables' names.")
    stack: str = Field("aws", description="The stack's name, shown to reps.")
    rep: str = Field("", description="Id of the rep at a terminal; the system's user when empty.")
    today: date | None = Field(None, description="Freezes the clock at this ISO date.")
    max_model_calls: int = Field(8, ge=1, le=50, description="Model calls of one turn.")
    max_tool_calls: int = Field(12, ge=1, le=100, description="Tool calls of one turn.")
    max_turn_tokens: int = Field(
        200_000, ge=1000, description="Input and output tokens of one turn."
    )
    turn_seconds: float = Field(60, ge=0.1, le=900, description="Time of one turn.")
    tool_seconds: float = Field(10, ge=0.1, le=120, description="Time of one tool call.")
    max_question_characters: int = Field(
        8000, ge=100, le=100_000, description="Length of one question."
    )
    issuer_url: SafeAddress | None = Field(None, description="OpenID issuer at which reps sign in.")
    keys_url: SafeAddress | None = Field(
        None, description="The issuer's signing keys; at the address it publishes when empty."
    )
    rep_client_id: str | None = Field(
        None, description="Client id of the reps' programs: `serve` then wants their tokens."
    )
    rep_audience: str | None = Field(
        None, description="Audience of reps' tokens; Cognito's access tokens have none."
    )
    unverified_callers: bool = Field(
        False,
        description="Lets `serve` answer without tokens on a stack elsewhere; whoever reaches it is"
        " then the rep of the process.",
    )
    endpoint_url: SafeAddress | None = Field(
        None, description="Invocation address of a deployed desk, for `--stack aws`."
    )
    rep_token: BearerToken | None = Field(
        None,
        description="Access token of the rep who asks a deployed desk; he signs in when empty.",
    )
    console_client_id: str | None = Field(
        None, description="Client id of the console at the issuer; it has no secret."
    )
    console_url: ConsoleOrigin | None = Field(
        None, description="Address of the console as browsers see it; of this machine when empty."
    )
    console_secret: SigningSecret | None = Field(
        None,
        description="Signs the console's cookies, 32 characters or more; made anew by each start"
        " when empty, and reps then sign in again.",
    )
    console_session_hours: float = Field(
        12, ge=0.01, le=72, description="Hours until a rep of the console signs in again."
    )
    console_runs_per_minute: int = Field(
        30, ge=1, le=10_000, description="Questions of one rep at the console in a minute."
    )
    console_calls_per_second: int = Field(
        20, ge=1, le=10_000, description="Other requests of one rep at the console in a second."
    )
    max_streams: int = Field(
        64, ge=1, le=1024, description="Model streams and blocking calls at once."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "WARNING", description="Log level."
    )
    log_format: Literal["auto", "json", "text"] = Field(
        "auto", description="Form of the log's lines; auto: JSON of servers, text at a terminal."
    )
    otlp_endpoint: WebAddress | None = Field(
        None,
        validation_alias=AliasChoices("OTEL_EXPORTER_OTLP_ENDPOINT", "otlp_endpoint"),
        description="Collector of traces and metrics, OTLP over HTTP; nothing is sent when empty.",
    )

    otlp_traces_endpoint: WebAddress | None = Field(
        None,
        validation_alias=AliasChoices("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "otlp_traces_endpoint"),
        description="Whole address for traces alone; X-Ray's own is sent to with AWS credentials.",
    )
    region: str = Field(
        "us-west-2",
        validation_alias=AliasChoices("AWS_REGION", "region"),
        description="AWS region.",
    )
    dynamodb_endpoint: WebAddress | None = Field(
        None,
        validation_alias=AliasChoices("AWS_ENDPOINT_URL_DYNAMODB", "dynamodb_endpoint"),
        description="DynamoDB's address when it is not AWS's own.",
    )
    bedrock_endpoint: WebAddress | None = Field(
        None,
        validation_alias=AliasChoices("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "bedrock_endpoint"),
        description="Bedrock Runtime's address when it is not AWS's own.",
    )
    aws_access_key_id: str | None = Field(
        None,
        validation_alias=AliasChoices("AWS_ACCESS_KEY_ID", "aws_access_key_id"),
        description="AWS key id; without it AWS's usual credential chain is used.",
    )
    aws_secret_access_key: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("AWS_SECRET_ACCESS_KEY", "aws_secret_access_key"),
        description="AWS secret key that belongs to the key id.",
    )
    aws_session_token: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("AWS_SESSION_TOKEN", "aws_session_token"),
        description="AWS session token of temporary credentials.",
    )

    @field_validator("aurora_dsn")
    @classmethod
    def _is_postgres_address(cls, value: SecretStr | None) -> SecretStr | None:
        dsn = value.get_secret_value() if value is not None else "="
        parts = urlsplit(dsn)
        if parts.scheme and "@" in parts.netloc.rpartition("@")[0] + parts.path:
            raise ValueError("holds an @ or / in its password; write it as %40 or %2F.")
        if parts.scheme not in {"postgresql", "postgres"} and "=" not in dsn:
            raise ValueError(
                "is no address; write 'host=… dbname=… user=… password=…' or postgresql://…"
            )
        return value

    @field_validator("region")
    @classmethod
    def _is_region(cls, value: str) -> str:
        if not re.fullmatch("[a-z0-9-]{1,63}", value):
            raise ValueError("is no region; write one like us-west-2.")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The given mapping, then ``.env``; the environment only through the mapping."""
        return init_settings, dotenv_settings

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], *, env_file: Path | None = None) -> Self:
        """Reads ``environ`` and, below it, ``env_file`` (``.env`` of the working directory).

        Raises:
            SettingsError: a value is wrong, or a variable looks like a misspelt setting.
        """
        variables = variable_names()
        env_file = env_file or Path(".env")
        _refuse_misspelt([*environ, *cls._names_in(env_file)], set(variables.values()))
        given = {
            name: environ[variable] for name, variable in variables.items() if environ.get(variable)
        }
        try:
            return cls(_env_file=env_file, **given)  # type: ignore[arg-type]  # values are texts until validated
        except ValidationError as invalid:
            wrong = invalid.errors(include_url=False, include_input=False)[0]
            name = str(wrong["loc"][0]) if wrong["loc"] else "settings"
            raise SettingsError(variables.get(name, name), advice(wrong)) from None

    @classmethod
    def _names_in(cls, env_file: Path) -> list[str]:
        try:
            return [name.upper() for name in DotEnvSettingsSource(cls, env_file=env_file).env_vars]
        except (OSError, UnicodeError):
            raise SettingsError(str(env_file), "is no UTF-8 text; correct or remove it.") from None

    @property
    def addresses_configured(self) -> bool:
        """Whether any system's address is set, so that no local stack is wanted."""
        return any(getattr(self, name) for name in ADDRESSES)

    def require_addresses(self) -> None:
        """Raises ``SettingsError`` that names every address which is not set."""
        variables = variable_names()
        needed = (*ADDRESSES, "token_url", "client_id", "client_secret")
        missing = [variables[name] for name in needed if not getattr(self, name)]
        if missing:
            raise SettingsError(
                missing[0], f"is not set; a configured stack needs all of: {', '.join(missing)}."
            )


def variable_names() -> dict[str, str]:
    """Field name to environment variable, for every setting."""
    names: dict[str, str] = {}
    for name, field in Settings.model_fields.items():
        alias = field.validation_alias
        names[name] = (
            str(alias.choices[0]) if isinstance(alias, AliasChoices) else f"{PREFIX}{name.upper()}"
        )
    return names


def _refuse_misspelt(variables: Iterable[str], known: set[str]) -> None:
    for variable in variables:
        if variable.startswith(PREFIX) and variable not in known | READ_ELSEWHERE:
            meant = difflib.get_close_matches(variable, known | READ_ELSEWHERE, n=1, cutoff=0.85)
            if meant:
                raise SettingsError(variable, f"is not a setting; did you mean {meant[0]}?")
