"""The console for everybody: axe on every view, keys alone, zoom, phone width, dark."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import axe_playwright_python
import pytest
from playwright.async_api import expect

from deploy.local.bedrock.script import Step, say, use
from deploy.local.bedrock.scripted import ScriptedBedrock
from tests.agent.entrypoints.console.browsing import Served
from tests.browser.conftest import OpenConsole
from tests.browser.pages import ConsolePage

pytestmark = [pytest.mark.stack, pytest.mark.browser]

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PICTURE = ("get_customer_360", {"customer_id": "CUST002"})
TABLE = "| Order | Total |\n|---|---:|\n| 2 | $42.98 |\n\n**Suggested reply:**\n\n> Hello.\n"
SIZES = {"desk": (1440, 900), "small": (1024, 720), "phone": (390, 844), "zoomed": (720, 450)}


async def findings(console: ConsolePage) -> list[str]:
    """What axe finds on the page as it is."""
    if not await console.page.evaluate("() => 'axe' in window"):
        await console.page.evaluate(AXE)
    asked = {"runOnly": {"type": "tag", "values": TAGS}}
    found: Any = await console.page.evaluate("(asked) => axe.run(document, asked)", asked)
    return [
        f"{rule['impact']} {rule['id']}: {node['html'][:120]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


@pytest.mark.timeout(240)  # axe looks at some ten views, a few seconds each on a busy machine
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_on_any_view(
    scripted: Served,
    scripted_bedrock: ScriptedBedrock,
    open_console: OpenConsole,
    scheme: Literal["light", "dark"],
) -> None:
    """Empty, answered, tool line open, each tab, menu, question, keys, failed."""
    answered = say(f"{TABLE}\n<outcome>answered</outcome>")
    two = use(PICTURE, ("get_customer_360", {"customer_id": "CUST003"}))
    failing = Step(fault="access_denied")
    scripted_bedrock.script.replace([use(PICTURE), answered, two, answered, failing])
    sam = await open_console(
        scripted, asks_systems=False, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce"
    )
    found = {"empty": await findings(sam)}
    answer = await sam.ask("Everything about CUST002?")
    await answer.locator(".tool summary").click()
    found["tool line"] = await findings(sam)
    await sam.panel.get_by_text("differences between systems").click()
    for name in ("Orders", "Warranties", "Reviews", "Profile"):
        await sam.panel.get_by_role("tab", name=name).click()
        found[name] = await findings(sam)
    await answer.get_by_role("button", name="Good answer").click()
    found["reason"] = await findings(sam)
    await sam.page.get_by_role("button", name="More about this conversation").click()
    found["menu"] = await findings(sam)
    await sam.page.get_by_role("menuitem", name="Delete…").click()
    found["question"] = await findings(sam)
    await sam.page.keyboard.press("Escape")
    await sam.page.get_by_role("button", name="all keys").click()
    found["keys"] = await findings(sam)
    await expect(sam.page.locator("kbd:empty")).to_have_count(0)
    await sam.page.keyboard.press("Escape")
    await sam.ask("And the two of them?")
    found["two customers"] = await findings(sam)
    await sam.message.fill("long " * 2000)
    found["too long"] = await findings(sam)
    await sam.ask("Once more?")
    found["failed"] = await findings(sam)
    assert {view: faults for view, faults in found.items() if faults} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_sign_in_page_has_no_findings(
    served: Served, open_console: OpenConsole, scheme: Literal["light", "dark"]
) -> None:
    """It is the first that anybody sees."""
    sam = await open_console(served, color_scheme=scheme, bypass_csp=True)
    await sam.page.get_by_role("button", name="Sign out").click()
    await sam.page.get_by_role("link", name="Sign in", exact=True).wait_for()
    assert await findings(sam) == []


@pytest.mark.parametrize("size", SIZES)
async def test_nothing_is_cut_at_any_size(
    served: Served, open_console: OpenConsole, size: str
) -> None:
    """The page is never wider than the window, and the message box is always in it."""
    width, height = SIZES[size]
    sam = await open_console(served, viewport={"width": width, "height": height})
    await sam.ask("Give me everything about CUST002")
    assert await sam.overflow() <= 0
    box = await sam.message.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= height
    if width < 1024:
        await sam.page.get_by_role("button", name="Open the panel").click()
        await expect(sam.panel.get_by_role("heading", name="Jane Smith")).to_be_in_viewport()
        assert await sam.overflow() <= 0
        await sam.page.keyboard.press("Escape")
        await expect(sam.page.get_by_role("button", name="Open the panel")).to_be_focused()
    if width < 1280:
        await sam.page.get_by_role("button", name="Conversations", exact=True).click()
        await expect(sam.page.get_by_role("button", name="New conversation")).to_be_in_viewport()
        assert await sam.overflow() <= 0


async def test_a_result_breaks_no_word_on_a_phone(
    served: Served, open_console: OpenConsole
) -> None:
    """A sum, a date or a status stands on one line; the table is moved sideways instead."""
    width, height = SIZES["phone"]
    sam = await open_console(served, viewport={"width": width, "height": height})
    answer = await sam.ask("Which orders are still pending, and what do they come to?")
    await answer.locator(".tool summary").click()
    cells = answer.locator(".tool-inside td")
    await expect(cells.filter(has_text="pending")).not_to_have_count(0)
    heights = "(cells) => cells.map((cell) => Math.round(cell.getBoundingClientRect().height))"
    assert len(set(await cells.evaluate_all(heights))) == 1
    lines = "(cell) => cell.clientHeight / parseFloat(getComputedStyle(cell).lineHeight)"
    assert await cells.first.evaluate(lines) < 2
    assert await sam.overflow() <= 0


async def test_a_whole_call_by_keys_alone(served: Served, open_console: OpenConsole) -> None:
    """Ask, read the panel's tabs, rate, copy, start anew: no mouse."""
    sam = await open_console(served)
    keys = sam.page.keyboard
    await expect(sam.message).to_be_focused()
    await keys.type("Who is CUST001?")
    await keys.press("Enter")
    await sam.settled()
    await expect(sam.message).to_be_focused()
    await keys.press("Alt+Digit2")
    await expect(sam.panel.get_by_role("tab", name="Warranties")).to_be_focused()
    await keys.press("ArrowRight")
    await expect(sam.panel.get_by_role("tab", name="Reviews")).to_be_focused()
    await keys.press("Alt+KeyC")
    await expect(sam.page.get_by_text("Answer copied.")).to_be_visible()
    await keys.press("Shift+?")
    await expect(sam.page.get_by_role("dialog", name="Keys")).to_be_visible()
    await keys.press("Escape")
    await expect(sam.panel.get_by_role("tab", name="Reviews")).to_be_focused()
    await keys.press("/")
    await expect(sam.message).to_be_focused()
    await keys.type("/ and ? are letters here")
    await expect(sam.message).to_have_value("/ and ? are letters here")
    await keys.press("Alt+KeyN")
    await expect(sam.turns).to_have_count(0)
    await expect(sam.message).to_be_focused()


async def test_arriving_text_moves_no_focus(served: Served, open_console: OpenConsole) -> None:
    """A rep who has gone to the list stays there while the answer comes."""
    sam = await open_console(served)
    await sam.begin("Give me everything about CUST003")
    find = sam.page.get_by_label("Find a conversation")
    await find.focus()
    await sam.settled()
    await expect(find).to_be_focused()
