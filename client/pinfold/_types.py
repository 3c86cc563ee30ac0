"""What callers hold of datasets, documents, labels and annotations: frozen values, no protobuf."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pinfold._enums import AnnotationCause, LabelEventKind, LabelMode, RetrievalMode, Sentiment


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """A source as the server last told it."""

    id: str
    title: str
    document_count: int
    create_time: datetime
    update_time: datetime
    etag: str


@dataclass(frozen=True, slots=True)
class AutoTraining:
    """When a dataset trains by itself: `after_changes` changes, or after so many seconds without one; 0 is never.

    `run_configuration` is the id of the options to train with; None: the default ones.
    """

    enabled: bool = False
    after_changes: int = 100
    after_quiet_seconds: int = 60
    run_configuration: str | None = None


@dataclass(frozen=True, slots=True)
class DatasetInfo:
    """A dataset as the server last told it. With `label_sentiment` each assigned label is positive or negative.

    `sources` are ids; `revision` rises by one with every committed change of labels or annotations;
    `latest_version` is None until something was trained; `label_mode` holds for runs that leave it open.
    """

    id: str
    title: str
    description: str
    sources: tuple[str, ...]
    revision: int
    label_count: int
    annotated_count: int
    reviewed_count: int
    latest_version: int | None
    pinned_count: int
    create_time: datetime
    update_time: datetime
    etag: str
    auto_training: AutoTraining = field(default_factory=AutoTraining)
    label_mode: LabelMode = LabelMode.AUTO
    label_sentiment: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """One text of a source. `timestamp` is when the text was written, as its author tells it."""

    id: str
    source: str
    text: str
    timestamp: datetime
    metadata: Mapping[str, str | float]
    create_time: datetime
    update_time: datetime


@dataclass(frozen=True, slots=True)
class Label:
    """One level of a taxonomy, such as `Billing > Refund`; the count includes descendants."""

    name: str
    description: str
    assigned_count: int
    dismissed_count: int
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class PredictionCoverage:
    """What a filter on predictions (`predicted:`) could see.

    `version` scored the documents; the `unscored` ones (new, changed, or beyond what is scored of a very large dataset)
    match neither `predicted:` nor its `NOT`.
    """

    version: int
    unscored: int


@dataclass(frozen=True, slots=True)
class DeletedDocuments:
    """What a deletion did: documents that are gone, and annotated ones that were left.

    `coverage` is that of a filter on predictions, None of any other.
    """

    deleted: int
    kept: int
    coverage: PredictionCoverage | None = None


@dataclass(frozen=True, slots=True)
class LabelEvent:
    """One change of the labels of a dataset; `to_label` of a merge is the label that it went into."""

    kind: LabelEventKind | None
    from_label: str | None
    to_label: str | None
    time: datetime
    actor: str
    revision: int


@dataclass(frozen=True, slots=True)
class MovedLabels:
    """What a rename did: labels that got another name, labels that went into others, annotations that changed."""

    label: Label
    renamed: int
    merged: int
    annotations: int
    revision: int


@dataclass(frozen=True, slots=True)
class DeletedLabels:
    """What a deletion did: labels that are gone, annotations that changed."""

    labels: int
    annotations: int
    revision: int


@dataclass(frozen=True, slots=True)
class TaxonomyCopy:
    """What a copy did: labels created, annotations copied, annotations that were left alone."""

    labels: int
    annotations: int
    kept: int
    revision: int


@dataclass(frozen=True, slots=True)
class Annotation:
    """What people say of one document in one dataset.

    `reviewed` means complete: labels that are not assigned do not apply. `etag` changes with every change of it.
    `sentiments` by assigned label, in a dataset with label sentiment; empty in others.
    """

    document_id: str
    source: str
    assigned: tuple[str, ...]
    dismissed: tuple[str, ...]
    reviewed: bool
    annotator: str
    retrieval_mode: RetrievalMode | None
    update_time: datetime
    revision: int
    etag: str = ""
    sentiments: Mapping[str, Sentiment] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class AnnotationEvent:
    """One committed change of what people say of a document.

    `assigned`, `dismissed` and `reviewed` are how it left the annotation; the next four what it gave and took. `actor`
    changed the labels or restored the dataset; empty where the annotator made the change. `sentiments` are those of
    `assigned`, in a dataset with label sentiment.
    """

    revision: int
    time: datetime
    annotator: str
    retrieval_mode: RetrievalMode | None
    cause: AnnotationCause | None
    assigned: tuple[str, ...]
    dismissed: tuple[str, ...]
    reviewed: bool
    newly_assigned: tuple[str, ...]
    no_longer_assigned: tuple[str, ...]
    newly_dismissed: tuple[str, ...]
    no_longer_dismissed: tuple[str, ...]
    actor: str = ""
    sentiments: Mapping[str, Sentiment] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class AnnotationChange:
    """A change of one document's annotation. What is None stays as it is; an empty list clears.

    `source` is needed only where the dataset reads several sources. With the `etag` of an annotation, the change fails
    unless that is still its state; `"0"` stands for a document of which nothing is said. In a dataset with label
    sentiment, `assigned` maps labels to sentiments: `{"Delivery": "negative"}`, or `"-"`.
    """

    id: str
    assigned: Iterable[str] | Mapping[str, Sentiment | str] | None = None
    dismissed: Iterable[str] | None = None
    reviewed: bool | None = None
    retrieval_mode: RetrievalMode | str | None = None
    source: str | None = None
    etag: str | None = None


@dataclass(frozen=True, slots=True)
class ItemFailure:
    """Why one item failed; the others are not affected.

    `index` counts from 0 over everything that was passed in; `code` is the number of a `google.rpc.Code`;
    `field` is the path of what is wrong, such as `rows[3].text`.
    """

    index: int
    id: str
    code: int
    reason: str
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class UploadReport:
    """What became of the rows of an upload. `failures` holds the first 10,000 in row order.

    `duplicates` were not stored, because the source has their text under another id. `split_changed` are for another
    part of a training than before.
    """

    new: int = 0
    text_changed: int = 0
    metadata_changed: int = 0
    unchanged: int = 0
    failed: int = 0
    annotated: int = 0
    labels_created: int = 0
    revision: int = 0
    failures: tuple[ItemFailure, ...] = field(default=(), repr=False)
    duplicates: int = 0
    split_changed: int = 0

    @property
    def total(self) -> int:
        """Rows that were read."""
        return self.stored + self.failed + self.duplicates

    @property
    def stored(self) -> int:
        """Rows that the server now holds as they were passed."""
        return self.new + self.text_changed + self.metadata_changed + self.unchanged


@dataclass(frozen=True, slots=True)
class UploadProgress:
    """How far an upload is. `total` is None where the length of the rows is not known; `finished` is told once.

    The fate of the first `settled` rows is known, and what of them could be stored is on the server's disk.
    """

    done: int
    failed: int
    total: int | None
    finished: bool = False
    settled: int = 0


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of a file: of its rows, which columns were read, and how many lines were skipped and why.

    `bad_line_messages` holds the first 1,000. Rows of `upload` are counted without the skipped lines; `resumed_at`
    rows were stored by an earlier, interrupted import and were not sent again. `encoding` is that in which a text file
    was read; a guess where it is not Unicode.
    """

    upload: UploadReport
    columns: str
    bad_lines: int = 0
    bad_line_messages: tuple[str, ...] = field(default=(), repr=False)
    resumed_at: int = 0
    encoding: str = ""


