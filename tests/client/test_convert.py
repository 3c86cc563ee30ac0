from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pinfold
from pinfold import _convert, _enums, _model_convert, _names
from pinfold._arguments import default_source
from pinfold._runs import made_version, merged_config, train_options
from pinfold.v1 import (
    annotation_pb2,
    dataset_pb2,
    document_pb2,
    failure_pb2,
    label_pb2,
    prediction_pb2,
    run_pb2,
    source_pb2,
    tag_pb2,
    version_pb2,
)

INTS = st.none() | st.integers(0, 2**31 - 1)
CONFIGS = st.builds(
    pinfold.RunConfig,
    algorithm=st.none() | st.sampled_from(pinfold.Algorithm),
    word_ngram_min=INTS,
    word_ngram_max=INTS,
    char_ngram_min=INTS,
    char_ngram_max=INTS,
    max_features=INTS,
    min_df=INTS,
    regularization=st.none() | st.floats(0.001, 1000),
    seed=INTS,
    char_scope=st.none() | st.sampled_from(pinfold.CharScope),
    feature_selection=st.none() | st.sampled_from(pinfold.FeatureSelection),
    stop_word_list=st.none() | st.sampled_from(pinfold.StopWordList),
    stop_words=st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), max_size=3).map(tuple),
    fold_urls=st.none() | st.booleans(),
    fold_numbers=st.none() | st.booleans(),
    class_weight=st.none() | st.sampled_from(pinfold.ClassWeight),
    label_mode=st.none() | st.sampled_from(pinfold.LabelMode),
    auto_seconds=INTS,
)
IDS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1)


@given(CONFIGS)
def test_a_configuration_comes_back_as_it_went(config: pinfold.RunConfig) -> None:
    message = run_pb2.RunConfig.FromString(_model_convert.run_config_message(config).SerializeToString())
    assert _model_convert.run_config(message) == config


@pytest.mark.parametrize(
    ("options", "error", "name"),
    [
        ({"seed": "7"}, TypeError, "seed"),
        ({"seed": 1.5}, TypeError, "seed"),
        ({"seed": True}, TypeError, "seed"),
        ({"max_features": 2**31}, ValueError, "max_features"),
        ({"algorithm": "forest"}, ValueError, "algorithm must be one of 'linear_svm'"),
        ({"class_weight": "heavy"}, ValueError, "class_weight must be one of 'none', 'balanced'"),
        ({"fold_urls": 1}, TypeError, "fold_urls must be True or False"),
        ({"stop_words": "the"}, TypeError, "stop_words must be a list"),
    ],
)
def test_options_that_cannot_be_sent_are_refused_by_name(options: Any, error: type[Exception], name: str) -> None:
    with pytest.raises(error, match=name):
        _model_convert.run_config_message(pinfold.RunConfig(**options))


def test_options_are_laid_over_a_configuration() -> None:
    base = pinfold.RunConfig(seed=1, min_df=2)
    assert merged_config(base, {"seed": 5}) == pinfold.RunConfig(seed=5, min_df=2)
    with pytest.raises(TypeError, match=r"no option 'sed'; known are algorithm"):
        merged_config(None, {"sed": 5})  # type: ignore[typeddict-unknown-key]


def test_a_stored_configuration_takes_no_further_options() -> None:
    assert train_options("fast", {}) == "fast"
    with pytest.raises(TypeError, match="no further options, got 'seed'"):
        train_options("fast", {"seed": 5})


@given(IDS.filter(lambda source: "/" not in source), IDS)
def test_names_of_documents_are_taken_apart_again(source: str, document: str) -> None:
    assert _names.document_parts(_names.document(source, document)) == (source, document)


@pytest.mark.parametrize(
    ("choices", "wire"),
    [
        (pinfold.RetrievalMode, annotation_pb2.RetrievalMode),
        (pinfold.ThresholdPolicy, prediction_pb2.ThresholdPolicy),
        (pinfold.Algorithm, run_pb2.Algorithm),
        (pinfold.CharScope, run_pb2.CharScope),
        (pinfold.FeatureSelection, run_pb2.FeatureSelection),
        (pinfold.StopWordList, run_pb2.StopWordList),
        (pinfold.ClassWeight, run_pb2.ClassWeight),
        (pinfold.LabelMode, version_pb2.LabelMode),
        (pinfold.RunState, run_pb2.Run.State),
        (pinfold.RunPhase, run_pb2.Run.Phase),
        (pinfold.ValidationMode, version_pb2.ValidationMode),
        (pinfold.TagEventKind, tag_pb2.TagEvent.Kind),
    ],
)
def test_every_value_of_the_protocol_has_a_member(choices: Any, wire: Any) -> None:
    assert len(choices) == len(wire.keys()) - 1  # all but UNSPECIFIED


def test_a_value_of_a_newer_server_is_none() -> None:
    assert _enums.RUN_STATES.decode(999) is None
    assert _enums.RUN_PHASES.decode(0) is None


