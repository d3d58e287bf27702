"""Stands in for CloudFormation: keeps stacks, makes change sets, and fails as a test has said.

An operation goes one step further each time that somebody looks at the stack, beginning with a look
that still shows the old status, as CloudFormation's own answers do for a moment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from tests.deploy.aws.cloudformation import ACCOUNT, REGION
from tests.deploy.aws.scripted_stack import Failure, RefusedError, ScriptedStack, Step, read

PAGE = 12  # events of a stack; half of the stacks have more in one operation

Parameters = Mapping[str, str]


class ScriptedStacks:
    """CloudFormation of one account.

    Attributes:
        stacks: by name; those that were removed are in ``removed``.
        failures: stack name to how its next operation fails.
        hanging: names of stacks whose operations never end.
        comparing: whether a change set never comes to its end.
        instantly: whether an operation is over as soon as it is begun.
        rejection: why no template is taken, when it is not empty.
        calls: action and stack name of every request.
        wanted: what the last change set of each stack was asked for with.
    """

    def __init__(self, *, instantly: bool = False) -> None:
        self.stacks: dict[str, ScriptedStack] = {}
        self.removed: list[ScriptedStack] = []
        self.failures: dict[str, Failure] = {}
        self.hanging: set[str] = set()
        self.comparing = False
        self.instantly = instantly
        self.calls: list[tuple[str, str]] = []
        self.rejection = ""
        self.wanted: dict[str, dict[str, str]] = {}
        self.change_sets: dict[str, dict[str, Any]] = {}
        self._number = 0

    def answer(self, action: str, given: Parameters) -> dict[str, Any]:
        """One request."""
        self.calls.append((action, given.get("StackName", "").rpartition("/")[2]))
        method = getattr(self, "_" + re.sub(r"(?<!^)([A-Z])", r"_\1", action).lower())
        result: dict[str, Any] = method(given)
        return result

    def put(self, name: str, status: str) -> ScriptedStack:
        """Places a stack in some status, as somebody else has left it."""
        stack = self._new(name)
        stack.becomes(status)
        return stack

    def done(self, *actions: str) -> list[str]:
        """The stacks that the actions were asked for, in order."""
        return [self._name_of(name) for action, name in self.calls if action in actions]

    def _new(self, name: str) -> ScriptedStack:
        self._number += 1
        stack_id = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{name}/{self._number}"
        self.stacks[name] = ScriptedStack(name, stack_id, "REVIEW_IN_PROGRESS")
        return self.stacks[name]

    def _name_of(self, name: str) -> str:
        for stack in (*self.stacks.values(), *self.removed):
            if stack.stack_id.endswith(f"/{name}") and name.isdigit():
                return stack.name
        return name

    def _named(self, name: str) -> ScriptedStack:
        for stack in (*self.stacks.values(), *self.removed):
            if name == stack.stack_id or (name == stack.name and stack not in self.removed):
                return stack
        raise RefusedError("ValidationError", f"Stack with id {name} does not exist")

    def _describe_stacks(self, given: Parameters) -> dict[str, Any]:
        stack = self._named(given["StackName"])
        if stack.steps:
            stack.steps.pop(0)()
        told = {
            "StackName": stack.name,
            "StackId": stack.stack_id,
            "StackStatus": stack.status,
            "CreationTime": "2026-11-22T12:00:00Z",
            "Parameters": [
                {"ParameterKey": key, "ParameterValue": value}
                for key, value in stack.parameters.items()
            ],
            "Outputs": [
                {"OutputKey": key, "OutputValue": value} for key, value in stack.outputs().items()
            ],
        }
        return {"Stacks": [told]}

    def _describe_stack_events(self, given: Parameters) -> dict[str, Any]:
        events = self._named(given["StackName"]).events[::-1]
        start = int(given.get("NextToken", "0"))
        page: dict[str, Any] = {"StackEvents": events[start : start + PAGE]}
        if start + PAGE < len(events):
            page["NextToken"] = str(start + PAGE)
        return page

    def _list_stack_resources(self, given: Parameters) -> dict[str, Any]:
        stack = self._named(given["StackName"])
        return {
            "StackResourceSummaries": [
                {
                    "LogicalResourceId": name,
                    "PhysicalResourceId": f"{stack.name}.{name}",
                    "ResourceType": kind,
                    "ResourceStatus": "CREATE_COMPLETE",
                    "LastUpdatedTimestamp": "2026-11-22T12:00:00Z",
                }
                for name, kind in stack.resources().items()
            ]
        }

    def _create_change_set(self, given: Parameters) -> dict[str, Any]:
        name, creates = given["StackName"], given["ChangeSetType"] == "CREATE"
        stack = self.stacks.get(name)
        if creates and stack is None:
            stack = self._new(name)
            stack.becomes("REVIEW_IN_PROGRESS")
        if stack is None or creates != (stack.status == "REVIEW_IN_PROGRESS"):
            raise RefusedError("ValidationError", f"Stack {name} is in no state for it")
        if stack.status.endswith("_IN_PROGRESS") and not creates:
            raise RefusedError(
                "ValidationError",
                f"Stack:{name} is in {stack.status} state and can not be updated.",
            )
        known = stack.parameters
        parameters = {
            key: known[key] if held.get("UsePreviousValue") == "true" else held["ParameterValue"]
            for key, held in ((held["ParameterKey"], held) for held in members(given, "Parameters"))
        }
        change_set = f"{stack.stack_id}/change/{given['ChangeSetName']}"
        same = not creates and (stack.template, known) == (given["TemplateBody"], parameters)
        self.change_sets[change_set] = {
            "stack": stack,
            "template": given["TemplateBody"],
            "parameters": parameters,
            "creates": creates,
            "same": same,
        }
        self.wanted[name] = dict(given)
        return {"Id": change_set, "StackId": stack.stack_id}

    def _describe_change_set(self, given: Parameters) -> dict[str, Any]:
        held = self.change_sets[given["ChangeSetName"]]
        if self.comparing:
            return {"Status": "CREATE_IN_PROGRESS"}
        if self.rejection:
            return {"Status": "FAILED", "StatusReason": self.rejection}
        if held["same"]:
            return {
                "Status": "FAILED",
                "StatusReason": "The submitted information didn't contain changes. Submit different"
                " information to create a change set.",
            }
        after = read(held["template"])["Resources"]
        change = "Add" if held["creates"] else "Modify"
        return {
            "Status": "CREATE_COMPLETE",
            "Changes": [
                {
                    "Type": "Resource",
                    "ResourceChange": {
                        "Action": change,
                        "LogicalResourceId": name,
                        "ResourceType": resource["Type"],
                        "Replacement": "False",
                    },
                }
                for name, resource in after.items()
            ],
        }

    def _delete_change_set(self, given: Parameters) -> dict[str, Any]:
        self.change_sets.pop(given["ChangeSetName"])
        return {}

    def _execute_change_set(self, given: Parameters) -> dict[str, Any]:
        held = self.change_sets.pop(given["ChangeSetName"])
        stack: ScriptedStack = held["stack"]
        verb = "CREATE" if held["creates"] else "UPDATE"

        def begin() -> None:
            stack.becomes(f"{verb}_IN_PROGRESS", "User Initiated")

        failure = self.failures.pop(stack.name, None)
        if failure:
            stack.steps += [no_change, begin, *self._failing(stack, verb, failure, held)]
        elif stack.name in self.hanging:
            stack.steps += [no_change, begin]
        else:

            def finish() -> None:
                stack.template, stack.parameters = held["template"], held["parameters"]
                for name, kind in stack.resources().items():
                    stack.tell(name, kind, f"{verb}_COMPLETE")
                stack.becomes(f"{verb}_COMPLETE")

            stack.steps += [no_change, begin, finish]
        self._maybe_at_once(stack)
        return {}

    def _failing(
        self, stack: ScriptedStack, verb: str, failure: Failure, held: Mapping[str, Any]
    ) -> Iterable[Step]:
        rollback = "ROLLBACK" if verb == "CREATE" else "UPDATE_ROLLBACK"

        def fail() -> None:
            if verb == "CREATE":
                stack.template = held["template"]
            kinds = read(held["template"])["Resources"]
            stack.tell(
                "Bystander", "AWS::SNS::Topic", f"{verb}_FAILED", "Resource creation cancelled"
            )
            kind = kinds[failure.resource]["Type"]
            stack.tell(failure.resource, kind, f"{verb}_FAILED", failure.reason)
            stack.becomes(f"{rollback}_IN_PROGRESS", "The following resource(s) failed: […]")

        return [fail, lambda: stack.becomes(failure.ends or f"{rollback}_COMPLETE")]

    def _delete_stack(self, given: Parameters) -> dict[str, Any]:
        name = given["StackName"]
        if name not in self.stacks and all(name != held.stack_id for held in self.stacks.values()):
            return {}
        stack = self._named(name)
        if stack.status == "REVIEW_IN_PROGRESS":
            self._gone(stack)
            return {}
        failure = self.failures.pop(stack.name, None)

        def fail() -> None:
            assert failure is not None
            kind = stack.resources().get(failure.resource, "AWS::EC2::Subnet")
            stack.tell(failure.resource, kind, "DELETE_FAILED", failure.reason)
            stack.becomes("DELETE_FAILED", "The following resource(s) failed to delete: […]")

        stack.steps += [
            no_change,
            lambda: stack.becomes("DELETE_IN_PROGRESS", "User Initiated"),
            fail if failure else lambda: self._gone(stack),
        ]
        self._maybe_at_once(stack)
        return {}

    def _gone(self, stack: ScriptedStack) -> None:
        stack.becomes("DELETE_COMPLETE")
        self.removed.append(self.stacks.pop(stack.name))

    def _maybe_at_once(self, stack: ScriptedStack) -> None:
        while self.instantly and stack.steps:
            stack.steps.pop(0)()


def no_change() -> None:
    """A look that still shows what was before."""


def members(given: Parameters, name: str) -> list[dict[str, str]]:
    """A list of objects out of a form: ``Name.member.1.Key=value``."""
    found: dict[int, dict[str, str]] = {}
    for key, value in given.items():
        if match := re.fullmatch(rf"{name}\.member\.(\d+)\.(\w+)", key):
            found.setdefault(int(match[1]), {})[match[2]] = value
    return [found[number] for number in sorted(found)]
