"""Measures the console in a real browser: ``python -m tests.browser.measure [TURNS]``.

No test holds the figures, because they are the machine's as much as the page's. The load of the
machine stands beside them.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, CDPSession, Page, async_playwright, expect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent import Settings, open_desk
from agent.desk import Desk
from agent.entrypoints.console.application import STATIC, ConsoleLimits
from deploy.local.bedrock.script import Script, ScriptedReply, Step
from deploy.local.bedrock.understudy import respond
from deploy.local.bedrock.wire import BedrockEndpoint
from deploy.local.http_system import HttpSystem
from deploy.local.stack import LocalStack
from deploy.local.state import StateFolder
from tests.agent.entrypoints.console.browsing import serving_console
from tests.browser.pages import ConsolePage
from tests.browser.programs import FLAGS, browser_program
from tests.browser.stored import long_conversation

TIMES = 7
STORED = 200
LIMITS = ConsoleLimits(runs_per_minute=100_000, calls_per_second=100_000)
HANGING = Step("stall", ScriptedReply([{"text": "Words. " * 40}]), after=9, seconds=30)
QUESTIONS = ("Give me everything about CUST002", "Which orders has she?", "Who is CUST003?")
NOTES = """
new MutationObserver(() => {
  if (document.body?.dataset.ready && !window.readyAt) window.readyAt = performance.now();
  const turn = document.querySelector('.turn:last-child');
  if (turn && !window.turnAt) window.turnAt = performance.now();
  if (!window.wordAt && turn?.querySelector('.prose')?.textContent.trim())
    requestAnimationFrame(() => { window.wordAt ??= performance.timeOrigin + performance.now(); });
}).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
"""
STOPPING = """
() => {
  let begun = 0;
  window.stoppedAfter = 0;
  const begin = (event) => {
    if (event.key === 'Escape' || event.target.closest('#send')) begun = event.timeStamp;
  };
  for (const kind of ['keydown', 'pointerdown']) addEventListener(kind, begin, { capture: true });
  const seen = new MutationObserver(() => {
    const turn = document.querySelector('.turn:last-child');
    if (!begun || turn.ariaBusy !== 'false' || !turn.innerText.includes('Stopped by you')) return;
    if (document.getElementById('composer').dataset.busy !== 'false') return;
    seen.disconnect();
    const note = () => { window.stoppedAfter = performance.now() - begun; };
    requestAnimationFrame(() => setTimeout(note));
  });
  seen.observe(document.body, { subtree: true, childList: true, attributes: true });
}
"""


class Model:
    """The understudy, with a note of when the first piece of an answer left it."""

    def __init__(self, endpoint: BedrockEndpoint) -> None:
        self._app: ASGIApp = endpoint.app()
        self.script = endpoint.script
        self.spoke_at = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""

        async def noted(message: Message) -> None:
            body = message.get("body", b"")
            if not self.spoke_at and b"contentBlockDelta" in body and b"toolUse" not in body:
                self.spoke_at = time.time()
            await send(message)

        await self._app(scope, receive, noted)


def say(what: str, seconds: list[float]) -> None:
    """One line of the report: the median and the worst."""
    middle, worst = statistics.median(seconds), max(seconds)
    print(f"{what:<58}{middle:8.3f} s  worst {worst:.3f} s")  # noqa: T201  # the report


async def start(console: ConsolePage, model: Model, conversation: str) -> None:
    """How soon the page can be used, says the first word, and shows a long conversation."""
    page, wire = console.page, await console.context.new_cdp_session(console.page)
    await page.add_init_script(NOTES)
    cold: list[float] = []
    warm: list[float] = []
    words: list[float] = []
    opened: list[float] = []
    linked: list[float] = []
    for _ in range(TIMES):
        await wire.send("Network.clearBrowserCache")
        cold.append(await ready(console, console.url))
        warm.append(await ready(console, console.url))
        words.append(await first_word(console, model))
        await ready(console, console.url)
        opened.append(await shown(page, conversation))
        await page.goto("about:blank")
        await page.goto(f"{console.url}/#{conversation}")
        await page.wait_for_function("() => window.turnAt")
        linked.append(await page.evaluate("() => window.turnAt") / 1000)
    say("usable, nothing kept", cold)
    say("usable, files kept", warm)
    say("first word on the screen after the model's first piece", words)
    say(f"a conversation of {STORED} turns, from the list", opened)
    say(f"a conversation of {STORED} turns, by its link", linked)


async def ready(console: ConsolePage, url: str) -> float:
    """Seconds from the beginning of the navigation until the page takes keys."""
    await console.page.goto("about:blank")
    await console.page.goto(url)
    await console.ready()
    return float(await console.page.evaluate("() => window.readyAt")) / 1000


async def first_word(console: ConsolePage, model: Model) -> float:
    """Seconds from the model to the screen."""
    model.spoke_at = 0.0
    await console.begin("Who is CUST003?")
    await console.settled()
    at: float = await console.page.evaluate("() => window.wordAt")
    return at / 1000 - model.spoke_at


async def shown(page: Page, conversation: str) -> float:
    """Seconds from the choice of a conversation to the frame after its newest turns."""
    return (
        float(
            await page.evaluate(
                """(id) => new Promise((done) => {
            const begun = performance.now();
            const seen = new MutationObserver(() => {
              if (!document.querySelector('.turn')) return;
              seen.disconnect();
              requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)));
            });
            seen.observe(document.getElementById('turns'), { childList: true });
            location.hash = id; })""",
                conversation,
            )
        )
        / 1000
    )


async def stopped(browser: Browser, url: str, script: Script) -> None:
    """Seconds from the key, or the click, until the answer is stopped and the box is free."""
    # How the systems are is not asked: the model's script is for the questions alone.
    console = await ConsolePage.opened(browser, url, "Sam Rivera", asks_systems=False)
    keys: list[float] = []
    clicks: list[float] = []
    for _ in range(TIMES):
        for seconds in (keys, clicks):
            script.replace([HANGING])
            await console.begin("Talk without an end.")
            await expect(console.answer).to_contain_text("Words.")
            await console.page.evaluate(STOPPING)
            if seconds is keys:
                await console.page.keyboard.press("Escape")
            else:
                await console.page.get_by_role("button", name="Stop").click()
            await console.page.wait_for_function("() => window.stoppedAfter")
            seconds.append(await console.page.evaluate("() => window.stoppedAfter") / 1000)
    await console.context.close()
    say("stopped by Esc", keys)
    say("stopped by the button", clicks)


async def memory(wire: CDPSession) -> tuple[float, int]:
    """MB of the page's heap after a collection, and how many DOM nodes there are."""
    await wire.send("HeapProfiler.collectGarbage")
    metrics: Any = await wire.send("Performance.getMetrics")
    found = {one["name"]: one["value"] for one in metrics["metrics"]}
    return found["JSHeapUsedSize"] / 1e6, int(found["Nodes"])


