"""Whether the labels of a dataset exclude each other."""

import numpy as np

from pinfold_server.domain.runs.configs import LabelMode
from pinfold_server.engine.model import leaves_of
from pinfold_server.training.contract import RefusalReason, TrainingRefused, TrainingSet
from pinfold_server.training.export.compilation import closure

_FEWEST_LEAVES = 2


def is_single(data: TrainingSet, wanted: LabelMode) -> bool:
    """What AUTO stands for here. Raises `TrainingRefused` where SINGLE_LABEL is wanted and does not hold."""
    if wanted is LabelMode.MULTI_LABEL:
        return False
    if data.label_count < len(data.label_names):
        if wanted is LabelMode.SINGLE_LABEL:
            text = "labels with a sentiment do not exclude each other: train with label_mode MULTI_LABEL"
            raise TrainingRefused(RefusalReason.NOT_SINGLE_LABEL, text)
        return False
    leaves, _ = leaves_of(len(data.label_names), closure(data.label_names))
    known = np.ones_like(data.assigned) if data.known is None else data.known
    counts = (data.assigned & known)[:, leaves].sum(axis=1)
    reviewed = known.all(axis=1)
    wrong = np.flatnonzero((counts > 1) | (reviewed & (counts == 0)))
    holds = len(leaves) >= _FEWEST_LEAVES and not len(wrong) and bool(reviewed.any())
    if wanted is LabelMode.SINGLE_LABEL and not holds:
        raise TrainingRefused(RefusalReason.NOT_SINGLE_LABEL, _why(data, wrong, len(leaves)))
    return holds


def _why(data: TrainingSet, wrong: np.ndarray[tuple[int], np.dtype[np.int64]], leaves: int) -> str:
    if len(wrong):
        return (
            f"{len(wrong)} documents do not have exactly one leaf label, the first is {data.document_ids[wrong[0]]!r}: "
            "change their labels, or train with label_mode MULTI_LABEL"
        )
    if leaves < _FEWEST_LEAVES:
        return "there is only one leaf label: a single-label dataset needs two at least"
    return "no document is reviewed: whether it has further labels is not known"
