from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SourceRecord(_message.Message):
    __slots__ = ("uid", "id", "title", "document_count", "created_us", "updated_us", "generation", "last_number", "words_uid", "indexed_number", "gone_count", "compared_number", "has_indexes")
    UID_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_COUNT_FIELD_NUMBER: _ClassVar[int]
    CREATED_US_FIELD_NUMBER: _ClassVar[int]
    UPDATED_US_FIELD_NUMBER: _ClassVar[int]
    GENERATION_FIELD_NUMBER: _ClassVar[int]
    LAST_NUMBER_FIELD_NUMBER: _ClassVar[int]
    WORDS_UID_FIELD_NUMBER: _ClassVar[int]
    INDEXED_NUMBER_FIELD_NUMBER: _ClassVar[int]
    GONE_COUNT_FIELD_NUMBER: _ClassVar[int]
    COMPARED_NUMBER_FIELD_NUMBER: _ClassVar[int]
    HAS_INDEXES_FIELD_NUMBER: _ClassVar[int]
    uid: int
    id: str
    title: str
    document_count: int
    created_us: int
    updated_us: int
    generation: int
    last_number: int
    words_uid: int
    indexed_number: int
    gone_count: int
    compared_number: int
    has_indexes: bool
    def __init__(self, uid: _Optional[int] = ..., id: _Optional[str] = ..., title: _Optional[str] = ..., document_count: _Optional[int] = ..., created_us: _Optional[int] = ..., updated_us: _Optional[int] = ..., generation: _Optional[int] = ..., last_number: _Optional[int] = ..., words_uid: _Optional[int] = ..., indexed_number: _Optional[int] = ..., gone_count: _Optional[int] = ..., compared_number: _Optional[int] = ..., has_indexes: bool = ...) -> None: ...

class MetadataRecord(_message.Message):
    __slots__ = ("string_value", "number_value")
    STRING_VALUE_FIELD_NUMBER: _ClassVar[int]
    NUMBER_VALUE_FIELD_NUMBER: _ClassVar[int]
    string_value: str
    number_value: float
    def __init__(self, string_value: _Optional[str] = ..., number_value: _Optional[float] = ...) -> None: ...

class DocumentRecord(_message.Message):
    __slots__ = ("text", "timestamp_us", "metadata", "created_us", "updated_us", "number")
    class MetadataEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: MetadataRecord
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[MetadataRecord, _Mapping]] = ...) -> None: ...
    TEXT_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_US_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    CREATED_US_FIELD_NUMBER: _ClassVar[int]
    UPDATED_US_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    text: str
    timestamp_us: int
    metadata: _containers.MessageMap[str, MetadataRecord]
    created_us: int
    updated_us: int
    number: int
    def __init__(self, text: _Optional[str] = ..., timestamp_us: _Optional[int] = ..., metadata: _Optional[_Mapping[str, MetadataRecord]] = ..., created_us: _Optional[int] = ..., updated_us: _Optional[int] = ..., number: _Optional[int] = ...) -> None: ...

class DatasetRecord(_message.Message):
    __slots__ = ("uid", "id", "title", "description", "source_ids", "revision", "label_count", "annotated_count", "reviewed_count", "latest_version", "last_version", "pinned_count", "last_run", "last_label", "created_us", "updated_us", "generation", "last_label_event", "has_label_index", "has_history", "auto_training", "label_sentiment", "auto_revision", "label_mode")
    UID_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    SOURCE_IDS_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    LABEL_COUNT_FIELD_NUMBER: _ClassVar[int]
    ANNOTATED_COUNT_FIELD_NUMBER: _ClassVar[int]
    REVIEWED_COUNT_FIELD_NUMBER: _ClassVar[int]
    LATEST_VERSION_FIELD_NUMBER: _ClassVar[int]
    LAST_VERSION_FIELD_NUMBER: _ClassVar[int]
    PINNED_COUNT_FIELD_NUMBER: _ClassVar[int]
    LAST_RUN_FIELD_NUMBER: _ClassVar[int]
    LAST_LABEL_FIELD_NUMBER: _ClassVar[int]
    CREATED_US_FIELD_NUMBER: _ClassVar[int]
    UPDATED_US_FIELD_NUMBER: _ClassVar[int]
    GENERATION_FIELD_NUMBER: _ClassVar[int]
    LAST_LABEL_EVENT_FIELD_NUMBER: _ClassVar[int]
    HAS_LABEL_INDEX_FIELD_NUMBER: _ClassVar[int]
    HAS_HISTORY_FIELD_NUMBER: _ClassVar[int]
    AUTO_TRAINING_FIELD_NUMBER: _ClassVar[int]
    LABEL_SENTIMENT_FIELD_NUMBER: _ClassVar[int]
    AUTO_REVISION_FIELD_NUMBER: _ClassVar[int]
    LABEL_MODE_FIELD_NUMBER: _ClassVar[int]
    uid: int
    id: str
    title: str
    description: str
    source_ids: _containers.RepeatedScalarFieldContainer[str]
    revision: int
    label_count: int
    annotated_count: int
    reviewed_count: int
    latest_version: int
    last_version: int
    pinned_count: int
    last_run: int
    last_label: int
    created_us: int
    updated_us: int
    generation: int
    last_label_event: int
    has_label_index: bool
    has_history: bool
    auto_training: AutoTrainingRecord
    label_sentiment: bool
    auto_revision: int
    label_mode: str
    def __init__(self, uid: _Optional[int] = ..., id: _Optional[str] = ..., title: _Optional[str] = ..., description: _Optional[str] = ..., source_ids: _Optional[_Iterable[str]] = ..., revision: _Optional[int] = ..., label_count: _Optional[int] = ..., annotated_count: _Optional[int] = ..., reviewed_count: _Optional[int] = ..., latest_version: _Optional[int] = ..., last_version: _Optional[int] = ..., pinned_count: _Optional[int] = ..., last_run: _Optional[int] = ..., last_label: _Optional[int] = ..., created_us: _Optional[int] = ..., updated_us: _Optional[int] = ..., generation: _Optional[int] = ..., last_label_event: _Optional[int] = ..., has_label_index: bool = ..., has_history: bool = ..., auto_training: _Optional[_Union[AutoTrainingRecord, _Mapping]] = ..., label_sentiment: bool = ..., auto_revision: _Optional[int] = ..., label_mode: _Optional[str] = ...) -> None: ...

