"""What a dataset of a sync client holds: documents, labels, annotations."""

from collections.abc import Callable, Iterable, Iterator
from typing import Self

from pinfold import _annotations, _names
from pinfold import _dataset_calls as calls
from pinfold._arguments import default_source
from pinfold._enums import (
    DUPLICATE_TEXTS,
    UPLOAD_MODES,
    AnnotatedDocuments,
    DuplicateTexts,
    LabelMode,
    UploadMode,
)
from pinfold._sync.connection import Connection
from pinfold._sync.source import Source
from pinfold._sync.taxonomy import DatasetTaxonomy
from pinfold._sync.uploading import Progress, Rows, upload_rows
from pinfold._types import (
    AnnotateReport,
    Annotation,
    AnnotationEvent,
    DatasetInfo,
    DeletedDocuments,
    Document,
    PredictionCoverage,
    UploadReport,
)
from pinfold._upload import Target
from pinfold.filters import Filter


class DatasetContent(DatasetTaxonomy):
    """Half of `Dataset`: everything that trainings learn from."""

    def __init__(self, connection: Connection, dataset_id: str, info: DatasetInfo | None = None) -> None:
        self._connection = connection
        self._id = dataset_id
        self._name = _names.dataset(dataset_id)
        self._info = info

    def __repr__(self) -> str:
        return f"<pinfold.Dataset {self._id!r}>"

    @property
    def id(self) -> str:
        """The id, such as `support`."""
        return self._id

    @property
    def name(self) -> str:
        """The resource name, such as `datasets/support`."""
        return self._name

    @property
    def info(self) -> DatasetInfo:
        """Title, sources, counts and times as last seen; read from the server when nothing was seen yet."""
        if self._info is None:
            self._info = self._connection.run(calls.get_dataset(self._id))
        return self._info

    def refresh(self, *, timeout: float | None = None) -> Self:
        """Reads `info` anew."""
        self._info = self._connection.run(calls.get_dataset(self._id), timeout)
        return self

    def update(
        self,
        *,
        title: str | None = None,
        description: str | None = None,
        sources: Iterable[str] | None = None,
        label_mode: LabelMode | str | None = None,
        etag: str | None = None,
        timeout: float | None = None,
    ) -> Self:
        """Changes what is not None. Raises Conflict when `etag` is given and no longer the dataset's.

        Raises FailedPrecondition when `label_mode` is single label and a document has two leaf labels.
        """
        wanted = calls.DatasetFields(title, description, sources, label_mode)
        call = calls.update_dataset(self._id, wanted, etag)
        self._info = self._connection.run(call, timeout)
        return self

    def delete(self, *, force: bool = False, etag: str | None = None, timeout: float | None = None) -> None:
        """Deletes labels, annotations, runs and versions; the sources stay.

        Raises FailedPrecondition while a tag is set, unless forced.
        """
        self._connection.run(calls.delete_dataset(self._id, etag, force), timeout)

    def upload(
        self,
        rows: Rows,
        *,
        source: str | None = None,
        create_labels: bool = True,
        annotator: str | None = None,
        mode: UploadMode | str = UploadMode.UPSERT,
        duplicates: DuplicateTexts | str = DuplicateTexts.STORE,
        progress: Progress = False,
        timeout: float | None = None,
    ) -> UploadReport:
        """Stores documents, new or changed, with the labels that come with them.

        Args:
            rows: Any iterable, a generator too, of mappings with `text` and optionally `id` (default: made from the
                text, so that a repeat stores nothing twice), `labels` (a str, a list, or with label sentiment a mapping
                such as `{"Delivery": "-"}`; the annotation becomes reviewed), `split` (a `Split`, or "default" to take
                an earlier choice back; without it a choice stays), `timestamp` (an aware datetime or ISO 8601 text, UTC
                where it names no offset) and `metadata` (str and number properties; None leaves one out).
            source: Id of the source; needed only where the dataset reads several.
            create_labels: Create labels that do not exist instead of failing the row.
            annotator: Who labelled; default: the `actor` of the client.
            mode: `add` never changes what is stored: another document under a stored id becomes a failure, and
                the very same one counts as unchanged.
            duplicates: What is done with a text that the source has under another id, stored or earlier in this
                upload: `store` it too, `keep_first`, `keep_last` or `merge` labels; see `DuplicateTexts`.
            progress: True shows a line on standard error where that is a terminal; a callable gets `UploadProgress`.
            timeout: Seconds for each call of about 5,000 rows.

        A row with wrong data becomes a failure of the report and harms no other; a row that is no mapping or has an
        unknown key raises TypeError or ValueError.

        Example:
            >>> report = support.upload([{"text": "Where is my refund?", "labels": "Billing"}])
            >>> report.new, report.failed
            (1, 0)

        """
        target = Target(
            source=self._source(source, timeout).name,
            dataset=self._name,
            create_labels=create_labels,
            annotator=self._connection.settings.actor if annotator is None else annotator,
            mode=UPLOAD_MODES.encode(mode, "mode"),
            duplicates=DUPLICATE_TEXTS.encode(duplicates, "duplicates"),
        )
        return upload_rows(self._connection, target, rows, progress, timeout)

    def documents(
        self,
        source: str | None = None,
        *,
        filter: str | Filter | None = None,
        coverage: Callable[[PredictionCoverage], object] | None = None,
        timeout: float | None = None,
    ) -> Iterator[Document]:
        """The documents of one source, or of all sources, by source and id; read page by page.

        `filter` leaves only those that match: text of the grammar in docs/filters.md, or built with
        `pinfold.filters.F`. Raises InvalidArgument for one that is out of rule. `coverage` gets, with each page of a
        filter on predictions, what that could see.

        Example:
            >>> from pinfold.filters import F
            >>> for document in support.documents(filter=F.text("late refund") & ~F.reviewed):
            ...     ...

        """
        return self._connection.list(calls.list_documents(self._id, source, filter, coverage), timeout)

    def document(self, document_id: str, source: str | None = None, *, timeout: float | None = None) -> Document:
        """One document. Raises NotFound."""
        return self._source(source, timeout).document(document_id, timeout=timeout)

    def delete_documents(self, ids: Iterable[str], source: str | None = None, *, timeout: float | None = None) -> int:
        """Deletes documents with their annotations in every dataset; how many of them existed."""
        return self._source(source, timeout).delete_documents(ids, timeout=timeout)

    def delete_matching(
        self,
        filter: str | Filter,
        source: str | None = None,
        *,
        annotated: AnnotatedDocuments | str = AnnotatedDocuments.REFUSE,
        progress: Callable[[DeletedDocuments], object] | None = None,
        timeout: float | None = None,
    ) -> DeletedDocuments:
        """Deletes the documents that match a filter, in pieces of up to 1,000; versions are not affected.

        Args:
            filter: As for `documents`; not empty.
            source: Only documents of this source; default: of all sources of the dataset.
            annotated: What is done with documents that are annotated, in any dataset: `refuse` stops with
                FailedPrecondition at the first piece that has one, `keep` leaves them, `delete` deletes them too.
            progress: Gets the totals after each piece.
            timeout: Seconds for each piece.

        A deletion that breaks off can be started again: what is deleted does not match any more.

        """
        total, token = DeletedDocuments(0, 0), ""
        while True:
            call = calls.delete_matching(self._id, source, filter, annotated, token)
            piece, token = self._connection.run(call, timeout)
            total = DeletedDocuments(total.deleted + piece.deleted, total.kept + piece.kept, piece.coverage)
            if progress is not None:
                progress(total)
            if not token:
                return total

    def annotate(
        self,
        changes: Iterable[_annotations.Change],
        *,
        annotator: str | None = None,
        timeout: float | None = None,
    ) -> AnnotateReport:
        """Changes annotations; a change that fails is told in the report and harms no other.

        Example:
            >>> support.annotate([{"id": "t-17", "assigned": ["Billing"], "reviewed": True}])
            AnnotateReport(changed=1, unchanged=0, failed=0, revision=42)

        """
        read = _annotations.read_changes(changes)
        needs_source = any(change.source is None for change in read)
        source = self._source(None, timeout).id if needs_source else ""
        who = self._connection.settings.actor if annotator is None else annotator
        batches = _annotations.annotate_calls(self._id, source, read, who)
        return _annotations.total(self._connection.run(call, timeout) for call in batches)

    def annotations(self, *, timeout: float | None = None) -> Iterator[Annotation]:
        """Every annotation by source and document id, read page by page."""
        return self._connection.list(calls.list_annotations(self._id), timeout)

    def annotation(self, document_id: str, source: str | None = None, *, timeout: float | None = None) -> Annotation:
        """What people say of one document. Raises NotFound when nobody said anything."""
        source_id = self._source(source, timeout).id
        return self._connection.run(calls.get_annotation(self._id, source_id, document_id), timeout)

    def annotation_history(
        self, document_id: str, source: str | None = None, *, timeout: float | None = None
    ) -> Iterator[AnnotationEvent]:
        """Every change of what people said of one document, newest first; the document may have been deleted since.

        Example:
            >>> [(event.annotator, event.newly_assigned) for event in support.annotation_history("t-17")]
            [('ann', ('Billing',))]

        """
        source_id = self._source(source, timeout).id
        yield from self._connection.list(calls.list_annotation_history(self._id, source_id, document_id), timeout)

    def _source(self, source: str | None, timeout: float | None) -> Source:
        if source is None:
            if self._info is None:
                self.refresh(timeout=timeout)
            source = default_source(self.info)
        return Source(self._connection, source)

    def _actor(self, actor: str | None) -> str:
        return self._connection.settings.actor if actor is None else actor
