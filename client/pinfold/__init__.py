"""Client of Pinfold, a gRPC server that trains, pins and serves text classifiers.

Example:
    >>> import pinfold
    >>> with pinfold.Client("localhost:7463") as client:
    ...     support = client.create_dataset("support")
    ...     support.upload([{"text": "Where is my refund?", "labels": "Billing > Refund"}, ...])
    ...     version = support.train().wait(progress=True).pin()
    ...     support.set_tag("live", version)
    ...     support.predict(["I want my money back"])

`AsyncClient` has the same methods, to be awaited.

"""

from pinfold._aio.client import AsyncClient
from pinfold._aio.dataset import AsyncDataset
from pinfold._aio.run import AsyncRun
from pinfold._aio.source import AsyncSource
from pinfold._aio.stream import AsyncStream
from pinfold._aio.version import AsyncVersion
from pinfold._enums import (
    Algorithm,
    AnnotatedDocuments,
    AnnotationCause,
    CharScope,
    ClassWeight,
    FeatureKind,
    FeatureSelection,
    LabelEventKind,
    LabelMode,
    RetrievalMode,
    RunPhase,
    RunState,
    StopWordList,
    TagEventKind,
    ThresholdPolicy,
    UploadMode,
    ValidationMode,
)
from pinfold._errors import (
    AlreadyExists,
    Conflict,
    DataLoss,
    DeadlineExceeded,
    ErrorDetails,
    FailedPrecondition,
    FieldViolation,
    InvalidArgument,
    NotFound,
    PinfoldError,
    ResourceExhausted,
    ServerError,
    TrainingCancelled,
    TrainingFailed,
    Unavailable,
)
from pinfold._explanations import Contribution, Explanation, LabelExplanation, TextSpan
from pinfold._files.bad_lines import InputError
from pinfold._keywords import Keyword, LabelKeywords
from pinfold._model_types import (
    LabelScore,
    LabelThresholds,
    Metrics,
    ModelFile,
    Prediction,
    RunConfig,
    RunConfiguration,
    RunError,
    RunInfo,
    Selection,
    SelectionCandidate,
    Tag,
    TagEvent,
    VersionInfo,
    VersionLabel,
)
from pinfold._retry import RetryPolicy
from pinfold._review_types import Cluster, DatasetStatus, DocumentPrediction, Sample, SamplePage, Scoring
from pinfold._stream_types import StreamBatch, StreamException, StreamExceptionReport, StreamInfo, StreamItem
from pinfold._sync.client import Client
from pinfold._sync.dataset import Dataset
from pinfold._sync.run import Run
from pinfold._sync.source import Source
from pinfold._sync.stream import Stream
from pinfold._sync.version import Version
from pinfold._types import (
    AnnotateReport,
    Annotation,
    AnnotationChange,
    AnnotationEvent,
    ArchiveReport,
    ArchiveSummary,
    AutoTraining,
    DatasetInfo,
    DeletedDocuments,
    DeletedLabels,
    Document,
    FileReport,
    ImportReport,
    ItemFailure,
    Label,
    LabelEvent,
    MovedLabels,
    RestoreReport,
    SourceInfo,
    TaxonomyCopy,
    TransferProgress,
    UploadProgress,
    UploadReport,
)

__all__ = [
    "Algorithm",
    "AlreadyExists",
    "AnnotateReport",
    "AnnotatedDocuments",
    "Annotation",
    "AnnotationCause",
    "AnnotationChange",
    "AnnotationEvent",
    "ArchiveReport",
    "ArchiveSummary",
    "AsyncClient",
    "AsyncDataset",
    "AsyncRun",
    "AsyncSource",
    "AsyncStream",
    "AsyncVersion",
    "AutoTraining",
    "CharScope",
    "ClassWeight",
    "Client",
    "Cluster",
    "Conflict",
    "Contribution",
    "DataLoss",
    "Dataset",
    "DatasetInfo",
    "DatasetStatus",
    "DeadlineExceeded",
    "DeletedDocuments",
    "DeletedLabels",
    "Document",
    "DocumentPrediction",
    "ErrorDetails",
    "Explanation",
    "FailedPrecondition",
    "FeatureKind",
    "FeatureSelection",
    "FieldViolation",
    "FileReport",
    "ImportReport",
    "InputError",
    "InvalidArgument",
    "ItemFailure",
    "Keyword",
    "Label",
    "LabelEvent",
    "LabelEventKind",
    "LabelExplanation",
    "LabelKeywords",
    "LabelMode",
    "LabelScore",
    "LabelThresholds",
    "Metrics",
    "ModelFile",
    "MovedLabels",
    "NotFound",
    "PinfoldError",
    "Prediction",
    "ResourceExhausted",
    "RestoreReport",
    "RetrievalMode",
    "RetryPolicy",
    "Run",
    "RunConfig",
    "RunConfiguration",
    "RunError",
    "RunInfo",
    "RunPhase",
    "RunState",
    "Sample",
    "SamplePage",
    "Scoring",
    "Selection",
    "SelectionCandidate",
    "ServerError",
    "Source",
    "SourceInfo",
    "StopWordList",
    "Stream",
    "StreamBatch",
    "StreamException",
    "StreamExceptionReport",
    "StreamInfo",
    "StreamItem",
    "Tag",
    "TagEvent",
    "TagEventKind",
    "TaxonomyCopy",
    "TextSpan",
    "ThresholdPolicy",
    "TrainingCancelled",
    "TrainingFailed",
    "TransferProgress",
    "Unavailable",
    "UploadMode",
    "UploadProgress",
    "UploadReport",
    "ValidationMode",
    "Version",
    "VersionInfo",
    "VersionLabel",
]
