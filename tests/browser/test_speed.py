"""What the page weighs and how soon it can be used."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import expect

from tests.agent.entrypoints.console.browsing import Served
from tests.browser.conftest import OpenConsole

pytestmark = [pytest.mark.stack, pytest.mark.browser]

MOST_BYTES = 60_000
STORED_TURNS = 200


async def test_the_page_is_light_before_the_first_answer(
    served: Served, open_console: OpenConsole
) -> None:
    """Headers and all, in bytes on the wire, with nothing kept from before."""
    sam = await open_console(served)
    page = await sam.context.new_page()
    wire = await sam.context.new_cdp_session(page)
    await wire.send("Network.enable")
    await wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: list[float] = []
    wire.on("Network.loadingFinished", lambda told: sizes.append(told["encodedDataLength"]))
    await page.goto(served.url)
    await page.locator("body[data-ready]").wait_for()
    await expect(page.get_by_role("heading", name="Who is on the line?")).to_be_visible()
    assert 10_000 < sum(sizes) < MOST_BYTES


async def test_a_long_conversation_opens_with_its_latest_turns(
    served: Served, open_console: OpenConsole
) -> None:
    """Of 200 turns the newest are drawn; earlier ones come on request, in order."""
    sam = await open_console(served)
    await sam.ask("Who is CUST002?")
    one = await sam.page.evaluate(
        "() => fetch('/api/conversations/' + location.hash.slice(1)).then((a) => a.json())"
    )
    stored: dict[str, Any] = {**one, "turns": [numbered(one, at) for at in range(STORED_TURNS)]}
    path = f"**/api/conversations/{one['id']}"
    await sam.page.route(path, lambda route: route.fulfill(json=stored))
    await sam.reload()
    await expect(sam.turns.last.locator(".bubble")).to_have_text(f"Question {STORED_TURNS - 1}")
    drawn = await sam.turns.count()
    assert drawn < STORED_TURNS
    await sam.page.get_by_role("button", name="earlier questions").click()
    await expect(sam.turns).to_have_count(2 * drawn)
    await expect(sam.turns.first.locator(".bubble")).to_have_text(
        f"Question {STORED_TURNS - 2 * drawn}"
    )


def numbered(one: dict[str, Any], at: int) -> dict[str, Any]:
    """The stored turn once more, as another one."""
    turn: dict[str, Any] = one["turns"][0]
    return {**turn, "turn_id": f"{turn['turn_id']}-{at}", "question": f"Question {at}"}
