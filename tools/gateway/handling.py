"""What each Lambda handler does: find the tool, check the arguments, keep the contract."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from tools.contract import Result, ToolFailure
from tools.dynamo import open_client
from tools.gateway.arguments import check
from tools.gateway.schema import tool_schemas

logger = logging.getLogger(__name__)

TOOL_NAME = "bedrockAgentCoreToolName"
HEADERS = "bedrockAgentCorePropagatedHeaders"
TODAY_HEADER = "x-deskhand-today"
# Who the desk works for, by a verified token: it is logged, so that each look-up has a name.
REP_HEADER = "x-deskhand-rep"
ROLE_HEADER = "x-deskhand-role"

# What the caller did, or may not do, is an answer; everything else is a fault, which Lambda counts.
_ANSWERED = frozenset({"invalid_input", "refused"})

Clock = Callable[[], datetime]
Operation = Callable[[Mapping[str, Any], date], Result]
Handler = Callable[[Any, Any], Result]
Builder = Callable[..., Handler]


def utc_now() -> datetime:
    """The time now, with its zone."""
    return datetime.now(UTC)


def handler_of(
    target: str, operations: Mapping[str, Operation], clock: Clock, *, allow_frozen_clock: bool
) -> Handler:
    """A Lambda handler for the tools of one target.

    It returns data or an ``error`` result, and raises when a system did not answer.

    Args:
        target: the gateway target, whose schemas the arguments are checked against.
        operations: for each tool what it does, given checked arguments and today's date.
        clock: the time now.
        allow_frozen_clock: whether a caller's header may say which day it is.
    """
    schemas = {tool["name"]: tool["inputSchema"] for tool in tool_schemas(target)}

    def handle(event: Any, context: Any) -> Result:
        custom = context.client_context.custom
        name = str(custom[TOOL_NAME]).rpartition("___")[2]
        if name not in operations:
            raise LookupError(f"the {target} target has no such tool")
        began = time.monotonic()
        outcome = "ok"
        try:
            today = _today(custom, clock, allow_frozen_clock)
            return operations[name](check(schemas[name], event), today)
        except ToolFailure as failure:
            outcome = failure.kind
            if failure.kind not in _ANSWERED:
                raise
            return failure.result()
        finally:
            spent = round((time.monotonic() - began) * 1000)
            headers = _headers(custom)
            logger.info(
                "tool=<%s>, outcome=<%s>, ms=<%s>, rep=<%s>, role=<%s>",
                *(name, outcome, spent, headers.get(REP_HEADER), headers.get(ROLE_HEADER)),
            )

    return handle


def deployed(build_handler: Builder, tables: tuple[str, ...]) -> Handler:
    """The handler as Lambda runs it: client from the environment, table names by their prefix.

    ``DESKHAND_TABLE_PREFIX`` is required; ``DESKHAND_ALLOW_FROZEN_CLOCK=1`` is for test stacks.
    """
    prefix = os.environ["DESKHAND_TABLE_PREFIX"]
    return build_handler(
        open_client(),
        {table: f"{prefix}-{table}" for table in tables},
        utc_now,
        allow_frozen_clock=os.environ.get("DESKHAND_ALLOW_FROZEN_CLOCK") == "1",
    )


def _headers(custom: Mapping[str, Any]) -> dict[str, str]:
    """What the gateway passes on of the desk's request, with names in small letters."""
    given = custom.get(HEADERS) or {}
    return {str(name).lower(): str(value) for name, value in given.items()}


def _today(custom: Mapping[str, Any], clock: Clock, allow_frozen_clock: bool) -> date:
    frozen = _headers(custom).get(TODAY_HEADER)
    if not allow_frozen_clock or not frozen:
        return clock().date()
    try:
        return date.fromisoformat(str(frozen))
    except ValueError:
        raise ToolFailure("invalid_input", f"{TODAY_HEADER}: must be an ISO date") from None
