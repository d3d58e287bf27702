"""The composition root: makes a desk of settings, and closes everything it opened."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, date, datetime
from typing import Any, TypeVar

import boto3
from botocore.config import Config
from httpx2 import AsyncBaseTransport

from agent.aurora_login import iam_login
from agent.aws_session import open_session, told_of_aws
from agent.conversations import Conversations
from agent.desk import Desk, Limits
from agent.model import DeskModel, RetryPolicy, open_model
from agent.observing import Observer
from agent.prompting import SystemPrompt, load_system_prompt
from agent.setting_values import revealed
from agent.settings import Settings
from agent.systems import Systems, build_systems, open_remote_servers
from agent.tracing import keep_framework_silent
from tools.aurora.connections import Dsn
from tools.aurora.database import Database, open_database
from tools.contract import Tool

_LEASE_SECONDS = 15.0
Adapter = TypeVar("Adapter")


def as_it_is(adapter: Adapter) -> Adapter:
    """Wraps nothing around an adapter."""
    return adapter


@asynccontextmanager
async def open_desk(
    settings: Settings,
    *,
    model: DeskModel | None = None,
    systems: Systems | None = None,
    conversations: Conversations | None = None,
    prompt: SystemPrompt | None = None,
    observer: Observer | None = None,
    today: Callable[[], date] | None = None,
    new_retry_policy: Callable[[], RetryPolicy] = RetryPolicy,
    wrap_model: Callable[[DeskModel], DeskModel] = as_it_is,
    wrap_database: Callable[[Database], Database] = as_it_is,
    wrap_transport: Callable[[AsyncBaseTransport], AsyncBaseTransport] = as_it_is,
    wrap_tools: Callable[[Sequence[Tool]], Sequence[Tool]] = as_it_is,
) -> AsyncIterator[Desk]:
    """A desk over the systems that the settings name.

    Each keyword replaces one adapter; those that begin with ``wrap`` are given the real one.
    Nothing is asked of any system here: a desk opens while some or all of them are down.

    Raises:
        SettingsError: an address is missing, or AWS's own configuration is wrong.
    """
    if systems is None:
        settings.require_addresses()
    with told_of_aws():
        session = _session(settings)
        model = model or _model(settings, session)
        conversations = conversations or _conversations(settings, session)
    frozen = settings.today
    async with AsyncExitStack() as stack:
        _size_executor(settings.max_streams)
        observer = await stack.enter_async_context(_observer(settings, session, observer))
        model.observer = observer
        yield Desk(
            model=wrap_model(model),
            systems=systems
            or await _systems(
                settings, session, stack, observer, wrap_database, wrap_transport, wrap_tools
            ),
            conversations=conversations,
            prompt=prompt or load_system_prompt(),
            limits=_limits(settings),
            today=today or (lambda: frozen or datetime.now(UTC).date()),
            stack=settings.stack,
            new_retry_policy=new_retry_policy,
            observer=observer,
        )


@asynccontextmanager
async def _observer(
    settings: Settings, session: boto3.Session, given: Observer | None
) -> AsyncIterator[Observer]:
    """One that sends traces where the settings say; without, one that logs the turns."""
    keep_framework_silent()
    if given or not (settings.otlp_endpoint or settings.otlp_traces_endpoint):
        yield given or Observer()
        return
    # Who has no collector does not wait for the exporter's libraries.
    from agent.exporting import exporting_traces

    async with exporting_traces(
        settings.otlp_endpoint,
        stack=settings.stack,
        traces_endpoint=settings.otlp_traces_endpoint,
        boto_session=session,
    ) as traces:
        yield traces


def _limits(settings: Settings) -> Limits:
    return Limits(
        model_calls=settings.max_model_calls,
        tool_calls=settings.max_tool_calls,
        turn_tokens=settings.max_turn_tokens,
        turn_seconds=settings.turn_seconds,
        tool_seconds=settings.tool_seconds,
        question_characters=settings.max_question_characters,
    )


def _size_executor(max_streams: int) -> None:
    """Each model stream and each DynamoDB call holds a thread of the loop's executor.

    asyncio's own has six threads on two cores, so that the seventh rep would wait. Threads are
    made on demand, and the loop ends them when it closes.
    """
    executor = ThreadPoolExecutor(max_streams * 2, thread_name_prefix="deskhand")
    asyncio.get_running_loop().set_default_executor(executor)


def _session(settings: Settings) -> boto3.Session:
    return open_session(
        region=settings.region,
        access_key_id=settings.aws_access_key_id,
        secret_access_key=revealed(settings.aws_secret_access_key),
        session_token=revealed(settings.aws_session_token),
        endpoints=(settings.bedrock_endpoint, settings.dynamodb_endpoint),
    )


def model_of(settings: Settings) -> DeskModel:
    """The model that the settings name, for a desk whose other addresses come from elsewhere."""
    return _model(settings, _session(settings))


def _model(settings: Settings, session: boto3.Session) -> DeskModel:
    return open_model(
        session,
        model_id=settings.model_id,
        endpoint_url=settings.bedrock_endpoint,
        max_output_tokens=settings.max_output_tokens,
        max_streams=settings.max_streams,
    )


def _conversations(settings: Settings, session: boto3.Session) -> Conversations:
    config = Config(
        connect_timeout=1,
        read_timeout=2,
        max_pool_connections=settings.max_streams,
        retries={"total_max_attempts": 2, "mode": "standard"},
    )
    client: Any = session.client("dynamodb", endpoint_url=settings.dynamodb_endpoint, config=config)
    return Conversations(
        client,
        f"{settings.table_prefix}-conversations",
        lease_seconds=_LEASE_SECONDS,
    )


async def _systems(
    settings: Settings,
    session: boto3.Session,
    stack: AsyncExitStack,
    observer: Observer,
    wrap_database: Callable[[Database], Database],
    wrap_transport: Callable[[AsyncBaseTransport], AsyncBaseTransport],
    wrap_tools: Callable[[Sequence[Tool]], Sequence[Tool]],
) -> Systems:
    database = await stack.enter_async_context(
        open_database(_aurora_login(settings, session), observe=observer.statement)
    )
    servers = await stack.enter_async_context(
        open_remote_servers(
            catalog_url=settings.catalog_url or "",
            gateway_url=settings.gateway_url or "",
            token_url=settings.token_url or "",
            client_id=settings.client_id or "",
            client_secret=revealed(settings.client_secret) or "",
            token_scope=settings.token_scope,
            read_seconds=settings.tool_seconds,
            frozen_today=settings.today,
            wrap_transport=lambda transport: observer.transport(wrap_transport(transport)),
        )
    )
    return build_systems(
        wrap_database(database),
        servers,
        tool_seconds=settings.tool_seconds,
        wrap_tools=wrap_tools,
    )


def _aurora_login(settings: Settings, session: boto3.Session) -> Dsn:
    dsn = revealed(settings.aurora_dsn) or ""
    return iam_login(dsn, session, settings.region) if settings.aurora_iam else dsn
