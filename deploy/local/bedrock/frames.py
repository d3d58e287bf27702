"""The binary frames of ``application/vnd.amazon.eventstream``, and a reply cut into them."""

from __future__ import annotations

import json
import re
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

MEDIA_TYPE = "application/vnd.amazon.eventstream"
STRING_HEADER = b"\x07"
TOOL_INPUT_PIECE = 12

# About what one token of a real model carries: a short run of letters or of signs.
_PIECE = re.compile(r"\s*(?:\w{1,12}|[^\w\s]{1,4})|\s+")

StreamEvent = tuple[str, Mapping[str, Any]]


class Reply(Protocol):
    """A finished model answer: Converse content blocks, why it stopped, what it counted."""

    @property
    def content(self) -> Sequence[Mapping[str, Any]]:
        """Content blocks, each with the key ``text`` or ``toolUse``."""

    @property
    def stop_reason(self) -> str:
        """Converse's stop reason, as ``end_turn`` or ``tool_use``."""

    @property
    def input_tokens(self) -> int:
        """Tokens of the request."""

    @property
    def output_tokens(self) -> int:
        """Tokens of this answer."""


def event_frame(name: str, body: Mapping[str, Any]) -> bytes:
    """One event of a response stream."""
    return _frame(
        {":event-type": name, ":content-type": "application/json", ":message-type": "event"}, body
    )


def exception_frame(name: str, message: str) -> bytes:
    """An exception in the middle of a stream, as ``throttlingException``."""
    headers = {
        ":exception-type": name,
        ":content-type": "application/json",
        ":message-type": "exception",
    }
    return _frame(headers, {"message": message})


def corrupted(frame: bytes) -> bytes:
    """The frame with one bit of its last checksum turned over."""
    return frame[:-1] + bytes([frame[-1] ^ 1])


def _frame(headers: Mapping[str, str], body: Mapping[str, Any]) -> bytes:
    """Lengths, their checksum, headers, payload, checksum of all before."""
    payload = json.dumps(body, separators=(",", ":")).encode()
    head = b"".join(
        bytes([len(name)])
        + name.encode()
        + STRING_HEADER
        + struct.pack(">H", len(value))
        + value.encode()
        for name, value in headers.items()
    )
    prelude = struct.pack(">II", 16 + len(head) + len(payload), len(head))
    message = prelude + struct.pack(">I", zlib.crc32(prelude)) + head + payload
    return message + struct.pack(">I", zlib.crc32(message))


def opening() -> StreamEvent:
    """The event that every stream begins with."""
    return "messageStart", {"role": "assistant"}


def content_events(reply: Reply) -> Iterator[StreamEvent]:
    """The reply's content blocks in small pieces, as ConverseStream sends them."""
    for index, block in enumerate(reply.content):
        if tool := block.get("toolUse"):
            start = {"toolUse": {"toolUseId": tool["toolUseId"], "name": tool["name"]}}
            yield "contentBlockStart", {"contentBlockIndex": index, "start": start}
            for piece in input_pieces(tool["input"]):
                yield (
                    "contentBlockDelta",
                    {"contentBlockIndex": index, "delta": {"toolUse": {"input": piece}}},
                )
        else:
            for piece in text_pieces(block["text"]):
                yield "contentBlockDelta", {"contentBlockIndex": index, "delta": {"text": piece}}
        yield "contentBlockStop", {"contentBlockIndex": index}


def closing(reply: Reply, *, milliseconds: int) -> Iterator[StreamEvent]:
    """The events that end a whole stream: why it stopped, and what it counted."""
    yield "messageStop", {"stopReason": reply.stop_reason}
    yield "metadata", {"usage": usage(reply), "metrics": {"latencyMs": milliseconds}}


def usage(reply: Reply) -> dict[str, int]:
    """Converse's token counts."""
    return {
        "inputTokens": reply.input_tokens,
        "outputTokens": reply.output_tokens,
        "totalTokens": reply.input_tokens + reply.output_tokens,
    }


def text_pieces(text: str) -> list[str]:
    """The text in word-sized pieces; joined, they are the text again."""
    return _PIECE.findall(text)


def input_pieces(tool_input: object) -> list[str]:
    """A tool's input as JSON text in several parts, cut wherever it falls."""
    text = tool_input if isinstance(tool_input, str) else json.dumps(tool_input, ensure_ascii=False)
    return [text[at : at + TOOL_INPUT_PIECE] for at in range(0, len(text), TOOL_INPUT_PIECE)]
