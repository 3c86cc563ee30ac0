"""What is counted of predictions. Changed by the event loop only: threads hand their times back to it."""

from collections.abc import Iterable

from pinfold_server.metrics import Family, Histogram, counter, histogram

#: Texts of one run of a model: powers of two up to the most that one request may hold by default.
RUN_TEXTS = tuple(float(1 << power) for power in range(13))


class PredictionMeter:
    """Sizes and times of the runs of models, and what was turned away."""

    def __init__(self) -> None:
        self._texts = Histogram(RUN_TEXTS)
        self._waited = Histogram()
        self._ran = Histogram()
        self._refused = 0

    def ran(self, texts: int, waited: float, seconds: float) -> None:
        """A model scored `texts` texts together in `seconds`, after they had waited for `waited` seconds."""
        self._texts.observe(texts)
        self._waited.observe(waited)
        self._ran.observe(seconds)

    def refused(self) -> None:
        """A request came while the queue was full."""
        self._refused += 1

    def families(self) -> Iterable[Family]:
        yield histogram("pinfold_predict_run_texts", "Texts that a model scored together.", self._texts)
        yield histogram("pinfold_predict_queue_seconds", "Time that texts waited for their model to run.", self._waited)
        yield histogram("pinfold_predict_run_seconds", "Time that a model took to score texts.", self._ran)
        yield counter("pinfold_predict_refused_total", "Requests refused because the queue was full.", self._refused)
