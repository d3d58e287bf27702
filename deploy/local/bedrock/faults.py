"""What each fault of a script does to a reply and to its stream."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any

from deploy.local.bedrock.frames import (
    Reply,
    StreamEvent,
    closing,
    content_events,
    corrupted,
    event_frame,
    exception_frame,
    opening,
    text_pieces,
)
from deploy.local.bedrock.script import ScriptedReply, Step
from deploy.local.bedrock.validation import TOO_LONG

SHORTEST_PAUSE = 0.003
BREAKING = frozenset({"stream_exception", "cut", "silent_end", "corrupt_frame"})
GUARDRAIL_TEXT = "Sorry, this cannot be answered here."

ERRORS: Mapping[str, tuple[str, int, str]] = {
    "throttle": ("ThrottlingException", 429, "Too many requests, please wait before trying again."),
    "server_error": ("InternalServerException", 500, "The system encountered an unexpected error."),
    "unavailable": (
        "ServiceUnavailableException",
        503,
        "Bedrock is unable to process your request.",
    ),
    "access_denied": ("AccessDeniedException", 403, "You don't have access to the model."),
    "model_timeout": (
        "ModelTimeoutException",
        408,
        "Model has timed out in processing the request.",
    ),
    "too_long": ("ValidationException", 400, TOO_LONG),
}


class ConnectionCut(Exception):
    """The stream must break here, as when the network does."""


def prepared(step: Step, reply: Reply) -> Reply:
    """The reply as this step's fault leaves it."""
    scripted = ScriptedReply(
        reply.content, reply.stop_reason, reply.input_tokens, reply.output_tokens
    )
    if step.fault == "guardrail":
        return replace(
            scripted, content=[{"text": GUARDRAIL_TEXT}], stop_reason="guardrail_intervened"
        )
    if step.fault == "empty":
        return replace(scripted, content=[], stop_reason="end_turn")
    if step.fault == "tool_use_without_tool":
        text = [block for block in reply.content if "text" in block]
        return replace(scripted, content=text or [{"text": "Let me look."}], stop_reason="tool_use")
    if step.fault == "max_tokens":
        return replace(scripted, content=_cut(reply, step.after), stop_reason="max_tokens")
    if step.fault == "malformed_tool_input":
        return replace(scripted, content=[_malformed(block) for block in reply.content])
    return reply


async def stream(step: Step, reply: Reply, *, started: float, pace: float) -> AsyncIterator[bytes]:
    """The frames of a reply, with what this step's fault does to them on the way.

    Raises:
        ConnectionCut: the connection must be closed without an end of the stream.
    """
    yield event_frame(*opening())
    sent, due = 0, time.monotonic()
    for event in content_events(reply):
        if sent == step.after and step.fault == "stall":
            await asyncio.sleep(step.seconds)
        if sent >= step.after and step.fault in BREAKING:
            break
        yield event_frame(*event)
        if _is_piece(event):
            sent += 1
            due += pace if "text" in event[1]["delta"] else 0
            early = due - time.monotonic()
            # A timer takes a millisecond whatever it is asked for, so short pauses are saved up.
            await asyncio.sleep(early if early > SHORTEST_PAUSE else 0)
    if step.fault == "cut":
        raise ConnectionCut
    if step.fault == "stream_exception":
        yield exception_frame(step.exception, "The model has failed in the middle of its answer.")
    elif step.fault == "corrupt_frame":
        yield corrupted(event_frame(*opening()))
    elif step.fault != "silent_end":
        for event in closing(reply, milliseconds=round((time.monotonic() - started) * 1000)):
            yield event_frame(*event)


def _is_piece(event: StreamEvent) -> bool:
    return event[0] == "contentBlockDelta"


def _cut(reply: Reply, pieces: int) -> list[Mapping[str, Any]]:
    """The first pieces of the reply's text; a tool's input is left half written."""
    kept: list[Mapping[str, Any]] = []
    for block in reply.content:
        if "text" in block and pieces > 0:
            said = text_pieces(block["text"])[:pieces]
            pieces -= len(said)
            kept.append({"text": "".join(said)})
        elif "toolUse" in block:
            kept.append(_malformed(block))
    return kept


def _malformed(block: Mapping[str, Any]) -> Mapping[str, Any]:
    if "toolUse" not in block:
        return block
    return {"toolUse": {**block["toolUse"], "input": '{"customer_id": "CUS'}}