class AutoTrainingRecord(_message.Message):
    __slots__ = ("enabled", "after_changes", "after_quiet_seconds", "configuration_id")
    ENABLED_FIELD_NUMBER: _ClassVar[int]
    AFTER_CHANGES_FIELD_NUMBER: _ClassVar[int]
    AFTER_QUIET_SECONDS_FIELD_NUMBER: _ClassVar[int]
    CONFIGURATION_ID_FIELD_NUMBER: _ClassVar[int]
    enabled: bool
    after_changes: int
    after_quiet_seconds: int
    configuration_id: str
    def __init__(self, enabled: bool = ..., after_changes: _Optional[int] = ..., after_quiet_seconds: _Optional[int] = ..., configuration_id: _Optional[str] = ...) -> None: ...

class LabelRecord(_message.Message):
    __slots__ = ("number", "name", "description", "assigned_count", "dismissed_count", "external_id")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    ASSIGNED_COUNT_FIELD_NUMBER: _ClassVar[int]
    DISMISSED_COUNT_FIELD_NUMBER: _ClassVar[int]
    EXTERNAL_ID_FIELD_NUMBER: _ClassVar[int]
    number: int
    name: str
    description: str
    assigned_count: int
    dismissed_count: int
    external_id: str
    def __init__(self, number: _Optional[int] = ..., name: _Optional[str] = ..., description: _Optional[str] = ..., assigned_count: _Optional[int] = ..., dismissed_count: _Optional[int] = ..., external_id: _Optional[str] = ...) -> None: ...

class LabelEventRecord(_message.Message):
    __slots__ = ("kind", "number", "into_number", "from_name", "to_name", "time_us", "actor", "revision")
    KIND_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    INTO_NUMBER_FIELD_NUMBER: _ClassVar[int]
    FROM_NAME_FIELD_NUMBER: _ClassVar[int]
    TO_NAME_FIELD_NUMBER: _ClassVar[int]
    TIME_US_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    kind: int
    number: int
    into_number: int
    from_name: str
    to_name: str
    time_us: int
    actor: str
    revision: int
    def __init__(self, kind: _Optional[int] = ..., number: _Optional[int] = ..., into_number: _Optional[int] = ..., from_name: _Optional[str] = ..., to_name: _Optional[str] = ..., time_us: _Optional[int] = ..., actor: _Optional[str] = ..., revision: _Optional[int] = ...) -> None: ...

class AnnotationRecord(_message.Message):
    __slots__ = ("assigned", "dismissed", "reviewed", "annotator", "retrieval_mode", "updated_us", "revision", "negative")
    ASSIGNED_FIELD_NUMBER: _ClassVar[int]
    DISMISSED_FIELD_NUMBER: _ClassVar[int]
    REVIEWED_FIELD_NUMBER: _ClassVar[int]
    ANNOTATOR_FIELD_NUMBER: _ClassVar[int]
    RETRIEVAL_MODE_FIELD_NUMBER: _ClassVar[int]
    UPDATED_US_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    NEGATIVE_FIELD_NUMBER: _ClassVar[int]
    assigned: _containers.RepeatedScalarFieldContainer[int]
    dismissed: _containers.RepeatedScalarFieldContainer[int]
    reviewed: bool
    annotator: str
    retrieval_mode: int
    updated_us: int
    revision: int
    negative: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, assigned: _Optional[_Iterable[int]] = ..., dismissed: _Optional[_Iterable[int]] = ..., reviewed: bool = ..., annotator: _Optional[str] = ..., retrieval_mode: _Optional[int] = ..., updated_us: _Optional[int] = ..., revision: _Optional[int] = ..., negative: _Optional[_Iterable[int]] = ...) -> None: ...

class AnnotationEventRecord(_message.Message):
    __slots__ = ("after", "cause", "actor")
    AFTER_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    after: AnnotationRecord
    cause: int
    actor: str
    def __init__(self, after: _Optional[_Union[AnnotationRecord, _Mapping]] = ..., cause: _Optional[int] = ..., actor: _Optional[str] = ...) -> None: ...

class RunConfigRecord(_message.Message):
    __slots__ = ("algorithm", "word_ngram_min", "word_ngram_max", "char_ngram_min", "char_ngram_max", "max_features", "min_df", "regularization", "seed", "char_scope", "feature_selection", "stop_word_list", "stop_words", "fold_urls", "fold_numbers", "class_weight", "label_mode", "auto_seconds")
    ALGORITHM_FIELD_NUMBER: _ClassVar[int]
    WORD_NGRAM_MIN_FIELD_NUMBER: _ClassVar[int]
    WORD_NGRAM_MAX_FIELD_NUMBER: _ClassVar[int]
    CHAR_NGRAM_MIN_FIELD_NUMBER: _ClassVar[int]
    CHAR_NGRAM_MAX_FIELD_NUMBER: _ClassVar[int]
    MAX_FEATURES_FIELD_NUMBER: _ClassVar[int]
    MIN_DF_FIELD_NUMBER: _ClassVar[int]
    REGULARIZATION_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    CHAR_SCOPE_FIELD_NUMBER: _ClassVar[int]
    FEATURE_SELECTION_FIELD_NUMBER: _ClassVar[int]
    STOP_WORD_LIST_FIELD_NUMBER: _ClassVar[int]
    STOP_WORDS_FIELD_NUMBER: _ClassVar[int]
    FOLD_URLS_FIELD_NUMBER: _ClassVar[int]
    FOLD_NUMBERS_FIELD_NUMBER: _ClassVar[int]
    CLASS_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    LABEL_MODE_FIELD_NUMBER: _ClassVar[int]
    AUTO_SECONDS_FIELD_NUMBER: _ClassVar[int]
    algorithm: str
    word_ngram_min: int
    word_ngram_max: int
    char_ngram_min: int
    char_ngram_max: int
    max_features: int
    min_df: int
    regularization: float
    seed: int
    char_scope: str
    feature_selection: str
    stop_word_list: str
    stop_words: _containers.RepeatedScalarFieldContainer[str]
    fold_urls: bool
    fold_numbers: bool
    class_weight: str
    label_mode: str
    auto_seconds: int
    def __init__(self, algorithm: _Optional[str] = ..., word_ngram_min: _Optional[int] = ..., word_ngram_max: _Optional[int] = ..., char_ngram_min: _Optional[int] = ..., char_ngram_max: _Optional[int] = ..., max_features: _Optional[int] = ..., min_df: _Optional[int] = ..., regularization: _Optional[float] = ..., seed: _Optional[int] = ..., char_scope: _Optional[str] = ..., feature_selection: _Optional[str] = ..., stop_word_list: _Optional[str] = ..., stop_words: _Optional[_Iterable[str]] = ..., fold_urls: bool = ..., fold_numbers: bool = ..., class_weight: _Optional[str] = ..., label_mode: _Optional[str] = ..., auto_seconds: _Optional[int] = ...) -> None: ...

