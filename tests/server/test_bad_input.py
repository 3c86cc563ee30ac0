"""Every kind of bad input gets a precise status, reason and field, and harms nothing else."""

from collections.abc import Iterator

import grpc
import pytest

import pinfold
from pinfold.v1 import dataset_service_pb2 as dpb
from pinfold.v1 import model_service_pb2 as mpb
from pinfold.v1.annotation_pb2 import LabelSet
from pinfold.v1.dataset_service_pb2_grpc import DatasetServiceStub
from pinfold.v1.document_pb2 import Document, MetadataValue
from pinfold.v1.label_pb2 import Label
from pinfold.v1.model_service_pb2_grpc import ModelServiceStub
from pinfold.v1.prediction_service_pb2 import PredictRequest
from pinfold.v1.prediction_service_pb2_grpc import PredictionServiceStub
from pinfold.v1.run_pb2 import ALGORITHM_COMPLEMENT_NAIVE_BAYES, CLASS_WEIGHT_BALANCED, RunConfig
from tests.server.failures import failure_of
from tests.serving import HANG_SECONDS, Server, Trained, serving, ticket_rows

INVALID = grpc.StatusCode.INVALID_ARGUMENT
NOT_FOUND = grpc.StatusCode.NOT_FOUND
PRECONDITION = grpc.StatusCode.FAILED_PRECONDITION


class Stubs:
    def __init__(self, server: Server) -> None:
        options = [("grpc.max_send_message_length", -1)]
        self.channel = grpc.insecure_channel(server.target, options=options)
        self.datasets = DatasetServiceStub(self.channel)
        self.models = ModelServiceStub(self.channel)
        self.predictions = PredictionServiceStub(self.channel)


@pytest.fixture(scope="module")
def stubs(server: Server) -> Iterator[Stubs]:
    made = Stubs(server)
    yield made
    made.channel.close()


@pytest.fixture(scope="module")
def plain(stubs: Stubs) -> str:
    """A dataset with one label and one document, not trained."""
    name = "plain-" + str(id(stubs))
    stubs.datasets.CreateDataset(dpb.CreateDatasetRequest(dataset_id=name))
    upload(stubs, name, dpb.DocumentUpload(document=Document(id="d", text="text"), labels=LabelSet(labels=["A"])))
    return name


def upload(stubs: Stubs, name: str, *items: dpb.DocumentUpload, create: bool = True) -> dpb.UploadDocumentsResponse:
    request = dpb.UploadDocumentsRequest(
        source=f"sources/{name}", dataset=f"datasets/{name}", create_labels=create, documents=items
    )
    return stubs.datasets.UploadDocuments(iter([request]), timeout=HANG_SECONDS)


# --- names that are not there -------------------------------------------------------------------------------------


def test_a_dataset_that_does_not_exist(stubs):
    failure = failure_of(lambda: stubs.datasets.GetDataset(dpb.GetDatasetRequest(name="datasets/none")))
    assert (failure.code, failure.reason) == (NOT_FOUND, "DATASET_NOT_FOUND")
    assert "datasets/none" in failure.message


def test_a_version_that_does_not_exist(stubs, trained: Trained):
    request = PredictRequest(dataset=f"datasets/{trained.dataset}", number=99, texts=["x"])
    assert failure_of(lambda: stubs.predictions.Predict(request)).reason == "VERSION_NOT_FOUND"


def test_a_tag_that_is_not_set(stubs, trained: Trained):
    request = PredictRequest(dataset=f"datasets/{trained.dataset}", tag="canary", texts=["x"])
    failure = failure_of(lambda: stubs.predictions.Predict(request))
    assert (failure.code, failure.reason) == (NOT_FOUND, "TAG_NOT_FOUND")


def test_the_newest_version_of_a_dataset_without_any(stubs, plain):
    request = PredictRequest(dataset=f"datasets/{plain}", tag="latest", texts=["x"])
    failure = failure_of(lambda: stubs.predictions.Predict(request))
    assert (failure.code, failure.reason) == (PRECONDITION, "NO_VERSION")


# --- ids and label names out of rule ------------------------------------------------------------------------------


@pytest.mark.parametrize("dataset_id", ["", "-a", "A", "a_b", "a" * 64, "a b", "é", "a\n"])
def test_a_dataset_id_out_of_rule(stubs, dataset_id):
    failure = failure_of(lambda: stubs.datasets.CreateDataset(dpb.CreateDatasetRequest(dataset_id=dataset_id)))
    assert (failure.code, failure.reason, failure.fields) == (INVALID, "INVALID_ID", ("dataset_id",))


