"""Ratings of versions as messages."""

from pinfold.v1.rating_pb2 import ModelRating, RatingAction, RatingFactor
from pinfold_server.domain import names
from pinfold_server.domain.quality.rating import WEIGHTS, Factor
from pinfold_server.domain.quality.rating_actions import Action
from pinfold_server.services.quality.ratings import Rated


def rating_to_pb(dataset_id: str, rated: Rated) -> ModelRating:
    return ModelRating(
        version=names.version_name(dataset_id, rated.version),
        score=rated.rating.score,
        grade=int(rated.rating.grade),  # type: ignore[arg-type]  # the same numbers
        needs_refinement=rated.rating.needs_refinement,
        factors=map(_factor, rated.rating.factors),
        actions=map(_action, rated.actions),
    )


def _factor(factor: Factor) -> RatingFactor:
    return RatingFactor(
        kind=int(factor.kind),  # type: ignore[arg-type]
        score=factor.score,
        grade=int(factor.grade),  # type: ignore[arg-type]
        weight=WEIGHTS[factor.kind],
        contributors=factor.contributors,
        estimated=factor.estimated,
    )


def _action(action: Action) -> RatingAction:
    return RatingAction(
        factor=int(action.factor),  # type: ignore[arg-type]
        mode=int(action.mode),  # type: ignore[arg-type]
        label=action.label,
        reason=action.why,
    )
