"""Answers as the bytes of a PredictResponse, without making the messages in between.

A Prediction message and its LabelScores cost as much as the engine: 1.2 µs a text, against 0.2 µs here. Labels repeat
from text to text, so everything but the probability is kept ready for each label of a version. What is rare (a text
that failed or was cut, a version with sentiments) goes through the messages; `tests/rpc/test_answer_bytes.py` holds
the two together.
"""

from dataclasses import dataclass
from functools import lru_cache

from pinfold.v1.prediction_pb2 import CompactPredictions, LabelScore, Prediction
from pinfold.v1.prediction_service_pb2 import PredictResponse
from pinfold_server.rpc.convert.convert_predictions import Options, answer_to_pb
from pinfold_server.services.predictions.acceleration import CompiledWire, Heads
from pinfold_server.services.predictions.predictions import Answer, Outcome

#: Versions whose labels are kept ready.
VERSIONS_KEPT = 64
ENDS_KEPT = 1_024

_FLOAT_BYTES = 4
_LENGTH_DELIMITED, _FIXED32 = 2, 5


def _key(number: int, wire_type: int) -> bytes:
    return bytes([number << 3 | wire_type])


_PREDICTION = _key(PredictResponse.PREDICTIONS_FIELD_NUMBER, _LENGTH_DELIMITED)
_SCORE = _key(Prediction.LABELS_FIELD_NUMBER, _LENGTH_DELIMITED)
_PROBABILITY = _key(LabelScore.PROBABILITY_FIELD_NUMBER, _FIXED32)
_COMPACT = _key(PredictResponse.COMPACT_FIELD_NUMBER, _LENGTH_DELIMITED)
_COUNTS = _key(CompactPredictions.COUNTS_FIELD_NUMBER, _LENGTH_DELIMITED)
_INDICES = _key(CompactPredictions.LABEL_INDICES_FIELD_NUMBER, _LENGTH_DELIMITED)
_PROBABILITIES = _key(CompactPredictions.PROBABILITIES_FIELD_NUMBER, _LENGTH_DELIMITED)
_NO_LABELS = _PREDICTION + b"\0"


@dataclass(frozen=True, slots=True, eq=False)
class _Heads:
    """What comes before the four bytes of a probability, for each label of a version.

    scores: of a label among others, inside a Prediction.
    alone: of a label that is the only one of its text, from the beginning of the Prediction.
    names: the whole name, inside CompactPredictions.
    joined: `scores`, for machine code.
    """

    labels: tuple[str, ...]
    scores: list[bytes]
    alone: list[bytes]
    names: list[bytes]
    joined: Heads


class AnswerWriter:
    """Keeps the heads of the labels that were answered last. Used by several threads."""

    def __init__(self) -> None:
        self._kept: dict[int, _Heads] = {}
        self._wire: CompiledWire | None = None

    def accelerate(self, wire: CompiledWire) -> None:
        """From now on machine code writes what it can."""
        self._wire = wire

    def write_outcome(self, outcome: Outcome, options: Options) -> bytes:
        """The answer in the form that was asked for. What nearly every answer is, machine code selects and writes."""
        # A search in bytes: a fifth of what `any` of a short array takes.
        cut = b"\1" in outcome.scores.truncated.tobytes()
        rare = options.compact or outcome.failures or cut or outcome.selection.sentiments
        if self._wire is None or rare:
            return self.write(outcome.answer(), options)
        heads, selection = self._heads(outcome.labels).joined, outcome.selection
        probabilities = outcome.scores.probabilities
        predictions = self._wire.write(probabilities, selection.cuts, selection.top_k, heads, _PREDICTION[0])
        return predictions + _end(outcome.version, options.tag)

    def write(self, answer: Answer, options: Options) -> bytes:
        """The answer in the form that was asked for."""
        if answer.failures or answer.picks.sentiments is not None or answer.truncated.any():
            return answer_to_pb(answer, options).SerializeToString()
        heads = self._heads(answer.labels)
        pieces = _compact(answer, heads) if options.compact else _predictions(answer, heads)
        pieces.append(_end(answer.version, options.tag))
        return b"".join(pieces)

    def _heads(self, labels: tuple[str, ...]) -> _Heads:
        # The tuple is kept with its heads, so that no other can come to have its id.
        heads = self._kept.get(id(labels))
        if heads is None:
            if len(self._kept) >= VERSIONS_KEPT:
                self._kept = {}
            heads = self._kept[id(labels)] = _make(labels)
        return heads


@lru_cache(ENDS_KEPT)
def _end(version: int, tag: str) -> bytes:
    """What follows the predictions."""
    return PredictResponse(version=version, tag=tag).SerializeToString()


def _make(labels: tuple[str, ...]) -> _Heads:
    scores = []
    for name in labels:
        body = LabelScore(name=name).SerializeToString() + _PROBABILITY
        scores.append(_SCORE + _varint(len(body) + _FLOAT_BYTES) + body)
    alone = [_PREDICTION + _varint(len(score) + _FLOAT_BYTES) + score for score in scores]
    names = [CompactPredictions(label_names=[name]).SerializeToString() for name in labels]
    return _Heads(labels, scores, alone, names, Heads.of(scores))


def _predictions(answer: Answer, heads: _Heads) -> list[bytes]:
    """The pieces of the `predictions` of all texts."""
    columns = answer.picks.columns.tolist()
    probabilities = answer.picks.probabilities.astype("<f4", copy=False).tobytes()
    pieces: list[bytes] = []
    place = 0
    for count in answer.picks.counts.tolist():
        if count == 1:
            at = place * _FLOAT_BYTES
            pieces += (heads.alone[columns[place]], probabilities[at : at + _FLOAT_BYTES])
        elif count == 0:
            pieces.append(_NO_LABELS)
        else:
            body = b"".join(
                [
                    heads.scores[columns[at]] + probabilities[at * _FLOAT_BYTES : (at + 1) * _FLOAT_BYTES]
                    for at in range(place, place + count)
                ]
            )
            pieces += (_PREDICTION, _varint(len(body)), body)
        place += count
    return pieces


def _compact(answer: Answer, heads: _Heads) -> list[bytes]:
    """The pieces of the `compact` of all texts."""
    picks = answer.picks
    columns, indices = picks.table()
    body = [heads.names[column] for column in columns]
    body += _packed(_COUNTS, _varints(picks.counts.tolist()))
    body += _packed(_INDICES, _varints(indices))
    body += _packed(_PROBABILITIES, picks.probabilities.astype("<f4", copy=False).tobytes())
    raw = b"".join(body)
    return [_COMPACT, _varint(len(raw)), raw]


def _packed(key: bytes, values: bytes) -> tuple[bytes, ...]:
    return (key, _varint(len(values)), values) if values else ()


def _varints(values: list[int]) -> bytes:
    # Numbers below 128 are their own bytes, and nearly all of them are.
    return bytes(values) if max(values, default=0) < 128 else b"".join(map(_varint, values))


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
