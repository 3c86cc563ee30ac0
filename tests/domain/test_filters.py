"""Filters against a plain reading of what they say."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinfold_server.domain.documents import filters as f
from pinfold_server.domain.documents.filter_matching import predicate
from pinfold_server.domain.documents.filter_syntax import parse
from pinfold_server.domain.documents.words import words_of


@dataclass(frozen=True)
class Said:
    reviewed: bool
    assigned: frozenset[str]
    dismissed: frozenset[str]
    annotator: str
    retrieval_mode: str


@dataclass(frozen=True)
class Sample:
    id: str = "d1"
    source: str = "mails"
    timestamp_us: int = 0
    created_us: int = 0
    updated_us: int = 0
    metadata: Mapping[str, str | float] = field(default_factory=dict)
    text: str = "Where is my late refund? A refund!"
    annotation: Said | None = None
    exceptions: frozenset[str] = frozenset()
    scores: Mapping[str, float] = field(default_factory=dict)

    @property
    def words(self) -> list[str]:
        return words_of(self.text)

    def metadata_value(self, name: str) -> str | float | None:
        return self.metadata.get(name)

    def probability(self, label: str) -> float | None:
        return self.scores.get(label)

    def predicts(self, label: str) -> bool | None:
        return self.scores[label] >= 0.5 if label in self.scores else None


SAID = Said(True, frozenset({"A", "A > B"}), frozenset({"C"}), "ann", "SHUFFLE")


def matches(text: str, document: Sample) -> bool:
    return predicate(parse(text))(document)


@pytest.mark.parametrize(
    ("text", "document", "expected"),
    [
        ("", Sample(), True),
        ("id = d1", Sample(), True),
        ("id IN (d2, d3)", Sample(), False),
        ("source != mails", Sample(), False),
        ("timestamp = 1970-01-01", Sample(), True),
        ("timestamp < 1970-01-01", Sample(), False),
        ("create_time > 1970-01-01", Sample(created_us=1), True),
        ("metadata.n > 1", Sample(metadata={"n": 2.0}), True),
        ("metadata.n > 1", Sample(metadata={"n": "2"}), False),
        ("metadata.n > 1", Sample(), False),
        ("metadata.n != 1", Sample(), True),
        ("exception:*", Sample(), False),
        ("exception:*", Sample(exceptions=frozenset({"Timeout"})), True),
        ('exception:"No prediction"', Sample(exceptions=frozenset({"Timeout"})), False),
        ('exception:"No prediction" OR exception:Timeout', Sample(exceptions=frozenset({"Timeout"})), True),
        ('metadata.n < "b"', Sample(metadata={"n": "a"}), True),
        ("metadata.n IN (1, b)", Sample(metadata={"n": "b"}), True),
        ("metadata.n IN (1, b)", Sample(metadata={"n": "1"}), False),
        ("metadata.n:*", Sample(metadata={"n": "1"}), True),
        ("metadata.n:*", Sample(), False),
        ('text:"LATE refund"', Sample(), True),
        ('text:"refund late"', Sample(), False),
        ('text:"refund a refund"', Sample(), True),
        ("text:ref", Sample(), False),
        ("reviewed = true", Sample(annotation=SAID), True),
        ("reviewed = false", Sample(), True),
        ("annotated = true", Sample(), False),
        ("assigned:A", Sample(annotation=SAID), True),
        ('assigned:"A > B > C"', Sample(annotation=SAID), False),
        ("assigned:*", Sample(annotation=SAID), True),
        ("dismissed:C AND dismissed:*", Sample(annotation=SAID), True),
        ("dismissed:A", Sample(annotation=SAID), False),
        ("annotator = ann AND retrieval_mode = SHUFFLE", Sample(annotation=SAID), True),
        ("annotator = ann", Sample(), False),
        ("predicted:A", Sample(scores={"A": 0.5}), True),
        ("predicted:A >= 0.7", Sample(scores={"A": 0.699999988079071}), True),  # float32(0.7)
        ("predicted:A > 0.7", Sample(scores={"A": 0.699999988079071}), False),
    ],
)
def test_a_document_matches_or_not(text: str, document: Sample, expected: bool) -> None:
    assert matches(text, document) is expected


FIELDS = st.sampled_from(
    ["id = d1", "source = chats", "metadata.n > 1", "text:refund", "reviewed = true", "assigned:A"]
)
DOCUMENTS = st.builds(
    Sample,
    id=st.sampled_from(["d1", "d2"]),
    source=st.sampled_from(["mails", "chats"]),
    metadata=st.dictionaries(st.just("n"), st.sampled_from([0.0, 2.0, "2"])),
    text=st.sampled_from(["refund", "other"]),
    annotation=st.none() | st.just(SAID),
)


@given(st.lists(FIELDS, min_size=2, max_size=4), DOCUMENTS)
def test_and_or_and_not_mean_what_they_mean_in_logic(texts: list[str], document: Sample) -> None:
    each = [matches(text, document) for text in texts]
    assert matches(" AND ".join(texts), document) is all(each)
    assert matches(" OR ".join(texts), document) is any(each)
    assert matches(f"NOT ({' OR '.join(texts)})", document) is not any(each)
    assert matches(" AND ".join(f"NOT {text}" for text in texts), document) is not any(each)


def test_a_filter_tells_what_it_needs() -> None:
    wanted = parse('assigned:"A > B" OR NOT (dismissed:C AND predicted:D > 0.5 AND assigned:*)')
    assert f.labels_of(wanted) == {"A > B", "C"}
    assert f.predicted_labels(wanted) == {"D"}
    assert f.needs_dataset(wanted)
    assert f.needs_dataset(parse("annotator = x"))
    assert f.needs_dataset(parse("text:a AND predicted:D"))
    assert not f.needs_dataset(parse("text:a"))


UNSCORED = st.recursive(
    st.sampled_from(["predicted:X", "predicted:Y >= 0.5", "predicted:Y < 0.5", "id = d1", "id = d2"]),
    lambda inner: st.one_of(
        inner.map("NOT ({})".format),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: "(" + " AND ".join(parts) + ")"),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: "(" + " OR ".join(parts) + ")"),
    ),
    max_leaves=6,
)


@given(UNSCORED)
def test_a_document_without_scores_matches_only_what_holds_whatever_they_will_be(text: str) -> None:
    if matches(text, Sample()):
        for x in (0.0, 0.5, 1.0):
            for y in (0.0, 0.5, 1.0):
                assert matches(text, Sample(scores={"X": x, "Y": y}))


@pytest.mark.parametrize(
    "text", ["predicted:X", "NOT predicted:X", "predicted:X < 0.5", "NOT (predicted:X AND id = d1)"]
)
def test_what_a_model_has_not_said_matches_neither_way(text: str) -> None:
    assert not matches(text, Sample())
    assert matches(f"{text} OR id = d1", Sample())
