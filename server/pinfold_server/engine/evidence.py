"""What of a text adds to a model's sums: every word and n-gram that has a row, with its share in whole grid steps.

The rows are those that the model sums, so the shares of all features add up to its sums exactly.
"""

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.predictions.explanations import FeatureKind
from pinfold_server.engine import features
from pinfold_server.engine.features import Words
from pinfold_server.engine.letters import Letters
from pinfold_server.engine.model import CompiledModel
from pinfold_server.engine.text import code_points

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Group:
    """The features of one kind in a text.

    `shares` int64 [features, columns]: all occurrences of a feature together; `known` bool [features]: it has a row of
    its own. Occurrences in reading order: `of` the feature of each, `begins` and `ends` its code points. `spell` names
    the feature of an occurrence. `counts` int64 [features]: occurrences of each.
    """

    kind: FeatureKind
    shares: Ints
    known: NDArray[np.bool_]
    of: Ints
    begins: Ints
    ends: Ints
    counts: Ints
    spell: Callable[[int], str]

    @functools.cached_property
    def _by_feature(self) -> tuple[Ints, Ints]:
        """Occurrences by feature and then in reading order, and where those of each feature begin."""
        return np.argsort(self.of, kind="stable"), np.cumsum(self.counts) - self.counts

    def occurrences(self, feature: int) -> Ints:
        """In reading order."""
        order, firsts = self._by_feature
        return order[firsts[feature] : firsts[feature] + self.counts[feature]]


def gather(model: CompiledModel, read: str, columns: Ints, *, apart: bool) -> list[Group]:
    """The features of a text as a model reads it; `columns` of the rows that are wanted.

    A word's share holds those of its character n-grams, unless these are wanted `apart`. N-grams across words are
    always features of their own.
    """
    codes = code_points([read])
    words = features.find_words(codes, model.word_class)
    text = _Text(model, read, codes, words, columns)
    groups = list(_words(text, apart=apart))
    groups += [_joined(text, size) for size in range(2, model.options.word_max + 1)]
    if model.options.char_across:
        grams = features.spanning_ngrams(codes, words, model.options.char_min, model.options.char_max)
        groups.append(_grams(text, words, grams.keys, within=False))
    return groups


@dataclass(frozen=True, slots=True, eq=False)
class _Text:
    model: CompiledModel
    read: str
    codes: NDArray[np.int32]
    words: Words
    columns: Ints

    def word_values(self, rows: Ints) -> Ints:
        return self.model.word_rows[rows[:, None], self.columns].astype(np.int64)

    def gram_values(self, rows: Ints) -> Ints:
        return self.model.gram_rows[rows[:, None], self.columns].astype(np.int64)

    def grams_of(self, words: Words) -> features.Occurrences:
        """Of words, within each."""
        return features.char_ngrams(self.codes, words, self.model.options.char_min, self.model.options.char_max)


def _words(text: _Text, *, apart: bool) -> Iterator[Group]:
    words, options = text.words, text.model.options
    keys, first, of, counts = np.unique(words.keys, return_index=True, return_inverse=True, return_counts=True)
    rows = text.model.words.find(keys)
    values = text.word_values(rows)
    if options.char_max and not options.char_across:
        # A word with a row of nothing is a stop word: its n-grams are not looked up.
        walked = (rows == 0) | (text.model.word_rows[rows].any(axis=1) if apart else False)
        sums = _sums_of_grams(text, features.select(words, first[walked]))
        if apart:
            values[walked & (rows > 0)] -= sums[rows[walked] > 0]
            chosen = features.select(words, walked[of])
            yield _grams(text, chosen, text.grams_of(chosen).keys, within=True)
        else:
            values[walked] += sums
    yield Group(
        FeatureKind.WORD, values * counts[:, None], rows > 0, of, words.starts, words.ends, counts,
        lambda place: text.read[words.starts[place] : words.ends[place]],
    )  # fmt: skip


def _sums_of_grams(text: _Text, words: Words) -> Ints:
    """The shares of the character n-grams of each word, [words, columns]."""
    grams = text.grams_of(words)
    rows = text.model.grams.find(grams.keys)
    sums = np.zeros((len(words.keys), len(text.columns)), np.int64)
    np.add.at(sums, grams.owners[rows > 0], text.gram_values(rows[rows > 0]))
    return sums


def _joined(text: _Text, size: int) -> Group:
    words = text.words
    keys, of, counts = np.unique(features.word_ngrams(words, size).keys, return_inverse=True, return_counts=True)
    rows = text.model.words.find(keys)
    count = len(of)
    return Group(
        FeatureKind.WORD_NGRAM, text.word_values(rows) * counts[:, None], rows > 0, of, words.starts[:count],
        words.ends[size - 1 : size - 1 + count], counts,
        lambda place: " ".join(text.read[words.starts[each] : words.ends[each]] for each in range(place, place + size)),
    )  # fmt: skip


def _grams(text: _Text, words: Words, keys: Ints, *, within: bool) -> Group:
    """Character n-grams of words; `keys` in reading order, as `Letters` counts them."""
    letters = Letters(text.read, words)
    smallest, largest = text.model.options.char_min, text.model.options.char_max
    found = letters.within(smallest, largest) if within else letters.across(smallest, largest)
    distinct, of, counts = np.unique(keys, return_inverse=True, return_counts=True)
    rows = text.model.grams.find(distinct)
    return Group(
        FeatureKind.CHAR_NGRAM, text.gram_values(rows) * counts[:, None], rows > 0, of,
        letters.begins[found.firsts], letters.ends[found.firsts + found.sizes - 1], counts,
        lambda place: letters.text[found.firsts[place] : found.firsts[place] + found.sizes[place]],
    )  # fmt: skip
