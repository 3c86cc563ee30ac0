"""Both clients against a real server: what a user relies on, from the first upload to the last rollback."""

import hashlib
import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import pinfold
from tests.serving import HANG_SECONDS, Server, ticket_rows, until

MakeClient = Callable[..., Any]


def test_the_main_job(client: Any, dataset: Any, tmp_path: Path) -> None:
    report = dataset.upload(iter(ticket_rows()))
    assert (report.new, report.failed, report.annotated, report.labels_created) == (128, 0, 128, 5)
    assert dataset.upload(ticket_rows()).unchanged == 128

    seen: list[pinfold.RunInfo] = []
    version = dataset.train(seed=3).wait(timeout=HANG_SECONDS, progress=seen.append)
    assert seen[-1].state is pinfold.RunState.SUCCEEDED
    assert version.metrics.macro_f1 > 0.9
    assert [label.name for label in version.labels] == [label.name for label in dataset.labels()]

    assert version.pin().pinned
    tag = dataset.set_tag("live", version)
    assert (tag.version, tag.actor) == (version.number, "tester")
    (prediction,) = dataset.predict(["where is my refund"])
    assert prediction.version == version.number
    assert prediction.tag == "live"
    assert {score.name for score in prediction.labels} == {"Billing", "Billing > Refund"}
    assert prediction.scores["Billing"] >= prediction.scores["Billing > Refund"]

    path = version.download(tmp_path / "model.onnx")
    assert hashlib.sha256(path.read_bytes()).hexdigest() == version.file.sha256
    client.delete_dataset(dataset.id, force=True)
    with pytest.raises(pinfold.NotFound) as raised:
        dataset.refresh()
    assert raised.value.reason == "DATASET_NOT_FOUND"


def test_options_are_stored_used_by_name_and_deleted(client: Any, dataset: Any) -> None:
    dataset.upload(iter(ticket_rows()))
    name = f"{dataset.id}-fast"
    config = pinfold.RunConfig(algorithm=pinfold.Algorithm.COMPLEMENT_NAIVE_BAYES, stop_words=("please",))
    made = client.create_run_configuration(name, config, description="a quick look")
    assert made.config.regularization == 0.7  # every default is filled in
    assert client.get_run_configuration(name) == made
    assert made in list(client.list_run_configurations())

    run = dataset.train(name)
    run.wait(timeout=HANG_SECONDS)
    assert (run.info.run_configuration, run.info.config) == (name, made.config)
    client.delete_run_configuration(name)
    with pytest.raises(pinfold.NotFound) as raised:
        dataset.train(name)
    assert raised.value.reason == "RUN_CONFIGURATION_NOT_FOUND"


def test_a_wrong_row_harms_no_other(dataset: Any) -> None:
    rows: list[dict[str, Any]] = [
        {"id": "a", "text": "fine", "labels": "A"},
        {"id": "b", "text": " \t\n"},
        {"id": "c", "text": None},
        {"id": "d", "text": "x" * (2**20 + 1)},
        {"id": "a", "text": "again"},
        {"id": "e", "text": "fine too", "labels": ["B >"]},
        {"id": "f", "text": "f", "labels": ["A", "B > C"]},
    ]
    report = dataset.upload(rows)
    assert (report.new, report.failed, report.total) == (2, 5, 7)
    assert [(failure.index, failure.id, failure.reason, failure.field) for failure in report.failures] == [
        (1, "b", "EMPTY_TEXT", "rows[1].text"),
        (2, "c", "NOT_TEXT", "rows[2].text"),
        (3, "d", "TEXT_TOO_LONG", "rows[3].text"),
        (4, "a", "DUPLICATE_ID", "rows[4].id"),
        (5, "e", "INVALID_LABEL", "rows[5].labels[0]"),
    ]
    assert [document.id for document in dataset.documents()] == ["a", "f"]


def test_labels_that_must_exist_are_not_made_by_an_upload(dataset: Any) -> None:
    dataset.upsert_labels(["Known"])
    rows = [{"id": "a", "text": "a", "labels": "Known"}, {"id": "b", "text": "b", "labels": "New"}]
    report = dataset.upload(rows, create_labels=False)
    assert (report.new, report.labels_created) == (1, 0)
    assert [failure.index for failure in report.failures] == [1]
    assert [label.name for label in dataset.labels()] == ["Known"]


