"""The servicer over real services: what is converted on the way in and out. Calls go without the network."""

from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given
from hypothesis import strategies as st

from pinfold.v1 import dataset_service_pb2 as pb
from pinfold.v1.annotation_pb2 import RETRIEVAL_MODE_TEACH, LabelSet
from pinfold.v1.annotation_pb2 import RetrievalMode as RetrievalModeOfProtocol
from pinfold.v1.dataset_pb2 import Dataset
from pinfold.v1.document_pb2 import Document, MetadataValue
from pinfold.v1.label_pb2 import Label
from pinfold.v1.source_pb2 import Source
from pinfold_server.domain.labels.annotations import RetrievalMode
from pinfold_server.errors import Code
from pinfold_server.rpc.convert.convert_documents import document_from_pb, document_to_pb
from pinfold_server.rpc.datasets.dataset_service import DatasetServicer
from pinfold_server.rpc.once import request_key
from pinfold_server.services.datasets.statuses import StatusService
from pinfold_server.services.predictions.predictions import PredictionService, PredictLimits
from pinfold_server.services.predictions.served import ServedVersions
from pinfold_server.services.sampling.sampling import SamplingService
from pinfold_server.store.storage_pb2 import DocumentRecord
from tests.services.refusals import refused
from tests.stores import open_bench


@pytest.fixture
def service(tmp_path: Path) -> Iterator[DatasetServicer]:
    with open_bench(tmp_path / "store") as bench, ThreadPoolExecutor(1) as executor:
        served = ServedVersions(bench.store, executor, memory_bytes_max=1 << 20)
        predictions = PredictionService(bench.store, served, executor, PredictLimits(), saw=lambda *_: None)
        yield DatasetServicer(
            bench.use, SamplingService(bench.store, predictions, bench.use.scores), StatusService(bench.store)
        )


async def stream(*messages: pb.UploadDocumentsRequest) -> AsyncIterator[pb.UploadDocumentsRequest]:
    for message in messages:
        yield message


def upload(document_id: str, text: str = "some text", *labels: str) -> pb.DocumentUpload:
    sent = pb.DocumentUpload(document=Document(id=document_id, text=text))
    if labels:
        sent.labels.labels.extend(labels)
    return sent


async def test_a_dataset_goes_round(service: DatasetServicer) -> None:
    wanted = Dataset(title="Support", description="What people write")
    made = await service.CreateDataset(pb.CreateDatasetRequest(dataset_id="support", dataset=wanted))
    assert (made.name, made.title, list(made.sources)) == ("datasets/support", "Support", ["sources/support"])
    assert made.HasField("create_time")
    assert await service.GetDataset(pb.GetDatasetRequest(name="datasets/support")) == made
    listed = await service.ListDatasets(pb.ListDatasetsRequest())
    assert (list(listed.datasets), listed.next_page_token) == ([made], "")
    await service.DeleteDataset(pb.DeleteDatasetRequest(name="datasets/support", etag=made.etag))
    with refused(Code.NOT_FOUND, "DATASET_NOT_FOUND"):
        await service.GetDataset(pb.GetDatasetRequest(name="datasets/support"))


async def test_an_update_takes_the_fields_of_its_mask(service: DatasetServicer) -> None:
    first = Dataset(title="One", description="Two")
    await service.CreateDataset(pb.CreateDatasetRequest(dataset_id="support", dataset=first))
    wanted = Dataset(name="datasets/support", title="New")
    changed = await service.UpdateDataset(pb.UpdateDatasetRequest(dataset=wanted))
    assert (changed.title, changed.description) == ("New", "Two")
    mask = FieldMask(paths=["description"])
    changed = await service.UpdateDataset(pb.UpdateDatasetRequest(dataset=wanted, update_mask=mask))
    assert (changed.title, changed.description) == ("New", "")
    with refused(Code.INVALID, "INVALID_FIELD", "update_mask"):
        unknown = FieldMask(paths=["revision"])
        await service.UpdateDataset(pb.UpdateDatasetRequest(dataset=wanted, update_mask=unknown))
    with refused(Code.INVALID, "INVALID_FIELD", "dataset.sources"):
        cleared = FieldMask(paths=["sources"])
        await service.UpdateDataset(pb.UpdateDatasetRequest(dataset=wanted, update_mask=cleared))
    with refused(Code.CONFLICT, "ETAG_MISMATCH"):
        stale = Dataset(name="datasets/support", title="Newer", etag="1")
        await service.UpdateDataset(pb.UpdateDatasetRequest(dataset=stale))


