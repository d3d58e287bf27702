"""The story of a call, in a real browser on the real local stack."""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.async_api import expect

from deploy.local.stack import LocalStack
from tests.agent.entrypoints.console.browsing import Served
from tests.browser.conftest import OpenConsole

pytestmark = [pytest.mark.stack, pytest.mark.browser]


async def test_a_call_from_the_phone_number_to_the_warranty(
    served: Served, open_console: OpenConsole
) -> None:
    """The customer is found by phone, and the panel fills itself from the tools' results."""
    sam = await open_console(served)
    await expect(sam.page.get_by_text("Model: local.understudy")).to_be_visible()
    await expect(sam.panel).to_contain_text("No customer")
    await sam.ask("Who calls from +1-555-0102?")
    await expect(sam.panel.get_by_role("heading", name="Jane Smith")).to_be_visible()
    await expect(sam.panel).to_contain_text("Gold")
    await expect(sam.panel).to_contain_text("no SMS")
    await expect(sam.panel.get_by_role("tab", name="Orders 1")).to_be_visible()
    await expect(sam.panel).to_contain_text("Aurora · read")
    answer = await sam.ask("And is her phone still under warranty?")
    await expect(answer.locator(".tool").first).to_contain_text("Warranty")
    await answer.get_by_role("button", name="PHONE002X1Y2Z").first.click()
    await expect(sam.panel.get_by_role("tab", name="Warranties 1")).to_have_attribute(
        "aria-selected", "true"
    )
    await expect(sam.panel.locator(".marked")).to_contain_text(re.compile(r"ended \d+ days ago"))
    assert await sam.turns.count() == 2


async def test_a_tool_line_opens_by_enter_to_arguments_and_rows(
    served: Served, open_console: OpenConsole
) -> None:
    """Which system was asked, with what and how long needs no click, the rest one key."""
    sam = await open_console(served)
    answer = await sam.ask("orders of CUST001")
    line = answer.locator(".tool", has_text="list_orders").locator("summary")
    await expect(line).to_contain_text("Aurora")
    await expect(line).to_contain_text("customer_id=CUST001")
    await expect(line).to_contain_text(" s")
    await line.focus()
    await sam.page.keyboard.press("Enter")
    inside = answer.locator(".tool[open] .tool-inside")
    await expect(inside).to_contain_text("Asked with")
    await expect(inside.get_by_role("cell", name="$1,329.98")).to_be_visible()


async def test_another_rep_sees_nothing_of_it(served: Served, open_console: OpenConsole) -> None:
    """Neither in the list nor by the link."""
    sam = await open_console(served)
    asked = f"Who is CUST003? It is about {uuid.uuid4().hex}."
    await sam.ask(asked)
    await expect(sam.page.locator("#conversation-list")).to_contain_text(asked[:40])
    link = sam.page.url
    kim = await open_console(served, "Kim Osei")
    await expect(kim.page.locator("#conversation-list")).not_to_contain_text(asked[:40])
    await kim.page.goto(link)
    await kim.page.reload()
    await expect(kim.page.get_by_text("There is no such conversation.")).to_be_visible()
    await expect(kim.turns).to_have_count(0)


async def test_the_panel_is_cleared_when_it_is_open_who_is_meant(
    served: Served, open_console: OpenConsole
) -> None:
    """Nobody sees one customer's record while the talk is about another."""
    sam = await open_console(served)
    await sam.ask("Who is CUST002?")
    await expect(sam.panel.get_by_role("heading", name="Jane Smith")).to_be_visible()
    await sam.ask("Who is nobody.here@example.com?")
    await expect(sam.panel.get_by_role("heading", name="No customer")).to_be_visible()
    await expect(sam.panel).not_to_contain_text("jane.smith@example.com")
    await sam.ask("Who is CUST004?")
    await expect(sam.panel.get_by_role("heading", name="Alice Brown")).to_be_visible()
    await expect(sam.panel).to_contain_text("a.brown@example.net")
    await expect(sam.panel.get_by_text("difference between systems")).to_be_visible()
    await sam.page.keyboard.press("Alt+KeyN")
    await expect(sam.panel.get_by_role("heading", name="No customer")).to_be_visible()


