"""DATABASE_URL: every form that platforms write, and what is said of those that are wrong."""

import getpass
import re
import ssl
from pathlib import Path

import pytest

from catalog import dsn

ME = getpass.getuser()
CERTIFICATE = Path(__file__).parent / "data" / "authority.pem"


@pytest.mark.parametrize(
    ("url", "host", "port", "user", "password", "database"),
    [
        ("postgres://u:p@db.example/shop", "db.example", 5432, "u", "p", "shop"),
        ("postgresql://u:p@db.example:6543/shop", "db.example", 6543, "u", "p", "shop"),
        ("postgres://u@db.example/shop", "db.example", 5432, "u", "", "shop"),
        ("postgres://db.example/shop", "db.example", 5432, ME, "", "shop"),
        ("postgres:///shop", "localhost", 5432, ME, "", "shop"),
        ("postgres://u:p%40%2F%3A%23%25@h/shop", "h", 5432, "u", "p@/:#%", "shop"),
        ("postgres://u%40corp:p@h/sh%C3%B6p%20one", "h", 5432, "u@corp", "p", "shöp one"),
        ("postgres://u:p:q@h/shop", "h", 5432, "u", "p:q", "shop"),
        ("postgres://u:p@[::1]/shop", "::1", 5432, "u", "p", "shop"),
        ("postgres://u:p@[2001:db8::7]:6543/shop", "2001:db8::7", 6543, "u", "p", "shop"),
        ("postgres://u:p@10.0.0.7:6543/shop", "10.0.0.7", 6543, "u", "p", "shop"),
        ("postgres:///shop?host=/run/postgresql", "/run/postgresql", 5432, ME, "", "shop"),
        ("postgres://u:p@/shop?host=/tmp&port=6543", "/tmp", 6543, "u", "p", "shop"),
        ("postgres://u@%2FRun%2Fpg:6543/shop", "/Run/pg", 6543, "u", "", "shop"),
        ("postgres://h?dbname=shop&user=u&password=a%2Bb", "h", 5432, "u", "a+b", "shop"),
        ("postgres://h/shop?user=u&password=a+b", "h", 5432, "u", "a+b", "shop"),
        ("postgres://u:p@h:/shop", "h", 5432, "u", "p", "shop"),
        ("postgres://u:p@DB.Example/shop?host=", "DB.Example", 5432, "u", "p", "shop"),
        ("postgres://u:p@h/shop?pgbouncer=true&keepalives=1", "h", 5432, "u", "p", "shop"),
    ],
)
def test_a_url_says_where_the_database_is(
    url: str, host: str, port: int, user: str, password: str, database: str
) -> None:
    target = dsn.parse(url)
    assert (target.host, target.port) == (host, port)
    assert (target.user, target.password, target.database) == (user, password, database)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("mysql://u:p@h/shop", "must begin with postgres:// or postgresql://"),
        ("h/shop", "must begin with postgres:// or postgresql://"),
        ("postgres://u:p@h", "names no database"),
        ("postgres://u:p@h/", "names no database"),
        ("postgres://u:p@h:0/shop", "from 1 to 65535"),
        ("postgres://u:p@h:65536/shop", "from 1 to 65535"),
        ("postgres://u:p@h:http/shop", "from 1 to 65535"),
        ("postgres://u:p@h/shop?port=x", "from 1 to 65535"),
        ("postgres://u:p@[::1/shop", "is not IPv6"),
        ("postgres://u:p@a,b/shop", "names several hosts"),
        ("postgres://u:p@a:1,b:2/shop", "names several hosts"),
        ("postgres://u:p@/shop?host=a,b", "names several hosts"),
        ("postgres://u:secret#1@h/shop", "# as %23"),
        ("postgres://u:secret/1@h/shop", "/ as %2F"),
        ("postgres://u:secret?1@h/shop", "/ as %2F"),
        ("postgres://u:100%@h/shop", "percent sign as %25"),
        ("postgres://u:secret%00@h/shop", "percent sign as %25"),
        ("postgres://u:p@h/shop?sslmode=yes", "is not one of disable, allow, prefer"),
        ("postgres://u:p@h/shop?ssl=true", "write sslmode=require"),
        ("postgres://u:p@h/shop?sslcert=/a.pem", "client certificates are not supported"),
        ("postgres://u:p@h/shop?connect_timeout=soon", "no number of seconds"),
        ("postgres://u:p@h/shop?sslmode=verify-ca&sslrootcert=/no.pem", "is not there"),
        (f"postgres://u:p@h/shop?sslmode=verify-ca&sslrootcert={__file__}", "cannot be read"),
        (f"postgres://u:p@h/shop?sslrootcert={CERTIFICATE}", "verifies nothing with it"),
        ("postgres://u:p@h/shop?sslmode=require&sslrootcert=system", "verify-full only"),
        ("postgres://u:p@h/shop?channel_binding=require", "write sslmode=verify-full"),
    ],
)
def test_a_wrong_url_is_told_what_would_be_right(url: str, expected: str) -> None:
    with pytest.raises(ValueError, match=re.escape(expected)) as refusal:
        dsn.parse(url)
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize("mode", ["allow", "prefer"])
def test_a_mode_that_may_fall_back_is_left_to_the_driver(mode: str) -> None:
    assert dsn.parse(f"postgres://u:p@h/shop?sslmode={mode}").ssl == mode


