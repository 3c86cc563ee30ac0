"""How an archive becomes one call, and a call an archive (pure but for the file)."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from pinfold import _convert, _methods, _names
from pinfold._calls import Call, Stream, call_of_many
from pinfold._types import ArchiveReport, ArchiveSummary, ImportReport, TransferProgress
from pinfold.v1 import archive_pb2 as pb

PIECE_BYTES = 1 << 20

Report = Callable[[TransferProgress], object]


def export_dataset(dataset_id: str) -> Stream[pb.ExportDatasetResponse]:
    request = pb.ExportDatasetRequest(name=_names.dataset(dataset_id))
    return Stream(_methods.EXPORT_DATASET, request, lambda message: message)


def import_dataset(
    path: Path, dataset_id: str | None, source_ids: Mapping[str, str] | None, report: Report
) -> Call[ImportReport]:
    """Raises OSError when the file cannot be read, TypeError or ValueError for names that cannot be sent."""
    first = pb.ImportDatasetRequest(request_id=str(uuid.uuid4()))
    if dataset_id is not None:
        first.dataset_id = _names.text_argument(dataset_id, "dataset_id")
    for old, new in (source_ids or {}).items():
        key = _names.text_argument(old, "source_ids")
        first.source_ids[key] = _names.text_argument(new, f"source_ids[{old!r}]")
    return call_of_many(_methods.IMPORT_DATASET, _Messages(path, first, report), _import_report)


class _Messages:
    """The messages of one import; iterated anew for each attempt."""

    def __init__(self, path: Path, first: pb.ImportDatasetRequest, report: Report) -> None:
        with path.open("rb"):  # what is wrong with the path is told before any call
            self._size = path.stat().st_size
        self._path = path
        self._first = first
        self._report = report

    def __iter__(self) -> Iterator[pb.ImportDatasetRequest]:
        yield self._first
        sent = 0
        with self._path.open("rb") as file:
            while piece := file.read(PIECE_BYTES):
                yield pb.ImportDatasetRequest(data=piece)
                sent += len(piece)
                self._report(TransferProgress(sent, self._size))


def archive_report(path: Path, told: pb.ArchiveFile) -> ArchiveReport:
    return ArchiveReport(path, told.size, told.sha256, _summary(told.summary))


def _import_report(answer: pb.ImportDatasetResponse) -> ImportReport:
    return ImportReport(
        dataset=_convert.dataset_info(answer.dataset),
        summary=_summary(answer.summary),
        run_configurations_created=tuple(answer.run_configurations_created),
        run_configurations_kept=tuple(answer.run_configurations_kept),
    )


def _summary(summary: pb.ArchiveSummary) -> ArchiveSummary:
    return ArchiveSummary(
        documents=summary.document_count,
        annotations=summary.annotation_count,
        events=summary.event_count,
        versions=summary.version_count,
        tags=summary.tag_count,
    )
