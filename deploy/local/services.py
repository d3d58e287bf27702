"""One process with the stack's four HTTP systems, which its parent controls in JSON lines.

The first line on stdin is the configuration; each later one stops or starts a system, and is
answered by a line on stdout. The end of stdin means that the parent is gone.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import json
import os
import signal
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NoReturn

SYSTEMS = ("tokens", "model", "catalog", "gateway")
THREADS = 32
_PR_SET_PDEATHSIG = 1


async def serve() -> None:
    """Serve until the parent is gone."""
    # Imported while the parent is still finding out what to write in the first line, and without
    # collecting garbage: what imports make stays for good.
    gc.disable()
    from deploy.local.app_settings import AppSettings
    from deploy.local.apps import app_builders
    from deploy.local.http_system import HttpSystem

    gc.freeze()
    gc.enable()
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(THREADS))
    lines = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    configuration = json.loads(await lines.readline() or "null")
    if configuration is None:
        _leave()
    systems = {name: HttpSystem(configuration["ports"].get(name, 0)) for name in SYSTEMS}
    urls = {name: system.url for name, system in systems.items()}
    builders = app_builders(AppSettings(**configuration["settings"]), urls)
    wanted = set(systems) - set(configuration["stopped"])
    await asyncio.gather(*(systems[name].start(builders[name]) for name in wanted))
    _tell({"ports": {name: system.port for name, system in systems.items()}})
    while line := await lines.readline():
        order: Mapping[str, str] = json.loads(line)
        if name := order.get("stop"):
            await systems[name].stop()
        elif name := order.get("start"):
            await systems[name].start(builders[name])
        _tell({"done": order})
    _leave()


def _tell(message: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def _end_with_parent() -> None:
    """Ask the kernel to end us with our parent; where it cannot, the end of stdin tells us."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _leave() -> NoReturn:
    """End at once: there is nothing to save, and nobody to answer."""
    os._exit(0)


def main() -> None:
    """Run the four systems."""
    _end_with_parent()
    asyncio.run(serve())


if __name__ == "__main__":
    main()
