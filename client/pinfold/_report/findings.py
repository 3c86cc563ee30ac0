"""What a report is drawn from: frozen answers of the server, no call (pure)."""

from dataclasses import dataclass

from pinfold._arguments import Numbered
from pinfold._comparison_types import FlippedDocument, VersionComparison
from pinfold._model_types import VersionInfo
from pinfold._projections import Projection
from pinfold._ratings import ModelRating
from pinfold._validation_types import Validation
from pinfold._validations import ValidationQuestion

#: At balanced thresholds, with as many points of a curve as a chart can show apart.
WITH_CURVES = ValidationQuestion(None, None, None, None, curve_points=200)
#: Documents of the projection; each is two marks of the page.
PROJECTED_DOCUMENTS = 2_000
#: Most flipped documents that a report lists.
FLIPS_LISTED = 200


@dataclass(frozen=True, slots=True)
class Reported:
    """Which version is reported, and `base` beside it when it is not None."""

    dataset: str
    version: int | str | Numbered
    base: int | str | Numbered | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The version beside another one; `flipped` is all, or the first `FLIPS_LISTED`."""

    figures: VersionComparison
    flipped: tuple[FlippedDocument, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that is told of a version; None what its validation cannot tell, or nobody asked for."""

    dataset: str
    info: VersionInfo
    validation: Validation
    rating: ModelRating | None
    projection: Projection | None
    comparison: Comparison | None