def test_documents_keep_what_was_uploaded(dataset: Any) -> None:
    written = datetime(2025, 5, 17, 12, 30, 0, 250_000, tzinfo=UTC)
    dataset.upload(
        [
            {"id": "2025/17", "text": "Grüße 👋", "timestamp": written, "metadata": {"channel": "mail", "stars": 4}},
            {"text": "no id"},
        ]
    )
    document = dataset.document("2025/17")
    assert (document.text, document.timestamp) == ("Grüße 👋", written)
    assert document.metadata == {"channel": "mail", "stars": 4.0}
    assert document.source == dataset.id
    assert len(list(dataset.documents(source=dataset.id))) == 2
    assert dataset.delete_documents(["2025/17", "unknown"]) == 1
    with pytest.raises(pinfold.NotFound):
        dataset.document("2025/17")


def test_lists_are_longer_than_a_page(dataset: Any) -> None:
    ids = sorted(f"d{number:04}" for number in range(2_300))
    assert dataset.upload({"id": name, "text": name, "labels": []} for name in ids).new == 2_300
    assert [document.id for document in dataset.documents()] == ids
    assert [annotation.document_id for annotation in dataset.annotations()] == ids


def test_annotations_change_only_where_they_are_told(dataset: Any) -> None:
    dataset.upload([{"id": "a", "text": "a", "labels": ["X", "Y > Z"]}, {"id": "b", "text": "b"}])
    report = dataset.annotate(
        [
            {"id": "a", "dismissed": ["W"], "reviewed": False},
            {"id": "b", "assigned": ["X"], "retrieval_mode": "teach"},
            {"id": "c", "assigned": ["X"]},
        ]
    )
    assert (report.changed, report.failed) == (1, 2)
    assert [(failure.index, failure.id) for failure in report.failures] == [(0, "a"), (2, "c")]
    dataset.upsert_labels({"W": "what it is about"})
    assert dataset.annotate([pinfold.AnnotationChange("a", dismissed=["W"], reviewed=False)]).changed == 1
    annotation = dataset.annotation("a")
    assert (annotation.assigned, annotation.dismissed, annotation.reviewed) == (("X", "Y > Z"), ("W",), False)
    assert (annotation.annotator, dataset.annotation("b").retrieval_mode) == ("tester", pinfold.RetrievalMode.TEACH)
    counts = {label.name: (label.assigned_count, label.description) for label in dataset.labels()}
    assert counts == {"W": (0, "what it is about"), "X": (2, ""), "Y": (1, ""), "Y > Z": (1, "")}


def test_datasets_share_sources(client: Any, dataset: Any) -> None:
    source = client.create_source(f"{dataset.id}-mails", title="Mails")
    assert source.upload([{"id": "m", "text": "hello"}]).new == 1
    dataset.update(sources=[dataset.id, source.id])
    dataset.upload([{"id": "o", "text": "own"}])
    assert [(document.source, document.id) for document in dataset.documents()] == [(dataset.id, "o"), (source.id, "m")]
    assert dataset.annotate([{"id": "m", "source": source.id, "assigned": []}]).failed == 0
    with pytest.raises(pinfold.FailedPrecondition):
        source.delete()
    dataset.update(sources=[dataset.id])
    source.delete()
    assert source.id not in [other.id for other in client.list_sources()]
    with pytest.raises(pinfold.NotFound):
        client.get_source(source.id)


def test_somebody_elses_change_is_not_overwritten(client: Any, dataset: Any) -> None:
    stale = dataset.info.etag
    dataset.update(title="First", description="About")
    with pytest.raises(pinfold.Conflict) as raised:
        dataset.update(title="Second", etag=stale)
    assert raised.value.reason == "ETAG_MISMATCH"
    assert client.get_dataset(dataset.id).info.title == "First"
    assert dataset.update(title="", etag=dataset.info.etag).info.description == "About"


def test_an_id_can_be_taken_only_once(client: Any, dataset: Any) -> None:
    with pytest.raises(pinfold.AlreadyExists):
        client.create_dataset(dataset.id)
    assert client.create_dataset(dataset.id, exist_ok=True).info == dataset.info
    assert dataset.id in [other.id for other in client.list_datasets()]