class SelectionCandidateRecord(_message.Message):
    __slots__ = ("algorithm", "score", "seconds")
    ALGORITHM_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    SECONDS_FIELD_NUMBER: _ClassVar[int]
    algorithm: str
    score: float
    seconds: float
    def __init__(self, algorithm: _Optional[str] = ..., score: _Optional[float] = ..., seconds: _Optional[float] = ...) -> None: ...

class SelectionRecord(_message.Message):
    __slots__ = ("measure", "candidates", "algorithm")
    MEASURE_FIELD_NUMBER: _ClassVar[int]
    CANDIDATES_FIELD_NUMBER: _ClassVar[int]
    ALGORITHM_FIELD_NUMBER: _ClassVar[int]
    measure: str
    candidates: _containers.RepeatedCompositeFieldContainer[SelectionCandidateRecord]
    algorithm: str
    def __init__(self, measure: _Optional[str] = ..., candidates: _Optional[_Iterable[_Union[SelectionCandidateRecord, _Mapping]]] = ..., algorithm: _Optional[str] = ...) -> None: ...

class RunConfigurationRecord(_message.Message):
    __slots__ = ("id", "description", "config", "created_us")
    ID_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    CONFIG_FIELD_NUMBER: _ClassVar[int]
    CREATED_US_FIELD_NUMBER: _ClassVar[int]
    id: str
    description: str
    config: RunConfigRecord
    created_us: int
    def __init__(self, id: _Optional[str] = ..., description: _Optional[str] = ..., config: _Optional[_Union[RunConfigRecord, _Mapping]] = ..., created_us: _Optional[int] = ...) -> None: ...

class MetricsRecord(_message.Message):
    __slots__ = ("validation_mode", "train_size", "test_size", "mean_average_precision", "micro_f1", "macro_f1", "accuracy", "calibration_error", "top_label_calibration_error")
    VALIDATION_MODE_FIELD_NUMBER: _ClassVar[int]
    TRAIN_SIZE_FIELD_NUMBER: _ClassVar[int]
    TEST_SIZE_FIELD_NUMBER: _ClassVar[int]
    MEAN_AVERAGE_PRECISION_FIELD_NUMBER: _ClassVar[int]
    MICRO_F1_FIELD_NUMBER: _ClassVar[int]
    MACRO_F1_FIELD_NUMBER: _ClassVar[int]
    ACCURACY_FIELD_NUMBER: _ClassVar[int]
    CALIBRATION_ERROR_FIELD_NUMBER: _ClassVar[int]
    TOP_LABEL_CALIBRATION_ERROR_FIELD_NUMBER: _ClassVar[int]
    validation_mode: str
    train_size: int
    test_size: int
    mean_average_precision: float
    micro_f1: float
    macro_f1: float
    accuracy: float
    calibration_error: float
    top_label_calibration_error: float
    def __init__(self, validation_mode: _Optional[str] = ..., train_size: _Optional[int] = ..., test_size: _Optional[int] = ..., mean_average_precision: _Optional[float] = ..., micro_f1: _Optional[float] = ..., macro_f1: _Optional[float] = ..., accuracy: _Optional[float] = ..., calibration_error: _Optional[float] = ..., top_label_calibration_error: _Optional[float] = ...) -> None: ...

class RunRecord(_message.Message):
    __slots__ = ("number", "state", "phase", "fraction", "seconds_left", "config", "revision", "version", "metrics", "error_reason", "error_message", "cancel_requested", "attempt", "claimed_by", "created_us", "started_us", "ended_us", "configuration_id", "selection", "experiment_id", "title", "notes", "metadata", "starred", "automatic")
    class MetadataEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    PHASE_FIELD_NUMBER: _ClassVar[int]
    FRACTION_FIELD_NUMBER: _ClassVar[int]
    SECONDS_LEFT_FIELD_NUMBER: _ClassVar[int]
    CONFIG_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    ERROR_REASON_FIELD_NUMBER: _ClassVar[int]
    ERROR_MESSAGE_FIELD_NUMBER: _ClassVar[int]
    CANCEL_REQUESTED_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    CLAIMED_BY_FIELD_NUMBER: _ClassVar[int]
    CREATED_US_FIELD_NUMBER: _ClassVar[int]
    STARTED_US_FIELD_NUMBER: _ClassVar[int]
    ENDED_US_FIELD_NUMBER: _ClassVar[int]
    CONFIGURATION_ID_FIELD_NUMBER: _ClassVar[int]
    SELECTION_FIELD_NUMBER: _ClassVar[int]
    EXPERIMENT_ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    NOTES_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    STARRED_FIELD_NUMBER: _ClassVar[int]
    AUTOMATIC_FIELD_NUMBER: _ClassVar[int]
    number: int
    state: str
    phase: str
    fraction: float
    seconds_left: float
    config: RunConfigRecord
    revision: int
    version: int
    metrics: MetricsRecord
    error_reason: str
    error_message: str
    cancel_requested: bool
    attempt: int
    claimed_by: str
    created_us: int
    started_us: int
    ended_us: int
    configuration_id: str
    selection: SelectionRecord
    experiment_id: str
    title: str
    notes: str
    metadata: _containers.ScalarMap[str, str]
    starred: bool
    automatic: bool
    def __init__(self, number: _Optional[int] = ..., state: _Optional[str] = ..., phase: _Optional[str] = ..., fraction: _Optional[float] = ..., seconds_left: _Optional[float] = ..., config: _Optional[_Union[RunConfigRecord, _Mapping]] = ..., revision: _Optional[int] = ..., version: _Optional[int] = ..., metrics: _Optional[_Union[MetricsRecord, _Mapping]] = ..., error_reason: _Optional[str] = ..., error_message: _Optional[str] = ..., cancel_requested: bool = ..., attempt: _Optional[int] = ..., claimed_by: _Optional[str] = ..., created_us: _Optional[int] = ..., started_us: _Optional[int] = ..., ended_us: _Optional[int] = ..., configuration_id: _Optional[str] = ..., selection: _Optional[_Union[SelectionRecord, _Mapping]] = ..., experiment_id: _Optional[str] = ..., title: _Optional[str] = ..., notes: _Optional[str] = ..., metadata: _Optional[_Mapping[str, str]] = ..., starred: bool = ..., automatic: bool = ...) -> None: ...

