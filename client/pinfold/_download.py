"""Receives a file, such as that of a version: checked against its SHA-256, and in place as a whole or not at all."""

import hashlib
import os
import secrets
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import grpc

from pinfold._errors import DataLoss
from pinfold.v1.archive_pb2 import ArchiveFile, ExportDatasetResponse
from pinfold.v1.model_service_pb2 import DownloadModelResponse
from pinfold.v1.version_pb2 import ModelFile

Announced = ModelFile | ArchiveFile
P = TypeVar("P", DownloadModelResponse, ExportDatasetResponse)


class FileWriter:
    """Writes beside `path` and moves the file there on `commit`; whatever happens before leaves nothing behind."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
        self._output = self._temporary.open("xb")
        self._digest = hashlib.sha256()
        self._size = 0
        self._told: Announced | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._output.close()
        self._temporary.unlink(missing_ok=True)

    def start(self) -> None:
        """Forgets what came before: the stream was opened anew."""
        self._output.seek(0)
        self._output.truncate()
        self._digest = hashlib.sha256()
        self._size = 0
        self._told = None

    @property
    def told(self) -> Announced | None:
        """What the server said of the file; None before its first message."""
        return self._told

    @property
    def received(self) -> int:
        """Bytes that came."""
        return self._size

    def take(self, message: DownloadModelResponse | ExportDatasetResponse) -> None:
        """One message of the stream, in its order."""
        if message.HasField("file"):
            self._told = message.file
            return
        self._digest.update(message.data)
        self._size += len(message.data)
        self._output.write(message.data)

    def commit(self) -> Announced:
        """What the server said of the file, which is in its place now.

        Raises DataLoss when what came is not what the server announced.
        """
        told = self._told
        if told is None:
            raise DataLoss("the server sent no description of the file", grpc.StatusCode.DATA_LOSS)
        if (self._digest.hexdigest(), self._size) != (told.sha256, told.size):
            raise DataLoss(
                f"expected {told.size} bytes with SHA-256 {told.sha256}, "
                f"received {self._size} bytes with {self._digest.hexdigest()}",
                grpc.StatusCode.DATA_LOSS,
            )
        self._output.flush()
        os.fsync(self._output.fileno())
        self._temporary.replace(self._path)
        return told
