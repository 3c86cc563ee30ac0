"""From probabilities to the labels of an answer."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Pick = tuple[int, float]  # column of the label, probability


@dataclass(frozen=True, slots=True)
class Selection:
    """Which labels of a text are answered.

    thresholds: float32 [labels], a label is answered when its probability is at least its threshold.
    columns: only these labels, or all when None.
    top_k: at most so many, the most probable; 0 means no limit.
    """

    thresholds: NDArray[np.float32]
    columns: tuple[int, ...] | None = None
    top_k: int = 0


def select(probabilities: NDArray[np.float32], selection: Selection) -> list[list[Pick]]:
    """The answered labels of each text, by falling probability and of equals by rising column; float32 [texts,
    labels].
    """
    wanted = probabilities >= selection.thresholds
    if selection.columns is not None:
        allowed = np.zeros(probabilities.shape[1], np.bool_)
        allowed[list(selection.columns)] = True
        wanted &= allowed
    texts, columns = np.nonzero(wanted)
    scores = probabilities[texts, columns]
    order = np.lexsort((columns, -scores, texts))
    picks: list[list[Pick]] = [[] for _ in range(len(probabilities))]
    most = selection.top_k or len(selection.thresholds)
    chosen = zip(texts[order].tolist(), columns[order].tolist(), scores[order].tolist(), strict=True)
    for text, column, score in chosen:
        if len(picks[text]) < most:
            picks[text].append((column, score))
    return picks


def everything(label_count: int) -> NDArray[np.float32]:
    """Thresholds that every label passes."""
    return np.zeros(label_count, np.float32)
