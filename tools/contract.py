"""The contract every tool keeps: data comes back, or one short typed error.

Standard library only, because the Lambda handlers of the gateway share it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

System = Literal["aurora", "catalog", "warranty", "profile", "local"]
ErrorKind = Literal["invalid_input", "refused", "unavailable", "timeout", "busy", "internal"]

SYSTEMS: tuple[System, ...] = get_args(System)
ERROR_KINDS: tuple[ErrorKind, ...] = get_args(ErrorKind)

Result = dict[str, Any]


class ToolFailure(Exception):
    """A tool call that cannot give data, said in one sentence that the model may read.

    Args:
        kind: ``invalid_input`` (the call must change), ``refused`` (not allowed, final),
            ``unavailable``, ``timeout`` or ``busy`` (the system did not answer), ``internal``.
        message: one plain sentence; never a driver's text, an SQL text or a stored value.
        retryable: whether the same call may succeed later.
    """

    def __init__(self, kind: ErrorKind, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.kind: ErrorKind = kind
        self.message = message
        self.retryable = retryable

    def result(self) -> Result:
        """The failure as the tool result that the model reads."""
        return error(self.kind, self.message, retryable=self.retryable)


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool as the model is offered it, and the coroutine that runs it.

    ``call`` takes the model's arguments unchecked and returns data or an ``error`` result; it
    raises only for a fault of our own code.
    """

    name: str
    system: System
    description: str
    input_schema: Mapping[str, Any]
    call: Callable[[Mapping[str, Any]], Awaitable[Result]]


def error(kind: ErrorKind, message: str, *, retryable: bool = False) -> Result:
    """An error result: ``{"error": {"kind", "message", "retryable"}}``."""
    return {"error": {"kind": kind, "message": message, "retryable": retryable}}
