"""Asks every system whether it answers, and says what to do about each that does not."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future
from threading import Thread
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from agent.conversation_table import StoreUnavailable
from agent.conversations import Conversations
from agent.model import DeskModel
from agent.system_check import SystemCheck
from agent.systems import Systems
from tools.contract import System, ToolFailure

_SECONDS = 8.0

_TOKENS = "DESKHAND_TOKEN_URL, DESKHAND_CLIENT_ID, DESKHAND_CLIENT_SECRET, DESKHAND_TOKEN_SCOPE"
_ADVICE: Mapping[str, str] = {
    "aurora": "Check DESKHAND_AURORA_DSN and DESKHAND_AURORA_IAM, that PostgreSQL runs and lets"
    " deskhand_reader in, and that this machine is in its network.",
    "catalog": f"Check DESKHAND_CATALOG_URL, {_TOKENS} and that the MCP server runs.",
    "warranty": f"Check DESKHAND_GATEWAY_URL, {_TOKENS} and the gateway's warranty target.",
    "profile": f"Check DESKHAND_GATEWAY_URL, {_TOKENS} and the gateway's profile target.",
    "conversations": "Check DESKHAND_TABLE_PREFIX, AWS_REGION and the role's rights on the table.",
    "model": "Check DESKHAND_MODEL_ID, AWS_REGION and that the account may use the model.",
}


# Look-ups that reach the data behind each server; whether they find something does not matter.
_PROBES: Mapping[System, tuple[str, Mapping[str, Any]]] = {
    "catalog": ("get_product", {"product_id": 1}),
    "warranty": ("warranty___check_warranty_status", {"serial_number": "DESKHANDDOCTOR"}),
    "profile": ("profile___get_customer_profile", {"customer_id": "CUST000"}),
}


class _Finding(Exception):
    """What is wrong with a system that does answer."""


async def check_systems(
    systems: Systems, conversations: Conversations, model: DeskModel
) -> list[SystemCheck]:
    """Every system at once, each within 8 seconds."""
    checks: dict[str, Callable[[], Awaitable[str]]] = {
        "aurora": lambda: _aurora(systems),
        "catalog": lambda: _remote(systems, "catalog"),
        "warranty": lambda: _remote(systems, "warranty"),
        "profile": lambda: _remote(systems, "profile"),
        "conversations": lambda: _conversations(conversations),
        "model": lambda: _model(model),
    }
    return list(await asyncio.gather(*(_timed(name, check) for name, check in checks.items())))


async def _timed(system: str, check: Callable[[], Awaitable[str]]) -> SystemCheck:
    started = time.monotonic()
    ok, advice = False, _ADVICE[system]
    try:
        async with asyncio.timeout(_SECONDS):
            detail = await check()
        ok, advice = True, ""
    except TimeoutError:
        detail = f"did not answer within {_SECONDS:g} seconds"
    except (_Finding, ToolFailure) as wrong:
        detail = str(wrong)
    except StoreUnavailable:
        detail = "the conversations table did not answer"
    except ClientError as refused:
        detail = f"refused with {refused.response.get('Error', {}).get('Code', 'an error')}"
    except BotoCoreError as broken:
        detail = f"could not be reached ({type(broken).__name__})"
    return SystemCheck(system, ok, round((time.monotonic() - started) * 1000), detail, advice)


async def _aurora(systems: Systems) -> str:
    await systems.database.ping()
    return "answers"


async def _remote(systems: Systems, system: System) -> str:
    """Compares the server's tools with those the model is offered, and looks something up."""
    listed = {tool.name: tool.input_schema for tool in await systems.servers[system].list_tools()}
    offered = {tool.name: tool.input_schema for tool in systems.tools if tool.system == system}
    if missing := sorted(offered.keys() - listed.keys()):
        raise _Finding(f"does not offer {', '.join(missing)}; it may be of another version")
    if changed := sorted(
        name for name in offered if _properties(listed[name]) != _properties(offered[name])
    ):
        raise _Finding(
            f"takes other arguments for {', '.join(changed)}; it may be of another version"
        )
    probed = await systems.call(*_PROBES[system])
    if "error" in probed:
        raise _Finding("offers its tools, but the data behind them does not answer")
    return f"offers {len(offered)} tools, and its data answers"


def _properties(schema: Mapping[str, Any]) -> set[str]:
    return set(schema.get("properties", {}))


async def _conversations(conversations: Conversations) -> str:
    await conversations.ping()
    return "answers"


async def _model(model: DeskModel) -> str:
    model_id = model.get_config()["model_id"]
    answer: Future[Any] = Future()
    answer.set_running_or_notify_cancel()

    def ask() -> None:
        try:
            answer.set_result(
                model.client.converse(
                    modelId=model_id,
                    messages=[{"role": "user", "content": [{"text": "hello"}]}],
                    inferenceConfig={"maxTokens": 16},
                )
            )
        except (BotoCoreError, ClientError) as broken:
            answer.set_exception(broken)

    # A program waits at its end for threads of the loop, and this one may hang for half a minute.
    Thread(target=ask, daemon=True).start()
    await asyncio.wrap_future(answer)
    return f"{model_id} answers"
