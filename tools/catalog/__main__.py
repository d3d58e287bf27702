"""Runs the catalogue's MCP server as AgentCore Runtime wants it: ``python -m tools.catalog``.

Settings: ``DESKHAND_TABLE_PREFIX`` (the tables' names begin with it), ``DESKHAND_CATALOG_HOST``
(default 0.0.0.0) and ``DESKHAND_CATALOG_PORT`` (default 8000). AgentCore Runtime
checks the caller's token.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import uvicorn

from tools.catalog import catalog_tools
from tools.catalog.server import catalog_app
from tools.dynamo import open_client

# Every read waits in a thread; the default of a small machine would let six calls in at a time.
_THREADS = 32


def main(environment: Mapping[str, str]) -> None:
    """Serve until stopped.

    Raises:
        SystemExit: a setting is missing or wrong; the message names it.
    """
    prefix = environment.get("DESKHAND_TABLE_PREFIX", "")
    if not prefix:
        raise SystemExit(
            "DESKHAND_TABLE_PREFIX is not set: give the table prefix, e.g. deskhand-dev"
        )
    port = environment.get("DESKHAND_CATALOG_PORT", "8000")
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise SystemExit("DESKHAND_CATALOG_PORT must be a port number, e.g. 8000")
    # AgentCore Runtime reaches the container from outside; elsewhere the setting says otherwise.
    host = environment.get("DESKHAND_CATALOG_HOST", "0.0.0.0")  # noqa: S104
    tables = {"products": f"{prefix}-products", "reviews": f"{prefix}-reviews"}
    app = catalog_app(catalog_tools(open_client(), tables), host=host)
    asyncio.run(_serve(uvicorn.Server(uvicorn.Config(app, host=host, port=int(port)))))


async def _serve(server: uvicorn.Server) -> None:
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="dynamodb") as pool:
        asyncio.get_running_loop().set_default_executor(pool)
        await server.serve()
    if not server.started:
        sys.exit(3)


if __name__ == "__main__":
    main(os.environ)
