import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import lmdb
import pytest

from pinfold_server.errors import AppError, Code, StoreFormatError
from pinfold_server.store import keys
from pinfold_server.store.env import FORMAT, Store, next_number
from tests.stores import MAP_BYTES, open_store

FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from pinfold_server.errors import AppError
from pinfold_server.store.env import Store

store = Store.open(Path(sys.argv[1]), map_bytes=1 << 28)
with store.write() as txn:
    txn.put(b"\\x10kept", b"1")
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
_, most = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, most))
try:
    with store.write() as txn:
        for number in range(64):
            txn.put(b"\\x10lost%d" % number, b"x" * (1 << 18))
except AppError as error:
    print(error.reason)
with store.read() as txn:
    print(txn.get(b"\\x10kept"), txn.get(b"\\x10lost0"))
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
with store.write() as txn:
    txn.put(b"\\x10after", b"2")
with store.read() as txn:
    print(txn.get(b"\\x10after"), txn.get(b"\\x10lost0"))
"""


def test_a_store_keeps_what_was_written(tmp_path: Path) -> None:
    with open_store(tmp_path / "store") as store, store.write() as txn:
        txn.put(b"\x10a", b"1")
    with open_store(tmp_path / "store") as store, store.read() as txn:
        assert txn.get(b"\x10a") == b"1"


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with open_store(tmp_path / "store") as store:
        with suppress(KeyError), store.write() as txn:
            txn.put(b"\x10a", b"1")
            raise KeyError
        with store.read() as txn:
            assert txn.get(b"\x10a") is None


def test_a_part_that_fails_is_undone_alone(tmp_path: Path) -> None:
    with open_store(tmp_path / "store") as store:
        with store.write() as txn:
            with store.nested(txn) as part:
                part.put(b"\x10a", b"1")
            with suppress(KeyError), store.nested(txn) as part:
                part.put(b"\x10a", b"2")
                part.put(b"\x10b", b"2")
                raise KeyError
            with store.nested(txn) as part:
                part.put(b"\x10c", b"3")
        with store.read() as txn:
            assert [txn.get(key) for key in (b"\x10a", b"\x10b", b"\x10c")] == [b"1", None, b"3"]


def test_a_full_map_says_so_and_loses_nothing(tmp_path: Path) -> None:
    with open_store(tmp_path / "store", map_bytes=1 << 20) as store:
        with store.write() as txn:
            txn.put(b"\x10a", b"1")
        with pytest.raises(AppError) as raised, store.write() as txn:
            txn.put(b"\x10b", b"x" * (1 << 21))
        assert (raised.value.code, raised.value.reason) == (Code.EXHAUSTED, "STORAGE_FULL")
        with store.write() as txn:
            txn.put(b"\x10c", b"3")
        with store.read() as txn:
            assert [txn.get(key) for key in (b"\x10a", b"\x10b", b"\x10c")] == [b"1", None, b"3"]


def test_a_full_disk_says_so_and_loses_nothing(tmp_path: Path) -> None:
    child = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path / "store")], capture_output=True, text=True, check=False
    )
    assert child.stdout.splitlines() == ["STORAGE_FULL", "b'1' None", "b'2' None"], child.stderr


def test_a_store_of_a_newer_format_is_refused_with_both_numbers(tmp_path: Path) -> None:
    with open_store(tmp_path / "store") as store, store.write() as txn:
        txn.put(keys.meta("format"), keys.encode_number(FORMAT + 1))
    with pytest.raises(StoreFormatError, match=f"{FORMAT + 1}.*{FORMAT}"):
        Store.open(tmp_path / "store", map_bytes=MAP_BYTES)


def test_an_environment_of_somebody_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    with lmdb.open(str(tmp_path / "other")) as other, other.begin(write=True) as txn:
        txn.put(b"theirs", b"1")
    with pytest.raises(StoreFormatError, match="not Pinfold's"):
        Store.open(tmp_path / "other", map_bytes=MAP_BYTES)
    with lmdb.open(str(tmp_path / "other")) as other, other.begin() as txn:
        assert txn.stat()["entries"] == 1


def test_reading_only_needs_a_store_that_is_there(tmp_path: Path) -> None:
    with pytest.raises(lmdb.Error):
        Store.open(tmp_path / "store", map_bytes=MAP_BYTES, read_only=True)
    with open_store(tmp_path / "store"):
        pass
    Store.open(tmp_path / "store", map_bytes=MAP_BYTES, read_only=True).close()


def test_the_data_folder_is_for_its_owner_only(tmp_path: Path) -> None:
    with open_store(tmp_path / "store"):
        assert (tmp_path / "store").stat().st_mode & 0o777 == 0o700
        assert (tmp_path / "store" / "data.mdb").stat().st_mode & 0o777 == 0o600


def test_numbers_are_given_out_once_and_in_order(tmp_path: Path) -> None:
    given = []
    for _ in range(3):
        with open_store(tmp_path / "store") as store:
            with store.write() as txn:
                given.append(next_number(txn, "source"))
            with suppress(KeyError), store.write() as txn:
                next_number(txn, "source")
                raise KeyError
            with store.write() as txn:
                assert next_number(txn, "other") == len(given)
    assert given == [1, 2, 3]


def test_a_reader_sees_one_moment(tmp_path: Path) -> None:
    with open_store(tmp_path / "store") as store:
        before = store.last_change
        with store.read() as reader:
            with store.write() as txn:
                txn.put(b"\x10a", b"1")
            assert reader.get(b"\x10a") is None
        assert store.last_change == before + 1


def test_a_forked_process_cannot_write(tmp_path: Path) -> None:
    script = (
        "import os, sys\nfrom pathlib import Path\nfrom pinfold_server.store.env import Store\n"
        "store = Store.open(Path(sys.argv[1]), map_bytes=1 << 28)\npid = os.fork()\n"
        "if pid == 0:\n    try:\n        with store.write() as txn:\n            txn.put(b'\\x10a', b'1')\n"
        "    except BaseException as error:\n        print(type(error).__name__, flush=True)\n    os._exit(0)\n"
        "os.waitpid(pid, 0)\n"
    )
    child = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script, str(tmp_path / "store")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert child.stdout.strip() == "AssertionError"
