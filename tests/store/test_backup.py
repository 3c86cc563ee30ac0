import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pinfold_server.store import keys
from pinfold_server.store.backup import backup
from pinfold_server.store.tables import sources
from tests.store.models import add_tag, add_version
from tests.stores import Bench, findings, item, open_bench, open_store

FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from pinfold_server.errors import AppError
from pinfold_server.store.backup import backup
from pinfold_server.store.env import Store

store = Store.open(Path(sys.argv[1]), map_bytes=1 << 28)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, resource.RLIM_INFINITY))
try:
    backup(store, Path(sys.argv[2]))
except (OSError, AppError) as error:
    print(type(error).__name__)
"""


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_bench(tmp_path / "store") as opened:
        yield opened


async def test_a_backup_opens_as_a_sound_store_with_the_same_content(bench: Bench, tmp_path: Path) -> None:
    await bench.dataset()
    await bench.upload(*(item(f"d{n}", labels=("A > B",)) for n in range(100)))
    add_tag(bench.store, "support", "live", add_version(bench.store, "support", b"model" * 400_000, pinned=True))
    size = backup(bench.store, tmp_path / "copies" / "one")
    assert size == sum(file.stat().st_size for file in (tmp_path / "copies" / "one").iterdir())
    with open_store(tmp_path / "copies" / "one") as copy, copy.read() as txn, bench.store.read() as original:
        assert list(txn.cursor()) == list(original.cursor())
    with open_store(tmp_path / "copies" / "one") as copy:
        assert findings(copy) == []


async def test_a_backup_made_while_others_write_is_one_moment(bench: Bench, tmp_path: Path) -> None:
    await bench.dataset()
    stop = asyncio.Event()

    async def keep_writing() -> int:
        count = 0
        while not stop.is_set():
            await bench.upload(*(item(f"d{count}-{n}", labels=(f"L{n}",)) for n in range(20)))
            count += 1
        return count

    writing = asyncio.create_task(keep_writing())
    for number in range(5):
        await asyncio.to_thread(backup, bench.store, tmp_path / f"copy{number}")
    stop.set()
    assert await writing > 0
    for number in range(5):
        with open_store(tmp_path / f"copy{number}") as copy:
            assert findings(copy) == []
            with copy.read() as txn:
                source = sources.get(txn, "support")
        assert source is not None
        assert source.document_count % 20 == 0


def test_a_backup_overwrites_nothing(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "file").write_text("mine")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    for name in ("taken", "file", "dangling"):
        with pytest.raises(FileExistsError):
            backup(bench.store, tmp_path / name)
    assert (tmp_path / "file").read_text() == "mine"
    assert list((tmp_path / "taken").iterdir()) == []


def test_a_backup_that_fails_leaves_nothing_behind(bench: Bench, tmp_path: Path) -> None:
    # A name that leaves no room for the mark of an unfinished copy.
    with pytest.raises(OSError, match="too long"):
        backup(bench.store, tmp_path / "copies" / ("x" * 250))
    assert list((tmp_path / "copies").iterdir()) == []


def test_a_backup_that_does_not_fit_on_the_disk_leaves_nothing_behind(bench: Bench, tmp_path: Path) -> None:
    with bench.store.write() as txn:
        txn.put(keys.counter("large"), b"x" * (1 << 22))
    child = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path / "store"), str(tmp_path / "copies" / "one")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert child.stdout.strip() in ("OSError", "AppError"), child.stderr
    assert list((tmp_path / "copies").iterdir()) == []


def test_a_backup_is_for_its_owner_only(bench: Bench, tmp_path: Path) -> None:
    backup(bench.store, tmp_path / "copy")
    assert (tmp_path / "copy").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "copy" / "data.mdb").stat().st_mode & 0o777 == 0o600
