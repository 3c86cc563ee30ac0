"""What the end of a run means, and which options start one (pure)."""

from dataclasses import replace
from typing import TypedDict

import grpc

from pinfold._enums import Algorithm, CharScope, ClassWeight, FeatureSelection, LabelMode, RunState, StopWordList
from pinfold._errors import ErrorDetails, TrainingCancelled, TrainingFailed
from pinfold._model_types import RunConfig, RunInfo


class RunOptions(TypedDict, total=False):
    """The options of `RunConfig` as keyword arguments of `train`."""

    algorithm: Algorithm | str
    word_ngram_min: int
    word_ngram_max: int
    char_ngram_min: int
    char_ngram_max: int
    max_features: int
    min_df: int
    regularization: float
    seed: int
    char_scope: CharScope | str
    feature_selection: FeatureSelection | str
    stop_word_list: StopWordList | str
    stop_words: tuple[str, ...]
    fold_urls: bool
    fold_numbers: bool
    class_weight: ClassWeight | str
    label_mode: LabelMode | str
    auto_seconds: int


def merged_config(config: RunConfig | None, options: RunOptions) -> RunConfig:
    """`config` with `options` over it. Raises TypeError for an option that does not exist."""
    unknown = options.keys() - RunOptions.__annotations__.keys()
    if unknown:
        known = ", ".join(RunOptions.__annotations__)
        raise TypeError(f"train() has no option {min(unknown)!r}; known are {known}")
    return replace(config or RunConfig(), **options)


def train_options(config: RunConfig | str | None, options: RunOptions) -> RunConfig | str:
    """What `train` was asked for: merged options, or the id of a run configuration, which takes no others."""
    if not isinstance(config, str):
        return merged_config(config, options)
    if options:
        raise TypeError(f"a stored run configuration takes no further options, got {min(options)!r}")
    return config


def made_version(run: RunInfo) -> int:
    """The version that an ended run made. Raises TrainingFailed or TrainingCancelled."""
    if run.state is RunState.CANCELLED:
        raise TrainingCancelled(
            f"run {run.number} was cancelled", grpc.StatusCode.CANCELLED, ErrorDetails(reason="CANCELLED")
        )
    if run.version is None:
        reason, message = (run.error.reason, run.error.message) if run.error else ("UNKNOWN", "it made no version")
        raise TrainingFailed(
            f"run {run.number} failed: {message}", grpc.StatusCode.FAILED_PRECONDITION, ErrorDetails(reason=reason)
        )
    return run.version
