"""How each server is asked for the top labels of texts: message, transport, and how the answer is read."""

import http.client
import json
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import grpc
from google.protobuf.message import DecodeError

from bench import load
from bench.comparison import oip
from bench.load import Load, Post, Shape, Work
from pinfold._predict import COMPACT_FROM
from pinfold.v1.prediction_pb2 import RESPONSE_FORM_COMPACT
from pinfold.v1.prediction_service_pb2 import PredictRequest, PredictResponse

_ASK_SECONDS = 30.0
_CALLS_A_CONNECTION = 8


class NotAnswered(Exception):
    """The server could not be reached, or answered with an error."""


class Transport(Protocol):
    """A way to post a message and get one back."""

    @property
    def words(self) -> str:
        """Its name in a report."""

    @property
    def needs_h2load(self) -> bool:
        """Whether nothing else here can load it."""

    def ask(self, address: str, message: bytes) -> bytes:
        """The answer to one message. Raises `NotAnswered`."""

    def load(self, address: str, work: Work, calls: int, seconds: int) -> Load:
        """Loads the server with `calls` calls under way at any time. Raises `load.WrongAnswers`."""


@dataclass(frozen=True, slots=True)
class Grpc:
    """A unary gRPC method; up to eight calls share a connection."""

    method: str
    words: str = "gRPC"
    needs_h2load: bool = False

    def ask(self, address: str, message: bytes) -> bytes:
        with grpc.insecure_channel(address) as channel:
            call: grpc.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(self.method)
            try:
                return call(message, timeout=_ASK_SECONDS)
            except grpc.RpcError as error:
                raise NotAnswered(f"{error.code().name}: {error.details()}") from None

    def load(self, address: str, work: Work, calls: int, seconds: int) -> Load:
        streams = min(calls, _CALLS_A_CONNECTION)
        return load.run(address, work, Shape(calls // streams, streams), seconds, self.method)


@dataclass(frozen=True, slots=True)
class Http:
    """JSON posted over HTTP/1.1, one connection for each call under way; its load needs h2load."""

    path: str
    words: str = "HTTP/1.1"
    needs_h2load: bool = True

    def ask(self, address: str, message: bytes) -> bytes:
        connection = http.client.HTTPConnection(address, timeout=_ASK_SECONDS)
        try:
            connection.request("POST", self.path, message, {"content-type": "application/json"})
            answer = connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise NotAnswered(repr(error)) from None
        finally:
            connection.close()
        if answer.status != 200:
            raise NotAnswered(f"status {answer.status}: {body[:200]!r}")
        return body

    def load(self, address: str, work: Work, calls: int, seconds: int) -> Load:
        headers = ("content-type: application/json",)
        post = Post(f"http://{address}{self.path}", headers, work.request, len(work.answer), http1=True)
        return load.h2load(post, Shape(calls), seconds)


@dataclass(frozen=True, slots=True)
class Wire:
    """`request` asks for the most probable label of each text, `labels` reads them; `loaded` is asked under load."""

    transport: Transport
    request: Callable[[Sequence[str]], bytes]
    labels: Callable[[bytes], list[str]]
    loaded: Callable[[Sequence[str]], bytes]

    def ask(self, address: str, texts: Sequence[str]) -> list[str]:
        """The most probable label of each text. Raises `NotAnswered`."""
        answer = self.transport.ask(address, self.request(texts))
        try:
            found = self.labels(answer)
        except (ValueError, LookupError, TypeError, struct.error, DecodeError) as error:
            raise NotAnswered(f"an answer that cannot be read: {error!r}") from None
        if len(found) != len(texts):
            raise NotAnswered(f"{len(found)} labels for {len(texts)} texts")
        return found


def open_inference() -> Wire:
    """The Open Inference Protocol over gRPC."""
    return Wire(Grpc(oip.METHOD), oip.request, oip.labels, oip.request)


def json_over_http(path: str) -> Wire:
    """`{"texts": […]}`, answered by `{"labels": […], "probabilities": […]}`."""

    def labels(answer: bytes) -> list[str]:
        found: list[str] = json.loads(answer)["labels"]
        return found

    def request(texts: Sequence[str]) -> bytes:
        return json.dumps({"texts": list(texts)}).encode()

    return Wire(Http(path), request, labels, request)


def pinfold(dataset: str) -> Wire:
    """Pinfold's Predict: checked by the most probable label, loaded as its own client asks unless told otherwise.

    That is: labels above the thresholds of the version, about one a text, and batches in the packed form, which is to
    Pinfold what tensors are to the others.
    """

    def request(texts: Sequence[str]) -> PredictRequest:
        asked = PredictRequest(dataset=f"datasets/{dataset}", texts=texts)
        if len(texts) >= COMPACT_FROM:
            asked.response_form = RESPONSE_FORM_COMPACT
        return asked

    def most_probable(texts: Sequence[str]) -> bytes:
        asked = request(texts)
        asked.all_scores, asked.top_k = True, 1
        return asked.SerializeToString()

    def labels(answer: bytes) -> list[str]:
        found = PredictResponse.FromString(answer)
        if found.HasField("compact"):
            return [found.compact.label_names[index] for index in found.compact.label_indices]
        return [prediction.labels[0].name for prediction in found.predictions]

    return Wire(Grpc(load.METHOD), most_probable, labels, lambda texts: request(texts).SerializeToString())
