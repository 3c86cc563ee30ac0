"""How much an occurrence of a feature counts before anything is fitted: more where it is rare, more where it tells.

A factor belongs to the feature, whatever the label and the text: the model file holds it within its rows.
"""

import numpy as np
from numpy.typing import NDArray

CHARACTER_SHARE = 0.6
"""Character n-grams count this much of a word n-gram of the same rarity.

Measured with C = 1: banking77 91.0 % at 1.0, 91.4 % at 0.6, 91.2 % at 0.5; clinc150 92.3, 92.6 and 92.5 %.
"""
_EXCLUSIVE_EXPONENT = 0.7
_RELEVANCE_EXPONENT = 0.3
_CHANCE = 3.84
"""Exceeded in 5 % of cases by the chi-square statistic of a feature and a label that are independent."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def factors_of(frequency: Ints, texts: int, statistics: Floats | None) -> Floats:
    """One factor > 0 for each feature, from the number of `texts` that have it and its largest chi-square statistic.

    `statistics`: None where labels exclude each other. Then a factor is idf**0.7, otherwise idf times `relevance`. Mean
    of 5-fold (clinc150: 3 folds) cross-validation on the train parts. Accuracy with idf, its power of 0.7, and with
    relevance: banking77 0.902, 0.902 and 0.896 (of 1,000 texts 0.741, 0.751 and 0.736), clinc150 0.953, 0.956 and
    0.946. Mean average precision of labels that are decided one by one: see `relevance`.
    """
    idf = rarity(frequency, texts)
    return idf**_EXCLUSIVE_EXPONENT if statistics is None else idf * relevance(statistics)


def rarity(frequency: Ints, texts: int) -> Floats:
    """ln((1 + texts) / (1 + document frequency)) + 1, the smoothed idf of scikit-learn's TfidfTransformer."""
    idf: Floats = np.log((1 + texts) / (1 + frequency)) + 1
    return idf


def relevance(statistics: Floats) -> Floats:
    """A factor, at least 1, from the largest chi-square statistic of each feature: 1 for what may well be chance.

    After F. Debole and F. Sebastiani, "Supervised term weighting for automated text categorization", 2003, who take the
    statistic in the place of idf; the two together, and a root of it, do better. Mean average precision in
    cross-validation on the train parts, without it and with the exponents 0.15 and 0.3: mams_acsa 0.475, 0.491 and
    0.500, GoEmotions 0.453, 0.469 and 0.475, cooking_stackexchange 0.520, 0.531 and 0.534, and at every size from 60
    texts on. To leave at 1 what may be chance gives another 0.001 to 0.003.
    """
    relevances: Floats = (1 + np.maximum(statistics - _CHANCE, 0)) ** _RELEVANCE_EXPONENT
    return relevances
