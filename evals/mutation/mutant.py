"""A mutant: one way in which a desk can be broken, and who is meant to notice it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, get_args

from agent import Settings
from evals.mutation.held_turns import Change
from evals.runner import AskedDesk, OpenStack

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


ChangeTools = Callable[[Sequence[Any]], list[Any]]
WrapDesk = Callable[[AskedDesk], AskedDesk]
WrapStacks = Callable[[OpenStack], OpenStack]


def same_desk(desk: AskedDesk) -> AskedDesk:
    """The desk as it is."""
    return desk


def same_stacks(open_stack: OpenStack) -> OpenStack:
    """The stacks as they are."""
    return open_stack


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
        stacks: sees the stack that the cases are held on.
        change: changes what the rep sees of each turn, when all that is wrong is what is shown.
    """

    id: str
    group: Group
    does: str
    meant_for: tuple[str, ...] = ()
    tools: ChangeTools = field(default=list)
    desk: WrapDesk = field(default=same_desk)
    stacks: WrapStacks = field(default=same_stacks)
    change: Change | None = None

    def settings(self, settings: Settings) -> Settings:
        """No mutant changes where the systems are; see ``evals.runner.Mutation``."""
        return settings
