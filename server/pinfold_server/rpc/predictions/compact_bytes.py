"""The compact form of answers as bytes: half of the time that the message takes."""

from pinfold.v1.prediction_pb2 import CompactPredictions
from pinfold.v1.prediction_service_pb2 import PredictResponse
from pinfold_server.rpc.predictions.fields import LENGTH_DELIMITED, key, varint
from pinfold_server.services.predictions.predictions import Answer

_COMPACT = key(PredictResponse.COMPACT_FIELD_NUMBER, LENGTH_DELIMITED)
_COUNTS = key(CompactPredictions.COUNTS_FIELD_NUMBER, LENGTH_DELIMITED)
_INDICES = key(CompactPredictions.LABEL_INDICES_FIELD_NUMBER, LENGTH_DELIMITED)
_PROBABILITIES = key(CompactPredictions.PROBABILITIES_FIELD_NUMBER, LENGTH_DELIMITED)


def compact_bytes(answer: Answer) -> bytes:
    """The `compact` of a PredictResponse, for texts none of which failed or was cut, without sentiments."""
    picks = answer.picks
    columns, indices = picks.table()
    body = [CompactPredictions(label_names=[answer.labels[column] for column in columns]).SerializeToString()]
    body += _packed(_COUNTS, _varints(picks.counts.tolist()))
    body += _packed(_INDICES, _varints(indices))
    body += _packed(_PROBABILITIES, picks.probabilities.astype("<f4", copy=False).tobytes())
    raw = b"".join(body)
    return b"".join((_COMPACT, varint(len(raw)), raw))


def _packed(field: bytes, values: bytes) -> tuple[bytes, ...]:
    return (field, varint(len(values)), values) if values else ()


def _varints(values: list[int]) -> bytes:
    # Numbers below 128 are their own bytes, and nearly all of them are.
    return bytes(values) if max(values, default=0) < 128 else b"".join(map(varint, values))
