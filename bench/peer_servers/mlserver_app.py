"""MLServer over gRPC with adaptive batching; no processes behind it, which would cost a hop and have no core."""

import uvloop
from mlserver import MLModel, MLServer, ModelSettings, Settings
from mlserver.codecs import NumpyCodec, StringCodec
from mlserver.types import InferenceRequest, InferenceResponse

from bench.peer_servers import scoring


class Classifier(MLModel):
    async def load(self) -> bool:
        self.score = scoring.load()
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        found = self.score(StringCodec.decode_input(payload.inputs[0]))
        outputs = [
            StringCodec.encode_output("label", found.labels),
            NumpyCodec.encode_output("probability", found.probabilities.reshape(-1, 1)),
        ]
        return InferenceResponse(model_name=self.name, outputs=outputs)


async def main() -> None:
    settings = Settings(
        host=scoring.HOST,
        http_port=scoring.free_port(),
        grpc_port=scoring.port(),
        metrics_endpoint=None,
        parallel_workers=0,
        debug=False,
    )
    model = ModelSettings(name=scoring.MODEL_NAME, implementation=Classifier, max_batch_size=64, max_batch_time=0.001)
    await MLServer(settings).start([model])


if __name__ == "__main__":
    uvloop.run(main())
