"""A fleet for these tests, on a database of its own, and a place for their figures."""

from collections.abc import AsyncIterator, Callable

import pytest
import servers
from fleet import Fleet, sailing
from history import Tell

FIGURES = "figures"


@pytest.fixture(scope="session")
async def sailed(server: str) -> AsyncIterator[Fleet]:
    template = await servers.template(server)
    async with servers.scratch(server, template=template) as url, sailing(url) as fleet:
        yield fleet


@pytest.fixture
async def fleet(sailed: Fleet) -> AsyncIterator[Fleet]:
    """Nothing is kept anywhere, and Redis is well."""
    sailed.redis.mend()
    async with sailed.redis.client() as client:
        await client.flushall()
    await sailed.told(("forget", None))
    yield sailed
    await sailed.told(("mutant", None))


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Tell:
    return lambda figures: record_property(FIGURES, str(figures))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, figures in report.user_properties:
            if name == FIGURES:
                terminalreporter.write_line(f"{report.nodeid.partition('::')[2]}: {figures}")
