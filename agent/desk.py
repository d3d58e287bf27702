"""The desk: one question in, turn events out, and the turn stored as one whole or not at all."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from contextvars import Context
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from strands import Agent
from strands.agent.conversation_manager import SlidingWindowConversationManager
from strands.tools.executors import ConcurrentToolExecutor

from agent.acting import acting_for
from agent.answering import TurnResult, finish_turn
from agent.checks import check_systems
from agent.conversations import Conversations
from agent.errors import BadQuestion, InternalFault, TurnError
from agent.interventions import TurnRecord
from agent.model import DeskModel, RetryPolicy, model_error
from agent.observing import Observer
from agent.offering import OfferedTool
from agent.prompting import SystemPrompt, user_content
from agent.question_text import text_problem
from agent.stored_turns import OpenTurn, StoredTurn
from agent.streaming import TurnStream
from agent.system_check import SystemCheck
from agent.systems import Systems
from agent.turns import Failed, Question, Rep, TurnEvent, Usage
from tools.contract import Result, Tool

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one turn may take; ``turn_tokens`` counts input and output of all its model calls."""

    model_calls: int
    tool_calls: int
    turn_tokens: int
    turn_seconds: float
    tool_seconds: float
    question_characters: int


class Desk:
    """Answers reps' questions; one desk serves a process, with many conversations at once.

    Args:
        model: the shared model.
        systems: the tools of every system.
        conversations: where history is kept.
        prompt: the rendered system prompt.
        limits: what one turn may take.
        today: the clock's day; injected so that warranties can be asked about on any day.
        stack: the stack's name, shown to reps.
        observer: sees the turns.
    """

    def __init__(
        self,
        *,
        model: DeskModel,
        systems: Systems,
        conversations: Conversations,
        prompt: SystemPrompt,
        limits: Limits,
        today: Callable[[], date],
        stack: str,
        new_retry_policy: Callable[[], RetryPolicy] = RetryPolicy,
        observer: Observer | None = None,
    ) -> None:
        self.conversations = conversations
        self.stack = stack
        self.model_id: str = model.get_config()["model_id"]
        self._model = model
        self._systems = systems
        self._prompt = prompt
        self._limits = limits
        self._today = today
        self._new_retry_policy = new_retry_policy
        self.observer = observer or Observer()
        self._offered = [
            OfferedTool(tool, seconds=limits.tool_seconds, observer=self.observer)
            for tool in systems.tools
        ]

    @property
    def tools(self) -> list[Tool]:
        """Every tool that the model is offered."""
        return list(self._systems.tools)

    async def call_tool(
        self, name: str, arguments: Mapping[str, Any], *, rep: Rep | None = None
    ) -> Result:
        """Calls one tool as the model would; an unknown name is an ``invalid_input`` error.

        Args:
            name: of the tool.
            arguments: what it is given.
            rep: who wants to know, when it is not the desk itself or its operator.
        """
        with acting_for(rep):
            return await self._systems.call(name, arguments)

    async def check(self) -> list[SystemCheck]:
        """Asks every system whether it answers."""
        return await check_systems(self._systems, self.conversations, self._model)

    async def ask(
        self, question: Question, *, stop: asyncio.Event | None = None
    ) -> AsyncGenerator[TurnEvent, None]:
        """Answers one question.

        Yields turn events and ends with exactly one ``answered`` or ``failed``. Closing the
        iterator early stops the turn and stores nothing of it; setting ``stop`` ends it too, but
        what was said so far is stored and answered, marked as stopped.
        """
        turn_id = uuid.uuid4().hex
        with (
            acting_for(question.rep),
            self.observer.turn(
                conversation_id=question.conversation_id, turn_id=turn_id, model_id=self.model_id
            ) as watch,
        ):
            async with aclosing(self._ask(turn_id, question, stop, watch.context)) as turn:
                async for event in turn:
                    watch.see(event)
                    yield event

    async def _ask(
        self, turn_id: str, question: Question, stop: asyncio.Event | None, context: Context | None
    ) -> AsyncGenerator[TurnEvent, None]:
        try:
            if problem := text_problem(question.text, most=self._limits.question_characters):
                raise BadQuestion(problem)
            async with self.conversations.turn(
                question.rep.rep_id, question.conversation_id, replaces=question.replaces
            ) as opened:
                text = question.text.strip()
                answer = self._answer(turn_id, text, opened, stop, context)
                async with aclosing(answer) as turn:
                    async for event in turn:
                        yield event
        except TurnError as failure:
            yield Failed(code=failure.code, message=str(failure), retryable=failure.retryable)

    async def _answer(
        self,
        turn_id: str,
        text: str,
        opened: OpenTurn,
        stop: asyncio.Event | None,
        context: Context | None,
    ) -> AsyncGenerator[TurnEvent, None]:
        stream = TurnStream()
        record = TurnRecord(
            stream.emit, system_of=self._system_of, max_tool_calls=self._limits.tool_calls
        )
        agent = self._new_agent(opened, record)
        try:
            async for event in stream.run(
                agent,
                user_content(text, self._today()),
                limits={
                    "turns": self._limits.model_calls,
                    "total_tokens": self._limits.turn_tokens,
                },
                seconds=self._limits.turn_seconds,
                stop=stop,
                context=context,
            ):
                yield event
        finally:
            await stream.stop()
        result = finish_turn(stream, record, self._fault_of(stream.fault, turn_id))
        for event in result.events:
            yield event
        usage = result.usage(agent.event_loop_metrics.accumulated_usage)
        turn = self._stored(turn_id, text, result, usage)
        saved = await self.conversations.save(opened, turn)
        for event in result.closing(turn, opened.conversation_id, saved=saved):
            yield event

    def _new_agent(self, opened: OpenTurn, record: TurnRecord) -> Agent:
        return Agent(
            model=self._model,
            messages=list(opened.history),
            tools=list(self._offered),
            system_prompt=self._prompt.text,
            callback_handler=None,
            # History is trimmed by whole turns when it is loaded; this only cuts on an overflow.
            conversation_manager=SlidingWindowConversationManager(window_size=100_000),
            agent_id=opened.conversation_id,
            name="deskhand",
            hooks=[record],
            retry_strategy=self._new_retry_policy(),
            tool_executor=ConcurrentToolExecutor(),
            load_tools_from_directory=False,
        )

    def _system_of(self, tool_name: str) -> str:
        tool = self._systems.find(tool_name)
        return tool.system if tool else "local"

    def _fault_of(self, fault: BaseException | None, turn_id: str) -> TurnError | None:
        if fault is None or isinstance(fault, TurnError):
            return fault
        if known := model_error(fault):
            logger.warning(
                "turn=<%s>, error=<%s> | the model failed the turn", turn_id, type(fault).__name__
            )
            return known
        logger.error("turn=<%s> | the turn failed", turn_id, exc_info=fault)
        return InternalFault(
            f"Something went wrong on our side. Please ask again. (Turn {turn_id[:8]})"
        )

    def _stored(self, turn_id: str, text: str, result: TurnResult, usage: Usage) -> StoredTurn:
        return StoredTurn(
            turn_id=turn_id,
            question=text,
            answer=result.answer,
            outcome=result.outcome,
            at=datetime.now(UTC).isoformat(timespec="seconds"),
            messages=result.messages(user_content(text, self._today())),
            calls=tuple(result.record.tool_calls),
            unavailable=tuple(result.record.unavailable),
            usage=usage,
            model_id=self.model_id,
            prompt_hash=self._prompt.content_hash,
            stopped=result.stopped,
        )
