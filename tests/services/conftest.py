from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stores import Bench, open_bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """A store whose invariants are checked after each test."""
    with open_bench(tmp_path / "store") as opened:
        yield opened
        assert opened.findings() == []
