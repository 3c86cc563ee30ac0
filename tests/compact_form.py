"""What the compact form of an answer says."""

from pinfold.v1.prediction_pb2 import CompactPredictions, Prediction


def expanded(compact: CompactPredictions) -> list[Prediction]:
    """The full form of packed predictions, by the words of the protocol."""
    entries = zip(compact.label_indices, compact.probabilities, strict=True)
    full = []
    for count in compact.counts:
        full.append(Prediction())
        for index, probability in (next(entries) for _ in range(count)):
            full[-1].labels.add(name=compact.label_names[index], probability=probability)
    for place in compact.truncated:
        full[place].truncated = True
    for failure in compact.failures:
        full[failure.index].error.CopyFrom(failure)
    return full
