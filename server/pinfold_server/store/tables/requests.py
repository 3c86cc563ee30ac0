"""Answers given to request ids, kept for a day so that a retry never does the work twice."""

from pinfold_server.store import keys
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import RequestRecord
from pinfold_server.store.table import Table, scan

KEPT_US = 24 * 3600 * 1_000_000

_requests = Table(RequestRecord)


def get(txn: Txn, method: str, request_id: str) -> RequestRecord | None:
    return _requests.get(txn, keys.request(method, request_id))


def put(txn: Txn, method: str, request_id: str, record: RequestRecord) -> None:
    key = keys.request(method, request_id)
    _requests.put(txn, key, record)
    txn.put(keys.request_age(record.created_us, key), b"")


def expire(txn: Txn, now_us: int, limit: int) -> int:
    """Forgets up to `limit` answers older than a day; returns how many."""
    expired: list[tuple[bytes, bytes]] = []
    for age_key, _ in scan(txn, keys.REQUEST_AGE):
        created_us, key = keys.aged_request(age_key)
        if created_us > now_us - KEPT_US or len(expired) == limit:
            break
        expired.append((age_key, key))
    for age_key, key in expired:
        txn.delete(age_key)
        txn.delete(key)
    return len(expired)
