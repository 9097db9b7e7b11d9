"""A token that may hand files in, and a worker in this process."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from catalog.jobs.loop import Loop
from catalog.settings import Settings
from catalog.writes import tokens


@pytest.fixture
async def writer(clean: None) -> dict[str, str]:
    """Headers of whoever may import."""
    return {"Authorization": f"Bearer {await tokens.create('ERP', scopes=['catalog:write'])}"}


@pytest.fixture
async def worker(clean: None, database: Settings) -> AsyncIterator[Loop]:
    """Runs what is handed in, as `catalog worker` does."""
    loop = Loop(database)
    task = asyncio.create_task(loop.work())
    yield loop
    loop.stop()
    await task