@pytest.mark.parametrize("wrong", ["Upper", "a/b", "-a", "x" * 64, "ü"])
def test_an_id_out_of_rule_is_told_by_field(client: Any, wrong: str) -> None:
    with pytest.raises(pinfold.InvalidArgument) as raised:
        client.create_dataset(wrong)
    assert [violation.field for violation in raised.value.field_violations] == ["dataset_id"]


def test_a_training_without_annotations_is_refused(dataset: Any) -> None:
    dataset.upload([{"text": "nobody labelled me"}])
    with pytest.raises(pinfold.FailedPrecondition) as raised:
        dataset.train()
    assert raised.value.reason == "NO_ANNOTATIONS"


def test_a_training_that_cannot_learn_says_why(dataset: Any) -> None:
    dataset.upload({"text": f"number {number}", "labels": "Only"} for number in range(40))
    run = dataset.train()
    with pytest.raises(pinfold.TrainingFailed) as raised:
        run.wait(timeout=HANG_SECONDS)
    assert raised.value.reason == run.error.reason == "ONE_CLASS"
    assert run.state is pinfold.RunState.FAILED


def test_a_cancelled_training_makes_no_version(dataset: Any) -> None:
    dataset.upload(ticket_rows())
    runs = [dataset.train(seed=seed) for seed in range(4)]
    waiting = runs[-1].cancel()
    with pytest.raises(pinfold.TrainingCancelled):
        waiting.wait(timeout=HANG_SECONDS)
    assert dataset.run(waiting.number).version_number is None
    assert [run.number for run in dataset.runs()] == [4, 3, 2, 1]
    for run in runs[:-1]:
        run.wait(timeout=HANG_SECONDS)


def test_tags_are_set_promoted_rolled_back_and_cleared(client: Any, dataset: Any) -> None:
    dataset.upload(ticket_rows())
    first, second = (dataset.train(seed=seed).wait(timeout=HANG_SECONDS).pin() for seed in (1, 2))
    live = dataset.set_tag("live", first.number)
    dataset.set_tag("staging", second)
    assert dataset.promote().version == second.number
    with pytest.raises(pinfold.Conflict):
        dataset.set_tag("live", first, etag=live.etag)
    with pytest.raises(pinfold.FailedPrecondition) as raised:
        second.unpin()
    assert raised.value.reason == "VERSION_IN_USE"
    assert dataset.rollback(actor="night shift").version == first.number
    assert {tag.name: tag.version for tag in dataset.tags()} == {"live": first.number, "staging": second.number}
    assert dataset.clear_tag("staging") == second.number
    with pytest.raises(pinfold.NotFound):
        dataset.tag("staging")
    kinds = [(event.kind, event.from_version, event.to_version, event.actor) for event in dataset.tag_history("live")]
    assert kinds == [
        (pinfold.TagEventKind.ROLLBACK, second.number, first.number, "night shift"),
        (pinfold.TagEventKind.PROMOTE, first.number, second.number, "tester"),
        (pinfold.TagEventKind.SET, None, first.number, "tester"),
    ]
    assert len(list(dataset.tag_history())) == 5
    assert not second.unpin().pinned
    with pytest.raises(pinfold.FailedPrecondition):
        dataset.set_tag("live", second)
    assert [version.number for version in dataset.versions(pinned_only=True)] == [first.number]
    assert [version.number for version in dataset.versions()] == [second.number, first.number]
    assert dataset.version("latest").number == second.number
    assert dataset.version("live").refresh().tags == ("live",)


def test_a_client_waits_for_a_server_and_outlives_its_workers(start_server: Callable[..., Server]) -> None:
    server = start_server(workers=1, trainers=0)
    patient = pinfold.RetryPolicy(max_attempts=10_000, max_backoff=0.2)
    with pinfold.Client(server.target, timeout=HANG_SECONDS, retry=patient) as client:
        client.wait_until_ready(timeout=HANG_SECONDS)
        client.create_dataset("support")
        (worker,) = workers_of(server)
        os.kill(worker, signal.SIGKILL)
        assert client.get_dataset("support").id == "support"
        until(lambda: workers_of(server) not in ([], [worker]))


def workers_of(server: Server) -> list[int]:
    """Process ids of the workers: children of the supervisor that were started as such."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text().rpartition(")")[2].split()[1])
            command = (status.parent / "cmdline").read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == server.process.pid and b"worker" in command:
            found.append(int(status.parent.name))
    return found
