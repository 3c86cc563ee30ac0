"""A peer for the tests, of Pinfold's own protocol. PEER_FAULT tells what is wrong with it."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import grpc

from bench.peer_servers import scoring
from pinfold.v1.prediction_pb2 import LabelScore, Prediction
from pinfold.v1.prediction_service_pb2 import PredictRequest, PredictResponse
from pinfold.v1.prediction_service_pb2_grpc import (
    PredictionServiceServicer,
    add_PredictionServiceServicer_to_server,
)


class Servicer(PredictionServiceServicer):
    def __init__(self, fault: str) -> None:
        self.fault = fault
        self.score = scoring.load()

    def Predict(self, request: PredictRequest, context: grpc.ServicerContext) -> PredictResponse:  # noqa: N802
        if self.fault == "refuses":
            context.abort(grpc.StatusCode.UNAVAILABLE, "come back tomorrow")
        labels = self.score(request.texts).labels
        if self.fault == "nonsense":
            labels = ["nonsense"] * len(labels)
        return PredictResponse(predictions=[Prediction(labels=[LabelScore(name=name)]) for name in labels])


def main(fault: str) -> None:
    if fault == "ends":
        sys.exit("this model is not for me")
    if fault == "forks":
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    server = grpc.server(ThreadPoolExecutor(1))
    add_PredictionServiceServicer_to_server(Servicer(fault), server)
    server.add_insecure_port(f"{scoring.HOST}:{scoring.port()}")
    server.start()
    signal.sigwait({signal.SIGTERM})
    server.stop(None).wait()


if __name__ == "__main__":
    main(os.environ.get("PEER_FAULT", ""))
