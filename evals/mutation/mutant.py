"""A mutant: one way in which a desk can be broken, and who is meant to notice it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, get_args

from agent import Question, TurnEvent

Group = Literal["tool", "policy", "context", "answer", "store", "cost", "dumb"]
GROUPS: tuple[Group, ...] = get_args(Group)

Arguments = Mapping[str, Any]
Result = dict[str, Any]
Call = Callable[[Arguments], Awaitable[Result]]


class Tool(Protocol):
    """As much of a tool as a mutant touches: a frozen dataclass with a coroutine to call."""

    @property
    def name(self) -> str:
        """The name that the model uses."""

    @property
    def call(self) -> Call:
        """Runs it."""


class MutableDesk(Protocol):
    """What a mutant wraps: a desk as a run asks it."""

    model_id: str
    stack: str

    @property
    def tools(self) -> Sequence[Any]:
        """The tools that the model is offered."""

    def ask(self, question: Question) -> AsyncGenerator[TurnEvent, None]:
        """The turn events of one question."""


ChangeTools = Callable[[Sequence[Tool]], list[Tool]]
WrapDesk = Callable[[MutableDesk], MutableDesk]


def same_desk(desk: MutableDesk) -> MutableDesk:
    """The desk as it is."""
    return desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One broken desk.

    Attributes:
        id: how reports and ``survivors.yaml`` call it.
        does: what is wrong with it, in one sentence.
        meant_for: the scorers of which at least one must notice it; empty for a desk that measures
            the whole suite.
        tools: replaces the tools that the desk is given.
        desk: wraps the desk.
    """

    id: str
    group: Group
    does: str
    meant_for: tuple[str, ...] = ()
    tools: ChangeTools = field(default=list)
    desk: WrapDesk = field(default=same_desk)

    @property
    def changes_tools(self) -> bool:
        """Whether the desk itself must be opened anew for it."""
        return self.tools is not list
