"""Gates of tags through a real server: who is refused, who is not, and what is remembered."""

import random
from collections.abc import Callable, Iterator

import grpc
import pytest

import pinfold
from pinfold.v1 import gate_pb2 as pb
from pinfold.v1.model_service_pb2 import PromoteRequest, SetTagRequest
from pinfold.v1.model_service_pb2_grpc import ModelServiceStub
from tests.server.failures import failure_of
from tests.serving import HANG_SECONDS, Server, Trained, ticket_rows

STRICT = pinfold.Gate(max_f1_drop=0.05, max_mean_average_precision_drop=0.02)


@pytest.fixture
def stub(server: Server) -> Iterator[ModelServiceStub]:
    with grpc.insecure_channel(server.target) as channel:
        yield ModelServiceStub(channel)


def corrupted(share: float, seed: int) -> list[dict[str, object]]:
    """Tickets of which a share has the label of another."""
    rows, source = ticket_rows(), random.Random(seed)
    labels = sorted({label for row in rows for label in row["labels"]})  # type: ignore[attr-defined]
    for row in source.sample(rows, round(share * len(rows))):
        row["labels"] = [source.choice([label for label in labels if [label] != row["labels"]])]
    return rows


@pytest.fixture
def released(client: pinfold.Client, request: pytest.FixtureRequest) -> Iterator[pinfold.Dataset]:
    """A dataset of its own, whose `live` points to version 1."""
    name = "gate-" + "".join(letter for letter in request.node.name.lower() if letter.isalnum())[-50:]
    dataset = client.create_dataset(name)
    dataset.upload(ticket_rows())
    dataset.set_tag("live", dataset.train().wait(timeout=HANG_SECONDS).pin())
    yield dataset
    dataset.delete(force=True)


def train_on(dataset: pinfold.Dataset, rows: list[dict[str, object]]) -> pinfold.Version:
    dataset.upload(rows)
    return dataset.train().wait(timeout=HANG_SECONDS).pin()


@pytest.mark.parametrize("seed", range(3))
def test_a_version_of_corrupted_labels_is_refused_every_time(released: pinfold.Dataset, seed: int) -> None:
    released.set_gate(STRICT)
    released.set_tag("staging", train_on(released, corrupted(0.2, seed)))
    with pytest.raises(pinfold.FailedPrecondition) as refused:
        released.promote("staging", "live")
    assert refused.value.reason == "GATE_REFUSED"
    assert refused.value.unmet
    assert released.tag("live").version == 1


def test_the_same_again_passes_and_the_evidence_is_kept(released: pinfold.Dataset) -> None:
    released.set_gate(STRICT, actor="ann")
    second = train_on(released, ticket_rows())
    report = released.check_gate(second)
    assert (report.passed, report.base_version, report.candidate_version) == (True, 1, 2)
    assert released.tag("live").version == 1
    released.set_tag("staging", second)
    assert released.promote("staging", "live").version == 2
    moved, gated, *_ = released.tag_history("live")
    assert (moved.kind, moved.gate, moved.forced) == ("promote", report, False)
    assert (gated.kind, gated.actor, gated.gate) == ("gate", "ann", None)


def test_force_moves_the_tag_and_says_why_for_ever(released: pinfold.Dataset) -> None:
    released.set_gate(STRICT)
    worse = train_on(released, corrupted(0.4, 1))
    with pytest.raises(pinfold.InvalidArgument, match="reason"):
        released.set_tag("live", worse, force=True)
    released.set_tag("live", worse, force=True, reason="a rehearsal", actor="bob")
    event = next(iter(released.tag_history("live")))
    assert (event.forced, event.reason, event.actor) == (True, "a rehearsal", "bob")
    assert event.gate is not None
    assert not event.gate.passed
    # Back is always open.
    assert released.rollback("live").version == 1
    assert next(iter(released.tag_history("live"))).gate is None


def test_clearing_a_tag_is_no_way_around_its_gate(released: pinfold.Dataset) -> None:
    released.set_gate(pinfold.Gate(min_mean_average_precision=1.0, min_rating=100.0))
    second = train_on(released, corrupted(0.3, 2))
    released.clear_tag("live")
    with pytest.raises(pinfold.FailedPrecondition) as refused:
        released.set_tag("live", second)
    assert len(refused.value.unmet) == 2
    released.delete_gate()
    assert released.set_tag("live", second).version == 2


