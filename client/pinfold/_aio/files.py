"""What goes into and comes out of a dataset of an async client as files."""

from collections.abc import AsyncIterator, Iterable, Mapping
from os import PathLike
from pathlib import Path
from typing import Any, Unpack

from pinfold import _archives
from pinfold._aio.beside import AsyncBeside
from pinfold._aio.receiving import receive
from pinfold._aio.splits import AsyncDatasetSplits
from pinfold._calls import ARCHIVE_SECONDS
from pinfold._enums import DuplicateTexts, UploadMode
from pinfold._files import exporting, importing
from pinfold._files.importing import ColumnOptions, FileOptions, UploadReporter
from pinfold._progress import TransferReport, transfer_reporter, upload_reporter
from pinfold._types import Annotation, ArchiveReport, Document, FileReport, TransferProgress, UploadProgress
from pinfold.filters import Filter
from pinfold.v1.archive_pb2 import ArchiveFile

ROWS_BETWEEN_REPORTS = 1_000


class AsyncDatasetFiles(AsyncDatasetSplits):
    """Part of `AsyncDataset`: files in and out."""

    async def import_file(
        self,
        path: str | PathLike[str],
        *,
        source: str | None = None,
        create_labels: bool = True,
        annotator: str | None = None,
        mode: UploadMode | str = UploadMode.UPSERT,
        duplicates: DuplicateTexts | str = DuplicateTexts.STORE,
        resume: str | PathLike[str] | None = None,
        progress: UploadReporter = False,
        timeout: float | None = None,
        **options: Unpack[FileOptions],
    ) -> FileReport:
        """Stores the rows of a CSV, TSV, JSON Lines or Parquet file, of any size, with the labels that come with them.

        Columns are guessed by their names, or named: `text_column`, `label_columns`, `id_column`, `timestamp_column`,
        `split_column`. `metadata=True` stores the others as properties; `split` is the part of a training of all rows
        that name none. Encoding and delimiter are found, or told by `encoding` and `delimiter`. A line that cannot be
        read ends the import unless `skip_bad_lines=True`, which reports them.
        Parquet needs `pip install "pinfold[files]"`.

        Args:
            path: The file.
            source: Id of the source; needed only where the dataset reads several.
            create_labels: Create labels that do not exist instead of failing the row.
            annotator: Who labelled; default: the `actor` of the client.
            mode: As for `upload`.
            duplicates: As for `upload`.
            resume: A small file that remembers how far the import is: after a kill, the same call goes on there. It is
                deleted at the end. (Without it, a repeat stores nothing twice either; it only takes longer.)
            progress: True shows a line on standard error where that is a terminal; a callable gets `UploadProgress`.
            timeout: Seconds for each call of about 5,000 rows.
            options: See above; also `label_separator` and `path_separator`.

        Raises InputError for a file or line that cannot be read.

        Example:
            >>> await support.import_file("tickets.csv", label_columns=["topic"], skip_bad_lines=True)
            FileReport(upload=UploadReport(new=1200, …), columns='text: body · labels: topic', bad_lines=3, …)

        """
        reading = importing.of_file(path, self._name, resume, progress, options)
        upload = await self.upload(
            reading.rows,
            source=source,
            create_labels=create_labels,
            annotator=annotator,
            mode=mode,
            duplicates=duplicates,
            progress=reading.report,
            timeout=timeout,
        )
        return reading.finish(upload)

    async def import_records(
        self,
        records: Iterable[Mapping[str, Any]],
        *,
        source: str | None = None,
        create_labels: bool = True,
        annotator: str | None = None,
        mode: UploadMode | str = UploadMode.UPSERT,
        duplicates: DuplicateTexts | str = DuplicateTexts.STORE,
        progress: UploadReporter = False,
        timeout: float | None = None,
        **options: Unpack[ColumnOptions],
    ) -> FileReport:
        """Stores mappings of any columns, such as a split of Hugging Face `datasets`; see `import_file`.

        Numbers of a `ClassLabel` column become the names of their labels.

        Example:
            >>> await support.import_records(datasets.load_dataset("banking77", split="train"))
            FileReport(upload=UploadReport(new=10003, …), columns='text: text · labels: label', …)

        """
        reading = importing.of_records(records, progress, options)
        upload = await self.upload(
            reading.rows,
            source=source,
            create_labels=create_labels,
            annotator=annotator,
            mode=mode,
            duplicates=duplicates,
            progress=reading.report,
            timeout=timeout,
        )
        return reading.finish(upload)

    async def export_file(
        self,
        path: str | PathLike[str],
        *,
        format: str | None = None,
        filter: str | Filter | None = None,
        source: str | None = None,
        progress: UploadReporter = False,
        timeout: float | None = None,
    ) -> int:
        """Writes documents with what is said of them to a CSV, TSV, JSON Lines or Parquet file; how many.

        Columns are `id`, `source`, `text`, `labels` (of complete annotations), `assigned` (of others), `dismissed`,
        `split` (where people chose one), `timestamp` and `metadata`, with label sentiment also `label_sentiments`,
        parallel to `labels`; `import_file` reads them back. The file appears whole, or not at all. Unlike an archive it
        is no snapshot: what changes meanwhile may or may not be in it.

        Args:
            path: Where to write.
            format: `csv`, `tsv`, `jsonl` or `parquet`; default: by the ending.
            filter: Only the documents that match; see `documents`.
            source: Only those of this source.
            progress: True shows a line on standard error where that is a terminal; a callable gets `UploadProgress`.
            timeout: Seconds for each page.

        Raises ValueError for an unknown format and OSError for the disk.

        """
        kind = exporting.kind_of(path, format)
        report = upload_reporter(progress, "export")
        if self._info is None:
            await self.refresh(timeout=timeout)
        count = 0
        with exporting.writing(Path(path), kind, exporting.columns(sentiments=self.info.label_sentiment)) as write:
            async for document, annotation, split in self._annotated(source, filter, timeout):
                write(exporting.row_of(document, annotation, split))
                count += 1
                if count % ROWS_BETWEEN_REPORTS == 0:
                    report(UploadProgress(count, 0, None))
        report(UploadProgress(count, 0, count, finished=True))
        return count

    async def export_archive(
        self,
        path: str | PathLike[str],
        *,
        progress: TransferReport = False,
        timeout: float = ARCHIVE_SECONDS,
    ) -> ArchiveReport:
        """Writes the whole dataset, as it is now, to one file, which `Client.import_archive` reads.

        With its sources' documents, labels, annotations and their history, trainings, versions with their ONNX files,
        and tags. The file appears at `path` whole and checked, or not at all; one that is there is replaced.

        Args:
            path: Where to write.
            progress: True shows a line on standard error where that is a terminal; a callable gets `TransferProgress`.
            timeout: Seconds for the whole transfer.

        Raises DataLoss when the bytes that came do not have the announced SHA-256, and OSError for the disk.

        """
        report = transfer_reporter("export", progress)
        told = await receive(
            self._connection,
            _archives.export_dataset(self._id),
            Path(path),
            timeout,
            lambda done, told: report(TransferProgress(done, told.size, done == told.size)),
        )
        assert isinstance(told, ArchiveFile)
        return _archives.archive_report(Path(path), told)

    async def _annotated(
        self, source: str | None, filter: str | Filter | None, timeout: float | None
    ) -> AsyncIterator[tuple[Document, Annotation | None, str | None]]:
        """Documents with what is said of them and their splits: all three lists are in the order of ids within a
        source, so they are read side by side.
        """
        if source is None and self._info is None:
            await self.refresh(timeout=timeout)
        for source_id in self.info.sources if source is None else (source,):
            said = AsyncBeside(self.annotations(timeout=timeout), source_id)
            chosen = AsyncBeside(self.splits(timeout=timeout), source_id)
            async for document in self.documents(source_id, filter=filter, timeout=timeout):
                annotation, choice = await said.of(document.id), await chosen.of(document.id)
                yield document, annotation, None if choice is None else choice.split
