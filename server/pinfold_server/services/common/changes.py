"""Every change of the store that a caller asks for goes through here: group commit, and exactly once by request id."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from google.protobuf.message import Message

from pinfold_server.errors import invalid
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import RequestRecord
from pinfold_server.store.tables import requests
from pinfold_server.store.writer import GroupWriter

M = TypeVar("M", bound=Message)

Clock = Callable[[], int]  # microseconds since 1970, UTC


@dataclass(frozen=True, slots=True)
class RequestKey:
    """Makes the retry of a request recognisable.

    `payload_sha256` is the digest of the request without its request id.
    """

    method: str
    request_id: str
    payload_sha256: bytes


class Changes:
    """Runs changes; the answer of one that carries a request id is stored in the same transaction as its effect."""

    def __init__(self, writer: GroupWriter, clock: Clock) -> None:
        self._writer = writer
        self._clock = clock

    def now_us(self) -> int:
        """The time that changes are made at, microseconds since 1970, UTC."""
        return self._clock()

    async def run(self, answer_type: type[M], change: Callable[[Txn, int], M], once: RequestKey | None = None) -> M:
        """What `change(txn, now_us)` returns, committed. It may be called again after a failed commit: no side effects.

        With `once`, a repeat gets the stored answer; raises AppError REQUEST_ID_REUSED for another payload under the
        same request id. A change that raises stores nothing, so its repeat is a new attempt.
        """

        def once_only(txn: Txn) -> M:
            now_us = self._clock()
            if once is None:
                return change(txn, now_us)
            known = requests.get(txn, once.method, once.request_id)
            if known is not None:
                return _replay(known, once, answer_type)
            answer = change(txn, now_us)
            record = RequestRecord(
                payload_sha256=once.payload_sha256, answer=answer.SerializeToString(), created_us=now_us
            )
            requests.put(txn, once.method, once.request_id, record)
            return answer

        return await self._writer.run(once_only)


def _replay(known: RequestRecord, once: RequestKey, answer_type: type[M]) -> M:
    if known.payload_sha256 != once.payload_sha256:
        raise invalid(
            "request_id",
            "was used for another request within 24 hours; choose a new one for each new request",
            "REQUEST_ID_REUSED",
        )
    return answer_type.FromString(known.answer)
