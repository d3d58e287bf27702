"""Bearer tokens by client credentials, asked for with each request and cached until they end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable

import httpx2

from tools.contract import ToolFailure

_EXPIRY_MARGIN = 60.0


class ClientCredentials:
    """Fetches access tokens from an OAuth 2.0 token endpoint (RFC 6749, section 4.4).

    A token is reused until 60 seconds before its end, or half its life when it lives shorter
    than two minutes. Callers that ask at once share one request.
    """

    def __init__(
        self,
        http: httpx2.AsyncClient,
        *,
        token_url: str,
        client_id: str,
        client_secret: str,
        scope: str,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._http = http
        self._token_url = token_url
        self._form = {"grant_type": "client_credentials", "scope": scope}
        self._basic = (client_id, client_secret)
        self._monotonic = monotonic
        self._lock = asyncio.Lock()
        self._token = ""
        self._renew_at = 0.0

    async def token(self, *, refused: str | None = None) -> str:
        """A valid access token; ``refused`` names one that a server answered with 401.

        Raises:
            ToolFailure: ``unavailable`` when the endpoint gives no token or refuses the client.
        """
        async with self._lock:
            if not self._token or self._token == refused or self._monotonic() >= self._renew_at:
                await self._fetch()
            return self._token

    async def _fetch(self) -> None:
        try:
            response = await self._http.post(self._token_url, data=self._form, auth=self._basic)
        except httpx2.HTTPError:
            raise ToolFailure(
                "unavailable", "The token service did not answer.", retryable=True
            ) from None
        if response.status_code != 200:
            raise ToolFailure("unavailable", "The token service refused the desk's client.")
        try:
            body = response.json()
            self._token, lifetime = str(body["access_token"]), float(body.get("expires_in", 300))
        except (ValueError, TypeError, LookupError, AttributeError):  # a page of a proxy, perhaps
            raise ToolFailure("unavailable", "The token service answered with a fault.") from None
        self._renew_at = self._monotonic() + max(lifetime / 2, lifetime - _EXPIRY_MARGIN)


class BearerAuth(httpx2.Auth):
    """Puts a token on each request, and a fresh one once when it is refused with 401."""

    def __init__(self, credentials: ClientCredentials) -> None:
        self._credentials = credentials

    async def async_auth_flow(
        self, request: httpx2.Request
    ) -> AsyncGenerator[httpx2.Request, httpx2.Response]:
        """One request, or two when the first token was refused."""
        token = await self._credentials.token()
        request.headers["Authorization"] = f"Bearer {token}"
        response = yield request
        if response.status_code == 401:
            fresh = await self._credentials.token(refused=token)
            request.headers["Authorization"] = f"Bearer {fresh}"
            yield request
