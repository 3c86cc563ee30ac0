"""Answers of Predict, in either form, to predictions (pure)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pinfold import _model_convert
from pinfold._convert import item_failure
from pinfold._model_types import LabelScore, Prediction
from pinfold._types import ItemFailure
from pinfold.v1 import prediction_pb2
from pinfold.v1 import prediction_service_pb2 as pb

_ITEM_PATH = re.compile(r"^(texts|documents)\[\d+\]")


@dataclass(frozen=True, slots=True)
class Answer:
    """The predictions of one request and the version that gave them."""

    predictions: list[Prediction]
    version: int
    tag: str | None


def answer(response: pb.PredictResponse, tag: str | None, offset: int) -> Answer:
    """`tag` is the one that was asked for where the request named a number in its place; `offset` the number of texts
    before those of the request.
    """
    asked = tag or response.tag or None
    if response.HasField("compact"):
        predictions = list(_unpacked(response.compact, response.version, asked))
    else:
        predictions = [_model_convert.prediction(one, response.version, asked) for one in response.predictions]
    if offset:
        predictions = [one if one.error is None else _renumbered(one, one.error, offset) for one in predictions]
    return Answer(predictions, response.version, asked)


def _unpacked(compact: prediction_pb2.CompactPredictions, version: int, tag: str | None) -> Iterator[Prediction]:
    names = compact.label_names
    scores = [
        LabelScore(names[index], probability)
        for index, probability in zip(compact.label_indices, compact.probabilities, strict=True)
    ]
    told = [
        (names[index], sentiment) for index, sentiment in zip(compact.label_indices, compact.sentiments, strict=False)
    ]
    truncated = frozenset(compact.truncated)
    errors = {failure.index: item_failure(failure) for failure in compact.failures}
    begin = 0
    for place, count in enumerate(compact.counts):
        own, sentiments = tuple(scores[begin : begin + count]), dict(told[begin : begin + count])
        begin += count
        yield Prediction(own, version, tag, place in truncated, errors.get(place), sentiments)


def _renumbered(prediction: Prediction, error: ItemFailure, offset: int) -> Prediction:
    """With the place of the text among all that were passed."""
    place = error.index + offset
    field, message = (_ITEM_PATH.sub(rf"\1[{place}]", words) for words in (error.field, error.message))
    return replace(prediction, error=replace(error, index=place, field=field, message=message))
