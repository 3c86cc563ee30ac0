"""Uploads: messages to values, totals to the answer."""

from pinfold.v1.dataset_service_pb2 import DocumentUpload, UploadDocumentsRequest, UploadDocumentsResponse
from pinfold.v1.document_changes_pb2 import UploadMode
from pinfold.v1.failure_pb2 import ItemFailure
from pinfold_server.domain import names
from pinfold_server.errors import Code, invalid
from pinfold_server.rpc.convert.convert_documents import document_from_pb
from pinfold_server.rpc.statuses import status_number
from pinfold_server.services.documents.duplicates import DuplicateTexts
from pinfold_server.services.documents.upload_batches import UploadItem, UploadTarget
from pinfold_server.store.storage_pb2 import ItemFailureRecord, UploadAnswer


def target_from_pb(first: UploadDocumentsRequest) -> UploadTarget:
    """Where an upload goes, as its first message says."""
    return UploadTarget(
        source_id=names.parse_source(first.source, "source"),
        dataset_id=names.parse_dataset(first.dataset, "dataset") if first.dataset else None,
        create_labels=first.create_labels,
        annotator=first.annotator,
        add_only=_add_only(first.mode),
        duplicates=_duplicates(first.duplicates),
    )


def _add_only(mode: int) -> bool:
    if mode not in UploadMode.values():
        raise invalid("mode", f"is not known to this server: {mode}")
    return mode == UploadMode.UPLOAD_MODE_ADD


def _duplicates(number: int) -> DuplicateTexts:
    if not number:
        return DuplicateTexts.STORE
    try:
        return DuplicateTexts(number)
    except ValueError:
        raise invalid("duplicates", f"is not known to this server: {number}") from None


def check_same_source(later: UploadDocumentsRequest, target: UploadTarget) -> None:
    """A later message may name the source again, but no other one."""
    if later.source and names.parse_source(later.source, "source") != target.source_id:
        raise invalid(
            "source", "must be the source of the first message, or be left out; upload to another in another call"
        )


def items_from_pb(message: UploadDocumentsRequest) -> list[UploadItem]:
    return [_item_from_pb(upload) for upload in message.documents]


def upload_to_pb(answer: UploadAnswer) -> UploadDocumentsResponse:
    return UploadDocumentsResponse(
        new_count=answer.new_count,
        text_changed_count=answer.text_changed_count,
        metadata_changed_count=answer.metadata_changed_count,
        unchanged_count=answer.unchanged_count,
        failed_count=answer.failed_count,
        failures=map(failure_to_pb, answer.failures),
        annotated_count=answer.annotated_count,
        labels_created_count=answer.labels_created_count,
        revision=answer.revision,
        duplicate_count=answer.duplicate_count,
        split_changed_count=answer.split_changed_count,
    )


def failure_to_pb(record: ItemFailureRecord) -> ItemFailure:
    return ItemFailure(
        index=record.index,
        id=record.id,
        code=status_number(Code[record.code]),
        reason=record.reason,
        field=record.field,
        message=record.message,
    )


def _item_from_pb(upload: DocumentUpload) -> UploadItem:
    document = document_from_pb(upload.document)
    split = upload.split if upload.HasField("split") else None
    if not upload.HasField("labels"):
        return UploadItem(document, split=split)
    said = upload.labels
    # A repeated field is copied at once by a slice, and asked for one element after the other by `tuple`.
    sentiments = tuple(said.sentiments[:]) if said.sentiments else ()
    return UploadItem(document, tuple(said.labels[:]), sentiments, split)