def test_a_dataset_id_at_the_limit(stubs):
    stubs.datasets.CreateDataset(dpb.CreateDatasetRequest(dataset_id="a" * 63))


@pytest.mark.parametrize("tag", ["Live", "1", "a_b", "a" * 64, "latest", ""])
def test_a_tag_out_of_rule(stubs, trained: Trained, tag):
    request = mpb.SetTagRequest(name=f"datasets/{trained.dataset}/tags/{tag}", version=trained.first)
    failure = failure_of(lambda: stubs.models.SetTag(request))
    assert (failure.code, failure.fields) == (INVALID, ("name",))


@pytest.mark.parametrize(
    "label",
    ["", " ", "A > ", " > A", "A >  > B", "A>B", "A > B>C", "A" * 65, "A > " + "b" * 65, "a\x00b", "a\nb", " A"],
)
def test_a_label_name_out_of_rule(stubs, plain, label):
    request = dpb.UpsertLabelsRequest(dataset=f"datasets/{plain}", labels=[Label(name="Good"), Label(name=label)])
    failure = failure_of(lambda: stubs.datasets.UpsertLabels(request))
    assert (failure.code, failure.reason, failure.fields) == (INVALID, "INVALID_LABEL", ("labels[1].name",))


def test_a_label_part_at_the_limit(stubs, plain):
    request = dpb.UpsertLabelsRequest(dataset=f"datasets/{plain}", labels=[Label(name="b" * 64)])
    assert stubs.datasets.UpsertLabels(request).created_count == 1


# --- documents ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "reason", "field"),
    [
        (Document(id="x", text=""), "EMPTY_TEXT", "text"),
        (Document(id="x", text=" \n\t\u2003"), "EMPTY_TEXT", "text"),
        (Document(id="x", text="a" * ((1 << 20) + 1)), "TEXT_TOO_LONG", "text"),
        (Document(id="", text="a"), "INVALID_DOCUMENT_ID", "id"),
        (Document(id="a\x01", text="a"), "INVALID_DOCUMENT_ID", "id"),
        (Document(id="é" * 129, text="a"), "INVALID_DOCUMENT_ID", "id"),
        (
            Document(id="x", text="a", metadata={"n": MetadataValue(number_value=float("nan"))}),
            "INVALID_METADATA",
            "metadata",
        ),
    ],
)
def test_a_bad_document_fails_alone(stubs, plain, document, reason, field):
    good = [dpb.DocumentUpload(document=Document(id=f"good-{place}", text="fine")) for place in range(2)]
    answer = upload(stubs, plain, good[0], dpb.DocumentUpload(document=document), good[1])

    (failure,) = answer.failures
    assert (failure.index, failure.code, failure.reason) == (1, INVALID.value[0], reason)
    assert failure.field.startswith(f"documents[1].document.{field}")
    assert answer.new_count + answer.unchanged_count == 2


def test_a_text_of_exactly_one_mebibyte_is_stored(stubs, plain):
    answer = upload(stubs, plain, dpb.DocumentUpload(document=Document(id="long", text="a" * (1 << 20))))
    assert answer.failed_count == 0


def test_an_id_twice_in_one_upload(stubs, plain):
    item = dpb.DocumentUpload(document=Document(id="twice", text="one"))
    again = dpb.DocumentUpload(document=Document(id="twice", text="two"))
    requests = [
        dpb.UploadDocumentsRequest(source=f"sources/{plain}", documents=[item]),
        dpb.UploadDocumentsRequest(documents=[again]),
    ]
    answer = stubs.datasets.UploadDocuments(iter(requests))

    (failure,) = answer.failures
    assert (failure.index, failure.id, failure.reason) == (1, "twice", "DUPLICATE_ID")
    document = stubs.datasets.GetDocument(dpb.GetDocumentRequest(name=f"sources/{plain}/documents/twice"))
    assert document.text == "one"


def test_a_label_that_does_not_exist_fails_the_item_unless_it_may_be_created(stubs, plain):
    item = dpb.DocumentUpload(document=Document(id="new", text="x"), labels=LabelSet(labels=["A", "Unheard"]))
    (failure,) = upload(stubs, plain, item, create=False).failures

    assert (failure.reason, failure.field) == ("UNKNOWN_LABEL", "documents[0].labels.labels[1]")


