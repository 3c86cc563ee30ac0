"""Golden answers: what a version answered when it was made, compared bit for bit before it serves."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pinfold_server.engine.session import Model
from pinfold_server.store.storage_pb2 import VersionGoldenRecord, VersionRecord

_STORED = np.dtype("<f4")


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
