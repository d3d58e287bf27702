"""The environment that is deployed, and the condition of its stacks before anything is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from deploy.aws.failures import DeployError
from deploy.aws.stack_state import CHANGEABLE, FAILED_CREATION, NEVER_MADE, Found
from deploy.aws.templates import STACKS, Stack

EnvironmentName = Literal["dev", "prod"]

_WHAT_NOW = {
    "UPDATE_ROLLBACK_FAILED": (
        "A change failed, and taking it back failed too. Correct what its last events name (aws"
        " cloudformation describe-stack-events --stack-name {name}), then: aws cloudformation"
        " continue-update-rollback --stack-name {name}"
    ),
    "DELETE_FAILED": (
        "It was being removed, and something in it could not be. Finish that with ./deskhand deploy"
        " --destroy, or by hand: aws cloudformation delete-stack --stack-name {name}"
    ),
    "ROLLBACK_FAILED": (
        "It could not be made, and what was made could not be taken back. Look at its last events,"
        " then remove it: aws cloudformation delete-stack --stack-name {name}"
    ),
}
_UNKNOWN = "Look at it in the CloudFormation console, and remove it or bring it to an end there."


@dataclass(frozen=True, slots=True)
class Target:
    """One environment in one region.

    Attributes:
        environment: dev or prod.
        options: values of the stacks' own parameters, by name, where they were given.
    """

    environment: EnvironmentName
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def prefix(self) -> str:
        """Begins every name."""
        return f"deskhand-{self.environment}"

    @property
    def tags(self) -> dict[str, str]:
        """Of everything, so that its cost can be told from others'."""
        return {"application": "deskhand", "environment": self.environment}

    def stack_name(self, stack: Stack) -> str:
        """A stack's name in AWS."""
        return f"{self.prefix}-{stack.name}"

    def parameters(self, stack: Stack, manifest: Mapping[str, Any]) -> dict[str, str]:
        """What a stack is given: names, the keys of its packages, and the options it knows."""
        given = {"Prefix": self.prefix, "Environment": self.environment, **self.options}
        given |= manifest["parameters"].get(stack.name, {})
        return {key: value for key, value in given.items() if key in stack.parameters()}


def chosen_parameters(given: Iterable[str]) -> dict[str, str]:
    """Parameters of the stacks that were given as ``NAME=VALUE``.

    Raises:
        DeployError: one is not theirs, or not to be chosen: names and packages are not.
    """
    known = {name for stack in STACKS for name in stack.parameters()}
    fixed = {parameter for stack in STACKS for parameter, _ in stack.packages}
    open_ones = sorted(known - fixed - {"Prefix", "Environment"})
    chosen: dict[str, str] = {}
    for text in given:
        name, sign, value = text.partition("=")
        if name not in open_ones or not sign or not value:
            raise DeployError(
                "bad_settings",
                f"--set {text} sets no parameter of the stacks. Write NAME=VALUE with one of:"
                f" {', '.join(open_ones)}.",
            )
        chosen[name] = value
    return chosen


def trouble(found: Found | None) -> str:
    """Why a stack cannot be deployed to before a person has looked at it; else nothing."""
    if found is None or found.working or found.status in CHANGEABLE:
        return ""
    if found.status in (NEVER_MADE, FAILED_CREATION):
        return ""
    return _WHAT_NOW.get(found.status, _UNKNOWN).format(name=found.name)


def refuse_stuck(found: Mapping[str, Found | None]) -> None:
    """Stops before anything is changed when any stack is stuck.

    Args:
        found: each stack of the environment, by its name.

    Raises:
        DeployError: naming all of them, with what to do.
    """
    stuck = [
        f"The stack {held.name} is in {held.status}. {what}"
        for held in found.values()
        if held is not None and (what := trouble(held))
    ]
    if stuck:
        raise DeployError("stuck", "\n".join([*stuck, "Nothing was changed."]))
