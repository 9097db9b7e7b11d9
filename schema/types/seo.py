"""What search engines are told of a page."""

import strawberry
from strawberry import field


@strawberry.type(description="What search engines are told of a page.")
class Seo:
    title: str | None = field(description="Title of the page.")
    description: str | None = field(description="Text under the title in a list of results.")
