"""A connection that the caches know nothing of."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from catalog.settings import Settings


@pytest.fixture
async def psql(database: Settings) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """Somebody who knows nothing of us."""
    connection = await asyncpg.connect(database.database_url)
    yield connection
    await connection.close()
