"""One job: its file fetched, loaded, and what became of it written down."""

import asyncio
import logging
import tempfile
from collections.abc import Sequence
from contextvars import Context
from pathlib import Path
from typing import Literal

import asyncpg

from catalog import db
from catalog.db import Connection
from catalog.errors import CatalogError, Conflict, Unavailable
from catalog.files import importing
from catalog.files.importing import Finding, Order, Report
from catalog.jobs import parts, queue, refusals, words
from catalog.jobs.queue import MAX_ATTEMPTS, Ending, Job
from catalog.jobs.tally import Tally
from catalog.settings import Settings
from catalog.writes.staging import Result

logger = logging.getLogger(__name__)

Reason = Literal["cancel", "release"]

_EVERY = 1.0
# How long a chunk that is being written may still take; then it is taken back.
_PATIENCE = 15.0


class _Stopped(Exception):
    """Between two chunks, because somebody asked."""


class Run:
    """A job being run, on the connection that has the turn."""

    def __init__(self, job: Job, settings: Settings) -> None:
        self._job, self._settings = job, settings
        self._tally = Tally(job.id)
        self._findings: list[Finding] = []
        self._stage, self._done, self._total = "read", 0, 0
        self._reason: Reason | None = None
        self._work: asyncio.Task[Report] | None = None

    def stop(self, reason: Reason) -> None:
        """At the next chunk. What is still being read or checked is dropped at once, and a chunk
        that takes too long is taken back: each is whole or not there."""
        if self._reason is not None:
            return
        self._reason = reason
        if self._work is None:
            return
        if self._stage == "write" and not self._job.options.dry_run:
            asyncio.get_running_loop().call_later(_PATIENCE, self._work.cancel)
        else:
            self._work.cancel()

    async def run(self, connection: Connection) -> None:
        """Ends the job or gives it back. Raises what says that the connection is no good."""
        if self._job.cancel_requested:
            await self._end("cancelled")
            return
        if self._job.attempts > MAX_ATTEMPTS:
            said = f"gave up: each of the {MAX_ATTEMPTS} processes that began it ended in the midst"
            await self._end("failed", code="GAVE_UP", error=said)
            return
        with tempfile.TemporaryDirectory(prefix="catalog-import-") as folder:
            await self._in(Path(folder), connection)

    async def _in(self, folder: Path, connection: Connection) -> None:
        file, order = await self._fetched(folder)
        try:
            report = await self._loaded(file, order)
        except (_Stopped, asyncio.CancelledError):
            if self._reason is None:
                raise
            await self._stopped(file, order)
        except (Conflict, Unavailable) as error:
            if connection.is_closed():
                raise
            await self._again(error)
        except CatalogError as error:
            await self._end("failed", code=error.code, error=words.told(error.message, folder))
        except asyncpg.QueryCanceledError as error:
            await self._broken(error)
        except Exception as error:
            if connection.is_closed() or isinstance(error, db.AWAY):
                raise
            await self._broken(error)
        else:
            await self._finished(report, file, order)

    async def _fetched(self, folder: Path) -> tuple[Path, Order]:
        options = self._job.options
        # Apart from the mapping, so that neither can stand for the other.
        file = folder / "file" / (Path(self._job.file_name).name or "file")
        file.parent.mkdir()
        await parts.restore(self._job.id, file)
        mapping = None
        if options.mapping is not None:
            mapping = folder / "mapping" / "mapping.yaml"
            mapping.parent.mkdir()
            mapping.write_text(options.mapping, encoding="utf-8")
        order = Order(
            mapping,
            options.format,
            options.encoding,
            options.currency,
            options.channel,
            options.on_error,
            options.dry_run,
            options.lists,
        )
        return file, order

    async def _loaded(self, file: Path, order: Order) -> Report:
        await self._tally.restore()
        if self._reason is not None:
            raise _Stopped
        self._work = asyncio.create_task(
            importing.load(
                file, order, self._settings, self._progress, self._answered, self._committing
            )
        )
        # In a context of its own: it must not speak on the connection that is at work.
        watching = asyncio.create_task(self._watch(), context=Context())
        try:
            return await self._work
        finally:
            watching.cancel()
            self._work.cancel()
            await asyncio.wait([watching, self._work])

    def _progress(self, stage: str, done: int, total: int) -> None:
        """Of writing: after the commit of a chunk."""
        self._stage, self._done, self._total = stage, done, total
        if stage == "write" and self._reason is not None:
            raise _Stopped

    async def _committing(self, results: Sequence[Result]) -> None:
        """Counts are committed with what they count, so that a kill leaves both or neither. Whoever
        cancelled while a chunk was being written waits for no other."""
        await self._tally.add(results)
        if await queue.count(self._job.id, self._tally.counts):
            self.stop("cancel")

    async def _answered(self, results: Sequence[Result], findings: Sequence[Finding]) -> None:
        """What is written was counted by `_committing`; what is left out the report tells, for a
        product of several rows that have errors is one."""
        self._findings += findings
        options = self._job.options
        refused = [each for each in results if each.status == "failed"]
        if options.on_error == "abort":
            self._tally.try_out(refused)
        if options.dry_run:
            self._tally.try_out(each for each in results if each.status != "failed")
        if self._reason is not None:
            raise _Stopped

    async def _watch(self) -> None:
        """Tells how far it is, and learns that it is to stop."""
        while True:
            try:
                if await queue.tell(self._job.id, self._stage, self._done, self._total):
                    self.stop("cancel")
            except (CatalogError, *db.AWAY):
                logger.warning("the progress of import %s could not be told", self._job.id)
            await asyncio.sleep(_EVERY)

    async def _finished(self, report: Report, file: Path, order: Order) -> None:
        errors = len(report.errors)
        refused = errors and order.on_error == "abort" and not order.dry_run
        said = (
            f"{errors:,} {'error' if errors == 1 else 'errors'}, so nothing was written: mend the "
            "rows, or leave them out with on_error=skip"
        )
        if order.on_error == "skip":
            self._tally.leave_out({noun: each.skipped for noun, each in report.counts.items()})
        async with db.unit_of_work():
            await refusals.keep(self._job.id, report.findings, file=file, order=order)
            await self._end(
                "failed" if refused else "done",
                findings=report.findings,
                format=report.format,
                code="ROWS_REFUSED" if refused else None,
                error=said if refused else None,
            )

    async def _stopped(self, file: Path, order: Order) -> None:
        if self._reason == "release":
            await queue.release(self._job.id, counted=False)
            return
        # Not what was counted and then taken back.
        self._tally = Tally(self._job.id)
        await self._tally.restore()
        async with db.unit_of_work():
            await refusals.keep(self._job.id, self._findings, file=file, order=order)
            await self._end("cancelled", findings=self._findings)

    async def _again(self, error: CatalogError) -> None:
        """Somebody else wrote the same things, or had all connections: the same load again writes
        the rest."""
        if self._job.attempts >= MAX_ATTEMPTS:
            await self._end("failed", code=error.code, error=error.message)
            return
        logger.warning("import %s is tried again: %s", self._job.id, error.message)
        await queue.release(self._job.id, counted=True)

    async def _broken(self, error: Exception) -> None:
        logger.error("import %s failed", self._job.id, exc_info=error)
        if isinstance(error, asyncpg.QueryCanceledError):
            code = "TOO_SLOW"
            said = f"a statement took longer than {db.JOB_STATEMENT_TIMEOUT} s; import it in parts"
        else:
            code = "INTERNAL_SERVER_ERROR"
            said = f"something went wrong here; the log has more, under import {self._job.id}"
        await self._end("failed", code=code, error=said)

    async def _end(
        self,
        state: str,
        *,
        findings: Sequence[Finding] = (),
        format: str | None = None,
        code: str | None = None,
        error: str | None = None,
    ) -> None:
        warnings = sum(finding.warning for finding in findings)
        errors = len(findings) - warnings
        ending = Ending(state, self._tally.counts, format, errors, warnings, code, error)
        async with db.unit_of_work():
            await queue.tell(self._job.id, self._stage, self._done, self._total)
            await queue.end(self._job.id, ending)
        logger.info("import %s is %s", self._job.id, state)
