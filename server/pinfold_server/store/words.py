"""Which documents hold a word: postings by word, in pieces that grow at their end."""

from collections.abc import Iterable, Sequence

from pinfold_server.domain import postings
from pinfold_server.domain.postings import PIECE_BYTES_MAX, Numbers
from pinfold_server.store import keys
from pinfold_server.store.env import Txn
from pinfold_server.store.table import scan, scan_back


def add_many(txn: Txn, words_uid: int, additions: Iterable[tuple[str, Sequence[int]]]) -> None:
    """Adds rising numbers to words, given in their order. Numbers that a word has already are left out."""
    for word, numbers in additions:
        _add(txn, keys.word(words_uid, word), numbers)


def numbers_of(txn: Txn, words_uid: int, word: str) -> Numbers:
    """The documents that hold a word."""
    pieces = [postings.decode(keys.first_posting(key), value) for key, value in scan(txn, keys.word(words_uid, word))]
    return postings.joined(pieces)


def _add(txn: Txn, prefix: bytes, numbers: Sequence[int]) -> None:
    last = next(scan_back(txn, prefix), None)
    if last is not None:
        key, value = last
        known = postings.decode(keys.first_posting(key), value)
        end = int(known[-1])
        numbers = [number for number in numbers if number > end] if numbers[0] <= end else numbers
        if len(value) < PIECE_BYTES_MAX // 2 and len(numbers):
            numbers = [*known.tolist(), *numbers]  # the piece is written again, longer
    if len(numbers):
        for first, piece in postings.encode(numbers):
            txn.put(keys.word_postings(prefix, first), piece)
