import hashlib
from pathlib import Path

import pytest

from pinfold_server.errors import AppError, Code
from pinfold_server.store import keys
from pinfold_server.store.env import Store
from pinfold_server.store.tables import artefacts
from pinfold_server.store.tables.artefacts import CHUNK_BYTES
from tests.stores import findings, open_store


@pytest.fixture
def store(tmp_path: Path):  # type: ignore[no-untyped-def]
    with open_store(tmp_path / "store") as opened:
        yield opened


def blob_of(size: int) -> bytes:
    return bytes(number % 251 for number in range(997)) * (size // 997) + b"e" * (size % 997)


def used(store: Store, blob: bytes) -> bytes:
    sha256 = artefacts.stage(store, blob, now_us=10)
    with store.write() as txn:
        artefacts.reference(txn, sha256)
    return sha256


def damaged(store: Store, sha256: bytes) -> AppError:
    with store.read() as txn, pytest.raises(AppError) as raised:
        artefacts.read(txn, sha256)
    assert (raised.value.code, raised.value.reason) == (Code.DATA_LOSS, "MODEL_DAMAGED")
    return raised.value


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 18 * CHUNK_BYTES + 5])
def test_a_staged_file_is_read_back_bit_for_bit(store: Store, size: int) -> None:
    blob = blob_of(size)
    sha256 = artefacts.stage(store, blob, now_us=10)
    assert sha256 == hashlib.sha256(blob).digest()
    with store.read() as txn:
        assert artefacts.read(txn, sha256) == blob
        assert max(map(len, artefacts.chunks(txn, sha256)), default=0) <= CHUNK_BYTES


@pytest.mark.parametrize("place", [0, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 6])
def test_one_flipped_bit_is_found(store: Store, place: int) -> None:
    sha256 = used(store, blob_of(CHUNK_BYTES + 7))
    number, offset = divmod(place, CHUNK_BYTES)
    with store.write() as txn:
        chunk = bytearray(bytes(txn.get(keys.chunk(sha256, number)) or b""))
        chunk[offset] ^= 16
        txn.put(keys.chunk(sha256, number), bytes(chunk))
    assert "digest" in damaged(store, sha256).message


def test_a_missing_chunk_is_found(store: Store) -> None:
    sha256 = used(store, blob_of(3 * CHUNK_BYTES))
    with store.write() as txn:
        txn.delete(keys.chunk(sha256, 1))
    assert "bytes instead of" in damaged(store, sha256).message


def test_a_file_that_was_never_staged_is_missing(store: Store) -> None:
    assert "missing" in damaged(store, bytes(32)).message
    with pytest.raises(AppError), store.write() as txn:
        artefacts.reference(txn, bytes(32))


def test_a_file_half_staged_cannot_be_used_and_is_staged_again(store: Store) -> None:
    blob = blob_of(3 * CHUNK_BYTES)
    sha256 = artefacts.stage(store, blob, now_us=10)
    with store.write() as txn:
        record = artefacts.get(txn, sha256)
        assert record is not None
        record.complete = False
        txn.put(keys.artefact(sha256), record.SerializeToString())
        txn.delete(keys.chunk(sha256, 2))
    with pytest.raises(AppError), store.write() as txn:
        artefacts.reference(txn, sha256)
    assert artefacts.stage(store, blob, now_us=20) == sha256
    with store.write() as txn:
        artefacts.reference(txn, sha256)
        assert artefacts.read(txn, sha256) == blob


def test_what_nobody_uses_is_swept_once_it_is_old(store: Store) -> None:
    staged = artefacts.stage(store, b"staged", now_us=10)
    kept = used(store, b"used")
    assert artefacts.sweep_unreferenced(store, older_than_us=10) == 0
    assert artefacts.sweep_unreferenced(store, older_than_us=11) == 1
    with store.read() as txn:
        assert [sha256 for sha256, _ in artefacts.every(txn)] == [kept]
        assert list(artefacts.chunks(txn, staged)) == []


def test_a_file_goes_with_the_last_version_that_uses_it(store: Store) -> None:
    sha256 = used(store, b"shared")
    assert used(store, b"shared") == sha256
    for left in (1, 0):
        with store.write() as txn:
            artefacts.dereference(txn, sha256)
        assert artefacts.sweep_unreferenced(store, older_than_us=1_000) == (left == 0)
    assert "missing" in damaged(store, sha256).message
    assert findings(store) == []


def test_a_file_given_up_while_it_is_staged_again_is_still_there(store: Store) -> None:
    """Training a revision twice gives the same file: the old version goes in the transaction that adds the new."""
    sha256 = used(store, b"same")
    artefacts.stage(store, b"same", now_us=500)
    with store.write() as txn:
        artefacts.dereference(txn, sha256)
        artefacts.reference(txn, sha256)
    assert artefacts.sweep_unreferenced(store, older_than_us=1_000) == 0
    with store.read() as txn:
        assert artefacts.read(txn, sha256) == b"same"


def test_staging_again_keeps_a_file_from_the_sweep(store: Store) -> None:
    artefacts.stage(store, b"staged", now_us=10)
    artefacts.stage(store, b"staged", now_us=500)
    assert artefacts.sweep_unreferenced(store, older_than_us=400) == 0
