"""Which documents a measured model learns from, and which it is tested on, turn by turn."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.quality.metrics import Bools
from pinfold_server.domain.runs.splits import FOLDS, TEST_FOLD, Split, ValidationMode, fold_of, validation_mode
from pinfold_server.training.contract import TrainingSet

Places = NDArray[np.int64] | slice


@dataclass(frozen=True, slots=True, eq=False)
class Turn:
    """Rows that a model is fitted on, and those that it then scores; int64, ascending."""

    train: NDArray[np.int64]
    test: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """`fitted` bool [n]: documents that the model of some turn learns from."""

    mode: ValidationMode
    turns: tuple[Turn, ...]
    fitted: Bools


def plan(data: TrainingSet) -> Plan:
    """Holds out the test fold, or every fold in turn where data is small; what people chose goes before."""
    pairs = zip(data.source_ids, data.document_ids, strict=True)
    folds = np.array([fold_of(source, document) for source, document in pairs], np.int64)
    mode = validation_mode(len(folds))
    learnable = _learnable(data)
    open_ = np.ones(len(folds), np.bool_) if data.parts is None else data.parts != Split.TRAIN
    if mode is ValidationMode.HOLDOUT:
        tested = [open_ & (folds == TEST_FOLD) | ~learnable]
    else:
        tested = [open_ & (folds == fold) for fold in range(FOLDS)]
    turns = tuple(Turn(np.flatnonzero(learnable & ~each), np.flatnonzero(each)) for each in tested)
    return Plan(mode, turns, learnable & ~tested[0] if mode is ValidationMode.HOLDOUT else learnable)


def learnt_rows(data: TrainingSet) -> NDArray[np.int64] | None:
    """Rows that the published model learns from; None for all of them."""
    learnable = _learnable(data)
    return None if learnable.all() else np.flatnonzero(learnable)


def roles(data: TrainingSet, rows: NDArray[np.int64]) -> tuple[Places, Places]:
    """Of held-out rows: places of those that probabilities and thresholds are fitted to, and of those that give the
    figures. All do both, unless some were chosen for VALIDATION.
    """
    if data.parts is not None:
        chosen = data.parts[rows] == Split.VALIDATION
        if chosen.any():
            return np.flatnonzero(chosen), np.flatnonzero(~chosen)
    return slice(None), slice(None)


def _learnable(data: TrainingSet) -> Bools:
    if data.parts is None:
        return np.ones(len(data.texts), np.bool_)
    learnable: Bools = (data.parts != Split.TEST) & (data.parts != Split.VALIDATION)
    return learnable
