"""Walks every invariant of a store; for operators, and for the tests that kill processes."""

from collections.abc import Iterator

from pinfold_server.store.checks.check_annotations import check_annotations
from pinfold_server.store.checks.check_artefacts import check_artefacts
from pinfold_server.store.checks.check_catalogue import check_catalogue
from pinfold_server.store.checks.check_entries import check_belonging, check_entries
from pinfold_server.store.checks.check_models import check_models
from pinfold_server.store.checks.check_scores import check_held_out, check_scores
from pinfold_server.store.checks.check_search import check_search
from pinfold_server.store.checks.check_streams import check_streams
from pinfold_server.store.checks.findings import Finding
from pinfold_server.store.env import Txn


def check(txn: Txn) -> Iterator[Finding]:
    """What is wrong; nothing for a sound store. Reads everything, files included: seconds for each gigabyte.

    Takes one snapshot, so it can run while others write; meanwhile the store keeps the pages that they overwrite.
    """
    unreadable = False
    for finding in check_entries(txn):
        unreadable = True
        yield finding
    if unreadable:
        yield Finding("store", "the records were not compared with one another, because some cannot be read")
        return
    yield from check_belonging(txn)
    yield from check_catalogue(txn)
    yield from check_search(txn)
    yield from check_streams(txn)
    yield from check_annotations(txn)
    yield from check_models(txn)
    yield from check_scores(txn)
    yield from check_held_out(txn)
    yield from check_artefacts(txn)
