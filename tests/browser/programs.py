"""Which browser there is to drive, and how it is started."""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.async_api import Playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()


def browser_program(playwright: Playwright) -> str:
    """The machine's own browser, else the one that Playwright fetched; empty when there is none."""
    own = next((found for name in PROGRAMS if (found := shutil.which(name))), "")
    fetched = playwright.chromium.executable_path
    return own or (fetched if Path(fetched).exists() else "")
