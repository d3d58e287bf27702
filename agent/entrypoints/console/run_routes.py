"""The API's runs: start one, follow it, stop it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from agent.conversation_table import StoreUnavailable
from agent.entrypoints.console.guard import hold_to, session_of
from agent.entrypoints.console.problems import Problem, not_found
from agent.entrypoints.console.rates import Rate
from agent.entrypoints.console.reading import (
    conversation_of,
    id_field,
    number_of,
    read_object,
    text_field,
)
from agent.entrypoints.console.run_response import RunResponse
from agent.entrypoints.console.runs import Run, Runs, conversation_busy
from agent.errors import ConversationNotFound
from agent.question_text import text_problem
from agent.turns import Question

if TYPE_CHECKING:
    from agent.conversations import Conversations
    from agent.turns import Rep


class RunRoutes:
    """What a rep asks.

    Args:
        runs: where runs live.
        conversations: who owns which.
        rate: how often one rep may ask.
        most_characters: the length of a question.
        heartbeat_seconds: after this long without a frame a stream sends a comment.
    """

    def __init__(
        self,
        runs: Runs,
        conversations: Conversations,
        rate: Rate,
        *,
        most_characters: int,
        heartbeat_seconds: float,
    ) -> None:
        self._runs = runs
        self._conversations = conversations
        self._rate = rate
        self._most_characters = most_characters
        self._heartbeat_seconds = heartbeat_seconds

    @property
    def routes(self) -> list[Route]:
        """Their addresses."""
        runs = "/conversations/{conversation_id}/runs"
        return [
            Route(runs, self._start, methods=["POST"]),
            Route(f"{runs}/{{run_id}}/events", self._events),
            Route(f"{runs}/{{run_id}}/stop", self._stop, methods=["POST"]),
        ]

    async def _start(self, request: Request) -> Response:
        # A sign may take six bytes of JSON.
        body = await read_object(request, most_bytes=6 * self._most_characters + 2000)
        session, conversation_id = session_of(request), conversation_of(request)
        run_id, text = id_field(body, "run_id"), text_field(body, "text")
        replaces = None if body.get("replaces") is None else id_field(body, "replaces")
        run = self._runs.find(session.rep.rep_id, conversation_id, run_id)
        if run is None:
            if problem := text_problem(text, most=self._most_characters):
                raise Problem(400, "bad_question", problem)
            await self._require_free(session.rep, conversation_id)
            hold_to(self._rate, session)
            question = Question(
                rep=session.rep, conversation_id=conversation_id, text=text, replaces=replaces
            )
            run = self._runs.start(question, run_id)
        return RunResponse(run, after=0, heartbeat_seconds=self._heartbeat_seconds)

    async def _require_free(self, rep: Rep, conversation_id: str) -> None:
        """A conversation of the rep's own, or a new one, in which nothing goes on.

        While the table is down a conversation goes on with what this process remembers.
        """
        if self._runs.answering(rep.rep_id, conversation_id):
            raise conversation_busy()
        try:
            head = await self._conversations.head(rep.rep_id, conversation_id)
        except ConversationNotFound:
            raise not_found("conversation") from None
        except StoreUnavailable:
            return
        if head is not None and head.locked:
            raise conversation_busy()

    async def _events(self, request: Request) -> Response:
        return RunResponse(
            self._run_of(request),
            after=number_of(request, "after"),
            heartbeat_seconds=self._heartbeat_seconds,
        )

    async def _stop(self, request: Request) -> Response:
        self._run_of(request).stop.set()
        return Response(status_code=204)

    def _run_of(self, request: Request) -> Run:
        run = self._runs.find(
            session_of(request).rep.rep_id, conversation_of(request), request.path_params["run_id"]
        )
        if run is None:
            raise not_found("run")
        return run
