"""Why a text gets its labels: the call, and what callers hold of the answer (pure)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from pinfold import _methods, _names
from pinfold._calls import Call, call
from pinfold._enums import FEATURE_KINDS, FeatureKind
from pinfold.v1 import explanation_pb2 as pb


class TextSpan(NamedTuple):
    """A part of a text: `text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one feature of a text added to the score of a label.

    `feature` is what the model reads: normalised, in lower case; a character n-gram has a space where a word begins or
    ends. `weight` is in log-odds. `known`: the model knows the feature itself; a word that it does not know adds
    through its character n-grams. `spans` are the first 100 of its `occurrences`. `kind` is None for one that this
    release of the client does not know.
    """

    feature: str
    kind: FeatureKind | None
    weight: float
    spans: tuple[TextSpan, ...]
    known: bool
    occurrences: int


@dataclass(frozen=True, slots=True)
class LabelExplanation:
    """Why a label has its probability: bias + weights of `contributions` + remaining = score, in log-odds.

    `contributions` by falling magnitude; `remaining` is the sum of `remaining_count` others. `raised_by` names the
    label below whose probability this one was raised to. In a single-label version the probability of a label above
    others is the sum of those of the leaves `sum_of`; it has no score and no bias.
    """

    name: str
    probability: float
    threshold: float
    score: float | None
    bias: float | None
    contributions: tuple[Contribution, ...]
    remaining: float
    remaining_count: int
    raised_by: str | None
    sum_of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a version gives a text the probabilities of some labels."""

    text: str
    labels: tuple[LabelExplanation, ...]
    version: int
    tag: str | None
    truncated: bool

    def __getitem__(self, label: str) -> LabelExplanation:
        """The explanation of one label. Raises KeyError for a label that was not explained."""
        for explained in self.labels:
            if explained.name == label:
                return explained
        raise KeyError(label)


@dataclass(frozen=True, slots=True)
class ExplainQuestion:
    """What is asked; `version` is a number or a tag, None takes the server's default."""

    dataset: str
    version: int | str
    labels: Iterable[str] | None
    top_k: int | None
    max_contributions: int | None
    expand_ngrams: bool


def explain(question: ExplainQuestion, text: str) -> Call[Explanation]:
    """Raises TypeError or ValueError naming the argument that cannot be sent."""
    request = pb.ExplainRequest(
        dataset=_names.dataset(question.dataset),
        text=_names.text_argument(text, "text"),
        top_k=_at_least_1(question.top_k, "top_k"),
        max_contributions=_at_least_1(question.max_contributions, "max_contributions"),
        expand_ngrams=question.expand_ngrams,
    )
    if isinstance(question.version, str):
        request.tag = _names.text_argument(question.version, "version")
    else:
        request.number = _names.number_argument(question.version, "version")
    if question.labels is not None:
        request.labels.extend(_names.text_list(question.labels, "labels"))
    return call(_methods.EXPLAIN, request, lambda response: _explanation(response, text))


def _at_least_1(value: int | None, place: str) -> int:
    return 0 if value is None else _names.number_argument(value, place)


def _explanation(response: pb.ExplainResponse, text: str) -> Explanation:
    labels = tuple(_label(label) for label in response.labels)
    return Explanation(text, labels, response.version, response.tag or None, response.truncated)


def _label(label: pb.LabelExplanation) -> LabelExplanation:
    return LabelExplanation(
        name=label.name,
        probability=label.probability,
        threshold=label.threshold,
        score=label.score if label.HasField("score") else None,
        bias=label.bias if label.HasField("bias") else None,
        contributions=tuple(_contribution(each) for each in label.contributions),
        remaining=label.remaining,
        remaining_count=label.remaining_count,
        raised_by=label.raised_by or None,
        sum_of=tuple(label.sum_of),
    )


def _contribution(contribution: pb.Contribution) -> Contribution:
    return Contribution(
        feature=contribution.feature,
        kind=FEATURE_KINDS.decode(contribution.kind),
        weight=contribution.weight,
        spans=tuple(TextSpan(span.start, span.end) for span in contribution.spans),
        known=contribution.known,
        occurrences=contribution.occurrence_count,
    )
