"""Under which key an answer of `/v1` may be kept."""

from catalog import http_cache
from catalog.reads import contexts

# Streamed, or of one asker.
NEVER = (b"/v1/export", b"/v1/imports", b"/v1/changes", b"/v1/cache")


def key(asked: http_cache.Request) -> str | None:
    """By its address, whose parameters may stand in any order, its language and its host, which
    links of feeds name."""
    if asked.path.startswith(NEVER):
        return None
    told = asked.headers
    parts = (
        b"rest",
        asked.path,
        b"&".join(sorted(asked.query.split(b"&"))),
        told.get(b"accept", b""),
        ",".join(contexts.accepted(told.get(b"accept-language", b"").decode("latin-1"))).encode(),
        told.get(b"host", b""),
        told.get(b"x-forwarded-proto", b""),
    )
    return http_cache.digest(*parts)


FACE = http_cache.Face("/v1/", frozenset({"GET", "HEAD"}), key)
