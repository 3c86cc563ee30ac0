"""Bad input to histories, archives and restorations: a precise status, reason and field."""

from collections.abc import Callable, Iterator
from typing import Any

import grpc
import pytest

from pinfold.v1.annotation_history_pb2 import ListAnnotationHistoryRequest
from pinfold.v1.archive_pb2 import ExportDatasetRequest, ImportDatasetRequest
from pinfold.v1.dataset_service_pb2_grpc import DatasetServiceStub
from pinfold.v1.model_service_pb2_grpc import ModelServiceStub
from pinfold.v1.restore_pb2 import RestoreDatasetRequest
from tests.server.failures import failure_of
from tests.serving import Server, Trained

INVALID = grpc.StatusCode.INVALID_ARGUMENT
NOT_FOUND = grpc.StatusCode.NOT_FOUND

Call = Callable[[grpc.Channel], Any]


@pytest.fixture(scope="module")
def channel(server: Server) -> Iterator[grpc.Channel]:
    with grpc.insecure_channel(server.target) as opened:
        yield opened


def history(**fields: Any) -> Call:
    return lambda channel: DatasetServiceStub(channel).ListAnnotationHistory(ListAnnotationHistoryRequest(**fields))


def export(name: str) -> Call:
    return lambda channel: list(DatasetServiceStub(channel).ExportDataset(ExportDatasetRequest(name=name)))


def archive(*messages: ImportDatasetRequest) -> Call:
    return lambda channel: DatasetServiceStub(channel).ImportDataset(iter(messages))


def restore(**fields: Any) -> Call:
    request = RestoreDatasetRequest(**({"dataset": "datasets/tickets"} | fields))
    return lambda channel: ModelServiceStub(channel).RestoreDataset(request)


@pytest.mark.parametrize(
    ("call", "code", "reason", "field"),
    [
        (history(dataset="tickets"), INVALID, "INVALID_NAME", "dataset"),
        (history(dataset="datasets/tickets", document="d"), INVALID, "INVALID_NAME", "document"),
        (history(dataset="datasets/none", document="sources/tickets/documents/d"), NOT_FOUND, "DATASET_NOT_FOUND", ""),
        (
            history(dataset="datasets/tickets", document="sources/none/documents/d"),
            NOT_FOUND,
            "SOURCE_NOT_FOUND",
            "document",
        ),
        (
            history(dataset="datasets/tickets", document="sources/tickets/documents/d", page_size=-1),
            INVALID,
            "INVALID_FIELD",
            "page_size",
        ),
        (export("tickets"), INVALID, "INVALID_NAME", "name"),
        (export("datasets/none"), NOT_FOUND, "DATASET_NOT_FOUND", ""),
        (archive(), INVALID, "ARCHIVE_FOREIGN", "data"),
        (archive(ImportDatasetRequest()), INVALID, "ARCHIVE_FOREIGN", "data"),
        (archive(ImportDatasetRequest(data=b"no archive")), INVALID, "ARCHIVE_FOREIGN", "data"),
        (archive(ImportDatasetRequest(dataset_id="No id")), INVALID, "INVALID_ID", "dataset_id"),
        (archive(ImportDatasetRequest(source_ids={"a": "B"})), INVALID, "INVALID_ID", "source_ids['a']"),
        (archive(ImportDatasetRequest(request_id="r" * 129)), INVALID, "INVALID_FIELD", "request_id"),
        (restore(), INVALID, "INVALID_FIELD", "revision"),
        (restore(revision=1, version="datasets/tickets/versions/1"), INVALID, "INVALID_FIELD", "revision"),
        (restore(revision=-1), INVALID, "INVALID_FIELD", "revision"),
        (restore(revision=1 << 40), INVALID, "INVALID_FIELD", "revision"),
        (restore(version="datasets/other/versions/1"), INVALID, "INVALID_FIELD", "version"),
        (restore(version="tickets/1"), INVALID, "INVALID_NAME", "version"),
        (restore(version="datasets/tickets/versions/99"), NOT_FOUND, "VERSION_NOT_FOUND", ""),
        (restore(version="datasets/tickets/versions/unset"), NOT_FOUND, "TAG_NOT_FOUND", ""),
        (restore(revision=1, current_revision=-1), INVALID, "INVALID_FIELD", "current_revision"),
        (restore(revision=1, current_revision=99), grpc.StatusCode.ABORTED, "REVISION_MISMATCH", ""),
        (restore(revision=1, actor="a" * 129), INVALID, "TOO_LONG", "actor"),
        (restore(dataset="datasets/none", revision=1), NOT_FOUND, "DATASET_NOT_FOUND", ""),
    ],
)
def test_bad_input_is_named(
    channel: grpc.Channel, trained: Trained, call: Call, code: grpc.StatusCode, reason: str, field: str
) -> None:
    assert trained.dataset == "tickets"
    found = failure_of(lambda: call(channel))
    assert (found.code, found.reason) == (code, reason)
    if field:
        assert found.fields == (field,)
