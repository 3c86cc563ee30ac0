"""How rows become UploadDocuments calls, and answers one report (pure)."""

import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from google.rpc import code_pb2

from pinfold import _methods
from pinfold._calls import Call, call_of_many
from pinfold._convert import item_failure
from pinfold._enums import DUPLICATE_TEXTS, DuplicateTexts
from pinfold._errors import PinfoldError
from pinfold._rows import RowError, check_row, to_upload
from pinfold._types import ItemFailure, UploadProgress, UploadReport
from pinfold.v1.dataset_service_pb2 import DocumentUpload, UploadDocumentsRequest, UploadDocumentsResponse

DOCUMENTS_A_CALL = 5_000
BYTES_A_CALL = 4 << 20
# A message is one commit of the server: ten small ones write the same pages of its tree ten times over.
DOCUMENTS_A_MESSAGE = 5_000
BYTES_A_MESSAGE = 1 << 20
# Above what a server stores of a text, and far below what it takes as a message.
BYTES_A_DOCUMENT = 4 << 20
# What waits while a large store flushes one call to disk is flushed together next: a third of the time at a million
# documents in no order.
CALLS_IN_FLIGHT = 4
FAILURES_KEPT = 10_000

# What of a path on the wire the caller calls a row: its fields are the row's keys.
_DOCUMENT_PATH = re.compile(r"^documents\[\d+\](\.document|\.labels(?=\.labels))?")


@dataclass(frozen=True, slots=True)
class Target:
    """Where the documents of an upload go: resource names; `dataset` is empty for documents without labels."""

    source: str
    dataset: str = ""
    create_labels: bool = False
    annotator: str = ""
    mode: str | None = None  # name on the wire
    duplicates: str | None = None  # name on the wire


def calls_in_flight(target: Target) -> int:
    """Which of two texts came first is only known when calls follow one another."""
    compares = target.duplicates not in (None, DUPLICATE_TEXTS.encode(DuplicateTexts.STORE, "duplicates"))
    return 1 if compares else CALLS_IN_FLIGHT


class Upload:
    """One upload from its first row to its report.

    Feed rows to `push`, which answers a call whenever enough are waiting; then take what `flush` has left.
    Give every answer of a call to `add`. A call can be repeated as a whole: it is an upsert.
    """

    def __init__(self, target: Target) -> None:
        self._target = target
        self._batch = _Batch(target)
        self._rows_of_ids: dict[str, int] = {}
        self._rows = 0
        self._report = UploadReport()
        self._failures: list[ItemFailure] = []
        self._ends: deque[int] = deque()  # of the calls under way: the row after their last
        self._settled = 0

    @property
    def done(self) -> int:
        """Rows whose fate is known."""
        return self._report.total

    def push(self, row: object) -> "Call[UploadReport] | None":
        """Raises TypeError or ValueError for a row that is no row; a row with wrong data becomes a failure."""
        number = self._rows
        checked = check_row(number, row)
        self._rows += 1
        try:
            upload = self._unique(number, to_upload(checked))
        except RowError as error:
            self._reject(number, checked, error)
            return None
        size = upload.ByteSize()
        full = self.flush() if self._batch.is_full(size) else None
        self._batch.add(number, upload, size)
        return full

    def flush(self) -> "Call[UploadReport] | None":
        """A call with what is waiting; None when nothing is."""
        batch, self._batch = self._batch, _Batch(self._target)
        if not batch.rows:
            return None
        self._ends.append(batch.rows[-1] + 1)
        return batch.call()

    def add(self, answer: UploadReport) -> None:
        """Counts the answer of one call; answers come in the order of the calls."""
        if self._ends:
            self._settled = self._ends.popleft()
        so_far = self._report
        self._report = UploadReport(
            new=so_far.new + answer.new,
            text_changed=so_far.text_changed + answer.text_changed,
            metadata_changed=so_far.metadata_changed + answer.metadata_changed,
            unchanged=so_far.unchanged + answer.unchanged,
            failed=so_far.failed + answer.failed,
            annotated=so_far.annotated + answer.annotated,
            labels_created=so_far.labels_created + answer.labels_created,
            revision=max(so_far.revision, answer.revision),
            duplicates=so_far.duplicates + answer.duplicates,
            split_changed=so_far.split_changed + answer.split_changed,
        )
        self._keep(answer.failures)

    def progress(self, total: int | None, *, finished: bool = False) -> UploadProgress:
        settled = self._rows if finished else self._settled
        return UploadProgress(self.done, self._report.failed, total, finished, settled)

    def explain(self, error: PinfoldError) -> None:
        """Adds to a failure of a call what became of the rows before it."""
        stored = self._report.stored
        error.add_note(f"{stored} rows had been stored before; repeat the whole upload: nothing is stored twice")

    def report(self) -> UploadReport:
        return replace(self._report, failures=tuple(sorted(self._failures, key=lambda failure: failure.index)))

    def _unique(self, number: int, upload: DocumentUpload) -> DocumentUpload:
        size = upload.ByteSize()
        if size > BYTES_A_DOCUMENT:
            raise RowError("TEXT_TOO_LONG", "text", f"the row has {size} bytes; at most {BYTES_A_DOCUMENT} can be sent")
        earlier = self._rows_of_ids.setdefault(upload.document.id, number)
        if earlier != number:
            raise RowError("DUPLICATE_ID", "id", f"id {upload.document.id!r} is also that of row {earlier}")
        return upload

    def _reject(self, number: int, row: Mapping[str, Any], error: RowError) -> None:
        given = row.get("id")
        failure = ItemFailure(
            index=number,
            id="" if given is None else str(given),
            code=code_pb2.INVALID_ARGUMENT,
            reason=error.reason,
            field=f"rows[{number}].{error.field}",
            message=error.message,
        )
        self._report = replace(self._report, failed=self._report.failed + 1)
        self._keep((failure,))

    def _keep(self, failures: tuple[ItemFailure, ...]) -> None:
        self._failures.extend(failures[: max(FAILURES_KEPT - len(self._failures), 0)])


