"""A console on a port of its own, and reps who use it as a browser does."""

from __future__ import annotations

import asyncio
import json
import socket
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import httpx2

from agent.desk import Desk
from agent.entrypoints.console.address import ConsoleAddress
from agent.entrypoints.console.application import ConsoleLimits, build_console
from agent.entrypoints.console.sessions import Sessions
from agent.entrypoints.issuer import OpenIdIssuer
from agent.entrypoints.serving import GracefulServer
from agent.entrypoints.web import server_config
from deploy.local.http_system import break_off
from tests.agent.entrypoints.rep_browser import form_of
from tests.network import NO_CERTIFICATES

KEY = b"a key of the tests, long enough to sign with"
PLACEHOLDER = '<!doctype html><title>placeholder</title><script src="/static/app.js"></script>'


def made_static(folder: Path) -> Path:
    """A folder with the two pages and a script, for tests of the server alone."""
    folder.mkdir(exist_ok=True)
    for name in ("index.html", "sign-in.html"):
        (folder / name).write_text(PLACEHOLDER)
    (folder / "app.js").write_text("export const words = 1;\n" * 100)
    return folder


@dataclass
class Served:
    """A console that answers at ``url``; ``server`` is told to end like a process is."""

    url: str
    server: GracefulServer
    task: asyncio.Task[None]

    async def end(self) -> None:
        """Ends as after SIGTERM."""
        self.server.should_exit = True
        await asyncio.wait_for(self.task, 10)


@asynccontextmanager
async def serving_console(
    desk: Desk,
    issuer_url: str,
    static: Path,
    *,
    port: int = 0,
    origin: str = "",
    session_seconds: float = 3600,
    limits: ConsoleLimits = ConsoleLimits(),  # noqa: B008  # frozen
) -> AsyncIterator[Served]:
    """A console that runs in this test's loop."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(1024)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    async with httpx2.AsyncClient(verify=NO_CERTIFICATES, timeout=5) as http:
        console = build_console(
            desk,
            address=ConsoleAddress(origin or url),
            issuer=OpenIdIssuer(http, url=issuer_url, client_id="deskhand-console"),
            sessions=Sessions(KEY, seconds=session_seconds),
            limits=limits,
            static=static,
        )
        server = _InLoopServer(server_config(console), before_end=console.runs.stop_all)
        task = asyncio.create_task(server.serve(sockets=[listener]))
        served = Served(url, server, task)
        try:
            yield served
        finally:
            if not task.done():
                await console.runs.stop_all()
                await break_off(server, task)
            listener.close()


class _InLoopServer(GracefulServer):
    """A server that leaves the test's signals alone."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Hears nothing."""
        yield


@dataclass
class RepBrowser:
    """A signed-in rep's browser: cookies, and the word that changes must bring along."""

    http: httpx.AsyncClient
    url: str
    me: dict[str, Any] = field(default_factory=dict)

    @property
    def headers(self) -> dict[str, str]:
        """What the console's own page sends with a change."""
        return {"Origin": self.url, "X-Deskhand-CSRF": self.me.get("csrf", "")}

    async def get(self, path: str) -> httpx.Response:
        """Asks for something."""
        return await self.http.get(f"{self.url}{path}")

    async def change(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """Changes something, as the console's page does."""
        return await self.http.request(method, f"{self.url}{path}", json=body, headers=self.headers)

    async def ask(
        self, conversation_id: str, text: str, *, run_id: str = "", replaces: str | None = None
    ) -> httpx.Response:
        """Asks a question and waits for the end of its run."""
        body = {"run_id": run_id or uuid.uuid4().hex, "text": text, "replaces": replaces}
        return await self.change("POST", f"/api/conversations/{conversation_id}/runs", body)

    @asynccontextmanager
    async def asking(
        self, conversation_id: str, text: str, run_id: str
    ) -> AsyncIterator[httpx.Response]:
        """Asks a question and hands out the stream as it comes."""
        async with self.http.stream(
            "POST",
            f"{self.url}/api/conversations/{conversation_id}/runs",
            json={"run_id": run_id, "text": text},
            headers=self.headers,
        ) as stream:
            yield stream

    async def conversation(self, conversation_id: str) -> dict[str, Any]:
        """A conversation as the page loads it."""
        answer = await self.get(f"/api/conversations/{conversation_id}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


@asynccontextmanager
async def browser(url: str, rep: str = "") -> AsyncIterator[RepBrowser]:
    """A browser; with a rep's name, it has signed in."""
    async with httpx.AsyncClient(verify=NO_CERTIFICATES, trust_env=False, timeout=20) as http:
        opened = RepBrowser(http, url)
        if rep:
            landed = await signed_in(opened, rep)
            assert landed.status_code == 200, landed.text
            opened.me = (await opened.get("/api/me")).json()
        yield opened


async def signed_in(opened: RepBrowser, rep: str, query: str = "") -> httpx.Response:
    """Goes to the issuer, chooses the rep, comes back; the console's answer to that."""
    page = await opened.http.get(f"{opened.url}/auth/start{query}", follow_redirects=True)
    assert "sample rep" in page.text, page.text
    chosen = await opened.http.post(str(page.url).partition("?")[0], data=form_of(page.text, rep))
    return await opened.http.get(chosen.headers["location"])


def events_of(stream: str) -> list[dict[str, Any]]:
    """The events of a stream; each frame's number is its place."""
    frames = [part for part in stream.split("\n\n") if part.startswith("id: ")]
    events = []
    for text in frames:
        number, data = text.split("\n")
        events.append(json.loads(data.removeprefix("data: ")) | {"number": int(number[4:])})
    return events


def text_of(events: list[dict[str, Any]]) -> str:
    """What the page shows of an answer."""
    text = ""
    for event in events:
        if event["type"] == "TEXT_MESSAGE_CONTENT":
            text += event["delta"]
        elif event["type"] == "CUSTOM":
            text = ""
    return text
