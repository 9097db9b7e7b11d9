"""What is told of an import."""

import datetime
from dataclasses import asdict
from typing import Annotated, Literal

from pydantic import Field

from catalog import ids
from catalog.jobs.options import Options
from catalog.reads import imports
from catalog.rest.parts import JsonObject, PageOf, Shape, as_id

KIND = "ImportJob"
PREFIX = "/v1/imports"


class ImportOptions(Shape):
    format: str | None = Field(None, description="As it was said; what it is, is told above.")
    mapping: bool = Field(description="Whether one came along.")
    encoding: str | None = None
    currency: str | None = None
    channel: str | None = None
    on_error: Literal["abort", "skip"] = "abort"
    dry_run: bool = False
    lists: Literal["merge", "replace"] = "merge"


class ImportProgress(Shape):
    stage: Literal["", "read", "check", "write"] = Field(description="Empty before it begins.")
    done: int = Field(description="Products so far, in this stage.")
    total: int = Field(description="Products in all; 0 as long as nobody knows.")


class ImportCounts(Shape):
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: int = 0


class ImportError(Shape):
    """Why it failed, and what would be right."""

    code: str
    message: str


class ImportLinks(Shape):
    """Addresses, relative to the host."""

    self: str
    errors_csv: str
    errors_ndjson: str
    cancel: str


class Import(Shape):
    id: Annotated[str, as_id(KIND)]
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    file_name: str
    size: int = Field(description="Of the file, in bytes.")
    format: str | None = Field(description="What the file was found to be.")
    options: ImportOptions
    progress: ImportProgress
    counts: dict[str, ImportCounts] = Field(
        description="Records by noun; those that cannot be read are told as `record`. Of a dry "
        "run: what would become of them."
    )
    errors_total: int = Field(description="The files of errors hold the first 10,000 of both.")
    warnings_total: int
    error: ImportError | None = Field(description="Why it failed.")
    links: ImportLinks
    created_at: datetime.datetime
    started_at: datetime.datetime | None
    finished_at: datetime.datetime | None = Field(description="Forgotten 30 days later.")


class Imports(PageOf[Import]):
    """The newest first."""


def shown(job: imports.Import) -> Import:
    here = f"{PREFIX}/{ids.encode(KIND, job.id)}"
    return Import(
        id=job.id,
        state=job.state,
        file_name=job.file_name,
        size=job.size,
        format=job.format,
        options=ImportOptions.model_validate(
            {**job.options, "mapping": job.options.get("mapping") is not None}
        ),
        progress=ImportProgress.model_validate(
            {"stage": job.stage, "done": job.done, "total": job.total}
        ),
        counts={noun: ImportCounts.model_validate(counts) for noun, counts in job.counts.items()},
        errors_total=job.errors_total,
        warnings_total=job.warnings_total,
        error=None
        if job.error is None
        else ImportError(code=job.error_code or "", message=job.error),
        links=ImportLinks(
            self=here,
            errors_csv=f"{here}/errors.csv",
            errors_ndjson=f"{here}/errors.ndjson",
            cancel=f"{here}/cancel",
        ),
        created_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
    )


_MOMENT = datetime.datetime(2026, 3, 1, 8, 30, tzinfo=datetime.UTC)
EXAMPLE: JsonObject = shown(
    imports.Import(
        id=1,
        state="done",
        file_name="products_export.csv",
        size=1_204_223,
        format="Shopify CSV",
        options=asdict(Options(currency="EUR", on_error="skip")),
        stage="write",
        done=1_840,
        total=1_840,
        counts={"product": {"created": 1_792, "updated": 40, "unchanged": 5, "failed": 3}},
        errors_total=3,
        warnings_total=0,
        error_code=None,
        error=None,
        created_at=_MOMENT,
        started_at=_MOMENT + datetime.timedelta(seconds=1),
        finished_at=_MOMENT + datetime.timedelta(seconds=7),
    )
).model_dump(mode="json")
