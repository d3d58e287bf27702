"""What the page weighs and how soon it can be used."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from agent.desk import Desk
from deploy.local.bedrock.script import say
from deploy.local.bedrock.scripted import ScriptedBedrock
from tests.agent.entrypoints.console.browsing import Served
from tests.browser.conftest import OpenConsole
from tests.browser.stored import long_conversation

pytestmark = [pytest.mark.stack, pytest.mark.browser]

MOST_BYTES = 60_000
STORED_TURNS = 60


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
    served_desk: Desk, served: Served, open_console: OpenConsole
) -> None:
    """Earlier ones come when the rep scrolls up, in order, and what he reads stays in its place."""
    name = await long_conversation(served_desk, served.url, STORED_TURNS)
    sam = await open_console(served, path=f"/#{name}")
    await expect(sam.turns.last.locator(".bubble")).to_have_text(f"Question {STORED_TURNS}")
    await expect(sam.turns).to_have_count(20)
    more = sam.page.get_by_role("button", name=f"Show {STORED_TURNS - 20} earlier questions")
    await expect(more).to_have_count(1)
    first = sam.page.get_by_text(f"Question {STORED_TURNS - 19}", exact=True)
    await more.scroll_into_view_if_needed()
    await expect(sam.turns).to_have_count(40)
    await expect(first).to_be_in_viewport()
    shown = await sam.turns.locator(".bubble").all_text_contents()
    assert shown == [f"Question {number}" for number in range(STORED_TURNS - 39, STORED_TURNS + 1)]
    await sam.begin("Who is CUST003?")
    await sam.settled()
    await expect(sam.turns).to_have_count(40)


async def test_a_slow_line_loses_nothing(
    scripted: Served, scripted_bedrock: ScriptedBedrock, open_console: OpenConsole
) -> None:
    """Half a second there and back, twenty kilobytes a second: the page says what it waits for."""
    words = "Many words over a thin line. " * 40
    scripted_bedrock.script.replace([say(f"{words}The end.\n<outcome>answered</outcome>")])
    sam = await open_console(scripted, asks_systems=False)
    wire = await sam.context.new_cdp_session(sam.page)
    await wire.send("Network.enable")
    slow = {"latency": 500, "downloadThroughput": 20_000, "uploadThroughput": 20_000}
    await wire.send("Network.emulateNetworkConditions", {"offline": False, **slow})
    await sam.begin("Tell me a lot.")
    await expect(sam.answer).to_contain_text("Reading the question…")
    await sam.settled()
    text = await sam.answer.locator(".prose").inner_text()
    assert text.strip() == f"{words}The end."
    await sam.reload()
    await expect(sam.answer).to_contain_text("The end.")
