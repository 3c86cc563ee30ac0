"""Parquet files, through pyarrow (the extra `files`)."""

import json
from collections.abc import Iterator
from typing import Any

from pinfold._files.bad_lines import InputError
from pinfold._files.class_labels import name_class_labels, names_by_column
from pinfold._files.record import Record

ENDINGS = (".parquet", ".pq")
ROWS_A_BATCH = 2_000


def pyarrow() -> Any:
    """The module `pyarrow.parquet` and what belongs to it. Raises InputError that says how to install it."""
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise InputError('Parquet needs pyarrow: pip install "pinfold[files]"') from error
    return pyarrow


def read(path: str) -> Iterator[Record]:
    """The rows of a file, batch by batch. Labels that Hugging Face stores as numbers become names."""
    arrow = pyarrow()
    try:
        file = arrow.parquet.ParquetFile(path)
    except (OSError, arrow.ArrowException) as error:
        raise InputError(f"{path}: {error}") from error
    with file:
        classes = _class_labels(file.schema_arrow.metadata or {})
        number = 0
        for batch in file.iter_batches(ROWS_A_BATCH):
            for values in batch.to_pylist():
                number += 1
                yield Record(f"{path}, row {number}", name_class_labels(values, classes))


def _class_labels(metadata: dict[bytes, bytes]) -> dict[str, list[str]]:
    """What Hugging Face writes beside the schema."""
    try:
        features = json.loads(metadata.get(b"huggingface", b"{}"))["info"]["features"]
    except (ValueError, KeyError, TypeError):
        return {}
    return names_by_column(features)
