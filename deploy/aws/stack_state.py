"""A stack as it is, what a change set would do to it, and how long to wait for that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

GOOD = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"})
# An update that was taken back leaves a stack that works as before.
CHANGEABLE = GOOD | {"UPDATE_ROLLBACK_COMPLETE", "IMPORT_ROLLBACK_COMPLETE"}
NEVER_MADE = "REVIEW_IN_PROGRESS"  # a change set was looked at, and nothing done
FAILED_CREATION = "ROLLBACK_COMPLETE"


@dataclass(frozen=True, slots=True)
class Found:
    """A stack as it is."""

    name: str
    stack_id: str
    status: str
    parameters: frozenset[str]
    outputs: Mapping[str, str]

    @property
    def working(self) -> bool:
        """Whether CloudFormation is at work on it."""
        return self.status.endswith("_IN_PROGRESS") and self.status != NEVER_MADE

    @property
    def exists(self) -> bool:
        """Whether there is anything to change; otherwise it is yet to be made."""
        return self.status not in (NEVER_MADE, FAILED_CREATION)


@dataclass(frozen=True, slots=True)
class ResourceChange:
    """What would become of one resource."""

    action: str
    resource: str
    kind: str
    replaced: bool

    @classmethod
    def of(cls, held: dict[str, Any]) -> ResourceChange:
        """A change as CloudFormation sends it."""
        told = held["ResourceChange"]
        return cls(
            action=told["Action"],
            resource=told["LogicalResourceId"],
            kind=told["ResourceType"],
            replaced=told.get("Replacement") in ("True", "Conditional"),
        )


@dataclass(frozen=True, slots=True)
class Change:
    """A change set that can be executed."""

    stack: str
    stack_id: str
    change_set: str
    creates: bool
    changes: tuple[ResourceChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """How long to wait, in seconds: Aurora takes some 15 minutes, a function's interface 40."""

    operation: float = 3600
    change_set: float = 300
    first_pause: float = 0.5
    longest_pause: float = 5.0
