"""Which trial of which case the running code works for, in whatever task or thread it runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evals.faults.plan import FaultPlan


@dataclass(slots=True)
class Scope:
    """One trial: tasks and threads that its questions start inherit it.

    Attributes:
        faults: what breaks in it.
        troubles: why it cannot be judged, from parts that a turn's events do not show.
    """

    case: str
    trial: int
    faults: FaultPlan | None = None
    troubles: list[str] = field(default_factory=list)


_SCOPE: ContextVar[Scope | None] = ContextVar("evals_scope", default=None)


def current_scope() -> Scope | None:
    """The trial that the caller works for; None outside of every trial."""
    return _SCOPE.get()


@contextmanager
def entered(scope: Scope) -> Iterator[Scope]:
    """Everything started within the context works for this trial."""
    token = _SCOPE.set(scope)
    try:
        yield scope
    finally:
        _SCOPE.reset(token)
