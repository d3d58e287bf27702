"""What a deployment would change, stack by stack, without changing anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from deploy.aws.account import Account
from deploy.aws.failures import DeployError, explained
from deploy.aws.stack_state import ResourceChange
from deploy.aws.stack_work import StackWork
from deploy.aws.target import Target, trouble
from deploy.aws.templates import STACKS, Stack


@dataclass(frozen=True, slots=True)
class StackPlan:
    """What would become of a stack.

    Attributes:
        name: in AWS.
        action: create, update, none, wait (an operation is running), stuck, or unclear.
        detail: for people.
        resources: for a stack to be made, how many of each type.
        changes: for a stack to be changed, what.
    """

    name: str
    action: str
    detail: str = ""
    resources: Mapping[str, int] | None = None
    changes: tuple[ResourceChange, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def plan(
    account: Account, target: Target, manifest: Mapping[str, Any], work: StackWork
) -> list[StackPlan]:
    """The plan for each stack in their order.

    A stack that is there is compared by a change set, which is thrown away. One that is not there
    is told from its template, since a change set would leave an empty stack behind for a while.

    Raises:
        DeployError: AWS does not answer, or does not allow it.
    """
    with explained(account.region):
        return [_plan_stack(target, stack, manifest, work) for stack in STACKS]


def _plan_stack(
    target: Target, stack: Stack, manifest: Mapping[str, Any], work: StackWork
) -> StackPlan:
    name = target.stack_name(stack)
    found = work.find(name)
    if found is None or not found.exists:
        left = "" if found is None else f"what is left of an earlier attempt ({found.status}) goes"
        return StackPlan(name, "create", left, resources=Counter(stack.resources().values()))
    if found.working:
        return StackPlan(name, "wait", f"an operation is running ({found.status})")
    if what := trouble(found):
        return StackPlan(name, "stuck", f"{found.status}: {what}")
    try:
        change = work.prepare(stack, name, found, target.parameters(stack, manifest), target.tags)
    except DeployError as failure:
        # It may need what an earlier stack will export once that is changed.
        return StackPlan(name, "unclear", str(failure))
    if change is None:
        return StackPlan(name, "none")
    work.drop(change)
    return StackPlan(name, "update", changes=change.changes)
