"""A real browser, and consoles on the real local stack for it to open."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Browser, async_playwright

from agent import Settings, open_desk
from agent.desk import Desk
from agent.entrypoints.console.application import STATIC
from agent.model import RetryPolicy
from deploy.local.bedrock.scripted import ScriptedBedrock
from deploy.local.stack import LocalStack
from tests.agent.entrypoints.console.browsing import Served, serving_console
from tests.browser.pages import ConsolePage
from tests.browser.programs import FLAGS, browser_program

OpenConsole = Callable[..., Awaitable[ConsolePage]]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A browser without a window; without one on this machine the test is skipped."""
    async with async_playwright() as playwright:
        if not (program := browser_program(playwright)):
            pytest.skip("no browser here: install Debian's chromium, or `playwright install`")
        opened = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield opened
        await opened.close()


@pytest.fixture
async def served_desk(local_stack: LocalStack) -> AsyncIterator[Desk]:
    """A real desk with the understudy behind it."""
    async with open_desk(Settings.from_environment(local_stack.environment)) as desk:
        yield desk


@pytest.fixture
async def served(local_stack: LocalStack, served_desk: Desk) -> AsyncIterator[Served]:
    """The console with its own page, and the understudy behind it."""
    issuer = local_stack.environment["DESKHAND_ISSUER_URL"]
    async with serving_console(served_desk, issuer, STATIC) as at:
        yield at


class OneSecondLater(RetryPolicy):
    """Tries again after a second: by chance at once, the page would never draw what was there."""

    def _calculate_delay(self, attempt: int) -> float:  # type: ignore[override]  # see its base
        return 1.0


@pytest.fixture
async def scripted_desk(
    local_stack: LocalStack, scripted_bedrock: ScriptedBedrock
) -> AsyncIterator[Desk]:
    """A real desk with a model that follows a script."""
    credentials = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    environment = {**local_stack.environment, **scripted_bedrock.environment()}
    environment |= {name: local_stack.environment[name] for name in credentials}
    settings = Settings.from_environment(environment)
    async with open_desk(settings, new_retry_policy=OneSecondLater) as desk:
        yield desk


@pytest.fixture
async def scripted(local_stack: LocalStack, scripted_desk: Desk) -> AsyncIterator[Served]:
    """The console with its own page, and a model that follows the test's script."""
    issuer = local_stack.environment["DESKHAND_ISSUER_URL"]
    async with serving_console(scripted_desk, issuer, STATIC) as at:
        yield at


@pytest.fixture
async def open_console(browser: Browser) -> AsyncIterator[OpenConsole]:
    """Opens the console for a rep, in a browser session of his own; errors of the page fail."""
    pages: list[ConsolePage] = []

    async def opened(served: Served, rep: str = "Sam Rivera", **options: Any) -> ConsolePage:
        pages.append(await ConsolePage.opened(browser, served.url, rep, **options))
        return pages[-1]

    yield opened
    for page in pages:
        assert page.faults == []
        await page.context.close()
