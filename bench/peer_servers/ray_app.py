"""Ray Serve over gRPC with Pinfold's own protocol: one proxy and one replica that scores what waits together."""

import signal
import tempfile
from itertools import chain
from typing import Any

import ray
from ray import serve
from ray.serve.config import ProxyLocation, gRPCOptions
from ray.serve.schema import LoggingConfig

from bench.peer_servers import scoring
from pinfold.v1.prediction_pb2 import LabelScore, Prediction
from pinfold.v1.prediction_service_pb2 import PredictRequest, PredictResponse


class Classifier:
    def __init__(self) -> None:
        self.score = scoring.load()

    @serve.batch(max_batch_size=64, batch_wait_timeout_s=0.0)
    async def together(self, asked: list[list[str]]) -> list[list[Prediction]]:
        found = self.score(list(chain.from_iterable(asked)))
        scores = zip(found.labels, found.probabilities.tolist(), strict=True)
        predictions = (Prediction(labels=[LabelScore(name=name, probability=number)]) for name, number in scores)
        return [[next(predictions) for _ in texts] for texts in asked]

    async def Predict(self, request: PredictRequest) -> PredictResponse:  # noqa: N802
        return PredictResponse(predictions=await self.together(list(request.texts)))


def main() -> None:
    classifier: Any = serve.deployment(max_ongoing_requests=256, ray_actor_options={"num_cpus": 0.1})(Classifier)
    ray.init(
        address="local",
        num_cpus=1,
        include_dashboard=False,
        log_to_driver=False,
        _node_ip_address=scoring.HOST,
        _temp_dir=tempfile.gettempdir(),
    )
    servicer = "pinfold.v1.prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server"
    serve.start(
        proxy_location=ProxyLocation.HeadOnly,
        http_options={"host": scoring.HOST, "port": scoring.free_port()},
        grpc_options=gRPCOptions(port=scoring.port(), grpc_servicer_functions=[servicer]),
        logging_config=LoggingConfig(log_level="WARNING", enable_access_log=False),
    )
    serve.run(classifier.bind())
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    serve.shutdown()
    ray.shutdown()


if __name__ == "__main__":
    main()
