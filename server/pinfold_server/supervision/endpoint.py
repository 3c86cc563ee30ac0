"""The page that Prometheus reads: figures of all processes, on a port of its own, answered by the supervisor.

The supervisor asks each process when it is itself asked; between two visits nothing is gathered anywhere.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import AF_INET, AF_INET6

from pinfold_server import metrics
from pinfold_server.metrics import Family, Sample
from pinfold_server.settings import Settings
from pinfold_server.supervision import exposition
from pinfold_server.supervision.claims import StartError
from pinfold_server.supervision.place import Place

ASK_SECONDS = 1.0  # a process that needs longer has no figures this time, and is down as far as the page knows
REQUEST_SECONDS = 5.0


@contextmanager
def metrics_endpoint(settings: Settings, places: Sequence[Place]) -> Iterator[int]:
    """Answers in threads of its own until the block ends; the port. Raises StartError when it cannot listen."""
    host, port = settings.metrics_host, settings.metrics_port
    try:
        server = _Server(host, port, Gatherer(places))
    except OSError as error:
        raise StartError(
            f"cannot listen on {host}:{port} for metrics: {error.strerror}; choose another --metrics-port"
        ) from error
    with server:
        threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
        try:
            yield server.server_port
        finally:
            server.shutdown()


class Gatherer:
    """Asks every process for its figures, for one visitor at a time."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._places = places
        self._one_at_a_time = threading.Lock()

    def page(self) -> str:
        with self._one_at_a_time:
            reports = {_process(place): _report(place) for place in self._places}
        up = tuple(Sample((("process", process),), float(bool(report))) for process, report in reports.items())
        starts = tuple(Sample((("process", _process(place)),), place.starts) for place in self._places)
        own = [
            Family("pinfold_process_up", "gauge", "1 when the process answers.", up, shared=True),
            Family("pinfold_process_starts_total", "counter", "Times that it was started.", starts, shared=True),
        ]
        return exposition.page({"supervisor": own, **reports})


def _process(place: Place) -> str:
    return place.name.replace(" ", "-")


def _report(place: Place) -> list[Family]:
    child = place.child
    answer = child.ask(ASK_SECONDS) if child is not None and child.ready else None
    if answer is None:
        return []
    try:
        return metrics.decode(answer)
    except (ValueError, KeyError, TypeError):
        return []


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, host: str, port: int, gatherer: Gatherer) -> None:
        self.address_family = AF_INET6 if ":" in host else AF_INET
        self.gatherer = gatherer
        super().__init__((host, port), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = REQUEST_SECONDS

    def do_GET(self) -> None:
        if self.path.partition("?")[0] != "/metrics":
            self.send_error(HTTPStatus.NOT_FOUND, "only /metrics is here")
            return
        body = self.server.gatherer.page().encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", exposition.CONTENT_TYPE)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: visits come every few seconds."""
