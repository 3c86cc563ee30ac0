"""FastAPI under uvicorn with uvloop and httptools; the model is called in the event loop, without a thread."""

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

from bench.peer_servers import scoring


class Texts(BaseModel):
    texts: list[str]


class Answers(BaseModel):
    labels: list[str]
    probabilities: list[float]


def app() -> FastAPI:
    score = scoring.load()
    built = FastAPI()

    # A returned model is written by pydantic, which FastAPI's documentation names as the fastest way.
    @built.post("/predict")
    async def predict(asked: Texts) -> Answers:
        found = score(asked.texts)
        return Answers(labels=found.labels, probabilities=found.probabilities.tolist())

    return built


if __name__ == "__main__":
    uvicorn.run(app(), host=scoring.HOST, port=scoring.port(), access_log=False, log_level="warning")
