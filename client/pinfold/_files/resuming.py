"""How far an import of a file is, kept beside it, so that a killed import goes on where it was."""

import json
import os
from pathlib import Path

from pinfold._files.bad_lines import InputError


class Resume:
    """`start`: rows that an earlier import of this very file into this very dataset has stored.

    Raises InputError when the progress file belongs to another import, or the file cannot be looked at.
    """

    def __init__(self, path: Path, file: Path, target: str) -> None:
        self._path = path
        try:
            state = file.stat()
        except OSError as error:
            raise InputError(f"{file}: {error.strerror}") from error
        self._subject = {
            "file": str(file.resolve()),
            "bytes": state.st_size,
            "changed_ns": state.st_mtime_ns,
            "target": target,
        }
        self.start = self._read()

    def save(self, rows: int) -> None:
        """The first `rows` rows are on the server's disk. A kill leaves the old state or the new one."""
        partial = self._path.with_name(f".{self._path.name}.part")
        with partial.open("w", encoding="utf-8") as output:
            json.dump({**self._subject, "rows": rows}, output)
            output.flush()
            os.fsync(output.fileno())
        partial.replace(self._path)

    def done(self) -> None:
        """Everything was stored: the next import begins anew."""
        self._path.unlink(missing_ok=True)

    def _read(self) -> int:
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            rows = kept.pop("rows")
        except FileNotFoundError:
            return 0
        except (OSError, ValueError, AttributeError, KeyError, TypeError) as error:
            raise InputError(f"{self._path} is not the progress of an import: delete it to begin anew") from error
        if kept != self._subject or not isinstance(rows, int) or rows < 0:
            raise InputError(
                f"{self._path} is the progress of another import, or the file has changed: delete it to begin anew"
            )
        return rows
