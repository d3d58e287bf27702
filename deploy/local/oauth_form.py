"""Reads the forms that OAuth clients and browsers send, and refuses in OAuth's words."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request

MOST_FORM_BYTES = 64_000


class OAuthError(Exception):
    """A refusal in the words of RFC 6749."""

    def __init__(self, code: str, status: int = 400) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


async def read_form(request: Request) -> dict[str, str]:
    """A form in the body of a request, which may not be large."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_FORM_BYTES:
            raise OAuthError("invalid_request", 413)
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True))
    except ValueError as unreadable:
        raise OAuthError("invalid_request") from unreadable