class SliceRecord(_message.Message):
    __slots__ = ("id", "description", "filter", "outcome", "label", "min_confidence", "max_confidence", "created_us", "updated_us")
    ID_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    MIN_CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    MAX_CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    CREATED_US_FIELD_NUMBER: _ClassVar[int]
    UPDATED_US_FIELD_NUMBER: _ClassVar[int]
    id: str
    description: str
    filter: str
    outcome: int
    label: str
    min_confidence: float
    max_confidence: float
    created_us: int
    updated_us: int
    def __init__(self, id: _Optional[str] = ..., description: _Optional[str] = ..., filter: _Optional[str] = ..., outcome: _Optional[int] = ..., label: _Optional[str] = ..., min_confidence: _Optional[float] = ..., max_confidence: _Optional[float] = ..., created_us: _Optional[int] = ..., updated_us: _Optional[int] = ...) -> None: ...

class ExperimentRecord(_message.Message):
    __slots__ = ("id", "title", "description", "metric", "runs", "created_us")
    ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    METRIC_FIELD_NUMBER: _ClassVar[int]
    RUNS_FIELD_NUMBER: _ClassVar[int]
    CREATED_US_FIELD_NUMBER: _ClassVar[int]
    id: str
    title: str
    description: str
    metric: str
    runs: _containers.RepeatedScalarFieldContainer[int]
    created_us: int
    def __init__(self, id: _Optional[str] = ..., title: _Optional[str] = ..., description: _Optional[str] = ..., metric: _Optional[str] = ..., runs: _Optional[_Iterable[int]] = ..., created_us: _Optional[int] = ...) -> None: ...

class VersionLabelRecord(_message.Message):
    __slots__ = ("name", "train_count", "test_count", "average_precision", "precision", "recall", "f1", "threshold_balanced", "threshold_high_precision", "threshold_high_recall", "number")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TRAIN_COUNT_FIELD_NUMBER: _ClassVar[int]
    TEST_COUNT_FIELD_NUMBER: _ClassVar[int]
    AVERAGE_PRECISION_FIELD_NUMBER: _ClassVar[int]
    PRECISION_FIELD_NUMBER: _ClassVar[int]
    RECALL_FIELD_NUMBER: _ClassVar[int]
    F1_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_BALANCED_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_HIGH_PRECISION_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_HIGH_RECALL_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    name: str
    train_count: int
    test_count: int
    average_precision: float
    precision: float
    recall: float
    f1: float
    threshold_balanced: float
    threshold_high_precision: float
    threshold_high_recall: float
    number: int
    def __init__(self, name: _Optional[str] = ..., train_count: _Optional[int] = ..., test_count: _Optional[int] = ..., average_precision: _Optional[float] = ..., precision: _Optional[float] = ..., recall: _Optional[float] = ..., f1: _Optional[float] = ..., threshold_balanced: _Optional[float] = ..., threshold_high_precision: _Optional[float] = ..., threshold_high_recall: _Optional[float] = ..., number: _Optional[int] = ...) -> None: ...

class VersionLabelsRecord(_message.Message):
    __slots__ = ("labels",)
    LABELS_FIELD_NUMBER: _ClassVar[int]
    labels: _containers.RepeatedCompositeFieldContainer[VersionLabelRecord]
    def __init__(self, labels: _Optional[_Iterable[_Union[VersionLabelRecord, _Mapping]]] = ...) -> None: ...

class VersionRecord(_message.Message):
    __slots__ = ("number", "run", "pinned", "pinned_us", "available", "revision", "metrics", "sha256", "size", "feature_count", "label_count", "created_us", "train_seconds", "golden_count", "label_mode", "selection", "pin_note", "split_digest")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    RUN_FIELD_NUMBER: _ClassVar[int]
    PINNED_FIELD_NUMBER: _ClassVar[int]
    PINNED_US_FIELD_NUMBER: _ClassVar[int]
    AVAILABLE_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    FEATURE_COUNT_FIELD_NUMBER: _ClassVar[int]
    LABEL_COUNT_FIELD_NUMBER: _ClassVar[int]
    CREATED_US_FIELD_NUMBER: _ClassVar[int]
    TRAIN_SECONDS_FIELD_NUMBER: _ClassVar[int]
    GOLDEN_COUNT_FIELD_NUMBER: _ClassVar[int]
    LABEL_MODE_FIELD_NUMBER: _ClassVar[int]
    SELECTION_FIELD_NUMBER: _ClassVar[int]
    PIN_NOTE_FIELD_NUMBER: _ClassVar[int]
    SPLIT_DIGEST_FIELD_NUMBER: _ClassVar[int]
    number: int
    run: int
    pinned: bool
    pinned_us: int
    available: bool
    revision: int
    metrics: MetricsRecord
    sha256: bytes
    size: int
    feature_count: int
    label_count: int
    created_us: int
    train_seconds: float
    golden_count: int
    label_mode: str
    selection: SelectionRecord
    pin_note: str
    split_digest: str
    def __init__(self, number: _Optional[int] = ..., run: _Optional[int] = ..., pinned: bool = ..., pinned_us: _Optional[int] = ..., available: bool = ..., revision: _Optional[int] = ..., metrics: _Optional[_Union[MetricsRecord, _Mapping]] = ..., sha256: _Optional[bytes] = ..., size: _Optional[int] = ..., feature_count: _Optional[int] = ..., label_count: _Optional[int] = ..., created_us: _Optional[int] = ..., train_seconds: _Optional[float] = ..., golden_count: _Optional[int] = ..., label_mode: _Optional[str] = ..., selection: _Optional[_Union[SelectionRecord, _Mapping]] = ..., pin_note: _Optional[str] = ..., split_digest: _Optional[str] = ...) -> None: ...

class VersionGoldenRecord(_message.Message):
    __slots__ = ("texts", "probabilities")
    TEXTS_FIELD_NUMBER: _ClassVar[int]
    PROBABILITIES_FIELD_NUMBER: _ClassVar[int]
    texts: _containers.RepeatedScalarFieldContainer[str]
    probabilities: bytes
    def __init__(self, texts: _Optional[_Iterable[str]] = ..., probabilities: _Optional[bytes] = ...) -> None: ...

