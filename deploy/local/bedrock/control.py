"""The addresses by which tests script a running local Bedrock and read what it counted."""

from __future__ import annotations

import json
from ipaddress import ip_address

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from deploy.local.bedrock.script import Script, Step

CONTROL_PATH = "/_control"


def control_routes(script: Script) -> list[Route]:
    """``PUT …/script`` (a JSON list of steps), ``GET …/counts``, ``DELETE`` for a clean slate."""

    async def replace(request: Request) -> Response:
        try:
            _require_local_program(request)
            script.replace(Step.from_json(step) for step in json.loads(await request.body()))
        except (TypeError, ValueError) as wrong:
            return JSONResponse({"message": str(wrong)}, status_code=400)
        return JSONResponse({"steps": len(script.steps)})

    async def counts(request: Request) -> Response:
        return JSONResponse(script.counts())

    async def clear(request: Request) -> Response:
        script.clear()
        return JSONResponse({"steps": 0})

    return [
        Route(f"{CONTROL_PATH}/script", replace, methods=["PUT"]),
        Route(f"{CONTROL_PATH}/counts", counts, methods=["GET"]),
        Route(CONTROL_PATH, clear, methods=["DELETE"]),
    ]


def _require_local_program(request: Request) -> None:
    """A web page that is open here can send requests too, but not with this content type."""
    if request.client is None or not ip_address(request.client.host).is_loopback:
        raise ValueError("the script is set from this machine only")
    if request.headers.get("content-type") != "application/json":
        raise ValueError("the script is sent as application/json")
