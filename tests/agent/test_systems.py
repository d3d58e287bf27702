"""All tools of all systems, held to the time that the settings give a tool."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from agent.systems import build_systems
from tests.tools.made_up_systems import NOTHING, PROFILE, REVIEWS, MadeUpAurora, reviews
from tools.contract import Result


async def test_one_system_that_hangs_leaves_the_rest_also_when_tools_have_little_time() -> None:
    """The tool's own deadline comes last."""

    class Server:
        async def call(self, tool: str, given: Mapping[str, Any]) -> Result:
            if tool == PROFILE:
                await asyncio.Event().wait()
            return reviews(1) if tool == REVIEWS else NOTHING[tool]

    class Aurora(MadeUpAurora):
        free_select = None

    aurora: Any = Aurora()
    servers: Any = dict.fromkeys(("catalog", "warranty", "profile"), Server())
    systems = build_systems(aurora, servers, tool_seconds=1)
    result = await systems.call("get_customer_360", {"customer_id": "CUST042"})
    assert result["unavailable"] == ["profile"]
    assert result["reviews"]["total"] == 1
