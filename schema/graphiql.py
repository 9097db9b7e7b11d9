"""GraphiQL: the page that browsers get, with every asset served from here."""

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response

ASSETS = Path(__file__).parent / "assets"
SERVED = frozenset(
    path.name for path in ASSETS.iterdir() if path.suffix in (".js", ".css", ".html")
)

# GraphiQL and CodeMirror set styles in elements; nothing else is inline and nothing is foreign.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def page() -> Response:
    headers = {
        "Content-Security-Policy": POLICY,
        "Referrer-Policy": "no-referrer",
        "Vary": "Accept",
        "X-Content-Type-Options": "nosniff",
    }
    return FileResponse(ASSETS / "graphiql.html", headers=headers)


async def asset(name: str) -> Response:
    if name not in SERVED:
        raise HTTPException(404)
    return FileResponse(
        ASSETS / name,
        headers={"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"},
    )