def test_a_run_that_waits() -> None:
    run = _model_convert.run_info(run_pb2.Run(name="datasets/support/runs/3", state=run_pb2.Run.STATE_QUEUED))
    assert (run.number, run.state, run.phase, run.done) == (3, pinfold.RunState.QUEUED, None, False)
    assert (run.seconds_left, run.version, run.metrics, run.error) == (None, None, None, None)
    assert (run.start_time, run.end_time) == (None, None)


def test_a_run_that_failed_raises_its_reason() -> None:
    wire = run_pb2.Run(name="datasets/support/runs/3", state=run_pb2.Run.STATE_FAILED)
    wire.error.reason, wire.error.message = "ONE_CLASS", "all documents have the same labels"
    with pytest.raises(pinfold.TrainingFailed, match="run 3 failed: all documents") as raised:
        made_version(_model_convert.run_info(wire))
    assert raised.value.reason == "ONE_CLASS"


def test_a_run_that_was_cancelled_raises_so() -> None:
    wire = run_pb2.Run(name="datasets/support/runs/4", state=run_pb2.Run.STATE_CANCELLED)
    with pytest.raises(pinfold.TrainingCancelled, match="run 4"):
        made_version(_model_convert.run_info(wire))


def test_labels_that_a_list_leaves_out_are_unknown_and_not_none_at_all() -> None:
    wire = version_pb2.Version(name="datasets/support/versions/2", number=2, run="datasets/support/runs/5")
    wire.label_count = 1
    assert _model_convert.version_info(wire).labels is None
    wire.labels.add(name="A").thresholds.balanced = 0.4
    version = _model_convert.version_info(wire)
    assert version.run == 5
    assert version.labels is not None
    (label,) = version.labels
    assert (label.thresholds.of("balanced"), label.thresholds.of("high_recall"), label.f1) == (0.4, None, None)


def test_zero_stands_for_none_where_numbers_start_at_one() -> None:
    tag = _model_convert.tag(tag_pb2.Tag(name="datasets/support/tags/live", version=3))
    assert (tag.name, tag.version, tag.previous_version) == ("live", 3, None)
    dataset = _convert.dataset_info(dataset_pb2.Dataset(name="datasets/support", sources=["sources/a", "sources/b"]))
    assert (dataset.id, dataset.sources, dataset.latest_version) == ("support", ("a", "b"), None)


def test_a_document_with_properties_and_times() -> None:
    wire = document_pb2.Document(name="sources/mails/documents/2026/7", text="hi")
    wire.timestamp.FromJsonString("2026-01-02T03:04:05Z")
    wire.metadata["channel"].string_value = "mail"
    wire.metadata["stars"].number_value = 4
    document = _convert.document(wire)
    assert (document.source, document.id) == ("mails", "2026/7")
    assert document.timestamp == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert document.metadata == {"channel": "mail", "stars": 4.0}


@pytest.mark.parametrize(
    ("sources", "expected"), [(("a",), "a"), (("support",), "support"), (("a", "support"), "support")]
)
def test_the_source_that_is_meant_when_none_is_named(sources: tuple[str, ...], expected: str) -> None:
    wire = dataset_pb2.Dataset(name="datasets/support", sources=[f"sources/{source}" for source in sources])
    assert default_source(_convert.dataset_info(wire)) == expected


def test_several_sources_without_one_of_the_datasets_own_must_be_named() -> None:
    wire = dataset_pb2.Dataset(name="datasets/support", sources=["sources/a", "sources/b"])
    with pytest.raises(ValueError, match=r"reads several sources; name one: a, b"):
        default_source(_convert.dataset_info(wire))


SAME_FIELDS = [
    (pinfold.RunConfig, run_pb2.RunConfig),
    (pinfold.RunConfiguration, run_pb2.RunConfiguration),
    (pinfold.Selection, run_pb2.Selection),
    (pinfold.SelectionCandidate, run_pb2.SelectionCandidate),
    (pinfold.Metrics, version_pb2.Metrics),
    (pinfold.LabelThresholds, version_pb2.LabelThresholds),
    (pinfold.VersionLabel, version_pb2.VersionLabel),
    (pinfold.ModelFile, version_pb2.ModelFile),
    (pinfold.RunError, run_pb2.RunError),
    (pinfold.VersionInfo, version_pb2.Version),
    (pinfold.RunInfo, run_pb2.Run),
    (pinfold.Tag, tag_pb2.Tag),
    (pinfold.TagEvent, tag_pb2.TagEvent),
    (pinfold.DatasetInfo, dataset_pb2.Dataset),
    (pinfold.SourceInfo, source_pb2.Source),
    (pinfold.Document, document_pb2.Document),
    (pinfold.Label, label_pb2.Label),
    (pinfold.Annotation, annotation_pb2.Annotation),
    (pinfold.ItemFailure, failure_pb2.ItemFailure),
]
# A resource name becomes the number or ids that it is made of.
NAMES = {"name", "id", "number", "source", "document", "document_id"}


@pytest.mark.parametrize(("ours", "wire"), SAME_FIELDS, ids=lambda cls: cls.__name__)
def test_no_field_of_the_protocol_is_forgotten(ours: Any, wire: Any) -> None:
    told = {field.name for field in fields(ours)}
    assert told - NAMES == set(wire.DESCRIPTOR.fields_by_name) - NAMES
