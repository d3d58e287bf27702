"""Fakes for tests of the desk: systems and a store in memory; the Converse wire is real."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from datetime import date
from functools import cache
from typing import Any, cast

import boto3

from agent import Answer, Answered, Desk, Failed, Question, Rep, ToolFinished, TurnEvent
from agent.conversations import Conversations
from agent.desk import Limits
from agent.errors import ConversationBusy
from agent.model import DeskModel, RetryPolicy, open_model
from agent.observing import Observer
from agent.prompting import SystemPrompt
from agent.stored_turns import OpenTurn, StoredTurn
from agent.systems import Systems
from tools.aurora.database import Database
from tools.contract import Result, System, Tool

Call = Callable[[Mapping[str, Any]], Awaitable[Result]]
TODAY = date(2026, 1, 15)
BOB = {"customers": [{"customer_id": "CUST003", "first_name": "Bob"}], "total": 1}
ANSWER = "Bob is **CUST003** (aurora).\n<outcome>answered</outcome>"
FIND = ("find_customers", {"query": "CUST003"})
PROFILE = ("profile___get_customer_profile", {"customer_id": "CUST003"})
SCHEMA = {"type": "object", "properties": {"customer_id": {"type": "string"}}}


class NoDatabase:
    """Stands where the database would: these systems never ask it."""


class MemoryConversations(Conversations):
    """A fake store: keeps whole turns in memory; ``saving`` may be set to fail."""

    def __init__(self) -> None:
        super().__init__(None, "memory", lease_seconds=60)
        self.turns: dict[str, list[StoredTurn]] = {}
        self.locked: set[str] = set()
        self.saving = True

    @asynccontextmanager
    async def turn(
        self, rep_id: str, conversation_id: str, *, replaces: str | None = None
    ) -> AsyncIterator[OpenTurn]:
        """The turn's history, under a lock that refuses a second taker."""
        if conversation_id in self.locked:
            raise ConversationBusy("This conversation is still answering another question.")
        self.locked.add(conversation_id)
        earlier = self.turns.get(conversation_id, [])
        history = [message for turn in earlier for message in turn.messages]
        try:
            yield OpenTurn(conversation_id, rep_id, "owner", True, len(earlier), 1, history)
        finally:
            self.locked.discard(conversation_id)

    async def save(self, opened: OpenTurn, turn: StoredTurn) -> bool:
        """Keeps the turn, unless saving fails."""
        if self.saving:
            self.turns.setdefault(opened.conversation_id, []).append(turn)
        return self.saving


def fake_tool(name: str, result: Result | Call, system: System = "aurora") -> Tool:
    """A tool that gives this result, or does what the function does."""

    async def give(arguments: Mapping[str, Any]) -> Result:
        return cast("Result", result)

    call: Call = result if callable(result) else give
    return Tool(name, system, f"Asks {system}.", SCHEMA, call)


def fake_systems(*tools: Tool) -> Systems:
    """Systems of these tools alone."""
    return Systems(tools, servers={}, database=cast("Database", NoDatabase()), tool_seconds=5)


@cache
def _boto_session() -> boto3.Session:
    """One for all tests: a new one reads the description of every service again."""
    return boto3.Session(
        region_name="us-west-2", aws_access_key_id="local", aws_secret_access_key="local"
    )


def model_at(url: str, *, idle_seconds: float = 5) -> DeskModel:
    """The product's own model, talking to a scripted endpoint."""
    return open_model(
        _boto_session(),
        model_id="local.understudy",
        endpoint_url=url,
        max_output_tokens=500,
        max_streams=32,
        idle_seconds=idle_seconds,
    )


def new_desk(
    url: str,
    *tools: Tool,
    conversations: MemoryConversations | None = None,
    turn_seconds: float = 10,
    tool_seconds: float = 2,
    model_calls: int = 8,
    tool_calls: int = 12,
    turn_tokens: int = 200_000,
    idle_seconds: float = 5,
    observer: Observer | None = None,
) -> Desk:
    """A desk over a scripted model and these tools; tries follow each other at once."""
    model = model_at(url, idle_seconds=idle_seconds)
    model.observer = observer or Observer()
    return Desk(
        model=model,
        systems=fake_systems(*tools),
        conversations=conversations or MemoryConversations(),
        prompt=SystemPrompt("You are a desk under test.", "hash"),
        limits=Limits(model_calls, tool_calls, turn_tokens, turn_seconds, tool_seconds, 8000),
        today=lambda: TODAY,
        stack="test",
        new_retry_policy=lambda: RetryPolicy(base_seconds=0, most_seconds=0),
        observer=observer,
    )


def question(text: str = "Who is CUST003?", conversation: str = "c1") -> Question:
    """A question of the rep under test."""
    return Question(rep=Rep(rep_id="rep-1"), conversation_id=conversation, text=text)


async def events_of(desk: Desk, asked: Question | None = None) -> list[TurnEvent]:
    """Every event of one turn, within a limit."""
    async with asyncio.timeout(20), aclosing(desk.ask(asked or question())) as stream:
        return [event async for event in stream]


def shown(events: Sequence[TurnEvent]) -> str:
    """The text that stands on the screen at the end: resets throw away what was before them."""
    text = ""
    for event in events:
        if event.type == "text_delta":
            text += event.text
        elif event.type == "reset":
            text = ""
    return text


def answer_of(events: Sequence[TurnEvent]) -> Answer:
    """The answer that the turn ended with."""
    last = events[-1]
    assert isinstance(last, Answered), f"the turn ended with {last}"
    return last.answer


def failure_of(events: Sequence[TurnEvent]) -> Failed:
    """The failure that the turn ended with."""
    last = events[-1]
    assert isinstance(last, Failed), f"the turn ended with {last}"
    return last


def errors_of(events: Sequence[TurnEvent]) -> list[str]:
    """The kinds of the tool errors of a turn, in the order in which they came."""
    finished = [event for event in events if isinstance(event, ToolFinished)]
    return [event.error for event in finished if event.error]
