"""Ids of what is being worked on, for every line that is logged meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from types import MappingProxyType

_NOTHING: Mapping[str, str] = MappingProxyType({})
_ids: ContextVar[Mapping[str, str]] = ContextVar("log_ids", default=_NOTHING)


def note_ids(**ids: str) -> None:
    """Names the work of this task from here on; tasks that it starts take the names along."""
    _ids.set({**_ids.get(), **ids})


def noted_ids() -> Mapping[str, str]:
    """The ids of the work that this task does."""
    return _ids.get()
