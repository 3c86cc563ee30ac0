"""The classifier as a scikit-learn estimator, so that skl2onnx can convert it like any other."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator

from pinfold_server.domain.quality.metrics import Bools
from pinfold_server.domain.runs.configs import RunConfig
from pinfold_server.engine.model import CompiledModel
from pinfold_server.engine.text import encode
from pinfold_server.training.export.compilation import Fitted, compile_model
from pinfold_server.training.fit.algorithms import features_for, fit
from pinfold_server.training.fit.corpus import count_features
from pinfold_server.training.fit.reading import feature_options, foldings
from pinfold_server.training.fit.solver import Examples
from pinfold_server.training.fit.vocabulary import select
from pinfold_server.training.validate.calibration import Curves


class NgramClassifier(BaseEstimator):  # type: ignore[misc]
    """Linear multi-label classifier of texts on word and character n-grams.

    `label_names`: the columns of Y; probabilities of a parent path are never below those of its descendants.
    `curves`: calibration of decision values, from held-out documents; None leaves scores as log-odds. `single`: the
    probabilities of the leaf labels add up to 1.
    """

    compiled_: CompiledModel

    def __init__(
        self,
        label_names: tuple[str, ...] = (),
        config: RunConfig | None = None,
        curves: Curves | None = None,
        single: bool = False,
    ) -> None:
        self.label_names = label_names
        self.config = config
        self.curves = curves
        self.single = single

    def fit(self, X: Sequence[str], Y: Bools, sample_weight: NDArray[np.float64] | None = None) -> Self:
        """X: n texts; Y: bool [n, labels], closed over ancestors."""
        config = self.config or RunConfig()
        corpus = count_features(X, config, _go_on)
        vocabulary = select(corpus, None, config, Y, single=self.single)
        read = features_for(config, corpus, vocabulary, None)
        examples = Examples(read.features, Y, None, sample_weight, self.single, read.twins)
        weights = fit(examples, config, _go_on, threads=1)
        return self.assemble(Fitted(corpus, vocabulary, weights, self.curves or Curves.none(Y.shape[1]), self.single))

    def assemble(self, fitted: Fitted) -> Self:
        """Takes over a fit that was made step by step."""
        self.compiled_ = compile_model(fitted, self.label_names, feature_options(self.config or RunConfig()))
        return self

    def predict_proba(self, X: Sequence[str]) -> NDArray[np.float32]:
        """Probabilities float32 [texts, labels]: the same bits that the exported file answers."""
        return self.compiled_.probabilities(encode(X, foldings(self.config or RunConfig())))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.target_tags.multi_output = True
        return tags


def _go_on(_: float) -> None:
    """A fit through scikit-learn's interface is neither reported nor stopped."""
