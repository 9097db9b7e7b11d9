"""A PostgreSQL that speaks TLS with a certificate it signed itself, as a platform's does.

It is the machine's own, of the lowest version there is: the embedded one speaks no TLS.
"""

import os
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import servers

from bench.place import free_port
from catalog import migrate
from catalog.errors import Unavailable
from catalog.settings import Settings

INSTALLED = sorted(
    Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4])
)

pytestmark = pytest.mark.skipif(
    not INSTALLED or shutil.which("openssl") is None,
    reason="needs PostgreSQL under /usr/lib/postgresql and openssl: apt-get install postgresql",
)

# PostgreSQL refuses to run as root; Debian's package brings the user.
USER = "postgres" if os.geteuid() == 0 else None

CERTIFICATE = """
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2
-subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout server.key -out server.crt
"""

OPTIONS = "-c ssl=on -c fsync=off -c unix_socket_directories=. -c listen_addresses=127.0.0.1"


def run(folder: Path, *command: str) -> None:
    done = subprocess.run(command, cwd=folder, user=USER, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def folder(open_folder: Path) -> Path:
    if USER:
        shutil.chown(open_folder, USER)
    return open_folder


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """`host:port/database` of a server that takes encrypted connections with a password only."""
    bin_, data, port = INSTALLED[0].parent, folder / "data", free_port()
    (folder / "password").write_text("secret")
    run(folder, str(bin_ / "initdb"), "-D", str(data), "-U", "shop", "-A", "scram-sha-256",
        "--pwfile=password", "--encoding=utf8", "--no-sync")  # fmt: skip
    run(data, *CERTIFICATE.split())
    (data / "pg_hba.conf").write_text("hostssl all all all scram-sha-256\n")
    control = (str(bin_ / "pg_ctl"), "-D", str(data), "-l", str(data / "log"), "-w")
    run(data, *control, "-o", f"{OPTIONS} -p {port}", "start")
    yield f"localhost:{port}/postgres"
    run(data, *control, "-m", "fast", "stop")


def settings(address: str, query: str, password: str = "secret") -> Settings:
    return Settings(
        database_url=f"postgres://shop:{password}@{address}?{query}", database_acquire_timeout=30
    )


async def test_the_lowest_version_takes_every_migration_over_tls(address: str) -> None:
    target = settings(address, "sslmode=require")
    assert await migrate.migrate(target) == servers.MIGRATIONS
    assert await migrate.pending(target) == ()


@pytest.mark.parametrize("mode", ["allow", "prefer", "require"])
async def test_a_mode_that_verifies_nothing_connects(address: str, mode: str) -> None:
    await migrate.pending(settings(address, f"sslmode={mode}"))


@pytest.mark.parametrize("mode", ["verify-ca", "verify-full"])
async def test_an_unknown_authority_is_refused(address: str, mode: str) -> None:
    with pytest.raises(Unavailable) as refusal:
        await migrate.pending(settings(address, f"sslmode={mode}"))
    assert isinstance(refusal.value.__cause__, ssl.SSLCertVerificationError)


@pytest.mark.parametrize("mode", ["require", "verify-ca", "verify-full"])
async def test_a_named_authority_is_believed(address: str, folder: Path, mode: str) -> None:
    root = folder / "data" / "server.crt"
    await migrate.pending(settings(address, f"sslmode={mode}&sslrootcert={root}"))


async def test_verify_full_checks_the_name_and_verify_ca_does_not(
    address: str, folder: Path
) -> None:
    root = folder / "data" / "server.crt"
    by_number = address.replace("localhost", "127.0.0.1")
    await migrate.pending(settings(by_number, f"sslmode=verify-ca&sslrootcert={root}"))
    with pytest.raises(Unavailable):
        await migrate.pending(settings(by_number, f"sslmode=verify-full&sslrootcert={root}"))


async def test_an_unencrypted_connection_and_a_wrong_password_are_refused(address: str) -> None:
    for target in (
        settings(address, "sslmode=disable"),
        settings(address, "sslmode=require", password="wrong"),
    ):
        with pytest.raises(Unavailable):
            await migrate.pending(target)