class KeywordRecord(_message.Message):
    __slots__ = ("feature", "kind", "weight", "document_count")
    FEATURE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_COUNT_FIELD_NUMBER: _ClassVar[int]
    feature: str
    kind: str
    weight: float
    document_count: int
    def __init__(self, feature: _Optional[str] = ..., kind: _Optional[str] = ..., weight: _Optional[float] = ..., document_count: _Optional[int] = ...) -> None: ...

class LabelKeywordsRecord(_message.Message):
    __slots__ = ("label", "towards", "against")
    LABEL_FIELD_NUMBER: _ClassVar[int]
    TOWARDS_FIELD_NUMBER: _ClassVar[int]
    AGAINST_FIELD_NUMBER: _ClassVar[int]
    label: str
    towards: _containers.RepeatedCompositeFieldContainer[KeywordRecord]
    against: _containers.RepeatedCompositeFieldContainer[KeywordRecord]
    def __init__(self, label: _Optional[str] = ..., towards: _Optional[_Iterable[_Union[KeywordRecord, _Mapping]]] = ..., against: _Optional[_Iterable[_Union[KeywordRecord, _Mapping]]] = ...) -> None: ...

class ContentsRecord(_message.Message):
    __slots__ = ("source_uid", "last_number", "document_count")
    SOURCE_UID_FIELD_NUMBER: _ClassVar[int]
    LAST_NUMBER_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_COUNT_FIELD_NUMBER: _ClassVar[int]
    source_uid: int
    last_number: int
    document_count: int
    def __init__(self, source_uid: _Optional[int] = ..., last_number: _Optional[int] = ..., document_count: _Optional[int] = ...) -> None: ...

class ScoringRecord(_message.Message):
    __slots__ = ("version", "contents", "complete", "document_count", "scored_count", "chunk_count", "stale", "clustering", "shift", "cluster_sizes", "cluster_reviewed", "worker", "touched_us")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    CONTENTS_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_COUNT_FIELD_NUMBER: _ClassVar[int]
    SCORED_COUNT_FIELD_NUMBER: _ClassVar[int]
    CHUNK_COUNT_FIELD_NUMBER: _ClassVar[int]
    STALE_FIELD_NUMBER: _ClassVar[int]
    CLUSTERING_FIELD_NUMBER: _ClassVar[int]
    SHIFT_FIELD_NUMBER: _ClassVar[int]
    CLUSTER_SIZES_FIELD_NUMBER: _ClassVar[int]
    CLUSTER_REVIEWED_FIELD_NUMBER: _ClassVar[int]
    WORKER_FIELD_NUMBER: _ClassVar[int]
    TOUCHED_US_FIELD_NUMBER: _ClassVar[int]
    version: int
    contents: _containers.RepeatedCompositeFieldContainer[ContentsRecord]
    complete: bool
    document_count: int
    scored_count: int
    chunk_count: int
    stale: _containers.RepeatedScalarFieldContainer[int]
    clustering: int
    shift: int
    cluster_sizes: _containers.RepeatedScalarFieldContainer[int]
    cluster_reviewed: _containers.RepeatedScalarFieldContainer[int]
    worker: str
    touched_us: int
    def __init__(self, version: _Optional[int] = ..., contents: _Optional[_Iterable[_Union[ContentsRecord, _Mapping]]] = ..., complete: bool = ..., document_count: _Optional[int] = ..., scored_count: _Optional[int] = ..., chunk_count: _Optional[int] = ..., stale: _Optional[_Iterable[int]] = ..., clustering: _Optional[int] = ..., shift: _Optional[int] = ..., cluster_sizes: _Optional[_Iterable[int]] = ..., cluster_reviewed: _Optional[_Iterable[int]] = ..., worker: _Optional[str] = ..., touched_us: _Optional[int] = ...) -> None: ...

class ScoreChunkRecord(_message.Message):
    __slots__ = ("documents", "digests", "ties", "timestamps", "clusters", "affinities", "probabilities")
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    DIGESTS_FIELD_NUMBER: _ClassVar[int]
    TIES_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMPS_FIELD_NUMBER: _ClassVar[int]
    CLUSTERS_FIELD_NUMBER: _ClassVar[int]
    AFFINITIES_FIELD_NUMBER: _ClassVar[int]
    PROBABILITIES_FIELD_NUMBER: _ClassVar[int]
    documents: _containers.RepeatedScalarFieldContainer[bytes]
    digests: bytes
    ties: bytes
    timestamps: bytes
    clusters: bytes
    affinities: bytes
    probabilities: bytes
    def __init__(self, documents: _Optional[_Iterable[bytes]] = ..., digests: _Optional[bytes] = ..., ties: _Optional[bytes] = ..., timestamps: _Optional[bytes] = ..., clusters: _Optional[bytes] = ..., affinities: _Optional[bytes] = ..., probabilities: _Optional[bytes] = ...) -> None: ...

class HeldOutRecord(_message.Message):
    __slots__ = ("documents", "truth", "known", "probabilities", "ties")
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    TRUTH_FIELD_NUMBER: _ClassVar[int]
    KNOWN_FIELD_NUMBER: _ClassVar[int]
    PROBABILITIES_FIELD_NUMBER: _ClassVar[int]
    TIES_FIELD_NUMBER: _ClassVar[int]
    documents: _containers.RepeatedScalarFieldContainer[str]
    truth: bytes
    known: bytes
    probabilities: bytes
    ties: bytes
    def __init__(self, documents: _Optional[_Iterable[str]] = ..., truth: _Optional[bytes] = ..., known: _Optional[bytes] = ..., probabilities: _Optional[bytes] = ..., ties: _Optional[bytes] = ...) -> None: ...

class SplitRecord(_message.Message):
    __slots__ = ("split",)
    SPLIT_FIELD_NUMBER: _ClassVar[int]
    split: int
    def __init__(self, split: _Optional[int] = ...) -> None: ...

class ClusteringRecord(_message.Message):
    __slots__ = ("number", "document_count", "weights", "centres", "clusters")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_COUNT_FIELD_NUMBER: _ClassVar[int]
    WEIGHTS_FIELD_NUMBER: _ClassVar[int]
    CENTRES_FIELD_NUMBER: _ClassVar[int]
    CLUSTERS_FIELD_NUMBER: _ClassVar[int]
    number: int
    document_count: int
    weights: bytes
    centres: bytes
    clusters: _containers.RepeatedCompositeFieldContainer[ClusterRecord]
    def __init__(self, number: _Optional[int] = ..., document_count: _Optional[int] = ..., weights: _Optional[bytes] = ..., centres: _Optional[bytes] = ..., clusters: _Optional[_Iterable[_Union[ClusterRecord, _Mapping]]] = ...) -> None: ...

