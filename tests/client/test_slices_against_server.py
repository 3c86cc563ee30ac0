"""Slices by both clients of a real server."""

import itertools
from typing import Any

import pytest

import pinfold
from pinfold.filters import F
from tests.serving import HANG_SECONDS, Server, ticket_rows


@pytest.fixture(scope="module")
def weak_in_chat(server: Server) -> str:
    """A dataset whose texts from the chat say nothing about their labels; mail and phone are easy."""
    rows = ticket_rows()
    for place, row in enumerate(rows):
        row["metadata"] = {"channel": ("mail", "chat", "phone")[place % 3], "length": float(place % 40)}
    labels = itertools.cycle(["Login", "Delivery", "Billing > Refund", "Billing > Invoice"])
    for place, (row, label) in enumerate(zip(rows[1::3], labels, strict=False)):
        row["text"], row["labels"] = f"hello, it is about number {place}", [label]
    with pinfold.Client(server.target, timeout=HANG_SECONDS) as client:
        dataset = client.create_dataset("slices")
        report = dataset.upload(rows)
        assert not report.failures, report.failures
        dataset.train().wait(timeout=HANG_SECONDS)
    return dataset.id


@pytest.fixture
def tickets(client: Any, weak_in_chat: str) -> Any:
    return client.dataset(weak_in_chat)


def refused(error: type[pinfold.PinfoldError], call: Any) -> tuple[str, list[str]]:
    with pytest.raises(error) as caught:
        call()
    return caught.value.reason, [violation.field for violation in caught.value.field_violations]


def test_a_slice_is_stored_changed_and_deleted(dataset: Any) -> None:
    criteria = pinfold.SliceCriteria('text:"refund"', outcome="false_positive", label="Login", min_confidence=0.5)
    made = dataset.create_slice("wrong-logins", criteria, description="look at these")
    assert (made.id, made.description, made.criteria, made.built_in) == (
        "wrong-logins",
        "look at these",
        criteria,
        False,
    )
    assert dataset.slice("wrong-logins") == made
    assert [each.id for each in dataset.slices()] == [
        "false-positives",
        "false-negatives",
        "low-confidence",
        "candidate-mislabels",
        "wrong-logins",
    ]
    changed = dataset.update_slice("wrong-logins", pinfold.SliceCriteria("reviewed = true"), etag=made.etag)
    assert changed.criteria == pinfold.SliceCriteria("reviewed = true")
    assert changed.description == "look at these"
    assert refused(pinfold.Conflict, lambda: dataset.update_slice("wrong-logins", description="", etag=made.etag))
    dataset.delete_slice("wrong-logins")
    assert refused(pinfold.NotFound, lambda: dataset.slice("wrong-logins"))[0] == "SLICE_NOT_FOUND"


def test_a_version_is_measured_on_a_slice_and_elsewhere(tickets: Any) -> None:
    chat = tickets.evaluate_slice(pinfold.SliceCriteria(F.metadata["channel"] == "chat"), limit=5)
    mail = tickets.evaluate_slice(pinfold.SliceCriteria('metadata.channel = "mail"'))
    assert (chat.total, chat.documents, mail.documents) == (128, 43, 43)
    assert chat.rest is not None
    assert chat.quality.f1 < chat.rest.f1
    assert mail.quality.f1 > chat.quality.f1
    assert mail.shown == ()
    assert len(chat.shown) == 5
    assert [each.confidence for each in chat.shown] == sorted((each.confidence for each in chat.shown), reverse=True)
    assert all(tickets.document(each.document_id).metadata["channel"] == "chat" for each in chat.shown)
    assert sum(label.positives for label in chat.labels if label.label == "Login") > 0


