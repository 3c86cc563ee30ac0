"""Comparisons by both clients of a real server."""

from typing import Any

import grpc
import pytest

import pinfold
from pinfold.v1 import comparison_pb2, model_service_pb2_grpc
from tests.serving import HANG_SECONDS, Server, Trained, ticket_rows


@pytest.fixture(scope="module")
def doubtful(server: Server) -> tuple[str, int, int]:
    """A dataset with every fifth label wrong, and two versions that make different mistakes."""
    rows = ticket_rows()
    for row, other in zip(rows[::5], rows[40::5], strict=False):
        row["labels"] = other["labels"]
    with pinfold.Client(server.target, timeout=HANG_SECONDS) as client:
        dataset = client.create_dataset("doubtful")
        dataset.upload(rows)
        first = dataset.train().wait(timeout=HANG_SECONDS).number
        second = dataset.train(algorithm="complement_naive_bayes", char_ngram_min=0, char_ngram_max=0).wait(
            timeout=HANG_SECONDS
        )
    return dataset.id, first, second.number


@pytest.fixture
def tickets(client: Any, trained: Trained) -> Any:
    return client.dataset(trained.dataset)


def test_two_versions_are_compared_on_the_documents_of_both(tickets: Any, trained: Trained) -> None:
    found = tickets.compare("live", trained.second)
    assert (found.base, found.candidate) == (trained.first, trained.second)
    assert isinstance(found.verdict, pinfold.Verdict)
    assert found.comparable
    assert found.caution == ""
    assert (found.base_mode, found.candidate_mode) == (pinfold.ValidationMode.K_FOLD, pinfold.ValidationMode.K_FOLD)
    assert (found.documents, found.trials, found.confidence) == (128, 1_000, 0.95)
    assert {label.label for label in found.labels} == trained.labels
    assert found.micro_f1.low <= found.micro_f1.difference <= found.micro_f1.high
    assert found.summary.startswith(f"Version {trained.second} ")
    login = found["Login"]
    assert login.positives == 32
    assert login.carry_over.now.precision == pytest.approx(login.precision.base)
    assert login.base_label == "Login"


def test_the_figures_are_those_that_each_version_was_stored_with(tickets: Any, trained: Trained) -> None:
    found = tickets.compare(trained.first, trained.second)
    for number, side in ((trained.first, "base"), (trained.second, "candidate")):
        version = tickets.version(number)
        assert getattr(found.micro_f1, side) == pytest.approx(version.info.metrics.micro_f1, abs=1e-9)
        assert getattr(found.macro_f1, side) == pytest.approx(version.info.metrics.macro_f1, abs=1e-9)
        expected = version.info.metrics.mean_average_precision
        assert getattr(found.mean_average_precision, side) == pytest.approx(expected, abs=1e-9)


def test_the_same_seed_gives_the_same_answer(client: Any, doubtful: tuple[str, int, int]) -> None:
    name, *versions = doubtful
    first, again, other = (client.dataset(name).compare(*versions, trials=200, seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert (first.micro_f1.low, first.micro_f1.high) != (other.micro_f1.low, other.micro_f1.high)


def test_flipped_documents_are_those_that_were_counted(client: Any, doubtful: tuple[str, int, int]) -> None:
    name, *versions = doubtful
    dataset = client.dataset(name)
    found = dataset.compare(*versions)
    fixed = list(dataset.flipped_documents(*versions, "fixed"))
    broken = list(dataset.flipped_documents(*versions, pinfold.Flip.BROKEN))
    both = list(dataset.flipped_documents(*versions))
    assert (len(fixed), len(broken), len(both)) == (found.fixed, found.broken, found.fixed + found.broken)
    assert both
    for each in both:
        right = each.candidate_labels if each.flip is pinfold.Flip.FIXED else each.base_labels
        assert right == each.true_labels
        assert each.base_labels != each.candidate_labels
        assert dataset.document(each.document_id, each.source).text.startswith(each.text)


def test_only_some_labels_are_compared(tickets: Any, trained: Trained) -> None:
    found = tickets.compare(trained.first, trained.second, labels=["Login", "Delivery"], policy="high_precision")
    assert {label.label for label in found.labels} == {"Login", "Delivery"}


def refused(error: type[pinfold.PinfoldError], call: Any) -> tuple[str, list[str]]:
    with pytest.raises(error) as caught:
        call()
    return caught.value.reason, [violation.field for violation in caught.value.field_violations]


def test_what_cannot_be_compared_is_refused(tickets: Any, trained: Trained, dataset: Any) -> None:
    first, second = trained.first, trained.second
    invalid = pinfold.InvalidArgument
    assert refused(invalid, lambda: tickets.compare(first, second, labels=["Login", "Nonsense"])) == (
        "UNKNOWN_LABEL",
        ["labels[1]"],
    )
    assert refused(invalid, lambda: tickets.compare(first, second, trials=99))[1] == ["trials"]
    assert refused(invalid, lambda: tickets.compare(first, second, confidence=0.9999))[1] == ["confidence"]
    assert refused(invalid, lambda: tickets.compare(first, second, default_threshold=1.5))[0] == "INVALID_THRESHOLD"
    assert refused(pinfold.NotFound, lambda: tickets.compare(first, 999))[0] == "VERSION_NOT_FOUND"
    assert refused(pinfold.NotFound, lambda: tickets.compare("nobody", second))[0] == "TAG_NOT_FOUND"
    assert refused(pinfold.FailedPrecondition, lambda: dataset.compare("latest", "latest"))[0] == "NO_VERSION"
    with pytest.raises(ValueError, match="policy"):
        tickets.compare(first, second, policy="wild")
    with pytest.raises(TypeError, match="no option 'nonsense'"):
        tickets.compare(first, second, nonsense=1)


def test_versions_of_different_datasets_are_not_compared(trained: Trained) -> None:
    with grpc.insecure_channel(trained.server.target) as channel:
        stub = model_service_pb2_grpc.ModelServiceStub(channel)
        request = comparison_pb2.CompareVersionsRequest(
            base=f"datasets/{trained.dataset}/versions/1", candidate="datasets/other/versions/1"
        )
        with pytest.raises(grpc.RpcError) as caught:
            stub.CompareVersions(request)
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert "candidate" in str(caught.value.details())


def test_versions_of_other_documents_and_other_labels_have_nothing_in_common(dataset: Any) -> None:
    texts = ["where is my refund", "refund me now", "my refund please", "a refund", "refund it", "refund that"]
    logins = ["i cannot log in", "log in fails", "login page broken", "log me in", "login error", "log in again"]

    def train(prefix: str, labels: tuple[str, str]) -> int:
        rows = [
            {"id": f"{prefix}{label}{place}", "text": text, "labels": [label]}
            for label, some in zip(labels, (texts, logins), strict=True)
            for place, text in enumerate(some)
        ]
        dataset.upload(rows)
        return int(dataset.train().wait(timeout=HANG_SECONDS).number)

    first = train("a", ("Refund", "Login"))
    dataset.delete_documents([f"aRefund{place}" for place in range(6)] + [f"aLogin{place}" for place in range(6)])
    second = train("b", ("Refund", "Login"))
    assert refused(pinfold.FailedPrecondition, lambda: dataset.compare(first, second))[0] == "NO_COMMON_DOCUMENTS"
    dataset.rename_label("Refund", "Money back")
    third = dataset.train().wait(timeout=HANG_SECONDS).number
    assert dataset.compare(second, third)["Money back"].base_label == "Refund"