class ClusterRecord(_message.Message):
    __slots__ = ("keywords",)
    KEYWORDS_FIELD_NUMBER: _ClassVar[int]
    keywords: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, keywords: _Optional[_Iterable[str]] = ...) -> None: ...

class TagRecord(_message.Message):
    __slots__ = ("tag", "version", "earlier", "updated_us", "actor", "generation")
    TAG_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    EARLIER_FIELD_NUMBER: _ClassVar[int]
    UPDATED_US_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    GENERATION_FIELD_NUMBER: _ClassVar[int]
    tag: str
    version: int
    earlier: _containers.RepeatedScalarFieldContainer[int]
    updated_us: int
    actor: str
    generation: int
    def __init__(self, tag: _Optional[str] = ..., version: _Optional[int] = ..., earlier: _Optional[_Iterable[int]] = ..., updated_us: _Optional[int] = ..., actor: _Optional[str] = ..., generation: _Optional[int] = ...) -> None: ...

class TagEventRecord(_message.Message):
    __slots__ = ("tag", "kind", "from_version", "to_version", "time_us", "actor", "gate", "forced", "reason")
    TAG_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    FROM_VERSION_FIELD_NUMBER: _ClassVar[int]
    TO_VERSION_FIELD_NUMBER: _ClassVar[int]
    TIME_US_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    GATE_FIELD_NUMBER: _ClassVar[int]
    FORCED_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    tag: str
    kind: str
    from_version: int
    to_version: int
    time_us: int
    actor: str
    gate: GateReportRecord
    forced: bool
    reason: str
    def __init__(self, tag: _Optional[str] = ..., kind: _Optional[str] = ..., from_version: _Optional[int] = ..., to_version: _Optional[int] = ..., time_us: _Optional[int] = ..., actor: _Optional[str] = ..., gate: _Optional[_Union[GateReportRecord, _Mapping]] = ..., forced: bool = ..., reason: _Optional[str] = ...) -> None: ...

class GateRecord(_message.Message):
    __slots__ = ("tag", "f1_drop_max", "examples_min", "only_significant", "mean_average_precision_drop_max", "mean_average_precision_min", "rating_min", "same_split")
    TAG_FIELD_NUMBER: _ClassVar[int]
    F1_DROP_MAX_FIELD_NUMBER: _ClassVar[int]
    EXAMPLES_MIN_FIELD_NUMBER: _ClassVar[int]
    ONLY_SIGNIFICANT_FIELD_NUMBER: _ClassVar[int]
    MEAN_AVERAGE_PRECISION_DROP_MAX_FIELD_NUMBER: _ClassVar[int]
    MEAN_AVERAGE_PRECISION_MIN_FIELD_NUMBER: _ClassVar[int]
    RATING_MIN_FIELD_NUMBER: _ClassVar[int]
    SAME_SPLIT_FIELD_NUMBER: _ClassVar[int]
    tag: str
    f1_drop_max: float
    examples_min: int
    only_significant: bool
    mean_average_precision_drop_max: float
    mean_average_precision_min: float
    rating_min: float
    same_split: bool
    def __init__(self, tag: _Optional[str] = ..., f1_drop_max: _Optional[float] = ..., examples_min: _Optional[int] = ..., only_significant: bool = ..., mean_average_precision_drop_max: _Optional[float] = ..., mean_average_precision_min: _Optional[float] = ..., rating_min: _Optional[float] = ..., same_split: bool = ...) -> None: ...

class GateCheckRecord(_message.Message):
    __slots__ = ("condition", "passed", "measured", "bound", "label", "description")
    CONDITION_FIELD_NUMBER: _ClassVar[int]
    PASSED_FIELD_NUMBER: _ClassVar[int]
    MEASURED_FIELD_NUMBER: _ClassVar[int]
    BOUND_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    condition: str
    passed: bool
    measured: float
    bound: float
    label: str
    description: str
    def __init__(self, condition: _Optional[str] = ..., passed: bool = ..., measured: _Optional[float] = ..., bound: _Optional[float] = ..., label: _Optional[str] = ..., description: _Optional[str] = ...) -> None: ...

class GateReportRecord(_message.Message):
    __slots__ = ("base", "candidate", "checks")
    BASE_FIELD_NUMBER: _ClassVar[int]
    CANDIDATE_FIELD_NUMBER: _ClassVar[int]
    CHECKS_FIELD_NUMBER: _ClassVar[int]
    base: int
    candidate: int
    checks: _containers.RepeatedCompositeFieldContainer[GateCheckRecord]
    def __init__(self, base: _Optional[int] = ..., candidate: _Optional[int] = ..., checks: _Optional[_Iterable[_Union[GateCheckRecord, _Mapping]]] = ...) -> None: ...

class ShadowRecord(_message.Message):
    __slots__ = ("tag", "version", "share", "created_us", "actor", "found")
    TAG_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    SHARE_FIELD_NUMBER: _ClassVar[int]
    CREATED_US_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    FOUND_FIELD_NUMBER: _ClassVar[int]
    tag: str
    version: int
    share: float
    created_us: int
    actor: str
    found: DisagreementRecord
    def __init__(self, tag: _Optional[str] = ..., version: _Optional[int] = ..., share: _Optional[float] = ..., created_us: _Optional[int] = ..., actor: _Optional[str] = ..., found: _Optional[_Union[DisagreementRecord, _Mapping]] = ...) -> None: ...

