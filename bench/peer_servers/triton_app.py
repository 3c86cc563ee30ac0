"""Triton through PyTriton: its front in C++ with the dynamic batcher, the model in a Python function beside it."""

from typing import Any

import numpy as np
from pytriton.decorators import batch
from pytriton.model_config import DynamicBatcher, ModelConfig, Tensor
from pytriton.triton import Triton, TritonConfig, TritonSecurityConfig

from bench.peer_servers import scoring


def main() -> None:
    score = scoring.load()

    @batch
    def classify(text: Any) -> dict[str, Any]:
        found = score([each.decode() for each in text.ravel()])
        labels = np.char.encode(np.array(found.labels), "utf-8")
        return {"label": labels.reshape(-1, 1), "probability": found.probabilities.reshape(-1, 1)}

    config = TritonConfig(
        grpc_address=scoring.HOST,
        grpc_port=scoring.port(),
        http_address=scoring.HOST,
        http_port=scoring.free_port(),
        metrics_port=scoring.free_port(),
        metrics_address=scoring.HOST,
    )
    # Else metadata with a token is asked for.
    security = TritonSecurityConfig(restricted_endpoints=[])
    with Triton(config=config, security_config=security) as triton:
        triton.bind(
            model_name=scoring.MODEL_NAME,
            infer_func=classify,
            inputs=[Tensor(name="text", dtype=bytes, shape=(1,))],
            outputs=[
                Tensor(name="label", dtype=bytes, shape=(1,)),
                Tensor(name="probability", dtype=np.float32, shape=(1,)),
            ],
            # Takes what waits when the model is free, without a delay: what Triton's documentation begins with.
            config=ModelConfig(max_batch_size=64, batcher=DynamicBatcher()),
        )
        triton.serve()


if __name__ == "__main__":
    main()
