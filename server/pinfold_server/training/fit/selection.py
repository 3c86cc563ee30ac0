"""How well a feature tells labels apart."""

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from pinfold_server.domain.quality.metrics import Bools

_CELLS = 1 << 22
"""Most pairs of label and feature that are looked at in one go: bounds the memory."""


def chi_square(counts: sp.csr_matrix, assigned: Bools) -> NDArray[np.float64]:
    """The largest chi-square statistic of each feature over the labels it occurs with; float64 [features].

    n (a d - b c)**2 / ((a + b) (c + d) (a + c) (b + d)) of the table "text has the feature" by "text has the label".
    Yang, Pedersen: "A comparative study on feature selection in text categorization", 1997; chi-square max.
    """
    texts, count = counts.shape
    present = sp.csc_matrix(counts, copy=True)
    present.data[:] = 1
    labelled = sp.csr_matrix(assigned.T, dtype=np.float64)
    with_label = assigned.sum(axis=0).astype(np.float64)
    with_feature = np.diff(present.indptr).astype(np.float64)
    best = np.zeros(count)
    width = max(_CELLS // max(assigned.shape[1], 1), 1)
    for begin in range(0, count, width):
        part = slice(begin, begin + width)
        both = sp.csc_matrix(labelled @ present[:, part])
        label = with_label[both.indices]
        feature = np.repeat(with_feature[part], np.diff(both.indptr))
        cross = texts * both.data - label * feature  # a d - b c
        margins = label * (texts - label) * feature * (texts - feature)
        both.data = texts * cross**2 / np.maximum(margins, 1)
        best[part] = both.max(axis=0).toarray().ravel()
    return best
