"""The training mode SEARCH: documents that match a filter, newest first, found through the indexes.

It needs no scores and no trainer, and sees every document that the dataset reads, also those that came a moment ago.
"""

import struct

from pinfold_server.domain.documents.filter_syntax import parse
from pinfold_server.domain.names import document_name
from pinfold_server.services.annotations.annotations import describe
from pinfold_server.services.common.pages import token_after
from pinfold_server.services.documents import document_scope
from pinfold_server.services.documents.candidates import Moment
from pinfold_server.services.documents.document_scope import DocumentScope
from pinfold_server.services.documents.finding import EFFORT, Finder, Found
from pinfold_server.services.sampling.sample_queries import BYTES_MAX, PAGE_DEFAULT, PAGE_MAX, SampleQuery
from pinfold_server.services.sampling.samples import Sampled, SamplePage
from pinfold_server.services.sampling.stored_scores import StoredScores
from pinfold_server.store.env import Txn
from pinfold_server.store.tables import labels

_TIME_AND_SOURCE = struct.Struct(">qI")


def search_page(txn: Txn, query: SampleQuery, stored: StoredScores) -> SamplePage:
    """The next matches. A page can be short, or empty, and have a next one.

    Raises what `document_scope.resolve`, `StoredScores.of` and `Finder` raise, and INVALID_PAGE_TOKEN.
    """
    wanted = parse(query.filter_text)
    scope = document_scope.resolve(txn, query.dataset_id, None)
    assert scope.owner is not None, "a dataset was named"
    token_scope = query.scope(scope.owner.uid)
    limit = query.page.limit(PAGE_DEFAULT, PAGE_MAX)
    before = _moment(query.page.position(token_scope))
    scores = stored.of(txn, scope, wanted)
    matches: list[Found] = []
    last, room, token = before, BYTES_MAX, ""
    spent = EFFORT.meter()
    for moment, found in Finder(txn, scope, wanted, scores).newest(before):
        fits = found is not None and (query.include_reviewed or not _is_reviewed(found))
        if found is not None and fits:
            room -= found.record.ByteSize()
        if spent() or (fits and matches and (len(matches) == limit or room < 0)):
            token = "" if last is None else token_after(token_scope, _raw(last))
            break
        if found is not None and fits:
            matches.append(found)
        last = moment
    pool = sum(source.document_count for source in scope.sources)
    return SamplePage(_sampled(txn, scope, matches), token, 0, 0, pool, scores=scores)


def _sampled(txn: Txn, scope: DocumentScope, matches: list[Found]) -> list[Sampled]:
    assert scope.owner is not None, "a dataset was named"
    names = labels.names(txn, scope.owner.uid) if any(found.annotation for found in matches) else {}
    samples: list[Sampled] = []
    for found in matches:
        said, name = found.annotation, document_name(found.source_id, found.document_id)
        info = None if said is None else describe(scope.owner, name, said, names)
        samples.append(Sampled(found.source_id, found.document_id, found.record, info, 0.0, "", None))
    return samples


def _is_reviewed(found: Found) -> bool:
    return found.annotation is not None and found.annotation.reviewed


def _raw(moment: Moment) -> bytes:
    """A moment as page tokens hold it."""
    return _TIME_AND_SOURCE.pack(moment.time_us, moment.source_uid) + moment.document_id.encode()


def _moment(raw: bytes) -> Moment | None:
    if not raw:
        return None
    time_us, source_uid = _TIME_AND_SOURCE.unpack_from(raw)
    return Moment(time_us, source_uid, raw[_TIME_AND_SOURCE.size :].decode())
