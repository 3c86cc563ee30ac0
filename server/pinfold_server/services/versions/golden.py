"""Golden answers: what a version answered when it was made, compared bit for bit before it serves."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pinfold_server.engine.session import Model
from pinfold_server.store.storage_pb2 import VersionGoldenRecord, VersionRecord

_STORED = np.dtype("<f4")
_ODD_TEXTS = (
    "",
    "where is the order that I have not received from you? please answer me",
    "WHERE is The ORDER that i-have_not\t received?\x1f",
    "WHERE is the ORDER\x00\x01 \t that-i have_not",
    "the \u00e9tude E\u0301TUDE \ufb01n \u0130\u00df \ud800",
    "\u0939\u093f\u0928\u094d\u0926\u0940 \u4f60\u597d \u0e20\u0e32\u0e29\u0e32 \u05e9\u05dc\u05d5\u05dd \U00020000",
    "unheardofword and " * 200,
    "x" * 5_000,
)


class GoldenMismatch(Exception):
    """The version does not answer what it answered when it was made, or nobody can tell."""


def to_record(texts: Sequence[str], probabilities: NDArray[np.float32]) -> VersionGoldenRecord:
    """`probabilities` float32 [texts, labels]."""
    return VersionGoldenRecord(texts=texts, probabilities=probabilities.astype(_STORED).tobytes())


def verify(model: Model, version: VersionRecord, golden: VersionGoldenRecord) -> None:
    """Raises GoldenMismatch unless every text gets its golden bits, in one batch and alone.

    A server computes a batch and a single text in different ways; both are asked. Takes some milliseconds.
    """
    count = len(golden.texts)
    if count != version.golden_count:
        raise GoldenMismatch(f"{count} golden answers are stored instead of {version.golden_count}")
    together = model.score(list(golden.texts)).probabilities
    expected = np.frombuffer(golden.probabilities, _STORED)
    if expected.size != together.size:
        raise GoldenMismatch(f"{expected.size} golden probabilities are stored instead of {together.size}")
    alone = (model.score([text]).probabilities[0] for text in golden.texts)
    rows = zip(expected.reshape(together.shape), together, alone, strict=True)
    wrong = sum(len({row.astype(_STORED).tobytes() for row in answers}) > 1 for answers in rows)
    if wrong:
        raise GoldenMismatch(f"{wrong} of {count} golden texts get another answer")


def compare(model: Model, other: Model) -> None:
    """Raises GoldenMismatch unless two ways to answer give the same bits for some odd texts; for versions from before
    there were golden answers, and beyond them.
    """
    answers = [each.score(_ODD_TEXTS).probabilities for each in (model, other)]
    alone = np.concatenate([other.score([text]).probabilities for text in _ODD_TEXTS])
    wrong = (answers[0] != answers[1]).any(axis=1) | (answers[0] != alone).any(axis=1)
    if wrong.any():
        raise GoldenMismatch(f"{int(wrong.sum())} of {len(wrong)} odd texts get another answer")
