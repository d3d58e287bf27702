"""A desk without tokens, before a browser that was led to it."""

from __future__ import annotations

from typing import Any

import pytest

from agent.entrypoints.callers import OneCaller
from agent.turns import Rep
from tests.agent.entrypoints.fake_desk import FakeDesk, about_bob
from tests.agent.entrypoints.served import SESSION, serving


@pytest.mark.parametrize(
    "origin", ["http://evil.example:8080", "https://evil.example", "null", "http://["]
)
async def test_a_page_of_another_machine_is_not_answered_as_the_rep_of_this_one(
    origin: str,
) -> None:
    """Its name may lead to this machine, and a browser then sends it what was answered."""
    desk = FakeDesk(about_bob)
    headers = {**SESSION, "Origin": origin, "Host": "evil.example:8080"}
    async with serving(desk) as client:
        answer = await client.post("/invocations", json={"prompt": "Who?"}, headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "foreign_page")
    assert desk.asked == []


@pytest.mark.parametrize(
    ("origin", "options"),
    [
        ("http://localhost:3000", {}),
        ("http://127.0.0.1:8080", {}),
        ("https://app.example", {"callers": OneCaller(Rep(rep_id="r"), pages_elsewhere=True)}),
    ],
)
async def test_pages_of_this_machine_are_answered_and_others_where_that_is_wanted(
    origin: str, options: dict[str, Any]
) -> None:
    """An AG-UI client in front of a local desk, and an operator who lets everybody ask."""
    headers = {**SESSION, "Origin": origin}
    async with serving(FakeDesk(about_bob), **options) as client:
        answer = await client.post("/invocations", json={"prompt": "Who?"}, headers=headers)
    assert answer.status_code == 200
