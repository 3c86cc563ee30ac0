"""What stored scores know a document by: hashes of 64 bits, the same in every process and release."""

import hashlib


def tie_of(name: bytes) -> int:
    """Of a document's name, as `store.keys.scored_document` makes it: orders equals, and draws samples."""
    return int.from_bytes(hashlib.blake2b(name, digest_size=8).digest(), "little")


def digest_of(text: str, timestamp_us: int) -> int:
    """Of what scores and order of a document depend on: another one means that its scores are out of date."""
    content = timestamp_us.to_bytes(8, "little", signed=True) + text.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "little")
