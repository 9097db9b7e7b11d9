"""A shop to look at: what `make run` prepares before it serves."""

import socket
from pathlib import Path

from catalog import db, migrate, sample, settings
from catalog.errors import Unauthorized, Unavailable
from catalog.reads.tokens import principal
from catalog.settings import Settings
from catalog.writes import tokens

HAS_PRODUCTS = "SELECT EXISTS (SELECT FROM product)"

WELCOME = """
The catalog is at
  http://{host}:{port}/graphql        GraphQL, with GraphiQL in a browser
  http://{host}:{port}/v1/products    REST
  http://{host}:{port}/docs           the REST reference
A development token, for drafts and exact stock:
  Authorization: Bearer {token}
"""


def from_environment() -> Settings:
    """As everywhere, but open to be looked at."""
    return settings.load().model_copy(update={"catalog_env": "development"})


async def prepare(settings: Settings, *, host: str) -> str:
    """Migrates, loads the sample catalog into an empty database, and says where to look."""
    _refuse_a_taken_port(host, settings.port)
    await migrate.migrate(settings)
    async with db.connected(settings, statement_timeout=0):
        if not (await db.fetch(HAS_PRODUCTS))[0][0]:
            await sample.load()
        file = settings.catalog_data_dir / "development-token"
        secret = await _still_good(_remembered(file)) or _remember(file, await _new())
    return WELCOME.format(host=host, port=settings.port, token=secret)


def _refuse_a_taken_port(host: str, port: int) -> None:
    """Granian would share it with whoever listens there already, and answer every other request."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise Unavailable(
                f"port {port} of {host} is taken; choose another one: PORT={port + 1} make run"
            ) from None


def _remembered(file: Path) -> str | None:
    """The token of the last time, so that a client that runs already keeps working."""
    return file.read_text().strip() if file.exists() else None


def _remember(file: Path, secret: str) -> str:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(secret)
    return secret


async def _still_good(secret: str | None) -> str | None:
    try:
        await principal(secret)
    except Unauthorized:
        return None
    return secret


async def _new() -> str:
    return await tokens.create("development", scopes=["admin"])
