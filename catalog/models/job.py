"""Import jobs and the rows they refused."""

from tortoise import fields
from tortoise.fields.db_defaults import SqlDefault
from tortoise.models import Model

from catalog.models.base import EMPTY_OBJECT, ZERO, Timestamps, index, one_of

JOB_STATES = ("queued", "running", "done", "failed", "cancelled")


class ImportJob(Timestamps):
    id = fields.IntField(primary_key=True)
    state = fields.TextField(db_default=SqlDefault("'queued'::text"))
    file_name = fields.TextField()
    options = fields.JSONField[dict[str, object]](db_default=EMPTY_OBJECT)
    counts = fields.JSONField[dict[str, object]](db_default=EMPTY_OBJECT)
    chunks_done = fields.IntField(db_default=ZERO)
    started_at = fields.DatetimeField(null=True)
    finished_at = fields.DatetimeField(null=True)

    class Meta:
        table = "import_job"
        constraints = (one_of("import_job", "state", *JOB_STATES),)
        indexes = (index("import_job", "state", "id"),)


class ImportRowError(Model):
    id = fields.BigIntField(primary_key=True)
    job = fields.ForeignKeyField("catalog.ImportJob", "row_errors", on_delete=fields.CASCADE)
    line = fields.IntField()
    column = fields.TextField(null=True)
    value = fields.TextField(null=True)
    code = fields.TextField()
    message = fields.TextField()

    class Meta:
        table = "import_row_error"
        indexes = (index("import_row_error", "job_id", "line"),)