async def test_a_source_goes_round(service: DatasetServicer) -> None:
    made = await service.CreateSource(pb.CreateSourceRequest(source_id="mail", source=Source(title="Mail")))
    assert (made.name, made.title, made.document_count) == ("sources/mail", "Mail", 0)
    assert await service.GetSource(pb.GetSourceRequest(name="sources/mail")) == made
    assert list((await service.ListSources(pb.ListSourcesRequest())).sources) == [made]
    await service.DeleteSource(pb.DeleteSourceRequest(name="sources/mail"))
    assert list((await service.ListSources(pb.ListSourcesRequest())).sources) == []


async def test_an_upload_of_several_messages_is_answered_in_sum(service: DatasetServicer) -> None:
    await service.CreateDataset(pb.CreateDatasetRequest(dataset_id="support"))
    first = pb.UploadDocumentsRequest(
        source="sources/support",
        dataset="datasets/support",
        create_labels=True,
        annotator="ann",
        documents=[upload("a/1", "text", "A > B"), upload("b", " ")],
    )
    later = pb.UploadDocumentsRequest(documents=[upload("c"), upload("a/1")])
    answer = await service.UploadDocuments(stream(first, later))
    assert (answer.new_count, answer.failed_count, answer.annotated_count, answer.labels_created_count) == (2, 2, 1, 2)
    assert [(found.index, found.id, found.code, found.reason, found.field) for found in answer.failures] == [
        (1, "b", 3, "EMPTY_TEXT", "documents[1].document.text"),
        (3, "a/1", 3, "DUPLICATE_ID", "documents[3].document.id"),
    ]
    assert answer.revision == 1
    found = await service.GetDocument(pb.GetDocumentRequest(name="sources/support/documents/a/1"))
    assert (found.id, found.text) == ("a/1", "text")
    request = pb.GetAnnotationRequest(dataset="datasets/support", document=found.name)
    annotation = await service.GetAnnotation(request)
    assert (list(annotation.assigned), annotation.reviewed, annotation.annotator) == (["A > B"], True, "ann")
    listed = await service.ListDocuments(pb.ListDocumentsRequest(source="sources/support", page_size=1))
    assert list(listed.documents) == [found]
    assert listed.next_page_token
    gone = pb.DeleteDocumentsRequest(source="sources/support", ids=["a/1", "zz"])
    assert (await service.DeleteDocuments(gone)).deleted_count == 1


async def test_an_upload_that_is_wrong_as_a_whole_is_refused(service: DatasetServicer) -> None:
    await service.CreateDataset(pb.CreateDatasetRequest(dataset_id="support"))
    await service.CreateSource(pb.CreateSourceRequest(source_id="mail"))
    with refused(Code.INVALID, "INVALID_FIELD", "source"):
        await service.UploadDocuments(stream())
    with refused(Code.INVALID, "INVALID_NAME", "source"):
        await service.UploadDocuments(stream(pb.UploadDocumentsRequest(documents=[upload("a")])))
    with refused(Code.INVALID, "INVALID_NAME", "dataset"):
        first = pb.UploadDocumentsRequest(source="sources/support", dataset="support")
        await service.UploadDocuments(stream(first))
    with refused(Code.INVALID, "INVALID_FIELD", "source"):
        first = pb.UploadDocumentsRequest(source="sources/support", documents=[upload("a")])
        other = pb.UploadDocumentsRequest(source="sources/mail", documents=[upload("b")])
        await service.UploadDocuments(stream(first, other))
    source = await service.GetSource(pb.GetSourceRequest(name="sources/support"))
    assert source.document_count == 1


async def test_an_upload_without_documents_is_answered(service: DatasetServicer) -> None:
    await service.CreateDataset(pb.CreateDatasetRequest(dataset_id="support"))
    first = pb.UploadDocumentsRequest(source="sources/support", dataset="datasets/support")
    assert await service.UploadDocuments(stream(first)) == pb.UploadDocumentsResponse()


