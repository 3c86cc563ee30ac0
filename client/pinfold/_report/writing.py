"""The file of a report. What draws it is an extra, so it is imported when it is needed."""

from collections.abc import Callable
from os import PathLike
from pathlib import Path

from pinfold._files.bad_lines import InputError
from pinfold._report.findings import Findings

_EXTRA = frozenset({"jinja2", "matplotlib"})


def renderer() -> Callable[[Findings], str]:
    """Draws findings as one self-contained HTML page. Raises InputError that says how to install the extra."""
    try:
        from pinfold._report.page import render
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in _EXTRA:
            raise
        raise InputError('A report needs matplotlib and Jinja: pip install "pinfold[report]"') from error
    return render


def write(page: str, path: str | PathLike[str]) -> Path:
    """Raises OSError for the disk."""
    file = Path(path)
    file.write_text(page, encoding="utf-8")
    return file
