"""Keywords: the features that, on average, push the training documents of a label most.

The push of a feature is what `Explain` tells of one text, averaged over documents: towards the label over those that
have it, against it over all others. That weighs how often a feature speaks as well as how loudly; it is the mean
attribution of a linear model (Lundberg and Lee, "A unified approach to interpreting model predictions", 2017, compared
with a text without the feature). A word's push holds those of its character n-grams, as in the model; a character
n-gram counts where the word it stands in is not known.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from pinfold_server.domain.predictions.explanations import FeatureKind
from pinfold_server.domain.predictions.keywords import KEPT, Keyword, LabelKeywords
from pinfold_server.domain.quality.metrics import Bools
from pinfold_server.domain.runs.configs import RunConfig
from pinfold_server.engine import sigmoid
from pinfold_server.engine.model import CompiledModel
from pinfold_server.training.fit.corpus import Corpus
from pinfold_server.training.fit.spellings import spell

_LABELS_A_BLOCK = 32

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class _Features:
    """What the model knows of the texts: `keys` and `kinds` [features]; `counts` CSR float64 [texts, features] how
    often each occurs; `word_rows` of the first of them and `gram_rows` of the others, places in the model's tables.
    """

    keys: Ints
    kinds: list[FeatureKind]
    counts: sp.csr_matrix
    word_rows: Ints
    gram_rows: Ints

    def values(self, model: CompiledModel, columns: slice) -> Floats:
        """Of an occurrence of each feature, in grid steps; [columns, features]."""
        parts = (model.word_rows[self.word_rows, columns], model.gram_rows[self.gram_rows, columns])
        return np.concatenate(parts).T.astype(np.float64, order="C")


@dataclass(frozen=True, slots=True, eq=False)
class _Picks:
    """Features by falling magnitude of their mean push, and how many documents have each."""

    features: Ints
    weights: Floats
    documents: Ints


def find_keywords(
    model: CompiledModel, corpus: Corpus, texts: Sequence[str], assigned: Bools, config: RunConfig
) -> tuple[LabelKeywords, ...]:
    """Of each label, at most `KEPT` for it and `KEPT` against it; deterministic in its arguments.

    `corpus` holds the counts of `texts`, `assigned` bool [texts, labels] their labels.
    """
    features = _known_features(model, corpus)
    picks = list(_picks(model, features, sp.csr_matrix(assigned.T, dtype=np.float64)))
    chosen = np.unique(np.concatenate([np.zeros(0, np.int64), *(each.features for pair in picks for each in pair)]))
    spelled = spell([texts[row] for row in _first_texts(features, chosen)], config, np.unique(features.keys[chosen]))
    return tuple(
        LabelKeywords(label, _keywords(towards, features, spelled), _keywords(against, features, spelled))
        for label, (towards, against) in zip(model.labels, picks, strict=True)
    )


def _known_features(model: CompiledModel, corpus: Corpus) -> _Features:
    grams = corpus.grams.counts
    if not model.options.char_across:
        unknown = np.flatnonzero(model.words.find(corpus.words.keys) == 0)
        grams = corpus.words.counts[:, unknown] @ corpus.spelling[unknown]
    keys, kinds, counts = list[Ints](), list[FeatureKind](), list[sp.csr_matrix]()
    for size, block in {1: corpus.words, **corpus.joined}.items():
        kind = FeatureKind.WORD if size == 1 else FeatureKind.WORD_NGRAM
        known = np.flatnonzero(model.words.find(block.keys))
        keys.append(block.keys[known])
        kinds += [kind] * len(known)
        counts.append(block.counts[:, known])
    known = np.flatnonzero(model.grams.find(corpus.grams.keys))
    words = np.concatenate(keys)
    return _Features(
        keys=np.concatenate([words, corpus.grams.keys[known]]),
        kinds=kinds + [FeatureKind.CHAR_NGRAM] * len(known),
        counts=sp.csr_matrix(sp.hstack([*counts, grams[:, known]], format="csr")),
        word_rows=model.words.find(words),
        gram_rows=model.grams.find(corpus.grams.keys[known]),
    )


def _first_texts(features: _Features, chosen: Ints) -> list[int]:
    """The texts in which the chosen features occur first, in their order."""
    by_feature = sp.csc_matrix(features.counts[:, chosen])
    by_feature.sort_indices()
    rows: list[int] = np.unique(by_feature.indices[by_feature.indptr[:-1]]).tolist()
    return rows


def _picks(model: CompiledModel, features: _Features, with_label: sp.csr_matrix) -> Iterator[tuple[_Picks, _Picks]]:
    """Of each label towards and against it; `with_label` CSR [labels, texts], 1 where a text has the label."""
    texts = features.counts.shape[0]
    norm_column = slice(len(model.labels), None)
    norms = np.sqrt(np.maximum(features.counts @ features.values(model, norm_column)[0], 1.0))
    shares = sp.csr_matrix(sp.diags(1 / norms) @ features.counts)
    present = (features.counts > 0).astype(np.float64)
    everywhere, anywhere = np.asarray(shares.sum(axis=0))[0], np.asarray(present.sum(axis=0))[0]
    units = model.steps / sigmoid.STEPS
    for begin in range(0, len(model.labels), _LABELS_A_BLOCK):
        block = slice(begin, begin + _LABELS_A_BLOCK)
        own, have = (with_label[block] @ shares).toarray(), (with_label[block] @ present).toarray()
        values = features.values(model, slice(begin, min(block.stop, len(model.labels)))) * units[block, None]
        documents = np.asarray(with_label[block].sum(axis=1))
        towards = values * own / np.maximum(documents, 1)
        against = values * (everywhere - own) / np.maximum(texts - documents, 1)
        for place in range(len(values)):
            yield _largest(towards[place], have[place]), _largest(-against[place], anywhere - have[place], -1.0)


def _largest(pushes: Floats, documents: Floats, sign: float = 1.0) -> _Picks:
    """The largest pushes above 0; of equals the first."""
    candidates = np.flatnonzero(pushes > 0)
    if len(candidates) > KEPT:
        least = np.partition(pushes[candidates], -KEPT)[-KEPT]
        candidates = candidates[pushes[candidates] >= least]
    chosen = candidates[np.argsort(-pushes[candidates], kind="stable")][:KEPT]
    return _Picks(chosen, sign * pushes[chosen], documents[chosen].astype(np.int64))


def _keywords(picks: _Picks, features: _Features, spelled: dict[int, str]) -> tuple[Keyword, ...]:
    found = zip(picks.features.tolist(), picks.weights.tolist(), picks.documents.tolist(), strict=True)
    return tuple(
        Keyword(spelled[int(features.keys[feature])], features.kinds[feature], weight, documents)
        for feature, weight, documents in found
    )
