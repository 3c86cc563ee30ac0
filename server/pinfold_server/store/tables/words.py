"""Which documents hold a word: postings by word, in pieces that grow at their end."""

from collections.abc import Iterable, Sequence

from pinfold_server.domain.documents import postings
from pinfold_server.domain.documents.postings import PIECE_BYTES_MAX, Numbers
from pinfold_server.store import keys
from pinfold_server.store.env import Txn
from pinfold_server.store.table import keys_between, scan, scan_back


def add_many(txn: Txn, words_uid: int, additions: Iterable[tuple[str, Sequence[int]]]) -> None:
    """Adds rising numbers to words, given in their order. Numbers that a word has already are left out."""
    for word, numbers in additions:
        _add(txn, keys.word(words_uid, word), numbers)


def numbers_of_all(txn: Txn, words_uid: int, wanted: Iterable[str]) -> Numbers:
    """The documents that hold all of the words (at least one), and perhaps some that lack the most frequent of them.

    The rarest words come first. A word is left out once it has more pieces than documents are left: to read a piece
    takes as long as to look at a document, which whoever asks does anyway.
    """
    prefixes = [keys.word(words_uid, word) for word in wanted]
    pieces = sorted((len(keys_between(txn, prefix, keys.past(prefix))), prefix) for prefix in prefixes)
    found = _numbers(txn, pieces[0][1])
    for count, prefix in pieces[1:]:
        if count > len(found):
            break
        found = postings.common([found, _numbers(txn, prefix)])
    return found


def _numbers(txn: Txn, prefix: bytes) -> Numbers:
    return postings.joined([postings.decode(keys.first_posting(key), value) for key, value in scan(txn, prefix)])


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
