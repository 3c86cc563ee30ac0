"""Predict requests, and the messages of a PredictStream, read from their bytes: options that were read before are not
read again, and plain texts never become strings.

What machine code does not take apart (a text that is not ASCII, is blank or very long; a broken message) is parsed by
protobuf, which also says what is wrong with it. `tests/rpc/test_request_bytes.py` holds the two together.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pinfold.v1.prediction_service_pb2 import PredictRequest, PredictStreamRequest
from pinfold_server.rpc.convert.convert_predictions import options_from_pb
from pinfold_server.rpc.handlers import parser
from pinfold_server.rpc.predictions.answer_bytes import AnswerForm
from pinfold_server.services.predictions.acceleration import CompiledWire, Split

#: Options that are kept, and how long their message may be; callers use few.
OPTIONS_KEPT = 1_024
OPTIONS_BYTES_MAX = 1_024

_TEXTS, _BATCH_TEXTS = PredictRequest.TEXTS_FIELD_NUMBER, PredictStreamRequest.TEXTS_FIELD_NUMBER
_parse, _parse_batch = parser(PredictRequest), parser(PredictStreamRequest)


@dataclass(slots=True)  # not frozen: one is made for every request, and that would take four times as long
class Asking:
    """A PredictRequest, read and checked but for its texts: what was asked for is in the form of the answer."""

    form: AnswerForm
    texts: Sequence[str]


@dataclass(slots=True)  # not frozen: one is made for every request, and that would take four times as long
class Batch:
    """A PredictStreamRequest, read; its options, if it has any, are as they came."""

    options: PredictRequest | None
    texts: Sequence[str]


class RequestReader:
    """One form of the answer for equal options, so that what belongs to them is looked up by it and made once."""

    def __init__(self) -> None:
        self._kept: dict[bytes, AnswerForm] = {}
        self._wire: CompiledWire | None = None

    def accelerate(self, wire: CompiledWire) -> None:
        """From now on machine code reads what it can."""
        self._wire = wire

    def read(self, message: bytes) -> Asking:
        """Raises AppError MALFORMED_REQUEST, and for options that are wrong whatever the version."""
        split = self._split(message, _TEXTS)
        if split is not None:
            return Asking(self._form(split.rest), split.texts)
        request = _parse(message)
        texts = list(request.texts)
        request.ClearField("texts")
        return Asking(self.form(request), texts)

    def read_batch(self, message: bytes) -> Batch:
        """Raises AppError MALFORMED_REQUEST."""
        split = self._split(message, _BATCH_TEXTS)
        request = _parse_batch(message if split is None else split.rest)
        texts = list(request.texts) if split is None else split.texts
        return Batch(request.options if request.HasField("options") else None, texts)

    def form(self, options: PredictRequest) -> AnswerForm:
        """That of the answer to a request, which comes without its texts. Raises AppError for options that are wrong
        whatever the version.
        """
        return self._form(options.SerializeToString())

    def _split(self, message: bytes, field: int) -> Split | None:
        return None if self._wire is None else self._wire.split(message, field)

    def _form(self, message: bytes) -> AnswerForm:
        form = self._kept.get(message)
        if form is None:
            form = AnswerForm(options_from_pb(_parse(message)))
            if len(message) <= OPTIONS_BYTES_MAX:
                if len(self._kept) >= OPTIONS_KEPT:
                    self._kept.clear()
                self._kept[message] = form
        return form
