"""When two texts are the same: NFKC, casefolded, runs of white space as one space, none around them."""

import hashlib
import unicodedata

_PIECE = 1_024  # NFKC takes quadratic time over long runs of combining marks


def comparable(text: str) -> str:
    """Equal for texts that are the same, and for no others; never fails."""
    if text.isascii():
        return " ".join(text.lower().split())
    pieces = (text[begin : begin + _PIECE] for begin in range(0, len(text), _PIECE))
    return " ".join("".join(unicodedata.normalize("NFKC", piece).casefold() for piece in pieces).split())


def digest_of(compared: str) -> bytes:
    """8 bytes of what `comparable` gave; texts that differ may share them."""
    return hashlib.blake2b(compared.encode("utf-8", "surrogatepass"), digest_size=8).digest()
