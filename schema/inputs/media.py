"""Pictures, videos, models and documents."""

import strawberry
from strawberry import field

from schema.inputs.fields import optional
from schema.types.media import MediaKind


@strawberry.input(description="A picture, a video, a model or a document.")
class MediaInput:
    url: str = field(description="Where it is: `https://…`, or a path of the shop's own.")
    kind: MediaKind | None = optional("What it is; IMAGE where it is not said.")
    alt: str | None = optional("What it shows, for those who cannot see it.")
    width: int | None = optional("In pixels.")
    height: int | None = optional("In pixels.")