class _Batch:
    """The rows of one call, already laid out in messages."""

    def __init__(self, target: Target) -> None:
        self.rows: list[int] = []
        self._bytes = 0
        self._message_bytes = 0
        self._messages = [
            UploadDocumentsRequest(
                source=target.source,
                dataset=target.dataset,
                create_labels=target.create_labels,
                annotator=target.annotator,
                mode=target.mode,
                duplicates=target.duplicates,
            )
        ]

    def is_full(self, size: int) -> bool:
        """Whether a document of `size` bytes belongs in the next call."""
        return bool(self.rows) and (len(self.rows) >= DOCUMENTS_A_CALL or self._bytes + size > BYTES_A_CALL)

    def add(self, number: int, upload: DocumentUpload, size: int) -> None:
        waiting = len(self._messages[-1].documents)
        if waiting and (waiting >= DOCUMENTS_A_MESSAGE or self._message_bytes + size > BYTES_A_MESSAGE):
            self._messages.append(UploadDocumentsRequest())
            self._message_bytes = 0
        self._messages[-1].documents.append(upload)
        self._message_bytes += size
        self._bytes += size
        self.rows.append(number)

    def call(self) -> Call[UploadReport]:
        rows = self.rows
        return call_of_many(_methods.UPLOAD_DOCUMENTS, self._messages, lambda answer: _report(answer, rows))


def _report(answer: UploadDocumentsResponse, rows: list[int]) -> UploadReport:
    """The answer of one call with the caller's row numbers in place of the call's."""
    return UploadReport(
        new=answer.new_count,
        text_changed=answer.text_changed_count,
        metadata_changed=answer.metadata_changed_count,
        unchanged=answer.unchanged_count,
        failed=answer.failed_count,
        annotated=answer.annotated_count,
        labels_created=answer.labels_created_count,
        revision=answer.revision,
        duplicates=answer.duplicate_count,
        split_changed=answer.split_changed_count,
        failures=tuple(_renumbered(item_failure(failure), rows) for failure in answer.failures),
    )


def _renumbered(failure: ItemFailure, rows: list[int]) -> ItemFailure:
    row = rows[failure.index]
    return replace(failure, index=row, field=_DOCUMENT_PATH.sub(f"rows[{row}]", failure.field))
