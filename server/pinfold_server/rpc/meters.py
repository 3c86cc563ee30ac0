"""What is counted of calls, under the names that dashboards of the gRPC ecosystem expect."""

from collections import defaultdict
from collections.abc import Iterable

from google.protobuf.descriptor import MethodDescriptor

from pinfold_server.metrics import SECONDS, Family, Histogram, Labels, Sample


class MethodMeter:
    """The figures of one method. Methods come from descriptors and codes from gRPC: the series are bounded."""

    __slots__ = ("handled", "labels", "seconds", "started")

    def __init__(self, labels: Labels) -> None:
        self.labels = labels
        self.started = 0
        self.handled: defaultdict[str, int] = defaultdict(int)
        self.seconds = Histogram()

    def ended(self, code: str, seconds: float) -> None:
        """`code` is the name of the gRPC status that the caller got."""
        self.handled[code] += 1
        self.seconds.observe(seconds)


class CallMeters:
    """The meters of all methods of a server."""

    def __init__(self) -> None:
        self._meters: list[MethodMeter] = []

    def of(self, method: MethodDescriptor) -> MethodMeter:
        meter = MethodMeter(
            (
                ("grpc_type", _kind(method)),
                ("grpc_service", method.containing_service.full_name),
                ("grpc_method", method.name),
            )
        )
        self._meters.append(meter)
        return meter

    def families(self) -> Iterable[Family]:
        """Methods that were never called have no handling time, and no series for codes that never were."""
        started = tuple(Sample(meter.labels, meter.started) for meter in self._meters)
        handled = tuple(
            Sample((*meter.labels, ("grpc_code", code)), count)
            for meter in self._meters
            for code, count in sorted(meter.handled.copy().items())
        )
        seconds = tuple(meter.seconds.sample(meter.labels) for meter in self._meters if meter.started)
        yield Family("grpc_server_started_total", "counter", "Calls that began.", started)
        yield Family("grpc_server_handled_total", "counter", "Calls that ended, by status code.", handled)
        yield Family(
            "grpc_server_handling_seconds", "histogram", "Time from a call's request to its end.", seconds, SECONDS
        )


def _kind(method: MethodDescriptor) -> str:
    if method.client_streaming:
        return "bidi_stream" if method.server_streaming else "client_stream"
    return "server_stream" if method.server_streaming else "unary"
