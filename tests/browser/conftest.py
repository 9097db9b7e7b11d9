"""A browser without a network, and the catalog served to it on a port of this machine."""

import asyncio
import os
import shutil
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from factories import lamp, load, shop
from selenium.webdriver import Chrome, ChromeOptions, ChromeService

from catalog.settings import Settings

START_SECONDS = 60


@pytest.fixture(scope="session")
def browser() -> Iterator[Chrome]:
    """Chromium, in which every host but this machine is unknown."""
    driver = shutil.which("chromedriver")
    chromium = shutil.which("chromium")
    if driver is None or chromium is None:
        pytest.skip("chromium and chromedriver are not installed (Debian: chromium-driver)")
    options = ChromeOptions()
    options.binary_location = chromium
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--window-size=1400,900",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    chrome = Chrome(options=options, service=ChromeService(driver))
    chrome.set_page_load_timeout(60)
    yield chrome
    chrome.quit()


@pytest.fixture
async def served(database: Settings, clean: None) -> AsyncIterator[str]:
    """URL of the catalog, served as `catalog serve` does, with two lamps in it."""
    await load(*shop(), lamp("desk-lamp"), lamp("floor-lamp"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "DATABASE_URL": str(database.database_url),
        "CATALOG_ENV": "development",
        "PORT": str(port),
    }
    server = await asyncio.create_subprocess_exec(
        Path(sys.executable).with_name("catalog"),
        "serve",
        env=environment,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await _answering(f"http://127.0.0.1:{port}/schema.graphql")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        await server.wait()


async def _answering(url: str) -> None:
    async with httpx.AsyncClient() as client, asyncio.timeout(START_SECONDS):
        while True:
            try:
                await client.get(url)
            except httpx.TransportError:
                await asyncio.sleep(0.1)
            else:
                return
