"""How well a feature tells labels apart."""

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from pinfold_server.domain.metrics import Bools

_CELLS = 1 << 22
"""Pairs of label and feature that are looked at in one go: bounds the memory."""


def chi_square(counts: sp.csr_matrix, assigned: Bools) -> NDArray[np.float64]:
    """The largest chi-square statistic of each feature over all labels; float64 [features].

    n (a d - b c)**2 / ((a + b) (c + d) (a + c) (b + d)) of the table "text has the feature" by "text has the label".
    Yang, Pedersen: "A comparative study on feature selection in text categorization", 1997; chi-square max.
    """
    texts, count = counts.shape
    present = sp.csc_matrix(counts, copy=True)
    present.data[:] = 1
    labelled = sp.csr_matrix(assigned.T, dtype=np.float64)
    with_label = assigned.sum(axis=0).astype(np.float64)[:, None]
    with_feature = np.diff(present.indptr).astype(np.float64)
    best = np.zeros(count)
    width = max(_CELLS // max(assigned.shape[1], 1), 1)
    for begin in range(0, count, width):
        part = slice(begin, begin + width)
        both = (labelled @ present[:, part]).toarray()
        feature = with_feature[part]
        cross = texts * both - with_label * feature  # a d - b c
        margins = with_label * (texts - with_label) * feature * (texts - feature)
        best[part] = (texts * cross**2 / np.maximum(margins, 1)).max(axis=0, initial=0)
    return best
