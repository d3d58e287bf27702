"""The console as a rep handles it in a browser."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect

WAIT_MS = 15_000
VIEWPORT = {"width": 1440, "height": 900}
expect.set_options(timeout=WAIT_MS)

ALL_WELL: dict[str, list[object]] = {"systems": []}

# What the browser itself writes when an answer of the API is an error that the page handles.
HANDLED = re.compile("Failed to load resource")


class ConsolePage:
    """One tab of the console.

    Args:
        context: the browser session it belongs to.
        page: the tab.
        url: where the console is.
    """

    def __init__(self, context: BrowserContext, page: Page, url: str) -> None:
        self.context = context
        self.page = page
        self.url = url
        self.issuer = url
        self.faults: list[str] = []
        self.requested: list[str] = []
        page.set_default_timeout(WAIT_MS)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", self._heard)
        page.on("request", lambda request: self.requested.append(request.url))

    @classmethod
    async def opened(
        cls,
        browser: Browser,
        url: str,
        rep: str,
        *,
        path: str = "/",
        asks_systems: bool = True,
        **options: Any,
    ) -> ConsolePage:
        """A new browser session in which this rep has signed in.

        Args:
            browser: the browser.
            url: where the console is.
            rep: who signs in.
            path: which page is opened first.
            asks_systems: whether the page may ask how the systems are; that takes a reply out of
                the script of a scripted model.
            options: how the browser session differs.
        """
        granted = ["clipboard-read", "clipboard-write"]
        options = {"viewport": VIEWPORT, "permissions": granted, **options}
        context = await browser.new_context(**options)
        if not asks_systems:
            await context.route("**/api/systems", lambda route: route.fulfill(json=ALL_WELL))
        console = cls(context, await context.new_page(), url)
        await console.sign_in(rep, path)
        return console

    async def sign_in(self, rep: str, path: str = "/") -> None:
        """Goes through the issuer's page, as a rep does."""
        await self.page.goto(f"{self.url}{path}")
        await self.page.get_by_role("link", name="Sign in", exact=True).click()
        await self.page.get_by_role("button", name=rep).wait_for()
        self.issuer = self.page.url
        await self.page.get_by_role("button", name=rep).click()
        await self.ready()

    async def ready(self) -> None:
        """Waits until the page takes keys."""
        await self.page.locator("#message").wait_for()
        await self.page.locator("body[data-ready]").wait_for()

    async def reload(self) -> None:
        """Loads the page anew."""
        await self.page.reload()
        await self.ready()

    async def tab(self) -> ConsolePage:
        """A second tab of the same rep, on the same conversation."""
        other = ConsolePage(self.context, await self.context.new_page(), self.url)
        await other.page.goto(self.page.url)
        await other.ready()
        return other

    @property
    def message(self) -> Locator:
        """The message box."""
        return self.page.get_by_label("Your question")

    @property
    def turns(self) -> Locator:
        """Every question with its answer."""
        return self.page.locator(".turn")

    @property
    def answer(self) -> Locator:
        """The last answer."""
        return self.turns.last.locator(".answer")

    @property
    def panel(self) -> Locator:
        """The customer's panel."""
        return self.page.get_by_role("complementary", name="Customer")

    @property
    def listed(self) -> Locator:
        """The conversations in the list."""
        return self.page.locator("#conversation-list li")

    async def begin(self, text: str) -> None:
        """Asks by keys, and waits only until the question stands there."""
        await self.message.fill(text)
        await self.message.press("Enter")
        await expect(self.turns.last.locator(".bubble")).to_have_text(text)

    async def ask(self, text: str) -> Locator:
        """Asks and waits for the whole answer."""
        count = await self.turns.count()
        await self.begin(text)
        await expect(self.turns).to_have_count(count + 1)
        await self.settled()
        return self.answer

    async def settled(self) -> None:
        """Waits until nothing is being answered."""
        await expect(self.page.locator("#composer")).to_have_attribute("data-busy", "false")
        await expect(self.turns.last).to_have_attribute("aria-busy", "false")

    def foreign(self, *own: str) -> list[str]:
        """What was asked of another host than the console and the ones named."""
        hosts = {urlsplit(address).netloc for address in (self.url, *own)}
        asked = [urlsplit(address) for address in self.requested]
        return [
            address.geturl()
            for address in asked
            if address.scheme != "data" and address.netloc not in hosts
        ]

    async def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        widths = "() => document.documentElement.scrollWidth - window.innerWidth"
        return int(await self.page.evaluate(widths))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not HANDLED.search(message.text):
            self.faults.append(message.text)
