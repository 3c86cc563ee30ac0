"""LitServe: one API process, one worker, its fast queue, and requests that wait together are scored together."""

from itertools import chain
from typing import Any

import litserve

from bench.peer_servers import scoring


class Classifier(litserve.LitAPI):
    def setup(self, device: str) -> None:
        self.score = scoring.load()

    def decode_request(self, request: dict[str, list[str]]) -> list[str]:
        return request["texts"]

    def batch(self, inputs: list[list[str]]) -> list[list[str]]:
        return inputs

    def predict(self, inputs: list[list[str]]) -> list[dict[str, Any]]:
        found = self.score(list(chain.from_iterable(inputs)))
        probabilities, answers, begin = found.probabilities.tolist(), [], 0
        for texts in inputs:
            end = begin + len(texts)
            answers.append({"labels": found.labels[begin:end], "probabilities": probabilities[begin:end]})
            begin = end
        return answers

    def unbatch(self, output: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return output

    def encode_response(self, output: dict[str, Any]) -> dict[str, Any]:
        return output


if __name__ == "__main__":
    server = litserve.LitServer(
        Classifier(max_batch_size=64, batch_timeout=0.0), accelerator="cpu", workers_per_device=1, fast_queue=True
    )
    server.run(
        host=scoring.HOST, port=scoring.port(), num_api_servers=1, generate_client_file=False, log_level="warning"
    )
