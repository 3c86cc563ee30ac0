"""Sources: made, found, listed, deleted."""

from pinfold_server.domain.names import TITLE_CHARS_MAX, check_id, check_text_field, dataset_name, source_name
from pinfold_server.errors import exists, precondition
from pinfold_server.services.common import lookup
from pinfold_server.services.common.changes import Changes, RequestKey
from pinfold_server.services.common.etags import check_etag
from pinfold_server.services.common.pages import Page, PageRequest, take
from pinfold_server.store import garbage, keys
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.storage_pb2 import CountAnswer, SourceRecord
from pinfold_server.store.tables import datasets, sources


class SourceService:
    """Every method raises AppError NOT_FOUND for a source that is not there."""

    def __init__(self, store: Store, changes: Changes) -> None:
        self._store = store
        self._changes = changes

    async def create(self, source_id: str, title: str, once: RequestKey | None = None) -> SourceRecord:
        """Raises AppError SOURCE_EXISTS."""
        check_id(source_id, "source_id")
        check_text_field(title, "source.title", TITLE_CHARS_MAX)

        def work(txn: Txn, now_us: int) -> SourceRecord:
            if sources.get(txn, source_id) is not None:
                raise exists("source", source_name(source_id))
            return sources.create(txn, source_id, title, now_us)

        return await self._changes.run(SourceRecord, work, once)

    def get(self, source_id: str) -> SourceRecord:
        with self._store.read() as txn:
            return lookup.source(txn, source_id)

    def list_sources(self, page: PageRequest) -> Page[SourceRecord]:
        """Sources by id."""
        with self._store.read() as txn:
            start = page.position(sources.SCOPE)
            return take(sources.by_id(txn, keys.after(start)), page.limit(), sources.SCOPE)

    async def delete(self, source_id: str, etag: str = "", once: RequestKey | None = None) -> CountAnswer:
        """Deletes the source with its documents; answers how many there were.

        Raises AppError SOURCE_IN_USE while a dataset reads it, ETAG_MISMATCH.
        """

        def work(txn: Txn, _now_us: int) -> CountAnswer:
            record = lookup.source(txn, source_id)
            check_etag(etag, record, source_name(source_id))
            readers = [dataset_name(owner.id) for owner in datasets.reading(txn, source_id)]
            if readers:
                shown = ", ".join(readers[:10]) + (", …" if len(readers) > 10 else "")
                raise precondition(
                    "SOURCE_IN_USE",
                    f"{source_name(source_id)} is read by {shown}: take it out of them, or delete them, first",
                    name=source_name(source_id),
                    datasets=shown,
                )
            sources.delete(txn, source_id)
            garbage.discard_source(txn, record)
            return CountAnswer(count=record.document_count)

        return await self._changes.run(CountAnswer, work, once)
