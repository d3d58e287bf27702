"""Signs a rep in from a terminal: at the issuer's page in a browser, and back to this machine."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import TextIO
from urllib.parse import parse_qs, urlsplit

from agent.entrypoints.issuer import Flow, OpenIdIssuer, SignInRefused, Tokens
from agent.turns import Rep

# An issuer sends reps back to addresses that it knows, port and all.
PORTS = (8400, 8401, 8402)
PATH = "/signed-in"
WAIT_SECONDS = 300.0
_MOST_HEAD = 16_384
_HEAD_SECONDS = 5.0
_PAGE = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,">'
    "<title>Deskhand</title><p>{words}</p></html>"
)
_HEADERS = (
    "Content-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\n"
    "Content-Security-Policy: default-src 'none'; img-src data:\r\n"
    "Referrer-Policy: no-referrer\r\nConnection: close\r\n"
)


class NotSignedIn(Exception):
    """Nobody signed in; the message says why."""


async def sign_in(
    issuer: OpenIdIssuer,
    *,
    say: Callable[[str], None],
    show: Callable[[str], object],
    typed: TextIO | None,
    ports: Sequence[int] = PORTS,
    seconds: float = WAIT_SECONDS,
) -> tuple[Rep, Tokens]:
    """The rep who signs in now, and his tokens.

    Args:
        issuer: vouches for the rep.
        say: takes a line for the rep.
        show: opens an address in a browser, where there is one.
        typed: a terminal, at which the address that the browser ended at may be pasted.
        ports: one of these takes the browser's way back.
        seconds: how long the rep is waited for.

    Raises:
        NotSignedIn: nobody came back in time, or no port is free.
        SignInRefused, InNoGroup, IssuerUnavailable: as the issuer's ``finish``.
    """
    flow = Flow.new()
    returned: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    async with _listening(ports, flow, returned) as port:
        callback = f"http://localhost:{port}{PATH}"
        address = await issuer.start(flow, callback=callback)
        say(f"Sign in at this address:\n  {address}")
        if typed is not None:
            say("Is that browser on another machine? Then paste here the address that it ends at.")
        show(address)
        with _pasted(typed, flow, returned, say):
            try:
                code = await asyncio.wait_for(returned, seconds)
            except TimeoutError:
                raise NotSignedIn("Nobody signed in in time. Run the command again.") from None
    return await issuer.finish(flow, code, callback=callback)


def _take(address: str, flow: Flow, returned: asyncio.Future[str]) -> bool:
    """Whether an address is the way back of this sign-in; what it brings is handed over."""
    try:
        given = parse_qs(urlsplit(address).query)
    except ValueError:  # such as half an IPv6 address
        return False
    state, code = (given.get(name, [""])[0] for name in ("state", "code"))
    if not hmac.compare_digest(state.encode(), flow.state.encode()) or returned.done():
        return False
    if code:
        returned.set_result(code)
    else:
        returned.set_exception(SignInRefused())
    return True


@asynccontextmanager
async def _listening(
    ports: Sequence[int], flow: Flow, returned: asyncio.Future[str]
) -> AsyncIterator[int]:
    """A page on this machine that hears the browser come back; yields its port."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_HEAD_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
            method, target, *_ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
            good = method == "GET" and urlsplit(target).path == PATH
            good = good and _take(target, flow, returned)
            writer.write(_response(good=good))
            await writer.drain()
        except (OSError, ValueError, EOFError, asyncio.LimitOverrunError):
            pass  # no browser of ours; the sign-in goes on waiting
        finally:
            writer.close()

    for port in ports:
        try:
            server = await asyncio.start_server(answer, "127.0.0.1", port, limit=_MOST_HEAD)
        except OSError:
            continue
        async with server:
            yield int(server.sockets[0].getsockname()[1])
        return
    shown = ", ".join(map(str, ports))
    raise NotSignedIn(f"The ports {shown} are all in use; one of them must be free to sign in.")


def _response(*, good: bool) -> bytes:
    words = "Go back to the terminal." if good else "This is not the way back of a sign-in."
    body = _PAGE.format(words=words).encode()
    status = "200 OK" if good else "400 Bad Request"
    head = f"HTTP/1.1 {status}\r\n{_HEADERS}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


@contextmanager
def _pasted(
    typed: TextIO | None, flow: Flow, returned: asyncio.Future[str], say: Callable[[str], None]
) -> Iterator[None]:
    """Meanwhile a line at the terminal may bring the address, too."""
    if typed is None:
        yield
        return
    loop = asyncio.get_running_loop()

    def read() -> None:
        try:
            line = typed.readline()
        except ValueError:  # no text, so no address
            line = "?"
        if not line:
            loop.remove_reader(typed)
        elif line.strip() and not _take(line.strip(), flow, returned):
            say("That is not the address that this sign-in ends at.")

    loop.add_reader(typed, read)
    try:
        yield
    finally:
        loop.remove_reader(typed)