class DisagreementRecord(_message.Message):
    __slots__ = ("live_version", "texts", "differing", "dropped", "both", "live_only", "shadow_only", "distance")
    LIVE_VERSION_FIELD_NUMBER: _ClassVar[int]
    TEXTS_FIELD_NUMBER: _ClassVar[int]
    DIFFERING_FIELD_NUMBER: _ClassVar[int]
    DROPPED_FIELD_NUMBER: _ClassVar[int]
    BOTH_FIELD_NUMBER: _ClassVar[int]
    LIVE_ONLY_FIELD_NUMBER: _ClassVar[int]
    SHADOW_ONLY_FIELD_NUMBER: _ClassVar[int]
    DISTANCE_FIELD_NUMBER: _ClassVar[int]
    live_version: int
    texts: int
    differing: int
    dropped: int
    both: _containers.RepeatedScalarFieldContainer[int]
    live_only: _containers.RepeatedScalarFieldContainer[int]
    shadow_only: _containers.RepeatedScalarFieldContainer[int]
    distance: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, live_version: _Optional[int] = ..., texts: _Optional[int] = ..., differing: _Optional[int] = ..., dropped: _Optional[int] = ..., both: _Optional[_Iterable[int]] = ..., live_only: _Optional[_Iterable[int]] = ..., shadow_only: _Optional[_Iterable[int]] = ..., distance: _Optional[_Iterable[float]] = ...) -> None: ...

class MonitoringRecord(_message.Message):
    __slots__ = ("texts", "sampled", "unlabelled", "predicted", "histograms")
    TEXTS_FIELD_NUMBER: _ClassVar[int]
    SAMPLED_FIELD_NUMBER: _ClassVar[int]
    UNLABELLED_FIELD_NUMBER: _ClassVar[int]
    PREDICTED_FIELD_NUMBER: _ClassVar[int]
    HISTOGRAMS_FIELD_NUMBER: _ClassVar[int]
    texts: int
    sampled: int
    unlabelled: int
    predicted: _containers.RepeatedScalarFieldContainer[int]
    histograms: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, texts: _Optional[int] = ..., sampled: _Optional[int] = ..., unlabelled: _Optional[int] = ..., predicted: _Optional[_Iterable[int]] = ..., histograms: _Optional[_Iterable[int]] = ...) -> None: ...

class ArtefactRecord(_message.Message):
    __slots__ = ("size", "chunk_count", "reference_count", "created_us", "complete")
    SIZE_FIELD_NUMBER: _ClassVar[int]
    CHUNK_COUNT_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_COUNT_FIELD_NUMBER: _ClassVar[int]
    CREATED_US_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_FIELD_NUMBER: _ClassVar[int]
    size: int
    chunk_count: int
    reference_count: int
    created_us: int
    complete: bool
    def __init__(self, size: _Optional[int] = ..., chunk_count: _Optional[int] = ..., reference_count: _Optional[int] = ..., created_us: _Optional[int] = ..., complete: bool = ...) -> None: ...

class RequestRecord(_message.Message):
    __slots__ = ("payload_sha256", "answer", "created_us")
    PAYLOAD_SHA256_FIELD_NUMBER: _ClassVar[int]
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    CREATED_US_FIELD_NUMBER: _ClassVar[int]
    payload_sha256: bytes
    answer: bytes
    created_us: int
    def __init__(self, payload_sha256: _Optional[bytes] = ..., answer: _Optional[bytes] = ..., created_us: _Optional[int] = ...) -> None: ...

class ImportRecord(_message.Message):
    __slots__ = ("dataset_uid", "source_uids", "touched_us")
    DATASET_UID_FIELD_NUMBER: _ClassVar[int]
    SOURCE_UIDS_FIELD_NUMBER: _ClassVar[int]
    TOUCHED_US_FIELD_NUMBER: _ClassVar[int]
    dataset_uid: int
    source_uids: _containers.RepeatedScalarFieldContainer[int]
    touched_us: int
    def __init__(self, dataset_uid: _Optional[int] = ..., source_uids: _Optional[_Iterable[int]] = ..., touched_us: _Optional[int] = ...) -> None: ...

class GarbageRecord(_message.Message):
    __slots__ = ("prefix",)
    PREFIX_FIELD_NUMBER: _ClassVar[int]
    prefix: bytes
    def __init__(self, prefix: _Optional[bytes] = ...) -> None: ...

class CountAnswer(_message.Message):
    __slots__ = ("count",)
    COUNT_FIELD_NUMBER: _ClassVar[int]
    count: int
    def __init__(self, count: _Optional[int] = ...) -> None: ...

class DeleteDocumentsAnswer(_message.Message):
    __slots__ = ("deleted_count", "kept_count", "next_token", "scored_version", "unscored_count")
    DELETED_COUNT_FIELD_NUMBER: _ClassVar[int]
    KEPT_COUNT_FIELD_NUMBER: _ClassVar[int]
    NEXT_TOKEN_FIELD_NUMBER: _ClassVar[int]
    SCORED_VERSION_FIELD_NUMBER: _ClassVar[int]
    UNSCORED_COUNT_FIELD_NUMBER: _ClassVar[int]
    deleted_count: int
    kept_count: int
    next_token: str
    scored_version: int
    unscored_count: int
    def __init__(self, deleted_count: _Optional[int] = ..., kept_count: _Optional[int] = ..., next_token: _Optional[str] = ..., scored_version: _Optional[int] = ..., unscored_count: _Optional[int] = ...) -> None: ...

class ItemFailureRecord(_message.Message):
    __slots__ = ("index", "id", "code", "reason", "field", "message")
    INDEX_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    FIELD_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    index: int
    id: str
    code: str
    reason: str
    field: str
    message: str
    def __init__(self, index: _Optional[int] = ..., id: _Optional[str] = ..., code: _Optional[str] = ..., reason: _Optional[str] = ..., field: _Optional[str] = ..., message: _Optional[str] = ...) -> None: ...

class RenameLabelAnswer(_message.Message):
    __slots__ = ("label", "renamed_count", "merged_count", "annotation_count", "revision")
    LABEL_FIELD_NUMBER: _ClassVar[int]
    RENAMED_COUNT_FIELD_NUMBER: _ClassVar[int]
    MERGED_COUNT_FIELD_NUMBER: _ClassVar[int]
    ANNOTATION_COUNT_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    label: LabelRecord
    renamed_count: int
    merged_count: int
    annotation_count: int
    revision: int
    def __init__(self, label: _Optional[_Union[LabelRecord, _Mapping]] = ..., renamed_count: _Optional[int] = ..., merged_count: _Optional[int] = ..., annotation_count: _Optional[int] = ..., revision: _Optional[int] = ...) -> None: ...

class DeleteLabelAnswer(_message.Message):
    __slots__ = ("deleted_count", "annotation_count", "revision")
    DELETED_COUNT_FIELD_NUMBER: _ClassVar[int]
    ANNOTATION_COUNT_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    deleted_count: int
    annotation_count: int
    revision: int
    def __init__(self, deleted_count: _Optional[int] = ..., annotation_count: _Optional[int] = ..., revision: _Optional[int] = ...) -> None: ...

