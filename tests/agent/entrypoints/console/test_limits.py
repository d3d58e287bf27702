"""How often one rep, and one address, may ask the console."""

from __future__ import annotations

from pathlib import Path

from agent.entrypoints.console.application import ConsoleLimits
from tests.agent.entrypoints.console.browsing import (
    browser,
    made_static,
    serving_console,
)
from tests.agent.entrypoints.fake_desk import FakeDesk


async def test_a_rep_may_ask_so_many_questions_and_no_more(
    desk: FakeDesk, issuer: str, tmp_path: Path
) -> None:
    """The next one waits, another rep does not; asking again for a run that is there is free."""
    limits = ConsoleLimits(runs_per_minute=2)
    async with (
        serving_console(
            desk.as_desk(), issuer, made_static(tmp_path / "static"), limits=limits
        ) as served,
        browser(served.url, "sam") as sam,
        browser(served.url, "kim") as kim,
    ):
        asked = [await sam.ask(f"c{number}", "Hello?", run_id="r") for number in range(3)]
        again = await sam.ask("c0", "Hello?", run_id="r")
        other = await kim.ask("k1", "Hello?")
    assert [answer.status_code for answer in asked] == [200, 200, 429]
    assert 1 <= int(asked[2].headers["retry-after"]) <= 31
    assert asked[2].json()["error"]["code"] == "too_many_requests"
    assert (again.status_code, other.status_code) == (200, 200)


async def test_a_rep_may_send_so_many_requests_and_no_more(
    desk: FakeDesk, issuer: str, tmp_path: Path
) -> None:
    """A page that runs wild is told to wait."""
    static = made_static(tmp_path / "static")
    limits = ConsoleLimits(calls_per_second=1)
    async with (
        serving_console(desk.as_desk(), issuer, static, limits=limits) as served,
        browser(served.url, "sam") as sam,
    ):
        statuses = [(await sam.get("/api/me")).status_code for _ in range(6)]
    assert statuses[0] == 200
    assert statuses[-1] == 429


async def test_one_address_may_try_to_sign_in_so_often_and_no_more(
    desk: FakeDesk, issuer: str, tmp_path: Path
) -> None:
    """The issuer is not asked for every stranger who runs wild."""
    static, limits = made_static(tmp_path / "static"), ConsoleLimits(sign_ins_per_second=0.1)
    async with (
        serving_console(desk.as_desk(), issuer, static, limits=limits) as served,
        browser(served.url) as stranger,
    ):
        sent = [(await stranger.get("/auth/start")).headers["location"] for _ in range(4)]
    assert [there.startswith(issuer) for there in sent] == [True, True, True, False]
    assert sent[-1] == "/sign-in?problem=unavailable"
