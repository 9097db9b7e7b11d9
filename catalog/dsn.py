"""DATABASE_URL taken apart: libpq's connection URIs, as platforms write them.

Source of the rules: PostgreSQL documentation, 34.1.1.2 "Connection URIs", 34.1.2 "Parameter Key
Words" and 34.19 "SSL Support".
"""

import getpass
import re
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast, get_args
from urllib.parse import SplitResult, unquote, urlsplit

SslMode = Literal["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]
VERIFYING = ("verify-ca", "verify-full")

# Where libpq looks for authorities that nobody named.
USUAL_ROOTS = Path("~/.postgresql/root.crt")

# What another driver understands, or what would be dangerous to overlook. Everything else that is
# not read below only tunes another driver and is left alone.
REFUSED = {
    "ssl": "belongs to another driver; write sslmode=require or sslmode=verify-full",
    "sslcert": "client certificates are not supported; use a password",
    "sslkey": "client certificates are not supported; use a password",
    "sslcrl": "revocation lists are not supported",
    "hostaddr": "is not supported; put the address in place of the host",
    "passfile": "is not supported; put the password into the URL, percent-escaped",
    "service": "is not supported; write the connection out in the URL",
}


@dataclass(frozen=True, slots=True)
class Dsn:
    """Where the database is. `host` is a name, an address, or the folder of a socket;
    `connect_timeout` is in seconds; `options` go to the server when a session begins."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    database: str
    sslmode: SslMode
    sslrootcert: str | None
    connect_timeout: float | None
    options: dict[str, str]

    @property
    def ssl(self) -> ssl.SSLContext | Literal["allow", "prefer"] | bool:
        """As asyncpg wants it. `require` verifies the chain as well where authorities are named,
        as libpq does; a socket is never encrypted."""
        if self.host.startswith("/") or self.sslmode == "disable":
            return False
        if self.sslmode == "allow" or self.sslmode == "prefer":
            return self.sslmode
        return _context(self.sslmode, self.sslrootcert)


def parse(url: str) -> Dsn:
    """Raises ValueError with what is wrong and what would be right, never with the password."""
    parts = _split(url)
    credentials, _, address = parts.netloc.rpartition("@")
    user, _, password = (unquote(part) for part in credentials.partition(":"))
    host, port_text = _address(address)
    query = _query(parts.query)
    port = _port(query.get("port") or port_text or "5432")
    database = unquote(parts.path.removeprefix("/")) or query.get("dbname", "")
    if not database:
        raise ValueError("names no database: postgres://user:password@host:5432/database")
    sslmode, sslrootcert = _ssl(query)
    return Dsn(
        host=_one_host(query.get("host") or host or "localhost"),
        port=port,
        user=query.get("user") or user or getpass.getuser(),
        password=query.get("password") or password,
        database=database,
        sslmode=sslmode,
        sslrootcert=sslrootcert,
        connect_timeout=_seconds(query.get("connect_timeout")),
        options={key: query[key] for key in ("application_name", "options") if query.get(key)},
    )


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ValueError("has an address in brackets that is not IPv6, such as [::1]") from None
    if parts.scheme not in ("postgres", "postgresql"):
        raise ValueError("must begin with postgres:// or postgresql://")
    if re.search(r"%(?![0-9A-Fa-f]{2})", url) or "%00" in url:
        raise ValueError("holds a % that begins no escape; write a percent sign as %25")
    if parts.fragment or (not parts.netloc and "@" in url):
        raise ValueError(_ESCAPES)
    return parts


_ESCAPES = "holds a character that must be escaped: in user and password write # as %23, / as %2F,"
_ESCAPES += " ? as %3F, @ as %40, : as %3A"


def _address(text: str) -> tuple[str, str]:
    """Host and port, each empty where it is not given."""
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        return host, rest.removeprefix(":")
    host, _, port = text.partition(":")
    return unquote(host), port


def _query(text: str) -> dict[str, str]:
    """The last one counts. A plus is a plus: these are no web forms."""
    pairs = (pair.partition("=") for pair in text.split("&") if pair)
    query = {unquote(key): unquote(value) for key, _, value in pairs}
    for key in sorted(REFUSED.keys() & query.keys()):
        raise ValueError(f"{key}={query[key]}: {REFUSED[key]}")
    return query


def _one_host(host: str) -> str:
    if "," in host:
        raise ValueError("names several hosts; give the one that may be written to")
    return host


def _port(text: str) -> int:
    if "," in text:
        raise ValueError("names several hosts; give the one that may be written to")
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise ValueError(f"the port must be a number from 1 to 65535; otherwise it {_ESCAPES}")
    return int(text)


def _seconds(text: str | None) -> float | None:
    """libpq: whole seconds; zero, a negative number or nothing waits for ever."""
    if not text:
        return None
    if not re.fullmatch(r"-?\d{1,9}", text):
        raise ValueError(f"connect_timeout={text} is no number of seconds, such as 10")
    return float(text) if int(text) > 0 else None


def _ssl(query: dict[str, str]) -> tuple[SslMode, str | None]:
    roots = query.get("sslrootcert") or None
    sslmode = query.get("sslmode") or ("verify-full" if roots == "system" else "prefer")
    if sslmode not in get_args(SslMode):
        raise ValueError(f"sslmode={sslmode} is not one of {', '.join(get_args(SslMode))}")
    if roots == "system" and sslmode != "verify-full":
        raise ValueError("sslrootcert=system goes with sslmode=verify-full only")
    if roots and sslmode not in ("require", *VERIFYING):
        raise ValueError(f"sslmode={sslmode} verifies nothing with it; write sslmode=verify-full")
    if query.get("channel_binding") == "require" and sslmode != "verify-full":
        raise ValueError("channel_binding=require is not supported; write sslmode=verify-full")
    if roots or sslmode in VERIFYING:
        _context(cast(SslMode, sslmode), roots)
    return cast(SslMode, sslmode), roots


def _context(sslmode: SslMode, roots: str | None) -> ssl.SSLContext:
    """Verifies against the authorities named, else libpq's usual file, else (unlike libpq, which
    refuses) the system's. Raises ValueError where a file is not there or holds no certificate."""
    if roots is None and USUAL_ROOTS.expanduser().is_file():
        roots = str(USUAL_ROOTS.expanduser())
    try:
        context = ssl.create_default_context(cafile=None if roots == "system" else roots)
    except FileNotFoundError:
        raise ValueError(f"sslrootcert={roots} is not there; give the path of a file") from None
    except (ssl.SSLError, OSError):
        raise ValueError(f"sslrootcert={roots} cannot be read as PEM certificates") from None
    context.check_hostname = sslmode == "verify-full"
    if sslmode == "require" and roots is None:
        context.verify_mode = ssl.CERT_NONE
    return context
