"""The texts of a version's golden answers: made for the check, so that no document outlives its deletion in them.

Pieces of many documents are mixed, every third one backwards: words that the model knows, words that it reads through
their character n-grams, and the scripts and signs of the data. Some texts that are odd in themselves come along.
"""

from collections.abc import Sequence

import numpy as np

from pinfold_server.engine.session import Model
from pinfold_server.training.contract import Golden

GOLDEN_TEXTS = 64
_PIECE_CHARACTERS = 16
_PIECES_MAX = 32
_ODD_TEXTS = (
    "",
    "\x00\x01 \t",
    "e\u0301tude E\u0301TUDE \ufb01n \u0130\u00df",
    "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    "\u0939\u093f\u0928\u094d\u0926\u0940 \u4f60\u597d\u4e16\u754c \u0e20\u0e32\u0e29\u0e32\u0e44\u0e17\u0e22",
    "\U0001f469\u200d\U0001f680 \U00020000",
    "unheardofword " * 200,
    "x" * 5_000,
)


def make_golden(model: Model, documents: Sequence[str]) -> Golden:
    """What the model answers to 64 texts made from the documents, of which there is at least one."""
    texts = (*_ODD_TEXTS, *_mixtures(documents, GOLDEN_TEXTS - len(_ODD_TEXTS)))
    return Golden(texts, model.score(texts).probabilities)


def _mixtures(documents: Sequence[str], count: int) -> list[str]:
    """Texts of 1 to 32 pieces, neighbouring pieces from different documents; the same for the same documents."""
    random = np.random.default_rng(0)
    return [
        " ".join(
            _piece(documents[int(random.integers(len(documents)))], random, backwards=place % 3 == 2)
            for place in range(1 + number % _PIECES_MAX)
        )
        for number in range(count)
    ]


def _piece(document: str, random: np.random.Generator, *, backwards: bool) -> str:
    words = document.encode("utf-8", "replace").decode().split() or [""]
    word = words[int(random.integers(len(words)))][:_PIECE_CHARACTERS]
    return word[::-1] if backwards else word
