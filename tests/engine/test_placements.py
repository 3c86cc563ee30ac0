"""Threads and graph optimisation change no bit."""

import numpy as np

from bench.placements import file_ways
from pinfold_server.engine.model import FeatureOptions
from tests.engine.models import TEXTS, file_of, random_model


def test_1_and_4_threads_optimised_or_not_give_the_same_bits() -> None:
    random = np.random.default_rng(5)
    words = " ".join(TEXTS).split()
    texts = [" ".join(random.choice(words, 1 + place % 40)) + f" unseen{place}" for place in range(1_000)]
    model = random_model(FeatureOptions(2, 3, 5))
    ways = dict(file_ways(file_of(model)))
    assert len(ways) == 4
    answers = {
        name: np.concatenate([way(texts[begin : begin + 100]) for begin in range(0, len(texts), 100)])
        for name, way in ways.items()
    }
    assert len(np.unique(answers["optimised, 1 threads"][:, 0])) > 500
    assert len({each.tobytes() for each in answers.values()}) == 1
