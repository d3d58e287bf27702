"""Opens a deployed desk for a program of a rep: the way to it, and the token to ask it with."""

from __future__ import annotations

import sys
import threading
import webbrowser
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path

import httpx2

from agent.certificates import trusted_certificates
from agent.entrypoints.command_line import UNREACHABLE, WRONG_USE, CommandFailed, say
from agent.entrypoints.deployed_desk import DeployedDesk
from agent.entrypoints.issuer import OpenIdIssuer, SignInRefused
from agent.entrypoints.rep_rule import InNoGroup
from agent.entrypoints.rep_tokens import GivenToken, KeptTokens, RepTokens, SignedOut, file_of
from agent.entrypoints.signing_keys import IssuerUnavailable
from agent.entrypoints.terminal_sign_in import NotSignedIn, sign_in
from agent.errors import SettingsError
from agent.setting_values import is_this_machine
from agent.settings import Settings

_COLD_START_SECONDS = 60
_ISSUER_SECONDS = 10


@asynccontextmanager
async def open_deployed(
    settings: Settings, endpoint: str, environment: Mapping[str, str]
) -> AsyncIterator[DeployedDesk]:
    """The desk behind an invocation address; the rep signs in first where that is necessary.

    Raises:
        SettingsError: there is no token, and nowhere to get one.
        CommandFailed: nobody signed in.
    """
    async with AsyncExitStack() as held:
        http = await held.enter_async_context(_client(endpoint, _COLD_START_SECONDS))
        yield DeployedDesk(
            http,
            endpoint=endpoint,
            tokens=await _tokens(settings, environment, held),
            seconds=settings.turn_seconds + _COLD_START_SECONDS,
            stack=settings.stack,
        )


def _client(address: str, seconds: float) -> httpx2.AsyncClient:
    # A proxy of the environment may be the way to AWS; it cannot reach this machine.
    trusted = trusted_certificates(of_environment=True)
    trust_env = not is_this_machine(address)
    return httpx2.AsyncClient(timeout=seconds, verify=trusted, trust_env=trust_env)


async def _tokens(
    settings: Settings, environment: Mapping[str, str], held: AsyncExitStack
) -> RepTokens:
    if settings.rep_token is not None:
        return GivenToken(settings.rep_token.get_secret_value())
    if not settings.issuer_url or not settings.rep_client_id:
        raise SettingsError(
            "DESKHAND_REP_TOKEN",
            "is not set; write a rep's access token, or set DESKHAND_ISSUER_URL and"
            " DESKHAND_REP_CLIENT_ID to sign in at the terminal.",
        )
    http = await held.enter_async_context(_client(settings.issuer_url, _ISSUER_SECONDS))
    issuer = OpenIdIssuer(http, url=settings.issuer_url, client_id=settings.rep_client_id)
    file = file_of(_folder(environment), settings.issuer_url, settings.rep_client_id)
    kept = KeptTokens(issuer, file)
    with _explained():
        try:
            await kept.token()
        except SignedOut:
            await _sign_in(issuer, kept, environment)
    return kept


def _folder(environment: Mapping[str, str]) -> Path:
    from deploy.local.state import state_folder

    return state_folder(environment).root


async def _sign_in(issuer: OpenIdIssuer, kept: KeptTokens, environment: Mapping[str, str]) -> None:
    if not sys.stderr.isatty():
        raise SettingsError(
            "DESKHAND_REP_TOKEN",
            "is not set, and here nobody can sign in; do it once at a terminal with ./deskhand"
            " chat --stack aws, or write a rep's access token.",
        )
    rep, tokens = await sign_in(
        issuer,
        say=say,
        show=_show if _has_browser(environment) else str,
        typed=sys.stdin if sys.stdin.isatty() else None,
    )
    kept.keep(tokens)
    say(f"Signed in as {rep.name}.")


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except NotSignedIn as nobody:
        raise CommandFailed("not_signed_in", str(nobody), exit_code=WRONG_USE) from None
    except SignInRefused:
        message = "The sign-in was refused. Try again, or ask who runs Deskhand for access."
        raise CommandFailed("sign_in_refused", message, exit_code=WRONG_USE) from None
    except InNoGroup as refusal:
        raise CommandFailed("not_allowed", str(refusal), exit_code=WRONG_USE) from None
    except IssuerUnavailable:
        raise CommandFailed(
            "issuer_unavailable",
            "The sign-in service does not answer; check the network and DESKHAND_ISSUER_URL.",
            exit_code=UNREACHABLE,
            retryable=True,
        ) from None


def _show(address: str) -> None:
    """Opens the address; some browsers keep whoever starts them waiting until they are closed."""
    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def _has_browser(environment: Mapping[str, str]) -> bool:
    """Whether there is one with a window: another one would take the terminal."""
    windows = ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY")
    return sys.platform == "darwin" or any(environment.get(name) for name in windows)
