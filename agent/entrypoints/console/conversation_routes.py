"""The API's conversations: list, read, rename, delete, export, thumbs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agent.conversation_table import MOST_NUMBER, StoreUnavailable
from agent.entrypoints.console.export import as_json, as_markdown, attachment
from agent.entrypoints.console.guard import session_of
from agent.entrypoints.console.problems import not_found, unavailable
from agent.entrypoints.console.reading import (
    bad_request,
    conversation_of,
    number_of,
    read_object,
    text_field,
)
from agent.entrypoints.console.runs import Run, Runs, conversation_busy
from agent.entrypoints.console.telling import one_line, turn_as_json
from agent.errors import ConversationBusy, ConversationNotFound
from agent.turns import Thumb

if TYPE_CHECKING:
    from agent.conversations import Conversations
    from agent.stored_turns import StoredTurn

_MOST_LISTED = 200
_MOST_TITLE = 120
_MOST_REASON = 1000


class ConversationRoutes:
    """What a rep does with conversations of his own.

    Args:
        conversations: where they are stored.
        runs: what goes on in them.
    """

    def __init__(self, conversations: Conversations, runs: Runs) -> None:
        self._conversations = conversations
        self._runs = runs

    @property
    def routes(self) -> list[Route]:
        """Their addresses."""
        one = "/conversations/{conversation_id}"
        return [
            Route("/conversations", self._list),
            Route(one, self._read, methods=["GET"]),
            Route(one, self._rename, methods=["PATCH"]),
            Route(one, self._delete, methods=["DELETE"]),
            Route(f"{one}/export", self._export),
            Route(f"{one}/turns/{{turn_id}}/thumb", self._rate, methods=["POST"]),
        ]

    async def _list(self, request: Request) -> Response:
        rep_id, find = session_of(request).rep.rep_id, request.query_params.get("find", "")[:200]
        running = self._runs.open_of(rep_id)
        with told():
            found = await self._conversations.list(rep_id, limit=_MOST_LISTED, find=find)
        listed = [
            {
                "id": summary.conversation_id,
                "title": summary.title or _title_of(running.get(summary.conversation_id)),
                "updated_at": summary.updated_at,
                "turns": summary.turns,
                "answering": summary.conversation_id in running,
                "found": summary.found,
            }
            for summary in found
            # Without a turn and a run it is what a process that died has left behind.
            if summary.turns or summary.conversation_id in running
        ]
        known = {summary.conversation_id for summary in found}
        begun = [
            {
                "id": conversation_id,
                "title": _title_of(run),
                "updated_at": run.asked_at,
                "turns": 0,
                "answering": True,
                "found": "",
            }
            for conversation_id, run in reversed(running.items())
            if conversation_id not in known and not find
        ]
        return JSONResponse({"conversations": [*begun, *listed]})

    async def _read(self, request: Request) -> Response:
        rep_id, conversation_id = session_of(request).rep.rep_id, conversation_of(request)
        latest, before = number_of(request, "latest"), number_of(request, "before")
        title, turns, earlier = await self._stored(rep_id, conversation_id, latest, before)
        run = self._runs.answering(rep_id, conversation_id)
        return JSONResponse(
            {
                "id": conversation_id,
                "title": title or _title_of(run),
                "earlier": earlier,
                "turns": [turn_as_json(turn, conversation_id) for turn in turns],
                "run": _run_as_json(run) if run else None,
            }
        )

    async def _stored(
        self, rep_id: str, conversation_id: str, latest: int = 0, before: int = 0
    ) -> tuple[str, list[StoredTurn], int]:
        """Title, turns and how many come before them.

        A conversation whose first answer is still coming has none yet. ``latest`` limits how many
        are read, those that stand before the number ``before`` or at the end.
        """
        running = self._runs.answering(rep_id, conversation_id)
        with told():
            head = await self._conversations.head(rep_id, conversation_id)
            if head is None and running is None:
                raise not_found("conversation")
            if head is None or not head.turns:
                return "", [], 0
            last = min(before - 1, head.turns) if before else head.turns
            first = max(1, last - latest + 1) if latest else 1
            read = self._conversations.transcript(
                rep_id, conversation_id, first=first, last=last if before else MOST_NUMBER
            )
            return head.title, list(await read), first - 1

    async def _rename(self, request: Request) -> Response:
        conversation_id = conversation_of(request)
        title = one_line(text_field(await read_object(request), "title"))
        if not 1 <= len(title) <= _MOST_TITLE:
            raise bad_request(f"A title has 1 to {_MOST_TITLE} characters.")
        with told():
            rep_id = session_of(request).rep.rep_id
            await self._conversations.rename(rep_id, conversation_id, title)
        return Response(status_code=204)

    async def _delete(self, request: Request) -> Response:
        rep_id, conversation_id = session_of(request).rep.rep_id, conversation_of(request)
        if run := self._runs.answering(rep_id, conversation_id):
            await self._runs.stopped(run)
        with told():
            await self._conversations.delete(rep_id, conversation_id)
        return Response(status_code=204)

    async def _export(self, request: Request) -> Response:
        conversation_id = conversation_of(request)
        kind = request.query_params.get("format", "markdown")
        if kind not in ("markdown", "json"):
            raise bad_request('"format" is markdown or json.')
        title, turns, _ = await self._stored(session_of(request).rep.rep_id, conversation_id)
        write = as_json if kind == "json" else as_markdown
        return attachment(write(conversation_id, title, turns), title or conversation_id, kind)

    async def _rate(self, request: Request) -> Response:
        conversation_id, body = conversation_of(request), await read_object(request)
        value, reason = body.get("value"), text_field(body, "reason", default="").strip()
        if value not in ("up", "down", None):
            raise bad_request('"value" is "up", "down" or null.')
        if len(reason) > _MOST_REASON:
            raise bad_request(f"A reason has at most {_MOST_REASON:,} characters.")
        thumb = Thumb(value=value, reason=reason) if value else None
        with told():
            rep_id, turn_id = session_of(request).rep.rep_id, request.path_params["turn_id"]
            await self._conversations.rate(rep_id, conversation_id, turn_id, thumb)
        return Response(status_code=204)


@contextmanager
def told() -> Iterator[None]:
    """Tells the store's errors as the API does.

    Raises:
        Problem: there was one.
    """
    try:
        yield
    except ConversationNotFound:
        raise not_found("conversation") from None
    except ConversationBusy:
        raise conversation_busy() from None
    except StoreUnavailable:
        raise unavailable() from None


def _title_of(run: Run | None) -> str:
    return one_line(run.question.text)[:80] if run else ""


def _run_as_json(run: Run) -> dict[str, Any]:
    return {
        "run_id": run.run_id,
        "question": run.question.text,
        "asked_at": run.asked_at,
        "replaces": run.question.replaces,
    }
