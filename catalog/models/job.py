"""Import jobs: the file that was handed in, how far its import is, the rows it refused."""

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.db_defaults import SqlDefault
from tortoise.models import Model

from catalog.models.base import (
    EMPTY_OBJECT,
    FALSE,
    NO_TEXT,
    ZERO,
    Timestamps,
    check,
    index,
    one_of,
    unique,
)

JOB_STATES = ("queued", "running", "done", "failed", "cancelled")


class ImportJob(Timestamps):
    """`stage`, `done` and `total` say how far it is; `attempts` how often a process has begun it
    and not given it back."""

    id = fields.IntField(primary_key=True)
    token = fields.ForeignKeyField(
        "catalog.ApiToken", "import_jobs", null=True, on_delete=fields.SET_NULL
    )
    state = fields.TextField(db_default=SqlDefault("'queued'::text"))
    file_name = fields.TextField()
    size = fields.IntField(db_default=ZERO)
    options = fields.JSONField[dict[str, object]](db_default=EMPTY_OBJECT)
    format = fields.TextField(null=True)
    stage = fields.TextField(db_default=NO_TEXT)
    done = fields.IntField(db_default=ZERO)
    total = fields.IntField(db_default=ZERO)
    counts = fields.JSONField[dict[str, object]](db_default=EMPTY_OBJECT)
    errors_total = fields.IntField(db_default=ZERO)
    warnings_total = fields.IntField(db_default=ZERO)
    attempts = fields.IntField(db_default=ZERO)
    cancel_requested = fields.BooleanField(db_default=FALSE)
    error_code = fields.TextField(null=True)
    error = fields.TextField(null=True)
    started_at = fields.DatetimeField(null=True)
    finished_at = fields.DatetimeField(null=True)

    class Meta:
        table = "import_job"
        constraints = (
            one_of("import_job", "state", *JOB_STATES),
            check(
                "import_job",
                "finished",
                "(finished_at IS NOT NULL) = (state IN ('done', 'failed', 'cancelled'))",
            ),
        )
        indexes = (index("import_job", "state", "id"), index("import_job", "token_id"))


class ImportFilePart(Model):
    """A piece of the file, packed with zlib; in the order of `position`, from 0 on."""

    id = fields.BigIntField(primary_key=True)
    job = fields.ForeignKeyField("catalog.ImportJob", "parts", on_delete=fields.CASCADE)
    position = fields.IntField()
    content = fields.BinaryField()

    class Meta:
        table = "import_file_part"
        constraints = (unique("import_file_part", "job_id", "position"),)


class ImportResult(Model):
    """What became of records so far, so that whoever goes on after a kill counts none twice: the
    lines where they stood and the ids of their rows."""

    id = fields.BigIntField(primary_key=True)
    job = fields.ForeignKeyField("catalog.ImportJob", "results", on_delete=fields.CASCADE)
    noun = fields.TextField()
    status = fields.TextField()
    lines = ArrayField("int")
    ids = ArrayField("int")

    class Meta:
        table = "import_result"
        constraints = (one_of("import_result", "status", "created", "updated", "unchanged"),)
        indexes = (index("import_result", "job_id"),)


class ImportRowError(Model):
    """`input` is the row as the file has it, as JSON text: its columns in their order."""

    id = fields.BigIntField(primary_key=True)
    job = fields.ForeignKeyField("catalog.ImportJob", "row_errors", on_delete=fields.CASCADE)
    line = fields.IntField()
    column = fields.TextField(null=True)
    value = fields.TextField(null=True)
    code = fields.TextField()
    message = fields.TextField()
    warning = fields.BooleanField(db_default=FALSE)
    input = fields.TextField(null=True)

    class Meta:
        table = "import_row_error"
        indexes = (index("import_row_error", "job_id", "line"),)