def test_encryption_is_preferred_where_nothing_is_said() -> None:
    assert dsn.parse("postgres://u:p@h/shop").ssl == "prefer"


@pytest.mark.parametrize(
    "url",
    [
        "postgres://u:p@h/shop?sslmode=disable",
        "postgres://u:p@/shop?host=/tmp",
        "postgres://u:p@/shop?host=/tmp&sslmode=require",
    ],
)
def test_a_socket_and_a_disabled_mode_are_not_encrypted(url: str) -> None:
    assert dsn.parse(url).ssl is False


@pytest.mark.parametrize(
    ("query", "verifies", "checks_name"),
    [
        ("sslmode=require", False, False),
        (f"sslmode=require&sslrootcert={CERTIFICATE}", True, False),
        ("sslmode=verify-ca", True, False),
        (f"sslmode=verify-ca&sslrootcert={CERTIFICATE}", True, False),
        ("sslmode=verify-full", True, True),
        (f"sslmode=verify-full&sslrootcert={CERTIFICATE}", True, True),
        ("sslrootcert=system", True, True),
        ("sslmode=verify-full&channel_binding=require", True, True),
    ],
)
def test_a_mode_verifies_what_libpq_would(query: str, verifies: bool, checks_name: bool) -> None:
    context = dsn.parse(f"postgres://u:p@h/shop?{query}").ssl
    assert isinstance(context, ssl.SSLContext)
    assert (context.verify_mode == ssl.CERT_REQUIRED) is verifies
    assert context.check_hostname is checks_name


def test_the_usual_file_of_authorities_makes_require_verify(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".postgresql").mkdir()
    (tmp_path / ".postgresql" / "root.crt").write_bytes(CERTIFICATE.read_bytes())
    context = dsn.parse("postgres://u:p@h/shop?sslmode=require").ssl
    assert isinstance(context, ssl.SSLContext)
    assert context.verify_mode == ssl.CERT_REQUIRED


@pytest.mark.parametrize(
    ("query", "seconds"),
    [("", None), ("?connect_timeout=3", 3.0), ("?connect_timeout=0", None)],
)
def test_a_connect_timeout_is_in_seconds_and_zero_is_none(
    query: str, seconds: float | None
) -> None:
    assert dsn.parse(f"postgres://u:p@h/shop{query}").connect_timeout == seconds


def test_session_options_are_passed_on_and_the_password_is_not_shown() -> None:
    target = dsn.parse("postgres://u:secret@h/shop?application_name=till&options=-c%20geqo%3Doff")
    assert target.options == {"application_name": "till", "options": "-c geqo=off"}
    assert "secret" not in repr(target)
