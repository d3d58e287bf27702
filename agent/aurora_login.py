"""Logs in to Aurora by IAM: a token signed anew for each connection stands in for a password."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import boto3
import psycopg
from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import BotoCoreError
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from agent.errors import SettingsError

# How long AWS takes a token for a new connection. Connections of the pool live shorter, see
# tools/aurora/connections.py, so that none outlasts what it was let in by.
TOKEN_SECONDS = 15 * 60

_SERVICE = "rds-db"


def iam_login(dsn: str, session: boto3.Session, region: str) -> Callable[[], Awaitable[str]]:
    """What gives the address together with a fresh token, for each connection.

    Args:
        dsn: host, port, database and user, without a password.
        session: whose credentials sign; they are renewed as AWS's libraries renew them.
        region: of the cluster.

    Raises:
        SettingsError: the address could not keep a token safe, or names no host or user.
    """
    known = _checked(dsn)

    def signed() -> str:
        credentials = session.get_credentials()
        if credentials is None:
            raise psycopg.OperationalError("no AWS credentials to sign a login token with")
        try:
            return make_conninfo(
                dsn,
                password=login_token(
                    known["host"], known["port"], known["user"], region, credentials
                ),
            )
        except BotoCoreError as failure:
            # Its text may name files and addresses of the credentials.
            kind = type(failure).__name__
            raise psycopg.OperationalError(f"AWS credentials cannot be renewed ({kind})") from None

    async def login() -> str:
        return await asyncio.to_thread(signed)  # renewing asks AWS

    return login


def login_token(host: str, port: str, user: str, region: str, credentials: object) -> str:
    """The token that opens one connection: an address, signed for some minutes."""
    url = f"https://{host}:{port}/?Action=connect&DBUser={user}"
    request = AWSRequest(method="GET", url=url)
    SigV4QueryAuth(credentials, _SERVICE, region, expires=TOKEN_SECONDS).add_auth(request)
    return str(request.url).removeprefix("https://")


def _checked(dsn: str) -> dict[str, str]:
    try:
        known = {name: str(value) for name, value in conninfo_to_dict(dsn).items()}
    except psycopg.ProgrammingError:
        raise _wrong("is no address.") from None
    missing = [name for name in ("host", "user") if not known.get(name)]
    if missing:
        raise _wrong(f"names no {' and no '.join(missing)}, which a login by IAM needs.")
    if known.get("sslmode") != "verify-full":
        raise _wrong("needs sslmode=verify-full for a login by IAM: a token goes to Aurora alone.")
    if "password" in known:
        raise _wrong("holds a password, and DESKHAND_AURORA_IAM puts a token there; leave one out.")
    return {"port": "5432"} | known


def _wrong(advice: str) -> SettingsError:
    return SettingsError("DESKHAND_AURORA_DSN", advice)
