"""What a configuration says about reading texts, in the words of the engine."""

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.runs.configs import RunConfig, StopWordList
from pinfold_server.engine.features import find_words
from pinfold_server.engine.model import FeatureOptions
from pinfold_server.engine.text import Folding, encode, word_characters
from pinfold_server.training.fit.stop_words import ENGLISH

_LISTS: dict[StopWordList, tuple[str, ...]] = {StopWordList.NONE: (), StopWordList.ENGLISH: ENGLISH}


def foldings(config: RunConfig) -> tuple[Folding, ...]:
    """Steps of the normalisation beyond the usual ones, in their order."""
    return tuple(step for step in Folding if getattr(config, step.value))


def feature_options(config: RunConfig) -> FeatureOptions:
    """The n-grams that a model of this configuration reads."""
    return FeatureOptions(config.word_ngram_max, config.char_ngram_min, config.char_ngram_max, config.reads_across)


def stop_keys(config: RunConfig) -> NDArray[np.int64]:
    """Keys of the stop words, ascending; an entry that is read as several words stops each of them."""
    words = (*_LISTS[config.stop_word_list], *config.stop_words)
    return np.unique(find_words(encode(words, foldings(config)), word_characters()).keys)
