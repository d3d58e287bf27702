"""What the understudy gives back for one Converse request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

MODEL_ID = "local.understudy"
CHARACTERS_A_TOKEN = 4

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """Content blocks of the assistant's message, why it stopped, and roughly what it took."""

    content: list[Block]
    stop_reason: Literal["tool_use", "end_turn"]
    input_tokens: int
    output_tokens: int


def tokens_of(characters: int) -> int:
    """About how many tokens a text of that length is; at least one."""
    return max(1, characters // CHARACTERS_A_TOKEN)