class CopyTaxonomyAnswer(_message.Message):
    __slots__ = ("created_count", "annotation_count", "kept_count", "revision")
    CREATED_COUNT_FIELD_NUMBER: _ClassVar[int]
    ANNOTATION_COUNT_FIELD_NUMBER: _ClassVar[int]
    KEPT_COUNT_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    created_count: int
    annotation_count: int
    kept_count: int
    revision: int
    def __init__(self, created_count: _Optional[int] = ..., annotation_count: _Optional[int] = ..., kept_count: _Optional[int] = ..., revision: _Optional[int] = ...) -> None: ...

class UpsertLabelsAnswer(_message.Message):
    __slots__ = ("labels", "created_count", "revision")
    LABELS_FIELD_NUMBER: _ClassVar[int]
    CREATED_COUNT_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    labels: _containers.RepeatedCompositeFieldContainer[LabelRecord]
    created_count: int
    revision: int
    def __init__(self, labels: _Optional[_Iterable[_Union[LabelRecord, _Mapping]]] = ..., created_count: _Optional[int] = ..., revision: _Optional[int] = ...) -> None: ...

class AnnotateAnswer(_message.Message):
    __slots__ = ("changed_count", "unchanged_count", "failures", "revision")
    CHANGED_COUNT_FIELD_NUMBER: _ClassVar[int]
    UNCHANGED_COUNT_FIELD_NUMBER: _ClassVar[int]
    FAILURES_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    changed_count: int
    unchanged_count: int
    failures: _containers.RepeatedCompositeFieldContainer[ItemFailureRecord]
    revision: int
    def __init__(self, changed_count: _Optional[int] = ..., unchanged_count: _Optional[int] = ..., failures: _Optional[_Iterable[_Union[ItemFailureRecord, _Mapping]]] = ..., revision: _Optional[int] = ...) -> None: ...

class RestoreAnswer(_message.Message):
    __slots__ = ("restored_revision", "previous_revision", "revision", "annotation_count", "label_count", "missing_count", "missing", "kept_version", "kept_version_revision", "pinned")
    RESTORED_REVISION_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_REVISION_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    ANNOTATION_COUNT_FIELD_NUMBER: _ClassVar[int]
    LABEL_COUNT_FIELD_NUMBER: _ClassVar[int]
    MISSING_COUNT_FIELD_NUMBER: _ClassVar[int]
    MISSING_FIELD_NUMBER: _ClassVar[int]
    KEPT_VERSION_FIELD_NUMBER: _ClassVar[int]
    KEPT_VERSION_REVISION_FIELD_NUMBER: _ClassVar[int]
    PINNED_FIELD_NUMBER: _ClassVar[int]
    restored_revision: int
    previous_revision: int
    revision: int
    annotation_count: int
    label_count: int
    missing_count: int
    missing: _containers.RepeatedScalarFieldContainer[str]
    kept_version: int
    kept_version_revision: int
    pinned: bool
    def __init__(self, restored_revision: _Optional[int] = ..., previous_revision: _Optional[int] = ..., revision: _Optional[int] = ..., annotation_count: _Optional[int] = ..., label_count: _Optional[int] = ..., missing_count: _Optional[int] = ..., missing: _Optional[_Iterable[str]] = ..., kept_version: _Optional[int] = ..., kept_version_revision: _Optional[int] = ..., pinned: bool = ...) -> None: ...

class ImportAnswer(_message.Message):
    __slots__ = ("dataset", "run_configurations_created", "run_configurations_kept", "counts")
    class CountsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: int
        value: int
        def __init__(self, key: _Optional[int] = ..., value: _Optional[int] = ...) -> None: ...
    DATASET_FIELD_NUMBER: _ClassVar[int]
    RUN_CONFIGURATIONS_CREATED_FIELD_NUMBER: _ClassVar[int]
    RUN_CONFIGURATIONS_KEPT_FIELD_NUMBER: _ClassVar[int]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    dataset: DatasetRecord
    run_configurations_created: _containers.RepeatedScalarFieldContainer[str]
    run_configurations_kept: _containers.RepeatedScalarFieldContainer[str]
    counts: _containers.ScalarMap[int, int]
    def __init__(self, dataset: _Optional[_Union[DatasetRecord, _Mapping]] = ..., run_configurations_created: _Optional[_Iterable[str]] = ..., run_configurations_kept: _Optional[_Iterable[str]] = ..., counts: _Optional[_Mapping[int, int]] = ...) -> None: ...

class UploadAnswer(_message.Message):
    __slots__ = ("new_count", "text_changed_count", "metadata_changed_count", "unchanged_count", "failures", "annotated_count", "labels_created_count", "revision", "failed_count", "duplicate_count", "split_changed_count")
    NEW_COUNT_FIELD_NUMBER: _ClassVar[int]
    TEXT_CHANGED_COUNT_FIELD_NUMBER: _ClassVar[int]
    METADATA_CHANGED_COUNT_FIELD_NUMBER: _ClassVar[int]
    UNCHANGED_COUNT_FIELD_NUMBER: _ClassVar[int]
    FAILURES_FIELD_NUMBER: _ClassVar[int]
    ANNOTATED_COUNT_FIELD_NUMBER: _ClassVar[int]
    LABELS_CREATED_COUNT_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    FAILED_COUNT_FIELD_NUMBER: _ClassVar[int]
    DUPLICATE_COUNT_FIELD_NUMBER: _ClassVar[int]
    SPLIT_CHANGED_COUNT_FIELD_NUMBER: _ClassVar[int]
    new_count: int
    text_changed_count: int
    metadata_changed_count: int
    unchanged_count: int
    failures: _containers.RepeatedCompositeFieldContainer[ItemFailureRecord]
    annotated_count: int
    labels_created_count: int
    revision: int
    failed_count: int
    duplicate_count: int
    split_changed_count: int
    def __init__(self, new_count: _Optional[int] = ..., text_changed_count: _Optional[int] = ..., metadata_changed_count: _Optional[int] = ..., unchanged_count: _Optional[int] = ..., failures: _Optional[_Iterable[_Union[ItemFailureRecord, _Mapping]]] = ..., annotated_count: _Optional[int] = ..., labels_created_count: _Optional[int] = ..., revision: _Optional[int] = ..., failed_count: _Optional[int] = ..., duplicate_count: _Optional[int] = ..., split_changed_count: _Optional[int] = ...) -> None: ...
