"""Which documents of a source have a text: by its digest, for sources that somebody asked to compare texts in.

A digest leads to document numbers, each of which stands for one text; the texts decide. Numbers beyond
`compared_number` of the source are not in the index yet.
"""

from collections.abc import Iterable, Iterator

from pinfold_server.store import keys
from pinfold_server.store.env import Txn
from pinfold_server.store.table import scan


def add_many(txn: Txn, source_uid: int, entries: Iterable[tuple[bytes, int]]) -> None:
    """Digest and number of each text."""
    items = sorted((keys.text_digest(source_uid, digest, number), b"") for digest, number in entries)
    with txn.cursor() as cursor:
        cursor.putmulti(items)


def remove(txn: Txn, source_uid: int, digest: bytes, number: int) -> None:
    """The text is gone."""
    txn.delete(keys.text_digest(source_uid, digest, number))


def numbers_with(txn: Txn, source_uid: int, digest: bytes) -> Iterator[int]:
    """Numbers of the texts that have the digest, the first that came first."""
    for key, _ in scan(txn, keys.texts_with_digest(source_uid, digest)):
        yield keys.digested_text(key)[1]


def every(txn: Txn, source_uid: int) -> Iterator[tuple[bytes, int]]:
    """Digest and number of every text in the index."""
    for key, _ in scan(txn, keys.of_source(keys.TEXT_DIGEST, source_uid)):
        yield keys.digested_text(key)
