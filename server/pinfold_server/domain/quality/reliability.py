"""Which labels have been seen often enough for their figures and thresholds to be relied on."""

from pinfold_server.domain.runs.splits import FOLDS, ValidationMode

RELIABLE_FROM = 20
"""Training documents with a label, from which on its figures say more than chance."""


def training_examples(train_count: int, mode: ValidationMode) -> int:
    """Documents with a label that a measured model was fitted on.

    `train_count` counts the training part under HOLDOUT and all documents under K_FOLD, of which each turn fits four
    fifths.
    """
    return train_count if mode is ValidationMode.HOLDOUT else train_count * (FOLDS - 1) // FOLDS


def is_reliable(train_count: int, mode: ValidationMode) -> bool:
    return training_examples(train_count, mode) >= RELIABLE_FROM


def missing_count(train_count: int, mode: ValidationMode) -> int:
    """Documents with the label to annotate until it is reliable, when a fifth of them is held out."""
    wanted = RELIABLE_FROM if mode is ValidationMode.HOLDOUT else -(-RELIABLE_FROM * FOLDS // (FOLDS - 1))
    missing = max(wanted - train_count, 0)
    return -(-missing * FOLDS // (FOLDS - 1)) if mode is ValidationMode.HOLDOUT else missing
