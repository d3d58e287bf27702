"""A system on a port of its own: taken away and brought back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from deploy.local.http_system import HttpSystem
from tests.network import NO_CERTIFICATES


def build_app() -> Starlette:
    """An app that answers on one address and never on another."""

    async def answer(request: Request) -> Response:
        return PlainTextResponse("here")

    async def wait(request: Request) -> Response:
        await asyncio.Event().wait()
        raise AssertionError("nobody sets that event")

    return Starlette(routes=[Route("/", answer), Route("/wait", wait)])


@pytest.fixture
async def system() -> AsyncIterator[HttpSystem]:
    """A running system."""
    system = HttpSystem()
    await system.start(build_app)
    yield system
    await system.stop()
    system.close()


async def test_a_stopped_system_refuses_and_comes_back_on_its_port(system: HttpSystem) -> None:
    """Its address stays its own."""
    url = system.url
    async with httpx.AsyncClient(verify=NO_CERTIFICATES) as client:
        assert (await client.get(url)).text == "here"
        for _ in range(3):
            await system.stop()
            with pytest.raises(httpx.ConnectError):
                await client.get(url)
            await system.start(build_app)
            assert system.url == url
            assert (await client.get(url)).text == "here"


async def test_stopping_breaks_off_requests_in_flight(system: HttpSystem) -> None:
    """A machine that dies answers nobody."""
    async with httpx.AsyncClient(verify=NO_CERTIFICATES, timeout=5) as client:
        waiting = asyncio.create_task(client.get(f"{system.url}/wait"))
        assert (await client.get(system.url)).text == "here"
        async with asyncio.timeout(3):
            await system.stop()
            with pytest.raises(httpx.HTTPError):
                (await waiting).raise_for_status()


async def test_starting_and_stopping_twice_changes_nothing(system: HttpSystem) -> None:
    """Both may be asked for again."""
    await system.start(build_app)
    await system.stop()
    await system.stop()
    await system.start(build_app)
    async with httpx.AsyncClient(verify=NO_CERTIFICATES) as client:
        assert (await client.get(system.url)).status_code == 200


async def test_a_stopped_system_keeps_its_port_from_others(system: HttpSystem) -> None:
    """The kernel gives it to nobody who asks in the usual way."""
    await system.stop()
    with pytest.raises(OSError, match="in use"):
        await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", system.port)


async def test_a_request_on_a_kept_connection_is_answered_at_once(system: HttpSystem) -> None:
    """Without TCP_NODELAY each would take 40 ms: a hundred of them are done well before."""
    async with httpx.AsyncClient(verify=NO_CERTIFICATES) as client:
        async with asyncio.timeout(3):
            answers = [await client.get(system.url) for _ in range(100)]
    assert {answer.text for answer in answers} == {"here"}
