"""Whether traces that are sent to X-Ray arrive: its address takes them under one condition only."""

from __future__ import annotations

from deploy.aws.account import Account
from deploy.aws.failures import DeployError, explained
from deploy.aws.target import Target

_WANTED = "CloudWatchLogs"


def require_destination(account: Account, target: Target) -> None:
    """Stops before anything is made when traces are wanted that the account would not take.

    Raises:
        DeployError: CloudWatch's Transaction Search is not switched on; or AWS does not say.
    """
    if target.options.get("Traces") != "xray":
        return
    with explained(account.region):
        told = account.client("xray").get_trace_segment_destination()
    if told.get("Destination") == _WANTED:
        return
    raise DeployError(
        "bad_settings",
        f"X-Ray takes no traces of OpenTelemetry in {account.region} yet. Switch on CloudWatch's"
        " Transaction Search (CloudWatch console, Settings, X-Ray traces; or aws xray"
        f" update-trace-segment-destination --destination {_WANTED} --region {account.region},"
        " with the resource policy that its page shows), wait some minutes, and run the same"
        " command again; or leave --traces out.",
    )
