"""LitServe: one API process, one worker, its fast queue, and requests that wait together are scored together."""

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

    def predict(self, inputs: list[list[str]]) -> list[scoring.Answers]:
        return scoring.together(self.score, inputs)

    def unbatch(self, output: list[scoring.Answers]) -> list[scoring.Answers]:
        return output

    def encode_response(self, output: scoring.Answers) -> dict[str, Any]:
        return {"labels": output.labels, "probabilities": output.probabilities.tolist()}


if __name__ == "__main__":
    server = litserve.LitServer(
        Classifier(max_batch_size=64, batch_timeout=0.0), accelerator="cpu", workers_per_device=1, fast_queue=True
    )
    server.run(
        host=scoring.HOST, port=scoring.port(), num_api_servers=1, generate_client_file=False, log_level="warning"
    )
