"""Cursors say where a list of reviews goes on; a changed one, or another list's, is refused."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tools.contract import ToolFailure

MAX_LENGTH = 1000
_DIGEST_BYTES = 12

Position = tuple[str, str]  # created_at and review_id of the last review that was shown


@dataclass(frozen=True, slots=True)
class Place:
    """Where a list stands: for each of its queries None (not begun), a position, or "end"."""

    positions: tuple[Position | str | None, ...]
    total: int | None


END = "end"


def write(place: Place, arguments: Mapping[str, Any]) -> str:
    """The cursor of a place in the list that these arguments ask for."""
    state = _compact({"positions": place.positions, "total": place.total})
    return base64.urlsafe_b64encode(_digest(state, arguments) + state).decode()


def read(cursor: str, arguments: Mapping[str, Any], *, queries: int) -> Place:
    """The place that a cursor stands for.

    A digest over state and arguments finds slips and mix-ups. It is no secret and need not be: a
    cursor leads only to reviews that its own arguments ask for.

    Raises:
        ToolFailure: the cursor was not made for these arguments.
    """
    try:
        raw = base64.b64decode(cursor, altchars=b"-_", validate=True)
        digest, state = raw[:_DIGEST_BYTES], raw[_DIGEST_BYTES:]
        if digest != _digest(state, arguments):
            raise ValueError
        held = json.loads(state)
        place = Place(tuple(map(_position, held["positions"])), held["total"])
        # Two spellings of one byte string would be two cursors of one place.
        if len(place.positions) != queries or write(place, arguments) != cursor:
            raise ValueError
    except (ValueError, TypeError, KeyError, binascii.Error):
        raise ToolFailure(
            "invalid_input",
            "cursor: not one that this list gave; repeat the call without it to begin again",
        ) from None
    return place


def _position(held: Any) -> Position | str | None:
    if isinstance(held, list):
        created_at, review_id = map(str, held)
        return created_at, review_id
    if held is None:
        return None
    if held == END:
        return END
    raise ValueError


def _digest(state: bytes, arguments: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(_compact(dict(sorted(arguments.items()))) + state).digest()[
        :_DIGEST_BYTES
    ]


def _compact(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
