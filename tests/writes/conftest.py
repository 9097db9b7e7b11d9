"""What holds after every write."""

from collections.abc import AsyncIterator

import pytest

from catalog.writes import listing


@pytest.fixture(autouse=True)
async def listed_as_written(request: pytest.FixtureRequest) -> AsyncIterator[None]:
    """Whatever a test writes, what lists read says the same in the end."""
    yield
    if "clean" in request.fixturenames:
        assert await listing.check() == ()
