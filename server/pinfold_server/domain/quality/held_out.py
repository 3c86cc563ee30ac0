"""Documents that a version had not seen when it was validated: the ground on which its quality is judged."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.quality.metrics import Bools


@dataclass(frozen=True, slots=True, eq=False)
class HeldOut:
    """What people said of documents, and what the validation of a version answered to them.

    `documents`: source id and document id, n; `label_numbers` name the labels of a dataset for life, whatever they are
    called, 0 where that is not known; `label_names`: as the version has them. `truth` bool [n, labels], closed over
    ancestors; `known` bool [n, labels]: pairs that people decided; `probabilities` float32 [n, labels].
    """

    documents: tuple[tuple[str, str], ...]
    label_numbers: tuple[int, ...]
    label_names: tuple[str, ...]
    truth: Bools
    known: Bools
    probabilities: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.documents)


def pack(bools: Bools) -> bytes:
    """Bits of bool [n, labels] in reading order, padded to whole bytes."""
    return np.packbits(bools).tobytes()


def unpack(packed: bytes, documents: int, labels: int) -> Bools:
    """The reverse of `pack`."""
    bits = np.unpackbits(np.frombuffer(packed, np.uint8), count=documents * labels)
    return bits.astype(np.bool_).reshape(documents, labels)
