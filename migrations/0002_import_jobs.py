"""Import jobs: their file, options, progress, what became of their records, the rows they refused."""

from typing import Any

from tortoise import fields, migrations
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.db_defaults import SqlDefault
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

# CreateModel leaves out a model's constraints.
STATUS = CheckConstraint(
    "status IN ('created', 'updated', 'unchanged')", "import_result_status_check"
)
PART_KEY = UniqueConstraint(("job_id", "position"), "import_file_part_job_id_position_key")

SQL = [
    f"ALTER TABLE import_result ADD CONSTRAINT {STATUS.name} CHECK ({STATUS.check})",
    f"ALTER TABLE import_file_part ADD CONSTRAINT {PART_KEY.name} UNIQUE (job_id, position)",
]


def job(related_name: str) -> fields.Field[Any]:
    return fields.ForeignKeyField(
        "catalog.ImportJob",
        source_field="job_id",
        to_field="id",
        related_name=related_name,
        on_delete=fields.CASCADE,
    )


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]

    operations = [
        ops.CreateModel(
            name="ImportResult",
            fields=[
                ("id", fields.BigIntField(primary_key=True)),
                ("job", job("results")),
                ("noun", fields.TextField()),
                ("status", fields.TextField()),
                ("lines", ArrayField("int")),
                ("ids", ArrayField("int")),
            ],
            options={
                "table": "import_result",
                "constraints": [STATUS],
                "indexes": [Index(fields=["job_id"], name="import_result_job_id_idx")],
            },
        ),
        ops.CreateModel(
            name="ImportFilePart",
            fields=[
                ("id", fields.BigIntField(primary_key=True)),
                ("job", job("parts")),
                ("position", fields.IntField()),
                ("content", fields.BinaryField()),
            ],
            options={"table": "import_file_part", "constraints": [PART_KEY]},
        ),
        ops.RunSQL(SQL, ops.RunSQL.noop),
        ops.RemoveField("ImportJob", "chunks_done"),
        ops.AddField(
            "ImportJob",
            "token",
            fields.ForeignKeyField(
                "catalog.ApiToken",
                source_field="token_id",
                null=True,
                to_field="id",
                related_name="import_jobs",
                on_delete=fields.SET_NULL,
            ),
        ),
        ops.AddField("ImportJob", "size", fields.IntField(db_default=SqlDefault("0"))),
        ops.AddField("ImportJob", "format", fields.TextField(null=True)),
        ops.AddField("ImportJob", "stage", fields.TextField(db_default=SqlDefault("''::text"))),
        ops.AddField("ImportJob", "done", fields.IntField(db_default=SqlDefault("0"))),
        ops.AddField("ImportJob", "total", fields.IntField(db_default=SqlDefault("0"))),
        ops.AddField("ImportJob", "errors_total", fields.IntField(db_default=SqlDefault("0"))),
        ops.AddField("ImportJob", "warnings_total", fields.IntField(db_default=SqlDefault("0"))),
        ops.AddField("ImportJob", "attempts", fields.IntField(db_default=SqlDefault("0"))),
        ops.AddField(
            "ImportJob", "cancel_requested", fields.BooleanField(db_default=SqlDefault("false"))
        ),
        ops.AddField("ImportJob", "error_code", fields.TextField(null=True)),
        ops.AddField("ImportJob", "error", fields.TextField(null=True)),
        ops.AddIndex("ImportJob", Index(fields=["token_id"], name="import_job_token_id_idx")),
        ops.AddConstraint(
            "ImportJob",
            CheckConstraint(
                "(finished_at IS NOT NULL) = (state IN ('done', 'failed', 'cancelled'))",
                "import_job_finished_check",
            ),
        ),
        ops.AddField(
            "ImportRowError", "warning", fields.BooleanField(db_default=SqlDefault("false"))
        ),
        ops.AddField("ImportRowError", "input", fields.TextField(null=True)),
    ]