def test_conditions_of_one_time_come_with_the_promotion(released: pinfold.Dataset) -> None:
    released.set_tag("staging", train_on(released, corrupted(0.3, 3)))
    with pytest.raises(pinfold.FailedPrecondition):
        released.promote("staging", "live", gate=STRICT)
    assert released.promote("staging", "live").version == 2


def test_conditions_can_be_tried_before_they_are_made(released: pinfold.Dataset) -> None:
    second = train_on(released, ticket_rows())
    report = released.check_gate(second, gate=pinfold.Gate(max_f1_drop=1.0, min_rating=0.0, same_split=True))
    assert {check.condition for check in report.checks} == {"f1_drop", "rating", "same_split"}
    assert report.passed


def test_a_retry_gets_the_first_answer_though_the_tag_has_moved(
    released: pinfold.Dataset, stub: ModelServiceStub
) -> None:
    released.set_gate(STRICT)
    second = train_on(released, ticket_rows())
    request = SetTagRequest(name=f"datasets/{released.id}/tags/live", version=second.number, request_id="once")
    first = stub.SetTag(request)
    released.rollback("live")
    assert stub.SetTag(request) == first


def test_a_gate_is_kept_by_an_archive(
    released: pinfold.Dataset, client: pinfold.Client, tmp_path_factory: pytest.TempPathFactory
) -> None:
    released.set_gate(STRICT)
    path = tmp_path_factory.mktemp("archive") / "gated.pinfold"
    released.export_archive(path)
    client.import_archive(
        path, dataset_id=f"{released.id[:40]}-copy", source_ids={released.id: f"{released.id[:40]}-copy"}
    )
    copy = client.dataset(f"{released.id[:40]}-copy")
    assert copy.gate() == released.gate() == STRICT
    copy.delete(force=True)


@pytest.mark.parametrize(
    ("gate", "field"),
    [
        ({}, "gate"),
        ({"max_f1_drop": 1.5}, "gate.max_f1_drop"),
        ({"max_f1_drop": float("nan")}, "gate.max_f1_drop"),
        ({"max_mean_average_precision_drop": -0.1}, "gate.max_mean_average_precision_drop"),
        ({"min_mean_average_precision": 2.0}, "gate.min_mean_average_precision"),
        ({"min_rating": 101.0}, "gate.min_rating"),
        ({"same_split": True, "min_examples": -1}, "gate.min_examples"),
    ],
)
def test_wrong_conditions_are_refused(
    stub: ModelServiceStub, trained: Trained, gate: dict[str, object], field: str
) -> None:
    name = f"datasets/{trained.dataset}/tags/live"
    wrong = pb.Gate(**gate)  # type: ignore[arg-type]
    calls: tuple[Callable[[], object], ...] = (
        lambda: stub.SetGate(pb.SetGateRequest(tag=name, gate=wrong)),
        lambda: stub.CheckGate(
            pb.CheckGateRequest(tag=name, version=f"datasets/{trained.dataset}/versions/1", gate=wrong)
        ),
        lambda: stub.Promote(PromoteRequest(dataset=f"datasets/{trained.dataset}", gate=wrong)),
    )
    for call in calls:
        assert failure_of(call).fields == (field,)


def test_what_is_not_there_is_named(stub: ModelServiceStub, trained: Trained) -> None:
    name = f"datasets/{trained.dataset}/tags/live"
    assert failure_of(lambda: stub.GetGate(pb.GetGateRequest(tag=name))).reason == "GATE_NOT_FOUND"
    assert failure_of(lambda: stub.DeleteGate(pb.DeleteGateRequest(tag=name))).reason == "GATE_NOT_FOUND"
    version = f"datasets/{trained.dataset}/versions/1"
    assert failure_of(lambda: stub.CheckGate(pb.CheckGateRequest(tag=name, version=version))).reason == "GATE_NOT_FOUND"
    other = pb.CheckGateRequest(tag=name, version="datasets/another/versions/1")
    assert failure_of(lambda: stub.CheckGate(other)).fields == ("version",)
