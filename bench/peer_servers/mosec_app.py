"""mosec: its front in Rust, one Python worker with dynamic batching; orjson in place of its default, the plain json."""

import sys
from typing import Any

import orjson
from mosec import Server, Worker

from bench.peer_servers import scoring


class Classifier(Worker):
    def __init__(self) -> None:
        super().__init__()
        self.score = scoring.load()

    def deserialize(self, data: bytes) -> Any:
        return orjson.loads(data)

    def serialize(self, data: Any) -> bytes:
        body: bytes = orjson.dumps(data)
        return body

    def forward(self, data: list[dict[str, Any]]) -> list[dict[str, Any]]:
        answers = scoring.together(self.score, [each["texts"] for each in data])
        return [{"labels": each.labels, "probabilities": each.probabilities.tolist()} for each in answers]


if __name__ == "__main__":
    sys.argv += ["--address", scoring.HOST, "--port", str(scoring.port()), "--log-level", "warning"]
    server = Server()
    server.append_worker(Classifier, num=1, max_batch_size=64, max_wait_time=1)
    server.run()
