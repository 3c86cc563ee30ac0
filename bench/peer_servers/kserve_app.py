"""KServe's own Python server over gRPC, without the line that it logs for every call."""

import sys

import numpy as np
from kserve import InferOutput, InferRequest, InferResponse, Model, ModelServer
from kserve.logging import logger

from bench.peer_servers import scoring


class Classifier(Model):
    def __init__(self) -> None:
        super().__init__(scoring.MODEL_NAME)
        self.score = scoring.load()
        self.ready = True

    # Awaited in the event loop: KServe would run a plain method there as well.
    async def predict(self, payload: InferRequest, headers: object = None, response_headers: object = None) -> object:
        asked = payload.inputs[0].as_numpy().ravel()
        found = self.score([text.decode() for text in asked])
        label = InferOutput("label", [len(asked)], "BYTES")
        label.set_data_from_numpy(np.array([name.encode() for name in found.labels], object))
        probability = InferOutput("probability", [len(asked)], "FP32")
        probability.set_data_from_numpy(found.probabilities)
        return InferResponse(payload.id, self.name, [label, probability], use_binary_outputs=True)


if __name__ == "__main__":
    sys.argv += ["--enable_latency_logging", "false"]
    logger.setLevel("WARNING")
    server = ModelServer(http_port=scoring.free_port(), grpc_port=scoring.port(), enable_latency_logging=False)
    logger.setLevel("WARNING")  # the server has set it anew
    server.start([Classifier()])
