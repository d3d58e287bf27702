"""One stack of the stand-in for CloudFormation, and how an operation on it may end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import yaml

from tests.deploy.aws.cloudformation import Loader

STACK_KIND = "AWS::CloudFormation::Stack"
Step = Callable[[], None]


@cache
def read(template: str) -> dict[str, Any]:
    """A template's text as CloudFormation reads it."""
    held: dict[str, Any] = yaml.load(template, Loader)  # noqa: S506 - a safe one
    return held


class RefusedError(Exception):
    """What CloudFormation answers with an error."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


@dataclass(frozen=True)
class Failure:
    """How the next operation on a stack ends badly.

    Attributes:
        resource: that fails.
        reason: that CloudFormation gives.
        ends: the stack's status afterwards.
    """

    resource: str
    reason: str
    ends: str = ""


@dataclass
class ScriptedStack:
    """One stack and its history."""

    name: str
    stack_id: str
    status: str
    template: str = ""
    parameters: dict[str, str] = field(default_factory=dict)
    events: list[dict[str, str]] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    def outputs(self) -> dict[str, str]:
        """What its template says it puts out, with a value that tells where it is from."""
        if not self.template or self.status == "ROLLBACK_COMPLETE":
            return {}
        return {name: f"{self.name}.{name}" for name in read(self.template).get("Outputs", {})}

    def resources(self) -> dict[str, str]:
        """Logical id to type."""
        if not self.template:
            return {}
        held = read(self.template)["Resources"]
        return {name: resource["Type"] for name, resource in held.items()}

    def tell(self, resource: str, kind: str, status: str, reason: str = "") -> None:
        """Writes a line into the history."""
        about_stack = kind == STACK_KIND
        self.events.append(
            {
                "StackId": self.stack_id,
                "StackName": self.name,
                "EventId": f"{self.name}-{len(self.events)}",
                "LogicalResourceId": resource,
                "PhysicalResourceId": self.stack_id if about_stack else f"{resource}-1",
                "ResourceType": kind,
                "ResourceStatus": status,
                "ResourceStatusReason": reason,
                "Timestamp": "2026-11-22T12:00:00Z",
            }
        )

    def becomes(self, status: str, reason: str = "") -> None:
        """Takes a status, and writes it into the history."""
        self.status = status
        self.tell(self.name, STACK_KIND, status, reason)
