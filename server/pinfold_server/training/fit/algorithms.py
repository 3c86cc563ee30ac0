"""Weights by the algorithm that a configuration names."""

from pinfold_server.domain.runs.configs import NAIVE_BAYES, RunConfig
from pinfold_server.training.fit import naive_bayes, solver
from pinfold_server.training.fit.corpus import Corpus
from pinfold_server.training.fit.parallel import Tick
from pinfold_server.training.fit.solver import Examples, LinearWeights
from pinfold_server.training.fit.twins import Merged, merge
from pinfold_server.training.fit.vocabulary import Rows, Vocabulary, matrix


def features_for(config: RunConfig, corpus: Corpus, vocabulary: Vocabulary, rows: Rows) -> Merged:
    """The matrix of the texts `rows` (None: all), twins merged where a fit cannot tell; naive Bayes counts each."""
    if config.algorithm in NAIVE_BAYES:
        return Merged(matrix(corpus, vocabulary, rows), None)
    return merge(corpus, vocabulary, rows)


def fit(examples: Examples, config: RunConfig, tick: Tick, threads: int) -> LinearWeights:
    """Fits every label; the number of threads changes nothing but the time."""
    if config.algorithm in NAIVE_BAYES:
        return naive_bayes.fit(examples, config, tick)
    return solver.fit(examples, config, tick, threads)
