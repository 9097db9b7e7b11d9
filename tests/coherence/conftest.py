"""A fleet for these tests, on a database of its own."""

from collections.abc import AsyncIterator

import pytest
import servers
from fleet import Fleet, sailing


@pytest.fixture(scope="session")
async def sailed(server: str) -> AsyncIterator[Fleet]:
    template = await servers.template(server)
    async with servers.scratch(server, template=template) as url, sailing(url) as fleet:
        await fleet.told(("delay", 0.01))
        yield fleet


@pytest.fixture
async def fleet(sailed: Fleet) -> Fleet:
    """Nothing is kept anywhere."""
    await sailed.told(("forget", None))
    return sailed
