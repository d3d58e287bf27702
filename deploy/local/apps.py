"""Puts the stack's four HTTP systems together: tokens, model, catalog and gateway."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from starlette.types import ASGIApp

from deploy.local.app_settings import AppSettings
from deploy.local.bedrock.understudy import respond
from deploy.local.bedrock.wire import BedrockEndpoint
from deploy.local.dynamodb import local_client
from deploy.local.gateway import Gateway, Target
from deploy.local.tokens import ClientCredentials, TokenIssuer
from deploy.local.verifier import JwksVerifier, auth_settings
from tools.catalog import catalog_tools
from tools.catalog.server import catalog_app
from tools.gateway import profile, warranty
from tools.gateway.handling import utc_now
from tools.gateway.schema import tool_schemas


def app_builders(
    settings: AppSettings, urls: Mapping[str, str]
) -> dict[str, Callable[[], ASGIApp]]:
    """For each system by name, what makes a fresh app of it: an MCP app serves only once."""
    credentials = ClientCredentials(settings.client_id, settings.client_secret)
    issuer = TokenIssuer(urls["tokens"], credentials, lifetime=settings.token_lifetime)
    bedrock = BedrockEndpoint(respond, pace=settings.pace)
    client = local_client(settings.dynamodb_endpoint)
    gateway = Gateway(_targets(client, settings.tables))
    verifier = JwksVerifier(urls["tokens"], frozenset({settings.client_id}))

    def catalog() -> ASGIApp:
        return catalog_app(
            catalog_tools(client, settings.tables),
            token_verifier=verifier,
            auth=auth_settings(urls["tokens"], urls["catalog"]),
        )

    return {
        "tokens": issuer.app,
        "model": bedrock.app,
        "catalog": catalog,
        "gateway": lambda: gateway.app(
            token_verifier=verifier, auth=auth_settings(urls["tokens"], urls["gateway"])
        ),
    }


def _targets(client: Any, tables: Mapping[str, str]) -> list[Target]:
    """The Lambda functions as AWS has them; a test may freeze their clock here."""
    builders = {"warranty": warranty.build_handler, "profile": profile.build_handler}
    return [
        Target(name, tool_schemas(name), build(client, tables, utc_now, allow_frozen_clock=True))
        for name, build in builders.items()
    ]
