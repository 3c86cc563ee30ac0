"""Weights by the algorithm that a configuration names."""

from pinfold_server.domain.configs import NAIVE_BAYES, RunConfig
from pinfold_server.training import naive_bayes, solver
from pinfold_server.training.parallel import Tick
from pinfold_server.training.solver import Examples, LinearWeights


def fit(examples: Examples, config: RunConfig, tick: Tick, threads: int) -> LinearWeights:
    """Fits every label; the number of threads changes nothing but the time."""
    if config.algorithm in NAIVE_BAYES:
        return naive_bayes.fit(examples, config, tick)
    return solver.fit(examples, config, tick, threads)
