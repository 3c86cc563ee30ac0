"""Streams by both clients of a real server."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import pinfold
from pinfold.filters import F
from tests.serving import HANG_SECONDS, Server, Trained, train_tickets

_NUMBERS = itertools.count()
REFUND = "where is my refund"


@pytest.fixture(scope="module")
def trained_here(server: Server) -> Trained:
    """A dataset that the tests of this module may upload to."""
    return train_tickets(server, "streams")


@pytest.fixture
def dataset(client: Any, trained_here: Trained) -> Any:
    return client.dataset(trained_here.dataset)


@pytest.fixture
def version(trained_here: Trained) -> int:
    return trained_here.first


@pytest.fixture
def stream(dataset: Any, version: int) -> Any:
    """A stream that nobody else uses, at the end of what is uploaded."""
    return dataset.create_stream(f"own-{next(_NUMBERS)}", version)


def upload(dataset: Any, *texts: str, **row: Any) -> list[str]:
    """Ids of new documents."""
    ids = [f"new-{next(_NUMBERS)}" for _ in texts]
    report = dataset.upload([{"id": name, "text": text, **row} for name, text in zip(ids, texts, strict=True)])
    assert report.new == len(texts), report.failures
    return ids


def ids_of(batch: pinfold.StreamBatch) -> list[str]:
    return [item.document.id for item in batch.items]


def test_a_stream_is_made_found_changed_and_deleted(dataset: Any, version: int, trained_here: Trained) -> None:
    made = dataset.create_stream(
        "routing",
        version,
        title="Routing",
        thresholds={"Login": 0.7},
        policy="high_precision",
        labels=["Login", "Delivery"],
        filter=F.metadata["queue"] == "inbox",
    )
    found = dataset.stream("routing")
    assert found.info == made.info
    assert "routing" in [each.id for each in dataset.streams()]
    assert (found.version, found.info.thresholds, found.info.labels) == (version, {"Login": 0.7}, ("Login", "Delivery"))
    assert (found.info.policy, found.info.default_threshold) == (pinfold.ThresholdPolicy.HIGH_PRECISION, None)
    assert found.info.advance_time is None
    changed = found.update(trained_here.second, title=None, policy=None, default_threshold=0.5).info
    assert (changed.version, changed.title, changed.policy, changed.default_threshold) == (
        trained_here.second, "", None, 0.5,
    )  # fmt: skip
    assert (changed.thresholds, changed.filter) == (made.info.thresholds, made.info.filter)
    with pytest.raises(pinfold.Conflict):
        made.update(title="late", etag=made.info.etag)
    found.delete()
    with pytest.raises(pinfold.NotFound) as missing:
        found.fetch()
    assert missing.value.reason == "STREAM_NOT_FOUND"


def test_documents_come_in_the_order_of_their_upload_with_predictions(dataset: Any, stream: Any, version: int) -> None:
    assert stream.fetch() == pinfold.StreamBatch((), stream.info.sequence_id, 0, False, version)
    first = upload(dataset, REFUND, "my parcel is late", "I forgot my password")
    second = upload(dataset, "the invoice is wrong")
    batch = stream.fetch()
    assert ids_of(batch) == first + second
    assert (batch.more, batch.filtered, batch.version) == (False, 0, version)
    texts = [item.document.text for item in batch.items]
    assert texts[2] == "I forgot my password"
    assert [item.prediction.labels for item in batch.items] == [
        prediction.labels for prediction in dataset.predict(texts, version=version)
    ]
    assert stream.fetch() == batch


def test_advance_goes_to_an_item_or_a_batch_and_never_back(dataset: Any, stream: Any) -> None:
    ids = upload(dataset, *(f"{REFUND} {number}" for number in range(5)))
    batch = stream.fetch(3)
    assert (ids_of(batch), batch.more) == (ids[:3], True)
    assert stream.advance(batch.items[1]) is True
    assert stream.advance(batch.items[1]) is False
    assert ids_of(stream.fetch()) == ids[2:]
    assert stream.advance(batch) is True
    assert stream.advance(batch.items[0].sequence_id) is False
    rest = stream.fetch()
    assert ids_of(rest) == ids[3:]
    stream.advance(rest)
    assert stream.fetch().items == ()
    assert stream.refresh().info.sequence_id == rest.sequence_id
    assert stream.info.advance_time is not None


def test_a_text_that_changes_comes_again_and_metadata_is_read_fresh(dataset: Any, stream: Any) -> None:
    one, two = upload(dataset, REFUND, "my parcel is late")
    dataset.upload([{"id": one, "text": REFUND, "metadata": {"seen": "later"}}])
    batch = stream.fetch()
    assert ids_of(batch) == [one, two]
    assert batch.items[0].document.metadata == {"seen": "later"}
    stream.advance(batch)
    dataset.upload([{"id": one, "text": "my password does not work"}])
    again = stream.fetch()
    assert [(item.document.id, item.document.text) for item in again.items] == [(one, "my password does not work")]


def test_deleted_documents_and_those_that_the_filter_leaves_out_do_not_come(dataset: Any, version: int) -> None:
    stream = dataset.create_stream(f"own-{next(_NUMBERS)}", version, filter='metadata.queue = "inbox"')
    wanted = upload(dataset, "a refund", "a parcel", metadata={"queue": "inbox"})
    upload(dataset, "an invoice", "a password")
    dataset.delete_documents(wanted[:1])
    batch = stream.fetch()
    assert (ids_of(batch), batch.filtered) == (wanted[1:], 2)
    stream.advance(batch)
    upload(dataset, "an invoice", "a password")
    empty = stream.fetch()
    assert (empty.items, empty.filtered, empty.more) == ((), 2, False)
    assert stream.advance(empty) is True
    assert stream.fetch().filtered == 0


def test_thresholds_choose_labels_and_never_documents(dataset: Any, version: int) -> None:
    quiet = dataset.create_stream(f"own-{next(_NUMBERS)}", version, default_threshold=1.0)
    chosen = dataset.create_stream(f"own-{next(_NUMBERS)}", version, default_threshold=0.0, labels=["Login"])
    upload(dataset, REFUND, "my password")
    assert [item.prediction.labels for item in quiet.fetch().items] == [(), ()]
    assert [[label.name for label in item.prediction.labels] for item in chosen.fetch().items] == [["Login"]] * 2


def test_reset_goes_to_a_time_of_upload(dataset: Any, stream: Any) -> None:
    before = upload(dataset, "the first refund")
    between = stream.fetch().items[0].upload_time + timedelta(microseconds=1)
    after = upload(dataset, "the second refund")
    batch = stream.fetch()
    assert ids_of(batch) == before + after
    stream.advance(batch)
    stream.reset(between)
    assert ids_of(stream.fetch()) == after
    stream.reset(datetime(1970, 1, 1, tzinfo=UTC))
    assert stream.fetch(1024).more is False
    assert len(stream.fetch(1024).items) >= 128
    stream.reset(datetime(2100, 1, 1, tzinfo=UTC))
    assert stream.fetch().items == ()
    with pytest.raises(pinfold.FailedPrecondition) as expired:
        stream.advance(batch)
    assert expired.value.reason == "SEQUENCE_ID_EXPIRED"
    with stream.processing(batch):
        pass  # what was fetched before a reset moves nothing, and stops no consumer
    assert stream.fetch().items == ()


def test_a_stream_can_begin_in_the_past(dataset: Any, version: int) -> None:
    moment = datetime.now(UTC)
    ids = upload(dataset, "a refund", "a parcel")
    stream = dataset.create_stream(f"own-{next(_NUMBERS)}", version, start_time=moment)
    assert ids_of(stream.fetch()) == ids


def test_consume_waits_for_documents_and_goes_on_behind_what_was_processed(dataset: Any, stream: Any) -> None:
    first = upload(dataset, *(f"refund {number}" for number in range(5)))
    batches = stream.consume(size=2, max_unadvanced=2, timeout=HANG_SECONDS)
    seen: list[str] = []
    for batch in batches:
        with stream.processing(batch):
            seen += ids_of(batch)
        if len(seen) == 5:
            break
    assert seen == first
    second = upload(dataset, "one more refund")
    failing = next(stream.consume(timeout=HANG_SECONDS))
    with pytest.raises(LookupError), stream.processing(failing):
        raise LookupError
    assert ids_of(next(stream.consume(timeout=HANG_SECONDS))) == second


def test_consume_stops_sending_until_it_is_told_what_is_done(dataset: Any, stream: Any) -> None:
    ids = upload(dataset, *(f"refund {number}" for number in range(4)))
    batches = stream.consume(size=2, max_unadvanced=3, timeout=5.0)
    assert ids_of(next(batches)) == ids[:2]
    with pytest.raises(pinfold.DeadlineExceeded):
        next(batches)


def test_consume_ends_when_the_stream_is_deleted(dataset: Any, stream: Any) -> None:
    upload(dataset, "a refund")
    batches = stream.consume(timeout=HANG_SECONDS)
    assert len(next(batches).items) == 1
    stream.delete()
    with pytest.raises(pinfold.NotFound):
        next(batches)


def test_exceptions_make_a_queue_for_people(dataset: Any, stream: Any) -> None:
    good, bad, worse = upload(dataset, "a refund", "a parcel", "an invoice")
    source = dataset.id
    report = stream.put_exceptions(
        [
            pinfold.StreamException(bad, source, "No prediction", {"attempt": 2}),
            pinfold.StreamException(worse, source, "Timeout"),
            pinfold.StreamException("not-there", source, "Timeout"),
            pinfold.StreamException(good, source, "x" * 65),
        ]
    )
    assert report.stored == 2
    assert [(failure.index, failure.reason, failure.field) for failure in report.failures] == [
        (2, "DOCUMENT_NOT_FOUND", "exceptions[2].document"),
        (3, "INVALID_FIELD", "exceptions[3].type"),
    ]
    told = list(stream.exceptions())
    assert [(each.document_id, each.source, each.type, each.metadata) for each in told] == [
        (bad, source, "No prediction", {"attempt": 2}),
        (worse, source, "Timeout", {}),
    ]
    mine = F.id.isin([good, bad, worse])
    assert [found.id for found in dataset.documents(filter=F.exception("No prediction") & mine)] == [bad]
    assert [found.id for found in dataset.documents(filter=F.exception() & mine)] == [bad, worse]
    assert [found.id for found in dataset.documents(filter=~F.exception() & mine)] == [good]
    assert stream.delete_exceptions([bad, good], source) == 1
    dataset.delete_documents([worse])
    assert list(stream.exceptions()) == []


def test_what_a_stream_uses_stays(client: Any, dataset: Any, stream: Any, version: int) -> None:
    with pytest.raises(pinfold.FailedPrecondition) as used:
        dataset.version(version).unpin()
    assert used.value.reason == "VERSION_IN_USE"
    assert stream.id in used.value.metadata["streams"]
    with pytest.raises(pinfold.FailedPrecondition) as reading:
        client.delete_source(dataset.id)
    assert reading.value.reason == "SOURCE_IN_USE"


def test_a_dataset_with_a_stream_is_deleted_only_by_force(client: Any, server: Server, own_name: str) -> None:
    own = train_tickets(server, own_name)
    dataset = client.dataset(own.dataset)
    dataset.create_stream("last", own.first)
    for tag in ("live", "staging"):
        dataset.clear_tag(tag)
    with pytest.raises(pinfold.FailedPrecondition) as used:
        client.delete_dataset(own.dataset)
    assert (used.value.reason, used.value.metadata["streams"]) == ("DATASET_HAS_STREAMS", "last")
    client.delete_dataset(own.dataset, force=True)


REFUSED = [
    (0, {}, ValueError, "", "version"),
    (999, {}, pinfold.NotFound, "VERSION_NOT_FOUND", ""),
    (
        None,
        {"thresholds": {"Nonsense": 0.5}},
        pinfold.InvalidArgument,
        "UNKNOWN_LABEL",
        "stream.thresholds['Nonsense']",
    ),
    (None, {"thresholds": {"Login": 1.5}}, pinfold.InvalidArgument, "INVALID_THRESHOLD", "stream.thresholds['Login']"),
    (None, {"labels": ["Login", "No"]}, pinfold.InvalidArgument, "UNKNOWN_LABEL", "stream.labels[1]"),
    (None, {"filter": "queue = 1"}, pinfold.InvalidArgument, "INVALID_FILTER", "stream.filter"),
    (None, {"filter": "assigned:Nonsense"}, pinfold.InvalidArgument, "UNKNOWN_LABEL", "stream.filter"),
    (None, {"filter": "source = other"}, pinfold.InvalidArgument, "INVALID_FILTER", "stream.filter"),
    (None, {"filter": "predicted:Login"}, pinfold.FailedPrecondition, "PREDICTIONS_REQUIRED", ""),
    (None, {"title": "x" * 129}, pinfold.InvalidArgument, "TOO_LONG", "stream.title"),
]


@pytest.mark.parametrize(("number", "options", "error", "reason", "field"), REFUSED, ids=lambda value: repr(value)[:40])
def test_what_cannot_be_streamed_is_refused(
    dataset: Any, version: int, number: int | None, options: Any, error: type[Exception], reason: str, field: str
) -> None:
    with pytest.raises(error) as refused:
        dataset.create_stream("refused", version if number is None else number, **options)
    if isinstance(refused.value, pinfold.PinfoldError):
        assert refused.value.reason == reason
        assert [violation.field for violation in refused.value.field_violations] == ([field] if field else [])
    else:
        assert field in str(refused.value)


def test_an_unpinned_version_is_refused(dataset: Any, trained_here: Trained) -> None:
    newest = dataset.train(seed=7).wait(timeout=HANG_SECONDS)
    with pytest.raises(pinfold.FailedPrecondition) as unpinned:
        dataset.create_stream("refused", newest)
    assert unpinned.value.reason == "VERSION_NOT_PINNED"


@pytest.mark.parametrize("forged", ["x", "AAAA", "A" * 32, "ü", "A" * 1000])
def test_a_sequence_id_that_was_made_up_or_is_of_another_stream_is_refused(
    dataset: Any, stream: Any, version: int, forged: str
) -> None:
    other = dataset.create_stream(f"own-{next(_NUMBERS)}", version)
    for foreign in (forged, other.info.sequence_id):
        with pytest.raises(pinfold.InvalidArgument) as refused:
            stream.advance(foreign)
        assert refused.value.reason == "INVALID_SEQUENCE_ID"
        assert [violation.field for violation in refused.value.field_violations] == ["sequence_id"]


def test_a_filter_that_no_longer_fits_says_so(dataset: Any, version: int) -> None:
    dataset.upsert_labels(["Passing"])
    stream = dataset.create_stream(f"own-{next(_NUMBERS)}", version, filter="NOT assigned:Passing")
    dataset.delete_label("Passing")
    with pytest.raises(pinfold.FailedPrecondition) as broken:
        stream.fetch()
    assert broken.value.reason == "STREAM_FILTER_INVALID"
    assert stream.update(filter=None).fetch().items == ()


def test_sizes_have_limits(stream: Any) -> None:
    assert stream.fetch(1024).items == ()
    with pytest.raises(pinfold.InvalidArgument) as fetched:
        stream.fetch(1025)
    with pytest.raises(pinfold.InvalidArgument) as consumed:
        next(stream.consume(1025))
    for refused in (fetched, consumed):
        assert [violation.field for violation in refused.value.field_violations] == ["size"]
    with pytest.raises(pinfold.InvalidArgument, match="max_unadvanced"):
        next(stream.consume(10, max_unadvanced=9))