# --- annotations --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("update", "reason", "field"),
    [
        ({"document": "none"}, "DOCUMENT_NOT_FOUND", "document"),
        ({"assigned": ["Unheard"]}, "UNKNOWN_LABEL", "assigned.labels[0]"),
        ({"dismissed": ["A", "Unheard"]}, "UNKNOWN_LABEL", "dismissed.labels[1]"),
        ({"assigned": ["A"], "dismissed": ["A"]}, "LABEL_CONFLICT", "dismissed"),
    ],
)
def test_a_bad_annotation_fails_alone(stubs, plain, update, reason, field):
    def change(document: str = "d", assigned=(), dismissed=()) -> dpb.AnnotationUpdate:
        return dpb.AnnotationUpdate(
            document=f"sources/{plain}/documents/{document}",
            assigned=LabelSet(labels=assigned),
            dismissed=LabelSet(labels=dismissed),
        )

    upload(stubs, plain, dpb.DocumentUpload(document=Document(id="other", text="x")))
    request = dpb.AnnotateRequest(
        dataset=f"datasets/{plain}", annotations=[change("other", assigned=["A"]), change(**update)]
    )
    answer = stubs.datasets.Annotate(request)

    (failure,) = answer.failures
    assert (failure.index, failure.reason, failure.field) == (1, reason, f"annotations[1].{field}")
    assert answer.changed_count + answer.unchanged_count == 1


# --- training -----------------------------------------------------------------------------------------------------


def test_training_with_no_annotation(stubs):
    stubs.datasets.CreateDataset(dpb.CreateDatasetRequest(dataset_id="nothing"))
    failure = failure_of(lambda: stubs.models.Train(mpb.TrainRequest(dataset="datasets/nothing")))
    assert (failure.code, failure.reason) == (PRECONDITION, "NO_ANNOTATIONS")


def test_options_beside_a_stored_configuration_are_refused(stubs, plain):
    request = mpb.TrainRequest(
        dataset=f"datasets/{plain}", config=RunConfig(), run_configuration="runConfigurations/fast"
    )
    failure = failure_of(lambda: stubs.models.Train(request))
    assert (failure.code, failure.reason, failure.fields) == (INVALID, "INVALID_CONFIG", ("config",))


@pytest.mark.parametrize("name", ["fast", "runConfigurations/", "runConfigurations/Fast", "datasets/fast"])
def test_a_name_that_is_not_of_a_run_configuration(stubs, plain, name):
    request = mpb.TrainRequest(dataset=f"datasets/{plain}", run_configuration=name)
    failure = failure_of(lambda: stubs.models.Train(request))
    assert (failure.code, failure.fields) == (INVALID, ("run_configuration",))


@pytest.mark.parametrize(
    ("config", "fields"),
    [
        (RunConfig(max_features=99), ("config.max_features",)),
        (RunConfig(regularization=0), ("config.regularization",)),
        (RunConfig(regularization=float("nan")), ("config.regularization",)),
        (RunConfig(word_ngram_min=3), ("config.word_ngram_min",)),
        (RunConfig(algorithm=99), ("config.algorithm",)),
        (RunConfig(min_df=0, seed=-1), ("config.min_df", "config.seed")),
        (RunConfig(char_scope=99), ("config.char_scope",)),
        (RunConfig(stop_words=["a b", "c"]), ("config.stop_words[0]",)),
        (
            RunConfig(algorithm=ALGORITHM_COMPLEMENT_NAIVE_BAYES, class_weight=CLASS_WEIGHT_BALANCED),
            ("config.class_weight",),
        ),
    ],
)
def test_an_option_out_of_rule_is_refused_before_anything_is_queued(stubs, plain, config, fields):
    failure = failure_of(lambda: stubs.models.Train(mpb.TrainRequest(dataset=f"datasets/{plain}", config=config)))

    assert (failure.code, failure.reason, failure.fields) == (INVALID, "INVALID_CONFIG", fields)
    assert not stubs.models.ListRuns(mpb.ListRunsRequest(dataset=f"datasets/{plain}")).runs


@pytest.mark.parametrize(
    ("name", "rows", "reason"),
    [
        ("one-class", [{"text": "a b"}, {"text": "c d"}], "ONE_CLASS"),
        ("no-words", [{"text": "!!!", "labels": ["A"]}, {"text": "...", "labels": ["B"]}], "NO_FEATURES"),
    ],
)
def test_data_that_cannot_be_trained_fail_the_run_with_a_reason(client, name, rows, reason):
    dataset = client.create_dataset(name)
    dataset.upload([{"labels": ["A"], **row} for row in rows])
    with pytest.raises(pinfold.TrainingFailed) as caught:
        dataset.train().wait(timeout=HANG_SECONDS)

    assert caught.value.reason == reason
    assert not list(dataset.versions())


