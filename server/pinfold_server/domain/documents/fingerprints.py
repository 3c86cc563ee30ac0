"""What stored scores know a document by: hashes of 64 bits, the same in every process and release."""

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

_BYTES = 8


def tie_of(name: bytes) -> int:
    """Of a document's name, as `store.keys.scored_document` makes it: orders equals, and draws samples."""
    return int.from_bytes(blake2b(name, digest_size=_BYTES).digest(), "little")


def ties_of(names: Sequence[bytes]) -> NDArray[np.uint64]:
    """`tie_of` for many, uint64 [names]."""
    hashes = [blake2b(name, digest_size=_BYTES).digest() for name in names]
    return np.frombuffer(b"".join(hashes), "<u8")


def digest_of(text: str, timestamp_us: int) -> int:
    """Of what scores and order of a document depend on: another one means that its scores are out of date."""
    return int.from_bytes(_hashed(text, timestamp_us), "little")


def digests_of(texts: Sequence[str], timestamps_us: Sequence[int]) -> NDArray[np.uint64]:
    """`digest_of` for many, uint64 [texts]."""
    return np.frombuffer(b"".join(map(_hashed, texts, timestamps_us)), "<u8")


def _hashed(text: str, timestamp_us: int) -> bytes:
    content = timestamp_us.to_bytes(8, "little", signed=True) + text.encode("utf-8", "surrogatepass")
    return blake2b(content, digest_size=_BYTES).digest()
