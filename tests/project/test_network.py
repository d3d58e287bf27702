"""The tests' own promise: nothing leaves this machine."""

from __future__ import annotations

import asyncio
import socket

import pytest

from tests.network import is_loopback


def test_a_connection_to_another_machine_is_refused(refused_hosts: list[str]) -> None:
    """An address outside this machine is refused before a packet is sent, and remembered."""
    with socket.socket() as connection, pytest.raises(ConnectionRefusedError, match="192.0.2.1"):
        connection.connect(("192.0.2.1", 80))
    assert refused_hosts == ["192.0.2.1"]
    refused_hosts.clear()


def test_a_name_of_another_machine_is_not_even_looked_up(refused_hosts: list[str]) -> None:
    """A host name outside this machine is refused before the look-up."""
    with pytest.raises(ConnectionRefusedError, match="example.com"):
        socket.create_connection(("example.com", 80), timeout=1)
    assert refused_hosts == ["example.com"]
    refused_hosts.clear()


async def test_loopback_works_through_the_event_loop() -> None:
    """A server on this machine is reached as usual."""

    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello")
        writer.close()

    server = await asyncio.start_server(greet, "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname()[:2])
        assert await reader.read() == b"hello"
        writer.close()
        await writer.wait_closed()


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost", None, ""])
def test_every_spelling_of_this_machine_is_loopback(host: object) -> None:
    """The wall knows this machine by each of its names."""
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["10.0.0.1", "169.254.169.254", "0.0.0.1", "::", "localhost.example.com"]
)
def test_other_hosts_are_not_loopback(host: object) -> None:
    """Private, link-local and wildcard addresses are not this machine's own."""
    assert not is_loopback(host)