async def test_labels_and_annotations_go_round(service: DatasetServicer) -> None:
    await service.CreateDataset(pb.CreateDatasetRequest(dataset_id="support"))
    labels = [Label(name="A > B", description="deep"), Label(name="C")]
    answer = await service.UpsertLabels(pb.UpsertLabelsRequest(dataset="datasets/support", labels=labels))
    assert ([label.name for label in answer.labels], answer.created_count) == (["A > B", "C"], 3)
    first = pb.UploadDocumentsRequest(source="sources/support", documents=[upload("a"), upload("b")])
    await service.UploadDocuments(stream(first))
    name = "sources/support/documents/a"
    update = pb.AnnotationUpdate(
        document=name,
        assigned=LabelSet(labels=["A > B"]),
        dismissed=LabelSet(labels=["C"]),
        reviewed=True,
        retrieval_mode=RETRIEVAL_MODE_TEACH,
    )
    unknown = pb.AnnotationUpdate(document="sources/support/documents/zz", reviewed=True)
    request = pb.AnnotateRequest(dataset="datasets/support", annotations=[update, unknown], annotator="ann")
    told = await service.Annotate(request)
    assert (told.changed_count, told.unchanged_count, told.failed_count) == (1, 0, 1)
    assert (told.failures[0].code, told.failures[0].index) == (5, 1)
    listed = await service.ListAnnotations(pb.ListAnnotationsRequest(dataset="datasets/support"))
    (annotation,) = listed.annotations
    assert (annotation.document, list(annotation.assigned), list(annotation.dismissed)) == (name, ["A > B"], ["C"])
    assert (annotation.reviewed, annotation.retrieval_mode) == (True, RETRIEVAL_MODE_TEACH)
    found = await service.ListLabels(pb.ListLabelsRequest(dataset="datasets/support"))
    assert [(label.name, label.assigned_count, label.dismissed_count) for label in found.labels] == [
        ("A", 1, 0),
        ("A > B", 1, 0),
        ("C", 0, 1),
    ]


async def test_an_empty_set_of_labels_is_not_the_same_as_none(service: DatasetServicer) -> None:
    await service.CreateDataset(pb.CreateDatasetRequest(dataset_id="support"))
    none = upload("none")
    empty = pb.DocumentUpload(document=Document(id="empty", text="text"), labels=LabelSet())
    first = pb.UploadDocumentsRequest(source="sources/support", dataset="datasets/support", documents=[none, empty])
    assert (await service.UploadDocuments(stream(first))).annotated_count == 1


def test_the_modes_are_those_of_the_protocol() -> None:
    ours = {f"RETRIEVAL_MODE_{mode.name}": int(mode) for mode in RetrievalMode}
    assert ours == dict(RetrievalModeOfProtocol.items())


values = st.text(max_size=5) | st.floats(allow_nan=False)
times = st.none() | st.integers(-62_135_596_800_000_000, 253_402_300_799_999_999)


@given(st.text(max_size=5), st.text(max_size=20), times, st.dictionaries(st.text(max_size=5), values, max_size=3))
def test_a_document_survives_its_conversions(
    document_id: str, text: str, timestamp_us: int | None, metadata: dict[str, str | float]
) -> None:
    message = Document(id=document_id, text=text)
    if timestamp_us is not None:
        sent = Timestamp(seconds=timestamp_us // 1_000_000, nanos=timestamp_us % 1_000_000 * 1_000)
        message.timestamp.CopyFrom(sent)
    for name, value in metadata.items():
        sent_value = MetadataValue(string_value=value) if isinstance(value, str) else MetadataValue(number_value=value)
        message.metadata[name].CopyFrom(sent_value)
    document = document_from_pb(message)
    assert (document.id, document.text, document.timestamp_us) == (document_id, text, timestamp_us)
    assert document.metadata == metadata
    record = DocumentRecord(text=text, timestamp_us=timestamp_us or 0)
    for name, value in metadata.items():
        if isinstance(value, str):
            record.metadata[name].string_value = value
        else:
            record.metadata[name].number_value = value
    answered = document_to_pb("mail", document_id, record)
    assert answered.metadata == message.metadata
    assert answered.HasField("timestamp")
    assert document_from_pb(answered).timestamp_us == (timestamp_us or 0)


def test_a_value_without_a_kind_is_kept_apart_for_the_check() -> None:
    message = Document(id="d", text="text")
    message.metadata["k"].SetInParent()
    assert document_from_pb(message).metadata == {"k": None}


def test_a_request_is_recognised_whatever_the_order_of_its_fields_and_without_its_id() -> None:
    one = request_key("Annotate", pb.AnnotateRequest(request_id="r", annotator="a", dataset="d"))
    two = request_key("Annotate", pb.AnnotateRequest(dataset="d", annotator="a", request_id="r"))
    other = request_key("Annotate", pb.AnnotateRequest(dataset="d", annotator="b", request_id="r"))
    assert one is not None
    assert one == two != other
    assert (one.method, one.request_id) == ("Annotate", "r")
    assert request_key("Annotate", pb.AnnotateRequest(dataset="d")) is None


@pytest.mark.parametrize("request_id", ["x" * 129, "a\nb"])
def test_a_request_id_out_of_rule_is_refused(request_id: str) -> None:
    with refused(Code.INVALID, "INVALID_FIELD", "request_id"):
        request_key("Annotate", pb.AnnotateRequest(request_id=request_id))