async def test_a_system_that_is_down_is_named_until_it_is_back(
    served: Served, open_console: OpenConsole, local_stack: LocalStack
) -> None:
    """In the answer, in the panel and in the strip; its return is told."""
    local_stack.stop("gateway")
    sam = await open_console(served)
    answer = await sam.ask("Give me everything about CUST002")
    await expect(answer.locator(".notice.warn")).to_contain_text("did not answer")
    await expect(sam.panel).to_contain_text("Could not be loaded")
    await expect(sam.page.locator("#systems")).to_contain_text("do not answer")
    await sam.panel.get_by_role("tab", name="Warranties").click()
    await expect(sam.panel).to_contain_text("This does not mean that there is nothing.")
    local_stack.start("gateway")
    await expect(sam.page.locator("#systems")).to_be_hidden(timeout=30_000)
    await sam.panel.get_by_role("button", name="Read this customer again").click()
    await expect(sam.panel.get_by_role("tab", name="Warranties 1")).to_be_visible()


async def test_thumbs_titles_and_drafts_are_there_after_a_reload(
    served: Served, open_console: OpenConsole
) -> None:
    """What the rep did to a conversation stays."""
    sam = await open_console(served)
    answer = await sam.ask("Who is CUST005?")
    await answer.get_by_role("button", name="Bad answer").click()
    await sam.page.get_by_label("What was wrong?").fill("Too long")
    await sam.page.keyboard.press("Enter")
    await expect(sam.page.get_by_label("What was wrong?")).to_have_count(0)
    await sam.page.get_by_role("button", name="More about this conversation").click()
    await sam.page.get_by_role("menuitem", name="Rename…").click()
    await sam.page.get_by_role("textbox", name="Title").fill("The photographer")
    await sam.page.keyboard.press("Enter")
    await expect(sam.page.locator("h1")).to_have_text("The photographer")
    await sam.message.fill("not sent yet")
    await sam.reload()
    await expect(sam.page.locator("h1")).to_have_text("The photographer")
    await expect(sam.message).to_have_value("not sent yet")
    pressed = sam.answer.get_by_role("button", name="Bad answer")
    await expect(pressed).to_have_attribute("aria-pressed", "true")
    await expect(sam.panel.get_by_role("heading", name="Charlie Davis")).to_be_visible()


async def test_a_conversation_is_found_and_deleted_only_on_purpose(
    served: Served, open_console: OpenConsole
) -> None:
    """The harmless button has the focus, so Enter deletes nothing."""
    sam = await open_console(served)
    await sam.ask("Which orders are pending?")
    await sam.page.keyboard.press("Control+KeyK")
    await sam.page.keyboard.type("are pending")
    found = sam.listed.filter(has_text="Which orders are pending?")
    await expect(found).not_to_have_count(0)
    before = await found.count()
    await sam.page.get_by_role("button", name="More about this conversation").click()
    await sam.page.get_by_role("menuitem", name="Delete…").click()
    await expect(sam.page.get_by_role("button", name="Keep it")).to_be_focused()
    await sam.page.keyboard.press("Enter")
    await expect(found).to_have_count(before)
    await sam.page.get_by_role("button", name="More about this conversation").click()
    await sam.page.get_by_role("menuitem", name="Delete…").click()
    await sam.page.get_by_role("button", name="Delete").click()
    await expect(found).to_have_count(before - 1)
    await expect(sam.page.get_by_role("heading", name="Who is on the line?")).to_be_visible()


async def test_signing_out_ends_every_tab(served: Served, open_console: OpenConsole) -> None:
    """The other tab says so at once and keeps what was typed."""
    sam = await open_console(served)
    await sam.ask("Who is CUST001?")
    other = await sam.tab()
    await other.message.fill("half a question")
    await sam.page.get_by_role("button", name="Sign out").click()
    await expect(sam.page.get_by_role("link", name="Sign in", exact=True)).to_be_visible()
    await expect(other.page.get_by_role("dialog")).to_contain_text("You are signed out")
    assert other.faults == []
