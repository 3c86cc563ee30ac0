"""Decision values to probabilities: a logistic curve per label, fitted on held-out documents (Platt scaling).

J. Platt: "Probabilistic outputs for support vector machines", 1999; the minimisation is the Newton method of Lin, Lin
and Weng, "A note on Platt's probabilistic outputs", 2007, for all labels at once. A label with few held-out positives
cannot carry a curve of its own: the curves are drawn towards the common one of all labels.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.quality.metrics import Bools

_NEWTON_STEPS = 30
_PRIOR_STRENGTH = 20.0
_EXCLUSIVE_PRIOR_STRENGTH = 200.0
"""Of labels that exclude each other: their order is that of their curves, and noise in them costs accuracy.

banking77, a fifth of the train part held out, three namings of its documents: 90.9, 90.7 and 91.0 % with 20, 91.0, 91.0
and 91.1 % with 200.
"""
_WEAK = 1e-2
_START = (3.0, 0.0)
_SMALLEST_SLOPE = 0.05
_FACTORS = (0.05, 20.0)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """probability = 1 / (1 + exp(-(slopes * score + shifts))); two float64 arrays [labels], slopes > 0."""

    slopes: Floats
    shifts: Floats

    @classmethod
    def none(cls, labels: int) -> "Curves":
        """Scores taken as log-odds."""
        return cls(np.ones(labels), np.zeros(labels))

    def scaled(self, factor: float) -> "Curves":
        """All log-odds times a factor."""
        return Curves(self.slopes * factor, self.shifts * factor)

    def logits(self, scores: Floats) -> Floats:
        """Log-odds of scores [rows, labels]."""
        return scores * self.slopes + self.shifts


def fit_temperature(logits: Floats, right: NDArray[np.int64]) -> float:
    """The factor of log-odds [rows, leaves] whose softmax gives the leaves `right` [rows] the least cross-entropy.

    Guo et al., "On calibration of modern neural networks", 2017, by Newton's method: the cross-entropy is convex in
    the factor. As in Platt's scaling, the right leaf's share is taken as (rows + 1) / (rows + 2), and the others share
    the rest: a few documents that are all right do not prove certainty. One more document, so to speak, asks for 1.
    """
    factor, doubt = 1.0, 1 / (len(right) + 2)
    chosen = logits[np.arange(len(right)), right]
    others = (logits.sum(axis=1) - chosen) / max(logits.shape[1] - 1, 1)
    chosen = chosen + doubt * (others - chosen)
    for _ in range(_NEWTON_STEPS):
        scaled = logits * factor
        shares = np.exp(scaled - scaled.max(axis=1, keepdims=True, initial=-np.inf))
        shares /= shares.sum(axis=1, keepdims=True)
        mean = (shares * logits).sum(axis=1)
        spread = (shares * logits**2).sum(axis=1) - mean**2
        step = ((mean - chosen).sum() + factor - 1) / (spread.sum() + 1)
        factor = float(np.clip(factor - np.clip(step, -0.5, 0.5), *_FACTORS))
        if abs(step) < 1e-6:
            break
    return factor


def fit_curves(scores: Floats, truth: Bools, known: Bools, *, single: bool = False) -> Curves:
    """Curves from held-out scores [rows, labels]; pairs that are not known count for nothing.

    `single`: the leaf labels exclude each other.
    """
    common = _minimise(scores.reshape(-1, 1), truth.reshape(-1, 1), known.reshape(-1, 1), np.array([_START]).T, _WEAK)
    prior = np.repeat(common, scores.shape[1], axis=1)
    strength = _EXCLUSIVE_PRIOR_STRENGTH if single else _PRIOR_STRENGTH
    slopes, shifts = _minimise(scores, truth, known, prior, strength)
    return Curves(np.maximum(slopes, _SMALLEST_SLOPE), shifts)


def _minimise(scores: Floats, truth: Bools, known: Bools, prior: Floats, strength: float) -> Floats:
    """Slopes and shifts [2, labels] of least cross-entropy plus strength / 2 * squared distance from `prior`.

    The distance of slopes is taken relative to the prior's slope.
    """
    pull = np.stack((strength / np.maximum(prior[0], _SMALLEST_SLOPE) ** 2, np.full_like(prior[1], strength)))
    parameters = prior.copy()
    for _ in range(_NEWTON_STEPS):
        probabilities = 1 / (1 + np.exp(-np.clip(scores * parameters[0] + parameters[1], -40, 40)))
        error = np.where(known, probabilities - truth, 0.0)
        curvature = np.where(known, probabilities * (1 - probabilities), 0.0)
        gradient = np.stack(((error * scores).sum(0), error.sum(0))) + pull * (parameters - prior)
        aa = (curvature * scores**2).sum(0) + pull[0]
        ab = (curvature * scores).sum(0)
        bb = curvature.sum(0) + pull[1]
        determinant = aa * bb - ab**2
        step = np.stack((bb * gradient[0] - ab * gradient[1], aa * gradient[1] - ab * gradient[0])) / determinant
        parameters = parameters - np.clip(step, -2, 2)
        if np.abs(step).max(initial=0) < 1e-6:
            break
    return parameters
