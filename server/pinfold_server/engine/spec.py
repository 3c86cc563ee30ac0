"""Feature specification, number 1: what a model reads in a text.

Two implementations follow this page and must agree in every bit: `features.py` (numpy, used to train) and the ONNX
graph that `training/export/graph.py` writes (used to serve). A change here is a new specification number, never an
edit.

1.  *Normalisation* (`text.py`, outside the graph). The first 65,536 code points are kept. They are put through NFKC and
    full case folding of Unicode 14.0 (`unicode14.py`) in pieces of 1,024 code points (canonical reordering is quadratic
    in the length of a run of combining marks: one hostile text would otherwise hold a worker for seconds). C0 and C1
    control characters become a space, lone surrogates U+FFFD. The result is cut at 65,536 code points again, because
    NFKC can make a text longer.
2.  *Input of the graph*: the int32 code points of all texts of a batch, each text followed by one 0.
3.  *Words* are the longest runs of word characters. A word character is one for which `str.isalnum` holds, `_`, or a
    mark (category M: vowel signs belong to their word). Code points from `CLASS_SIZE` up are not word characters.
    A model file carries its own table, so that it never depends on the Unicode version of the machine that runs it.
    A model may ask for more steps before it reads words, `text.Folding`; its file names them.
4.  *Keys.* Everything a model knows is found by a key below 2**44; its two lowest bits are the kind.
    word              sum over its characters of ((code point + 1) * WORD_FACTORS[min(position, 47)]) & MASK, then &
    MASK n words, n = 2, 3 (first word key * JOIN_FACTORS[0] + ... + last word key * JOIN_FACTORS[n - 1]) & MASK, plus
    n - 1 n characters      sum of ((code point + 1) * GRAM_FACTORS[position]) & MASK, then & MASK, plus 3
    Two features with the same key are one feature; with 42 random bits that is expected once in 10**12 pairs.
5.  *Word n-grams* are neighbouring words of one text, whatever stands between them.
6.  *Character n-grams* lie within " word ": the word with one space on either side; two characters that begin with the
    last letter are left out. A model may ask for n-grams across words instead: those of " word word ... word ", all
    words of a text with one space around each.
7.  *Weights.* (`model.py`) An occurrence of feature f adds factor(f) * coefficient(f, label) to the sum of each label
    and factor(f)**2 to the squared norm. A known word's row holds its own values and those of all its known character
    n-grams already. Score of a label = sum / sqrt(squared norm) + bias. Rows are whole numbers of grid steps, so sums
    are exact.
"""

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

SPECIFICATION = 1
MAX_CODE_POINTS = 65_536
CLASS_SIZE = 0x32400
WORD_POSITIONS = 48
MAX_WORD_NGRAM = 3
MAX_CHAR_NGRAM = 6
MASK = (1 << 44) - 4
GRAM_KIND = 3
SPACE = 32

# Products stay below 2**63: 0x110000 * 2**42 for characters, 2 * 2**44 * 2**17 for joined words. The sum over all
# characters of a run may wrap round beyond 2**18 of them; differences of wrapped sums are still right.
_CHARACTER_FACTOR_BITS = 42
_JOIN_FACTOR_BITS = 17


def _factors(name: str, count: int, bits: int, step: int) -> NDArray[np.int64]:
    """Odd multiples of `step` below 2**bits that never change: numpy promises no stable random streams, BLAKE2 does."""
    drawn = (blake2b(f"pinfold {name} {i}".encode(), digest_size=8).digest() for i in range(count))
    numbers = [int.from_bytes(digest, "little") % (1 << bits) // step | 1 for digest in drawn]
    return np.array(numbers, np.int64) * step


# Multiples of 4 leave the two lowest bits of a key to its kind.
WORD_FACTORS = _factors("word", WORD_POSITIONS, _CHARACTER_FACTOR_BITS, 4)
GRAM_FACTORS = _factors("gram", MAX_CHAR_NGRAM, _CHARACTER_FACTOR_BITS, 4)
JOIN_FACTORS = np.concatenate(([1], _factors("join", MAX_WORD_NGRAM - 1, _JOIN_FACTOR_BITS, 1)))
