from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pinfold_server.store.env import Store
from pinfold_server.store.table import delete_prefix, scan, scan_back
from tests.stores import open_store

KEYS = st.binary(min_size=1, max_size=4).filter(lambda key: key[0] != 255)
RELAXED = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None, max_examples=60
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    with open_store(tmp_path_factory.mktemp("tables") / "store") as opened:
        yield opened


class Undone(Exception):
    """Leaves the store as it was before an example."""


@RELAXED
@given(entries=st.sets(KEYS, max_size=20), prefix=KEYS, start=st.binary(max_size=4))
def test_scans_agree_with_a_sorted_list(store: Store, entries: set[bytes], prefix: bytes, start: bytes) -> None:
    with suppress(Undone), store.write() as txn:
        for key in entries:
            txn.put(key, key[::-1])
        expected = sorted(key for key in entries if key.startswith(prefix))
        if prefix == b"\x01":
            expected = sorted({*expected, b"\x01format"})
        wanted = [key for key in expected if key >= start]
        assert [key for key, _ in scan(txn, prefix, start)] == wanted
        before = [key for key in expected if key < start] if start else expected
        assert [key for key, _ in scan_back(txn, prefix, start)] == before[::-1]
        raise Undone


@RELAXED
@given(entries=st.sets(KEYS, max_size=20), prefix=KEYS, limit=st.integers(0, 25))
def test_a_bounded_deletion_takes_the_first_keys_of_its_prefix(
    store: Store, entries: set[bytes], prefix: bytes, limit: int
) -> None:
    with suppress(Undone), store.write() as txn:
        for key in entries:
            txn.put(key, b"")
        mine = [key for key, _ in scan(txn, prefix)]
        others = [key for key, _ in scan(txn, b"") if not key.startswith(prefix)]
        assert delete_prefix(txn, prefix, limit) == min(limit, len(mine))
        assert [key for key, _ in scan(txn, prefix)] == mine[limit:]
        assert [key for key, _ in scan(txn, b"") if not key.startswith(prefix)] == others
        raise Undone


def test_a_value_that_was_read_outlives_its_transaction(tmp_path: Path) -> None:
    with open_store(tmp_path / "store") as store:
        with store.write() as txn:
            txn.put(b"\x10a", b"value")
        with store.read() as txn:
            entries = list(scan(txn, b"\x10"))
        assert entries == [(b"\x10a", b"value")]
