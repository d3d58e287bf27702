"""Invokes the one-off task inside the network, once, and reads what it says."""

from __future__ import annotations

import json
from typing import Any

from deploy.aws.failures import DeployError


def run_task(client: Any, prefix: str, *, sample_data: bool) -> dict[str, Any]:
    """Brings Aurora's roles and tables up to date, and loads the sample records where wanted.

    Args:
        client: of Lambda, patient enough for the task's own time.
        prefix: of the environment.
        sample_data: whether the sample records are loaded.

    Returns:
        ``migrations`` that ran now, and what of ``sample_data`` had to be loaded.

    Raises:
        DeployError: it failed; the message says why and where its log is.
    """
    name = f"{prefix}-tasks"
    answer = client.invoke(
        FunctionName=name, Payload=json.dumps({"sample_data": sample_data}).encode()
    )
    result = json.loads(answer["Payload"].read() or b"{}")
    if "FunctionError" in answer:
        # What a fault says may hold data; its kind does not.
        kind = result.get("errorType", "no kind is given")
        raise _failed(f"it broke off ({kind})", name)
    if not result.get("ok"):
        raise _failed(str(result.get("message", "it gives no reason")), name)
    return {key: result[key] for key in ("migrations", "sample_data")}


def _failed(why: str, name: str) -> DeployError:
    return DeployError(
        "task_failed",
        f"The one-off task {name} could not prepare the data: {why}\n"
        f"Its log: /aws/lambda/{name}. Then run the same command again; what is done stays done.",
    )
