"""Hostile texts in every field that is shown: nothing runs, nothing leaves, all is text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from deploy.local.bedrock.script import say, use
from deploy.local.bedrock.scripted import ScriptedBedrock
from tests.agent.entrypoints.console.browsing import Served
from tests.browser.conftest import OpenConsole
from tests.browser.pages import ConsolePage

pytestmark = [pytest.mark.stack, pytest.mark.browser]

INJECTIONS = json.loads((Path(__file__).parents[1] / "data" / "injections.json").read_text())
TEXTS: list[str] = [case["text"] for case in INJECTIONS["cases"]]
ACTIVE = """Look: <img src="http://127.0.0.1:9/i.png" onerror="document.title='owned'">
![shown](http://127.0.0.1:9/?q=secret) [press](http://127.0.0.1:9/go) http://127.0.0.1:9/auto

<style>body { display: none }</style><script>document.title = 'owned'</script>
<form action="http://127.0.0.1:9/f"><input name="q"></form><a href="javascript:alert(1)">x</a>

| <svg onload="document.title='owned'"> | b |
|---|---|
| <iframe src="http://127.0.0.1:9/"></iframe> | [ref] |

[ref]: http://127.0.0.1:9/ref
"""
ALLOWED = set(
    "P BR HR STRONG EM DEL CODE PRE UL OL LI TABLE THEAD TBODY TR TH TD BLOCKQUOTE"
    " H3 H4 DIV BUTTON".split()
)
FIND = ("get_customer_360", {"customer_id": "CUST002"})
ELEMENTS = "() => [...document.querySelectorAll('.prose *')].map((element) => element.tagName)"
LEAKS = "() => document.querySelectorAll('.prose :is([href], [src], [style], [id])').length"


async def held(page: ConsolePage, issuer: str) -> None:
    """Nothing went anywhere else, nothing ran, nothing was hidden."""
    assert page.foreign(issuer) == []
    assert "owned" not in await page.page.title()
    await expect(page.message).to_be_visible()
    assert set(await page.page.evaluate(ELEMENTS)) <= ALLOWED
    assert await page.page.evaluate(LEAKS) == 0


async def test_an_answer_with_markup_is_shown_as_text(
    scripted: Served, scripted_bedrock: ScriptedBedrock, open_console: OpenConsole
) -> None:
    """Images, links, styles, scripts, forms and frames are letters."""
    scripted_bedrock.script.replace([say(f"{ACTIVE}\n<outcome>answered</outcome>")])
    sam = await open_console(scripted, asks_systems=False)
    answer = await sam.ask("What does the review say?")
    await expect(answer).to_contain_text("<style>body { display: none }</style>")
    await expect(answer).to_contain_text("![shown](http://127.0.0.1:9/?q=secret)")
    await held(sam, sam.issuer)


async def test_every_known_injection_as_an_answer(
    scripted: Served, scripted_bedrock: ScriptedBedrock, open_console: OpenConsole
) -> None:
    """All of them in one answer, each a paragraph of its own."""
    whole = "\n\n".join(text.replace("<outcome>", "") for text in TEXTS)
    scripted_bedrock.script.replace([say(f"{whole}\n\nThe end.\n<outcome>answered</outcome>")])
    sam = await open_console(scripted, asks_systems=False)
    answer = await sam.ask("Read me all of it.")
    await expect(answer).to_contain_text("The end.")
    await held(sam, sam.issuer)


def poisoned(value: Any, text: str) -> Any:
    """The same shape, with the text in every place that holds words."""
    if isinstance(value, dict):
        return {key: poisoned(inner, text) for key, inner in value.items()}
    if isinstance(value, list):
        return [poisoned(inner, text) for inner in value]
    return text if isinstance(value, str) else value


@pytest.mark.parametrize("text", [ACTIVE, *TEXTS[::6]])
async def test_a_customer_made_of_hostile_texts(
    scripted: Served, scripted_bedrock: ScriptedBedrock, open_console: OpenConsole, text: str
) -> None:
    """Name, tier, notes, reviews, warranties, differences: the panel shows them all as letters."""
    sam = await open_console(scripted, asks_systems=False)
    record = await sam.page.evaluate("() => fetch('/api/customers/CUST002').then((a) => a.json())")
    made = poisoned(record, text) | {"found": True, "read_at": record["read_at"]}
    await sam.page.route("**/api/customers/*", lambda route: route.fulfill(json=made))
    scripted_bedrock.script.replace([use(FIND), say("There. <outcome>answered</outcome>")])
    await sam.ask("Who is CUST002?")
    await sam.panel.get_by_role("button", name="Read this customer again").click()
    for name in ("Orders", "Warranties", "Reviews", "Profile"):
        await sam.panel.get_by_role("tab", name=name).click()
    await sam.panel.get_by_text("differences between systems").click()
    await expect(sam.panel.locator(".head-note")).to_contain_text(text.split("\n")[0][:20].strip())
    assert await sam.panel.locator("img, script, style, iframe, form, a").count() == 0
    await held(sam, sam.issuer)
