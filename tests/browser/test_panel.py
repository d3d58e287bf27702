"""Whose record the panel shows, in a real browser."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from deploy.local.bedrock.script import ScriptedReply, Step, say, use
from deploy.local.bedrock.scripted import ScriptedBedrock
from tests.agent.entrypoints.console.browsing import Served
from tests.browser.conftest import OpenConsole

pytestmark = [pytest.mark.stack, pytest.mark.browser]

JANE = ("get_customer_360", {"customer_id": "CUST002"})
BOB = ("get_customer_360", {"customer_id": "CUST003"})
DONE = say("There they are. <outcome>answered</outcome>")


async def test_an_answer_about_two_customers_lets_the_rep_choose(
    scripted: Served, scripted_bedrock: ScriptedBedrock, open_console: OpenConsole
) -> None:
    """The first is shown, the other is one click away, also after a reload."""
    scripted_bedrock.script.replace([use(JANE, BOB), DONE, use(BOB), DONE])
    sam = await open_console(scripted, asks_systems=False)
    await sam.ask("Compare CUST002 and CUST003")
    choice = sam.panel.get_by_role("group", name="Customers of this answer")
    await expect(sam.panel.get_by_role("heading", name="Jane Smith")).to_be_visible()
    await choice.get_by_role("button", name="Bob Johnson").click()
    await expect(sam.panel.get_by_role("heading", name="Bob Johnson")).to_be_visible()
    await expect(sam.panel).not_to_contain_text("jane.smith@example.com")
    pressed = choice.get_by_role("button", name="Bob Johnson")
    await expect(pressed).to_have_attribute("aria-pressed", "true")
    await sam.reload()
    await expect(sam.panel.get_by_role("heading", name="Jane Smith")).to_be_visible()
    await expect(choice.get_by_role("button")).to_have_count(2)
    await sam.ask("And CUST003 alone?")
    await expect(choice).to_be_hidden()
    await expect(sam.panel.get_by_role("heading", name="Bob Johnson")).to_be_visible()
    await expect(sam.panel.get_by_text("Also in this conversation:")).to_be_visible()


async def test_the_last_customer_goes_when_somebody_else_is_looked_for(
    scripted: Served, scripted_bedrock: ScriptedBedrock, open_console: OpenConsole
) -> None:
    """As soon as the search begins, and not when its answer is there."""
    search = ("find_customers", {"query": "Bob Johnson"})
    reply = ScriptedReply([{"text": "One moment. " * 20}])
    scripted_bedrock.script.replace(
        [use(JANE), DONE, use(search), Step(fault="stall", reply=reply, after=2, seconds=30)]
    )
    sam = await open_console(scripted, asks_systems=False)
    await sam.ask("Who is CUST002?")
    await expect(sam.panel.get_by_role("heading", name="Jane Smith")).to_be_visible()
    await sam.begin("Bob Johnson is on the line")
    await expect(sam.panel.get_by_role("heading", name="Bob Johnson")).to_be_visible()
    await expect(sam.panel.get_by_role("heading", name="Jane Smith")).to_have_count(0)
    await sam.page.keyboard.press("Escape")
    await sam.settled()


async def test_the_same_customer_by_another_name_stays(
    scripted: Served, scripted_bedrock: ScriptedBedrock, open_console: OpenConsole
) -> None:
    """A phone number or an address of the one who is shown clears nothing."""
    search = ("find_customers", {"query": "JANE.SMITH@example.com"})
    phone = ("profile___get_customer_profile", {"phone": "555-0102"})
    scripted_bedrock.script.replace([use(JANE), DONE, use(search, phone), DONE])
    sam = await open_console(scripted, asks_systems=False)
    await sam.ask("Who is CUST002?")
    await sam.panel.get_by_role("tab", name="Warranties").click()
    await sam.ask("Is this her number?")
    await expect(sam.panel.get_by_role("heading", name="Jane Smith")).to_be_visible()
    opened = sam.panel.get_by_role("tab", name="Warranties")
    await expect(opened).to_have_attribute("aria-selected", "true")


async def test_a_reply_is_drafted_on_request_and_copied(
    served: Served, open_console: OpenConsole
) -> None:
    """One click asks for it; it is a block of its own, and nothing is sent."""
    sam = await open_console(served)
    await sam.ask("Which orders has jane.smith@example.com?")
    await sam.answer.get_by_role("button", name="Draft a reply").click()
    await expect(sam.turns).to_have_count(2)
    await sam.settled()
    block = sam.answer.locator(".suggestion")
    await expect(block).to_contain_text("Your order 2 of 2024-02-02 over $42.98 is pending.")
    await block.get_by_role("button", name="Copy suggested reply").click()
    await expect(sam.page.get_by_text("It has not been sent.")).to_be_visible()
    copied = await sam.page.evaluate("() => navigator.clipboard.readText()")
    assert copied.startswith("Hello Jane,\n\nThank you")
    assert "- Your order 2" in copied
