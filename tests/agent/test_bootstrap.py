"""A desk opens on its own addresses, whatever else the environment says about AWS and proxies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from agent import Settings, SettingsError, open_desk

NOWHERE = "http://127.0.0.1:9"
ADDRESSES = {
    "DESKHAND_AURORA_DSN": "host=127.0.0.1 port=9",
    "DESKHAND_CATALOG_URL": f"{NOWHERE}/mcp",
    "DESKHAND_GATEWAY_URL": f"{NOWHERE}/mcp",
    "DESKHAND_TOKEN_URL": f"{NOWHERE}/token",
    "DESKHAND_CLIENT_ID": "desk",
    "DESKHAND_CLIENT_SECRET": "secret",
    "AWS_ACCESS_KEY_ID": "key",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": NOWHERE,
}


class EmptyTable(BaseHTTPRequestHandler):
    """Answers every DynamoDB query with no items."""

    def do_POST(self) -> None:
        """Sends the one answer."""
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.end_headers()
        self.wfile.write(b'{"Items": [], "Count": 0}')

    def log_message(self, format: str, *arguments: object) -> None:
        """Writes nothing to the test's output."""


@contextmanager
def empty_table() -> Iterator[str]:
    """The address of such a server."""
    with ThreadingHTTPServer(("127.0.0.1", 0), EmptyTable) as server:
        serving = Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        serving.join()


def settings(**more: str) -> Settings:
    """Settings with every address."""
    return Settings.from_environment(ADDRESSES | more, env_file=Path("/nonexistent/.env"))


async def test_no_proxy_stands_between_the_desk_and_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A company's proxy in the environment would make the local stack unreachable."""
    monkeypatch.setenv("HTTP_PROXY", NOWHERE)
    with empty_table() as address:
        async with open_desk(settings(AWS_ENDPOINT_URL_DYNAMODB=address)) as desk:
            assert await desk.conversations.list("rep") == []


async def test_an_unknown_aws_profile_is_a_wrong_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is named, and nothing is traced."""
    monkeypatch.setenv("AWS_PROFILE", "nobody-has-this")
    with pytest.raises(SettingsError, match="AWS_PROFILE"):
        async with open_desk(settings()):
            pytest.fail("the desk has opened")
