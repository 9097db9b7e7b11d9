"""`catalog cache`: what a running server has kept of its answers, and whether that is true."""

import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Annotated, Any

import orjson
import typer

from catalog.errors import Unavailable

app = typer.Typer(
    help="What a running server has kept. Each of its processes tells of itself: one that happens "
    "to answer.",
    no_args_is_help=True,
)

Url = Annotated[str, typer.Option(help="Where it is served.")]
Token = Annotated[
    str, typer.Option(envvar="CATALOG_TOKEN", help="One with the scope admin.", prompt=True)
]
HERE = "http://127.0.0.1:8000"
PATIENCE = 300


@app.command()
def stats(token: Token, url: Url = HERE) -> None:
    """Hit rates, bytes, and how far it has followed the log of changes.

    CATALOG_TOKEN=cat_… catalog cache stats --url https://catalog.example
    """
    found = _ask("GET", f"{url}/v1/cache", token)
    for group in ("memory", "answers", "followed"):
        for name, value in found[group].items():
            typer.echo(f"{group}.{name:12} {_shown(value)}")
    typer.echo(f"hits         {_rate(found['answers'])}")
    typer.echo(f"redis        {found['redis'] or 'none'}")


@app.command()
def check(
    token: Token,
    url: Url = HERE,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many answers.")] = 100,
) -> None:
    """Compare kept answers with fresh ones; exit code 1 where any differs.

    CATALOG_TOKEN=cat_… catalog cache check --url https://catalog.example
    """
    found = _ask("POST", f"{url}/v1/cache:check?limit={limit}", token)
    typer.echo(f"{found['compared']} compared, {len(found['differing'])} differ")
    for question in found["differing"]:
        typer.secho(question, fg="red", err=True)
    if found["differing"]:
        raise typer.Exit(1)


def _ask(method: str, url: str, token: str) -> Any:
    request = urllib.request.Request(
        url, method=method, headers={"Authorization": f"Bearer {token}"}
    )
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return orjson.loads(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            raise Unavailable(f"{url} answers {error.code}: {_detail(error.read())}") from None
    except (OSError, ValueError) as error:
        raise Unavailable(f"{url} does not answer") from error


def _detail(body: bytes) -> str:
    try:
        return str(orjson.loads(body)["detail"])
    except (ValueError, LookupError, TypeError):
        return "no catalog, it seems"


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.3f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _rate(answers: Mapping[str, int]) -> str:
    hits = answers["memory"] + answers["redis"] + answers["shared"] + answers["stale"]
    given = hits + answers["filled"]
    return f"{hits / given:.1%}" if given else "nothing was asked"
