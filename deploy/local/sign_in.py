"""Signs sample reps in as Cognito signs in real ones: authorization code with PKCE.

There are no passwords: whoever can open a page on this machine may be any of the sample reps. The
page says so.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from deploy.local.app_settings import CONSOLE_CLIENT_ID
from deploy.local.oauth_form import OAuthError, read_form

AUTHORIZE_PATH = "/oauth2/authorize"
SIGN_OUT_PATH = "/logout"
CODE_SECONDS = 60
KEEP_SECONDS = 12 * 3600
MOST_CODES = 1000
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_FIELDS = ("client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge")
_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 12vh auto; max-width: 26rem; padding: 0 1rem;
  color: #1b1f24; background: #fff; }
h1 { font-size: 1.5rem; }
button { display: block; width: 100%; margin: .5rem 0; padding: .7rem 1rem; font: inherit;
  text-align: left; color: #1b1f24; background: #f2f5f9; border: 1px solid #7a8794;
  border-radius: 8px; cursor: pointer; }
button:focus-visible { outline: 3px solid #1f6feb; outline-offset: 2px; }
@media (prefers-color-scheme: dark) {
  body { color: #e6e9ed; background: #14181d; }
  button { color: #e6e9ed; background: #232a32; border-color: #8492a0; }
}
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()


@dataclass(frozen=True, slots=True)
class SampleRep:
    """A rep who is there to try the desk with."""

    rep_id: str
    name: str
    groups: tuple[str, ...] = ("rep",)


SAMPLE_REPS = (SampleRep("sam", "Sam Rivera"), SampleRep("kim", "Kim Osei"))


@dataclass(frozen=True, slots=True)
class Grant:
    """What stands behind a code until it is redeemed, once."""

    rep: SampleRep
    redirect_uri: str
    challenge: str
    nonce: str
    scope: str
    until: float


class RepSignIn:
    """The authorization endpoint: a page to choose a sample rep on, and the codes it gave out.

    Args:
        clock: seconds since 1970.
        reps: who can be chosen.
    """

    def __init__(
        self, *, clock: Callable[[], float], reps: Sequence[SampleRep] = SAMPLE_REPS
    ) -> None:
        self._clock = clock
        self._reps = reps
        self._grants: dict[str, Grant] = {}
        self._kept: dict[str, Grant] = {}

    async def page(self, request: Request) -> Response:
        """The page on which a rep is chosen."""
        asked = dict(request.query_params)
        try:
            target = _checked(asked)
        except OAuthError as refusal:
            return _refused(refusal)
        hidden = "".join(
            f'<input type="hidden" name="{name}" value="{escape(asked.get(name, ""))}">'
            for name in (*_FIELDS, "response_type", "code_challenge_method")
        )
        buttons = "".join(
            f'<button name="rep" value="{rep.rep_id}">{escape(rep.name)}</button>'
            for rep in self._reps
        )
        body = (
            "<h1>Sign in as a sample rep</h1><p>This is the sign-in of a local stack. It has sample"
            " reps and no passwords; a deployed desk asks your identity provider.</p>"
            f'<form method="post" action="{AUTHORIZE_PATH}">{hidden}{buttons}</form>'
        )
        return _page(body, form_target=target)

    async def choose(self, request: Request) -> Response:
        """Sends the browser back to the console with a code for the chosen rep."""
        try:
            form = await read_form(request)
            _checked(form)
            rep = next((rep for rep in self._reps if rep.rep_id == form.get("rep")), None)
            if rep is None:
                raise OAuthError("access_denied", 403)
        except OAuthError as refusal:
            return _refused(refusal)
        code = self._granted(
            Grant(
                rep,
                form["redirect_uri"],
                form["code_challenge"],
                form.get("nonce", ""),
                form.get("scope", ""),
                self._clock() + CODE_SECONDS,
            )
        )
        back = urlencode({"code": code, "state": form.get("state", "")})
        return RedirectResponse(f"{form['redirect_uri']}?{back}", 303)

    def redeem(self, form: Mapping[str, str]) -> Grant:
        """What a code was given for; it is good once, for who asked for it, and for a minute.

        Raises:
            OAuthError: it is not good.
        """
        if form.get("client_id") != CONSOLE_CLIENT_ID:
            raise OAuthError("invalid_client", 401)
        grant = self._grants.pop(form.get("code", ""), None)
        if grant is None or grant.until < self._clock():
            raise OAuthError("invalid_grant")
        proof = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(proof).rstrip(b"=").decode()
        same = hmac.compare_digest(challenge, grant.challenge)
        if not same or form.get("redirect_uri") != grant.redirect_uri:
            raise OAuthError("invalid_grant")
        return grant

    def keep(self, grant: Grant) -> str:
        """A word by which a program that has redeemed a code gets new tokens, for hours."""
        return _put(self._kept, replace(grant, until=self._clock() + KEEP_SECONDS))

    def renew(self, form: Mapping[str, str]) -> Grant:
        """What stands behind such a word.

        Raises:
            OAuthError: it is not good.
        """
        if form.get("client_id") != CONSOLE_CLIENT_ID:
            raise OAuthError("invalid_client", 401)
        grant = self._kept.get(form.get("refresh_token", ""))
        if grant is None or grant.until < self._clock():
            raise OAuthError("invalid_grant")
        return grant

    def _granted(self, grant: Grant) -> str:
        return _put(self._grants, grant)


def _put(held: dict[str, Grant], grant: Grant) -> str:
    while len(held) >= MOST_CODES:
        del held[next(iter(held))]
    word = secrets.token_urlsafe(32)
    held[word] = grant
    return word


async def sign_out(request: Request) -> Response:
    """Sends the browser back, as Cognito does; there is no session of this issuer to end."""
    try:
        _target(request.query_params, "logout_uri")
    except OAuthError as refusal:
        return _refused(refusal)
    return RedirectResponse(request.query_params["logout_uri"], 302)


def _target(asked: Mapping[str, str], name: str) -> str:
    """The origin of an address that a browser is to be sent to: a program on this machine.

    Raises:
        OAuthError: it is none, or the console does not ask.
    """
    if asked.get("client_id") != CONSOLE_CLIENT_ID:
        raise OAuthError("unauthorized_client", 403)
    try:
        target = urlsplit(asked.get(name, ""))
        port = target.port
    except ValueError:  # no address at all, or a port that is no number
        raise OAuthError("invalid_request") from None
    on_this_machine = target.scheme == "http" and target.hostname in {"127.0.0.1", "localhost"}
    if not on_this_machine or target.query or target.fragment or target.username:
        raise OAuthError("invalid_request")
    return f"http://{target.hostname}" if port is None else f"http://{target.hostname}:{port}"


def _checked(asked: Mapping[str, str]) -> str:
    """The origin that a request for a code wants it sent to.

    Raises:
        OAuthError: the request is not one that the console makes.
    """
    origin = _target(asked, "redirect_uri")
    if asked.get("response_type") != "code":
        raise OAuthError("unsupported_response_type")
    method, challenge = asked.get("code_challenge_method"), asked.get("code_challenge", "")
    if method != "S256" or not _CHALLENGE.fullmatch(challenge):
        raise OAuthError("invalid_request")
    return origin


def _refused(refusal: OAuthError) -> Response:
    text = f"<h1>Not signed in</h1><p>The request to sign in is not good ({refusal.code}).</p>"
    return _page(text, form_target="", status=refusal.status)


def _page(body: str, *, form_target: str, status: int = 200) -> HTMLResponse:
    policy = (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; img-src data:;"
        f" form-action 'self' {form_target}; frame-ancestors 'none'; base-uri 'none'"
    )
    document = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="icon" href="data:,"><title>Sample reps · Deskhand</title>'
        f"<style>{_STYLE}</style></head><body><main>{body}</main></body></html>"
    )
    headers = {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    return HTMLResponse(document, status, headers=headers)
