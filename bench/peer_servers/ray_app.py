"""Ray Serve over gRPC with Pinfold's own protocol: one proxy and one replica that scores what waits together."""

import signal
import tempfile
from typing import Any

import ray
from ray import serve
from ray.serve.config import ProxyLocation, gRPCOptions
from ray.serve.schema import LoggingConfig

from bench.peer_servers import scoring
from pinfold.v1.prediction_pb2 import CompactPredictions
from pinfold.v1.prediction_service_pb2 import PredictRequest, PredictResponse


class Classifier:
    def __init__(self) -> None:
        self.score = scoring.load()

    @serve.batch(max_batch_size=64, batch_wait_timeout_s=0.0)
    async def together(self, asked: list[list[str]]) -> list[scoring.Answers]:
        return scoring.together(self.score, asked)

    async def Predict(self, request: PredictRequest) -> PredictResponse:  # noqa: N802
        found = await self.together(list(request.texts))
        names = {name: index for index, name in enumerate(dict.fromkeys(found.labels))}
        compact = CompactPredictions(
            label_names=names,
            counts=[1] * len(found.labels),
            label_indices=[names[name] for name in found.labels],
            probabilities=found.probabilities,
        )
        return PredictResponse(compact=compact)


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
