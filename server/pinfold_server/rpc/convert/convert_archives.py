"""Archives: messages to values, values to messages."""

from collections import Counter

from pinfold.v1 import archive_pb2 as pb
from pinfold_server.rpc.convert.convert_datasets import dataset_to_pb
from pinfold_server.rpc.once import request_key
from pinfold_server.services.common.changes import RequestKey
from pinfold_server.services.datasets.exports import Archive, ArchiveSummary
from pinfold_server.services.datasets.imports import ImportTarget
from pinfold_server.store.storage_pb2 import ImportAnswer


def file_to_pb(archive: Archive) -> pb.ArchiveFile:
    return pb.ArchiveFile(sha256=archive.sha256, size=archive.size, summary=_summary_to_pb(archive.summary))


def import_from_pb(first: pb.ImportDatasetRequest) -> tuple[ImportTarget, RequestKey | None]:
    """What the first message says beside its bytes."""
    options = pb.ImportDatasetRequest(
        dataset_id=first.dataset_id, source_ids=dict(first.source_ids), request_id=first.request_id
    )
    target = ImportTarget(first.dataset_id, dict(first.source_ids))
    return target, request_key("ImportDataset", options)


def import_to_pb(answer: ImportAnswer) -> pb.ImportDatasetResponse:
    return pb.ImportDatasetResponse(
        dataset=dataset_to_pb(answer.dataset),
        summary=_summary_to_pb(ArchiveSummary(Counter(dict(answer.counts)))),
        run_configurations_created=answer.run_configurations_created,
        run_configurations_kept=answer.run_configurations_kept,
    )


def _summary_to_pb(summary: ArchiveSummary) -> pb.ArchiveSummary:
    return pb.ArchiveSummary(
        document_count=summary.documents,
        annotation_count=summary.annotations,
        event_count=summary.events,
        version_count=summary.versions,
        tag_count=summary.tags,
    )
