"""A headless Chromium: one that is installed, else the one that playwright installs."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    """Start it; without one the test fails, and `make browser` brings one."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    # Chromium's own sandbox does not work for root, whom containers like; pages here are ours.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=found, args=arguments)
        try:
            yield chromium
        finally:
            await chromium.close()
