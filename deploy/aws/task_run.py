"""Invokes the one-off task inside the network, once, and reads what it says."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from deploy.aws.failures import DeployError, code_of

# A function in a network that nobody has called for weeks loses its interface; the call that finds
# it so does nothing but bring it back, which takes minutes.
_ASLEEP = frozenset({"ResourceConflictException", "ResourceNotReadyException"})
_PAUSE_SECONDS = 5.0
_TRIES = 60


def run_task(
    client: Any, prefix: str, *, sample_data: bool, pause: Callable[[float], None]
) -> dict[str, Any]:
    """Brings Aurora's roles and tables up to date, and loads the sample records where wanted.

    Args:
        client: of Lambda, patient enough for the task's own time.
        prefix: of the environment.
        sample_data: whether the sample records are loaded.
        pause: waits so many seconds.

    Returns:
        ``migrations`` that ran now, and what of ``sample_data`` had to be loaded.

    Raises:
        DeployError: it failed; the message says why and where its log is.
    """
    name = f"{prefix}-tasks"
    answer = _invoke(client, name, json.dumps({"sample_data": sample_data}).encode(), pause)
    result = json.loads(answer["Payload"].read() or b"{}")
    if "FunctionError" in answer:
        # What a fault says may hold data; its kind does not.
        kind = result.get("errorType", "no kind is given")
        raise _failed(f"it broke off ({kind})", name)
    if not result.get("ok"):
        raise _failed(str(result.get("message", "it gives no reason")), name)
    return {key: result[key] for key in ("migrations", "sample_data")}


def _invoke(client: Any, name: str, payload: bytes, pause: Callable[[float], None]) -> Any:
    for _ in range(_TRIES):
        try:
            return client.invoke(FunctionName=name, Payload=payload)
        except ClientError as answer:
            if code_of(answer) not in _ASLEEP:
                raise
        pause(_PAUSE_SECONDS)
    raise DeployError(
        "timeout",
        f"The one-off task {name} has not been called for long, and AWS is still bringing its"
        " network interface back. Run the same command again in some minutes.",
    )


def _failed(why: str, name: str) -> DeployError:
    return DeployError(
        "task_failed",
        f"The one-off task {name} could not prepare the data: {why}\n"
        f"Its log: /aws/lambda/{name}. Then run the same command again; what is done stays done.",
    )
