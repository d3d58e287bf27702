"""The texts that an answer may quote: the rep's words and what tools returned."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from evals.record import CaseRecord
from evals.scorers.verdicts import so_far


def spoken(record: CaseRecord, number: int) -> list[str]:
    """What was said by the rep and by tools up to this turn of its conversation."""
    return [
        text
        for turn in so_far(record, number)
        for text in (turn.turn.rep, *(text for call in turn.calls for text in texts(call.data)))
    ]


def returned(record: CaseRecord, number: int) -> list[str]:
    """What tools returned up to this turn of its conversation."""
    return [
        text for turn in so_far(record, number) for call in turn.calls for text in texts(call.data)
    ]


def texts(value: Any) -> Iterator[str]:
    """Every text within a value, and the names of its fields."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield str(name)
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def as_text(arguments: Any) -> str:
    """Arguments as one text, to look for something in them."""
    return json.dumps(arguments, ensure_ascii=False, default=str)
