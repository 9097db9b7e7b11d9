"""How the tests write over REST."""

from typing import Any

import httpx


class Writer:
    """Somebody with a token that may write."""

    def __init__(self, client: httpx.AsyncClient, token: str) -> None:
        self.client = client
        self.bearer = {"Authorization": f"Bearer {token}"}

    async def __call__(
        self, method: str, path: str, body: Any = None, /, **headers: str | None
    ) -> httpx.Response:
        """Headers by names with `_`; None leaves one out that would be sent."""
        sent = self.bearer | {
            name.replace("_", "-"): text for name, text in headers.items() if text
        }
        content = {} if body is None else {"json": body}
        return await self.client.request(method, path, headers=sent, **content)

    async def good(
        self, method: str, path: str, body: Any = None, /, **headers: str | None
    ) -> httpx.Response:
        answer = await self(method, path, body, **headers)
        assert answer.is_success, answer.text
        return answer

    async def tag(self, path: str) -> str:
        return (await self.good("GET", path)).headers["ETag"]


def flaws(answer: httpx.Response) -> list[tuple[str, str]]:
    """Where and what of everything that is wrong."""
    return [(error["location"], error["code"]) for error in answer.json()["errors"]]