@dataclass(frozen=True, slots=True)
class TransferProgress:
    """How much of a file was sent or received, in bytes; `finished` is told once, when the other side has it all."""

    done: int
    total: int
    finished: bool = False


@dataclass(frozen=True, slots=True)
class ArchiveSummary:
    """How much an archive holds. `events` are the recorded changes of annotations."""

    documents: int
    annotations: int
    events: int
    versions: int
    tags: int


@dataclass(frozen=True, slots=True)
class ArchiveReport:
    """An archive that was written: where, its bytes and digest, what it holds."""

    path: Path
    size: int
    sha256: str
    summary: ArchiveSummary


@dataclass(frozen=True, slots=True)
class ImportReport:
    """A dataset that was made of an archive.

    `run_configurations_kept` names those of the archive whose id stood for other options on this server: they were
    left as they are.
    """

    dataset: DatasetInfo
    summary: ArchiveSummary
    run_configurations_created: tuple[str, ...]
    run_configurations_kept: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What a restoration changed.

    Restoring `previous_revision` takes it back. `missing` names the first 100 of the `missing_count` documents of
    which something was said then and that are gone by now, as `sources/{source}/documents/{document}`.

    `kept_version` is the number of the pinned version that was trained last on what was left behind, None where there
    is none; `pinned` where this restoration pinned it. It was trained on `kept_version_revision`: what was changed
    after that, up to `previous_revision`, is in no version.
    """

    restored_revision: int
    previous_revision: int
    revision: int
    annotations: int
    labels: int
    missing_count: int
    missing: tuple[str, ...] = field(default=(), repr=False)
    kept_version: int | None = None
    kept_version_revision: int = 0
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class AnnotateReport:
    """What became of annotation changes; `revision` is that of the dataset afterwards."""

    changed: int = 0
    unchanged: int = 0
    failed: int = 0
    revision: int = 0
    failures: tuple[ItemFailure, ...] = field(default=(), repr=False)
