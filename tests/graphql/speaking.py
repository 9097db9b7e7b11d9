"""How these tests ask: one document, its variables, and the answer taken apart."""

from typing import Any, Protocol

Answer = dict[str, Any]


class Ask(Protocol):
    """Posts a document; gives the data, and fails where the answer holds errors."""

    async def __call__(
        self, query: str, *, token: str | None = None, **variables: Any
    ) -> Answer: ...


class Refused(Protocol):
    """Posts a document that is wrong; gives the errors of the answer."""

    async def __call__(
        self, query: str, *, token: str | None = None, **variables: Any
    ) -> list[Answer]: ...


def bearer(token: str | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def names(connection: Answer) -> list[str]:
    return [node["name"] for node in connection["nodes"]]
