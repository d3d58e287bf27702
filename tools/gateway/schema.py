"""The gateway's tool schemas, one source for gateway, emulator and the handlers' checks."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

PATH = Path(__file__).with_name("toolschema.json")


@cache
def tool_schemas(target: str) -> tuple[dict[str, Any], ...]:
    """The tools of one target, ``warranty`` or ``profile``: name, description, inputSchema."""
    return tuple(json.loads(PATH.read_text(encoding="utf-8"))[target])
