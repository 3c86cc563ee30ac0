"""Weights by the algorithm that a configuration names."""

from collections.abc import Callable

from pinfold_server.domain.configs import NAIVE_BAYES, RunConfig
from pinfold_server.training import naive_bayes, solver
from pinfold_server.training.solver import Examples, LinearWeights


def fit(examples: Examples, config: RunConfig, tick: Callable[[float], None]) -> LinearWeights:
    """Fits every label; `tick` gets the fraction done between labels, and may raise to stop."""
    if config.algorithm in NAIVE_BAYES:
        return naive_bayes.fit(examples, config, tick)
    return solver.fit(examples, config, tick)