async def long_talk(console: ConsolePage, turns: int) -> None:
    """What a whole day in one conversation takes of the browser's memory."""
    await ready(console, console.url)
    wire = await console.context.new_cdp_session(console.page)
    await wire.send("Performance.enable")
    for turn in range(turns + 1):
        if turn in (20, 100, 200, 300, 400, 500, turns):
            heap, nodes = await memory(wire)
            print(f"after {turn:4} turns: {heap:6.1f} MB, {nodes:,} nodes")  # noqa: T201
        await console.begin(QUESTIONS[turn % len(QUESTIONS)])
        await console.settled()


async def measure(browser: Browser, desk: Desk, issuer: str, model: Model, turns: int) -> None:
    """All of it, on one desk."""
    async with serving_console(desk, issuer, STATIC, limits=LIMITS) as served:
        conversation = await long_conversation(desk, served.url, STORED)
        console = await ConsolePage.opened(browser, served.url, "Sam Rivera")
        await start(console, model, conversation)
        await stopped(browser, served.url, model.script)
        await long_talk(console, turns)


async def main(turns: int, environment: dict[str, str]) -> None:
    """Puts desk, model and browser together."""
    model, system = Model(BedrockEndpoint(respond, pace=0.002)), HttpSystem()
    await system.start(lambda: model)
    there = {**environment, "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": system.url}
    settings = Settings.from_environment(there)
    async with open_desk(settings) as desk, async_playwright() as playwright:
        program = browser_program(playwright)
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        await measure(browser, desk, settings.issuer_url or "", model, turns)
        await browser.close()
    await system.stop()
    system.close()
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores, load {load:.1f}; run {uuid.uuid4().hex[:8]}")  # noqa: T201


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="deskhand-") as folder:
        # PostgreSQL runs as another user when we are root, and has to enter it.
        Path(folder).chmod(0o711)
        with LocalStack(StateFolder(Path(folder) / "stack")) as stack:
            asyncio.run(main(int((sys.argv[1:] or ["500"])[0]), dict(stack.environment)))
