"""Answers as the bytes of a PredictResponse or PredictStreamResponse, without making the messages in between.

A Prediction message and its LabelScores cost as much as the engine: 1.2 µs a text. Labels repeat from text to text, so
everything but the probability is kept ready for each label of a version, and the machine code that scores texts writes
their messages as well, in both forms. What is rare (a text that failed or was cut, a version with sentiments, ONNX
Runtime in the place of machine code) goes through the messages; `tests/rpc/test_answer_bytes.py` holds the two
together.
"""

from collections.abc import Sequence
from functools import lru_cache

from pinfold.v1.prediction_pb2 import CompactPredictions, LabelScore, Prediction
from pinfold.v1.prediction_service_pb2 import PredictResponse, PredictStreamResponse
from pinfold_server.domain.predictions.predictions import Selection
from pinfold_server.rpc.convert.convert_predictions import Options, answer_to_pb
from pinfold_server.rpc.predictions.fields import FIXED32, LENGTH_DELIMITED, VARINT, key, varint
from pinfold_server.services.predictions.acceleration import Columns, Heads, Messages, Writing
from pinfold_server.services.predictions.merging import Shortcut
from pinfold_server.services.predictions.predictions import Outcome

#: Versions whose labels are kept ready.
VERSIONS_KEPT = 64

_FLOAT_BYTES = 4
_SCORE = key(Prediction.LABELS_FIELD_NUMBER, LENGTH_DELIMITED)
_PROBABILITY = key(LabelScore.PROBABILITY_FIELD_NUMBER, FIXED32)
_BATCH = key(PredictStreamResponse.BATCH_FIELD_NUMBER, VARINT)
_ANSWER = key(PredictStreamResponse.ANSWER_FIELD_NUMBER, LENGTH_DELIMITED)
_FULL = Messages(key(PredictResponse.PREDICTIONS_FIELD_NUMBER, LENGTH_DELIMITED)[0])
_COMPACT = Columns(
    *(
        key(number, LENGTH_DELIMITED)[0]
        for number in (
            PredictResponse.COMPACT_FIELD_NUMBER,
            CompactPredictions.COUNTS_FIELD_NUMBER,
            CompactPredictions.LABEL_INDICES_FIELD_NUMBER,
            CompactPredictions.PROBABILITIES_FIELD_NUMBER,
        )
    )
)


class AnswerForm:
    """The bytes of the answer to requests with such options. Keeps what belongs to the version that was asked last;
    belongs to the event loop, but for `of`.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self._selection: Selection | None = None
        self._shortcut: Shortcut[bytes] | None = None

    def of(self, outcome: Outcome) -> bytes:
        return answer_to_pb(outcome.answer(), self.options).SerializeToString()

    def shortcut(self, version: int, labels: Sequence[str], selection: Selection) -> Shortcut[bytes] | None:
        # A selection belongs to one version, and is the same object for the same options.
        if selection is not self._selection:
            self._selection, self._shortcut = selection, self._make(version, labels, selection)
        return self._shortcut

    def _make(self, version: int, labels: Sequence[str], selection: Selection) -> Shortcut[bytes] | None:
        if selection.sentiments:
            return None
        names = tuple(labels)
        heads, form = (_names(names), _COMPACT) if self.options.compact else (_scores(names), _FULL)
        end = PredictResponse(version=version, tag=self.options.tag).SerializeToString()
        return Shortcut(Writing(selection.cuts, heads, selection.top_k, form), lambda written: written + end)


def batch_bytes(number: int, answer: bytes) -> bytes:
    """The bytes of a PredictStreamResponse with the answer to batch number `number`."""
    batch = _BATCH + varint(number) if number else b""
    return b"".join((batch, _ANSWER, varint(len(answer)), answer))


@lru_cache(VERSIONS_KEPT)
def _scores(labels: tuple[str, ...]) -> Heads:
    """What comes before the four bytes of a probability, for each label of a version, inside a Prediction."""
    scores = []
    for name in labels:
        body = LabelScore(name=name).SerializeToString() + _PROBABILITY
        scores.append(_SCORE + varint(len(body) + _FLOAT_BYTES) + body)
    return Heads.of(scores)


@lru_cache(VERSIONS_KEPT)
def _names(labels: tuple[str, ...]) -> Heads:
    """What says inside a CompactPredictions that a label occurs, for each label of a version."""
    return Heads.of([CompactPredictions(label_names=[name]).SerializeToString() for name in labels])
