"""What somebody may be typing."""

from catalog import views
from catalog.context import Context


async def of(ctx: Context, term: str, *, limit: int = 8) -> views.Suggestions:
    raise NotImplementedError
