"""What callers hold of stored documents as a model sees them, and of a dataset's progress: frozen values."""

from dataclasses import dataclass

from pinfold._model_types import Prediction


@dataclass(frozen=True, slots=True)
class DocumentPrediction:
    """What a version says of a stored document; the prediction of one that could not be answered has an `error`."""

    document_id: str
    source: str
    prediction: Prediction
