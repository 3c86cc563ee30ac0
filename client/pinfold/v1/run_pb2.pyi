from google.protobuf import timestamp_pb2 as _timestamp_pb2
from pinfold.v1 import version_pb2 as _version_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Algorithm(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ALGORITHM_UNSPECIFIED: _ClassVar[Algorithm]
    ALGORITHM_LINEAR_SVM: _ClassVar[Algorithm]
    ALGORITHM_LOGISTIC_REGRESSION: _ClassVar[Algorithm]
    ALGORITHM_COMPLEMENT_NAIVE_BAYES: _ClassVar[Algorithm]
    ALGORITHM_MULTINOMIAL_NAIVE_BAYES: _ClassVar[Algorithm]
    ALGORITHM_AUTO: _ClassVar[Algorithm]

class CharScope(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CHAR_SCOPE_UNSPECIFIED: _ClassVar[CharScope]
    CHAR_SCOPE_WITHIN_WORDS: _ClassVar[CharScope]
    CHAR_SCOPE_ACROSS_WORDS: _ClassVar[CharScope]

class FeatureSelection(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FEATURE_SELECTION_UNSPECIFIED: _ClassVar[FeatureSelection]
    FEATURE_SELECTION_FREQUENCY: _ClassVar[FeatureSelection]
    FEATURE_SELECTION_CHI_SQUARE: _ClassVar[FeatureSelection]

class StopWordList(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    STOP_WORD_LIST_UNSPECIFIED: _ClassVar[StopWordList]
    STOP_WORD_LIST_NONE: _ClassVar[StopWordList]
    STOP_WORD_LIST_ENGLISH: _ClassVar[StopWordList]

class ClassWeight(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CLASS_WEIGHT_UNSPECIFIED: _ClassVar[ClassWeight]
    CLASS_WEIGHT_NONE: _ClassVar[ClassWeight]
    CLASS_WEIGHT_BALANCED: _ClassVar[ClassWeight]
ALGORITHM_UNSPECIFIED: Algorithm
ALGORITHM_LINEAR_SVM: Algorithm
ALGORITHM_LOGISTIC_REGRESSION: Algorithm
ALGORITHM_COMPLEMENT_NAIVE_BAYES: Algorithm
ALGORITHM_MULTINOMIAL_NAIVE_BAYES: Algorithm
ALGORITHM_AUTO: Algorithm
CHAR_SCOPE_UNSPECIFIED: CharScope
CHAR_SCOPE_WITHIN_WORDS: CharScope
CHAR_SCOPE_ACROSS_WORDS: CharScope
FEATURE_SELECTION_UNSPECIFIED: FeatureSelection
FEATURE_SELECTION_FREQUENCY: FeatureSelection
FEATURE_SELECTION_CHI_SQUARE: FeatureSelection
STOP_WORD_LIST_UNSPECIFIED: StopWordList
STOP_WORD_LIST_NONE: StopWordList
STOP_WORD_LIST_ENGLISH: StopWordList
CLASS_WEIGHT_UNSPECIFIED: ClassWeight
CLASS_WEIGHT_NONE: ClassWeight
CLASS_WEIGHT_BALANCED: ClassWeight

class RunConfig(_message.Message):
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
    algorithm: Algorithm
    word_ngram_min: int
    word_ngram_max: int
    char_ngram_min: int
    char_ngram_max: int
    max_features: int
    min_df: int
    regularization: float
    seed: int
    char_scope: CharScope
    feature_selection: FeatureSelection
    stop_word_list: StopWordList
    stop_words: _containers.RepeatedScalarFieldContainer[str]
    fold_urls: bool
    fold_numbers: bool
    class_weight: ClassWeight
    label_mode: _version_pb2.LabelMode
    auto_seconds: int
    def __init__(self, algorithm: _Optional[_Union[Algorithm, str]] = ..., word_ngram_min: _Optional[int] = ..., word_ngram_max: _Optional[int] = ..., char_ngram_min: _Optional[int] = ..., char_ngram_max: _Optional[int] = ..., max_features: _Optional[int] = ..., min_df: _Optional[int] = ..., regularization: _Optional[float] = ..., seed: _Optional[int] = ..., char_scope: _Optional[_Union[CharScope, str]] = ..., feature_selection: _Optional[_Union[FeatureSelection, str]] = ..., stop_word_list: _Optional[_Union[StopWordList, str]] = ..., stop_words: _Optional[_Iterable[str]] = ..., fold_urls: bool = ..., fold_numbers: bool = ..., class_weight: _Optional[_Union[ClassWeight, str]] = ..., label_mode: _Optional[_Union[_version_pb2.LabelMode, str]] = ..., auto_seconds: _Optional[int] = ...) -> None: ...

class RunConfiguration(_message.Message):
    __slots__ = ("name", "description", "config", "create_time")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    CONFIG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    description: str
    config: RunConfig
    create_time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., description: _Optional[str] = ..., config: _Optional[_Union[RunConfig, _Mapping]] = ..., create_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Selection(_message.Message):
    __slots__ = ("measure", "candidates", "algorithm")
    MEASURE_FIELD_NUMBER: _ClassVar[int]
    CANDIDATES_FIELD_NUMBER: _ClassVar[int]
    ALGORITHM_FIELD_NUMBER: _ClassVar[int]
    measure: str
    candidates: _containers.RepeatedCompositeFieldContainer[SelectionCandidate]
    algorithm: Algorithm
    def __init__(self, measure: _Optional[str] = ..., candidates: _Optional[_Iterable[_Union[SelectionCandidate, _Mapping]]] = ..., algorithm: _Optional[_Union[Algorithm, str]] = ...) -> None: ...

class SelectionCandidate(_message.Message):
    __slots__ = ("algorithm", "score", "seconds")
    ALGORITHM_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    SECONDS_FIELD_NUMBER: _ClassVar[int]
    algorithm: Algorithm
    score: float
    seconds: float
    def __init__(self, algorithm: _Optional[_Union[Algorithm, str]] = ..., score: _Optional[float] = ..., seconds: _Optional[float] = ...) -> None: ...

class Run(_message.Message):
    __slots__ = ("name", "state", "phase", "fraction", "seconds_left", "config", "revision", "version", "metrics", "error", "cancel_requested", "attempt", "create_time", "start_time", "end_time", "run_configuration", "selection", "experiment", "title", "notes", "metadata", "starred", "automatic")
    class State(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STATE_UNSPECIFIED: _ClassVar[Run.State]
        STATE_QUEUED: _ClassVar[Run.State]
        STATE_RUNNING: _ClassVar[Run.State]
        STATE_SUCCEEDED: _ClassVar[Run.State]
        STATE_FAILED: _ClassVar[Run.State]
        STATE_CANCELLED: _ClassVar[Run.State]
    STATE_UNSPECIFIED: Run.State
    STATE_QUEUED: Run.State
    STATE_RUNNING: Run.State
    STATE_SUCCEEDED: Run.State
    STATE_FAILED: Run.State
    STATE_CANCELLED: Run.State
    class Phase(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        PHASE_UNSPECIFIED: _ClassVar[Run.Phase]
        PHASE_SNAPSHOT: _ClassVar[Run.Phase]
        PHASE_FEATURES: _ClassVar[Run.Phase]
        PHASE_VALIDATE: _ClassVar[Run.Phase]
        PHASE_FIT: _ClassVar[Run.Phase]
        PHASE_EXPORT: _ClassVar[Run.Phase]
        PHASE_PARITY: _ClassVar[Run.Phase]
        PHASE_PUBLISH: _ClassVar[Run.Phase]
    PHASE_UNSPECIFIED: Run.Phase
    PHASE_SNAPSHOT: Run.Phase
    PHASE_FEATURES: Run.Phase
    PHASE_VALIDATE: Run.Phase
    PHASE_FIT: Run.Phase
    PHASE_EXPORT: Run.Phase
    PHASE_PARITY: Run.Phase
    PHASE_PUBLISH: Run.Phase
    class MetadataEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    PHASE_FIELD_NUMBER: _ClassVar[int]
    FRACTION_FIELD_NUMBER: _ClassVar[int]
    SECONDS_LEFT_FIELD_NUMBER: _ClassVar[int]
    CONFIG_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    CANCEL_REQUESTED_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    RUN_CONFIGURATION_FIELD_NUMBER: _ClassVar[int]
    SELECTION_FIELD_NUMBER: _ClassVar[int]
    EXPERIMENT_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    NOTES_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    STARRED_FIELD_NUMBER: _ClassVar[int]
    AUTOMATIC_FIELD_NUMBER: _ClassVar[int]
    name: str
    state: Run.State
    phase: Run.Phase
    fraction: float
    seconds_left: float
    config: RunConfig
    revision: int
    version: int
    metrics: _version_pb2.Metrics
    error: RunError
    cancel_requested: bool
    attempt: int
    create_time: _timestamp_pb2.Timestamp
    start_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    run_configuration: str
    selection: Selection
    experiment: str
    title: str
    notes: str
    metadata: _containers.ScalarMap[str, str]
    starred: bool
    automatic: bool
    def __init__(self, name: _Optional[str] = ..., state: _Optional[_Union[Run.State, str]] = ..., phase: _Optional[_Union[Run.Phase, str]] = ..., fraction: _Optional[float] = ..., seconds_left: _Optional[float] = ..., config: _Optional[_Union[RunConfig, _Mapping]] = ..., revision: _Optional[int] = ..., version: _Optional[int] = ..., metrics: _Optional[_Union[_version_pb2.Metrics, _Mapping]] = ..., error: _Optional[_Union[RunError, _Mapping]] = ..., cancel_requested: bool = ..., attempt: _Optional[int] = ..., create_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., start_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., run_configuration: _Optional[str] = ..., selection: _Optional[_Union[Selection, _Mapping]] = ..., experiment: _Optional[str] = ..., title: _Optional[str] = ..., notes: _Optional[str] = ..., metadata: _Optional[_Mapping[str, str]] = ..., starred: bool = ..., automatic: bool = ...) -> None: ...

class RunError(_message.Message):
    __slots__ = ("reason", "message")
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    reason: str
    message: str
    def __init__(self, reason: _Optional[str] = ..., message: _Optional[str] = ...) -> None: ...
