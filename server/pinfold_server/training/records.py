"""A trained model as the store keeps it."""

from pinfold_server.domain.predictions.keywords import Keyword
from pinfold_server.store.storage_pb2 import (
    KeywordRecord,
    LabelKeywordsRecord,
    MetricsRecord,
    SelectionCandidateRecord,
    SelectionRecord,
    VersionLabelRecord,
    VersionLabelsRecord,
    VersionRecord,
)
from pinfold_server.training.contract import LabelReport, Selection, TrainedModel


def version_to_record(trained: TrainedModel, revision: int) -> VersionRecord:
    """Without number and times, which publishing gives."""
    summary = trained.summary
    return VersionRecord(
        revision=revision,
        metrics=MetricsRecord(
            validation_mode=trained.validation_mode.value,
            train_size=trained.train_size,
            test_size=trained.test_size,
            mean_average_precision=summary.mean_average_precision,
            micro_f1=summary.micro_f1,
            macro_f1=summary.macro_f1,
            accuracy=summary.accuracy,
            calibration_error=summary.calibration_error,
            top_label_calibration_error=summary.top_label_calibration_error,
        ),
        sha256=bytes.fromhex(trained.sha256),
        size=len(trained.onnx),
        feature_count=trained.feature_count,
        label_count=len(trained.label_names),
        golden_count=len(trained.golden.texts),
        label_mode=trained.label_mode,
        selection=_selection_to_record(trained.selection),
    )


def labels_to_record(trained: TrainedModel, numbers: tuple[int, ...]) -> VersionLabelsRecord:
    """`numbers` of the dataset's labels, in the same order."""
    found = zip(trained.labels, numbers, strict=True)
    return VersionLabelsRecord(labels=[_label_to_record(label, number) for label, number in found])


def keywords_to_records(trained: TrainedModel) -> list[LabelKeywordsRecord]:
    return [
        LabelKeywordsRecord(
            label=each.label,
            towards=[_keyword_to_record(keyword) for keyword in each.towards],
            against=[_keyword_to_record(keyword) for keyword in each.against],
        )
        for each in trained.keywords
    ]


def _keyword_to_record(keyword: Keyword) -> KeywordRecord:
    return KeywordRecord(
        feature=keyword.feature, kind=keyword.kind, weight=keyword.weight, document_count=keyword.document_count
    )


def _selection_to_record(selection: Selection | None) -> SelectionRecord | None:
    if selection is None:
        return None
    tried = [
        SelectionCandidateRecord(algorithm=each.algorithm, score=each.score, seconds=each.seconds)
        for each in selection.candidates
    ]
    return SelectionRecord(measure=selection.measure, candidates=tried, algorithm=selection.algorithm)


def _label_to_record(label: LabelReport, number: int) -> VersionLabelRecord:
    record = VersionLabelRecord(
        name=label.name,
        train_count=label.train_count,
        test_count=label.test_count,
        average_precision=label.average_precision,
        precision=label.precision,
        recall=label.recall,
        f1=label.f1,
        number=number,
    )
    if label.thresholds is not None:
        record.threshold_balanced = label.thresholds.balanced
        record.threshold_high_precision = label.thresholds.high_precision
        record.threshold_high_recall = label.thresholds.high_recall
    return record
