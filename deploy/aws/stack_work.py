"""Works on one stack: looks at it, changes it by a change set, removes it, waits within limits."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import Any

from botocore.exceptions import ClientError

from deploy.aws.events import Event, advice_for, explanation, last_operation, newest_first
from deploy.aws.failures import DeployError, code_of, text_of
from deploy.aws.stack_state import GOOD, NEVER_MADE, Change, Found, Limits, ResourceChange
from deploy.aws.templates import Stack

Tell = Callable[[str], None]

_NO_CHANGE = ("didn't contain changes", "No updates are to be performed")
_FIRST_EVENT_SECONDS = 60.0
_BUSY = frozenset({"InvalidChangeSetStatus", "OperationInProgressException"})


@dataclass(frozen=True, slots=True)
class StackWork:
    """CloudFormation, one stack at a time.

    Attributes:
        client: of CloudFormation.
        tell: hears what happens.
        limits: how long to wait.
        pause: waits so many seconds.
        clock: seconds that only grow.
    """

    client: Any
    tell: Tell
    limits: Limits = field(default_factory=Limits)
    pause: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic

    def find(self, name: str) -> Found | None:
        """The stack of that name or id; None when there is none, or none any more."""
        try:
            (told,) = self.client.describe_stacks(StackName=name)["Stacks"]
        except ClientError as answer:
            if code_of(answer) == "ValidationError" and "does not exist" in text_of(answer):
                return None
            raise
        if told["StackStatus"] == "DELETE_COMPLETE":
            return None
        return Found(
            name=told["StackName"],
            stack_id=told["StackId"],
            status=told["StackStatus"],
            parameters=frozenset(given["ParameterKey"] for given in told.get("Parameters", [])),
            outputs={made["OutputKey"]: made["OutputValue"] for made in told.get("Outputs", [])},
        )

    def settled(self, name: str) -> Found | None:
        """The stack when nobody works on it any more: an interrupted deployment is waited for."""
        found = self.find(name)
        if found is None or not found.working:
            return found
        self.tell(f"{name}: an operation is running ({found.status}); waiting for its end.")
        return self._wait(found, self._newest(found.stack_id), begun=True)

    def prepare(
        self,
        stack: Stack,
        name: str,
        found: Found | None,
        parameters: Mapping[str, str],
        tags: Mapping[str, str],
    ) -> Change | None:
        """A change set from what is to what shall be; None when that is the same.

        Args:
            stack: whose template it is.
            name: of the stack in AWS.
            found: as it is now.
            parameters: values; those that are not given stay as they are.
            tags: for all that the stack makes.

        Raises:
            DeployError: CloudFormation cannot make it.
        """
        creates = found is None or found.status == NEVER_MADE
        kept = found.parameters if found and not creates else frozenset()
        known = stack.parameters()
        values: list[dict[str, Any]] = [
            {"ParameterKey": key, "ParameterValue": parameters[key]}
            for key in known
            if key in parameters
        ]
        values += [
            {"ParameterKey": key, "UsePreviousValue": True}
            for key in known
            if key in kept and key not in parameters
        ]
        change_set = f"deskhand-{uuid.uuid4().hex[:12]}"
        with _one_at_a_time(name):
            made = self.client.create_change_set(
                StackName=name,
                ChangeSetName=change_set,
                ClientToken=change_set,  # asked again after a lost answer, it is the same one
                ChangeSetType="CREATE" if creates else "UPDATE",
                TemplateBody=stack.template(),
                Parameters=values,
                Capabilities=["CAPABILITY_IAM"] if stack.roles else [],
                Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
                **({"ImportExistingResources": True} if stack.keeps else {}),
            )
        change = Change(name, made["StackId"], made["Id"], creates)
        return self._examined(change)

    def execute(self, change: Change) -> Found:
        """Does what a change set says, and waits until it is done.

        Raises:
            DeployError: it failed, or takes longer than the limit.
        """
        marker = self._newest(change.stack_id)
        with _one_at_a_time(change.stack):
            self.client.execute_change_set(
                StackName=change.stack_id,
                ChangeSetName=change.change_set,
                ClientRequestToken=uuid.uuid4().hex,
            )
        found = self._wait_for(change.stack, change.stack_id, marker)
        if found is None or found.status not in GOOD:
            raise self.failure(change.stack, change.stack_id, found, creates=change.creates)
        return found

    def drop(self, change: Change) -> None:
        """Throws a change set away, and the empty stack that was made for it."""
        if change.creates:
            self.client.delete_stack(StackName=change.stack_id)
        else:
            self.client.delete_change_set(
                StackName=change.stack_id, ChangeSetName=change.change_set
            )

    def remove(self, found: Found) -> None:
        """Removes a stack, and waits until it is gone.

        Raises:
            DeployError: something in it cannot be removed.
        """
        marker = self._newest(found.stack_id)
        with _one_at_a_time(found.name):
            self.client.delete_stack(StackName=found.name)
        left = self._wait_for(found.name, found.stack_id, marker)
        if left is not None:
            raise self.failure(found.name, found.stack_id, left, creates=False)

    def failure(
        self, name: str, stack_id: str, found: Found | None, *, creates: bool
    ) -> DeployError:
        """Why the last operation on a stack failed, and what to do."""
        status = found.status if found else "gone"
        happened = {
            "DELETE_FAILED": "could not be removed",
            "UPDATE_ROLLBACK_COMPLETE": "could not be changed, and is as it was before",
            "UPDATE_ROLLBACK_FAILED": "could not be changed, and could not be taken back either",
        }.get(status, "could not be made" if creates else "could not be brought to its new state")
        events = last_operation(newest_first(self.client, stack_id))
        why = explanation(events) or "  CloudFormation gives no reason."
        return DeployError(
            "stack_failed",
            f"The stack {name} {happened} ({status}).\n{why}\n"
            "When that is done, run the same command again; it goes on where it stopped.",
        )

    def _examined(self, change: Change) -> Change | None:
        limit = self.clock() + self.limits.change_set
        for seconds in self._pauses():
            told = self.client.describe_change_set(
                StackName=change.stack_id, ChangeSetName=change.change_set
            )
            if told["Status"] in ("CREATE_COMPLETE", "FAILED"):
                break
            if self.clock() >= limit:
                raise _too_long(change.stack, "CloudFormation is still comparing")
            self.pause(seconds)
        if told["Status"] == "FAILED":
            self.drop(change)
            reason = told.get("StatusReason", "no reason is given")
            if any(words in reason for words in _NO_CHANGE):
                return None
            raise DeployError(
                "stack_failed",
                f"CloudFormation does not take the stack {change.stack}: {reason}\n"
                f"  {advice_for(reason)}",
            )
        pages = self.client.get_paginator("describe_change_set").paginate(
            StackName=change.stack_id, ChangeSetName=change.change_set
        )
        changes = [ResourceChange.of(held) for page in pages for held in page.get("Changes", [])]
        return replace(change, changes=tuple(changes))

    def _newest(self, stack_id: str) -> str:
        return next((event.event_id for event in newest_first(self.client, stack_id)), "")

    def _wait_for(self, name: str, stack_id: str, marker: str) -> Found | None:
        begun = Found(name, stack_id, "", frozenset(), {})
        return self._wait(begun, marker, begun=False)

    def _wait(self, found: Found, marker: str, *, begun: bool) -> Found | None:
        """The stack after the operation that runs; None when it is gone.

        A stack keeps its old status for a moment after an operation was asked for. So its status
        counts from its first new event on, and events are read before it.
        """
        start = self.clock()
        for seconds in self._pauses():
            marker, began = self._tell_news(found, marker)
            begun = begun or began
            current = self.find(found.stack_id)
            waited = self.clock() - start
            ended = current is None or not current.working
            if ended and (begun or current is None or waited > _FIRST_EVENT_SECONDS):
                self._tell_news(found, marker)
                return current
            if waited >= self.limits.operation:
                status = current.status if current else "gone"
                raise _too_long(found.name, f"AWS is still at work ({status})")
            self.pause(seconds)
        raise AssertionError("unreachable: the pauses never end")

    def _tell_news(self, found: Found, marker: str) -> tuple[str, bool]:
        """Tells what is new; returns the newest event, and whether any is about the stack."""
        news = self._since(found.stack_id, marker)
        for event in news:
            if line := event.line():
                self.tell(f"{found.name}: {line}")
        return news[-1].event_id if news else marker, any(event.about_stack for event in news)

    def _since(self, stack_id: str, marker: str) -> list[Event]:
        try:
            events = newest_first(self.client, stack_id)
            return list(takewhile(lambda event: event.event_id != marker, events))[::-1]
        except ClientError as answer:
            if "does not exist" in text_of(answer):
                return []  # gone, with its history
            raise

    def _pauses(self) -> Iterator[float]:
        seconds = self.limits.first_pause
        while True:
            yield seconds
            seconds = min(seconds * 1.5, self.limits.longest_pause)


@contextmanager
def _one_at_a_time(name: str) -> Iterator[None]:
    """Says in words that somebody else is at work on the stack, or that it is held."""
    try:
        yield
    except ClientError as answer:
        said = text_of(answer)
        if code_of(answer) in _BUSY or re.search(r"_IN_PROGRESS state", said):
            raise DeployError(
                "busy",
                f"Somebody else is changing the stack {name} at this moment. Run the same command"
                " again when that is done.",
            ) from None
        if "TerminationProtection" in said:
            raise DeployError(
                "stuck",
                f"The stack {name} has termination protection. Switch it off if it must go: aws"
                f" cloudformation update-termination-protection --no-enable-termination-protection"
                f" --stack-name {name}",
            ) from None
        raise


def _too_long(name: str, what: str) -> DeployError:
    return DeployError(
        "timeout",
        f"{name}: {what}, longer than this command waits. Nothing is lost: run the same command"
        " again to go on waiting.",
    )
