"""DATABASE_URL taken apart: libpq's connection URIs, as platforms write them.

Source of the rules: PostgreSQL documentation, 34.1.1.2 "Connection URIs" and 34.19 "SSL Support".
"""

import ssl
from dataclasses import dataclass
from typing import Literal, cast, get_args
from urllib.parse import parse_qs, unquote, urlsplit

SslMode = Literal["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]


@dataclass(frozen=True, slots=True)
class Dsn:
    """Where the database is. `host` is a name, an address, or the folder of a socket."""

    host: str
    port: int
    user: str
    password: str
    database: str
    sslmode: SslMode
    sslrootcert: str | None = None

    @property
    def ssl(self) -> ssl.SSLContext | str | bool:
        """As asyncpg wants it: a mode that does not verify by name, one that does as a context."""
        if self.host.startswith("/"):
            return False
        if self.sslmode not in ("verify-ca", "verify-full"):
            return self.sslmode
        context = ssl.create_default_context(cafile=self.sslrootcert)
        context.check_hostname = self.sslmode == "verify-full"
        return context


def parse(url: str) -> Dsn:
    """Raises ValueError with what is wrong and what would be right, never with the password."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ValueError("must begin with postgres:// or postgresql://")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    try:
        port = int(query.get("port") or parts.port or 5432)
    except ValueError:
        raise ValueError("the port must be a number from 1 to 65535") from None
    database = unquote(parts.path.removeprefix("/")) or query.get("dbname", "")
    user = unquote(parts.username or "") or query.get("user", "")
    if not database:
        raise ValueError("names no database: postgres://user:password@host:5432/database")
    sslmode = query.get("sslmode", "prefer")
    if sslmode not in get_args(SslMode):
        raise ValueError(f"sslmode={sslmode} is not one of {', '.join(get_args(SslMode))}")
    return Dsn(
        host=query.get("host") or unquote(parts.hostname or "") or "localhost",
        port=port,
        user=user or "postgres",
        password=unquote(parts.password or "") or query.get("password", ""),
        database=database,
        sslmode=cast(SslMode, sslmode),
        sslrootcert=query.get("sslrootcert"),
    )
