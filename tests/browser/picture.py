"""Takes the README's picture of the console: ``python -m tests.browser.picture FILE``."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.async_api import async_playwright, expect

from agent import Settings, open_desk
from agent.entrypoints.console.application import STATIC
from deploy.local.stack import LocalStack
from deploy.local.state import StateFolder
from tests.agent.entrypoints.console.browsing import serving_console
from tests.browser.pages import ConsolePage
from tests.browser.programs import FLAGS, browser_program

VIEWPORT = {"width": 1360, "height": 880}
BEFORE = [
    "Which orders are still pending, and what do they come to?",
    "Do our systems agree about Alice Brown?",
    "Is WATCH004Q7R8S still under warranty?",
]
QUESTIONS = ["Who calls from +1-555-0101?", "Which orders has he, and what is under warranty?"]


async def take(target: Path, environment: dict[str, str]) -> None:
    """Asks the questions in a real browser and writes what a rep then sees."""
    settings = Settings.from_environment(environment)
    async with (
        open_desk(settings) as desk,
        serving_console(desk, settings.issuer_url or "", STATIC) as served,
        async_playwright() as playwright,
    ):
        browser = await playwright.chromium.launch(
            executable_path=browser_program(playwright), args=FLAGS
        )
        console = await ConsolePage.opened(browser, served.url, "Sam Rivera", viewport=VIEWPORT)
        for question in BEFORE:
            await console.ask(question)
            await console.page.get_by_role("button", name="New conversation").click()
            await expect(console.turns).to_have_count(0)
        for question in QUESTIONS:
            await console.ask(question)
        await expect(console.panel.get_by_role("tab", name="Orders")).to_be_visible()
        await expect(console.panel.get_by_text("Reading every system…")).to_have_count(0)
        await console.page.mouse.move(0, 0)
        taken = await console.page.screenshot()
        # A page has few colours: half of the file, and no eye sees it.
        Image.open(BytesIO(taken)).quantize(256).save(target, optimize=True)
        await browser.close()


def main() -> None:
    """Starts a local stack of its own for as long as the picture takes."""
    target = Path(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="deskhand-") as folder:
        # PostgreSQL runs as another user when we are root, and has to enter it.
        Path(folder).chmod(0o711)
        with LocalStack(StateFolder(Path(folder) / "stack")) as stack:
            asyncio.run(take(target, dict(stack.environment)))


if __name__ == "__main__":
    main()