def test_one_document_for_each_class_either_trains_or_says_why_not(client):
    dataset = client.create_dataset("one-each")
    dataset.upload([{"text": "red apple", "labels": ["Fruit"]}, {"text": "fast car", "labels": ["Vehicle"]}])
    version = dataset.train().wait(timeout=HANG_SECONDS)

    assert {label.name for label in version.labels} == {"Fruit", "Vehicle"}
    assert all(label.thresholds.balanced is None for label in version.labels)


# --- predictions --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_fields", "reason", "field"),
    [
        ({"thresholds": {"Login": 1.5}}, "INVALID_THRESHOLD", "thresholds['Login']"),
        ({"thresholds": {"Login": -0.1}}, "INVALID_THRESHOLD", "thresholds['Login']"),
        ({"thresholds": {"Login": float("nan")}}, "INVALID_THRESHOLD", "thresholds['Login']"),
        ({"default_threshold": 2}, "INVALID_THRESHOLD", "default_threshold"),
        ({"thresholds": {"Unheard": 0.5}}, "UNKNOWN_LABEL", "thresholds['Unheard']"),
        ({"labels": ["Login", "Unheard"]}, "UNKNOWN_LABEL", "labels[1]"),
        ({"texts": []}, "TEXT_COUNT", "texts"),
        ({"texts": ["x"] * 4_097}, "TEXT_COUNT", "texts"),
        ({"top_k": -1}, "INVALID_FIELD", "top_k"),
        ({"threshold_policy": 9}, "INVALID_FIELD", "threshold_policy"),
        ({"number": -1}, "INVALID_FIELD", "number"),
        ({"tag": "NO"}, "INVALID_TAG", "tag"),
        ({"dataset": "tickets"}, "INVALID_NAME", "dataset"),
    ],
)
def test_a_bad_prediction_request(stubs, trained: Trained, request_fields, reason, field):
    request = PredictRequest(**{"dataset": f"datasets/{trained.dataset}", "texts": ["x"], **request_fields})
    failure = failure_of(lambda: stubs.predictions.Predict(request))

    assert (failure.code, failure.reason, failure.fields) == (INVALID, reason, (field,))


def test_as_many_texts_as_allowed_are_answered(stubs, trained: Trained):
    request = PredictRequest(dataset=f"datasets/{trained.dataset}", texts=["where is my parcel"] * 4_096)
    assert len(stubs.predictions.Predict(request).predictions) == 4_096


def test_thresholds_of_exactly_0_and_1_are_allowed(stubs, trained: Trained):
    request = PredictRequest(
        dataset=f"datasets/{trained.dataset}", texts=["my parcel"], thresholds={"Login": 0, "Delivery": 1}
    )
    (prediction,) = stubs.predictions.Predict(request).predictions
    assert "Login" in [label.name for label in prediction.labels]


def test_bad_texts_fail_alone_and_the_others_answer_as_if_alone(stubs, trained: Trained):
    texts = ["where is my parcel", "", " \n", "a" * ((1 << 20) + 1), "I lost my password"]
    dataset = f"datasets/{trained.dataset}"
    together = stubs.predictions.Predict(PredictRequest(dataset=dataset, texts=texts, all_scores=True)).predictions

    assert [answer.error.reason for answer in together] == ["", "EMPTY_TEXT", "EMPTY_TEXT", "TEXT_TOO_LONG", ""]
    assert [answer.error.index for answer in together if answer.HasField("error")] == [1, 2, 3]
    for place in (0, 4):
        request = PredictRequest(dataset=dataset, texts=[texts[place]], all_scores=True)
        (alone,) = stubs.predictions.Predict(request).predictions
        assert alone == together[place]


def test_a_text_longer_than_a_model_reads_is_answered_and_says_so(stubs, trained: Trained):
    request = PredictRequest(dataset=f"datasets/{trained.dataset}", texts=["a " * 40_000, "short"])
    long, short = stubs.predictions.Predict(request).predictions
    assert (long.truncated, short.truncated) == (True, False)


# --- versions and tags --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def limited(tmp_path_factory) -> Iterator[Server]:
    """A server with low limits, where three versions of one dataset are trained and the first two pinned."""
    flags = ["--pins-max", "2", "--labels-max", "8"]
    with serving(tmp_path_factory.mktemp("limited"), flags=flags) as server:
        with pinfold.Client(server.target) as client:
            dataset = client.create_dataset("small")
            dataset.upload(ticket_rows())
            for pinned in (True, True, False):
                version = dataset.train(max_features=500).wait(timeout=HANG_SECONDS)
                if pinned:
                    version.pin()
        yield server


