"""The strings of some features, found where they first occur in the training texts.

A model holds keys, not strings, and a key does not tell its string. Only features that people are shown need one: they
are looked for in a pass of its own that ends with the last one, and the counting of features keeps no strings.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.runs.configs import RunConfig
from pinfold_server.engine import features
from pinfold_server.engine.features import Words
from pinfold_server.engine.letters import Letters
from pinfold_server.engine.text import word_characters
from pinfold_server.training.fit.corpus import blocks
from pinfold_server.training.fit.reading import foldings

Ints = NDArray[np.int64]
Spell = Callable[[int], str]


def spell(texts: Sequence[str], config: RunConfig, wanted: Ints) -> dict[int, str]:
    """The feature of each of the distinct keys `wanted`, as the model reads it; keys that occur nowhere are left out.

    The words of an n-gram are joined by one space; a character n-gram has a space where a word begins or ends.
    """
    found: dict[int, str] = {}
    seen = np.zeros(0, np.int64)
    for _, codes in blocks(texts, foldings(config)):
        words = features.find_words(codes, word_characters())
        keys, first = np.unique(words.keys, return_index=True)
        fresh = features.select(words, np.sort(first[~np.isin(keys, seen, assume_unique=True)]))
        seen = np.union1d(seen, fresh.keys)
        for occurring, spelled in _occurrences(codes, words, fresh, config):
            places = np.flatnonzero(np.isin(occurring, wanted))
            _, first = np.unique(occurring[places], return_index=True)
            for place in places[first].tolist():
                key = int(occurring[place])
                if key not in found:
                    found[key] = spelled(place)
        if len(found) == len(wanted):
            break
    return found


def _occurrences(
    codes: NDArray[np.int32], words: Words, fresh: Words, config: RunConfig
) -> Iterator[tuple[Ints, Spell]]:
    """Keys in reading order with the string of each place: of the `fresh` words, and of what all words are part of."""
    read = codes.tobytes().decode("utf-32-le")
    yield fresh.keys, lambda place: read[fresh.starts[place] : fresh.ends[place]]
    for size in range(2, config.word_ngram_max + 1):
        count = max(len(words.keys) - size + 1, 0)
        firsts = np.flatnonzero(words.texts[:count] == words.texts[size - 1 : size - 1 + count])
        yield features.word_ngrams(words, size).keys, _joined(read, words, firsts, size)
    sizes = config.char_ngram_min, config.char_ngram_max
    if config.reads_across:
        yield features.spanning_ngrams(codes, words, *sizes).keys, _letters(Letters(read, words), sizes, within=False)
    elif config.char_ngram_max:
        yield features.char_ngrams(codes, fresh, *sizes).keys, _letters(Letters(read, fresh), sizes, within=True)


def _joined(read: str, words: Words, firsts: Ints, size: int) -> Spell:
    def spelled(place: int) -> str:
        first = firsts[place]
        return " ".join(read[words.starts[each] : words.ends[each]] for each in range(first, first + size))

    return spelled


def _letters(letters: Letters, sizes: tuple[int, int], *, within: bool) -> Spell:
    windows = letters.within(*sizes) if within else letters.across(*sizes)
    return lambda place: letters.text[windows.firsts[place] : windows.firsts[place] + windows.sizes[place]]
