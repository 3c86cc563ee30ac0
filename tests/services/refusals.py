"""What a caller is told."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from pinfold_server.errors import AppError, Code


@contextmanager
def refused(code: Code, reason: str, field: str = "") -> Iterator[None]:
    """The block raises AppError with this code, reason and, when one is given, field path."""
    with pytest.raises(AppError) as raised:
        yield
    error = raised.value
    assert (error.code, error.reason) == (code, reason), error.message
    if field:
        assert [violation.field for violation in error.violations] == [field]
