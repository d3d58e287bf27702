"""What the console's API answers when it cannot do what it was asked."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response


class Problem(Exception):
    """An answer that is not what was asked for; the message is a sentence for the rep.

    Args:
        status: the HTTP status.
        code: a short word for programs.
        message: one plain sentence.
        retry_after: seconds after which another try makes sense.
    """

    def __init__(
        self, status: int, code: str, message: str, *, retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.retry_after = retry_after


def not_found(what: str) -> Problem:
    """Nothing there, or another rep's: the answer is the same."""
    return Problem(404, "not_found", f"There is no such {what}.")


def unavailable() -> Problem:
    """The conversations' table is down."""
    message = "Stored conversations cannot be reached just now. Please try again."
    return Problem(503, "unavailable", message)


def fault() -> Problem:
    """A fault of our own, of which the log has more."""
    return Problem(500, "internal", "Something went wrong on our side. Please try again.")


def problem_response(problem: Problem, request_id: str) -> Response:
    """The problem as JSON, with the id under which the log has it."""
    body = {"code": problem.code, "message": problem.message, "request_id": request_id}
    response = JSONResponse({"error": body}, problem.status)
    if problem.retry_after is not None:
        response.headers["Retry-After"] = str(max(1, round(problem.retry_after + 0.5)))
    return response


def request_id_of(request: Request) -> str:
    """The id of a request; the outermost layer has given it one."""
    return str(request.scope.get("state", {}).get("request_id", ""))