def test_built_in_slices_find_what_is_wrong(tickets: Any) -> None:
    wrong = tickets.evaluate_slice("false-positives", limit=1_000)
    assert all(set(each.predicted_labels) - set(each.true_labels) for each in wrong.shown)
    assert len(wrong.shown) == wrong.documents
    missed = tickets.evaluate_slice("false-negatives", limit=1_000)
    assert all(set(each.true_labels) - set(each.predicted_labels) for each in missed.shown)
    unsure = tickets.evaluate_slice("low-confidence", limit=1_000)
    assert all(each.confidence <= 0.5 for each in unsure.shown)
    login = tickets.evaluate_slice(pinfold.SliceCriteria(outcome="true_positive", label="Login"))
    everything = tickets.evaluate_slice(pinfold.SliceCriteria())
    assert (everything.documents, everything.rest) == (128, None)
    assert 0 < login.documents < 128
    predicted = tickets.evaluate_slice(pinfold.SliceCriteria("predicted:Login AND assigned:Login"))
    assert predicted.documents == login.documents


def test_weak_slices_are_found_over_metadata(tickets: Any) -> None:
    found = tickets.weak_slices(min_documents=20)
    assert found[0].filter == 'metadata.channel = "chat"'
    assert found[0].significant
    assert found[0].f1 < found[0].rest_f1
    for weak in found:
        asked = tickets.evaluate_slice(pinfold.SliceCriteria(weak.filter))
        assert asked.documents == weak.documents
        assert asked.quality.f1 == pytest.approx(weak.f1)
        assert asked.exact_match == pytest.approx(weak.exact_match)
    assert tickets.weak_slices(min_documents=64, limit=1) == []


def test_what_cannot_be_asked_is_refused(tickets: Any) -> None:
    invalid = pinfold.InvalidArgument
    nothing = pinfold.SliceCriteria('metadata.channel = "fax"')
    assert refused(pinfold.FailedPrecondition, lambda: tickets.evaluate_slice(nothing))[0] == "SLICE_EMPTY"
    broken = pinfold.SliceCriteria("metadata.channel =")
    assert refused(invalid, lambda: tickets.evaluate_slice(broken)) == ("INVALID_FILTER", ["criteria.filter"])
    assert refused(invalid, lambda: tickets.create_slice("broken", broken)) == (
        "INVALID_FILTER",
        ["slice.criteria.filter"],
    )
    unknown = pinfold.SliceCriteria(outcome="false_positive", label="Nonsense")
    assert refused(invalid, lambda: tickets.evaluate_slice(unknown)) == ("UNKNOWN_LABEL", ["criteria.label"])
    turned = pinfold.SliceCriteria(min_confidence=0.9, max_confidence=0.1)
    assert refused(invalid, lambda: tickets.evaluate_slice(turned))[1] == ["criteria.min_confidence"]
    above = pinfold.SliceCriteria(max_confidence=1.5)
    assert refused(invalid, lambda: tickets.evaluate_slice(above))[1] == ["criteria.max_confidence"]
    assert refused(pinfold.NotFound, lambda: tickets.evaluate_slice("nobody"))[0] == "SLICE_NOT_FOUND"
    some = pinfold.SliceCriteria("reviewed = true")
    assert refused(invalid, lambda: tickets.create_slice("ab", some)) == ("INVALID_ID", ["slice_id"])
    assert refused(invalid, lambda: tickets.create_slice("a" * 31, some)) == ("INVALID_ID", ["slice_id"])
    assert refused(invalid, lambda: tickets.create_slice("low-confidence", some))[0] == "RESERVED_SLICE"
    assert refused(pinfold.FailedPrecondition, lambda: tickets.delete_slice("low-confidence"))[0] == "SLICE_BUILT_IN"
    assert refused(invalid, lambda: tickets.weak_slices(min_documents=4))[1] == ["min_documents"]


def test_a_dataset_has_a_hundred_slices_at_most(dataset: Any) -> None:
    for number in range(100):
        dataset.create_slice(f"slice-{number:03}", pinfold.SliceCriteria("reviewed = true"))
    too_many = refused(pinfold.ResourceExhausted, lambda: dataset.create_slice("one-more", pinfold.SliceCriteria()))
    assert too_many[0] == "TOO_MANY_SLICES"
    assert refused(pinfold.AlreadyExists, lambda: dataset.create_slice("slice-007", pinfold.SliceCriteria()))
