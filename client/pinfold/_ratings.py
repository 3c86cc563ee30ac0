"""The rating of a version: the call, and what callers hold of the answer (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass

from pinfold import _methods, _model_convert, _names
from pinfold._calls import Call, call
from pinfold._enums import RETRIEVAL_MODES, RetrievalMode
from pinfold._quality_enums import RATING_FACTOR_KINDS, RATING_GRADES, RatingFactorKind, RatingGrade
from pinfold.v1 import rating_pb2 as pb


@dataclass(frozen=True, slots=True)
class RatingFactor:
    """A part of a rating: `score` 0 to 100, None where too little is known; `weight` its share of the whole.

    `contributors` are the figures that it is made of, by name. `estimated`: coverage of held-out documents, because the
    version has not scored unreviewed ones, or there are none.
    """

    kind: RatingFactorKind | None
    score: float | None
    grade: RatingGrade | None
    weight: float
    contributors: Mapping[str, float]
    estimated: bool


@dataclass(frozen=True, slots=True)
class RatingAction:
    """What to annotate next: `dataset.sample(mode, label=label)`, and why."""

    factor: RatingFactorKind | None
    mode: RetrievalMode | None
    label: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class ModelRating:
    """How good a version is, 0 to 100 (None when nothing was tested), and what would raise it, most useful first."""

    version: int
    score: float | None
    grade: RatingGrade | None
    needs_refinement: bool
    factors: tuple[RatingFactor, ...]
    actions: tuple[RatingAction, ...]

    def __getitem__(self, kind: RatingFactorKind | str) -> RatingFactor:
        """One factor. Raises KeyError for one that was not answered."""
        for factor in self.factors:
            if factor.kind == kind:
                return factor
        raise KeyError(kind)


def get_rating(dataset_id: str, number: int) -> Call[ModelRating]:
    request = pb.GetModelRatingRequest(name=_names.version(dataset_id, number))
    return call(_methods.GET_MODEL_RATING, request, _rating)


def _rating(message: pb.ModelRating) -> ModelRating:
    return ModelRating(
        version=int(_names.last_part(message.version)),
        score=_model_convert.optional(message, "score"),
        grade=RATING_GRADES.decode(message.grade),
        needs_refinement=message.needs_refinement,
        factors=tuple(map(_factor, message.factors)),
        actions=tuple(map(_action, message.actions)),
    )


def _factor(message: pb.RatingFactor) -> RatingFactor:
    return RatingFactor(
        kind=RATING_FACTOR_KINDS.decode(message.kind),
        score=_model_convert.optional(message, "score"),
        grade=RATING_GRADES.decode(message.grade),
        weight=message.weight,
        contributors=dict(sorted(message.contributors.items())),
        estimated=message.estimated,
    )


def _action(message: pb.RatingAction) -> RatingAction:
    return RatingAction(
        RATING_FACTOR_KINDS.decode(message.factor),
        RETRIEVAL_MODES.decode(message.mode),
        message.label or None,
        message.reason,
    )
