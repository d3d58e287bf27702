"""What CloudFormation tells while it works on a stack, and why it failed, in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

_STACK = "AWS::CloudFormation::Stack"
_BEGINNINGS = frozenset(
    {"CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS", "IMPORT_IN_PROGRESS"}
)
# Said of what was fine, but stopped because something else was not.
_FOLLOWS = re.compile(r"cancelled|The following resource\(s\) failed", re.IGNORECASE)
_DOING = {
    "CREATE": "made",
    "UPDATE": "changed",
    "DELETE": "removed",
    "IMPORT": "taken up",
    "ROLLBACK": "taken back",
    "UPDATE_ROLLBACK": "taken back",
}
_ADVICE = (
    (
        r"already exists|AlreadyExists|already owned by you",
        "Something of this name is there already: left by an earlier deployment, or somebody"
        " else's. Remove it if nobody needs it.",
    ),
    (
        r"not authorized|AccessDenied|Access Denied|UnauthorizedOperation|explicit deny",
        "The credentials of this deployment, or a policy of the organisation, do not allow it. Let"
        " an administrator of the account allow it.",
    ),
    (
        r"deletion protection|DeletionProtection|Cannot delete protected|TerminationProtection",
        "It is protected against deletion. Switch the protection off by hand if it must go.",
    ),
    (
        r"dependent object|DependencyViolation|network interface|currently in use",
        "AWS gives the network interfaces of functions and runtimes back late: some minutes for a"
        " function, up to hours for a runtime. Wait, then run the same command again.",
    ),
    (
        r"quota|limit exceeded|LimitExceeded|maximum number|TooMany",
        "A quota of the account is used up. Raise it (Service Quotas), or remove what is unused.",
    ),
    (
        r"engine version|EngineVersion|Cannot find version",
        "This region does not offer that version of Aurora; correct EngineVersion in"
        " deploy/aws/database.yaml.",
    ),
    (
        r"(Unrecognized|Unsupported) resource type|not (supported|available) in|does not support",
        "This region, or this account, does not offer it; choose another with --region.",
    ),
    (
        r"stabiliz|timed out|timeout|Internal ?Failure|Service ?Unavailable|throttl",
        "AWS did not get it done this time.",
    ),
    (r"No export named", "A stack that it builds on is missing or older."),
)


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a stack's history."""

    event_id: str
    resource: str
    kind: str
    status: str
    reason: str
    about_stack: bool

    @classmethod
    def of(cls, told: dict[str, Any]) -> Event:
        """An event as CloudFormation sends it."""
        return cls(
            event_id=told["EventId"],
            resource=told.get("LogicalResourceId", ""),
            kind=told.get("ResourceType", ""),
            status=told.get("ResourceStatus", ""),
            reason=" ".join(told.get("ResourceStatusReason", "").split()),
            about_stack=told.get("ResourceType") == _STACK
            and told.get("PhysicalResourceId") == told.get("StackId"),
        )

    def line(self) -> str:
        """What it says of a resource; nothing for what needs no line."""
        if self.about_stack:
            return ""
        verb, _, outcome = self.status.rpartition("_")
        if outcome == "COMPLETE":
            return f"{self.resource} {_DOING.get(verb, verb.lower())}"
        if outcome == "FAILED":
            return f"{self.resource} FAILED: {self.reason}"
        return ""


def newest_first(client: Any, stack: str) -> Iterator[Event]:
    """A stack's events, fetched page by page as they are asked for."""
    for page in client.get_paginator("describe_stack_events").paginate(StackName=stack):
        for told in page["StackEvents"]:
            yield Event.of(told)


def last_operation(events: Iterable[Event]) -> list[Event]:
    """Of events from the newest on, those of the last operation on the stack, oldest first."""
    found = []
    for event in events:
        found.append(event)
        if event.about_stack and event.status in _BEGINNINGS:
            break
    return found[::-1]


def causes(events: Sequence[Event]) -> list[Event]:
    """The failures that are not the consequence of another one."""
    failed = [event for event in events if event.status.endswith("_FAILED")]
    first = [
        event for event in failed if not event.about_stack and not _FOLLOWS.search(event.reason)
    ]
    return first or [event for event in failed if event.reason]


def advice_for(reason: str) -> str:
    """What to do about a failure, as far as its reason tells."""
    for pattern, advice in _ADVICE:
        if re.search(pattern, reason, re.IGNORECASE):
            return advice
    return "The reason is AWS's own; correct what it names."


def explanation(events: Sequence[Event]) -> str:
    """Which resources failed, why, and what to do: some lines, or none when nothing is known."""
    lines = []
    for cause in causes(events)[:5]:
        lines.append(f"  {cause.resource} ({cause.kind}): {cause.reason or 'no reason is given'}")
        lines.append(f"    {advice_for(cause.reason)}")
    return "\n".join(lines)