@pytest.fixture(scope="module")
def low(limited: Server) -> Iterator[Stubs]:
    made = Stubs(limited)
    yield made
    made.channel.close()


def test_one_pin_too_many(low):
    failure = failure_of(lambda: low.models.PinVersion(mpb.PinVersionRequest(name="datasets/small/versions/3")))
    assert (failure.code, failure.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "TOO_MANY_PINS")


def test_tagging_a_version_that_is_not_pinned(low):
    failure = failure_of(lambda: low.models.SetTag(mpb.SetTagRequest(name="datasets/small/tags/live", version=3)))
    assert (failure.code, failure.reason) == (PRECONDITION, "VERSION_NOT_PINNED")


def test_unpinning_a_version_that_a_tag_points_to(low):
    low.models.SetTag(mpb.SetTagRequest(name="datasets/small/tags/live", version=1))
    failure = failure_of(lambda: low.models.UnpinVersion(mpb.UnpinVersionRequest(name="datasets/small/versions/1")))
    assert (failure.code, failure.reason) == (PRECONDITION, "VERSION_IN_USE")
    assert "'live'" in failure.message


def test_asking_and_pinning_a_version_that_was_given_up(limited, low):
    with pinfold.Client(limited.target) as client:
        dataset = client.create_dataset("given-up")
        dataset.upload(ticket_rows())
        for _ in range(2):
            dataset.train(max_features=500).wait(timeout=HANG_SECONDS)
    request = PredictRequest(dataset="datasets/given-up", number=1, texts=["x"])
    failure = failure_of(lambda: low.predictions.Predict(request))
    assert (failure.code, failure.reason) == (PRECONDITION, "VERSION_NOT_PINNED")
    name = mpb.PinVersionRequest(name="datasets/given-up/versions/1")
    assert failure_of(lambda: low.models.PinVersion(name)).reason == "VERSION_NOT_AVAILABLE"


def test_one_label_too_many(low):
    low.datasets.CreateDataset(dpb.CreateDatasetRequest(dataset_id="labels"))
    most = [Label(name=f"L{number}") for number in range(8)]
    low.datasets.UpsertLabels(dpb.UpsertLabelsRequest(dataset="datasets/labels", labels=most))
    one_more = dpb.UpsertLabelsRequest(dataset="datasets/labels", labels=[Label(name="one more")])
    failure = failure_of(lambda: low.datasets.UpsertLabels(one_more))
    assert (failure.code, failure.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "TOO_MANY_LABELS")
    assert low.datasets.GetDataset(dpb.GetDatasetRequest(name="datasets/labels")).label_count == 8


def test_a_change_with_an_old_etag(low):
    tag = low.models.SetTag(mpb.SetTagRequest(name="datasets/small/tags/canary", version=1))
    low.models.SetTag(mpb.SetTagRequest(name="datasets/small/tags/canary", version=2, etag=tag.etag))
    stale = mpb.SetTagRequest(name="datasets/small/tags/canary", version=1, etag=tag.etag)
    failure = failure_of(lambda: low.models.SetTag(stale))
    assert (failure.code, failure.reason) == (grpc.StatusCode.ABORTED, "ETAG_MISMATCH")
    assert low.models.GetTag(mpb.GetTagRequest(name="datasets/small/tags/canary")).version == 2


def test_a_request_id_repeated_gets_the_first_answer_and_with_another_payload_an_error(low):
    request = mpb.TrainRequest(dataset="datasets/small", request_id="same", config=RunConfig(max_features=400))
    first, again = low.models.Train(request), low.models.Train(request)
    assert first == again
    request.config.max_features = 401
    failure = failure_of(lambda: low.models.Train(request))
    assert (failure.code, failure.reason, failure.fields) == (INVALID, "REQUEST_ID_REUSED", ("request_id",))


@pytest.mark.parametrize("token", ["x", "AAAA", "!", "é"])
def test_a_page_token_that_is_not_ours(low, token):
    request = mpb.ListVersionsRequest(dataset="datasets/small", page_token=token)
    failure = failure_of(lambda: low.models.ListVersions(request))
    assert (failure.code, failure.reason, failure.fields) == (INVALID, "INVALID_PAGE_TOKEN", ("page_token",))
