"""Lets a test say how the local Bedrock behaves: its replies, and each way in which it fails."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from typing import Any, Literal, get_args

FaultName = Literal[
    "throttle",  # ThrottlingException, 429
    "server_error",  # InternalServerException, 500
    "unavailable",  # ServiceUnavailableException, 503
    "access_denied",  # AccessDeniedException, 403
    "model_timeout",  # ModelTimeoutException, 408
    "too_long",  # ValidationException about the context window, 400
    "slow",  # a good answer, late: see Step.seconds
    "stall",  # `after` pieces, then nothing for `seconds`, then the rest
    "stream_exception",  # `after` pieces, then the exception frame `exception`
    "cut",  # `after` pieces, then the connection breaks
    "silent_end",  # `after` pieces, then the stream ends without messageStop
    "corrupt_frame",  # `after` pieces, then a frame whose checksum is wrong
    "tool_use_without_tool",  # text only, yet the stop reason tool_use
    "malformed_tool_input",  # a tool's input that is no JSON
    "max_tokens",  # `after` pieces, then the stop reason max_tokens
    "guardrail",  # a guardrail's text in place of the answer
    "empty",  # end_turn with no content at all
]


@dataclass(frozen=True, slots=True)
class ScriptedReply:
    """A reply written by a test."""

    content: Sequence[Mapping[str, Any]]
    stop_reason: str = "end_turn"
    input_tokens: int = 10
    output_tokens: int = 5


@dataclass(frozen=True, slots=True)
class Step:
    """How one request is served: by this reply or the responder, with this fault or with none.

    Args:
        fault: what goes wrong.
        reply: what is answered in place of the responder.
        after: pieces of content that are streamed before the fault.
        seconds: wait before the first byte; with ``stall``, in the middle of the stream.
        exception: name of the exception frame of ``stream_exception``.
    """

    fault: FaultName | None = None
    reply: ScriptedReply | None = None
    after: int = 0
    seconds: float = 0.0
    exception: str = "modelStreamErrorException"

    def __post_init__(self) -> None:
        if self.fault is not None and self.fault not in get_args(FaultName):
            raise ValueError(
                f"{self.fault!r} is no fault of ours; there are {', '.join(get_args(FaultName))}"
            )

    @classmethod
    def from_json(cls, step: Mapping[str, Any]) -> Step:
        """A step as it is sent to the control address.

        Raises:
            ValueError: a key or a fault that does not exist.
        """
        unknown = set(step) - {item.name for item in fields(cls)}
        if unknown:
            raise ValueError(f"a step has no {', '.join(sorted(unknown))}")
        reply = step.get("reply")
        return cls(**{**step, "reply": None if reply is None else ScriptedReply(**reply)})


def say(text: str) -> Step:
    """A step that answers with this text."""
    return Step(reply=ScriptedReply([{"text": text}]))


def use(*calls: tuple[str, Mapping[str, Any]], text: str = "") -> Step:
    """A step that asks for these tools, all in one round."""
    said: list[Mapping[str, Any]] = [{"text": text}] if text else []
    asked = [
        {"toolUse": {"toolUseId": f"tooluse_{at}_{name}", "name": name, "input": dict(given)}}
        for at, (name, given) in enumerate(calls)
    ]
    return Step(reply=ScriptedReply([*said, *asked], stop_reason="tool_use"))


def throttled(times: int) -> list[Step]:
    """Steps that refuse as many requests as Bedrock does when it is asked too often."""
    return [Step(fault="throttle")] * times


@dataclass(slots=True)
class Script:
    """The steps that are left, and what was counted."""

    steps: deque[Step] = field(default_factory=deque)
    requests: int = 0
    in_flight: int = 0
    most_in_flight: int = 0
    bodies: deque[Mapping[str, Any]] = field(default_factory=lambda: deque(maxlen=64))

    def replace(self, steps: Iterable[Step]) -> None:
        """Forget the steps that are left, and take these."""
        self.steps.clear()
        self.steps.extend(steps)

    def next_step(self) -> Step | None:
        """The step for the request that has just come, or ``None`` when no step is left."""
        return self.steps.popleft() if self.steps else None

    def clear(self) -> None:
        """Forget steps and counts; requests in flight stay counted."""
        self.steps.clear()
        self.bodies.clear()
        self.requests = 0
        self.most_in_flight = self.in_flight

    @contextmanager
    def flight(self, body: Mapping[str, Any]) -> Iterator[None]:
        """Count one request from its arrival to the last byte of its answer."""
        self.requests += 1
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        self.bodies.append(body)
        try:
            yield
        finally:
            self.in_flight -= 1

    async def wait_until_idle(self) -> None:
        """Return when no request is in flight; the caller bounds the wait."""
        while self.in_flight:
            await asyncio.sleep(0.005)

    def counts(self) -> dict[str, Any]:
        """What was counted, for the control address."""
        return {
            "requests": self.requests,
            "in_flight": self.in_flight,
            "most_in_flight": self.most_in_flight,
            "steps_left": len(self.steps),
            "last_body": self.bodies[-1] if self.bodies else None,
        }
